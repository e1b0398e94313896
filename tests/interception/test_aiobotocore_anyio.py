"""aiobotocore's clients in tests that anyio's plugin runs. Needs the extra `aio`."""

from __future__ import annotations

import pytest

pytest.importorskip("aiobotocore")
pytest.importorskip("anyio")

from aiobotocore.session import get_session

from mturk_mock import current, mock_mturk
from tests.clients import KEYS

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    """Run on asyncio only."""
    return "asyncio"


@pytest.fixture
async def asynchronous_client(mturk):
    """Return a client created by a fixture of the program."""
    async with get_session().create_client("mturk", region_name="us-east-1", **KEYS) as made:
        yield made


async def test_fixture(mturk, asynchronous_client):
    """Coroutine fixtures and tests run inside the mock."""
    await asynchronous_client.get_account_balance()
    assert len(mturk.calls) == 1


@pytest.mark.mock_mturk(balance="12.34")
async def test_marker(asynchronous_client):
    """The marker's options apply."""
    answer = await asynchronous_client.get_account_balance()
    assert answer["AvailableBalance"] == "12.34"


@mock_mturk
async def test_decorated_coroutine():
    """The mock is active while the coroutine runs."""
    async with get_session().create_client("mturk", region_name="us-east-1", **KEYS) as made:
        await made.get_account_balance()
    assert len(current().calls) == 1


async def test_context_manager():
    """`with mock_mturk()` works in a coroutine."""
    async with mock_mturk() as handle:
        async with get_session().create_client("mturk", region_name="us-east-1", **KEYS) as made:
            await made.list_hits()
        assert [call.operation for call in handle.calls] == ["ListHITs"]
