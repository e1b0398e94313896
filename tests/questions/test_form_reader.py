"""Reading of a whole QuestionForm: its content, and what it asks."""

from __future__ import annotations

import pytest
from hypothesis import given

from mturk_mock.questions import (
    AnswerFormatRegex,
    Binary,
    EmbeddedBinary,
    FileUploadAnswer,
    Flash,
    FormattedContent,
    FreeTextAnswer,
    IsNumeric,
    JavaApplet,
    Length,
    List,
    Overview,
    Question,
    SelectionAnswer,
    Text,
    Title,
)
from mturk_mock.questions.form_reader import read_question_form
from mturk_mock.questions.form_writer import write_question_form
from tests.questions.documents import FORMATS, SETTINGS, valid_documents

TEXT = FreeTextAnswer(lines=1, default_text="")
SELECTION = {"choices": {"a": "A"}, "least": 1, "most": 1}

CONTENT = [
    Title(" A title "),
    Text("Two\nlines"),
    List(["one", "", "three"]),
    FormattedContent("<p>Some &amp; more</p>"),
    Binary("https://example.com/a.gif", "A cat", "image", "gif"),
    Binary("https://example.com/a.mp3", "", "audio"),
    EmbeddedBinary(
        "https://example.com/a.swf", "Game", "10", "50%", "video", "x-ms-wmv", {"a": "1", "b": ""}
    ),
    Flash("https://example.com/a.swf", "100", "200", {"quality": "high"}),
    JavaApplet("https://example.com/classes/", "A.class", "1", "2"),
]
ANSWERS = [
    TEXT,
    FreeTextAnswer(IsNumeric(1, 10), Length(2, None), (AnswerFormatRegex("a", "b", "i"),), "x", 3),
    SelectionAnswer(**SELECTION),
    SelectionAnswer(
        {"a": "A", "b": Binary("https://e.org/b", "B"), "c": FormattedContent("<b>C</b>")},
        0,
        3,
        "multichooser",
        TEXT,
    ),
    FileUploadAnswer(1, 2000),
]


@pytest.mark.parametrize("content", CONTENT, ids=lambda part: type(part).__name__)
def test_each_content(content):
    """Reading a form returns the content of an overview and of a question as written."""
    parts = [Overview([content]), Question("q", [content, Text("?")], TEXT)]
    assert read_question_form(write_question_form(parts)) == parts


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_each_answer(answer):
    """Reading a form returns the answer specification that was written, with its labels."""
    parts = [Question("é '\"<", [Text("?")], answer, True, "Question 1")]
    assert read_question_form(write_question_form(parts)) == parts


@pytest.mark.parametrize("version", ["QuestionForm-2005", "QuestionForm-2017"])
def test_any_valid_document(version):
    """What is read from a valid document is written as a document of the same meaning."""

    @SETTINGS
    @given(valid_documents(FORMATS[version]))
    def check(document):
        parts = read_question_form(document)
        assert read_question_form(write_question_form(parts)) == parts

    check()
