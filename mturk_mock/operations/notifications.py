"""Notification settings of HIT types, and test notifications."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.model.notification import PING, Setting, Specification, is_destination
from mturk_mock.operations import hit_types
from mturk_mock.operations.registry import NOTHING, Call, Result, operation

#: Notification versions: the service model's, and the developer guide's, which is in use. [doc]
#: [observed]
_VERSIONS: Final = ("2006-05-05", "2014-08-15")


@operation("UpdateNotificationSettings")
def update_notification_settings(
    call: Call,
    *,
    hit_type_id: str,
    notification: dict[str, Any] | None = None,
    active: bool | None = None,
) -> Result:
    """Set, replace, stop or resume the notifications of a HIT type. [doc]

    A new Notification without Active leaves Active unchanged; the first one is active. [assumed]
    """
    hit_type = hit_types.find(call, hit_type_id)
    settings = call.account.notification_settings
    known = settings.get(hit_type.id)
    if notification is not None:
        specification = read_specification(notification)
        if PING in specification.event_types:
            raise errors.INVALID_PARAMETER_VALUE(value=PING, parameter="EventTypes")
    elif active is None:
        raise errors.MISSING_PARAMETERS(parameter="Notification or Active")
    elif known is None:
        raise errors.MISSING_PARAMETERS(parameter="Notification")
    else:
        specification = known.specification
    if active is None:
        active = known is None or known.active
    settings[hit_type.id] = Setting(specification, active)
    return NOTHING


@operation("SendTestEventNotification")
def send_test_event_notification(
    call: Call, *, notification: dict[str, Any], test_event_type: str
) -> Result:
    """Send a test notification at once, as if the event had occurred. [doc]

    EventTypes do not filter the test notification, and Ping is allowed. [doc] If the test
    notification is not delivered, the error is InvalidTransportEndpoint. [assumed]
    """
    call.account.announce_test(read_specification(notification), test_event_type, call.now)
    return NOTHING


def read_specification(specification: dict[str, Any]) -> Specification:
    """Check and return a NotificationSpecification; EventTypes can be empty. [assumed]"""
    transport, place = specification["Transport"], specification["Destination"]
    version = specification["Version"]
    if version not in _VERSIONS:
        raise errors.INVALID_PARAMETER_VALUE(value=version, parameter="Version")
    if not is_destination(transport, place):
        raise errors.INVALID_TRANSPORT_ENDPOINT(destination=place, transport=transport)
    return Specification(place, transport, version, frozenset(specification["EventTypes"]))
