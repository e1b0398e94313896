"""The content of a QuestionForm as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from mturk_mock.questions.fields import shown
from mturk_mock.server.worker.formatted import read_plain_text, write_formatted_content

#: The types of files that browsers show.
_MEDIA: Final = ("image", "audio", "video")


@dataclass(frozen=True)
class Piece:
    """One piece of content. ``kind`` chooses its markup in the template.

    ``text``: a text, or the alternative text of a file. ``words``: the piece as plain text.
    ``markup``: the HTML of a FormattedContent. ``url``, ``width``, ``height``: of a file.
    """

    kind: str
    text: str = ""
    words: str = ""
    items: tuple[str, ...] = ()
    markup: Markup | None = None
    url: str = ""
    width: str | None = None
    height: str | None = None


def show_content(content: shown.Content) -> list[Piece]:
    """Return the pieces of an overview, or of a question."""
    parts = content if isinstance(content, (list, tuple)) else [content]
    return list(map(show_part, parts))


def show_part(part: shown.ContentPart) -> Piece:
    """Return a part of the content, or the label of a choice."""
    match part:
        case str(text):
            return Piece("label", text.strip(), _in_one_line(text))
        case shown.Title(text):
            return Piece("title", text.strip(), _in_one_line(text))
        case shown.Text(text):
            return Piece("text", text.strip(), _in_one_line(text))
        case shown.List(items):
            return Piece("list", items=tuple(items))
        case shown.FormattedContent(xhtml):
            words = read_plain_text(xhtml)
            return Piece("formatted", words=words, markup=write_formatted_content(xhtml))
        case shown.Binary(url, alternative, type):
            return Piece(type, alternative, url=url)
        case shown.EmbeddedBinary():
            kind = part.type.strip().lower()
            kind = kind if kind in _MEDIA else "object"
            return Piece(
                kind, part.alt_text, url=part.data_url, width=part.width, height=part.height
            )
        case shown.Flash(url):
            return Piece("flash", url=url)
    return Piece("applet", part.filename, url=part.path)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
