"""Notifications of what happens to HITs and assignments: events, settings, documents.

`Account.announce` puts a message into the marketplace's outbox. The backend delivers the
messages once it has released its lock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from mturk_mock.core.clock import to_datetime
from mturk_mock.core.ids import Ids
from mturk_mock.model.destination import EMAIL, read_address

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
ASSIGNMENT_EVENTS: Final = frozenset(
    {
        ASSIGNMENT_ACCEPTED,
        ASSIGNMENT_ABANDONED,
        ASSIGNMENT_RETURNED,
        ASSIGNMENT_SUBMITTED,
        ASSIGNMENT_REJECTED,
        ASSIGNMENT_APPROVED,
    }
)

TEST_HIT_TYPE_ID: Final = "3TESTHITTYPE000000000000000000"
TEST_HIT_ID: Final = "3TESTHIT0000000000000000000000"
TEST_ASSIGNMENT_ID: Final = "3TESTASSIGNMENT000000000000000"

ON_ITS_WAY: Final = "it is on its way"


@dataclass(frozen=True)
class Specification:
    """Where to send notifications, by which transport, in which version, and of which events."""

    destination: str
    transport: str
    version: str
    event_types: frozenset[str]


@dataclass
class Setting:
    """The notification setting of a HIT type: one specification for each type. [doc]"""

    specification: Specification
    active: bool = True


@dataclass(slots=True)
class Message:
    """One notification, and whether it was delivered.

    ``time``: of the event, in microseconds since 1970. ``reason``: why it was not
    delivered, None if it was.
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
        """Whether its delivery was tried and failed."""
        return not self.delivered and self.reason != ON_ITS_WAY

    def arrived(self) -> None:
        """Note that it was delivered."""
        self.delivered = True
        self.reason = None


def compose(message: Message, ids: Ids) -> str:
    """Return the document to send, its keys in the recorded order. [observed]

    SourceAccount is the account of the topic's owner [observed] or the queue's; an email has
    the requester's. [assumed]
    """
    document = {
        "Events": [_event(message)],
        "EventDocId": ids.event_document(),
        "SourceAccount": _account(message, ids),
        "CustomerId": ids.customer(message.requester),
        "EventDocVersion": message.specification.version,
    }
    return json.dumps(document, separators=(",", ":"))


def _account(message: Message, ids: Ids) -> str:
    specification = message.specification
    if specification.transport == EMAIL:
        return ids.aws_account(message.requester)
    return read_address(specification.transport, specification.destination).account


def _event(message: Message) -> dict[str, str]:
    event = {
        "EventType": message.event_type,
        "EventTimestamp": f"{to_datetime(message.time):%Y-%m-%dT%H:%M:%SZ}",
        "HITId": message.hit_id,
    }
    if message.assignment_id is not None:
        event["AssignmentId"] = message.assignment_id
    event["HITTypeId"] = message.hit_type_id
    return event
