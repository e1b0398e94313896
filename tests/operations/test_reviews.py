"""Reviews: approval, auto-approval and rejection of assignments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ParamValidationError

from tests.helpers import (
    NOW,
    SUBMITTED_KEYS,
    abandoned,
    accepted,
    foreign_assignment,
    in_progress,
    invalid_value,
    no_such_assignment,
    refusal,
    rejected,
    returned,
    shown,
    stamp_of,
    submitted,
    wrong_assignment_state,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

DAY = timedelta(days=1)


def completed(client, assignment):
    return client.get_hit(HITId=assignment.hit_id)["HIT"]["NumberOfAssignmentsCompleted"]


@pytest.fixture
def approve(mturk_client):
    def call(assignment, **params):
        return mturk_client.approve_assignment(AssignmentId=assignment.id, **params)

    return call


@pytest.fixture
def reject(mturk_client):
    def call(assignment, feedback="No"):
        return mturk_client.reject_assignment(
            AssignmentId=assignment.id, RequesterFeedback=feedback
        )

    return call


@pytest.mark.parametrize("whose", ["nobody's", "another requester's", "the sandbox's"])
@pytest.mark.parametrize("review", ["approve_assignment", "reject_assignment"])
def test_review_of_somebody_elses_work_is_refused(mturk, mturk_client, review, whose):
    """Another requester's [assumed] or environment's [observed] assignment does not exist."""
    id_ = foreign_assignment(mturk, whose)

    told = refusal(getattr(mturk_client, review), AssignmentId=id_, RequesterFeedback="No")

    assert told == no_such_assignment(id_).stamped()


# ApproveAssignment ------------------------------------------------------------------------


def test_approve_assignment_answers_nothing(mturk, mturk_client, approve):
    """The response is empty. [doc]"""
    assert approve(submitted(mturk_client, mturk.worker())).keys() == {"ResponseMetadata"}


def test_approve_assignment_counts_as_completed(mturk, mturk_client, approve):
    """The Completed counter increases, and the HIT stays Reviewable. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())
    before = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]

    approve(assignment)

    after = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]
    assert after == {**before, "NumberOfAssignmentsCompleted": 1}
    assert before["HITStatus"] == "Reviewable"


@pytest.mark.parametrize("feedback", ["Thank you", "\t\r\n", "é—😀", "x" * 1024])
def test_approve_assignment_keeps_feedback(mturk, mturk_client, approve, feedback):
    """Feedback of up to 1024 characters is shown unchanged. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())

    approve(assignment, RequesterFeedback=feedback)

    assert shown(mturk_client, assignment)["RequesterFeedback"] == feedback


@pytest.mark.parametrize("review", ["approve_assignment", "reject_assignment"])
@pytest.mark.parametrize(
    "feedback",
    ["x" * 1025, *(f"a{chr(code)}b" for code in (0, 8, 11, 12, 14, 31))],
    ids=["long", "0", "8", "11", "12", "14", "31"],
)
def test_review_with_bad_feedback_is_refused(mturk, mturk_client, review, feedback):
    """Feedback with more than 1024 or control characters is InvalidParameterValue. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())
    call = getattr(mturk_client, review)

    told = refusal(call, AssignmentId=assignment.id, RequesterFeedback=feedback)

    assert told == invalid_value(feedback, "RequesterFeedback").stamped()
    assert assignment.status == "Submitted"


@pytest.mark.parametrize(
    ("params", "allowed"),
    [
        ({}, "Submitted"),
        ({"OverrideRejection": False}, "null"),
        ({"OverrideRejection": True}, "null"),
    ],
)
class TestApprovalOutOfState:
    """With OverrideRejection the message says null. [observed] texts, [assumed] why"""

    @pytest.mark.parametrize("fate", [returned, abandoned])
    def test_approve_assignment_not_submitted_is_refused(
        self, mturk, mturk_client, approve, params, allowed, fate
    ):
        """Only submitted work can be approved. [observed]"""
        assignment = accepted(mturk_client, mturk.worker())
        fate(mturk, assignment)
        status = assignment.status

        told = refusal(approve, assignment=assignment, **params)

        assert told == wrong_assignment_state(allowed).stamped(stamp_of(mturk.clock.now))
        assert assignment.status == status

    def test_approve_assignment_twice_is_refused(
        self, mturk, mturk_client, approve, params, allowed
    ):
        """Approved work cannot be approved again. [observed]"""
        assignment = submitted(mturk_client, mturk.worker())
        approve(assignment)

        assert (
            refusal(approve, assignment=assignment, **params)
            == wrong_assignment_state(allowed).stamped()
        )
        assert completed(mturk_client, assignment) == 1

    def test_approve_assignment_after_auto_approval_is_refused(
        self, mturk, mturk_client, approve, params, allowed
    ):
        """Auto-approved work cannot be approved again. [observed]"""
        assignment = submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=60)
        mturk.clock.advance(minutes=1)

        told = refusal(approve, assignment=assignment, **params)

        assert told == wrong_assignment_state(allowed).stamped(stamp_of(mturk.clock.now))


@pytest.mark.parametrize("params", [{}, {"OverrideRejection": False}])
def test_approve_assignment_too_early_is_refused(mturk, mturk_client, approve, params):
    """Boto2, which never sends OverrideRejection, got "status of: null" for early approvals.

    [observed]

    An approval before the submission is early as well. [assumed]
    """
    assignment = accepted(mturk_client, mturk.worker())

    told = refusal(approve, assignment=assignment, **params)

    assert told == wrong_assignment_state("null").stamped(stamp_of(mturk.clock.now))
    assert assignment.status == "Accepted"


def test_approve_assignment_submitted_with_override_is_approved(mturk, mturk_client, approve):
    """OverrideRejection has no effect on work that was not rejected. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())

    approve(assignment, OverrideRejection=True)

    assert assignment.status == "Approved"


@pytest.mark.parametrize(
    ("params", "allowed"), [({}, "Submitted"), ({"OverrideRejection": False}, "null")]
)
def test_approve_assignment_rejected_without_override_is_refused(
    mturk, mturk_client, approve, params, allowed
):
    """Rejected work can be approved only with OverrideRejection=True. [doc] [observed] text"""
    assignment = rejected(mturk_client, mturk.worker())

    assert (
        refusal(approve, assignment=assignment, **params)
        == wrong_assignment_state(allowed).stamped()
    )
    assert assignment.status == "Rejected"


def test_approve_assignment_with_override_takes_rejection_back(mturk, mturk_client, approve):
    """OverrideRejection makes rejected work Approved. [doc]

    RejectionTime is "kept beside ApprovalTime", the feedback is not. [assumed]
    """
    assignment = rejected(mturk_client, mturk.worker())

    approve(assignment, OverrideRejection=True)

    result = shown(mturk_client, assignment)
    assert sorted(result) == sorted([*SUBMITTED_KEYS, "ApprovalTime", "RejectionTime"])
    assert result["AssignmentStatus"] == "Approved"
    assert assignment.requester_feedback is None


def test_approve_assignment_with_override_counts_once(mturk, mturk_client, approve):
    """Overriding a rejection does not change the Completed counter. [assumed]"""
    assignment = rejected(mturk_client, mturk.worker())

    approve(assignment, OverrideRejection=True)

    assert completed(mturk_client, assignment) == 1


def test_approve_assignment_with_override_30_days_after_submission(mturk, mturk_client, approve):
    """Rejected work can be approved for 30 days from its submission. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk.clock.advance(29 * DAY)
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    mturk.clock.advance(1 * DAY)

    approve(assignment, OverrideRejection=True)

    assert assignment.status == "Approved"


def test_approve_assignment_with_override_after_30_days_is_refused(mturk, mturk_client, approve):
    """A rejection cannot be overridden later than 30 days after submission. [doc] [assumed] text"""
    assignment = rejected(mturk_client, mturk.worker())
    mturk.clock.advance(30 * DAY + timedelta(seconds=1))

    told = refusal(approve, assignment=assignment, OverrideRejection=True)

    assert told == wrong_assignment_state("null").stamped(stamp_of(mturk.clock.now))
    assert assignment.status == "Rejected"


def test_approve_assignment_with_override_of_deleted_hit_is_refused(mturk, mturk_client, approve):
    """A rejection cannot be overridden once the HIT is deleted. [doc] [assumed] text"""
    assignment = rejected(mturk_client, mturk.worker())
    mturk_client.delete_hit(HITId=assignment.hit_id)

    told = refusal(approve, assignment=assignment, OverrideRejection=True)

    assert told == wrong_assignment_state("null").stamped()
    assert assignment.status == "Rejected"


# Auto-approval ----------------------------------------------------------------------------


def test_auto_approval_happens_at_its_time(mturk, mturk_client):
    """Work is Submitted until AutoApprovalTime, then Approved without feedback. [doc]"""
    assignment = submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=3600)
    mturk.clock.advance(seconds=3599)
    assert shown(mturk_client, assignment)["AssignmentStatus"] == "Submitted"

    mturk.clock.advance(hours=5)

    result = shown(mturk_client, assignment)
    assert result["AssignmentStatus"] == "Approved"
    assert result["ApprovalTime"] == result["AutoApprovalTime"] == NOW + timedelta(hours=1)
    assert "RequesterFeedback" not in result
    assert completed(mturk_client, assignment) == 1


def test_auto_approval_without_delay_is_at_submission(mturk, mturk_client):
    """A delay of 0 approves work at its submission. [doc]"""
    assignment = submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=0)

    assert shown(mturk_client, assignment)["AssignmentStatus"] == "Approved"


def test_auto_approval_default_is_30_days(mturk, mturk_client):
    """The default delay is 2592000 seconds. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())

    assert assignment.auto_approval_time == NOW + 30 * DAY


def test_auto_approval_passes_over_rejected(mturk, mturk_client):
    """Rejected work is not auto-approved. [assumed]"""
    assignment = rejected(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=3600)
    mturk.clock.advance(hours=2)

    assert shown(mturk_client, assignment)["AssignmentStatus"] == "Rejected"


def test_auto_approval_keeps_its_time_when_hit_is_extended(mturk, mturk_client):
    """Adding assignments does not change the time of auto-approval. [doc]"""
    assignment = submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=3600)
    mturk.clock.advance(minutes=30)
    mturk_client.create_additional_assignments_for_hit(
        HITId=assignment.hit_id, NumberOfAdditionalAssignments=1
    )
    mturk.clock.advance(minutes=30)

    assert assignment.approval_time == NOW + timedelta(hours=1)


# RejectAssignment -------------------------------------------------------------------------


def test_reject_assignment_answers_nothing(mturk, mturk_client, reject):
    """The response is empty. [doc]"""
    assert reject(submitted(mturk_client, mturk.worker())).keys() == {"ResponseMetadata"}


def test_reject_assignment_does_not_republish(mturk, mturk_client, reject):
    """Rejected work is Completed: no assignment becomes available, and the HIT keeps its status.

    [observed]
    """
    assignment = submitted(mturk_client, mturk.worker())
    before = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]

    reject(assignment)

    after = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]
    assert after == {**before, "NumberOfAssignmentsCompleted": 1}
    assert (after["HITStatus"], after["NumberOfAssignmentsAvailable"]) == ("Reviewable", 0)


def test_reject_assignment_with_empty_feedback_is_rejected(mturk, mturk_client, reject):
    """Feedback is required but can be empty [observed]; empty feedback has no key. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())

    reject(assignment, "")

    result = shown(mturk_client, assignment)
    assert sorted(result) == sorted([*SUBMITTED_KEYS, "RejectionTime"])


def test_reject_assignment_without_feedback_is_refused_by_botocore(mturk, mturk_client):
    """RequesterFeedback is required. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())

    with pytest.raises(ParamValidationError, match='"RequesterFeedback"'):
        mturk_client.reject_assignment(AssignmentId=assignment.id)


@pytest.mark.parametrize("fate", [in_progress, returned, abandoned])
def test_reject_assignment_not_submitted_is_refused(mturk, mturk_client, reject, fate):
    """Only submitted work can be rejected. [observed]"""
    assignment = accepted(mturk_client, mturk.worker())
    fate(mturk, assignment)
    status = assignment.status

    told = refusal(reject, assignment=assignment)

    assert told == wrong_assignment_state("Submitted").stamped(stamp_of(mturk.clock.now))
    assert assignment.status == status


@pytest.mark.parametrize("review", ["approve", "reject"])
def test_reject_assignment_reviewed_is_refused(mturk, mturk_client, reject, request, review):
    """Approved or rejected work cannot be rejected. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    request.getfixturevalue(review)(assignment)
    before = shown(mturk_client, assignment)

    assert (
        refusal(reject, assignment=assignment, feedback="x")
        == wrong_assignment_state("Submitted").stamped()
    )
    assert shown(mturk_client, assignment) == before
