"""ListReviewPolicyResultsForHIT: results, filters, pages and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import (
    NOW,
    constraint,
    create_hit,
    error_of,
    expire,
    invalid_value,
    no_such_hit,
)
from tests.policies import (
    SCORE_MY_KNOWN_ANSWERS,
    SIMPLE_PLURALITY,
    judged_hit,
    known_answers,
    plurality,
    scored_hit,
    submit,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

NOTHING = "3NOTHING0000000000000000000000"


@pytest.fixture
def hit_id(mturk: Any, mturk_client: Any) -> str:
    """Return the HITId of a HIT that both policies have reviewed.

    For the assignment: review, 2 results, approve. For the HIT: review, 7 results.
    """
    hit_id: str = create_hit(
        mturk_client,
        AssignmentReviewPolicy=known_answers(
            AnswerKey={"k": ["x"]}, ApproveIfKnownAnswerScoreIsAtLeast=0
        ),
        HITReviewPolicy=plurality(),
    )["HITId"]
    submit(mturk, hit_id, k="x", q="a")
    return hit_id


def results(client: Any, hit_id: str, **params: Any) -> dict[str, Any]:
    """Return the response without its metadata."""
    answer = client.list_review_policy_results_for_hit(HITId=hit_id, **params)
    del answer["ResponseMetadata"]
    return answer  # type: ignore[no-any-return]


def entries(answer: dict[str, Any]) -> list[str]:
    """Return the items of a page in order: names of actions, keys of results."""
    return [
        entry.get("ActionName") or entry["Key"]
        for level in ("Assignment", "HIT")
        for key in ("ReviewActions", "ReviewResults")
        for entry in answer.get(f"{level}ReviewReport", {}).get(key, ())
    ]


KNOWN_ACTIONS = ["review", "approve"]
KNOWN_RESULTS = ["KnownAnswerCorrect", "KnownAnswerScore"]
HIT_ACTIONS = ["review"]
HIT_RESULTS = [
    "HitAgreementScore",
    "AgreedAnswer",
    "AgreedAnswerFound",
    "AnswerAgreementScore",
    "PluralityAnswersCorrect",
    "PluralityAnswersIncorrect",
    "WorkerAgreementScore",
]
ALL = KNOWN_ACTIONS + KNOWN_RESULTS + HIT_ACTIONS + HIT_RESULTS


def test_list_review_policy_results(mturk: Any, mturk_client: Any, hit_id: str) -> None:
    """Policies are shown by name only, reports with results and actions. [doc]

    NumResults is absent. [doc]
    """
    answer = results(mturk_client, hit_id)
    assert answer.keys() == {
        "HITId",
        "AssignmentReviewPolicy",
        "AssignmentReviewReport",
        "HITReviewPolicy",
        "HITReviewReport",
        "NextToken",
    }
    assert answer["HITId"] == hit_id
    assert answer["AssignmentReviewPolicy"] == {"PolicyName": SCORE_MY_KNOWN_ANSWERS}
    assert answer["HITReviewPolicy"] == {"PolicyName": SIMPLE_PLURALITY}
    assert entries(answer) == ALL


def test_list_review_policy_results_shows_the_keys_recorded(
    mturk: Any, mturk_client: Any, hit_id: str
) -> None:
    """Only results of questions have QuestionId, only failures ErrorCode. [doc] [observed]"""
    report = results(mturk_client, hit_id)["AssignmentReviewReport"]
    question, score = report["ReviewResults"]
    assert list(question) == ["ActionId", "SubjectId", "SubjectType", "QuestionId", "Key", "Value"]
    assert list(score) == ["ActionId", "SubjectId", "SubjectType", "Key", "Value"]
    assert list(report["ReviewActions"][1]) == [
        "ActionId",
        "ActionName",
        "TargetId",
        "TargetType",
        "Status",
        "CompleteTime",
        "Result",
    ]


def test_list_review_policy_results_without_policies(mturk_client: Any) -> None:
    """For a HIT without policies the response [observed] has HITId alone. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    expire(mturk_client, hit_id)
    assert results(mturk_client, hit_id) == {"HITId": hit_id}


def test_list_review_policy_results_before_any_run(mturk_client: Any) -> None:
    """Before the first run of a policy the answer "has no report keys". [assumed]"""
    hit_id = judged_hit(mturk_client)
    assert results(mturk_client, hit_id) == {
        "HITId": hit_id,
        "HITReviewPolicy": {"PolicyName": SIMPLE_PLURALITY},
    }


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["Assignment"], KNOWN_ACTIONS + KNOWN_RESULTS),
        (["HIT"], HIT_ACTIONS + HIT_RESULTS),
        (["HIT", "Assignment"], ALL),
        ([], ALL),
    ],
)
def test_list_review_policy_results_of_levels(
    mturk: Any, mturk_client: Any, hit_id: str, levels: list[str], expected: list[str]
) -> None:
    """PolicyLevels filters; the default is both levels. [doc]"""
    assert entries(results(mturk_client, hit_id, PolicyLevels=levels)) == expected


def test_list_review_policy_results_shows_nothing_of_other_levels(
    mturk: Any, mturk_client: Any, hit_id: str
) -> None:
    """The policy of a level that is filtered out is not shown either. [assumed]"""
    answer = results(mturk_client, hit_id, PolicyLevels=["HIT"])
    assert answer.keys() == {"HITId", "HITReviewPolicy", "HITReviewReport", "NextToken"}


@pytest.mark.parametrize(
    ("params", "kinds", "expected"),
    [
        ({"RetrieveActions": False}, {"ReviewResults"}, KNOWN_RESULTS + HIT_RESULTS),
        ({"RetrieveResults": False}, {"ReviewActions"}, KNOWN_ACTIONS + HIT_ACTIONS),
        ({"RetrieveResults": False, "RetrieveActions": False}, set(), []),
        (
            {"RetrieveResults": True, "RetrieveActions": True},
            {"ReviewResults", "ReviewActions"},
            ALL,
        ),
    ],
    ids=["results", "actions", "neither", "both"],
)
def test_list_review_policy_results_of_kinds(
    mturk: Any,
    mturk_client: Any,
    hit_id: str,
    params: dict[str, bool],
    kinds: set[str],
    expected: list[str],
) -> None:
    """Results and actions are shown by default [doc]; a list not requested is absent. [assumed]"""
    answer = results(mturk_client, hit_id, **params)
    assert entries(answer) == expected
    assert answer["AssignmentReviewReport"].keys() == kinds
    assert answer["HITReviewReport"].keys() == kinds
    assert ("NextToken" in answer) == ("ReviewResults" in kinds)


def test_list_review_policy_results_in_pages(mturk: Any, mturk_client: Any, hit_id: str) -> None:
    """Pages are of results: "MaxResults pages over results". [assumed]

    "NumResults counts results only, not actions". [observed] Results of both levels are listed
    together, oldest first, and all actions are on the first page. [assumed] A page with results
    has a NextToken; the empty page after the last does not. [observed]
    """
    pages = []
    answer = results(mturk_client, hit_id, MaxResults=5)
    while "NextToken" in answer:
        pages.append(entries(answer))
        answer = results(mturk_client, hit_id, MaxResults=5, NextToken=answer["NextToken"])
    assert pages == [
        KNOWN_ACTIONS + KNOWN_RESULTS + HIT_ACTIONS + HIT_RESULTS[:3],
        HIT_RESULTS[3:],
    ]
    assert answer["AssignmentReviewReport"] == {"ReviewResults": [], "ReviewActions": []}
    assert answer["HITReviewPolicy"] == {"PolicyName": SIMPLE_PLURALITY}


def test_list_review_policy_results_in_pages_of_one_kind(
    mturk: Any, mturk_client: Any, hit_id: str
) -> None:
    """Filtered results do not count toward MaxResults. [assumed]"""
    params = {"RetrieveActions": False, "PolicyLevels": ["HIT"], "MaxResults": 4}
    first = results(mturk_client, hit_id, **params)
    second = results(mturk_client, hit_id, **params, NextToken=first["NextToken"])
    assert (entries(first), entries(second)) == (HIT_RESULTS[:4], HIT_RESULTS[4:])


def test_list_review_policy_results_has_100_on_a_page(mturk: Any, mturk_client: Any) -> None:
    """The default of MaxResults is 100. [assumed], open question 13"""
    key = {f"q{number}": ["x"] for number in range(100)}
    hit_id = scored_hit(mturk_client, AnswerKey=key)
    submit(mturk, hit_id)
    first = results(mturk_client, hit_id)
    assert entries(first) == ["review"] + ["KnownAnswerCorrect"] * 100
    second = results(mturk_client, hit_id, NextToken=first["NextToken"])
    assert entries(second) == ["KnownAnswerScore"]


def test_list_review_policy_results_that_come_while_reading(mturk: Any, mturk_client: Any) -> None:
    """A token continues after its page, and includes newer results. [assumed]"""
    hit_id = scored_hit(mturk_client, assignments=2, AnswerKey={"k": ["x"]})
    submit(mturk, hit_id, k="x")
    first = results(mturk_client, hit_id)
    submit(mturk, hit_id, k="y")
    second = results(mturk_client, hit_id, NextToken=first["NextToken"])
    values = [result["Value"] for result in second["AssignmentReviewReport"]["ReviewResults"]]
    assert values == ["0", "0"]


def test_list_review_policy_results_of_deleted_hit(mturk: Any, mturk_client: Any) -> None:
    """A deleted HIT can be read, as by GetHIT. [assumed]"""
    hit_id = scored_hit(mturk_client, ApproveIfKnownAnswerScoreIsAtLeast=0)
    submit(mturk, hit_id)
    before = results(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)
    assert results(mturk_client, hit_id) == before


@pytest.mark.parametrize("whose", ["nobody's", "another's", "the sandbox's"])
def test_list_review_policy_results_of_no_hit_is_refused(
    mturk: Any, mturk_client: Any, whose: str
) -> None:
    """The HIT must be the caller's. [doc] [assumed] for another's"""
    hit_id = NOTHING
    if whose == "another's":
        hit_id = judged_hit(mturk.requester("other").client())
    if whose == "the sandbox's":
        hit_id = judged_hit(mturk.client(sandbox=True))
    refusal = error_of(lambda: results(mturk_client, hit_id))
    assert refusal == no_such_hit(hit_id)


@pytest.mark.parametrize(
    "changed",
    [
        {"PolicyLevels": ["HIT"]},
        {"RetrieveActions": False},
        {"RetrieveResults": False},
        {"NextToken": "p1:garbage"},
    ],
    ids=["levels", "actions", "results", "garbage"],
)
def test_list_review_policy_results_with_foreign_token_is_refused(
    mturk: Any, mturk_client: Any, hit_id: str, changed: dict[str, Any]
) -> None:
    """A token is valid for one HIT and one choice of filters. [assumed]"""
    token = results(mturk_client, hit_id)["NextToken"]
    params = {"NextToken": token, **changed}
    refusal = error_of(lambda: results(mturk_client, hit_id, **params))
    assert refusal == invalid_value(params["NextToken"], "NextToken")


def test_list_review_policy_results_with_token_of_another_hit_is_refused(
    mturk: Any, mturk_client: Any, hit_id: str
) -> None:
    """A token of another HIT is refused. [assumed]"""
    token = results(mturk_client, hit_id)["NextToken"]
    other = judged_hit(mturk_client)
    refusal = error_of(lambda: results(mturk_client, other, NextToken=token))
    assert refusal == invalid_value(token, "NextToken")


def test_list_review_policy_results_with_too_many_results_is_refused(mturk_client: Any) -> None:
    """MaxResults is at most 100. [doc] [assumed] the text"""
    hit_id = judged_hit(mturk_client)
    refusal = error_of(lambda: results(mturk_client, hit_id, MaxResults=101))
    rule = "Member must have value less than or equal to 100"
    assert refusal == constraint(101, "maxResults", rule)


def test_list_review_policy_results_of_unknown_level_is_refused(mturk_client: Any) -> None:
    """PolicyLevels has two values. [doc] [assumed] the text"""
    hit_id = judged_hit(mturk_client)
    refusal = error_of(lambda: results(mturk_client, hit_id, PolicyLevels=["Worker"]))
    rule = "Member must satisfy enum value set: [Assignment, HIT]"
    assert refusal == constraint("[Worker]", "policyLevels", rule)
