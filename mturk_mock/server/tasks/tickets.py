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
_LIFETIME: Final = 300 * SECOND
#: The most tickets that are valid at a time: the oldest is dropped for a new one.
_MOST: Final = 10_000


class Ticket(NamedTuple):
    """What a ticket opens: the page of a HIT, on a site with this origin."""

    environment: str
    hit_id: str
    site: str


class Tickets:
    """The tickets that were issued and not used. Methods can be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[int, Ticket]] = {}

    def issue(self, ticket: Ticket) -> str:
        """Return the token of a new ticket."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            if len(self._issued) >= _MOST:
                del self._issued[next(iter(self._issued))]
            self._issued[token] = (read_machine() + _LIFETIME, ticket)
        return token

    def take(self, token: str) -> Ticket | None:
        """Return a ticket and use it up; None if there is none, or if it is too old."""
        with self._lock:
            expires, ticket = self._issued.pop(token, (0, None))
        return ticket if expires > read_machine() else None
