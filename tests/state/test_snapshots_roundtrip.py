"""Random states: a state that was saved and loaded behaves as before."""

from __future__ import annotations

import functools
from collections import Counter

import pytest

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import NOW
from tests.worlds import KEY, LAST_STEPS, World, answers_of, random_steps

WORLDS = 4
STEPS = 120


@functools.lru_cache(1)  # a client takes longer to make than most of what happens
def clients(mturk):
    """Return clients of two requesters, and one of the sandbox."""
    return [mturk.client(), mturk.requester("other").client(), mturk.client(sandbox=True)]


def lived(mturk, number):
    """Run random steps in a mock, the same for each number."""
    world = World(mturk, clients(mturk))
    for step in [*random_steps(f"before {number}", STEPS), *LAST_STEPS]:
        world.do(step)
    return world


def live_on(mturk, number):
    """Read everything, run more steps, and read again; return all results."""
    world = World(mturk, clients(mturk))
    steps = random_steps(f"after {number}", 25)
    return [answers_of(world), *(world.do(step) for step in steps), answers_of(world)]


def differences(found, expected):
    """Return a short description of the differences."""
    pairs = [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]
    return [_shorter(*pair) if isinstance(pair[1], dict) else pair for pair in pairs]


def _shorter(found, expected):
    keys = [key for key in found | expected if found.get(key) != expected.get(key)]
    return {key: (found.get(key), expected.get(key)) for key in keys}


@pytest.mark.parametrize("number", range(WORLDS))
def test_snapshot_from_file_behaves_the_same(tmp_path, number):
    """Answers, due events, the next IDs and balances are the same after loading."""
    path = tmp_path / "state.json"
    with mock_mturk(now=NOW, seed=number, balance="100.00") as mturk:
        lived(mturk, number)
        mturk.snapshot().save(path)
        expected = live_on(mturk, number)
    with mock_mturk(seed=100, balance="5.00") as mturk:
        mturk.restore(Snapshot.load(path))
        assert differences(live_on(mturk, number), expected) == []


def test_snapshot_in_memory_behaves_the_same():
    """A restored mock continues as if nothing else had happened in it."""
    with mock_mturk(now=NOW, seed=1, balance="100.00") as mturk:
        lived(mturk, 1)
        snapshot = mturk.snapshot()
        expected = live_on(mturk, 1)
        mturk.restore(snapshot)
        assert differences(live_on(mturk, 1), expected) == []


def test_snapshot_of_a_loaded_state_is_the_same_file(tmp_path):
    """Saving a loaded state writes the same file."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    with mock_mturk(now=NOW, seed=3, balance="100.00") as mturk:
        lived(mturk, 3)
        mturk.snapshot().save(first)
    Snapshot.load(first).save(second)

    assert second.read_text() == first.read_text()


def test_random_worlds_have_something_of_everything():
    """The random states contain objects of every kind."""
    statuses, counts, keys = set(), Counter(), set()
    for number in range(WORLDS):
        with mock_mturk(now=NOW, seed=number, balance="100.00") as mturk:
            lived(mturk, number)
            for client in clients(mturk):
                types = client.list_qualification_types(MustBeRequestable=False, MaxResults=100)
                keys |= {type_.get("AnswerKey") for type_ in types["QualificationTypes"]}
            statuses |= {hit.status for hit in mturk.hits}
            statuses |= {work.status for work in mturk.assignments}
            counts.update(notifications=len(mturk.notifications), emails=len(mturk.emails))
            counts.update(bonuses=len(mturk.bonuses), money=mturk.spent.rewards)

    assert all(counts.values())
    assert KEY in keys
    assert statuses == {
        *("Assignable", "Unassignable", "Reviewable", "Reviewing", "Disposed"),
        *("Accepted", "Submitted", "Approved", "Rejected", "Returned", "Abandoned"),
    }
