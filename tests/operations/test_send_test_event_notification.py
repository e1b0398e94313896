"""SendTestEventNotification: sent at once; an undelivered test is an error."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.helpers import (
    NOW,
    SANDBOX_STAMP,
    STAMP,
    create_hit_type,
    error_of,
    invalid_value,
    refusal,
    request_error,
)
from tests.notices import (
    ASSIGNMENT_EVENTS,
    EVENTS,
    MAIL,
    QUEUE_URL,
    TOPIC_ARN,
    make_queue,
    make_topic,
    policy,
    publish,
    specification,
    tell,
    told,
)

mock_aws = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do").mock_aws


pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def send(mturk_client):
    """Return a function that sends a test event, by default Ping by email."""

    def call(event="Ping", **specified):
        response = mturk_client.send_test_event_notification(
            Notification=specification("HITCreated", **specified), TestEventType=event
        )
        del response["ResponseMetadata"]
        return response

    return call


def not_delivered(destination, reason):
    return request_error(
        "InvalidTransportEndpoint",
        f"The test notification could not be delivered to {destination}: {reason}.",
    )


def test_send_test_event_notification_answers_nothing(send):
    """The response is empty. [doc]"""
    assert send() == {}


@pytest.mark.parametrize("event", [*EVENTS, "Ping"])
def test_every_event_is_sent_unfiltered(mturk, send, event):
    """EventTypes does not filter test events, and Ping is allowed. [doc]"""
    send(event)

    (notification,) = mturk.notifications
    assert (notification.event_type, notification.destination) == (event, MAIL)
    assert notification.document["Events"][0]["EventType"] == event
    assert (notification.assignment_id is not None) == (event in ASSIGNMENT_EVENTS)


def test_ids_of_a_test_belong_to_nothing(mturk, mturk_client, send):
    """Test events have placeholders in the form of IDs. [assumed]"""
    send("AssignmentSubmitted")

    event = mturk.notifications[0].document["Events"][0]
    assert event == {
        "EventType": "AssignmentSubmitted",
        "EventTimestamp": "2026-01-01T00:00:00Z",
        "HITId": "3TESTHIT0000000000000000000000",
        "AssignmentId": "3TESTASSIGNMENT000000000000000",
        "HITTypeId": "3TESTHITTYPE000000000000000000",
    }
    assert {len(event[name]) for name in ("HITId", "AssignmentId", "HITTypeId")} == {30}
    assert error_of(lambda: mturk_client.get_hit(HITId=event["HITId"])).code == "RequestError"


def test_test_sets_nothing(mturk, mturk_client, send):
    """A test event does not change any settings. [doc]"""
    send("HITCreated")

    publish(mturk_client, create_hit_type(mturk_client))

    assert told(mturk) == ["HITCreated"]


def test_test_comes_though_a_type_is_silent(mturk, mturk_client, send):
    """Test events are sent even if the HIT type's notifications are off. [doc]"""
    hit_type_id = create_hit_type(mturk_client)
    tell(mturk_client, hit_type_id)
    mturk_client.update_notification_settings(HITTypeId=hit_type_id, Active=False)

    send("HITCreated")

    assert told(mturk) == ["HITCreated"]


@mock_aws
def test_test_is_in_the_queue(send):
    """A test event is delivered to SQS immediately. [doc]"""
    queue = make_queue()

    send(transport="SQS")

    assert queue.events() == ["Ping"]


@mock_aws
def test_test_goes_through_the_topic(mturk, send):
    """A test event is delivered to SNS immediately. [doc]"""
    queue = make_queue()
    make_topic()

    send(transport="SNS")

    (body,) = queue.bodies()
    assert json.loads(json.loads(body)["Message"]) == mturk.notifications[0].document


# Undelivered tests ------------------------------------------------------------------------


def test_test_that_does_not_arrive_is_an_error(send):
    """Without a mock of SQS the call fails with the reason. [assumed] RequestError"""
    refused = error_of(lambda: send(transport="SQS"))

    assert refused == not_delivered(
        QUEUE_URL,
        "nothing answers at sqs.us-east-1.amazonaws.com: start moto's mock_aws in the same test "
        "(mturk_mock sends nothing over the network)",
    )


@mock_aws
def test_test_of_a_topic_that_is_not_there_is_an_error(send):
    """The error of moto is the reason in the message. [assumed] RequestError"""
    refused = error_of(lambda: send(transport="SNS"))

    assert refused == not_delivered(TOPIC_ARN, "NotFound: Topic does not exist")


@mock_aws
def test_test_that_a_policy_refuses_is_an_error(send):
    """A queue policy that denies Mechanical Turk is a status 400 with the reason. [assumed]

    "One live report says InternalFailure, retried to the end (boto3#1288; its cause is not known)".
    """
    make_queue(policy("SQS:ReceiveMessage"))

    refused = error_of(lambda: send(transport="SQS"))

    assert refused == not_delivered(
        QUEUE_URL,
        "the queue events refused it: its policy does not allow SQS:SendMessage "
        'by the principal {"Service": "mturk-requester.amazonaws.com"}',
    )


def test_test_that_did_not_arrive_is_shown_with_its_reason(mturk, send):
    """`mturk.notifications` has the undelivered test with its reason."""
    error_of(lambda: send(transport="SQS"))

    (notification,) = mturk.notifications
    assert not notification.delivered
    assert notification.reason.startswith("nothing answers")


def test_call_log_shows_the_error_of_a_test(mturk, mturk_client, send):
    """`mturk.calls` has the error that the caller got."""
    mturk_client.get_account_balance()
    error_of(lambda: send(transport="SQS"))
    mturk_client.get_account_balance()

    _, call, _ = mturk.calls
    assert call.operation == "SendTestEventNotification"
    assert call.error.code == "AWS.MechanicalTurk.InvalidTransportEndpoint"
    assert call.result is None
    assert [each.error for each in mturk.calls if each is not call] == [None, None]


def test_error_of_a_test_has_the_clock_and_status_of_others(mturk, mturk_client):
    """Stamped like every RequestError, in the sandbox with a blank and an s. [observed]"""
    sandbox = mturk.client(sandbox=True)

    for client, stamp in ((mturk_client, STAMP), (sandbox, SANDBOX_STAMP)):
        _, _, message = refusal(
            client.send_test_event_notification,
            Notification=specification(transport="SQS"),
            TestEventType="Ping",
        )
        assert message.endswith("." + stamp)


def test_test_that_arrives_after_a_failed_event_is_no_error(mturk, mturk_client, send):
    """A delivered test is no error, even if an earlier event was not delivered."""
    hit_type_id = create_hit_type(mturk_client)
    tell(mturk_client, hit_type_id, "HITExpired", transport="SQS")
    publish(mturk_client, hit_type_id)
    mturk.clock.advance(timedelta(days=2))

    assert send() == {}
    assert [each.delivered for each in mturk.notifications] == [False, True]


@mock_aws
def test_test_from_within_a_delivery_answers_before_it_arrives(mturk, mturk_client, monkeypatch):
    """A test sent during another delivery returns at once and is delivered afterwards. [assumed]"""
    from moto.sqs.models import SQSBackend

    make_queue()
    answers = []
    original = SQSBackend.send_message

    def send_message(*args, **more):
        if not answers:
            answers.append(
                mturk_client.send_test_event_notification(
                    Notification=specification(transport="SNS"), TestEventType="Ping"
                )
            )
        return original(*args, **more)

    monkeypatch.setattr(SQSBackend, "send_message", send_message)
    hit_type_id = create_hit_type(mturk_client)
    tell(mturk_client, hit_type_id, "HITCreated", transport="SQS")

    publish(mturk_client, hit_type_id)

    assert len(answers) == 1
    assert [(each.event_type, each.delivered) for each in mturk.notifications] == [
        ("HITCreated", True),
        ("Ping", False),
    ]


# Refusals ---------------------------------------------------------------------------------


def test_destination_of_another_form_is_refused(mturk, send):
    """A bad destination is InvalidTransportEndpoint; nothing is sent.

    [observed] code, [assumed] text
    """
    refused = error_of(lambda: send(transport="SNS", destination=QUEUE_URL))

    assert refused == request_error(
        "InvalidTransportEndpoint",
        f'The destination "{QUEUE_URL}" is not valid for the transport SNS.',
    )
    assert mturk.notifications == []


def test_another_version_is_refused(send):
    """Other versions are refused. [doc] that, [assumed] how it is said"""
    assert error_of(lambda: send(version="1")) == invalid_value("1", "Version")


def test_unknown_test_event_type_is_refused(send):
    """The framework checks TestEventType by the service model. [doc]"""
    assert error_of(lambda: send("HITDeleted")).code == "ValidationException"
