"""What sends requests of ours: nowhere. Loaded where a program with `requests` makes one."""

from __future__ import annotations

from typing import Any, Final

import responses
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from requests import PreparedRequest, exceptions
from requests.adapters import HTTPAdapter

from mturk_mock.backend.backend import Backend
from mturk_mock.web.visit import Page, Visit, answer

#: What `requests` raises for each connection error of botocore.
_CONNECTION_ERRORS: Final[dict[type[BotoCoreError], Any]] = {
    EndpointConnectionError: exceptions.ConnectionError,
    ConnectionClosedError: exceptions.ConnectionError,
    ReadTimeoutError: exceptions.ReadTimeout,
    ConnectTimeoutError: exceptions.ConnectTimeout,
}


class MTurkAdapter(HTTPAdapter):
    """Answers one request by a page, in the form that `responses` gives to answers."""

    def __init__(self, backend: Backend, page: Page) -> None:
        super().__init__()
        self._backend = backend
        self._page = page

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer the request; nothing leaves the process."""
        visit = _visit(request)
        try:
            answered = answer(self._page, self._backend, visit)
        except BotoCoreError as error:  # of `mturk.fail`
            raise _CONNECTION_ERRORS[type(error)](str(error), request=request) from error
        response = responses.Response(
            visit.method,
            visit.url,
            body=answered.body,
            status=answered.status,
            headers={"Content-Length": answered.headers["Content-Length"]},
            content_type=answered.headers["Content-Type"],
        )
        return self.build_response(request, response.get_response(request))


def _visit(request: PreparedRequest) -> Visit:
    return Visit(
        (request.method or "").upper(),
        request.url or "",
        _text(request.headers.get("Content-Type", "")),
        _read(request.body),
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read(body: Any) -> bytes:
    """Return what a request carries, as requests takes it: text, bytes, a file, or pieces."""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(map(_bytes, body or ()))


def _bytes(piece: str | bytes) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece
