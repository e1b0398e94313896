"""What happens in a marketplace: for the reports of failed tests, and for a listener."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mturk_mock.core.clock import to_datetime

_CLOCK: Final = "clock moved"
#: The maximum number of entries to keep, and of lines in a report, including API calls.
LONGEST: Final = 10


@dataclass
class Entry:
    """An action or a move of the clock.

    `calls`: the number of API calls before it. `moment`: in microseconds since 1970.
    """

    calls: int
    moment: int
    what: str

    def __str__(self) -> str:
        joint = "to" if self.what == _CLOCK else "at"
        return f"<{self.what} {joint} {to_datetime(self.moment):%Y-%m-%d %H:%M:%S}>"


class Occurrence(NamedTuple):
    """Something that has happened at `moment`, in microseconds since 1970.

    `kind`: the EventType of Mechanical Turk's notifications, or one of `QualificationRequest` with
    the status, `APICall`, `ClockMoved`, `ClockRateSet`, `StateReset` and `StateRestored`.
    """

    moment: int
    kind: str
    details: Mapping[str, Any]


class Activity:
    """The latest entries.

    `noted`: the number of all entries, including those no longer kept. `calls`: the number of API
    calls so far. `occurrences`: what has happened in the present transaction; None if nobody
    listens.
    """

    occurrences: list[Occurrence] | None = None

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=LONGEST)
        self.noted = 0
        self.calls = 0

    def __getstate__(self) -> dict[str, Any]:
        """Return what copies of the state have: nobody listens to them."""
        return {name: value for name, value in vars(self).items() if name != "occurrences"}

    def tell(self, moment: int, kind: str, **details: Any) -> None:
        """Tell the listener, if there is one, that something has happened."""
        if self.occurrences is not None:
            self.occurrences.append(Occurrence(moment, kind, details))

    def note(self, moment: int, what: str) -> None:
        """Add an entry."""
        self.entries.append(Entry(self.calls, moment, what))
        self.noted += 1

    def note_clock(self, moment: int) -> None:
        """Add a move of the clock to `moment`; it replaces a move directly before it."""
        latest = self.entries[-1] if self.entries else None
        if latest is not None and latest.what == _CLOCK and latest.calls == self.calls:
            self.entries.pop()
            self.noted -= 1
        self.note(moment, _CLOCK)
        self.tell(moment, "ClockMoved")
