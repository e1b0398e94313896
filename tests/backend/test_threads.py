"""Threads share a mock safely; forked processes are refused."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from mturk_mock import MTurkError
from tests.helpers import NOW, publish

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")

THREADS = 32
CALLS = 100  # per thread


def outcome(action, *args, **kwargs):
    """Return "done", or the last part of the error code of a refused action."""
    try:
        action(*args, **kwargs)
    except MTurkError as error:
        return error.code.rpartition(".")[2]
    except ClientError as error:
        return error.response["TurkErrorCode"].rpartition(".")[2]
    return "done"


@pytest.fixture
def in_threads():
    """Run a function in all threads at once, with the thread's number; return the results.

    The switch interval is so short that threads switch in the middle of operations.
    """
    interval = sys.getswitchinterval()

    def run(function):
        barrier = threading.Barrier(THREADS)

        def wait_and_run(number):
            barrier.wait()
            return function(number)

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(wait_and_run, range(THREADS)))

    sys.setswitchinterval(1e-6)  # seconds
    yield run
    sys.setswitchinterval(interval)


def test_threads_lose_no_call(mturk, mturk_client, in_threads):
    """Every HIT exists and every call is logged when many threads share one client."""

    def work(number):
        ids = []
        for count in range(CALLS // 4):
            ids.append(publish(mturk_client, Title=f"{number}", RequesterAnnotation=f"{count}"))
            mturk_client.get_hit(HITId=ids[-1])
            mturk_client.list_hits(MaxResults=2)
            mturk_client.create_worker_block(WorkerId=f"A{number}X{count}", Reason="Spam")
        return ids

    made = in_threads(work)

    ids = [id_ for each in made for id_ in each]
    assert len(ids) == len(set(ids)) == THREADS * CALLS // 4
    assert {hit.id for hit in mturk.hits} == set(ids)
    assert len(mturk.calls) == THREADS * CALLS
    assert len({hit.hit_type_id for hit in mturk.hits}) == THREADS
    assert mturk.balance == 100_000 - len(ids) * Decimal("1.20")
    pages = mturk_client.get_paginator("list_worker_blocks").paginate()
    assert sum(page["NumResults"] for page in pages) == len(ids)


def test_threads_share_one_hit_by_its_rules(mturk, mturk_client, in_threads):
    """When threads accept, submit and review one HIT, its counts equal the work done."""
    hit_id = publish(mturk_client, MaxAssignments=THREADS - 2)

    def work(number):
        worker = mturk.worker(f"A{number}")
        client = mturk.client()
        refused = outcome(worker.accept, hit_id)
        if refused != "done":
            return refused
        (assignment,) = worker.assignments
        if number % 4 == 0:
            assignment.return_hit()
            return "returned"
        assignment.submit({"number": number})
        if number % 4 == 1:
            return "submitted"
        if number % 4 == 2:
            client.approve_assignment(AssignmentId=assignment.id)
            return "approved"
        client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
        return "rejected"

    done = Counter(in_threads(work))

    hit = mturk_client.get_hit(HITId=hit_id)["HIT"]
    completed = done["approved"] + done["rejected"]
    assert set(done) <= {
        "returned",
        "submitted",
        "approved",
        "rejected",
        "NoHITsAvailableInGroupException",
    }
    assert hit["NumberOfAssignmentsCompleted"] == completed
    assert hit["NumberOfAssignmentsPending"] == 0
    assert hit["NumberOfAssignmentsAvailable"] == THREADS - 2 - completed - done["submitted"]
    assert mturk.spent.rewards == done["approved"]
    statuses = Counter(assignment.status.lower() for assignment in mturk.assignments)
    del done["NoHITsAvailableInGroupException"]
    assert statuses == done


def test_threads_take_each_assignment_once(mturk, mturk_client, in_threads):
    """When threads accept the last assignment at once, one of them gets it."""
    hits = [publish(mturk_client) for _ in range(10)]

    def work(number):
        worker = mturk.worker(f"A{number}")
        return [outcome(worker.accept, hit_id) for hit_id in hits]

    for outcomes in zip(*in_threads(work), strict=True):
        assert Counter(outcomes) == {"done": 1, "NoHITsAvailableInGroupException": THREADS - 1}


def test_threads_spend_no_dollar_twice(mturk, mturk_client, in_threads):
    """When threads create HITs at once, the balance pays for exactly ten."""
    mturk.balance = 12

    outcomes = in_threads(lambda number: outcome(publish, mturk_client))

    assert Counter(outcomes) == {"done": 10, "InsufficientFunds": THREADS - 10}
    assert len(mturk.hits) == 10
    assert mturk.balance == 0


def test_threads_use_each_token_once(mturk, mturk_client, in_threads):
    """When threads create a HIT with one token at once, one HIT is created."""
    outcomes = in_threads(lambda number: outcome(publish, mturk_client, UniqueRequestToken="t"))

    assert Counter(outcomes) == {"done": 1, "HitAlreadyExists": THREADS - 1}
    assert len(mturk.hits) == 1


def test_threads_move_the_clock_together(mturk, mturk_client, in_threads):
    """When threads advance the clock, every step counts, and each event happens once."""
    hit_id = publish(mturk_client, MaxAssignments=9, AutoApprovalDelayInSeconds=60)
    for _ in range(9):
        mturk.worker().accept(hit_id).submit({})

    in_threads(lambda number: mturk.clock.advance(seconds=10))

    assert (mturk.clock.now - NOW).total_seconds() == 10 * THREADS
    assert mturk.spent.rewards == 9
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["NumberOfAssignmentsCompleted"] == 9


def test_transaction_is_one_threads_alone(mturk):
    """During a transaction of one thread, another thread cannot start one."""
    with mturk._backend.transaction(), ThreadPoolExecutor(1) as pool:
        begun = pool.submit(mturk._backend._transactions.lock.acquire, blocking=False).result()

    assert not begun


# Processes --------------------------------------------------------------------------------


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
#: From Python 3.12 on, os.fork() warns if there are other threads.
ignores_threads = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def in_a_fork(action):
    """Run an action in a forked process; return its process ID and the text of the exception."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            action()
            said = "no exception"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return child, said


@needs_fork
@ignores_threads
@pytest.mark.parametrize(
    "action",
    [
        lambda mturk, client: client.list_hits(),
        lambda mturk, client: mturk.worker(),
        lambda mturk, client: mturk.clock.advance(days=1),
    ],
    ids=["api", "worker", "clock"],
)
def test_forked_process_is_refused(mturk, mturk_client, action):
    """Using the mock in a forked process raises RuntimeError with the reason."""
    child, said = in_a_fork(lambda: action(mturk, mturk_client))

    assert said == (
        f"RuntimeError: this mock of Mechanical Turk belongs to process {os.getpid()}, and "
        f"process {child} was forked from it: changes made there would be lost. "
        "Start a mock in the new process instead."
    )


def test_other_process_is_refused(mturk_client, monkeypatch):
    """The same error in this process, because coverage does not measure forked processes."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "getpid", lambda: 7)
        with pytest.raises(RuntimeError, match="and process 7 was forked from it"):
            mturk_client.list_hits()


@needs_fork
@ignores_threads
def test_forked_process_is_refused_while_a_thread_holds_the_mock(mturk, mturk_client):
    """The forked process raises the error even if a thread of the parent holds the lock."""
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with mturk._backend.transaction():
            held.set()
            let_go.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        _, said = in_a_fork(mturk_client.list_hits)
    finally:
        let_go.set()
        thread.join()

    assert said.startswith("RuntimeError: this mock of Mechanical Turk belongs to process ")


@needs_fork
@ignores_threads
def test_parent_goes_on_after_a_fork(mturk, mturk_client):
    """After a fork the parent's mock works as before."""
    in_a_fork(lambda: mturk.worker("A1"))

    assert publish(mturk_client) == mturk.hits[0].id
