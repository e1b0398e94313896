"""Notification documents: the recorded form, and how the handle shows them."""

from __future__ import annotations

import json
import pickle
import re
from datetime import datetime, timezone

import pytest

from mturk_mock import mock_mturk
from tests.helpers import NOW, work
from tests.notices import (
    ASSIGNMENT_EVENTS,
    HIT_EVENTS,
    MAIL,
    QUEUE_URL,
    TOPIC_ARN,
    publish,
    tell,
    telling_type,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def hit_type_id(mturk_client):
    """A HIT type that sends all its events by email."""
    return telling_type(mturk_client)


@pytest.fixture
def document(mturk, mturk_client, hit_type_id):
    """Return the body of the latest notification, after a HIT was submitted."""
    work(mturk, publish(mturk_client, hit_type_id, MaxAssignments=2))
    return mturk.emails[-1].text


def test_document_has_the_recorded_form(mturk, document, hit_type_id):
    """The recorded keys in order, no blanks, whole seconds with a Z. [observed]"""
    notification = mturk.notifications[-1]

    assert re.fullmatch(
        r'\{"Events":\[\{"EventType":"AssignmentSubmitted",'
        r'"EventTimestamp":"2026-01-01T00:00:00Z",'
        rf'"HITId":"{notification.hit_id}","AssignmentId":"{notification.assignment_id}",'
        rf'"HITTypeId":"{hit_type_id}"\}}\],'
        r'"EventDocId":"[0-9a-f]{40}","SourceAccount":"\d{12}",'
        r'"CustomerId":"A[0-9A-Z]{12,13}","EventDocVersion":"2014-08-15"\}',
        document,
    )


def test_notification_has_the_document(mturk, document):
    """`document` is the sent document, parsed."""
    assert mturk.notifications[-1].document == json.loads(document)


@pytest.mark.parametrize("event", [*HIT_EVENTS, "Ping"])
def test_events_of_hits_name_no_assignment(mturk, mturk_client, event):
    """Events of HITs have no AssignmentId. [doc]"""
    document = sent_test(mturk, mturk_client, event)

    assert list(document["Events"][0]) == ["EventType", "EventTimestamp", "HITId", "HITTypeId"]
    assert mturk.notifications[0].assignment_id is None


@pytest.mark.parametrize("event", ASSIGNMENT_EVENTS)
def test_events_of_assignments_name_the_assignment(mturk, mturk_client, event):
    """AssignmentId is between HITId and HITTypeId. [observed]"""
    document = sent_test(mturk, mturk_client, event)

    assert list(document["Events"][0]) == [
        "EventType",
        "EventTimestamp",
        "HITId",
        "AssignmentId",
        "HITTypeId",
    ]


def sent_test(mturk, client, event):
    client.send_test_event_notification(
        TestEventType=event,
        Notification={
            "Destination": MAIL,
            "Transport": "Email",
            "Version": "2006-05-05",
            "EventTypes": [],
        },
    )
    return mturk.notifications[0].document


def test_timestamp_is_cut_to_seconds_and_subject_is_not():
    """EventTimestamp has whole seconds, Subject milliseconds. [observed]"""
    with mock_mturk(now=datetime(2026, 1, 1, 12, 30, 15, 809000, tzinfo=timezone.utc)) as mturk:
        client = mturk.client()
        publish(client, telling_type(client))
        (email,) = mturk.emails

    event = json.loads(email.text)["Events"][0]
    assert event["EventTimestamp"] == "2026-01-01T12:30:15Z"
    assert email.subject == "1767270615809"


@pytest.mark.parametrize(("transport", "destination"), [("SQS", QUEUE_URL), ("SNS", TOPIC_ARN)])
def test_source_account_is_the_destinations(mturk, mturk_client, transport, destination):
    """SourceAccount is the account of the topic [observed], or of the queue. [assumed]"""
    other = destination.replace("123456789012", "210987654321")
    hit_type_id = telling_type(mturk_client, transport=transport, destination=other)

    publish(mturk_client, hit_type_id)

    assert mturk.notifications[0].document["SourceAccount"] == "210987654321"


def test_customer_is_the_same_each_time(mturk, mturk_client, hit_type_id):
    """A requester has one CustomerId and one account; each document has an ID of its own."""
    publish(mturk_client, hit_type_id)
    publish(mturk_client, hit_type_id)

    first, second = (notification.document for notification in mturk.notifications)
    assert first["CustomerId"] == second["CustomerId"]
    assert first["SourceAccount"] == second["SourceAccount"]
    assert first["EventDocId"] != second["EventDocId"]


def test_customers_of_two_requesters_differ(mturk, mturk_client, hit_type_id):
    """Two requesters differ in CustomerId and account."""
    publish(mturk_client, hit_type_id)
    stranger = mturk.requester("other").client()
    publish(stranger, telling_type(stranger))

    first, second = (notification.document for notification in mturk.notifications)
    assert first["CustomerId"] != second["CustomerId"]
    assert first["SourceAccount"] != second["SourceAccount"]


def documents(seed):
    with mock_mturk(seed=seed, now=NOW) as mturk:
        client = mturk.client()
        work(mturk, publish(client, telling_type(client)))
        return [email.text for email in mturk.emails]


def test_one_seed_makes_the_same_documents():
    """Document IDs depend on the seed."""
    assert documents(7) == documents(7)
    assert set(documents(7)).isdisjoint(documents(8))


def test_notifications_take_no_ids_from_anything_else():
    """Notifications do not change the IDs of HITs."""

    def hit_ids(*events):
        with mock_mturk(seed=1, now=NOW) as mturk:
            client = mturk.client()
            hit_type_id = telling_type(client, *events)
            return [publish(client, hit_type_id) for _ in range(2)]

    assert hit_ids("HITCreated") == hit_ids("HITDisposed")


def test_mail_arrives_in_emails(mturk, mturk_client, hit_type_id):
    """An email goes to its destination, not to a worker, and counts as delivered. [assumed]"""
    publish(mturk_client, hit_type_id)

    (email,) = mturk.emails
    (notification,) = mturk.notifications
    assert (email.to, email.worker_id, email.subject) == (MAIL, None, "1767225600000")
    assert json.loads(email.text) == notification.document
    assert (notification.delivered, notification.reason) == (True, None)


def test_mails_and_notifications_are_in_order(mturk, mturk_client, hit_type_id):
    """Emails and notifications are ordered oldest first."""
    work(mturk, publish(mturk_client, hit_type_id))

    assert [json.loads(email.text) for email in mturk.emails] == [
        notification.document for notification in mturk.notifications
    ]


def test_notification_shows_itself(mturk, mturk_client, hit_type_id):
    """The repr of a notification has its event, its destination and the result."""
    hit_id = publish(mturk_client, hit_type_id)
    tell(mturk_client, hit_type_id, transport="SQS")
    assignment = mturk.worker().accept(hit_id)

    created, accepted = mturk.notifications
    assert repr(created) == (
        f"<HITCreated of HIT {hit_id} at 2026-01-01 00:00:00 to {MAIL}, delivered>"
    )
    assert repr(accepted) == (
        f"<AssignmentAccepted of assignment {assignment.id} of HIT {hit_id} "
        f"at 2026-01-01 00:00:00 to {QUEUE_URL}, not delivered: {accepted.reason}>"
    )


def test_notification_knows_all_of_its_event(mturk, mturk_client, hit_type_id):
    """A notification has the event type, HIT type, transport and time."""
    publish(mturk_client, hit_type_id)

    (notification,) = mturk.notifications
    assert (notification.hit_type_id, notification.transport) == (hit_type_id, "Email")
    assert notification.time == NOW


def test_changing_a_document_changes_nothing(mturk, mturk_client, hit_type_id):
    """`document` returns a copy."""
    publish(mturk_client, hit_type_id)
    before = pickle.dumps(mturk.notifications)

    mturk.notifications[0].document.clear()

    assert pickle.dumps(mturk.notifications) == before
