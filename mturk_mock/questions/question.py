"""The Question of a HIT: an HTMLQuestion, an ExternalQuestion or a QuestionForm."""

from __future__ import annotations

import functools
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from mturk_mock.core import errors
from mturk_mock.questions import question_form
from mturk_mock.questions.html.check import check_html
from mturk_mock.questions.question_form import Field
from mturk_mock.questions.xml import documents
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import ANY_URI, INTEGER
from mturk_mock.questions.xml.schema import Schema, children, texts

HTML_QUESTION: Final = xml.SCHEMAS + "2011-11-11/HTMLQuestion.xsd"
EXTERNAL_QUESTION: Final = xml.SCHEMAS + "2006-07-14/ExternalQuestion.xsd"

SCHEMAS: Final = (
    Schema(
        HTML_QUESTION,
        "HTMLQuestion",
        {
            "HTMLQuestion": children("HTMLContent, FrameHeight"),
            **texts("HTMLContent"),
            **texts("FrameHeight", INTEGER),
        },
    ),
    Schema(
        EXTERNAL_QUESTION,
        "ExternalQuestion",
        {
            "ExternalQuestion": children("ExternalURL, FrameHeight"),
            **texts("ExternalURL", ANY_URI),
            **texts("FrameHeight", INTEGER),
        },
    ),
    *question_form.SCHEMAS,
)

#: The assignmentId of a preview, before the worker has accepted the HIT. [doc]
PREVIEW_ASSIGNMENT_ID: Final = "ASSIGNMENT_ID_NOT_AVAILABLE"


class QuestionPage(NamedTuple):
    """The page that a worker sees. Exactly one of the first three members is set.

    ``html``: the document of an HTMLQuestion. ``url``: the address of an ExternalQuestion.
    ``fields``: the questions of a QuestionForm, in order. ``frame_height``: the FrameHeight of
    the frame that shows the page, in pixels; 0 for the height of the window. [doc]
    """

    html: str | None = None
    url: str | None = None
    fields: tuple[Field, ...] | None = None
    frame_height: int = 0

    def url_for(self, **parameters: str) -> str | None:
        """Return the URL of the worker's frame, with `parameters` added; None without a URL."""
        if self.url is None:
            return None
        parts = urlsplit(self.url)
        query = "&".join(filter(None, (parts.query, urlencode(parameters))))
        return urlunsplit(parts._replace(query=query))


def check_document(document: str) -> Element:
    """Return the root of a Question; raise the service's errors if no schema accepts it."""
    return documents.read_document("Question", document, SCHEMAS)


@functools.lru_cache(maxsize=1000)
def check_question(document: str) -> None:
    """Raise the service's error [observed] if a document breaks the rules [doc].

    Valid documents are cached, because programs send the same ones many times.
    """
    root = check_document(document)
    match xml.local_name(root):
        case "HTMLQuestion":
            check_html(xml.child_text(root, "HTMLContent"))
        case "ExternalQuestion":
            url = _url(root)
            if urlsplit(url).scheme != "https":
                raise errors.URL_NOT_HTTPS(value=url, parameter="ExternalURL")


def write_html_question(html: str, frame_height: int = 0) -> str:
    """Return the HTMLQuestion document of a page."""
    content = xml.element("HTMLContent", xml.cdata(html))
    height = xml.text_element("FrameHeight", frame_height)
    return xml.element("HTMLQuestion", content, height, xmlns=HTML_QUESTION)


@functools.lru_cache(maxsize=1000)
def read_question(document: str) -> QuestionPage:
    """Return the page of a valid document; cached, because many workers read the same pages."""
    root = xml.parse_xml(document)
    match xml.local_name(root):
        case "HTMLQuestion":
            html = xml.child_text(root, "HTMLContent")
            return QuestionPage(html=html, frame_height=_frame_height(root))
        case "ExternalQuestion":
            return QuestionPage(url=_url(root), frame_height=_frame_height(root))
    return QuestionPage(fields=question_form.read_fields(root))


def _url(external_question: Element) -> str:
    return xml.child_text(external_question, "ExternalURL").strip()


def _frame_height(question: Element) -> int:
    return int(xml.child_text(question, "FrameHeight"))
