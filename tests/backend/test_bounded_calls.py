"""The option `calls=` of mock_mturk, which bounds the log of calls."""

from __future__ import annotations

from typing import Any

import pytest

from mturk_mock import mock_mturk


def ask(mturk: Any, count: int) -> None:
    """Make calls."""
    client = mturk.client()
    for _ in range(count):
        client.get_account_balance()


@pytest.mark.parametrize(("calls", "kept"), [(3, 3), (0, 0), (None, 5), (10, 5)])
def test_log_keeps_the_latest_calls(calls, kept):
    """mturk.calls has the latest calls, as many as the option says; None keeps all."""
    with mock_mturk(calls=calls) as mturk:
        ask(mturk, 5)
        assert len(mturk.calls) == kept


def test_log_keeps_the_latest_and_not_the_first():
    """Of two calls, a log of one has the second."""
    with mock_mturk(calls=1) as mturk:
        ask(mturk, 1)
        mturk.client().list_hits()
        assert [call.operation for call in mturk.calls] == ["ListHITs"]


def test_copies_of_the_state_are_bounded_too():
    """isolated() and restore() keep the bound."""
    with mock_mturk(calls=2) as mturk:
        ask(mturk, 2)
        snapshot = mturk.snapshot()
        with mturk.isolated():
            ask(mturk, 3)
            assert len(mturk.calls) == 2
        mturk.restore(snapshot)
        ask(mturk, 3)
        assert len(mturk.calls) == 2


@pytest.mark.parametrize(
    ("calls", "kind", "message"),
    [
        (-1, ValueError, "calls takes a number of calls, 0 or more, not -1"),
        (True, TypeError, "calls takes an int, or None to keep all calls, not True"),
        ("all", TypeError, "calls takes an int, or None to keep all calls, not 'all'"),
    ],
)
def test_number_of_calls_is_checked(calls, kind, message):
    """A bound is a whole number of 0 or more, or None."""
    with pytest.raises(kind) as refusal:
        mock_mturk(calls=calls)
    assert str(refusal.value) == message
