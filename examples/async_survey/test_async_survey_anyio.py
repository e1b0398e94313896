"""Tests of `async_survey` with anyio's pytest plugin."""

from decimal import Decimal

import pytest
from async_survey import run_surveys

pytest.importorskip("anyio", reason="anyio is not installed")
pytestmark = pytest.mark.anyio

URL = "https://survey.example/a"


@pytest.fixture
def anyio_backend():
    """Select asyncio, because the program uses it."""
    return "asyncio"


@pytest.fixture
async def published(mturk, mturk_client):
    """Run a survey of one worker. Async fixtures run in the mock too."""

    async def pause():
        [hit] = mturk.hits
        mturk.worker().accept(hit.hit_id).submit({"age": "44"})

    return await run_surveys(mturk_client, [URL], people=1, pause=pause)


async def test_survey_is_answered(mturk, published):
    assert len(published[URL]) == 1
    assert [assignment.status for assignment in mturk.assignments] == ["Submitted"]


@pytest.mark.mock_mturk(balance="2.00")
async def test_marker_sets_the_options_of_the_mock_that_coroutines_see(mturk, published):
    assert mturk.balance == Decimal("0.80")
