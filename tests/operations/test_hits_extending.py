"""CreateAdditionalAssignmentsForHIT."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from botocore.exceptions import ParamValidationError

from tests.helpers import (
    DAY,
    NOW,
    accept,
    create_hit,
    error_of,
    expire,
    get_hit,
    hit_ids,
    no_funds,
    out_of_range,
    request_error,
    state_of,
    work,
    wrong_hit_state,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

FIRST_EXTENSIBLE = datetime(2015, 7, 22, tzinfo=timezone.utc)


def add(client, hit_id, number=1, **parameters):
    return client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=number, **parameters
    )


@pytest.fixture
def publish(mturk_client):
    """Return a function that publishes a HIT of `number` assignments and returns its ID."""
    return lambda number=1, **overrides: create_hit(
        mturk_client, MaxAssignments=number, **overrides
    )["HITId"]


# Effects ----------------------------------------------------------------------------------


def test_create_additional_assignments_for_hit(mturk_client):
    """MaxAssignments and Available increase, nothing else changes. [doc]"""
    before = create_hit(mturk_client, MaxAssignments=3)
    response = add(mturk_client, before["HITId"], 2)

    assert response.keys() == {"ResponseMetadata"}
    assert get_hit(mturk_client, before["HITId"]) == {
        **before,
        "MaxAssignments": 5,
        "NumberOfAssignmentsAvailable": 5,
    }


def test_create_additional_assignments_for_hit_by_the_name_of_the_sample(mturk_client, publish):
    """HITNumberOfAdditionalAssignments, of AWS's sample, is not the member's name. [doc]"""
    hit_id = publish()

    with pytest.raises(ParamValidationError, match="HITNumberOfAdditionalAssignments"):
        mturk_client.create_additional_assignments_for_hit(
            HITId=hit_id, HITNumberOfAdditionalAssignments=2
        )


@pytest.mark.parametrize("do", [accept, work], ids=["Unassignable", "Reviewable"])
def test_create_additional_assignments_for_hit_that_was_taken(mturk, mturk_client, publish, do):
    """An Unassignable HIT becomes Assignable again. [doc]"""
    hit_id = publish(2)
    do(mturk, hit_id, 2)
    assert get_hit(mturk_client, hit_id)["HITStatus"] != "Assignable"

    add(mturk_client, hit_id)
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Assignable"
    accept(mturk, hit_id)


def test_create_additional_assignments_for_hit_leaves_the_reviewable(mturk, mturk_client, publish):
    """An extended HIT leaves ListReviewableHITs until it is Reviewable again. [doc]"""
    hit_id = publish()
    work(mturk, hit_id)
    add(mturk_client, hit_id)
    assert hit_ids(mturk_client.list_reviewable_hits()) == []

    work(mturk, hit_id)
    assert hit_ids(mturk_client.list_reviewable_hits()) == [hit_id]


def test_create_additional_assignments_for_hit_keeps_the_work_listed(mturk, mturk_client, publish):
    """Earlier work is listed in any state of the HIT. [doc]"""
    hit_id = publish()
    (assignment,) = work(mturk, hit_id)
    add(mturk_client, hit_id)

    (listed,) = mturk_client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert listed["AssignmentId"] == assignment.id


def test_create_additional_assignments_for_hit_under_review(mturk, mturk_client, publish):
    """A Reviewing HIT becomes Assignable, and later Reviewable. [assumed]"""
    hit_id = publish()
    work(mturk, hit_id)
    mturk_client.update_hit_review_status(HITId=hit_id)

    add(mturk_client, hit_id)
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Assignable"
    work(mturk, hit_id)
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Reviewable"


@pytest.mark.parametrize("status", ["Reviewable", "Reviewing"])
def test_create_additional_assignments_for_hit_expired(mturk, mturk_client, publish, status):
    """An expired HIT gets the assignments and keeps its status. [observed]"""
    hit_id = publish()
    work(mturk, hit_id)
    expire(mturk_client, hit_id)
    if status == "Reviewing":
        mturk_client.update_hit_review_status(HITId=hit_id)
    add(mturk_client, hit_id, 2)

    assert state_of(mturk_client, hit_id) == (status, 2, 0, 0)
    assert get_hit(mturk_client, hit_id)["Expiration"] == NOW


def test_create_additional_assignments_for_hit_keeps_auto_approval(mturk, mturk_client, publish):
    """Auto-approval keeps its original time. [doc]"""
    hit_id = publish(AutoApprovalDelayInSeconds=DAY, LifetimeInSeconds=9 * DAY)
    (assignment,) = work(mturk, hit_id)
    mturk.clock.advance(hours=12)
    add(mturk_client, hit_id)
    mturk.clock.advance(hours=12)

    assert assignment.status == "Approved"
    assert assignment.approval_time == NOW + timedelta(days=1)


# Rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "more"), [(1, 8), (8, 1), (10, 1), (10, 90), (25, 25)], ids=str)
def test_create_additional_assignments_for_hit_on_one_side_of_ten(
    mturk_client, publish, number, more
):
    """A HIT can be extended below ten assignments, and from ten on. [doc]"""
    hit_id = publish(number)
    add(mturk_client, hit_id, more)

    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == number + more


@pytest.mark.parametrize(("number", "more"), [(9, 1), (1, 9), (1, 100)], ids=str)
def test_create_additional_assignments_for_hit_from_below_ten_to_ten(
    mturk_client, publish, number, more
):
    """A HIT with fewer than 10 assignments cannot be extended to 10. [doc] code, [assumed] text"""
    hit_id = publish(number)

    assert error_of(lambda: add(mturk_client, hit_id, more)) == request_error(
        "InvalidMaximumAssignmentsIncrease",
        f"HIT {hit_id} was created with fewer than 10 assignments and cannot be extended "
        "to have 10 or more assignments.",
    )
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == number


def test_create_additional_assignments_for_hit_in_steps_to_ten(mturk_client, publish):
    """Two small extensions cannot reach 10 either. [doc]"""
    hit_id = publish(5)
    add(mturk_client, hit_id, 4)

    refusal = error_of(lambda: add(mturk_client, hit_id, 1))
    assert refusal.turk_error_code == "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease"


@pytest.mark.mock_mturk(now=FIRST_EXTENSIBLE - timedelta(seconds=1))
def test_create_additional_assignments_for_hit_too_old(mturk, mturk_client, publish):
    """A HIT from before 2015-07-22 cannot be extended. [doc] code, [assumed] text"""
    hit_id = publish(LifetimeInSeconds=DAY)
    mturk.clock.advance(hours=1)

    assert error_of(lambda: add(mturk_client, hit_id)) == request_error(
        "HITTooOldForExtension",
        f"HIT {hit_id} was created before July 22, 2015 and cannot be extended.",
    )
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 1


@pytest.mark.mock_mturk(now=FIRST_EXTENSIBLE)
def test_create_additional_assignments_for_hit_just_young_enough(mturk_client, publish):
    """A HIT created on 2015-07-22 can be extended. [doc]"""
    hit_id = publish()
    add(mturk_client, hit_id)

    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 2


@pytest.mark.parametrize("number", [0, -1, 1_000_000_001])
def test_create_additional_assignments_for_hit_out_of_range(mturk_client, publish, number):
    """The range is one to a billion; the error uses ExtendHIT's name.

    [doc] range, [assumed] error
    """
    hit_id = publish(10)

    assert error_of(lambda: add(mturk_client, hit_id, number)) == out_of_range(
        number, "MaxAssignmentsIncrement", 1, 1_000_000_000
    )


def test_create_additional_assignments_for_hit_by_a_billion(mturk_sandbox_client):
    """A billion is accepted; in the sandbox it costs nothing. [doc]"""
    hit_id = create_hit(mturk_sandbox_client, MaxAssignments=10)["HITId"]
    add(mturk_sandbox_client, hit_id, 1_000_000_000)

    assert get_hit(mturk_sandbox_client, hit_id)["MaxAssignments"] == 1_000_000_010


def test_create_additional_assignments_for_hit_deleted(mturk_client, publish):
    """A deleted HIT cannot be extended. [assumed]"""
    hit_id = publish()
    expire(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)

    assert error_of(lambda: add(mturk_client, hit_id)) == wrong_hit_state(
        "Disposed", "Assignable, Unassignable, Reviewable, Reviewing"
    )


# Money ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "each"), [(1, "0.60"), (10, "0.70")], ids=["few", "many"])
def test_create_additional_assignments_for_hit_holds_funds(
    mturk, mturk_client, publish, number, each
):
    """Reward and fee are held for each added assignment. [assumed]"""
    hit_id = publish(number)
    before = mturk.balance
    add(mturk_client, hit_id, 2)

    assert before - mturk.balance == 2 * Decimal(each)


@pytest.mark.mock_mturk(balance="1.80")
def test_create_additional_assignments_for_hit_without_funds(mturk, mturk_client, publish):
    """An extension beyond the balance is refused, and nothing changes. [assumed]"""
    hit_id = publish()
    before = get_hit(mturk_client, hit_id)

    assert error_of(lambda: add(mturk_client, hit_id, 3)) == no_funds()
    assert get_hit(mturk_client, hit_id) == before
    add(mturk_client, hit_id, 2)
    assert mturk.balance == 0


@pytest.mark.mock_mturk(balance="0.60")
def test_create_additional_assignments_for_hit_expired_needs_no_funds(mturk, mturk_client, publish):
    """Extending an expired HIT holds no funds. [assumed]"""
    hit_id = publish()
    expire(mturk_client, hit_id)
    add(mturk_client, hit_id, 5)

    assert mturk.balance == Decimal("0.60")
