"""The page of an HTMLQuestion: refused HTML, and what browsers read and the mock accepts."""

from __future__ import annotations

import random

import pytest

from mturk_mock import MTurkError
from mturk_mock.questions.html import check as html_check
from mturk_mock.questions.html.check import check_html
from tests.helpers import (
    NOW,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    html_question,
    value_error,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

ERROR = (
    "There was an error parsing the HTML5 data in your request.  "
    "Please make sure the data is well-formed and validates as HTML5. "
    "Details: Errors: {} Invalid content: {}"
)
SECOND_BODY = "An “body” start tag seen but an element of the same type was already open."
GLUED = "No space between attributes."
BARE = (
    "“&” did not start a character reference. (“&” probably should have been escaped as “&amp;”.)"
)
PAGE = "<!DOCTYPE html><html><head><title>?</title></head><body>{}</body></html>"


def problems_of(page, filled=()):
    """Return the problems of a page as text, "" if it is accepted."""
    try:
        check_html(page, filled)
    except MTurkError as refusal:
        message = refusal.message
    else:
        return ""
    content = page if len(page) <= 5000 else page[:5000] + "…"
    before, after = ERROR.format("\n", content).split("\n", 1)
    assert message.startswith(before)
    assert message.endswith(after)
    return message.removeprefix(before).removesuffix(after)


def filled_problems(before, value, after=""):
    """Return the problems of a page filled with a layout's parameter."""
    return problems_of(before + value + after, [(len(before), len(before) + len(value))])


# The API ----------------------------------------------------------------------------------


def create_by_type(client, **overrides):
    """Publish a HIT with CreateHITWithHITType."""
    return create_hit_with_hit_type(client, create_hit_type(client), **overrides)


@pytest.mark.parametrize("create", [create_hit, create_by_type])
def test_create_hit_html_not_valid(mturk, mturk_client, create):
    """Invalid HTML5 is refused with all problems and the page. [observed]"""
    body = '\n<body>\n  <p class="a"id="b">'
    page = PAGE.format(body)

    refusal = error_of(lambda: create(mturk_client, Question=html_question(body)))

    assert refusal == value_error(
        ERROR.format(f"<! [2,6] {SECOND_BODY} !> <! [3,15] {GLUED} !>", page)
    )
    assert mturk.hits == []


def test_create_hit_html_as_browsers_read_it(mturk_client):
    """HTML that browsers can read is accepted and kept unchanged. [assumed]"""
    question = html_question("<p><b>a</p></b></div><img src=a.png><center>& a < b&nbsp;</x>")

    assert create_hit(mturk_client, Question=question)["Question"] == question


# The rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "",
        "text",
        "<p>",
        "<body>",
        "<body></body></body>",
        "</body><body>",
        "<body><!-- <body> --><script>'<body>'</script><p title='<body>'>",
        "<p>a<body>",
        PAGE.format("<form><input name=a></form>"),
    ],
)
def test_check_page_accepted(page):
    """A page with one body, or without, is accepted."""
    assert problems_of(page) == ""


@pytest.mark.parametrize(
    ("page", "problems"),
    [
        ("<body><body>", f"<! [1,12] {SECOND_BODY} !>"),
        ("<body></body>\n<BODY\nid=a>", f"<! [3,5] {SECOND_BODY} !>"),
        ("<body><body><body>", f"<! [1,12] {SECOND_BODY} !> <! [1,18] {SECOND_BODY} !>"),
    ],
)
def test_check_second_body(page, problems):
    """A second start tag of body is refused; the place is the end of the tag. [observed]"""
    assert problems_of(page) == problems


@pytest.mark.parametrize(
    ("tag", "columns"),
    [
        ('<p a="1"b="2">', [9]),
        ("<p a='1'b>", [9]),
        ("<p a='1'b='2'c='3'>", [9, 14]),
        ('<p\na = ""b>', [7]),
        ('<p a=""=b>', [8]),
        ('<p a=""">', [8]),
        ('<p a="1" b="2">', []),
        ('<p a="1"\tb="2">', []),
        ('<p a="1"/b="2">', []),
        ('<p a="1"/>', []),
        ('<p a="1">', []),
        ('<p a=1"b">', []),
        ("""<p a='="1"b'>""", []),
        ("""<p title="a='b'c" x>""", []),
        ('</p a="1"b="2">', []),
        ('a="1"b="2"', []),
        ('<!-- <p a="1"b="2"> -->', []),
        ("""<script>a="1"+b</script>""", []),
        ("""<script>x = '<p a="1"b="2">'</script>""", []),
    ],
)
def test_check_attributes_without_space(tag, columns):
    """Attributes without a space between them are refused; the place is that of the second.

    [observed]
    """
    line = 2 if tag.startswith("<p\n") else 1
    expected = " ".join(f"<! [{line},{column}] {GLUED} !>" for column in columns)

    assert problems_of(tag) == expected


@pytest.mark.parametrize("name", ["form", "crowd-form", "select", "textarea", "button"])
@pytest.mark.parametrize(
    "page",
    [
        "<{n}></{n}>",
        "<{n}></{N} >",
        "</{n}>",
        "<{n}></{n}></{n}>",
        "<div><{n}></div></{n}>",
        "<!-- <{n}> --><script><{n}></script>",
        # In front of the ">", which is the place.
        "<{n}|>",
        "<{n}/|>",
        "</{n}><{n} a=b|>",
        "<{n}></{n}><{n}|>",
    ],
)
def test_check_form_element_without_its_end(name, page):
    """A form element without end tag is refused; the place is its start tag. [assumed] text"""
    before, found, after = page.format(n=name, N=name.upper()).partition("|")
    expected = f"<! [1,{len(before) + 1}] Unclosed element “{name}”. !>" if found else ""

    assert problems_of(before + after) == expected


def test_check_form_whose_end_is_in_a_comment():
    """An end tag in a comment closes nothing."""
    assert problems_of("<form><!-- </form> -->") == "<! [1,6] Unclosed element “form”. !>"


@pytest.mark.parametrize(
    ("page", "column"),
    [
        ("<form><form></form>", None),
        ("<form><form></form></form>", None),
        ("<form></form><form><form>", 19),
    ],
)
def test_check_form_in_a_form(page, column):
    """Browsers ignore the start tag of a form within a form. [HTML standard]"""
    expected = "" if column is None else f"<! [1,{column}] Unclosed element “form”. !>"

    assert problems_of(page) == expected


def test_check_select_before_one_that_is_closed():
    """An end tag closes the last open element, so the first is reported as unclosed."""
    page = "<select><button><select></select>"

    assert problems_of(page) == (
        "<! [1,8] Unclosed element “select”. !> <! [1,16] Unclosed element “button”. !>"
    )


@pytest.mark.parametrize(
    ("before", "value", "after", "column"),
    [
        ("", "a & b", "", 3),
        ("<p>", "&", "</p>", 4),
        ("<p>", "AT&T", "</p>", 6),
        ("", "&a;", "", 1),
        ("", "&amp", " b", 1),
        ("", "&#x;", "", 1),
        ("", "&#1", "", 1),
        ("", "&#a;", "", 1),
        ("<a href='", "?a=1&b=2", "'>", 14),
        ("<a href=", "?a=1&b=2", " x>", 13),
        ('<a x title="', "a & b", '">', 15),
        ("<title>", "a & b", "</title>", 10),
        ("<textarea>", "a & b", "</textarea>", 13),
        ("", "<p title='a & b'>", "", 13),
        ("", "<!-- & -->&<!-- & -->", "", 11),
        # References, with a part of them in the page.
        ("", "&amp; &#1; &#x1f600; &#XAF; &NotEqualTilde;", "", None),
        ("", "&", "amp;", None),
        # Places without references.
        ("<script>", "a && b", "</script>", None),
        ("<style>", "a & b", "</style>", None),
        ("<iframe>", "a & b", "</iframe>", None),
        ("<!-- ", "a & b", " -->", None),
        ("<!DOCTYPE ", "&", ">", None),
        ("<p ", "a&b c&=d", ">", None),
        ("</p a='", "&", "'>", None),
        ("<a href='", "&", "", None),
        # Ampersands of the page itself.
        ("& <a href='?a&b'>", "c", " &", None),
        ("&", "", "&", None),
    ],
)
def test_check_bare_ampersand(before, value, after, column):
    """An "&" in a parameter's value must start a character reference. [observed]"""
    expected = "" if column is None else f"<! [1,{column}] {BARE} !>"

    assert filled_problems(before, value, after) == expected


def test_check_bare_ampersands_of_several_values():
    """Each value is checked, in any order."""
    page = "&&\n&&"

    assert problems_of(page, [(3, 4), (1, 2)]) == f"<! [1,2] {BARE} !> <! [2,1] {BARE} !>"


def test_check_problems_in_order_of_place():
    """Problems of all kinds are in the order of the page. [observed]"""
    page = 'a & b\n<form>\n<body><p a="1"b>\n<body>'

    assert problems_of(page, [(0, 5)]) == (
        f"<! [1,3] {BARE} !> <! [2,6] Unclosed element “form”. !> "
        f"<! [3,15] {GLUED} !> <! [4,6] {SECOND_BODY} !>"
    )


@pytest.mark.parametrize(
    "part", ["&", "&a", "&#", "&amp", '<p a="b"c>', "<p a=&>", '="', "<form>", "<body>", "\n"]
)
@pytest.mark.parametrize("start", ["", "<p ", "<p a='", "<script>"])
def test_check_hostile(start, part):
    """A hostile page of 64 KB is checked quickly; backtracking would take minutes."""
    page = start + part * (65_535 // len(part))

    assert problems_of(page, [(0, len(page))]).count("<! [") <= 20


def test_check_many_problems():
    """If a page has more than 20 problems, the first 20 are listed. [assumed]"""
    told = " ".join(f"<! [1,{n}] {BARE} !>" for n in range(1, 21))

    assert problems_of("&" * 20, [(0, 20)]) == told
    assert problems_of("&" * 21, [(0, 21)]) == told


PIECES = [
    *("<form>", "</form>", "<body>", "<textarea>", "</textarea>", "<textarea/>", "<script>"),
    *("</script>", "<!-- ", "-->", "<p class='x'>", '<p a="<form>">', "text", "<select>"),
    *("</select>", "<title>", "</title>", "<svg>", "</svg>", '<input name="a"b>', "<", "'", '"'),
    *("<FORM>", "</FORM >", "<button a=x'y>", "</button>", "<body", "</", " "),
]


#: Parts of tags with misplaced quotes.
SOUP = [" ", "a", "=", '"', "'", "/", ' a="', '"', " b='", "'", "x", ">", "\n", "\x0b", "é", "`"]


def pages_with_soup(dice):
    for _ in range(6000):
        tag = dice.choice(["a", "form", "button", "body", "textarea", "script"])
        soup = "".join(dice.choices(SOUP, k=dice.randint(1, 10)))
        end = dice.choice(["", f"</{tag}>", f'</{tag}>">', "'>", '="></form>'])
        yield f"{dice.choice(['', '<form>', '<p>'])}<{tag} {soup}>{end}"


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("""<a b"=" "c">""", GLUED),
        ('<form " a="></form>">', "Unclosed element “form”."),
        ("""<form><a b"="></form>">""", "Unclosed element “form”."),
    ],
)
def test_check_reads_quotes_as_values_only_after_the_sign(page, problem):
    """A quote in a name starts no value, as in browsers."""
    assert problem in problems_of(page)


def test_pages_that_are_surely_right_have_no_problem(monkeypatch):
    """Pages accepted by the quick check have no problem tag by tag."""
    dice = random.Random(1)
    pages = {"".join(dice.choices(PIECES, k=dice.randint(0, 6))) for _ in range(6000)}
    pages |= set(pages_with_soup(dice))
    right = [page for page in pages if html_check._is_surely_valid(page)]
    monkeypatch.setattr(html_check, "_is_surely_valid", lambda page: False)

    assert len(right) > 100
    for page in right:
        check_html(page)
