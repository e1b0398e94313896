"""People in files, and what they and requesters were told."""

from __future__ import annotations

import json
from typing import Any, Final

from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.notification import EMAIL, SNS, SQS, Message, Specification
from mturk_mock.model.worker import Email, Person, Profile, WrongProfile
from mturk_mock.state.members import Members, refuse, some, written

_VERSION: Final = "2014-08-15"  # of notifications, where none is said


def read_worker(members: Members, marketplace: Marketplace) -> None:
    """Add a worker; what this person did and earned follows from the assignments."""
    id_ = members.needed("id", members.worker_id("id"))
    if id_ in marketplace.people:
        raise refuse(members.at("id"), f"there is a worker {id_} already")
    try:
        profile = Profile(
            country=members.text("country") or None,
            subdivision=members.text("subdivision"),
            approved=members.count("approved"),
            rejected=members.count("rejected"),
            masters=members.flag("masters"),
            adult=members.flag("adult"),
        )
    except WrongProfile as wrong:
        raise refuse(members.at(wrong.trait), f"this {wrong.message}") from None
    profile.apply(marketplace.person(id_))
    members.finish()


def read_email(members: Members) -> Email:
    """Return a mail; to a worker it needs no address."""
    worker_id = members.worker_id("worker_id")
    to = members.text("to")
    if to is None and worker_id is not None:
        to = Person(worker_id).address
    subject, text = members.text("subject") or "", members.text("text") or ""
    members.finish()
    return Email(members.needed("to", to), worker_id, subject, text)


def read_notification(members: Members, scope: Scope) -> Message:
    """Return a notification that was sent, and arrived unless there is a reason why not."""
    event_type = members.needed("event_type", members.text("event_type"))
    time = members.time("time")
    reason = members.text("reason")
    message = Message(
        _read_specification(members, event_type),
        members.text("requester") or DEFAULT_REQUESTER,
        event_type,
        scope.now if time is None else time,
        members.needed("hit_type_id", members.id("hit_type_id")),
        members.needed("hit_id", members.id("hit_id")),
        members.id("assignment_id"),
        members.flag("is_test") or False,
        json.dumps(members.mapping("document"), separators=(",", ":")),
        reason is None,
        reason,
    )
    members.finish()
    return message


def _read_specification(members: Members, event_type: str) -> Specification:
    destination = members.needed("destination", members.text("destination"))
    transport = members.choice("transport", (EMAIL, SQS, SNS)) or EMAIL
    version = members.text("version") or _VERSION
    return Specification(destination, transport, version, frozenset({event_type}))


# Writing ----------------------------------------------------------------------------------


def write_worker(person: Person) -> dict[str, Any]:
    """Return a worker, with what is not as with most."""
    return some(
        id=person.id,
        country=person.country,
        subdivision=person.subdivision,
        approved=person.approved or None,
        rejected=person.rejected or None,
        masters=person.masters or None,
        adult=person.adult or None,
    )


def write_notification(message: Message) -> dict[str, Any]:
    """Return a notification that was sent."""
    return some(
        requester=message.requester,
        event_type=message.event_type,
        time=written(message.time),
        hit_type_id=message.hit_type_id,
        hit_id=message.hit_id,
        assignment_id=message.assignment_id,
        is_test=message.is_test or None,
        destination=message.specification.destination,
        transport=message.specification.transport,
        version=message.specification.version,
        document=json.loads(message.document),
        reason=message.reason,
    )
