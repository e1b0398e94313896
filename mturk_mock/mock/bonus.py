"""A bonus, as a test sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mturk_mock.core.clock import to_datetime
from mturk_mock.model.account import Bonus


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
        return cls(
            bonus.worker_id,
            bonus.amount,
            bonus.assignment_id,
            bonus.reason,
            to_datetime(bonus.time),
        )
