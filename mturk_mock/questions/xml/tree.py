"""Reading XML that comes from outside, safely, and writing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, NoReturn
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

#: Where the schemas of all documents live; a document's namespace is its schema's URL.
SCHEMAS: Final = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"

#: What XML 1.0 cannot carry, even as a reference.
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_AMPERSAND: Final = r"&[\w#]*$"
_DOCTYPE: Final = "<!DOCTYPE"
_LINE_END: Final = "\r\n|\n|\r"


class Place(NamedTuple):
    """Where something is in a document; both count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class NotWellFormed(Exception):
    """A document that is no XML, or has a document type declaration, which none may have.

    ``problem``: what is wrong. ``place``: where. ``hint``: what stands there, for people.
    """

    def __init__(self, problem: str, place: Place, hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place
        self.hint = hint


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree and refuses document type declarations, and so all entities of their own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        before = re.split(_LINE_END, self._text[: self._text.index(_DOCTYPE)])
        raise NotWellFormed(
            f"a document type declaration ('{name}') is not allowed",
            Place(len(before), len(before[-1]) + 1),
            "leave <!DOCTYPE ...> out; the DOCTYPE of an HTML page stands in its CDATA",
        )


def parse(text: str) -> Element:
    """Return the root of a document; NotWellFormed if it is none, or has a DOCTYPE."""
    # A builder in Python takes three times as long: only what might have a declaration gets it.
    return _parse(text, _Builder(text) if _DOCTYPE in text else None)


def parse_own(text: str) -> Element:
    """Return the root of a document whose beginning is ours, DOCTYPE and all, with its comments.

    A comment is an element whose tag is no text. Raises NotWellFormed.
    """
    return _parse(text, ElementTree.TreeBuilder(insert_comments=True))


def _parse(text: str, target: ElementTree.TreeBuilder | None) -> Element:
    # Bytes, because a text with an encoding in its declaration cannot be parsed as text;
    # half a letter, which JSON can carry, is left for the parser to refuse.
    content = text.encode(errors="surrogatepass")
    parser = ElementTree.XMLParser(target=target, encoding="utf-8")
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ElementTree.ParseError as problem:
        raise _not_well_formed(text, problem) from None
    finally:
        del parser  # a traceback that lives to the program's end must not: Python 3.12 crashes
    return root


def _not_well_formed(text: str, problem: ElementTree.ParseError) -> NotWellFormed:
    line_number, column = problem.position
    line = re.split(_LINE_END, text)[line_number - 1]
    near = f"near {line[max(column - 15, 0) : column + 15].strip()!r}"
    if re.search(_AMPERSAND, line[:column]):
        near += "; & is written &amp; in XML"
    return NotWellFormed(expat.ErrorString(problem.code), Place(line_number, column + 1), near)


def place_of(text: str, root: Element, element: Element) -> Place:
    """Return where an element of a document begins, by reading it once more."""
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    number = next(index for index, each in enumerate(elements) if each is element)
    seen: list[Place] = []
    parser = expat.ParserCreate("utf-8")

    def note(name: str, attributes: Any) -> None:
        if len(seen) <= number:
            seen.append(Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    parser.StartElementHandler = note
    parser.Parse(text.encode(errors="surrogatepass"), True)
    return seen[number]


def path_of(root: Element, element: Element) -> str:
    """Return the way to an element: ``QuestionForm/Question[2]/QuestionContent``."""
    parents = {child: parent for parent in root.iter() for child in parent}
    steps: list[str] = []
    while element in parents:
        same = [each for each in parents[element] if each.tag == element.tag]
        number = f"[{same.index(element) + 1}]" if len(same) > 1 else ""
        steps.append(local_name(element) + number)
        element = parents[element]
    return "/".join([local_name(root), *reversed(steps)])


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace_of(element: Element) -> str:
    """Return an element's namespace, empty if it has none."""
    return element.tag.rpartition("}")[0].removeprefix("{")


def child_text(element: Element, name: str) -> str:
    """Return the text of the child of this name in the element's own namespace; "" without."""
    return element.findtext(f"{{{namespace_of(element)}}}{name}", "")


def each(element: Element, name: str) -> Iterator[Element]:
    """Return all elements of a name below an element, in its own namespace."""
    return element.iter(f"{{{namespace_of(element)}}}{name}")


# Writing ------------------------------------------------------------------------------------


def element(name: str, *content: str, **attributes: object) -> str:
    """Return an element around markup; attributes that are None are left out."""
    inner = "".join(content)
    start = name + "".join(
        f' {key}="{_escaped_attribute(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{start}>{inner}</{name}>" if inner else f"<{start}/>"


def text_element(name: str, text: object) -> str:
    """Return an element around a text."""
    return element(name, escape(str(text)).replace("\r", "&#13;"))


def cdata(text: str) -> str:
    """Return a text as CDATA; a ``]]>`` in it is parted over two sections."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def escape(text: str) -> str:
    """Return a text as markup. That of `xml.sax.saxutils` would load all of `xml.sax`: 1 ms."""
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def _escaped_attribute(text: str) -> str:
    text = escape(text).replace('"', "&quot;").replace("\n", "&#10;")
    return text.replace("\r", "&#13;").replace("\t", "&#9;")
