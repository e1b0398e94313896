"""Qualification requirements in CreateHIT and CreateHITType."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOW,
    constraint,
    create_hit,
    create_hit_type,
    error_of,
    invalid_combination,
    invalid_value,
    request_error,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

APPROVED = "00000000000000000040"
ADULT = "00000000000000000060"
LOCALE = "00000000000000000071"
PERCENT_APPROVED = "000000000000000000L0"
MASTERS = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH"
SANDBOX_MASTERS = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"

US = {"Country": "US"}


def requirement(type_id=APPROVED, comparator="GreaterThan", **values):
    return {"QualificationTypeId": type_id, "Comparator": comparator, **values}


def shown(client, *requirements):
    """Return the requirements that a new HIT shows."""
    hit = create_hit(client, QualificationRequirements=list(requirements))
    return hit["QualificationRequirements"]


def refused(client, *requirements):
    """Return how CreateHITType refuses these requirements."""
    return error_of(lambda: create_hit_type(client, QualificationRequirements=list(requirements)))


def no_type(type_id):
    return request_error(
        "QualificationTypeDoesNotExist", f"QualificationType [{type_id}] does not exist."
    )


# Responses --------------------------------------------------------------------------------


def test_create_hit_shows_requirements_with_defaults(mturk_client):
    """Requirements are shown as sent, plus ActionsGuarded and RequiredToPreview. [observed]"""
    sent = requirement(PERCENT_APPROVED, "GreaterThanOrEqualTo", IntegerValues=[95])

    assert shown(mturk_client, sent) == [
        {**sent, "ActionsGuarded": "Accept", "RequiredToPreview": False}
    ]


def test_create_hit_shows_a_locale_without_subdivision(mturk_client):
    """A Locale without subdivision has no key for it. [observed]"""
    (found,) = shown(mturk_client, requirement(LOCALE, "EqualTo", LocaleValues=[US]))

    assert found["LocaleValues"] == [US]
    assert "IntegerValues" not in found


def test_create_hit_shows_a_locale_with_subdivision(mturk_client):
    """A Locale in the United States can have a state as subdivision. [doc]"""
    new_york = {"Country": "US", "Subdivision": "NY"}
    (found,) = shown(mturk_client, requirement(LOCALE, "NotEqualTo", LocaleValues=[new_york]))

    assert found["LocaleValues"] == [new_york]


@pytest.mark.parametrize("action", ["Accept", "PreviewAndAccept", "DiscoverPreviewAndAccept"])
def test_create_hit_shows_the_actions_guarded(mturk_client, action):
    """ActionsGuarded has three values. [doc]"""
    guarded = requirement(IntegerValues=[100], ActionsGuarded=action)

    assert shown(mturk_client, guarded)[0]["ActionsGuarded"] == action


def test_create_hit_shows_required_to_preview(mturk_client):
    """The deprecated RequiredToPreview is accepted without ActionsGuarded. [doc]"""
    (found,) = shown(mturk_client, requirement(IntegerValues=[100], RequiredToPreview=True))

    assert found["RequiredToPreview"] is True


# Types ------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_id", [APPROVED, ADULT, PERCENT_APPROVED])
def test_requirement_of_a_system_type(mturk_client, mturk_sandbox_client, type_id):
    """System types have the same IDs in both environments. [doc]"""
    wanted = requirement(type_id, "EqualTo", IntegerValues=[1])

    assert shown(mturk_client, wanted)
    assert shown(mturk_sandbox_client, wanted)


def test_requirement_of_an_unknown_type(mturk_client):
    """The refusal has the type's ID in square brackets. [observed]"""
    unknown = requirement("3UNKNOWN", IntegerValues=[1])

    assert refused(mturk_client, unknown) == no_type("3UNKNOWN")
    assert error_of(lambda: shown(mturk_client, unknown)) == no_type("3UNKNOWN")


def test_requirement_of_masters(mturk_client, mturk_sandbox_client):
    """Each environment has its own Masters type. [doc]"""
    assert shown(mturk_client, requirement(MASTERS, "Exists"))
    assert shown(mturk_sandbox_client, requirement(SANDBOX_MASTERS, "Exists"))


def test_requirement_of_the_masters_of_the_other_environment(mturk_client, mturk_sandbox_client):
    """The Masters type of the other environment does not exist. [observed]"""
    assert refused(mturk_client, requirement(SANDBOX_MASTERS, "Exists")) == no_type(SANDBOX_MASTERS)
    assert refused(mturk_sandbox_client, requirement(MASTERS, "Exists")) == no_type(MASTERS)


# Values -----------------------------------------------------------------------------------


def test_requirements_ten_at_most(mturk_client):
    """A HIT type has at most ten requirements. [doc] number, [assumed] error"""
    ten = [requirement(IntegerValues=[number]) for number in range(10)]

    assert len(shown(mturk_client, *ten)) == 10
    assert refused(mturk_client, *ten, ten[0]) == invalid_value(
        "11 requirements", "QualificationRequirements"
    )


COMPARATORS = (
    *("LessThan", "LessThanOrEqualTo", "GreaterThan", "GreaterThanOrEqualTo"),
    *("EqualTo", "NotEqualTo", "Exists", "DoesNotExist", "In", "NotIn"),
)
SINGLE = COMPARATORS[:6]


@pytest.mark.parametrize("comparator", SINGLE)
def test_requirement_with_one_integer(mturk_client, comparator):
    """These comparators take exactly one integer. [doc]"""

    def values(*integers):
        return requirement(APPROVED, comparator, IntegerValues=list(integers))

    assert shown(mturk_client, values(0))[0]["IntegerValues"] == [0]
    assert refused(mturk_client, values()) == invalid_value("0 values", "IntegerValues")
    assert refused(mturk_client, values(1, 2)) == invalid_value("2 values", "IntegerValues")


def test_requirement_without_values(mturk_client):
    """A comparator that compares requires a value. [doc]"""
    assert refused(mturk_client, requirement()) == invalid_value("0 values", "IntegerValues")
    assert refused(mturk_client, requirement(LOCALE, "In")) == invalid_value(
        "0 values", "LocaleValues"
    )


@pytest.mark.parametrize("comparator", ["In", "NotIn"])
def test_requirement_with_a_list_of_integers(mturk_client, comparator):
    """In and NotIn take at most 15 integers. [doc]"""

    def values(count):
        return requirement(APPROVED, comparator, IntegerValues=list(range(count)))

    assert shown(mturk_client, values(15))[0]["IntegerValues"] == list(range(15))
    assert refused(mturk_client, values(16)) == invalid_value("16 values", "IntegerValues")
    assert refused(mturk_client, values(0)) == invalid_value("0 values", "IntegerValues")


@pytest.mark.parametrize("comparator", ["In", "NotIn"])
def test_requirement_with_a_list_of_locales(mturk_client, comparator):
    """In and NotIn take at most 30 locales. [doc]"""

    def values(count):
        return requirement(LOCALE, comparator, LocaleValues=[US] * count)

    assert len(shown(mturk_client, values(30))[0]["LocaleValues"]) == 30
    assert refused(mturk_client, values(31)) == invalid_value("31 values", "LocaleValues")


@pytest.mark.parametrize("comparator", ["EqualTo", "NotEqualTo"])
def test_requirement_with_one_locale(mturk_client, comparator):
    """EqualTo and NotEqualTo take exactly one locale. [doc]"""
    two = requirement(LOCALE, comparator, LocaleValues=[US, {"Country": "CA"}])

    assert shown(mturk_client, requirement(LOCALE, comparator, LocaleValues=[US]))
    assert refused(mturk_client, two) == invalid_value("2 values", "LocaleValues")


@pytest.mark.parametrize("comparator", ["Exists", "DoesNotExist"])
def test_requirement_of_existence(mturk_client, comparator):
    """Exists and DoesNotExist take no values. [doc]"""
    integers = requirement(APPROVED, comparator, IntegerValues=[1])
    locales = requirement(LOCALE, comparator, LocaleValues=[US])

    assert shown(mturk_client, requirement(APPROVED, comparator))
    assert refused(mturk_client, integers) == invalid_value(comparator, "Comparator")
    assert refused(mturk_client, locales) == invalid_value(comparator, "Comparator")


@pytest.mark.parametrize("comparator", SINGLE[:4])
def test_requirement_that_compares_places(mturk_client, comparator):
    """LessThan and GreaterThan are refused for locales. [doc]"""
    wanted = requirement(LOCALE, comparator, LocaleValues=[US])

    assert refused(mturk_client, wanted) == invalid_value(comparator, "Comparator")


def test_requirement_of_a_place_with_integers(mturk_client):
    """The locale type takes no integers. [doc]"""
    wanted = requirement(LOCALE, "EqualTo", IntegerValues=[1], LocaleValues=[US])

    assert refused(mturk_client, wanted) == invalid_value(1, "IntegerValues")


def test_requirement_of_a_number_with_places(mturk_client):
    """Only the locale type takes locales. [doc]"""
    wanted = requirement(APPROVED, "EqualTo", IntegerValues=[1], LocaleValues=[US])

    assert refused(mturk_client, wanted) == invalid_value("US", "LocaleValues")


@pytest.mark.parametrize("country", ["XX", "us", "UK"])
def test_requirement_of_an_unknown_country(mturk_client, country):
    """Country must be a code of ISO 3166. [doc] codes, [assumed] error"""
    wanted = requirement(LOCALE, "EqualTo", LocaleValues=[{"Country": country}])

    assert refused(mturk_client, wanted) == invalid_value(country, "Country")


@pytest.mark.parametrize("code", ["ZZ", "XX", "ny"])
def test_requirement_of_an_unknown_subdivision(mturk_client, code):
    """Subdivision "must be valid ISO 3166-2 (US-ZZ is not)". [doc] codes, [assumed] error"""
    nowhere = {"Country": "US", "Subdivision": code}
    wanted = requirement(LOCALE, "EqualTo", LocaleValues=[nowhere])

    assert refused(mturk_client, wanted) == invalid_value(code, "Subdivision")


def test_requirement_of_a_subdivision_elsewhere(mturk_client):
    """Only the United States has subdivisions. [doc] rule, [assumed] error"""
    ontario = {"Country": "CA", "Subdivision": "ON"}
    wanted = requirement(LOCALE, "EqualTo", LocaleValues=[ontario])

    assert refused(mturk_client, wanted) == invalid_value("ON", "Subdivision")


@pytest.mark.parametrize("required", [True, False])
def test_requirement_with_both_ways_to_guard(mturk_client, required):
    """ActionsGuarded and RequiredToPreview cannot be sent together. [observed]"""
    both = requirement(IntegerValues=[1], ActionsGuarded="Accept", RequiredToPreview=required)

    assert refused(mturk_client, both) == invalid_combination("ActionsGuarded, RequiredToPreview")
    assert error_of(lambda: shown(mturk_client, both)) == invalid_combination(
        "ActionsGuarded, RequiredToPreview"
    )


def test_requirement_with_an_unknown_comparator(mturk_client):
    """The framework refuses unknown values of an enum and lists the known ones. [assumed]"""
    wanted = requirement(APPROVED, "Like", IntegerValues=[1])
    expected = f"Member must satisfy enum value set: [{', '.join(COMPARATORS)}]"

    assert refused(mturk_client, wanted) == constraint(
        "Like", "qualificationRequirements.1.member.comparator", expected
    )
