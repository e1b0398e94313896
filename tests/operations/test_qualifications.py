"""Qualifications: granting, revoking and reading them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mturk_mock import mock_mturk
from tests.helpers import NOBODY, NOW, constraint, create_hit, error_of, invalid_value
from tests.qualify import (
    LOCALE,
    NO_TYPE,
    associate,
    disassociate,
    no_qualification,
    requirement,
    score,
    type_id_of,
    wrong_grant_state,
    wrong_type_state,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

HOUR = timedelta(hours=1)


@pytest.fixture
def type_id(mturk_client):
    return type_id_of(mturk_client)


@pytest.fixture
def workers(mturk_client, type_id):
    """Return the IDs of the workers listed with a qualification."""

    def call(**parameters):
        response = mturk_client.list_workers_with_qualification_type(
            QualificationTypeId=type_id, **parameters
        )
        assert response["NumResults"] == len(response["Qualifications"])
        return [each["WorkerId"] for each in response["Qualifications"]]

    return call


# AssociateQualificationWithWorker ---------------------------------------------------------


def test_associate_qualification_with_worker(mturk_client, type_id):
    """The default value is 1 [doc]; the keys are the recorded ones. [observed]"""
    response = mturk_client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId="A1"
    )

    assert response.keys() == {"ResponseMetadata"}
    assert score(mturk_client, type_id, "A1") == {
        "QualificationTypeId": type_id,
        "WorkerId": "A1",
        "GrantTime": NOW,
        "IntegerValue": 1,
        "Status": "Granted",
    }


def test_associate_qualification_with_worker_again(mturk, mturk_client, type_id):
    """A second grant replaces the value [observed] and the time. [assumed]"""
    associate(mturk_client, type_id, "A1", IntegerValue=5)
    mturk.clock.advance(HOUR)

    associate(mturk_client, type_id, "A1", IntegerValue=-3)

    shown = score(mturk_client, type_id, "A1")
    assert (shown["IntegerValue"], shown["GrantTime"]) == (-3, NOW + HOUR)


def test_associate_qualification_with_worker_after_a_revocation(mturk_client, type_id):
    """A revoked qualification can be granted again. [observed]"""
    associate(mturk_client, type_id, "A1", IntegerValue=5)
    disassociate(mturk_client, type_id, "A1")

    associate(mturk_client, type_id, "A1")

    assert score(mturk_client, type_id, "A1")["IntegerValue"] == 1


def test_associate_qualification_with_worker_of_an_inactive_type(mturk_client):
    """An Inactive type can be granted, but not requested by workers. [assumed]"""
    type_id = type_id_of(mturk_client, QualificationTypeStatus="Inactive")

    associate(mturk_client, type_id, "A1")

    assert score(mturk_client, type_id, "A1")["Status"] == "Granted"


def test_associate_qualification_with_worker_tells_the_worker(mturk, mturk_client, type_id):
    """The worker gets an email, except with SendNotification=False. [doc]"""
    associate(mturk_client, type_id, "A1", SendNotification=False)
    associate(mturk_client, type_id, "A2", IntegerValue=7)

    (email,) = mturk.emails
    assert (email.worker_id, email.to) == ("A2", "a2@workers.example")
    assert email.text == "You now have the qualification 'Speaks French' with the value 7."


def test_associate_qualification_with_worker_shows_to_the_worker(mturk, mturk_client, type_id):
    """`worker.qualifications` has the grants of both environments."""
    worker = mturk.worker()
    sandbox = mturk.client(sandbox=True)
    other_id = type_id_of(sandbox)
    associate(mturk_client, type_id, worker.id)
    associate(mturk_client, type_id_of(mturk_client, Name="Other"), "A1")
    associate(sandbox, other_id, worker.id, IntegerValue=2)
    assert worker.qualifications == {type_id: 1, other_id: 2}

    disassociate(mturk_client, type_id, worker.id)

    assert worker.qualifications == {other_id: 2}


def test_associate_qualification_with_worker_of_a_malformed_id(mturk_client, type_id):
    """The framework refuses a malformed WorkerId. [observed]"""
    assert error_of(lambda: associate(mturk_client, type_id, "B1")) == constraint(
        "B1", "workerId", "Member must satisfy regular expression pattern: ^A[A-Z0-9]+$"
    )


def test_associate_qualification_with_worker_of_an_unknown_id():
    """The service refused unknown IDs [observed]; the mock does with unknown_workers="refuse"."""
    with mock_mturk(unknown_workers="refuse") as mturk:
        client = mturk.client()
        type_id = type_id_of(client)

        assert error_of(lambda: associate(client, type_id, NOBODY)) == invalid_value(
            NOBODY, "WorkerId"
        )
        associate(client, type_id, mturk.worker().id)


def test_associate_qualification_with_worker_while_it_is_deleted(mturk_client, type_id):
    """A Disposing type cannot be granted. [assumed]"""
    create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    mturk_client.delete_qualification_type(QualificationTypeId=type_id)

    assert error_of(lambda: associate(mturk_client, type_id, "A1")) == wrong_type_state()


# DisassociateQualificationFromWorker ------------------------------------------------------


def test_disassociate_qualification_from_worker(mturk_client, type_id, workers):
    """A revoked qualification is listed as Revoked [doc] and has no score. [observed]"""
    associate(mturk_client, type_id, "A1")

    response = mturk_client.disassociate_qualification_from_worker(
        QualificationTypeId=type_id, WorkerId="A1", Reason="Out of practice"
    )

    assert response.keys() == {"ResponseMetadata"}
    assert workers() == []
    assert workers(Status="Revoked") == ["A1"]
    assert error_of(lambda: score(mturk_client, type_id, "A1")) == wrong_grant_state()


def test_disassociate_qualification_from_worker_twice(mturk_client, type_id):
    """Only a Granted qualification can be revoked. [assumed]"""
    associate(mturk_client, type_id, "A1")
    disassociate(mturk_client, type_id, "A1")

    assert error_of(lambda: disassociate(mturk_client, type_id, "A1")) == wrong_grant_state()


@pytest.mark.parametrize("operation", [score, disassociate])
def test_operation_on_a_qualification_that_does_not_exist(mturk, mturk_client, type_id, operation):
    """Never granted; or the type is unknown, the system's [observed], or another requester's."""
    other = mturk.requester("other").client()
    foreign = type_id_of(other)
    associate(other, foreign, "A1")

    for each in (type_id, NO_TYPE, LOCALE, foreign):
        told = error_of(lambda each=each: operation(mturk_client, each, "A1"))
        assert told == no_qualification()


# ListWorkersWithQualificationType ---------------------------------------------------------


def test_list_workers_with_qualification_type(mturk_client, type_id):
    """Items are the same as those of GetQualificationScore. [observed]"""
    associate(mturk_client, type_id, "A1", IntegerValue=3)

    response = mturk_client.list_workers_with_qualification_type(QualificationTypeId=type_id)

    assert response["Qualifications"] == [score(mturk_client, type_id, "A1")]


def test_list_workers_with_qualification_type_by_status(mturk_client, type_id, workers):
    """Status is Granted by default. [doc, legacy]"""
    for worker_id in ("A1", "A2", "A3"):
        associate(mturk_client, type_id, worker_id)
    disassociate(mturk_client, type_id, "A2")

    assert workers() == workers(Status="Granted") == ["A1", "A3"]
    assert workers(Status="Revoked") == ["A2"]


def test_list_workers_with_qualification_type_with_another_status(workers):
    """The framework refuses an unknown Status. [assumed]"""
    assert error_of(lambda: workers(Status="Lost")) == constraint(
        "Lost", "status", "Member must satisfy enum value set: [Granted, Revoked]"
    )


def test_list_workers_with_qualification_type_pages(mturk_client, type_id, workers):
    """Ten per page by default [doc], ordered by first grant, oldest first. [assumed]"""
    ids = [f"A{number}" for number in range(12)]
    for worker_id in ids:
        associate(mturk_client, type_id, worker_id)
    paginator = mturk_client.get_paginator("list_workers_with_qualification_type")

    assert workers() == ids[:10]
    seen = []
    for page in paginator.paginate(QualificationTypeId=type_id, PaginationConfig={"PageSize": 5}):
        for each in page["Qualifications"]:
            seen.append(each["WorkerId"])
            associate(mturk_client, type_id, each["WorkerId"], IntegerValue=2)
    assert seen == ids


def test_list_workers_with_qualification_type_with_a_foreign_token(mturk_client, type_id, workers):
    """A token is valid for one Status. [assumed]"""
    associate(mturk_client, type_id, "A1")
    token = mturk_client.list_workers_with_qualification_type(QualificationTypeId=type_id)[
        "NextToken"
    ]

    assert workers(NextToken=token) == []
    assert error_of(lambda: workers(NextToken=token, Status="Revoked")) == invalid_value(
        token, "NextToken"
    )
