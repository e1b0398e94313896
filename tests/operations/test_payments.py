"""Fees, held funds, and the balance."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mturk_mock import mock_mturk
from tests.helpers import (
    NOW,
    hit_params,
    no_funds,
    publish,
    refusal,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100.00")

MASTERS = [
    {"QualificationTypeId": "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "Comparator": "Exists"},
]


# GetAccountBalance ------------------------------------------------------------------------


def test_get_account_balance_has_available_balance_alone(mturk_client):
    """The response has no OnHoldBalance. [observed]"""
    result = mturk_client.get_account_balance()

    assert result.keys() == {"AvailableBalance", "ResponseMetadata"}


@pytest.mark.parametrize(
    ("balance", "shown"),
    [
        ("100", "100.00"),
        (0, "0.00"),
        (Decimal("7.5"), "7.50"),
        ("1234567.89", "1234567.89"),
        ("9" * 15 + ".99", "9" * 15 + ".99"),
    ],
)
def test_get_account_balance_has_two_decimals(balance, shown):
    """The balance has two decimals [observed], however it was set."""
    with mock_mturk(balance=balance) as mturk:
        assert mturk.client().get_account_balance()["AvailableBalance"] == shown


def test_get_account_balance_default(mturk):
    """By default the balance is 10000 dollars, as in the sandbox. [assumed]"""
    with mock_mturk() as inner:
        assert inner.client().get_account_balance()["AvailableBalance"] == "10000.00"


def test_get_account_balance_is_mturk_balance(mturk, mturk_client):
    """`mturk.balance` is what GetAccountBalance shows, also after it was set."""
    assert mturk.balance == 100

    mturk.balance = "12.34"

    assert mturk_client.get_account_balance()["AvailableBalance"] == "12.34"


def test_get_account_balance_cuts_part_of_a_cent(mturk, mturk_client):
    """Fractions of a cent are not shown. [assumed]"""
    submitted(mturk_client, mturk.worker(), Reward="0.07", AutoApprovalDelayInSeconds=0)

    assert mturk_client.get_account_balance()["AvailableBalance"] == "99.91"
    assert mturk.balance == Decimal("99.916")


def test_reward_of_any_length(mturk_sandbox_client):
    """Amounts can have any number of digits. [doc]"""
    reward = "9" * 40 + ".99"

    hit = mturk_sandbox_client.create_hit(**hit_params(Reward=reward))["HIT"]

    assert hit["Reward"] == reward


# Fees -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reward", "params", "fee"),
    [
        ("1.00", {}, "0.20"),
        ("1.00", {"MaxAssignments": 9}, "0.20"),
        ("1.00", {"MaxAssignments": 10}, "0.40"),
        ("1.00", {"MaxAssignments": 11}, "0.40"),
        ("1.00", {"QualificationRequirements": MASTERS}, "0.25"),
        ("1.00", {"QualificationRequirements": MASTERS, "MaxAssignments": 10}, "0.45"),
        ("0.01", {}, "0.01"),
        ("0.04", {}, "0.01"),
        ("0.05", {}, "0.01"),
        ("0.06", {}, "0.012"),
        ("0.02", {"MaxAssignments": 10}, "0.01"),
        ("0.01", {"QualificationRequirements": MASTERS, "MaxAssignments": 10}, "0.01"),
        ("5", {}, "1"),
    ],
    ids=str,
)
def test_approve_assignment_pays_reward_and_fee(mturk, mturk_client, reward, params, fee):
    """The fee is 20 %, 20 % more from 10 assignments on, 5 % more for Masters. [doc]

    At least one cent for each assignment. [assumed]
    """
    assignment = submitted(mturk_client, mturk.worker(masters=True), Reward=reward, **params)
    mturk_client.update_expiration_for_hit(HITId=assignment.hit_id, ExpireAt=0)

    mturk_client.approve_assignment(AssignmentId=assignment.id)

    assert (mturk.spent.rewards, mturk.spent.fees) == (Decimal(reward), Decimal(fee))
    assert mturk.balance == 100 - Decimal(reward) - Decimal(fee)


def test_fee_follows_max_assignments_after_an_extension(mturk, mturk_client):
    """Extended from 10 to 11, the fee stays that of 10; HITs below 10 cannot reach it. [doc]"""
    hit_id = publish(mturk_client, MaxAssignments=10)

    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=1
    )

    assert mturk.balance == 100 - 11 * Decimal("1.40")


# Environments and requesters --------------------------------------------------------------


@pytest.mark.mock_mturk(balance=0)
def test_sandbox_balance_is_constant(mturk, mturk_sandbox_client):
    """The sandbox's balance is always 10000.00. [doc] [observed]"""
    client = mturk_sandbox_client
    worker = mturk.worker()
    assignment = submitted(client, worker, MaxAssignments=20_000)
    client.approve_assignment(AssignmentId=assignment.id)
    client.send_bonus(
        WorkerId=worker.id, AssignmentId=assignment.id, BonusAmount="9000", Reason="Thanks"
    )

    assert client.get_account_balance()["AvailableBalance"] == "10000.00"
    assert (mturk.balance, mturk.spent.rewards, worker.earnings) == (0, 0, 0)


def test_requesters_have_funds_of_their_own(mturk, mturk_client):
    """Each requester starts with the mock's balance and spends their own. [assumed]"""
    other = mturk.requester("other")
    client = other.client()
    assignment = submitted(client, mturk.worker())
    client.approve_assignment(AssignmentId=assignment.id)

    assert client.get_account_balance()["AvailableBalance"] == "98.80"
    assert (other.balance, other.spent.rewards) == (Decimal("98.80"), 1)
    assert mturk_client.get_account_balance()["AvailableBalance"] == "100.00"
    assert (mturk.balance, mturk.spent.rewards) == (100, 0)


def test_requester_balance_can_be_set(mturk, mturk_client):
    """A requester without funds is refused; another requester is not. [observed]"""
    other = mturk.requester("other")
    other.balance = "1.19"

    assert refusal(other.client().create_hit, **hit_params()) == no_funds().stamped()
    publish(mturk_client)
