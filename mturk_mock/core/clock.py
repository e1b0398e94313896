"""The clock of a mock, and the schedule of its events.

A time is an integer: microseconds since 1970 (UTC). The API converts it to and from
`datetime`. No other module reads the machine's clock.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple

from mturk_mock.core.quoting import quote

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND: Final = timedelta(microseconds=1)

#: The last microsecond of the year 9999: `datetime` has no later time, and no clock passes it.
LATEST: Final = (datetime.max.replace(tzinfo=timezone.utc) - _EPOCH) // _MICROSECOND
#: The allowed times, from 0 to `LATEST`, as error messages describe them.
POSSIBLE: Final = "a time from 1970 to 9999"

#: The highest rate of a clock: a day in a second.
FASTEST: Final = 86_400

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def from_datetime(moment: datetime) -> int:
    """Convert an aware datetime to microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(moment: int) -> datetime:
    """Convert microseconds since 1970 to an aware datetime in UTC, at most `LATEST`."""
    return _EPOCH + timedelta(microseconds=min(moment, LATEST))


def to_datetime_or_none(moment: int | None) -> datetime | None:
    """Convert microseconds since 1970 to an aware datetime in UTC, and None to None."""
    return None if moment is None else to_datetime(moment)


def english_date(time: datetime, zone: str) -> str:
    """Format a time like Java's `Date.toString`, in English: ``Wed Feb 10 08:41:39 PST 2016``."""
    weekday, month = _WEEKDAYS[time.weekday()], _MONTHS[time.month - 1]
    return f"{weekday} {month} {time:%d %H:%M:%S} {zone} {time.year}"


def is_possible(moment: int) -> bool:
    """Return whether a time is from 1970 to 9999."""
    return 0 <= moment <= LATEST


def read_moment(name: str, moment: object) -> int:
    """Convert an aware datetime from 1970 to 9999 to microseconds since 1970.

    `name`: what error messages call the value. Raises TypeError for other types, ValueError
    for a datetime without a time zone or in another year.
    """
    aware = _require_aware(name, moment)
    if not is_possible(from_datetime(aware)):
        raise ValueError(f"{name} takes {POSSIBLE}, not {aware}")
    return from_datetime(aware)


def _require_aware(name: str, moment: object) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError(
            f"{name} takes an aware datetime, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc), "
            f"not {quote(moment)}"
        )
    if moment.tzinfo is None:
        raise ValueError(
            f"{name} takes an aware datetime, but {moment!r} has no time zone: "
            "add one, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc)"
        )
    return moment


def read_machine() -> int:
    """Return the time of the machine's clock, in microseconds since 1970."""
    return round(time.time() * SECOND)


def read_stopwatch() -> float:
    """Return a number of seconds of which only differences mean something."""
    return time.perf_counter()


class Clock:
    """The clock of a mock.

    Without a start it follows `time.time()` (and so freezegun and time-machine), plus the
    offset by which it was moved. With a start it stands still, and only `move` changes the time.
    `set_rate` makes it faster than the machine's clock, or stops it.
    """

    def __init__(self, start: int | None) -> None:
        self._rate = 1 if start is None else 0
        self._since = 0  # the machine's time when the rate was set
        self._offset = start or 0  # from the machine's clock at that time; see `set_ahead`
        self._held: int | None = None
        self._earliest: int | None = None  # see `never_go_back`

    @property
    def rate(self) -> int:
        """How many seconds pass in one second of the machine's clock; 0 if it stands still."""
        return self._rate

    @property
    def stands_still(self) -> bool:
        """Whether the clock stands still, so that only `move` changes the time."""
        return self._rate == 0

    @property
    def ahead(self) -> int:
        """The offset from the machine's clock at its time `since`, 0 if the clock stands still."""
        return 0 if self.stands_still else self._offset

    @property
    def setting(self) -> tuple[int, int, int]:
        """The arguments of `set_ahead` that make a clock like this one."""
        return self._rate, self._offset, self._since

    @property
    def since(self) -> int:
        """The machine's time when the rate was set, 0 if it was never set."""
        return self._since

    def read(self) -> int:
        """Return the current time, in microseconds since 1970."""
        if self._held is not None:
            return self._held
        moment = self._read_freely()
        return moment if self._earliest is None else max(moment, self._earliest)

    def _read_freely(self) -> int:
        if self.stands_still:
            return self._offset
        machine = read_machine()
        gained = (self._rate - 1) * (machine - self._since)
        return min(machine + self._offset + gained, LATEST)

    def never_go_back(self, moment: int) -> None:
        """Let no later `read` return a time before `moment`, even if the machine's clock is set."""
        self._earliest = moment if self._earliest is None else max(moment, self._earliest)

    def is_behind_machine(self, moment: int) -> bool:
        """Return whether `moment` is the machine's time, but far in the future by this clock.

        To be the machine's time, it must be within a minute of it. Far is more than an hour.
        """
        return moment > self.read() + HOUR and abs(moment - read_machine()) <= MINUTE

    def move(self, moment: int) -> None:
        """Set the time to `moment`; raise RuntimeError while the clock is held."""
        self.require_free()
        self._offset += moment - self._read_freely()

    def set_rate(self, rate: int) -> None:
        """Change the rate and keep the time; 0 stops the clock."""
        self.require_free()
        now, machine = self.read(), read_machine()
        self.set_ahead(rate, now - machine if rate else now, machine)

    def set_ahead(self, rate: int, offset: int, since: int) -> None:
        """Set the rate, and the offset from the machine's clock at its time `since`.

        If the rate is 0, the offset is the time.
        """
        self._rate, self._offset, self._since = rate, offset, since

    def reach(self, moment: int) -> None:
        """Move the clock forward to `moment`; do nothing if that is past."""
        if moment > self.read():
            self.move(moment)

    @property
    def is_held(self) -> bool:
        """Whether the clock is held by `held_at`."""
        return self._held is not None

    def require_free(self) -> None:
        """Raise RuntimeError while the clock is held."""
        if self.is_held:
            raise RuntimeError(
                "the clock cannot move, and the state cannot be saved or restored, while a crowd's "
                "worker acts, such as in answer=: do that afterwards"
            )

    def held_at(self, moment: int) -> Hold:
        """Hold the clock at `moment`, past or future, in a `with` block."""
        return Hold(self, moment)


class Hold:
    """Holds a clock at a moment in a `with` block. A crowd does so for each action."""

    __slots__ = ("_before", "_clock", "_moment")

    def __init__(self, clock: Clock, moment: int) -> None:
        self._clock, self._moment = clock, moment

    def __enter__(self) -> None:
        self._before, self._clock._held = self._clock._held, self._moment

    def __exit__(self, *error: object) -> None:
        self._clock._held = self._before


class Event(NamedTuple):
    """A scheduled event of a `kind`, for the object with the ID `subject` in an account.

    Events are ordered by due time, then in the order of scheduling.
    """

    due: int
    number: int
    kind: str
    account: tuple[str, str]
    subject: str


@dataclass
class Schedule:
    """The scheduled events, in a heap.

    Events are never removed. When one is due, the state of its subject decides whether it
    still applies.
    """

    _heap: list[Event] = field(default_factory=list)
    _count: int = 0

    def add(self, due: int, kind: str, account: tuple[str, str], subject: str) -> None:
        """Schedule an event."""
        self._count += 1
        heapq.heappush(self._heap, Event(due, self._count, kind, account, subject))

    def next_due(self) -> int | None:
        """Return the due time of the next event; None if no event is scheduled."""
        return self._heap[0].due if self._heap else None

    def pop(self) -> Event:
        """Remove and return the next event."""
        return heapq.heappop(self._heap)

    def events(self) -> list[Event]:
        """Return all events in order."""
        return sorted(self._heap)
