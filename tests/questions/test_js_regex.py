"""JavaScript's regular expressions: matching, and texts made to match.

The expected matches come from a JavaScript engine, V8 of Node 20.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mturk_mock.questions.javascript.parser import MOST_NESTED
from mturk_mock.questions.javascript.regex import (
    LONGEST_PATTERN,
    LONGEST_WALK,
    Regex,
    compile_regex,
)
from tests.questions.regexes import IN_USE

RANDOMS = st.integers(0, 10**6).map(Random)


def example(found: Regex, random: Random) -> str:
    """Return a proposed text that matches an expression."""
    return next(text for _ in range(300) if found.matches(text := found.propose(random)))


#: pattern, text, whether JavaScript finds the pattern in the text
MEANING = [
    # Anchors: $ does not match before a final line feed.
    ("a$", "a", True),
    ("a$", "a\n", False),
    ("^b", "a\nb", False),
    ("^", "", True),
    ("$^", "", True),
    (r"\bcat\b", "a cat.", True),
    (r"\bcat\b", "cats", False),
    (r"\bé", "é", False),  # a letter beyond ASCII is no word character
    (r"a\b", "aé", True),
    (r"a\B", "ab", True),
    (r"a\B", "a b", False),
    (r"\B", "", True),
    (r"\b", "", False),
    # Classes are limited to ASCII, except for white space.
    (r"^\d$", "7", True),
    (r"^\d$", "\u0667", False),
    (r"^\D$", "\u0667", True),
    (r"^\w$", "_", True),
    (r"^\w$", "é", False),
    (r"^\W$", "é", True),
    (r"^\s$", "\u00a0", True),
    (r"^\s$", "\ufeff", True),
    (r"^\s$", "\u3000", True),
    (r"^\s$", "\x85", False),
    (r"^\s$", "\x1c", False),
    (r"^\S$", "\u2009", False),
    (r"^.$", "\n", False),
    (r"^.$", "\r", False),
    (r"^.$", "\u2028", False),
    (r"^.$", "\x85", True),
    # A character beyond U+FFFF is two code units.
    ("^.$", "😀", False),
    ("^..$", "😀", True),
    ("^[😀]{2}$", "😀", True),
    ("^😀+$", "😀😀", False),
    ("^(?:😀)+$", "😀😀", True),
    # Brackets.
    ("[]", "a", False),
    ("^[^]$", "\n", True),
    ("^[^]$", "", False),
    ("^[]]$", "]", False),
    (r"^[\]]$", "]", True),
    ("^[a-]$", "-", True),
    ("^[-a]$", "-", True),
    ("^[+--]$", ",", True),
    (r"^[\w-.]$", "-", True),
    (r"^[\w-.]$", "+", False),
    (r"^[.-\d]$", "-", True),
    (r"^[.-\d]$", "/", False),
    (r"^[\b]$", "\b", True),
    (r"^[\B]$", "B", True),
    (r"^[\c1]$", "\x11", True),
    (r"^[\c]$", "\\", True),
    (r"^[\c]$", "c", True),
    (r"^[\1]$", "\x01", True),
    (r"^[^\d\s]$", "a", True),
    (r"^[^\d\s]$", " ", False),
    ("^[a&&b]$", "&", True),
    ("^[[a]$", "[", True),
    ("^[a||~~]$", "~", True),
    ("^[+--a]$", "a", True),
    ("^[^^]$", "^", False),
    ("^[.$(]$", "$", True),
    (r"^[\k]$", "k", True),
    # Escapes.
    (r"^\/$", "/", True),
    (r"^\cJ$", "\n", True),
    (r"^\cj$", "\n", True),
    (r"^\c1$", r"\c1", True),
    (r"^\c$", r"\c", True),
    (r"^\x41$", "A", True),
    (r"^\x4$", "x4", True),
    (r"^\u0041$", "A", True),
    (r"^\u41$", "u41", True),
    (r"^\u{3}$", "uuu", True),
    (r"^\ud83d\ude00$", "😀", True),
    (r"^\0$", "\0", True),
    (r"^\101$", "A", True),
    (r"^\400$", " 0", True),
    (r"^\8$", "8", True),
    (r"^\t\n\v\f\r$", "\t\n\x0b\x0c\r", True),
    (r"^\a\e\_\-\z$", "ae_-z", True),
    (r"^\A\Z$", "AZ", True),
    (r"^\p{L}$", "p{L}", True),
    (r"^\p{L}$", "a", False),
    (r"^\k<n>$", "k<n>", True),
    # Braces that are not quantifiers.
    ("^a{$", "a{", True),
    ("^a{,2}$", "a{,2}", True),
    ("^a{,2}$", "aa", False),
    ("^{a}$", "{a}", True),
    ("^a{1 }$", "a{1 }", True),
    ("^}]$", "}]", True),
    ("^a{2}$", "aa", True),
    ("^a{2,}$", "aaa", True),
    ("^a{02,03}$", "aaaa", False),
    ("^a{0}$", "", True),
    ("^a{0,99999999999999999999}$", "aaa", True),
    ("^a{2}?$", "a", False),
    ("^a+?$", "aa", True),
    ("^a??b*?$", "ab", True),
    # Back references; a group that did not take part is empty.
    (r"^(a)\1$", "aa", True),
    (r"^(a)\1$", "ab", False),
    (r"^(?:(a)|b)\1$", "b", True),
    (r"^\1(a)$", "a", True),
    (r"^(a\1)$", "a", True),
    (r"^(a)\2$", "a\x02", True),
    (r"^(a)\10$", "a\x08", True),
    (r"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10$", "abcdefghijj", True),
    (r"^(a){0}\1b$", "b", True),
    (r"^(?<x>a)\k<x>$", "aa", True),
    (r"^\k<x>(?<x>a)$", "a", True),
    (r"^(?<x>a)\1$", "aa", True),
    (r"^(?<$_1>a)$", "a", True),
    (r"^[(](a)\1$", "(aa", True),
    (r"^\((a)\1$", "(aa", True),
    ("a||b", "", True),
    ("^(?:|a)$", "a", True),
    ("^(?:$)+", "", True),
    ("^(a|ab)(c|bcd)$", "abcd", True),
    # Lookarounds.
    ("^a(?=b)b$", "ab", True),
    ("^(?!a)", "a", False),
    ("^(?=a)*b", "b", True),
    ("^(?!a){0}a", "a", True),
    ("(?<=a)b", "ab", True),
    (r"(?<=a)(b)\1", "abb", True),
    ("(?<!a)b", "ab", False),
    ("(?<=^|, )b", "a, b", True),
    ("(?<=^|, )b", "ab", False),
    ("(?<!a|bc)d", "bcd", False),
    ("(?<!a|bc)d", "cd", True),
    ("(?<=a+)b", "aab", True),
    (r"(?<=\ba*)b", "caab", False),
    (r"(a)(?<=\1)b", "ab", True),
    (r"(?<=\1(a))b", "aab", True),
    (r"(?<=\1(a))b", "ab", False),
    (r"(?<=(a|ab)c)d\1", "abcdab", True),
    (r"(?=(a+))\1b", "aab", True),
    (r"^(?!(a)b)a?\1$", "a", True),
    # Each repetition resets its groups; empty ones beyond the minimum end it.
    (r"^(?:(a)|b)*\1$", "ab", True),
    (r"^(?:(a)|b)*\1$", "aba", False),
    (r"^(?:(a)|)*\1$", "aa", True),
    (r"^(?:(a)|)*\1$", "a", False),
    (r"^(?:(a)|){2}\1$", "a", True),
    (r"^(a*?)b\1$", "aba", True),
    (r"^(a{1,2}?)(?:ab)*?\1$", "aaba", True),
    (r"^(a\B)\1\b$", "aa", True),
]

#: the same with the flag i
MEANING_WITHOUT_CASE = [
    ("^abc$", "aBC", True),
    ("^[a-z]$", "Q", True),
    ("^[^a-z]$", "Q", False),
    ("^[W-c]$", "B", True),
    ("^[W-c]$", "w", True),
    ("^é$", "É", True),
    ("^[à-ý]$", "É", True),
    ("^\u03c3$", "ς", True),
    ("^k$", "\u212a", False),  # the kelvin sign
    (r"^\w$", "\u017f", False),
    ("^s$", "\u017f", False),
    ("^i$", "\u0131", False),
    ("^ß$", "ẞ", False),
    ("^ß$", "SS", False),
    (r"^(a)\1$", "aA", True),
    (r"^[^\W]$", "a", True),
    (r"^\x41$", "a", True),
    (r"^[\0-\uffff]$", "a", True),
]

#: patterns that `new RegExp(pattern)` rejects
NO_REGEXES = [
    "(",
    ")",
    "(a",
    "a)",
    "[",
    "[a",
    "[a-",
    r"[\]",
    "[z-a]",
    "[a-zz-b]",
    "[^z-a]",
    r"[\d-\u0000-]{2,1}",
    "*",
    "+a",
    "?",
    "{2}",
    "a|*",
    "(*)",
    "a**",
    "a{2}{3}",
    "a+++",
    "a{2,1}",
    "^*",
    "$+",
    r"\b?",
    r"\B{2}",
    "(?<=a)*",
    "(?<!a)+",
    "(?",
    "(?)",
    "(?#a)",
    "(?P<n>a)",
    "(?>a)",
    "(?i)a",
    "(?<>a)",
    "(?<1>a)",
    "(?<n",
    "(?<n>a)(?<n>b)",
    r"(?<n>a)\k",
    r"(?<n>a)\k<m>",
    r"(?<n>a)[\k]",
    "\\",
    "a\\",
]

#: patterns that JavaScript supports and the package does not
BEYOND_US = {
    "long pattern": "a" * (LONGEST_PATTERN + 1),
    "long text": f"a{{{LONGEST_WALK}}}",
    "endless text": "a{99999999999999999999}",
    "long text of repetitions": "(?:a{300}){300}",
    "deep groups": "(" * (MOST_NESTED + 1) + ")" * (MOST_NESTED + 1),
    "very deep groups": "(?:" * 3000 + ")" * 3000,
}


def regex(pattern: str, ignore_case: bool = False) -> Regex:
    """Return a compiled regular expression, which must be valid."""
    found = compile_regex(pattern, ignore_case)
    assert found is not None
    return found


@pytest.mark.parametrize(("pattern", "text", "matches"), MEANING)
def test_meaning(pattern, text, matches):
    """A pattern matches as in JavaScript. [doc]"""
    assert regex(pattern).matches(text) is matches


@pytest.mark.parametrize(("pattern", "text", "matches"), MEANING_WITHOUT_CASE)
def test_meaning_without_case(pattern, text, matches):
    """The flag i compares capitals, but ASCII letters equal only ASCII letters. [doc]"""
    assert regex(pattern, ignore_case=True).matches(text) is matches


@pytest.mark.parametrize(("pattern", "accepted", "refused"), IN_USE)
def test_meaning_of_patterns_in_use(pattern, accepted, refused):
    """Patterns of real forms match as in browsers. [doc]"""
    assert regex(pattern).matches(accepted)
    assert refused is None or not regex(pattern).matches(refused)


@pytest.mark.parametrize("pattern", NO_REGEXES)
def test_no_regular_expression(pattern):
    """Patterns that JavaScript rejects are invalid. [doc]"""
    assert compile_regex(pattern) is None


@pytest.mark.parametrize("pattern", BEYOND_US.values(), ids=BEYOND_US)
def test_pattern_beyond_the_bounds(pattern):
    """Patterns that would take too many resources are not supported. [assumed]"""
    assert compile_regex(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "a" * LONGEST_PATTERN,
        f"a{{{LONGEST_WALK - 1}}}",
        "(" * MOST_NESTED + ")" * MOST_NESTED,
        "(a|b" * MOST_NESTED + "c)*" * MOST_NESTED,
        "()()" * MOST_NESTED,
    ],
    ids=["long", "much", "deep", "deep with everything", "many groups"],
)
def test_pattern_within_the_bounds(pattern):
    """The bounds are included; groups in sequence do not count as nested."""
    assert compile_regex(pattern) is not None


@pytest.mark.parametrize("pattern", ["(" * 9_999, "(?<" * 3_333, "[" * 9_999, r"(?<a>)\k<" * 900])
def test_hostile_pattern(pattern):
    """A hostile pattern is invalid, and raises no RecursionError."""
    assert compile_regex(pattern) is None


def test_compiled_says_what_it_is():
    """A compiled expression has its pattern and flag."""
    found = regex("a", ignore_case=True)
    assert (found.pattern, found.ignore_case) == ("a", True)


@given(row=st.sampled_from(IN_USE), ignore_case=st.booleans(), random=RANDOMS)
@settings(derandomize=True, database=None, deadline=None, max_examples=200)
def test_example_matches(row, ignore_case, random):
    """The example of a pattern in use matches it."""
    found = regex(row[0], ignore_case)
    assert found.matches(example(found, random))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("abc", "abc"),
        (r"^a\.\/\x41$", "a./A"),
        ("^(a|a)$", "a"),
        (r"^(a)\1$", "aa"),
        (r"^(a)?\2$", "\x02"),
        (r"^\1(a)$", "a"),
        (r"^\s$", " "),
        ("^[一]$", "一"),
        ("^😀$", "😀"),
        (r"^(?=a)[ab]$", "a"),
        (r"^(?!a)[ab]$", "b"),
        (r"^\bab\b$", "ab"),
        ("^a[]*b$", "ab"),
        ("^(?:[]|a)$", "a"),
        ("(?<=a)b", "ab"),
        ("^(?=ab$)(?!c)", "ab"),
    ],
)
def test_example(pattern, text):
    """If a pattern leaves no choice, the example is that text."""
    assert example(regex(pattern), Random(1)) == text


@pytest.mark.parametrize("pattern", [".", r"\S", r"\D", r"\W", "[^a]", r"[^\d\s]", r"[\s\S]"])
def test_example_is_printable(pattern):
    """If most characters match, examples have printable ones."""
    texts = [example(regex(f"^{pattern}{{5}}$"), Random(seed)) for seed in range(50)]
    assert all(text.isascii() and text.isprintable() for text in texts)


@pytest.mark.parametrize("pattern", ["a*", "a+", "a{2,}", "(?:a|a)*", "a{0,5000}"])
def test_example_repeats_little(pattern):
    """Unbounded repetitions are short in examples."""
    assert all(len(example(regex(pattern), Random(seed))) <= 8 for seed in range(50))


def test_example_of_repetitions_in_repetitions():
    """Nested repetitions end: after a thousand steps they repeat only the minimum."""
    pattern = regex("^" + "(?:" * 30 + "a" + ")*" * 30 + "$")
    assert max(len(example(pattern, Random(seed))) for seed in range(20)) < 2_000


def test_example_has_every_choice():
    """Each alternative is chosen by some seeds."""
    texts = {example(regex("^(?:cat|dog|bird)$"), Random(seed)) for seed in range(50)}
    assert texts == {"cat", "dog", "bird"}


def test_example_without_case():
    """With the flag i, examples have letters of both cases."""
    texts = {example(regex("^[a-c]$", ignore_case=True), Random(seed)) for seed in range(99)}
    assert texts == set("abcABC")


def test_example_of_the_same_random():
    """The same random number generator makes the same example."""
    assert example(regex(r"\w{8}"), Random(3)) == example(regex(r"\w{8}"), Random(3))


def test_proposal_with_the_edge_of_a_word():
    """A proposal can have a space at a word boundary."""
    assert {regex(r"a\b").propose(Random(seed)) for seed in range(20)} == {"a", "a "}


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        ("^a*$", 0),
        ("^a*$", 5_000),
        ("^[a-z]+@[a-z]+[.]org$", 40),
        ("^[a-z]{1,20}-[a-z]{1,20}$", 41),
        (r"^(?:\d{3},)*\d{3}$", 403),
        (r"^\w{1,64}$", 64),
        (r"^(?:(?:ab)*c)+$", 30),
        ("^(?:a|bc){5,}$", 100),
    ],
)
def test_proposal_of_a_length(pattern, length):
    """A proposal has the requested length if repetitions allow it."""
    texts = [regex(pattern).propose(Random(seed), length) for seed in range(50)]
    found = [text for text in texts if len(text) == length and regex(pattern).matches(text)]
    assert len(found) > 10


def test_proposal_of_a_length_out_of_reach():
    """If the length is out of reach, a proposal keeps to the pattern's own limits."""
    texts = [regex("^a{2,4}(?:b?)*$").propose(Random(1), length) for length in (1, 9)]
    assert [len(text) >= 2 for text in texts] == [True, True]
    assert regex("^a{2,4}$").propose(Random(1), 9) == "aaaa"
    assert regex("^(?:(?:))*$").propose(Random(1), 9) == ""
