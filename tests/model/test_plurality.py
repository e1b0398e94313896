"""SimplePlurality/2011-09-01: agreement of workers, and the actions that follow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import NOW, create_hit, expire, get_hit, question_form, state_of
from tests.policies import (
    Action,
    Finding,
    actions,
    extending,
    findings,
    judged_hit,
    known_answers,
    outcomes,
    plurality,
    report,
    submit,
    submit_answers,
    values,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

APPROVE = "ApproveIfWorkerAgreementScoreIsAtLeast"
REJECT = "RejectIfWorkerAgreementScoreIsLessThan"


def statuses(assignments: list[Any]) -> list[str]:
    """Return the first letters of assignment statuses: Submitted, Approved, Rejected."""
    return [assignment.status[0] for assignment in assignments]


def agreed_on(mturk: Any, client: Any, *answers: str, **params: Any) -> tuple[str, str] | None:
    """Return the agreed answer to `q` and its score, or None if there is none."""
    hit_id = judged_hit(client, assignments=len(answers), **params)
    submit_answers(mturk, hit_id, *answers)
    agreed = values(client, hit_id, "HIT", "AgreedAnswer")
    (flag,) = values(client, hit_id, "HIT", "AgreedAnswerFound")
    scores = values(client, hit_id, "HIT", "AnswerAgreementScore")
    assert (flag, len(agreed), len(scores)) in (("true", 1, 1), ("false", 0, 0))
    return (agreed[0], scores[0]) if agreed else None


# The recording ----------------------------------------------------------------------------


def worker_scores(assignments: list[Any], scores: list[tuple[int, int, int]]) -> list[Finding]:
    """Return the results of workers: correct, incorrect and score, ordered by assignment ID."""
    keys = ("PluralityAnswersCorrect", "PluralityAnswersIncorrect", "WorkerAgreementScore")
    about = sorted(zip([work.id for work in assignments], scores, strict=True))
    return [
        Finding(id_, None, key, str(value))
        for id_, values in about
        for key, value in zip(keys, values, strict=True)
    ]


def test_runs_of_the_recording(mturk: Any, mturk_client: Any) -> None:
    """Two workers disagree, the HIT is extended, a third agrees with the first. [observed]

    "2 of 3 is 67"; "AnswerAgreementScore is absent when no answer was agreed"; "Without an
    agreed answer every worker scores 0"; "AgreedAnswerFound is `true` / `false`".
    """
    hit_id = judged_hit(mturk_client, assignments=2, **{REJECT: 100}, **extending(100))
    work = submit_answers(mturk, hit_id, "a", "b", "a")
    assert findings(mturk_client, hit_id, "HIT") == [
        Finding(hit_id, None, "HitAgreementScore", "0"),
        Finding(hit_id, "q", "AgreedAnswerFound", "false"),
        *worker_scores(work[:2], [(0, 0, 0), (0, 0, 0)]),
        Finding(hit_id, None, "HitAgreementScore", "100"),
        Finding(hit_id, "q", "AgreedAnswer", "a"),
        Finding(hit_id, "q", "AgreedAnswerFound", "true"),
        Finding(hit_id, "q", "AnswerAgreementScore", "67"),
        *worker_scores(work, [(1, 0, 100), (0, 1, 0), (1, 0, 100)]),
    ]
    assert statuses(work) == ["R", "R", "S"]


def test_actions_of_the_recording(mturk: Any, mturk_client: Any) -> None:
    """Run 1: "review, extend, reject, reject (a plain reject has no Result)". [observed]

    Run 2: "review, reject (`Already rejected`, Status Succeeded)".
    """
    hit_id = judged_hit(mturk_client, assignments=2, **{REJECT: 100}, **extending(100))
    work = submit_answers(mturk, hit_id, "a", "b", "a")
    recorded = report(mturk_client, hit_id, "HIT")["ReviewActions"]
    first, second = sorted(each.id for each in work[:2])
    assert [(each["ActionName"], each["TargetId"], each.get("Result")) for each in recorded] == [
        ("review", hit_id, "Evaluated 1 question and found agreement on 0%"),
        ("extend", hit_id, "Extended by 1 assignment"),
        ("reject", first, None),
        ("reject", second, None),
        ("review", hit_id, "Evaluated 1 question and found agreement on 100%"),
        ("reject", work[1].id, "Already rejected"),
    ]
    assert {each["Status"] for each in recorded} == {"Succeeded"}


# Agreement --------------------------------------------------------------------------------


def test_judgement_of_questions_workers_and_the_hit(mturk: Any, mturk_client: Any) -> None:
    """The HIT, its questions and its workers have scores, in this order. [observed]

    "HitAgreementScore; then per question AgreedAnswer, AgreedAnswerFound, AnswerAgreementScore;
    then per assignment, ordered by id, PluralityAnswersCorrect, PluralityAnswersIncorrect,
    WorkerAgreementScore".
    """
    hit_id = judged_hit(mturk_client, QuestionIds="a, b")
    work = [
        submit(mturk, hit_id, a="cat", b="1"),
        submit(mturk, hit_id, a="cat", b="2"),
        submit(mturk, hit_id, a="dog", b="3"),
    ]
    assert findings(mturk_client, hit_id, "HIT") == [
        Finding(hit_id, None, "HitAgreementScore", "50"),
        Finding(hit_id, "a", "AgreedAnswer", "cat"),
        Finding(hit_id, "a", "AgreedAnswerFound", "true"),
        Finding(hit_id, "a", "AnswerAgreementScore", "67"),
        Finding(hit_id, "b", "AgreedAnswerFound", "false"),
        *worker_scores(work, [(1, 0, 100), (1, 0, 100), (0, 1, 0)]),
    ]


def test_subjects_are_the_hit_and_assignments(mturk: Any, mturk_client: Any) -> None:
    """A result names its subject: for the HIT and its questions "SubjectType is HIT". [doc]"""
    hit_id = judged_hit(mturk_client, assignments=1)
    submit_answers(mturk, hit_id, "cat")
    for result in report(mturk_client, hit_id, "HIT")["ReviewResults"]:
        expected = "HIT" if result["SubjectId"] == hit_id else "Assignment"
        assert result["SubjectType"] == expected


@pytest.mark.parametrize(
    ("ids", "result"),
    [
        ("q", "Evaluated 1 question and found agreement on 100%"),
        ("q,p", "Evaluated 2 questions and found agreement on 50%"),
        (["q", "p"], "Evaluated 2 questions and found agreement on 50%"),
    ],
)
def test_review_is_an_action_on_the_hit(
    mturk: Any, mturk_client: Any, ids: Any, result: str
) -> None:
    """Each run is a `review` action, and its results have its ID. [doc] [observed] the text"""
    hit_id = judged_hit(mturk_client, assignments=1, QuestionIds=ids)
    submit_answers(mturk, hit_id, "cat")
    found = report(mturk_client, hit_id, "HIT")
    (action,) = found["ReviewActions"]
    assert {each["ActionId"] for each in found["ReviewResults"]} == {action.pop("ActionId")}
    assert action == {
        "ActionName": "review",
        "TargetId": hit_id,
        "TargetType": "HIT",
        "Status": "Succeeded",
        "CompleteTime": NOW,
        "Result": result,
    }


@pytest.mark.parametrize(
    ("threshold", "agreed"), [(0, "a"), (65, "a"), (66, "a"), (67, None), (100, None)]
)
def test_agreement_is_more_than_the_threshold(
    mturk: Any, mturk_client: Any, threshold: int, agreed: str | None
) -> None:
    """An answer is agreed if its share, such as 67 for 2 of 3, exceeds the threshold. [doc]"""
    found = agreed_on(mturk, mturk_client, "a", "b", "a", QuestionAgreementThreshold=threshold)
    assert found == (agreed and (agreed, "67"))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["a", "b"], None),
        (["a", "b", "a", "b", "c"], None),
        (["b", "a", "b", "c"], ("b", "50")),
        (["a", " a", "a\n"], ("a", "100")),
        (["a", "A", "a."], None),
        (["a", "", " "], ("", "67")),
        (["a", "a", ""], ("a", "67")),
        (["", ""], ("", "100")),
        (["x" * 257, "a"], ("a", "100")),
        (["x" * 256, "x" * 256, "a"], ("x" * 256, "67")),
    ],
    ids=[
        *("tie", "tie of 3", "plurality", "blanks", "case"),
        *("most empty", "few empty", "all empty", "long", "not long"),
    ],
)
def test_agreement_on_answers(
    mturk: Any, mturk_client: Any, answers: list[str], expected: tuple[str, str] | None
) -> None:
    """Outer blanks, and answers longer than 256 characters, are ignored. [doc]

    If two answers are equally frequent, neither is agreed. [assumed]
    """
    assert agreed_on(mturk, mturk_client, *answers, QuestionAgreementThreshold=1) == expected


def test_agreement_on_an_empty_answer(mturk: Any, mturk_client: Any) -> None:
    """Workers who leave a text empty agree on the empty text, with a share of 100. [observed]

    A recording of two workers has an AgreedAnswer with an empty Value.
    """
    hit_id = judged_hit(mturk_client, assignments=2)
    work = submit_answers(mturk, hit_id, "", "")
    assert findings(mturk_client, hit_id, "HIT") == [
        Finding(hit_id, None, "HitAgreementScore", "100"),
        Finding(hit_id, "q", "AgreedAnswer", ""),
        Finding(hit_id, "q", "AgreedAnswerFound", "true"),
        Finding(hit_id, "q", "AnswerAgreementScore", "100"),
        *worker_scores(work, [(1, 0, 100), (1, 0, 100)]),
    ]


def test_agreement_on_an_empty_answer_is_in_snapshots(
    mturk: Any, mturk_client: Any, tmp_path: Path
) -> None:
    """A snapshot file keeps an AgreedAnswer with an empty value."""
    hit_id = judged_hit(mturk_client, assignments=2)
    submit_answers(mturk, hit_id, "", "")
    mturk.snapshot().save(tmp_path / "state.json")
    mturk.reset()
    mturk.restore(Snapshot.load(tmp_path / "state.json"))
    assert values(mturk_client, hit_id, "HIT", "AgreedAnswer") == [""]


def test_agreement_leaves_out_questions_without_an_answer(mturk: Any, mturk_client: Any) -> None:
    """Questions without an answer have no agreed answer. [assumed]"""
    form = question_form(q=["a", "b"])
    hit_id = judged_hit(
        mturk_client, assignments=3, QuestionIds="q,p", of_the_hit={"Question": form}
    )
    for fields in ({}, {}, {"q": "a"}):
        mturk.worker().accept(hit_id).submit(fields, check=False)
    assert values(mturk_client, hit_id, "HIT", "AgreedAnswer") == ["a"]
    assert values(mturk_client, hit_id, "HIT", "AnswerAgreementScore") == ["100"]


def test_selections_are_compared_as_a_set(mturk: Any, mturk_client: Any) -> None:
    """Several selections are one answer in any order. [assumed]"""
    choices = list("abcdefgh")
    form = question_form(q=choices)
    hit_id = judged_hit(mturk_client, assignments=3, of_the_hit={"Question": form})
    for chosen in (choices, choices[::-1], ["a"]):
        submit(mturk, hit_id, q=chosen)
    assert values(mturk_client, hit_id, "HIT", "AgreedAnswer") == ["a|b|c|d|e|f|g|h"]


def test_hit_that_nobody_did_is_judged(mturk: Any, mturk_client: Any) -> None:
    """The policy also runs for a HIT without work [doc]; nothing is agreed. [assumed]"""
    hit_id = judged_hit(mturk_client)
    expire(mturk_client, hit_id)
    assert findings(mturk_client, hit_id, "HIT") == [
        Finding(hit_id, None, "HitAgreementScore", "0"),
        Finding(hit_id, "q", "AgreedAnswerFound", "false"),
    ]


def test_hit_is_not_judged_before_it_is_reviewable(mturk: Any, mturk_client: Any) -> None:
    """The policy does not run before the HIT becomes Reviewable. [doc]"""
    hit_id = judged_hit(mturk_client)
    submit_answers(mturk, hit_id, "a", "a")
    assert findings(mturk_client, hit_id, "HIT") == []
    submit_answers(mturk, hit_id, "a")
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["100"]


def test_hit_is_judged_when_it_expires_by_itself(mturk: Any, mturk_client: Any) -> None:
    """When a HIT expires as the clock advances, the policy runs at that time. [doc]"""
    hit_id = judged_hit(mturk_client)
    submit_answers(mturk, hit_id, "a")
    mturk.clock.advance(days=2)
    (action,) = report(mturk_client, hit_id, "HIT")["ReviewActions"]
    assert action["CompleteTime"] == NOW + timedelta(days=1)


def test_hit_is_judged_when_the_last_worker_gives_up(mturk: Any, mturk_client: Any) -> None:
    """An expired HIT becomes Reviewable when its last assignment is returned. [doc]"""
    hit_id = judged_hit(mturk_client)
    assignment = mturk.worker().accept(hit_id)
    expire(mturk_client, hit_id)
    assert findings(mturk_client, hit_id, "HIT") == []
    assignment.return_hit()
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["0"]


def test_hit_is_judged_once_while_it_is_reviewable(mturk: Any, mturk_client: Any) -> None:
    """Setting Reviewing and back does not run the policy again. [assumed]"""
    hit_id = judged_hit(mturk_client, assignments=1)
    submit_answers(mturk, hit_id, "a")
    mturk_client.update_hit_review_status(HITId=hit_id)
    mturk_client.update_hit_review_status(HITId=hit_id, Revert=True)
    expire(mturk_client, hit_id)
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["100"]


def test_hit_is_judged_again_after_an_extension(mturk: Any, mturk_client: Any) -> None:
    """Results of all runs are kept, oldest first. [doc]"""
    hit_id = judged_hit(mturk_client, assignments=2)
    submit_answers(mturk, hit_id, "a", "b")
    mturk.clock.advance(hours=1)
    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=1
    )
    submit_answers(mturk, hit_id, "b")
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["0", "100"]
    assert values(mturk_client, hit_id, "HIT", "AnswerAgreementScore") == ["67"]
    first, second = report(mturk_client, hit_id, "HIT")["ReviewActions"]
    assert second["CompleteTime"] - first["CompleteTime"] == timedelta(hours=1)
    assert first["ActionId"] != second["ActionId"]


def test_disposed_hit_is_not_judged(mturk: Any, mturk_client: Any) -> None:
    """The policy does not run for a HIT that is disposed of at once. [assumed]"""
    hit_id = judged_hit(
        mturk_client,
        assignments=1,
        of_the_hit={"AssignmentDurationInSeconds": 31_536_000},
    )
    assignment = mturk.worker().accept(hit_id)
    mturk.clock.advance(days=121)
    assignment.return_hit()
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Disposed"
    assert findings(mturk_client, hit_id, "HIT") == []


# Disregarded assignments ------------------------------------------------------------------


@pytest.mark.parametrize(("flag", "scores"), [("T", ["100"]), ("false", []), (None, [])])
def test_disregard_assignment_if_rejected(
    mturk: Any, mturk_client: Any, flag: str | None, scores: list[str]
) -> None:
    """Rejected work is ignored on request [doc], not by default. [assumed]"""
    hit_id = judged_hit(mturk_client, assignments=2, DisregardAssignmentIfRejected=flag)
    (first,) = submit_answers(mturk, hit_id, "a")
    mturk_client.reject_assignment(AssignmentId=first.id, RequesterFeedback="No")
    submit_answers(mturk, hit_id, "b")
    assert values(mturk_client, hit_id, "HIT", "AnswerAgreementScore") == scores


@pytest.mark.parametrize(("least", "agreed"), [(0, ["a"]), (50, ["a"]), (51, ["b"]), (101, [])])
def test_disregard_assignment_if_known_answer_score_is_less_than(
    mturk: Any, mturk_client: Any, least: int, agreed: list[str]
) -> None:
    """Work with a known-answer score below the limit is ignored. [doc]"""
    policy = plurality(DisregardAssignmentIfKnownAnswerScoreIsLessThan=least)
    key = {"k": ["x"], "l": ["x"]}
    hit = create_hit(
        mturk_client,
        MaxAssignments=3,
        HITReviewPolicy=policy,
        AssignmentReviewPolicy=known_answers(AnswerKey=key),
    )
    for _ in range(2):
        submit(mturk, hit["HITId"], q="a", k="x")
    submit(mturk, hit["HITId"], q="b", k="x", l="x")
    assert values(mturk_client, hit["HITId"], "HIT", "AgreedAnswer") == agreed


def test_disregarded_work_is_neither_scored_nor_decided(mturk: Any, mturk_client: Any) -> None:
    """Ignored work has no score and keeps its status. [assumed]"""
    policy = plurality(DisregardAssignmentIfKnownAnswerScoreIsLessThan=1, **{REJECT: 100})
    hit = create_hit(
        mturk_client,
        MaxAssignments=2,
        HITReviewPolicy=policy,
        AssignmentReviewPolicy=known_answers(AnswerKey={"k": ["x"]}),
    )
    bad = submit(mturk, hit["HITId"], q="b", k="y")
    good = submit(mturk, hit["HITId"], q="a", k="x")
    scores = findings(mturk_client, hit["HITId"], "HIT", "WorkerAgreementScore")
    assert scores == [Finding(good.id, None, "WorkerAgreementScore", "100")]
    assert statuses([bad, good]) == ["S", "S"]


# Approval and rejection -------------------------------------------------------------------


def compliances(mturk: Any, client: Any, **params: Any) -> list[Any]:
    """Submit work that agrees on 100, 75, 50 and 0 percent of four questions; return it.

    The last worker answers nothing, so that work has no agreement.
    """
    hit_id = judged_hit(client, assignments=6, QuestionIds="a,b,c,d", **params)
    answers = ["yyyy", "yyyy", "yyyy", "yyyn", "yynn", ""]
    return [submit(mturk, hit_id, **dict(zip("abcd", each, strict=False))) for each in answers]


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (1, "AAAAAS"),
        (50, "AAAAAS"),
        (51, "AAAASS"),
        (75, "AAAASS"),
        (76, "AAASSS"),
        (100, "AAASSS"),
    ],
)
def test_approve_if_worker_agreement_score_is_at_least(
    mturk: Any, mturk_client: Any, least: int, expected: str
) -> None:
    """Work whose score reaches the limit is approved. [doc]"""
    assert "".join(statuses(compliances(mturk, mturk_client, **{APPROVE: least}))) == expected


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (1, "SSSSSR"),
        (50, "SSSSSR"),
        (51, "SSSSRR"),
        (75, "SSSSRR"),
        (76, "SSSRRR"),
        (100, "SSSRRR"),
    ],
)
def test_reject_if_worker_agreement_score_is_less_than(
    mturk: Any, mturk_client: Any, least: int, expected: str
) -> None:
    """A score below the limit is rejected [doc]; no answer is a wrong one. [assumed]"""
    assert "".join(statuses(compliances(mturk, mturk_client, **{REJECT: least}))) == expected


@pytest.mark.parametrize("text", ["Others disagree", None])
def test_reject_reason_is_the_feedback(mturk: Any, mturk_client: Any, text: str | None) -> None:
    """RejectReason becomes RequesterFeedback [doc]; without one there is none. [assumed]"""
    hit_id = judged_hit(mturk_client, RejectReason=text, **{REJECT: 50})
    assignment = submit_answers(mturk, hit_id, "a", "a", "b")[-1]
    assert assignment.requester_feedback == text
    expected = Action("reject", assignment.id, "Assignment", None)
    assert actions(mturk_client, hit_id, "HIT") == [expected]


def test_approve_has_no_feedback(mturk: Any, mturk_client: Any) -> None:
    """SimplePlurality has no parameter for a reason of approval. [doc]"""
    hit_id = judged_hit(mturk_client, assignments=1, RejectReason="No", **{APPROVE: 50})
    (assignment,) = submit_answers(mturk, hit_id, "a")
    assert (assignment.status, assignment.requester_feedback) == ("Approved", None)


def test_approve_comes_before_reject(mturk: Any, mturk_client: Any) -> None:
    """If both conditions hold, approval wins and rejection fails. [assumed]"""
    hit_id = judged_hit(mturk_client, QuestionIds="q,p", **{APPROVE: 50, REJECT: 60})
    for p in ("x", "x", "y"):
        submit(mturk, hit_id, q="a", p=p)
    failed = ("reject", "Assignment was in an invalid state for this operation.")
    assert sorted(outcomes(mturk_client, hit_id, "HIT"), key=str) == [("approve", None)] * 3 + [
        failed
    ]


def test_workers_score_0_where_nothing_is_agreed_on(mturk: Any, mturk_client: Any) -> None:
    """Without an agreed answer, RejectIf... rejects, "ApproveIf... does not approve". [observed]"""
    rejecting = judged_hit(mturk_client, assignments=2, **{REJECT: 1})
    assert statuses(submit_answers(mturk, rejecting, "a", "b")) == ["R", "R"]
    approving = judged_hit(mturk_client, assignments=2, **{APPROVE: 1})
    assert statuses(submit_answers(mturk, approving, "a", "b")) == ["S", "S"]


def test_approve_work_that_was_approved_or_rejected_before(mturk: Any, mturk_client: Any) -> None:
    """Already approved is a success [doc]; rejected stays. [observed] its text and code"""
    hit_id = judged_hit(mturk_client, **{APPROVE: 1})
    first, second = submit_answers(mturk, hit_id, "a", "a")
    mturk_client.approve_assignment(AssignmentId=first.id, RequesterFeedback="Mine")
    mturk_client.reject_assignment(AssignmentId=second.id, RequesterFeedback="No")
    (third,) = submit_answers(mturk, hit_id, "a")
    expected = [
        Action("approve", first.id, "Assignment", "Already approved"),
        Action(
            "approve",
            second.id,
            "Assignment",
            "Assignment was in an invalid state for this operation.",
            "AWS.MechanicalTurk.InvalidAssignmentState",
        ),
        Action("approve", third.id, "Assignment", None),
    ]
    assert actions(mturk_client, hit_id, "HIT") == sorted(expected, key=lambda each: each.target_id)
    assert first.requester_feedback == "Mine"
    assert statuses([first, second, third]) == ["A", "R", "A"]


def test_reject_work_that_was_approved_or_rejected_before(mturk: Any, mturk_client: Any) -> None:
    """Approved stays approved; already rejected is a success. [assumed]"""
    hit_id = judged_hit(mturk_client, assignments=5, **{REJECT: 100})
    first, second = submit_answers(mturk, hit_id, "b", "c")
    mturk_client.approve_assignment(AssignmentId=first.id)
    mturk_client.reject_assignment(AssignmentId=second.id, RequesterFeedback="No")
    submit_answers(mturk, hit_id, "a", "a", "a")
    invalid = "Assignment was in an invalid state for this operation."
    expected = sorted([(first.id, invalid), (second.id, "Already rejected")])
    found = actions(mturk_client, hit_id, "HIT")
    assert [(action.target_id, action.result) for action in found] == expected


# Extension --------------------------------------------------------------------------------


@pytest.mark.parametrize(("below", "most"), [(1, 2), (50, 2), (51, 3), (100, 3)])
def test_extend_if_hit_agreement_score_is_less_than(
    mturk: Any, mturk_client: Any, below: int, most: int
) -> None:
    """A HIT with a score below the limit, here 50, gets one more assignment. [doc]"""
    hit_id = judged_hit(mturk_client, assignments=2, QuestionIds="q,p", **extending(below))
    submit(mturk, hit_id, q="a", p="x")
    submit(mturk, hit_id, q="a", p="y")
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["50"]
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == most


def test_extend_until_workers_agree(mturk: Any, mturk_client: Any) -> None:
    """The policy runs again after its own extension; its results accumulate. [doc]"""
    hit_id = judged_hit(mturk_client, assignments=2, **extending(100))
    submit_answers(mturk, hit_id, "a", "b")
    assert state_of(mturk_client, hit_id) == ("Assignable", 1, 0, 0)
    submit_answers(mturk, hit_id, "b")
    assert state_of(mturk_client, hit_id) == ("Reviewable", 0, 0, 0)
    assert values(mturk_client, hit_id, "HIT", "HitAgreementScore") == ["0", "100"]
    assert actions(mturk_client, hit_id, "HIT") == [
        Action("extend", hit_id, "HIT", "Extended by 1 assignment")
    ]


@pytest.mark.parametrize("most", [2, 3])
def test_extend_up_to_maximum_assignments(mturk: Any, mturk_client: Any, most: int) -> None:
    """The limit is ExtendMaximumAssignments; reaching it is a success. [doc]"""
    hit_id = judged_hit(mturk_client, assignments=2, **extending(100, most=most))
    submit_answers(mturk, hit_id, *"abc"[:most])
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Reviewable"
    already = ("extend", "Already at the maximum number of assignments")
    expected = [("extend", "Extended by 1 assignment")] * (most - 2) + [already]
    assert outcomes(mturk_client, hit_id, "HIT") == expected


def test_extend_without_time(mturk: Any, mturk_client: Any) -> None:
    """SimplePlurality without ExtendMinimumTimeInSeconds "is accepted, and extends". [observed]

    In aws-sdk-net#1100. The expiration stays. [assumed]
    """
    without = {**extending(100), "ExtendMinimumTimeInSeconds": None}
    hit_id = judged_hit(mturk_client, assignments=2, **without)
    submit_answers(mturk, hit_id, "a", "b")
    assert state_of(mturk_client, hit_id) == ("Assignable", 1, 0, 0)
    assert get_hit(mturk_client, hit_id)["Expiration"] == NOW + timedelta(days=1)


@pytest.mark.parametrize("time", [60, 90000])
def test_extend_moves_the_expiration(mturk: Any, mturk_client: Any, time: int) -> None:
    """ExtendMinimumTimeInSeconds "sets the additional time that the HIT will be extended by".

    [doc]
    """
    hit_id = judged_hit(mturk_client, assignments=2, **extending(100, time=time))
    submit_answers(mturk, hit_id, "a", "b")
    assert get_hit(mturk_client, hit_id)["Expiration"] == NOW + timedelta(days=1, seconds=time)


def test_extend_expired_hit_until_the_maximum(mturk: Any, mturk_client: Any) -> None:
    """A HIT without work is extended at each expiration, up to the maximum. [doc]"""
    hit_id = judged_hit(mturk_client, assignments=2, **extending(100, most=4, time=3600))
    mturk.clock.advance(days=3)
    assert state_of(mturk_client, hit_id) == ("Reviewable", 4, 0, 0)
    assert get_hit(mturk_client, hit_id)["Expiration"] == NOW + timedelta(days=1, hours=2)
    already = ("extend", "Already at the maximum number of assignments")
    expected = [("extend", "Extended by 1 assignment")] * 2 + [already]
    assert outcomes(mturk_client, hit_id, "HIT") == expected


def test_extend_comes_before_decisions() -> None:
    """Order of actions: "review, extend, then the decisions". [observed]

    Funds that a rejection releases therefore cannot pay for the extension. [assumed]
    """
    with mock_mturk(now=NOW, balance="1.80") as mturk:
        client = mturk.client()
        hit_id = judged_hit(client, QuestionIds="q,p", **{REJECT: 100}, **extending(100))
        for q, p in (("a", "1"), ("a", "2"), ("b", "3")):
            submit(mturk, hit_id, q=q, p=p)
        extend, reject = actions(client, hit_id, "HIT")
        assert (extend.name, reject.name) == ("extend", "reject")
        assert extend.error_code == "AWS.MechanicalTurk.InsufficientFunds"


def test_extend_never_without_funds() -> None:
    """An extension that costs more than the balance fails. [assumed]"""
    with mock_mturk(now=NOW, balance="1.20") as mturk:
        client = mturk.client()
        hit_id = judged_hit(client, assignments=2, **extending(100))
        submit_answers(mturk, hit_id, "a", "b")
        (action,) = actions(client, hit_id, "HIT")
        assert action.error_code == "AWS.MechanicalTurk.InsufficientFunds"
        assert state_of(client, hit_id) == ("Reviewable", 0, 0, 0)
