"""What many HITs take: bytes for each, and time for the last ones beside the first ones.

In a process of its own: ``python -m benchmarks.memory HITS``, with ``--log`` to keep the call log.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.filling import new_mock
from benchmarks.measure import Comparison, Result
from benchmarks.processes import output_of
from benchmarks.samples import EXTERNAL_QUESTION, hit_with
from mturk_mock import MTurk
from mturk_mock.backend.wire import Request
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.model.account import DEFAULT_REQUESTER

#: A tenth of the HITs is made with the call log, which keeps each request and answer.
WITH_LOG = 10
LAST = 10_000
BLOCK = 100  # HITs
KILOBYTE = 1024
STATM = Path("/proc/self/statm")

REQUEST = Request(
    "CreateHIT", json.dumps(hit_with(EXTERNAL_QUESTION)).encode(), PRODUCTION, DEFAULT_REQUESTER
)


def create(mturk: MTurk, count: int, *, log: bool = False) -> None:
    """Create HITs of one question as they come by the wire, each with a text of its own."""
    backend = mturk._backend
    for number in range(count):
        backend.handle(REQUEST)
        if not log and number % 1000 == 999:
            backend.calls.clear()


def resident() -> int:
    """Return the bytes of memory that the process has now, as Linux says."""
    pages = int(STATM.read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def question_bytes(mturk: MTurk) -> int:
    """Return what the texts of all questions take, one that is shared counted once."""
    with mturk._backend.transaction() as (marketplace, _):
        account = marketplace.account(DEFAULT_REQUESTER, PRODUCTION)
        questions = {id(hit.question): hit.question for hit in account.hits.values()}
    return sum(map(sys.getsizeof, questions.values()))


def measure(count: int, *, log: bool) -> dict[str, Any]:
    """Return the bytes for each HIT, beside the question, and how flat creating them is."""
    mturk = new_mock()
    create(mturk, BLOCK, log=log)  # so that everything is loaded
    memory, texts = resident(), question_bytes(mturk)
    create(mturk, count, log=log)
    taken = resident() - memory
    questions = question_bytes(mturk) - texts
    return {
        "bytes": (taken - questions) / count,
        "question": questions / count,
        "flat": None if log else flat(mturk, count),
    }


def flat(mturk: MTurk, count: int) -> Result:
    """Return the creation of more HITs beside that of the first ones, in a new mock."""
    few = new_mock()

    def creating(where: MTurk) -> float:
        began = time.process_time()
        create(where, BLOCK)
        return (time.process_time() - began) / BLOCK

    comparison = Comparison(
        f"create_hit after {count:,}, beside the first {LAST:,}",
        lambda size: creating(mturk),
        lambda size: creating(few),
        1.1,
        1,
    )
    rng = random.Random(1)
    # The first ones are measured twice, for the control.
    for _ in range(max(2, min(LAST, count) // BLOCK // 2)):
        comparison.run_round(rng)
    return comparison.result()


def row(name: str, found: dict[str, Any], goal: float | None) -> Result:
    """Return the memory as a row: beside one kilobyte, without a control, once."""
    bytes_ = found["bytes"]
    return {
        "name": name,
        "unit": "bytes",
        "measured": bytes_,
        "beside": KILOBYTE,
        "ratio": bytes_ / KILOBYTE,
        "quartiles": None,
        "goal": goal,
        "control": None,
        "void": False,
        "rounds": 1,
        "question": found["question"],
    }


def run(arguments: Namespace) -> list[Result]:
    """Measure both, each in a process of its own."""
    count, fewer = arguments.hits, max(1, arguments.hits // WITH_LOG)
    plain = json.loads(output_of("-m", "benchmarks.memory", str(count)))
    logged = json.loads(output_of("-m", "benchmarks.memory", str(fewer), "--log"))
    return [
        row(f"one of {count:,} HITs, beside a kilobyte", plain, 1.0),
        row(f"one of {fewer:,} HITs and its call in the log", logged, None),
        plain["flat"],
    ]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("hits", type=int)
    parser.add_argument("--log", action="store_true", help="keep the call log")
    arguments = parser.parse_args(argv)
    print(json.dumps(measure(arguments.hits, log=arguments.log)))


if __name__ == "__main__":
    main()
