"""Well-formedness: the mock accepts the same XML as libxml2, used through lxml."""

from __future__ import annotations

import re
from html.entities import name2codepoint

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from tests.helpers import NOW, XML_ERROR
from tests.questions.document_breaks import PROSE, broken_trees, ill_formed
from tests.questions.document_writing import LOOKS
from tests.questions.documents import (
    FORMATS,
    SETTINGS,
    Desk,
    document,
    valid_documents,
    valid_trees,
)
from tests.questions.xhtml_documents import CONTENTS, NAMESPACE

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

outer_formats = pytest.mark.parametrize(
    "grammar", list(FORMATS.values())[:-1], ids=list(FORMATS)[:-1]
)

#: Typical mistakes in hand-written documents.
SLIPS = ["<", ">", "&", '"', "'", "/", "]]>", "<!--", "-->", "<?", "<a>", "</a>", "<a b=c/>", "&x;"]
SLIPS += [
    "&#65;",
    "&#0;",
    "&#xD800;",
    "<a x='1' x='1'/>",
    "<a:b/>",
    "xmlns:q=''",
    "\x00",
    "\x0b",
    " ",
]


@pytest.fixture
def desk(mturk):
    return Desk(mturk)


def lxml_parses(text):
    """Return whether libxml2 parses a document, which is UTF-8 whatever its declaration says."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8")
    try:
        etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return False
    return True


def calls_ill_formed(message):
    """Return whether a refusal is for ill-formed XML; those of a schema have the name of a rule."""
    return message is not None and message.startswith(XML_ERROR) and "cvc-" not in message


def says_identifier(message):
    """Return whether a refusal is for repeated identifiers, which no schema checks."""
    return "identifier" in (message or "").lower() and "cvc-" not in message


@outer_formats
def test_valid_document(grammar):
    """Valid documents are well-formed, which also checks the generator."""

    @SETTINGS
    @given(valid_documents(grammar))
    def check(text):
        assert lxml_parses(text)

    check()


def test_valid_formatted_content():
    """Valid FormattedContent is well-formed in its root, with HTML's entities. [doc]"""

    @SETTINGS
    @given(CONTENTS)
    def check(text):
        text = re.sub(
            r"&(\w+);",
            lambda m: m[0] if m[1] in ("amp", "lt", "gt", "quot") else chr(name2codepoint[m[1]]),
            text,
        )
        assert lxml_parses(f'<FormattedContent xmlns="{NAMESPACE}">{text}</FormattedContent>')

    check()


@outer_formats
def test_document_with_one_broken_rule(desk, grammar):
    """Documents that break a schema's rule are not refused as ill-formed."""

    @SETTINGS
    @given(broken_trees(grammar, valid_trees(grammar)), LOOKS)
    def check(broken, look):
        assume(broken.kind not in PROSE)
        text = document(grammar, broken.tree, look)
        assert lxml_parses(text)
        assert not calls_ill_formed(desk.hand_in(grammar, text))

    check()


@outer_formats
def test_document_ill_formed(desk, grammar):
    """Ill-formed documents are refused as ill-formed, and for nothing else."""

    @SETTINGS
    @given(st.data())
    def check(data):
        text = data.draw(valid_documents(grammar)).rstrip()
        _, broken = data.draw(st.sampled_from(list(ill_formed(text))))
        assert not lxml_parses(broken)
        assert calls_ill_formed(desk.hand_in(grammar, broken))

    check()


@outer_formats
def test_document_with_a_slip(desk, grammar):
    """A document with a mistake is refused as ill-formed exactly if libxml2 refuses it.

    Only in ASCII, because the two follow different editions of the rules for names; and after the
    root's start tag, because libxml2 checks the addresses of namespaces.
    """

    @SETTINGS
    @given(st.data())
    def check(data):
        text = data.draw(valid_documents(grammar)).encode("ascii", "xmlcharrefreplace").decode()
        start = text.index(">", text.rindex(grammar.namespace)) + 1
        where = data.draw(st.integers(start, len(text)))
        cut = data.draw(st.integers(0, 3))
        slip = data.draw(st.sampled_from(["", *SLIPS]))
        text = text[:where] + slip + text[where + cut :]
        said = desk.hand_in(grammar, text)
        assume(not says_identifier(said))
        assert calls_ill_formed(said) == (not lxml_parses(text))

    check()
