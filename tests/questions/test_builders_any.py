"""Builders: any document they build is valid and can be read back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mturk_mock.questions import (
    AnswerFormatRegex,
    AnswerKey,
    Binary,
    EmbeddedBinary,
    FileUploadAnswer,
    Flash,
    FormattedContent,
    FreeTextAnswer,
    HTMLQuestion,
    IsNumeric,
    JavaApplet,
    KeyQuestion,
    Length,
    List,
    Overview,
    PercentageMapping,
    Question,
    QuestionForm,
    RangeMapping,
    ScaleMapping,
    SelectionAnswer,
    Text,
    Title,
    answer_key,
)
from mturk_mock.questions.question import read_question
from mturk_mock.questions.question_form import Field
from mturk_mock.questions.xml.tree import NOT_XML

texts = st.text(max_size=8).map(lambda text: NOT_XML.sub("?", text)) | st.sampled_from(
    ["", " ", "\r\n\t", "<&>\"'", "]]>", "é😀", "<Application>"]
)
optional_texts = st.none() | texts
urls = st.sampled_from(["https://example.com/?a=1&b=2", "http://x", "https://é"])
marked_up = st.builds(
    FormattedContent, st.sampled_from(["", "a", "<b>x</b>&nbsp;", "<p>1</p>\n<ul><li/></ul>"])
)
ints = st.integers(-(2**31), 2**31 - 1)
parameters = st.dictionaries(texts, texts, max_size=2)
binaries = st.builds(
    Binary, urls, texts, st.sampled_from(["image", "audio", "video"]), optional_texts
)
parts = st.one_of(
    texts,
    st.builds(Title, texts),
    st.builds(Text, texts),
    st.builds(List, st.lists(texts, min_size=1, max_size=3)),
    marked_up,
    binaries,
    st.builds(EmbeddedBinary, urls, texts, texts, texts, texts, texts, parameters),
    st.builds(Flash, urls, texts, texts, parameters),
    st.builds(JavaApplet, urls, texts, texts, texts, parameters),
)
contents = parts | st.lists(parts, min_size=1, max_size=3)
free_texts = st.builds(
    FreeTextAnswer,
    st.none() | st.builds(IsNumeric, st.none() | ints, st.none() | ints),
    st.none()
    | st.builds(Length, st.none() | st.integers(0, 10**6), st.none() | st.integers(1, 10**6)),
    st.lists(st.builds(AnswerFormatRegex, texts, optional_texts, optional_texts), max_size=2).map(
        tuple
    ),
    optional_texts,
    st.none() | st.integers(1, 10**6),
)


@st.composite
def selections(draw):
    """Return a SelectionAnswer with valid counts."""
    choices = draw(
        st.dictionaries(texts, texts | marked_up | binaries, min_size=1, max_size=4)
        | st.lists(texts, min_size=1, max_size=4, unique=True)
    )
    other = draw(st.none() | free_texts)
    most = draw(st.integers(1, len(choices) + (other is not None)))
    style = draw(st.none() | st.sampled_from(["radiobutton", "checkbox", "combobox"]))
    return SelectionAnswer(choices, draw(st.integers(0, most)), most, style, other)


sizes = st.integers(1, 2_000_000_000)
asked = st.builds(
    Question,
    texts,
    contents,
    free_texts | selections() | st.builds(FileUploadAnswer, sizes, sizes),
    st.booleans(),
    optional_texts,
)
forms = st.lists(asked, min_size=1, max_size=3, unique_by=lambda each: each.identifier)


def as_read(answer):
    """Return an answer with the defaults of values that the form leaves out. [doc]"""
    match answer:
        case FreeTextAnswer():
            return replace(answer, default_text=answer.default_text or "", lines=answer.lines or 1)
        case SelectionAnswer(choices, other=other):
            if isinstance(choices, list):
                choices = dict(zip(choices, choices, strict=True))
            texts = {name: shown_text(shown) for name, shown in choices.items()}
            return replace(answer, choices=texts, other=other and as_read(other))
    return answer


def shown_text(shown):
    match shown:
        case FormattedContent(xhtml):
            return xhtml
        case Binary():
            return ""
    return shown


fast = settings(derandomize=True, database=None, deadline=None)


@fast
@given(forms, st.lists(st.builds(Overview, contents), max_size=2))
def test_any_form_is_valid_and_read_back(given_questions, overviews):
    """Any form is valid, and equal to its parts when read back."""
    form = QuestionForm(*overviews, *given_questions)

    assert read_question(str(form)).fields == tuple(
        Field(question.identifier, question.required, as_read(question.answer))
        for question in given_questions
    )


@fast
@given(st.text(max_size=20).map(lambda text: NOT_XML.sub("?", text).replace("\r", "")))
def test_any_page_is_read_back(text):
    """Pages are unchanged except for carriage returns, which XML reads as line feeds."""
    page = f"<!DOCTYPE html>\n{text.replace('<', '&lt;')}]]>"

    assert read_question(str(HTMLQuestion(page))).html == page


chosen = st.frozensets(texts, min_size=1, max_size=3)
graded = st.builds(KeyQuestion, texts, st.dictionaries(chosen, ints, min_size=1, max_size=3), ints)
mappings = st.one_of(
    st.none(),
    st.builds(PercentageMapping, ints.filter(bool)),
    st.builds(ScaleMapping, st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(RangeMapping, st.lists(st.tuples(ints, ints, ints), min_size=1, max_size=3), ints),
)


@fast
@given(st.lists(graded, min_size=1, max_size=3), mappings)
def test_any_key_is_valid_and_read_back(given_questions, mapping):
    """Any key is valid, and equal to its parts when read back."""
    key = AnswerKey(*given_questions, mapping=mapping)

    assert answer_key.read_answer_key(str(key)) == answer_key.Key(tuple(given_questions), mapping)
