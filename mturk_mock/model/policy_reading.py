"""Reading the review policies in a CreateHIT request.

The names, values and ranges of policy parameters are documented. [doc] The errors for invalid
policy parameters are not documented. [assumed]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.model.assignment import check_feedback
from mturk_mock.model.policies import (
    SCORE_MY_KNOWN_ANSWERS,
    SIMPLE_PLURALITY,
    Extension,
    KnownAnswers,
    Plurality,
    ReviewPolicies,
)

Values = Mapping[str, Any]
Range = tuple[int, int]

PERCENT: Final = (1, 100)  # of the agreement that extends a HIT [doc]
PERCENT_OR_MORE: Final = (0, 101)  # of known answers; no score is below 0 or above 100 [doc]
MOST_ASSIGNMENTS: Final = (2, 25)  # for known answers [doc]
DEFAULT_MOST_ASSIGNMENTS: Final = 5  # [doc]
LEAST_TIME: Final = (60, 31_536_000)  # seconds [doc]
#: QuestionIDs means QuestionIds: AWS's documentation uses both spellings. [doc]
_SPELLINGS: Final = {"QuestionIDs": "QuestionIds"}

_EXTENSION: Final = ("ExtendMaximumAssignments", "ExtendMinimumTimeInSeconds")
_KNOWN_ANSWERS: Final = frozenset(
    {
        "AnswerKey",
        "ApproveIfKnownAnswerScoreIsAtLeast",
        "ApproveReason",
        "RejectIfKnownAnswerScoreIsLessThan",
        "RejectReason",
        "ExtendIfKnownAnswerScoreIsLessThan",
        *_EXTENSION,
    }
)
_PLURALITY: Final = frozenset(
    {
        "QuestionIds",
        "QuestionAgreementThreshold",
        "DisregardAssignmentIfRejected",
        "DisregardAssignmentIfKnownAnswerScoreIsLessThan",
        "ExtendIfHITAgreementScoreIsLessThan",
        *_EXTENSION,
        "ApproveIfWorkerAgreementScoreIsAtLeast",
        "RejectIfWorkerAgreementScoreIsLessThan",
        "RejectReason",
    }
)
_INTEGER: Final = re.compile("-?[0-9]{1,18}")
_FLAGS: Final = {"t": True, "true": True, "f": False, "false": False}


def read_policies(
    assignment_policy: Values | None, hit_policy: Values | None
) -> ReviewPolicies | None:
    """Return the policies of a HIT, or None if it has none.

    Raises InvalidParameterValue for unknown names, parameters and values, and MissingParameters
    for missing ones.
    """
    if assignment_policy is None and hit_policy is None:
        return None
    known_answers = None if assignment_policy is None else _read_known_answers(assignment_policy)
    plurality = None if hit_policy is None else _read_plurality(hit_policy)
    if plurality is not None and plurality.disregard_below is not None and known_answers is None:
        # Without known answers, assignments have no score.
        raise errors.MISSING_PARAMETERS(parameter="AssignmentReviewPolicy")
    return ReviewPolicies(known_answers, plurality)


def _read_known_answers(policy: Values) -> KnownAnswers:
    found = _parameters(policy, SCORE_MY_KNOWN_ANSWERS, _KNOWN_ANSWERS)
    return KnownAnswers(
        answer_key=_answer_key(found),
        approve_from=_number(found, "ApproveIfKnownAnswerScoreIsAtLeast", PERCENT_OR_MORE),
        approve_reason=_reason(found, "ApproveReason"),
        reject_below=_number(found, "RejectIfKnownAnswerScoreIsLessThan", PERCENT_OR_MORE),
        reject_reason=_reason(found, "RejectReason"),
        extension=_extension(
            found, "ExtendIfKnownAnswerScoreIsLessThan", PERCENT_OR_MORE, MOST_ASSIGNMENTS
        ),
    )


def _read_plurality(policy: Values) -> Plurality:
    found = _parameters(policy, SIMPLE_PLURALITY, _PLURALITY)
    _require(found, "QuestionIds", "QuestionAgreementThreshold")
    extension = _extension(found, "ExtendIfHITAgreementScoreIsLessThan", PERCENT)
    if extension is not None:
        # To extend a HIT, SimplePlurality requires ExtendMaximumAssignments [doc], but not
        # ExtendMinimumTimeInSeconds. [observed]
        _require(found, "ExtendMaximumAssignments")
    return Plurality(
        question_ids=_question_ids(found),
        threshold=_number(found, "QuestionAgreementThreshold") or 0,
        disregard_rejected=_flag(found, "DisregardAssignmentIfRejected"),
        disregard_below=_number(found, "DisregardAssignmentIfKnownAnswerScoreIsLessThan"),
        approve_from=_number(found, "ApproveIfWorkerAgreementScoreIsAtLeast"),
        reject_below=_number(found, "RejectIfWorkerAgreementScoreIsLessThan"),
        reject_reason=_reason(found, "RejectReason"),
        extension=extension,
    )


def _extension(
    found: Values, condition: str, scores: Range, assignments: Range | None = None
) -> Extension | None:
    """Return when and how a policy extends its HIT; without a time, the Expiration stays. [doc]"""
    below = _number(found, condition, scores)
    most = _number(found, "ExtendMaximumAssignments", assignments)
    time = _number(found, "ExtendMinimumTimeInSeconds", LEAST_TIME)
    if below is None:
        return None
    return Extension(below, DEFAULT_MOST_ASSIGNMENTS if most is None else most, time or 0)


# Parameters -------------------------------------------------------------------------------


def _parameters(policy: Values, name: str, known: frozenset[str]) -> Values:
    """Return a policy's parameters by key.

    Raises InvalidParameterValue for another PolicyName, and for unknown or repeated keys.
    """
    if policy["PolicyName"] != name:
        raise errors.INVALID_PARAMETER_VALUE(value=policy["PolicyName"], parameter="PolicyName")
    found: dict[str, Any] = {}
    for parameter in policy.get("Parameters") or ():
        key = _SPELLINGS.get(parameter.get("Key"), parameter.get("Key"))
        if key not in known or key in found:
            raise errors.INVALID_PARAMETER_VALUE(value=key, parameter="PolicyParameter")
        found[key] = parameter
    return found


def _require(found: Values, *keys: str) -> None:
    for key in keys:
        if key not in found:
            raise errors.MISSING_PARAMETERS(parameter=key)


def _values(found: Values, key: str) -> list[str]:
    """Return the Values of a parameter, or an empty list if it is left out."""
    if key not in found:
        return []
    if found[key].get("MapEntries"):
        raise errors.INVALID_PARAMETER_VALUE(value="MapEntries", parameter=key)
    values: list[str] = found[key].get("Values") or []
    if not values:
        raise errors.MISSING_PARAMETERS(parameter=key)
    return values


def _value(found: Values, key: str) -> str | None:
    """Return the only value of a parameter, or None if it is left out."""
    values = _values(found, key)
    if len(values) > 1:
        raise errors.INVALID_PARAMETER_VALUE(value=", ".join(values), parameter=key)
    return values[0] if values else None


def _number(found: Values, key: str, limits: Range | None = None) -> int | None:
    """Return a policy's number; `limits` is None if the documentation states none. [doc]"""
    text = _value(found, key)
    if text is None:
        return None
    if not _INTEGER.fullmatch(text):
        raise errors.INVALID_PARAMETER_VALUE(value=text, parameter=key)
    if limits is not None and not limits[0] <= int(text) <= limits[1]:
        low, high = limits
        raise errors.PARAMETER_OUT_OF_RANGE(value=text, parameter=key, low=low, high=high)
    return int(text)


def _flag(found: Values, key: str) -> bool:
    """Return a policy's flag: T, F, true or false in any case [doc]; false by default. [assumed]"""
    text = _value(found, key)
    if text is None:
        return False
    if text.lower() not in _FLAGS:
        raise errors.INVALID_PARAMETER_VALUE(value=text, parameter=key)
    return _FLAGS[text.lower()]


def _reason(found: Values, key: str) -> str | None:
    """Return ApproveReason or RejectReason, limited like RequesterFeedback. [assumed]"""
    text = _value(found, key)
    if text is not None:
        check_feedback(key, text)
    return text


def _question_ids(found: Values) -> tuple[str, ...]:
    """Return the IDs in comma-separated QuestionIds. [doc] one list, [assumed] several"""
    ids = [id_.strip() for text in _values(found, "QuestionIds") for id_ in text.split(",")]
    if "" in ids or len(set(ids)) < len(ids):
        text = ", ".join(found["QuestionIds"]["Values"])
        raise errors.INVALID_PARAMETER_VALUE(value=text, parameter="QuestionIds")
    return tuple(ids)


def _answer_key(found: Values) -> dict[str, frozenset[str]]:
    """Return the AnswerKey's answers by question, without surrounding white space. [doc]

    A question in the AnswerKey can have no values [doc]; the worker must leave it unanswered
    then. [assumed]
    """
    _require(found, "AnswerKey")
    if found["AnswerKey"].get("Values"):
        raise errors.INVALID_PARAMETER_VALUE(value="Values", parameter="AnswerKey")
    answers: dict[str, frozenset[str]] = {}
    for entry in found["AnswerKey"].get("MapEntries") or ():
        question, values = entry.get("Key"), entry.get("Values") or ()
        if not question:
            raise errors.MISSING_PARAMETERS(parameter="AnswerKey")
        if question in answers:
            raise errors.INVALID_PARAMETER_VALUE(value=question, parameter="AnswerKey")
        answers[question] = frozenset(value.strip() for value in values) - {""}
    if not answers:
        raise errors.MISSING_PARAMETERS(parameter="AnswerKey")
    return answers
