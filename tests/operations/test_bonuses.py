"""SendBonus, its fee and its request tokens."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.helpers import (
    NOBODY,
    NOW,
    SANDBOX_STAMP,
    STAMP,
    abandoned,
    accepted,
    foreign_assignment,
    in_progress,
    invalid_value,
    no_such_assignment,
    refusal,
    returned,
    stamp_of,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100.00")


# SendBonus --------------------------------------------------------------------------------


def test_send_bonus_answers_nothing(mturk, mturk_client, bonus):
    """SendBonus returns an empty object. [doc]"""
    assert bonus(submitted(mturk_client, mturk.worker())).keys() == {"ResponseMetadata"}


@pytest.mark.parametrize(
    ("amount", "fee"),
    [("1.00", "0.20"), ("0.50", "0.10"), ("0.01", "0.01"), ("0.06", "0.012"), ("5.", "1")],
)
def test_send_bonus_costs_20_percent_more(mturk, mturk_client, bonus, amount, fee):
    """The fee is 20 % [doc], at least one cent. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=0)
    before = mturk.balance

    bonus(assignment, amount)

    assert mturk.balance == before - Decimal(amount) - Decimal(fee)
    assert mturk.spent.bonuses == Decimal(amount)
    assert mturk.spent.fees == Decimal("0.20") + Decimal(fee)


def test_send_bonus_twice_of_50_cents_costs_1_20(mturk, mturk_client, bonus):
    """Without a request token an identical bonus is paid again. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    before = mturk.balance

    bonus(assignment, "0.50")
    bonus(assignment, "0.50")

    assert mturk.balance == before - Decimal("1.20")
    assert len(mturk.bonuses) == 2


def test_send_bonus_fee_is_the_same_for_large_hits(mturk, mturk_client, bonus):
    """The extra fee from 10 assignments on does not apply to bonuses. [doc]"""
    assignment = submitted(mturk_client, mturk.worker(), MaxAssignments=10)
    before = mturk.balance

    bonus(assignment)

    assert mturk.balance == before - Decimal("1.20")


def test_send_bonus_is_earned_by_the_worker(mturk, mturk_client, bonus):
    """The worker earns the bonus without the fee. [doc]"""
    worker = mturk.worker()
    assignment = submitted(mturk_client, worker)
    mturk_client.approve_assignment(AssignmentId=assignment.id)

    bonus(assignment, "0.25")

    assert worker.earnings == Decimal("1.25")


def submitted_only(client, assignment):
    pass


def approved(client, assignment):
    client.approve_assignment(AssignmentId=assignment.id)


def turned_down(client, assignment):
    client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")


def of_deleted_hit(client, assignment):
    approved(client, assignment)
    client.delete_hit(HITId=assignment.hit_id)


@pytest.mark.parametrize("review", [submitted_only, approved, turned_down, of_deleted_hit])
def test_send_bonus_whatever_the_review(mturk, mturk_client, bonus, review):
    """A bonus can be paid for submitted, approved and rejected work. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker())
    review(mturk_client, assignment)

    bonus(assignment)

    assert mturk.bonuses[0].amount == 1


@pytest.mark.parametrize("fate", [in_progress, returned, abandoned])
def test_send_bonus_for_work_not_submitted_is_refused(mturk, mturk_client, bonus, fate):
    """For SendBonus an assignment in progress does not exist. [observed]"""
    assignment = accepted(mturk_client, mturk.worker())
    fate(mturk, assignment)

    told = refusal(bonus, assignment=assignment)

    assert told == no_such_assignment(assignment.id).stamped(stamp_of(mturk.clock.now))
    assert mturk.bonuses == []


@pytest.mark.parametrize("whose", ["nobody's", "another requester's", "the sandbox's"])
def test_send_bonus_for_somebody_elses_work_is_refused(mturk, mturk_client, whose):
    """Another requester's [assumed] or environment's [observed] assignment does not exist."""
    id_ = foreign_assignment(mturk, whose)

    told = refusal(
        mturk_client.send_bonus,
        WorkerId=NOBODY,
        AssignmentId=id_,
        BonusAmount="1.00",
        Reason="Thanks",
    )

    assert told == no_such_assignment(id_).stamped()


def test_send_bonus_to_somebody_else_is_refused(mturk, mturk_client, bonus):
    """WorkerId must be the worker of the assignment. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    other = mturk.worker()

    told = refusal(bonus, assignment=assignment, WorkerId=other.id)

    assert told == invalid_value(other.id, "WorkerId").stamped()
    assert mturk.bonuses == []


def test_send_bonus_in_the_sandbox_has_its_stamp(mturk, mturk_sandbox_client):
    """The recorded refusal of an unknown worker is from the sandbox. [observed]"""
    assignment = submitted(mturk_sandbox_client, mturk.worker())

    told = refusal(
        mturk_sandbox_client.send_bonus,
        WorkerId=NOBODY,
        AssignmentId=assignment.id,
        BonusAmount="1.00",
        Reason="Thanks",
    )

    assert told == invalid_value(NOBODY, "WorkerId").stamped(SANDBOX_STAMP)


@pytest.mark.parametrize("amount", ["0", "0.00", "0."])
def test_send_bonus_of_nothing_is_refused(mturk, mturk_client, bonus, amount):
    """A bonus of 0 is refused. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker())

    told = refusal(bonus, assignment=assignment, amount=amount)

    assert told == invalid_value(amount, "BonusAmount").stamped()


@pytest.mark.parametrize("amount", ["0.9752", ".50", "-1", "1,00", "$1", ""])
def test_send_bonus_of_a_malformed_amount_is_refused(mturk, mturk_client, bonus, amount):
    """The framework's refusal has no TurkErrorCode and no stamp. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())

    told = refusal(bonus, assignment=assignment, amount=amount)

    assert told == (
        "ValidationException",
        None,
        f"1 validation error detected: Value '{amount}' at 'bonusAmount' failed to satisfy "
        r"constraint: Member must satisfy regular expression pattern: ^[0-9]+(\.)?[0-9]{0,2}$",
    )


def test_send_bonus_without_a_reason_is_refused(mturk, mturk_client, bonus):
    """An empty Reason is refused as too short. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker())

    assert refusal(bonus, assignment=assignment, Reason="") == (
        "ParameterValidationError",
        None,
        f"Your request parameter Reason  has a minimum length of 1.{STAMP}",
    )
    assert mturk.bonuses == []


# Its request token ------------------------------------------------------------------------


def already_processed(stamp):
    return (
        "RequestError",
        "AWS.MechanicalTurk.DuplicateRequest",
        f'The idempotency token "t" has already been processed.{stamp}',
    )


def test_send_bonus_token_repeated_is_refused(mturk, mturk_client, bonus):
    """A token repeated within a day is refused, whatever the other parameters. [observed] text"""
    first = submitted(mturk_client, mturk.worker())
    second = submitted(mturk_client, mturk.worker())
    bonus(first, UniqueRequestToken="t")
    mturk.clock.advance(hours=24, seconds=-1)

    told = refusal(bonus, assignment=second, amount="2.00", UniqueRequestToken="t")

    assert told == already_processed(stamp_of(mturk.clock.now))
    assert len(mturk.bonuses) == 1


def test_send_bonus_token_is_free_after_24_hours(mturk, mturk_client, bonus):
    """A token can be used again after 24 hours. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())
    bonus(assignment, UniqueRequestToken="t")
    mturk.clock.advance(hours=24)

    bonus(assignment, UniqueRequestToken="t")

    assert len(mturk.bonuses) == 2


def test_send_bonus_tokens_are_each_requesters_own(mturk, mturk_client, bonus):
    """Another requester, or environment, can use the same token. [assumed]"""
    bonus(submitted(mturk_client, mturk.worker()), UniqueRequestToken="t")

    for client in (mturk.requester("other").client(), mturk.client(sandbox=True)):
        assignment = submitted(client, mturk.worker())
        client.send_bonus(
            WorkerId=assignment.worker_id,
            AssignmentId=assignment.id,
            BonusAmount="1.00",
            Reason="Thanks",
            UniqueRequestToken="t",
        )

    assert len(mturk.bonuses) == 3


def test_send_bonus_token_is_not_create_hits(mturk, mturk_client, bonus):
    """A token of CreateHIT can be used for SendBonus. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker(), UniqueRequestToken="t")

    bonus(assignment, UniqueRequestToken="t")

    assert len(mturk.bonuses) == 1
