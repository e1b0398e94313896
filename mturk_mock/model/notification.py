"""Notifications of HIT and assignment events: settings, documents and destinations.

`Account.announce` puts messages into the marketplace's outbox; the backend delivers them
after it has released its lock.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from mturk_mock.core.clock import to_datetime
from mturk_mock.core.ids import Ids

ASSIGNMENT_ACCEPTED: Final = "AssignmentAccepted"
ASSIGNMENT_ABANDONED: Final = "AssignmentAbandoned"
ASSIGNMENT_RETURNED: Final = "AssignmentReturned"
ASSIGNMENT_SUBMITTED: Final = "AssignmentSubmitted"
ASSIGNMENT_REJECTED: Final = "AssignmentRejected"
ASSIGNMENT_APPROVED: Final = "AssignmentApproved"
HIT_CREATED: Final = "HITCreated"
HIT_EXPIRED: Final = "HITExpired"
HIT_REVIEWABLE: Final = "HITReviewable"
HIT_EXTENDED: Final = "HITExtended"
HIT_DISPOSED: Final = "HITDisposed"
PING: Final = "Ping"

TEST_HIT_TYPE_ID: Final = "3TESTHITTYPE000000000000000000"
TEST_HIT_ID: Final = "3TESTHIT0000000000000000000000"
TEST_ASSIGNMENT_ID: Final = "3TESTASSIGNMENT000000000000000"

ON_ITS_WAY: Final = "it is on its way"

EMAIL: Final = "Email"
SQS: Final = "SQS"
SNS: Final = "SNS"

_MAIL: Final = r"[^@\s]+@[^@\s]+"
_ACCOUNT: Final = r"(?P<account>\d{12})"
_NAME: Final = r"(?P<name>[A-Za-z0-9_-]+(\.fifo)?)"
_QUEUE: Final = (
    r"https?://(sqs\.(?P<region>[a-z0-9-]+)|((?P<old_region>[a-z0-9-]+)\.)?queue)"
    rf"\.amazonaws\.com(\.cn)?/{_ACCOUNT}/{_NAME}"
)
_TOPIC: Final = rf"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]+):{_ACCOUNT}:{_NAME}"
_FORMS: Final = {EMAIL: re.compile(_MAIL), SQS: re.compile(_QUEUE), SNS: re.compile(_TOPIC)}
_FIRST_REGION: Final = "us-east-1"  # of queues whose URL has no region
_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


@dataclass(frozen=True)
class Specification:
    """A NotificationSpecification: where to send notifications of which events."""

    destination: str
    transport: str
    version: str
    event_types: frozenset[str]


@dataclass
class Setting:
    """The notification setting of a HIT type, which has one specification. [doc]"""

    specification: Specification
    active: bool = True


@dataclass(slots=True)
class Message:
    """One notification, and whether it was delivered.

    ``time``: of the event, in microseconds since 1970. ``reason``: why the notification is not
    delivered; None if it is.
    """

    specification: Specification
    requester: str
    event_type: str
    time: int
    hit_type_id: str
    hit_id: str
    assignment_id: str | None
    is_test: bool = False
    document: str = ""
    delivered: bool = False
    reason: str | None = ON_ITS_WAY

    @property
    def subject(self) -> str:
        """The Subject: milliseconds since 1970, as text. [observed] for SNS"""
        return str(self.time // 1000)

    @property
    def failed(self) -> bool:
        """Whether the delivery has failed."""
        return not self.delivered and self.reason != ON_ITS_WAY

    def mark_delivered(self) -> None:
        """Mark the message as delivered."""
        self.delivered, self.reason = True, None


def compose(message: Message, ids: Ids) -> str:
    """Return the document to send, with the keys in the recorded order. [observed]

    SourceAccount is the account that owns the topic [observed] or queue; in emails it is the
    requester's. [assumed]
    """
    specification = message.specification
    if specification.transport == EMAIL:
        account = ids.aws_account(message.requester)
    else:
        account = read_address(specification.transport, specification.destination).account
    document = {
        "Events": [_event(message)],
        "EventDocId": ids.event_document(),
        "SourceAccount": account,
        "CustomerId": ids.customer(message.requester),
        "EventDocVersion": specification.version,
    }
    return json.dumps(document, separators=(",", ":"))


def _event(message: Message) -> dict[str, str]:
    event = {
        "EventType": message.event_type,
        "EventTimestamp": f"{to_datetime(message.time):%Y-%m-%dT%H:%M:%SZ}",
        "HITId": message.hit_id,
        "AssignmentId": message.assignment_id,
        "HITTypeId": message.hit_type_id,
    }
    return {name: value for name, value in event.items() if value is not None}


# Destinations --------------------------------------------------------------------------


class Address(NamedTuple):
    """A queue or a topic: `service` (SQS or SNS), region, account and name."""

    service: str
    region: str
    account: str
    name: str

    @property
    def arn(self) -> str:
        """The Amazon Resource Name."""
        partition, service = self._partition, self.service.lower()
        return f"arn:{partition}:{service}:{self.region}:{self.account}:{self.name}"

    @property
    def endpoint(self) -> str:
        """The URL of the service in the region."""
        china = ".cn" if self._partition == "aws-cn" else ""
        return f"https://{self.service.lower()}.{self.region}.amazonaws.com{china}"

    @property
    def _partition(self) -> str:
        return _PARTITIONS.get(self.region.rsplit("-", 2)[0], "aws")


def is_destination(transport: str, destination: str) -> bool:
    """Tell whether a Destination has the form that its Transport requires. [doc]"""
    return _FORMS[transport].fullmatch(destination) is not None


def read_address(transport: str, destination: str) -> Address:
    """Return the queue of a URL or the topic of an ARN; raise ValueError for anything else."""
    found = _FORMS[transport].fullmatch(destination)
    if found is None or transport == EMAIL:
        raise ValueError(f"{destination!r} is not a destination of the transport {transport}")
    parts = found.groupdict()
    region = parts["region"] or parts.get("old_region") or _FIRST_REGION
    return Address(transport, region, parts["account"], parts["name"])
