"""Review policies in state files, in the form of CreateHIT, and their findings and actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore import xform_name

from mturk_mock.backend import validation
from mturk_mock.model.hit import HIT
from mturk_mock.model.policies import (
    LEVELS,
    SCORE_MY_KNOWN_ANSWERS,
    SIMPLE_PLURALITY,
    Action,
    Extension,
    Finding,
    KnownAnswers,
    Plurality,
    ReviewPolicies,
)
from mturk_mock.model.policy_reading import read_policies
from mturk_mock.state import values
from mturk_mock.state.members import Members


def make_policies(
    assignment_policy: Mapping[str, Any] | None, hit_policy: Mapping[str, Any] | None
) -> ReviewPolicies | None:
    """Return the policies of a HIT, given in the form of CreateHIT; None if there is none."""
    given = {"AssignmentReviewPolicy": assignment_policy, "HITReviewPolicy": hit_policy}
    with values.convert_refusals(""):
        for name, policy in given.items():
            if policy is not None:
                values.read_object(xform_name(name), policy)
                validation.check_member("CreateHIT", name, policy)
        return read_policies(assignment_policy, hit_policy)


def read_log_entry(members: Members, *, hit: HIT, now: int) -> None:
    """Add a finding or an action of a HIT's policies, even if the file omits the policies."""
    policies = hit.policies = hit.policies or ReviewPolicies()
    is_action = members.take("kind", values.read_choice, ("action", "finding")) != "finding"
    if is_action:
        policies.note(_read_action(members, policies, hit.id, now))
    else:
        policies.note(_read_finding(members, policies))


def _read_action(members: Members, policies: ReviewPolicies, hit_id: str, now: int) -> Action:
    time = members.take("time", values.read_time)
    return Action(
        number=len(policies.log),
        level=members.need("level", values.read_choice, LEVELS),
        id=members.take("id", values.read_id) or policies.next_action_id(hit_id),
        time=now if time is None else time,
        result=members.take("result", values.read_text),
        error_code=members.take("error_code", values.read_text),
        **_read_texts(members, "name", "target_id", "target_type"),
    )


def _read_finding(members: Members, policies: ReviewPolicies) -> Finding:
    return Finding(
        number=len(policies.log),
        level=members.need("level", values.read_choice, LEVELS),
        question_id=members.take("question_id", values.read_text),
        **_read_texts(members, "action_id", "subject_id", "subject_type", "key", "value"),
    )


def _read_texts(members: Members, *names: str) -> dict[str, str]:
    return {name: members.need(name, values.read_text) for name in names}


# Writing ----------------------------------------------------------------------------------


def write_policies(policies: ReviewPolicies | None) -> dict[str, Any]:
    """Return the members of a HIT that describe its policies."""
    if policies is None:
        return {}
    first, second = policies.known_answers, policies.plurality
    return values.drop_empty(
        assignment_review_policy=None if first is None else _write_known_answers(first),
        hit_review_policy=None if second is None else _write_plurality(second),
        review_log=[_write_entry(entry) for entry in policies.log],
    )


def _write_entry(entry: Action | Finding) -> dict[str, Any]:
    if isinstance(entry, Finding):
        members = {"kind": "finding", **vars(entry)}
    else:
        members = {"kind": "action", **vars(entry), "time": values.write_time(entry.time)}
    del members["number"]
    return values.drop_empty(**members)


def _write_known_answers(policy: KnownAnswers) -> dict[str, Any]:
    key = [
        {"Key": question, "Values": sorted(answers)}
        for question, answers in policy.answer_key.items()
    ]
    given = {
        "ApproveIfKnownAnswerScoreIsAtLeast": policy.approve_from,
        "ApproveReason": policy.approve_reason,
        "RejectIfKnownAnswerScoreIsLessThan": policy.reject_below,
        "RejectReason": policy.reject_reason,
        **_extension("ExtendIfKnownAnswerScoreIsLessThan", policy.extension),
    }
    parameters = [{"Key": "AnswerKey", "MapEntries": key}, *_parameters(given)]
    return {"PolicyName": SCORE_MY_KNOWN_ANSWERS, "Parameters": parameters}


def _write_plurality(policy: Plurality) -> dict[str, Any]:
    given = {
        "QuestionIds": ",".join(policy.question_ids),
        "QuestionAgreementThreshold": policy.threshold,
        "DisregardAssignmentIfRejected": "true" if policy.disregard_rejected else None,
        "DisregardAssignmentIfKnownAnswerScoreIsLessThan": policy.disregard_below,
        "ApproveIfWorkerAgreementScoreIsAtLeast": policy.approve_from,
        "RejectIfWorkerAgreementScoreIsLessThan": policy.reject_below,
        "RejectReason": policy.reject_reason,
        **_extension("ExtendIfHITAgreementScoreIsLessThan", policy.extension),
    }
    return {"PolicyName": SIMPLE_PLURALITY, "Parameters": _parameters(given)}


def _extension(below: str, extension: Extension | None) -> dict[str, Any]:
    if extension is None:
        return {}
    return {
        below: extension.below,
        "ExtendMaximumAssignments": extension.most_assignments,
        "ExtendMinimumTimeInSeconds": extension.seconds or None,
    }


def _parameters(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"Key": key, "Values": [str(value)]} for key, value in given.items() if value is not None
    ]
