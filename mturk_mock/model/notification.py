"""Notifications: what happens to HITs and assignments is told to whom a HIT type says.

The model announces; what is due to be sent waits in the marketplace's outbox until the
transaction is over, so that nothing is delivered while the service holds still.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mturk_mock.core.clock import to_datetime
from mturk_mock.model.destination import EMAIL, read_address

if TYPE_CHECKING:
    from mturk_mock.core.ids import Ids
    from mturk_mock.model.account import Account
    from mturk_mock.model.hit import HIT

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
    """Where notifications go, how, in which form, and which ones."""

    destination: str
    transport: str
    version: str
    event_types: frozenset[str]


@dataclass
class Setting:
    """What a HIT type's notifications are set to: one specification for each type. [doc]"""

    specification: Specification
    active: bool = True


@dataclass(slots=True)
class Message:
    """One notification: where to, what of, and what became of it.

    ``time``: of the event, in microseconds since 1970. ``reason``: why it did not
    arrive, None if it did.
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
        """Whether it was tried to deliver it, in vain."""
        return not self.delivered and self.reason != ON_ITS_WAY

    def arrived(self) -> None:
        """Note that it is where it was sent to."""
        self.delivered = True
        self.reason = None


def announce(
    account: Account, event_type: str, hit: HIT, now: int, assignment_id: str | None = None
) -> None:
    """Tell what has happened, if the HIT's type is set to tell it. [doc]"""
    setting = account.notification_settings.get(hit.type.id)
    if setting is None or not setting.active:
        return
    if event_type in setting.specification.event_types:
        message = Message(
            setting.specification,
            account.requester,
            event_type,
            now,
            hit.type.id,
            hit.id,
            assignment_id,
        )
        account.outbox.append(message)


def announce_test(
    account: Account, specification: Specification, event_type: str, now: int
) -> None:
    """Tell of an event that has not happened, whatever the specification lets pass. [doc]

    Its ids belong to nothing. [assumed]
    """
    of_assignment = event_type in ASSIGNMENT_EVENTS
    message = Message(
        specification,
        account.requester,
        event_type,
        now,
        TEST_HIT_TYPE_ID,
        TEST_HIT_ID,
        TEST_ASSIGNMENT_ID if of_assignment else None,
        is_test=True,
    )
    account.outbox.append(message)


def compose(message: Message, ids: Ids) -> str:
    """Return the document that is sent, its keys in the recorded order. [observed]

    SourceAccount is the topic owner's [observed], for a queue as well; a mail has the
    requester's. [assumed]
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
