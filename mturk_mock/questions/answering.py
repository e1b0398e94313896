"""Answering a page: from its fields, as a dict, to what the requester reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from mturk_mock.questions.answers import TASK_ANSWERS, Answer, from_document, render
from mturk_mock.questions.fields import file_upload, free_text, free_text_examples, selection
from mturk_mock.questions.fields.field_values import as_text
from mturk_mock.questions.fields.file_upload import FileUploadAnswer, Upload
from mturk_mock.questions.fields.free_text import FreeTextAnswer
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.html.page import RESERVED_FIELDS
from mturk_mock.questions.question import Page
from mturk_mock.questions.question_form import Field
from mturk_mock.questions.xml.tree import NOT_XML

#: How a refusal ends, for who means what was refused.
_ALL_THE_SAME: Final = "; check=False submits it all the same"
_MISSING: Final = "must be answered"


class Work(NamedTuple):
    """What was handed in: the answers, and the files that they name, by question."""

    answers: list[Answer]
    files: dict[str, bytes]

    @property
    def document(self) -> str:
        """The QuestionFormAnswers document."""
        return render(self.answers)


def read_work(
    page: Page, answer: Mapping[str, Any] | str, owner_id: str = "", *, check: bool = True
) -> Work:
    """Return what is handed in: a page's fields, or a QuestionFormAnswers document.

    Raises XMLParseError for what is no such document, and what `answer_page` raises.
    """
    if isinstance(answer, str):
        return Work(from_document(answer), {})
    if isinstance(answer, Mapping):
        return answer_page(page, answer, owner_id, check=check)
    raise TypeError(
        "answers are the form's fields as a dict, or a QuestionFormAnswers document, "
        f"not {answer!r}"
    )


def answer_page(page: Page, fields: Mapping[str, Any], owner_id: str, *, check: bool) -> Work:
    """Return what a page sends whose fields are filled in like this.

    `owner_id`: of the assignment, for the keys of its files. `check`: whether the page's own
    rules hold; the service did not guarantee them. [doc]
    Raises TypeError for what no form can send, ValueError for what this one refuses, and for
    what XML cannot carry.
    """
    given = {_name(name): value for name, value in fields.items() if name not in RESERVED_FIELDS}
    if page.fields is not None:
        return _answer_form(page.fields, given, owner_id, check)
    if page.html is not None:
        given = _html_fields(page.html, given, check)
    return Work([Answer(name, _text(name, value)) for name, value in given.items()], {})


def _html_fields(html: str, given: dict[str, Any], check: bool) -> dict[str, Any]:
    """Return the fields that an HTML page posts: a crowd-form has all in one, as JSON."""
    form = read_html_form(html)
    if form.is_crowd_form and TASK_ANSWERS in given:
        return given
    if check:
        try:
            form.check(given)
        except ValueError as problem:
            raise ValueError(f"{problem}{_ALL_THE_SAME}") from None
    return {TASK_ANSWERS: json.dumps([given])} if form.is_crowd_form else given


# QuestionForm -----------------------------------------------------------------------------


def _answer_form(form: Sequence[Field], given: dict[str, Any], owner_id: str, check: bool) -> Work:
    """Answer a form's questions in their order; what it does not ask is sent as text. [assumed]"""
    names = [field.identifier for field in form]
    unknown = [name for name in given if name not in names]
    if unknown and check:
        raise ValueError(
            f"the QuestionForm has no question {unknown[0]!r}; it has "
            f"{', '.join(names)}{_ALL_THE_SAME}"
        )
    given_answers = [_answer_field(field, given.get(field.identifier), owner_id) for field in form]
    for name, each in zip(names, given_answers, strict=True):
        if check and each.refusal:
            raise ValueError(f"question {name!r} {each.refusal}{_ALL_THE_SAME}")
    answers = [each.answer for each in given_answers]
    answers += [Answer(name, _text(name, given[name])) for name in unknown]
    files = {each.answer.identifier: each.file for each in given_answers if each.file is not None}
    return Work(answers, files)


class _Given(NamedTuple):
    """The answer to one question, and why its page refuses it, if it does."""

    answer: Answer
    refusal: str | None
    file: bytes | None = None


def _answer_field(field: Field, value: Any, owner_id: str) -> _Given:
    match field.answer:
        case FreeTextAnswer():
            return _answer_in_words(field, field.answer, value)
        case SelectionAnswer():
            return _answer_by_selecting(field, field.answer, value)
    return _answer_by_file(field, field.answer, value, owner_id)


def _answer_in_words(field: Field, asked: FreeTextAnswer, value: Any) -> _Given:
    """Answer in words; left out, the text is empty."""
    text = _text(field.identifier, "" if value is None else value)
    required = field.required or free_text.requires_text(asked)
    refusal = _MISSING if required and not text else free_text.refusal(asked, text)
    return _Given(Answer(field.identifier, text), refusal)


def _answer_by_selecting(field: Field, asked: SelectionAnswer, value: Any) -> _Given:
    """Answer with a choice, several, or `selections` and `other`; left out, nothing is selected."""
    name = field.identifier
    parts = dict(value) if isinstance(value, Mapping) else {"selections": value}
    if unknown := parts.keys() - {"selections", "other"}:
        raise TypeError(
            f"question {name!r} takes a choice, a list of choices, or a dict of 'selections' and "
            f"'other', not one with {min(map(repr, unknown))}"
        )
    selected = _selections(name, parts.get("selections"))
    other = None if parts.get("other") is None else _text(name, parts["other"])
    missing = field.required and not selected and other is None
    refusal = _MISSING if missing else selection.refusal(asked, selected, other)
    return _Given(Answer(name, selections=selected, other=other), refusal)


def _selections(name: str, value: Any) -> tuple[str, ...]:
    """Return the choices that a value says; those of a set by the alphabet. [assumed]"""
    if value is None:
        return ()
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(_text(name, choice) for choice in value))
    choices = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_text(name, choice) for choice in choices)


def _answer_by_file(field: Field, asked: FileUploadAnswer, content: Any, owner_id: str) -> _Given:
    """Answer with a file's bytes; its key is that of the owner with that of the question.

    [assumed] the key
    """
    name = field.identifier
    if content is None:
        return _Given(Answer(name), _MISSING if field.required else None)
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(f"question {name!r} asks for a file: it takes its bytes, not {content!r}")
    file = bytes(content)
    upload = Upload(str(len(file)), f"{owner_id}/{name}")
    return _Given(Answer(name, upload=upload), file_upload.refusal(asked, file), file)


# Texts ------------------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    return _carried(f"field {name!r}", as_text(name, value))


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"fields have names, and {name!r} is none")
    return _carried("the name of a field", name)


def _carried(what: str, text: str) -> str:
    if bad := NOT_XML.search(text):
        raise ValueError(f"{what} holds {bad.group()!r}, which XML cannot carry")
    return text


# Answering by itself ------------------------------------------------------------------------


def fill(page: Page, random: Random) -> dict[str, Any]:
    """Return valid fields for a page, as `answer_page` takes them.

    Raises ValueError for an ExternalQuestion, whose page is not known, and where a question's
    constraints cannot be met.
    """
    if page.html is not None:
        return read_html_form(page.html).fill(random)
    if page.fields is None:
        raise ValueError(
            f"the page of an ExternalQuestion is not known, here {page.url}: accept the HIT, "
            "and submit the fields that the page would post"
        )
    return {field.identifier: _fill_field(field, random) for field in page.fields}


def _fill_field(field: Field, random: Random) -> Any:
    try:
        match field.answer:
            case FreeTextAnswer():
                return free_text_examples.fill(field.answer, random)
            case SelectionAnswer():
                return selection.fill(field.answer, random)
        return file_upload.fill(field.answer, random)
    except ValueError as problem:
        raise ValueError(f"question {field.identifier!r}: {problem}") from None
