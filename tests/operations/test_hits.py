"""Creating HITs: CreateHIT and CreateHITWithHITType."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.helpers import (
    DAY,
    EXTERNAL_QUESTION,
    HTML_QUESTION,
    NOW,
    YEAR,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    get_hit,
    hit_ids,
    invalid_value,
    no_funds,
    out_of_range,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

#: The keys of a HIT without annotation, keywords and layout. [observed]
KEYS = {
    *("HITId", "HITTypeId", "HITGroupId", "CreationTime", "Title", "Description", "Question"),
    *("HITStatus", "MaxAssignments", "Reward", "AutoApprovalDelayInSeconds", "Expiration"),
    *("AssignmentDurationInSeconds", "QualificationRequirements", "HITReviewStatus"),
    *("NumberOfAssignmentsPending", "NumberOfAssignmentsAvailable"),
    "NumberOfAssignmentsCompleted",
}


def create_by_type(client, **overrides):
    """Publish a HIT with CreateHITWithHITType."""
    return create_hit_with_hit_type(client, create_hit_type(client), **overrides)


@pytest.fixture(params=[create_hit, create_by_type], ids=["CreateHIT", "CreateHITWithHITType"])
def create(request, mturk_client):
    """Publish a HIT with either operation."""
    return lambda **overrides: request.param(mturk_client, **overrides)


# New HITs ---------------------------------------------------------------------------------


def test_create_hit_has_exactly_the_recorded_keys(create):
    """A HIT has exactly the recorded keys; absent values have no key. [observed]"""
    assert create().keys() == KEYS


def test_create_hit_defaults(create):
    """By default: one assignment, auto-approval after 30 days, no requirements. [observed]"""
    hit = create()

    assert hit["MaxAssignments"] == 1
    assert hit["AutoApprovalDelayInSeconds"] == 2_592_000
    assert hit["QualificationRequirements"] == []


def test_create_hit_begins_assignable(create):
    """A new HIT is Assignable, with all assignments available. [observed]"""
    hit = create(MaxAssignments=3)

    assert (hit["HITStatus"], hit["HITReviewStatus"]) == ("Assignable", "NotReviewed")
    assert hit["NumberOfAssignmentsAvailable"] == 3
    assert hit["NumberOfAssignmentsPending"] == hit["NumberOfAssignmentsCompleted"] == 0


def test_create_hit_expires_after_its_lifetime(create):
    """Expiration is exactly CreationTime plus LifetimeInSeconds. [observed]"""
    hit = create(LifetimeInSeconds=3600)

    assert hit["CreationTime"] == NOW
    assert hit["Expiration"] == NOW + timedelta(hours=1)


@pytest.mark.mock_mturk(now=NOW + timedelta(milliseconds=999))
def test_create_hit_times_are_whole_seconds(create):
    """Times in responses have no fraction of a second. [observed]"""
    hit = create(LifetimeInSeconds=60)

    assert hit["CreationTime"] == NOW
    assert hit["Expiration"] == NOW + timedelta(minutes=1)


def test_create_hit_returns_what_it_was_given(mturk_client):
    """CreateHIT returns the values of the request unchanged. [observed]"""
    sent = {
        "Title": "Any title",
        "Description": "Any — description",
        "Keywords": "Perception, Psychology",
        "Reward": "0.05",
        "AssignmentDurationInSeconds": 77,
        "AutoApprovalDelayInSeconds": 0,
        "MaxAssignments": 9,
        "RequesterAnnotation": "batch 7",
    }
    hit = create_hit(mturk_client, **sent)

    assert {name: hit[name] for name in sent} == sent


@pytest.mark.parametrize("question", [HTML_QUESTION, EXTERNAL_QUESTION, f"\n{HTML_QUESTION}\n "])
def test_create_hit_keeps_the_question_verbatim(create, question):
    """CreateHIT returns Question unchanged. [observed]"""
    assert create(Question=question)["Question"] == question


def test_create_hit_with_an_empty_annotation(mturk_client):
    """An empty RequesterAnnotation has no key in the HIT. [observed]"""
    assert "RequesterAnnotation" not in create_hit(mturk_client, RequesterAnnotation="")


@pytest.mark.mock_mturk(balance="100.00")
def test_create_hit_with_empty_keywords(mturk, mturk_client):
    """`Keywords=""` is "shown as an empty string in the HIT". [assumed]"""
    with_none = create_hit(mturk_client)
    hit = create_hit(mturk_client, Keywords="")

    assert hit["Keywords"] == ""
    assert "Keywords" not in with_none
    assert [each.keywords for each in mturk.hits] == ["", ""]


def test_create_hit_ids_are_new(create):
    """Each HIT has a new ID: 30 letters and digits, starting with 3. [observed]"""
    ids = {create()["HITId"] for _ in range(20)}

    assert len(ids) == 20
    assert {len(id_) for id_ in ids} == {30}
    assert {id_[0] for id_ in ids} == {"3"}


def test_create_hit_equals_get_hit(create, mturk_client):
    """GetHIT returns at once the same HIT as CreateHIT. [observed]"""
    hit = create(RequesterAnnotation="note")

    assert get_hit(mturk_client, hit["HITId"]) == hit


def test_create_hit_with_hit_type_has_the_properties_of_the_type(mturk_client):
    """The HIT has the seven values of its type. [doc]"""
    values = {
        "Title": "T",
        "Description": "D",
        "Keywords": "a, b",
        "Reward": "1.25",
        "AssignmentDurationInSeconds": 45,
        "AutoApprovalDelayInSeconds": 3600,
        "QualificationRequirements": [
            {"QualificationTypeId": "00000000000000000040", "Comparator": "Exists"}
        ],
    }
    hit_type_id = create_hit_type(mturk_client, **values)
    hit = create_hit_with_hit_type(mturk_client, hit_type_id)

    assert hit["HITTypeId"] == hit_type_id
    del values["QualificationRequirements"]
    assert {name: hit[name] for name in values} == values
    assert hit["QualificationRequirements"][0]["Comparator"] == "Exists"


def test_create_hit_with_hit_type_unknown(mturk_client):
    """An unknown HITTypeId is refused. [observed, legacy]"""
    refusal = error_of(lambda: create_hit_with_hit_type(mturk_client, "3UNKNOWN"))

    assert refusal == invalid_value("3UNKNOWN", "HITTypeId")


@pytest.mark.parametrize("environment", [False, True], ids=["production", "sandbox"])
def test_create_hit_with_hit_type_of_somebody_else(mturk, mturk_client, environment):
    """A type of another requester, or environment, is unknown. [doc]"""
    other = mturk.client(sandbox=True) if environment else mturk.requester("other").client()
    hit_type_id = create_hit_type(other)
    refusal = error_of(lambda: create_hit_with_hit_type(mturk_client, hit_type_id))

    assert refusal == invalid_value(hit_type_id, "HITTypeId")


# Values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Title", "Description", "Reward", "LifetimeInSeconds", "AssignmentDurationInSeconds"]
)
def test_create_hit_without_required_parameter(mturk_client, name):
    """A request without a required parameter is not sent by botocore. [observed]"""
    with pytest.raises(ParamValidationError, match=name):
        create_hit(mturk_client, **{name: None})


def test_create_hit_lifetime_out_of_range(create):
    """LifetimeInSeconds is 30 seconds to 365 days. [doc] range, [assumed] error"""
    assert create(LifetimeInSeconds=30)["Expiration"] == NOW + timedelta(seconds=30)
    assert create(LifetimeInSeconds=YEAR)["Expiration"] == NOW + timedelta(days=365)
    for value in (29, YEAR + 1, 0, -1):
        refusal = error_of(lambda value=value: create(LifetimeInSeconds=value))
        assert refusal == out_of_range(value, "LifetimeInSeconds", 30, YEAR)


def test_create_hit_assignments_out_of_range(create):
    """MaxAssignments is one to a billion. [doc] range, [assumed] error"""
    for value in (0, -1, 1_000_000_001):
        refusal = error_of(lambda value=value: create(MaxAssignments=value))
        assert refusal == out_of_range(value, "MaxAssignments", 1, 1_000_000_000)


def test_create_hit_with_a_billion_assignments(mturk_sandbox_client):
    """A billion is accepted; in the sandbox it costs nothing. [doc]"""
    hit = create_hit(mturk_sandbox_client, MaxAssignments=1_000_000_000)

    assert hit["NumberOfAssignmentsAvailable"] == 1_000_000_000


def test_create_hit_annotation_too_long(create):
    """RequesterAnnotation has at most 255 characters. [doc] length, [assumed] error"""
    assert create(RequesterAnnotation="x" * 255)["RequesterAnnotation"] == "x" * 255
    refusal = error_of(lambda: create(RequesterAnnotation="x" * 256))
    assert refusal == invalid_value("x" * 256, "RequesterAnnotation")


def test_create_hit_annotation_of_other_letters_than_ascii(create):
    """RequesterAnnotation is "documented as 255 ASCII characters; no refusal of others" is known.

    Only the length is checked. [assumed]
    """
    assert create(RequesterAnnotation="é" * 255)["RequesterAnnotation"] == "é" * 255


# Money ------------------------------------------------------------------------------------


@pytest.mark.mock_mturk(balance="1.80")
def test_create_hit_holds_its_funds(create, mturk_client):
    """CreateHIT holds rewards and fees for all assignments. [doc]"""
    create(MaxAssignments=2)

    assert mturk_client.get_account_balance()["AvailableBalance"] == "0.60"


@pytest.mark.mock_mturk(balance="1.19")
def test_create_hit_without_funds(create, mturk, mturk_client):
    """A HIT that costs more than the balance is refused and not created. [observed]"""
    assert error_of(lambda: create(MaxAssignments=2)) == no_funds()
    assert hit_ids(mturk_client.list_hits()) == []
    assert mturk.balance == Decimal("1.19")


@pytest.mark.mock_mturk(balance="1.20")
def test_create_hit_with_just_enough_funds(create, mturk):
    """A HIT can cost the whole balance. [assumed]"""
    create(MaxAssignments=2)

    assert mturk.balance == 0


@pytest.mark.mock_mturk(balance="0.00")
def test_create_hit_in_the_sandbox(mturk_sandbox_client):
    """CreateHIT does not change the sandbox's balance. [doc]"""
    create_hit(mturk_sandbox_client, MaxAssignments=1000)

    assert mturk_sandbox_client.get_account_balance()["AvailableBalance"] == "10000.00"


# The error response -----------------------------------------------------------------------


@pytest.mark.mock_mturk(now=NOW + timedelta(milliseconds=123), balance="0.00")
def test_create_hit_refusal_ends_with_the_clock(mturk_client):
    """Messages end with the time in milliseconds, in parentheses. [observed]"""
    with pytest.raises(mturk_client.exceptions.RequestError) as raised:
        create_hit(mturk_client)

    message = raised.value.response["Error"]["Message"]
    assert message.endswith(f" ({round(NOW.timestamp()) * 1000 + 123})")
    assert raised.value.response["Message"] == message


def test_create_hit_refusal_in_the_sandbox_ends_with_the_clock(mturk_sandbox_client):
    """In the sandbox a blank and an s follow the time. [observed]"""
    with pytest.raises(ClientError, match="LifetimeInSeconds") as raised:
        create_hit(mturk_sandbox_client, LifetimeInSeconds=DAY * 1000)

    message = raised.value.response["Error"]["Message"]
    assert message.endswith(f" ({round(NOW.timestamp()) * 1000} s)")
