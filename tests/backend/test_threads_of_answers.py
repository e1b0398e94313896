"""Functions of a crowd that wait for other threads, which call the API."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mturk_mock.backend import transaction
from tests.crowds import cat, publish_hits, statuses
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")

LONG = 60  # seconds until a waiting test fails
HELD = (
    "the clock cannot move, and the state cannot be saved or restored, while a crowd's worker "
    "acts, such as in answer=: do that afterwards"
)


@pytest.fixture
def pool():
    """A pool of one thread."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.mark.parametrize("name", ["answer", "wrong", "work_time", "arrivals", "progress"])
def test_function_of_a_crowd_waits_for_a_thread_that_calls(mturk, mturk_client, pool, name):
    """While a function of a crowd waits for a thread, that thread's calls are answered."""
    (hit_id,) = publish_hits(mturk_client)
    seen = []

    def ask(*given):
        hit = pool.submit(mturk_client.get_hit, HITId=hit_id).result(LONG)["HIT"]
        seen.append((hit["HITId"], pool.submit(lambda: mturk.clock.now).result(LONG)))
        return {"work_time": 60, "arrivals": 10}.get(name) or {"label": "cat"}

    def answer(hit, worker):
        return {"label": "dog"}

    habits = {"answer": answer, "accuracy": 0} if name == "wrong" else {}
    mturk.crowd(3, **{**habits, name: ask})
    mturk.clock.advance_until(lambda: "Submitted" in statuses(mturk))

    assert {found for found, _ in seen} == {hit_id}
    assert all(moment <= mturk.clock.now for _, moment in seen)


def test_work_of_a_thread_in_an_answer_is_there_afterwards(mturk, mturk_client, pool):
    """Changes by the thread have the time of the answer."""
    publish_hits(mturk_client)
    made = []

    def answer(hit, worker):
        made.extend(pool.submit(publish_hits, mturk_client).result(LONG))
        return cat(hit, worker)

    mturk.crowd(1, answer=answer, work_time=60)
    mturk.clock.advance_until(lambda: made)

    first = mturk.assignments[0]
    assert mturk_client.get_hit(HITId=made[0])["HIT"]["CreationTime"] == (
        first.submit_time.replace(microsecond=0)
    )


@pytest.mark.parametrize("name", ["advance", "reset", "isolated", "snapshot"])
def test_thread_that_moves_the_clock_waits_for_the_answer(mturk, mturk_client, pool, name):
    """A thread that moves the clock waits until the answer is submitted."""
    publish_hits(mturk_client)
    futures = []
    started = threading.Event()

    def act():
        started.set()
        if name == "isolated":
            with mturk.isolated():
                return statuses(mturk)
        if name == "advance":
            mturk.clock.advance(hours=1)
            return statuses(mturk)
        getattr(mturk, name)()
        return statuses(mturk)

    def answer(hit, worker):
        futures.append(pool.submit(act))
        assert started.wait(LONG)
        return cat(hit, worker)

    mturk.crowd(1, answer=answer).finish()

    assert futures[0].result(LONG) == ([] if name == "reset" else ["Submitted"])


@pytest.mark.parametrize("name", ["advance", "reset", "isolated", "snapshot", "finish"])
def test_answer_that_waits_for_a_move_of_the_clock_is_refused(
    mturk, mturk_client, pool, monkeypatch, name
):
    """If an answer waits for a thread that moves the clock, that thread gets a RuntimeError."""
    monkeypatch.setattr(transaction, "CALLBACK_TIMEOUT", 0.01)
    publish_hits(mturk_client)
    errors = []

    def act():
        if name == "advance":
            mturk.clock.advance(hours=1)
        elif name == "finish":
            crowd.finish()
        elif name == "isolated":
            with mturk.isolated():
                pass
        else:
            getattr(mturk, name)()

    def answer(hit, worker):
        errors.append(pool.submit(act).exception(LONG))
        return cat(hit, worker)

    crowd = mturk.crowd(1, answer=answer)
    crowd.finish()

    assert [(type(error), str(error)) for error in errors] == [(RuntimeError, HELD)]
    assert statuses(mturk) == ["Submitted"]


def test_crowd_made_by_a_thread_in_an_answer(mturk, mturk_client, pool):
    """A thread can create a crowd during an answer; the functions of that crowd run meanwhile."""
    publish_hits(mturk_client)
    crowds = []

    def answer(hit, worker):
        if not crowds:
            crowds.append(pool.submit(mturk.crowd, 1, arrivals=lambda now: 5).result(LONG))
            crowds.append(mturk.crowd(1, arrivals=lambda now: 5))
        return cat(hit, worker)

    mturk.crowd(1, answer=answer).finish()
    mturk.clock.advance(days=1)

    assert [len(crowd.workers) for crowd in crowds] == [1, 1]
    assert statuses(mturk) == ["Submitted"]


def test_lock_is_back_after_an_answer_that_raises(mturk, mturk_client, pool):
    """After an answer raises, another thread can move the clock."""
    publish_hits(mturk_client)

    def answer(hit, worker):
        raise KeyError

    crowd = mturk.crowd(1, answer=answer)
    with pytest.raises(RuntimeError, match="has failed: KeyError"):
        crowd.finish()
    crowd.stop()
    pool.submit(mturk.clock.advance, days=1).result(LONG)

    assert statuses(mturk) == ["Abandoned"]


def test_functions_in_two_threads_end_in_any_order(mturk, mturk_client, pool):
    """A crowd that a thread creates during an answer can be finished after the answer."""
    publish_hits(mturk_client)
    begun, finished, made = threading.Event(), threading.Event(), []

    def arrivals(now):
        begun.set()
        finished.wait(0.2)  # times out: the answer's thread waits for this one
        return 5

    def answer(hit, worker):
        made.append(pool.submit(mturk.crowd, 1, arrivals=arrivals))
        assert begun.wait(LONG)
        return cat(hit, worker)

    mturk.crowd(1, answer=answer).finish()
    finished.set()
    made[0].result(LONG)
    mturk.clock.advance(days=1)

    assert statuses(mturk) == ["Submitted"]
