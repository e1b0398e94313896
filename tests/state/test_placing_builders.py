"""Builders of documents as arguments of mturk.add_hit() and add_qualification_type()."""

from __future__ import annotations

import json

import pytest

from mturk_mock import AnswerKey, ExternalQuestion, HTMLQuestion, QuestionForm, mock_mturk
from mturk_mock.questions import KeyQuestion, Question, SelectionAnswer
from tests.helpers import get_hit

PAGE = HTMLQuestion("<!DOCTYPE html><html><body><form><input name=bird></form></body></html>")
EXTERNAL = ExternalQuestion("https://example.com/page", 400)
FORM = QuestionForm(Question("bird", "Which?", SelectionAnswer({"heron": "A heron"}), True))
KEY = AnswerKey(KeyQuestion("bird", {"heron": 10}))


@pytest.fixture
def mturk():
    """Return the handle of a mock."""
    with mock_mturk() as mturk:
        yield mturk


@pytest.mark.parametrize("question", [PAGE, EXTERNAL, FORM], ids=lambda each: type(each).__name__)
def test_add_hit_with_a_builder(mturk, question):
    """add_hit accepts a builder as the question, and GetHIT returns its text."""
    hit = mturk.add_hit(question=question)

    assert get_hit(mturk.client(), hit.id)["Question"] == str(question)


def test_add_qualification_type_with_builders(mturk):
    """add_qualification_type accepts builders as the test and the answer key."""
    type_id = mturk.add_qualification_type(test=FORM, answer_key=KEY, test_duration_in_seconds=60)
    shown = mturk.client().get_qualification_type(QualificationTypeId=type_id)["QualificationType"]

    assert (shown["Test"], shown["AnswerKey"]) == (str(FORM), str(KEY))
    worker = mturk.worker()
    worker.request_qualification(type_id, {"bird": "heron"})
    assert worker.qualifications == {type_id: 10}


def test_placed_builders_are_saved_as_texts(mturk, tmp_path):
    """A state file has the text of a builder."""
    mturk.add_hit(question=FORM)
    mturk.add_qualification_type(test=FORM, answer_key=KEY, test_duration_in_seconds=60)
    mturk.snapshot().save(tmp_path / "state.json")
    state = json.loads((tmp_path / "state.json").read_bytes())
    (hit,), (type_,) = state["accounts"][0]["hits"], state["qualification_types"]

    assert hit["question"] == str(FORM)
    assert (type_["test"], type_["answer_key"]) == (str(FORM), str(KEY))


HIT_REFUSALS = [(5, "5"), (KEY, repr(KEY)), (b"<HTMLQuestion/>", "b'<HTMLQuestion/>'")]


@pytest.mark.parametrize(("question", "shown"), HIT_REFUSALS)
def test_add_hit_refuses_other_questions(mturk, question, shown):
    """A question of another type raises TypeError, which lists the builders of questions."""
    with pytest.raises(TypeError) as raised:
        mturk.add_hit(question=question)

    assert str(raised.value) == (
        "add_hit(): question: must be a str, HTMLQuestion, ExternalQuestion or QuestionForm, "
        f"not {shown}"
    )
    assert mturk.hits == []


def test_add_qualification_type_refuses_other_tests(mturk):
    """A test of another type raises TypeError."""
    with pytest.raises(TypeError) as raised:
        mturk.add_qualification_type(test=PAGE, test_duration_in_seconds=60)

    assert str(raised.value) == (
        f"add_qualification_type(): test: must be a str or QuestionForm, not {PAGE!r}"
    )


def test_add_qualification_type_refuses_other_answer_keys(mturk):
    """An answer key of another type raises TypeError."""
    with pytest.raises(TypeError) as raised:
        mturk.add_qualification_type(test=FORM, answer_key=FORM, test_duration_in_seconds=60)

    assert str(raised.value) == (
        f"add_qualification_type(): answer_key: must be a str or AnswerKey, not {FORM!r}"
    )
    assert mturk.qualification_types == []
