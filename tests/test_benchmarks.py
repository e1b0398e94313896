"""The arithmetic of the benchmarks. What they measure is no test: a slow machine is no defect."""

from __future__ import annotations

import json

import pytest

from benchmarks import __main__ as command_line
from benchmarks.calls import FORM, HIT, get_hit, list_100_hits, refused_get_hit, with_canned_bytes
from benchmarks.measure import Comparison, run_rounds


def taking(*seconds):
    """A block whose calls take these times each, in turn."""
    times = iter(seconds)
    return lambda size: next(times) * size


def compared(measured, beside, rounds=4, goal=None):
    comparison = Comparison("thing", taking(*measured), taking(*beside), goal)
    run_rounds([comparison], rounds, seed=1)
    return comparison


def test_the_ratio_is_the_median_of_the_rounds():
    """One slow round does not count for more than another."""
    comparison = compared([2, 2, 2, 50], [1] * 8)
    assert comparison.ratios == [2, 2, 2, 50]
    assert comparison.result()["ratio"] == 2
    assert comparison.control == 1
    assert not comparison.is_void


def test_a_comparison_is_void_where_the_other_thing_differs_from_itself():
    """By more than 0.03."""
    comparison = compared([1] * 4, [1, 2] * 4)
    assert comparison.is_void


def test_the_table_names_goals_that_are_missed(monkeypatch, capsys, tmp_path):
    """And the file holds the same figures; the status tells of void runs only."""
    missed = compared([2] * 4, [1] * 8, goal=1.5)
    monkeypatch.setattr(command_line, "measure", lambda arguments: [missed])
    path = tmp_path / "figures.json"
    assert command_line.main(["--json", str(path)]) == 0
    assert "2.000  2.000-2.000  1.500 missed    1.000" in capsys.readouterr().out
    assert json.loads(path.read_text())["results"] == [missed.result()]


def test_a_void_run_says_so(monkeypatch, capsys):
    """Its status is 1."""
    monkeypatch.setattr(command_line, "measure", lambda arguments: [compared([1] * 4, [1, 2] * 4)])
    assert command_line.main([]) == 1
    assert "This run is VOID" in capsys.readouterr().out


@pytest.mark.parametrize("prepare", [get_hit, list_100_hits, refused_get_hit])
def test_the_floor_answers_without_a_mock(prepare):
    """From bytes that the mock has answered with; a refusal stays one."""
    assert with_canned_bytes(prepare)(1) >= 0


def test_the_form_has_ten_kilobytes():
    """The row says so."""
    assert 9_900 < len(FORM) < 10_300


def test_the_question_has_two_kilobytes():
    """The row says so."""
    assert 1900 < len(HIT["Question"]) < 2100
