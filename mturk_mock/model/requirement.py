"""Qualification requirements: what they may say, and the types that the system has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mturk_mock import errors
from mturk_mock.model.countries import COUNTRIES
from mturk_mock.model.environment import PRODUCTION, SANDBOX

LOCALE: Final = "00000000000000000071"
#: Types that both environments have. [doc] The percentages of submitted, abandoned,
#: returned and rejected work are the legacy ones, which old programs still name.
_SYSTEM_TYPES: Final = frozenset(
    {
        "00000000000000000040",  # Worker_NumberHITsApproved
        LOCALE,  # Worker_Locale
        "00000000000000000060",  # Worker_Adult
        "000000000000000000L0",  # Worker_PercentAssignmentsApproved
        "00000000000000000000",  # percent submitted
        "00000000000000000070",  # percent abandoned
        "000000000000000000E0",  # percent returned
        "000000000000000000S0",  # percent rejected
    }
)
MASTERS: Final = {
    PRODUCTION: "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
    SANDBOX: "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6",
}

MOST_REQUIREMENTS: Final = 10  # [doc]
MOST_INTEGERS: Final = 15  # with In and NotIn [doc]
MOST_LOCALES: Final = 30  # with In and NotIn [doc]
_LOCALE_COMPARATORS: Final = frozenset({"EqualTo", "NotEqualTo", "In", "NotIn"})
_LIST_COMPARATORS: Final = frozenset({"In", "NotIn"})
_EXISTENCE_COMPARATORS: Final = frozenset({"Exists", "DoesNotExist"})


@dataclass(frozen=True)
class Requirement:
    """One qualification requirement, with the service's defaults filled in."""

    qualification_type_id: str
    comparator: str
    integer_values: tuple[int, ...] | None
    locale_values: tuple[tuple[str, str | None], ...] | None
    actions_guarded: str
    required_to_preview: bool


def read_requirements(
    members: list[dict[str, Any]] | None, environment: str
) -> tuple[Requirement, ...]:
    """Return requirements as a request gives them, checked by the documented rules."""
    members = members or []
    if len(members) > MOST_REQUIREMENTS:
        raise _refused(f"{len(members)} requirements", "QualificationRequirements")
    return tuple(_read_requirement(member, environment) for member in members)


def _read_requirement(member: dict[str, Any], environment: str) -> Requirement:
    requirement = Requirement(
        member["QualificationTypeId"],
        member["Comparator"],
        _optional_tuple(member.get("IntegerValues")),
        _read_locales(member.get("LocaleValues")),
        member.get("ActionsGuarded", "Accept"),
        member.get("RequiredToPreview", False),
    )
    if "ActionsGuarded" in member and "RequiredToPreview" in member:
        raise errors.INVALID_PARAMETER_COMBINATION(parameters="ActionsGuarded, RequiredToPreview")
    _check_type(requirement.qualification_type_id, environment)
    _check_values(requirement)
    return requirement


def _optional_tuple(values: list[int] | None) -> tuple[int, ...] | None:
    return None if values is None else tuple(values)


def _read_locales(
    values: list[dict[str, str]] | None,
) -> tuple[tuple[str, str | None], ...] | None:
    if values is None:
        return None
    return tuple((value["Country"], value.get("Subdivision")) for value in values)


def _check_type(type_id: str, environment: str) -> None:
    """The Masters of one environment do not exist in the other. [observed]"""
    if type_id not in _SYSTEM_TYPES and type_id != MASTERS[environment]:
        raise errors.QUALIFICATION_TYPE_DOES_NOT_EXIST(id=type_id)


def _check_values(requirement: Requirement) -> None:
    integers, locales = requirement.integer_values, requirement.locale_values
    if requirement.comparator in _EXISTENCE_COMPARATORS:
        if integers or locales:
            raise _refused(requirement.comparator, "Comparator")
    elif requirement.qualification_type_id == LOCALE:
        _check_locales(requirement)
    elif locales:
        raise _refused(locales[0][0], "LocaleValues")
    else:
        _check_count(requirement.comparator, integers or (), MOST_INTEGERS, "IntegerValues")


def _check_locales(requirement: Requirement) -> None:
    if requirement.integer_values:
        raise _refused(requirement.integer_values[0], "IntegerValues")
    if requirement.comparator not in _LOCALE_COMPARATORS:
        raise _refused(requirement.comparator, "Comparator")
    locales = requirement.locale_values or ()
    _check_count(requirement.comparator, locales, MOST_LOCALES, "LocaleValues")
    for country, subdivision in locales:
        if country not in COUNTRIES:
            raise _refused(country, "Country")
        if subdivision is not None and country != "US":
            raise _refused(subdivision, "Subdivision")


def _check_count(comparator: str, values: tuple[Any, ...], most: int, parameter: str) -> None:
    allowed = range(1, most + 1) if comparator in _LIST_COMPARATORS else (1,)
    if len(values) not in allowed:
        raise _refused(f"{len(values)} values", parameter)


def _refused(value: object, parameter: str) -> errors.MTurkError:
    return errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)
