"""Many HITs with one question: the memory each takes, and copies of their state."""

from __future__ import annotations

import gc
import json
import pickle
import tracemalloc
from dataclasses import asdict
from decimal import Decimal

from mturk_mock import mock_mturk
from tests.helpers import NOW, html_question
from tests.states import load, of_hits

QUESTION = html_question('<form><input name="answer"></form>')


def bytes_of(do, count):
    """Return the bytes still allocated after `count` calls, per call."""
    do()
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(count):
            do()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / count
    finally:
        tracemalloc.stop()


def test_hit_takes_little_beside_its_question(mturk):
    """A HIT takes less than 750 bytes beside its question, so that a million fit in memory.

    The number is for Python 3.10, whose objects are larger than those of later versions.
    """
    assert bytes_of(lambda: mturk.add_hit(question=QUESTION), 300) < 750


def test_assignment_takes_little_beside_its_answer(mturk):
    """An approved assignment, its HIT and their events take less than 3,700 bytes."""
    worker, answer = mturk.worker(), "a" * 1000

    def work():
        hit = mturk.add_hit(question=QUESTION, auto_approval_delay_in_seconds=0)
        worker.accept(hit).submit({"answer": answer})

    assert bytes_of(work, 300) < 1300 + 2400


def test_hit_that_was_read_takes_no_more(mturk):
    """Reading a HIT without assignments creates no list and no dict."""
    hit = mturk.add_hit(question=QUESTION)
    mturk.worker().find_hits()
    mturk.client().list_assignments_for_hit(HITId=hit.hit_id)

    with mturk._backend.transaction() as (marketplace, _):
        found = marketplace.find_hit(hit.hit_id)[1]
        assert (found.uptake, found.policies) == (None, None)
        assert (list(found.assignment_ids), list(found.submitted_ids)) == ([], [])
        assert dict(found.takers) == {}


def test_events_of_an_account_share_its_key(mturk):
    """All events of an account share one key object, also in a copy of the state."""
    for _ in range(3):
        mturk.add_hit()
    with mturk.isolated(), mturk._backend.transaction() as (marketplace, _):
        assert len({id(event.account) for event in marketplace.schedule.events()}) == 1


def test_records_survive_a_copy(mturk):
    """HITs, assignments and workers are equal after pickling."""
    hit = mturk.add_hit(question=QUESTION, max_assignments=3)
    mturk.worker().accept(hit).submit({"answer": "a"})
    mturk.worker().accept(hit).return_hit()
    with mturk._backend.transaction() as (marketplace, _):
        account, kept = marketplace.find_hit(hit.hit_id)
        things = (kept, *account.assignments.values(), *marketplace.people.values())
        copies = pickle.loads(pickle.dumps(things))
    assert [asdict(copy) for copy in copies] == [asdict(thing) for thing in things]


def test_hit_holds_its_assignments_times_their_cost():
    """A HIT holds its number of assignments times the cost of one, which includes the fee."""
    with mock_mturk(now=NOW, balance="100") as mturk:
        client = mturk.client()
        hit_type = client.create_hit_type(
            Title="t", Description="d", Reward="1", AssignmentDurationInSeconds=60
        )["HITTypeId"]
        for most in (1, 1, 10):
            client.create_hit_with_hit_type(
                HITTypeId=hit_type, LifetimeInSeconds=60, Question=QUESTION, MaxAssignments=most
            )
        assert mturk.balance == Decimal("100") - 2 * Decimal("1.20") - 10 * Decimal("1.40")
        with mturk._backend.transaction() as (marketplace, _):
            first, second, third = marketplace.accounts["default", "production"].hits_by_number
        assert (first.held, second.held) == (Decimal("1.20"), Decimal("1.20"))
        assert third.held == Decimal("14")


def test_review_log_of_a_hit_without_policies_is_kept(mturk, tmp_path):
    """A file may have a review log for a HIT without policies."""
    finding = {"kind": "finding", "level": "HIT", "action_id": "3ACTION", "subject_id": "3HIT"}
    finding |= {"subject_type": "HIT", "key": "HitAgreementScore", "value": "50"}
    mturk.restore(load(tmp_path, **of_hits({"id": "3HIT", "review_log": [finding]})))
    again = tmp_path / "again.json"
    mturk.snapshot().save(again)

    (account,) = json.loads(again.read_text())["accounts"]
    assert account["hits"][0]["review_log"] == [finding]


def test_many_approvals_happen_in_one_move(mturk):
    """Each assignment is approved at its own time, and paid once."""
    delay = 3600
    hit = mturk.add_hit(
        question=QUESTION,
        max_assignments=50,
        reward="0.05",
        auto_approval_delay_in_seconds=delay,
    )
    workers = [mturk.worker() for _ in range(50)]
    for worker in workers:
        worker.accept(hit).submit({"answer": "a"})
    mturk.clock.advance(seconds=delay)

    assert {work.status for work in mturk.assignments} == {"Approved"}
    assert all(work.approval_time == work.auto_approval_time for work in mturk.assignments)
    assert {worker.earnings for worker in workers} == {Decimal("0.05")}
    assert mturk.spent.rewards == 50 * Decimal("0.05")
