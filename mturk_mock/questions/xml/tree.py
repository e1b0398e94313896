"""A safe parser of untrusted XML, and a writer of XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat
from xml.sax.saxutils import escape

from mturk_mock.core.quoting import shorten

#: The base URL of all schemas. A document's namespace is the URL of its schema.
SCHEMAS: Final = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"

#: Characters that XML 1.0 does not allow, not even as references.
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_AMPERSAND: Final = re.compile(r"&[\w#]*$")
#: What can precede a document type declaration: white space, comments, instructions.
_PROLOG: Final = re.compile(r"\A\ufeff?(?:[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE: Final = re.compile(r"\A<!DOCTYPE[ \t\r\n]+([^ \t\r\n<>\[\]\"'&]+)")
_LINE_END: Final = re.compile("\r\n|\n|\r")


class Place(NamedTuple):
    """A position in a document; both numbers count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(eq=False)
class NotWellFormed(Exception):
    """A document that is not well-formed, or has a document type declaration.

    ``problem``: the parser's message. ``place``: where it is. ``hint``: how to correct it.
    """

    problem: str
    place: Place
    hint: str


def parse_xml(text: str) -> Element:
    """Return the root of a document; raise NotWellFormed for malformed XML or a DOCTYPE.

    A DOCTYPE, and with it every custom entity, is rejected before a parser reads it.
    """
    start = _PROLOG.search(text).end()  # type: ignore[union-attr]  # it matches any text
    if doctype := _DOCTYPE.search(text[start:]):
        prolog = text[:start]
        _parse(
            f"{prolog}<a/>", ElementTree.TreeBuilder()
        )  # raises for a problem before the DOCTYPE
        before = _LINE_END.split(prolog)
        raise NotWellFormed(
            f"a document type declaration ('{doctype[1]}') is not allowed",
            Place(len(before), len(before[-1]) + 1),
            "remove <!DOCTYPE ...>; the DOCTYPE of an HTML page belongs in its CDATA",
        )
    return _parse(text, ElementTree.TreeBuilder())


def parse_own_xml(text: str) -> Element:
    """Return the root of a document that the mock wrote; a DOCTYPE and comments are allowed.

    The tag of a comment is not a str. Raises NotWellFormed.
    """
    return _parse(text, ElementTree.TreeBuilder(insert_comments=True))


def _parse(text: str, target: ElementTree.TreeBuilder) -> Element:
    # As bytes, because a str whose declaration names an encoding cannot be parsed. The parser
    # rejects lone surrogates, which JSON can contain.
    content = text.encode(errors="surrogatepass")
    parser = ElementTree.XMLParser(target=target, encoding="utf-8")
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ElementTree.ParseError as problem:
        raise _not_well_formed(text, problem) from None
    finally:
        del parser  # Python 3.12 crashes at exit if a traceback keeps the parser alive
    return root


def _not_well_formed(text: str, problem: ElementTree.ParseError) -> NotWellFormed:
    line_number, column = problem.position
    line = _LINE_END.split(text)[line_number - 1]
    near = f"near {line[max(column - 15, 0) : column + 15].strip()!r}"
    if _AMPERSAND.search(line[:column]):
        near += "; write & as &amp; in XML"
    return NotWellFormed(expat.ErrorString(problem.code), Place(line_number, column + 1), near)


def place_of(text: str, root: Element, element: Element) -> Place:
    """Return the place where an element begins, by parsing the document again."""
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    seen: list[Place] = []
    parser = expat.ParserCreate("utf-8")

    def note(name: str, attributes: Any) -> None:
        seen.append(Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    parser.StartElementHandler = note
    parser.Parse(text.encode(errors="surrogatepass"), True)
    return seen[elements.index(element)]


def path_of(root: Element, element: Element) -> str:
    """Return the path of an element, such as ``QuestionForm/Question[2]/QuestionContent``."""
    parents = {child: parent for parent in root.iter() for child in parent}
    steps: list[str] = []
    while element in parents:
        same = [each for each in parents[element] if each.tag == element.tag]
        number = f"[{same.index(element) + 1}]" if len(same) > 1 else ""
        steps.append(local_name(element) + number)
        element = parents[element]
    return "/".join([local_name(root), *reversed(steps)])


def local_name(element: Element) -> str:
    """Return an element's name without its namespace, cut if it is long."""
    return shorten(element.tag.rpartition("}")[2])


def namespace_of(element: Element) -> str:
    """Return an element's namespace; "" if it has none."""
    return element.tag.rpartition("}")[0].removeprefix("{")


def child_text(element: Element, name: str) -> str:
    """Return the text of a child, in the element's own namespace; "" if there is no child."""
    return element.findtext(f"{{{namespace_of(element)}}}{name}", "")


def find_descendant(element: Element, name: str) -> Element | None:
    """Return the first descendant of this name; None if there is none."""
    return next(descendants(element, name), None)


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Yield the descendants of this name, in the element's own namespace."""
    return element.iter(f"{{{namespace_of(element)}}}{name}")


# Writing ------------------------------------------------------------------------------------

_IN_ATTRIBUTES: Final = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def element(name: str, *content: str, **attributes: object) -> str:
    """Return an element with markup as its content. Attributes that are None are omitted."""
    start = name + "".join(
        f' {key}="{escape(str(value), _IN_ATTRIBUTES)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return _enclose(start, name, "".join(content))


def _enclose(start: str, name: str, inner: str) -> str:
    return f"<{start}>{inner}</{name}>" if inner else f"<{start}/>"


def text_element(name: str, text: object) -> str:
    """Return an element with a text as its content."""
    return _enclose(name, name, escape(str(text), {"\r": "&#13;"}))


def text_elements(**texts: object) -> str:
    """Return an element for each text, by name. Texts that are None are omitted."""
    return "".join([text_element(name, text) for name, text in texts.items() if text is not None])


def cdata(text: str) -> str:
    """Return a text as CDATA; a ``]]>`` in it is split into two sections."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
