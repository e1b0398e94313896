"""Measures the memory of a HIT."""

from __future__ import annotations

import gc
import tracemalloc

from benchmarks.measure import Result
from benchmarks.samples import EXTERNAL_QUESTION
from mturk_mock import MTurk, mock_mturk

ROUNDS = 1  # memory is the same in each round
KILOBYTE = 1024


def add_hits(mturk: MTurk, count: int) -> None:
    """Add HITs of one type that share one question."""
    for _ in range(count):
        mturk.add_hit(title="Which class of animals is this?", question=EXTERNAL_QUESTION)


def run(rounds: int, hits: int = 20_000) -> list[Result]:
    """Measure the memory of a HIT, once."""
    with mock_mturk() as mturk:
        add_hits(mturk, 1)  # creates what all HITs share
        tracemalloc.start()
        try:
            add_hits(mturk, hits)
            gc.collect()
            size, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    return [Result("memory of a HIT, beside 1 KB", size / hits / KILOBYTE, None, 1.0, None, 1)]
