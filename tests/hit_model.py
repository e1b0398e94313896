"""A model of HITs whose state is computed from what requesters and workers did, and the time.

No events run here: every status follows from the time and the recorded actions, by the
simplest reading of the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

A_MINUTE, A_DAY, A_YEAR = timedelta(minutes=1), timedelta(days=1), timedelta(days=365)
OVERRIDE_WINDOW = timedelta(days=30)
MANY = 10  # number of assignments from which the fee is higher


@dataclass
class Work:
    """An accepted assignment; `handle` is the mock's handle of it."""

    handle: Any
    task: Task
    worker: Any
    deadline: datetime
    submitted: datetime | None = None
    decision: str | None = None  # Returned, Approved or Rejected; None before a decision

    def status(self, now: datetime) -> str:
        if self.decision is not None:
            return self.decision
        if self.submitted is not None:
            return "Approved" if now >= self.submitted + self.task.delay else "Submitted"
        return "Abandoned" if now >= self.deadline else "Accepted"

    def can_be_approved(self, now: datetime, override: bool) -> bool:
        status = self.status(now)
        if status != "Rejected" or self.submitted is None:
            return status == "Submitted"
        in_time = now - self.submitted <= OVERRIDE_WINDOW
        return override and in_time and not self.task.deleted


@dataclass
class Task:
    """A HIT."""

    id: str
    reward: Decimal
    most: int
    expiration: datetime
    duration: timedelta
    delay: timedelta
    work: list[Work] = field(default_factory=list)
    reviewing: bool = False
    deleted: bool = False
    moments_said: dict[datetime, datetime] = field(default_factory=dict)  # time of call by ExpireAt

    def count(self, now: datetime, *statuses: str) -> int:
        return sum(work.status(now) in statuses for work in self.work)

    def available(self, now: datetime) -> int:
        return self.most - self.count(now, "Accepted", "Submitted", "Approved", "Rejected")

    def expired(self, now: datetime) -> bool:
        return now >= self.expiration

    def status(self, now: datetime) -> str:
        if self.deleted:
            return "Disposed"
        if self.available(now) and not self.expired(now):
            return "Assignable"
        if self.count(now, "Accepted"):
            return "Unassignable"
        return "Reviewing" if self.reviewing else "Reviewable"

    def can_be_accepted(self, now: datetime, worker: Any) -> bool:
        held = ("Accepted", "Submitted", "Approved", "Rejected")
        has_it = any(work.worker == worker and work.status(now) in held for work in self.work)
        return self.status(now) == "Assignable" and not has_it

    def can_be_deleted(self, now: datetime) -> bool:
        settled = not self.count(now, "Submitted")
        return settled and self.status(now) in ("Reviewable", "Reviewing")

    def can_be_moved(self, now: datetime, moment: datetime) -> bool:
        """Return whether the HIT can expire at a future time, apart from its cost."""
        said = self.moments_said.get(moment)
        again = said is not None and now - said < A_DAY
        increment = moment - max(now, self.expiration)
        return not self.deleted and not again and A_MINUTE <= increment <= A_YEAR

    def needed_for_more_time(self, now: datetime) -> Decimal:
        return self.available(now) * self.cost if self.expired(now) else Decimal(0)

    @property
    def fee(self) -> Decimal:
        """The fee for one assignment."""
        return fee(self.reward, "0.40" if self.most >= MANY else "0.20")

    @property
    def cost(self) -> Decimal:
        """The reward and its fee."""
        return self.reward + self.fee

    def held(self, now: datetime) -> Decimal:
        """The largest amount that its open assignments can still cost."""
        takeable = 0 if self.expired(now) or self.deleted else self.available(now)
        return (takeable + self.count(now, "Accepted", "Submitted")) * self.cost

    def shown(self, now: datetime) -> dict[str, Any]:
        """The members of GetHIT's response that can change."""
        return {
            "HITStatus": self.status(now),
            "MaxAssignments": self.most,
            "NumberOfAssignmentsAvailable": self.available(now),
            "NumberOfAssignmentsPending": self.count(now, "Accepted"),
            "NumberOfAssignmentsCompleted": self.count(now, "Approved", "Rejected"),
            "Expiration": self.expiration,
        }


def fee(amount: Decimal, rate: str = "0.20") -> Decimal:
    """Return the fee for an amount: at least one cent."""
    return max(amount * Decimal(rate), Decimal("0.01"))
