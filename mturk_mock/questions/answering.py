"""Answers a page: converts its fields to the answers that the requester reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from mturk_mock.questions.answers import (
    TASK_ANSWERS,
    Answer,
    read_answers,
    render_answers,
    write_field_value,
)
from mturk_mock.questions.fields.file_upload import (
    FileUploadAnswer,
    Upload,
    fill_file_upload,
    find_file_error,
)
from mturk_mock.questions.fields.free_text import (
    FreeTextAnswer,
    find_free_text_error,
    requires_text,
)
from mturk_mock.questions.fields.free_text_examples import fill_free_text
from mturk_mock.questions.fields.selection import (
    SelectionAnswer,
    fill_selection,
    find_selection_error,
)
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.html.page import RESERVED_FIELDS
from mturk_mock.questions.question import QuestionPage
from mturk_mock.questions.question_form import Field
from mturk_mock.questions.xml.tree import NOT_XML

#: Appended to errors: how to submit the answer anyway.
_ANYWAY: Final = "; check=False submits it all the same"
_MISSING: Final = "must be answered"


class Work(NamedTuple):
    """Submitted work: the answers, and the contents of uploaded files by question."""

    answers: list[Answer]
    files: dict[str, bytes]

    @property
    def document(self) -> str:
        """The QuestionFormAnswers document."""
        return render_answers(self.answers)


def read_work(
    page: QuestionPage, answer: Mapping[str, Any] | str, owner_id: str = "", *, check: bool = True
) -> Work:
    """Read a worker's answer: the page's fields, or a QuestionFormAnswers document.

    Raises XMLParseError for an invalid document, and the errors of `answer_page`.
    """
    if isinstance(answer, str):
        return Work(read_answers(answer), {})
    if isinstance(answer, Mapping):
        return answer_page(page, answer, owner_id, check=check)
    raise TypeError(
        "answers are the form's fields as a dict, or a QuestionFormAnswers document, "
        f"not {answer!r}"
    )


def answer_page(
    page: QuestionPage, fields: Mapping[str, Any], owner_id: str, *, check: bool
) -> Work:
    """Return the work that a page sends if its fields have these values.

    `owner_id`: the assignment's ID, for the keys of its files. `check`: enforce the page's
    own rules, which the service did not guarantee. [doc]
    Raises TypeError for values that no form can send, ValueError for values that this page
    rejects, and for characters that XML does not allow.
    """
    given = {_name(name): value for name, value in fields.items() if name not in RESERVED_FIELDS}
    if page.fields is not None:
        return _answer_form(page.fields, given, owner_id, check)
    if page.html is not None:
        given = _html_fields(page.html, given, check)
    return Work([Answer(name, _text(name, value)) for name, value in given.items()], {})


def _html_fields(html: str, given: dict[str, Any], check: bool) -> dict[str, Any]:
    """Return the fields that an HTML page posts; a crowd-form posts one, with all as JSON.

    Text fields that are left out are sent as a browser sends them [doc], unless `check` is
    False: then the fields are sent as they are given. [assumed]
    """
    form = read_html_form(html)
    if check:
        try:
            form.check(given)
        except ValueError as problem:
            raise ValueError(f"{problem}{_ANYWAY}") from None
    if form.is_crowd_form and TASK_ANSWERS in given:
        return given
    sent = form.complete(given) if check else given
    return {TASK_ANSWERS: form.write_task_answers(sent)} if form.is_crowd_form else sent


# QuestionForm -----------------------------------------------------------------------------


def _answer_form(form: Sequence[Field], given: dict[str, Any], owner_id: str, check: bool) -> Work:
    """Answer a form's questions in order; unknown fields are sent as text. [assumed]"""
    names = [field.identifier for field in form]
    unknown = [name for name in given if name not in names]
    if unknown and check:
        raise ValueError(
            f"the QuestionForm has no question {unknown[0]!r}; it has {', '.join(names)}{_ANYWAY}"
        )
    answered = [_answer_field(field, given.get(field.identifier), owner_id) for field in form]
    for name, each in zip(names, answered, strict=True):
        if check and each.error:
            raise ValueError(f"question {name!r} {each.error}{_ANYWAY}")
    answers = [each.answer for each in answered]
    answers += [Answer(name, _text(name, given[name])) for name in unknown]
    files = {each.answer.identifier: each.file for each in answered if each.file is not None}
    return Work(answers, files)


class _FieldAnswer(NamedTuple):
    """The answer to one question, and why the page rejects it; None if it does not."""

    answer: Answer
    error: str | None
    file: bytes | None = None


def _answer_field(field: Field, value: Any, owner_id: str) -> _FieldAnswer:
    match field.answer:
        case FreeTextAnswer():
            return _answer_in_words(field, field.answer, value)
        case SelectionAnswer():
            return _answer_by_selecting(field, field.answer, value)
    return _answer_by_file(field, field.answer, value, owner_id)


def _answer_in_words(field: Field, asked: FreeTextAnswer, value: Any) -> _FieldAnswer:
    """Answer with a text: the DefaultText, which can be empty, if the field is omitted. [doc]"""
    text = _text(field.identifier, asked.default_text or "" if value is None else value)
    required = field.required or requires_text(asked)
    error = _MISSING if required and not text else find_free_text_error(asked, text)
    return _FieldAnswer(Answer(field.identifier, text), error)


def _answer_by_selecting(field: Field, asked: SelectionAnswer, value: Any) -> _FieldAnswer:
    """Answer with a choice, several, or `selections` and `other`; omitted, with no choice."""
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
    error = _MISSING if missing else find_selection_error(asked, selected, other)
    return _FieldAnswer(Answer(name, selections=selected, other=other), error)


def _selections(name: str, value: Any) -> tuple[str, ...]:
    """Return a value's choices; those of a set are sorted. [assumed]"""
    if value is None:
        return ()
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(_text(name, choice) for choice in value))
    choices = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_text(name, choice) for choice in choices)


def _answer_by_file(
    field: Field, asked: FileUploadAnswer, content: Any, owner_id: str
) -> _FieldAnswer:
    """Answer with a file's bytes. Its key is the owner's ID and the question's. [assumed]"""
    name = field.identifier
    if content is None:
        return _FieldAnswer(Answer(name), _MISSING if field.required else None)
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(f"question {name!r} asks for a file: it takes its bytes, not {content!r}")
    file = bytes(content)
    upload = Upload(str(len(file)), f"{owner_id}/{name}")
    return _FieldAnswer(Answer(name, upload=upload), find_file_error(asked, file), file)


# Texts ------------------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    return _require_xml(f"field {name!r}", write_field_value(name, value))


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"fields have names, and {name!r} is none")
    return _require_xml("the name of a field", name)


def _require_xml(what: str, text: str) -> str:
    if bad := NOT_XML.search(text):
        raise ValueError(f"{what} holds {bad.group()!r}, which XML cannot carry")
    return text


# Valid values -----------------------------------------------------------------------------


def fill_page(page: QuestionPage, random: Random) -> dict[str, Any]:
    """Return valid values of a page's fields, for `answer_page`.

    Raises ValueError for an ExternalQuestion, whose page is unknown, and if a question's
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
                return fill_free_text(field.answer, random)
            case SelectionAnswer():
                return fill_selection(field.answer, random)
        return fill_file_upload(field.answer, random)
    except ValueError as problem:
        raise ValueError(f"question {field.identifier!r}: {problem}") from None
