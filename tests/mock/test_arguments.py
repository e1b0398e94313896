"""Arguments of wrong names and types: each error names the call and says what is allowed."""

from __future__ import annotations

import copy
import inspect
import re
from datetime import timedelta
from pathlib import Path

import pytest

from mturk_mock import ExternalQuestion, HTMLQuestion, Snapshot, mock_mturk
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

OF_ADD_ASSIGNMENT = (
    "hit, id, worker, status, answer, accepted, deadline, submitted, approved, rejected, feedback"
)
OF_ADVANCE = "by, seconds, minutes, hours, days"
NO_DURATION = (
    "advance() takes a timedelta, or seconds=, minutes=, hours=, days=, but nothing was given"
)
PATH = "takes the path of a file as a str or Path, not"

WRONG_TYPES = [
    (lambda mturk: mturk.clock.advance(), NO_DURATION),
    (lambda mturk: mturk.clock.advance(days=None), NO_DURATION),
    (lambda mturk: mturk.clock.advance(5),
     "advance() takes a timedelta, or seconds=, minutes=, hours=, days=, not 5"),
    (lambda mturk: mturk.clock.advance(hours="2"), "advance() takes hours= as a number, not '2'"),
    (lambda mturk: mturk.clock.advance(timedelta(1), days=True),
     "advance() takes days= as a number, not True"),
    (lambda mturk: mturk.clock.advance(weeks=1),
     f"advance() has no argument 'weeks'; its arguments are {OF_ADVANCE}"),
    (lambda mturk: mturk.clock.advance(timedelta(1), 2),
     f"advance() takes 2 as a keyword argument only; its arguments are {OF_ADVANCE}"),
    (lambda mturk: mturk.clock.advance_until(True),
     "advance_until() takes a function that returns whether to stop, such as "
     "lambda: assignment.status == 'Approved', not True"),
    (lambda mturk: mturk.client(sandbox="no"), "client() takes sandbox=True or False, not 'no'"),
    (lambda mturk: mturk.requester("a").client(sandbox=1),
     "client() takes sandbox=True or False, not 1"),
    (lambda mturk: mturk.crowd(5, check="no"), "crowd() takes check= as True or False, not 'no'"),
    (lambda mturk: mturk.crowd(5, sed=3),
     "crowd() has no argument 'sed' (did you mean 'seed'?); its arguments are size, seed, answer, "
     "arrivals, work_time, accuracy, wrong, skills, difficulty, returns, abandons, "
     "check, progress"),
    (lambda mturk: mturk.crowd(5).finish(days="2"),
     "finish() takes days= as a number or None, not '2'"),
    (lambda mturk: mturk.crowd(5).finish(days=True),
     "finish() takes days= as a number or None, not True"),
    (lambda mturk: mturk.crowd(5).plot(5), f"plot() {PATH} 5"),
    (lambda mturk: mturk.worker(contry="DE"),
     "worker() has no argument 'contry' (did you mean 'country'?); its arguments are id, country, "
     "subdivision, approved, rejected, masters, adult"),
    (lambda mturk: mturk.worker("A1", "DE"),
     "worker() takes 'DE' as a keyword argument only; its arguments are id, country, "
     "subdivision, approved, rejected, masters, adult"),
    (lambda mturk: mturk.fail(eror="ServiceFault"),
     "fail() has no argument 'eror' (did you mean 'error'?); its arguments are operation, error, "
     "times, after, rate, when, message"),
    (lambda mturk: mturk.add_assignment(mturk.add_hit(), stats="Approved"),
     "add_assignment() has no argument 'stats' (did you mean 'status'?); its arguments are "
     f"{OF_ADD_ASSIGNMENT}"),
    (lambda mturk: mturk.add_assignment("3HIT", "A1"),
     f"add_assignment() takes 'A1' as a keyword argument only; its arguments are "
     f"{OF_ADD_ASSIGNMENT}"),
    (lambda mturk: mturk.results_csv("3T", path=5), f"results_csv() {PATH} 5"),
    (lambda mturk: mturk.snapshot().save(True), f"Snapshot.save() {PATH} True"),
    (lambda mturk: Snapshot.load(None), f"Snapshot.load() {PATH} None"),
    (lambda mturk: ExternalQuestion(5), "ExternalQuestion() takes a URL as a str, not 5"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), WRONG_TYPES)
def test_wrong_argument_says_what_is_allowed(mturk, call, message):
    """A wrong type or name is a TypeError that names the call, and what it was given."""
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        call(mturk)

    assert mturk.clock.now == NOW


@pytest.mark.parametrize("days", [float("nan"), float("inf"), 1e30])
def test_advance_by_no_duration(mturk, days):
    """A number that is no duration is a ValueError that names the call."""
    message = f"advance() takes a duration of less than 10,000 years, not days={days}"

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        mturk.clock.advance(days=days)


def test_advance_by_zero(mturk):
    """A duration of 0 that a program has computed is allowed."""
    mturk.clock.advance(seconds=0)

    assert mturk.clock.now == NOW


@pytest.mark.parametrize(
    "name", ["worker", "crowd", "fail", "add_hit", "add_assignment", "add_qualification_type"]
)
def test_method_shows_its_arguments(mturk, name):
    """`help` and editors show the signature."""
    parameters = inspect.signature(getattr(mturk, name)).parameters

    assert "options" not in parameters
    assert len(parameters) > 5


@pytest.mark.parametrize("url", ["http://a.example", "a.example", ""])
def test_external_question_with_another_url(url):
    """A URL that the service would reject is refused in one sentence."""
    message = f"ExternalQuestion() takes a URL that begins with https://, not {url!r}"

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        ExternalQuestion(url)


# The object that is not started ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "use"),
    [("client", "client()"), ("worker", "worker()"), ("clock", "clock"), ("hits", "hits")],
)
def test_attribute_of_the_handle_is_not_one_of_the_mock(name, use):
    """The message says how to get the handle."""
    with pytest.raises(AttributeError) as caught:
        getattr(mock_mturk(), name)

    assert str(caught.value) == (
        f"mock_mturk() has no attribute {name!r}, but its handle has it: "
        f"write `with mock_mturk() as mturk: mturk.{use}`"
    )


@pytest.mark.parametrize("name", ["clinet", "_backend"])
def test_attribute_that_nothing_has(name):
    """An unknown or private attribute has no advice."""
    with pytest.raises(AttributeError) as caught:
        getattr(mock_mturk(), name)

    assert str(caught.value) == f"mock_mturk() has no attribute {name!r}"


def test_mock_can_be_copied():
    """Python asks a copied object for methods that it may not have."""
    with copy.copy(mock_mturk(seed=5)) as mturk:
        assert mturk.seed == 5


def test_start_of_the_function():
    """`mock_mturk.start()` says what to write."""
    with pytest.raises(TypeError) as caught:
        mock_mturk.start()

    assert str(caught.value) == (
        "mock_mturk.start() starts nothing: write mock = mock_mturk() and mturk = mock.start(), "
        "and mock.stop() at the end"
    )


# Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [str, Path])
def test_load_names_the_file(tmp_path, kind):
    """The message begins with the path, and then has the location of the problem."""
    path = tmp_path / "state.json"
    path.write_text('{"version": 1, "seed": "x"}')

    with pytest.raises(ValueError, match="seed") as caught:
        Snapshot.load(kind(path))

    assert str(caught.value) == f"{path}: seed: must be a whole number, not 'x'"


# Fields ---------------------------------------------------------------------------------------


def test_submit_a_misspelt_field(mturk):
    """The message has the field that may be meant, of an HTML page."""
    hit = mturk.add_hit(question=str(HTMLQuestion(PAGE)))

    with pytest.raises(ValueError, match="has no field") as caught:
        mturk.worker().accept(hit).submit({"birds": "3"})

    assert str(caught.value) == (
        "the page has no field 'birds' (did you mean 'bird'?); its form has bird, remark; "
        "pass check=False to submit it anyway"
    )


PAGE = '<!DOCTYPE html><form><input name="bird"><input name="remark"></form>'
