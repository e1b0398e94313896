"""HIT types: CreateHITType, and the values that CreateHIT checks as well."""

from __future__ import annotations

import pytest

from tests.helpers import (
    MINUTE,
    NOW,
    YEAR,
    constraint,
    create_hit,
    create_hit_type,
    error_of,
    invalid_value,
    out_of_range,
    value_error,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

ADULTS = {
    "QualificationTypeId": "00000000000000000060",
    "Comparator": "EqualTo",
    "IntegerValues": [1],
}
AMERICANS = {
    "QualificationTypeId": "00000000000000000071",
    "Comparator": "EqualTo",
    "LocaleValues": [{"Country": "US"}],
}
MONTH = 2_592_000  # seconds
REWARD_PATTERN = r"Member must satisfy regular expression pattern: ^[0-9]+(\.)?[0-9]{0,2}$"


def too_short(parameter):
    return value_error(f"Your request parameter {parameter}  has a minimum length of 1.")


# Identity ---------------------------------------------------------------------------------


def test_create_hit_type_returns_only_the_id(mturk_client):
    """The result is HITTypeId alone: 30 letters and digits, starting with 3. [observed]"""
    response = mturk_client.create_hit_type(
        Title="T", Description="D", Reward="0.01", AssignmentDurationInSeconds=30
    )

    del response["ResponseMetadata"]
    assert list(response) == ["HITTypeId"]
    assert len(response["HITTypeId"]) == 30
    assert response["HITTypeId"].startswith("3")


def test_create_hit_type_twice_returns_the_same_id(mturk_client):
    """Equal values return the same HITTypeId without an error. [doc]"""
    assert create_hit_type(mturk_client) == create_hit_type(mturk_client)


def test_create_hit_finds_the_type_of_its_values(mturk_client):
    """CreateHIT uses an existing HIT type with the same seven values. [doc]"""
    hit_type_id = create_hit_type(mturk_client)

    assert create_hit(mturk_client)["HITTypeId"] == hit_type_id


def test_create_hit_makes_the_type_that_is_missing(mturk_client):
    """CreateHIT creates a HIT type, which CreateHITType then returns. [doc]"""
    hit_type_id = create_hit(mturk_client)["HITTypeId"]

    assert create_hit_type(mturk_client) == hit_type_id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Title", "Label a film"),
        ("Description", "Say what a film shows"),
        ("Keywords", "label"),
        ("Reward", "0.51"),
        ("AssignmentDurationInSeconds", 11 * MINUTE),
        ("AutoApprovalDelayInSeconds", MONTH - 1),
        ("QualificationRequirements", [ADULTS]),
    ],
)
def test_create_hit_type_with_another_value(mturk_client, name, value):
    """HIT types that differ in one of seven values have different IDs. [doc]"""
    other = create_hit_type(mturk_client, **{name: value})

    assert other != create_hit_type(mturk_client)


def test_create_hit_type_with_empty_keywords(mturk_client):
    """Empty Keywords and no Keywords are different HIT types, because HITs show the former.

    [assumed]
    """
    assert create_hit_type(mturk_client, Keywords="") != create_hit_type(mturk_client)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Reward": "5"}, {"Reward": "5.00"}),
        ({"Reward": "5."}, {"Reward": "5.0"}),
        ({}, {"AutoApprovalDelayInSeconds": MONTH}),
        ({}, {"QualificationRequirements": []}),
        (
            {"QualificationRequirements": [ADULTS, AMERICANS]},
            {"QualificationRequirements": [AMERICANS, ADULTS]},
        ),
        (
            {"QualificationRequirements": [ADULTS]},
            {"QualificationRequirements": [{**ADULTS, "ActionsGuarded": "Accept"}]},
        ),
        (
            {"QualificationRequirements": [ADULTS]},
            {"QualificationRequirements": [{**ADULTS, "RequiredToPreview": False}]},
        ),
    ],
)
def test_create_hit_type_with_the_same_value_spelled_otherwise(mturk_client, one, other):
    """Values with the same meaning are equal, however they are written. [assumed]"""
    assert create_hit_type(mturk_client, **one) == create_hit_type(mturk_client, **other)


@pytest.mark.parametrize("name", ["LifetimeInSeconds", "MaxAssignments", "RequesterAnnotation"])
def test_create_hit_with_values_of_its_own(mturk_client, name):
    """Lifetime, assignments and annotation do not belong to the HIT type. [doc]"""
    own = {"LifetimeInSeconds": 1000, "MaxAssignments": 2, "RequesterAnnotation": "note"}

    hit = create_hit(mturk_client, **{name: own[name]})

    assert hit["HITTypeId"] == create_hit_type(mturk_client)


def test_create_hit_type_of_another_requester(mturk, mturk_client):
    """Each requester has their own HIT types. [assumed]"""
    other_client = mturk.requester("somebody else").client()

    assert create_hit_type(other_client) != create_hit_type(mturk_client)


def test_create_hit_type_in_the_sandbox(mturk_client, mturk_sandbox_client):
    """Sandbox and production share no HIT types. [doc]"""
    assert create_hit_type(mturk_sandbox_client) != create_hit_type(mturk_client)


def test_hit_group_id_goes_with_the_type(mturk_client):
    """HITs of a type have the same HITGroupId, which differs from the HITTypeId. [observed]"""
    first, second = create_hit(mturk_client), create_hit(mturk_client)
    other = create_hit(mturk_client, Title="Another")

    assert first["HITGroupId"] == second["HITGroupId"] != other["HITGroupId"]
    assert first["HITGroupId"] != first["HITTypeId"]
    assert len(first["HITGroupId"]) == 30


@pytest.mark.mock_mturk(balance="0.00")
def test_create_hit_type_needs_no_funds(mturk_client):
    """CreateHITType needs no funds. [assumed]"""
    assert create_hit_type(mturk_client)


@pytest.mark.mock_mturk(balance="0.00")
def test_create_hit_that_is_refused_makes_no_type(mturk, mturk_client):
    """A refused CreateHIT creates no HIT type. [assumed]"""
    mturk.next_id("HITType", "3FIRST")
    error_of(lambda: create_hit(mturk_client))

    assert create_hit_type(mturk_client, Title="Another") == "3FIRST"


# Values -----------------------------------------------------------------------------------


@pytest.fixture(params=[create_hit_type, create_hit], ids=["CreateHITType", "CreateHIT"])
def make(request, mturk_client):
    """Create a HIT type with some values, by either operation."""
    return lambda **values: request.param(mturk_client, **values)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("AssignmentDurationInSeconds", 30, YEAR), ("AutoApprovalDelayInSeconds", 0, MONTH)],
)
def test_create_hit_type_number_out_of_range(make, name, low, high):
    """Numbers are accepted from the minimum to the maximum. [doc] range, [assumed] error"""
    assert make(**{name: low})
    assert make(**{name: high})
    assert error_of(lambda: make(**{name: low - 1})) == out_of_range(low - 1, name, low, high)
    assert error_of(lambda: make(**{name: high + 1})) == out_of_range(high + 1, name, low, high)


@pytest.mark.parametrize(
    ("name", "longest"), [("Title", 128), ("Description", 2000), ("Keywords", 1000)]
)
def test_create_hit_type_text_too_long(make, name, longest):
    """Texts have a maximum length in characters. [doc] lengths, [assumed] error"""
    too_long = "é" * (longest + 1)

    assert make(**{name: "é" * longest})
    assert error_of(lambda: make(**{name: too_long})) == invalid_value(too_long, name)


@pytest.mark.parametrize("name", ["Title", "Description"])
def test_create_hit_type_text_empty(make, name):
    """An empty Title or Description is refused. [assumed]"""
    assert error_of(lambda: make(**{name: ""})) == too_short(name)


@pytest.mark.parametrize("reward", ["0", "0.", "0.0", "0.00"])
def test_create_hit_type_reward_of_nothing(make, reward):
    """A Reward below one cent is refused. [observed, legacy]"""
    assert error_of(lambda: make(Reward=reward)) == invalid_value(reward, "Reward")


@pytest.mark.parametrize(
    "reward", [".50", "0.505", "-1.00", "$1", "1,00", "", " 1", "1\n", "\u0665"]
)
def test_create_hit_type_reward_malformed(make, reward):
    """Reward starts with a digit and has at most two decimals. [observed]"""
    assert error_of(lambda: make(Reward=reward)) == constraint(reward, "reward", REWARD_PATTERN)


@pytest.mark.parametrize(
    ("reward", "shown"),
    [("5", "5.00"), ("5.", "5.00"), ("5.1", "5.10"), ("0.01", "0.01"), ("007.50", "7.50")],
)
def test_create_hit_reward_has_two_decimals(mturk_client, reward, shown):
    """Reward is shown with two decimals, however it was sent. [observed] form"""
    assert create_hit(mturk_client, Reward=reward)["Reward"] == shown
