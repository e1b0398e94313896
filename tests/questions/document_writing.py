"""Trees written as XML, in all equivalent ways."""

from __future__ import annotations

from dataclasses import dataclass
from html.entities import codepoint2name
from itertools import cycle

from hypothesis import strategies as st

from tests.questions.document_trees import Grammar, Node

XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Look:
    """How a document is written; values in a tuple take turns.

    ``between``: text between elements. ``cdata``: whether a text is a CDATA section.
    ``references``: whether characters beyond ASCII are references, with ``entities`` those of HTML.
    """

    declaration: str = ""
    quote: str = '"'
    prefix: str = ""
    schema_location: bool = False
    between: tuple[str, ...] = ("",)
    cdata: tuple[bool, ...] = (False,)
    references: bool = False
    entities: bool = False


PLAIN = Look()
LOOKS = st.builds(
    Look,
    st.sampled_from(
        [
            "",
            '<?xml version="1.0"?>',
            "<?xml version='1.0' encoding='UTF-8'?>\n",
            '<?xml version="1.0" encoding="utf-8" standalone="yes" ?>',
        ]
    ),
    st.sampled_from("\"'"),
    st.sampled_from(["", "", "q", "ns-0.a"]),
    st.booleans(),
    st.lists(
        st.sampled_from(
            ["", " ", "\n  ", "\t\r\n", "<!-- <b> & - ]]> -->", "<?style a='<' b & c?>", "<!---->"]
        ),
        min_size=1,
        max_size=5,
    ).map(tuple),
    st.lists(st.booleans(), min_size=1, max_size=5).map(tuple),
    st.booleans(),
)
INNER_LOOKS = st.builds(
    Look, quote=st.sampled_from("\"'"), references=st.booleans(), entities=st.booleans()
)


class Writer:
    """Writes one tree in one look."""

    def __init__(self, look: Look, namespace: str | None) -> None:
        self.look = look
        self.namespace = namespace
        self.prefix = look.prefix + ":" if look.prefix and namespace else ""
        self.between = cycle(look.between)
        self.cdata = cycle(look.cdata)

    def document(self, root: Node) -> str:
        """Return the whole document."""
        before, after = next(self.between), next(self.between)
        return self.look.declaration + before + self.element(root, self._root_attributes()) + after

    def _root_attributes(self) -> tuple[tuple[str, str], ...]:
        colon = ":" + self.look.prefix if self.prefix else ""
        declared = (("xmlns" + colon, self.namespace),) if self.namespace else ()
        if not self.look.schema_location:
            return declared
        location = f"{self.namespace} {self.namespace}"
        return (*declared, ("xmlns:xsi", XSI), ("xsi:schemaLocation", location))

    def element(self, node: Node, declared: tuple[tuple[str, str], ...] = ()) -> str:
        """Return one element as XML."""
        name = self.prefix + node.tag
        if node.namespace is not None:
            name, declared = node.tag, (("xmlns", node.namespace),)
        attributes = "".join(map(self._attribute, (*declared, *node.attributes)))
        inner = self.content(node)
        if not inner:
            return f"<{name}{attributes}/>"
        return f"<{name}{attributes}>{inner}</{name}>"

    def content(self, node: Node) -> str:
        """Return the content of an element; without text, something between its children."""
        pieces = [
            self._text(each) if isinstance(each, str) else self.element(each)
            for each in node.content
        ]
        if not pieces or len(node.children) < len(pieces):
            return "".join(pieces)
        return "".join(next(self.between) + piece for piece in pieces) + next(self.between)

    def _attribute(self, pair: tuple[str, str]) -> str:
        quote = self.look.quote
        value = self._escaped(pair[1]).replace("\n", "&#10;").replace("\t", "&#9;")
        value = value.replace(quote, "&quot;" if quote == '"' else "&#39;")
        return f" {pair[0]}={quote}{value}{quote}"

    def _text(self, text: str) -> str:
        if next(self.cdata) and "]]>" not in text:
            return f"<![CDATA[{text}]]>"
        return self._escaped(text)

    def _escaped(self, text: str) -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace("\r", "&#13;")
        if self.look.entities:
            text = "".join(_entity(letter) for letter in text)
        return text.encode("ascii", "xmlcharrefreplace").decode() if self.look.references else text


def _entity(letter: str) -> str:
    name = codepoint2name.get(ord(letter))
    return f"&{name};" if name and not letter.isascii() else letter


def written(grammar: Grammar, tree: Node, look: Look = PLAIN) -> str:
    """Return the document of a tree as XML."""
    return Writer(look, grammar.namespace).document(tree)


def written_inside(tree: Node, look: Look = PLAIN) -> str:
    """Return the content of the root of a tree, as in FormattedContent."""
    return Writer(look, None).content(tree)
