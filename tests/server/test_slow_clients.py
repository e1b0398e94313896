"""Clients that send a request slowly, or never."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from mturk_mock.server import MTurkServer, protocol
from tests.servers import HEAD, call, send

BEGUN = HEAD + b"Content-Length: 2\r\n\r\n{"
WHOLE = BEGUN + b"}"


pytestmark = pytest.mark.usefixtures("each_protocol")


@pytest.fixture
def server(monkeypatch, each_protocol):
    monkeypatch.setattr(protocol.Limits, "request_seconds", 0.5)  # enough for a busy machine
    with MTurkServer() as server:
        yield server


def connect(server):
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=60)


def read_to_end(connection):
    """Return what the server sends until it closes the connection."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


@pytest.mark.parametrize("sent", [b"", b"P", HEAD, BEGUN], ids=["nothing", "P", "head", "body"])
def test_unfinished_request_is_cut(sent, server, caplog):
    """A connection whose request does not arrive within the limit is closed without a response."""
    with connect(server) as connection:
        connection.sendall(sent)

        assert read_to_end(connection) == b""
    assert (server.mturk.calls, caplog.messages) == ([], [])


@pytest.mark.parametrize("begun", [b"P", BEGUN], ids=["head", "body"])
def test_unfinished_request_after_another_is_cut(begun, server):
    """The limit holds for each request of a connection, one that came with the last included."""
    with connect(server) as connection:
        connection.sendall(WHOLE + begun)
        received = read_to_end(connection)

    assert received.count(b"HTTP/1.1 ") == received.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize("begun", [b"P", BEGUN], ids=["head", "body"])
def test_unfinished_request_after_a_response_is_cut(begun, server):
    """The limit holds for a request that begins when the last one has been answered."""
    with connect(server) as connection:
        connection.sendall(WHOLE)
        received = connection.recv(1)
        connection.sendall(begun)
        received += read_to_end(connection)

    assert received.count(b"HTTP/1.1 ") == received.count(b"HTTP/1.1 200 ") == 1


def test_trickling_request_is_cut(server):
    """The limit is for the whole request: bytes that keep arriving do not extend it."""
    with connect(server) as connection:
        connection.sendall(HEAD)
        connection.settimeout(0.001)
        while True:
            try:
                connection.sendall(b"X: y\r\n")
                ended = connection.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
            break

    assert ended


def test_whole_request_is_not_cut(server):
    """The limit ends when the request has arrived, however long its answer takes."""
    server.mturk.fail("GetAccountBalance", "ReadTimeout")
    with connect(server) as waiting:
        waiting.sendall(WHOLE)
        while not server.mturk.calls:
            send(server, "GET", "/livez")
        with connect(server) as slow:
            read_to_end(slow)

        waiting.setblocking(False)
        with pytest.raises(BlockingIOError):
            waiting.recv(1)


def test_slow_clients_hold_up_no_others(monkeypatch):
    """Calls are answered while 200 other clients have sent half a request."""
    monkeypatch.setattr(protocol.Limits, "request_seconds", 3600)
    with MTurkServer() as server, ExitStack() as open_:
        for _ in range(200):
            open_.enter_context(connect(server)).sendall(BEGUN)

        assert call(server, "GetAccountBalance").status == 200
