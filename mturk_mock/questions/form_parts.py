"""What a QuestionForm shows and asks, for people who write one in Python. [doc]

What may be answered is in `free_text`, `selection` and `file_upload`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mturk_mock.questions.question_form import AnswerSpecification


@dataclass(frozen=True)
class Title:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; a plain str among the content is one, too."""

    text: str


@dataclass(frozen=True)
class List:
    """A list of texts."""

    items: Sequence[str]


@dataclass(frozen=True)
class FormattedContent:
    """Markup, of the part of XHTML that Mechanical Turk shows."""

    xhtml: str


@dataclass(frozen=True)
class Binary:
    """A picture, a sound or a film at an address. ``type``: image, audio or video."""

    data_url: str
    alt_text: str
    type: str = "image"
    sub_type: str | None = None


@dataclass(frozen=True)
class EmbeddedBinary:
    """Something that a plug-in of the browser shows; sizes as texts, as ``"100"``."""

    data_url: str
    alt_text: str
    width: str
    height: str
    type: str
    sub_type: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Flash:
    """A Flash film, which makes the form one of 2005-10-01."""

    movie_url: str
    width: str
    height: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JavaApplet:
    """A Java applet, which makes the form one of 2005-10-01."""

    path: str
    filename: str
    width: str
    height: str
    parameters: Mapping[str, str] = field(default_factory=dict)


#: What a choice may show.
Shown = str | Binary | FormattedContent
#: What an overview and a question may show.
Part = str | Title | Text | List | FormattedContent | Binary | EmbeddedBinary | Flash | JavaApplet
Content = Part | Sequence[Part]


@dataclass(frozen=True)
class Overview:
    """What is shown and not asked."""

    content: Content


@dataclass(frozen=True)
class Question:
    """One question: its identifier, what it shows, and what may be answered."""

    identifier: str
    content: Content
    answer: AnswerSpecification
    required: bool = False
    display_name: str | None = None
