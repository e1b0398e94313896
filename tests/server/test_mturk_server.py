"""MTurkServer: a server in a thread of the test's process."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

import boto3
import pytest

from mturk_mock import BlockedCallError, mock_mturk
from mturk_mock.core import clock
from mturk_mock.core.clock import from_datetime
from mturk_mock.interception.blocking import blocked
from mturk_mock.server import MTurkServer, app, protocol
from tests.clients import KEYS, balance_of
from tests.helpers import NOW, publish
from tests.servers import HEAD, send

LAB = {"AKIAONE": {"secret": "s3cret", "requester": "lab"}}


def program_client(server):
    """Return a client as a program makes it, which knows nothing of the mock."""
    session = boto3.session.Session()
    return session.client("mturk", region_name="us-east-1", endpoint_url=server.url, **KEYS)


def test_urls():
    """Production is at the root, and the sandbox below it."""
    with MTurkServer() as server:
        port = urlsplit(server.url).port

        assert server.url == f"http://127.0.0.1:{port}"
        assert server.sandbox_url == f"http://127.0.0.1:{port}/sandbox"
        assert repr(server) == f"<MTurkServer http://127.0.0.1:{port}>"
    assert repr(server) == "<MTurkServer stopped>"


def test_port_is_closed_at_the_end():
    """No thread is left, and nothing answers."""
    with MTurkServer() as server:
        address = urlsplit(server.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port))

    assert "mturk_mock server" not in {thread.name for thread in threading.enumerate()}


def test_stop_while_a_request_arrives(monkeypatch, caplog):
    """A client that is slow does not hold up the end; its connection is closed."""
    monkeypatch.setattr(protocol, "LAST_SECONDS", 0.01)
    with MTurkServer() as server:
        address = urlsplit(server.url)
        slow = socket.create_connection((address.hostname, address.port), timeout=60)
        slow.sendall(HEAD + b"Content-Length: 2\r\n\r\n{")
        send(server, "GET", "/readyz")
    try:
        received = slow.recv(1)
    except ConnectionResetError:
        received = b""
    slow.close()

    assert received == b""
    assert "Traceback" not in caplog.text


def test_start_and_stop():
    """They do what `with` does, and each start has a state of its own."""
    server = MTurkServer(seed=1).start()
    publish(server.client())
    server.stop()
    server.start()
    try:
        assert server.mturk.hits == []
    finally:
        server.stop()


def test_start_of_a_running_server():
    """It is refused."""
    with MTurkServer() as server, pytest.raises(RuntimeError) as refused:
        server.start()

    assert str(refused.value) == "this server is running; stop() it before it can start again"


def test_stop_of_a_stopped_server():
    """It is refused."""
    with pytest.raises(RuntimeError) as refused:
        MTurkServer().stop()

    assert str(refused.value) == "this server is not running; start() starts it"


def test_handle_of_a_stopped_server():
    """There is none."""
    with pytest.raises(RuntimeError) as refused:
        MTurkServer().client()

    message = "this server is not running, so it has no handle; start() it first"
    assert str(refused.value) == message


def test_port_in_use():
    """The system's error reaches the program, and the port stays usable."""
    with MTurkServer() as server:
        port = urlsplit(server.url).port
        with pytest.raises(OSError, match="in use"):
            MTurkServer(port=port).start()
        assert balance_of(server.client()) == "10000.00"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_ipv6():
    """The host of the URL is in brackets."""
    try:
        with MTurkServer(host="::1") as server:
            assert server.url == f"http://[::1]:{urlsplit(server.url).port}"
    except OSError:
        pytest.skip("this machine has no IPv6 address")


def test_options_are_those_of_a_mock():
    """The seed, the time and the balance are as given."""
    with MTurkServer(seed=7, now=NOW, balance=5) as server:
        assert (server.mturk.seed, server.mturk.clock.now) == (7, NOW)
        assert balance_of(server.client()) == "5.00"


def test_seed_is_long():
    """IDs cannot be found by trying seeds: it has 128 random bits."""
    seeds = []
    for _ in range(2):
        with MTurkServer() as server:
            seeds.append(server.mturk.seed)

    assert max(seed.bit_length() for seed in seeds) > 100
    assert seeds[0] != seeds[1]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"port": 65536}, ValueError, "port takes a number from 0 to 65535, not 65536"),
        ({"sed": 1}, TypeError, "mock_mturk() has no option 'sed' (did you mean 'seed'?)"),
        (
            {"sleep": "advance"},
            TypeError,
            "MTurkServer() takes no sleep: a server cannot change other programs",
        ),
        (
            {"credentials": LAB, "accounts": {"AKIAONE": "lab"}},
            TypeError,
            "MTurkServer() takes credentials or accounts, not both",
        ),
        (
            {"host": "0.0.0.0"},
            ValueError,
            "host '0.0.0.0' can be reached from other machines: give credentials, or "
            "insecure=True to answer everybody who reaches the port",
        ),
        (
            {"public_url": "https://turk.example.org"},
            ValueError,
            "public_url 'https://turk.example.org' can be reached from other machines: give "
            "credentials, or insecure=True to answer everybody who reaches the port",
        ),
        (
            {"public_url": "turk.example.org"},
            ValueError,
            "the public URL takes http:// or https:// and a host, not 'turk.example.org'",
        ),
        (
            {"public_url": "https://example.org/turk", "credentials": LAB},
            ValueError,
            "the public URL takes a scheme, a host and a port only, not 'https://example.org/turk'",
        ),
        (
            {"credentials": []},
            TypeError,
            'credentials take an object, as {"AKIAIOSFODNN7EXAMPLE": {"secret": "...", '
            '"requester": "lab"}}, not list',
        ),
        (
            {"credentials": {}},
            ValueError,
            'credentials need at least one access key, as {"AKIAIOSFODNN7EXAMPLE": '
            '{"secret": "...", "requester": "lab"}}',
        ),
        (
            {"credentials": {"A/B": LAB["AKIAONE"]}},
            ValueError,
            "credentials take access keys of letters and digits, not 'A/B'",
        ),
        (
            {"credentials": {"AKIAONE": {"secret": "s3cret"}}},
            ValueError,
            "the access key AKIAONE takes secret and requester, as "
            '{"AKIAIOSFODNN7EXAMPLE": {"secret": "...", "requester": "lab"}}',
        ),
        (
            {"credentials": {"AKIAONE": {"secret": "s3cret", "requester": ""}}},
            ValueError,
            "the access key AKIAONE takes requester as a text that is not empty",
        ),
    ],
)
def test_wrong_option(options, error, message):
    """The message says what is allowed, and shows no secret."""
    with pytest.raises(error) as refused:
        MTurkServer(**options)

    assert str(refused.value).startswith(message)


def test_other_address_with_insecure():
    """A server that answers everybody answers for every name."""
    with MTurkServer(host="0.0.0.0", insecure=True) as server:
        status = send(server, "GET", "/livez", Host="example.com").status
        url = server.url

    assert status == 200
    assert url.startswith("http://127.0.0.1:")


# Beside other mocks ---------------------------------------------------------------------------


def test_server_beside_a_mock():
    """Requests to the server are sent while a mock is active, and the mock answers the others."""
    with MTurkServer(balance=1) as server, mock_mturk(balance=2) as mturk:
        assert balance_of(program_client(server)) == "1.00"
        assert balance_of(server.client()) == "1.00"
        assert balance_of(mturk.client()) == "2.00"
        assert balance_of(boto3.client("mturk", region_name="us-east-1", **KEYS)) == "2.00"


def test_server_where_calls_are_blocked():
    """Calls of the server are no calls of the service; after its end they are refused."""
    with blocked():
        with MTurkServer(balance=1) as server:
            client = program_client(server)
            assert balance_of(client) == "1.00"
        with pytest.raises(BlockedCallError):
            client.get_account_balance()


def test_two_servers():
    """Each has a state of its own."""
    with MTurkServer(balance=1) as one, MTurkServer(balance=2) as two:
        assert [balance_of(each.client()) for each in (one, two)] == ["1.00", "2.00"]


# Time -----------------------------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock, which a test sets; a server looks for due events at once."""
    moments = [from_datetime(NOW)]
    monkeypatch.setattr(clock, "read_machine", lambda: moments[0])
    monkeypatch.setattr(app, "TICK", 0.001)
    return moments


def test_event_happens_while_no_request_comes(machine, monkeypatch):
    """A HIT expires when its time has come, without a call that would look."""
    expired = threading.Event()
    with MTurkServer() as server:
        publish(server.client())
        original = server.mturk._backend.settle

        def settle():
            original()
            if not expirations(server.mturk._backend):
                expired.set()

        monkeypatch.setattr(server.mturk._backend, "settle", settle)
        assert expirations(server.mturk._backend) == 1
        machine[0] += 2 * clock.HOUR

        assert expired.wait(60)


def expirations(backend):
    """Return the number of HITs that have still to expire, without running what is due."""
    with backend.peek() as marketplace:
        events = backend.timeline.upcoming(marketplace)
        return sum(event.kind == "HIT expires" for event in events)


def test_event_that_fails_does_not_stop_the_others(machine, monkeypatch, caplog):
    """The exception is in the log, and the server looks for due events again."""
    again = threading.Event()
    with MTurkServer() as server:
        outcomes = iter([ZeroDivisionError("in a callback")])

        def settle():
            for failure in outcomes:
                raise failure
            again.set()

        monkeypatch.setattr(server.mturk._backend, "settle", settle)

        assert again.wait(60)
    assert "an event that was due has failed" in caplog.text
    assert "ZeroDivisionError: in a callback" in caplog.text
