"""HIT types in state files: their properties and their notifications."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from botocore import xform_name

from mturk_mock.backend import validation
from mturk_mock.backend.service_model import load
from mturk_mock.core.ids import group_of
from mturk_mock.model.hit import HITType, Properties
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.notification import PING, Setting, Specification
from mturk_mock.model.requirement import Requirement
from mturk_mock.operations import hit_types, views
from mturk_mock.operations.notifications import read_specification
from mturk_mock.state import values
from mturk_mock.state.members import Members
from mturk_mock.state.values import WrongMember


@dataclass(frozen=True)
class PropertiesEntry:
    """The values given for the properties of a HIT type; None for the default."""

    title: str | None = None
    description: str | None = None
    keywords: str | None = None
    reward: str | None = None
    assignment_duration_in_seconds: int | None = None
    auto_approval_delay_in_seconds: int | None = None
    qualification_requirements: Sequence[Mapping[str, Any]] | None = None

    def given_name(self) -> str | None:
        """Return the name of the first property that is given, None if there is none."""
        names = [field.name for field in fields(PropertiesEntry)]
        return next((name for name in names if getattr(self, name) is not None), None)


def make_properties(scope: Scope, entry: PropertiesEntry) -> Properties:
    """Return properties, checked as CreateHITType checks them."""
    with values.convert_refusals(""):
        checked = check_entry(
            "CreateHITType",
            entry,
            Title="A HIT",
            Description="A HIT",
            Reward="1.00",
            AssignmentDurationInSeconds=3600,
        )
        return hit_types.read_properties(scope, **checked)


def check_entry(operation: str, entry: object, **defaults: Any) -> dict[str, Any]:
    """Return the parameters of an operation from an entry, checked by the service model."""
    params = dict(defaults)
    for name, shape in load().operation_model(operation).input_shape.members.items():
        member = xform_name(name)
        value = getattr(entry, member, None)
        if value is not None:
            params[name] = _READERS[shape.type_name](member, value)
    return validation.check_request(operation, params)


#: What reads a member of each type of the service model.
_READERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "string": values.read_text,
    "integer": values.read_whole,
    "long": values.read_whole,
    "boolean": values.read_flag,
    "list": values.read_list,
}


def check_free_id(scope: Scope, id_: str | None) -> str | None:
    """Return the ID given for a new object, which must be free; None to generate one."""
    id_ = values.read_id("id", id_)
    if id_ is not None and scope.marketplace.has_id(id_):
        raise WrongMember("id", f"the ID {id_} is already taken")
    return id_


def read_hit_type(members: Members, scope: Scope) -> None:
    """Add a HIT type to the account."""
    entry, id_ = members.fill(PropertiesEntry), members.any("id")
    setting = _read_setting(members)
    type_ = place_hit_type(scope, entry, id_)
    if setting is not None:
        scope.account.notification_settings[type_.id] = setting


def place_hit_type(scope: Scope, entry: PropertiesEntry, id_: str | None) -> HITType:
    """Add a HIT type, with a new ID by default; WrongMember if its properties exist already."""
    properties = make_properties(scope, entry)
    id_ = check_free_id(scope, id_)
    if known := scope.account.type_with(properties):
        raise WrongMember("", f"the HIT type {known.id} has the same properties")
    id_ = id_ or scope.ids.entity("HITType")
    type_ = HITType(id_, group_of(id_), properties)
    scope.account.add_type(type_)
    return type_


def _read_setting(members: Members) -> Setting | None:
    active = members.take("notification_active", values.read_flag)
    given = members.any("notification")
    if given is None:
        return None
    with values.convert_refusals("notification"):
        validation.check_member("UpdateNotificationSettings", "Notification", given)
        specification = read_specification(given)
    if PING in specification.event_types:
        raise WrongMember("notification", f"a HIT type cannot have the event type {PING}")
    return Setting(specification, active is not False)


# Writing ----------------------------------------------------------------------------------


def write_hit_type(type_: HITType, setting: Setting | None) -> dict[str, Any]:
    """Return a HIT type with its notifications."""
    properties = type_.properties
    return values.drop_empty(
        id=type_.id,
        title=properties.title,
        description=properties.description,
        keywords=properties.keywords,
        reward=f"{properties.reward:f}",
        assignment_duration_in_seconds=properties.assignment_duration,
        auto_approval_delay_in_seconds=properties.auto_approval_delay,
        qualification_requirements=[_write_requirement(each) for each in properties.requirements],
        notification=None if setting is None else _write_specification(setting.specification),
        notification_active=None if setting is None else setting.active,
    )


def _write_requirement(requirement: Requirement) -> dict[str, Any]:
    """Return a requirement as in a request, which may have at most one of the two flags."""
    written = views.requirement(requirement)
    if requirement.actions_guarded == "Accept":
        del written["ActionsGuarded"]
    if not requirement.required_to_preview:
        del written["RequiredToPreview"]
    return written


def _write_specification(specification: Specification) -> dict[str, Any]:
    return {
        "Destination": specification.destination,
        "Transport": specification.transport,
        "Version": specification.version,
        "EventTypes": sorted(specification.event_types),
    }
