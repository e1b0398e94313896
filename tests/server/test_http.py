"""HTTP: what a server answers to requests that are not calls of the API."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest

import mturk_mock
from mturk_mock.server import MTurkServer, protocol
from mturk_mock.server.endpoint import MAX_BODY
from tests.helpers import NOW
from tests.servers import HEAD, JSON, TARGET, call, exchange, send

CALL = {"X_Amz_Target": f"{TARGET}GetAccountBalance", "Content_Type": JSON}
UNKNOWN = "UnknownOperationException"


@pytest.fixture(scope="module")
def server(each_protocol):
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_method(method, server):
    """The API takes POST."""
    answer = send(server, method, "/", b"{}", **CALL)

    assert answer.error == (404, UNKNOWN, f"The API takes POST, not {method}.")


def test_unknown_method(server):
    """A method that HTTP does not have is refused by the protocol or the API."""
    assert send(server, "BREW", "/", b"{}", **CALL).status in (400, 404)


def test_head_has_no_body(server):
    """HEAD has the headers of the refusal."""
    answer = send(server, "HEAD", "/sandbox")

    assert (answer.status, answer.body) == (404, b"")
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize(
    "path", ["/production", "/sandbox/x", "/mturk", "/%2e%2e/", "//", "/a%0Ab%0A"]
)
def test_other_path(path, server):
    """The message says where the API is."""
    answer = call(server, "GetAccountBalance", path=path)

    assert answer.error[:2] == (404, UNKNOWN)
    assert answer.json["message"].endswith("The API is at / (production) and /sandbox (sandbox).")


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ("", "(X-Amz-Target is missing)"),
        ("GetAccountBalance", "GetAccountBalance"),
        ("DynamoDB_20120810.GetItem", "DynamoDB_20120810.GetItem"),
        (f"{TARGET}MakeHIT", "MakeHIT"),
        (TARGET, ""),
    ],
)
def test_other_target(target, named, server):
    """Another operation, or one of another service, is not known."""
    answer = send(server, "POST", "/", b"{}", X_Amz_Target=target, Content_Type=JSON)

    message = f"The requested operation {named} is not known to Mechanical Turk."
    assert answer.error == (400, UNKNOWN, message)


@pytest.mark.parametrize("content_type", ["", "application/json", "text/plain; charset=utf-8"])
def test_other_content_type(content_type, server):
    """The API takes the JSON of AWS only, which no HTML form can send."""
    answer = call(server, "GetAccountBalance", Content_Type=content_type)

    shown = content_type.partition(";")[0]
    message = f"The API takes Content-Type {JSON}, not {shown!r}."
    assert answer.error == (404, UNKNOWN, message)


def test_content_type_with_a_parameter(server):
    """A character set may follow."""
    answer = call(server, "GetAccountBalance", Content_Type=f"{JSON.upper()}; charset=utf-8")

    assert answer.status == 200


def test_content_encoding(server):
    """A compressed body is refused."""
    answer = call(server, "GetAccountBalance", Content_Encoding="gzip")

    message = "The API takes no Content-Encoding 'gzip': send the JSON as it is."
    assert answer.error == (400, "SerializationException", message)
    assert call(server, "GetAccountBalance", Content_Encoding="identity").status == 200


def test_longest_body(server):
    """A body of MAX_BODY bytes is read, and one of a byte more is refused."""
    longest = b'{"a": "' + b"a" * (MAX_BODY - 9) + b'"}'
    assert len(longest) == MAX_BODY

    assert call(server, "GetAccountBalance", longest).status == 200
    answer = exchange(
        server,
        HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (MAX_BODY + 1),
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"__type":"RequestEntityTooLargeException"' in answer
    assert b"The body is longer than 4194304 bytes." in answer


def test_long_chunked_body(server):
    """A body whose length is not declared is read up to the limit."""
    chunk = b"%x\r\n%s\r\n" % (MAX_BODY, b" " * MAX_BODY)
    answer = exchange(
        server,
        HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        chunk,
        b"1\r\n \r\n0\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_chunked_body(server):
    """The chunks are put together."""
    answer = send(server, "POST", "/", iter([b"{", b"}"]), **CALL)

    assert answer.json == {"AvailableBalance": "10000.00"}


def test_connection_is_kept_alive(server):
    """Refused requests and answered ones go over one connection."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    statuses = []
    named = {name.replace("_", "-"): value for name, value in CALL.items()}
    for method, path in [("POST", "/"), ("GET", "/"), ("POST", "/x"), ("POST", "/")]:
        connection.request(method, path, b"{}", named)
        response = connection.getresponse()
        response.read()
        statuses.append((response.status, connection.sock is not None))
    connection.close()

    assert statuses == [(200, True), (404, True), (404, True), (200, True)]


def test_connection_outlives_those_of_proxies():
    """A proxy that keeps connections for two minutes never uses one that the server closes."""
    assert protocol.KEEP_ALIVE_SECONDS > 120


def test_unused_connection_is_closed(monkeypatch):
    """A connection without a further request is closed after KEEP_ALIVE_SECONDS."""
    monkeypatch.setattr(protocol, "KEEP_ALIVE_SECONDS", 0.2)
    with MTurkServer() as idle:
        answer = exchange(idle, HEAD + b"Content-Length: 2\r\n\r\n{}")

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nz\r\n",
        HEAD + b"X: " + b"a" * 100_000,
    ],
)
def test_malformed_request(request_, server):
    """What is not HTTP gets status 400 and the header of the server, and the connection ends."""
    answer = exchange(server, request_)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert f"x-mturk-mock: {mturk_mock.__version__}\r\n".encode() in answer.lower()
    assert send(server, "GET", "/livez").status == 200


def test_body_that_breaks_off(server, caplog):
    """A client that goes away in the middle of a request performs nothing, and is no error."""
    before = len(server.mturk.calls)
    answer = exchange_and_close(server, HEAD + b"Content-Length: 2\r\n\r\n{")

    assert answer.startswith(b"HTTP/1.1 400 ") or not answer
    assert send(server, "GET", "/livez").status == 200
    assert (len(server.mturk.calls), caplog.text) == (before, "")


def exchange_and_close(server, request):
    """Send bytes, close the connection for writing, and return what comes back."""
    import socket

    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(65536)


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/nothing", "/files", "/onca/xml"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_response_names_the_server(method, path, server):
    """So that a client can tell it from the service."""
    headers = send(server, method, path).headers

    assert headers["x-mturk-mock"] == mturk_mock.__version__
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health(path, server):
    """Both say that all is well; HEAD has no body."""
    answer = send(server, "GET", path)

    assert (answer.status, answer.json) == (200, {"status": "ok"})
    assert send(server, "HEAD", path).status == 200
    message = f"{path} takes GET, not POST."
    assert send(server, "POST", path).error == (404, UNKNOWN, message)


# Host and origin ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1:1", "LOCALHOST:80", "turk.localhost", "[::1]:5780", "127.9.9.9"],
)
def test_host_of_this_machine(host, server):
    """Names of loopback are answered, with any port."""
    assert send(server, "GET", "/livez", Host=host).status == 200


@pytest.mark.parametrize(
    "host", ["example.com", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", "[", ""]
)
def test_host_of_another_machine(host, server):
    """A page of the web that has its name lead to loopback gets nothing."""
    answer = call(server, "GetAccountBalance", Host=host)

    assert answer.status == 421
    assert answer.body.decode() == (
        "This server answers for localhost, 127.0.0.1 and its public URL only. To give it another "
        "name, start it with --public-url.\n"
    )


def test_host_of_the_public_url():
    """A proxy in front of a server on loopback passes on the public name."""
    with MTurkServer(public_url="https://turk.example.org/", insecure=True) as server:
        local = server._local_url
        connection = http.client.HTTPConnection(urlsplit(local).netloc, timeout=60)
        connection.request("GET", "/livez", headers={"Host": "turk.example.org"})
        response = connection.getresponse()
        connection.close()

    assert response.status == 200
    assert server.url == "https://turk.example.org"


def test_public_url_of_this_machine():
    """It needs no credentials: only programs of this machine reach it."""
    with MTurkServer(public_url="https://turk.localhost:8443/") as server:
        assert server.url == "https://turk.localhost:8443"


#: What Chromium asks for when a page calls with the AWS SDK for JavaScript. [observed]
SENT_BY_PAGES = (
    "amz-sdk-invocation-id,amz-sdk-request,authorization,content-type,x-amz-content-sha256,"
    "x-amz-date,x-amz-target,x-amz-user-agent"
)
PREFLIGHT = {
    "Access_Control_Request_Method": "POST",
    "Access_Control_Request_Headers": SENT_BY_PAGES,
}


@pytest.mark.parametrize("path", ["/", "/sandbox", "/sandbox/"])
@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://app.localhost"])
def test_preflight_of_a_page_of_this_machine(origin, path, server):
    """A browser's SDK may call the API."""
    answer = send(server, "OPTIONS", path, Origin=origin, **PREFLIGHT)

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == SENT_BY_PAGES
    assert answer.headers["access-control-max-age"] == "172800"
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://["])
def test_preflight_of_a_page_of_the_web(origin, server):
    """Without credentials, it may not: nothing is signed."""
    answer = send(server, "OPTIONS", "/", Origin=origin, **PREFLIGHT)

    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "options",
    [{"credentials": {"AKIAONE": {"secret": "s", "requester": "one"}}}, {"insecure": True}],
)
def test_preflight_of_a_page_of_the_web_with_credentials(options):
    """Where requests are signed, or anybody is answered, any page may call the API, as AWS says."""
    with MTurkServer(**options) as server:
        answer = send(server, "OPTIONS", "/", Origin="https://example.com", **PREFLIGHT)
        called = call(server, "GetAccountBalance", Origin="https://example.com")

    assert answer.headers["access-control-allow-origin"] == "*"
    assert called.headers["access-control-allow-origin"] == "*"
    assert "x-amzn-RequestId" in called.headers["access-control-expose-headers"]


def test_response_to_a_page(server):
    """A page of this machine may read the response, an error too; others get no header."""
    origin = "http://localhost:3000"
    answers = [
        call(server, "GetAccountBalance", Origin=origin),
        call(server, "GetAccountBalance", Origin=origin, Content_Type="text/plain"),
    ]
    allowed = {answer.headers["access-control-allow-origin"] for answer in answers}

    assert allowed == {origin}
    assert "access-control-allow-origin" not in call(server, "GetAccountBalance").headers


def test_json_of_refusals_is_compact(server):
    """Its keys are in the service's order."""
    body = send(server, "GET", "/").body

    assert (
        body
        == json.dumps(
            {"__type": UNKNOWN, "message": "The API takes POST, not GET."}, separators=(",", ":")
        ).encode()
    )
