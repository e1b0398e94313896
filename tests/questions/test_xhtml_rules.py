"""Rules of FormattedContent: each kept and broken. [doc]

Wrong values of each attribute are in test_documents.
"""

from __future__ import annotations

import pytest

from tests.helpers import NOW
from tests.questions.documents import FORMATS, XHTML_ERROR, Desk, formatted

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

#: rule, a content that keeps it, a content that breaks it
RULES = [
    ("text and entities of HTML", "a &nbsp;&amp; &eacute; &#233;", "a & b"),
    ("entities of HTML only", "&euro;&hearts;", "&apostrophe;"),
    ("all is closed", "<p>x<br/></p>", "<p>x<br></p>"),
    ("closed inside one block", "<p><b>x</b></p>", "<p><b>x</p></b>"),
    ("lower-case elements", "<p>x</p>", "<P>x</P>"),
    ("lower-case attributes", '<p align="left">x</p>', '<p ALIGN="left">x</p>'),
    ("quoted attributes", "<p align='left'>x</p>", "<p align=left>x</p>"),
    ("no comments", "<p>x</p>", "<p>x</p><!-- y -->"),
    ("no script", "<code>x</code>", "<script>x</script>"),
    ("no style element", "<em>x</em>", "<style>x</style>"),
    ("no id", '<p title="x">x</p>', '<p id="x">x</p>'),
    ("no class", '<p lang="en">x</p>', '<p class="x">x</p>'),
    ("no style", '<p dir="ltr">x</p>', '<p style="color: red">x</p>'),
    ("no div", "<blockquote>x</blockquote>", "<div>x</div>"),
    ("no span", "<b>x</b>", "<span>x</span>"),
    ("no event attributes", "<b>x</b>", '<b onclick="f()">x</b>'),
    ("no forms", "<p>x</p>", '<form action="https://example.com/"><p>x</p></form>'),
    ("elements of XHTML's namespace", "<p>x</p>", '<p xmlns="urn:other">x</p>'),
    ("the root is Flow", "x<p>x</p><b>x</b>x<table><tr><td/></tr></table>", "<li>x</li>"),
    ("p is Inline", "<p>x<b>y</b></p>", "<p><p>x</p></p>"),
    ("h1 is Inline", "<h1>x<i>y</i></h1>", "<h1><ul><li>x</li></ul></h1>"),
    ("b is Inline", "<b><i>x</i></b>", "<b><p>x</p></b>"),
    ("font is Inline", '<font size="+1" color="#fff">x</font>', "<font><p>x</p></font>"),
    ("q is Inline", '<q cite="https://example.com/">x</q>', "<q><p>x</p></q>"),
    ("dt is Inline", "<dl><dt><b>x</b></dt></dl>", "<dl><dt><p>x</p></dt></dl>"),
    ("dd is Flow", "<dl><dd><p>x</p></dd></dl>", "<dl><dd><dt>x</dt></dd></dl>"),
    ("li is Flow", "<ul><li>x<ul><li>y</li></ul></li></ul>", "<ul><li><li>x</li></li></ul>"),
    ("ins is Flow", "<ins><p>x</p></ins>", "<ins><li>x</li></ins>"),
    ("center is Flow", "<center><p>x</p></center>", "<center><td>x</td></center>"),
    ("ul has one or more li", "<ul><li/><li/></ul>", "<ul></ul>"),
    ("ul has only li", "<ul> <li>x</li> </ul>", "<ul>x<li>x</li></ul>"),
    ("ol has one or more li", '<ol start="3"><li>x</li></ol>', "<ol/>"),
    ("ol starts at a number", '<ol start="3"><li/></ol>', '<ol start="c"><li/></ol>'),
    ("type of ul is one of three", '<ul type="disc"><li/></ul>', '<ul type="1"><li/></ul>'),
    ("type of ol is any", '<ol type="A"><li/></ol>', '<ol type="A">A</ol>'),
    ("compact is compact", '<ul compact="compact"><li/></ul>', '<ul compact="yes"><li/></ul>'),
    ("dl has one or more", "<dl><dt/><dd/><dd/></dl>", "<dl/>"),
    ("dl has dt and dd", "<dl><dd/></dl>", "<dl><li/></dl>"),
    ("hr is empty", '<hr width="50%"/>', "<hr>x</hr>"),
    ("hr has an align of its own", '<hr align="center"/>', '<hr align="justify"/>'),
    ("br is empty", '<br clear="all"/>', "<br>x</br>"),
    ("br has only title of the common ones", '<br title="x"/>', '<br lang="en"/>'),
    ("pre has some inline elements", "<pre>x<b>y</b></pre>", "<pre>x<big>y</big></pre>"),
    ("pre has no pictures", "<pre>x</pre>", '<pre><img src="https://a.b/c" alt=""/></pre>'),
    ("datetime is a date and time", '<del datetime="2026-01-01T00:00:00"/>', '<del datetime="1"/>'),
    ("no link in a link", '<a href="https://a.b/">x</a>', '<a href="https://a.b/"><a>x</a></a>'),
    ("a is Inline", '<a name="x"><b>x</b></a>', '<a name="x"><p>x</p></a>'),
    ("links begin with http", '<a href="http://a.b/">x</a>', '<a href="/a">x</a>'),
    ("links begin with mailto", '<a href="mailto:a@b.c">x</a>', '<a href="javascript:f()">x</a>'),
    ("accesskey is one letter", '<a accesskey="x"/>', '<a accesskey="xy"/>'),
    ("tabindex is 32767 at most", '<a tabindex="32767"/>', '<a tabindex="32768"/>'),
    ("img has src", '<img src="https://a.b/c" alt=""/>', '<img alt=""/>'),
    ("img has alt", '<img src="http://a.b/c" alt=""/>', '<img src="http://a.b/c"/>'),
    ("src is a link", '<img src="ftp://a.b/c" alt=""/>', '<img src="data:image/png,a" alt=""/>'),
    ("img is empty", '<img src="http://a.b/" alt="x"/>', '<img src="http://a.b/" alt="">x</img>'),
    ("map has name", '<map name="m"><area alt=""/></map>', '<map><area alt=""/></map>'),
    ("map has areas", '<map id="m" name="m"><area alt=""/></map>', '<map name="m"/>'),
    ("area has alt", '<map name="m"><area alt=""/></map>', '<map name="m"><area/></map>'),
    ("table has rows", "<table><tr><td/></tr></table>", "<table></table>"),
    ("table has rows or tbody", "<table><tbody><tr><td/></tr></tbody></table>",
     "<table><tbody><tr><td/></tr></tbody><tr><td/></tr></table>"),
    ("table has col or colgroup", "<table><col/><col/><tr><td/></tr></table>",
     "<table><col/><colgroup/><tr><td/></tr></table>"),
    ("col is before rows", "<table><colgroup><col/></colgroup><tr><td/></tr></table>",
     "<table><tr><td/></tr><col/></table>"),
    ("thead is before tfoot",
     "<table><thead><tr><td/></tr></thead><tfoot><tr><td/></tr></tfoot><tr><td/></tr></table>",
     "<table><tfoot><tr><td/></tr></tfoot><thead><tr><td/></tr></thead><tr><td/></tr></table>"),
    ("thead has rows", "<table><thead><tr><th/></tr></thead><tr><td/></tr></table>",
     "<table><thead/><tr><td/></tr></table>"),
    ("tr has cells", "<table><tr><th/><td/></tr></table>", "<table><tr/></table>"),
    ("cells are Flow", "<table><tr><td><p>x</p></td></tr></table>",
     "<table><tr><td><tr/></td></tr></table>"),
    ("cells may be aligned", '<table><tr><td align="char" char="."/></tr></table>',
     '<table><tr><td align="middle"/></tr></table>'),
    ("headers are ids",
     '<map id="m" name="m"><area alt=""/></map><table><tr><td headers="m"/></tr></table>',
     '<map id="m" name="m"><area alt=""/></map><table><tr><td headers="n"/></tr></table>'),
    ("frame is one of nine", '<table frame="box"><tr><td/></tr></table>',
     '<table frame="all"><tr><td/></tr></table>'),
    ("iframe has text only", '<iframe src="https://a.b/">x</iframe>', "<iframe><b>x</b></iframe>"),
    ("iframe has text that is not blank", "<iframe>x</iframe>", "<iframe> </iframe>"),
    ("dir is one of two", '<p dir="rtl">x</p>', '<p dir="auto">x</p>'),
    ("lang is a language", '<p lang="en-GB">x</p>', '<p lang="en_GB">x</p>'),
    ("colours", '<font color="#0aF">x</font>', '<font color="#12">x</font>'),
    ("lengths", '<hr width="50%"/>', '<hr width="2*"/>'),
    ("lengths of columns", '<table><col width="2*"/><tr><td/></tr></table>',
     '<table><col width="2px"/><tr><td/></tr></table>'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "broken"), [row[1:] for row in RULES], ids=[row[0] for row in RULES]
)
def test_xhtml_rule(mturk, kept, broken):
    """A content that keeps the rule is accepted; one that breaks it is refused.

    [doc] rule, [assumed] words
    """
    desk = Desk(mturk)
    assert (desk.hand_in(FORMATS["QuestionForm-2005"], formatted(broken)) or "").startswith(
        XHTML_ERROR
    )
    assert desk.created == []
    assert desk.hand_in(FORMATS["QuestionForm-2005"], formatted(kept)) is None
