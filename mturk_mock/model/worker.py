"""Workers and their records. They are the same in both environments."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from mturk_mock.core.environment import PRODUCTION, SANDBOX

#: The most assignments that a worker may have open at a time. [doc, for 2008; later unknown]
MOST_OPEN_ASSIGNMENTS: Final = 10


@dataclass(slots=True)
class Record:
    """A worker's history in one environment, counted in assignments."""

    accepted: int = 0
    submitted: int = 0
    returned: int = 0
    abandoned: int = 0
    approved: int = 0
    rejected: int = 0


def _new_records() -> dict[str, Record]:
    return {PRODUCTION: Record(), SANDBOX: Record()}


@dataclass(slots=True)
class Person:
    """One worker. `approved` and `rejected` count work done before the mock began."""

    id: str
    country: str = "US"
    subdivision: str | None = None
    approved: int = 0
    rejected: int = 0
    masters: bool = False
    adult: bool = False
    open_assignments: int = 0
    earnings: Decimal = Decimal(0)
    records: dict[str, Record] = field(default_factory=_new_records)  # by environment

    def all_work(self, environment: str) -> Record:
        """Return the work done in an environment, and before the mock in either. [assumed]"""
        here, before = self.records[environment], self.approved + self.rejected
        return Record(
            here.accepted + before,
            here.submitted + before,
            here.returned,
            here.abandoned,
            here.approved + self.approved,
            here.rejected + self.rejected,
        )

    @property
    def address(self) -> str:
        """The email address that NotifyWorkers writes to. [assumed]"""
        return f"{self.id.lower()}@workers.example"


@dataclass(frozen=True)
class Email:
    """An email from the service.

    ``to``: the address. ``worker_id``: the worker, None for an email to a requester.
    ``subject`` and ``text``: as the requester gave them, or a notification's Subject and
    document.
    """

    to: str
    worker_id: str | None
    subject: str
    text: str
