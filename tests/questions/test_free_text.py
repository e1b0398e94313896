"""The constraints of FreeTextAnswer, and texts made to meet them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mturk_mock.questions.fields.free_text import (
    AnswerFormatRegex,
    FreeTextAnswer,
    IsNumeric,
    Length,
    find_free_text_error,
    requires_text,
)
from mturk_mock.questions.fields.free_text_examples import fill_free_text
from mturk_mock.questions.javascript.regex import compile_regex
from tests.questions.regexes import IN_USE

MANY = settings(derandomize=True, database=None, deadline=None, max_examples=150)

RANDOMS = st.integers(0, 10**6).map(Random)

#: A whole number with more digits than int() reads.
LONG_NUMBER = "9" * 5_000


def form(*regexes: str, **constraints: Any) -> FreeTextAnswer:
    """Return an answer specification with these patterns and other constraints."""
    return FreeTextAnswer(formats=tuple(map(AnswerFormatRegex, regexes)), **constraints)


def numeric(*bounds: int | None) -> FreeTextAnswer:
    """Return an answer specification for a number within bounds."""
    return FreeTextAnswer(numeric=IsNumeric(*bounds))


def length(*bounds: int | None) -> FreeTextAnswer:
    """Return an answer specification for a text with so many characters."""
    return FreeTextAnswer(length=Length(*bounds))


# Checks -----------------------------------------------------------------------------------


def test_free_text_without_constraints():
    """Without constraints any text is accepted. [doc]"""
    assert find_free_text_error(FreeTextAnswer(default_text="Say", lines=3), "anything\n") is None


@pytest.mark.parametrize(
    "answer", [numeric(5, 9), length(None, 3), length(0, 3), form(r"\S", numeric=IsNumeric())]
)
def test_empty_text_unchecked(answer):
    """An empty answer is not checked. [assumed]"""
    assert find_free_text_error(answer, "") is None


@pytest.mark.parametrize("text", ["0", "42", "-1", "+1", "4.2", "-.5", "5.", "007", LONG_NUMBER])
def test_is_numeric(text):
    """Without bounds any number is accepted, decimals too. [doc]"""
    assert find_free_text_error(numeric(), text) is None


@pytest.mark.parametrize(
    "text", [" ", "one", "1,000", "1 ", " 1", "1e5", "0x1", ".", "-", "1.2.3", "٣", "1\n", "NaN"]
)
def test_is_numeric_refused(text):
    """Text that is no number in digits is refused. [doc] Blanks and exponents: [assumed]"""
    assert find_free_text_error(numeric(), text) == f"takes a number, not {text!r}"


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((1, 5), "1"),
        ((1, 5), "5"),
        ((1, 5), "+03"),
        ((-5, -1), "-5"),
        ((0, None), "0"),
        ((0, None), LONG_NUMBER),
        ((None, 0), "-7"),
        ((None, 0), "-" + LONG_NUMBER),
    ],
)
def test_is_numeric_within_bounds(bounds, text):
    """Both bounds are included and optional. [doc]"""
    assert find_free_text_error(numeric(*bounds), text) is None


@pytest.mark.parametrize(
    ("bounds", "text", "message"),
    [
        ((1, 5), "0", "takes a whole number from 1 to 5, not '0'"),
        ((1, 5), "6", "takes a whole number from 1 to 5, not '6'"),
        ((1, 5), "2.5", "takes a whole number from 1 to 5, not '2.5'"),
        ((1, 5), "two", "takes a whole number from 1 to 5, not 'two'"),
        ((0, None), "-1", "takes a whole number of at least 0, not '-1'"),
        ((None, 0), "1", "takes a whole number of at most 0, not '1'"),
        (
            (1, 5),
            LONG_NUMBER,
            "takes a whole number from 1 to 5, not '" + "9" * 60 + "…'",
        ),
    ],
)
def test_is_numeric_within_bounds_refused(bounds, text, message):
    """With bounds only whole numbers are accepted. [assumed]"""
    assert find_free_text_error(numeric(*bounds), text) == message


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((1, 3), "a"),
        ((1, 3), "abc"),
        ((3, None), "   "),
        ((None, 3), "a\nb"),
        ((3, 3), "äöü"),
        ((1, 1), "😀"),
        ((None, None), "a"),
    ],
)
def test_length(bounds, text):
    """Characters are counted, including white space; bounds are included. [doc]"""
    assert find_free_text_error(length(*bounds), text) is None


@pytest.mark.parametrize(
    ("bounds", "text", "message"),
    [
        ((1, 20), "a" * 25, "takes 1 to 20 characters, not 25"),
        ((2, 20), "a", "takes 2 to 20 characters, not 1"),
        ((1, 20), "", "takes 1 to 20 characters, not 0"),
        ((0, 2), "abc", "takes at most 2 characters, not 3"),
        ((None, 1), "abc", "takes at most 1 character, not 3"),
        ((5, None), "abc", "takes at least 5 characters, not 3"),
        ((1, None), "", "takes at least 1 character, not 0"),
        ((5, 5), "abc", "takes exactly 5 characters, not 3"),
        ((1, 1), "ab", "takes exactly 1 character, not 2"),
    ],
)
def test_length_refused(bounds, text, message):
    """A text that is too short or too long is refused. [doc]"""
    assert find_free_text_error(length(*bounds), text) == message


@pytest.mark.parametrize(
    ("answer", "required"),
    [
        (FreeTextAnswer(), False),
        (numeric(1, 2), False),
        (form("."), False),
        (length(None, 5), False),
        (length(0, 5), False),
        (length(1, None), True),
    ],
)
def test_requires_text(answer, required):
    """A minimum length makes a text required [doc], except for 0 [assumed]."""
    assert requires_text(answer) is required


def test_required_text_is_checked():
    """An empty text is refused if required, by the first rule it breaks. [doc]"""
    answer = FreeTextAnswer(numeric=IsNumeric(), length=Length(1))
    assert find_free_text_error(answer, "") == "takes a number, not ''"


def test_format_is_searched():
    """A pattern can match a part of the text. [doc]"""
    assert find_free_text_error(form(r"\d"), "room 7 b") is None


def test_format_refused():
    """A text without a match is refused in the service's words. [doc]"""
    assert find_free_text_error(form(r"^\d+$"), "seven") == (
        r"takes a text that matches '^\\d+$', not 'seven': Invalid input supplied."
    )


def test_format_refused_with_its_own_words():
    """The error text of the form is quoted. [doc]"""
    answer = FreeTextAnswer(formats=(AnswerFormatRegex("^[01]$", error_text="Say 0 or 1."),))
    assert (
        find_free_text_error(answer, "2")
        == "takes a text that matches '^[01]$', not '2': Say 0 or 1."
    )


def test_formats_hold_together():
    """The text must match all patterns. [doc]"""
    answer = form("a", "b", "c")
    assert find_free_text_error(answer, "cab") is None
    assert find_free_text_error(answer, "cub") == "takes a text that matches 'a', not 'cub': " + (
        "Invalid input supplied."
    )
    assert find_free_text_error(answer, "bar") == "takes a text that matches 'c', not 'bar': " + (
        "Invalid input supplied."
    )


@pytest.mark.parametrize(
    ("flags", "taken"), [(None, False), ("", False), ("i", True), ("gi", True), ("g", False)]
)
def test_format_flags(flags, taken):
    """The flag i ignores case [doc]; other flags are ignored [assumed]."""
    answer = FreeTextAnswer(formats=(AnswerFormatRegex("^yes$", flags=flags),))
    assert (find_free_text_error(answer, "YES") is None) is taken


def test_format_that_is_none():
    """An invalid regular expression matches any text; the other patterns still count. [assumed]"""
    answer = form("(", "[0-9]")
    assert find_free_text_error(answer, "7") is None
    assert find_free_text_error(answer, "x") == (
        "takes a text that matches '[0-9]', not 'x': Invalid input supplied."
    )


def test_refusal_in_order():
    """The number is checked first, then the length, then the patterns in order."""
    answer = form("^1", "1$", numeric=IsNumeric(), length=Length(2, 3))
    messages = [find_free_text_error(answer, text) for text in ("x", "5", "55", "15", "11")]
    assert messages == [
        "takes a number, not 'x'",
        "takes 2 to 3 characters, not 1",
        "takes a text that matches '^1', not '55': Invalid input supplied.",
        "takes a text that matches '1$', not '15': Invalid input supplied.",
        None,
    ]


def test_answer_is_a_value():
    """Equal constraints are equal objects, and immutable."""
    assert form("a", length=Length(1)) == form("a", length=Length(1))
    with pytest.raises(AttributeError):
        Length(1).min_length = 2  # type: ignore[misc]


# Made texts -------------------------------------------------------------------------------


def test_fill_without_constraints():
    """Without constraints the text is a few plain words."""
    words = [fill_free_text(FreeTextAnswer(), Random(seed)).split(" ") for seed in range(50)]
    assert {len(text) for text in words} == {3, 4, 5, 6}
    assert all(word.isalpha() and word.islower() for text in words for word in text)


def test_fill_of_the_same_random():
    """The same random number generator makes the same text, another one a different text."""
    assert fill_free_text(FreeTextAnswer(), Random(1)) == fill_free_text(
        FreeTextAnswer(), Random(1)
    )
    assert fill_free_text(FreeTextAnswer(), Random(1)) != fill_free_text(
        FreeTextAnswer(), Random(2)
    )


SATISFIABLE = [
    numeric(),
    numeric(1, 5),
    numeric(7, 7),
    numeric(-(2**31), 2**31 - 1),
    numeric(2**31 - 1),
    numeric(None, -(2**31)),
    numeric(None, -5),
    numeric(None, 5),
    numeric(10**30, 10**30 + 1),
    length(1, 1),
    length(None, 1),
    length(1, 20),
    length(20, 20),
    length(5_000),
    length(5_000, 5_000),
    length(0, 65_000),
    length(65_535, 65_535),
    length(None, None),
    FreeTextAnswer(numeric=IsNumeric(), length=Length(5_000, 5_000)),
    FreeTextAnswer(numeric=IsNumeric(1, 5), length=Length(3, 3)),
    FreeTextAnswer(numeric=IsNumeric(-(10**9), 10**9), length=Length(None, 1)),
    FreeTextAnswer(numeric=IsNumeric(1_000, 10**9), length=Length(5, 5)),
    form(r"^\d{5}$", numeric=IsNumeric()),
    form(r"^\d{5}$", numeric=IsNumeric(10_000, 10_100)),
    form(r"[05]$", numeric=IsNumeric(1, 100)),
    form(r"^\d+\.\d\d$", numeric=IsNumeric()),
    form(r"\d", "[a-z]", "[A-Z]", r"^\S+$", length=Length(8, 12)),
    form(r"\d", "[a-z]", "[A-Z]", r"[^\w\s]", "^.{8,}$"),
    form("^[A-Z]", r"\.$", length=Length(100)),
    form("^Dear ", length=Length(200, 210)),
    form("cat", "dog", "bird"),
    form("^cat", "dog$"),
    form("dog$", "^cat"),
    form(r"^\S+$", "^[a-z]", r"\d$", length=Length(6, 10)),
    form(r"^[\w.+-]+@[\w-]+\.[a-z]{2,4}$", length=Length(30, 30)),
    form(r"^[\w.+-]+@[\w-]+\.[a-z]{2,4}$", length=Length(None, 7)),
    form(r"^(\d{3},)+\d{3}$", length=Length(403, 403)),
    form("^([a-zA-Z0-9]+ ?)*$", length=Length(500, 500)),
    form(r"^(?=.*\d)(?=.*[a-z])", length=Length(8, 16)),
    form(r"(?=.*[!@#$%^&*])(?=.*\d)(?=.*[A-Z])", r"^\S{8,16}$"),
    form("^https?://", length=Length(200, 200)),
    form(r"^(?:\b\w+\b[\s\r\n]*){50,250}$"),
    form(r"^(?!.*(.)\1)[a-z]{6}$"),
    form("^.{100,}$", r"\?$"),
    form("("),
    form("(", "^[0-9]$"),
    form("^[\t\n]$"),
    form("^[\x00-\x1fé]$"),
    form("^(?:😀|😁){2}$"),
    form("^.$", length=Length(1)),
    form(r"\S", length=Length(5_000)),
]


@pytest.mark.parametrize("answer", SATISFIABLE, ids=str)
def test_fill(answer):
    """A made text meets all constraints and is never empty."""
    for seed in range(20):
        text = fill_free_text(answer, Random(seed))
        assert text
        assert find_free_text_error(answer, text) is None


def test_fill_can_be_carried():
    """No made text has control characters or lone surrogates, which XML cannot represent."""
    texts = {
        fill_free_text(form("^[\x00-\x1f\ud800-\udfffé]$"), Random(seed)) for seed in range(20)
    }
    assert texts <= {"\t", "\n", "é"}


@given(row=st.sampled_from([row for row in IN_USE if row[0]]), random=RANDOMS)
@MANY
def test_fill_patterns_in_use(row, random):
    """A text can be made for every pattern in use."""
    answer = form(row[0])
    assert find_free_text_error(answer, fill_free_text(answer, random)) is None


@st.composite
def answers(draw: st.DrawFn) -> FreeTextAnswer:
    """Return constraints that at least one text meets: they are read off that text."""
    random = draw(RANDOMS)
    first = draw(st.sampled_from([row[0] for row in IN_USE]))
    regex = compile_regex(first)
    assert regex is not None
    text = regex.propose(random, draw(st.none() | st.integers(1, 60)))
    assume(text and text.isprintable() and regex.matches(text))
    met = [
        pattern
        for pattern in (r"\d", r"\w", r"\S", "^.+$", "[a-z]", "[A-Z]")
        if _finds(pattern, text)
    ]
    more = draw(st.lists(st.sampled_from(met), max_size=2, unique=True))
    low = draw(st.none() | st.integers(0, len(text)))
    high = draw(st.none() | st.integers(len(text), len(text) + 10))
    is_number = find_free_text_error(numeric(), text) is None and draw(st.booleans())
    return form(
        *draw(st.permutations([first, *more])),
        length=Length(low, high) if draw(st.booleans()) else None,
        numeric=IsNumeric() if is_number else None,
    )


def _finds(pattern: str, text: str) -> bool:
    regex = compile_regex(pattern)
    return regex is not None and regex.matches(text)


@given(answer=answers(), random=RANDOMS)
@MANY
def test_fill_combinations(answer, random):
    """Patterns, lengths and numbers that are compatible can be met together."""
    assert find_free_text_error(answer, fill_free_text(answer, random)) is None


@given(
    low=st.none() | st.integers(-(10**12), 10**12),
    span=st.none() | st.integers(0, 10**12),
    random=RANDOMS,
)
@MANY
def test_fill_numbers(low, span, random):
    """A number can be made for any bounds."""
    high = None if span is None else (low or 0) + span
    assert (
        find_free_text_error(numeric(low, high), fill_free_text(numeric(low, high), random)) is None
    )


@given(low=st.none() | st.integers(0, 6_000), span=st.none() | st.integers(1, 50), random=RANDOMS)
@MANY
def test_fill_lengths(low, span, random):
    """A text can be made for any length, of words and single spaces."""
    answer = length(low, None if span is None else (low or 0) + span)
    text = fill_free_text(answer, random)
    assert find_free_text_error(answer, text) is None
    assert text == text.strip()


@pytest.mark.parametrize(
    ("answer", "constraints"),
    [
        (numeric(2, 1), "IsNumeric(min_value=2, max_value=1)"),
        (length(65_536), "Length(min_length=65536, max_length=None)"),
        (length(10**12), "Length(min_length=1000000000000, max_length=None)"),
        (length(2, 1), "Length(min_length=2, max_length=1)"),
        (
            form("^a$", "^b$", length=Length(1)),
            "Length(min_length=1, max_length=None) and "
            "AnswerFormatRegex(regex='^a$', error_text=None, flags=None) and "
            "AnswerFormatRegex(regex='^b$', error_text=None, flags=None)",
        ),
        (form("^$"), "AnswerFormatRegex(regex='^$', error_text=None, flags=None)"),
        (form("^\0$"), r"AnswerFormatRegex(regex='^\x00$', error_text=None, flags=None)"),
        (
            FreeTextAnswer(numeric=IsNumeric(100, 200), length=Length(None, 2)),
            "IsNumeric(min_value=100, max_value=200) and Length(min_length=None, max_length=2)",
        ),
    ],
)
def test_fill_without_a_text(answer, constraints):
    """Constraints that no text meets raise an error that says what to do instead."""
    with pytest.raises(ValueError, match=r"^no text") as raised:
        fill_free_text(answer, Random(1))
    assert str(raised.value) == (
        f"no text was found that meets {constraints}; submit a text for this question instead"
    )
