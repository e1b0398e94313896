"""Requests to a server over HTTP that no SDK would send."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

TARGET = "MTurkRequesterServiceV20170117."
JSON = "application/x-amz-json-1.1"
#: The head of a call, without the length of its body.
HEAD = (
    f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {TARGET}GetAccountBalance\r\n"
    f"Content-Type: {JSON}\r\n"
).encode()


class Answer(NamedTuple):
    """An HTTP response; the names of its headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str, str]:
        """The status, the type and the message of an error without a stamp."""
        return self.status, self.json["__type"], self.json["message"]


def send(server: Any, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """Send a request; the underscores in the names of headers stand for hyphens."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def call(
    server: Any, operation: str, content: object = None, path: str = "/", **headers: str
) -> Answer:
    """Call an operation; the content is sent as JSON, and bytes as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content or {}).encode()
    named = {"X_Amz_Target": TARGET + operation, "Content_Type": JSON, **headers}
    return send(server, "POST", path, body, **named)


def exchange(server: Any, *pieces: bytes) -> bytes:
    """Send bytes on a connection, and return what comes back until the server closes it."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        for piece in pieces:
            connection.sendall(piece)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


def control_client(server: Any, **headers: str) -> httpx.Client:
    """Return a client of the control API; the underscores in headers stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"{server.url}/_mturk"
    return httpx.Client(base_url=url, headers=named, timeout=60, trust_env=False)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Return the status, the code and the message of an error of the control API."""
    error = response.json()["error"]
    return response.status_code, error["code"], error["message"]
