"""What a server records of the changes of a marketplace, so that a restart loses nothing.

Each change is recorded where it is made, under the lock. Events, such as an expiration, are not
recorded: they follow from the changes and the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from mturk_mock.backend.calls import APICall
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.marketplace import Marketplace

# The kinds of changes, and their bodies:
CALL: Final = "call"  # an API call that was performed: operation, requester, environment, body
ACCEPT: Final = "accept"  # hit
SUBMIT: Final = "submit"  # assignment, answer, files
RETURN: Final = "return"  # assignment
REQUEST: Final = "request"  # type, answer
TEST: Final = "test"  # request, answer
WORKER: Final = "worker"  # id, and traits
TRAIT: Final = "trait"  # name, value
CROWD: Final = "crowd"  # size
FUNDS: Final = "funds"  # amount
LAYOUT: Final = "layout"  # html
CHOICE: Final = "choice"  # kind, id
CLOCK: Final = "clock"  # rate, offset, since
DELIVERY: Final = "delivery"  # the outcomes of deliveries, by number of the notification
STATE: Final = "state"  # the whole state, replaced
START: Final = "start"  # of the server: its version and the settings that change answers


@dataclass
class Change:
    """One change.

    ``at``: the time of the mock, in microseconds since 1970. ``actor``: a worker ID, or the name
    of a requester. ``body``: JSON values, and bytes in ``files`` and ``content``. ``outcome``:
    what must be the same when the change is made again.
    """

    kind: str
    actor: str
    at: int
    body: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""

    @property
    def fingerprint(self) -> str:
        """A digest of the outcome."""
        return hashlib.sha256(self.outcome.encode(errors="surrogatepass")).hexdigest()[:32]


class Batch(Protocol):
    """Changes that are written together."""

    def when_done(self, call: Callable[[], object]) -> None:
        """Call a function when `wait` would return or raise, from any thread."""

    def wait(self) -> None:
        """Return when the changes are on disk; raise NOT_STORED if they cannot be written."""


class Recorder(Protocol):
    """Writes changes. All methods are called with the lock of the marketplace.

    ``is_spoiled``: whether a change was made in part, and the state was not read again yet.
    """

    is_spoiled: bool

    @property
    def is_ready(self) -> bool:
        """Whether `prepare` has nothing to do."""

    def prepare(self, *, may_reload: bool) -> None:
        """Get ready for a transaction; raise NOT_STORED if nothing can be written.

        After an error, `may_reload` allows to replace the marketplace by the one on disk.
        """

    def record(self, change: Change) -> None:
        """Add a change to the changes to write; raise NOT_STORED if that is not possible."""

    def record_state(self, marketplace: Marketplace) -> None:
        """Record that the marketplace has become this one."""

    def record_clock(self, marketplace: Marketplace) -> None:
        """Record the setting of the clock if it differs from the one recorded before."""

    def spoil(self) -> None:
        """Note that a change was made in part: before the next one, the state is read again."""

    def latest(self) -> Batch | None:
        """Return the batch of the latest change; None if all changes are on disk."""


class Recording:
    """Records the change that a `with` block makes, and describes in the `Change`, if it is made.

    Within a transaction, and around nothing but the change: an error other than MTurkError
    counts as a change that was made in part. Without a recorder, nothing is recorded.
    """

    __slots__ = ("_change", "_recorder")

    def __init__(self, recorder: Recorder | None, change: Change) -> None:
        self._recorder = recorder
        self._change = change

    def __enter__(self) -> Change:
        return self._change

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._recorder is None:
            return
        if kind is None:
            self._recorder.record(self._change)
        elif not issubclass(kind, MTurkError):
            self._recorder.spoil()


def outcome_of(call: APICall) -> str:
    """Return the outcome of an API call: its answer, or its error."""
    if isinstance(call.error, MTurkError):
        return f"{call.error.code}: {call.error.message}"
    return call.body.decode()
