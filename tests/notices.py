"""Helpers for tests of notifications: specifications, and queues and topics in moto."""

from __future__ import annotations

import functools
import json
from typing import Any

import boto3

from tests.clients import KEYS
from tests.helpers import create_hit_type, create_hit_with_hit_type

ACCOUNT = "123456789012"  # moto's default account
MAIL = "requester@example.com"
QUEUE_URL = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/events"
QUEUE_ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:events"
TOPIC_ARN = f"arn:aws:sns:us-east-1:{ACCOUNT}:events"
DESTINATIONS = {"Email": MAIL, "SQS": QUEUE_URL, "SNS": TOPIC_ARN}

SERVICE = {"Service": "mturk-requester.amazonaws.com"}
ASSIGNMENT_EVENTS = [
    "AssignmentAccepted",
    "AssignmentAbandoned",
    "AssignmentReturned",
    "AssignmentSubmitted",
    "AssignmentRejected",
    "AssignmentApproved",
]
HIT_EVENTS = ["HITCreated", "HITExpired", "HITReviewable", "HITExtended", "HITDisposed"]
EVENTS = ASSIGNMENT_EVENTS + HIT_EVENTS


def specification(
    *events: str,
    transport: str = "Email",
    destination: str | None = None,
    version: str = "2014-08-15",
) -> dict[str, Any]:
    """Return a NotificationSpecification, by default for all events by email."""
    return {
        "Destination": destination or DESTINATIONS[transport],
        "Transport": transport,
        "Version": version,
        "EventTypes": list(events or EVENTS),
    }


def tell(client: Any, hit_type_id: str, *events: str, **specified: str) -> None:
    """Send notifications of these events of a HIT type."""
    client.update_notification_settings(
        HITTypeId=hit_type_id, Notification=specification(*events, **specified), Active=True
    )


def telling_type(client: Any, *events: str, **specified: str) -> str:
    """Create a HIT type with notifications, and return its ID."""
    hit_type_id = create_hit_type(client)
    tell(client, hit_type_id, *events, **specified)
    return hit_type_id


def publish(client: Any, hit_type_id: str, **overrides: Any) -> str:
    """Create a HIT of the type, and return its ID."""
    hit_id: str = create_hit_with_hit_type(client, hit_type_id, **overrides)["HITId"]
    return hit_id


def told(mturk: Any) -> list[str]:
    """Return the types of the events that were sent, oldest first."""
    return [notification.event_type for notification in mturk.notifications]


def aws_client(service: str, region: str = "us-east-1") -> Any:
    """Return a client for another service of AWS, answered by moto."""
    return _session().client(service, region_name=region, **KEYS)


@functools.cache  # loading a session's files takes longer than most tests
def _session() -> Any:
    return boto3.session.Session()


def policy(action: str, principal: Any = SERVICE, **statement: Any) -> str:
    """Return a policy with one statement, by default one that allows the action on everything."""
    given = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**given, **statement}]})


def make_queue(given: str | None = None, region: str = "us-east-1") -> Any:
    """Create the queue in moto with the given policy, or one that lets Mechanical Turk send."""
    sqs = aws_client("sqs", region)
    attributes = {"Policy": policy("SQS:SendMessage") if given is None else given}
    url = sqs.create_queue(QueueName="events", Attributes=attributes)["QueueUrl"]
    return Queue(sqs, url)


def make_topic(given: str | None = None) -> Any:
    """Create the topic in moto with the given policy, or one that lets the service publish."""
    sns = aws_client("sns")
    arn = sns.create_topic(Name="events")["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=arn,
        AttributeName="Policy",
        AttributeValue=policy("SNS:Publish") if given is None else given,
    )
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=QUEUE_ARN)
    return arn


class Queue:
    """A queue in moto and its messages."""

    def __init__(self, sqs: Any, url: str) -> None:
        self.sqs = sqs
        self.url = url

    def bodies(self) -> list[str]:
        """Receive up to ten messages, oldest first."""
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        return [message["Body"] for message in found.get("Messages", [])]

    def events(self) -> list[str]:
        """Receive up to ten messages, and return the types of their events."""
        return [json.loads(body)["Events"][0]["EventType"] for body in self.bodies()]
