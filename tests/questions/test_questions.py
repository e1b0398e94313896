"""Question documents: accepted and refused ones."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOW,
    SANDBOX_STAMP,
    SCHEMAS,
    STAMP,
    create_hit,
    external_question,
    hit_params,
    html_question,
    publish,
    question_form,
    refusal,
    told_apart,
    without_place,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

HTML_SCHEMA = f"{SCHEMAS}2011-11-11/HTMLQuestion.xsd"
EXTERNAL_SCHEMA = f"{SCHEMAS}2006-07-14/ExternalQuestion.xsd"
LARGEST = 65_535  # bytes


def unreadable(details, stamp=STAMP):
    return (
        "ParameterValidationError",
        None,
        "There was an error parsing the XML question or answer data in your request.  "
        "Please make sure the data is well-formed and validates against the appropriate schema. "
        f"Details: {details}{stamp}",
    )


def out_of_range(size):
    return (
        "ParameterValidationError",
        None,
        f"The value of {size} bytes is invalid for Question. "
        f"Valid values range from 1 to 65535.{STAMP}",
    )


@pytest.fixture
def told(mturk, mturk_client):
    """Return the refusal of a question; check that no HIT and no HIT type are created."""

    def call(question):
        mturk.next_id("HITType", "3UNUSED")
        result = refusal(mturk_client.create_hit, **hit_params(Question=question))
        assert mturk.hits == []
        assert publish(mturk_client, Title="Another title")
        assert mturk.hits[0].hit_type_id == "3UNUSED"
        return result

    return call


def of_size(size, letter="x"):
    """Return an HTMLQuestion with a number of bytes."""
    rest = size - len(html_question("").encode())
    count, odd = divmod(rest, len(letter.encode()))
    return html_question(letter * count + "x" * odd)


# Accepted documents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        html_question(),
        external_question(),
        question_form(text=None, selection=["a", "b"]),
        question_form("2017-11-06", text=None),
        html_question("é—😀"),
        '<?xml version="1.0"?>\n' + html_question(),
        '<?xml version="1.0" encoding="UTF-8"?>' + html_question("é"),
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + html_question("é"),
        "<!-- a comment -->" + external_question() + "\n",
        html_question().replace("<", "\n <").replace("\n <![", "<!["),
        html_question()
        .replace("HTML", "q:HTML")
        .replace("xmlns=", "xmlns:q=")
        .replace("Frame", "q:Frame")
        .replace("q:HTMLQuestion.xsd", "HTMLQuestion.xsd"),
        external_question(height=0),
        external_question(height=-1),
        external_question(height=" +600\n"),
        external_question("https://example.com/?a=1&amp;b=é"),
        of_size(LARGEST),
        of_size(LARGEST, "é"),
    ],
    ids=lambda question: question[-40:],
)
def test_create_hit_keeps_question_as_it_was_sent(mturk_client, question):
    """An accepted question comes back unchanged. [observed]"""
    hit_id = publish(mturk_client, Question=question)

    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["Question"] == question


# Not a document ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "details", "place"),
    [
        ("What is this?", "syntax error.", "line 1, column 1"),
        ("<HTMLQuestion>", "no element found.", "line 1, column 15"),
        ("<a><b></a>", "mismatched tag.", "line 1, column 9"),
        ("<a/><b/>", "junk after document element.", "line 1, column 5"),
        ("<a>&nbsp;</a>", "undefined entity.", "line 1, column 4"),
        ("<q:a/>", "unbound prefix.", "line 1, column 1"),
        (
            '\n<?xml version="1.0"?><a/>',
            "XML or text declaration not at start of entity.",
            "line 2, column 1",
        ),
        ("<a>\x00</a>", "not well-formed (invalid token).", "line 1, column 4"),
        ("<a>\ud800</a>", "not well-formed (invalid token).", "line 1, column 4"),
    ],
    ids=repr,
)
def test_create_hit_with_question_not_well_formed_is_refused(told, question, details, place):
    """The error for malformed XML has the place. [observed] text, [assumed] details"""
    result = told(question)

    assert without_place(result) == unreadable(details)
    assert told_apart(result[2]).place == place


def test_create_hit_with_question_not_well_formed_in_the_sandbox(mturk_sandbox_client):
    """The sandbox's message has its own ending. [observed]"""
    result = refusal(mturk_sandbox_client.create_hit, **hit_params(Question="<a"))

    assert without_place(result) == unreadable("unclosed token.", SANDBOX_STAMP)


@pytest.mark.parametrize(
    "question",
    [
        html_question().replace(f' xmlns="{HTML_SCHEMA}"', ""),
        html_question().replace(HTML_SCHEMA, EXTERNAL_SCHEMA),
        html_question().replace("2011-11-11", "2011-11-12"),
        html_question().replace("http://", "https://"),
    ],
)
def test_create_hit_with_question_in_another_namespace_is_refused(told, question):
    """The namespace must be the schema's. [doc] that, [assumed] details"""
    assert without_place(told(question)) == unreadable(
        "cvc-elt.1: Cannot find the declaration of element 'HTMLQuestion'."
    )


@pytest.mark.parametrize("root", ["QuestionFormAnswers", "AnswerKey", "html"])
def test_create_hit_with_another_document_is_refused(told, root):
    """Question must be one of three kinds of documents. [doc] that, [assumed] details"""
    question = f'<{root} xmlns="{SCHEMAS}2005-10-01/{root}.xsd"/>'

    assert without_place(told(question)) == unreadable(
        f"cvc-elt.1: Cannot find the declaration of element '{root}'."
    )


def test_create_hit_with_empty_question_is_refused(told):
    """An empty Question is refused as too short, with two blanks in the message.

    [observed, legacy]
    """
    message = f"Your request parameter Question  has a minimum length of 1.{STAMP}"

    assert told("") == ("ParameterValidationError", None, message)


@pytest.mark.parametrize("letter", ["x", "é", "😀"])
def test_create_hit_with_question_of_65536_bytes_is_refused(told, letter):
    """The limit is 65535 bytes in UTF-8. [doc] that, [assumed] text"""
    assert told(of_size(LARGEST + 1, letter)) == out_of_range(LARGEST + 1)


# Against the schema -----------------------------------------------------------------------

CONTENT = "<HTMLContent>x</HTMLContent>"
HEIGHT = "<FrameHeight>0</FrameHeight>"


def expected(where, name, schema=HTML_SCHEMA):
    return f"{where} One of '{{\"{schema}\":{name}}}' is expected."


INVALID = "Invalid content was found starting with element"


@pytest.mark.parametrize(
    ("children", "details"),
    [
        (
            HEIGHT + CONTENT,
            expected(f"cvc-complex-type.2.4.a: {INVALID} 'FrameHeight'.", "HTMLContent"),
        ),
        (
            CONTENT,
            expected(
                "cvc-complex-type.2.4.b: The content of element 'HTMLQuestion' is not complete.",
                "FrameHeight",
            ),
        ),
        (
            "",
            expected(
                "cvc-complex-type.2.4.b: The content of element 'HTMLQuestion' is not complete.",
                "HTMLContent",
            ),
        ),
        (
            CONTENT + "<Frame/>" + HEIGHT,
            expected(f"cvc-complex-type.2.4.a: {INVALID} 'Frame'.", "FrameHeight"),
        ),
        (
            CONTENT + '<FrameHeight xmlns="">0</FrameHeight>',
            expected(f"cvc-complex-type.2.4.a: {INVALID} 'FrameHeight'.", "FrameHeight"),
        ),
        (
            CONTENT + HEIGHT + HEIGHT,
            f"cvc-complex-type.2.4.d: {INVALID} 'FrameHeight'. "
            "No child element is expected at this point.",
        ),
    ],
)
def test_create_hit_with_children_not_of_the_schema_is_refused(told, children, details):
    """Children are required once, in order; words of Xerces. [observed] 2.4.a, [assumed] rest"""
    question = f'<HTMLQuestion xmlns="{HTML_SCHEMA}">{children}</HTMLQuestion>'

    assert without_place(told(question)) == unreadable(details)


def test_create_hit_with_external_children_out_of_order_is_refused(told):
    """ExternalURL must come before FrameHeight. [doc]"""
    question = f'<ExternalQuestion xmlns="{EXTERNAL_SCHEMA}">{HEIGHT}</ExternalQuestion>'

    assert without_place(told(question)) == unreadable(
        expected(
            f"cvc-complex-type.2.4.a: {INVALID} 'FrameHeight'.", "ExternalURL", EXTERNAL_SCHEMA
        )
    )


@pytest.mark.parametrize("height", ["", "tall", "600px", "5.0", "1_000", "\u0665", "0x10", "- 1"])
@pytest.mark.parametrize("kind", ["html", "external"])
def test_create_hit_with_height_that_is_no_integer_is_refused(told, kind, height):
    """FrameHeight must be an integer. [doc] that, [assumed] details"""
    question = external_question(height=height)
    if kind == "html":
        question = html_question().replace(">0</Frame", f">{height}</Frame")

    assert without_place(told(question)) == unreadable(
        f"cvc-datatype-valid.1.2.1: '{height}' is not a valid value for 'integer'."
    )


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "HTTP://example.com/", "ftp://example.com/", "example.com", "/a", ""],
)
def test_create_hit_with_url_not_https_is_refused(told, url):
    """ExternalURL must be https; the refusal ends with two full stops. [observed]"""
    message = (
        f'The value "{url}" is not valid for the parameter ExternalURL. '
        f"This URL must use the HTTPS protocol..{STAMP}"
    )

    assert told(external_question(url)) == ("ParameterValidationError", None, message)


@pytest.mark.parametrize("url", ["https://[", "https://a\u2100.com/"])
def test_create_hit_with_url_that_is_none_is_refused(told, url):
    """ExternalURL must be a valid anyURI. [doc] that, [assumed] details"""
    assert without_place(told(external_question(url))) == unreadable(
        f"cvc-datatype-valid.1.2.1: '{url}' is not a valid value for 'anyURI'."
    )


# Hostile documents ------------------------------------------------------------------------

BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol0 "lol">'
    + "".join(f'<!ENTITY lol{n + 1} "{f"&lol{n};" * 10}">' for n in range(10))
    + "]><lolz>&lol10;</lolz>"
)
QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"x" * 30_000}">]><a>{"&x;" * 10_000}</a>'
A_FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
REMOTE = '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>'
HTML_ALONE = "<!DOCTYPE html><html/>"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        (BILLION_LAUGHS, "lolz"),
        (QUADRATIC, "a"),
        (A_FILE, "a"),
        (REMOTE, "a"),
        (HTML_ALONE, "html"),
    ],
    ids=["billion laughs", "quadratic", "a file", "remote", "html"],
)
def test_create_hit_with_document_type_is_refused(told, question, name):
    """Document type declarations, and so entities, are never read. [assumed]"""
    assert without_place(told(question)) == unreadable(
        f"a document type declaration ('{name}') is not allowed."
    )


@pytest.mark.parametrize(
    "rest",
    [
        "",
        ' SYSTEM "' + "x" * 60_000,
        " [" + '<!ENTITY a "b">' * 4_000,
        " [<!ELEMENT a " + "(" * 60_000,
        " [<!ENTITY % b 'c'>" + "%b;" * 15_000,
    ],
    ids=["name", "address", "entities", "element", "references"],
)
@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>\n', "<!-- <a> --><?a <a> ?>\n\t"])
def test_create_hit_with_document_type_that_no_parser_reads(told, before, rest):
    """A document type declaration is refused before parsing, even without an end."""
    assert without_place(told(f"{before}<!DOCTYPE a{rest}")) == unreadable(
        "a document type declaration ('a') is not allowed."
    )


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("<!-- -- --><!DOCTYPE a><a/>", "not well-formed (invalid token)."),
        (" <?xml version='1.0'?><!DOCTYPE a>", "XML or text declaration not at start of entity."),
        ("<!DOCTYPE><a/>", "not well-formed (invalid token)."),
        ("<a/><!DOCTYPE a>", "junk after document element."),
        ("<!doctype html><html/>", "syntax error."),
        ("<!-- <!DOCTYPE a>", "unclosed token."),
        ("<?a <!DOCTYPE a>", "unclosed token."),
    ],
)
def test_create_hit_with_a_problem_before_the_document_type(told, question, problem):
    """The first problem is reported; a DOCTYPE that is not at the start is malformed XML."""
    assert without_place(told(question)) == unreadable(problem)


@pytest.mark.parametrize("text", ["<!-- <!DOCTYPE a> -->", "<?a <!DOCTYPE a> ?>"])
def test_create_hit_with_document_type_in_a_comment(mturk_client, text):
    """A DOCTYPE in a comment, an instruction or CDATA is plain text."""
    page = html_question("<!-- <!DOCTYPE html> -->")
    question = page.replace("<FrameHeight>", f"{text}<FrameHeight>")

    assert create_hit(mturk_client, Question=f"{text}{question}")["Question"].startswith(text)


@pytest.mark.parametrize(
    "question",
    [
        "<a>" * 9_000 + "</a>" * 9_000,
        "<a " + " ".join(f'a{n}="{n}"' for n in range(4_000)) + "/>",
        f"<a>{'<a/>' * 15_000}</a>",
    ],
    ids=["deep", "many attributes", "many children"],
)
def test_create_hit_with_unusual_document_is_refused(told, question):
    """Very deep and very wide documents are refused without harm. [assumed]"""
    assert without_place(told(question)) == unreadable(
        "cvc-elt.1: Cannot find the declaration of element 'a'."
    )


def test_create_hit_with_deep_question_form_is_refused(told):
    """An unknown element in a QuestionForm is refused at once, however deep it is. [doc]"""
    question = question_form(a=None).replace(">?<", f">{'<List>' * 4_000}{'</List>' * 4_000}<")

    assert without_place(told(question)) == unreadable(
        "cvc-type.3.1.2: Element 'Text' is a simple type, so it must have no element information "
        "item [children]."
    )
