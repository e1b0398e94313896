"""Documents for people who write HITs in Python."""

from __future__ import annotations

from collections.abc import Callable

from mturk_mock.core.errors import MTurkError
from mturk_mock.questions import answer_key, form_writer
from mturk_mock.questions.answer_key import KeyQuestion, ValueMapping
from mturk_mock.questions.form_parts import Overview, Question
from mturk_mock.questions.question import EXTERNAL_QUESTION, check_question, write_html_question
from mturk_mock.questions.xml.tree import element, text_element


class Document:
    """A document that requests carry: ``str()`` of it is what is sent, and always valid."""

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
    """A page of HTML, whose form workers fill in.

    `html`: the whole page, from its doctype on. `frame_height`: in pixels, 0 for as much as
    the window has. Raises ValueError for a page that the service refused.
    """

    def __init__(self, html: str, frame_height: int = 0) -> None:
        if not isinstance(html, str):
            raise TypeError(f"HTMLQuestion() takes a page of HTML as a str, not {html!r}")
        super().__init__(write_html_question(html, frame_height))


class ExternalQuestion(Document):
    """A page of the requester's own, at an address that begins with https://.

    `frame_height`: in pixels, 0 for as much as the window has. Raises ValueError for another
    address.
    """

    def __init__(self, url: str, frame_height: int = 0) -> None:
        address = text_element("ExternalURL", url)
        height = text_element("FrameHeight", frame_height)
        super().__init__(element("ExternalQuestion", address, height, xmlns=EXTERNAL_QUESTION))


class QuestionForm(Document):
    """Questions that Mechanical Turk shows by itself, and tests of qualification types.

    Made of `Question`, and `Overview` before, between and after them. Raises ValueError for
    what the service refused, TypeError for other parts.
    """

    def __init__(self, *parts: Overview | Question) -> None:
        super().__init__(form_writer.write(parts))


class AnswerKey(Document):
    """How the test of a qualification type is scored: what its `KeyQuestion`s sum up to.

    `mapping`: how the sum becomes the value, a PercentageMapping, ScaleMapping or
    RangeMapping; without one it is the sum. Raises ValueError for what the service refused,
    TypeError for other questions or another mapping.
    """

    def __init__(self, *questions: KeyQuestion, mapping: ValueMapping | None = None) -> None:
        super().__init__(answer_key.write(questions, mapping), answer_key.read)
