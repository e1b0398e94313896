"""People: who they are and what was paid to them. They are the same in both environments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

#: Assignments that one person may have open at a time. [doc, for 2008; later unknown]
MOST_OPEN_ASSIGNMENTS: Final = 10


@dataclass
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

    @property
    def address(self) -> str:
        """The mail address that NotifyWorkers writes to. [assumed]"""
        return f"{self.id.lower()}@workers.example"


@dataclass(frozen=True)
class Email:
    """A message that the service sent.

    ``to``: the address. ``worker_id``: whom it reached, None for a requester.
    ``subject`` and ``text``: as the requester gave them; a notification's Subject and
    document.
    """

    to: str
    worker_id: str | None
    subject: str
    text: str
