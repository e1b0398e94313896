"""What a HIT asks: HTMLQuestion, ExternalQuestion or QuestionForm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from mturk_mock import errors
from mturk_mock.questions import uploads, xml
from mturk_mock.questions.uploads import SizeLimits

HTML_QUESTION: Final = xml.SCHEMAS + "2011-11-11/HTMLQuestion.xsd"
EXTERNAL_QUESTION: Final = xml.SCHEMAS + "2006-07-14/ExternalQuestion.xsd"
QUESTION_FORMS: Final = (
    xml.SCHEMAS + "2005-10-01/QuestionForm.xsd",
    xml.SCHEMAS + "2017-11-06/QuestionForm.xsd",
)

#: What the assignmentId says while nothing has been accepted. [doc]
PREVIEW_ASSIGNMENT_ID: Final = "ASSIGNMENT_ID_NOT_AVAILABLE"


@dataclass(frozen=True)
class Field:
    """One question of a QuestionForm: its identifier, and the choices it offers, if any.

    ``file``: what is allowed where it asks for a file.
    """

    identifier: str
    choices: tuple[str, ...] | None
    file: SizeLimits | None = None


@dataclass(frozen=True)
class Question:
    """What a worker is shown; of ``html``, ``url`` and ``fields`` one is there.

    ``html``: an HTMLQuestion's document. ``url``: an ExternalQuestion's address.
    ``fields``: a QuestionForm's questions, in their order.
    """

    html: str | None = None
    url: str | None = None
    fields: tuple[Field, ...] | None = None

    @property
    def file_limits(self) -> dict[str, SizeLimits]:
        """What is allowed in answer to the questions that ask for a file."""
        return {field.identifier: field.file for field in self.fields or () if field.file}

    @property
    def is_crowd_form(self) -> bool:
        """Whether the answers come as one JSON document, as crowd elements send them."""
        return self.html is not None and "<crowd-form" in self.html

    def url_for(self, **parameters: str) -> str | None:
        """Return the URL of the worker's frame: the question's own, and `parameters`."""
        if self.url is None:
            return None
        parts = urlsplit(self.url)
        query = "&".join(filter(None, (parts.query, urlencode(parameters))))
        return urlunsplit(parts._replace(query=query))


def read_question(text: str, parameter: str = "Question") -> Question:
    """Return what the Question parameter of a HIT says, or another one.

    Raises the service's errors for documents that it refused.
    """
    root = xml.parse(parameter, text)
    match xml.split_tag(root):
        case (namespace, "HTMLQuestion") if namespace == HTML_QUESTION:
            return _read_html_question(root)
        case (namespace, "ExternalQuestion") if namespace == EXTERNAL_QUESTION:
            return _read_external_question(root)
        case (namespace, "QuestionForm") if namespace in QUESTION_FORMS:
            return _read_question_form(root)
    raise xml.unknown_root(root)


def _read_html_question(root: Element) -> Question:
    html, height = xml.child_texts(root, "HTMLContent", "FrameHeight")
    xml.require_integer(height)
    return Question(html=html)


def _read_external_question(root: Element) -> Question:
    url, height = xml.child_texts(root, "ExternalURL", "FrameHeight")
    xml.require_integer(height)
    url = url.strip()
    if xml.split_url(url).scheme != "https":
        raise errors.URL_NOT_HTTPS(value=url, parameter="ExternalURL")
    return Question(url=url)


def _read_question_form(root: Element) -> Question:
    """Take the questions out of a form, whose inner structure is not checked further."""
    prefix = root.tag.removesuffix("QuestionForm")
    fields = tuple(_read_field(element, prefix) for element in root.iter(prefix + "Question"))
    return Question(fields=fields)


def _read_field(element: Element, prefix: str) -> Field:
    identifier = element.findtext(prefix + "QuestionIdentifier", "")
    upload = element.find(f".//{prefix}FileUploadAnswer")
    if upload is not None:
        return Field(identifier, None, uploads.read_limits(upload))
    if element.find(f".//{prefix}SelectionAnswer") is None:
        return Field(identifier, None)
    choices = element.iter(prefix + "SelectionIdentifier")
    return Field(identifier, tuple(choice.text or "" for choice in choices))
