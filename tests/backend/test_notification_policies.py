"""The policy of a queue or topic decides whether Mechanical Turk can send to it."""

from __future__ import annotations

import json

import pytest

from tests.helpers import NOW
from tests.notices import (
    QUEUE_ARN,
    QUEUE_URL,
    SERVICE,
    TOPIC_ARN,
    aws_client,
    make_queue,
    make_topic,
    policy,
    publish,
    telling_type,
)

mock_aws = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do").mock_aws


SENDER = {"AWS": "AIDAIXO4EZE6RHVSXIN4E"}
TO_SEND = 'SQS:SendMessage by the principal {"Service": "mturk-requester.amazonaws.com"}'
TO_PUBLISH = 'SNS:Publish by the principal {"Service": "mturk-requester.amazonaws.com"}'
NOT_ALLOWED = f"the queue events refused it: its policy does not allow {TO_SEND}"
DENIED = f"the queue events refused it: its policy denies {TO_SEND}"
SECURE = {"Bool": {"aws:SecureTransport": "true"}}
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}
OWNER = {"StringEquals": {"AWS:SourceOwner": "123456789012"}}
ACCOUNT = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
ELSEWHERE = {"StringEquals": {"aws:SourceAccount": "210987654321"}}

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture(autouse=True)
def _moto():
    with mock_aws():
        yield


@pytest.fixture
def send(mturk, mturk_client):
    """Create a HIT with a notification; return whether it was delivered, and the reason if not."""

    def call(transport):
        publish(mturk_client, telling_type(mturk_client, "HITCreated", transport=transport))
        (notification,) = mturk.notifications
        return notification.delivered, notification.reason

    return call


def statements(*policies):
    """Return one policy that joins the statements of several."""
    return json.dumps({"Statement": [each for one in policies for each in read(one)]})


def read(text):
    return json.loads(text)["Statement"]


def allowing(**elements):
    """Return a policy with one Allow statement that has exactly these elements."""
    return json.dumps({"Statement": [{"Effect": "Allow", **elements}]})


ALLOWED_TO_SEND = {
    "as documented": policy("SQS:SendMessage", Resource=QUEUE_ARN, Condition=SECURE),
    "the sender id": policy("SQS:SendMessage", SENDER),
    "small letters": policy("sqs:sendmessage", {"Service": "MTurk-Requester.amazonaws.com"}),
    "one statement, no list": json.dumps({"Statement": read(policy("SQS:SendMessage"))[0]}),
    "among others": policy(
        ["SQS:ReceiveMessage", "SQS:SendMessage"],
        {"AWS": ["arn:aws:iam::123456789012:root", SENDER["AWS"]]},
    ),
    "any action of the service": policy("SQS:*"),
    "any action": policy("*"),
    "actions with a wildcard": policy("SQS:Send*"),
    "a letter with a wildcard": policy("SQS:SendMessag?"),
    "anybody": policy("SQS:SendMessage", "*"),
    "any AWS principal": policy("SQS:SendMessage", {"AWS": "*"}),
    "resources with a wildcard": policy("SQS:SendMessage", Resource="arn:aws:sqs:*:*:event?"),
    "all but another action": allowing(
        Principal=SERVICE, NotAction="SQS:DeleteMessage", Resource="*"
    ),
    "boolean as such": policy("SQS:SendMessage", Condition={"Bool": {"aws:SecureTransport": True}}),
    "plain transport denied": statements(
        policy("SQS:*"), policy("SQS:*", "*", Effect="Deny", Condition=INSECURE)
    ),
    "another denied": statements(
        policy("SQS:*"), policy("SQS:*", {"AWS": "AIDAANOTHER"}, Effect="Deny")
    ),
    "one condition among statements": statements(
        policy("SQS:SendMessage", Condition=OWNER), policy("SQS:SendMessage")
    ),
}


@pytest.mark.parametrize("given", ALLOWED_TO_SEND.values(), ids=ALLOWED_TO_SEND)
def test_queue_policy_lets_in(send, given):
    """A policy with the right principal, action and resource works in any letter case. [doc]"""
    queue = make_queue(given)

    assert send("SQS") == (True, None)
    assert queue.events() == ["HITCreated"]


REFUSED_TO_SEND = {
    "another principal": (policy("SQS:SendMessage", {"Service": "sns.amazonaws.com"}), NOT_ALLOWED),
    "another account": (policy("SQS:SendMessage", {"AWS": "123456789012"}), NOT_ALLOWED),
    "the service as an account": (
        policy("SQS:SendMessage", {"AWS": "mturk-requester.amazonaws.com"}),
        NOT_ALLOWED,
    ),
    "a principal with a wildcard": (
        policy("SQS:SendMessage", {"Service": "mturk*.amazonaws.com"}),
        NOT_ALLOWED,
    ),
    "another action": (policy("SQS:ReceiveMessage"), NOT_ALLOWED),
    "another service's action": (policy("SNS:*"), NOT_ALLOWED),
    "a longer action": (policy("SQS:SendMessageBatch"), NOT_ALLOWED),
    "another resource": (policy("SQS:SendMessage", Resource=QUEUE_ARN + "2"), NOT_ALLOWED),
    "a resource in other letters": (
        policy("SQS:SendMessage", Resource=QUEUE_ARN.replace("events", "EVENTS")),
        NOT_ALLOWED,
    ),
    "no resource": (allowing(Principal=SERVICE, Action="SQS:SendMessage"), NOT_ALLOWED),
    "all but us": (
        allowing(NotPrincipal=SERVICE, Action="SQS:SendMessage", Resource="*"),
        NOT_ALLOWED,
    ),
    "statements that are none": (json.dumps({"Statement": ["Allow"]}), NOT_ALLOWED),
    "denied": (statements(policy("SQS:*"), policy("SQS:*", "*", Effect="Deny")), DENIED),
    "secure transport denied": (
        statements(policy("SQS:*"), policy("SQS:*", "*", Effect="Deny", Condition=SECURE)),
        DENIED,
    ),
    "denied on a condition that nothing is known of": (
        statements(policy("SQS:*"), policy("SQS:*", "*", Effect="Deny", Condition=OWNER)),
        DENIED,
    ),
    "allowed for another account": (
        policy("SQS:SendMessage", Condition=ELSEWHERE),
        f"the queue events refused it: its policy allows {TO_SEND} "
        "only under the condition StringEquals aws:SourceAccount",
    ),
    "allowed on conditions that nothing is known of": (
        policy("SQS:SendMessage", Condition={**SECURE, **OWNER}),
        f"the queue events refused it: its policy allows {TO_SEND} "
        "only under the condition StringEquals AWS:SourceOwner",
    ),
    "allowed on plain transport": (
        policy("SQS:SendMessage", Condition=INSECURE),
        f"the queue events refused it: its policy allows {TO_SEND} "
        "only under the condition Bool aws:SecureTransport",
    ),
    "allowed without knowledge of transport": (
        policy("SQS:SendMessage", Condition={"Null": {"aws:SecureTransport": "true"}}),
        f"the queue events refused it: its policy allows {TO_SEND} "
        "only under the condition Null aws:SecureTransport",
    ),
}


@pytest.mark.parametrize(("given", "reason"), REFUSED_TO_SEND.values(), ids=REFUSED_TO_SEND)
def test_queue_policy_keeps_out(send, given, reason):
    """A policy that does not match is refused with a reason, and the queue stays empty. [doc]"""
    queue = make_queue(given)

    assert send("SQS") == (False, reason)
    assert queue.events() == []


def test_queue_without_a_policy_keeps_out(send):
    """A new queue has no policy, which is refused. [doc]"""
    aws_client("sqs").create_queue(QueueName="events")

    assert send("SQS") == (
        False,
        f"the queue events refused it: it has no policy, and needs one that allows {TO_SEND}",
    )


@pytest.mark.parametrize("text", ["{", "{}", "[]", '"Allow"', "[" * 100_000], ids=range(5))
def test_queue_policy_that_is_none_keeps_out(send, monkeypatch, text):
    """An invalid policy allows nothing and raises nothing."""
    make_queue()
    monkeypatch.setattr(
        "moto.sqs.models.SQSBackend.get_queue_attributes", lambda *args: {"Policy": text}
    )

    assert send("SQS") == (False, NOT_ALLOWED)


ALLOWED_TO_PUBLISH = {
    "as documented": policy("SNS:Publish", Resource=TOPIC_ARN),
    "small letters": policy("sns:publish"),
    "any action of the service": policy("SNS:*"),
    "secure transport": policy("SNS:Publish", Condition=SECURE),
    # "the recommended topic policy has StringEquals aws:SourceAccount (and SecureTransport)" [doc]
    "as recommended": policy("SNS:Publish", Resource=TOPIC_ARN, Condition={**SECURE, **ACCOUNT}),
}


@pytest.mark.parametrize("given", ALLOWED_TO_PUBLISH.values(), ids=ALLOWED_TO_PUBLISH)
def test_topic_policy_lets_in(send, given):
    """A policy that lets the service publish, in any letter case, allows it. [doc]"""
    queue = make_queue()
    make_topic(given)

    assert send("SNS") == (True, None)
    assert len(queue.bodies()) == 1


REFUSED_TO_PUBLISH = {
    "another principal": policy("SNS:Publish", {"Service": "s3.amazonaws.com"}),
    "the sender id of queues": policy("SNS:Publish", SENDER),
    "another action": policy("SNS:Subscribe"),
    "another topic": policy("SNS:Publish", Resource=TOPIC_ARN + "2"),
}


@pytest.mark.parametrize("given", REFUSED_TO_PUBLISH.values(), ids=REFUSED_TO_PUBLISH)
def test_topic_policy_keeps_out(send, given):
    """A policy that does not match is refused with a reason, and nothing is published. [doc]"""
    queue = make_queue()
    make_topic(given)

    assert send("SNS") == (
        False,
        f"the topic events refused it: its policy does not allow {TO_PUBLISH}",
    )
    assert queue.bodies() == []


def test_topic_as_it_is_made_keeps_out(send):
    """A new topic's policy allows only its owner to publish. [doc]"""
    aws_client("sns").create_topic(Name="events")

    assert send("SNS") == (
        False,
        f"the topic events refused it: its policy allows {TO_PUBLISH} "
        "only under the condition StringEquals AWS:SourceOwner",
    )


def test_destinations_are_those_of_the_policies():
    """make_queue() and make_topic() make the queue and topic that the tests send to."""
    assert make_queue().url == QUEUE_URL
    assert make_topic() == TOPIC_ARN
