"""Helpers for tests of review policies: how to write them, and their actions and results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.helpers import create_hit, given

SCORE_MY_KNOWN_ANSWERS = "ScoreMyKnownAnswers/2011-09-01"
SIMPLE_PLURALITY = "SimplePlurality/2011-09-01"

#: Answering 0 to 4 of these questions with "yes" gives a score of 0, 25, 50, 75 or 100 percent.
FOUR_QUESTIONS = {"q1": ["yes"], "q2": ["yes"], "q3": ["yes"], "q4": ["yes"]}


def policy(name: str, **parameters: Any) -> dict[str, Any]:
    """Return a policy: dicts become MapEntries, other values Values, and None is left out."""
    written = [_parameter(key, value) for key, value in given({}, parameters).items()]
    return {"PolicyName": name, "Parameters": written}


def _parameter(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        entries = [{"Key": question, "Values": answers} for question, answers in value.items()]
        return {"Key": key, "MapEntries": entries}
    return {"Key": key, "Values": value if isinstance(value, list) else [str(value)]}


def known_answers(**parameters: Any) -> dict[str, Any]:
    """Return ScoreMyKnownAnswers for four questions whose known answer is `yes`."""
    return policy(SCORE_MY_KNOWN_ANSWERS, **{"AnswerKey": FOUR_QUESTIONS, **parameters})


def plurality(**parameters: Any) -> dict[str, Any]:
    """Return SimplePlurality for one question, which needs more than 50 % agreement."""
    defaults = {"QuestionIds": "q", "QuestionAgreementThreshold": 50}
    return policy(SIMPLE_PLURALITY, **{**defaults, **parameters})


def extending(below: int, most: int = 5, time: int = 60) -> dict[str, Any]:
    """Return the three parameters that make SimplePlurality extend a HIT."""
    return {
        "ExtendIfHITAgreementScoreIsLessThan": below,
        "ExtendMaximumAssignments": most,
        "ExtendMinimumTimeInSeconds": time,
    }


def scored_hit(client: Any, *, assignments: int = 1, of_the_hit: Any = None, **params: Any) -> str:
    """Create a HIT with ScoreMyKnownAnswers, and return its HITId."""
    others = {"MaxAssignments": assignments, **(of_the_hit or {})}
    hit_id: str = create_hit(client, AssignmentReviewPolicy=known_answers(**params), **others)[
        "HITId"
    ]
    return hit_id


def judged_hit(client: Any, *, assignments: int = 3, of_the_hit: Any = None, **params: Any) -> str:
    """Create a HIT with SimplePlurality, and return its HITId."""
    others = {"MaxAssignments": assignments, **(of_the_hit or {})}
    hit_id: str = create_hit(client, HITReviewPolicy=plurality(**params), **others)["HITId"]
    return hit_id


def submit(mturk: Any, hit_id: str, **fields: Any) -> Any:
    """Let a new worker submit the HIT with these answers; return the assignment."""
    return mturk.worker().accept(hit_id).submit(fields)


def submit_score(mturk: Any, hit_id: str, percent: int) -> Any:
    """Let a new worker submit answers that reach a score of this percentage."""
    right = dict.fromkeys(list(FOUR_QUESTIONS)[: percent // 25], "yes")
    return submit(mturk, hit_id, **right)


def submit_answers(mturk: Any, hit_id: str, *answers: str) -> list[Any]:
    """For each answer, let a new worker submit it for question `q`."""
    return [submit(mturk, hit_id, q=answer) for answer in answers]


class Action(NamedTuple):
    """A ReviewActionDetail without its ID and time."""

    name: str
    target_id: str
    target_type: str
    result: str | None
    error_code: str | None = None


class Finding(NamedTuple):
    """A ReviewResultDetail without its ID."""

    subject_id: str
    question_id: str | None
    key: str
    value: str


def report(client: Any, hit_id: str, level: str) -> dict[str, Any]:
    """Return the review report of a level, joined from all pages."""
    found: dict[str, Any] = {"ReviewResults": [], "ReviewActions": []}
    token: dict[str, str] | None = {}
    while token is not None:
        page = client.list_review_policy_results_for_hit(HITId=hit_id, **token)
        for key, entries in page.get(f"{level}ReviewReport", {}).items():
            found[key] += entries
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
    return found


def actions(client: Any, hit_id: str, level: str = "Assignment") -> list[Action]:
    """Return the actions of a level's policy but `review`; Failed ones have an ErrorCode."""
    found = []
    for action in report(client, hit_id, level)["ReviewActions"]:
        error_code = action.get("ErrorCode")
        assert action["Status"] == ("Succeeded" if error_code is None else "Failed")
        target = (action["TargetId"], action["TargetType"])
        found.append(Action(action["ActionName"], *target, action.get("Result"), error_code))
    return [action for action in found if action.name != "review"]


def outcomes(client: Any, hit_id: str, level: str = "Assignment") -> list[tuple[str, str | None]]:
    """Return the names and results of the actions of a level's policy but `review`."""
    return [(action.name, action.result) for action in actions(client, hit_id, level)]


def findings(client: Any, hit_id: str, level: str, key: str | None = None) -> list[Finding]:
    """Return the review results of a level's policy, for one key or all."""
    results = report(client, hit_id, level)["ReviewResults"]
    found = [
        Finding(result["SubjectId"], result.get("QuestionId"), result["Key"], result["Value"])
        for result in results
    ]
    return [finding for finding in found if key in (None, finding.key)]


def values(client: Any, hit_id: str, level: str, key: str) -> list[str]:
    """Return the values of one key in the review results of a level's policy."""
    return [finding.value for finding in findings(client, hit_id, level, key)]
