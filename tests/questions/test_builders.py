"""Builders of pages, forms and keys: their documents, refusals and equality."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import mturk_mock
from mturk_mock import questions
from mturk_mock.questions import (
    AnswerKey,
    Binary,
    ExternalQuestion,
    FileUploadAnswer,
    FreeTextAnswer,
    HTMLQuestion,
    KeyQuestion,
    List,
    Overview,
    PercentageMapping,
    Question,
    QuestionForm,
    RangeMapping,
    ScaleMapping,
    SelectionAnswer,
)
from tests.helpers import NOW, SCHEMAS, XML_ERROR, accepted, publish

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

PAGE = "<!DOCTYPE html><html><head><title>?</title></head><body><p>?</p></body></html>"


BINARY = Binary("https://example.com/1.png", "a cat")

ONE = KeyQuestion("one", {"a": 10})


def asking(answer=None, content="?", **more):
    """Return a form with one question."""
    answer = FreeTextAnswer() if answer is None else answer
    return QuestionForm(Question("q", content, answer, **more))


# Pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("html", [PAGE, PAGE.replace("?", "é ]]> <![CDATA[ &amp; 😀")])
def test_html_question(mturk, mturk_client, html):
    """Workers see the page of an HTMLQuestion unchanged. [doc] CDATA"""
    hit = mturk.worker().preview(publish(mturk_client, Question=str(HTMLQuestion(html, 600))))

    assert hit.html == html


def test_html_question_document():
    """The default height is 0, the height of the window. [doc]"""
    assert str(HTMLQuestion(PAGE)) == (
        f'<HTMLQuestion xmlns="{SCHEMAS}2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[{PAGE}'
        "]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
    )


def test_external_question(mturk, mturk_client):
    """An & in the URL is escaped for XML. [doc]"""
    question = ExternalQuestion("https://example.com/?a=1&b=2", 400)

    assert str(question) == (
        f'<ExternalQuestion xmlns="{SCHEMAS}2006-07-14/ExternalQuestion.xsd"><ExternalURL>'
        "https://example.com/?a=1&amp;b=2</ExternalURL><FrameHeight>400</FrameHeight>"
        "</ExternalQuestion>"
    )
    assignment = accepted(mturk_client, mturk.worker(), Question=str(question))
    assert assignment.url.startswith("https://example.com/?a=1&b=2&assignmentId=")


# Refusals ---------------------------------------------------------------------------------


def one_of(version, *names):
    listed = ", ".join(f'"{SCHEMAS}{version}.xsd":{name}' for name in names)
    return f"One of '{{{listed}}}' is expected."


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (
            lambda: HTMLQuestion("<body><body>"),
            "this HTMLQuestion is not valid: There was an error parsing the HTML5 data in your "
            "request.  Please make sure the data is well-formed and validates as HTML5. Details: "
            "Errors: <! [1,12] An “body” start tag seen but an element of the same type was "
            "already open. !> Invalid content: <body><body>",
        ),
        (
            lambda: HTMLQuestion("x" * 65_536),
            "this HTMLQuestion is not valid: The value of 65733 bytes is invalid for Question. "
            "Valid values range from 1 to 65535.",
        ),
        (
            lambda: ExternalQuestion("http://example.com"),
            "ExternalQuestion() takes a URL that begins with https://, not 'http://example.com'",
        ),
        (
            lambda: ExternalQuestion("https://example.com", "tall"),
            f"this ExternalQuestion is not valid: {XML_ERROR}cvc-datatype-valid.1.2.1: 'tall' is "
            "not a valid value for 'integer'. At line 1, column 170, in "
            "ExternalQuestion/FrameHeight: <FrameHeight> must be a whole number.",
        ),
        (
            QuestionForm,
            f"this QuestionForm is not valid: {XML_ERROR}cvc-complex-type.2.4.b: The content of "
            "element 'QuestionForm' is not complete. "
            f"{one_of('2017-11-06/QuestionForm', 'Overview', 'Question')} At line 1, column 1, in "
            "QuestionForm: <QuestionForm> ends too early; it still needs Overview or Question.",
        ),
        (
            lambda: AnswerKey(ONE, mapping=PercentageMapping(0)),
            f"this AnswerKey is not valid: {XML_ERROR}MaximumSummedScore must not be 0. At line 1, "
            "column 353, in AnswerKey/QualificationValueMapping/PercentageMapping/"
            "MaximumSummedScore.",
        ),
    ],
    ids=["HTML5", "size", "https", "height", "nothing", "percents of 0"],
)
def test_document_that_the_service_refused(build, problem):
    """Building an invalid document raises an error in the service's words."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        build()


@pytest.mark.parametrize(
    ("build", "details"),
    [
        (lambda: asking(required="yes"), "cvc-datatype-valid.1.2.1: 'yes' is not a valid value"),
        (lambda: asking(content=[]), "cvc-complex-type.2.4.b: The content of element 'QuestionCo"),
        (lambda: asking(content="a\x00"), "not well-formed (invalid token). At line 1, column "),
        (lambda: asking(content=List([])), "cvc-complex-type.2.4.b: The content of element 'List"),
        (lambda: asking(content=replace(BINARY, type="text")), "cvc-enumeration-valid: Value 'tex"),
        (lambda: asking(content=Binary("1.png", "")), "cvc-pattern-valid: Value '1.png' is not fa"),
        (lambda: asking(SelectionAnswer([])), "cvc-complex-type.2.4.b: The content of element 'Se"),
        (lambda: asking(SelectionAnswer(["a"], 1, 2)), "2 selections cannot be made from 1."),
        (lambda: asking(SelectionAnswer(["a"], style="x")), "cvc-enumeration-valid: Value 'x' is "),
        (lambda: asking(FreeTextAnswer(lines=0)), "cvc-minInclusive-valid: Value '0' is not facet"),
        (lambda: asking(FileUploadAnswer(0, 1)), "cvc-minInclusive-valid: Value '0' is not facet-"),
        (lambda: QuestionForm(Overview("?")), "A QuestionForm has one or more Question elements."),
        (AnswerKey, "cvc-complex-type.2.4.b: The content of element 'AnswerKey' is not complete."),
        (lambda: AnswerKey(KeyQuestion("q", {})), "cvc-complex-type.2.4.a: Invalid content was fo"),
        (lambda: AnswerKey(KeyQuestion("q", {"a": 1.5})), "cvc-datatype-valid.1.2.1: '1.5' is not"),
        (
            lambda: AnswerKey(ONE, mapping=ScaleMapping(float("nan"))),
            "cvc-datatype-valid.1.2.1: 'n",
        ),
        (lambda: AnswerKey(ONE, mapping=RangeMapping([], 0)), "cvc-complex-type.2.4.a: Invalid c"),
    ],
)
def test_part_that_the_service_refused(build, details):
    """Building an invalid part raises an error; the service's words are pinned if it has any."""
    with pytest.raises(ValueError, match=re.escape(f"is not valid: {XML_ERROR}{details}")):
        build()


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: QuestionForm("?"), "a QuestionForm takes Question and Overview objects, not '?'"),
        (
            lambda: asking(content=5),
            "content takes a str, Title, Text, List, FormattedContent, Binary, EmbeddedBinary, "
            "Flash or JavaApplet, or a list of these, not 5",
        ),
        (
            lambda: asking(SelectionAnswer({"a": None})),
            "content takes a str, Title, Text, List, FormattedContent, Binary, EmbeddedBinary, "
            "Flash or JavaApplet, or a list of these, not None",
        ),
        (
            lambda: asking("text"),
            "answer takes a FreeTextAnswer, SelectionAnswer or FileUploadAnswer, not 'text'",
        ),
        (
            lambda: asking(SelectionAnswer("yes")),
            "choices takes a dict or a list of str, not the str 'yes'",
        ),
        (
            lambda: asking(FreeTextAnswer(length=200)),
            "length= takes Length(1, 200), not 200",
        ),
        (lambda: asking(FreeTextAnswer(numeric=True)), "numeric= takes IsNumeric(), not True"),
        (
            lambda: asking(FreeTextAnswer(formats="[a-z]+")),
            "formats= takes a list of AnswerFormatRegex(...), not '[a-z]+'",
        ),
        (
            lambda: asking(SelectionAnswer(["a"], other=True)),
            "other= takes FreeTextAnswer(), not True",
        ),
        (lambda: HTMLQuestion(b"<p>"), "HTMLQuestion() takes a page of HTML as a str, not b'<p>'"),
        (
            lambda: AnswerKey(KeyQuestion("q", ["r"])),
            "a KeyQuestion takes a dict of scores by selection, such as {'yes': 10}, not ['r']",
        ),
        (
            lambda: AnswerKey(ONE, mapping=100),
            "mapping= takes PercentageMapping, ScaleMapping, RangeMapping or None, not 100",
        ),
        (
            lambda: AnswerKey(ONE, PercentageMapping(10)),
            "an AnswerKey takes KeyQuestion objects, not "
            "PercentageMapping(maximum_summed_score=10); pass a mapping as mapping=",
        ),
    ],
)
def test_wrong_types_are_refused(build, problem):
    """The error has the given value and the allowed types."""
    with pytest.raises(TypeError, match=f"^{re.escape(problem)}$"):
        build()


# Documents as values ----------------------------------------------------------------------


def test_equal_documents():
    """Documents with the same text are equal, with the same hash."""
    assert asking() == asking()
    assert len({asking(), asking()}) == 1
    assert asking() != asking(required=True)
    assert asking() != str(asking())


def test_repr_of_a_document():
    """The repr has the size in bytes, because the limit is 65,535."""
    document = ExternalQuestion("https://example.com/é")

    assert repr(document) == f"<ExternalQuestion of {len(str(document)) + 1} bytes>"


def test_parts_do_not_change():
    with pytest.raises(AttributeError):
        ONE.default = 5


# Names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", questions.__all__)
def test_name_is_there_and_documented(name):
    """Every builder is in mturk_mock.questions and has a docstring."""
    thing = getattr(questions, name)

    assert thing.__name__ == name
    assert thing.__doc__
    assert thing.__module__.startswith("mturk_mock.questions.")


def test_name_that_is_not_there():
    with pytest.raises(
        AttributeError, match=r"^module 'mturk_mock.questions' has no attribute 'Survey'$"
    ):
        questions.Survey  # noqa: B018


def test_documents_are_in_the_package_itself():
    """Document classes are in the package, their parts in mturk_mock.questions."""
    for name in ("AnswerKey", "ExternalQuestion", "HTMLQuestion", "QuestionForm"):
        assert getattr(mturk_mock, name) is getattr(questions, name)
