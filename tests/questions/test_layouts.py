"""HIT layouts: add_layout(), and HITs created from layouts."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest
from botocore.config import Config

from mturk_mock import HTMLQuestion
from mturk_mock.questions import layouts
from tests.helpers import (
    HTML_QUESTION,
    NOW,
    SCHEMAS,
    XML_ERROR,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    get_hit,
    invalid_value,
    out_of_range,
    request_error,
    told_apart,
    value_error,
    without_place,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

MISSING = (
    "Your request is missing required parameters. Required parameters include HITLayoutParameter. "
    "You have not provided all required HITLayout parameters. Missing parameter names: "
)
HTML5_ERROR = (
    "There was an error parsing the HTML5 data in your request.  "
    "Please make sure the data is well-formed and validates as HTML5. Details: Errors: "
)
BEFORE = f'<HTMLQuestion xmlns="{SCHEMAS}2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA['
AFTER = "]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"


def pairs(values):
    """Return HITLayoutParameters of these names and values."""
    return [{"Name": name, "Value": value} for name, value in values.items()]


def create_by_type(client, **overrides):
    """Publish a HIT with CreateHITWithHITType."""
    return create_hit_with_hit_type(client, create_hit_type(client), **overrides)


@pytest.fixture(params=[create_hit, create_by_type], ids=["CreateHIT", "CreateHITWithHITType"])
def create(request, mturk, mturk_client):
    """Publish a HIT from a layout, with either operation; None sends no parameters."""

    def create(page, parameters=None):
        layout_id = mturk.add_layout(page)
        overrides = {"HITLayoutId": layout_id, "HITLayoutParameters": parameters}
        return request.param(mturk_client, Question=None, **overrides)

    return create


@pytest.fixture
def make(create):
    """Publish a HIT from a layout and values; return its question."""
    return lambda page, **values: create(page, pairs(values))["Question"]


# add_layout() -----------------------------------------------------------------------------


def test_add_layout_returns_an_id_of_its_own(mturk):
    """Each layout has a new ID, even if the pages are equal."""
    ids = {mturk.add_layout("<p>"), mturk.add_layout("<p>")}

    assert len(ids) == 2
    assert all(len(id_) == 30 and id_[0] == "3" for id_ in ids)


def test_add_layout_with_a_chosen_id(mturk, mturk_client):
    """next_id("HITLayout") sets the ID of the next layout."""
    mturk.next_id("HITLayout", "3MYLAYOUT")

    assert mturk.add_layout("<p>") == "3MYLAYOUT"
    assert create_hit(mturk_client, Question=None, HITLayoutId="3MYLAYOUT")["HITLayoutId"] == (
        "3MYLAYOUT"
    )


def test_next_id_of_a_layout_that_exists(mturk):
    """next_id() refuses the ID of an existing layout."""
    layout_id = mturk.add_layout("<p>")

    with pytest.raises(ValueError, match=f"^the ID {layout_id} is already taken$"):
        mturk.next_id("HIT", layout_id)


@pytest.mark.parametrize("html", [None, b"<p>", 5])
def test_add_layout_of_no_text(mturk, html):
    """A layout must be a str."""
    with pytest.raises(TypeError) as raised:
        mturk.add_layout(html)
    assert str(raised.value) == f"add_layout() takes a page of HTML as a str, not {html!r}"


def test_add_layout_empty(mturk):
    """A layout must not be empty."""
    with pytest.raises(ValueError, match=r"^add_layout") as raised:
        mturk.add_layout("")
    assert str(raised.value) == "add_layout() takes a page of HTML, which cannot be empty"


@pytest.mark.parametrize("sandbox", [False, True])
def test_layout_is_known_to_all(mturk, sandbox):
    """Every requester can use a layout, in both environments. [assumed]"""
    layout_id = mturk.add_layout("<p>")

    hit = create_hit(
        mturk.requester("other").client(sandbox=sandbox), Question=None, HITLayoutId=layout_id
    )

    assert hit["HITLayoutId"] == layout_id


def test_layout_is_forgotten_with_all_else(mturk, mturk_client):
    """Layouts added in isolated(), or before reset(), are removed."""
    kept = mturk.add_layout("<p>")
    with mturk.isolated():
        isolated = mturk.add_layout("<p>")

    create_hit(mturk_client, Question=None, HITLayoutId=kept)
    assert error_of(
        lambda: create_hit(mturk_client, Question=None, HITLayoutId=isolated)
    ) == request_error("HITLayoutDoesNotExist", f"HITLayout {isolated} does not exist.")
    mturk.reset()
    assert error_of(
        lambda: create_hit(mturk_client, Question=None, HITLayoutId=kept)
    ) == request_error("HITLayoutDoesNotExist", f"HITLayout {kept} does not exist.")


# HITs from layouts ------------------------------------------------------------------------


def test_create_hit_of_a_layout(make):
    """The page becomes an HTMLQuestion with the window's height. [doc], [assumed] height"""
    page = "<!DOCTYPE html><img src='${image_url}'><p>${text}</p>${text}"

    question = make(page, text="What?", image_url="https://example.com/1.png")

    html = "<!DOCTYPE html><img src='https://example.com/1.png'><p>What?</p>What?"
    assert question == BEFORE + html + AFTER


def test_create_hit_of_a_layout_without_placeholders(create):
    """A page without placeholders needs no parameters; an empty list is accepted."""
    assert create("<p>?</p>")["Question"] == BEFORE + "<p>?</p>" + AFTER
    assert create("<p>?</p>", [])["Question"] == BEFORE + "<p>?</p>" + AFTER


@pytest.mark.parametrize("name", ["a", "A1", "image_url", "a-b", "a.b", "0", "_", "-"])
def test_placeholder_name(make, name):
    """Names consist of letters, digits, "_", "-" and ".". [assumed]"""
    assert make(f"${{{name}}}", **{name: "value"}) == BEFORE + "value" + AFTER


@pytest.mark.parametrize(
    "text", ["${}", "${a b}", "${ a }", "${a()}", "${a${", "$a", "{a}", "$ {a}", "${é}", "${a"]
)
def test_no_placeholder(make, text):
    """Other text in braces is unchanged, as in JavaScript's template literals. [assumed]"""
    assert make(text) == BEFORE + text + AFTER


@pytest.mark.parametrize(
    "value", ["", "<b>bold</b>", "&amp;", '"', "ü\u2028\U0001f600", "\\1", "${b}", "$", "{0}"]
)
def test_value_goes_in_as_it_is(make, value):
    """Values are not escaped [doc], and placeholders in them not filled. [assumed]"""
    assert make("<p>${a}${b}</p>", a=value, b="B") == f"{BEFORE}<p>{value}B</p>{AFTER}"


def test_value_does_not_make_a_placeholder(make):
    """A value that completes a placeholder with the text around it is not filled. [assumed]"""
    assert make("${a}{b}", a="$") == BEFORE + "${b}" + AFTER


@pytest.mark.parametrize("page", ["<p>a]]>b]]></p>", "]]>", "]]]>", "]]"])
def test_page_with_the_end_of_a_cdata_section(make, page):
    """The question contains the page unchanged, even with "]]>"."""
    assert fromstring(make(page)).findtext("{*}HTMLContent") == page


def test_get_hit_of_a_layout(create, mturk_client):
    """Every operation shows HITLayoutId and the question. [doc], [assumed] the question"""
    hit = create("<p>${a}</p>", pairs({"a": "b"}))

    assert list(hit)[:4] == ["HITId", "HITTypeId", "HITGroupId", "HITLayoutId"]
    shown = get_hit(mturk_client, hit["HITId"])
    (listed,) = mturk_client.list_hits()["HITs"]
    assert shown == listed == hit


def test_get_hit_of_no_layout(mturk_client):
    """A HIT with a Question of its own has no HITLayoutId. [observed]"""
    assert "HITLayoutId" not in create_hit(mturk_client, Question=HTML_QUESTION)


def test_hit_of_a_layout_keeps_the_parameters(mturk, create):
    """The HIT keeps the parameters in the order of the request."""
    hit = create("${a}${b}", pairs({"b": "2", "a": "1"}))

    with mturk._backend.transaction() as (marketplace, _):
        _, kept = marketplace.find_hit(hit["HITId"])
    assert kept.layout_parameters == (("b", "2"), ("a", "1"))


def test_hit_of_a_layout_is_worked_on(mturk, create):
    """Workers see the page like that of any HTMLQuestion."""
    hit = create("<form><input name='${name}'></form>", pairs({"name": "label"}))

    work = mturk.worker().accept(hit["HITId"]).submit({"label": "cat"})

    assert work.status == "Submitted"


# Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("<img src='${image_url}'>", "image_url"),
        ("${c}${a}${given}${b}${a}", "c, a, b"),
    ],
)
def test_create_hit_of_a_layout_with_missing_parameters(mturk, create, page, names):
    """Each placeholder requires a parameter. [observed, legacy] [assumed] the order of several"""
    refusal = error_of(lambda: create(page, pairs({"given": "x", "unknown": "x"})))

    assert refusal == value_error(MISSING + names)
    assert mturk.hits == []


def test_create_hit_of_a_layout_without_parameters(create):
    """Omitted parameters are the same as an empty list."""
    assert error_of(lambda: create("${a}")) == value_error(MISSING + "a")


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["a", "b"], "b"),
        (["b", "a", "c"], "b, c"),
        (["a", "A"], "A"),
        (["a", ""], ""),
        (["a", "bad name"], "bad name"),
        (["a", "a"], "a"),
        (["c", "a", "a"], "c, a"),
    ],
)
def test_create_hit_of_a_layout_with_wrong_parameters(mturk, create, names, wrong):
    """Parameters that the layout lacks, or that are repeated, are refused. [assumed]"""
    refusal = error_of(lambda: create("${a}", [{"Name": name, "Value": ""} for name in names]))

    assert refusal == invalid_value(wrong, "HITLayoutParameters")
    assert mturk.hits == []


def test_create_hit_of_a_layout_with_a_bare_ampersand(mturk, create):
    """A bare "&" is refused in a value [observed], but not in the page."""
    page = "a & b\n<a href='${url}'>"

    refusal = error_of(lambda: create(page, pairs({"url": "https://example.com/?a=1&b=2"})))

    assert refusal == value_error(
        HTML5_ERROR + "<! [2,34] “&” did not start a character reference. (“&” probably should "
        "have been escaped as “&amp;”.) !> Invalid content: a & b\n"
        "<a href='https://example.com/?a=1&b=2'>"
    )
    assert mturk.hits == []


def test_create_hit_of_a_layout_with_an_ampersand_in_each_value(create):
    """Each value has its own place: [1,3] is in the first, [1,7] in the second."""
    page = "& ${a} & ${b}${c}"

    refusal = error_of(lambda: create(page, pairs({"c": "&amp;", "b": "&", "a": "&"})))

    bare = "“&” did not start a character reference. (“&” probably should have been escaped "
    assert refusal == value_error(
        HTML5_ERROR + f"<! [1,3] {bare}as “&amp;”.) !> <! [1,7] {bare}as “&amp;”.) !> "
        "Invalid content: & & & &&amp;"
    )


def test_create_hit_of_a_layout_that_is_no_html5(create):
    """The filled page is checked like that of any HTMLQuestion. [doc]"""
    refusal = error_of(lambda: create("<form>${a}", pairs({"a": "x"})))

    assert refusal == value_error(
        HTML5_ERROR + "<! [1,6] Unclosed element “form”. !> Invalid content: <form>x"
    )


@pytest.mark.parametrize("letter", ["x", "é"])
def test_create_hit_of_a_layout_too_large(create, letter):
    """The filled page has at most 65,535 bytes. [doc] size, [assumed] error"""
    room = 65_535 - len((BEFORE + AFTER).encode())
    largest = letter * (room // len(letter.encode()))
    largest += "x" * (room - len(largest.encode()))

    assert create("${a}", pairs({"a": largest}))["Question"] == BEFORE + largest + AFTER
    assert error_of(lambda: create("${a}", pairs({"a": largest + "x"}))) == out_of_range(
        "of 65536 bytes", "Question", 1, 65_535
    )


@pytest.mark.parametrize(("page", "value"), [("a\x01${a}", ""), ("a${a}", "\x01")])
def test_create_hit_of_a_layout_with_characters_outside_xml(mturk, create, page, value):
    """Characters that XML does not allow are refused. [assumed] error"""
    refusal = error_of(lambda: create(page, pairs({"a": value})))

    assert without_place(refusal) == value_error(f"{XML_ERROR}not well-formed (invalid token).")
    assert told_apart(refusal.message).place == f"line 1, column {len(BEFORE) + 2}"
    assert mturk.hits == []


def test_create_hit_of_a_layout_with_a_parameter_that_has_no_value(mturk):
    """Name and Value are required. [doc] botocore does not check this, so the mock does."""
    layout_id = mturk.add_layout("${a}")
    client = mturk.client(config=Config(parameter_validation=False))
    parameters = [{"Name": "a"}]

    refusal = error_of(
        lambda: create_hit(
            client, Question=None, HITLayoutId=layout_id, HITLayoutParameters=parameters
        )
    )

    assert refusal.code == "ValidationException"
    assert refusal.message == (
        "1 validation error detected: Value null at 'hITLayoutParameters.1.member.value' failed "
        "to satisfy constraint: Member must not be null"
    )


# fill() -----------------------------------------------------------------------------------


def test_fill_says_where_the_values_are():
    """The spans are those of the values in the filled page."""
    html, filled = layouts.fill_placeholders("a${x}b${long_name}${x}", {"x": "", "long_name": "12"})

    assert html == "ab12"
    assert filled == [(1, 1), (2, 4), (4, 4)]


def test_add_layout_of_a_document(mturk):
    """add_layout() takes the page, not an HTMLQuestion document."""
    problem = "add_layout() takes the page itself, not the HTMLQuestion around it"
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        mturk.add_layout(str(HTMLQuestion("<p>x</p>")))
