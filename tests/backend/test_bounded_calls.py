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


@pytest.mark.parametrize(
    ("calls", "check", "kept"),
    [
        (0, lambda mturk: mturk.assert_not_called("ListHITs"), "none of the 4 calls"),
        (3, lambda mturk: mturk.assert_not_called("ListHITs"), "the latest 3 of 4 calls"),
        (3, lambda mturk: mturk.assert_called("ListHITs"), "the latest 3 of 4 calls"),
        (
            3,
            lambda mturk: mturk.assert_called("GetAccountBalance", times=3),
            "the latest 3 of 4 calls",
        ),
    ],
)
def test_assertion_about_calls_that_are_gone_is_refused(calls, check, kept):
    """What depends on calls that the log no longer has is neither passed nor failed."""
    with mock_mturk(calls=calls) as mturk:
        ask(mturk, 4)
        with pytest.raises(RuntimeError) as refusal:
            check(mturk)
    (name,) = {"assert_called()", "assert_not_called()"} & set(str(refusal.value).split())
    assert str(refusal.value) == (
        f"{name} cannot tell, because the mock kept {kept}: make it with calls=None, which keeps "
        "all"
    )


def test_assertion_about_calls_that_are_kept():
    """A call among those kept is found, and a log that is not full misses none."""
    with mock_mturk(calls=3) as mturk:
        ask(mturk, 3)
        mturk.assert_called("GetAccountBalance", times=3)
        mturk.assert_not_called("ListHITs")
        ask(mturk, 1)
        mturk.assert_called("GetAccountBalance")
        with pytest.raises(AssertionError, match=r"GetAccountBalance.* was called 3 times"):
            mturk.assert_not_called("GetAccountBalance")


def test_bound_larger_than_any_list():
    """The log then keeps all calls."""
    with mock_mturk(calls=10**30) as mturk:
        ask(mturk, 2)
        assert len(mturk.calls) == 2
