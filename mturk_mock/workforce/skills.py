"""Skills: models of how well workers answer, from the literature on crowdsourcing.

- One-coin: a worker's answers are right with one probability, whatever the item.
- Confusion matrix: the answer depends on the item's true class (Dawid and Skene, 1979, "Maximum
  likelihood estimation of observer error-rates using the EM algorithm", Applied Statistics 28).
- Spammer-hammer: spammers answer at random, hammers are always right (Karger, Oh and Shah, 2011,
  "Iterative learning for reliable crowdsourcing systems", NIPS 24).

The difficulty of an item is the probability that a worker guesses instead. [assumed]
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, NamedTuple

from mturk_mock.core.arguments import is_number
from mturk_mock.core.quoting import quote

#: How far probabilities may be from 1 together.
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Skill:
    """A kind of worker, for ``mturk.crowd(skills=[...])``.

    `one_coin`, `confusion_matrix`, `spammer` and `hammer` make them.

    - ``name``: what `Crowd.by_worker` calls it.
    - ``share``: its part of the crowd, relative to the other skills.
    - ``speed``: 2 means half the work time.
    - ``accuracy``: from 0 to 1, the bounds between which each worker's is drawn.
    - ``confusion``: the probabilities of answers, by the right value of a field.
    - ``spams``: whether the answer does not depend on the item; ``label``: the value of every
      field, None for random ones.
    """

    name: str
    share: float = 1
    speed: float = 1
    accuracy: tuple[float, float] = (1, 1)
    confusion: Mapping[str, Mapping[str, float]] | None = None
    spams: bool = False
    label: str | None = None

    def __post_init__(self) -> None:
        for name in ("share", "speed"):
            value = getattr(self, name)
            if not is_number(value) or not 0 < value < math.inf:
                raise ValueError(f"a skill takes {name}= as a number above 0, not {quote(value)}")
        if not isinstance(self.name, str):
            raise TypeError(f"a skill takes name= as a str, not {quote(self.name)}")
        if not isinstance(self.spams, bool):
            raise TypeError(f"a skill takes spams= as True or False, not {quote(self.spams)}")
        if self.label is not None and not isinstance(self.label, str):
            raise TypeError(f"a skill takes label= as a str, not {quote(self.label)}")
        _check_accuracy(self.accuracy)
        if self.confusion is not None:
            _check_confusion(self.confusion)

    @classmethod
    def one_coin(
        cls, accuracy: float | tuple[float, float], *, share: float = 1, speed: float = 1
    ) -> Skill:
        """Return workers whose answers are right with a probability, else another valid value.

        `accuracy`: from 0 to 1, or a pair of bounds between which each worker's is drawn.

        Raises ValueError for other values.
        """
        bounds = tuple(accuracy) if isinstance(accuracy, (tuple, list)) else (accuracy, accuracy)
        _check_accuracy(bounds)
        low, high = map(float, bounds)
        shown = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        return cls(name=f"one-coin {shown}", share=share, speed=speed, accuracy=(low, high))

    @classmethod
    def confusion_matrix(
        cls, confusion: Mapping[str, Mapping[str, float]], *, share: float = 1, speed: float = 1
    ) -> Skill:
        """Return workers whose answers depend on the right one, as in the model of Dawid and Skene.

        `confusion`: ``{"cat": {"cat": 0.9, "dog": 0.1}, "dog": {"cat": 0.3, "dog": 0.7}}``; the
        probabilities of each right value add up to 1.

        Raises TypeError or ValueError for other values.
        """
        _check_confusion(confusion)
        copy = {right: dict(row) for right, row in confusion.items()}
        return cls(name="confusion matrix", share=share, speed=speed, confusion=copy)

    @classmethod
    def spammer(cls, label: str | None = None, *, share: float = 1, speed: float = 1) -> Skill:
        """Return workers who do not look at the items: random values, or always `label`."""
        return cls(name="spammer", share=share, speed=speed, spams=True, label=label)

    @classmethod
    def hammer(cls, *, share: float = 1, speed: float = 1) -> Skill:
        """Return workers whose answers are always right."""
        return cls(name="hammer", share=share, speed=speed)

    @property
    def never_errs(self) -> bool:
        """Whether every answer is right, unless an item is difficult."""
        return self.accuracy[0] == 1 and self.confusion is None and not self.spams

    def draw_answer(self, right: str, random: Random) -> str:
        """Return an answer by the confusion matrix. Raises ValueError for an unknown value."""
        row = (self.confusion or {}).get(right)
        if row is None:
            raise ValueError(
                f"the confusion matrix of a skill has no row for the right value {quote(right)}"
            )
        (drawn,) = random.choices(list(row), list(row.values()))
        return drawn


def _check_accuracy(bounds: Any) -> None:
    is_pair = isinstance(bounds, tuple) and len(bounds) == 2 and all(map(_is_share, bounds))
    if not is_pair or bounds[0] > bounds[1]:
        is_twice_one = isinstance(bounds, tuple) and len(bounds) == 2 and bounds[0] is bounds[1]
        raise ValueError(
            "a skill takes an accuracy from 0 to 1, or a pair of the lowest and the highest, "
            f"not {quote(bounds[0] if is_twice_one else bounds)}"
        )


def _check_confusion(confusion: Any) -> None:
    if not isinstance(confusion, Mapping) or not confusion:
        raise TypeError(
            "a skill takes a confusion matrix as a dict of probabilities by right value, not "
            f"{quote(confusion)}"
        )
    for right, row in confusion.items():
        _check_values([right, *(row if isinstance(row, Mapping) else ())])
        numbers = list(row.values()) if isinstance(row, Mapping) else []
        if not numbers or not all(map(_is_share, numbers)) or abs(sum(numbers) - 1) > _TOLERANCE:
            raise ValueError(
                "a confusion matrix takes probabilities that add up to 1 for the right value "
                f"{quote(right)}, not {quote(row)}"
            )


def _check_values(values: Iterable[object]) -> None:
    for value in values:
        if not isinstance(value, str):
            raise TypeError(
                f"a confusion matrix takes the values of a field as str, not {quote(value)}"
            )


def _is_share(value: Any) -> bool:
    return is_number(value) and 0 <= value <= 1


class Knack(NamedTuple):
    """What one worker of a crowd has: the number of the skill, and an accuracy of its own."""

    skill: int
    accuracy: float


def share_out(
    skills: Sequence[Skill], worker_ids: Sequence[str], random: Random
) -> dict[str, Knack]:
    """Return the knack of each worker; the numbers are as close to the shares as possible."""
    total = sum(each.share for each in skills)
    wanted = [each.share / total * len(worker_ids) for each in skills]
    counts = list(map(math.floor, wanted))
    by_rest = sorted(range(len(skills)), key=lambda place: counts[place] - wanted[place])
    for place in by_rest[: len(worker_ids) - sum(counts)]:
        counts[place] += 1
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    random.shuffle(places)
    return {
        id_: Knack(place, random.uniform(*skills[place].accuracy))
        for id_, place in zip(worker_ids, places, strict=True)
    }
