"""The structures in responses.

Members without a value are left out: none is null, and only lists can be empty. [observed]
Times are in microseconds since 1970; the serializer converts them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mturk_mock.model.account import Block, Bonus
from mturk_mock.model.assignment import Assignment
from mturk_mock.model.hit import HIT, counts_at
from mturk_mock.model.ledger import two_decimals
from mturk_mock.model.policies import Action, Finding
from mturk_mock.model.qualification import INACTIVE, Grant, QualificationType, Request
from mturk_mock.model.requirement import Requirement

View = dict[str, Any]


def money(amount: Decimal) -> str:
    """Return an amount with two decimals. [observed]"""
    return str(two_decimals(amount))


def _set(view: View) -> View:
    return {name: value for name, value in view.items() if value is not None}


def hit(hit: HIT, counted_at: int) -> View:
    """Return a HIT as CreateHIT, GetHIT and ListHITs show it, in the recorded order.

    The three numbers of assignments, as of `counted_at`, can lag; HITStatus and MaxAssignments
    never lag. [assumed]
    """
    properties = hit.type.properties
    counts = counts_at(hit, counted_at)
    return _set(
        {
            "HITId": hit.id,
            "HITTypeId": hit.type.id,
            "HITGroupId": hit.type.group_id,
            "HITLayoutId": hit.layout_id,
            "CreationTime": hit.creation_time,
            "Title": properties.title,
            "Description": properties.description,
            "Question": hit.question,
            "Keywords": properties.keywords,
            "HITStatus": hit.status,
            "MaxAssignments": hit.max_assignments,
            "Reward": money(properties.reward),
            "AutoApprovalDelayInSeconds": properties.auto_approval_delay,
            "Expiration": hit.expiration,
            "AssignmentDurationInSeconds": properties.assignment_duration,
            "RequesterAnnotation": hit.annotation or None,
            "QualificationRequirements": [requirement(each) for each in properties.requirements],
            "HITReviewStatus": "NotReviewed",
            "NumberOfAssignmentsPending": counts.pending,
            "NumberOfAssignmentsAvailable": counts.available,
            "NumberOfAssignmentsCompleted": counts.completed,
        }
    )


def requirement(requirement: Requirement) -> View:
    """Return a qualification requirement as sent, with the service's defaults. [observed]"""
    locales = requirement.locale_values
    return _set(
        {
            "QualificationTypeId": requirement.qualification_type_id,
            "Comparator": requirement.comparator,
            "IntegerValues": requirement.integer_values,
            "LocaleValues": None if locales is None else [locale(*each) for each in locales],
            "RequiredToPreview": requirement.required_to_preview,
            "ActionsGuarded": requirement.actions_guarded,
        }
    )


def locale(country: str, subdivision: str | None) -> View:
    """Return a Locale."""
    return _set({"Country": country, "Subdivision": subdivision})


def qualification_type(type_: QualificationType, viewer: tuple[str, str]) -> View:
    """Return a QualificationType, without members that are not set. [observed]

    A type that is being deleted is shown as Inactive. [assumed] Every requester sees the test of
    a type [doc], but only the type's owner sees the AnswerKey. [assumed]
    """
    view = {
        "QualificationTypeId": type_.id,
        "CreationTime": type_.creation_time,
        "Name": type_.name,
        "Description": type_.description,
        "Keywords": type_.keywords or None,
        "QualificationTypeStatus": INACTIVE if type_.deleted else type_.status,
        "RetryDelayInSeconds": type_.retry_delay,
        "IsRequestable": type_.owner is not None,
        "AutoGranted": type_.auto_granted_value is not None,
        "AutoGrantedValue": type_.auto_granted_value,
    }
    if type_.examination is not None:
        view["Test"] = type_.examination.document
        view["TestDurationInSeconds"] = type_.examination.duration
        view["AnswerKey"] = type_.examination.key if type_.owner == viewer else None
    return _set(view)


def qualification(grant: Grant) -> View:
    """Return a Qualification, in the recorded order."""
    return {
        "QualificationTypeId": grant.qualification_type_id,
        "WorkerId": grant.worker_id,
        "GrantTime": grant.time,
        "IntegerValue": grant.value,
        "Status": grant.status,
    }


def qualification_request(request: Request) -> View:
    """Return a QualificationRequest, including its Test and Answer if there are any. [doc]"""
    return _set(
        {
            "QualificationRequestId": request.id,
            "QualificationTypeId": request.qualification_type_id,
            "WorkerId": request.worker_id,
            "Test": request.examination and request.examination.document,
            "Answer": request.answer,
            "SubmitTime": request.submit_time,
        }
    )


def assignment(assignment: Assignment) -> View:
    """Return an Assignment, in the recorded order and without a Deadline. [observed]"""
    return _set(
        {
            "AssignmentId": assignment.id,
            "WorkerId": assignment.worker_id,
            "HITId": assignment.hit_id,
            "AssignmentStatus": assignment.status,
            "AutoApprovalTime": assignment.auto_approval_time,
            "AcceptTime": assignment.accept_time,
            "SubmitTime": assignment.submit_time,
            "ApprovalTime": assignment.approval_time,
            "RejectionTime": assignment.rejection_time,
            "Answer": assignment.answer,
            "RequesterFeedback": assignment.feedback or None,
        }
    )


def bonus(bonus: Bonus) -> View:
    """Return a BonusPayment."""
    return {
        "WorkerId": bonus.worker_id,
        "BonusAmount": money(bonus.amount),
        "AssignmentId": bonus.assignment_id,
        "Reason": bonus.reason,
        "GrantTime": bonus.time,
    }


def block(block: Block) -> View:
    """Return a WorkerBlock."""
    return {"WorkerId": block.worker_id, "Reason": block.reason}


def review_action(action: Action) -> View:
    """Return a ReviewActionDetail; only a failed one has an ErrorCode. [doc]"""
    return _set(
        {
            "ActionId": action.id,
            "ActionName": action.name,
            "TargetId": action.target_id,
            "TargetType": action.target_type,
            "Status": action.status,
            "CompleteTime": action.time,
            "Result": action.result,
            "ErrorCode": action.error_code,
        }
    )


def review_result(finding: Finding) -> View:
    """Return a ReviewResultDetail; only one about a question has a QuestionId. [doc]"""
    return _set(
        {
            "ActionId": finding.action_id,
            "SubjectId": finding.subject_id,
            "SubjectType": finding.subject_type,
            "QuestionId": finding.question_id,
            "Key": finding.key,
            "Value": finding.value,
        }
    )
