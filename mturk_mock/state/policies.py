"""Review policies in files: as CreateHIT takes them, and what they found and did."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.backend import validation
from mturk_mock.model.hit import HIT
from mturk_mock.model.marketplace import Scope
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
from mturk_mock.state.members import Members, refusals_at, some, written

#: CreateHITWithHITType needs them, and they have nothing to do with policies.
_ALL_ELSE: Final = {"HITTypeId": "3", "LifetimeInSeconds": 60}
_POLICIES: Final = {
    "assignment_review_policy": "AssignmentReviewPolicy",
    "hit_review_policy": "HITReviewPolicy",
}


def read(members: Members) -> ReviewPolicies | None:
    """Return a HIT's policies, which have found and done nothing yet; None if it has none."""
    given = {api: members.any(name) for name, api in _POLICIES.items()}
    with refusals_at(members.path):
        params = {**_ALL_ELSE, **given}
        checked = validation.check_request("CreateHITWithHITType", params)
        return read_policies(*(checked.get(name) for name in _POLICIES))


def read_log(members: Members, hit: HIT, scope: Scope) -> None:
    """Add what a HIT's policies found and did, also where it is not said what they are."""
    for entry in members.objects("review_log"):
        policies = hit.policies = hit.policies or ReviewPolicies()
        is_action = entry.choice("kind", ("action", "finding")) != "finding"
        found = _action(entry, hit, policies, scope) if is_action else _finding(entry, policies)
        policies.note(found)
        entry.finish()


def _level(entry: Members) -> str:
    return entry.needed("level", entry.choice("level", LEVELS))


def _text(entry: Members, name: str) -> str:
    return entry.needed(name, entry.text(name))


def _action(entry: Members, hit: HIT, policies: ReviewPolicies, scope: Scope) -> Action:
    time = entry.time("time")
    return Action(
        len(policies.log),
        _level(entry),
        entry.id("id") or policies.next_action_id(hit.id),
        _text(entry, "name"),
        _text(entry, "target_id"),
        _text(entry, "target_type"),
        scope.now if time is None else time,
        _text(entry, "result"),
        entry.text("error_code"),
    )


def _finding(entry: Members, policies: ReviewPolicies) -> Finding:
    return Finding(
        len(policies.log),
        _level(entry),
        _text(entry, "action_id"),
        _text(entry, "subject_id"),
        _text(entry, "subject_type"),
        entry.text("question_id"),
        _text(entry, "key"),
        _text(entry, "value"),
    )


# Writing ----------------------------------------------------------------------------------


def write(policies: ReviewPolicies | None) -> dict[str, Any]:
    """Return the members of a HIT that say its policies."""
    if policies is None:
        return {}
    first, second = policies.known_answers, policies.plurality
    return some(
        assignment_review_policy=None if first is None else _write_known_answers(first),
        hit_review_policy=None if second is None else _write_plurality(second),
        review_log=[_write_entry(entry) for entry in policies.log],
    )


def _write_entry(entry: Action | Finding) -> dict[str, Any]:
    if isinstance(entry, Finding):
        members = {"kind": "finding", **vars(entry)}
    else:
        members = {"kind": "action", **vars(entry), "time": written(entry.time)}
    del members["number"]
    return some(**members)


def _write_known_answers(policy: KnownAnswers) -> dict[str, Any]:
    key = [
        {"Key": question, "Values": sorted(answers) or [" "]}  # blanks alone count as no answer
        for question, answers in policy.answer_key.items()
    ]
    values = {
        "ApproveIfKnownAnswerScoreIsAtLeast": policy.approve_from,
        "ApproveReason": policy.approve_reason,
        "RejectIfKnownAnswerScoreIsLessThan": policy.reject_below,
        "RejectReason": policy.reject_reason,
        **_extension("ExtendIfKnownAnswerScoreIsLessThan", policy.extension),
    }
    parameters = [{"Key": "AnswerKey", "MapEntries": key}, *_parameters(values)]
    return {"PolicyName": SCORE_MY_KNOWN_ANSWERS, "Parameters": parameters}


def _write_plurality(policy: Plurality) -> dict[str, Any]:
    values = {
        "QuestionIds": ",".join(policy.question_ids),
        "QuestionAgreementThreshold": policy.threshold,
        "DisregardAssignmentIfRejected": "true" if policy.disregard_rejected else None,
        "DisregardAssignmentIfKnownAnswerScoreIsLessThan": policy.disregard_below,
        "ApproveIfWorkerAgreementScoreIsAtLeast": policy.approve_from,
        "RejectIfWorkerAgreementScoreIsLessThan": policy.reject_below,
        "RejectReason": policy.reject_reason,
        **_extension("ExtendIfHITAgreementScoreIsLessThan", policy.extension),
    }
    return {"PolicyName": SIMPLE_PLURALITY, "Parameters": _parameters(values)}


def _extension(below: str, extension: Extension | None) -> dict[str, Any]:
    if extension is None:
        return {}
    return {
        below: extension.below,
        "ExtendMaximumAssignments": extension.most_assignments,
        "ExtendMinimumTimeInSeconds": extension.least_time or None,
    }


def _parameters(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"Key": key, "Values": [str(value)]} for key, value in values.items() if value is not None
    ]
