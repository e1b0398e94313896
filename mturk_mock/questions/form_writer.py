"""The parts of a QuestionForm in Python, and the writer of the document. [doc]"""

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
    """Content that belongs to no question, such as instructions.

    ``content``: a str, a content object such as `Title`, or a list of these.
    """

    content: shown.Content


@dataclass(frozen=True)
class Question:
    """One question.

    ``content``: a str, a content object such as `Title`, or a list of these. ``answer``: a
    `FreeTextAnswer`, `SelectionAnswer` or `FileUploadAnswer`. ``required`` and
    ``display_name``: IsRequired and DisplayName.
    """

    identifier: str
    content: shown.Content
    answer: AnswerSpecification
    required: bool = False
    display_name: str | None = None


def write_question_form(parts: Iterable[Overview | Question]) -> str:
    """Return the document of a form, in version 2005-10-01 if a part requires it. [doc]

    Raises TypeError for parts of other types.
    """
    content = "".join(map(_write_part, parts))
    needs_2005 = "<Application>" in content or "<FileUploadAnswer>" in content
    return element("QuestionForm", content, xmlns=VERSION_2005 if needs_2005 else VERSION_2017)


def _write_part(part: Overview | Question) -> str:
    match part:
        case Overview(content):
            return element("Overview", *_write_content(content))
        case Question(identifier, content, answer, required, display_name):
            return element(
                "Question",
                text_elements(
                    QuestionIdentifier=identifier,
                    DisplayName=display_name,
                    IsRequired=str(required).lower(),
                ),
                element("QuestionContent", *_write_content(content)),
                element("AnswerSpecification", _write_answer(answer)),
            )
    raise TypeError(f"a QuestionForm takes Question and Overview objects, not {quote(part)}")


# Content ----------------------------------------------------------------------------------


def _write_content(content: shown.Content) -> Iterable[str]:
    parts = content if isinstance(content, (list, tuple)) else [content]
    return map(_write_content_part, parts)


def _write_content_part(part: Any) -> str:
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
            return element("Binary", _write_file("MimeType", part))
        case shown.EmbeddedBinary():
            return element(
                "EmbeddedBinary", _write_file("EmbeddedMimeType", part), *_write_size(part)
            )
        case shown.Flash(movie_url):
            movie = text_elements(FlashMovieURL=movie_url)
            return element("Application", element("Flash", movie, *_write_size(part)))
        case shown.JavaApplet(path, filename):
            applet = text_elements(AppletPath=path, AppletFilename=filename)
            return element("Application", element("JavaApplet", applet, *_write_size(part)))
    raise TypeError(
        "content takes a str, Title, Text, List, FormattedContent, Binary, EmbeddedBinary, Flash "
        f"or JavaApplet, or a list of these, not {quote(part)}"
    )


def _write_file(mime_type: str, file: shown.Binary | shown.EmbeddedBinary) -> str:
    kind = element(mime_type, text_elements(Type=file.type, SubType=file.sub_type))
    return kind + text_elements(DataURL=file.data_url, AltText=file.alt_text)


def _write_size(part: shown.EmbeddedBinary | shown.Flash | shown.JavaApplet) -> Iterable[str]:
    yield text_elements(Width=part.width, Height=part.height)
    for name, value in part.parameters.items():
        yield element("ApplicationParameter", text_elements(Name=name, Value=value))


# Answers ----------------------------------------------------------------------------------


def _write_answer(answer: Any) -> str:
    match answer:
        case FreeTextAnswer():
            return _write_free_text("FreeTextAnswer", answer)
        case SelectionAnswer():
            return _write_selection_answer(answer)
        case FileUploadAnswer(smallest, largest):
            sizes = text_elements(MaxFileSizeInBytes=largest, MinFileSizeInBytes=smallest)
            return element("FileUploadAnswer", sizes)
    raise TypeError(
        f"answer takes a FreeTextAnswer, SelectionAnswer or FileUploadAnswer, not {quote(answer)}"
    )


def _write_free_text(name: str, answer: FreeTextAnswer) -> str:
    _require_type("numeric", answer.numeric, free_text.IsNumeric, "IsNumeric()")
    _require_type("length", answer.length, free_text.Length, "Length(1, 200)")
    for each in answer.formats if isinstance(answer.formats, (list, tuple)) else [answer.formats]:
        _require_type(
            "formats", each, free_text.AnswerFormatRegex, "a list of AnswerFormatRegex(...)"
        )
    constraints = "".join(_write_constraints(answer))
    return element(
        name,
        element("Constraints", constraints) if constraints else "",
        text_elements(DefaultText=answer.default_text, NumberOfLinesSuggestion=answer.lines),
    )


def _require_type(name: str, value: object, kind: type, example: str) -> None:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{name}= takes {example}, not {quote(value)}")


def _write_constraints(answer: FreeTextAnswer) -> Iterable[str]:
    if (numeric := answer.numeric) is not None:
        yield element("IsNumeric", minValue=numeric.min_value, maxValue=numeric.max_value)
    if (length := answer.length) is not None:
        yield element("Length", minLength=length.min_length, maxLength=length.max_length)
    for each in answer.formats:
        yield element(
            "AnswerFormatRegex", regex=each.regex, errorText=each.error_text, flags=each.flags
        )


def _write_selection_answer(answer: SelectionAnswer) -> str:
    choices = answer.choices
    if isinstance(choices, str):
        raise TypeError(f"choices takes a dict or a list of str, not the str {quote(choices)}")
    if not isinstance(choices, Mapping):
        choices = {choice: choice for choice in choices}
    _require_type("other", answer.other, FreeTextAnswer, "FreeTextAnswer()")
    other = "" if answer.other is None else _write_free_text("OtherSelection", answer.other)
    return element(
        "SelectionAnswer",
        text_elements(
            MinSelectionCount=answer.least,
            MaxSelectionCount=answer.most,
            StyleSuggestion=answer.style,
        ),
        element("Selections", *map(_write_selection, choices, choices.values()), other),
    )


def _write_selection(identifier: str, label: shown.ChoiceLabel) -> str:
    choice = text_element("SelectionIdentifier", identifier)
    return element("Selection", choice, _write_content_part(label))
