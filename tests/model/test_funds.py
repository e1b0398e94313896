"""Funds held for published work, and refusals when the balance is too low."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.helpers import (
    NOW,
    abandoned,
    accepted,
    hit_params,
    no_funds,
    publish,
    refusal,
    rejected,
    returned,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100.00")


# Funds held -------------------------------------------------------------------------------


@pytest.fixture
def held(mturk):
    """Return a function: the missing balance, in units of one assignment and its fee."""
    return lambda: (100 - mturk.balance) / Decimal("1.20")


@pytest.mark.parametrize("count", [1, 3, 9])
def test_create_hit_holds_rewards_and_fees(mturk_client, held, count):
    """CreateHIT holds the full cost of a HIT. [doc] that, [assumed] how much"""
    publish(mturk_client, MaxAssignments=count)

    assert held() == count


def test_create_hit_spends_nothing(mturk, mturk_client):
    """Held funds are not spent. [assumed]"""
    publish(mturk_client)

    spent = mturk.spent
    assert (spent.rewards, spent.bonuses, spent.fees) == (0, 0, 0)


def test_create_hit_type_holds_nothing(mturk_client, held):
    """CreateHITType holds no funds. [assumed]"""
    params = hit_params()
    del params["Question"], params["LifetimeInSeconds"]

    mturk_client.create_hit_type(**params)

    assert held() == 0


def test_create_additional_assignments_holds_more(mturk_client, held):
    """CreateAdditionalAssignmentsForHIT holds funds for the added assignments too. [assumed]"""
    hit_id = publish(mturk_client, MaxAssignments=2)

    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=3
    )

    assert held() == 5


def test_funds_stay_held_until_review(mturk, mturk_client, held):
    """Accepting and submitting do not change the held funds. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), MaxAssignments=2)
    assert held() == 2

    assignment.submit({})

    assert held() == 2


def test_approve_assignment_takes_what_was_held(mturk, mturk_client, held):
    """Approval spends the held funds: the balance stays the same. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker(), MaxAssignments=2)

    mturk_client.approve_assignment(AssignmentId=assignment.id)

    assert held() == 2
    assert mturk.spent.rewards == 1


def test_approve_assignment_needs_no_funds_for_submitted_work(mturk, mturk_client):
    """Held funds pay for submitted work even if the balance is 0. [assumed]"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk.balance = 0

    mturk_client.approve_assignment(AssignmentId=assignment.id)

    assert mturk.balance == 0
    assert mturk.spent.rewards == 1


def test_auto_approval_needs_no_funds(mturk, mturk_client):
    """Auto-approval succeeds when the balance is 0. [assumed]"""
    submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=60)
    mturk.balance = 0

    mturk.clock.advance(minutes=1)

    assert mturk.balance == 0
    assert mturk.spent.rewards == 1


def test_reject_assignment_releases(mturk, mturk_client, held):
    """Rejected work costs neither reward nor fee. [doc]"""
    rejected(mturk_client, mturk.worker())

    assert held() == 0
    assert (mturk.spent.rewards, mturk.spent.fees) == (0, 0)


@pytest.mark.parametrize("fate", [returned, abandoned])
def test_return_keeps_funds_held_while_the_hit_can_be_taken(mturk, mturk_client, held, fate):
    """A returned assignment stays available, and its funds stay held. [assumed]"""
    fate(mturk, accepted(mturk_client, mturk.worker()))

    assert held() == 1


@pytest.mark.parametrize("fate", [returned, abandoned])
def test_return_after_expiry_releases(mturk, mturk_client, held, fate):
    """An assignment returned after the HIT expired releases its funds. [doc]"""
    assignment = accepted(mturk_client, mturk.worker())
    mturk_client.update_expiration_for_hit(HITId=assignment.hit_id, ExpireAt=0)
    assert held() == 1

    fate(mturk, assignment)

    assert held() == 0


def test_expiry_releases_what_nobody_has_taken(mturk, mturk_client, held):
    """After expiration, only accepted and submitted assignments keep their funds held. [doc]"""
    hit_id = publish(mturk_client, MaxAssignments=5, AssignmentDurationInSeconds=7200)
    mturk.worker().accept(hit_id).submit({})
    mturk.worker().accept(hit_id)
    mturk.clock.advance(seconds=3599)
    assert held() == 5

    mturk.clock.advance(seconds=1)

    assert held() == 2


def test_update_expiration_to_the_past_releases(mturk_client, held):
    """Expiring a HIT with UpdateExpirationForHIT releases its funds. [doc]"""
    hit_id = publish(mturk_client, MaxAssignments=5)

    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)

    assert held() == 0


def test_update_expiration_to_the_future_holds_again(mturk, mturk_client, held):
    """An expired HIT that becomes available again holds its funds again. [assumed]"""
    hit_id = publish(mturk_client, MaxAssignments=5)
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)

    mturk_client.update_expiration_for_hit(
        HITId=hit_id, ExpireAt=mturk.clock.now.timestamp() + 3600
    )

    assert held() == 5


def test_extension_of_an_expired_hit_needs_nothing(mturk, mturk_client):
    """An extended HIT stays expired and needs no funds. [observed] that, [assumed] funds"""
    hit_id = publish(mturk_client)
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    mturk.balance = 0

    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=3
    )

    assert mturk.balance == 0


def test_update_hit_type_holds_by_the_new_reward(mturk, mturk_client):
    """UpdateHITTypeOfHIT holds funds by the new type's reward. [assumed]"""
    hit_id = publish(mturk_client, MaxAssignments=2)
    cheap = hit_params(Reward="0.50")
    del cheap["Question"], cheap["LifetimeInSeconds"]
    type_id = mturk_client.create_hit_type(**cheap)["HITTypeId"]

    mturk_client.update_hit_type_of_hit(HITId=hit_id, HITTypeId=type_id)

    assert mturk.balance == 100 - 2 * Decimal("0.60")


# InsufficientFunds ------------------------------------------------------------------------


def world(mturk):
    """Return everything that a call could have changed."""
    hits = [
        (hit.id, hit.hit_type_id, hit.status, hit.expiration, hit.max_assignments, hit.available)
        for hit in mturk.hits
    ]
    assignments = [
        (each.id, each.status, each.approval_time, each.rejection_time, each.requester_feedback)
        for each in mturk.assignments
    ]
    people = [mturk.worker(each.worker_id).earnings for each in mturk.assignments]
    return hits, assignments, people, mturk.bonuses, mturk.balance, mturk.spent


def create_hit(mturk, client):
    return client.create_hit, hit_params(UniqueRequestToken="t"), "1.20"


def create_hit_with_hit_type(mturk, client):
    params = hit_params()
    question, lifetime = params.pop("Question"), params.pop("LifetimeInSeconds")
    params = {
        "HITTypeId": client.create_hit_type(**params)["HITTypeId"],
        "Question": question,
        "LifetimeInSeconds": lifetime,
        "MaxAssignments": 3,
        "UniqueRequestToken": "t",
    }
    return client.create_hit_with_hit_type, params, "3.60"


def create_additional_assignments(mturk, client):
    params = {"HITId": publish(client), "NumberOfAdditionalAssignments": 2}
    token = {"UniqueRequestToken": "t"}
    return client.create_additional_assignments_for_hit, {**params, **token}, "2.40"


def update_expiration(mturk, client):
    hit_id = publish(client, MaxAssignments=2)
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    params = {"HITId": hit_id, "ExpireAt": NOW.timestamp() + 600}
    return client.update_expiration_for_hit, params, "2.40"


def update_hit_type(mturk, client):
    hit_id = publish(client, MaxAssignments=2)
    dear = hit_params(Reward="1.50")
    del dear["Question"], dear["LifetimeInSeconds"]
    params = {"HITId": hit_id, "HITTypeId": client.create_hit_type(**dear)["HITTypeId"]}
    return client.update_hit_type_of_hit, params, "1.20"  # 3.60 instead of 2.40


def override_rejection(mturk, client):
    assignment = rejected(client, mturk.worker())
    params = {"AssignmentId": assignment.id, "OverrideRejection": True, "RequesterFeedback": "Yes"}
    return client.approve_assignment, params, "1.20"


def send_bonus(mturk, client):
    assignment = submitted(client, mturk.worker())
    params = {
        "WorkerId": assignment.worker_id,
        "AssignmentId": assignment.id,
        "BonusAmount": "0.50",
        "Reason": "Thanks",
        "UniqueRequestToken": "t",
    }
    return client.send_bonus, params, "0.60"


@pytest.mark.parametrize(
    "situation",
    [
        create_hit,
        create_hit_with_hit_type,
        create_additional_assignments,
        update_expiration,
        update_hit_type,
        override_rejection,
        send_bonus,
    ],
)
class TestInsufficientFunds:
    def test_one_cent_too_few_is_refused(self, mturk, mturk_client, situation):
        """A cost above the balance is refused, and nothing changes. [doc] [assumed]"""
        operation, params, cost = situation(mturk, mturk_client)
        mturk.balance = Decimal(cost) - Decimal("0.01")
        before = world(mturk)

        assert refusal(operation, **params) == no_funds().stamped()
        assert world(mturk) == before

    def test_just_enough_is_taken_after_a_refusal(self, mturk, mturk_client, situation):
        """A refused call does not use up its request token. [assumed]"""
        operation, params, cost = situation(mturk, mturk_client)
        mturk.balance = 0
        refusal(operation, **params)
        mturk.balance = cost

        operation(**params)

        assert mturk.balance == 0


def test_create_hit_without_funds_makes_no_hit_type(mturk_client, mturk):
    """A refused CreateHIT uses up no HIT type ID. [assumed]"""
    mturk.balance = 0
    mturk.next_id("HITType", "3CHOSEN")
    refusal(mturk_client.create_hit, **hit_params())
    mturk.balance = 10

    assert mturk_client.create_hit(**hit_params())["HIT"]["HITTypeId"] == "3CHOSEN"


def test_balance_and_spent_are_shown_in_cents(mturk, mturk_client):
    """Amounts show fractions of a cent only if they have any."""
    assignment = submitted(mturk_client, mturk.worker(), Reward="0.10")
    mturk_client.approve_assignment(AssignmentId=assignment.id)

    assert (str(mturk.balance), str(mturk.spent.fees)) == ("99.88", "0.02")
