"""FormattedContent: the subset of XHTML in a QuestionForm. [doc] the rules"""

from __future__ import annotations

from html import escape
from html.entities import name2codepoint

import pytest

from tests.helpers import NOW, SCHEMAS, create_hit, error_of, told_apart

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)


def _names(text):
    return text.split()


XHTML = "http://www.w3.org/1999/xhtml"
TABLE = "<table><tr><td>?</td></tr></table>"
IMG = '<img src="https://example.com/1.png" alt="one"'


def form(text, written=None):
    """Return a QuestionForm with a formatted content; `written` is the content as XML."""
    written = f"<![CDATA[{text}]]>" if written is None else written
    return (
        f'<QuestionForm xmlns="{SCHEMAS}2017-11-06/QuestionForm.xsd"><Question>'
        f"<QuestionIdentifier>q</QuestionIdentifier><QuestionContent>"
        f"<FormattedContent>{written}</FormattedContent></QuestionContent><AnswerSpecification>"
        "<FreeTextAnswer/></AnswerSpecification></Question></QuestionForm>"
    )


@pytest.fixture
def taken(mturk_client):
    """Return whether a HIT with this content is created."""

    def call(text):
        document = form(text)
        return create_hit(mturk_client, Question=document)["Question"] == document

    return call


@pytest.fixture
def told(mturk_client):
    """Return the refusal of a content, without the place of the element around it."""

    def call(text):
        refusal = error_of(lambda: create_hit(mturk_client, Question=form(text)))
        assert (refusal.code, refusal.turk_error_code) == ("ParameterValidationError", None)
        assert refusal.message.startswith("There was an error parsing the XHTML data in your ")
        assert told_apart(refusal.message)[1:] == (
            "line 1, column 185, in QuestionForm/Question/QuestionContent/FormattedContent",
            "",
        )
        return told_apart(refusal.message).words

    return call


# Elements and attributes ------------------------------------------------------------------

ACCEPTED = [
    "",
    "text alone",
    "text <b>and</b> elements <p>in blocks</p> mixed",
    *(f"<{name}>text <b>bold</b></{name}>" for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6")),
    *(f"<{name}>text</{name}>" for name in _names("em strong code cite sub sup i b big small")),
    *(f"<{name}>text</{name}>" for name in _names("u s strike q font ins del a")),
    *(f"<{name}>text <p>block</p></{name}>" for name in _names("blockquote center ins del")),
    "<ul><li>one</li><li><p>two</p></li></ul>",
    '<ul type="disc" compact="compact"><li type="x">one</li></ul>',
    '<ol type="A" start="3"><li value="4">one</li></ol>',
    "<dl><dt><b>term</b></dt><dd><p>meaning</p></dd><dd/></dl>",
    "<pre>a\n  b <b>c</b></pre>",
    '<pre xml:space="preserve" width="80">a</pre>',
    '<hr align="left" noshade="noshade" size="3" width="50%"/>',
    '<br clear="all" title="x"/>',
    '<a href="https://example.com/" target="_blank" name="top" hreflang="en-US">x</a>',
    '<a href="mailto:a@example.com" rel="help author" accesskey="h" tabindex="32767">x</a>',
    '<a shape="rect" coords="1,2,3,4" charset="utf-8" type="text/html" target="frame">x</a>',
    f"{IMG}/>",
    f'{IMG} height="50%" width="9" border="1" hspace="2" align="middle" ismap="ismap"/>',
    '<map name="m"><area alt="x"/></map>',
    '<map name="m" id="m"><area alt="x" nohref="nohref" target="_top" shape="circle"/></map>',
    '<p title="t" lang="en-GB" dir="rtl" align="justify">x</p>',
    '<font size="+1" face="serif" color="#ff0000">x</font><font color="red">x</font>',
    '<ins cite="https://example.com" datetime="2006-07-14T12:00:00Z">x</ins>',
    TABLE,
    "<table><thead><tr><th/></tr></thead><tfoot><tr><td/></tr></tfoot><tbody><tr><td/></tr></tbody>"
    "<tbody><tr><td/></tr></tbody></table>",
    '<table><col span="2" width="2*"/><col width="*"/><tr><td/></tr></table>',
    '<table><colgroup><col/></colgroup><colgroup span="3"/><tr><td/></tr></table>',
    '<table border="1" frame="hsides" rules="rows" cellspacing="1" cellpadding="50%" width="100%" '
    'align="center" bgcolor="#fff" summary="s"><tr><td/></tr></table>',
    '<table><tr align="char" char="." charoff="3" valign="top"><td abbr="a" axis="b" scope="row" '
    'rowspan="2" colspan="3" nowrap="nowrap" width="10" height="5%"/></tr></table>',
    '<iframe src="https://example.com" scrolling="auto" frameborder="0">no frames</iframe>',
    *(f'<a href="{scheme}://x">x</a>' for scheme in _names("http ftp news nntp gopher telnet")),
    f'<a href="https://example.com">{IMG}/></a>',
    "<q><cite><sub><sup>x</sup></sub></cite></q>",
    "<?target instruction?>",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_content_is_taken(taken, text):
    """Each element is accepted with each kind of its attributes. [doc]"""
    assert taken(text)


def attribute(name, element, allowed):
    return (
        f"cvc-complex-type.3.2.2: Attribute '{name}' is not allowed to appear in element "
        f"'{element}'. At line 1, column 1 of its text: {allowed}."
    )


COMMON = "its attributes are title or lang or dir"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<p class="x"/>', attribute("class", "p", f"{COMMON} or align")),
        ('<p style="x"/>', attribute("style", "p", f"{COMMON} or align")),
        ('<b id="x"/>', attribute("id", "b", COMMON)),
        ('<b onclick="x()"/>', attribute("onclick", "b", COMMON)),
        (
            '<br lang="en"/>',
            attribute("lang", "br", "its attributes are title or clear"),
        ),
    ],
)
def test_attribute_that_is_not_allowed(told, text, words):
    """The attributes class, style and id, and event handlers, are not allowed. [doc]"""
    assert told(text) == words


@pytest.mark.parametrize("name", ["script", "style", "div", "span", "P", "form", "input"])
def test_element_that_is_not_allowed(told, name):
    """The elements script, style, div, span and form are not allowed, nor capital letters. [doc]"""
    words = told(f"<{name}/>")

    assert words.startswith(
        "cvc-complex-type.2.4.a: Invalid content was found starting with element "
        f'\'{name}\'. One of \'{{"{XHTML}":p, "{XHTML}":h1, '
    )
    assert f"of its text: <FormattedContent> has no child <{name}>" in words


def test_element_in_capitals_has_a_hint(told):
    """An element in capitals is refused with a hint."""
    assert told("<TABLE/>").endswith(
        "of its text: <FormattedContent> has no child <TABLE> (did you mean <table>?)."
    )


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("<ul/>", "b: The content of element 'ul' is not complete.", "<ul> ends too early"),
        ("<ul><b/></ul>", "a: Invalid content was found starting with element 'b'.", "<ul> has"),
        ("<dl/>", "b: The content of element 'dl' is not complete.", "<dl> ends too early"),
        ("<map name='m'/>", "b: The content of element 'map' is not complete.", "<map> ends"),
        ("<table/>", "b: The content of element 'table' is not complete.", "<table> ends"),
        ("<table><tr/></table>", "b: The content of element 'tr' is not complete.", "<tr> ends"),
        (
            TABLE.replace("<tr>", "<tr><td/></tr><tbody><tr>").replace(
                "</tr></t", "</tr></tbody></t"
            ),
            "a: Invalid content was found starting with element 'tbody'.",
            "<tbody> comes too early, too late or too often",
        ),
        ("<p><p/></p>", "a: Invalid content was found starting with element 'p'.", "<p> has no"),
        (
            "<a><a/></a>",
            "a: Invalid content was found starting with element 'a'.",
            "<a> has no child <a>",
        ),
        (
            f"<pre>{IMG}/></pre>",
            "a: Invalid content was found starting with element 'img'.",
            "<pre> has no child <img>",
        ),
        (
            "<table><col/><colgroup/><tr><td/></tr></table>",
            "a: Invalid content was found starting with element 'colgroup'.",
            "<colgroup> comes",
        ),
    ],
)
def test_content_that_is_not_allowed(told, text, problem, hint):
    """Blocks cannot be in lines, nor links in links; lists and tables need their parts. [doc]"""
    words = told(text)

    assert words.startswith(f"cvc-complex-type.2.4.{problem} One of '{{")
    assert f" of its text: {hint}" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "<ul>x<li/></ul>",
            "cvc-complex-type.2.3: Element 'ul' cannot have character [children], because the "
            "type's content type is element-only. At line 1, column 1 of its text: <ul> cannot "
            "contain text itself, only inside its elements.",
        ),
        (
            "<hr>x</hr>",
            "cvc-complex-type.2.1: Element 'hr' must have no character or element information "
            "item [children], because the type's content type is empty. "
            "At line 1, column 1 of its text.",
        ),
        (
            '<img alt="x"/>',
            "cvc-complex-type.4: Attribute 'src' must appear on element 'img'. "
            "At line 1, column 1 of its text.",
        ),
        (
            '<img src="https://x"/>',
            "cvc-complex-type.4: Attribute 'alt' must appear on element 'img'. "
            "At line 1, column 1 of its text.",
        ),
        (
            "<map><area alt='x'/></map>",
            "cvc-complex-type.4: Attribute 'name' must appear on element 'map'. "
            "At line 1, column 1 of its text.",
        ),
        (
            "<map name='m'><area/></map>",
            "cvc-complex-type.4: Attribute 'alt' must appear on element 'area'. "
            "At line 1, column 15 of its text.",
        ),
        (
            "<iframe> </iframe>",
            "cvc-pattern-valid: Value ' ' is not facet-valid with respect to pattern '.*\\S.*' "
            "for type 'NonBlankString'. At line 1, column 1 of its text: <iframe> must be some "
            "text.",
        ),
        (
            "<p>one</p>\n<p>two",
            "mismatched tag. At line 2, column 9 of its text: near '<p>two</FormattedConten'.",
        ),
        (
            "<p>\n<!-- ? --></p>",
            "Comments are not allowed in FormattedContent. At line 1, column 1 of its text.",
        ),
        (
            "<p align=left/>",
            "not well-formed (invalid token). At line 1, column 10 of its text: "
            "near '<p align=left/></Formatt'.",
        ),
        (
            "<!DOCTYPE p><p/>",
            "not well-formed (invalid token). At line 1, column 3 of its text: "
            "near '<!DOCTYPE p><p/><'.",
        ),
    ],
)
def test_refusal_of_a_content(told, text, words):
    """A refusal names the broken rule.

    [doc] the rules, [assumed] the words, which are Xerces' and expat's
    """
    assert told(text) == words


# Values -----------------------------------------------------------------------------------

LINK = (
    "a link that begins with http://, https://, ftp://, news://, nntp://, gopher://, telnet:// or "
    "mailto:"
)
PATTERNS = {
    "link": "((http|https|ftp|news|nntp|gopher|telnet)://|mailto:).*",
    "Length": "[0-9]+%?",
    "MultiLength": r"[0-9]+%?|[1-9]?[0-9]*\*",
    "Color": "[A-Za-z]+|#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}",
    "language": "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
    "Character": ".",
    "NMTOKEN": r"[\w.:-]+",
    "NMTOKENS": r"[\w.:-]+(\s+[\w.:-]+)*",
    "FrameTarget": "_(blank|self|parent|top)|[A-Za-z].*",
}


@pytest.mark.parametrize(
    ("element", "name", "value", "kind", "wanted"),
    [
        ("a", "href", "javascript:x()", "link", LINK),
        ("a", "href", "/path", "link", LINK),
        ("hr", "width", "10px", "Length", "pixels or a percentage, such as 100 or 50%"),
        ("font", "color", "#ff", "Color", "a color name or number, such as red or #ff0000"),
        ("p", "lang", "english_us", "language", "a language such as en or en-US"),
        ("a", "accesskey", "ab", "Character", "one character"),
        ("a", "name", "a b", "NMTOKEN", "one word"),
        ("a", "rel", "a,b", "NMTOKENS", "words"),
        ("a", "target", "_new", "FrameTarget", "_blank, _self, _parent, _top or a name"),
    ],
)
def test_value_that_is_not_of_its_pattern(told, element, name, value, kind, wanted):
    """Values must have the form of their kind. [doc] the kinds of values, [assumed] their names"""
    assert told(f'<{element} {name}="{value}"/>') == (
        f"cvc-pattern-valid: Value '{value}' is not facet-valid with respect to pattern "
        f"'{PATTERNS[kind]}' for type '{kind}'. At line 1, column 1 of its text: the attribute "
        f"'{name}' must be {wanted}."
    )


@pytest.mark.parametrize("value", ["2006-07-14", "2006-13-01T00:00:00Z", "0000-01-01T00:00:00"])
def test_datetime_that_is_none(told, value):
    """A datetime must be valid.

    [doc] the type, [assumed] that the hour 24 and leap seconds are none
    """
    assert told(f'<ins datetime="{value}"/>') == (
        f"cvc-datatype-valid.1.2.1: '{value}' is not a valid value for 'dateTime'. At line 1, "
        "column 1 of its text: the attribute 'datetime' must be a time such as "
        "2006-07-14T12:00:00Z."
    )


MAP = '<map name="m" id="m"><area alt=""/></map>'


def test_ids_that_are_the_same(told):
    """An ID can occur only once. [doc]"""
    assert told(MAP * 2) == (
        "cvc-id.2: There are multiple occurrences of ID value 'm'. At line 1, column 42 of its "
        "text."
    )


def test_headers_that_name_no_id(told):
    """The headers of a cell must be IDs of the content. [doc]"""
    assert told('<table><tr><th headers="m"/></tr></table>') == (
        "cvc-id.1: There is no ID/IDREF binding for IDREF 'm'. At line 1, column 12 of its text."
    )


def test_width_of_a_column_that_is_none(told):
    assert told('<table><col width="2**"/><tr><td/></tr></table>') == (
        f"cvc-pattern-valid: Value '2**' is not facet-valid with respect to pattern "
        f"'{PATTERNS['MultiLength']}' for type 'MultiLength'. At line 1, column 8 of its text: the "
        "attribute 'width' must be pixels, a percentage or a share, such as 100, 50% or 2*."
    )


@pytest.mark.parametrize(
    ("element", "name", "allowed"),
    [
        ("p", "align", ("left", "center", "right", "justify")),
        ("p", "dir", ("ltr", "rtl")),
        ("ul", "type", ("disc", "square", "circle")),
        ("ul", "compact", ("compact",)),
        ("hr", "align", ("left", "center", "right")),
        ("hr", "noshade", ("noshade",)),
        ("br", "clear", ("left", "all", "right", "none")),
        ("a", "shape", ("rect", "circle", "poly", "default")),
    ],
)
def test_value_that_is_not_among_those_allowed(told, element, name, allowed):
    """Some attributes take listed values only. [doc] the values"""
    assert told(f'<{element} {name}="other"/>') == (
        "cvc-enumeration-valid: Value 'other' is not facet-valid with respect to enumeration "
        f"'[{', '.join(allowed)}]'. It must be a value from the enumeration. "
        f"At line 1, column 1 of its text: the attribute '{name}' must be {' or '.join(allowed)}."
    )


def test_number_that_is_too_large(told):
    """The maximum of tabindex is 32767. [doc]"""
    assert told('<a tabindex="32768"/>') == (
        "cvc-maxInclusive-valid: Value '32768' is not facet-valid with respect to maxInclusive "
        "'32767' for type 'tabindexNumber'. At line 1, column 1 of its text: the attribute "
        "'tabindex' must be a whole number from 0 to 32767."
    )


# Entities ---------------------------------------------------------------------------------


def test_entities_of_xhtml_are_known(taken):
    """All entities of XHTML are known, such as &nbsp; in Amazon's example. [doc]"""
    assert taken("".join(f"&{name};" for name in name2codepoint) + "&apos;&#160;&#xa0;")


@pytest.mark.parametrize("name", ["nbsp", "pi"])
def test_entity_in_an_attribute(taken, name):
    assert taken(f'<p title="a&{name};b">?</p>')


def test_entity_that_is_unknown(told):
    """Entities that only HTML5 has are unknown. [assumed]"""
    assert told("<p>&eacute;&check;</p>") == (
        "undefined entity. At line 1, column 12 of its text: near '<p>&eacute;&check;</p></Fo'."
    )


def test_entities_stay_as_they_are(mturk_client):
    """The document comes back unchanged, with its entities. [observed]"""
    document = form("&nbsp;&hellip;")

    assert create_hit(mturk_client, Question=document)["Question"] == document


def test_content_may_be_written_without_cdata(mturk_client):
    """Escaped markup is the same as markup in CDATA."""
    assert create_hit(mturk_client, Question=form("", escape("<p>a &amp; b</p>")))


# Depth ------------------------------------------------------------------------------------


def nested(depth):
    return "<b>" * depth + "</b>" * depth


def test_elements_may_lie_200_deep(taken):
    """Elements can be nested 200 deep. [assumed] the limit; of it no document needs a tenth"""
    assert taken(nested(200))


@pytest.mark.parametrize("depth", [201, 8_000])
def test_elements_that_lie_deeper_are_refused(told, depth):
    assert told(nested(depth)) == (
        "elements must not be nested more than 200 deep. At line 1, column 601 of its text."
    )


# Places -----------------------------------------------------------------------------------


def test_every_content_is_checked(mturk_client):
    """FormattedContent of selections and overviews is checked too. [doc]"""
    good = "<FormattedContent/>"
    bad = "<FormattedContent>&lt;x/&gt;</FormattedContent>"
    choice = "<Selection><SelectionIdentifier>a</SelectionIdentifier>{}</Selection>"
    document = (
        f'<QuestionForm xmlns="{SCHEMAS}2017-11-06/QuestionForm.xsd"><Overview>{{}}</Overview>'
        "<Question><QuestionIdentifier>q</QuestionIdentifier><QuestionContent>{}</QuestionContent>"
        f"<AnswerSpecification><SelectionAnswer><Selections>{choice}</Selections>"
        "</SelectionAnswer></AnswerSpecification></Question></QuestionForm>"
    )
    for number, path in enumerate(
        (
            "Overview/FormattedContent",
            "Question/QuestionContent/FormattedContent",
            "Question/AnswerSpecification/SelectionAnswer/Selections/Selection/FormattedContent",
        )
    ):
        contents = [bad if each == number else good for each in range(3)]
        question = document.format(*contents)
        refusal = error_of(lambda question=question: create_hit(mturk_client, Question=question))
        assert told_apart(refusal.message).place.endswith(f"in QuestionForm/{path}")
