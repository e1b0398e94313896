"""botocore's retries do not wait; the mock's clock moves by each wait."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta

import botocore.endpoint
import botocore.retries.bucket
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.retries.bucket import Clock, TokenBucket

from mturk_mock import BlockedCallError, mock_mturk
from tests.clients import KEYS, Sent, _session, balance_of, make_client
from tests.helpers import NOW, create_hit

FAULT = (500, "ServiceFault")
THROTTLED = (400, "ThrottlingException")
MODES = ("legacy", "standard", "adaptive")
#: The limiter of adaptive mode sends twice a second at least; a new one has nothing saved.
SLOWEST = timedelta(seconds=2)


class ReallySlept(BaseException):
    """A real sleep; not an Exception, so that no `except Exception` swallows it."""


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch):
    """Make every real sleep an error."""
    waited = threading.Condition.wait

    def sleep(seconds):
        raise ReallySlept(seconds)

    def wait(condition, timeout=None):
        if timeout is not None:  # for a time; threads wait for each other without one
            raise ReallySlept(timeout)
        return waited(condition)

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(threading.Condition, "wait", wait)


@pytest.fixture
def standing(monkeypatch):
    """Freeze the time of adaptive mode's rate limiter when a client is created."""
    monkeypatch.setattr(Clock, "current_time", lambda clock: 1_700_000_000.0)


def client_of(mode, attempts=5, **kwargs):
    retries = {"mode": mode, "max_attempts": attempts}
    return make_client(config=Config(retries=retries), **kwargs)


def refused(client, *failures, service="mturk"):
    """Make the client's next attempts fail with a status and a code each."""
    left = list(failures)

    def answer(request, **event):
        if not left:
            return None
        status, code = left.pop(0)
        response = AWSResponse(request.url, status, {}, None)
        response._content = b'{"__type": "%s", "message": "Not now"}' % code.encode()
        return response

    client.meta.events.register_first(f"before-send.{service}", answer)
    return client


def waits_of(client, *waits, service="mturk"):
    """Make the client wait before its next retries, in seconds."""
    left = list(waits)
    client.meta.events.register_first(
        f"needs-retry.{service}", lambda **event: left.pop(0) if left else None
    )
    return client


# Waits that are known ------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_wait_moves_the_clock_by_as_much(mode):
    """The clock moves by each wait that is skipped."""
    client = waits_of(client_of(mode), 1.5, 20, 0.000_001)
    with mock_mturk(now=NOW) as mturk:
        response = client.get_account_balance()
        assert mturk.clock.now - NOW == timedelta(seconds=21.500_001)

    assert response["ResponseMetadata"]["RetryAttempts"] == 3


def test_wait_lets_happen_what_is_due():
    """Events due during the wait happen before the next attempt is answered."""
    client = waits_of(make_client(), 60)
    with mock_mturk(now=NOW) as mturk:
        hit_id = create_hit(mturk.client(), LifetimeInSeconds=60)["HITId"]
        assert client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Reviewable"


def test_wait_in_clock_that_follows_the_machine(monkeypatch):
    """The waits are added to the machine's time."""
    client = waits_of(make_client(), 90)
    with mock_mturk() as mturk:
        monkeypatch.setattr(time, "time", NOW.timestamp)
        client.get_account_balance()
        assert mturk.clock.now - NOW == timedelta(seconds=90)


def test_wait_is_the_innermost_mocks():
    """The clock of the mock that answers moves."""
    client = waits_of(make_client(), 5)
    with mock_mturk(now=NOW) as outer, mock_mturk(now=NOW) as inner:
        client.get_account_balance()
        assert [mturk.clock.now - NOW for mturk in (outer, inner)] == [
            timedelta(0),
            timedelta(seconds=5),
        ]


def test_wait_in_another_thread():
    """A request in a thread moves the clock too."""
    client = waits_of(make_client(), 5)
    with mock_mturk(now=NOW) as mturk:
        thread = threading.Thread(target=client.get_account_balance)
        thread.start()
        thread.join()
        assert mturk.clock.now - NOW == timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [0, -1])
def test_wait_of_nothing_is_the_real_one(seconds):
    """A wait of 0 seconds or less is left to Python."""
    client = waits_of(make_client(), seconds)
    with mock_mturk(now=NOW) as mturk:
        with pytest.raises(ReallySlept) as slept:
            client.get_account_balance()
        assert mturk.clock.now == NOW

    assert slept.value.args == (seconds,)


# Retries of botocore's own -------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("failure", [FAULT, THROTTLED], ids=lambda failure: failure[1])
def test_retry_until_answered(mode, failure):
    """Botocore retries until it is answered, and the clock moves."""
    client = refused(client_of(mode), failure, failure)
    with mock_mturk(now=NOW, balance="12.34") as mturk:
        response = client.get_account_balance()
        assert mturk.clock.now > NOW

    assert response["AvailableBalance"] == "12.34"
    assert response["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.parametrize("mode", MODES)
def test_retry_that_gives_up(mode):
    """Botocore's own limit of attempts applies."""
    client = refused(client_of(mode, attempts=1), *[THROTTLED] * 5)
    with mock_mturk(), pytest.raises(ClientError) as error:
        client.get_account_balance()

    assert error.value.response["Error"]["Code"] == "ThrottlingException"
    assert error.value.response["ResponseMetadata"]["RetryAttempts"] == 1


def test_retry_in_legacy_mode_waits_as_botocore_says(monkeypatch):
    """Legacy mode waits for a random part of 1, 2, 4, ... seconds."""
    monkeypatch.setattr("random.random", lambda: 0.5)
    client = refused(client_of("legacy"), FAULT, FAULT, FAULT)
    with mock_mturk(now=NOW) as mturk:
        client.get_account_balance()
        assert mturk.clock.now - NOW == timedelta(seconds=0.5 + 1 + 2)


# Adaptive mode -------------------------------------------------------------------------------


@pytest.mark.usefixtures("standing")
def test_adaptive_limits_what_follows_a_throttling():
    """After a throttling error, each request moves the clock by two seconds."""
    client = refused(client_of("adaptive"), THROTTLED)
    with mock_mturk(now=NOW) as mturk:
        client.get_account_balance()
        times = []
        for _ in range(3):
            client.get_account_balance()
            times.append(mturk.clock.now)

    assert [later - sooner for sooner, later in itertools.pairwise(times)] == [
        SLOWEST,
        SLOWEST,
    ]


def bucket_of(*capacity):
    """Return a bucket of two tokens a second whose time is frozen."""
    bucket = TokenBucket(max_rate=2, clock=Clock())
    bucket._current_capacity = capacity[0] if capacity else 0
    return bucket


def in_request(action):
    """Call a function during a request for Mechanical Turk."""
    client, done = make_client(), []
    client.meta.events.register_first("before-send.mturk", lambda **event: done.append(action()))
    client.get_account_balance()
    return done[0]


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("capacity", "seconds", "left"), [(0, 0.5, 0), (0.5, 0.25, 0), (1, 0, 0), (1.5, 0, 0.5)]
)
def test_bucket_gives_what_it_would_have_after_the_wait(capacity, seconds, left):
    """The clock moves by the wait for the missing tokens, which are then used."""
    bucket = bucket_of(capacity)
    with mock_mturk(now=NOW) as mturk:
        assert in_request(bucket.acquire) is True
        assert mturk.clock.now - NOW == timedelta(seconds=seconds)

    assert bucket.available_capacity == left


@pytest.mark.usefixtures("standing")
def test_bucket_that_is_not_to_block_does_not_wait():
    """With block=False the bucket raises its error."""
    with mock_mturk(now=NOW) as mturk:
        with pytest.raises(botocore.retries.bucket.CapacityNotAvailableError):
            in_request(lambda: bucket_of().acquire(block=False))
        assert mturk.clock.now == NOW


@pytest.mark.usefixtures("standing")
def test_bucket_of_others_waits():
    """Outside a request for Mechanical Turk the bucket waits."""
    with mock_mturk(now=NOW) as mturk:
        with pytest.raises(ReallySlept):
            bucket_of().acquire()
        assert mturk.clock.now == NOW


# Whose waits stay ----------------------------------------------------------------------------


def other_client():
    """Return a client of SNS in a retry mode that waits."""
    config = Config(retries={"mode": "standard"})
    return _session().client("sns", region_name="us-east-1", config=config, **KEYS)


def test_other_service_waits_really(wire):
    """Requests for other services wait before retries."""
    client = waits_of(other_client(), 5, service="sns")
    with mock_mturk(now=NOW) as mturk:
        with pytest.raises(ReallySlept):
            client.list_topics()
        assert mturk.clock.now == NOW

    assert len(wire) == 1


def test_other_service_after_mechanical_turk_waits_really(wire):
    """Requests for other services wait after an answered request."""
    client = waits_of(other_client(), 5, service="sns")
    with mock_mturk():
        balance_of(make_client())
        with pytest.raises(ReallySlept):
            client.list_topics()


def test_other_service_after_refused_request_waits_really(wire):
    """Requests for other services wait after a failed request."""
    client = waits_of(other_client(), 5, service="sns")
    with mock_mturk():
        with pytest.raises(ClientError):
            make_client().get_hit(HITId="3NONE")
        with pytest.raises(ReallySlept):
            client.list_topics()


def test_other_service_in_thread_of_a_request_waits_really(wire):
    """Requests for other services wait in other threads during a request."""
    client, caught = waits_of(other_client(), 5, service="sns"), []

    def program():
        try:
            client.list_topics()
        except ReallySlept as slept:
            caught.append(slept.args)

    def in_a_thread():
        thread = threading.Thread(target=program)
        thread.start()
        thread.join()

    with mock_mturk():
        in_request(in_a_thread)

    assert caught == [(5,)]


def test_wait_after_the_mock_has_ended_is_refused():
    """A call that waits is refused if the mock ended."""
    mock = mock_mturk()
    client = make_client()

    def end(**event):
        mock.stop()
        return 5

    client.meta.events.register_first("needs-retry.mturk", end)
    mock.start()
    with pytest.raises(BlockedCallError):
        client.get_account_balance()


def test_wait_after_the_mock_is_real(wire):
    """After the mock, retries wait again."""
    client = waits_of(client_of("standard"), 5)
    with mock_mturk():
        pass
    with pytest.raises(ReallySlept):
        client.get_account_balance()


# What is replaced ----------------------------------------------------------------------------


def replaced():
    return botocore.endpoint.time, TokenBucket.acquire


def test_replaced_names_are_back_at_the_end():
    """After the last mock, botocore has its own functions."""
    before = replaced()
    with mock_mturk():
        with mock_mturk():
            inside = replaced()
        assert replaced() == inside

    assert all(ours is not theirs for ours, theirs in zip(inside, before, strict=True))
    assert replaced() == before


def test_replaced_names_are_back_after_an_error():
    """Names are restored if the block raises an exception."""
    before = replaced()
    with suppress(Sent), mock_mturk():
        raise Sent
    assert replaced() == before


def test_replaced_time_tells_the_time():
    """The replaced module `time` has all other attributes."""
    with mock_mturk():
        assert botocore.endpoint.time.monotonic is time.monotonic


def test_replaced_by_the_program_stays(monkeypatch):
    """A replacement by the program stays."""
    theirs = object()
    monkeypatch.setattr(botocore.endpoint, "time", time)  # restored last, after the mock's
    with mock_mturk():
        monkeypatch.setattr(botocore.endpoint, "time", theirs)
    assert botocore.endpoint.time is theirs


def test_replaced_when_it_comes_is_not_waited_for_afterwards(monkeypatch):
    """Aiobotocore is not patched if it is imported after the mock."""
    monkeypatch.delitem(sys.modules, "aiobotocore.endpoint", raising=False)
    before = list(sys.meta_path)
    with mock_mturk():
        assert len(sys.meta_path) > len(before)
    assert sys.meta_path == before
