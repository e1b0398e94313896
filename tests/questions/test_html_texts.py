"""Inputs of free text: accepted and made texts.

The rules are those of HTML's input element. [doc]
"""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.forms import read_html_form, refusal, values_of


def form(attributes):
    return read_html_form(page(attributes))


def page(attributes):
    return f"<input name=it {attributes}>"


@pytest.mark.parametrize(
    ("attributes", "form_of_it"),
    [
        ("", "[a-z]{3,10}"),
        ("type=search", "[a-z]{3,10}"),
        ("type=password", "[a-z]{3,10}"),
        ("type=unheard-of", "[a-z]{3,10}"),
        ("type=tel", "[0-9]{3,10}"),
        ("type=email", r"[a-z]{3,10}@example\.com"),
        ("type=email maxlength=5", "[a-z]{3}@a"),
        ("type=email maxlength=3", "[a-z]@a"),
        ("type=url", r"https://example\.com/[a-z]{3,10}"),
        ("type=url maxlength=9", "a:[a-z]{3,7}"),
        ("type=color", "#[0-9a-f]{6}"),
        ("maxlength=1", "[a-z]"),
        ("minlength=500", "[a-z]{500,507}"),
        ("minlength=4 maxlength=4", "[a-z]{4}"),
        ("type=email minlength=40", r"[a-z]{28,35}@example\.com"),
        ("pattern='[A-Z]{3}-[0-9]+'", "[A-Z]{3}-[0-9]+"),
        ("pattern='cat|dog'", "cat|dog"),
        ("pattern='[0-9]*' minlength=30 maxlength=31", "[0-9]{30,31}"),
        ("pattern='[0-9]+' maxlength=2", "[0-9]{1,2}"),
        (r"type=email pattern='.+@example\.com'", r".+@example\.com"),
        ("type=url pattern='https://.*'", "https://.*"),
        ("pattern='a)(b'", "[a-z]{3,10}"),
        ("pattern='['", "[a-z]{3,10}"),
        ("minlength=x maxlength=-1", "[a-z]{3,10}"),
        ("type=hidden value='a&amp;b'", "a&b"),
        ("type=hidden", ""),
        ("type=file", r"file\.txt"),
        ("readonly value=own pattern=x", "own"),
        ("type=date readonly", ""),
    ],
)
def test_texts_have_the_form_of_their_kind(attributes, form_of_it):
    """A made text fits the kind, lengths and pattern of the input."""
    for text in values_of(page(attributes)):
        assert re.fullmatch(form_of_it, text), text


@pytest.mark.parametrize(
    "attributes",
    [
        "maxlength=0",
        "minlength=3 maxlength=2",
        "minlength=99999999",
        "type=email maxlength=2",
        "pattern='[0-9]{5}' maxlength=4",
        "type=email pattern='[0-9]+'",
    ],
)
def test_text_that_cannot_be_is_left_empty(attributes):
    """If no text fits, the field is empty; a required field raises an error."""
    assert values_of(page(attributes), 1) == {""}
    with pytest.raises(ValueError, match=r"\w") as caught:
        form(attributes + " required").fill(Random(1))
    assert str(caught.value) == (
        "field 'it' is required, but no valid value was found; pass the fields yourself"
    )


@pytest.mark.parametrize(
    ("attributes", "value", "says"),
    [
        ("type=email", "x", "an e-mail address"),
        ("type=email", "a@b,c@d", "an e-mail address"),
        ("type=email", "a@-b", "an e-mail address"),
        ("type=email multiple", "a@b,,c@d", "an e-mail address"),
        ("type=url", "example.com", "a URL with its scheme"),
        ("type=url", "https://", "a URL with its scheme"),
        ("type=color", "red", "a color such as #00ff00"),
        ("minlength=3", "ab", "at least 3 characters"),
        ("maxlength=3", "abcd", "at most 3 characters"),
        ("maxlength=1", "😀", "at most 1 characters"),
        ("pattern=[a-z]", "ab", "a text that matches the pattern [a-z]"),
        ("pattern='a|b'", "ab", "a text that matches the pattern a|b"),
        ("pattern=[a-z]", "a\n", "a text that matches the pattern [a-z]"),
        ("pattern=[0-9]+", True, "a text that matches the pattern [0-9]+"),
    ],
)
def test_texts_that_do_not_fit_are_refused(attributes, value, says):
    """A text that does not fit the kind, lengths and pattern is refused."""
    sent = "true" if value is True else value
    assert refusal(page(attributes), {"it": value}) == f"field 'it' takes {says}, not {sent!r}"


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ("type=email", " a.b+c@d-e.example "),
        ("type=email multiple", "a@b, c@d"),
        ("type=url", "mailto:me"),
        ("type=url", "https://example.com/?q=1#x"),
        ("type=tel", "call me"),
        ("type=file", "photo.png"),
        ("type=hidden value=1", "2"),
        ("minlength=3 pattern=x type=email", ""),
        ("maxlength=2", "😀"),
        ("pattern='a)(b'", "anything"),
        ("pattern=[0-9]+", 12),
    ],
)
def test_texts_that_fit_are_accepted(attributes, value):
    """Fitting texts are accepted; empty texts are not checked, and invalid patterns ignored."""
    form(attributes).check({"it": value})


@given(
    kind=st.sampled_from(["text", "email", "url", "tel", "password"]),
    low=st.integers(0, 50),
    room=st.one_of(st.none(), st.integers(0, 60)),
    pattern=st.sampled_from(["", "[a-z@.]+", r"\w{3,}", "(ab)*", r"https?://\S+", "x?@y.z"]),
    seed=st.integers(0, 9),
)
def test_made_texts_are_accepted(kind, low, room, pattern, seed):
    """A made text is accepted, or nothing is made."""
    high = "" if room is None else f"maxlength={low + room}"
    made = form(f"type={kind} minlength={low} {high} pattern='{pattern}'")
    made.check(made.fill(Random(seed)))
