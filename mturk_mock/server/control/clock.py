"""Operations on the clock."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core.clock import FASTEST
from mturk_mock.mock.clock import ClockControl
from mturk_mock.server.control.kinds import Number, Time, Whole
from mturk_mock.server.control.schemas import (
    FLAG,
    TEXT,
    TIME,
    WHOLE,
    a_list,
    an_object,
    write_time,
)
from mturk_mock.server.control.table import Control, Given, Member, limit, operation, read_limit

CLOCK: Final = an_object(
    now=TIME,
    rate=WHOLE,
    stands_still=FLAG,
    upcoming=a_list(an_object(time=TIME, what=TEXT, id=TEXT)),
    total=WHOLE,
)
#: What the state does not allow: a time that is past or after the year 9999, or a crowd at work.
_NOT_NOW: Final = (ValueError, RuntimeError)

_LIMIT: Final = limit("upcoming events to show")
_DURATION: Final = tuple(
    Member(name, Number(), f"A number of {name}; all that are given are added up.")
    for name in ("seconds", "minutes", "hours", "days")
)
_MOMENT: Final = Member("time", Time(), "The time to move to; not past.", required=True)
_RATE: Final = Member(
    "rate",
    Whole(0, FASTEST),
    "Seconds that pass in one second of the machine: 1, 60, 3600; 0 stops the clock.",
    required=True,
)


@operation("GET", "/clock", CLOCK, query=(_LIMIT,))
def get_clock(control: Control, given: Given) -> Any:
    """Get the time, the rate of the clock and the events that are due later.

    ``total``: the number of all events that are due later.
    """
    with control.backend.transaction():
        return _show_clock(control.mturk.clock, read_limit(given))


@operation("POST", "/clock/advance", CLOCK, members=_DURATION, least=1, conflicts=_NOT_NOW)
def advance_clock(control: Control, given: Given) -> Any:
    """Move the clock forward; each event that becomes due happens at its own time."""
    control.mturk.clock.advance(**given.body)
    return get_clock(control, given)


@operation("POST", "/clock/move_to", CLOCK, members=(_MOMENT,), conflicts=_NOT_NOW)
def move_clock(control: Control, given: Given) -> Any:
    """Move the clock forward to a time; each event happens at its own time."""
    control.mturk.clock.move_to(given.body["time"])
    return get_clock(control, given)


@operation("POST", "/clock/rate", CLOCK, members=(_RATE,), conflicts=_NOT_NOW)
def set_clock_rate(control: Control, given: Given) -> Any:
    """Set the rate of the clock: faster, as the machine, or 0; the time does not jump."""
    control.mturk.clock.rate = given.body["rate"]
    return get_clock(control, given)


def _show_clock(clock: ClockControl, limit: int) -> dict[str, Any]:
    upcoming = clock.upcoming
    return {
        "now": write_time(clock.now),
        "rate": clock.rate,
        "stands_still": clock.rate == 0,
        "upcoming": [
            {"time": write_time(event.time), "what": event.what, "id": event.id}
            for event in upcoming[:limit]
        ],
        "total": len(upcoming),
    }
