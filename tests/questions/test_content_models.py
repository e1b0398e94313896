"""Content models: the sequences of children that a notation allows."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mturk_mock.questions.xml import content_model


def allows(notation, children):
    """Return whether a model allows these children, one letter each."""
    model = content_model.read_content_model(notation)
    state = content_model.START
    for child in children:
        if child not in model.steps[state]:
            return False
        state = model.steps[state][child]
    return state in model.complete


@pytest.mark.parametrize(
    ("notation", "allowed", "refused"),
    [
        ("", [""], ["a"]),
        ("a", ["a"], ["", "aa", "b"]),
        ("a?", ["", "a"], ["aa"]),
        ("a*", ["", "a", "aaa"], ["b", "ab"]),
        ("a+", ["a", "aaa"], ["", "ab"]),
        ("a, b", ["ab"], ["", "a", "b", "ba", "abb"]),
        ("a | b", ["a", "b"], ["", "ab"]),
        ("a | b?", ["", "a", "b"], ["ab"]),
        ("a?, b", ["b", "ab"], ["", "a", "aab"]),
        ("a, b?", ["a", "ab"], ["", "b"]),
        ("a?, b?, c?", ["", "a", "b", "c", "ac", "bc", "abc"], ["ba", "cb", "aa"]),
        ("a*, b+", ["b", "aab", "abb"], ["a", "aba"]),
        ("(a, b)?", ["", "ab"], ["a", "abab"]),
        ("(a, b)+", ["ab", "abab"], ["", "aba"]),
        ("(a | b)*", ["", "a", "b", "abba"], ["c"]),
        ("(a | b), c", ["ac", "bc"], ["c", "abc"]),
        ("(a*, b?) | c", ["", "a", "ab", "b", "c"], ["ac", "bb", "ba"]),
        ("(a* | b*), c?, d?, (e+ | f+)", ["e", "aacf", "bbdee", "cdf"], ["abe", "ef", "acd"]),
        ("a, ((b*, c?) | d | (e, f))", ["a", "abbc", "ac", "ad", "aef"], ["ae", "adc", "abd"]),
        ("(a?, b?)+", ["", "a", "b", "ab", "ba", "aab"], ["c"]),
        ("((a+)?, (b | c)+)*", ["", "ab", "bac", "cb"], ["a", "ba"]),
    ],
)
def test_model(notation, allowed, refused):
    """Each operator of the notation, alone and nested."""
    for children in allowed:
        assert allows(notation, children), children
    for children in refused:
        assert not allows(notation, children), children


def test_names_of_many_letters():
    """Names consist of letters and digits; blanks separate parts and mean nothing else."""
    model = content_model.read_content_model("  h1|Title ,Text2 ")

    assert model.steps[0] == {"h1": 1, "Title": 2}
    assert model.steps[2] == {"Text2": 3}
    assert model.complete == {1, 3}


def test_renamed():
    """renamed() returns the same model with other names."""
    model = content_model.read_content_model("a, b?").renamed(str.upper)

    assert model.steps == ({"A": 1}, {"B": 2}, {})
    assert model.complete == {1, 2}


# Random models, compared with regular expressions --------------------------------------------


def _parts(names):
    """Return models of these names, each used once, so that no child is ambiguous."""
    if len(names) == 1:
        return st.just(names)

    def joined(draw):
        cut = draw(st.integers(1, len(names) - 1))
        left, right = draw(_marked(names[:cut])), draw(_marked(names[cut:]))
        return f"({left} {draw(st.sampled_from(',|'))} {right})"

    return st.composite(joined)()


def _marked(names):
    return st.builds("{}{}".format, _parts(names), st.sampled_from(["", "", "?", "*", "+"]))


@settings(derandomize=True, database=None, deadline=None)
@given(st.integers(1, 4).flatmap(lambda count: _marked("abcd"[:count])))
def test_model_allows_what_a_regular_expression_matches(notation):
    """Without commas and blanks, a model reads as a regular expression."""
    expression = re.compile(notation.replace(",", "").replace(" ", ""))

    for length in range(4):
        for children in map("".join, product("abcd", repeat=length)):
            assert allows(notation, children) == bool(expression.fullmatch(children)), children
