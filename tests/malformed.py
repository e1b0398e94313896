"""Malformed requests for a server, in an endless random order.

Each of them is bytes for a connection of its own: wrong types for the members of all operations,
by botocore's service model, broken JSON, broken HTTP, and forms for the pages beside the API.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from botocore.model import ListShape, MapShape, Shape, StructureShape

from mturk_mock.backend import service_model
from tests.helpers import HIT_TYPE, HTML_QUESTION
from tests.servers import JSON, TARGET

TIMEOUT = 60  # seconds without an answer count as a hang
PATIENCE = 0.05  # seconds for the answer to a request that may have no end
DEPTH = 100_000  # of nested lists

MODEL = service_model.load()
OPERATIONS = sorted(MODEL.operation_names)


class Sent(NamedTuple):
    """A request; `is_whole`: whether it certainly has an end, so that it must be answered."""

    content: bytes
    is_whole: bool = True


class Hang(AssertionError):
    """The server has not answered."""


class Raw(str):
    """JSON that is sent as it is."""


#: Values of which most have the wrong type, for any member.
VALUES = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308),
    *("", " ", "x", "0", "-1", "1.00", "9" * 400, "x" * 70_000, "\0", "\ud800", "\udfff\ud800"),
    *("é", "😀", "<", "]]>", "<a/>", HTML_QUESTION[:-9], "{}", "2026-01-01T00:00:00Z"),
    *([], [[]], [None], [{}], ["x"] * 200, {}, {"": None}, {"x": {"x": {}}}),
    *map(Raw, ("NaN", "-Infinity", "1e999", "-1e999", "1" + "0" * 5000, "1E400", '"\\ud800"')),
    *map(Raw, ('"\\', "01", "0x10", "'x'", "[" * DEPTH, '{"x":' * 1000, "[" * 90 + "]" * 90)),
)


def known_values(client: Any, worker: Any) -> dict[str, Any]:
    """Create objects, and return values for members by name."""
    hit = client.create_hit(**HIT_TYPE, LifetimeInSeconds=10_000, Question=HTML_QUESTION)["HIT"]
    type_ = client.create_qualification_type(
        Name="reader", Description="Reads", QualificationTypeStatus="Active"
    )["QualificationType"]
    request = worker.request_qualification(type_["QualificationTypeId"])
    assignment = worker.accept(hit["HITId"]).submit({})
    return {
        **HIT_TYPE,
        "Question": HTML_QUESTION,
        "HITId": hit["HITId"],
        "HITTypeId": hit["HITTypeId"],
        "WorkerId": worker.id,
        "WorkerIds": [worker.id],
        "AssignmentId": assignment.id,
        "QualificationTypeId": type_["QualificationTypeId"],
        "QualificationRequestId": request.id,
        "BonusAmount": "0.01",
        "Reason": "Thanks",
    }


class Malformed:
    """Makes malformed requests; iterate over it."""

    def __init__(self, seed: int, values: dict[str, Any]) -> None:
        self._rng, self._values = Random(seed), values
        self._kinds: list[tuple[Callable[[], Sent], int]] = [
            (self._wrong_value, 60),
            (self._broken_json, 15),
            (self._broken_head, 10),
            (self._noise, 5),
            (self._form, 10),
        ]

    def __iter__(self) -> Iterator[Sent]:
        for operation in OPERATIONS:  # every member is wrong once
            for path in self._paths(MODEL.operation_model(operation).input_shape):
                yield self._with_wrong(operation, path)
        kinds, weights = zip(*self._kinds, strict=True)
        while True:
            yield self._rng.choices(kinds, weights)[0]()

    # Members ------------------------------------------------------------------------------

    def _paths(self, shape: Shape, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the path of each member, at every depth."""
        inner: list[tuple[Any, Shape]] = []
        if isinstance(shape, StructureShape):
            inner = list(shape.members.items())
        elif isinstance(shape, ListShape):
            inner = [(0, shape.member)]
        for name, member in inner:
            yield (*path, name)
            yield from self._paths(member, (*path, name))

    def _valid(self, shape: Shape, name: str = "") -> Any:
        """Return a value that mostly satisfies a shape."""
        if name in self._values:
            return self._values[name]
        if isinstance(shape, StructureShape):
            return {key: self._valid(member, key) for key, member in shape.members.items()}
        if isinstance(shape, ListShape):
            return [self._valid(shape.member)]
        if isinstance(shape, MapShape):
            return {}
        if getattr(shape, "enum", None):
            return self._rng.choice(shape.enum)
        return {"integer": 1, "long": 1, "boolean": True, "timestamp": 1.0}.get(
            shape.type_name, "x"
        )

    def _wrong_value(self) -> Sent:
        operation = self._rng.choice(OPERATIONS)
        paths = list(self._paths(MODEL.operation_model(operation).input_shape))
        return self._with_wrong(operation, self._rng.choice(paths) if paths else ())

    def _with_wrong(self, operation: str, path: tuple[Any, ...]) -> Sent:
        """Return a call with one wrong value, in a body of few or of all members."""
        shape = MODEL.operation_model(operation).input_shape
        body = json.loads(json.dumps(self._valid(shape)))  # a copy
        required = {*shape.required_members, *path[:1]}
        if self._rng.random() < 0.7:
            body = {name: value for name, value in body.items() if name in required}
        value = self._rng.choice(VALUES)
        container = body
        for key in path[:-1]:
            container = container[key]
        if path:
            container[path[-1]] = value
        text = self._dump(body)
        return self._call(operation, text.encode(errors="surrogatepass"))

    def _dump(self, body: Any) -> str:
        """Return JSON in which some values stand as they are."""
        found: list[str] = []

        def mark(value: Any) -> Any:
            if isinstance(value, Raw):
                found.append(str(value))
                return f"<raw {len(found) - 1}>"
            if isinstance(value, dict):
                return {key: mark(each) for key, each in value.items()}
            return [mark(each) for each in value] if isinstance(value, list) else value

        text = json.dumps(mark(body), ensure_ascii=self._rng.random() < 0.5)
        for number, raw in enumerate(found):
            text = text.replace(f'"<raw {number}>"', raw)
        return text

    # Bodies and heads ---------------------------------------------------------------------

    def _some_call(self) -> tuple[str, bytes]:
        operation = self._rng.choice(OPERATIONS)
        body = self._valid(MODEL.operation_model(operation).input_shape)
        return operation, json.dumps(body).encode()

    def _broken_json(self) -> Sent:
        rng = self._rng
        operation, body = self._some_call()
        where = rng.randrange(len(body) + 1)
        broken = rng.choice(
            [
                body[:where],
                body[:where] + rng.randbytes(3) + body[where:],
                body[:where] + b"\xff\xfe" + body[where:],
                body + body,
                body[:-1] + b"," + body[1:],  # every member twice
                b"\xef\xbb\xbf" + body,
                body.decode().encode(rng.choice(["utf-16", "utf-32"])),
                b"[" * DEPTH,
                b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
                rng.choice([b"null", b"[]", b'"x"', b"1", b"true", b"NaN", b" ", b"\0"]),
                rng.randbytes(rng.randrange(500)),
            ]
        )
        return self._call(operation, broken)

    def _call(self, operation: str, body: bytes, **headers: str) -> Sent:
        named = {
            "Host": "127.0.0.1",
            "X-Amz-Target": TARGET + operation,
            "Content-Type": JSON,
            "Content-Length": str(len(body)),
            "Connection": "close",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        path = self._rng.choice(["/", "/sandbox", "/sandbox/"])
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        head = "\r\n".join(lines) + "\r\n\r\n"
        return Sent(head.encode("latin-1", "replace") + body, not headers)

    def _broken_head(self) -> Sent:
        rng = self._rng
        operation, body = self._some_call()
        odd = ["", " ", "x", "-1", "99999999999999999999", "\0", "é", "x" * 9000, "%ff%00%0d%0a"]
        name = rng.choice(
            [
                *("Host", "X-Amz-Target", "Content-Type", "Content-Length", "Content-Encoding"),
                *("Transfer-Encoding", "Authorization", "X-Mturk-Mock-Requester", "Origin"),
                *("Expect", "Upgrade", "X-Amz-Date", "Accept-Encoding", "Cookie"),
            ]
        )
        credential = "AWS4-HMAC-SHA256 Credential=\0/2/3/4/5, SignedHeaders=, Signature=é"
        odd += ["chunked", "gzip", "100-continue", "websocket", credential, JSON + "; charset=x"]
        return self._call(operation, body, **{name.replace("-", "_"): rng.choice(odd)})

    def _noise(self) -> Sent:
        rng = self._rng
        operation, body = self._some_call()
        whole = bytearray(self._call(operation, body).content)
        for _ in range(rng.randrange(1, 20)):
            whole[rng.randrange(len(whole))] = rng.randrange(256)
        noise = rng.randbytes(rng.randrange(1, 2000)) + b"\r\n\r\n"
        return Sent(rng.choice([bytes(whole), noise]), is_whole=False)

    def _form(self) -> Sent:
        """Return a form for externalSubmit, the 2008 API or a file."""
        rng = self._rng
        names = ("assignmentId", "Operation", "HITId", "Signature", "Expires", "x", "\ud800")
        values = [str(value)[:3000] for value in (*VALUES, *self._values.values(), "ExtendHIT")]
        pairs = [(rng.choice(names), rng.choice(values)) for _ in range(rng.randrange(6))]
        text = urlencode(pairs, errors="surrogatepass")
        body = rng.choice([text.encode(), rng.randbytes(200), b"--x\r\n\r\n" + rng.randbytes(50)])
        kind = rng.choice(
            ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "é", ""]
        )
        path = rng.choice(
            [
                *("/", "/mturk/externalSubmit", "/sandbox/mturk/externalSubmit", "/onca/xml"),
                *("/files/x", "/files/%00", "/livez", "/readyz", "/%ff", "/" + "x" * 5000),
            ]
        )
        method = rng.choice(["GET", "POST", "POST", "HEAD", "PUT", "OPTIONS", "TRACE"])
        head = (
            f"{method} {path}?{text} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return Sent(head.encode("latin-1", "replace") + body)


def exchange(url: str, request: Sent) -> int:
    """Send a request, and return the status; 0 if the server closes without an answer.

    If nothing comes back, the client ends a request that may have no end; for another one, this
    raises Hang.
    """
    address = urlsplit(url)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT) as connection:
        try:
            connection.sendall(request.content)
            if not request.is_whole:
                connection.settimeout(PATIENCE)
                with suppress(TimeoutError):
                    received += connection.recv(65536)
                connection.settimeout(TIMEOUT)
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except TimeoutError:
            raise Hang(repr(request.content[:1000])) from None
        except OSError:  # the server has closed before it had read all
            pass
    return int(received[9:12]) if received.startswith(b"HTTP/1.1 ") else 0
