"""Builders of the documents that requesters send."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from mturk_mock.core.errors import MTurkError
from mturk_mock.core.quoting import quote
from mturk_mock.questions import answer_key
from mturk_mock.questions.answer_key import KeyQuestion, ValueMapping
from mturk_mock.questions.form_writer import Overview, Question, write_question_form
from mturk_mock.questions.question import EXTERNAL_QUESTION, check_question, write_html_question
from mturk_mock.questions.xml.tree import element, text_elements


class Document:
    """A valid document; ``str()`` of it is the XML for a request."""

    def __init__(self, document: str, check: Callable[[str], object] = check_question) -> None:
        try:
            check(document)
        except MTurkError as error:
            raise ValueError(f"this {type(self).__name__} is not valid: {error.message}") from None
        self._document = document

    def __str__(self) -> str:
        return self._document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._document)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self._document.encode())} bytes>"


class HTMLQuestion(Document):
    """A page of HTML with a form for workers.

    `html`: the whole page, starting with its doctype. `frame_height`: in pixels; 0 uses the
    height of the window. Raises ValueError if the service rejects the page, TypeError unless
    it is a str.
    """

    def __init__(self, html: str, frame_height: int = 0) -> None:
        if not isinstance(html, str):
            raise TypeError(f"HTMLQuestion() takes a page of HTML as a str, not {quote(html)}")
        super().__init__(write_html_question(html, frame_height))


class ExternalQuestion(Document):
    """A page on the requester's website.

    `url`: the page's URL, which must begin with https://. `frame_height`: in pixels; 0 uses
    the height of the window. Raises ValueError for other URLs.
    """

    def __init__(self, url: str, frame_height: int = 0) -> None:
        if not isinstance(url, str):
            raise TypeError(f"ExternalQuestion() takes a URL as a str, not {url!r}")
        if urlsplit(url.strip()).scheme != "https":
            raise ValueError(
                f"ExternalQuestion() takes a URL that begins with https://, not {url!r}"
            )
        content = text_elements(ExternalURL=url, FrameHeight=frame_height)
        super().__init__(element("ExternalQuestion", content, xmlns=EXTERNAL_QUESTION))


class QuestionForm(Document):
    """A form that Mechanical Turk displays, for a HIT or as the test of a qualification type.

    `parts`: `Question` and `Overview` objects in any order. Raises ValueError if the service
    rejects the form, TypeError for parts of other types.
    """

    def __init__(self, *parts: Overview | Question) -> None:
        super().__init__(write_question_form(parts))


class AnswerKey(Document):
    """The scoring of a qualification type's test.

    `questions`: the scores of the answers, which are added up. `mapping`: a
    `PercentageMapping`, `ScaleMapping` or `RangeMapping`, which converts the sum to the
    qualification's value; without one the value is the sum. Raises ValueError if the service
    rejects the key, TypeError for questions or mappings of other types.
    """

    def __init__(self, *questions: KeyQuestion, mapping: ValueMapping | None = None) -> None:
        document = answer_key.write_answer_key(questions, mapping)
        super().__init__(document, answer_key.read_answer_key)
