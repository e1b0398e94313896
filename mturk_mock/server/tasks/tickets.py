"""Tickets: the right to open one task page once.

Task pages come from a host that knows no session. The site puts a new ticket into the address of
each frame, so that nobody else can open the page of a HIT by its IDs.
"""

from __future__ import annotations

import secrets
import threading
from typing import Final, NamedTuple

from mturk_mock.core.clock import SECOND, read_machine

#: How long a ticket is valid, in microseconds of the machine's clock.
LIFETIME: Final = 300 * SECOND
#: The most tickets that are known at a time: the oldest is dropped for a new one.
MOST: Final = 10_000


class Ticket(NamedTuple):
    """What a ticket opens: the page of a HIT, on a site with this origin.

    ``submit_to``: the worker site of its environment. ``assignment_id``: that of the frame.
    """

    hit_id: str
    site: str
    submit_to: str
    assignment_id: str


class InvalidTicket(Exception):
    """A token opens nothing; the message says why, and what to do."""


_WRONG: Final = "There is no page of a HIT at this address. Open the HIT from the list of HITs."
_USED: Final = (
    "This page was opened before, and each address of a task works once. Reload the page around "
    "it to open it again: the HIT is still yours."
)
_EXPIRED: Final = (
    f"This address is more than {LIFETIME // SECOND // 60} minutes old, so it does not work any "
    "more. Reload the page around it to open the task again: the HIT is still yours."
)


class _Issued(NamedTuple):
    expires: int
    ticket: Ticket
    is_used: bool = False


class Tickets:
    """The tickets that were issued. Methods can be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._issued: dict[str, _Issued] = {}

    def issue(self, ticket: Ticket) -> str:
        """Return the token of a new ticket."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            if len(self._issued) >= MOST:
                del self._issued[next(iter(self._issued))]
            self._issued[token] = _Issued(read_machine() + LIFETIME, ticket)
        return token

    def take(self, token: str) -> Ticket:
        """Return a ticket and use it up; raise InvalidTicket for one that opens nothing."""
        with self._lock:
            found = self._issued.get(token)
            if found is None:
                raise InvalidTicket(_WRONG)
            if found.is_used:
                raise InvalidTicket(_USED)
            if found.expires <= read_machine():
                raise InvalidTicket(_EXPIRED)
            self._issued[token] = found._replace(is_used=True)
        return found.ticket
