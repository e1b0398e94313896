"""Expiration, deadlines, auto-approval and disposal as the clock advances."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from mturk_mock import MTurkError
from tests.helpers import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    accept,
    create_hit,
    get_hit,
    hit_ids,
    state_of,
    work,
)
from tests.policies import known_answers, outcomes, submit_score

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


def test_expiry_at_the_second(mturk, publish, state):
    """A HIT can be accepted before its Expiration, but not at that moment. [assumed]"""
    hit_id = publish()
    mturk.clock.advance(seconds=HOUR - 1)
    assert state(hit_id).status == "Assignable"

    mturk.clock.advance(seconds=1)
    assert state(hit_id).status == "Reviewable"


def test_abandonment_at_the_deadline(mturk, publish):
    """At AcceptTime plus AssignmentDurationInSeconds an assignment is abandoned. [doc] [assumed]"""
    hit_id = publish(2, AssignmentDurationInSeconds=90)
    in_time, too_late = accept(mturk, hit_id, 2)
    assert in_time.deadline == NOW + timedelta(seconds=90)

    mturk.clock.advance(seconds=89)
    in_time.submit({})
    mturk.clock.advance(seconds=1)
    assert (in_time.status, too_late.status) == ("Submitted", "Abandoned")
    with pytest.raises(MTurkError, match=r"is Abandoned\. Only an Accepted assignment"):
        too_late.submit({})


def test_submission_after_the_expiration_counts(mturk, mturk_client, publish):
    """Work accepted before the expiration can be submitted, listed and paid. [doc]"""
    hit_id = publish(AssignmentDurationInSeconds=2 * HOUR)
    (assignment,) = accept(mturk, hit_id)
    mturk.clock.advance(minutes=119)
    assignment.submit({})

    (listed,) = mturk_client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert listed["SubmitTime"] == NOW + timedelta(minutes=119)
    mturk_client.approve_assignment(AssignmentId=assignment.id)
    assert mturk.spent.rewards == Decimal("0.50")


def test_auto_approval_at_its_time(mturk, mturk_client, publish, state):
    """Unreviewed work is approved and paid at AutoApprovalTime. [doc]"""
    hit_id = publish(AutoApprovalDelayInSeconds=DAY)
    (assignment,) = work(mturk, hit_id)
    mturk.clock.advance(seconds=DAY - 1)
    assert state(hit_id) == ("Reviewable", 0, 0, 0)

    mturk.clock.advance(seconds=1)
    assert state(hit_id) == ("Reviewable", 0, 0, 1)
    assert mturk.worker(assignment.worker_id).earnings == Decimal("0.50")


def test_auto_approval_at_once(mturk, publish, state):
    """With a delay of 0 work is approved at its submission. [doc]"""
    hit_id = publish(AutoApprovalDelayInSeconds=0)
    (assignment,) = work(mturk, hit_id)

    assert assignment.approval_time == assignment.submit_time
    assert state(hit_id) == ("Reviewable", 0, 0, 1)


def add_assignments(mturk, client, hit_id):
    client.create_additional_assignments_for_hit(HITId=hit_id, NumberOfAdditionalAssignments=2)


def extend_expiration(mturk, client, hit_id):
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=NOW + timedelta(days=9))


def expire_now(mturk, client, hit_id):
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=NOW)


def extend_by_policy(mturk, client, hit_id):
    submit_score(mturk, hit_id, 0)
    assert outcomes(client, hit_id) == [("extend", "Extended by 1 assignment")]


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (add_assignments, ("MaxAssignments", 4)),
        (extend_expiration, ("Expiration", NOW + timedelta(days=9))),
        (expire_now, ("Expiration", NOW + timedelta(minutes=1))),
        (extend_by_policy, ("MaxAssignments", 3)),
    ],
)
def test_auto_approval_time_stays_when_the_hit_changes(
    mturk, mturk_client, publish, change, changed
):
    """Extending a HIT does not change the AutoApprovalTime of submitted work. [doc]"""
    policy = known_answers(
        ExtendIfKnownAnswerScoreIsLessThan=50,
        ExtendMaximumAssignments=5,
        ExtendMinimumTimeInSeconds=5 * DAY,
    )
    hit_id = publish(2, AutoApprovalDelayInSeconds=DAY, AssignmentReviewPolicy=policy)
    id_ = submit_score(mturk, hit_id, 100).id
    mturk.clock.advance(minutes=1)
    change(mturk, mturk_client, hit_id)

    def shown():
        return mturk_client.get_assignment(AssignmentId=id_)["Assignment"]

    member, value = changed
    assert get_hit(mturk_client, hit_id)[member] == value
    assert shown()["AutoApprovalTime"] == NOW + timedelta(days=1)
    mturk.clock.move_to(NOW + timedelta(days=1, seconds=-1))
    assert shown()["AssignmentStatus"] == "Submitted"
    mturk.clock.advance(seconds=1)
    assert shown()["AssignmentStatus"] == "Approved"
    assert shown()["ApprovalTime"] == shown()["AutoApprovalTime"] == NOW + timedelta(days=1)


def test_advance_leaves_exact_times(mturk, mturk_client, publish):
    """After one step of two months, every event has its own exact time. [assumed]"""
    hit_id = publish(3, AutoApprovalDelayInSeconds=3 * DAY)
    mturk.clock.advance(minutes=1)
    (done,) = work(mturk, hit_id)
    (left,) = accept(mturk, hit_id)
    mturk.clock.advance(days=60)

    (listed,) = mturk_client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert listed["ApprovalTime"] == listed["AutoApprovalTime"]
    assert listed["ApprovalTime"] == NOW + timedelta(days=3, minutes=1)
    assert get_hit(mturk_client, hit_id)["Expiration"] == NOW + timedelta(hours=1)
    assert (done.status, left.status) == ("Approved", "Abandoned")
    assert state_of(mturk_client, hit_id) == ("Reviewable", 2, 0, 1)
    assert mturk.clock.now == NOW + timedelta(days=60, minutes=1)


def test_everything_happens_in_order(mturk, mturk_client, publish):
    """Upcoming events are listed, and happen in the order of their times. [assumed]"""
    hit_id = publish(2, AutoApprovalDelayInSeconds=30 * MINUTE)
    (done,) = work(mturk, hit_id)
    (left,) = accept(mturk, hit_id)
    expected = [
        ("assignment is abandoned", left.id, timedelta(minutes=10)),
        ("assignment is approved automatically", done.id, timedelta(minutes=30)),
        ("HIT expires", hit_id, timedelta(hours=1)),
    ]
    upcoming = [(each.what, each.id, each.time - NOW) for each in mturk.clock.upcoming]
    assert upcoming[:3] == expected

    seen = []
    mturk.clock.advance_until(lambda: left.status == "Abandoned")
    seen.append((done.status, state_of(mturk_client, hit_id).status))
    mturk.clock.advance_until(lambda: done.status == "Approved")
    seen.append((done.status, state_of(mturk_client, hit_id).status))
    mturk.clock.advance_until(lambda: get_hit(mturk_client, hit_id)["HITStatus"] == "Reviewable")
    assert seen == [("Submitted", "Assignable"), ("Approved", "Assignable")]
    assert mturk.clock.now == NOW + timedelta(hours=1)


def test_what_was_given_back_in_time_is_taken_and_expires(mturk, publish, state):
    """An abandoned assignment is available from its deadline until the HIT expires. [doc]"""
    hit_id = publish()
    accept(mturk, hit_id)
    mturk.clock.advance(hours=2)

    assert state(hit_id) == ("Reviewable", 1, 0, 0)
    assert [event.what for event in mturk.clock.upcoming] == ["HIT is disposed"]


# Disposal ---------------------------------------------------------------------------------

LIFE_AFTER_WORK = timedelta(days=120)


def test_disposal_after_120_days(mturk, mturk_client, publish, state):
    """A HIT is Disposed 120 days after it stopped being Assignable. [doc] [assumed] start"""
    hit_id = publish()
    mturk.clock.move_to(NOW + timedelta(hours=1) + LIFE_AFTER_WORK - timedelta(seconds=1))
    assert state(hit_id).status == "Reviewable"

    mturk.clock.advance(seconds=1)
    assert state(hit_id).status == "Disposed"
    assert hit_ids(mturk_client.list_hits()) == []
    assert hit_ids(mturk_client.list_reviewable_hits()) == []


def test_disposal_of_a_reviewing_hit(mturk, mturk_client, publish, state):
    """A Reviewing HIT is disposed of as well. [doc]"""
    hit_id = publish()
    work(mturk, hit_id)
    mturk_client.update_hit_review_status(HITId=hit_id)
    mturk.clock.move_to(NOW + LIFE_AFTER_WORK)

    assert state(hit_id) == ("Disposed", 0, 0, 1)


def test_disposal_counts_anew_after_an_extension(mturk, mturk_client, publish, state):
    """The 120 days begin when the HIT last stops being Assignable. [assumed]"""
    hit_id = publish()
    mturk.clock.advance(days=100)
    expiration = mturk.clock.now + timedelta(days=30)
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=expiration)

    mturk.clock.move_to(expiration - timedelta(seconds=1))
    assert state(hit_id).status == "Assignable"
    mturk.clock.move_to(expiration + LIFE_AFTER_WORK - timedelta(seconds=1))
    assert state(hit_id).status == "Reviewable"
    mturk.clock.advance(seconds=1)
    assert state(hit_id).status == "Disposed"


def test_disposal_begins_with_the_last_slot_taken(mturk, publish, state):
    """When its last assignment is accepted, a HIT stops being Assignable. [assumed]"""
    hit_id = publish(AssignmentDurationInSeconds=10 * DAY, LifetimeInSeconds=50 * DAY)
    (assignment,) = accept(mturk, hit_id)
    mturk.clock.advance(days=9)
    assignment.submit({})
    mturk.clock.move_to(NOW + LIFE_AFTER_WORK)

    assert state(hit_id) == ("Disposed", 0, 0, 1)


@pytest.mark.parametrize("end", ["submit", "return"])
def test_disposal_waits_for_work(mturk, mturk_client, publish, state, end):
    """An old HIT is disposed of only when its work is reviewed or returned. [assumed]"""
    hit_id = publish(AssignmentDurationInSeconds=200 * DAY)
    (assignment,) = accept(mturk, hit_id)
    mturk.clock.advance(days=150)
    assert state(hit_id) == ("Unassignable", 0, 1, 0)

    if end == "submit":
        assignment.submit({})
        assert state(hit_id) == ("Reviewable", 0, 0, 0)
        mturk_client.approve_assignment(AssignmentId=assignment.id)
        assert state(hit_id) == ("Disposed", 0, 0, 1)
    else:
        assignment.return_hit()
        assert state(hit_id) == ("Disposed", 1, 0, 0)
