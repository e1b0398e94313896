"""What the people of a crowd are like, as users say it: checked, and with its defaults."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.worker import Worker

#: What an answer is made of: the form's fields, or a QuestionFormAnswers document.
Fields = Mapping[str, Any] | str
Answer = Callable[[HIT, Worker], Fields]
#: People an hour, always or at a time; seconds, a range of them, or a function.
Arrivals = float | Callable[[datetime], float]
Progress = Callable[[str], object] | bool
WorkTime = float | tuple[float, float] | Callable[[Random, HIT], float]

#: Each person comes every so many hours on average, unless arrivals are said. [assumed]
HOURS_BETWEEN_VISITS: Final = 3
#: Seconds that a HIT takes, unless said, but never more than this share of its time. [assumed]
USUAL_WORK_TIME: Final = (20, 120)
LONGEST_SHARE: Final = 0.9


@dataclass(frozen=True)
class Habits:
    """What people do; shares are from 0 to 1."""

    arrivals: Arrivals  # people of the crowd an hour of virtual time
    work_time: WorkTime | None
    answer: Answer | None
    accuracy: float | None
    wrong: Answer | None
    returns: float
    abandons: float
    check: bool

    def seconds(self, random: Random, hit: HIT) -> float:
        """Return how long somebody works on a HIT, in seconds."""
        if callable(self.work_time):
            return _number(
                "crowd() takes what work_time= returns", self.work_time(random, hit), "seconds"
            )
        if isinstance(self.work_time, tuple):
            return random.uniform(*self.work_time)
        if self.work_time is not None:
            return self.work_time
        return min(random.uniform(*USUAL_WORK_TIME), LONGEST_SHARE * hit.assignment_duration)


def rate_at(arrivals: Callable[[datetime], float], now: datetime) -> float:
    """Return how many people come in an hour, at a time; TypeError or ValueError for no number."""
    return _number("crowd() takes what arrivals= returns", arrivals(now), "people an hour")


def read_habits(
    size: int,
    *,
    answer: Answer | None,
    arrivals: Arrivals | None,
    work_time: WorkTime | None,
    accuracy: float | None,
    wrong: Answer | None,
    returns: float,
    abandons: float,
    check: bool,
) -> Habits:
    """Return what was said to `MTurk.crowd`; TypeError or ValueError for what cannot be."""
    check_size(size)
    for name, function in (("answer", answer), ("wrong", wrong)):
        if function is not None and not callable(function):
            raise TypeError(
                f"crowd() takes {name}= as a function of a HIT and a worker{_not(function)}"
            )
    habits = Habits(
        size / HOURS_BETWEEN_VISITS if arrivals is None else _read_arrivals(arrivals),
        _read_work_time(work_time),
        answer,
        None if accuracy is None else _share("accuracy", accuracy),
        wrong,
        _share("returns", returns),
        _share("abandons", abandons),
        check,
    )
    _check_together(habits)
    return habits


def check_size(size: object) -> None:
    """Raise TypeError or ValueError for what is no number of people."""
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"crowd() takes a whole number of people{_not(size)}")
    if size < 1:
        raise ValueError(f"crowd() takes 1 person or more{_not(size)}")


def check_seed(seed: int | None) -> int | None:
    """Return a seed; TypeError for what is none."""
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise TypeError(f"crowd() takes seed= as an int{_not(seed)}")
    return seed


def check_progress(progress: Progress) -> Progress:
    """Return what shows the progress; TypeError for what cannot."""
    if not isinstance(progress, bool) and not callable(progress):
        raise TypeError(
            f"crowd() takes progress= as a function of a text, True or False{_not(progress)}"
        )
    return progress


def _check_together(habits: Habits) -> None:
    if habits.returns + habits.abandons > 1:
        raise ValueError(
            "crowd() takes returns= and abandons= as shares of the same HITs, together 1 at most, "
            f"not {habits.returns!r} and {habits.abandons!r}"
        )
    if habits.accuracy is not None and habits.answer is None:
        raise ValueError("crowd() takes accuracy= with answer=, which gives the right answer")
    if habits.wrong is not None and habits.accuracy is None:
        raise ValueError("crowd() takes wrong= with accuracy=, which says how often it is right")


def _read_arrivals(arrivals: Any) -> Arrivals:
    if callable(arrivals):
        return arrivals  # type: ignore[no-any-return]
    rate = _number("crowd() takes arrivals=", arrivals, "people an hour, or a function of the time")
    if not rate:
        raise ValueError("crowd() takes arrivals= of more than 0 people an hour, or nobody comes")
    return rate


def _read_work_time(work_time: Any) -> WorkTime | None:
    if work_time is None or callable(work_time):
        return work_time  # type: ignore[no-any-return]
    what, kind = "crowd() takes work_time=", "seconds, a pair of them, or a function"
    if not isinstance(work_time, (tuple, list)):
        return _number(what, work_time, kind)
    range_ = tuple(_number(what, seconds, kind) for seconds in work_time)
    if len(range_) != 2 or range_[0] > range_[1]:
        raise ValueError(f"{what} as a pair of the least and the most seconds{_not(work_time)}")
    return range_


def _number(what: str, value: Any, kind: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{what} as {kind}{_not(value)}")
    if not (value >= 0 and math.isfinite(value)):
        raise ValueError(f"{what} as {kind}, 0 or more{_not(value)}")
    return value


def _share(name: str, value: Any) -> float:
    share = _number(f"crowd() takes {name}=", value, "a share from 0 to 1")
    if share > 1:
        raise ValueError(f"crowd() takes {name}= as a share from 0 to 1{_not(value)}")
    return share


def _not(value: object) -> str:
    return f", not {value!r}"
