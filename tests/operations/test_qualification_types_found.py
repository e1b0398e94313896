"""Reading and listing qualification types, those of others and of the system too."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOW,
    error_of,
    invalid_value,
)
from tests.qualify import (
    EXAMINED,
    KEY,
    LOCALE,
    MASTERS,
    NO_TYPE,
    SANDBOX_MASTERS,
    create_type,
    no_type,
    not_allowed,
    type_id_of,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


# Owners -----------------------------------------------------------------------------------


OWNER_ONLY = [
    ("update_qualification_type", {}),
    ("delete_qualification_type", {}),
    ("associate_qualification_with_worker", {"WorkerId": "A1"}),
    ("list_workers_with_qualification_type", {}),
    ("list_qualification_requests", {}),
]
ANYBODY = [("get_qualification_type", {}), ("list_hits_for_qualification_type", {})]


@pytest.mark.parametrize(("operation", "more"), OWNER_ONLY)
@pytest.mark.parametrize("whose", ["another requester's", "the system's"])
def test_operation_on_a_type_of_somebody_else(mturk, mturk_client, operation, more, whose):
    """Another requester's types, and system types, cannot be changed. [assumed]"""
    type_id = type_id_of(mturk.requester("other").client()) if "another" in whose else LOCALE
    call = getattr(mturk_client, operation)

    assert error_of(lambda: call(QualificationTypeId=type_id, **more)) == not_allowed()


@pytest.mark.parametrize(("operation", "more"), [*OWNER_ONLY, *ANYBODY])
@pytest.mark.parametrize("kind", ["unknown", "gone", "of the sandbox"])
def test_operation_on_a_type_that_does_not_exist(
    mturk_client, mturk_sandbox_client, delete, operation, more, kind
):
    """Unknown, deleted and the other environment's types are refused. [observed] the text"""
    type_id = NO_TYPE
    if kind == "gone":
        type_id = type_id_of(mturk_client)
        delete(type_id)
    elif kind == "of the sandbox":
        type_id = type_id_of(mturk_sandbox_client)

    call = getattr(mturk_client, operation)
    assert error_of(lambda: call(QualificationTypeId=type_id, **more)) == no_type(type_id)


# GetQualificationType ---------------------------------------------------------------------


def test_get_qualification_type_of_somebody_else(mturk, mturk_client, get):
    """Any type can be read and listed [doc]; AnswerKey is shown to the owner only. [assumed]

    "Test and TestDurationInSeconds of other requesters' types are shown". [doc]
    """
    other = mturk.requester("other").client()
    created = create_type(other, **EXAMINED, AnswerKey=KEY)

    shown = get(created["QualificationTypeId"])
    query = {"Query": created["Name"], "MustBeRequestable": True}
    (listed,) = mturk_client.list_qualification_types(**query)["QualificationTypes"]

    assert created.keys() - shown.keys() == {"AnswerKey"}
    assert shown.items() <= created.items()
    assert listed == shown


@pytest.mark.parametrize(
    ("type_id", "name"),
    [
        ("00000000000000000040", "Worker_NumberHITsApproved"),
        ("00000000000000000071", "Worker_Locale"),
        ("00000000000000000060", "Worker_Adult"),
        ("000000000000000000L0", "Worker_PercentAssignmentsApproved"),
        ("00000000000000000000", "Worker_PercentAssignmentsSubmitted"),
        ("00000000000000000070", "Worker_PercentAssignmentsAbandoned"),
        ("000000000000000000E0", "Worker_PercentAssignmentsReturned"),
        ("000000000000000000S0", "Worker_PercentAssignmentsRejected"),
        (MASTERS, "Masters"),
    ],
)
def test_get_qualification_type_of_the_system(get, type_id, name):
    """System types can be read, but not requested. [doc]"""
    shown = get(type_id)

    assert (shown["QualificationTypeId"], shown["Name"]) == (type_id, name)
    assert shown["IsRequestable"] is False
    assert shown["QualificationTypeStatus"] == "Active"


def test_get_qualification_type_of_the_masters_of_the_other_environment(
    mturk_client, mturk_sandbox_client, get
):
    """Each environment has its own Masters type. [doc] [observed]"""
    assert get(SANDBOX_MASTERS, mturk_sandbox_client)["Name"] == "Masters"
    assert error_of(lambda: get(SANDBOX_MASTERS)) == no_type(SANDBOX_MASTERS)
    assert error_of(lambda: get(MASTERS, mturk_sandbox_client)) == no_type(MASTERS)


# ListQualificationTypes -------------------------------------------------------------------


def test_list_qualification_types_shows_them_as_created(mturk_client):
    """Items equal the types that CreateQualificationType returned. [observed]"""
    created = create_type(mturk_client, **EXAMINED)

    response = mturk_client.list_qualification_types(MustBeRequestable=True)

    assert response["QualificationTypes"] == [created]
    assert response["NumResults"] == 1


@pytest.mark.parametrize("query", ["speaks french", "SPEAKS", "peaks Fren", "Speaks Frenc", ""])
def test_list_qualification_types_query_is_a_part_of_the_name(mturk_client, found, query):
    """Query ignores case and can lack a character or two. [observed]"""
    create_type(mturk_client)
    create_type(mturk_client, Name="Other", Description="Other")

    assert "Speaks French" in found(Query=query)
    assert ("Other" in found(Query=query)) == (query == "")


def test_list_qualification_types_query_looks_at_keywords_and_description(mturk_client, found):
    """Query searches "all searchable attributes (name, description, keywords)". [doc]"""
    create_type(mturk_client, Keywords="paris, lyon")

    assert found(Query="LYON") == found(Query="writes") == ["Speaks French"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("french speaks", ["Speaks French"]),
        ("lyon frenc", ["Speaks French"]),
        ("  lyon   writes ", ["Speaks French"]),
        ("french german", []),
    ],
)
def test_list_qualification_types_query_of_several_words(mturk_client, found, query, names):
    """Query takes "several words in any order"; "all words must be found". [doc]"""
    create_type(mturk_client, Keywords="paris, lyon")

    assert found(Query=query) == names


def test_list_qualification_types_that_can_be_requested(mturk_client, found):
    """MustBeRequestable=True leaves out system types; False filters nothing. [doc]"""
    create_type(mturk_client)

    assert found(requestable=True) == ["Speaks French"]
    assert len(found(requestable=False)) == 10
    assert found(requestable=False)[0] == "Speaks French"
    assert found(Query="Locale") == ["Worker_Locale"]


def test_list_qualification_types_of_the_caller(mturk, mturk_client, found):
    """MustBeOwnedByCaller leaves out other requesters' types. [doc]"""
    create_type(mturk.requester("other").client(), Name="French too")
    create_type(mturk_client)

    assert found(Query="french") == ["Speaks French", "French too"]
    assert found(Query="french", MustBeOwnedByCaller=True) == ["Speaks French"]


def test_list_qualification_types_that_are_inactive(mturk, mturk_client, found):
    """Only the owner finds Inactive types. [assumed]"""
    create_type(mturk_client, QualificationTypeStatus="Inactive")

    assert found(Query="French") == ["Speaks French"]
    assert found(mturk.requester("other").client(), Query="French") == []


def test_list_qualification_types_of_the_other_environment(mturk_sandbox_client, found):
    """Production and sandbox share no types. [doc]"""
    create_type(mturk_sandbox_client)

    assert found(Query="French") == []
    assert "Masters" in found()
    assert "Masters" in found(mturk_sandbox_client)


def test_list_qualification_types_pages(mturk_client, found):
    """Ten per page by default [doc], newest first [assumed]; the last page is empty."""
    names = [f"type {number}" for number in range(12)]
    for name in names:
        create_type(mturk_client, Name=name)

    pages = list(
        mturk_client.get_paginator("list_qualification_types").paginate(
            MustBeRequestable=True, PaginationConfig={"PageSize": 5}
        )
    )

    assert found(requestable=True) == names[:1:-1]
    assert [page["NumResults"] for page in pages] == [5, 5, 2, 0]
    assert [each["Name"] for page in pages for each in page["QualificationTypes"]] == names[::-1]


def test_list_qualification_types_with_a_token_of_another_query(mturk_client, found):
    """A token is valid for one query. [assumed]"""
    create_type(mturk_client)
    page = mturk_client.list_qualification_types(MustBeRequestable=True, Query="French")
    token = page["NextToken"]

    told = error_of(lambda: found(requestable=True, Query="Other", NextToken=token))

    assert told == invalid_value(token, "NextToken")
