"""The requests and responses that `tests.soak` uses."""

from __future__ import annotations

from typing import Any

from tests.helpers import html_question, question_form
from tests.soak_reference import (
    LOCALE,
    Account,
    Bonus,
    Grant,
    Policy,
    Properties,
    QualificationType,
    Request,
    Requirement,
)

QUESTION = html_question("<form><input name='a'></form>")
TEST = question_form(q=["good", "bad"])
SCORES = {"good": 70, "bad": -3}
ANSWER_KEY = (
    "<AnswerKey xmlns='http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"
    "2005-10-01/AnswerKey.xsd'><Question><QuestionIdentifier>q</QuestionIdentifier>"
    "<AnswerOption><SelectionIdentifier>good</SelectionIdentifier><AnswerScore>70</AnswerScore>"
    "</AnswerOption><DefaultScore>-3</DefaultScore></Question></AnswerKey>"
)


def given(**params: Any) -> dict[str, Any]:
    """Return the parameters that are not None."""
    return {name: value for name, value in params.items() if value is not None}


def members_of(properties: Properties) -> dict[str, Any]:
    return given(
        Title=properties.title,
        Description="Say what it is",
        Reward=f"{properties.reward / 100:.2f}",
        AssignmentDurationInSeconds=properties.duration,
        AutoApprovalDelayInSeconds=properties.delay,
        Keywords=properties.keywords,
        QualificationRequirements=[
            {
                "QualificationTypeId": each.type_id,
                "Comparator": each.comparator,
                **requirement_values(each),
            }
            for each in properties.requirements
        ],
    )


def requirement_values(requirement: Requirement) -> dict[str, Any]:
    if requirement.type_id == LOCALE:
        return {"LocaleValues": [{"Country": country} for country in requirement.values]}
    return {"IntegerValues": list(requirement.values)} if requirement.values else {}


def policy_members(policy: Policy) -> dict[str, Any]:
    values = {
        "ApproveIfKnownAnswerScoreIsAtLeast": "100" if policy.approve else None,
        "ApproveReason": "known",
        "RejectIfKnownAnswerScoreIsLessThan": "1" if policy.reject else None,
        "RejectReason": "unknown",
        "ExtendIfKnownAnswerScoreIsLessThan": "1" if policy.extend_to else None,
        "ExtendMaximumAssignments": str(policy.extend_to) if policy.extend_to else None,
    }
    return {
        "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
        "Parameters": [
            {"Key": "AnswerKey", "MapEntries": [{"Key": "a", "Values": ["yes"]}]},
            *({"Key": key, "Values": [value]} for key, value in given(**values).items()),
        ],
    }


def is_listed(type_: QualificationType, caller: str, owned: bool, query: str) -> bool:
    """Return whether ListQualificationTypes shows a type to a requester."""
    if type_.deleted or (type_.owner != caller and (owned or type_.status != "Active")):
        return False
    text = f"{type_.name} {type_.description}".lower()
    return all(word in text for word in query.lower().split())


def show_qualification_type(type_: QualificationType, viewer: Account) -> dict[str, Any]:
    return {
        "QualificationTypeId": type_.id,
        "CreationTime": type_.created,
        "Name": type_.name,
        "Description": type_.description,
        "QualificationTypeStatus": type_.status,
        "RetryDelayInSeconds": type_.retry_delay,
        "IsRequestable": True,
        "AutoGranted": type_.auto_value is not None,
        "AutoGrantedValue": type_.auto_value,
        "Test": TEST if type_.test else None,
        "TestDurationInSeconds": type_.test,
        "AnswerKey": ANSWER_KEY if type_.scores and type_.owner == viewer.name else None,
    }


def show_grant(grant: Grant) -> dict[str, Any]:
    return {
        "WorkerId": grant.worker,
        "GrantTime": grant.time,
        "IntegerValue": grant.value,
        "Status": grant.status,
    }


def show_request(request: Request) -> dict[str, Any]:
    return {
        "QualificationRequestId": request.id,
        "QualificationTypeId": request.type,
        "WorkerId": request.worker,
        "SubmitTime": request.submitted,
        "Test": TEST if request.deadline is not None else None,
    }


def show_bonus(bonus: Bonus) -> dict[str, Any]:
    return {
        "WorkerId": bonus.worker,
        "BonusAmount": f"{bonus.cents / 100:.2f}",
        "AssignmentId": bonus.work,
        "Reason": bonus.reason,
        "GrantTime": bonus.time,
    }
