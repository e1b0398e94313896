"""Notifications: what happens to HITs and assignments is told to whom a HIT type says.

The model announces; what is due to be sent waits in the marketplace's outbox until the
backend's turn is over, so that nothing is delivered while the service holds still.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class Message:
    """One notification that is due to be sent; its time in microseconds since 1970."""

    specification: Specification
    requester: str
    event_type: str
    time: int
    hit_type_id: str
    hit_id: str
    assignment_id: str | None


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
