"""Transactions: one at a time, and closed after an error."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mturk_mock.model.timeline import Timeline
from tests.clients import balance_of
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


def fail(*args):
    raise ZeroDivisionError("what was due has failed")


def test_transaction_that_cannot_begin_is_over(mturk, mturk_client, monkeypatch):
    """If a transaction cannot begin, another thread can begin one."""
    with monkeypatch.context() as patched:
        patched.setattr(Timeline, "run_due", fail)
        with pytest.raises(ZeroDivisionError, match="what was due has failed"):
            mturk_client.get_account_balance()

    with ThreadPoolExecutor(1) as others:
        assert others.submit(balance_of, mturk_client).result(timeout=10) == "10000.00"
