"""Rules of the content of a QuestionForm: each kept and broken."""

from __future__ import annotations

import pytest

from tests.helpers import NOW
from tests.questions.document_places import (
    ALT,
    APPLET,
    DATA,
    EMBEDDED,
    MIME,
    MOVIE,
    PARAMETER,
    PATH,
    SIZE,
    TEXT,
    application,
    binary,
    content,
    content_2017,
    embedded,
)
from tests.questions.documents import FORMATS, Desk
from tests.questions.xerces import (
    at_first,
    check_rule,
    incomplete,
    no_match,
    not_listed,
    rules,
    simple,
    starting,
    unexpected,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

RULES = [
    ("QuestionContent has one or more", content, 2 * TEXT, "", incomplete("QuestionContent")),
    (
        "content is in any order",
        content,
        "<Text/><Title/><Text/>",
        "<Text/><ListItem/>",
        starting("ListItem"),
    ),
    (
        "List has one or more",
        content,
        "<List><ListItem/><ListItem/></List>",
        "<List/>",
        incomplete("List"),
    ),
    (
        "List has ListItem only",
        content,
        "<List><ListItem/></List>",
        "<List><Text/></List>",
        starting("Text"),
    ),
    (
        "FormattedContent is a string",
        content,
        "<FormattedContent>&lt;p/></FormattedContent>",
        "<FormattedContent><p/></FormattedContent>",
        simple("FormattedContent"),
    ),
    *at_first(binary, "Binary", MIME, DATA + ALT, MIME + DATA + ALT),
    ("Binary has DataURL", binary, MIME + DATA + ALT, MIME + ALT, starting("AltText")),
    ("Binary has AltText", binary, MIME + DATA + ALT, MIME + DATA, incomplete("Binary")),
    (
        "MimeType has Type",
        binary,
        MIME + DATA + ALT,
        f"<MimeType/>{DATA}{ALT}",
        incomplete("MimeType"),
    ),
    (
        "MimeType has SubType at most once",
        binary,
        f"<MimeType><Type>audio</Type><SubType/></MimeType>{DATA}{ALT}",
        f"<MimeType><Type>audio</Type><SubType/><SubType/></MimeType>{DATA}{ALT}",
        unexpected("SubType"),
    ),
    (
        "Type is image, audio or video",
        binary,
        f"<MimeType><Type>video</Type></MimeType>{DATA}{ALT}",
        f"<MimeType><Type>text</Type></MimeType>{DATA}{ALT}",
        not_listed("text"),
    ),
    (
        "URL begins with http or https",
        binary,
        MIME + DATA.replace("https", "http") + ALT,
        MIME + DATA.replace("https", "ftp") + ALT,
        no_match("ftp://example.com/a.png"),
    ),
    *at_first(
        embedded, "EmbeddedBinary", EMBEDDED, DATA + ALT + SIZE, EMBEDDED + DATA + ALT + SIZE
    ),
    (
        "EmbeddedMimeType has SubType",
        embedded,
        EMBEDDED + DATA + ALT + SIZE,
        EMBEDDED.replace("<SubType>b</SubType>", "") + DATA + ALT + SIZE,
        incomplete("EmbeddedMimeType"),
    ),
    (
        "EmbeddedMimeType has Type",
        embedded,
        EMBEDDED + DATA + ALT + SIZE,
        EMBEDDED.replace("<Type>any</Type>", "") + DATA + ALT + SIZE,
        starting("SubType"),
    ),
    (
        "EmbeddedBinary has AltText",
        embedded,
        EMBEDDED + DATA + ALT + SIZE,
        EMBEDDED + DATA + SIZE,
        starting("Width"),
    ),
    (
        "EmbeddedBinary has Height",
        embedded,
        EMBEDDED + DATA + ALT + SIZE,
        EMBEDDED + DATA + ALT + "<Width/>",
        incomplete("EmbeddedBinary"),
    ),
    (
        "EmbeddedBinary has parameters at its end",
        embedded,
        EMBEDDED + DATA + ALT + SIZE + 2 * PARAMETER,
        EMBEDDED + DATA + ALT + PARAMETER + SIZE,
        starting("ApplicationParameter"),
    ),
    (
        "ApplicationParameter has Value",
        embedded,
        EMBEDDED + DATA + ALT + SIZE + PARAMETER,
        EMBEDDED + DATA + ALT + SIZE + PARAMETER.replace("<Value>b</Value>", ""),
        incomplete("ApplicationParameter"),
    ),
    (
        "ApplicationParameter has Name",
        embedded,
        EMBEDDED + DATA + ALT + SIZE + PARAMETER,
        EMBEDDED + DATA + ALT + SIZE + PARAMETER.replace("<Name>a</Name>", ""),
        starting("Value"),
    ),
    (
        "Application has one of two",
        application,
        f"<Flash>{MOVIE}{SIZE}</Flash>",
        "",
        incomplete("Application"),
    ),
    (
        "Application has only one of two",
        application,
        f"<JavaApplet>{PATH}{APPLET}{SIZE}</JavaApplet>",
        f"<Flash>{MOVIE}{SIZE}</Flash><JavaApplet>{PATH}{APPLET}{SIZE}</JavaApplet>",
        unexpected("JavaApplet"),
    ),
    (
        "Flash has FlashMovieURL",
        application,
        f"<Flash>{MOVIE}{SIZE}{PARAMETER}</Flash>",
        f"<Flash>{SIZE}</Flash>",
        starting("Width"),
    ),
    (
        "FlashMovieURL is a URL",
        application,
        f"<Flash>{MOVIE}{SIZE}</Flash>",
        f"<Flash><FlashMovieURL>a.swf</FlashMovieURL>{SIZE}</Flash>",
        no_match("a.swf"),
    ),
    (
        "JavaApplet has AppletPath",
        application,
        f"<JavaApplet>{PATH}{APPLET}{SIZE}{PARAMETER}</JavaApplet>",
        f"<JavaApplet>{APPLET}{SIZE}</JavaApplet>",
        starting("AppletFilename"),
    ),
    (
        "JavaApplet has AppletFilename",
        application,
        f"<JavaApplet>{PATH}{APPLET}{SIZE}</JavaApplet>",
        f"<JavaApplet>{PATH}{SIZE}</JavaApplet>",
        starting("Width"),
    ),
    (
        "Application is of 2005 only",
        content,
        f"<Application><Flash>{MOVIE}{SIZE}</Flash></Application>",
        "<Application/>",
        incomplete("Application"),
    ),
    (
        "2017 has no Application",
        content_2017,
        TEXT,
        f"<Application><Flash>{MOVIE}{SIZE}</Flash></Application>",
        starting("Application"),
    ),
]


@pytest.fixture
def desk(mturk):
    return Desk(mturk)


@rules(RULES)
def test_rule(desk, inside, kept, broken, details):
    """A document that keeps the rule is accepted; one that breaks it is refused in Xerces' words.

    [doc]
    """
    check_rule(desk, FORMATS["QuestionForm-2005"], inside(kept), inside(broken), details)
