"""Crowd elements that are inputs, and the crowd-form. [assumed] unless marked otherwise."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mturk_mock.questions.html import crowd_elements
from mturk_mock.questions.html.switches import SWITCHES
from tests.questions.forms import fillings, read_html_form, refusal

CLASSIFIER = """<crowd-classifier name="it" categories="['cat', 'dog']"></crowd-classifier>"""


def page(*elements):
    return f"<crowd-form>{''.join(elements)}</crowd-form>"


def form(*elements):
    return read_html_form(page(*elements))


# Sliders and texts ----------------------------------------------------------------------------


def test_slider_sends_a_number():
    """A slider sends a number between its bounds, in multiples of its step."""
    made = fillings(page("<crowd-slider name=it min=1 max=2 step=0.5 required>"))
    assert {repr(values["it"]) for values in made} == {"1", "1.5", "2"}


@pytest.mark.parametrize(
    ("value", "says"),
    [(3, "values up to 2"), ("x", "a number"), (True, "a number"), ([], "a number")],
)
def test_slider_refuses_invalid_values(value, says):
    """A slider refuses values that are not numbers between its bounds."""
    message = refusal(page("<crowd-slider name=it min=1 max=2>"), {"it": value})
    assert message == f"field 'it' takes {says}, not {value!r}"


@pytest.mark.parametrize("value", [1, 1.0, "1"])
def test_slider_accepts_numbers_and_their_texts(value):
    """A slider accepts numbers, and texts of numbers."""
    form("<crowd-slider name=it min=1 max=2>").check({"it": value})


@pytest.mark.parametrize("element", ["crowd-input", "crowd-text-area", "crowd-unheard-of"])
def test_crowd_text_is_a_text(element):
    """Inputs, text areas and unknown elements send text."""
    for values in fillings(page(f"<{element} name=it required min-length=9 max-length=12>")):
        assert isinstance(values["it"], str)
        assert 9 <= len(values["it"]) <= 12


def test_crowd_input_has_the_type_of_its_input():
    """A crowd-input with type=number behaves like an input of HTML."""
    element = '<crowd-input name=it type=number min="5" max="6"></crowd-input>'
    assert {values["it"] for values in fillings(page(element))} == {"5", "6"}
    assert refusal(page(element), {"it": "7"}) == "field 'it' takes values up to 6, not '7'"


@pytest.mark.parametrize("type_", ["radio", "submit", "hidden"])
def test_crowd_input_of_another_type_is_a_text(type_):
    """A crowd-input with a type that has no text, such as radio, behaves as a text field."""
    assert form(f"<crowd-input name=it type={type_}>").fields[0].kind == "text"


def test_crowd_input_of_a_file_is_its_name():
    """A crowd-input with type=file sends the name of a file."""
    assert form("<crowd-input name=it type=file>").fill(Random(1)) == {"it": "file.txt"}


@pytest.mark.parametrize("element", ["crowd-input", "crowd-text-area"])
def test_crowd_input_takes_letters_by_its_pattern(element):
    """allowed-pattern restricts each character, but only with auto-validate."""
    element = f"<{element} name=it allowed-pattern=[0-9] auto-validate>"
    assert all(values["it"].isdigit() for values in fillings(page(element)))
    message = "field 'it' takes a text that matches the pattern (?:[0-9])*, not '1a'"
    assert refusal(page(element), {"it": "1a"}) == message
    form(element.replace("auto-validate", "")).check({"it": "1a"})


@pytest.mark.parametrize("element", sorted(crowd_elements.WITHOUT_VALUE))
def test_elements_without_value_are_no_fields(element):
    """Buttons, tabs, cards and similar elements send nothing."""
    assert form(f"<{element} name=it></{element}>").fields == ()


def test_crowd_element_without_a_name_is_no_field():
    """An element without a name, or with `disabled`, is not sent."""
    elements = (CLASSIFIER.replace("name", "id"), CLASSIFIER.replace("name", "disabled name"))
    assert form(*elements).fields == ()


# The form -------------------------------------------------------------------------------------


def test_crowd_form_is_known_by_its_element():
    """A page is a crowd form if it has the element crowd-form. [doc]"""
    assert form(CLASSIFIER).is_crowd_form
    assert not read_html_form("<form><!-- <crowd-form> --><input name=a></form>").is_crowd_form


def test_crowd_form_has_the_inputs_of_html_too():
    """Inputs of HTML in a crowd-form are members of the same JSON object."""
    values = form("<input name=a type=hidden value=1>", CLASSIFIER).fill(Random(1))
    assert values == {"a": "1", "it": {"label": "cat"}}


def test_crowd_form_accepts_task_answers_as_they_are():
    """A given taskAnswers is accepted without validation."""
    form(CLASSIFIER.replace("name", "required name")).check({"taskAnswers": "[{}]"})


def test_crowd_form_named_like_an_input_sends_the_element():
    """If an input and a crowd element have the same name, the element is sent."""
    for elements in (("<input name=it>", CLASSIFIER), (CLASSIFIER, "<input name=it>")):
        assert all("label" in values["it"] for values in fillings(page(*elements)))


ANY = st.sampled_from(sorted(crowd_elements.ELEMENTS.keys() | SWITCHES))


@given(kinds=st.lists(ANY, max_size=6), required=st.booleans(), seed=st.integers(0, 99))
def test_filled_crowd_forms_are_accepted(kinds, required, seed):
    """A filled form passes its own validation, is the same for the same seed, and is JSON."""
    labels = """labels="['a', 'b']" text='x y'""" + " required" * required
    made = form(*(f"<{kind} name=n{i} {labels}>" for i, kind in enumerate(kinds)))
    values = made.fill(Random(seed))
    made.check(values)
    assert made.fill(Random(seed)) == values
    assert json.loads(json.dumps(values)) == values
    assert list(values) == [f"n{i}" for i in range(len(kinds))]
