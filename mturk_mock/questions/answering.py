"""Answering of pages: fields become the answers that the requester reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random
from re import Match
from typing import Any, Final, NamedTuple

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.core.spelling import close_to
from mturk_mock.questions import answers
from mturk_mock.questions.answers import TASK_ANSWERS, Answer
from mturk_mock.questions.fields import file_upload, free_text, selection
from mturk_mock.questions.fields.file_upload import is_file
from mturk_mock.questions.fields.free_text import FreeTextAnswer
from mturk_mock.questions.fields.free_text_examples import fill_free_text
from mturk_mock.questions.fields.problem import Problem
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.html.page import RESERVED_FIELDS
from mturk_mock.questions.javascript.budget import Budget, TooManySteps, warn_unchecked
from mturk_mock.questions.question import QuestionPage
from mturk_mock.questions.question_form import Field
from mturk_mock.questions.xml.tree import NOT_XML

#: The end of errors: how to submit the answer anyway.
_ANYWAY: Final = "; pass check=False to submit it anyway"
_MISSING: Final = Problem("must be answered")


class Work(NamedTuple):
    """Submitted work: the answers, and the contents of uploaded files by question."""

    answers: Sequence[Answer]
    files: Mapping[str, bytes]

    @property
    def document(self) -> str:
        """The QuestionFormAnswers document."""
        return answers.render_answers(self.answers)


def read_work(
    page: QuestionPage, answer: Mapping[str, Any] | str, owner_id: str = "", *, check: bool = True
) -> Work:
    """Read a worker's answer: the page's fields, or a QuestionFormAnswers document.

    `owner_id` and `check`: see `answer_page`. Raises XMLParseError for an invalid document,
    ValueError for other texts, TypeError for other types, and the errors of `answer_page`.
    """
    if isinstance(answer, Mapping):
        if page.fields is None and _is_text(answer):
            return _read_texts(page, tuple(answer.items()), check)
        return answer_page(page, answer, owner_id, check=check)
    if isinstance(answer, str) and ("<" in answer or not answer.strip()):
        return Work(answers.read_answers(answer), {})
    wrong = ValueError if isinstance(answer, str) else TypeError
    raise wrong(
        "an answer is a dict of the form's fields or a QuestionFormAnswers document, "
        f"not {quote(answer)}"
    )


def _is_text(fields: Mapping[Any, Any]) -> bool:
    """Return whether all names and values are texts."""
    return all(isinstance(each, str) for item in fields.items() for each in item)


@lru_cache(maxsize=1000)
def _read_texts(page: QuestionPage, fields: tuple[tuple[str, str], ...], check: bool) -> Work:
    """Read the texts of a form; cached, because many workers give the same answers."""
    return answer_page(page, dict(fields), "", check=check)


def answer_page(
    page: QuestionPage, fields: Mapping[str, Any], owner_id: str, *, check: bool
) -> Work:
    """Return the work that a page sends if its fields have these values.

    `owner_id`: the assignment's ID, for the keys of its files. `check`: enforce the page's
    own rules, which the service does not guarantee. [doc]
    Raises TypeError for values that no form can send, ValueError for values that this page
    rejects and for characters that XML does not allow.
    """
    questions = {field.identifier for field in page.fields or ()}
    given = {
        _name(name): value
        for name, value in fields.items()
        if name in questions or name not in RESERVED_FIELDS
    }
    if page.fields is not None:
        return _answer_form(page.fields, given, owner_id, check)
    if page.html is not None:
        given = _html_fields(page.html, given, check)
    return _make_work(_answer_freely(given, owner_id))


def _make_work(answered: Sequence[_FieldAnswer]) -> Work:
    files = {each.answer.identifier: each.file for each in answered if each.file is not None}
    return Work([each.answer for each in answered], files)


def _answer_freely(given: Mapping[str, Any], owner_id: str) -> list[_FieldAnswer]:
    """Answer with texts and, by bytes, with files; an empty file is not sent. [assumed]"""
    return [
        _answer_by_file(name, value, owner_id)
        if is_file(value)
        else _FieldAnswer(Answer(name, _text(name, value)))
        for name, value in given.items()
        if value or not is_file(value)
    ]


def _html_fields(html: str, given: dict[str, Any], check: bool) -> dict[str, Any]:
    """Return the fields that an HTML page posts; a crowd-form posts one, all fields as JSON.

    Omitted text fields are sent as a browser sends them [doc]; if `check` is False, the fields
    are sent as given, and files beside the JSON. [assumed]
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
    if not form.is_crowd_form:
        return sent
    files = {name: value for name, value in sent.items() if is_file(value)}
    texts = {name: value for name, value in sent.items() if name not in files}
    return {TASK_ANSWERS: form.write_task_answers(texts), **files}


# QuestionForm -----------------------------------------------------------------------------


def _answer_form(form: Sequence[Field], given: dict[str, Any], owner_id: str, check: bool) -> Work:
    """Answer a form's questions in order; unknown fields are sent as text. [assumed]"""
    names = dict.fromkeys(field.identifier for field in form)
    unknown = [name for name in given if name not in names]
    if unknown and check:
        raise ValueError(
            f"the QuestionForm has no question {quote(unknown[0])}{close_to(unknown[0], names)}; "
            f"it has {list_names(names)}{_ANYWAY}"
        )
    answered = _answer_fields(form, given, owner_id)
    if check:
        for name, problem in _find_problems(form, answered):
            raise ValueError(f"question {quote(name)} {problem.reason}{_ANYWAY}")
    others = _answer_freely({name: given[name] for name in unknown}, owner_id)
    return _make_work([*answered, *others])


class _FieldAnswer(NamedTuple):
    """The answer to one question, and the content of its file."""

    answer: Answer
    file: bytes | None = None


def _answer_fields(
    form: Sequence[Field], given: Mapping[str, Any], owner_id: str
) -> list[_FieldAnswer]:
    return [_answer_field(field, given.get(field.identifier), owner_id) for field in form]


def _answer_field(field: Field, value: Any, owner_id: str) -> _FieldAnswer:
    match field.answer:
        case FreeTextAnswer(default_text=default):  # sent if the field is omitted [doc]
            text = _text(field.identifier, default or "" if value is None else value)
            return _FieldAnswer(Answer(field.identifier, text))
        case SelectionAnswer():
            return _FieldAnswer(_answer_by_selecting(field.identifier, value))
    return _answer_by_file(field.identifier, value, owner_id)


def _answer_by_selecting(name: str, value: Any) -> Answer:
    """Answer with one choice, several, or `selections` and `other`; with none for None."""
    parts = dict(value) if isinstance(value, Mapping) else {"selections": value}
    if unknown := parts.keys() - {"selections", "other"}:
        raise TypeError(
            f"question {quote(name)} takes a choice, a list of choices, or a dict of 'selections' "
            f"and 'other', not a dict with {min(map(quote, unknown))}"
        )
    selected = _selections(name, parts.get("selections"))
    other = None if parts.get("other") is None else _text(name, parts["other"])
    return Answer(name, selections=selected, other=other)


def _selections(name: str, value: Any) -> tuple[str, ...]:
    """Return the choices in a value; those of a set are sorted. [assumed]"""
    if value is None:
        return ()
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(_text(name, choice) for choice in value))
    choices = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_text(name, choice) for choice in choices)


def _answer_by_file(name: str, content: Any, owner_id: str) -> _FieldAnswer:
    """Answer with a file's bytes. Its key has the owner's ID and the question's. [assumed]"""
    if content is None:
        return _FieldAnswer(Answer(name))
    if not is_file(content):
        raise TypeError(f"question {quote(name)} takes the bytes of a file, not {quote(content)}")
    file = bytes(content)
    upload = file_upload.Upload(str(len(file)), f"{owner_id}/{name}")
    return _FieldAnswer(Answer(name, upload=upload), file)


def find_problems(form: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Problem]:
    """Return the problem of each answer that the page of a QuestionForm rejects, by question.

    `given`: as for `answer_page`; other names than the form's are ignored. Raises TypeError and
    ValueError for values that no form can send.
    """
    return dict(_find_problems(form, _answer_fields(form, given, "")))


def _find_problems(
    form: Sequence[Field], answered: Sequence[_FieldAnswer]
) -> Iterator[tuple[str, Problem]]:
    """Yield the questions whose answers the page rejects, in order.

    Accepts an answer, with a warning, if its formats take too long to check.
    """
    budget = Budget()
    for field, each in zip(form, answered, strict=True):
        try:
            problem = _find_field_problem(field, each, budget)
        except TooManySteps as limit:
            warn_unchecked(limit)
            continue
        if problem is not None:
            yield field.identifier, problem


def _find_field_problem(field: Field, given: _FieldAnswer, budget: Budget) -> Problem | None:
    """Return why the page rejects an answer; None if the page accepts it. Raises TooManySteps."""
    answer = given.answer
    match asked := field.answer:
        case FreeTextAnswer():
            text = answer.text or ""
            missing = not text and (field.required or free_text.requires_text(asked))
            return _MISSING if missing else free_text.find_free_text_problem(asked, text, budget)
        case SelectionAnswer():
            missing = field.required and not answer.selections and answer.other is None
            if missing:
                return _MISSING
            return selection.find_selection_problem(asked, answer.selections, answer.other, budget)
    if given.file is None:
        return _MISSING if field.required else None
    return file_upload.find_file_problem(asked, given.file)


# Texts ------------------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    text = answers.write_field_value(name, value)
    if bad := NOT_XML.search(text):
        raise _not_xml(f"field {quote(name)}", bad)
    return text


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the name of a field is a str, not {quote(name)}")
    if bad := NOT_XML.search(name):
        raise _not_xml("the name of a field", bad)
    return name


def _not_xml(what: str, bad: Match[str]) -> ValueError:
    return ValueError(f"{what} contains {quote(bad.group())}, which XML does not allow")


# Valid values -----------------------------------------------------------------------------


def fill_page(page: QuestionPage, random: Random, budget: Budget | None = None) -> dict[str, Any]:
    """Return valid values of a page's fields, for `answer_page`.

    Raises ValueError for an ExternalQuestion, because its page is unknown; if a question's
    constraints cannot be met; and if regular expressions exceed the budget, by default a new
    one.
    """
    budget = budget or Budget()
    if page.html is not None:
        return read_html_form(page.html).fill(random, budget)
    if page.fields is None:
        raise ValueError(
            f"the mock does not know the page of an ExternalQuestion, here {page.url}: accept "
            "the HIT, and submit the fields that the page would post"
        )
    return {field.identifier: _fill_field(field, random, budget) for field in page.fields}


def _fill_field(field: Field, random: Random, budget: Budget) -> Any:
    try:
        match field.answer:
            case FreeTextAnswer():
                return fill_free_text(field.answer, random, budget)
            case SelectionAnswer():
                return selection.fill_selection(field.answer, random, budget)
        return file_upload.fill_file_upload(field.answer, random)
    except ValueError as problem:
        raise ValueError(f"question {quote(field.identifier)}: {problem}") from None
