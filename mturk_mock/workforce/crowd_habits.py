"""The behavior of a crowd: the arguments of `MTurk.crowd`, checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final, TypeGuard

from mturk_mock.core.arguments import is_number
from mturk_mock.core.quoting import quote
from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.skills import Skill
from mturk_mock.workforce.worker import Worker

#: A dict of the form's fields, or a QuestionFormAnswers document.
Fields = Mapping[str, Any] | str
Answer = Callable[[HIT, Worker], Fields]
Arrivals = float | Callable[[datetime], float]
Progress = Callable[[str], object] | bool
Difficulty = Callable[[HIT], float]
WorkTime = float | tuple[float, float] | Callable[[Random, HIT], float]

#: The default average of hours between two arrivals of the same worker. [assumed]
HOURS_BETWEEN_VISITS: Final = 3
#: The default minimum and maximum of seconds per HIT. [assumed]
USUAL_WORK_TIME: Final = (20, 120)
#: The maximum share of a HIT's AssignmentDuration that the default work time takes. [assumed]
LONGEST_SHARE: Final = 0.9
MOST_ARRIVALS: Final = 100_000  # workers per hour
LONGEST_WORK_TIME: Final = 1_000_000_000  # seconds per HIT


@dataclass(frozen=True, kw_only=True)
class Habits:
    """The arguments of `MTurk.crowd`. Raises TypeError or ValueError for invalid values."""

    size: int
    seed: int | None
    answer: Answer | None
    arrivals: Arrivals | None  # workers per hour of the mock's time
    work_time: WorkTime | None
    accuracy: float | None
    wrong: Answer | None
    skills: Sequence[Skill] | None
    difficulty: Difficulty | None
    returns: float
    abandons: float
    check: bool
    progress: Progress

    def __post_init__(self) -> None:
        _check_size(self.size)
        for name in ("answer", "wrong"):
            function = getattr(self, name)
            if function is not None and not callable(function):
                what = f"crowd() takes {name}= as a function of a HIT and a worker"
                raise TypeError(f"{what}{_not(function)}")
        _check_arrivals(self.arrivals)
        _check_work_time(self.work_time)
        for name in ("accuracy", "returns", "abandons"):
            _check_share(name, getattr(self, name))
        self._check_together()
        self._check_skills()
        if self.seed is not None and not _is_whole(self.seed):
            raise TypeError(f"crowd() takes seed= as an int{_not(self.seed)}")
        if not isinstance(self.check, bool):
            raise TypeError(f"crowd() takes check= as True or False{_not(self.check)}")
        _check_progress(self.progress)

    def _check_together(self) -> None:
        if self.returns + self.abandons > 1:
            raise ValueError(
                "crowd() takes returns= and abandons= as shares that add up to 1 at most, "
                f"not {quote(self.returns)} and {quote(self.abandons)}"
            )
        if self.accuracy is not None and self.answer is None:
            raise ValueError(
                "crowd() takes accuracy= only with answer=, which returns the right answer"
            )
        if self.wrong is not None and self.accuracy is None:
            raise ValueError("crowd() takes wrong= only with accuracy=, the share of right answers")

    def _check_skills(self) -> None:
        if self.difficulty is not None:
            _check_difficulty(self.difficulty)
            if self.skills is None:
                raise ValueError("crowd() takes difficulty= only with skills=")
        if self.skills is not None:
            _check_list_of_skills(self.skills)
            if self.answer is None:
                raise ValueError(
                    "crowd() takes skills= only with answer=, which returns the right answer"
                )
            if self.accuracy is not None:
                raise ValueError("crowd() takes skills= or accuracy=, not both")

    def find_difficulty(self, hit: HIT) -> float:
        """Return the difficulty of a HIT.

        Raises TypeError or ValueError if the function `difficulty` returns an invalid value.
        """
        if self.difficulty is None:
            return 0
        what = "the function difficulty= of crowd() must return"
        return _check_number(what, self.difficulty(hit), "a share from 0 to 1", 1)

    def arrival_rate(self, now: datetime) -> float:
        """Return the arrivals per hour at a time.

        Raises TypeError or ValueError if the function `arrivals` returns an invalid value.
        """
        if self.arrivals is None:
            return self.size / HOURS_BETWEEN_VISITS
        if not callable(self.arrivals):
            return self.arrivals
        what = "the function arrivals= of crowd() must return"
        return _check_number(what, self.arrivals(now), "workers per hour", MOST_ARRIVALS)

    def draw_work_time(self, random: Random, assignment_duration: int) -> float:
        """Return the time that a worker needs for a HIT, in seconds; not for a function."""
        if isinstance(self.work_time, (tuple, list)):
            return random.uniform(*self.work_time)
        if self.work_time is not None and not callable(self.work_time):
            return float(self.work_time)
        return min(random.uniform(*USUAL_WORK_TIME), LONGEST_SHARE * assignment_duration)

    def ask_work_time(self, random: Random, hit: HIT) -> float:
        """Return the time that the function `work_time` returns, in seconds.

        Raises TypeError or ValueError if that is an invalid value.
        """
        what = "the function work_time= of crowd() must return"
        assert callable(self.work_time)
        return _check_number(what, self.work_time(random, hit), "seconds", LONGEST_WORK_TIME)


def _check_difficulty(difficulty: object) -> None:
    if not callable(difficulty):
        raise TypeError(f"crowd() takes difficulty= as a function of a HIT{_not(difficulty)}")


def _check_list_of_skills(skills: object) -> None:
    what = "crowd() takes skills= as a list of Skill, such as [Skill.one_coin(0.8)]"
    if not isinstance(skills, (list, tuple)) or not skills:
        raise TypeError(f"{what}{_not(skills)}")
    for each in skills:
        if not isinstance(each, Skill):
            raise TypeError(f"{what}; it has {quote(each)}")


def _check_size(size: object) -> None:
    if not _is_whole(size):
        raise TypeError(f"crowd() takes a whole number of workers{_not(size)}")
    if size < 1:
        raise ValueError(f"crowd() takes 1 worker or more{_not(size)}")


def _check_arrivals(arrivals: Any) -> None:
    if arrivals is None or callable(arrivals):
        return
    kind = "workers per hour, or a function of the time"
    if not _check_number("crowd() takes arrivals= as", arrivals, kind, MOST_ARRIVALS):
        raise ValueError(
            "crowd() takes arrivals= of more than 0 workers per hour, not 0: no worker would arrive"
        )


def _check_work_time(work_time: Any) -> None:
    if work_time is None or callable(work_time):
        return
    what, kind = "crowd() takes work_time= as", "seconds, a pair of seconds, or a function"
    is_range = isinstance(work_time, (tuple, list))
    given = work_time if is_range else [work_time]
    numbers = [_check_number(what, each, kind, LONGEST_WORK_TIME) for each in given]
    if is_range and (len(numbers) != 2 or numbers[0] > numbers[1]):
        raise ValueError(f"{what} a pair of minimum and maximum seconds{_not(work_time)}")


def _check_share(name: str, share: Any) -> None:
    if share is not None or name != "accuracy":
        if _check_number(f"crowd() takes {name}= as", share, "a share from 0 to 1") > 1:
            raise ValueError(f"crowd() takes {name}= as a share from 0 to 1{_not(share)}")


def _check_progress(progress: object) -> None:
    if not isinstance(progress, bool) and not callable(progress):
        what = "crowd() takes progress= as True, False or a function that takes a text"
        raise TypeError(f"{what}{_not(progress)}")


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_number(what: str, value: Any, kind: str, most: float = math.inf) -> float:
    """Return a number as a float; it may be one of another library, such as numpy."""
    if not is_number(value):
        raise TypeError(f"{what} {kind}{_not(value)}")
    if not 0 <= value < math.inf:
        raise ValueError(f"{what} {kind}, 0 or more{_not(value)}")
    if value > most:
        raise ValueError(f"{what} {kind}, {most:,} at most{_not(value)}")
    return float(value)


def _not(value: object) -> str:
    return f", not {quote(value)}"
