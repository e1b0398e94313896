"""QuestionFormAnswers: what a worker's answers look like when the requester reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from mturk_mock.questions import xml
from mturk_mock.questions.question import Field, Question
from mturk_mock.questions.uploads import Upload

QUESTION_FORM_ANSWERS: Final = xml.SCHEMAS + "2005-10-01/QuestionFormAnswers.xsd"

#: Fields of the worker's form that say where it belongs, and are no answers. [doc]
RESERVED_FIELDS: Final = frozenset({"assignmentId", "hitId", "turkSubmitTo", "workerId"})

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Answer:
    """The answer to one question: a text, a file, or what was selected."""

    identifier: str
    text: str | None = None
    selections: tuple[str, ...] = ()
    other: str | None = None
    upload: Upload | None = None

    def render(self) -> str:
        """Return the Answer element."""
        return _element(
            "Answer", _element("QuestionIdentifier", escape(self.identifier)), *self._content()
        )

    def _content(self) -> Iterable[str]:
        if self.text is not None:
            yield _element("FreeText", escape(self.text))
        for selection in self.selections:
            yield _element("SelectionIdentifier", escape(selection))
        if self.other is not None:
            yield _element("OtherSelectionText", escape(self.other))
        if self.upload is not None:
            yield _element("UploadedFileSizeInBytes", escape(self.upload.size))
            yield _element("UploadedFileKey", escape(self.upload.key))


def render(answers: Iterable[Answer]) -> str:
    """Return the document on one line, in ASCII, other letters as references. [observed]"""
    content = "".join(answer.render() for answer in answers).replace("\r", "&#13;")
    document = (
        '<?xml version="1.0" encoding="ASCII"?>'
        f'<QuestionFormAnswers xmlns="{QUESTION_FORM_ANSWERS}">{content}</QuestionFormAnswers>'
    )
    return document.encode("ascii", "xmlcharrefreplace").decode()


def _element(name: str, *content: str) -> str:
    inner = "".join(content)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def from_document(text: str) -> list[Answer]:
    """Return the answers of a QuestionFormAnswers document; MTurkError if it is none."""
    root = xml.parse("Answer", text)
    if xml.split_tag(root) != (QUESTION_FORM_ANSWERS, "QuestionFormAnswers"):
        raise xml.unknown_root(root)
    return [_read_answer(element) for element in root]


def _read_answer(element: Element) -> Answer:
    prefix = f"{{{QUESTION_FORM_ANSWERS}}}"
    identifier = element.find(prefix + "QuestionIdentifier")
    if element.tag != prefix + "Answer" or identifier is None:
        raise xml.refused("an Answer with its QuestionIdentifier is expected.")
    text = element.find(prefix + "FreeText")
    other = element.find(prefix + "OtherSelectionText")
    return Answer(
        identifier.text or "",
        None if text is None else text.text or "",
        tuple(choice.text or "" for choice in element.iter(prefix + "SelectionIdentifier")),
        None if other is None else other.text or "",
        _read_upload(element, prefix),
    )


def _read_upload(element: Element, prefix: str) -> Upload | None:
    size = element.findtext(prefix + "UploadedFileSizeInBytes")
    key = element.findtext(prefix + "UploadedFileKey")
    return None if size is None or key is None else Upload(size, key)


def from_fields(question: Question, fields: Mapping[str, Any]) -> list[Answer]:
    """Return the answers that a form sends whose fields are filled in like this.

    Files are there as what `uploads.take_files` makes of them.
    Raises TypeError or ValueError for what no form could send.
    """
    given = {name: value for name, value in fields.items() if name not in RESERVED_FIELDS}
    if question.fields is not None:
        return _form_answers(question.fields, given)
    if question.is_crowd_form and "taskAnswers" not in given:
        given = {"taskAnswers": json.dumps([given])}
    return [Answer(_name(name), _text(name, value)) for name, value in given.items()]


def _form_answers(form: tuple[Field, ...], given: Mapping[str, Any]) -> list[Answer]:
    names = [field.identifier for field in form]
    if unknown := [name for name in given if name not in names]:
        raise ValueError(
            f"the QuestionForm has no question {unknown[0]!r}; it has {', '.join(names)}"
        )
    return [_form_answer(field, given.get(field.identifier)) for field in form]


def _form_answer(field: Field, value: Any) -> Answer:
    """Answer one question; left out, a text is empty and nothing is selected or uploaded."""
    if field.file is not None:
        return Answer(field.identifier, upload=value)
    if field.choices is None:
        return Answer(field.identifier, _text(field.identifier, "" if value is None else value))
    chosen = [value] if isinstance(value, str) else list(value or ())
    for choice in chosen:
        if choice not in field.choices:
            raise ValueError(
                f"question {field.identifier!r} has no choice {choice!r}; "
                f"it has {', '.join(field.choices)}"
            )
    return Answer(field.identifier, selections=tuple(chosen))


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"fields have names, and {name!r} is none")
    return _carried("the name of a field", name)


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"field {name!r} takes text or a number, not {value!r}")
    return _carried(f"field {name!r}", value)


def _carried(what: str, text: str) -> str:
    if bad := _NOT_XML.search(text):
        raise ValueError(f"{what} holds {bad.group()!r}, which XML cannot carry")
    return text
