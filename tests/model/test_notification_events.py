"""Each event: when it is sent, and when it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from freezegun import freeze_time

from mturk_mock import mock_mturk
from tests.helpers import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    YEAR,
    create_hit,
    create_hit_type,
    error_of,
    expire,
    work,
)
from tests.notices import EVENTS, publish, tell, telling_type, told
from tests.policies import known_answers

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def hit_id(mturk_client):
    """A HIT for two workers whose type sends all events; HITCreated has been sent."""
    return publish(mturk_client, telling_type(mturk_client), MaxAssignments=2)


@pytest.fixture
def since(mturk, hit_id):
    """Return the later events of the HIT: type, assignment, seconds from NOW."""
    known = len(mturk.notifications)

    def read():
        new = mturk.notifications[known:]
        assert {notification.hit_id for notification in new} <= {hit_id}
        return [
            (each.event_type, each.assignment_id, (each.time - NOW).total_seconds()) for each in new
        ]

    return read


def test_create_hit_with_hit_type_tells_hit_created(mturk, mturk_client):
    """CreateHITWithHITType sends HITCreated. [doc]"""
    hit_id = publish(mturk_client, telling_type(mturk_client))

    (notification,) = mturk.notifications
    assert (notification.event_type, notification.hit_id) == ("HITCreated", hit_id)


def test_create_hit_tells_by_the_type_that_it_finds(mturk, mturk_client):
    """CreateHIT with the values of a HIT type uses that type's settings. [doc]"""
    telling_type(mturk_client)

    hit = create_hit(mturk_client)

    assert [notification.hit_id for notification in mturk.notifications] == [hit["HITId"]]


def test_refused_hit_tells_nothing(mturk, mturk_client):
    """A refused CreateHIT sends no event."""
    hit_type_id = telling_type(mturk_client)
    mturk.balance = 0

    error_of(lambda: publish(mturk_client, hit_type_id))

    assert told(mturk) == []


def test_accept_tells_assignment_accepted(mturk, hit_id, since):
    """Accepting an assignment sends AssignmentAccepted. [doc]"""
    assignment = mturk.worker().accept(hit_id)

    assert since() == [("AssignmentAccepted", assignment.id, 0)]


def test_return_tells_assignment_returned(mturk, hit_id, since):
    """Returning an assignment sends AssignmentReturned. [doc]"""
    assignment = mturk.worker().accept(hit_id)
    assignment.return_hit()

    assert since()[1:] == [("AssignmentReturned", assignment.id, 0)]


def test_deadline_tells_assignment_abandoned(mturk, hit_id, since):
    """At the deadline AssignmentAbandoned is sent. [doc]"""
    assignment = mturk.worker().accept(hit_id)
    mturk.clock.advance(hours=1)

    assert since()[1:] == [("AssignmentAbandoned", assignment.id, 10 * MINUTE)]


def test_submit_before_the_deadline_tells_no_abandonment(mturk, hit_id, since):
    """Submitted work sends no AssignmentAbandoned later. [doc]"""
    assignment = mturk.worker().accept(hit_id).submit({})
    mturk.clock.advance(hours=1)

    assert since()[1:] == [("AssignmentSubmitted", assignment.id, 0)]


def test_last_submission_tells_hit_reviewable(mturk, hit_id, since):
    """HITReviewable is sent only when no assignment is available or pending. [doc]"""
    (first,) = work(mturk, hit_id)
    assert [event for event, _, _ in since()] == ["AssignmentAccepted", "AssignmentSubmitted"]

    (second,) = work(mturk, hit_id)
    assert since()[2:] == [
        ("AssignmentAccepted", second.id, 0),
        ("AssignmentSubmitted", second.id, 0),
        ("HITReviewable", None, 0),
    ]
    assert first.id != second.id


def test_approval_tells_assignment_approved(mturk, mturk_client, hit_id, since):
    """ApproveAssignment sends AssignmentApproved. [doc]"""
    (assignment,) = work(mturk, hit_id)
    mturk_client.approve_assignment(AssignmentId=assignment.id)

    assert since()[2:] == [("AssignmentApproved", assignment.id, 0)]


def test_auto_approval_tells_assignment_approved(mturk, mturk_client):
    """Auto-approval sends AssignmentApproved at its time. [doc]"""
    hit_type_id = create_hit_type(mturk_client, AutoApprovalDelayInSeconds=HOUR)
    tell(mturk_client, hit_type_id, "AssignmentApproved")
    work(mturk, publish(mturk_client, hit_type_id))

    mturk.clock.advance(days=1)

    (notification,) = mturk.notifications
    assert notification.event_type == "AssignmentApproved"
    assert notification.time == NOW + timedelta(hours=1)


def test_rejection_tells_assignment_rejected(mturk, mturk_client, hit_id, since):
    """RejectAssignment sends AssignmentRejected. [doc]"""
    (assignment,) = work(mturk, hit_id)
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")

    assert since()[2:] == [("AssignmentRejected", assignment.id, 0)]


def test_refused_review_tells_nothing(mturk, mturk_client, hit_id, since):
    """A refused review sends no event."""
    (assignment,) = work(mturk, hit_id)
    mturk_client.approve_assignment(AssignmentId=assignment.id)
    error_of(lambda: mturk_client.approve_assignment(AssignmentId=assignment.id))

    assert [event for event, _, _ in since()].count("AssignmentApproved") == 1


def test_lifetime_tells_hit_expired_and_reviewable(mturk, since):
    """Expiration sends HITExpired, then HITReviewable. [doc] [assumed] order"""
    mturk.clock.advance(days=2)

    assert since() == [("HITExpired", None, DAY), ("HITReviewable", None, DAY)]


def test_expiring_now_tells_hit_expired(mturk_client, hit_id, since):
    """HITExpired is also sent when the requester expires the HIT. [assumed]"""
    expire(mturk_client, hit_id)

    assert since() == [("HITExpired", None, 0), ("HITReviewable", None, 0)]


def test_expiry_with_work_pending_tells_reviewable_later(mturk, mturk_client, hit_id, since):
    """HITReviewable is sent when no work is pending any more. [doc]"""
    assignment = mturk.worker().accept(hit_id)
    expire(mturk_client, hit_id)
    assert since()[1:] == [("HITExpired", None, 0)]

    assignment.return_hit()
    assert since()[2:] == [("AssignmentReturned", assignment.id, 0), ("HITReviewable", None, 0)]


def test_lifetime_of_finished_hit_tells_nothing(mturk, hit_id, since):
    """HITExpired is sent only if the HIT has unsubmitted assignments. [doc]"""
    work(mturk, hit_id, count=2)
    before = since()

    mturk.clock.advance(days=2)

    assert since() == before


def test_more_assignments_tell_hit_extended(mturk_client, hit_id, since):
    """CreateAdditionalAssignmentsForHIT sends HITExtended. [doc]"""
    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=1
    )

    assert since() == [("HITExtended", None, 0)]


def test_later_expiration_tells_hit_extended(mturk, mturk_client, hit_id, since):
    """A later Expiration sends HITExtended [assumed]; the old one sends nothing."""
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=NOW + timedelta(days=3))
    mturk.clock.advance(days=2)

    assert since() == [("HITExtended", None, 0)]


def test_delete_hit_tells_hit_disposed(mturk_client, hit_id, since):
    """DeleteHIT sends HITDisposed. [doc]"""
    expire(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)

    assert since()[2:] == [("HITDisposed", None, 0)]


def test_disposal_by_itself_tells_hit_disposed(mturk, since):
    """HITDisposed is also sent when the service disposes of the HIT. [doc]"""
    mturk.clock.advance(days=200)

    assert since()[2:] == [("HITDisposed", None, 121 * DAY)]


def test_deleted_hit_is_not_disposed_of_again(mturk, mturk_client, hit_id, since):
    """HITDisposed is sent once."""
    expire(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)
    mturk.clock.advance(days=200)

    assert [event for event, _, _ in since()].count("HITDisposed") == 1


def test_disposal_by_a_review_policy_is_told_once(mturk, mturk_client):
    """HITDisposed is sent once if a policy approves the last work of an old HIT."""
    hit_type_id = create_hit_type(mturk_client, AssignmentDurationInSeconds=YEAR)
    tell(mturk_client, hit_type_id, "HITDisposed")
    policy = known_answers(ApproveIfKnownAnswerScoreIsAtLeast=0)
    hit_id = publish(mturk_client, hit_type_id, AssignmentReviewPolicy=policy)
    assignment = mturk.worker().accept(hit_id)
    mturk.clock.advance(days=200)

    assignment.submit({"q1": "yes"})

    assert told(mturk) == ["HITDisposed"]


def test_reviewing_tells_nothing(mturk_client, hit_id, since):
    """UpdateHITReviewStatus sends no event. [assumed]"""
    expire(mturk_client, hit_id)
    mturk_client.update_hit_review_status(HITId=hit_id, Revert=False)
    mturk_client.update_hit_review_status(HITId=hit_id, Revert=True)

    assert since()[2:] == []


def live(mturk, client, hit_type_id):
    """Let every kind of event happen to HITs of the type."""
    hit_id = publish(client, hit_type_id, MaxAssignments=3)
    mturk.worker().accept(hit_id).return_hit()
    mturk.worker().accept(hit_id)
    approved, rejected = work(mturk, hit_id, count=2)
    client.approve_assignment(AssignmentId=approved.id)
    client.reject_assignment(AssignmentId=rejected.id, RequesterFeedback="No")
    client.create_additional_assignments_for_hit(HITId=hit_id, NumberOfAdditionalAssignments=1)
    mturk.clock.advance(days=2)
    client.delete_hit(HITId=hit_id)


def test_life_of_a_hit_tells_every_event(mturk, mturk_client):
    """All eleven events are sent, in the order in which they happened."""
    live(mturk, mturk_client, telling_type(mturk_client))

    assert told(mturk) == [
        "HITCreated",
        "AssignmentAccepted",
        "AssignmentReturned",
        "AssignmentAccepted",
        "AssignmentAccepted",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "AssignmentSubmitted",
        "AssignmentApproved",
        "AssignmentRejected",
        "HITExtended",
        "AssignmentAbandoned",
        "HITExpired",
        "HITReviewable",
        "HITDisposed",
    ]
    assert set(told(mturk)) == set(EVENTS)


@pytest.mark.parametrize("event", EVENTS)
def test_only_the_event_types_asked_for_are_told(mturk, mturk_client, event):
    """Only events listed in EventTypes are sent. [doc]"""
    live(mturk, mturk_client, telling_type(mturk_client, event))

    assert set(told(mturk)) == {event}


def test_no_event_types_tell_nothing(mturk, mturk_client):
    """An empty EventTypes is accepted, and no event is sent. [assumed]"""
    hit_type_id = create_hit_type(mturk_client)
    mturk_client.update_notification_settings(
        HITTypeId=hit_type_id,
        Notification={
            "Destination": "requester@example.com",
            "Transport": "Email",
            "Version": "2014-08-15",
            "EventTypes": [],
        },
    )

    live(mturk, mturk_client, hit_type_id)

    assert told(mturk) == []


def test_events_of_many_hits_come_in_the_order_of_their_times(mturk, mturk_client):
    """Events that fall into one step of the clock are sent in the order of their times."""
    hit_type_id = telling_type(mturk_client, "HITExpired", "AssignmentAbandoned")
    late = publish(mturk_client, hit_type_id, LifetimeInSeconds=2 * HOUR)
    early = publish(mturk_client, hit_type_id, LifetimeInSeconds=HOUR)
    mturk.worker().accept(late)

    mturk.clock.advance(days=1)

    assert [(each.event_type, each.hit_id) for each in mturk.notifications] == [
        ("AssignmentAbandoned", late),
        ("HITExpired", early),
        ("HITExpired", late),
    ]


def test_events_that_fell_due_are_there_when_they_are_read():
    """Without now=, reading the notifications delivers those that fell due meanwhile."""
    with freeze_time("2026-01-01") as frozen, mock_mturk() as mturk:
        client = mturk.client()
        hit_type_id = telling_type(client, "HITExpired")
        publish(client, hit_type_id)
        frozen.tick(2 * DAY)
        assert len(mturk.emails) == 1

        publish(client, hit_type_id)
        frozen.tick(2 * DAY)
        assert [each.delivered for each in mturk.notifications] == [True, True]
