"""QuestionForms answered by a dict: the document that is sent, and refused answers."""

from __future__ import annotations

import re

import pytest

from mturk_mock.questions import (
    AnswerFormatRegex,
    FileUploadAnswer,
    FreeTextAnswer,
    IsNumeric,
    Length,
    Question,
    QuestionForm,
    SelectionAnswer,
)
from tests.helpers import NOW, accepted, answers, free_text

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

#: How each refusal ends.
ANYWAY = "; pass check=False to submit it anyway"
COLOURS = ("red", "green", "blue")


def asking(answer, **more):
    """Return a QuestionForm with one question, q."""
    return str(QuestionForm(Question("q", "?", answer, **more)))


def chosen(*choices, other=None):
    """Return the content of the Answer to q with selections."""
    selections = "".join(f"<SelectionIdentifier>{each}</SelectionIdentifier>" for each in choices)
    text = "" if other is None else f"<OtherSelectionText>{other}</OtherSelectionText>"
    return f"<QuestionIdentifier>q</QuestionIdentifier>{selections}{text}"


@pytest.fixture
def take(mturk, mturk_client):
    """Return a function that accepts a HIT with a form."""
    return lambda form: accepted(mturk_client, mturk.worker(), Question=form)


@pytest.fixture
def told(take):
    """Return a function that tells why an answer to q is refused; the work stays open."""

    def call(form, value):
        assignment = take(form)
        with pytest.raises(ValueError, match=re.escape(ANYWAY) + "$") as refusal:
            assignment.submit({"q": value})
        assert assignment.status == "Accepted"
        return str(refusal.value).removesuffix(ANYWAY)

    return call


# Texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "value", "problem"),
    [
        (FreeTextAnswer(IsNumeric()), "1e3", "takes a number, not '1e3'"),
        (FreeTextAnswer(IsNumeric(1, 9)), 10, "takes a whole number from 1 to 9, not '10'"),
        (FreeTextAnswer(IsNumeric(1)), 0, "takes a whole number of at least 1, not '0'"),
        (
            FreeTextAnswer(IsNumeric(max_value=9)),
            9.5,
            "takes a whole number of at most 9, not '9.5'",
        ),
        (FreeTextAnswer(length=Length(2, 3)), "a", "takes 2 to 3 characters, not 1"),
        (FreeTextAnswer(length=Length(2)), "a", "takes at least 2 characters, not 1"),
        (FreeTextAnswer(length=Length(max_length=1)), "ab", "takes at most 1 character, not 2"),
        (
            FreeTextAnswer(formats=(AnswerFormatRegex("^[a-z]+$"),)),
            "A",
            "takes a text that matches '^[a-z]+$', not 'A': Invalid input supplied.",
        ),
        (
            FreeTextAnswer(formats=(AnswerFormatRegex("a"), AnswerFormatRegex("b", "Write a b"))),
            "a",
            "takes a text that matches 'b', not 'a': Write a b",
        ),
    ],
)
def test_text_that_does_not_keep_to_its_constraints(told, answer, value, problem):
    """All constraints must hold. [doc]"""
    assert told(asking(answer), value) == f"question 'q' {problem}"


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (FreeTextAnswer(), ""),
        (FreeTextAnswer(IsNumeric()), -1.5),
        (FreeTextAnswer(IsNumeric(1, 9)), 9),
        (FreeTextAnswer(length=Length(1, 2)), "  "),
        (FreeTextAnswer(formats=(AnswerFormatRegex("B", flags="i"),)), "abc"),
        (FreeTextAnswer(IsNumeric(1, 9), Length(max_length=2)), ""),
    ],
)
def test_text_that_keeps_to_its_constraints(take, answer, value):
    """Texts within the constraints, and empty optional answers, are accepted.

    [assumed] empty ones are not checked
    """
    assert take(asking(answer)).submit({"q": value}).answer == answers(free_text("q", str(value)))


@pytest.mark.parametrize(
    "form",
    [
        asking(FreeTextAnswer(), required=True),
        asking(FreeTextAnswer(length=Length(1))),
    ],
    ids=["IsRequired", "minLength"],
)
@pytest.mark.parametrize("value", ["", None])
def test_text_that_is_required(told, form, value):
    """IsRequired and minLength both make a text required. [doc]"""
    assert told(form, value) == "question 'q' must be answered"


def test_text_of_length_0_is_not_required(take):
    """minLength="0" does not make a text required. [assumed]"""
    form = asking(FreeTextAnswer(length=Length(0, 5)))

    assert take(form).submit({}).answer == answers(free_text("q", ""))


# Selections -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "selected"),
    [
        ("red", ("red",)),
        (["blue", "red"], ("blue", "red")),
        (("green",), ("green",)),
        ({"red", "green", "blue"}, ("blue", "green", "red")),
        (frozenset({"red"}), ("red",)),
        ({"selections": ["red"]}, ("red",)),
        ({"selections": "red", "other": None}, ("red",)),
        ({}, ()),
        ([], ()),
        (None, ()),
    ],
)
def test_selections(take, value, selected):
    """A choice, or a collection, in its own order; a set is sorted. [assumed]"""
    form = asking(SelectionAnswer(COLOURS, 0, 3))

    assert take(form).submit({"q": value}).answer == answers(chosen(*selected))


def test_selections_by_number(take):
    """Identifiers are texts, and numbers are converted."""
    form = asking(SelectionAnswer(["1", "2", "true"], most=3))

    assert take(form).submit({"q": [1, 2, True]}).answer == answers(chosen("1", "2", "true"))


OTHER = FreeTextAnswer(length=Length(max_length=5))


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ({"other": "mauve"}, chosen(other="mauve")),
        ({"selections": "red", "other": "mauve"}, chosen("red", other="mauve")),
        ({"selections": (), "other": 5}, chosen(other="5")),
    ],
)
def test_other_text(take, value, content):
    """The text of OtherSelection is sent beside the selections or alone. [doc]"""
    form = asking(SelectionAnswer(COLOURS, most=2, other=OTHER), required=True)

    assert take(form).submit({"q": value}).answer == answers(content)


SEVERAL = SelectionAnswer(COLOURS, 2, 3)
TWO = SelectionAnswer(COLOURS, 2, 2)
WITH_OTHER = SelectionAnswer(COLOURS, other=OTHER)


@pytest.mark.parametrize(
    ("answer", "value", "problem"),
    [
        (SEVERAL, "pink", "has no choice 'pink'; it has red, green, blue"),
        (SEVERAL, ["red", "red"], "takes each choice only once, not red, red"),
        (SEVERAL, "red", "takes 2 to 3 selections, not 1"),
        (TWO, COLOURS, "takes 2 selections, not 3"),
        (SelectionAnswer(COLOURS), ["red", "blue"], "takes 1 selection, not 2"),
        (SelectionAnswer(COLOURS), {"other": "mauve"}, "offers no other text"),
        (WITH_OTHER, {"selections": "red", "other": "mauve"}, "takes 1 selection, not 2"),
        (
            WITH_OTHER,
            {"other": "purple"},
            "has a field for another text, which takes at most 5 characters, not 6",
        ),
    ],
)
def test_selections_that_the_page_refuses(told, answer, value, problem):
    """The counts must hold [doc]; the other text counts as a selection. [assumed]"""
    assert told(asking(answer), value) == f"question 'q' {problem}"


@pytest.mark.parametrize("value", [None, [], {}, {"selections": [], "other": None}])
def test_selection_that_is_required(told, value):
    """A required question needs a selection. [doc]"""
    form = asking(SelectionAnswer(COLOURS, 0), required=True)

    assert told(form, value) == "question 'q' must be answered"


def test_nothing_is_selected_where_nothing_is_required(take):
    """MinSelectionCount does not apply if nothing is selected. [assumed]"""
    assert take(asking(SEVERAL)).submit({"q": []}).answer == answers(chosen())


# Files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "said"), [(1, "1"), (11, "11")])
def test_file_of_another_size(told, size, said):
    """The size of a file must be within its limits. [doc] the limits"""
    problem = f"question 'q' takes a file of 2 to 10 bytes, not of {said}"

    assert told(asking(FileUploadAnswer(2, 10)), bytes(size)) == problem


def test_file_that_is_required(told):
    """A required question needs a file. [doc]"""
    form = asking(FileUploadAnswer(2, 10), required=True)

    assert told(form, None) == "question 'q' must be answered"


# Any field --------------------------------------------------------------------------------


def test_question_that_is_not_asked(take):
    """A misspelt question raises an error that lists the questions of the form."""
    form = QuestionForm(
        Question("one", "?", FreeTextAnswer()), Question("two", "?", FreeTextAnswer())
    )
    assignment = take(str(form))

    problem = "the QuestionForm has no question 'three'; it has one, two" + ANYWAY
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        assignment.submit({"one": "1", "three": "3", "four": "4"})

    assert assignment.status == "Accepted"


def test_first_question_that_is_refused_is_told(take):
    """The first problem in the form's order is reported."""
    numeric = FreeTextAnswer(IsNumeric())
    form = QuestionForm(Question("one", "?", numeric), Question("two", "?", numeric))

    with pytest.raises(
        ValueError, match=r"^question 'one' takes a number, not 'a'; pass check=False"
    ):
        take(str(form)).submit({"two": "b", "one": "a"})


@pytest.mark.parametrize(
    ("answer", "value", "problem"),
    [
        (FreeTextAnswer(), ["a"], "field 'q' takes text or a number, not ['a']"),
        (FreeTextAnswer(), b"a", "field 'q' takes text or a number, not b'a'"),
        (SEVERAL, [None], "field 'q' takes text or a number, not None"),
        (WITH_OTHER, {"other": ["a"]}, "field 'q' takes text or a number, not ['a']"),
        (
            WITH_OTHER,
            {"other": "a", "selected": "b", "choices": "c"},
            "question 'q' takes a choice, a list of choices, or a dict of 'selections' and "
            "'other', not a dict with 'choices'",
        ),
        (
            FileUploadAnswer(2, 10),
            "cat.png",
            "question 'q' takes the bytes of a file, not 'cat.png'",
        ),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_value_that_no_form_can_send(take, answer, value, problem, check):
    """Values of wrong types raise TypeError, with check=False too."""
    assignment = take(asking(answer))

    with pytest.raises(TypeError, match=f"^{re.escape(problem)}$"):
        assignment.submit({"q": value}, check=check)

    assert assignment.status == "Accepted"


@pytest.mark.parametrize(
    "value", ["a\x00", ["a\x00"], {"other": "a\x00"}], ids=["choice", "list", "other"]
)
def test_what_xml_cannot_carry(take, value):
    with pytest.raises(ValueError, match=r"^field 'q' contains '\\x00', which XML does not allow$"):
        take(asking(WITH_OTHER)).submit({"q": value}, check=False)


# Unchecked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "value", "content"),
    [
        (asking(FreeTextAnswer(IsNumeric(1, 9))), "ten", free_text("q", "ten")),
        (asking(FreeTextAnswer(), required=True), None, free_text("q", "")),
        (asking(SEVERAL), "red", chosen("red")),
        (asking(SEVERAL), ["pink", "pink"], chosen("pink", "pink")),
        (asking(SelectionAnswer(COLOURS), required=True), None, chosen()),
        (asking(SelectionAnswer(COLOURS)), {"other": "mauve"}, chosen(other="mauve")),
        (asking(FileUploadAnswer(2, 10), required=True), None, chosen()),
    ],
)
def test_unchecked(take, form, value, content):
    """With check=False answers need not meet the constraints. [doc]"""
    assert take(form).submit({"q": value}, check=False).answer == answers(content)


def test_unchecked_file(take, mturk_client):
    """With check=False a file of any size is kept."""
    assignment = take(asking(FileUploadAnswer(2, 10))).submit({"q": b"1"}, check=False)

    assert assignment.answer == answers(
        "<QuestionIdentifier>q</QuestionIdentifier>"
        "<UploadedFileSizeInBytes>1</UploadedFileSizeInBytes>"
        f"<UploadedFileKey>{assignment.id}/q</UploadedFileKey>"
    )
    assert mturk_client.get_file_upload_url(AssignmentId=assignment.id, QuestionIdentifier="q")[
        "FileUploadURL"
    ]


def test_unchecked_question_that_is_not_asked(take):
    """With check=False unknown fields are sent as text, after those of the form. [assumed]"""
    assignment = take(asking(FreeTextAnswer()))

    assignment.submit({"b": 2, "a": "1", "q": "x"}, check=False)

    assert assignment.answer == answers(
        free_text("q", "x"), free_text("b", "2"), free_text("a", "1")
    )


@pytest.mark.parametrize("name", ["assignmentId", "hitId", "workerId", "turkSubmitTo"])
def test_question_with_the_name_of_a_reserved_field(take, name):
    """A question can be named like a field that pages of HTML must not use."""
    form = str(QuestionForm(Question(name, "?", FreeTextAnswer(), required=True)))
    assert take(form).submit({name: "x"}).answer == answers(free_text(name, "x"))


def test_unchecked_reserved_fields_are_no_answers(take):
    """Reserved fields such as assignmentId are not sent as answers. [doc]"""
    assignment = take(asking(FreeTextAnswer())).submit({"assignmentId": "x"}, check=False)

    assert assignment.answer == answers(free_text("q", ""))


# Tests of qualification types -------------------------------------------------------------


@pytest.fixture
def examined(mturk_client):
    """Return the ID of a qualification type whose test is one question."""

    def call(answer):
        return mturk_client.create_qualification_type(
            Name="n",
            Description="d",
            QualificationTypeStatus="Active",
            Test=asking(answer),
            TestDurationInSeconds=60,
        )["QualificationType"]["QualificationTypeId"]

    return call


def test_test_is_checked_like_a_hit(mturk, examined):
    """Answers to a qualification test are checked like those to a QuestionForm. [doc]"""
    worker = mturk.worker()
    request = worker.request_qualification(examined(FreeTextAnswer(IsNumeric())))

    with pytest.raises(
        ValueError, match=r"^question 'q' takes a number, not 'a'; pass check=False"
    ):
        request.submit({"q": "a"})

    assert request.status == "Open"
    assert request.submit({"q": "a"}, check=False).answer == answers(free_text("q", "a"))


def test_test_that_is_answered_at_once_is_checked(mturk, examined):
    """If the answers are refused, nothing is requested."""
    type_id, worker = examined(FreeTextAnswer(IsNumeric())), mturk.worker()

    with pytest.raises(
        ValueError, match=r"^question 'q' takes a number, not 'a'; pass check=False"
    ):
        worker.request_qualification(type_id, {"q": "a"})

    request = worker.request_qualification(type_id, {"q": "a"}, check=False)
    assert request.answer == answers(free_text("q", "a"))
