"""Validation of HTML pages: rejects the errors that the service is known to reject.

The service runs an HTML5 validator on each page and quotes its messages. [observed] Every
other page that browsers can read is accepted. [assumed]
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import entities
from typing import Final

from mturk_mock.core import errors
from mturk_mock.questions.html import scanner
from mturk_mock.questions.html.scanner import Tag

#: The offset of a problem in the page, and the validator's message.
Problem = tuple[int, str]
#: The start and the end of a part of the page, as offsets; the end is not included.
Span = tuple[int, int]

_SECOND_BODY: Final = "An “body” start tag seen but an element of the same type was already open."
_NO_SPACE: Final = "No space between attributes."
_UNCLOSED: Final = "Unclosed element “{}”."
_BARE: Final = (
    "“&” did not start a character reference. (“&” probably should have been escaped as “&amp;”.)"
)

#: The maximum number of problems that a message lists.
_MOST_LISTED: Final = 20

_FORM_ELEMENTS: Final = frozenset({"form", "crowd-form", "select", "textarea", "button"})
_FORM_TAGS: Final = _FORM_ELEMENTS | {f"/{name}" for name in _FORM_ELEMENTS}
_AMPERSAND: Final = re.compile(r"&(?:(#[0-9]+;|#[xX][0-9a-fA-F]+;)|([a-zA-Z0-9]+;))?")


def check_html(html: str, filled: Sequence[Span] = ()) -> None:
    """Raise the service's error, with the problems, for a page that is not HTML5.

    `filled`: the spans of layout parameters' values; an "&" in them must begin a character
    reference. [observed]
    """
    if not filled and _is_surely_valid(html):
        return
    tags = list(scanner.scan_tags(html))
    problems = [*_find_second_bodies(tags), *_find_unclosed(tags), *_find_missing_spaces(tags)]
    if filled:
        problems += _find_bare_ampersands(html, sorted(filled))
    if problems:
        raise errors.HTML5_PARSE_ERROR(problems=_describe(html, problems), content=html)


def _is_surely_valid(html: str) -> bool:
    """Return whether the names of a page's tags are enough to show that it is valid.

    They are for most pages: all tags are plain, each form element is closed before the next
    one opens, and there is at most one body.
    """
    names = scanner.plain_tag_names(html)
    if names is None:
        return False
    own = [name for name in names if name in _FORM_TAGS]
    is_paired = own[1::2] == [f"/{name}" for name in own[::2]]
    return is_paired and names.count("body") <= 1


def _find_second_bodies(tags: list[Tag]) -> list[Problem]:
    """Find every start tag of `body` after the first; the place is its ">". [observed]"""
    bodies = [tag for tag in tags if tag.name == "body" and not tag.closing]
    return [(tag.end - 1, _SECOND_BODY) for tag in bodies[1:]]


def _find_unclosed(tags: list[Tag]) -> list[Problem]:
    """Find form elements without an end tag; the message and the place, ">", are [assumed].

    An end tag closes the last open element of its name. A form in a form is ignored, so any
    end tag closes the open form. [HTML standard]
    """
    opened: dict[str, list[Tag]] = {name: [] for name in _FORM_ELEMENTS}
    for tag in tags:
        same = opened.get(tag.name, [])
        if tag.closing:
            del same[-1:]
        elif tag.name != "form" or not same:
            same.append(tag)
    return [(tag.end - 1, _UNCLOSED.format(tag.name)) for left in opened.values() for tag in left]


def _find_missing_spaces(tags: list[Tag]) -> Iterator[Problem]:
    """Find attributes that follow a quoted value without a space. [observed]"""
    for tag in tags:
        if tag.closing:
            continue
        start = tag.end - 1 - len(tag.source)
        previous = -1
        for match in scanner.ATTRIBUTE.finditer(tag.source):
            if match.start() == previous:
                yield start + previous, _NO_SPACE
            previous = match.end()


def _find_bare_ampersands(html: str, filled: list[Span]) -> list[Problem]:
    """Find each "&" in a filled-in value that is no reference; the message is [assumed].

    Text and attribute values are checked, but not scripts and comments. A reference must end
    with a semicolon. [assumed]
    """
    offsets = [place for place in _ampersands(html) if _is_within(place, filled)]
    if offsets:
        spans = list(_spans_with_references(html))
        offsets = [offset for offset in offsets if _is_within(offset, spans)]
    return [(offset, _BARE) for offset in offsets]


def _ampersands(html: str) -> Iterator[int]:
    for match in _AMPERSAND.finditer(html):
        number, name = match.groups()
        if number is None and name not in entities.html5:
            yield match.start()


def _spans_with_references(html: str) -> Iterator[Span]:
    """Yield the spans that can contain character references, in order: text and values."""
    end = 0
    for token in scanner.scan_tokens(html):
        yield end, token.start
        end = token.end
        if not token.closing:
            start = end - 1 - len(token.source)
            for match in scanner.ATTRIBUTE.finditer(token.source):
                low, high = max(match.span(group) for group in (2, 3, 4))
                if low >= 0:
                    yield start + low, start + high
    yield end, len(html)


def _is_within(offset: int, spans: list[Span]) -> bool:
    """Return whether an offset is in one of the sorted spans."""
    index = bisect_right(spans, (offset, math.inf)) - 1
    return index >= 0 and offset < spans[index][1]


def _describe(html: str, problems: list[Problem]) -> str:
    """Return the problems in page order; lines and columns count from 1. [observed]

    Only the first 20 are listed. [assumed]
    """
    lines = [0, *(match.end() for match in re.finditer("\n", html))]
    texts = []
    for offset, text in sorted(problems)[:_MOST_LISTED]:
        line = bisect_right(lines, offset)
        texts.append(f"<! [{line},{offset - lines[line - 1] + 1}] {text} !>")
    return " ".join(texts)
