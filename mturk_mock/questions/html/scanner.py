"""The tags of an HTML page, by the rules of the HTML standard's tokenizer.

Pages come from outside, and everything here takes time in proportion to their length: no
expression below can match the same text in two ways, and a tag or a comment without an end
takes the rest of the page, as it does in browsers. `html.parser` would be several times
slower, and slower than the API call around it.

Left out: what scripts do with "<!--", CDATA sections in SVG, and plaintext.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import entities, unescape
from operator import itemgetter
from typing import Final, NamedTuple

#: Elements in which all is text but their own end tag.
RAW_TEXT: Final = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
#: Elements in which all is text but their own end tag and character references.
ESCAPABLE_RAW_TEXT: Final = frozenset({"textarea", "title"})

_WITH_RAW_TEXT: Final = RAW_TEXT | ESCAPABLE_RAW_TEXT
#: Elements in which "/>" is the end of an element.
_FOREIGN: Final = frozenset({"svg", "math"})
_SPECIAL: Final = _WITH_RAW_TEXT | _FOREIGN

_SPACE: Final = r"\t\n\f\r\ "
_NAME: Final = rf"[^{_SPACE}/>][^{_SPACE}/>=]*"
_UNQUOTED: Final = rf"""[^{_SPACE}>"'][^{_SPACE}>]*"""

_TOKEN: Final = re.compile(
    rf"""<(?:
        (/?)([a-zA-Z][^{_SPACE}/>]*)(?=[{_SPACE}/>])
        (
            (?:
                [{_SPACE}/]+(?![{_SPACE}/])
                | {_NAME}(?![^{_SPACE}/>=])
                  (?:
                      [{_SPACE}]*=[{_SPACE}]*
                      (?:"[^"]*"|'[^']*'|{_UNQUOTED}(?![^{_SPACE}>])|(?=>))
                      | (?![{_SPACE}]*=)
                  )
            )*
        )>
        | /?[a-zA-Z].*                  # a tag without an end
        | !--(?:-?>|.*?--!?>|.*)        # a comment
        | (?:[!?]|/(?=.))[^>]*>?        # what is taken as one: <!DOCTYPE html>, <?php ?>, </>
    )""",
    re.VERBOSE | re.DOTALL,
)
_RAW_TEXT_END: Final = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII)
    for name in _WITH_RAW_TEXT
}
#: An attribute: its name; its value, in one of three groups, where it has one.
ATTRIBUTE: Final = re.compile(
    rf"""
    ({_NAME})
    (?:[{_SPACE}]*=[{_SPACE}]*(?:"([^"]*)"|'([^']*)'|({_UNQUOTED})|\Z))?
    """,
    re.VERBOSE,
)
#: In an attribute "&copy=1" is no reference, since addresses have such parameters.
_REFERENCE: Final = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|([a-zA-Z0-9]+(?:;|(?![a-zA-Z0-9=]))))"
)

_named: Final = itemgetter(0)


class Tag(NamedTuple):
    """A start or an end tag: its name in lower case, and where in the page it is.

    ``start``: the offset of its "<". ``end``: the one after its ">". ``source``: what is
    between the name and the ">".
    """

    name: str
    closing: bool
    start: int
    end: int
    source: str


def scan(html: str) -> Iterator[Tag]:
    """Yield the tags of a page in order."""
    return filter(_named, tokens(html))


def tokens(html: str) -> Iterator[Tag]:
    """Yield the tags of a page, and what is neither tag nor text as tags without a name.

    Those are comments, declarations, the text of scripts and their like, and a tag that
    has no end. What is between two of what is yielded is text with character references.
    """
    position = 0
    foreign = 0  # how many svg and math elements are open
    while position >= 0:
        matches, position = _TOKEN.finditer(html, position), -1
        for match in matches:
            slash, name, source = match.groups("")
            name = name.lower()
            tag = Tag(name, slash == "/", *match.span(), source)
            yield tag
            if name not in _SPECIAL:
                continue
            if name in _FOREIGN:
                foreign = _depth(foreign, tag)
            elif not tag.closing and not (foreign and _closes_itself(tag)):
                position = _raw_text_end(html, tag)
                if name in RAW_TEXT:
                    yield Tag("", False, tag.end, position, "")
                break


def _depth(depth: int, tag: Tag) -> int:
    if tag.closing:
        return max(depth - 1, 0)
    return depth if _closes_itself(tag) else depth + 1


def _closes_itself(tag: Tag) -> bool:
    return tag.source.endswith("/")


def _raw_text_end(html: str, tag: Tag) -> int:
    end = _RAW_TEXT_END[tag.name].search(html, tag.end)
    return len(html) if end is None else end.start()


def attributes(source: str) -> dict[str, str]:
    """Return the attributes in a tag's source: names in lower case, references resolved.

    The value is "" where there is none. Of two of the same name the first counts.
    """
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(source):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), _resolve(value))
    return found


def _resolve(value: str) -> str:
    if "&" not in value:
        return value
    return _REFERENCE.sub(_resolve_one, value)


def _resolve_one(match: re.Match[str]) -> str:
    name = match[1]
    return unescape(match[0]) if name is None else entities.html5.get(name, match[0])
