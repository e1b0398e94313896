"""Inputs of numbers, dates and times: accepted and made values.

The rules are those of HTML's input element. [doc]
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
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
    ("attributes", "values"),
    [
        ("type=number min=1 max=3", {"1", "2", "3"}),
        ("type=number min=0.1 max=0.35 step=0.1", {"0.1", "0.2", "0.3"}),
        ("type=number min=-3 max=-1 step=2", {"-3", "-1"}),
        ("type=number max=5 min=1 value=2 step=3", {"1", "4"}),
        ("type=number max=5 value=2 step=50", {"-48", "2"}),
        ("type=number min=0.5 max=0.7 step=any", {"0.5"}),
        ("type=NUMBER min=1e3 max=1001", {"1000", "1001"}),
        ("type=number min=7 max=8 step=-1", {"7", "8"}),
        ("type=number min=7 max=8 step=x", {"7", "8"}),
        ("type=range min=1 max=2", {"1", "2"}),
        ("type=range max=1", {"0", "1"}),
        ("type=range min=99", {"99", "100"}),
        ("type=range min=5 max=1", {"5"}),
        ("type=range value=1 max=5 step=2", {"1", "3", "5"}),
        ("type=date min=2026-02-27 max=2026-03-01", {"2026-02-27", "2026-02-28", "2026-03-01"}),
        ("type=date min=2026-01-01 max=2026-01-09 step=7", {"2026-01-01", "2026-01-08"}),
        ("type=date min=2026-01-01 max=2026-01-02 step=0.1", {"2026-01-01", "2026-01-02"}),
        ("type=date min=9999-12-30", {"9999-12-30", "9999-12-31"}),
        ("type=date max=0001-01-02", {"0001-01-01", "0001-01-02"}),
        ("type=month min=2025-11 max=2026-01", {"2025-11", "2025-12", "2026-01"}),
        ("type=month min=9999-11", {"9999-11", "9999-12"}),
        ("type=month max=0001-02", {"0001-01", "0001-02"}),
        ("type=week min=2020-W52 max=2021-W01", {"2020-W52", "2020-W53", "2021-W01"}),
        ("type=week min=9999-W51", {"9999-W51", "9999-W52"}),
        ("type=week max=0001-W02", {"0001-W01", "0001-W02"}),
        ("type=time min=23:58", {"23:58", "23:59"}),
        ("type=time min=00:00 max=00:00:02 step=1", {"00:00", "00:00:01", "00:00:02"}),
        ("type=time min=00:00 max=00:00:01 step=0.5", {"00:00", "00:00:00.500", "00:00:01"}),
        ("type=datetime-local min=2026-01-01T23:59 max='2026-01-02 00:00'",
         {"2026-01-01T23:59", "2026-01-02T00:00"}),
        ("type=datetime-local min=9999-12-31T23:59", {"9999-12-31T23:59"}),
    ],
)  # fmt: skip
def test_values_are_all_those_within_the_bounds(attributes, values):
    """Made values are on the steps from min to max, both included."""
    assert values_of(page(attributes)) == values


def test_number_without_bounds_is_a_small_whole_number():
    """By default a made number is from 0 to 100. [assumed]"""
    assert {int(value) for value in values_of(page("type=number"), 999)} == set(range(101))


def test_number_with_one_bound_is_near_it():
    """With one bound a made number is within 100 of it, or between 0 and 100. [assumed]"""
    assert all(-305 <= int(value) <= -205 for value in values_of(page("type=number max=-205")))
    assert all(205 <= int(value) <= 305 for value in values_of(page("type=number min=205")))
    assert all(-5 <= int(value) <= 100 for value in values_of(page("type=number min=-5")))


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("date", date.fromisoformat),
        ("time", time.fromisoformat),
        ("datetime-local", datetime.fromisoformat),
        ("month", lambda text: date.fromisoformat(text + "-01")),
        ("week", lambda text: date.fromisocalendar(int(text[:4]), int(text[6:]), 1)),
    ],
)
def test_dates_and_times_without_bounds_are_of_these_years(kind, read):
    """Made dates are from 2000 to 2030 by default [assumed], times in whole minutes."""
    for text in values_of(page(f"type={kind}")):
        found = read(text)
        assert getattr(found, "second", 0) == 0
        assert 1999 <= getattr(found, "year", 2000) <= 2030


@pytest.mark.parametrize(
    ("attributes", "value", "says"),
    [
        ("type=number", "x", "a number"),
        ("type=number", "1,5", "a number"),
        ("type=number", "+1", "a number"),
        ("type=number", "1.", "a number"),
        ("type=number", "1e999", "a number"),
        ("type=number", "٣", "a number"),
        ("type=number min=1", "0", "values from 1"),
        ("type=number max=1.5", "2", "values up to 1.5"),
        ("type=number", "1.5", "values in steps of 1 from 0"),
        ("type=number value=0.5", "1", "values in steps of 1 from 0.5"),
        ("type=number min=1 step=0.5", "1.25", "values in steps of 0.5 from 1"),
        ("type=range", "101", "values up to 100"),
        ("type=range", "-1", "values from 0"),
        ("type=range min=5 max=1", "4", "values from 5"),
        ("type=range min=5 max=1", "6", "values up to 5"),
        ("type=date", "31.1.2026", "a date such as 2026-01-31"),
        ("type=date", "2026-02-29", "a date such as 2026-01-31"),
        ("type=date min=2026-01-01", "2025-12-31", "values from 2026-01-01"),
        ("type=date max=2026-01-01", "2026-01-02", "values up to 2026-01-01"),
        ("type=date min=2026-01-01 step=7", "2026-01-07",
         "values in steps of 7 days from 2026-01-01"),
        ("type=date step=2", "1970-01-02", "values in steps of 2 days from 1970-01-01"),
        ("type=month", "2026-13", "a month such as 2026-01"),
        ("type=month", "0000-01", "a month such as 2026-01"),
        ("type=month step=3", "1970-03", "values in steps of 3 months from 1970-01"),
        ("type=week", "2026-5", "a week such as 2026-W05"),
        ("type=week", "2021-W53", "a week such as 2026-W05"),
        ("type=week step=2", "1970-W02", "values in steps of 2 weeks from 1970-W01"),
        ("type=time", "24:00", "a time such as 23:59"),
        ("type=time", "9:00", "a time such as 23:59"),
        ("type=time", "09:00:30", "values in steps of 60 seconds from 00:00"),
        ("type=time min=09:00:05 step=1", "09:00:04", "values from 09:00:05"),
        ("type=datetime-local", "2026-01-31", "a date and time such as 2026-01-31T23:59"),
        ("type=datetime-local", "2026-01-31x10:00", "a date and time such as 2026-01-31T23:59"),
        ("type=datetime-local max=2026-01-31T10:00", "2026-01-31T10:01",
         "values up to 2026-01-31T10:00"),
    ],
)  # fmt: skip
def test_values_outside_of_the_scale_are_refused(attributes, value, says):
    """Values that are invalid, out of bounds or between the steps are refused."""
    assert refusal(page(attributes), {"it": value}) == f"field 'it' takes {says}, not {value!r}"


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ("type=number", 5),
        ("type=number step=0.1", 0.3),
        ("type=number step=0.01", Decimal("0.07")),
        ("type=number", Decimal("1E+2")),
        ("type=number step=any", "0.123"),
        ("type=number step=' ANY '", "-.5e-3"),
        ("type=number min=x max=''", "-1000"),
        ("type=time step=any", "09:00:30.25"),
        ("type=time min=22:00 max=06:00", "23:00"),
        ("type=time min=22:00 max=06:00", "12:00"),
        ("type=datetime-local", "2026-01-31 10:00"),
        ("type=month", "0001-01"),
    ],
)
def test_values_within_the_scale_are_accepted(attributes, value):
    """Invalid bounds and steps are ignored; a number can be given as a number."""
    form(attributes).check({"it": value})


@pytest.mark.parametrize(
    "attributes",
    [
        "type=number min=2 max=1",
        "type=date min=2026-01-02 max=2026-01-01",
        "type=number min=1.6e308 max=1.7e308",
        "type=number min=0 max=1e15 step=7.77e-300",
    ],
)
def test_value_that_cannot_be_is_left_empty(attributes):
    """If no value is within the bounds, or can be written, none is made."""
    assert values_of(page(attributes), 1) == {""}


@pytest.mark.parametrize("step", ["1", "7", "500"])
@pytest.mark.parametrize("bound", ["min", "max"])
def test_number_with_one_bound_and_any_step_is_found(bound, step):
    """With one bound a value exists for every step."""
    assert values_of(page(f"type=number {bound}=0.4 value=9 step={step}"), 1) != {""}


def test_numbers_of_any_size_cost_little():
    """Numbers are doubles, however they are written."""
    form("type=number min=-1e-999999999 max=1e999999999").check({"it": "5"})
    assert values_of(page("type=number min=" + "0" * 9999 + "1 max=1")) == {"1"}


NUMBERS = st.one_of(st.none(), st.integers(-1000, 1000), st.floats(), st.decimals(places=2))


@given(
    low=NUMBERS,
    high=NUMBERS,
    step=NUMBERS,
    kind=st.sampled_from(["number", "range"]),
    seed=st.integers(0, 9),
)
def test_made_numbers_are_accepted(low, high, step, kind, seed):
    """A made number is accepted, or nothing is made."""
    given = {"min": low, "max": high, "step": step}
    attributes = [f"{name}={value}" for name, value in given.items() if value is not None]
    made = form(f"type={kind} " + " ".join(attributes))
    made.check(made.fill(Random(seed)))


DATES = st.one_of(st.none(), st.dates())


@given(low=DATES, high=DATES, step=st.integers(0, 400), kind=st.sampled_from("dwm"))
def test_made_dates_are_accepted(low, high, step, kind):
    """A made date is accepted, or nothing is made."""
    kind, write = {
        "d": ("date", date.isoformat),
        "m": ("month", lambda day: day.isoformat()[:7]),
        "w": ("week", lambda day: "{}-W{:02}".format(*day.isocalendar())),
    }[kind]
    given = {"min": low, "max": high}
    bounds = [f"{name}={write(day)}" for name, day in given.items() if day is not None]
    made = form(f"type={kind} step={step} " + " ".join(bounds))
    made.check(made.fill(Random(1)))
