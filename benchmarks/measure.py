"""Measures ratios of two blocks of calls, side by side in many short rounds."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Runs a number of calls and returns the seconds they took, without setup.
Block = Callable[[int], float]

CONTROL_TOLERANCE = 0.03
SEED = 1  # of the order within a round


@dataclass(frozen=True)
class Result:
    """One row of the table of results."""

    name: str
    ratio: float
    middle_half: tuple[float, float] | None  # of the rounds; None: measured once
    goal: float | None
    control: float | None  # the reference compared with itself; None if there is no noise
    rounds: int

    @property
    def is_void(self) -> bool:
        """Whether noise makes the ratio unusable."""
        return self.control is not None and abs(self.control - 1) > CONTROL_TOLERANCE

    @property
    def misses_goal(self) -> bool:
        """Whether the ratio is above the goal."""
        return self.goal is not None and self.ratio > self.goal


@dataclass(frozen=True)
class Comparison:
    """A block of the mock, and the reference it is compared with."""

    name: str
    ours: Block
    reference: Block
    goal: float | None = None
    most_calls: int = 5  # in a block

    def run_round(self, rng: random.Random) -> tuple[float, float]:
        """Run `ours` once and the reference twice, in random order, with the same number of calls.

        Returns the ratios of `ours` and of the second run of the reference to the first run.
        """
        size = rng.randint(1, self.most_calls)
        blocks = [("ours", self.ours), ("reference", self.reference), ("again", self.reference)]
        seconds = {name: block(size) for name, block in rng.sample(blocks, len(blocks))}
        reference = seconds["reference"]
        return seconds["ours"] / reference, seconds["again"] / reference


def timed(call: Callable[[], object], size: int) -> float:
    """Return the processor time of `size` calls in seconds, after one call that is not timed."""
    call()
    began = time.process_time()
    for _ in range(size):
        call()
    return time.process_time() - began


def run_rounds(comparisons: Sequence[Comparison], rounds: int) -> list[Result]:
    """Run every comparison once in each round, in a random order."""
    rng = random.Random(SEED)
    ratios: list[list[tuple[float, float]]] = [[] for _ in comparisons]
    for _ in range(rounds):
        for number in rng.sample(range(len(comparisons)), len(comparisons)):
            ratios[number].append(comparisons[number].run_round(rng))
    return [summarize(*pair) for pair in zip(comparisons, ratios, strict=True)]


def summarize(comparison: Comparison, ratios: Sequence[tuple[float, float]]) -> Result:
    """Return the median of the rounds, and the middle half of them."""
    ours, controls = zip(*ratios, strict=True)
    low, middle, high = statistics.quantiles(ours, n=4)
    control = statistics.median(controls)
    return Result(comparison.name, middle, (low, high), comparison.goal, control, len(ours))
