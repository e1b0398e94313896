"""The random driver of `tests.soak` runs, and finds defects."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import soak


@pytest.mark.parametrize("seed", [11, 12])
def test_random_steps_break_no_invariant(seed):
    """After each of 1,500 random steps the mock agrees with the reference."""
    actions: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    soak.run_world(seed, 1_500, actions, errors)

    assert actions.total() == 1_500
    assert len(actions) >= 40
    assert len(errors) >= 15


def test_soak_says_how_to_repeat_a_broken_invariant(monkeypatch, capsys):
    """A difference ends the run with status 1, the seed, the step and the last actions."""
    monkeypatch.setattr("tests.soak_reference.CENT", 101)  # units: it is 100
    monkeypatch.setattr("sys.argv", ["soak", "--steps", "3000", "--seed", "11"])

    assert soak.main() == 1
    report = capsys.readouterr().out
    assert report.startswith("BrokenInvariant: ")
    assert "seed 11, step " in report
    assert "Run it again: python -m tests.soak --seed 11 --steps " in report


def test_soak_says_that_nothing_is_broken(monkeypatch, capsys):
    """A run without differences ends with status 0 and the counts of actions and errors."""
    monkeypatch.setattr("sys.argv", ["soak", "--steps", "50", "--seed", "11"])

    assert soak.main() == 0
    actions, errors, last = capsys.readouterr().out.splitlines()
    assert actions.startswith("actions: {")
    assert errors.startswith("errors: {")
    assert last.startswith("50 steps in ")
    assert last.endswith(", 0 broken invariants")
