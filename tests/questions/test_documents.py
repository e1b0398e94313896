"""Valid documents are accepted, and documents that break a single rule refused. [doc]

The documents are generated from the description of the formats, not from the checker's tables.
"""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.helpers import NOW, XML_ERROR
from tests.questions import document_grammars as grammars
from tests.questions.document_breaks import (
    LARGEST,
    breaks_at,
    broken_trees,
    ill_formed,
    padded,
    with_doctype,
)
from tests.questions.document_trees import smallest, specimens
from tests.questions.document_writing import LOOKS, PLAIN, written
from tests.questions.documents import (
    FORMATS,
    SETTINGS,
    XHTML_ERROR,
    Desk,
    at,
    document,
    formatted,
    valid_documents,
    valid_trees,
    with_text,
)
from tests.questions.xhtml_documents import CONTENTS
from tests.questions.xhtml_documents import GRAMMAR as XHTML

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

#: The parameters that take the formats; Question by default.
PARAMETERS = {"AnswerKey": "AnswerKey", "QuestionFormAnswers": "Answer"}

formats = pytest.mark.parametrize("grammar", FORMATS.values(), ids=FORMATS)
outer_formats = pytest.mark.parametrize(
    "grammar", list(FORMATS.values())[:-1], ids=list(FORMATS)[:-1]
)
elements = pytest.mark.parametrize(
    ("grammar", "element"),
    [
        pytest.param(grammar, element, id=f"{name}-{element}")
        for name, grammar in FORMATS.items()
        for element in grammar.rules
    ],
)


@pytest.fixture
def desk(mturk):
    return Desk(mturk)


def error_start(grammar):
    return XHTML_ERROR if grammar is XHTML else XML_ERROR


def wrongly(desk, grammar, broken):
    """Return the documents that are not refused as expected, with the responses."""
    start = error_start(grammar)
    answers = ((str(each), desk.hand_in(grammar, text)) for each, text in broken)
    return [(each, said) for each, said in answers if not (said or "").startswith(start)]


# Accepted -----------------------------------------------------------------------------------


@formats
def test_document_valid(desk, grammar):
    """A valid document is accepted, however it is written. [doc]"""

    @SETTINGS
    @given(valid_documents(grammar))
    def check(text):
        assert len(text.encode()) <= LARGEST
        assert desk.hand_in(grammar, text) is None

    check()


@elements
def test_element_valid(desk, grammar, element):
    """Each element is accepted with all that it can have, each alternative in turn. [doc]"""
    for _, tree in specimens(grammar, element):
        assert desk.hand_in(grammar, document(grammar, tree)) is None


@pytest.mark.parametrize("place", ["Overview", "QuestionContent", "Selection"])
def test_formatted_content_valid(desk, place):
    """XHTML of the subset is accepted in every FormattedContent. [doc]"""

    @SETTINGS
    @given(CONTENTS, LOOKS)
    def check(text, look):
        assert desk.hand_in(grammars.FORM_2005, formatted(text, place, look)) is None

    check()


def test_form_valid_as_test(desk):
    """Any QuestionForm without file uploads can be a qualification test. [doc]"""

    @SETTINGS
    @given(valid_documents(grammars.TEST_FORM))
    def check(text):
        assert desk.refusal(desk.as_test, text) is None

    check()


@outer_formats
def test_document_largest(desk, grammar):
    """A document of 65,535 bytes is accepted. [doc]"""
    text = written(grammar, smallest(grammar, grammar.root))
    assert desk.hand_in(grammar, padded(text, LARGEST)) is None


# Refused ------------------------------------------------------------------------------------


@formats
def test_document_with_one_broken_rule(desk, grammar):
    """A document with one broken rule is refused, and nothing is created. [doc]"""

    @SETTINGS
    @given(broken_trees(grammar, valid_trees(grammar)), LOOKS)
    def check(broken, look):
        note(str(broken))
        text = document(grammar, broken.tree, look)
        assert wrongly(desk, grammar, [(broken, text)]) == []
        assert desk.created == []

    check()


@elements
def test_element_with_one_broken_rule(desk, grammar, element):
    """Each rule of each element is checked. [doc]"""
    # In XHTML, alternatives can be mixed, except those of a table.
    mixture = grammar is XHTML and element != "table"
    some = islice(specimens(grammar, element), 1 if mixture else None)
    broken = (
        (each, document(grammar, each.tree))
        for path, tree in some
        for each in breaks_at(grammar, tree, path, at(tree, path))
    )
    assert wrongly(desk, grammar, broken) == []
    assert desk.created == []


@outer_formats
@pytest.mark.parametrize("namespace", [None, "urn:other", "2008-01-01", "no .xsd", "https"])
def test_root_in_another_namespace(desk, grammar, namespace):
    """A root in another namespace than the schema's is refused. [doc]"""
    own = grammar.namespace
    date = own.split("/")[-2]
    changed = {
        "2008-01-01": own.replace(date, "2008-01-01"),
        "no .xsd": own.removesuffix(".xsd"),
        "https": own.replace("http:", "https:"),
    }
    tree = smallest(grammar, grammar.root)
    text = written(grammar, tree).replace(own, changed.get(namespace, namespace or ""))
    said = desk.hand_in(grammar, text)
    assert (said or "").startswith(
        f"{XML_ERROR}cvc-elt.1: Cannot find the declaration of element '{grammar.root}'."
    )
    assert desk.created == []


@outer_formats
def test_root_of_another_name(desk, grammar):
    """A root that no schema has is refused. [doc] rule, [assumed] words"""
    text = written(grammar, smallest(grammar, grammar.root)).replace(grammar.root, "Other")
    assert (desk.hand_in(grammar, text) or "").startswith(
        f"{XML_ERROR}cvc-elt.1: Cannot find the declaration of element 'Other'."
    )


@outer_formats
def test_document_ill_formed(desk, grammar):
    """A document that is not well-formed is refused. [doc]"""

    @SETTINGS
    @given(st.data())
    def check(data):
        text = data.draw(valid_documents(grammar)).rstrip()
        kind, broken = data.draw(st.sampled_from(list(ill_formed(text))))
        assert wrongly(desk, grammar, [(kind, broken)]) == []
        assert desk.created == []

    check()


@pytest.mark.parametrize(
    "content",
    [
        "a & b",
        "<p>&nosuch;</p>",
        "<p>1 < 2</p>",
        "<p title=x>x</p>",
        "<p title>x</p>",
        '<p title="1" title="2">x</p>',
        "<p>x",
        "<p>x<br></p>",
        "x</p>",
        "<b><i>x</b></i>",
        "<P>x</p>",
        "]]>",
        "<x:p>x</x:p>",
        "<!DOCTYPE html><p>x</p>",
        "</FormattedContent><FormattedContent>",
        "<!-- a comment -->",
        "<p>x<!-- a comment --></p>",
        "<P>x</P>",
        "<![CDATA[<p>x</p>",
    ],
)
@pytest.mark.parametrize("place", ["Overview", "QuestionContent", "Selection"])
def test_formatted_content_ill_formed(desk, content, place):
    """FormattedContent must be well-formed XML in lower case, without comments. [doc]"""
    said = desk.hand_in(grammars.FORM_2005, formatted(content, place))
    assert (said or "").startswith(XHTML_ERROR)
    assert desk.created == []


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x SYSTEM "https://example.com/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
@outer_formats
def test_document_with_type_declaration(desk, grammar, doctype):
    """A document type declaration is refused. [assumed] the service's schemas have none"""

    @settings(SETTINGS, max_examples=10)
    @given(LOOKS)
    def check(look):
        tree = smallest(grammar, grammar.root)
        text = with_doctype(grammar, tree, look, doctype)
        assert wrongly(desk, grammar, [(doctype, text)]) == []

    check()
    assert desk.created == []


@outer_formats
def test_document_too_large(desk, grammar):
    """A document of 65,536 bytes is refused. [doc] size, [assumed] words"""
    parameter = PARAMETERS.get(grammar.root, "Question")
    text = written(grammar, smallest(grammar, grammar.root))
    assert (desk.hand_in(grammar, padded(text, LARGEST + 1)) or "").startswith(
        f"The value of 65536 bytes is invalid for {parameter}. Valid values range from 1 to 65535."
    )
    assert desk.created == []


@pytest.mark.parametrize("url", ["http://example.com/", "HTTP://example.com/a?b=1"])
def test_external_url_not_https(desk, url):
    """An ExternalURL must be https. [observed]"""
    grammar = grammars.EXTERNAL_QUESTION
    tree = with_text(smallest(grammar, grammar.root), "ExternalURL", url)
    assert (desk.hand_in(grammar, written(grammar, tree, PLAIN)) or "").startswith(
        f'The value "{url}" is not valid for the parameter ExternalURL. '
        "This URL must use the HTTPS protocol.."
    )
    assert desk.created == []


@pytest.mark.parametrize("name", ["ExternalQuestion", "HTMLQuestion", "AnswerKey"])
def test_document_not_a_test(desk, name):
    """A qualification test must be a QuestionForm. [doc]"""
    grammar = FORMATS[name]
    text = written(grammar, smallest(grammar, grammar.root))
    assert desk.refusal(desk.as_test, text) is not None
    assert desk.created == []


def test_file_upload_in_test(desk):
    """A qualification test cannot ask for a file. [doc] rule, [assumed] the error's class"""
    grammar = grammars.FORM_2005
    for _, tree in specimens(grammar, "FileUploadAnswer"):
        assert desk.refusal(desk.as_test, written(grammar, tree)) is not None
    assert desk.created == []
