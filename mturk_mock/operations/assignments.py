"""Assignments: reading and reviewing the work that workers submit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mturk_mock.core import errors
from mturk_mock.core.file_links import LIFETIME, FileLink
from mturk_mock.model import assignment_life
from mturk_mock.model.assignment import ACCEPTED, REJECTED, SUBMITTED, VISIBLE, Assignment
from mturk_mock.model.hit import DISPOSED
from mturk_mock.model.lags import is_over
from mturk_mock.operations import limits, views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation


@operation("GetAssignment")
def get_assignment(call: Call, *, assignment_id: str) -> Result:
    """Return a submitted assignment and its HIT, unless the HIT is deleted. [doc]

    If the HIT is deleted, the error is AssignmentDoesNotExist. [assumed]
    """
    assignment = call.account.assignment(assignment_id)
    hit = call.account.hits[assignment.hit_id]
    if assignment.status not in VISIBLE:
        # The message calls the status Submitted "Reviewable". [observed]
        raise errors.INVALID_ASSIGNMENT_STATE(allowed="Reviewable,Approved,Rejected")
    if hit.status == DISPOSED:
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)
    return {"Assignment": views.assignment(assignment), "HIT": call.view_hit(hit)}


@operation("ListAssignmentsForHIT")
def list_assignments_for_hit(
    call: Call, *, hit_id: str, assignment_statuses: Sequence[str] = (), **page: Any
) -> Result:
    """Return a HIT's submitted assignments, whatever its status [doc], oldest first. [assumed]"""
    call.account.hit(hit_id)
    statuses = sorted(set(assignment_statuses or VISIBLE))
    found = call.account.assignment_lists.of(*((hit_id, status) for status in statuses))
    return call.list_page("Assignments", found, views.assignment, hit_id, statuses, **page)


@operation("ApproveAssignment")
def approve_assignment(
    call: Call,
    *,
    assignment_id: str,
    requester_feedback: str | None = None,
    override_rejection: bool | None = None,
) -> Result:
    """Approve an assignment, and pay the worker.

    If the assignment cannot be approved and OverrideRejection is given, true or false, the
    message names "null" as the allowed status. [observed] the texts, [assumed] the trigger

    The message also says "null" if the assignment is approved too early [observed]: while the
    worker is working on it [assumed], and, with the lag `approvals`, right after its submission.
    [observed]
    """
    assignment = call.account.assignment(assignment_id)
    limits.check_requester_feedback(requester_feedback)
    if assignment.status != SUBMITTED:
        if not (override_rejection and _can_be_overridden(call, assignment)):
            is_decided = override_rejection is None and assignment.status != ACCEPTED
            raise errors.INVALID_ASSIGNMENT_STATE(allowed=SUBMITTED if is_decided else "null")
    elif not is_over(call.lags.approvals, assignment.submit_time, call.now):
        raise errors.INVALID_ASSIGNMENT_STATE(allowed="null")
    assignment_life.approve(call.account, assignment, requester_feedback, call.now)
    return NOTHING


def _can_be_overridden(call: Call, assignment: Assignment) -> bool:
    """Tell whether OverrideRejection applies.

    Rejected work of a deleted HIT cannot be approved. [doc]
    """
    if assignment.status != REJECTED or assignment.submit_time is None:
        return False
    hit = call.account.hits[assignment.hit_id]
    age = call.now - assignment.submit_time
    return age <= assignment_life.OVERRIDE_WINDOW and hit.status != DISPOSED


@operation("RejectAssignment")
def reject_assignment(call: Call, *, assignment_id: str, requester_feedback: str) -> Result:
    """Reject submitted work. [doc]"""
    assignment = call.account.assignment(assignment_id)
    limits.check_requester_feedback(requester_feedback)
    if assignment.status != SUBMITTED:
        raise errors.INVALID_ASSIGNMENT_STATE(allowed=SUBMITTED)
    assignment_life.reject(call.account, assignment, requester_feedback, call.now)
    return NOTHING


@operation("GetFileUploadURL")
def get_file_upload_url(call: Call, *, assignment_id: str, question_identifier: str) -> Result:
    """Return the URL of an uploaded file; the URL is valid for 60 seconds. [doc]

    The error is AssignmentDoesNotExist if the work is not submitted or its HIT is deleted, and
    InvalidParameterValue if the question has no file. [assumed]
    """
    assignment = call.account.assignment(assignment_id)
    hit = call.account.hits[assignment.hit_id]
    if assignment.status not in VISIBLE or hit.status == DISPOSED:
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)
    if question_identifier not in (assignment.files or {}):
        raise errors.INVALID_PARAMETER_VALUE(
            value=question_identifier, parameter="QuestionIdentifier"
        )
    link = FileLink(assignment_id, question_identifier, call.now + LIFETIME)
    return {"FileUploadURL": link.address(call.files_url, call.ids.seed)}
