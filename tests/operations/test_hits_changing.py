"""Changing HITs: UpdateHITReviewStatus, UpdateHITTypeOfHIT and DeleteHIT."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.helpers import (
    DAY,
    NOW,
    accept,
    create_hit,
    create_hit_type,
    error_of,
    expire,
    get_hit,
    hit_ids,
    invalid_value,
    no_funds,
    request_error,
    state_of,
    work,
    wrong_hit_state,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

ALIVE = "Assignable, Unassignable, Reviewable, Reviewing"


def update_review_status(client, hit_id, **parameters):
    return client.update_hit_review_status(HITId=hit_id, **parameters)


def update_type(client, hit_id, hit_type_id):
    return client.update_hit_type_of_hit(HITId=hit_id, HITTypeId=hit_type_id)


def delete(client, hit_id):
    return client.delete_hit(HITId=hit_id)


@pytest.fixture
def hit_in(mturk, mturk_client):
    """Publish a HIT of one assignment and bring it to a status; return its ID."""

    def bring(status, **overrides):
        hit_id = create_hit(mturk_client, **overrides)["HITId"]
        if status == "Unassignable":
            accept(mturk, hit_id)
        if status in ("Reviewable", "Reviewing", "Disposed"):
            expire(mturk_client, hit_id)
        if status == "Reviewing":
            update_review_status(mturk_client, hit_id)
        if status == "Disposed":
            delete(mturk_client, hit_id)
        assert get_hit(mturk_client, hit_id)["HITStatus"] == status
        return hit_id

    return bring


# UpdateHITReviewStatus --------------------------------------------------------------------


@pytest.mark.parametrize("parameters", [{}, {"Revert": False}])
def test_update_hit_review_status_to_reviewing(mturk_client, hit_in, parameters):
    """A Reviewable HIT becomes Reviewing; the response is empty. [doc]"""
    hit_id = hit_in("Reviewable")
    response = update_review_status(mturk_client, hit_id, **parameters)

    assert response.keys() == {"ResponseMetadata"}
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Reviewing"


def test_update_hit_review_status_back(mturk_client, hit_in):
    """With Revert a Reviewing HIT becomes Reviewable again. [doc]"""
    hit_id = hit_in("Reviewing")
    update_review_status(mturk_client, hit_id, Revert=True)

    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Reviewable"


def test_update_hit_review_status_changes_nothing_else(mturk_client, hit_in):
    """Only HITStatus changes, not HITReviewStatus. [assumed]"""
    hit_id = hit_in("Reviewable")
    before = get_hit(mturk_client, hit_id)
    update_review_status(mturk_client, hit_id)

    assert get_hit(mturk_client, hit_id) == {**before, "HITStatus": "Reviewing"}


@pytest.mark.parametrize("status", ["Assignable", "Unassignable", "Reviewing", "Disposed"])
def test_update_hit_review_status_of_another_state(mturk_client, hit_in, status):
    """Only a Reviewable HIT can become Reviewing. [doc] rule, [assumed] text"""
    hit_id = hit_in(status)
    refusal = error_of(lambda: update_review_status(mturk_client, hit_id))

    assert refusal == wrong_hit_state(status, "Reviewable")


@pytest.mark.parametrize("status", ["Assignable", "Unassignable", "Reviewable", "Disposed"])
def test_update_hit_review_status_back_from_another_state(mturk_client, hit_in, status):
    """Only a Reviewing HIT can be reverted. [doc] rule, [assumed] text"""
    hit_id = hit_in(status)
    refusal = error_of(lambda: update_review_status(mturk_client, hit_id, Revert=True))

    assert refusal == wrong_hit_state(status, "Reviewing")


# UpdateHITTypeOfHIT -----------------------------------------------------------------------

NEW_TYPE = {
    "Title": "New title",
    "Description": "New description",
    "Keywords": "new",
    "Reward": "0.75",
    "AssignmentDurationInSeconds": 99,
    "AutoApprovalDelayInSeconds": 1234,
}


def test_update_hit_type_of_hit(mturk_client):
    """The HIT gets all properties of the new type and loses those of the old. [doc]"""
    before = create_hit(mturk_client, Keywords="old", RequesterAnnotation="note")
    hit_type_id = create_hit_type(mturk_client, **NEW_TYPE)
    response = update_type(mturk_client, before["HITId"], hit_type_id)
    after = get_hit(mturk_client, before["HITId"])

    assert response.keys() == {"ResponseMetadata"}
    assert after["HITGroupId"] != before["HITGroupId"]
    group_id = {"HITGroupId": after["HITGroupId"]}
    assert after == {**before, **NEW_TYPE, **group_id, "HITTypeId": hit_type_id}


def test_update_hit_type_of_hit_to_its_own(mturk_client):
    """UpdateHITTypeOfHIT accepts the current type of the HIT. [assumed]"""
    hit = create_hit(mturk_client)
    update_type(mturk_client, hit["HITId"], hit["HITTypeId"])

    assert get_hit(mturk_client, hit["HITId"]) == hit


@pytest.mark.parametrize("other", ["unknown", "foreign"])
def test_update_hit_type_of_hit_to_an_unknown_type(mturk, mturk_client, other):
    """The type must belong to the requester. [assumed]"""
    foreign = create_hit_type(mturk.requester("other").client())
    hit_type_id = {"unknown": "3UNKNOWN", "foreign": foreign}[other]
    hit_id = create_hit(mturk_client)["HITId"]
    refusal = error_of(lambda: update_type(mturk_client, hit_id, hit_type_id))

    assert refusal == invalid_value(hit_type_id, "HITTypeId")


def test_update_hit_type_of_hit_holds_the_new_reward(mturk, mturk_client):
    """The held funds follow the new reward, up and down. [assumed]"""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    dear = create_hit_type(mturk_client, Reward="1.00")
    cheap = create_hit_type(mturk_client, Reward="0.10")

    update_type(mturk_client, hit_id, dear)
    assert mturk.balance == Decimal("10000") - Decimal("2.40")
    update_type(mturk_client, hit_id, cheap)
    assert mturk.balance == Decimal("10000") - Decimal("0.24")


@pytest.mark.mock_mturk(balance="1.20")
def test_update_hit_type_of_hit_without_funds(mturk_client):
    """A reward beyond balance and held funds is refused. [assumed]"""
    hit_id = create_hit(mturk_client, MaxAssignments=1)["HITId"]
    just_right = create_hit_type(mturk_client, Reward="1.00")
    too_dear = create_hit_type(mturk_client, Reward="1.01")

    assert error_of(lambda: update_type(mturk_client, hit_id, too_dear)) == no_funds()
    assert get_hit(mturk_client, hit_id)["Reward"] == "0.50"
    update_type(mturk_client, hit_id, just_right)
    assert get_hit(mturk_client, hit_id)["Reward"] == "1.00"


@pytest.mark.parametrize("after", ["accept", "return", "submit"])
def test_update_hit_type_of_hit_with_work(mturk, mturk_client, after):
    """The type of a HIT cannot change once a worker has accepted it. [doc]

    "Refused with a message that names the cause." [assumed]
    """
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    (assignment,) = accept(mturk, hit_id)
    if after == "return":
        assignment.return_hit()
    if after == "submit":
        assignment.submit({})
    hit_type_id = create_hit_type(mturk_client, **NEW_TYPE)
    refusal = error_of(lambda: update_type(mturk_client, hit_id, hit_type_id))

    assert refusal == request_error(
        "InvalidHITState",
        f"Hit {hit_id} keeps its HIT type, because a worker has accepted it. UpdateHITTypeOfHIT "
        "can be called until the first worker accepts the HIT.",
    )
    assert get_hit(mturk_client, hit_id)["Title"] == "Label a picture"


@pytest.mark.parametrize("status", ["Reviewable", "Reviewing"])
def test_update_hit_type_of_hit_that_nobody_took(mturk, mturk_client, hit_in, status):
    """Without work the type can also change after the expiration. [assumed]"""
    hit_id = hit_in(status)
    update_type(mturk_client, hit_id, create_hit_type(mturk_client, Reward="9000.00"))

    assert get_hit(mturk_client, hit_id)["Reward"] == "9000.00"
    assert get_hit(mturk_client, hit_id)["HITStatus"] == status
    assert mturk.balance == Decimal("10000")


# DeleteHIT --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Reviewable", "Reviewing"])
def test_delete_hit(mturk_client, hit_in, status):
    """A deleted HIT is in no list; the response is empty. [doc]

    "A deleted HIT is shown as Disposed". [observed]
    """
    hit_id = hit_in(status)
    response = delete(mturk_client, hit_id)

    assert response.keys() == {"ResponseMetadata"}
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Disposed"
    assert hit_ids(mturk_client.list_hits()) == []
    assert hit_ids(mturk_client.list_reviewable_hits(Status=status)) == []


@pytest.mark.parametrize("status", ["Assignable", "Unassignable", "Disposed"])
def test_delete_hit_in_another_state(mturk_client, hit_in, status):
    """The refusal names the status and the allowed ones, with two blanks after the stop.

    [observed]
    """
    hit_id = hit_in(status)
    refusal = error_of(lambda: delete(mturk_client, hit_id))

    assert refusal == wrong_hit_state(status, "Reviewing, Reviewable")


@pytest.mark.parametrize("status", ["Reviewable", "Reviewing"])
def test_delete_hit_with_unreviewed_work(mturk, mturk_client, status):
    """With unreviewed work the refusal names the HIT's status, although that status is allowed.

    [observed]
    """
    hit_id = create_hit(mturk_client)["HITId"]
    work(mturk, hit_id)
    if status == "Reviewing":
        update_review_status(mturk_client, hit_id)

    assert error_of(lambda: delete(mturk_client, hit_id)) == wrong_hit_state(
        status, "Reviewing, Reviewable"
    )
    assert hit_ids(mturk_client.list_hits()) == [hit_id]


def test_delete_hit_with_reviewed_work(mturk, mturk_client):
    """A HIT whose work is all approved or rejected can be deleted. [doc]"""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    first, second = work(mturk, hit_id, 2)
    mturk_client.approve_assignment(AssignmentId=first.id)
    assert error_of(lambda: delete(mturk_client, hit_id)).code == "RequestError"
    mturk_client.reject_assignment(AssignmentId=second.id, RequesterFeedback="no")

    delete(mturk_client, hit_id)
    assert state_of(mturk_client, hit_id) == ("Disposed", 0, 0, 2)


def test_delete_hit_is_final(mturk, mturk_client, hit_in):
    """A deleted HIT stays Disposed, and time does not change it. [doc]"""
    hit_id = hit_in("Disposed")
    before = get_hit(mturk_client, hit_id)
    hit_type_id = create_hit_type(mturk_client, **NEW_TYPE)
    changes = [
        lambda: expire(mturk_client, hit_id),
        lambda: mturk_client.update_expiration_for_hit(
            HITId=hit_id, ExpireAt=NOW + timedelta(days=2)
        ),
        lambda: mturk_client.create_additional_assignments_for_hit(
            HITId=hit_id, NumberOfAdditionalAssignments=1
        ),
        lambda: update_type(mturk_client, hit_id, hit_type_id),
    ]

    for change in changes:
        assert error_of(change) == wrong_hit_state("Disposed", ALIVE)
    mturk.clock.advance(seconds=200 * DAY)
    assert get_hit(mturk_client, hit_id) == before


def test_delete_hit_of_rejected_work(mturk, mturk_client):
    """Rejected work of a deleted HIT cannot be approved. [doc]"""
    hit_id = create_hit(mturk_client)["HITId"]
    (assignment,) = work(mturk, hit_id)
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="no")
    delete(mturk_client, hit_id)

    refusal = error_of(
        lambda: mturk_client.approve_assignment(AssignmentId=assignment.id, OverrideRejection=True)
    )
    assert refusal.turk_error_code == "AWS.MechanicalTurk.InvalidAssignmentState"
