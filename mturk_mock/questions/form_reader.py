"""A reader of a whole QuestionForm: what the page shows, and what it asks. [doc]"""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element

from mturk_mock.questions.fields import shown
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.form_writer import Overview, Question
from mturk_mock.questions.question_form import read_field
from mturk_mock.questions.xml import tree as xml


def read_question_form(document: str) -> list[Overview | Question]:
    """Return the parts of a valid document, like those that `write_question_form` takes."""
    return [_read_part(part) for part in xml.parse_xml(document)]


def _read_part(part: Element) -> Overview | Question:
    if xml.local_name(part) == "Overview":
        return Overview(_read_content(part))
    field = read_field(part)
    answer = field.answer
    if isinstance(answer, SelectionAnswer):
        selections = xml.descendants(part, "Selection")
        labels = {each[0].text or "": _read_label(each[1]) for each in selections}
        answer = replace(answer, choices=labels)
    return Question(
        field.identifier,
        _read_content(part[-2]),
        answer,
        field.required,
        xml.child_text(part, "DisplayName") or None,
    )


def _read_label(element: Element) -> shown.ChoiceLabel:
    match xml.local_name(element):
        case "Binary":
            return _read_binary(element)
        case "FormattedContent":
            return shown.FormattedContent(element.text or "")
    return element.text or ""


def _read_content(element: Element) -> list[shown.ContentPart]:
    return list(map(_read_content_part, element))


def _read_content_part(part: Element) -> shown.ContentPart:
    match xml.local_name(part):
        case "Title":
            return shown.Title(part.text or "")
        case "Text":
            return shown.Text(part.text or "")
        case "List":
            return shown.List([item.text or "" for item in part])
        case "FormattedContent":
            return shown.FormattedContent(part.text or "")
        case "Binary":
            return _read_binary(part)
        case "EmbeddedBinary":
            return _read_embedded_binary(part)
    return _read_application(part[0])


def _read_binary(element: Element) -> shown.Binary:
    return shown.Binary(
        _read_url(element, "DataURL"),
        xml.child_text(element, "AltText"),
        xml.child_text(element[0], "Type").strip(),
        xml.child_text(element[0], "SubType") or None,
    )


def _read_embedded_binary(element: Element) -> shown.EmbeddedBinary:
    return shown.EmbeddedBinary(
        _read_url(element, "DataURL"),
        xml.child_text(element, "AltText"),
        *_read_size(element),
        xml.child_text(element[0], "Type"),
        xml.child_text(element[0], "SubType"),
        _read_parameters(element),
    )


def _read_application(element: Element) -> shown.Flash | shown.JavaApplet:
    size, parameters = _read_size(element), _read_parameters(element)
    if xml.local_name(element) == "Flash":
        return shown.Flash(_read_url(element, "FlashMovieURL"), *size, parameters)
    filename = xml.child_text(element, "AppletFilename")
    return shown.JavaApplet(_read_url(element, "AppletPath"), filename, *size, parameters)


def _read_url(element: Element, name: str) -> str:
    return xml.child_text(element, name).strip()


def _read_size(element: Element) -> tuple[str, str]:
    return xml.child_text(element, "Width"), xml.child_text(element, "Height")


def _read_parameters(element: Element) -> dict[str, str]:
    parameters = xml.descendants(element, "ApplicationParameter")
    return {each[0].text or "": each[1].text or "" for each in parameters}
