"""Time: one clock, and everything that will happen along it.

Inside, a time is a whole number of microseconds since 1970 (UTC): sums are exact and
`datetime` is converted at the edges only. Nothing else in the package reads the time.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple

SECOND: Final = 1_000_000
DAY: Final = 24 * 60 * 60 * SECOND

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND: Final = timedelta(microseconds=1)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def from_datetime(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(moment: int) -> datetime:
    """Return microseconds since 1970 as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=moment)


def to_datetime_or_none(moment: int | None) -> datetime | None:
    """Return an aware datetime in UTC; None for None."""
    return None if moment is None else to_datetime(moment)


def english_date(time: datetime, zone: str) -> str:
    """Return a time as Java's `Date.toString` does, e.g. ``Wed Feb 10 08:41:39 PST 2016``.

    English in every locale, unlike `strftime`.
    """
    weekday, month = _WEEKDAYS[time.weekday()], _MONTHS[time.month - 1]
    return f"{weekday} {month} {time:%d %H:%M:%S} {zone} {time.year}"


def require_aware(name: str, moment: object) -> datetime:
    """Return `moment` if it is an aware datetime; TypeError or ValueError otherwise."""
    if not isinstance(moment, datetime):
        raise TypeError(f"{name} takes an aware datetime, not {moment!r}")
    if moment.tzinfo is None:
        raise ValueError(
            f"{name} takes an aware datetime, but {moment!r} has no time zone: "
            "say which it is, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc)"
        )
    return moment


class Clock:
    """The one clock of a mock.

    Made without a start it follows `time.time()` (and so freezegun and time-machine)
    plus what it was moved by. Made with one it stands still and moves only by `move`.
    """

    def __init__(self, start: int | None) -> None:
        self._stands_still = start is not None
        self._offset = start or 0
        self._held: int | None = None

    @property
    def stands_still(self) -> bool:
        """Whether it moves only by `move`."""
        return self._stands_still

    @property
    def ahead(self) -> int:
        """How far a clock that follows the machine was moved, in microseconds."""
        return 0 if self._stands_still else self._offset

    def read(self) -> int:
        """Return the time now, in microseconds since 1970."""
        if self._held is not None:
            return self._held
        if self._stands_still:
            return self._offset
        return round(time.time() * SECOND) + self._offset

    def move(self, moment: int) -> None:
        """Make it `moment` now; RuntimeError while the clock is held."""
        self.require_free()
        self._offset += moment - self.read()

    def reach(self, moment: int) -> None:
        """Make it `moment` now, unless it is later already."""
        if moment > self.read():
            self.move(moment)

    @property
    def is_held(self) -> bool:
        """Whether the clock is inside `held_at`."""
        return self._held is not None

    def require_free(self) -> None:
        """Raise RuntimeError while the clock is held."""
        if self.is_held:
            raise RuntimeError(
                "what a person of a crowd does, such as its answer=, can neither move the clock "
                "nor keep the state or take it back: do that when it is over"
            )

    @contextmanager
    def held_at(self, moment: int) -> Iterator[None]:
        """Let it be `moment` all the while, though that may be past already."""
        self._held = moment
        try:
            yield
        finally:
            self._held = None


class Event(NamedTuple):
    """Something that will happen: `kind` to the thing `subject` of an account.

    Ordered by the time it is due, then by the order in which it was scheduled.
    """

    due: int
    number: int
    kind: str
    account: tuple[str, str]
    subject: str


@dataclass
class Schedule:
    """What will happen, in one heap.

    Events are never taken back: each says what is due to which thing, and when its
    time has come the thing itself tells whether that still holds.
    """

    _heap: list[Event] = field(default_factory=list)
    _count: int = 0

    def add(self, due: int, kind: str, account: tuple[str, str], subject: str) -> None:
        """Let `kind` happen to `subject` at `due`."""
        self._count += 1
        heapq.heappush(self._heap, Event(due, self._count, kind, account, subject))

    def next_due(self) -> int | None:
        """Return when the next event is due, None if there is none."""
        return self._heap[0].due if self._heap else None

    def pop(self) -> Event:
        """Take the next event out."""
        return heapq.heappop(self._heap)

    def events(self) -> list[Event]:
        """Return all events in the order in which they will happen."""
        return sorted(self._heap)
