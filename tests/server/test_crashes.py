"""Servers with a state file that are killed under load, each in a process of its own."""

from __future__ import annotations

import pytest

from tests.crashes import Life


@pytest.mark.parametrize("forgets", [False, True], ids=["keeps", "forgets"])
def test_kill_under_load(forgets, tmp_path):
    """After each of five kills, what was acknowledged is there, and nothing is half done."""
    Life(tmp_path / "state.db", seed=1, forgets=forgets).run(rounds=5)
