"""A whole small test, the first one of a process, and many threads at once."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import boto3

from benchmarks.floor import (
    KEYS,
    Answer,
    Call,
    answer_from,
    answers_of,
    from_json,
    new_client,
    prepare_canned,
    to_json,
)
from benchmarks.measure import Block, Comparison, Result, run_rounds, timed
from benchmarks.processes import seconds_of
from benchmarks.samples import HIT
from mturk_mock import mock_mturk

ROUNDS, PROCESS_ROUNDS = 100, 15
THREADS, CALLS_OF_A_THREAD = 8, 5


def three_calls(client: Any) -> None:
    hit_id = client.create_hit(**HIT)["HIT"]["HITId"]
    client.get_hit(HITId=hit_id)
    client.get_account_balance()


def small_test() -> None:
    """Enter, make a client of the default session, call, leave."""
    with mock_mturk():
        three_calls(boto3.client("mturk", **KEYS))


def canned_test(answers: dict[str, Answer]) -> Call:
    """Return the same without a mock."""

    def call() -> None:
        client = boto3.client("mturk", **KEYS)
        answer_from(client, answers)
        three_calls(client)

    return call


def answers_to_three_calls() -> dict[str, Answer]:
    client = new_client()
    with mock_mturk():
        return answers_of(client, lambda: three_calls(client))


def small_tests() -> Comparison:
    """Return the comparison of whole tests."""
    canned = canned_test(answers_to_three_calls())
    return Comparison(
        "a whole small test: enter, client, three calls, leave",
        lambda size: timed(small_test, size),
        lambda size: timed(canned, size),
        1.1,
        3,
    )


# The first one of a process ---------------------------------------------------------------

FIRST = """
import json, sys, time
from benchmarks import whole
test = whole.first_test(json.load(sys.stdin))
began = time.process_time()
test()
print(time.process_time() - began)
"""


def first_test(saved: dict[str, Any] | None) -> Call:
    """Return the small test, by canned bytes where there are some."""
    return small_test if saved is None else canned_test(from_json(saved))


def first_tests() -> Comparison:
    """Return the comparison of what a process does first; what it imports does not count."""
    saved = to_json(answers_to_three_calls())
    return Comparison(
        "the first mock of a process: the same test",
        seconds_of(FIRST, json.dumps(None)),
        seconds_of(FIRST, json.dumps(saved)),
        None,
        1,
    )


# Threads ----------------------------------------------------------------------------------


def get_hit(client: Any) -> Call:
    hit_id = client.create_hit(**HIT)["HIT"]["HITId"]
    return lambda: client.get_hit(HITId=hit_id)


def at_once(call: Call, size: int) -> float:
    """Return the seconds that all threads take, by the clock on the wall: waiting counts."""
    barrier = Barrier(THREADS + 1)

    def work() -> None:
        barrier.wait()
        for _ in range(size * CALLS_OF_A_THREAD):
            call()

    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(work) for _ in range(THREADS)]
        barrier.wait()
        began = time.perf_counter()
        for future in waiting:
            future.result()
        return time.perf_counter() - began


def threads() -> Comparison:
    """Return the comparison of calls of several threads, all by one client."""
    client = new_client()

    def in_the_mock(size: int) -> float:
        with mock_mturk():
            return at_once(get_hit(client), size)

    canned = prepare_canned(get_hit, new_client())
    beside: Block = lambda size: at_once(canned, size)  # noqa: E731
    return Comparison(f"get_hit, {THREADS} threads at once", in_the_mock, beside, 1.1, 2)


def run(arguments: Namespace) -> list[Result]:
    """Measure whole tests, threads, and the first tests of processes."""
    rounds, seed = arguments.rounds, arguments.seed
    return [
        *run_rounds([small_tests(), threads()], min(ROUNDS, rounds), seed),
        *run_rounds([first_tests()], min(PROCESS_ROUNDS, rounds), seed),
    ]
