"""Tags and attributes of HTML pages, as browsers read them."""

from __future__ import annotations

import random

import pytest

from mturk_mock.questions.html import scanner


def found(page: str) -> list[str]:
    """Return the tags of a page in short: name, "/" for an end tag, source."""
    return ["/" * tag.closing + tag.name + tag.source for tag in scanner.scan_tags(page)]


def found_names(page: str) -> list[str]:
    """Return the names of a page's tags, with "/" before those of end tags."""
    return ["/" * tag.closing + tag.name for tag in scanner.scan_tags(page)]


# Tags -------------------------------------------------------------------------------------


def test_scan_says_where_a_tag_is():
    """A tag is from its "<" to behind its ">"; its source is the text between name and ">"."""
    assert list(scanner.scan_tags("A <P CLASS=x>b</P >")) == [
        scanner.Tag("p", False, 2, 13, " CLASS=x"),
        scanner.Tag("p", True, 14, 19, " "),
    ]


@pytest.mark.parametrize(
    ("page", "tags"),
    [
        ("", []),
        ("no tags & 1 < 2, <3, < p>, <>", []),
        ("<h1>a</h1>", ["h1", "/h1"]),
        ("<br/><br />", ["br/", "br /"]),
        ("<crowd-form><x:y>", ["crowd-form", "x:y"]),
        ("<a<b>", ["a<b"]),
        ("<p\nid=a\n>", ["p\nid=a\n"]),
        # A ">" ends a value, except between quotes.
        ('<p title="a > b" x><b>', ['p title="a > b" x', "b"]),
        ("<p title='a > b'><b>", ["p title='a > b'", "b"]),
        ('<p title = "a > b"><b>', ['p title = "a > b"', "b"]),
        ('<p a="1"b="2>"><b>', ['p a="1"b="2>"', "b"]),
        ("<p title=a>b>", ["p title=a"]),
        ("<p title=>b", ["p title="]),
        # A quote is a quote only at the start of a value.
        ('<p a="b><b>', []),
        ("<p a='b><b>", []),
        ('<p "a><b>', ['p "a', "b"]),
        ('<p a"b><b>', ['p a"b', "b"]),
        ('<p a=b"c><b>', ['p a=b"c', "b"]),
        ('<p ="><b>', ['p ="', "b"]),
        ('<p a ="><b>', []),
        ('<p a=b="><b>', ['p a=b="', "b"]),
        ('<p/="><b>', ['p/="', "b"]),
        ('<pa="b c="><b>', []),
        # Comments, and markup that is read as a comment.
        ("<!-- <a> --><b>", ["b"]),
        ("<!-- <a> --!><b>", ["b"]),
        ("<!-- > -- > - --><b>", ["b"]),
        ("<!--><b>", ["b"]),
        ("<!---><b>", ["b"]),
        ("<!----><b>", ["b"]),
        ("<!-- <a>", []),
        ("<!DOCTYPE html><b>", ["b"]),
        ("<!-a><b>", ["b"]),
        ('<?php echo "<a>"; ?><b>', ["b"]),
        ("</><b>", ["b"]),
        ("</3><b>", ["b"]),
        ("</ p><b>", ["b"]),
        ("<![CDATA[ <b>", []),
        # A tag without an end is no tag.
        ("<b><p", ["b"]),
        ("<b></p", ["b"]),
        ("<b></", ["b"]),
        ("<b><", ["b"]),
        ("<b><p a=", ["b"]),
    ],
)
def test_scan(page, tags):
    """Tags are found by the rules of the HTML standard."""
    assert found(page) == tags


@pytest.mark.parametrize("name", sorted(scanner.RAW_TEXT | scanner.ESCAPABLE_RAW_TEXT))
@pytest.mark.parametrize(
    ("inner", "tags"),
    [
        ("<b>1<2</b>", []),
        ("</b><!--", []),
        ("</{name}s>", []),
        ("</{upper}>", ["/{name}"]),
        ("</{name} x><b>", ["/{name} x", "b"]),
        ("</{name}/><b>", ["/{name}/", "b"]),
    ],
)
def test_scan_raw_text(name, inner, tags):
    """The content of scripts and similar elements is text up to their end tag. [HTML standard]"""
    names = {"name": name, "upper": name.upper()}
    page = f"<{name.title()} id='>'>{inner.format(**names)}</{name}><i>"

    expected = [f"{name} id='>'", *(tag.format(**names) for tag in tags), f"/{name}", "i"]
    assert found(page) == expected


def test_scan_raw_text_without_an_end():
    """A script without end tag extends to the end of the page."""
    assert found("<script><b></i>") == ["script"]


@pytest.mark.parametrize(
    ("page", "tags"),
    [
        ("<title/><b>", ["title/"]),
        ("<svg><title/><b>", ["svg", "title/", "b"]),
        ("<math><g><style/></g></math><b>", ["math", "g", "style/", "/g", "/math", "b"]),
        ("<svg><title><i></title><b>", ["svg", "title", "/title", "b"]),
        ("<svg></svg><title/><b>", ["svg", "/svg", "title/"]),
        ("<svg/><title/><b>", ["svg/", "title/"]),
        ("<svg><svg></svg><title/><b>", ["svg", "svg", "/svg", "title/", "b"]),
        ("</svg><svg><title/><b>", ["/svg", "svg", "title/", "b"]),
    ],
)
def test_scan_raw_text_closed_at_once(page, tags):
    """A "/" before ">" is ignored in HTML, and closes the element in SVG and MathML."""
    assert found(page) == tags


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("", []),
        ("text", []),
        ("<!DOCTYPE html><P Class='a b' id=x required>a</P ><br/>", ["", "p", "/p", "br"]),
        ("<script src=a></script><svg></svg>", ["script", "/script", "svg", "/svg"]),
        # Other pages need the scanner.
        ("1 < 2", None),
        ("<p a='1'b>", None),
        ("<p title='a < b'>", None),
        ("<p", None),
        ("<!-- a -->", None),
        ("<script>a = '<b>'</script>", None),
        ("<title/><b>", None),
        ("<svg><g></g></svg>", None),
    ],
)
def test_plain_tag_names(page, names):
    """Return the tag names if each "<" starts a plain tag or a doctype, else None."""
    assert scanner.plain_tag_names(page) == names


def test_plain_tag_names_are_those_that_scan_finds():
    """The quick reading finds the same tags as the scanner."""
    dice = random.Random(1)
    parts = ["<a", "<p>", "</p>", "<svg>", "<title>", "</title>", "<!doctype a>", "<!--", "-->"]
    parts += [" ", "a", "=", '"', "'", "/", ' a="', '"', " b='", "'", ">", "/>", "`", "<"]
    pages = {"".join(dice.choices(parts, k=dice.randint(1, 8))) for _ in range(20_000)}
    plain = {page: names for page in pages if (names := scanner.plain_tag_names(page))}

    assert len(plain) > 100
    for page, names in plain.items():
        assert found_names(page) == [name for name in names if name]


@pytest.mark.parametrize(
    ("page", "others"),
    [
        ("a<!--b-->c", [(1, 9)]),
        ("<!DOCTYPE html>", [(0, 15)]),
        ("<script>a</script>", [(8, 9)]),
        ("<textarea>a</textarea>", []),
        ("a</", []),
        ("a<p b='", [(1, 7)]),
    ],
)
def test_tokens_without_a_name(page, others):
    """Tokens that are neither tag nor text have no name."""
    assert [(tag.start, tag.end) for tag in scanner.scan_tokens(page) if not tag.name] == others


#: Repeated parts of hostile pages, slow for a scanner that backtracks.
HOSTILE = ["<", "</", "<!", "<!--", "<!-- -- ", "<?", "<a ", "<a/ ", '<a b="', "<a b='", "<a b="]
HOSTILE += ["<a =", '="', "='=\"", 'a="b"c=', "<a b = ", "<p>", '<p a="b">', "<script>", "<svg/>"]
HOSTILE += ["<script></", "<textarea>x", "<svg><title/>", "<style></style>", "</script ", "a ", "/"]


@pytest.mark.parametrize("start", ["", "<a ", '<a b="', "<svg>", "<title>"])
@pytest.mark.parametrize("part", HOSTILE)
def test_scan_hostile(part, start):
    """A hostile page of 64 KB is scanned quickly; backtracking would take minutes."""
    page = start + part * (65_535 // len(part))

    assert sum(tag.end - tag.start for tag in scanner.scan_tags(page)) <= len(page)
    assert len(scanner.read_attributes(page)) < len(page)


# Attributes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "attributes"),
    [
        ("", {}),
        (" ", {}),
        (" /", {}),
        (' name="a"', {"name": "a"}),
        (" NAME='A'", {"name": "A"}),
        (" name=a", {"name": "a"}),
        ("\nname\t=\n'a'", {"name": "a"}),
        (" required", {"required": ""}),
        (" required name=a", {"required": "", "name": "a"}),
        (' name=""', {"name": ""}),
        (" name=", {"name": ""}),
        (" name=a name=b", {"name": "a"}),
        (" name=a NAME=b", {"name": "a"}),
        (' a="1"b="2"', {"a": "1", "b": "2"}),
        (" src=a/b/", {"src": "a/b/"}),
        (" a/b", {"a": "", "b": ""}),
        (" a=b=c", {"a": "b=c"}),
        (" a=b'c", {"a": "b'c"}),
        (' a="it\'s > b"', {"a": "it's > b"}),
        (" =a=b", {"=a": "b"}),
        (' "a', {'"a': ""}),
    ],
)
def test_attributes(source, attributes):
    """Attributes are found by the rules of the HTML standard; the first of a name counts."""
    assert scanner.read_attributes(source) == attributes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a &amp; b", "a & b"),
        ("&lt;b&gt;", "<b>"),
        ("&#65;&#x42;&#X43;", "ABC"),
        ("&#65 &#x42 c", "A B c"),
        ("&NotEqualTilde;", "\u2242\u0338"),
        ("& &; &a; &# &#x &#;", "& &; &a; &# &#x &#;"),
        # Old references need no semicolon, except in attributes before "=" and letters.
        ("&copy", "\u00a9"),
        ("&copy &lt.", "\u00a9 <."),
        ("?a=1&copy=2&lt2&reg;=3", "?a=1&copy=2&lt2\u00ae=3"),
        ("&notin; &notit;", "\u2209 &notit;"),
    ],
)
def test_attributes_with_references(value, text):
    """Character references in values are resolved. [HTML standard]"""
    assert scanner.read_attributes(f' a="{value}" b="&amp;"') == {"a": text, "b": "&"}
