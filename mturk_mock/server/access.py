"""Who is signed in to the site: sessions, invitations, and the tokens of forms.

Tokens are random, and only their digests are kept, so that nobody can sign in with what is in a
state file. They count by the machine's clock, not by the mock's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from mturk_mock.core.clock import DAY, SECOND, read_machine

SESSION: Final = "session"
INVITATION: Final = "invitation"
#: How long each kind of pass is valid, in microseconds.
LIFETIMES: Final = {SESSION: 30 * DAY, INVITATION: 14 * DAY}

#: The longest name of a worker, in characters.
LONGEST_NAME: Final = 60

#: The most attempts to sign in from one address in a minute, and those that may fail.
_MOST_ATTEMPTS: Final = 300
_MOST_FAILURES: Final = 20
_MINUTE: Final = 60 * SECOND


@dataclass(frozen=True)
class Pass:
    """What a token allows. ``kind``: SESSION or INVITATION. ``name``: what the worker is called."""

    kind: str
    worker_id: str
    name: str
    expires: int


class Store(Protocol):
    """Keeps passes by the digests of their tokens: a state file, or nothing."""

    def passes(self) -> Mapping[str, tuple[str, str, str, int]]:
        """Return all passes."""

    def add_pass(self, digest: str, found: tuple[str, str, str, int]) -> None:
        """Add a pass."""

    def remove_passes(self, digests: list[str]) -> None:
        """Remove passes."""


class Passes:
    """The sessions and invitations of a server. Methods can be called from several threads."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._passes = {} if store is None else {d: Pass(*row) for d, row in store.passes().items()}

    def issue(self, kind: str, worker_id: str, name: str = "") -> tuple[str, int]:
        """Return the token of a new pass, and when that expires."""
        token = secrets.token_urlsafe(32)
        issued = Pass(kind, worker_id, name, read_machine() + LIFETIMES[kind])
        with self._lock:
            self._drop([d for d, each in self._passes.items() if each.expires < read_machine()])
            self._passes[_digest(token)] = issued
            if self._store is not None:
                self._store.add_pass(_digest(token), (kind, worker_id, name, issued.expires))
        return token, issued.expires

    def find(self, kind: str, token: str) -> Pass | None:
        """Return the pass with this token; None if there is none, or if it has expired."""
        found = self._passes.get(_digest(token))
        if found is None or found.kind != kind or found.expires < read_machine():
            return None
        return found

    def end(self, token: str) -> None:
        """End a pass, if there is one with this token."""
        with self._lock:
            self._drop([_digest(token)])

    def end_all(self, worker_id: str) -> int:
        """End the sessions and invitations of a worker; return how many there were."""
        with self._lock:
            ended = [d for d, each in self._passes.items() if each.worker_id == worker_id]
            self._drop(ended)
        return len(ended)

    def _drop(self, digests: list[str]) -> None:
        for each in digests:
            self._passes.pop(each, None)
        if digests and self._store is not None:
            self._store.remove_passes(digests)


def form_token(session: str) -> str:
    """Return the token that forms of a session must have."""
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(given: str, session: str) -> bool:
    """Tell whether a form has the token of its session."""
    return hmac.compare_digest(given.encode(), form_token(session).encode())


def is_from_site(headers: Mapping[str, str], site: str) -> bool:
    """Tell whether a page of the site has sent a request; browsers say so in its headers."""
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    return headers.get("origin") == site


class Attempts:
    """Counts attempts to sign in, by address."""

    def __init__(self) -> None:
        self._minute = 0
        self._attempts: dict[str, int] = defaultdict(int)
        self._failures: dict[str, int] = defaultdict(int)

    def allows(self, address: str) -> bool:
        """Count an attempt; tell whether it may be made."""
        minute = read_machine() // _MINUTE
        if minute != self._minute:
            self._minute = minute
            self._attempts.clear()
            self._failures.clear()
        self._attempts[address] += 1
        too_many = self._attempts[address] > _MOST_ATTEMPTS
        return not too_many and self._failures[address] <= _MOST_FAILURES

    def note_failure(self, address: str) -> None:
        """Count an attempt that has failed."""
        self._failures[address] += 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
