"""What a HIT asks: an HTMLQuestion, an ExternalQuestion or a QuestionForm."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from mturk_mock.core import errors
from mturk_mock.questions.xml import documents
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import ANY_URI, INTEGER
from mturk_mock.questions.xml.schema import Schema, children, text

if TYPE_CHECKING:
    from mturk_mock.questions.html.check import Span
    from mturk_mock.questions.question_form import Field

HTML_QUESTION: Final = xml.SCHEMAS + "2011-11-11/HTMLQuestion.xsd"
EXTERNAL_QUESTION: Final = xml.SCHEMAS + "2006-07-14/ExternalQuestion.xsd"

_PAGES: Final = (
    Schema(
        HTML_QUESTION,
        "HTMLQuestion",
        {
            "HTMLQuestion": children("HTMLContent, FrameHeight"),
            "HTMLContent": text(),
            "FrameHeight": text(INTEGER),
        },
    ),
    Schema(
        EXTERNAL_QUESTION,
        "ExternalQuestion",
        {
            "ExternalQuestion": children("ExternalURL, FrameHeight"),
            "ExternalURL": text(ANY_URI),
            "FrameHeight": text(INTEGER),
        },
    ),
)


class _Schemas:
    """Every format, those of QuestionForm last: they are loaded where a document is neither."""

    def __iter__(self) -> Iterator[Schema]:
        yield from _PAGES
        from mturk_mock.questions.question_form import SCHEMAS

        yield from SCHEMAS


#: What the assignmentId says while nothing has been accepted. [doc]
PREVIEW_ASSIGNMENT_ID: Final = "ASSIGNMENT_ID_NOT_AVAILABLE"


class Page(NamedTuple):
    """What a worker is shown; of ``html``, ``url`` and ``fields`` one is there.

    ``html``: an HTMLQuestion's document. ``url``: an ExternalQuestion's address.
    ``fields``: a QuestionForm's questions, in their order.
    """

    html: str | None = None
    url: str | None = None
    fields: tuple[Field, ...] | None = None

    def url_for(self, **parameters: str) -> str | None:
        """Return the URL of the worker's frame: the question's own, and `parameters`."""
        if self.url is None:
            return None
        parts = urlsplit(self.url)
        query = "&".join(filter(None, (parts.query, urlencode(parameters))))
        return urlunsplit(parts._replace(query=query))


def check_document(document: str, parameter: str = "Question") -> Element:
    """Return the root of a document of one of the formats; the service's errors for others."""
    return documents.read(parameter, document, _Schemas())


@functools.lru_cache(maxsize=128)
def check_question(document: str, parameter: str = "Question") -> None:
    """Raise the service's errors for a document that it refused. [observed] which, [doc] rules

    What passed is remembered by its text: campaigns and tests ask the same question again and
    again, and to check a form of 10 KB takes two thirds of what boto3 does for a call.
    """
    root = check_document(document, parameter)
    match xml.local_name(root):
        case "HTMLQuestion":
            check_html(xml.child_text(root, "HTMLContent"))
        case "ExternalQuestion":
            url = _url(root)
            if urlsplit(url).scheme != "https":
                raise errors.URL_NOT_HTTPS(value=url, parameter="ExternalURL")


def check_html(html: str, filled: Sequence[Span] = ()) -> None:
    """Refuse a page that is not HTML5; `filled`: what the parameters of a layout put there."""
    from mturk_mock.questions.html.check import check  # other formats hold no pages: 3 ms

    check(html, filled)


def write_html_question(html: str, frame_height: int = 0) -> str:
    """Return the document of a page."""
    content = xml.element("HTMLContent", xml.cdata(html))
    height = xml.text_element("FrameHeight", frame_height)
    return xml.element("HTMLQuestion", content, height, xmlns=HTML_QUESTION)


def read_question(document: str) -> Page:
    """Return what a document says that was checked."""
    root = xml.parse(document)
    match xml.local_name(root):
        case "HTMLQuestion":
            return Page(html=xml.child_text(root, "HTMLContent"))
        case "ExternalQuestion":
            return Page(url=_url(root))
    from mturk_mock.questions.question_form import read_fields

    return Page(fields=read_fields(root))


def _url(external_question: Element) -> str:
    return xml.child_text(external_question, "ExternalURL").strip()
