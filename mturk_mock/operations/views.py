"""What things look like in responses: every structure of the wire, in one place.

What is absent has no key: nothing is null, and nothing is empty but lists. [observed]
Times are microseconds since 1970; the serializer writes them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mturk_mock.core.indexes import ItemT
from mturk_mock.core.pagination import Page
from mturk_mock.model.account import Block, Bonus
from mturk_mock.model.assignment import APPROVED, REJECTED, Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.ledger import two_decimals
from mturk_mock.model.policies import Action, Finding
from mturk_mock.model.qualification import INACTIVE, Grant, QualificationType, Request
from mturk_mock.model.requirement import Requirement

View = dict[str, Any]


def money(amount: Decimal) -> str:
    """Return an amount with two decimals. [observed]"""
    return str(two_decimals(amount))


def hit(hit: HIT) -> View:
    """Return a HIT as CreateHIT, GetHIT and ListHITs show it, in the recorded order."""
    properties = hit.type.properties
    view = {
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
        "RequesterAnnotation": hit.annotation,
        "QualificationRequirements": [requirement(each) for each in properties.requirements],
        "HITReviewStatus": "NotReviewed",
        "NumberOfAssignmentsPending": hit.pending,
        "NumberOfAssignmentsAvailable": hit.available,
        "NumberOfAssignmentsCompleted": hit.completed,
    }
    if hit.layout_id is None:
        del view["HITLayoutId"]
    if not properties.keywords:
        del view["Keywords"]
    if not hit.annotation:
        del view["RequesterAnnotation"]
    return view


def requirement(requirement: Requirement) -> View:
    """Return a requirement as it was sent, with the service's defaults. [observed]"""
    view: View = {
        "QualificationTypeId": requirement.qualification_type_id,
        "Comparator": requirement.comparator,
    }
    if requirement.integer_values is not None:
        view["IntegerValues"] = requirement.integer_values
    if requirement.locale_values is not None:
        view["LocaleValues"] = [locale(*each) for each in requirement.locale_values]
    view["RequiredToPreview"] = requirement.required_to_preview
    view["ActionsGuarded"] = requirement.actions_guarded
    return view


def locale(country: str, subdivision: str | None) -> View:
    """Return a Locale; without a subdivision there is no key for it."""
    view = {"Country": country}
    if subdivision is not None:
        view["Subdivision"] = subdivision
    return view


def qualification_type(type_: QualificationType, viewer: tuple[str, str]) -> View:
    """Return a QualificationType; what is not set has no key. [observed]

    One that is being deleted is Inactive, and only its owner sees the test. [assumed]
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
    if type_.examination is not None and type_.owner == viewer:
        view["Test"] = type_.examination.document
        view["TestDurationInSeconds"] = type_.examination.duration
        view["AnswerKey"] = type_.examination.key
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
    """Return a QualificationRequest; with a test it has that test and its answer. [doc]"""
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


def _set(view: View) -> View:
    return {name: value for name, value in view.items() if value is not None}


def assignment(assignment: Assignment) -> View:
    """Return submitted work, in the recorded order; it shows no Deadline. [observed]"""
    view: View = {
        "AssignmentId": assignment.id,
        "WorkerId": assignment.worker_id,
        "HITId": assignment.hit_id,
        "AssignmentStatus": assignment.status,
        "AutoApprovalTime": assignment.auto_approval_time,
        "AcceptTime": assignment.accept_time,
        "SubmitTime": assignment.submit_time,
    }
    if assignment.status == APPROVED:
        view["ApprovalTime"] = assignment.approval_time
    if assignment.status == REJECTED:
        view["RejectionTime"] = assignment.rejection_time
    view["Answer"] = assignment.answer
    if assignment.feedback:
        view["RequesterFeedback"] = assignment.feedback
    return view


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
    """Return a ReviewActionDetail; what did not fail has no ErrorCode. [doc]"""
    view: View = {
        "ActionId": action.id,
        "ActionName": action.name,
        "TargetId": action.target_id,
        "TargetType": action.target_type,
        "Status": action.status,
        "CompleteTime": action.time,
        "Result": action.result,
    }
    if action.error_code is not None:
        view["ErrorCode"] = action.error_code
    return view


def review_result(finding: Finding) -> View:
    """Return a ReviewResultDetail; what is not about a question has no QuestionId. [doc]"""
    view: View = {
        "ActionId": finding.action_id,
        "SubjectId": finding.subject_id,
        "SubjectType": finding.subject_type,
        "QuestionId": finding.question_id,
        "Key": finding.key,
        "Value": finding.value,
    }
    if finding.question_id is None:
        del view["QuestionId"]
    return view


def page(page: Page[ItemT], key: str, view: Callable[[ItemT], View]) -> View:
    """Return one page of a list; an empty one has no NextToken. [observed]"""
    result: View = {"NumResults": len(page.items), key: [view(item) for item in page.items]}
    if page.next_token is not None:
        result["NextToken"] = page.next_token
    return result
