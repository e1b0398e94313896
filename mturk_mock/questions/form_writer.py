"""QuestionForm documents written from Python: their parts, and the writer. [doc]"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mturk_mock.core.quoting import quote
from mturk_mock.questions.fields import free_text, shown
from mturk_mock.questions.fields.file_upload import FileUploadAnswer
from mturk_mock.questions.fields.free_text import FreeTextAnswer
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.question_form import VERSION_2005, VERSION_2017, AnswerSpecification
from mturk_mock.questions.xml.tree import cdata, element, text_element, text_elements


@dataclass(frozen=True)
class Overview:
    """Content without a question."""

    content: shown.Content


@dataclass(frozen=True)
class Question:
    """One question: its identifier, its content, and how it is answered."""

    identifier: str
    content: shown.Content
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
        case Question(identifier, content, answer, required, display_name):
            return element(
                "Question",
                text_elements(
                    QuestionIdentifier=identifier,
                    DisplayName=display_name,
                    IsRequired=str(required).lower(),
                ),
                element("QuestionContent", *_content(content)),
                element("AnswerSpecification", _answer(answer)),
            )
    raise TypeError(f"a QuestionForm is made of Overview and Question, not {quote(part)}")


# Content ----------------------------------------------------------------------------------


def _content(content: shown.Content) -> Iterable[str]:
    parts = content if isinstance(content, (list, tuple)) else [content]
    return map(_content_part, parts)


def _content_part(part: Any) -> str:
    match part:
        case shown.Title(text):
            return text_element("Title", text)
        case str(text) | shown.Text(text):
            return text_element("Text", text)
        case shown.List(items):
            return element("List", *(text_element("ListItem", item) for item in items))
        case shown.FormattedContent(xhtml):
            return element("FormattedContent", cdata(xhtml))
        case shown.Binary():
            return element("Binary", _file("MimeType", part))
        case shown.EmbeddedBinary():
            return element("EmbeddedBinary", _file("EmbeddedMimeType", part), *_sized(part))
        case shown.Flash(movie_url):
            movie = text_elements(FlashMovieURL=movie_url)
            return element("Application", element("Flash", movie, *_sized(part)))
        case shown.JavaApplet(path, filename):
            applet = text_elements(AppletPath=path, AppletFilename=filename)
            return element("Application", element("JavaApplet", applet, *_sized(part)))
    raise TypeError(
        "content is text, Title, Text, List, FormattedContent, Binary, EmbeddedBinary, Flash or "
        f"JavaApplet, or a list of these, not {quote(part)}"
    )


def _file(mime_type: str, file: shown.Binary | shown.EmbeddedBinary) -> str:
    kind = element(mime_type, text_elements(Type=file.type, SubType=file.sub_type))
    return kind + text_elements(DataURL=file.data_url, AltText=file.alt_text)


def _sized(part: shown.EmbeddedBinary | shown.Flash | shown.JavaApplet) -> Iterable[str]:
    yield text_elements(Width=part.width, Height=part.height)
    for name, value in part.parameters.items():
        yield element("ApplicationParameter", text_elements(Name=name, Value=value))


# Answers ----------------------------------------------------------------------------------


def _answer(answer: Any) -> str:
    match answer:
        case FreeTextAnswer():
            return _free_text("FreeTextAnswer", answer)
        case SelectionAnswer():
            return _selection_answer(answer)
        case FileUploadAnswer(smallest, largest):
            sizes = text_elements(MaxFileSizeInBytes=largest, MinFileSizeInBytes=smallest)
            return element("FileUploadAnswer", sizes)
    raise TypeError(
        f"an answer is FreeTextAnswer, SelectionAnswer or FileUploadAnswer, not {quote(answer)}"
    )


def _free_text(name: str, answer: FreeTextAnswer) -> str:
    _require("numeric", answer.numeric, free_text.IsNumeric, "IsNumeric()")
    _require("length", answer.length, free_text.Length, "Length(1, 200)")
    for each in answer.formats if isinstance(answer.formats, (list, tuple)) else [answer.formats]:
        _require("formats", each, free_text.AnswerFormatRegex, "a list of AnswerFormatRegex(...)")
    constraints = "".join(_constraints(answer))
    return element(
        name,
        element("Constraints", constraints) if constraints else "",
        text_elements(DefaultText=answer.default_text, NumberOfLinesSuggestion=answer.lines),
    )


def _require(name: str, value: object, kind: type, example: str) -> None:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{name}= takes {example}, not {quote(value)}")


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
        raise TypeError(f"choices are a list of texts, or a dict, not the text {quote(choices)}")
    if not isinstance(choices, Mapping):
        choices = {choice: choice for choice in choices}
    _require("other", answer.other, FreeTextAnswer, "FreeTextAnswer()")
    other = "" if answer.other is None else _free_text("OtherSelection", answer.other)
    return element(
        "SelectionAnswer",
        text_elements(
            MinSelectionCount=answer.least,
            MaxSelectionCount=answer.most,
            StyleSuggestion=answer.style,
        ),
        element("Selections", *map(_selection, choices, choices.values()), other),
    )


def _selection(identifier: str, label: shown.ChoiceLabel) -> str:
    choice = text_element("SelectionIdentifier", identifier)
    return element("Selection", choice, _content_part(label))
