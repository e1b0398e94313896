"""Bonuses and notifications, as a test sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mturk_mock.core.clock import to_datetime
from mturk_mock.model.account import Bonus
from mturk_mock.model.notification import Message


@dataclass(frozen=True)
class BonusPayment:
    """A bonus that was paid. ``amount`` in dollars, ``time`` aware."""

    worker_id: str
    amount: Decimal
    assignment_id: str
    reason: str
    time: datetime

    @classmethod
    def of(cls, bonus: Bonus) -> BonusPayment:
        """Return what a test sees of a bonus of the model."""
        time = to_datetime(bonus.time)
        return cls(bonus.worker_id, bonus.amount, bonus.assignment_id, bonus.reason, time)


@dataclass(frozen=True)
class Notification:
    """One notification, as it was sent.

    ``event_type``: e.g. ``HITReviewable``. ``hit_type_id``, ``hit_id``, ``assignment_id``: the
    subject; the last is None for events of HITs. ``destination``: the mail address, queue URL or
    topic ARN, by the ``transport`` Email, SQS or SNS. ``document``: what was sent, the JSON
    text as a dict. ``time``: of the event, an aware datetime. ``delivered``: whether it
    arrived. ``reason``: why it did not, None if it did.
    """

    event_type: str
    hit_type_id: str
    hit_id: str
    assignment_id: str | None
    transport: str
    destination: str
    document: dict[str, Any] = field(hash=False)
    time: datetime
    delivered: bool
    reason: str | None

    @classmethod
    def of(cls, message: Message) -> Notification:
        """Return what a test sees of a message of the model."""
        return cls(
            message.event_type,
            message.hit_type_id,
            message.hit_id,
            message.assignment_id,
            message.specification.transport,
            message.specification.destination,
            json.loads(message.document),
            to_datetime(message.time),
            message.delivered,
            message.reason,
        )

    def __repr__(self) -> str:
        subject = f"HIT {self.hit_id}"
        if self.assignment_id is not None:
            subject = f"assignment {self.assignment_id} of {subject}"
        fate = "delivered" if self.delivered else f"not delivered: {self.reason}"
        return (
            f"<{self.event_type} of {subject} at {self.time:%Y-%m-%d %H:%M:%S} "
            f"to {self.destination}, {fate}>"
        )
