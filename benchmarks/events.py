"""What happens by itself along the clock: auto-approvals, each beside a call."""

from __future__ import annotations

import itertools
from argparse import Namespace
from datetime import datetime, timedelta, timezone

from benchmarks.calls import get_hit
from benchmarks.filling import filling, new_mock, submit
from benchmarks.floor import new_client, under_the_mock
from benchmarks.measure import Block, Comparison, Result, run_rounds, timed
from benchmarks.pages import ANSWERS
from benchmarks.samples import EXTERNAL_QUESTION, hit_with
from mturk_mock import MTurk

ROUNDS = 5
CALLS = 300  # of get_hit in a block
ASSIGNMENTS = 10  # of each HIT
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
FIRST_DUE = START + 2 * DAY
EACH = timedelta(milliseconds=1)  # from one that is due to the next

HIT_OF_MANY = {
    **hit_with(EXTERNAL_QUESTION),
    "Reward": "0.01",
    "MaxAssignments": ASSIGNMENTS,
    "AutoApprovalDelayInSeconds": (FIRST_DUE - START) // timedelta(seconds=1),
    "LifetimeInSeconds": 30 * 86_400,
}


def due_tomorrow(count: int) -> MTurk:
    """Return a mock in which so many assignments will be approved within the next day.

    They are due one after the other. What else there was to happen is over: people
    had 600 seconds for each.
    """
    mturk = new_mock(now=START)
    delays = itertools.count(step=EACH // timedelta(microseconds=1))
    with filling(mturk) as ask:
        for _ in range(count // ASSIGNMENTS):
            hit_id = ask("CreateHIT", **HIT_OF_MANY)["HIT"]["HITId"]
            submit(mturk, hit_id, ASSIGNMENTS, ANSWERS.format(""), delays)
    mturk.clock.move_to(FIRST_DUE - DAY / 2)
    return mturk


def approving(count: int) -> Block:
    """Return the advance over so many auto-approvals, the seconds for each; on a copy each time."""
    mturk = due_tomorrow(count)

    def block(size: int) -> float:
        with mturk.isolated():
            spent = mturk.spent.rewards
            seconds = timed(Once(mturk), 1) * size / count
            assert (mturk.spent.rewards - spent) * 100 == count, "not all were approved"
        return seconds

    return block


def for_two(block: Block) -> Block:
    """Return a block that runs once for two comparisons of a round, since copying takes long."""
    known: list[float] = []

    def run(size: int) -> float:
        if known:
            return known.pop() * size
        known.append(block(1))
        return known[0] * size

    return run


class Once:
    """Advances over a day at its second call; at its first, which does not count, not at all."""

    def __init__(self, mturk: MTurk) -> None:
        self._mturk = mturk
        self._step = timedelta(0)

    def __call__(self) -> None:
        """Advance."""
        self._mturk.clock.advance(self._step)
        self._step = DAY


def calling() -> Block:
    """Return get_hit, the seconds for each call."""
    block = under_the_mock(new_client(), get_hit)
    return lambda size: block(size * CALLS) / CALLS


def comparisons(count: int) -> list[Comparison]:
    """Return both comparisons of auto-approvals."""
    many, fewer = for_two(approving(count)), approving(count // 10)
    return [
        Comparison(f"one of {count:,} auto-approvals, beside get_hit", many, calling(), 0.1, 1),
        Comparison(
            f"one of {count:,} auto-approvals, beside one of {count // 10:,}", many, fewer, 1.1, 1
        ),
    ]


def run(arguments: Namespace) -> list[Result]:
    """Measure what happens by itself."""
    rows = comparisons(arguments.items)
    return run_rounds(rows, min(ROUNDS, arguments.rounds), arguments.seed)
