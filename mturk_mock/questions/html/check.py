"""What the service refused of HTML pages, as far as it can be told surely.

The service had a validator of HTML5 look at each page, whose words its errors cite.
[observed] All else that browsers read is accepted. [assumed]
"""

from __future__ import annotations

import functools
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import entities
from typing import Final

from mturk_mock.core import errors
from mturk_mock.questions.html import scanner
from mturk_mock.questions.html.scanner import Tag

#: Where in the page, an offset, and what is wrong there.
Problem = tuple[int, str]
#: From which offset in the page to which, the latter not included.
Span = tuple[int, int]

_SECOND_BODY: Final = "An “body” start tag seen but an element of the same type was already open."
_GLUED: Final = "No space between attributes."
_UNCLOSED: Final = "Unclosed element “{}”."
_BARE: Final = (
    "“&” did not start a character reference. (“&” probably should have been escaped as “&amp;”.)"
)

_FORM_ELEMENTS: Final = frozenset({"form", "crowd-form", "select", "textarea", "button"})

#: In every page with attributes that are glued together, and in few others.
_MAYBE_GLUED: Final = re.compile(r"""=[\t\n\f\r ]*(?:"[^"]*"|'[^']*')[^\t\n\f\r />]""")
#: What follows a "<" that begins a plain tag, or a doctype: its name, with the slash of an end.
#: Attributes are as the scanner's; quotes are in their values only, and not glued to the next.
_PLAIN_TAG: Final = re.compile(
    r"""
    (?:
        (/?[a-zA-Z][a-zA-Z0-9-]*)(?=[\t\n\f\r\ />])
        (?:
            [\t\n\f\r\ /]+(?![\t\n\f\r\ /])
            (?:
                [^\t\n\f\r\ />="']+(?![^\t\n\f\r\ />=])
                (?:
                    =(?:
                        (?:"[^"]*"|'[^']*')(?=[\t\n\f\r\ />])
                        | [^\t\n\f\r\ >"'=`]+(?=[\t\n\f\r\ >])
                    )
                    | (?=[\t\n\f\r\ />])
                )
            )?
        )*
        | (![dD][oO][cC][tT][yY][pP][eE])(?=[\t\n\f\r\ >])[^>]*
    )>
    """,
    re.VERBOSE,
)
#: Characters of a piece of a page that is remembered at most: longer ones are pictures, or text.
_LONGEST_KEPT: Final = 2_000
#: Elements in which a "<" is no tag, svg and math, where some things are otherwise, among them.
_WITH_TEXT: Final = scanner.RAW_TEXT | scanner.ESCAPABLE_RAW_TEXT | {"svg", "math"}
_OF_NOTE: Final = _FORM_ELEMENTS | _WITH_TEXT | {"body"}
_AMPERSAND: Final = re.compile(r"&(?:(#[0-9]+;|#[xX][0-9a-fA-F]+;)|([a-zA-Z0-9]+;))?")


def check(html: str, filled: Sequence[Span] = ()) -> None:
    """Refuse a page that is not HTML5, by the service's error with all that is wrong.

    `filled`: what the parameters of a layout have put into the page; an "&" in there
    must begin a character reference. [observed]
    """
    if not filled and _is_surely_right(html):
        return
    tags = list(scanner.scan(html))
    problems = [*_second_bodies(tags), *_unclosed(tags)]
    if _MAYBE_GLUED.search(html):
        problems += _glued(tags)
    if filled:
        problems += _bare_ampersands(html, sorted(filled))
    if problems:
        raise errors.HTML5_PARSE_ERROR(problems=_describe(html, problems), content=html)


def _is_surely_right(html: str) -> bool:
    """Tell whether a page is right, as far as that can be told without reading it tag by tag.

    Most pages are, and reading them took most of the time of CreateHIT. Where each "<" begins
    a plain tag, the tags are known; texts such as scripts must end before the next one.
    """
    names = [_plain_name(piece) for piece in html.split("<")[1:]]
    if None in names:
        return False
    of_note = [name for name in names if name]
    if not _WITH_TEXT.isdisjoint(of_note):
        pairs = zip(names, [*names[1:], ""], strict=True)
        if any(this in _WITH_TEXT and following != f"/{this}" for this, following in pairs):
            return False
    own = [name for name in of_note if name.removeprefix("/") in _FORM_ELEMENTS]
    is_paired = own[1::2] == [f"/{name}" for name in own[::2]]
    return is_paired and of_note.count("body") <= 1


def _plain_name(piece: str) -> str | None:
    """Return the name of the plain tag that a piece of a page begins with, up to the next "<".

    Empty if nothing depends on it; None if that is no plain tag, or its attributes are glued.
    """
    return _kept_name(piece) if len(piece) <= _LONGEST_KEPT else _read_name(piece)


def _read_name(piece: str) -> str | None:
    tag = _PLAIN_TAG.match(piece)
    if tag is None:
        return None
    name = (tag[1] or tag[2]).lower()
    return name if name.removeprefix("/") in _OF_NOTE else ""


#: Pages are made of pieces that come again, in themselves and in the pages of the same
#: template: the look at a page of 122 tags takes a third of the time.
_kept_name = functools.lru_cache(maxsize=1000)(_read_name)


def _second_bodies(tags: list[Tag]) -> list[Problem]:
    """Find the start tags of `body` but the first; their place is the ">". [observed]"""
    bodies = [tag for tag in tags if tag.name == "body" and not tag.closing]
    return [(tag.end - 1, _SECOND_BODY) for tag in bodies[1:]]


def _unclosed(tags: list[Tag]) -> list[Problem]:
    """Find the form elements that are open at the end. [assumed] text, and the ">" as place

    An end tag closes the last one of its name that is open. A form in a form is passed
    over, and any end closes the form that is open. [HTML standard]
    """
    opened: dict[str, list[Tag]] = {name: [] for name in _FORM_ELEMENTS}
    for tag in tags:
        if tag.name in _FORM_ELEMENTS:
            same = opened[tag.name]
            if not tag.closing:
                if tag.name != "form" or not same:
                    same.append(tag)
            elif same:
                same.pop()
    return [(tag.end - 1, _UNCLOSED.format(tag.name)) for left in opened.values() for tag in left]


def _glued(tags: list[Tag]) -> Iterator[Problem]:
    """Find the attributes that begin right after a quoted value. [observed]"""
    for tag in tags:
        if tag.closing:
            continue
        start = tag.end - 1 - len(tag.source)
        previous = -1
        for match in scanner.ATTRIBUTE.finditer(tag.source):
            if match.start() == previous:
                yield start + previous, _GLUED
            previous = match.end()


def _bare_ampersands(html: str, filled: list[Span]) -> list[Problem]:
    """Find each "&" in what was filled in that begins no character reference. [assumed] text

    It counts in text and in the values of attributes, and not in scripts and comments. Only
    references that end with a semicolon are taken as such. [assumed]
    """
    offsets = [place for place in _ampersands(html) if _is_within(place, filled)]
    if offsets:
        spans = list(_with_references(html))
        offsets = [offset for offset in offsets if _is_within(offset, spans)]
    return [(offset, _BARE) for offset in offsets]


def _ampersands(html: str) -> Iterator[int]:
    for match in _AMPERSAND.finditer(html):
        number, name = match.groups()
        if number is None and name not in entities.html5:
            yield match.start()


def _with_references(html: str) -> Iterator[Span]:
    """Yield, in order, where in a page there are character references: texts and values."""
    end = 0
    for token in scanner.tokens(html):
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
    """Tell whether an offset is in one of the spans, which are in order."""
    index = bisect_right(spans, (offset, math.inf)) - 1
    return index >= 0 and offset < spans[index][1]


def _describe(html: str, problems: list[Problem]) -> str:
    """Return the problems in order of place, with lines and columns from 1. [observed]"""
    lines = [0, *(match.end() for match in re.finditer("\n", html))]
    texts = []
    for offset, text in sorted(problems):
        line = bisect_right(lines, offset)
        texts.append(f"<! [{line},{offset - lines[line - 1] + 1}] {text} !>")
    return " ".join(texts)
