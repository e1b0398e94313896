"""The content of a QuestionForm. [doc]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Title:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; a plain str in the content means the same."""

    text: str


@dataclass(frozen=True)
class List:
    """A list of texts."""

    items: Sequence[str]


@dataclass(frozen=True)
class FormattedContent:
    """Markup, in the subset of XHTML that Mechanical Turk accepts."""

    xhtml: str


@dataclass(frozen=True)
class Binary:
    """An image, audio or video file at a URL. ``type``: image, audio or video."""

    data_url: str
    alt_text: str
    type: str = "image"
    sub_type: str | None = None


@dataclass(frozen=True)
class EmbeddedBinary:
    """An object for a browser plug-in. ``width`` and ``height`` are str, such as ``"100"``."""

    data_url: str
    alt_text: str
    width: str
    height: str
    type: str
    sub_type: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Flash:
    """A Flash movie. Requires version 2005-10-01 of QuestionForm."""

    movie_url: str
    width: str
    height: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JavaApplet:
    """A Java applet. Requires version 2005-10-01 of QuestionForm."""

    path: str
    filename: str
    width: str
    height: str
    parameters: Mapping[str, str] = field(default_factory=dict)


#: The label of a choice.
ChoiceLabel = str | Binary | FormattedContent
#: The content of an overview or a question.
ContentPart = (
    str | Title | Text | List | FormattedContent | Binary | EmbeddedBinary | Flash | JavaApplet
)
Content = ContentPart | Sequence[ContentPart]
