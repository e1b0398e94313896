"""QuestionForm documents written from Python: their parts, and the writer. [doc]"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mturk_mock.questions.fields.file_upload import FileUploadAnswer
from mturk_mock.questions.fields.free_text import (
    AnswerFormatRegex,
    FreeTextAnswer,
    IsNumeric,
    Length,
)
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.fields.shown import (
    Binary,
    ChoiceLabel,
    Content,
    EmbeddedBinary,
    Flash,
    FormattedContent,
    JavaApplet,
    List,
    Text,
    Title,
)
from mturk_mock.questions.question_form import (
    VERSION_2005,
    VERSION_2017,
    AnswerSpecification,
)
from mturk_mock.questions.xml.tree import cdata, element, text_element


@dataclass(frozen=True)
class Overview:
    """Content without a question."""

    content: Content


@dataclass(frozen=True)
class Question:
    """One question: its identifier, its content, and how it is answered."""

    identifier: str
    content: Content
    answer: AnswerSpecification
    required: bool = False
    display_name: str | None = None


def write_question_form(parts: Iterable[Overview | Question]) -> str:
    """Return the document of a form; version 2005-10-01 if a part requires it. [doc]

    Raises TypeError for other parts.
    """
    content = "".join(map(_part, parts))
    needs_2005 = "<Application>" in content or "<FileUploadAnswer>" in content
    return element("QuestionForm", content, xmlns=VERSION_2005 if needs_2005 else VERSION_2017)


def _part(part: Overview | Question) -> str:
    match part:
        case Overview(content):
            return element("Overview", *_content(content))
        case Question():
            return _question(part)
    raise TypeError(f"a QuestionForm is made of Overview and Question, not {part!r}")


def _question(question: Question) -> str:
    return element(
        "Question",
        text_element("QuestionIdentifier", question.identifier),
        _optional("DisplayName", question.display_name),
        text_element("IsRequired", str(question.required).lower()),
        element("QuestionContent", *_content(question.content)),
        element("AnswerSpecification", _answer(question.answer)),
    )


def _optional(name: str, value: object) -> str:
    return "" if value is None else text_element(name, value)


# Content ----------------------------------------------------------------------------------


def _content(content: Content) -> Iterable[str]:
    parts = content if isinstance(content, (list, tuple)) else [content]
    return map(_content_part, parts)


def _content_part(part: Any) -> str:
    match part:
        case Title(text):
            return text_element("Title", text)
        case str(text) | Text(text):
            return text_element("Text", text)
        case List(items):
            return element("List", *(text_element("ListItem", item) for item in items))
        case FormattedContent(xhtml):
            return element("FormattedContent", cdata(xhtml))
        case Binary():
            return _binary(part)
        case EmbeddedBinary():
            return _embedded_binary(part)
        case Flash() | JavaApplet():
            return element("Application", _application(part))
    raise TypeError(
        "content is text, Title, Text, List, FormattedContent, Binary, EmbeddedBinary, Flash or "
        f"JavaApplet, or a list of these, not {part!r}"
    )


def _binary(binary: Binary) -> str:
    return element(
        "Binary",
        element(
            "MimeType", text_element("Type", binary.type), _optional("SubType", binary.sub_type)
        ),
        text_element("DataURL", binary.data_url),
        text_element("AltText", binary.alt_text),
    )


def _embedded_binary(binary: EmbeddedBinary) -> str:
    return element(
        "EmbeddedBinary",
        element(
            "EmbeddedMimeType",
            text_element("Type", binary.type),
            text_element("SubType", binary.sub_type),
        ),
        text_element("DataURL", binary.data_url),
        text_element("AltText", binary.alt_text),
        *_sized(binary),
    )


def _application(application: Flash | JavaApplet) -> str:
    if isinstance(application, Flash):
        movie = text_element("FlashMovieURL", application.movie_url)
        return element("Flash", movie, *_sized(application))
    return element(
        "JavaApplet",
        text_element("AppletPath", application.path),
        text_element("AppletFilename", application.filename),
        *_sized(application),
    )


def _sized(part: EmbeddedBinary | Flash | JavaApplet) -> Iterable[str]:
    yield text_element("Width", part.width)
    yield text_element("Height", part.height)
    for name, value in part.parameters.items():
        yield element(
            "ApplicationParameter", text_element("Name", name), text_element("Value", value)
        )


# Answers ----------------------------------------------------------------------------------


def _answer(answer: Any) -> str:
    match answer:
        case FreeTextAnswer():
            return _free_text("FreeTextAnswer", answer)
        case SelectionAnswer():
            return _selection_answer(answer)
        case FileUploadAnswer(smallest, largest):
            return element(
                "FileUploadAnswer",
                text_element("MaxFileSizeInBytes", largest),
                text_element("MinFileSizeInBytes", smallest),
            )
    raise TypeError(
        f"an answer is FreeTextAnswer, SelectionAnswer or FileUploadAnswer, not {answer!r}"
    )


def _free_text(name: str, answer: FreeTextAnswer) -> str:
    _require("numeric", answer.numeric, IsNumeric, "IsNumeric()")
    _require("length", answer.length, Length, "Length(1, 200)")
    for each in answer.formats if isinstance(answer.formats, (list, tuple)) else [answer.formats]:
        _require("formats", each, AnswerFormatRegex, "a list of AnswerFormatRegex(...)")
    constraints = "".join(_constraints(answer))
    return element(
        name,
        element("Constraints", constraints) if constraints else "",
        _optional("DefaultText", answer.default_text),
        _optional("NumberOfLinesSuggestion", answer.lines),
    )


def _require(name: str, value: object, kind: type, example: str) -> None:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{name}= takes {example}, not {value!r}")


def _constraints(answer: FreeTextAnswer) -> Iterable[str]:
    if (numeric := answer.numeric) is not None:
        yield element("IsNumeric", minValue=numeric.min_value, maxValue=numeric.max_value)
    if (length := answer.length) is not None:
        yield element("Length", minLength=length.min_length, maxLength=length.max_length)
    for each in answer.formats:
        yield element(
            "AnswerFormatRegex", regex=each.regex, errorText=each.error_text, flags=each.flags
        )


def _selection_answer(answer: SelectionAnswer) -> str:
    choices = answer.choices
    if isinstance(choices, str):
        raise TypeError(f"choices are a list of texts, or a dict, not the text {choices!r}")
    if not isinstance(choices, Mapping):
        choices = {choice: choice for choice in choices}
    _require("other", answer.other, FreeTextAnswer, "FreeTextAnswer()")
    other = "" if answer.other is None else _free_text("OtherSelection", answer.other)
    return element(
        "SelectionAnswer",
        text_element("MinSelectionCount", answer.least),
        text_element("MaxSelectionCount", answer.most),
        _optional("StyleSuggestion", answer.style),
        element("Selections", *map(_selection, choices, choices.values()), other),
    )


def _selection(identifier: str, label: ChoiceLabel) -> str:
    return element(
        "Selection", text_element("SelectionIdentifier", identifier), _content_part(label)
    )
