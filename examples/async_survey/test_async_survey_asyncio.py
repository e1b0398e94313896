"""Tests of `async_survey` with pytest-asyncio."""

import pytest
from async_survey import make_client, run_survey, run_surveys

from mturk_mock import current, mock_mturk, parse_answers

pytest.importorskip("pytest_asyncio", reason="pytest-asyncio is not installed")
pytestmark = pytest.mark.asyncio

URLS = ["https://survey.example/a", "https://survey.example/b"]


@pytest.fixture
def work(mturk):
    """Return a `pause` for the program: all workers answer, then the clock advances."""
    people = [mturk.worker() for _ in range(3)]

    async def pause():
        for worker in people:
            for hit in worker.find_hits():
                worker.accept(hit.hit_id).submit({"age": "44"})
        mturk.clock.advance(minutes=1)

    return pause


async def test_surveys_run_side_by_side(mturk, mturk_client, work):
    results = await run_surveys(mturk_client, URLS, people=3, pause=work)

    assert list(results) == URLS
    assert [parse_answers(answer) for answer in results[URLS[0]]] == [{"age": "44"}] * 3
    assert len(mturk.hits) == 2


async def test_async_with_is_a_mock_of_its_own(monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # no search for credentials
    async with mock_mturk() as mturk:

        async def pause():
            [hit] = mturk.hits
            mturk.worker().accept(hit.hit_id).submit({"age": "44"})

        assert len(await run_survey(make_client(), URLS[0], 2, pause)) == 2


@mock_mturk(balance="1.00")
async def test_decorated_coroutine_has_a_mock_around_it():
    client = current().client()

    with pytest.raises(client.exceptions.RequestError, match="insufficient funds"):
        await run_survey(client, URLS[0], people=1, pause=None)
