"""HIT types: creating them, and finding the type of a new HIT."""

from __future__ import annotations

from typing import Any

from mturk_mock.core import errors
from mturk_mock.core.ids import group_of
from mturk_mock.model.hit import HITType, Properties
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.requirement import read_requirements
from mturk_mock.operations import limits
from mturk_mock.operations.registry import Call, Result, operation


@operation("CreateHITType")
def create_hit_type(call: Call, **properties: Any) -> Result:
    """Create a HIT type, or return the ID of the one with the same properties. [doc]"""
    return {"HITTypeId": find_or_make(call, read_properties(call, **properties)).id}


def read_properties(
    scope: Scope,
    *,
    assignment_duration_in_seconds: int,
    reward: str,
    title: str,
    description: str,
    auto_approval_delay_in_seconds: int = limits.MONTH,
    keywords: str | None = None,
    qualification_requirements: list[dict[str, Any]] | None = None,
) -> Properties:
    """Check and return the seven properties of a HIT type. [doc] [assumed]

    Empty Keywords differ from no Keywords: HITs show them. [assumed]
    """
    limits.check_required_text("Title", title, limits.TITLE)
    limits.check_required_text("Description", description, limits.DESCRIPTION)
    limits.check_text("Keywords", keywords or "", limits.KEYWORDS)
    return Properties(
        title,
        description,
        keywords,
        limits.read_amount("Reward", reward),
        limits.check_range(
            "AssignmentDurationInSeconds",
            assignment_duration_in_seconds,
            limits.ASSIGNMENT_DURATION,
        ),
        limits.check_range(
            "AutoApprovalDelayInSeconds",
            auto_approval_delay_in_seconds,
            limits.AUTO_APPROVAL_DELAY,
        ),
        read_requirements(qualification_requirements, scope.account.qualifications),
    )


def find_or_make(scope: Scope, properties: Properties) -> HITType:
    """Return the requester's HIT type with these properties; create it if there is none."""
    found = scope.account.type_with(properties)
    if found is None:
        id_ = scope.ids.entity("HITType")
        found = HITType(id_, group_of(id_), properties)
        scope.account.add_type(found)
    return found


def find(scope: Scope, hit_type_id: str) -> HITType:
    """Return a HIT type.

    If the HIT type does not exist, the error is InvalidParameterValue. [observed, legacy]

    HIT types that require a deleted qualification type are deleted with it. [doc]
    """
    found = scope.account.hit_types.get(hit_type_id)
    types = scope.account.qualifications.types
    if found is None or any(types[id_].deleted for id_ in found.properties.qualification_type_ids):
        raise errors.INVALID_PARAMETER_VALUE(value=hit_type_id, parameter="HITTypeId")
    return found
