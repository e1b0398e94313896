"""parse_answers(): a worker's answers as plain values."""

from __future__ import annotations

import json
import re

import pytest

from mturk_mock import parse_answers
from mturk_mock.questions import FileUploadAnswer, FreeTextAnswer, Question, QuestionForm
from tests.helpers import (
    NOW,
    SCHEMAS,
    accepted,
    answers,
    free_text,
    html_question,
    question_form,
    shown,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


def named(name, content=""):
    return f"<QuestionIdentifier>{name}</QuestionIdentifier>{content}"


def selected(*choices):
    return "".join(f"<SelectionIdentifier>{each}</SelectionIdentifier>" for each in choices)


# Each form of answer ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("<FreeText>two words</FreeText>", "two words"),
        ("<FreeText>&#233;&lt;&#13;\n</FreeText>", "é<\r\n"),
        ("<FreeText> </FreeText>", " "),
        ("<FreeText/>", ""),
        (selected("a"), ["a"]),
        (selected("b", "a"), ["b", "a"]),
        ("<SelectionIdentifier/>", [""]),
        ("", []),
        (
            f"{selected('a')}<OtherSelectionText>x</OtherSelectionText>",
            {"selections": ["a"], "other": "x"},
        ),
        ("<OtherSelectionText/>", {"selections": [], "other": ""}),
        (
            "<UploadedFileSizeInBytes>12</UploadedFileSizeInBytes>"
            "<UploadedFileKey>k/1</UploadedFileKey>",
            {"key": "k/1", "size": 12},
        ),
    ],
)
def test_parse_answer(content, value):
    """Each form of answer has a plain value. [doc] the forms of answers"""
    assert parse_answers(answers(named("q", content))) == {"q": value}


def test_parse_answers_in_their_order():
    parsed = parse_answers(answers(free_text("b", "2"), free_text("a", "1")))

    assert list(parsed.items()) == [("b", "2"), ("a", "1")]


def test_parse_answers_with_the_line_feeds_of_2013():
    """Documents until about 2017 are in UTF-8 on many lines. [observed]"""
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<QuestionFormAnswers xmlns="{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd">\n<Answer>\n'
        "<QuestionIdentifier>q</QuestionIdentifier>\n<FreeText>é\nb</FreeText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>r</QuestionIdentifier>\n"
        "<SelectionIdentifier>x</SelectionIdentifier>\n</Answer>\n</QuestionFormAnswers>\n"
    )

    assert parse_answers(document) == {"q": "é\nb", "r": ["x"]}


def test_parse_answers_to_one_question_twice():
    """Of two answers to a question the last counts."""
    assert parse_answers(answers(free_text("q", "1"), free_text("q", "2"))) == {"q": "2"}


def test_parse_no_answers():
    """A form without fields has no answers. [assumed]"""
    assert parse_answers(answers()) == {}


# Crowd-forms ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [{"a": "1"}, {"box": {"left": 1, "labels": ["é", None]}, "sure": True}, {}],
)
def test_parse_answers_of_a_crowd_form(fields):
    """All fields are in one answer: a JSON array with one object. [observed]"""
    text = json.dumps([fields])

    assert parse_answers(answers(free_text("taskAnswers", text))) == fields


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "{}",
        "[]",
        "[1]",
        '[{"a": 1}, {"a": 2}]',
        '"text"',
        "[" * 100_000,
        '[{"a":' + "[" * 99 + "]" * 99 + "}]",
    ],
    ids=lambda text: text[:20],
)
def test_parse_answers_of_another_text_by_this_name(text):
    """A text that is not an array with one object stays a text."""
    assert parse_answers(answers(free_text("taskAnswers", text))) == {"taskAnswers": text}


@pytest.mark.parametrize("others", [["a"], ["a", "b"]])
def test_parse_answers_with_others_beside(others):
    """With other answers beside it, taskAnswers stays a text."""
    content = [free_text("taskAnswers", '[{"x": 1}]'), *(free_text(each, "1") for each in others)]

    assert parse_answers(answers(*content)) == {
        "taskAnswers": '[{"x": 1}]',
        **dict.fromkeys(others, "1"),
    }


def test_parse_answers_of_a_selection_by_this_name():
    assert parse_answers(answers(named("taskAnswers", selected("[{}]")))) == {
        "taskAnswers": ["[{}]"]
    }


# End to end -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (html_question(), {"a": "1", "b": "é\r\n"}),
        (html_question(), {}),
        (
            html_question("<crowd-form><crowd-input name='x'></crowd-input></crowd-form>"),
            {"x": "1"},
        ),
        (question_form(q=None, r=["a", "b"], s=["c"]), {"q": "1", "r": ["b", "a"], "s": []}),
    ],
)
def test_parse_answers_of_an_assignment(mturk, mturk_client, question, fields):
    """The answer that the API shows is parsed into the submitted values."""
    assignment = accepted(mturk_client, mturk.worker(), Question=question).submit(fields)

    assert parse_answers(shown(mturk_client, assignment)["Answer"]) == fields


def test_parse_answers_with_a_file(mturk, mturk_client):
    form = QuestionForm(
        Question("file", "?", FileUploadAnswer(1, 9)), Question("text", "?", FreeTextAnswer())
    )
    assignment = accepted(mturk_client, mturk.worker(), Question=str(form)).submit({"file": b"123"})

    assert parse_answers(assignment.answer) == {
        "file": {"key": f"{assignment.id}/file", "size": 3},
        "text": "",
    }


# Invalid documents ------------------------------------------------------------------------

NO_DOCUMENT = "the answer is not a QuestionFormAnswers document"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("", "no element found, at line 1, column 1"),
        ("yes", "syntax error, at line 1, column 1"),
        ("<a>\n<b></a>", "mismatched tag, at line 2, column 6"),
        (
            "<!DOCTYPE a><a/>",
            "a document type declaration ('a') is not allowed, at line 1, column 1",
        ),
        ("<QuestionFormAnswers/>", "its root element is QuestionFormAnswers"),
        (
            f'<AnswerKey xmlns="{SCHEMAS}2005-10-01/AnswerKey.xsd"/>',
            f"its root element is {{{SCHEMAS}2005-10-01/AnswerKey.xsd}}AnswerKey",
        ),
    ],
)
def test_parse_answers_of_no_document(answer, problem):
    with pytest.raises(ValueError, match=f"^{re.escape(f'{NO_DOCUMENT}: {problem}')}$"):
        parse_answers(answer)


@pytest.mark.parametrize("answer", [None, b"<a/>", {"Answer": "x"}])
def test_parse_answers_of_no_text(answer):
    problem = (
        "parse_answers() takes the Answer of an assignment, a QuestionFormAnswers document, "
        f"not {answer!r}"
    )

    with pytest.raises(TypeError, match=f"^{re.escape(problem)}$"):
        parse_answers(answer)
