"""An endpoint that is made of coroutines, as aiobotocore's is, where that is not installed.

What is stood in for here is found by name: `aiobotocore.endpoint`, which has imported asyncio,
and `aiobotocore.retries.bucket`. `test_aiobotocore` is about the real ones.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import types
from datetime import timedelta

import pytest
from botocore.awsrequest import AWSRequest
from botocore.endpoint import Endpoint
from botocore.exceptions import CapacityNotAvailableError

from mturk_mock import mock_mturk
from tests.clients import PRODUCTION, _session, make_client
from tests.helpers import NOW


class ReallySlept(Exception):
    """A real sleep of a coroutine."""


async def sleep(delay, result=None):
    if delay > 0:
        raise ReallySlept(delay)
    return result


class AsyncBucket:
    """A bucket of two tokens a second, with the attributes of aiobotocore's."""

    max_rate = 2

    def __init__(self, capacity):
        self._current_capacity = self.available_capacity = capacity

    async def acquire(self, amount=1, block=True):
        if amount <= self.available_capacity:
            return "had it"
        if block:
            raise ReallySlept
        raise CapacityNotAvailableError


@pytest.fixture
def modules(monkeypatch):
    """Provide modules with aiobotocore's names."""

    class AnyioEndpoint:
        async def _sleep(self, delay):
            await sleep(delay)

    endpoint = types.ModuleType("aiobotocore.endpoint")
    endpoint.asyncio = types.SimpleNamespace(sleep=sleep, Lock=asyncio.Lock)
    endpoint.AnyioEndpoint = AnyioEndpoint
    bucket = types.ModuleType("aiobotocore.retries.bucket")
    bucket.AsyncTokenBucket = type("AsyncTokenBucket", (AsyncBucket,), dict(vars(AsyncBucket)))
    monkeypatch.setitem(sys.modules, "aiobotocore.endpoint", endpoint)
    monkeypatch.setitem(sys.modules, "aiobotocore.retries.bucket", bucket)
    return types.SimpleNamespace(endpoint=endpoint, bucket=bucket)


class AsyncEndpoint(Endpoint):
    """An endpoint that emits events and then runs a coroutine."""

    action = None

    async def _get_response(self, request, operation_model, context):
        name = f"before-send.mturk.{operation_model.name}"
        return [
            answer
            for _, answer in self._event_emitter.emit(name, request=request)
            if answer is not None
        ]

    async def _send_request(self, request_dict, operation_model):
        request = AWSRequest("POST", PRODUCTION, data=b"{}").prepare()
        answers = await self._get_response(request, operation_model, {})
        return await self.action() if self.action else answers


@pytest.fixture
def request_of():
    """Return the coroutine of a request, which calls a function during the request."""
    client = make_client()
    model = client.meta.service_model.operation_model("GetAccountBalance")

    def make(action=None, model=model):
        endpoint = AsyncEndpoint(PRODUCTION, "mturk", client.meta.events)
        endpoint.action = action
        return endpoint.make_request(model, {"context": {}})

    return make


def test_answer_is_read_by_awaiting(request_of):
    """The body is awaited, as bytes and as text."""

    async def program():
        (answer,) = await request_of()
        return answer.status_code, await answer.content, await answer.text

    with mock_mturk(balance="12.34"):
        status, content, text = asyncio.run(program())

    assert (status, content) == (200, b'{"AvailableBalance":"12.34"}')
    assert text == content.decode()


def test_request_awaited_after_the_mock_is_not_answered(request_of):
    """A request awaited after the mock is not answered."""
    with mock_mturk():
        request = request_of()

    assert asyncio.run(request) == []


def test_wait_moves_the_clock(modules, request_of):
    """The clock moves, and asyncio's result is returned."""
    with mock_mturk(now=NOW) as mturk:
        result = asyncio.run(request_of(lambda: modules.endpoint.asyncio.sleep(5, "result")))
        assert mturk.clock.now - NOW == timedelta(seconds=5)

    assert result == "result"


def test_wait_of_the_other_endpoint_moves_the_clock(modules, request_of):
    """The endpoint for httpx waits by anyio."""
    endpoint = modules.endpoint.AnyioEndpoint()
    with mock_mturk(now=NOW) as mturk:
        asyncio.run(request_of(lambda: endpoint._sleep(5)))
        assert mturk.clock.now - NOW == timedelta(seconds=5)


def test_wait_of_an_aiobotocore_without_the_other_endpoint(modules, request_of):
    """Older versions have one endpoint."""
    del modules.endpoint.AnyioEndpoint
    with mock_mturk(now=NOW) as mturk:
        asyncio.run(request_of(lambda: modules.endpoint.asyncio.sleep(5)))
        assert mturk.clock.now - NOW == timedelta(seconds=5)


@pytest.mark.parametrize("delay", [0, -1])
def test_wait_of_nothing_is_the_real_one(modules, request_of, delay):
    """A wait of 0 seconds or less gives other tasks a turn, and the clock stays."""
    with mock_mturk(now=NOW) as mturk:
        assert asyncio.run(request_of(lambda: modules.endpoint.asyncio.sleep(delay, 7))) == 7
        assert mturk.clock.now == NOW


def test_wait_of_others_is_the_real_one(modules):
    """Outside a request for Mechanical Turk, waits are real."""
    with mock_mturk(now=NOW) as mturk:
        with pytest.raises(ReallySlept):
            asyncio.run(modules.endpoint.asyncio.sleep(5))
        with pytest.raises(ReallySlept):
            asyncio.run(modules.endpoint.AnyioEndpoint()._sleep(5))
        with pytest.raises(ReallySlept):
            asyncio.run(modules.bucket.AsyncTokenBucket(0).acquire())
        assert mturk.clock.now == NOW


def test_wait_of_another_task_is_the_real_one(modules, request_of):
    """While a request waits, other tasks really wait."""

    async def program():
        task = asyncio.ensure_future(asyncio.sleep(0))
        await request_of(lambda: task)
        with pytest.raises(ReallySlept):
            await modules.endpoint.asyncio.sleep(5)

    async def beside():
        begun, ended = asyncio.Event(), asyncio.Event()

        async def wait():
            begun.set()
            await ended.wait()

        task = asyncio.ensure_future(request_of(wait))
        await begun.wait()
        with pytest.raises(ReallySlept):
            await modules.endpoint.asyncio.sleep(5)
        ended.set()
        await task

    with mock_mturk():
        asyncio.run(program())
        asyncio.run(beside())


def test_request_for_another_service_waits_really(modules, request_of):
    """A request for another service really waits."""
    sns = _session().client("sns", region_name="us-east-1")
    model = sns.meta.service_model.operation_model("ListTopics")
    with mock_mturk(), pytest.raises(ReallySlept):
        asyncio.run(request_of(lambda: modules.endpoint.asyncio.sleep(5), model))


def test_request_closed_in_another_context(request_of):
    """A coroutine that was closed in another context raises no error."""

    async def wait():
        await asyncio.Event().wait()

    async def begin(request):
        coroutine = request.__await__()
        next(coroutine)
        return coroutine

    with mock_mturk():
        loop = asyncio.new_event_loop()
        request = contextvars.Context().run(loop.run_until_complete, begin(request_of(wait)))
        request.close()
        loop.close()


def test_bucket_gives_without_waiting(modules, request_of):
    """The clock moves by the wait for the missing part of a token."""
    bucket = modules.bucket.AsyncTokenBucket(0.5)
    with mock_mturk(now=NOW) as mturk:
        assert asyncio.run(request_of(bucket.acquire)) is True
        assert mturk.clock.now - NOW == timedelta(seconds=0.25)

    assert bucket._current_capacity == 0


def test_bucket_gives_what_it_has(modules, request_of):
    """Available tokens need no wait."""
    with mock_mturk(now=NOW) as mturk:
        assert asyncio.run(request_of(modules.bucket.AsyncTokenBucket(1).acquire)) == "had it"
        assert mturk.clock.now == NOW


def test_bucket_that_is_not_to_block_does_not_wait(modules, request_of):
    """With block=False the bucket raises its error."""
    bucket = modules.bucket.AsyncTokenBucket(0)
    with mock_mturk(now=NOW) as mturk:
        with pytest.raises(CapacityNotAvailableError):
            asyncio.run(request_of(lambda: bucket.acquire(block=False)))
        assert mturk.clock.now == NOW


def test_replaced_names_are_back_at_the_end(modules):
    """After the mock, aiobotocore has its own functions."""

    def names():
        endpoint, bucket = modules.endpoint, modules.bucket
        return endpoint.asyncio, endpoint.AnyioEndpoint._sleep, bucket.AsyncTokenBucket.acquire

    before = names()
    with mock_mturk():
        assert all(ours is not theirs for ours, theirs in zip(names(), before, strict=True))
        assert modules.endpoint.asyncio.Lock is asyncio.Lock
    assert names() == before
