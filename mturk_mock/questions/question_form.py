"""QuestionForm: the schemas of both versions, and a reader of the questions. [doc]"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from mturk_mock.questions.fields import free_text
from mturk_mock.questions.fields.file_upload import LARGEST_SIZE, FileUploadAnswer
from mturk_mock.questions.fields.free_text import FreeTextAnswer
from mturk_mock.questions.fields.selection import STYLES, SelectionAnswer
from mturk_mock.questions.xml import datatypes, documents, formatted_content
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import INT, NON_NEGATIVE_INTEGER, POSITIVE_INTEGER, URL
from mturk_mock.questions.xml.schema import Attribute, Invalid, Rule, Schema, children, empty, texts

#: How a question is answered, and the constraints on the answer.
AnswerSpecification = FreeTextAnswer | SelectionAnswer | FileUploadAnswer

#: The version with file uploads and applets, and the version without them. [doc]
VERSION_2005: Final = xml.SCHEMAS + "2005-10-01/QuestionForm.xsd"
VERSION_2017: Final = xml.SCHEMAS + "2017-11-06/QuestionForm.xsd"

_FREE_TEXT: Final = "Constraints?, DefaultText?, NumberOfLinesSuggestion?"
_CONTENT: Final = "(Title | Text | List | FormattedContent | Binary | EmbeddedBinary)+"
_SIZE: Final = datatypes.integer(
    "a whole number from 1 to 2000000000", 1, LARGEST_SIZE, "FileSizeType"
)

_2017: Final[dict[str, Rule]] = {
    "QuestionForm": children("(Overview | Question)+"),
    "Overview": children(_CONTENT),
    "Question": children(
        "QuestionIdentifier, DisplayName?, IsRequired?, QuestionContent, AnswerSpecification"
    ),
    **texts("QuestionIdentifier DisplayName"),
    **texts("IsRequired", datatypes.BOOLEAN),
    "QuestionContent": children(_CONTENT),
    # Content
    **texts("Title Text FormattedContent"),
    "List": children("ListItem+"),
    **texts("ListItem"),
    "Binary": children("MimeType, DataURL, AltText"),
    "MimeType": children("Type, SubType?"),
    **texts("Type", datatypes.enumeration("image", "audio", "video")),
    **texts("DataURL", URL),
    **texts("SubType AltText Width Height"),
    "EmbeddedBinary": children(
        "EmbeddedMimeType, DataURL, AltText, Width, Height, ApplicationParameter*"
    ),
    # The documentation says that SubType is optional, but the schema requires it. [assumed]
    "EmbeddedMimeType": children("Type, SubType", **texts("Type")),
    "ApplicationParameter": children("Name, Value"),
    **texts("Name Value"),
    # Answers
    "AnswerSpecification": children("FreeTextAnswer | SelectionAnswer"),
    "FreeTextAnswer": children(_FREE_TEXT),
    "Constraints": children("IsNumeric?, Length?, AnswerFormatRegex*"),
    "IsNumeric": empty(minValue=Attribute(INT), maxValue=Attribute(INT)),
    "Length": empty(
        minLength=Attribute(NON_NEGATIVE_INTEGER), maxLength=Attribute(POSITIVE_INTEGER)
    ),
    "AnswerFormatRegex": empty(
        regex=Attribute(required=True), errorText=Attribute(), flags=Attribute()
    ),
    **texts("DefaultText"),
    **texts("NumberOfLinesSuggestion", POSITIVE_INTEGER),
    "SelectionAnswer": children(
        "MinSelectionCount?, MaxSelectionCount?, StyleSuggestion?, Selections"
    ),
    **texts("MinSelectionCount", NON_NEGATIVE_INTEGER),
    **texts("MaxSelectionCount", POSITIVE_INTEGER),
    **texts("StyleSuggestion", datatypes.enumeration(*STYLES)),
    "Selections": children("Selection+, OtherSelection?"),
    "Selection": children("SelectionIdentifier, (Text | Binary | FormattedContent)"),
    **texts("SelectionIdentifier"),
    "OtherSelection": children(_FREE_TEXT),
}

_CONTENT_2005: Final = children(_CONTENT.replace(")+", " | Application)+"))

#: The rules of 2005-10-01, a superset of those of 2017-11-06.
_2005: Final[dict[str, Rule]] = {
    **_2017,
    "Overview": _CONTENT_2005,
    "QuestionContent": _CONTENT_2005,
    "Application": children("Flash | JavaApplet"),
    "Flash": children("FlashMovieURL, Width, Height, ApplicationParameter*"),
    "JavaApplet": children("AppletPath, AppletFilename, Width, Height, ApplicationParameter*"),
    **texts("FlashMovieURL AppletPath", URL),
    **texts("AppletFilename"),
    "AnswerSpecification": children("FreeTextAnswer | SelectionAnswer | FileUploadAnswer"),
    # The largest size comes first; many programs have them in the wrong order. [observed]
    "FileUploadAnswer": children("MaxFileSizeInBytes, MinFileSizeInBytes"),
    **texts("MaxFileSizeInBytes MinFileSizeInBytes", _SIZE),
}


@dataclass(frozen=True)
class Field:
    """One question of a form: its identifier, and how it is answered."""

    identifier: str
    required: bool
    answer: AnswerSpecification


# Rules beyond the schema ------------------------------------------------------------------


def _check_form(root: Element) -> None:
    """Check rules beyond the schema: a question [doc], unique identifiers [assumed]."""
    questions = list(xml.descendants(root, "Question"))
    if not questions:
        raise Invalid(root, "A QuestionForm has one or more Question elements.")
    seen: set[str] = set()
    for question in questions:
        identifier = xml.child_text(question, "QuestionIdentifier")
        if identifier in seen:
            raise Invalid(
                question,
                f"The QuestionIdentifier '{identifier}' is used more than once.",
                "each question needs an identifier of its own",
            )
        seen.add(identifier)
    for selection in xml.descendants(root, "SelectionAnswer"):
        _check_counts(selection)
    for content in xml.descendants(root, "FormattedContent"):
        formatted_content.check_formatted_content(content)


def _check_counts(selection: Element) -> None:
    """Check that the required number of selections is possible. [doc]

    Neither count may exceed the number of selections; the other text counts as one [assumed].
    The minimum may not exceed the maximum [assumed]. Both are 1 by default [doc].
    """
    least = _count(selection, "MinSelectionCount")
    most = _count(selection, "MaxSelectionCount")
    offered = len(selection[-1])
    if max(least, most) > offered:
        raise Invalid(selection, f"{max(least, most)} selections cannot be made from {offered}.")
    if least > most:
        raise Invalid(
            selection,
            f"MinSelectionCount {least} is greater than MaxSelectionCount {most}.",
            "an omitted count is 1",
        )


def find_test_error(form: tuple[Field, ...], *, graded: bool) -> str | None:
    """Return why a form cannot be the test of a qualification type; None if it can. [doc]

    A test cannot have file uploads; a test with an AnswerKey cannot have free text, not even as
    the other text of a selection.
    """
    for field in form:
        match field.answer:
            case FileUploadAnswer():
                return f"Question '{field.identifier}' asks for a file; a test cannot."
            case FreeTextAnswer() if graded:
                return f"Question '{field.identifier}' asks for text, which a key cannot grade."
            case SelectionAnswer(other=FreeTextAnswer()) if graded:
                return f"Question '{field.identifier}' allows text, which a key cannot grade."
    return None


# Reading ----------------------------------------------------------------------------------


def read_fields(root: Element) -> tuple[Field, ...]:
    """Return the questions of a valid form, in order."""
    return tuple(map(read_field, xml.descendants(root, "Question")))


def read_field(question: Element) -> Field:
    """Return a question of a valid form."""
    return Field(
        xml.child_text(question, "QuestionIdentifier"),
        datatypes.is_true(xml.child_text(question, "IsRequired")),
        _read_answer(question[-1][0]),
    )


def _read_answer(specification: Element) -> AnswerSpecification:
    match xml.local_name(specification):
        case "FreeTextAnswer":
            return _read_free_text(specification)
        case "SelectionAnswer":
            return _read_selection(specification)
    largest, smallest = (int(size.text or "") for size in specification)
    return FileUploadAnswer(smallest, largest)


def _read_free_text(element: Element) -> FreeTextAnswer:
    numeric = xml.find_descendant(element, "IsNumeric")
    length = xml.find_descendant(element, "Length")
    lines = xml.child_text(element, "NumberOfLinesSuggestion")
    return FreeTextAnswer(
        None
        if numeric is None
        else free_text.IsNumeric(*_numbers(numeric, "minValue", "maxValue")),
        None if length is None else free_text.Length(*_numbers(length, "minLength", "maxLength")),
        tuple(map(_read_format, xml.descendants(element, "AnswerFormatRegex"))),
        xml.child_text(element, "DefaultText"),
        int(lines) if lines else 1,
    )


def _numbers(element: Element, *attributes: str) -> list[int | None]:
    texts = map(element.get, attributes)
    return [None if text is None else int(text) for text in texts]


def _read_format(form: Element) -> free_text.AnswerFormatRegex:
    return free_text.AnswerFormatRegex(
        form.get("regex", ""), form.get("errorText"), form.get("flags")
    )


def _count(selection: Element, name: str) -> int:
    return int(xml.child_text(selection, name) or 1)


def _read_selection(element: Element) -> SelectionAnswer:
    other = xml.find_descendant(element, "OtherSelection")
    return SelectionAnswer(
        {each[0].text or "": each[1].text or "" for each in xml.descendants(element, "Selection")},
        _count(element, "MinSelectionCount"),
        _count(element, "MaxSelectionCount"),
        xml.child_text(element, "StyleSuggestion") or None,
        None if other is None else _read_free_text(other),
    )


SCHEMAS: Final = (
    Schema(VERSION_2017, "QuestionForm", _2017, _check_form),
    Schema(VERSION_2005, "QuestionForm", _2005, _check_form),
)


def check_test(document: str) -> tuple[Field, ...]:
    """Return the questions of a qualification type's Test, a QuestionForm. [doc]

    Raises the service's errors for another or an invalid document. [assumed]
    """
    return read_fields(documents.read_document("Test", document, SCHEMAS))
