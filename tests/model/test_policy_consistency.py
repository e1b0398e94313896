"""Decisions of review policies have the same effects as those of the requester.

Money, counters, auto-approval, copies and the order of events stay consistent.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from freezegun import freeze_time

from mturk_mock import mock_mturk
from tests.helpers import NOW, create_hit, error_of, get_hit, request_error, state_of
from tests.notices import telling_type, told
from tests.policies import (
    extending,
    judged_hit,
    known_answers,
    outcomes,
    plurality,
    scored_hit,
    submit,
    submit_answers,
    submit_score,
    values,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1, balance="100.00")

EXTEND = "ExtendIfKnownAnswerScoreIsLessThan"
APPROVE_ALL = {"ApproveIfKnownAnswerScoreIsAtLeast": 0}
REJECT_ALL = {"RejectIfKnownAnswerScoreIsLessThan": 101}


def test_approval_by_policy_is_paid(mturk: Any, mturk_client: Any) -> None:
    """Approval by a policy costs reward and fee, and the worker earns the reward. [doc]"""
    hit_id = scored_hit(mturk_client, **APPROVE_ALL)
    worker = mturk.worker()
    worker.accept(hit_id).submit({})
    assert (worker.earnings, mturk.balance) == (Decimal("0.50"), Decimal("99.40"))
    assert (mturk.spent.rewards, mturk.spent.fees) == (Decimal("0.50"), Decimal("0.10"))
    assert state_of(mturk_client, hit_id) == ("Reviewable", 0, 0, 1)


def test_rejection_by_policy_releases_funds(mturk: Any, mturk_client: Any) -> None:
    """Rejection by a policy costs nothing. [doc]"""
    hit_id = scored_hit(mturk_client, **REJECT_ALL)
    assert mturk.balance == Decimal("99.40")
    submit(mturk, hit_id)
    assert mturk.balance == Decimal("100.00")
    assert state_of(mturk_client, hit_id) == ("Reviewable", 0, 0, 1)


def test_extension_by_policy_holds_funds(mturk: Any, mturk_client: Any) -> None:
    """An extension by a policy holds the funds of one more assignment. [assumed]"""
    hit_id = scored_hit(mturk_client, assignments=2, **{EXTEND: 100})
    submit(mturk, hit_id)
    assert mturk.balance == Decimal("98.20")
    assert state_of(mturk_client, hit_id) == ("Assignable", 2, 0, 0)


def test_extension_of_expired_hit_holds_funds_for_all(mturk: Any, mturk_client: Any) -> None:
    """A reopened HIT holds funds for each available assignment. [assumed]"""
    hit_id = judged_hit(mturk_client, assignments=2, **extending(100, most=3, time=3600))
    mturk.clock.advance(days=1)
    assert state_of(mturk_client, hit_id) == ("Assignable", 3, 0, 0)
    assert mturk.balance == Decimal("98.20")
    mturk.clock.advance(hours=1)
    assert mturk.balance == Decimal("100.00")


def test_policy_in_the_sandbox_pays_nobody(mturk: Any, mturk_sandbox_client: Any) -> None:
    """In the sandbox policies move no money. [doc]"""
    hit_id = scored_hit(mturk_sandbox_client, **APPROVE_ALL)
    assignment = submit(mturk, hit_id)
    assert assignment.status == "Approved"
    assert mturk.worker(assignment.worker_id).earnings == 0
    assert mturk_sandbox_client.get_account_balance()["AvailableBalance"] == "10000.00"


def test_work_rejected_by_policy_is_not_approved_automatically(
    mturk: Any, mturk_client: Any
) -> None:
    """Work rejected by a policy is not auto-approved. [doc]"""
    hit_id = scored_hit(mturk_client, **REJECT_ALL)
    assignment = submit(mturk, hit_id)
    mturk.clock.advance(days=31)
    assert (assignment.status, mturk.balance) == ("Rejected", Decimal("100.00"))


def test_work_approved_by_policy_is_paid_once(mturk: Any, mturk_client: Any) -> None:
    """Auto-approval does not pay approved work again. [doc]"""
    hit_id = scored_hit(mturk_client, **APPROVE_ALL)
    assignment = submit(mturk, hit_id)
    mturk.clock.advance(days=31)
    assert assignment.approval_time == NOW
    assert mturk.spent.rewards == Decimal("0.50")


def test_work_left_by_policy_is_approved_automatically(mturk: Any, mturk_client: Any) -> None:
    """Work that a policy does not decide is auto-approved on schedule. [doc]"""
    hit_id = scored_hit(mturk_client, **{EXTEND: 100})
    assignment = submit(mturk, hit_id)
    mturk.clock.advance(days=30)
    assert (assignment.status, assignment.approval_time) == ("Approved", NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("params", "status"), [(REJECT_ALL, "Rejected"), ({}, "Approved")], ids=["reject", "leave"]
)
def test_policy_comes_before_automatic_approval(
    mturk: Any, mturk_client: Any, params: dict[str, int], status: str
) -> None:
    """With a delay of 0 the policy runs first, before the work is Submitted. [doc]"""
    hit_id = scored_hit(mturk_client, of_the_hit={"AutoApprovalDelayInSeconds": 0}, **params)
    assert submit(mturk, hit_id).status == status


def test_work_approved_by_policy_cannot_be_rejected(mturk: Any, mturk_client: Any) -> None:
    """RejectAssignment refuses work that a policy approved. [observed] the text"""
    hit_id = scored_hit(mturk_client, **APPROVE_ALL)
    id_ = submit(mturk, hit_id).id
    refusal = error_of(
        lambda: mturk_client.reject_assignment(AssignmentId=id_, RequesterFeedback="No")
    )
    assert refusal == request_error(
        "InvalidAssignmentState", "This operation can be called with a status of: Submitted"
    )


def test_work_rejected_by_policy_can_be_overridden(mturk: Any, mturk_client: Any) -> None:
    """A rejection can be overridden for 30 days. [doc]"""
    hit_id = scored_hit(mturk_client, **REJECT_ALL)
    assignment = submit(mturk, hit_id)
    mturk_client.approve_assignment(AssignmentId=assignment.id, OverrideRejection=True)
    assert (assignment.status, mturk.balance) == ("Approved", Decimal("99.40"))


def test_both_policies_of_a_hit(mturk: Any, mturk_client: Any) -> None:
    """The assignment policy decides first; the HIT policy uses its score. [doc]"""
    hit_id = create_hit(
        mturk_client,
        MaxAssignments=3,
        AssignmentReviewPolicy=known_answers(
            AnswerKey={"k": ["x"]}, RejectIfKnownAnswerScoreIsLessThan=100
        ),
        HITReviewPolicy=plurality(
            DisregardAssignmentIfRejected="True", ApproveIfWorkerAgreementScoreIsAtLeast=100
        ),
    )["HITId"]
    work = [submit(mturk, hit_id, k=k, q=q) for k, q in (("x", "a"), ("x", "a"), ("y", "b"))]
    assert [each.status for each in work] == ["Approved", "Approved", "Rejected"]
    assert values(mturk_client, hit_id, "HIT", "AnswerAgreementScore") == ["100"]
    assert state_of(mturk_client, hit_id) == ("Reviewable", 0, 0, 3)


def test_extension_by_the_assignment_policy_puts_the_judgement_off(
    mturk: Any, mturk_client: Any
) -> None:
    """A HIT that the assignment policy extends does not become Reviewable. [doc]"""
    hit_id = create_hit(
        mturk_client,
        AssignmentReviewPolicy=known_answers(**{EXTEND: 100}, **APPROVE_ALL),
        HITReviewPolicy=plurality(),
    )["HITId"]
    submit_score(mturk, hit_id, 0)
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == []
    submit_score(mturk, hit_id, 100)
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["0"]


def test_extension_is_announced_once_and_nothing_is_reviewable(
    mturk: Any, mturk_client: Any
) -> None:
    """More assignments and time send one HITExtended, and no HITReviewable. [doc]"""
    limits = {"ExtendMaximumAssignments": 2, "ExtendMinimumTimeInSeconds": 172_800}
    telling_type(mturk_client)  # sends all events; the type of the HIT below
    hit_id = scored_hit(mturk_client, **limits, **{EXTEND: 100}, **APPROVE_ALL)
    submit(mturk, hit_id)
    submit(mturk, hit_id)
    assert told(mturk) == [
        "HITCreated",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "HITExtended",
        "AssignmentApproved",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "AssignmentApproved",
        "HITReviewable",
    ]


def test_decisions_on_a_reviewable_hit_are_announced_after_it(
    mturk: Any, mturk_client: Any
) -> None:
    """HITReviewable is sent before the decisions of SimplePlurality. [doc]"""
    telling_type(mturk_client)
    hit_id = judged_hit(mturk_client, assignments=1, ApproveIfWorkerAgreementScoreIsAtLeast=1)
    submit_answers(mturk, hit_id, "a")
    assert told(mturk)[-3:] == ["AssignmentSubmitted", "HITReviewable", "AssignmentApproved"]


def test_policy_decides_before_the_next_request(mturk: Any, mturk_client: Any) -> None:
    """A policy has finished when `submit` returns; only timed events remain. [assumed]"""
    hit_id = judged_hit(mturk_client, assignments=1, ApproveIfWorkerAgreementScoreIsAtLeast=1)
    (assignment,) = submit_answers(mturk, hit_id, "a")
    assert [event.what for event in mturk.clock.upcoming] == ["HIT expires", "HIT is disposed"]
    assert (assignment.status, mturk.spent.rewards) == ("Approved", Decimal("0.50"))
    mturk_client.delete_hit(HITId=hit_id)
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Disposed"


def test_policy_follows_the_time_of_the_machine_backwards() -> None:
    """A policy's decision stays if the machine's clock goes back. [assumed]"""
    with freeze_time(NOW) as frozen, mock_mturk() as mturk:
        client = mturk.client()
        hit_id = scored_hit(client, **APPROVE_ALL)
        assignment = submit(mturk, hit_id)
        frozen.move_to(NOW - timedelta(hours=1))
        assert assignment.status == "Approved"


def test_policies_are_copied_with_the_state(mturk: Any, mturk_client: Any) -> None:
    """A copy of the state has the policies and their results, independent of the original.

    [assumed]
    """
    hit_id = judged_hit(mturk_client, assignments=2, **extending(100))
    submit_answers(mturk, hit_id, "a")
    backend = mturk._backend
    with backend.isolated():
        submit_answers(mturk, hit_id, "b")
        assert outcomes(mturk_client, hit_id, "HIT") == [("extend", "Extended by 1 assignment")]
    assert outcomes(mturk_client, hit_id, "HIT") == []
    submit_answers(mturk, hit_id, "a")
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["100"]
