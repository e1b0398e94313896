"""Qualification requirements: reading, checking and evaluating them."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.model import qualification as qualifications
from mturk_mock.model.qualification import QualificationType, Register
from mturk_mock.model.system_qualification import LOCALE, Locale, system_value
from mturk_mock.model.worker import COUNTRIES, STATES, Person

MOST_REQUIREMENTS: Final = 10  # [doc]
MOST_INTEGERS: Final = 15  # with In and NotIn [doc]
MOST_LOCALES: Final = 30  # with In and NotIn [doc]
_LOCALE_COMPARATORS: Final = frozenset({"EqualTo", "NotEqualTo", "In", "NotIn"})
_LIST_COMPARATORS: Final = frozenset({"In", "NotIn"})
_EXISTENCE_COMPARATORS: Final = frozenset({"Exists", "DoesNotExist"})
_ORDER_COMPARATORS: Final = {
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
}

#: What each comparator requires, in messages.
_WORDS: Final = {
    "EqualTo": "{} required",
    "In": "{} required",
    "NotEqualTo": "any value but {} required",
    "NotIn": "any value but {} required",
    "LessThan": "less than {} required",
    "LessThanOrEqualTo": "at most {} required",
    "GreaterThan": "more than {} required",
    "GreaterThanOrEqualTo": "at least {} required",
    "Exists": "any value required",
    "DoesNotExist": "no value allowed",
}

#: The actions of workers; a requirement that guards one also guards the ones before it. [doc]
ACCEPT: Final = 1
PREVIEW: Final = 2
DISCOVER: Final = 3
_GUARDED: Final = {
    "Accept": ACCEPT,
    "PreviewAndAccept": PREVIEW,
    "DiscoverPreviewAndAccept": DISCOVER,
}


@dataclass(frozen=True)
class Requirement:
    """One qualification requirement, with the service's defaults filled in."""

    qualification_type_id: str
    comparator: str
    integer_values: tuple[int, ...] | None
    locale_values: tuple[Locale, ...] | None
    actions_guarded: str
    required_to_preview: bool

    def __str__(self) -> str:
        """Return what is required of the value, as in "US-CA or GB required"."""
        values: list[int | Locale] = [*(self.integer_values or ()), *(self.locale_values or ())]
        wanted = " or ".join(map(_show, values))
        return _WORDS[self.comparator].format(wanted)

    def guards(self, action: int) -> bool:
        """Tell whether the requirement applies to an action."""
        preview_too = self.required_to_preview and action == PREVIEW
        return preview_too or action <= _GUARDED[self.actions_guarded]


def read_requirements(
    members: list[dict[str, Any]] | None, register: Register
) -> tuple[Requirement, ...]:
    """Check and return the qualification requirements in a request. [doc]"""
    members = members or []
    if len(members) > MOST_REQUIREMENTS:
        raise _refused(f"{len(members)} requirements", "QualificationRequirements")
    return tuple(_read_requirement(member, register) for member in members)


def _read_requirement(member: dict[str, Any], register: Register) -> Requirement:
    requirement = Requirement(
        member["QualificationTypeId"],
        member["Comparator"],
        None if (values := member.get("IntegerValues")) is None else tuple(values),
        _read_locales(member.get("LocaleValues")),
        member.get("ActionsGuarded", "Accept"),
        member.get("RequiredToPreview", False),
    )
    if "ActionsGuarded" in member and "RequiredToPreview" in member:
        raise errors.INVALID_PARAMETER_COMBINATION(parameters="ActionsGuarded, RequiredToPreview")
    # The qualification type can belong to any requester, but must not be deleted. [doc]
    type_ = register.type(requirement.qualification_type_id)
    qualifications.require_not_deleted(type_)
    _check_values(requirement)
    return requirement


def _read_locales(values: list[dict[str, str]] | None) -> tuple[Locale, ...] | None:
    if values is None:
        return None
    return tuple((value["Country"], value.get("Subdivision")) for value in values)


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
        # Subdivisions are ISO 3166-2 codes of the United States. [doc]
        if subdivision is not None and (country != "US" or subdivision not in STATES):
            raise _refused(subdivision, "Subdivision")


def _check_count(comparator: str, values: tuple[Any, ...], most: int, parameter: str) -> None:
    allowed = range(1, most + 1) if comparator in _LIST_COMPARATORS else (1,)
    if len(values) not in allowed:
        raise _refused(f"{len(values)} values", parameter)


def _refused(value: object, parameter: str) -> errors.MTurkError:
    return errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)


# Which workers meet requirements ------------------------------------------------------------------


def require_active(register: Register, requirements: Iterable[Requirement]) -> None:
    """Raise InvalidQualificationTypeState if a new HIT requires an Inactive type. [doc]"""
    for requirement in requirements:
        qualifications.require_active(register.type(requirement.qualification_type_id))


def check_met(
    register: Register,
    requirements: Iterable[Requirement],
    person: Person,
    action: int,
    hit_id: str,
) -> None:
    """Raise DoesNotMeetRequirements if the worker may not take the action on the HIT."""
    for requirement in requirements:
        if requirement.guards(action) and not _is_met(register, requirement, person):
            raise errors.DOES_NOT_MEET_REQUIREMENTS(
                worker=person.id, hit=hit_id, problem=_problem(register, requirement, person)
            )


def are_met(
    register: Register, requirements: Iterable[Requirement], person: Person, action: int
) -> bool:
    """Tell whether the worker meets the requirements that guard the action."""
    return all(
        _is_met(register, requirement, person)
        for requirement in requirements
        if requirement.guards(action)
    )


@dataclass(frozen=True)
class Standing:
    """How a worker stands to a requirement, in words: `value` is "" if the worker has none."""

    type_: QualificationType
    wanted: str
    value: str
    is_met: bool

    @property
    def name(self) -> str:
        """The name of the qualification, without the prefix of the system's types."""
        return name_of(self.type_)


def name_of(type_: QualificationType) -> str:
    """Return the name of a type, without the prefix of the system's types."""
    return type_.name if type_.owner is not None else type_.name.removeprefix("Worker_")


def find_standing(register: Register, requirement: Requirement, person: Person) -> Standing:
    """Return how a worker stands to a requirement."""
    type_ = register.types[requirement.qualification_type_id]
    shown = show_value(register, type_, person)
    return Standing(type_, str(requirement), shown, _is_met(register, requirement, person))


def show_value(register: Register, type_: QualificationType, person: Person) -> str:
    """Return a worker's value of a qualification as text; "" if the worker has none."""
    value = _value(register, type_, person)
    return "" if value is None else _show(value)


def _problem(register: Register, requirement: Requirement, person: Person) -> str:
    """Return which qualification the worker lacks, the worker's value, and what is required."""
    type_ = register.types[requirement.qualification_type_id]
    value = _value(register, type_, person)
    is_system = type_.owner is None
    name = type_.name.removeprefix("Worker_") if is_system else f"{type_.name!r} ({type_.id})"
    return f"{name} is {'not granted' if value is None else _show(value)}; {requirement}"


def _value(register: Register, type_: QualificationType, person: Person) -> int | Locale | None:
    if type_.owner is None:
        return system_value(type_.id, person, register.environment)
    return type_.value_for(person.id)


def _show(value: int | Locale) -> str:
    """Return a value as text, a locale as in "US-CA"."""
    return "-".join(filter(None, value)) if isinstance(value, tuple) else str(value)


def _is_met(register: Register, requirement: Requirement, person: Person) -> bool:
    """Tell whether a worker meets a requirement.

    A worker without a value meets only DoesNotExist. [assumed]
    """
    type_ = register.types[requirement.qualification_type_id]
    value = _value(register, type_, person)
    if requirement.comparator in _EXISTENCE_COMPARATORS:
        return (value is not None) == (requirement.comparator == "Exists")
    return value is not None and _compare(requirement, value)


def _compare(requirement: Requirement, value: Any) -> bool:
    if requirement.comparator in _ORDER_COMPARATORS:
        (limit,) = requirement.integer_values or ()
        return bool(_ORDER_COMPARATORS[requirement.comparator](value, limit))
    if requirement.locale_values is not None:
        found = any(_lies_in(value, place) for place in requirement.locale_values)
    else:
        found = value in (requirement.integer_values or ())
    return found == (requirement.comparator in ("EqualTo", "In"))


def _lies_in(home: Locale, place: Locale) -> bool:
    """Tell whether a worker's home is in a place.

    A country contains all of its subdivisions. [assumed]
    """
    country, subdivision = place
    return home[0] == country and subdivision in (None, home[1])
