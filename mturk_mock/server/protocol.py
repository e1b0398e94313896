"""uvicorn, as this package runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from socket import socket
from typing import Final

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

import mturk_mock

#: Seconds that requests get to end when the server stops.
LAST_SECONDS: Final = 1
#: Seconds for the arrival of a whole request: of the first one of a connection from its opening,
#: of a later one from its first byte.
REQUEST_SECONDS: Final = 60.0

#: Seconds for which a connection stays open between requests: longer than proxies keep theirs (120
#: by default in Caddy, 60 in nginx), which would send a request while this side closes.
KEEP_ALIVE_SECONDS: Final = 125


def common_headers() -> list[tuple[str, str]]:
    """Return the headers of every response."""
    return [
        ("x-mturk-mock", str(mturk_mock.__version__)),
        ("x-content-type-options", "nosniff"),
    ]


class Protocol(H11Protocol):
    """HTTP/1.1 with a time limit for requests; malformed requests get the common headers too.

    The state of each request has its ``transport``, so that a fault can close the connection.
    """

    request_seconds = REQUEST_SECONDS
    _cut: asyncio.TimerHandle | None = None  # while a part of a request is missing

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport, and limit the time until the first request."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}
        self._limit_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit."""
        super().connection_lost(exc)
        self._stop_waiting()

    def handle_events(self) -> None:
        """Handle what has arrived, and limit the time until the rest of a request arrives."""
        super().handle_events()
        if self._misses_a_part():
            self._limit_waiting()
        else:
            self._stop_waiting()

    def _misses_a_part(self) -> bool:
        state = self.conn.their_state
        return state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))

    def _limit_waiting(self) -> None:
        if self._cut is None:
            self._cut = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is not HTTP, and close the connection."""
        headers = [*common_headers(), ("content-type", "text/plain"), ("connection", "close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii")),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Runner(uvicorn.Server):
    """A uvicorn server that calls `on_ready` when it answers, and ends event streams at its end."""

    def __init__(self, app: Starlette, on_ready: Callable[[], object]) -> None:
        config = uvicorn.Config(
            app,
            http=Protocol,
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
