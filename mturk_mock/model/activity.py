"""The latest actions of workers and moves of the clock, for the reports of failed tests."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from mturk_mock.core.clock import to_datetime

_CLOCK: Final = "clock moved"
#: The maximum number of entries to keep, and of lines in a report, including API calls.
LONGEST: Final = 10


@dataclass(frozen=True)
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


class Activity:
    """The latest entries.

    `noted`: the number of all entries, including those no longer kept. `calls`: the number of API
    calls so far.
    """

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=LONGEST)
        self.noted = 0
        self.calls = 0

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
