"""Delivery of notifications to moto's queues and topics: at once, in order, without network."""

from __future__ import annotations

import json
import threading

import botocore.handlers
import pytest
from freezegun import freeze_time

from mturk_mock import MTurkError, current, mock_mturk
from mturk_mock.backend import clients as sessions
from tests.helpers import DAY, HOUR, NOW, work
from tests.notices import (
    QUEUE_URL,
    make_queue,
    make_topic,
    policy,
    publish,
    tell,
    telling_type,
    told,
)

moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do")
mock_aws = moto.mock_aws


def tell_by(mturk, transport, **specified):
    """Create a HIT with a HITCreated notification; return the notification."""
    client = mturk.client()
    publish(client, telling_type(client, "HITCreated", transport=transport, **specified))
    return mturk.notifications[-1]


# HIT -> topic -> queue, with the two mocks in either order ---------------------------------


def check_hit_to_topic_to_queue(mturk):
    """Create a HIT, and check the message that SNS puts into the queue."""
    queue = make_queue()
    topic = make_topic()

    notification = tell_by(mturk, "SNS", destination=topic)

    (body,) = queue.bodies()
    envelope = json.loads(body)
    assert json.loads(envelope["Message"]) == notification.document
    assert envelope["Subject"] == str(int(notification.time.timestamp() * 1000))
    assert (envelope["Type"], envelope["TopicArn"]) == ("Notification", topic)
    assert (notification.delivered, notification.reason) == (True, None)


def test_hit_to_topic_to_queue_with_moto_outside():
    """An event reaches the queue through the topic if moto's context is outside."""
    with mock_aws(), mock_mturk(now=NOW) as mturk:
        check_hit_to_topic_to_queue(mturk)


def test_hit_to_topic_to_queue_with_moto_inside():
    """An event reaches the queue through the topic if moto's context is inside."""
    with mock_mturk(now=NOW) as mturk, mock_aws():
        check_hit_to_topic_to_queue(mturk)


@mock_aws
@mock_mturk(now=NOW)
def test_hit_to_topic_to_queue_decorated_with_moto_first():
    """An event reaches the queue through the topic if moto's decorator is above ours."""
    check_hit_to_topic_to_queue(current())


@mock_mturk(now=NOW)
@mock_aws
def test_hit_to_topic_to_queue_decorated_with_moto_last():
    """An event reaches the queue through the topic if moto's decorator is below ours."""
    check_hit_to_topic_to_queue(current())


@mock_aws
def test_hit_to_topic_to_queue_with_the_fixture(mturk):
    """An event reaches the queue through the topic with moto's decorator and our fixture."""
    check_hit_to_topic_to_queue(mturk)


# Queues -----------------------------------------------------------------------------------


@mock_aws
def test_queue_gets_the_document(mturk):
    """The body of a message in a queue is the event document. [doc]"""
    queue = make_queue()

    notification = tell_by(mturk, "SQS")

    (body,) = queue.bodies()
    assert json.loads(body) == notification.document
    assert notification.delivered


@mock_aws
def test_queue_of_another_region(mturk):
    """The region is read from the queue's URL."""
    queue = make_queue(region="eu-west-1")

    assert tell_by(mturk, "SQS", destination=queue.url).delivered
    assert queue.events() == ["HITCreated"]


@mock_aws
def test_queue_of_another_account(mturk, monkeypatch):
    """The account is read from the queue's URL; moto has many accounts."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "210987654321")
    queue = make_queue()
    monkeypatch.delenv("MOTO_ACCOUNT_ID")

    assert "/210987654321/" in queue.url
    assert tell_by(mturk, "SQS", destination=queue.url).delivered


@mock_aws
def test_old_url_of_a_queue(mturk):
    """The older form of queue URLs works too."""
    queue = make_queue()
    url = QUEUE_URL.replace("sqs.us-east-1", "queue")

    assert tell_by(mturk, "SQS", destination=url).delivered
    assert queue.events() == ["HITCreated"]


@mock_aws
def test_event_is_in_the_queue_when_the_call_returns(mturk, mturk_client):
    """An event is in the queue when the API call, or the worker's action, returns."""
    queue = make_queue()
    hit_id = publish(mturk_client, telling_type(mturk_client, transport="SQS"))
    assert queue.events() == ["HITCreated"]

    work(mturk, hit_id)
    assert queue.events() == ["AssignmentAccepted", "AssignmentSubmitted", "HITReviewable"]


@mock_aws
def test_events_of_one_step_of_the_clock_are_in_the_order_of_their_times(mturk, mturk_client):
    """Events of one step of the clock are in the queue in the order of their times."""
    queue = make_queue()
    hit_type_id = telling_type(
        mturk_client, "HITExpired", "AssignmentAbandoned", "HITDisposed", transport="SQS"
    )
    publish(mturk_client, hit_type_id, LifetimeInSeconds=2 * HOUR)
    mturk.worker().accept(publish(mturk_client, hit_type_id, LifetimeInSeconds=HOUR))

    mturk.clock.advance(days=200)

    times = [json.loads(body)["Events"][0]["EventTimestamp"] for body in queue.bodies()]
    assert times == sorted(times)
    assert len(times) == len(told(mturk)) == 5


@mock_aws
def test_condition_of_advance_until_reads_the_queue(mturk, mturk_client):
    """An event is in the queue before advance_until() checks its condition again."""
    queue = make_queue()
    publish(mturk_client, telling_type(mturk_client, "HITExpired", transport="SQS"))

    mturk.clock.advance_until(lambda: queue.events() == ["HITExpired"])


@mock_aws
def test_advance_until_in_vain_has_delivered_what_happened(mturk, mturk_client):
    """When advance_until() fails, the events that happened are in the queue."""
    queue = make_queue()
    publish(mturk_client, telling_type(mturk_client, "HITExpired", transport="SQS"))

    with pytest.raises(RuntimeError, match="no events are left"):
        mturk.clock.advance_until(lambda: False)

    assert queue.events() == ["HITExpired"]


@mock_aws
def test_event_arrives_though_the_deed_after_it_is_refused():
    """An event that is due before a refused action is delivered."""
    with freeze_time("2026-01-01") as frozen, mock_mturk() as mturk:
        queue = make_queue()
        client = mturk.client()
        hit_id = publish(client, telling_type(client, "HITExpired", transport="SQS"))
        worker = mturk.worker()
        frozen.tick(2 * DAY)

        with pytest.raises(MTurkError):
            worker.accept(hit_id)

        assert queue.events() == ["HITExpired"]


# Failed deliveries ------------------------------------------------------------------------


@mock_aws
def test_queue_that_is_not_there_leaves_a_reason(mturk):
    """Delivery to a missing queue raises nothing; the notification has the reason."""
    notification = tell_by(mturk, "SQS")

    assert not notification.delivered
    assert notification.reason.endswith(": The specified queue does not exist.")


@mock_aws
def test_topic_that_is_not_there_leaves_a_reason(mturk):
    """Delivery to a missing topic raises nothing; the notification has the reason."""
    notification = tell_by(mturk, "SNS")

    assert (notification.delivered, notification.reason) == (
        False,
        "NotFound: Topic does not exist",
    )


@mock_aws
def test_later_notifications_are_delivered_after_a_failed_one(mturk, mturk_client):
    """A failed delivery does not stop later ones."""
    hit_type_id = telling_type(mturk_client, "HITCreated", transport="SQS")
    publish(mturk_client, hit_type_id)
    make_queue()
    publish(mturk_client, hit_type_id)

    assert [each.delivered for each in mturk.notifications] == [False, True]


@mock_aws
def test_exception_in_moto_leaves_a_reason(mturk, monkeypatch):
    """An exception inside moto does not reach the program; the notification has the reason."""
    make_queue()
    monkeypatch.setattr("moto.sqs.models.SQSBackend.send_message", lambda *args, **more: 1 / 0)

    notification = tell_by(mturk, "SQS")

    assert notification.reason == "ZeroDivisionError: division by zero"


@mock_aws(config={"core": {"service_whitelist": ["sns"]}})
def test_service_that_moto_refuses_leaves_a_reason(mturk):
    """Delivery to a service that moto's whitelist excludes fails with a reason."""
    notification = tell_by(mturk, "SQS")

    assert not notification.delivered
    assert notification.reason.startswith("ServiceNotWhitelisted: ")


# No network -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("transport", "host"),
    [("SQS", "sqs.us-east-1.amazonaws.com"), ("SNS", "sns.us-east-1.amazonaws.com")],
)
def test_without_moto_nothing_reaches_the_network(mturk, wire, transport, host):
    """Without moto nothing is sent, and the reason says what to do."""
    notification = tell_by(mturk, transport)

    assert wire == []
    assert (notification.delivered, notification.reason) == (
        False,
        f"nothing answers at {host}: start moto's mock_aws in the same test "
        "(mturk_mock sends nothing over the network)",
    )


@mock_aws(config={"core": {"passthrough": {"services": ["sqs"]}}})
def test_service_that_moto_lets_pass_does_not_reach_the_network(mturk, wire):
    """A service that moto passes through to the network gets no message."""
    assert not tell_by(mturk, "SQS").delivered
    assert wire == []


def test_after_moto_nothing_reaches_the_network(mturk, wire):
    """After mock_aws ends, nothing is sent."""
    with mock_aws():
        make_queue()
        assert tell_by(mturk, "SQS").delivered

    assert not tell_by(mturk, "SQS").delivered
    assert wire == []


def test_configuration_of_the_machine_changes_nothing(mturk, mturk_client, monkeypatch):
    """Endpoints and profiles in the environment do not affect deliveries."""
    hit_type_id = telling_type(mturk_client, "HITCreated", transport="SQS")
    for name, value in {
        "AWS_ENDPOINT_URL": "http://localhost:4566",
        "AWS_PROFILE": "nobodys",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
    }.items():
        monkeypatch.setenv(name, value)

    publish(mturk_client, hit_type_id)

    (notification,) = mturk.notifications
    assert notification.reason.startswith("nothing answers at sqs.us-east-1.amazonaws.com: ")


def test_moto_that_is_imported_late_is_found(mturk, monkeypatch):
    """Deliveries use moto even if it was imported after the first delivery."""
    everyone = botocore.handlers.BUILTIN_HANDLERS
    without = [each for each in everyone if each[1] is not moto.core.models.botocore_stubber]
    with mock_aws():
        make_queue()
        with monkeypatch.context() as before:
            before.setattr(botocore.handlers, "BUILTIN_HANDLERS", without)
            before.setattr(sessions, "BUILTIN_HANDLERS", without)
            assert tell_by(mturk, "SQS").reason.startswith("nothing answers")

        assert tell_by(mturk, "SQS").delivered


# Calls during a delivery ------------------------------------------------------------------


def let_queue_call(monkeypatch, call):
    """Run `call` just before the queue gets its first message."""
    from moto.sqs.models import SQSBackend

    original = SQSBackend.send_message
    calls = [call]

    def send_message(*args, **more):
        if calls:
            calls.pop()()
        return original(*args, **more)

    monkeypatch.setattr(SQSBackend, "send_message", send_message)


@mock_aws
def test_delivery_may_call_back(mturk, mturk_client, monkeypatch):
    """An event caused during a delivery is delivered after it."""
    queue = make_queue()
    hit_type_id = telling_type(mturk_client, "HITCreated", "HITExtended", transport="SQS")

    def extend():
        mturk_client.create_additional_assignments_for_hit(
            HITId=mturk.hits[0].id, NumberOfAdditionalAssignments=1
        )

    let_queue_call(monkeypatch, extend)
    publish(mturk_client, hit_type_id)

    assert queue.events() == ["HITCreated", "HITExtended"]
    assert [each.delivered for each in mturk.notifications] == [True, True]


@mock_aws
def test_delivery_may_wait_for_a_call_of_another_thread(mturk, mturk_client, monkeypatch):
    """During a delivery another thread can call the API."""
    make_queue()
    balances = []

    def ask_in_another_thread():
        thread = threading.Thread(
            target=lambda: balances.append(mturk_client.get_account_balance()["AvailableBalance"])
        )
        thread.start()
        thread.join(timeout=30)

    let_queue_call(monkeypatch, ask_in_another_thread)
    publish(mturk_client, telling_type(mturk_client, "HITCreated", transport="SQS"))

    assert len(balances) == 1


@mock_aws
def test_delivery_waits_for_the_end_of_the_outermost_transaction(mturk, mturk_client):
    """Events are delivered when the outermost transaction ends."""
    queue = make_queue()
    hit_type_id = telling_type(mturk_client, "HITCreated", transport="SQS")

    with mturk._backend.transaction():
        publish(mturk_client, hit_type_id)
        assert queue.events() == []

    assert queue.events() == ["HITCreated"]


@mock_aws
def test_notification_on_its_way_says_so(mturk, mturk_client, monkeypatch):
    """During its delivery a notification is not delivered yet; its reason says so."""
    make_queue()
    seen = []
    let_queue_call(monkeypatch, lambda: seen.extend(mturk.notifications))

    publish(mturk_client, telling_type(mturk_client, "HITCreated", transport="SQS"))

    assert [(each.delivered, each.reason) for each in seen] == [(False, "it is on its way")]
    assert mturk.notifications[0].delivered


@mock_aws
def test_threads_deliver_what_they_did(mturk, mturk_client):
    """When its call returns, each thread's event has been delivered, exactly once."""
    queue = make_queue()
    hit_type_id = telling_type(mturk_client, "HITCreated", transport="SQS")
    threads = [
        threading.Thread(target=publish, args=(mturk.client(), hit_type_id)) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert queue.events() == ["HITCreated"] * 5
    assert all(each.delivered for each in mturk.notifications)


@mock_aws
def test_isolated_work_is_delivered_and_forgotten(mturk, mturk_client):
    """Events inside isolated() are delivered to moto, but not listed by the mock afterwards."""
    queue = make_queue()
    hit_type_id = telling_type(mturk_client, "HITCreated", transport="SQS")
    with mturk.isolated():
        publish(mturk_client, hit_type_id)

    assert (queue.events(), told(mturk)) == (["HITCreated"], [])


@mock_aws
def test_policy_is_read_at_each_delivery(mturk, mturk_client):
    """A changed policy applies to the next delivery."""
    queue = make_queue(policy("SQS:ReceiveMessage"))
    hit_type_id = telling_type(mturk_client, "HITCreated", transport="SQS")
    publish(mturk_client, hit_type_id)
    attributes = {"Policy": policy("SQS:SendMessage")}
    queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes=attributes)
    tell(mturk_client, hit_type_id, "HITCreated", transport="SQS")
    publish(mturk_client, hit_type_id)

    assert [each.delivered for each in mturk.notifications] == [False, True]
