"""QuestionFormAnswers: the document of a worker's answers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from xml.etree.ElementTree import Element

from mturk_mock.core.json_text import read_json
from mturk_mock.core.quoting import quote, shorten
from mturk_mock.questions.fields.file_upload import Upload
from mturk_mock.questions.xml import documents
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import POSITIVE_INTEGER
from mturk_mock.questions.xml.schema import Schema, children, texts

QUESTION_FORM_ANSWERS: Final = xml.SCHEMAS + "2005-10-01/QuestionFormAnswers.xsd"

#: The identifier of a crowd-form's single answer: all fields, as JSON. [observed]
TASK_ANSWERS: Final = "taskAnswers"

SCHEMA: Final = Schema(
    QUESTION_FORM_ANSWERS,
    "QuestionFormAnswers",
    {
        "QuestionFormAnswers": children("Answer+"),
        "Answer": children(
            "QuestionIdentifier, ((SelectionIdentifier*, OtherSelectionText?) | FreeText | "
            "(UploadedFileSizeInBytes, UploadedFileKey))"
        ),
        **texts("QuestionIdentifier SelectionIdentifier OtherSelectionText FreeText"),
        **texts("UploadedFileSizeInBytes", POSITIVE_INTEGER),
        **texts("UploadedFileKey"),
    },
)


@dataclass(frozen=True)
class Answer:
    """The answer to one question: a text, a file, or selections."""

    identifier: str
    text: str | None = None
    selections: tuple[str, ...] = ()
    other: str | None = None
    upload: Upload | None = None

    def render(self) -> str:
        """Return the XML of the Answer element."""
        size, key = self.upload or (None, None)
        return xml.element(
            "Answer",
            xml.text_elements(QuestionIdentifier=self.identifier, FreeText=self.text),
            *(xml.text_element("SelectionIdentifier", each) for each in self.selections),
            xml.text_elements(
                OtherSelectionText=self.other, UploadedFileSizeInBytes=size, UploadedFileKey=key
            ),
        )


def render_answers(answers: Iterable[Answer]) -> str:
    """Return the document as one line of ASCII, with character references. [observed]"""
    return _render(tuple(answers))


@lru_cache(maxsize=128)
def _render(answers: tuple[Answer, ...]) -> str:
    """Return the document; cached, because workers choose among the same few answers."""
    content = "".join(answer.render() for answer in answers)
    document = (
        '<?xml version="1.0" encoding="ASCII"?>'
        f'<QuestionFormAnswers xmlns="{QUESTION_FORM_ANSWERS}">{content}</QuestionFormAnswers>'
    )
    return document.encode("ascii", "xmlcharrefreplace").decode()


def read_answers(document: str) -> list[Answer]:
    """Return the answers of a worker's document; raise MTurkError if it is invalid.

    The answers need not meet the form's constraints. [doc]
    """
    return list(map(_read_answer, documents.read_document("Answer", document, [SCHEMA])))


def read_rendered_answers(document: str) -> list[Answer]:
    """Return the answers of a document from `render_answers`, which may have none."""
    return list(map(_read_answer, xml.parse_xml(document)))


def _read_answer(element: Element) -> Answer:
    size = xml.child_text(element, "UploadedFileSizeInBytes")
    return Answer(
        xml.child_text(element, "QuestionIdentifier"),
        _text_or_none(element, "FreeText"),
        tuple(choice.text or "" for choice in xml.descendants(element, "SelectionIdentifier")),
        _text_or_none(element, "OtherSelectionText"),
        Upload(size, xml.child_text(element, "UploadedFileKey")) if size else None,
    )


def _text_or_none(element: Element, name: str) -> str | None:
    found = xml.find_descendant(element, name)
    return None if found is None else found.text or ""


_NO_DOCUMENT: Final = "the answer is not a QuestionFormAnswers document"


def parse_answers(answer: str) -> dict[str, Any]:
    """Return a worker's answers as a dict by question.

    The type of a value depends on the answer:

    - text: a str
    - selections: a list of identifiers
    - selections and another text: ``{"selections": [...], "other": "..."}``
    - a file: ``{"key": "...", "size": 1234}``, the size in bytes

    The JSON `taskAnswers` of a crowd-form becomes a dict of its fields. If a question has two
    answers, the last one is returned.

    `answer`: the Answer of an assignment. Raises TypeError unless it is a str, ValueError
    unless it is a QuestionFormAnswers document.
    """
    if not isinstance(answer, str):
        raise TypeError(
            "parse_answers() takes the Answer of an assignment, a QuestionFormAnswers document, "
            f"not {quote(answer)}"
        )
    try:
        root = xml.parse_xml(answer)
    except xml.NotWellFormed as problem:
        raise ValueError(f"{_NO_DOCUMENT}: {problem.problem}, at {problem.place}") from None
    if root.tag != SCHEMA.tag:
        raise ValueError(f"{_NO_DOCUMENT}: its root element is {shorten(root.tag)}")
    values = {each.identifier: _value(each) for each in map(_read_answer, root)}
    return _task_answers(values) if list(values) == [TASK_ANSWERS] else values


def _value(answer: Answer) -> Any:
    if answer.text is not None:
        return answer.text
    if answer.upload is not None:
        return {"key": answer.upload.key, "size": int(answer.upload.size)}
    selections = list(answer.selections)
    return selections if answer.other is None else {"selections": selections, "other": answer.other}


def _task_answers(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a crowd-form's answer; `values` unchanged for other forms."""
    with suppress(TypeError, ValueError):
        match read_json(values[TASK_ANSWERS]):
            case [dict() as fields]:
                return fields
    return values


def write_field_value(name: str, value: Any, hint: str = "") -> str:
    """Return a field's value as text.

    Raises TypeError unless the value is a str, bool or number; its message ends with `hint`.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    raise TypeError(f"field {quote(name)} takes text or a number, not {quote(value)}{hint}")
