"""Rehearsals in processes compared with the same runs one after another, and a big campaign.

Run it with ``python -m benchmarks.rehearsals``; see README.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.crowds import WORKERS, publisher
from mturk_mock import grid, mock_mturk, rehearse
from mturk_mock.rehearsals.processes import count_processes

#: How much longer processes may take than the runs one after another, divided by the cores.
GOAL = 1.15
SIZES = (10_000, 30_000, 90_000)  # assignments
MILLION = 1_000_000


def campaign(mturk: Any, hits: int) -> dict[str, Any]:
    """Have a crowd do three assignments of each HIT."""
    publish = publisher(mturk.client())
    for _ in range(hits):
        publish()
    crowd = mturk.crowd(WORKERS, answer=answer_cat).finish(days=6)
    return {"submitted": len(crowd.results)}


def answer_cat(hit: Any, worker: Any) -> dict[str, str]:
    """Answer every HIT in the same way."""
    return {"label": "cat"}


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a call, and the processor time of this process and its children."""
    began, used = time.perf_counter(), sum(os.times()[:4])
    call()
    return time.perf_counter() - began, sum(os.times()[:4]) - used


def compare_processes(runs: int, hits: int) -> None:
    """Print how long runs take in processes, compared with one after another."""
    designs, seeds = grid(hits=[hits]), range(runs)
    with ThreadPoolExecutor(1) as one:
        seconds, used = timed(
            lambda: rehearse(campaign, designs, seeds, executor=one, progress=False)
        )
    in_processes, used_there = timed(lambda: rehearse(campaign, designs, seeds, progress=False))
    cores = count_processes()
    print(f"{runs} campaigns of {hits} HITs x 3, {cores} cores")
    print(f"  one after another {seconds:.1f} s, in processes {in_processes:.1f} s")
    print(
        f"  compared with an equal share of the cores: {in_processes / seconds * cores:.2f}, "
        f"goal {GOAL}"
    )
    print(
        f"  processor time of all processes, compared with one after another: "
        f"{used_there / used:.2f}"
    )


def measure_growth() -> None:
    """Print the seconds for one assignment in crowds of growing campaigns."""
    print("processor time of a crowd's assignment")
    for size in SIZES:
        with mock_mturk(seed=1, calls=0) as mturk:
            publish = publisher(mturk.client())
            for _ in range(size // 3):
                publish()
            crowd = mturk.crowd(WORKERS, answer=answer_cat)
            began = time.process_time()
            crowd.finish(days=6)
            seconds = time.process_time() - began
        print(f"  of {size:,}: {1000 * seconds / size:.3f} ms")


def measure_memory(size: int) -> None:
    """Print the memory of an assignment with its share of a HIT, and that of a million."""
    with mock_mturk(seed=1, calls=0) as mturk:
        publish = publisher(mturk.client())
        publish()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(size // 3):
            publish()
        mturk.crowd(WORKERS, answer=answer_cat).finish(days=6)
        used = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    print(f"memory of {size:,} assignments, with a third of a HIT each, on Linux")
    print(f"  {used / size:.0f} bytes, a million of them {MILLION * used / size / 1e9:.2f} GB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rehearsals")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--hits", type=int, default=100)
    parser.add_argument("--memory", type=int, default=100_000, metavar="ASSIGNMENTS")
    arguments = parser.parse_args()
    measure_memory(arguments.memory)  # first: it is the growth of the largest size so far
    compare_processes(arguments.runs, arguments.hits)
    measure_growth()


if __name__ == "__main__":
    main()
