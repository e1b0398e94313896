"""Types of texts and attributes in the documents: valid and wrong values."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.questions.document_trees import TEXTS, Rule, Value


def values(valid: str | list[str], wrong: str | list[str] = "") -> Value:
    """Return a type by its valid values, as a list or as words; the first is the example."""
    good = valid.split() if isinstance(valid, str) else valid
    bad = wrong.split() if isinstance(wrong, str) else wrong
    return Value(st.sampled_from(good), good[0], tuple(bad))


def strings(*names: str) -> dict[str, Rule]:
    """Return rules for elements that take any text."""
    return dict.fromkeys(names, Rule(text=STRING))


STRING = Value(TEXTS, "x")
BOOLEAN = values(["true", "false", "1", "0", " true\n"], ["TRUE", "yes", "", "2"])
INTEGER = values(
    ["0", "400", "+7", "0012", " 600 ", "\n5\t", "99999999999"],
    ["", "x", "1.5", "1 2", "0x1F", "1e3"],
)
INT = values(
    ["0", "-1", "+1", " 12 ", "2147483647", "-2147483648"],
    ["2147483648", "-2147483649", "1.0", "", "x", "1 2"],
)
POSITIVE = values(["1", "2", "3", "+4", " 5 ", "007"], ["0", "-1", "", "x", "1.0"])
NOT_NEGATIVE = values(["0", "1", "2", "+1", " 0 "], ["-1", "", "x", "0.5"])
DOUBLE = values(["1", "0.5", "-2.25", "1e3", "1.E-2", ".5", " 3 "], ["", "x", "1,5", "1e", "0x1"])
FILE_SIZE = values(["2000000000", "1000", " 4096 "], ["2000000001", "99999999999", "0", "-1", "x"])
SMALL_FILE_SIZE = values(["1", "1000", "+7"], ["2000000001", "0", "-1", "x", ""])

LOWER_BOUND = values("0 -5 -2147483648", ["-2147483649", "", "x", "0.5"])
UPPER_BOUND = values("10 0 2147483647", ["2147483648", "", "x", "0.5"])
SHORTEST = values("0 1 5", ["-1", "", "x"])
LONGEST = values("5 100", ["0", "-1", "", "x"])

URL = values(
    ["http://example.com/a.png", "https://example.com/?a=1&b=2#c", " https://example.com/ "],
    ["ftp://example.com/a.png", "example.com", "/a.png", "", "HTTP://example.com/", "mailto:a@b.c"],
)
SECURE_URL = values(
    [
        "https://example.com/",
        "https://example.com/task?item=1&page=2#top",
        "https://[::1]:8080/%E2%82%AC",
        "\n https://example.com/task \n",
    ]
)
LINK = values(
    [
        "https://example.com/?a=1&b=2",
        "http://example.com/",
        "ftp://example.com/a",
        "news://news.example.com/a",
        "nntp://news.example.com/a",
        "gopher://example.com/",
        "telnet://example.com/",
        "mailto:someone@example.com",
        "mailto://someone@example.com",
    ],
    ["javascript:alert(1)", "/a.png", "a.png", "#a", "file:///a.png", "data:image/png,a", ""],
)
STYLE = values(
    "radiobutton checkbox list dropdown combobox multichooser",
    ["Radiobutton", "radio", "", "select"],
)
MEDIA = values("image audio video", ["Image", "text", "", "application"])
PAGE = values(
    [
        "<!DOCTYPE html><html><head><title>?</title></head><body></body></html>",
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset=utf-8><title>é &amp; 语</title>"
        "</head><body><form action='https://www.mturk.com/mturk/externalSubmit'><input name=a>"
        "<input type='hidden' name='assignmentId' value=''><select name='s'><option>1"
        "<option>2</select><br><textarea name='t'></textarea></form></body></html>",
        "<!DOCTYPE html><html><head><title>x</title><script>if (1 < 2 && 3 > 2) {}</script></head>"
        "<body><crowd-form><crowd-input name='a' required></crowd-input></crowd-form></body>"
        "</html>",
    ]
)

# FormattedContent ---------------------------------------------------------------------------

NUMBER = values("1 0 12", ["x", "-1", "1.5", "50%"])
LENGTH = values("10 50% 0", ["x", "10px", "-1", "10*"])
MULTI_LENGTH = values("10 50% 2*", ["x", "10px", "-1"])
COLOUR = values("red #fff #00FF7f", ["#12345", "#ggg", "red1", "0"])
LANGUAGE = values("en en-US de-CH-1996 x-klingon", ["12", "en_US", "e n", "waytoolonglanguage"])
DIRECTION = values("ltr rtl", "LTR up")
NAME = values("n1 a.b a-b _x", ["a b", "a,b", "<"])
NAMES = values(["next", "next prev", "a b c"], ["a,b", "a;b"])
CHARACTER = values(["x", "é", "."], ["xy", "..."])
TAB_INDEX = values("0 1 32767", ["32768", "-1", "x"])
MOMENT = values(
    "2026-01-01T00:00:00Z 2026-01-01T12:00:00", ["yesterday", "2026-13-01T00:00:00Z", "2026"]
)
URI = values("https://example.com/ a.html #m")
SHAPE = values("rect circle poly default", "Rect square")
TARGET = values("_blank _self _parent _top other")
