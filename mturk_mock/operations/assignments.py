"""Assignments: reading and reviewing what workers submitted."""

from __future__ import annotations

from collections.abc import Sequence

from mturk_mock.core import errors
from mturk_mock.core.pagination import DEFAULT_RESULTS, paginate
from mturk_mock.model import assignment_life
from mturk_mock.model.assignment import REJECTED, SUBMITTED, VISIBLE, Assignment
from mturk_mock.model.hit import DISPOSED
from mturk_mock.model.lags import is_over
from mturk_mock.operations import consistency, limits, views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation


@operation("GetAssignment")
def get_assignment(call: Call, *, assignment_id: str) -> Result:
    """Return submitted work and its HIT, unless that was deleted. [doc]

    Of a deleted HIT the work does not exist any more. [assumed] the error
    """
    assignment = call.account.assignment(assignment_id)
    hit = call.account.hits[assignment.hit_id]
    if assignment.status not in VISIBLE:
        # "Reviewable" is what the service called Submitted inside. [observed]
        raise errors.INVALID_ASSIGNMENT_STATE(allowed="Reviewable,Approved,Rejected")
    if hit.status == DISPOSED:
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)
    return {"Assignment": views.assignment(assignment), "HIT": consistency.hit_view(call)(hit)}


@operation("ListAssignmentsForHIT")
def list_assignments_for_hit(
    call: Call,
    *,
    hit_id: str,
    assignment_statuses: Sequence[str] = VISIBLE,
    next_token: str | None = None,
    max_results: int = DEFAULT_RESULTS,
) -> Result:
    """Return a HIT's submitted work in any state of the HIT [doc], oldest first. [assumed]"""
    call.account.hit(hit_id)
    statuses = frozenset(assignment_statuses or VISIBLE)
    page = paginate(
        call.account.assignment_lists.of(*((hit_id, status) for status in statuses)),
        scope=f"{call.account.key} ListAssignmentsForHIT {hit_id} {sorted(statuses)}",
        next_token=next_token,
        max_results=max_results,
    )
    return views.page(page, "Assignments", views.assignment)


@operation("ApproveAssignment")
def approve_assignment(
    call: Call,
    *,
    assignment_id: str,
    requester_feedback: str | None = None,
    override_rejection: bool | None = None,
) -> Result:
    """Approve work and pay for it.

    Where it cannot be approved, the message says "null" if OverrideRejection was given,
    whatever its value. [observed] the texts, [assumed] the trigger

    Where approvals lag, work that was submitted just now cannot be approved [observed], and
    the message says "null" in any case. [assumed]
    """
    assignment = call.account.assignment(assignment_id)
    limits.feedback(requester_feedback)
    if assignment.status != SUBMITTED:
        if not (override_rejection and _can_be_overridden(call, assignment)):
            allowed = SUBMITTED if override_rejection is None else "null"
            raise errors.INVALID_ASSIGNMENT_STATE(allowed=allowed)
    elif not is_over(call.lags.approvals, assignment.submit_time, call.now):
        raise errors.INVALID_ASSIGNMENT_STATE(allowed="null")
    assignment_life.approve(call.account, assignment, requester_feedback, call.now)
    return NOTHING


def _can_be_overridden(call: Call, assignment: Assignment) -> bool:
    """Rejected work can be approved for 30 days, as long as its HIT is there. [doc]"""
    if assignment.status != REJECTED or assignment.submit_time is None:
        return False
    hit = call.account.hits[assignment.hit_id]
    age = call.now - assignment.submit_time
    return age <= assignment_life.OVERRIDE_WINDOW and hit.status != DISPOSED


@operation("RejectAssignment")
def reject_assignment(call: Call, *, assignment_id: str, requester_feedback: str) -> Result:
    """Reject submitted work. [doc]"""
    assignment = call.account.assignment(assignment_id)
    limits.feedback(requester_feedback)
    if assignment.status != SUBMITTED:
        raise errors.INVALID_ASSIGNMENT_STATE(allowed=SUBMITTED)
    assignment_life.reject(call.account, assignment, requester_feedback, call.now)
    return NOTHING
