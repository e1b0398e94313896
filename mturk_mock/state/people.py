"""Workers in state files, and the emails and notifications that were sent."""

from __future__ import annotations

import json
from typing import Any, Final

from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import EMAIL, SNS, SQS, Message, Specification
from mturk_mock.model.worker import Email, Person, Profile, WrongProfile
from mturk_mock.state import values
from mturk_mock.state.members import Members
from mturk_mock.state.values import WrongMember

_VERSION: Final = "2014-08-15"  # the default version of the notification format


def read_worker(members: Members, marketplace: Marketplace) -> None:
    """Add a worker; history and earnings are computed from the assignments."""
    id_ = members.need("id", values.read_worker_id)
    if id_ in marketplace.people:
        raise WrongMember("id", f"there is already a worker {id_}")
    try:
        profile = Profile(
            country=members.take("country", values.read_text) or None,
            subdivision=members.take("subdivision", values.read_text),
            approved=members.take("approved", values.read_count),
            rejected=members.take("rejected", values.read_count),
            masters=members.take("masters", values.read_flag),
            adult=members.take("adult", values.read_flag),
        )
    except WrongProfile as wrong:
        raise WrongMember(wrong.trait, f"this {wrong.message}") from None
    profile.apply(marketplace.person(id_))


def read_email(members: Members) -> Email:
    """Return an email; the address of a worker can be omitted."""
    worker_id = members.take("worker_id", values.read_worker_id)
    to = members.take("to", values.read_text)
    if to is None and worker_id is not None:
        to = Person(worker_id).address
    subject = members.take("subject", values.read_text) or ""
    text = members.take("text", values.read_text) or ""
    return Email(
        values.require("to", to),
        worker_id,
        subject,
        text,
        members.take("requester", values.read_text),
        members.take("environment", values.read_choice, (PRODUCTION, SANDBOX)),
        members.take("time", values.read_time),
    )


def write_email(email: Email) -> dict[str, Any]:
    """Return the members of an email."""
    names = ("to", "worker_id", "subject", "text", "requester", "environment")
    time = values.write_time(email.moment)
    return values.drop_empty(**{name: getattr(email, name) for name in names}, time=time)


def read_notification(members: Members, now: int) -> Message:
    """Return a notification that was sent; it was delivered unless a `reason` is given."""
    event_type = members.need("event_type", values.read_text)
    time = members.take("time", values.read_time)
    reason = members.take("reason", values.read_text)
    document = values.read_object("document", members.any("document"))
    return Message(
        _read_specification(members, event_type),
        members.take("requester", values.read_text) or DEFAULT_REQUESTER,
        event_type,
        now if time is None else time,
        members.need("hit_type_id", values.read_id),
        members.need("hit_id", values.read_id),
        members.take("assignment_id", values.read_id),
        members.take("is_test", values.read_flag) or False,
        json.dumps(document, separators=(",", ":")),
        reason is None,
        reason,
    )


def _read_specification(members: Members, event_type: str) -> Specification:
    destination = members.need("destination", values.read_text)
    transport = members.take("transport", values.read_choice, (EMAIL, SQS, SNS)) or EMAIL
    version = members.take("version", values.read_text) or _VERSION
    return Specification(destination, transport, version, frozenset({event_type}))


# Writing ----------------------------------------------------------------------------------


def write_worker(person: Person) -> dict[str, Any]:
    """Return a worker, without members that have their defaults."""
    return values.drop_empty(
        **values.write_members(person, "id", "country", "subdivision"),
        approved=person.approved or None,
        rejected=person.rejected or None,
        masters=person.masters or None,
        adult=person.adult or None,
    )


def write_notification(message: Message) -> dict[str, Any]:
    """Return a notification that was sent."""
    return values.drop_empty(
        **values.write_members(message, "requester", "event_type", times=("time",)),
        **values.write_members(message, "hit_type_id", "hit_id", "assignment_id", "reason"),
        **values.write_members(message.specification, "destination", "transport", "version"),
        is_test=message.is_test or None,
        document=json.loads(message.document),
    )
