"""uvicorn, as this package runs it.

httptools makes it twice as fast, if it is installed; without it, h11 reads the requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from socket import socket
from typing import Any, Final

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

import mturk_mock

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # pragma: no cover (the tests have httptools, and use h11 too)
    HttpToolsProtocol = asyncio.Protocol  # type: ignore[assignment, misc]

#: Seconds that requests get to end when the server stops.
LAST_SECONDS: Final = 1
#: Seconds for the arrival of a whole request: of the first one of a connection from its opening,
#: of a later one from its first byte.
REQUEST_SECONDS: Final = 60.0

#: Seconds for which a connection stays open between requests: longer than proxies keep theirs (120
#: by default in Caddy, 60 in nginx), which would send a request while this side closes.
KEEP_ALIVE_SECONDS: Final = 125
#: Bytes of the request line and the headers; h11 has the same limit.
LONGEST_HEAD: Final = 65_536


def common_headers() -> list[tuple[str, str]]:
    """Return the headers of every response."""
    return [
        ("x-mturk-mock", str(mturk_mock.__version__)),
        ("x-content-type-options", "nosniff"),
    ]


class Limits(asyncio.Protocol):
    """The common part of both protocols: a time limit for the arrival of requests.

    The state of each request has its ``transport``, so that a fault can close the connection.
    """

    request_seconds = REQUEST_SECONDS
    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    app_state: dict[str, Any]
    _cut: asyncio.TimerHandle | None = None  # while a part of a request is missing

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport, and limit the time until the first request."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}
        self._limit_waiting(is_part=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit."""
        super().connection_lost(exc)
        self._limit_waiting(is_part=False)

    def _limit_waiting(self, *, is_part: bool) -> None:
        """Start the time limit while only a part of a request is there, or else cancel it."""
        if not is_part and self._cut is not None:
            self._cut.cancel()
            self._cut = None
        elif is_part and self._cut is None:
            self._cut = self.loop.call_later(self.request_seconds, self.transport.abort)


class PlainProtocol(Limits, H11Protocol):
    """HTTP/1.1 by h11, which is always there."""

    def handle_events(self) -> None:
        """Handle what has arrived, and limit the time until the rest of a request arrives."""
        super().handle_events()
        self._limit_waiting(is_part=self._misses_a_part())

    def _misses_a_part(self) -> bool:
        state = self.conn.their_state
        return state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is not HTTP, and close the connection."""
        _refuse(self.transport, msg)


class FastProtocol(Limits, HttpToolsProtocol):
    """HTTP/1.1 by httptools, which is compiled."""

    _is_part = False  # whether a request has begun and not ended
    _has_head = False  # whether its headers have ended
    _head = 0  # bytes that have arrived of a request whose headers have not ended

    def data_received(self, data: bytes) -> None:
        """Handle what has arrived, and limit the rest of a request in time and length."""
        super().data_received(data)
        self._limit_waiting(is_part=self._is_part and not self.transport.is_closing())
        self._head += len(data)
        if not self._is_part or self._has_head:
            self._head = 0
        elif self._head > LONGEST_HEAD:
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._is_part, self._has_head = True, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the headers are complete; raise ValueError, answered by 400, without Host."""
        self._has_head = True
        if not any(name == b"host" for name, _ in self.headers):
            raise ValueError("HTTP/1.1 needs the header Host")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        self._is_part = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is not HTTP, and close the connection."""
        _refuse(self.transport, msg)


def _refuse(transport: asyncio.Transport, message: str) -> None:
    headers = [*common_headers(), ("content-type", "text/plain"), ("connection", "close")]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    text = f"HTTP/1.1 400 Bad Request\r\n{head}content-length: {len(message)}\r\n\r\n{message}"
    transport.write(text.encode("ascii"))
    transport.close()


#: The protocols that there are; the first one is used.
PROTOCOLS: Final[Sequence[type[Limits]]] = (
    (FastProtocol, PlainProtocol) if hasattr(HttpToolsProtocol, "on_url") else (PlainProtocol,)
)


class Runner(uvicorn.Server):
    """A uvicorn server that calls `on_ready` when it answers, and ends event streams at its end."""

    def __init__(self, app: Starlette, on_ready: Callable[[], object]) -> None:
        config = uvicorn.Config(
            app,
            http=PROTOCOLS[0],
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            headers=common_headers(),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=LAST_SECONDS,
        )
        super().__init__(config)
        self._on_ready = on_ready
        self._events = app.state.events

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start to answer."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End the streams, and stop to answer."""
        self._events.end()
        await super().shutdown(sockets)
