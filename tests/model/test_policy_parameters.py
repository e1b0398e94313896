"""CreateHIT with review policies: accepted and refused parameters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import (
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    get_hit,
    invalid_value,
    out_of_range,
    value_error,
)
from tests.policies import (
    FOUR_QUESTIONS,
    SCORE_MY_KNOWN_ANSWERS,
    SIMPLE_PLURALITY,
    extending,
    known_answers,
    plurality,
    policy,
)

YEAR = 31_536_000
KNOWN_RANGES = {
    "ApproveIfKnownAnswerScoreIsAtLeast": (0, 101),
    "RejectIfKnownAnswerScoreIsLessThan": (0, 101),
    "ExtendIfKnownAnswerScoreIsLessThan": (0, 101),
    "ExtendMaximumAssignments": (2, 25),
    "ExtendMinimumTimeInSeconds": (60, YEAR),
}
PLURALITY_RANGES = {
    "ExtendIfHITAgreementScoreIsLessThan": (1, 100),
    "ExtendMinimumTimeInSeconds": (60, YEAR),
}
#: Every number of both policies, with its range.
RANGES = [
    *((known_answers, key, *limits) for key, limits in KNOWN_RANGES.items()),
    *((plurality, key, *limits) for key, limits in PLURALITY_RANGES.items()),
]


def missing(parameter: str) -> Any:
    """Return the refusal of a request that lacks a parameter."""
    return value_error(
        f"Your request is missing required parameters. Required parameters include {parameter}."
    )


def of_its_level(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the member of CreateHIT for a policy, with the policy as its value."""
    is_known = policy["PolicyName"] == SCORE_MY_KNOWN_ANSWERS
    if is_known:
        return {"AssignmentReviewPolicy": policy}
    return {"HITReviewPolicy": policy, "AssignmentReviewPolicy": known_answers()}


def refusal_of(client: Any, policy: dict[str, Any]) -> Any:
    """Return how CreateHIT refuses a policy; check that no HIT is created."""
    refusal = error_of(lambda: create_hit(client, **of_its_level(policy)))
    assert client.list_hits()["HITs"] == []
    return refusal


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize(("make", "key", "low", "high"), RANGES)
def test_create_hit_with_number_at_the_end_of_its_range(
    mturk_client: Any, make: Any, key: str, low: int, high: int, end: str
) -> None:
    """The smallest and the largest number are accepted. [doc]"""
    others = extending(50) if make is plurality else {}
    chosen = make(**{**others, key: low if end == "low" else high})
    assert create_hit(mturk_client, **of_its_level(chosen))["HITStatus"] == "Assignable"


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize(("make", "key", "low", "high"), RANGES)
def test_create_hit_with_number_out_of_its_range_is_refused(
    mturk_client: Any, make: Any, key: str, low: int, high: int, end: str
) -> None:
    """Numbers out of their range are refused. [doc] the ranges"""
    number = low - 1 if end == "low" else high + 1
    refusal = refusal_of(mturk_client, make(**{key: number}))
    assert refusal == out_of_range(number, key, low, high)


@pytest.mark.parametrize("number", [-1, 1, 26, 101])
@pytest.mark.parametrize(
    "key",
    [
        "QuestionAgreementThreshold",
        "DisregardAssignmentIfKnownAnswerScoreIsLessThan",
        "ExtendMaximumAssignments",
        "ApproveIfWorkerAgreementScoreIsAtLeast",
        "RejectIfWorkerAgreementScoreIsLessThan",
    ],
)
def test_create_hit_with_plurality_of_any_number(mturk_client: Any, key: str, number: int) -> None:
    """SimplePlurality parameters have "Constraints: none": thresholds outside 0 to 100 pass.

    [doc]
    """
    chosen = plurality(**{**extending(50), key: number})
    assert create_hit(mturk_client, **of_its_level(chosen))["HITStatus"] == "Assignable"


@pytest.mark.parametrize("text", ["half", "50%", "", " 50", "5.0", "\u0665", "9" * 19])
def test_create_hit_with_number_that_is_none_is_refused(mturk_client: Any, text: str) -> None:
    """Numbers must be written in digits. [assumed]"""
    key = "ApproveIfKnownAnswerScoreIsAtLeast"
    assert refusal_of(mturk_client, known_answers(**{key: text})) == invalid_value(text, key)


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("AssignmentReviewPolicy", SIMPLE_PLURALITY),
        ("AssignmentReviewPolicy", "ScoreMyKnownAnswers"),
        ("HITReviewPolicy", SCORE_MY_KNOWN_ANSWERS),
        ("HITReviewPolicy", "simpleplurality/2011-09-01"),
        ("HITReviewPolicy", ""),
    ],
)
def test_create_hit_with_unknown_policy_is_refused(
    mturk_client: Any, member: str, name: str
) -> None:
    """Each level has one policy [doc]; others are refused. [assumed] the refusal"""
    refusal = error_of(lambda: create_hit(mturk_client, **{member: policy(name)}))
    assert refusal == invalid_value(name, "PolicyName")


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (known_answers, "QuestionIds"),
        (known_answers, "approveReason"),
        (plurality, "AnswerKey"),
        (plurality, "ApproveReason"),
        (plurality, "ExtendIfKnownAnswerScoreIsLessThan"),
    ],
)
def test_create_hit_with_unknown_parameter_is_refused(
    mturk_client: Any, make: Any, key: str
) -> None:
    """Parameters of other policies are refused. [doc] which, [assumed] the refusal"""
    assert refusal_of(mturk_client, make(**{key: 1})) == invalid_value(key, "PolicyParameter")


def test_create_hit_with_parameter_without_key_is_refused(mturk_client: Any) -> None:
    """A parameter without Key is refused. [assumed]"""
    nameless = {"PolicyName": SCORE_MY_KNOWN_ANSWERS, "Parameters": [{"Values": ["1"]}]}
    assert refusal_of(mturk_client, nameless) == invalid_value(None, "PolicyParameter")


def test_create_hit_with_parameter_said_twice_is_refused(mturk_client: Any) -> None:
    """A parameter that is given twice is refused. [assumed]"""
    chosen = known_answers(ApproveReason="Good")
    chosen["Parameters"].append(chosen["Parameters"][-1])
    assert refusal_of(mturk_client, chosen) == invalid_value("ApproveReason", "PolicyParameter")


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ({"PolicyName": SCORE_MY_KNOWN_ANSWERS}, "AnswerKey"),
        (known_answers(AnswerKey=None), "AnswerKey"),
        (known_answers(AnswerKey={}), "AnswerKey"),
        (known_answers(AnswerKey={"": ["yes"]}), "AnswerKey"),
        ({"PolicyName": SIMPLE_PLURALITY}, "QuestionIds"),
        (plurality(QuestionIds=None), "QuestionIds"),
        (plurality(QuestionAgreementThreshold=None), "QuestionAgreementThreshold"),
        (plurality(QuestionIds=[]), "QuestionIds"),
        (known_answers(RejectReason=[]), "RejectReason"),
        (plurality(DisregardAssignmentIfRejected=[]), "DisregardAssignmentIfRejected"),
    ],
)
def test_create_hit_without_required_parameter_is_refused(
    mturk_client: Any, chosen: dict[str, Any], key: str
) -> None:
    """Required parameters must be given [doc], and need a value. [assumed]"""
    assert refusal_of(mturk_client, chosen) == missing(key)


def test_create_hit_with_plurality_that_extends_needs_a_maximum(mturk_client: Any) -> None:
    """To extend, SimplePlurality requires ExtendMaximumAssignments. [doc]"""
    key = "ExtendMaximumAssignments"
    assert refusal_of(mturk_client, plurality(**{**extending(50), key: None})) == missing(key)


@pytest.mark.parametrize("make", [known_answers, plurality])
def test_create_hit_with_limits_of_no_extension(mturk_client: Any, make: Any) -> None:
    """Limits of an extension are accepted without its condition. [assumed]"""
    chosen = make(ExtendMaximumAssignments=5, ExtendMinimumTimeInSeconds=60)
    assert create_hit(mturk_client, **of_its_level(chosen))["HITStatus"] == "Assignable"


def test_create_hit_with_disregard_needs_known_answers(mturk_client: Any) -> None:
    """A limit of known-answer scores requires an assignment policy. [doc] [assumed] how"""
    chosen = plurality(DisregardAssignmentIfKnownAnswerScoreIsLessThan=50)
    refusal = error_of(lambda: create_hit(mturk_client, HITReviewPolicy=chosen))
    assert refusal == missing("AssignmentReviewPolicy")


@pytest.mark.parametrize("key", ["ApproveIfKnownAnswerScoreIsAtLeast", "ApproveReason"])
def test_create_hit_with_several_values_is_refused(mturk_client: Any, key: str) -> None:
    """All parameters except QuestionIds take one value. [assumed]"""
    refusal = refusal_of(mturk_client, known_answers(**{key: ["1", "2"]}))
    assert refusal == invalid_value("1, 2", key)


def test_create_hit_with_map_where_values_are_taken_is_refused(mturk_client: Any) -> None:
    """Only AnswerKey takes MapEntries. [doc]"""
    refusal = refusal_of(mturk_client, known_answers(RejectReason=FOUR_QUESTIONS))
    assert refusal == invalid_value("MapEntries", "RejectReason")


def test_create_hit_with_values_where_a_map_is_taken_is_refused(mturk_client: Any) -> None:
    """AnswerKey takes MapEntries, not Values. [doc]"""
    refusal = refusal_of(mturk_client, known_answers(AnswerKey=["yes"]))
    assert refusal == invalid_value("Values", "AnswerKey")


def test_create_hit_with_question_twice_in_the_key_is_refused(mturk_client: Any) -> None:
    """A question that is twice in AnswerKey is refused. [assumed]"""
    chosen = known_answers(AnswerKey={"q": ["yes"]})
    chosen["Parameters"][0]["MapEntries"] *= 2
    assert refusal_of(mturk_client, chosen) == invalid_value("q", "AnswerKey")


@pytest.mark.parametrize(
    ("ids", "text"), [("a,,b", "a,,b"), ("", ""), (["a", "a"], "a, a"), ("a, a", "a, a")]
)
def test_create_hit_with_question_ids_that_are_none_is_refused(
    mturk_client: Any, ids: Any, text: str
) -> None:
    """Empty and repeated QuestionIds are refused. [assumed]"""
    refusal = refusal_of(mturk_client, plurality(QuestionIds=ids))
    assert refusal == invalid_value(text, "QuestionIds")


def test_create_hit_with_many_question_ids(mturk_client: Any) -> None:
    """QuestionIds have "Constraints: none": more than 15 IDs are accepted. [doc]"""
    ids = ",".join(f"q{number}" for number in range(30))
    hit = create_hit(mturk_client, HITReviewPolicy=plurality(QuestionIds=ids))
    assert hit["HITStatus"] == "Assignable"


def test_create_hit_with_question_ids_in_the_other_spelling(mturk_client: Any) -> None:
    """AWS's own sample spells the key "QuestionIDs" as well as "QuestionIds". [doc]"""
    chosen = plurality(QuestionIds=None, QuestionIDs="q")
    assert create_hit(mturk_client, HITReviewPolicy=chosen)["HITStatus"] == "Assignable"


def test_create_hit_with_question_ids_in_both_spellings_is_refused(mturk_client: Any) -> None:
    """QuestionIds and QuestionIDs together are refused. [assumed]"""
    refusal = refusal_of(mturk_client, plurality(QuestionIDs="q"))
    assert refusal == invalid_value("QuestionIds", "PolicyParameter")


@pytest.mark.parametrize("text", ["yes", "1", "0", ""])
def test_create_hit_with_flag_that_is_none_is_refused(mturk_client: Any, text: str) -> None:
    """Flags other than T, F, true and false are refused. [doc]"""
    refusal = refusal_of(mturk_client, plurality(DisregardAssignmentIfRejected=text))
    assert refusal == invalid_value(text, "DisregardAssignmentIfRejected")


@pytest.mark.parametrize("text", ["T", "f", "TRUE", "False"])
def test_create_hit_with_flag_in_any_case(mturk_client: Any, text: str) -> None:
    """T, F, true and false are accepted in any case. [doc]"""
    chosen = plurality(DisregardAssignmentIfRejected=text)
    assert create_hit(mturk_client, HITReviewPolicy=chosen)["HITStatus"] == "Assignable"


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (known_answers, "ApproveReason"),
        (known_answers, "RejectReason"),
        (plurality, "RejectReason"),
    ],
)
@pytest.mark.parametrize("text", ["x" * 1025, "\x07"], ids=["long", "control"])
def test_create_hit_with_reason_that_is_no_feedback_is_refused(
    mturk_client: Any, make: Any, key: str, text: str
) -> None:
    """A reason has the same limits as RequesterFeedback. [assumed]"""
    assert refusal_of(mturk_client, make(**{key: text})) == invalid_value(text, key)


def test_create_hit_with_hit_type_takes_policies(mturk_client: Any) -> None:
    """CreateHITWithHITType accepts the same policies. [doc]"""
    policies = of_its_level(plurality())
    hit = create_hit_with_hit_type(mturk_client, create_hit_type(mturk_client), **policies)
    response = mturk_client.list_review_policy_results_for_hit(HITId=hit["HITId"])
    assert response["AssignmentReviewPolicy"] == {"PolicyName": SCORE_MY_KNOWN_ANSWERS}
    assert response["HITReviewPolicy"] == {"PolicyName": SIMPLE_PLURALITY}


def test_create_hit_with_hit_type_refuses_what_is_wrong(mturk_client: Any) -> None:
    """CreateHITWithHITType refuses the same policies as CreateHIT. [assumed]"""
    type_id = create_hit_type(mturk_client)
    wrong = {"AssignmentReviewPolicy": policy("Score")}
    refusal = error_of(lambda: create_hit_with_hit_type(mturk_client, type_id, **wrong))
    assert refusal == invalid_value("Score", "PolicyName")


def test_get_hit_does_not_show_policies(mturk_client: Any) -> None:
    """GetHIT does not return policies. [doc]"""
    hit = create_hit(mturk_client, **of_its_level(plurality()))
    plain = create_hit(mturk_client)
    assert get_hit(mturk_client, hit["HITId"]).keys() == plain.keys()
