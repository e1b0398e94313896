"""Fixtures that shorten API calls; used by several test modules."""

from __future__ import annotations

import pytest


@pytest.fixture
def bonus(mturk_client):
    """Pay a bonus for an assignment, one dollar by default."""

    def call(assignment, amount="1.00", **params):
        return mturk_client.send_bonus(
            **{
                "WorkerId": assignment.worker_id,
                "AssignmentId": assignment.id,
                "BonusAmount": amount,
                "Reason": "Thanks",
                **params,
            }
        )

    return call


@pytest.fixture
def get(mturk_client):
    """Return the QualificationType of GetQualificationType's response."""

    def call(type_id, client=mturk_client):
        return client.get_qualification_type(QualificationTypeId=type_id)["QualificationType"]

    return call


@pytest.fixture
def update(mturk_client):
    """Return the QualificationType of UpdateQualificationType's response."""

    def call(type_id, client=mturk_client, **changes):
        response = client.update_qualification_type(QualificationTypeId=type_id, **changes)
        return response["QualificationType"]

    return call


@pytest.fixture
def found(mturk_client):
    """Return the names of the types that ListQualificationTypes returns."""

    def call(client=mturk_client, requestable=False, **parameters):
        response = client.list_qualification_types(MustBeRequestable=requestable, **parameters)
        assert response["NumResults"] == len(response["QualificationTypes"])
        return [each["Name"] for each in response["QualificationTypes"]]

    return call


@pytest.fixture
def delete(mturk_client):
    """Delete a qualification type."""

    def call(type_id, client=mturk_client):
        return client.delete_qualification_type(QualificationTypeId=type_id)

    return call
