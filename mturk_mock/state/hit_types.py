"""HIT types in files: their properties as CreateHITType takes them, and what they tell to whom."""

from __future__ import annotations

from typing import Any, Final

from botocore import xform_name

from mturk_mock.backend import validation
from mturk_mock.core.ids import group_of
from mturk_mock.model.hit import HITType, Properties
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.notification import PING, Setting, Specification
from mturk_mock.model.requirement import Requirement
from mturk_mock.operations import hit_types, views
from mturk_mock.operations.notifications import read_specification
from mturk_mock.state.members import Members, refusals_at, refuse, some

#: What HITs and HIT types say of it, and what is taken where they do not.
PROPERTIES: Final = {
    "Title": "A HIT",
    "Description": "A HIT",
    "Keywords": None,
    "Reward": "1.00",
    "AssignmentDurationInSeconds": 3600,
    "AutoApprovalDelayInSeconds": None,
    "QualificationRequirements": None,
}


def read_properties(members: Members, scope: Scope) -> Properties:
    """Return the properties that an object says, checked as the service does."""
    given = {name: members.any(xform_name(name)) for name in PROPERTIES}
    params = {name: PROPERTIES[name] if given[name] is None else given[name] for name in given}
    with refusals_at(members.path):
        checked = validation.check_request("CreateHITType", params)
        return hit_types.read_properties(scope, **checked)


def read(members: Members, scope: Scope) -> None:
    """Add a HIT type to the account."""
    properties = read_properties(members, scope)
    id_ = free_id(members, scope)
    setting = _read_setting(members)
    members.finish()
    if known := scope.account.type_with(properties):
        raise refuse(members.path, f"the HIT type {known.id} has the same properties")
    id_ = id_ or scope.ids.entity("HITType")
    scope.account.add_type(HITType(id_, group_of(id_), properties))
    if setting is not None:
        scope.account.notification_settings[id_] = setting


def free_id(members: Members, scope: Scope) -> str | None:
    """Return the id that an object is to have, which nothing has yet; None for any."""
    id_ = members.id("id")
    if id_ is not None and scope.marketplace.has_id(id_):
        raise refuse(members.at("id"), f"the id {id_} is taken already")
    return id_


def _read_setting(members: Members) -> Setting | None:
    active = members.flag("notification_active")
    given = members.any("notification")
    if given is None:
        return None
    with refusals_at(members.at("notification")):
        params = {"HITTypeId": "3", "Notification": given}
        checked = validation.check_request("UpdateNotificationSettings", params)
        specification = read_specification(checked["notification"])
    if PING in specification.event_types:
        raise refuse(members.at("notification"), f"a HIT type does not tell of {PING}")
    return Setting(specification, active is not False)


# Writing ----------------------------------------------------------------------------------


def write(type_: HITType, setting: Setting | None) -> dict[str, Any]:
    """Return a HIT type with what it tells."""
    properties = type_.properties
    return some(
        id=type_.id,
        title=properties.title,
        description=properties.description,
        keywords=properties.keywords or None,
        reward=f"{properties.reward:f}",
        assignment_duration_in_seconds=properties.assignment_duration,
        auto_approval_delay_in_seconds=properties.auto_approval_delay,
        qualification_requirements=[_requirement(each) for each in properties.requirements],
        notification=None if setting is None else _specification(setting.specification),
        notification_active=None if setting is None else setting.active,
    )


def _requirement(requirement: Requirement) -> dict[str, Any]:
    """Return a requirement as a request says it, which names one of the two flags at most."""
    said = views.requirement(requirement)
    if requirement.actions_guarded == "Accept":
        del said["ActionsGuarded"]
    if not requirement.required_to_preview:
        del said["RequiredToPreview"]
    return said


def _specification(specification: Specification) -> dict[str, Any]:
    return {
        "Destination": specification.destination,
        "Transport": specification.transport,
        "Version": specification.version,
        "EventTypes": sorted(specification.event_types),
    }
