"""The access log: one line per request, as text or as JSON. It never has a header or a query."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mturk_mock.core.clock import read_stopwatch
from mturk_mock.core.quoting import shorten

log: Final = logging.getLogger("mturk_mock.server.access")

_RECORD: Final = "mturk_mock.record"  # in the scope of a request
_LONGEST: Final = 100  # characters of a name that a client has chosen
_NOTHING: Final = "-"


@dataclass
class Record:
    """What the log says of a request. ``status`` is 0 if the connection was closed instead."""

    operation: str
    requester: str = _NOTHING
    status: int = 0
    error: str = _NOTHING
    ms: float = 0.0


def record_of(scope: Scope) -> Record:
    """Return the record of a request, which its endpoint completes."""
    record: Record = scope[_RECORD]
    return record


class AccessLog:
    """Writes a line for each request when its response was sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write its line at the end."""
        if scope["type"] == "http":
            await self._log(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _log(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = read_stopwatch()
        record = scope[_RECORD] = Record(f"{scope['method']} {scope['path']}")

        async def send_noting(message: Message) -> None:
            record.status = message.get("status", record.status)
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        finally:
            record.ms = (read_stopwatch() - began) * 1000
            log.info("%s", write_text(record), extra={"record": record})


def write_text(record: Record) -> str:
    """Return the line: operation, requester, status, error code, milliseconds."""
    words = (record.operation, record.requester, str(record.status), record.error)
    return " ".join((*map(_plain, words), f"{record.ms:.1f} ms"))


def _plain(text: str) -> str:
    """Return a text without control characters, which could forge lines."""
    return shorten(text, _LONGEST).encode("unicode_escape").decode()


class JSONFormatter(logging.Formatter):
    """Formats each line of the access log as a JSON object, and other lines as its ``message``."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """Return one line of JSON."""
        content: dict[str, Any] = {"time": self.formatTime(record)}
        logged: Record | None = getattr(record, "record", None)
        if logged is not None:
            return json.dumps({**content, **vars(logged), "ms": round(logged.ms, 1)})
        content |= {"level": record.levelname, "message": record.message}
        if record.exc_info:
            content["traceback"] = super().formatException(record.exc_info)
        return json.dumps(content)

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's name)
        """Return nothing: the line has the traceback."""
        return ""
