"""Public views of bonuses, notifications, HIT types, qualification types and blocks."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mturk_mock.core.clock import to_datetime
from mturk_mock.core.environment import SANDBOX
from mturk_mock.model import account as accounts
from mturk_mock.model import hit as hits
from mturk_mock.model import qualification as qualifications
from mturk_mock.model.account import Account
from mturk_mock.model.notification import Message
from mturk_mock.model.requirement import Requirement
from mturk_mock.operations import views


@dataclass(frozen=True)
class BonusPayment:
    """A bonus that was paid. ``amount`` is in dollars, ``time`` an aware datetime."""

    worker_id: str
    amount: Decimal
    assignment_id: str
    reason: str
    time: datetime

    @classmethod
    def of(cls, bonus: accounts.Bonus) -> BonusPayment:
        """Return the public view of a bonus."""
        time = to_datetime(bonus.time)
        return cls(bonus.worker_id, bonus.amount, bonus.assignment_id, bonus.reason, time)


@dataclass(frozen=True)
class Notification:
    """A notification that was sent.

    - ``event_type``: e.g. ``HITReviewable``.
    - ``hit_type_id``, ``hit_id``, ``assignment_id``: the subject; the last is None for events of
      HITs.
    - ``transport``: Email, SQS or SNS. ``destination``: the email address, queue URL or topic
      ARN.
    - ``document``: the JSON text that was sent, as a dict.
    - ``time``: when the event happened, an aware datetime.
    - ``delivered``: whether the notification was delivered. ``reason``: why it was not, None if
      it was.
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
        """Return the public view of a message."""
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


@dataclass(frozen=True)
class HITType:
    """A HIT type.

    - ``requester``: the owner's name. ``environment``: production or sandbox.
    - ``keywords``: "" if there are none.
    - ``reward``: in dollars.
    - ``qualification_requirements``: dicts as in boto3's ``get_hit``.
    """

    hit_type_id: str
    hit_group_id: str
    requester: str
    environment: str
    title: str
    description: str
    keywords: str
    reward: Decimal
    assignment_duration_in_seconds: int
    auto_approval_delay_in_seconds: int
    qualification_requirements: list[dict[str, Any]] = field(hash=False)

    @classmethod
    def of(cls, account: Account, type_: hits.HITType) -> HITType:
        """Return the public view of a HIT type."""
        properties = type_.properties
        return cls(
            type_.id,
            type_.group_id,
            account.requester,
            account.environment,
            properties.title,
            properties.description,
            properties.keywords or "",
            properties.reward,
            properties.assignment_duration,
            properties.auto_approval_delay,
            [_requirement(each) for each in properties.requirements],
        )

    def __repr__(self) -> str:
        return (
            f"<HITType {self.hit_type_id} {self.title!r} ${self.reward:.2f}"
            f"{_named(self.requester, self.environment)}>"
        )


@dataclass(frozen=True)
class QualificationType:
    """A qualification type, as it was when it was read; it does not change later.

    - ``requester``: the owner's name. ``environment``: production or sandbox.
    - ``keywords``: "" if there are none.
    - ``status``: Active or Inactive. ``creation_time``: an aware datetime.
    - ``retry_delay_in_seconds``: None if workers can request it only once.
    - ``auto_granted_value``: None if it is not granted automatically.
    - ``test``, ``test_duration_in_seconds``, ``answer_key``: None if there is none.
    - ``grants``: a dict from worker IDs to the values of granted qualifications.
    """

    qualification_type_id: str
    requester: str
    environment: str
    name: str
    description: str
    keywords: str
    status: qualifications.TypeStatus
    creation_time: datetime
    retry_delay_in_seconds: int | None
    auto_granted_value: int | None
    test: str | None
    test_duration_in_seconds: int | None
    answer_key: str | None
    grants: dict[str, int] = field(hash=False)

    @classmethod
    def of(
        cls, type_: qualifications.QualificationType, owner: qualifications.Owner
    ) -> QualificationType:
        """Return the public view of a qualification type."""
        examination = type_.examination
        return cls(
            type_.id,
            *owner,
            type_.name,
            type_.description,
            type_.keywords,
            type_.status,
            to_datetime(type_.creation_time),
            type_.retry_delay,
            type_.auto_granted_value,
            None if examination is None else examination.document,
            None if examination is None else examination.duration,
            None if examination is None else examination.key,
            {
                grant.worker_id: grant.value
                for grant in type_.grants.values()
                if grant.status == qualifications.GRANTED
            },
        )

    def __repr__(self) -> str:
        return (
            f"<QualificationType {self.qualification_type_id} {self.name!r} {self.status}, "
            f"granted to {len(self.grants)}{_named(self.requester, self.environment)}>"
        )


@dataclass(frozen=True)
class Block:
    """A block of a worker by a requester. ``environment``: production or sandbox."""

    worker_id: str
    reason: str
    requester: str
    environment: str

    @classmethod
    def of(cls, account: Account, block: accounts.Block) -> Block:
        """Return the public view of a block."""
        return cls(block.worker_id, block.reason, account.requester, account.environment)

    def __repr__(self) -> str:
        where = _named(self.requester, self.environment)
        return f"<Block of {self.worker_id}: {self.reason!r}{where}>"


def _requirement(requirement: Requirement) -> dict[str, Any]:
    shown = views.requirement(requirement)
    return {name: [*value] if isinstance(value, tuple) else value for name, value in shown.items()}


def _named(requester: str, environment: str) -> str:
    """Return the end of a `repr()`: a requester other than "default", and "sandbox"."""
    whose = "" if requester == accounts.DEFAULT_REQUESTER else f", of {requester!r}"
    return f"{whose}, {SANDBOX}" if environment == SANDBOX else whose
