"""A scanner of HTML tags, by the tokenizer rules of the HTML standard.

Pages are untrusted input, so all functions take linear time: no expression below can match
the same text in two ways, and a tag or comment without an end takes the rest of the page, as
in browsers. Unlike those of `html.parser`, the results do not depend on the Python version.

Not supported: "<!--" in scripts, CDATA sections in SVG, and plaintext.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import entities, unescape
from typing import Final, NamedTuple

#: Elements that contain only text, up to their own end tag.
RAW_TEXT: Final = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
#: Elements that contain only text and character references, up to their own end tag.
ESCAPABLE_RAW_TEXT: Final = frozenset({"textarea", "title"})

_WITH_RAW_TEXT: Final = RAW_TEXT | ESCAPABLE_RAW_TEXT
#: Elements in which "/>" closes an element.
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
        | (?:[!?]|/(?=.))[^>]*>?        # treated as a comment: <!DOCTYPE html>, <?php ?>, </>
    )""",
    re.VERBOSE | re.DOTALL,
)
#: A plain tag of the above grammar, or a doctype. In a plain tag, quotes are only around values,
#: names have no "=" or quote, and a space or "/" is between attributes.
_PLAIN_TAG: Final = re.compile(
    rf"""<(?:
        (/?[a-zA-Z][a-zA-Z0-9-]*)
        (?:
            >
            | (?:
                [{_SPACE}/]+(?![{_SPACE}/])
                (?:
                    [^{_SPACE}/><="']+
                    (?:=(?:"[^"<]*"|'[^'<]*'|[^{_SPACE}><"'=`]+(?=[{_SPACE}>])))?
                    (?=[{_SPACE}/>])
                )?
            )+>
        )
        | ![dD][oO][cC][tT][yY][pP][eE](?=[{_SPACE}>])[^><]*>
    )""",
    re.VERBOSE,
)
_RAW_TEXT_END: Final = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII)
    for name in _WITH_RAW_TEXT
}
#: An attribute: its name, and its value, if any, in one of three groups.
ATTRIBUTE: Final = re.compile(
    rf"""
    ({_NAME})
    (?:[{_SPACE}]*=[{_SPACE}]*(?:"([^"]*)"|'([^']*)'|({_UNQUOTED})|\Z))?
    """,
    re.VERBOSE,
)
#: A character reference in an attribute. "&copy=1" is none, because URLs have such parameters.
_REFERENCE: Final = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|([a-zA-Z0-9]+(?:;|(?![a-zA-Z0-9=]))))"
)


class Tag(NamedTuple):
    """A start or end tag.

    ``name``: in lower case. ``start``: the offset of its "<". ``end``: the offset after its
    ">". ``source``: the text between the name and the ">".
    """

    name: str
    closing: bool
    start: int
    end: int
    source: str


def scan_tags(html: str) -> Iterator[Tag]:
    """Yield the tags of a page in order."""
    return (token for token in scan_tokens(html) if token.name)


def plain_tag_names(html: str) -> list[str] | None:
    """Return the names of a page's tags without reading each tag; None unless all are plain.

    End tags have a "/" before the name; a doctype is an empty name. A "<" that begins no plain
    tag, even in a script, and a foreign element with content make the result None.
    """
    names = [name.lower() for name in _PLAIN_TAG.findall(html)]
    if len(names) < html.count("<"):
        return None
    for name, following in zip(names, [*names, ""][1:], strict=True):
        if name in _SPECIAL and following != f"/{name}":
            return None
    return names


def scan_tokens(html: str) -> Iterator[Tag]:
    """Yield the tags of a page, and everything else except text as tags without a name.

    These are comments, declarations, the text of raw text elements, and a tag without an
    end. Text between two yielded tags can contain character references.
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
            elif not tag.closing and not (foreign and source.endswith("/")):
                position = _raw_text_end(html, tag)
                if name in RAW_TEXT:
                    yield Tag("", False, tag.end, position, "")
                break


def _depth(depth: int, tag: Tag) -> int:
    if tag.closing:
        return max(depth - 1, 0)
    return depth if tag.source.endswith("/") else depth + 1


def _raw_text_end(html: str, tag: Tag) -> int:
    end = _RAW_TEXT_END[tag.name].search(html, tag.end)
    return len(html) if end is None else end.start()


def read_attributes(source: str) -> dict[str, str]:
    """Return the attributes in a tag's source: names in lower case, references resolved.

    An attribute without a value has the value "". If a name is repeated, the first one counts.
    """
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(source):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), _REFERENCE.sub(_resolve, value))
    return found


def _resolve(match: re.Match[str]) -> str:
    name = match[1]
    return unescape(match[0]) if name is None else entities.html5.get(name, match[0])
