"""ListBonusPayments, and the earnings of workers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.helpers import (
    NOTHING,
    NOW,
    STAMP,
    foreign_assignment,
    no_such_assignment,
    no_such_hit,
    publish,
    refusal,
    rejected,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100.00")


@pytest.fixture
def paid(mturk_client):
    """List bonuses as (AssignmentId, BonusAmount)."""

    def call(**params):
        result = mturk_client.list_bonus_payments(**params)
        assert result["NumResults"] == len(result["BonusPayments"])
        return [(each["AssignmentId"], each["BonusAmount"]) for each in result["BonusPayments"]]

    return call


# ListBonusPayments ------------------------------------------------------------------------


def test_list_bonus_payments_item(mturk, mturk_client, bonus):
    """A payment has these five members [doc]; the amount has two decimals. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk.clock.advance(minutes=1)
    bonus(assignment, "0.5", Reason="So fast")

    result = mturk_client.list_bonus_payments(AssignmentId=assignment.id)

    assert result["BonusPayments"] == [
        {
            "WorkerId": assignment.worker_id,
            "BonusAmount": "0.50",
            "AssignmentId": assignment.id,
            "Reason": "So fast",
            "GrantTime": NOW + timedelta(minutes=1),
        }
    ]


def test_list_bonus_payments_of_a_hit_or_an_assignment(mturk, mturk_client, bonus, paid):
    """One of the two IDs is given [doc]; if both are, both filter. [assumed]"""
    hit_id = publish(mturk_client, MaxAssignments=2)
    first, second = (mturk.worker().accept(hit_id).submit({}) for _ in range(2))
    other = submitted(mturk_client, mturk.worker())
    for number, assignment in enumerate((second, other, first, second), 1):
        bonus(assignment, str(number))

    of_the_hit = [(second.id, "1.00"), (first.id, "3.00"), (second.id, "4.00")]
    assert paid(HITId=hit_id) == of_the_hit
    assert paid(AssignmentId=second.id) == [of_the_hit[0], of_the_hit[2]]
    assert paid(HITId=hit_id, AssignmentId=first.id) == [of_the_hit[1]]
    assert paid(HITId=hit_id, AssignmentId=other.id) == []


def test_list_bonus_payments_pages(mturk, mturk_client, bonus, paid):
    """A page has ten items by default; the page after the last is empty. [doc] [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    for number in range(1, 13):
        bonus(assignment, str(number))

    assert [amount for _, amount in paid(AssignmentId=assignment.id)] == [
        f"{number}.00" for number in range(1, 11)
    ]
    pages = mturk_client.get_paginator("list_bonus_payments").paginate(
        HITId=assignment.hit_id, PaginationConfig={"PageSize": 5}
    )
    assert [page["NumResults"] for page in pages] == [5, 5, 2, 0]


def test_list_bonus_payments_of_nothing_is_empty(mturk, mturk_client):
    """Without bonuses the list is empty, and NextToken is absent. [observed]"""
    result = mturk_client.list_bonus_payments(HITId=publish(mturk_client))

    del result["ResponseMetadata"]
    assert result == {"NumResults": 0, "BonusPayments": []}


def test_list_bonus_payments_without_an_id_is_refused(mturk_client):
    """HITId or AssignmentId is required [doc]; the refusal is [assumed]."""
    assert refusal(mturk_client.list_bonus_payments) == (
        "ParameterValidationError",
        None,
        "Your request is missing required parameters. "
        f"Required parameters include HITId or AssignmentId.{STAMP}",
    )


def test_list_bonus_payments_of_what_does_not_exist_is_refused(mturk, mturk_client):
    """The HIT is checked first. [observed] the refusals"""
    call = mturk_client.list_bonus_payments
    id_ = foreign_assignment(mturk, "another requester's")

    assert refusal(call, HITId=NOTHING) == no_such_hit(NOTHING).stamped()
    assert refusal(call, AssignmentId=NOTHING) == no_such_assignment(NOTHING).stamped()
    assert refusal(call, HITId=NOTHING, AssignmentId=NOTHING) == no_such_hit(NOTHING).stamped()
    assert refusal(call, AssignmentId=id_) == no_such_assignment(id_).stamped()


# Earnings ---------------------------------------------------------------------------------


def test_worker_earnings_are_rewards_and_bonuses(mturk, mturk_client, bonus):
    """Approved work and bonuses count; rejected work counts when it is approved after all. [doc]"""
    worker = mturk.worker()
    for_reward = submitted(mturk_client, worker, Reward="0.35")
    mturk_client.approve_assignment(AssignmentId=for_reward.id)
    turned = rejected(mturk_client, worker, Reward="0.40")
    bonus(turned, "0.05")
    assert worker.earnings == Decimal("0.40")

    mturk_client.approve_assignment(AssignmentId=turned.id, OverrideRejection=True)

    assert worker.earnings == Decimal("0.80")


def test_worker_earnings_add_up_over_requesters(mturk, mturk_client):
    """Earnings of a worker are summed over all requesters. [assumed]"""
    worker = mturk.worker()
    for client in (mturk_client, mturk.requester("other").client()):
        client.approve_assignment(AssignmentId=submitted(client, worker).id)

    assert worker.earnings == 2


def test_mturk_bonuses_has_every_payment(mturk, mturk_client, bonus):
    """`mturk.bonuses` has every bonus as it was paid."""
    assignment = submitted(mturk_client, mturk.worker())

    bonus(assignment, "0.50")

    (payment,) = mturk.bonuses
    assert (payment.worker_id, payment.assignment_id) == (assignment.worker_id, assignment.id)
    assert (payment.amount, payment.reason, payment.time) == (Decimal("0.50"), "Thanks", NOW)
