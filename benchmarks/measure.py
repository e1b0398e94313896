"""Ratios of two things, measured side by side in many short rounds."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Runs so many calls in one go and returns the seconds that they took; its set-up is not timed.
Block = Callable[[int], float]
#: One row of the table, as it is written to a file.
Result = dict[str, Any]

CONTROL_TOLERANCE = 0.03


def timed(
    call: Callable[[], object], size: int, clock: Callable[[], float] = time.process_time
) -> float:
    """Return the seconds of processor time of `size` calls, after one that does not count.

    `clock`: another one than the processor's, where waiting counts too.
    """
    call()
    began = clock()
    for _ in range(size):
        call()
    return clock() - began


@dataclass
class Comparison:
    """One thing beside another: seconds per call, a value for each round.

    ``again`` is the other thing once more: beside itself it is the control of this comparison.
    """

    name: str
    measured: Block
    beside: Block
    goal: float | None = None
    most_calls: int = 5  # in a block
    times: dict[str, list[float]] = field(default_factory=dict)

    def run_round(self, rng: random.Random) -> None:
        """Take one time of each, in random order, all for the same number of calls."""
        blocks = [("measured", self.measured), ("beside", self.beside), ("again", self.beside)]
        size = rng.randint(1, self.most_calls)
        for name, block in rng.sample(blocks, len(blocks)):
            self.times.setdefault(name, []).append(block(size) / size)

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return self._ratios("measured")

    @property
    def control(self) -> float:
        """The median ratio of the other thing to itself: 1, but for noise."""
        return statistics.median(self._ratios("again"))

    @property
    def is_void(self) -> bool:
        """Whether the noise was too great to believe the ratio."""
        return abs(self.control - 1) > CONTROL_TOLERANCE

    def _ratios(self, name: str) -> list[float]:
        pairs = zip(self.times[name], self.times["beside"], strict=True)
        return [time / beside for time, beside in pairs]

    def result(self) -> Result:
        """Return what was measured, for a table or a file."""
        low, middle, high = statistics.quantiles(self.ratios, n=4)
        return {
            "name": self.name,
            "unit": "µs",
            "measured": statistics.median(self.times["measured"]) * 1e6,
            "beside": statistics.median(self.times["beside"]) * 1e6,
            "ratio": middle,
            "quartiles": [low, high],
            "goal": self.goal,
            "control": self.control,
            "void": self.is_void,
            "rounds": len(self.ratios),
        }


def run_rounds(comparisons: Sequence[Comparison], rounds: int, seed: int) -> list[Result]:
    """Measure all comparisons in each round, in an order of its own; return their results."""
    rng = random.Random(seed)
    for _ in range(rounds):
        for comparison in rng.sample(comparisons, len(comparisons)):
            comparison.run_round(rng)
    return [comparison.result() for comparison in comparisons]
