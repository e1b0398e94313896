"""Status and counters of a HIT after each operation and event."""

from __future__ import annotations

import pytest

from mturk_mock import MTurkError
from tests.helpers import (
    HOUR,
    NOW,
    accept,
    create_hit,
    expire,
    state_of,
    work,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)


@pytest.fixture
def publish(mturk_client):
    """Return a function that publishes a HIT that lives an hour, and returns its ID."""

    def publish(number=1, **overrides):
        overrides = {"LifetimeInSeconds": HOUR, **overrides}
        return create_hit(mturk_client, MaxAssignments=number, **overrides)["HITId"]

    return publish


@pytest.fixture
def state(mturk_client):
    """Return a HIT's status, and its numbers of available, pending and completed assignments."""
    return lambda hit_id: state_of(mturk_client, hit_id)


def test_create_makes_a_hit_assignable(publish, state):
    """A new HIT is Assignable. [observed]"""
    assert state(publish(3)) == ("Assignable", 3, 0, 0)


def test_accept_with_slots_left(mturk, publish, state):
    """A HIT stays Assignable while it has available assignments. [doc]"""
    hit_id = publish(3)
    accept(mturk, hit_id, 2)

    assert state(hit_id) == ("Assignable", 1, 2, 0)


def test_accept_of_the_last_slot(mturk, publish, state):
    """When its last assignment is accepted, a HIT becomes Unassignable. [doc]"""
    hit_id = publish(2)
    accept(mturk, hit_id, 2)

    assert state(hit_id) == ("Unassignable", 0, 2, 0)


@pytest.mark.parametrize("end", ["return", "abandon"])
def test_give_back_of_an_unexpired_hit(mturk, publish, state, end):
    """A returned or abandoned assignment is available to other workers. [doc]"""
    hit_id = publish(2)
    accept(mturk, hit_id)[0].submit({})
    mturk.clock.advance(minutes=1)
    (assignment,) = accept(mturk, hit_id)
    assert state(hit_id) == ("Unassignable", 0, 1, 0)

    if end == "return":
        assignment.return_hit()
    else:
        mturk.clock.advance(minutes=10)
    assert state(hit_id) == ("Assignable", 1, 0, 0)
    accept(mturk, hit_id)


def test_submit_with_others_open(mturk, publish, state):
    """A submission leaves an Assignable HIT Assignable, and is in no counter. [doc]"""
    hit_id = publish(3)
    work(mturk, hit_id)

    assert state(hit_id) == ("Assignable", 2, 0, 0)


def test_submit_with_others_at_work(mturk, publish, state):
    """A HIT is Unassignable until the last worker submits. [doc]"""
    hit_id = publish(2)
    accept(mturk, hit_id, 2)[0].submit({})

    assert state(hit_id) == ("Unassignable", 0, 1, 0)


def test_submit_of_the_last_assignment(mturk, publish, state):
    """When all assignments are submitted, a HIT is Reviewable. [doc]"""
    hit_id = publish(2)
    work(mturk, hit_id, 2)

    assert state(hit_id) == ("Reviewable", 0, 0, 0)


@pytest.mark.parametrize("forced", [False, True], ids=["lifetime", "forced"])
@pytest.mark.parametrize("submitted", [0, 1])
def test_expiry_with_nothing_pending(mturk, mturk_client, publish, state, forced, submitted):
    """An expired HIT is Reviewable, even without any work. [doc]"""
    hit_id = publish(3)
    work(mturk, hit_id, submitted)
    if forced:
        expire(mturk_client, hit_id)
    else:
        mturk.clock.advance(hours=1)

    assert state(hit_id) == ("Reviewable", 3 - submitted, 0, 0)


@pytest.mark.parametrize("forced", [False, True], ids=["lifetime", "forced"])
def test_expiry_with_work_pending(mturk, mturk_client, publish, state, forced):
    """An expired HIT is Unassignable while an assignment is pending. [doc]"""
    hit_id = publish(3)
    mturk.clock.advance(minutes=55)
    accept(mturk, hit_id)
    if forced:
        expire(mturk_client, hit_id)
    else:
        mturk.clock.advance(minutes=5)

    assert state(hit_id) == ("Unassignable", 2, 1, 0)


@pytest.mark.parametrize(("end", "available"), [("submit", 2), ("return", 3), ("abandon", 3)])
def test_last_pending_work_of_an_expired_hit(mturk, mturk_client, publish, state, end, available):
    """When its last work ends, an expired HIT is Reviewable and cannot be accepted. [assumed]"""
    hit_id = publish(3)
    (assignment,) = accept(mturk, hit_id)
    expire(mturk_client, hit_id)
    if end == "submit":
        assignment.submit({})
    elif end == "return":
        assignment.return_hit()
    else:
        mturk.clock.advance(minutes=10)

    assert state(hit_id) == ("Reviewable", available, 0, 0)
    with pytest.raises(MTurkError, match="it is Reviewable"):
        accept(mturk, hit_id)


@pytest.mark.parametrize("status", ["Reviewable", "Reviewing"])
def test_review_leaves_the_status(mturk, mturk_client, publish, state, status):
    """Reviewed work is counted as Completed, and the HIT keeps its status. [doc]"""
    hit_id = publish(2)
    first, second = work(mturk, hit_id, 2)
    if status == "Reviewing":
        mturk_client.update_hit_review_status(HITId=hit_id)

    mturk_client.approve_assignment(AssignmentId=first.id)
    assert state(hit_id) == (status, 0, 0, 1)
    mturk_client.reject_assignment(AssignmentId=second.id, RequesterFeedback="")
    assert state(hit_id) == (status, 0, 0, 2)


def test_review_while_others_can_take_it(mturk, mturk_client, publish, state):
    """Work can be reviewed in any state; rejected work is not published again. [observed]"""
    hit_id = publish(3)
    first, second = work(mturk, hit_id, 2)
    mturk_client.approve_assignment(AssignmentId=first.id)
    mturk_client.reject_assignment(AssignmentId=second.id, RequesterFeedback="")

    assert state(hit_id) == ("Assignable", 1, 0, 2)


def test_override_of_a_rejection_leaves_the_numbers(mturk, mturk_client, publish, state):
    """Overriding a rejection does not change the Completed counter. [assumed]"""
    hit_id = publish()
    (assignment,) = work(mturk, hit_id)
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="")
    mturk_client.approve_assignment(AssignmentId=assignment.id, OverrideRejection=True)

    assert assignment.status == "Approved"
    assert state(hit_id) == ("Reviewable", 0, 0, 1)


def test_life_of_the_developer_guide(mturk, mturk_client, publish, state):
    """The Developer Guide's example of five assignments, step by step. [doc]"""
    hit_id = publish(5)
    assert state(hit_id) == ("Assignable", 5, 0, 0)
    open_ = accept(mturk, hit_id, 3)
    assert state(hit_id) == ("Assignable", 2, 3, 0)
    open_ += accept(mturk, hit_id, 2)
    done = [open_.pop().submit({}) for _ in range(2)]
    assert state(hit_id) == ("Unassignable", 0, 3, 0)
    open_.pop().return_hit()
    assert state(hit_id) == ("Assignable", 1, 2, 0)
    done += [assignment.submit({}) for assignment in open_] + work(mturk, hit_id)
    assert state(hit_id) == ("Reviewable", 0, 0, 0)
    for number, assignment in enumerate(done, 1):
        mturk_client.approve_assignment(AssignmentId=assignment.id)
        assert state(hit_id) == ("Reviewable", 0, 0, number)


def test_numbers_add_up(mturk, mturk_client, publish):
    """MaxAssignments equals the three counters plus the submitted assignments. [doc] [assumed]"""
    hit_id = publish(5)
    first, second = work(mturk, hit_id, 2)
    accept(mturk, hit_id)
    mturk_client.approve_assignment(AssignmentId=first.id)

    for change in (None, lambda: expire(mturk_client, hit_id), lambda: mturk.clock.advance(days=1)):
        if change is not None:
            change()
        to_review = mturk_client.list_assignments_for_hit(
            HITId=hit_id, AssignmentStatuses=["Submitted"]
        )["Assignments"]
        assert [each["AssignmentId"] for each in to_review] == [second.id]
        assert sum(state_of(mturk_client, hit_id)[1:]) + len(to_review) == 5
