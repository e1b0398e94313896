"""`mturk.clock`: the clock of a mock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mturk_mock.backend.backend import Backend
from mturk_mock.core.arguments import listing_arguments
from mturk_mock.core.clock import FASTEST, LATEST, Event, read_moment, to_datetime
from mturk_mock.core.quoting import quote


class ClockControl:
    """The clock of a mock, as `mturk.clock`. Its methods move it forward only."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def now(self) -> datetime:
        """The present time of the mock, an aware datetime in UTC."""
        with self._backend.transaction() as (_, now):
            return to_datetime(now)

    @property
    def upcoming(self) -> list[Upcoming]:
        """All events that are due later, such as the expiration of a HIT, in order."""
        with self._backend.transaction() as (marketplace, _):
            return list(map(Upcoming.of, self._backend.timeline.upcoming(marketplace)))

    @listing_arguments
    def advance(
        self,
        by: timedelta | None = None,
        *,
        seconds: float | None = None,
        minutes: float | None = None,
        hours: float | None = None,
        days: float | None = None,
    ) -> None:
        """Move the clock forward; each event that becomes due happens at its own time, in order.

        `by`: a timedelta. `seconds`, `minutes`, `hours`, `days`: numbers. All that are given
        are added up. Raises TypeError if none is given, ValueError for a negative duration or
        one that ends after the year 9999.
        """
        numbers = _read_numbers(by, days=days, hours=hours, minutes=minutes, seconds=seconds)
        step = _add_up(timedelta(0) if by is None else by, numbers)
        if step < timedelta(0):
            raise ValueError(f"advance() takes a duration of 0 or more, not {step}")
        with self._backend.transaction(moves_clock=True) as (marketplace, now):
            moment = now + step // timedelta(microseconds=1)
            if moment > LATEST:
                raise ValueError(
                    f"advance() cannot go beyond the year 9999: it is {to_datetime(now)}, and "
                    f"{step} is too long"
                )
            self._backend.timeline.move_to(marketplace, moment)

    def move_to(self, moment: datetime) -> None:
        """Move the clock forward to a moment; each event happens at its own time, in order.

        `moment`: an aware datetime. Raises ValueError if it is in the past.
        """
        due = read_moment("move_to()", moment)
        with self._backend.transaction(moves_clock=True) as (marketplace, now):
            if due < now:
                raise ValueError(
                    f"move_to() takes a time that is not past, not {moment}: "
                    f"it is {to_datetime(now)}"
                )
            self._backend.timeline.move_to(marketplace, due)

    @property
    def rate(self) -> int:
        """How many seconds of the mock pass in one second of the machine's clock.

        A whole number from 0 to 86,400: 1 follows the machine, 60 passes a minute in a second,
        0 stands still. Can be set; the time does not jump. Raises TypeError for another type,
        ValueError for another number.
        """
        with self._backend.peek() as marketplace:
            return marketplace.clock.rate

    @rate.setter
    def rate(self, rate: int) -> None:
        if isinstance(rate, bool) or not isinstance(rate, int):
            raise TypeError(f"clock.rate takes a whole number, not {quote(rate)}")
        if not 0 <= rate <= FASTEST:
            raise ValueError(f"clock.rate takes a number from 0 to {FASTEST}, not {rate}")
        with self._backend.transaction(moves_clock=True) as (marketplace, now):
            marketplace.clock.set_rate(rate)
            marketplace.activity.tell(now, "ClockRateSet", rate=rate)

    def advance_until(self, condition: Callable[[], object]) -> None:
        """Move the clock from event to event until `condition()` is true.

        Raises RuntimeError if no event is left and the condition is still false, TypeError if
        it is not callable.
        """
        if not callable(condition):
            raise TypeError(
                "advance_until() takes a function that returns whether to stop, such as "
                f"lambda: assignment.status == 'Approved', not {condition!r}"
            )
        while not condition():
            with self._backend.transaction(moves_clock=True) as (marketplace, _):
                if not self._backend.timeline.move_to_next(marketplace):
                    raise RuntimeError(
                        "advance_until(): the condition is still false, and no events are left; "
                        f"it is {self.now}"
                    )

    def __repr__(self) -> str:
        if self._backend.is_forked:
            return "<clock, of another process>"
        with self._backend.peek() as marketplace:
            event = next(self._backend.timeline.upcoming(marketplace), None)
            following = f"next: {Upcoming.of(event)!r}" if event else "nothing to come"
            now = to_datetime(marketplace.clock.read())
            return f"<clock at {now:%Y-%m-%d %H:%M:%S} UTC, {following}>"


def _read_numbers(by: timedelta | None, **given: float | None) -> dict[str, float]:
    """Return the numbers that are given; raise TypeError if nothing at all is given."""
    numbers = {name: number for name, number in given.items() if number is not None}
    if by is None and not numbers:
        raise TypeError(
            "advance() takes a timedelta, or seconds=, minutes=, hours=, days=, but nothing was "
            "given"
        )
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise TypeError(f"advance() takes {name}= as a number, not {quote(number)}")
    return numbers


def _add_up(by: timedelta, numbers: dict[str, float]) -> timedelta:
    """Return the sum of a timedelta and numbers of days, hours, minutes and seconds."""
    if not isinstance(by, timedelta):
        raise TypeError(
            f"advance() takes a timedelta, or seconds=, minutes=, hours=, days=, not {by!r}"
        )
    try:
        return by + timedelta(**numbers)
    except (OverflowError, ValueError):  # too long, or NaN
        given = ", ".join(f"{name}={number!r}" for name, number in numbers.items() if number)
        raise ValueError(
            f"advance() takes a duration of less than 10,000 years, not {given}"
        ) from None


@dataclass(frozen=True)
class Upcoming:
    """An event that is due later.

    - ``time``: when it is due, an aware datetime.
    - ``what``: a description, e.g. ``HIT expires``.
    - ``id``: the ID of the HIT, assignment or qualification request.
    """

    time: datetime
    what: str
    id: str

    @classmethod
    def of(cls, event: Event) -> Upcoming:
        """Return the public view of an event of the schedule."""
        return cls(to_datetime(event.due), event.kind, event.subject)

    def __repr__(self) -> str:
        return f"<{self.what} at {self.time:%Y-%m-%d %H:%M:%S}: {self.id}>"
