"""aiobotocore's clients are answered by the same mocks. Needs the extra `aio`."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

pytest.importorskip("aiobotocore")
pytest.importorskip("pytest_asyncio")
pytest.importorskip("anyio")

import aiobotocore.endpoint
import pytest_asyncio
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, CredentialRetrievalError

from mturk_mock import BlockedCallError, current, mock_mturk
from tests.clients import KEYS, make_client
from tests.helpers import HIT_TYPE, NOW, OF_THE_HIT

pytestmark = pytest.mark.asyncio

MODES = ("legacy", "standard", "adaptive")


class ReallySlept(BaseException):
    """A real sleep; not an Exception, so that no `except Exception` swallows it."""


@pytest.fixture(autouse=True, scope="module")  # before the mock of a marker
def _no_wait():
    """Make every real sleep an error."""
    sleep, wait_for = asyncio.sleep, asyncio.wait_for

    async def turn(delay, result=None):
        if delay:
            raise ReallySlept(delay)
        return await sleep(0, result)

    async def wait(awaitable, timeout):
        if timeout is not None:
            awaitable.close()
            raise ReallySlept(timeout)
        return await wait_for(awaitable, timeout)

    def wait_really(seconds):
        raise ReallySlept(seconds)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(asyncio, "sleep", turn)
        monkeypatch.setattr(asyncio, "wait_for", wait)
        monkeypatch.setattr(time, "sleep", wait_really)
        yield


def client(mode="legacy", **kwargs):
    """Return a function that creates clients, as programs do."""
    config = AioConfig(retries={"mode": mode, "max_attempts": 5})
    options = {"region_name": "us-east-1", "config": config, **KEYS, **kwargs}
    return get_session().create_client("mturk", **options)


async def balance_of(mturk):
    return (await mturk.get_account_balance())["AvailableBalance"]


# Who is answered -----------------------------------------------------------------------------


async def test_client_made_before_the_mock_is_answered():
    """A client created before the mock is answered."""
    async with client() as mturk:
        with mock_mturk(balance="1.00"):
            assert await balance_of(mturk) == "1.00"
        with mock_mturk(balance="2.00"):
            assert await balance_of(mturk) == "2.00"


async def test_client_made_inside_the_mock_is_answered():
    """A client created inside the mock is answered."""
    async with mock_mturk(balance="12.34"), client() as mturk:
        assert await balance_of(mturk) == "12.34"


METADATA = {
    "none": {},
    "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:9/keys"},
    "region": {"AWS_DEFAULTS_MODE": "auto"},
}


@pytest.mark.parametrize("service", METADATA)
async def test_client_without_credentials_asks_no_metadata_service(monkeypatch, service):
    """Nothing is signed and no metadata service is asked; the suite refuses connections."""
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    for name, value in METADATA[service].items():
        monkeypatch.setenv(name, value)
    async with mock_mturk(balance="12.34"), client(**dict.fromkeys(KEYS)) as mturk:
        assert await balance_of(mturk) == "12.34"


ROLE = "[default]\nrole_arn = arn:aws:iam::123456789012:role/x\ncredential_source = {}\n"


@pytest.mark.parametrize("source", ["Ec2InstanceMetadata", "EcsContainer"])
async def test_client_of_a_profile_with_keys_from_a_metadata_service(monkeypatch, tmp_path, source):
    """The client is answered; for another service aiobotocore raises NoCredentialsError."""
    (tmp_path / "config").write_text(ROLE.format(source))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    async with mock_mturk(balance="12.34"), client(**dict.fromkeys(KEYS)) as mturk:
        assert await balance_of(mturk) == "12.34"
        with pytest.raises(CredentialRetrievalError):
            await get_session().create_client("sns", region_name="us-east-1").__aenter__()


@pytest.mark.parametrize("event", ["before-call", "choose-signer", "before-send"])
async def test_client_in_the_middle_of_a_call_when_the_mock_ends_is_refused(event):
    """A call is not sent if the mock ends during it."""
    mock = mock_mturk()
    async with client() as mturk:
        mturk.meta.events.register_first(f"{event}.mturk", lambda **rest: mock.stop())
        mock.start()
        with pytest.raises(BlockedCallError):
            await balance_of(mturk)


async def test_client_of_another_service_passes_untouched(monkeypatch):
    """Calls of another service are neither kept nor answered."""

    async def send(endpoint, request):
        raise ReallySlept(request.url)

    monkeypatch.setattr("aiobotocore.endpoint.AioEndpoint._send", send)
    with mock_mturk() as handle:
        async with get_session().create_client("sns", region_name="us-east-1", **KEYS) as sns:
            with pytest.raises(ReallySlept):
                await sns.list_topics()
        assert handle.calls == []


async def test_client_after_the_mock_is_not_answered(monkeypatch):
    """A client is not answered after the mock."""

    async def send(endpoint, request):
        raise ReallySlept(request.url)

    monkeypatch.setattr("aiobotocore.endpoint.AioEndpoint._send", send)
    async with client() as mturk:
        with mock_mturk():
            await balance_of(mturk)
        with pytest.raises(ReallySlept):
            await balance_of(mturk)


async def test_client_beside_one_of_boto3():
    """Clients of boto3 and aiobotocore share one state."""
    async with mock_mturk() as handle, client() as mturk:
        hit = (await mturk.create_hit(**HIT_TYPE, **OF_THE_HIT))["HIT"]
        assert make_client().get_hit(HITId=hit["HITId"])["HIT"]["Title"] == hit["Title"]
        assert [each.id for each in handle.hits] == [hit["HITId"]]


async def test_sandbox_client():
    """The host selects production or the sandbox."""
    url = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"
    async with mock_mturk(balance="1.00"), client(endpoint_url=url) as mturk:
        assert await balance_of(mturk) == "10000.00"


async def test_refusal_is_a_client_error():
    """A refusal is a ClientError with the service's code and message."""
    async with mock_mturk(now=NOW), client() as mturk:
        with pytest.raises(ClientError) as refusal:
            await mturk.get_hit(HITId="3NONE")

    assert refusal.value.response["Error"]["Code"] == "RequestError"
    assert refusal.value.response["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"


async def test_paginator():
    """Aiobotocore's paginators walk the mock's pages."""
    async with mock_mturk(), client() as mturk:
        for _ in range(3):
            await mturk.create_hit(**HIT_TYPE, **OF_THE_HIT)
        pages = mturk.get_paginator("list_hits").paginate(PaginationConfig={"PageSize": 2})
        sizes = [len(page["HITs"]) async for page in pages]

    assert sizes[:2] == [2, 1]
    assert sum(sizes) == 3


async def test_requests_at_the_same_time():
    """Many tasks can use one client at the same time."""
    async with mock_mturk(balance="1.00"), client() as mturk:
        assert await asyncio.gather(*(balance_of(mturk) for _ in range(10))) == ["1.00"] * 10


async def test_handlers_read_the_answer_as_aiobotocores():
    """Handlers await the body and the text of a response."""
    async with mock_mturk(balance="1.00"), client() as mturk:
        seen = []

        async def look(http_response, **event):
            seen.append((await http_response.content, await http_response.text))

        mturk.meta.events.register("after-call.mturk", look)
        await balance_of(mturk)

    assert seen == [(b'{"AvailableBalance":"1.00"}', '{"AvailableBalance":"1.00"}')]


# Retries -------------------------------------------------------------------------------------


def refused(mturk, *codes):
    """Make the client's next attempts fail."""
    left = list(codes)

    class Failure(AWSResponse):
        @property
        def content(self):
            return body(self._content)

    async def body(content):
        return content

    def answer(request, **event):
        if not left:
            return None
        response = Failure(request.url, 500, {}, None)
        response._content = b'{"__type": "%s", "message": "Not now"}' % left.pop(0).encode()
        return response

    mturk.meta.events.register_first("before-send.mturk", answer)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("code", ["ServiceFault", "ThrottlingException"])
async def test_retry_moves_the_clock(mode, code):
    """A retry does not wait, but moves the clock."""
    async with mock_mturk(now=NOW) as handle, client(mode) as mturk:
        refused(mturk, code, code)
        response = await mturk.get_account_balance()
        assert handle.clock.now > NOW

    assert response["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.parametrize("mode", MODES)
async def test_wait_moves_the_clock_by_as_much(mode):
    """The clock moves by each wait that is skipped."""
    waits = [1.5, 20]
    async with mock_mturk(now=NOW) as handle, client(mode) as mturk:
        mturk.meta.events.register_first(
            "needs-retry.mturk", lambda **event: waits.pop(0) if waits else None
        )
        await balance_of(mturk)
        assert handle.clock.now - NOW == timedelta(seconds=21.5)


async def test_adaptive_limits_what_follows_a_throttling(monkeypatch):
    """In adaptive mode the clock moves two seconds for each request after a throttling error."""
    monkeypatch.setattr("botocore.retries.bucket.Clock.current_time", lambda clock: 1.7e9)
    async with mock_mturk(now=NOW) as handle, client("adaptive") as mturk:
        refused(mturk, "ThrottlingException")
        await balance_of(mturk)
        before = handle.clock.now
        await balance_of(mturk)
        assert handle.clock.now - before == timedelta(seconds=2)


async def test_wait_after_the_mock_is_real():
    """After the mock, aiobotocore's own sleep is back."""
    with mock_mturk():
        assert aiobotocore.endpoint.asyncio is not asyncio
    assert aiobotocore.endpoint.asyncio is asyncio


# Decorators and fixtures ---------------------------------------------------------------------


@mock_mturk
async def test_decorated_coroutine():
    """The mock is active while the coroutine runs."""
    async with client() as mturk:
        await balance_of(mturk)
    assert len(current().calls) == 1


async def test_fixture(mturk, mturk_client):
    """The plugin's fixtures work in coroutine tests."""
    async with client() as asynchronous:
        await balance_of(asynchronous)
    mturk_client.get_account_balance()
    assert len(mturk.calls) == 2


@pytest.mark.mock_mturk(balance="12.34", now=NOW, sleep="advance")
async def test_marker(mturk):
    """The marker's options apply; sleeps move the clock."""
    await asyncio.sleep(3600)
    async with client() as asynchronous:
        assert await balance_of(asynchronous) == "12.34"
    assert mturk.clock.now - NOW == timedelta(hours=1)


@pytest_asyncio.fixture
async def asynchronous_client(mturk):
    """Return a client created by a fixture of the program."""
    async with client() as made:
        yield made


async def test_asynchronous_fixture(mturk, asynchronous_client):
    """Coroutine fixtures run inside the mock."""
    await balance_of(asynchronous_client)
    assert len(mturk.calls) == 1


@pytest.mark.mock_mturk(balance="12.34")
class TestClass:
    async def test_method(self, asynchronous_client):
        """The marker before a class is for each of its tests."""
        assert await balance_of(asynchronous_client) == "12.34"
