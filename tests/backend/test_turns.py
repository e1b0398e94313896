"""Turns: one at a time, and over when they have failed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mturk_mock.model.marketplace import Marketplace
from tests.clients import balance_of
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


def fail(*args):
    raise ZeroDivisionError("what was due has failed")


def test_turn_that_cannot_begin_is_over(mturk, mturk_client, monkeypatch):
    """Another thread can have its own."""
    with monkeypatch.context() as patched:
        patched.setattr(Marketplace, "run_due", fail)
        with pytest.raises(ZeroDivisionError, match="what was due has failed"):
            mturk_client.get_account_balance()

    with ThreadPoolExecutor(1) as others:
        assert others.submit(balance_of, mturk_client).result(timeout=10) == "10000.00"
