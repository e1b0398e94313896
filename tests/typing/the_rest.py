"""Types that do not depend on types-boto3-mturk."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from typing_extensions import assert_type

from mturk_mock import (
    HIT,
    AnswerKey,
    Assignment,
    ExternalQuestion,
    HTMLQuestion,
    MTurk,
    QuestionForm,
    Worker,
    mock_mturk,
)
from mturk_mock.backend.faults import Fault
from mturk_mock.mock.mock import MockMTurk


def calls_are_asserted(mturk: MTurk) -> None:
    mturk.assert_called("CreateHIT", Title=re.compile("cat"), times=2)
    mturk.assert_not_called("create_hit", MaxAssignments=None)
    mturk.assert_called("CreateHIT", times="2")  # type: ignore[arg-type]
    mturk.assert_called()  # type: ignore[call-arg]


def things_are_added_by_keyword_arguments(mturk: MTurk) -> None:
    hit = mturk.add_hit(title="Cat?", reward=1, status="Reviewable")
    assert_type(hit, HIT)
    assert_type(mturk.add_assignment(hit, worker=mturk.worker(), status="Approved"), Assignment)
    assert_type(mturk.add_qualification_type(grants={"A1": 80}), str)
    mturk.add_hit(titel="Cat?")  # type: ignore[call-arg]
    mturk.add_hit(status="Open")  # type: ignore[arg-type]
    mturk.add_assignment(hit, submitted="2026-01-01")  # type: ignore[arg-type]


def documents_are_texts_or_builders(mturk: MTurk, form: QuestionForm, key: AnswerKey) -> None:
    mturk.add_hit(question="<QuestionForm/>")
    mturk.add_hit(question=HTMLQuestion("<p>Cat?</p>"))
    mturk.add_hit(question=ExternalQuestion("https://example.com"))
    mturk.add_hit(question=form)
    mturk.add_hit(question=key)  # type: ignore[arg-type]
    mturk.add_qualification_type(test=form, answer_key=key)
    mturk.add_qualification_type(test=str(form), answer_key=str(key))
    mturk.add_qualification_type(test=key)  # type: ignore[arg-type]
    mturk.add_qualification_type(answer_key=form)  # type: ignore[arg-type]


def accounts_are_names_by_key() -> None:
    assert_type(mock_mturk(accounts={"AKIAIOSFODNN7EXAMPLE": "lab one"}), MockMTurk)
    mock_mturk(accounts=["AKIAIOSFODNN7EXAMPLE"])  # type: ignore[call-overload]


@mock_mturk
def decorated(number: int) -> str:
    return str(number)


assert_type(decorated(1), str)


def statuses_are_literals(hit: HIT, assignment: Assignment, worker: Worker) -> None:
    assert_type(
        hit.status, Literal["Assignable", "Unassignable", "Reviewable", "Reviewing", "Disposed"]
    )
    assert_type(
        assignment.status,
        Literal["Accepted", "Submitted", "Approved", "Rejected", "Returned", "Abandoned"],
    )
    assert_type(
        worker.request_qualification("3TYPE").status,
        Literal["Open", "Submitted", "Granted", "Rejected", "Expired"],
    )
    assert hit.status != "Assignabel"  # type: ignore[comparison-overlap]


def handles_lead_to_handles(assignment: Assignment, worker: Worker) -> None:
    assert_type(assignment.hit, HIT)
    assert_type(worker.qualifies(assignment.hit), bool)
    assert_type(worker.find_hits("birds", sandbox=True), list[HIT])
    worker.find_hits("birds", True)  # type: ignore[call-arg]
    worker.open(assignment.hit, "page")  # type: ignore[arg-type]


def what_there_is_is_typed(mturk: MTurk) -> None:
    assert_type(mturk.hit("3HIT"), HIT)
    assert_type(mturk.hit({"HIT": {"HITId": "3HIT"}}), HIT)
    mturk.hit(5)  # type: ignore[arg-type]
    assert_type(mturk.workers, list[Worker])
    assert_type(mturk.hit_types[0].reward, Decimal)
    assert_type(mturk.qualification_types[0].status, Literal["Active", "Inactive"])
    assert_type(mturk.blocks[0].reason, str)
    assert_type(mturk.add_hit_type(title="Cat?"), str)
    mturk.add_hit(hit_layout_id="3LAYOUT", hit_layout_parameters={"animal": "cat"})


def faults_have_names(mturk: MTurk) -> None:
    assert_type(mturk.fail("CreateHIT", "ThrottlingException", times=None), Fault)
    mturk.fail(["create_hit", "GetHIT"], error="AWS.MechanicalTurk.HITDoesNotExist")
    mturk.fail(error="HITDoesNotExist", message="Gone.")
    mturk.fail(error="AWS.MechanicalTurk.SomethingNew", message="New.")
    mturk.fail("CreateHITs")  # type: ignore[arg-type]
    mturk.fail(["create_hits"])  # type: ignore[list-item]
    mturk.fail("CreateHIT", "Throttling")  # type: ignore[call-overload]
    mturk.fail("CreateHIT", "AWS.MechanicalTurk.SomethingNew")  # type: ignore[call-overload]


@mock_mturk(seed=1)
class TestDecorated:
    mturk: MTurk

    def test_it(self) -> None:
        assert_type(self.mturk, MTurk)
        assert_type(self.mturk.hits, list[HIT])
