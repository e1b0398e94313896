"""Endpoints: what answers the requests for one address, and how they read and answer them."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from typing import Final

from botocore.exceptions import BotoCoreError, ConnectTimeoutError, ReadTimeoutError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mturk_mock.backend import wire
from mturk_mock.backend.backend import Backend
from mturk_mock.backend.calls import APICall
from mturk_mock.core import errors
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.errors import MTurkError
from mturk_mock.server.access_log import record_of

#: The longest body of a request, in bytes. The longest valid request of the API has 2 MB.
MAX_BODY: Final = 4 * 1024 * 1024
#: The longest body of a form, in bytes: forms can have files.
MAX_FORM: Final = 64 * 1024 * 1024
_TIMEOUTS: Final = (ConnectTimeoutError, ReadTimeoutError)


class Endpoint(ABC):
    """Answers the requests for one address, by any method."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self.answer(request)
        except ClientDisconnect:
            return
        except MTurkError as refusal:
            response = await self._refuse(request, refusal)
        except BotoCoreError as failure:  # from `mturk.fail`
            await _fail_to_answer(request, failure)
            return
        except asyncio.CancelledError:  # the server stops, and the request has not arrived
            await _hang_up(request)
            return
        await response(scope, receive, send)

    @abstractmethod
    async def answer(self, request: Request) -> Response:
        """Return the response; raise MTurkError for a refusal."""

    async def _refuse(self, request: Request, refusal: MTurkError) -> Response:
        return respond(request, await run_in_threadpool(self._write_refusal, refusal))

    def _write_refusal(self, refusal: MTurkError) -> wire.Response:
        with self._backend.peek() as marketplace:
            call = APICall("", {}, "", PRODUCTION, marketplace.clock.read())
            return wire.JSON.fail(refusal, call, self._backend.request_id(marketplace))


# Reading requests -------------------------------------------------------------------------


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return the body; raise BODY_TOO_LONG, without reading it if its length was declared."""
    declared = request.headers.get("content-length", "0")
    if int(declared) > limit:  # a number: h11 has checked it
        raise errors.BODY_TOO_LONG(limit=limit)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise errors.BODY_TOO_LONG(limit=limit)
    return bytes(body)


def target_of(request: Request) -> tuple[str, str]:
    """Return the path and the query as they were sent."""
    scope = request.scope
    return scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")


def url_of(backend: Backend, request: Request) -> str:
    """Return the URL of a request, below the public URL of the server."""
    path, query = target_of(request)
    return backend.sites.api[PRODUCTION] + path + (f"?{query}" if query else "")


# Writing responses ------------------------------------------------------------------------


def respond(request: Request, answered: wire.Response) -> Response:
    """Return the response without its date, which is the mock's: a server sends the machine's.

    SDKs take the date for the time that signatures must have.
    """
    headers = {name: value for name, value in answered.headers.items() if name != "Date"}
    if answered.status >= 400 and headers["Content-Type"] == wire.CONTENT_TYPE:
        content = json.loads(answered.body)
        record_of(request.scope).error = content.get("TurkErrorCode", content["__type"])
    return Response(answered.body, answered.status, headers)


async def _fail_to_answer(request: Request, failure: BotoCoreError) -> None:
    """Close the connection without a response, after a timeout when the client closes it."""
    record_of(request.scope).error = type(failure).__name__
    if isinstance(failure, _TIMEOUTS):
        await request.receive()  # the body was read: what is left to receive is the end
    else:
        await _hang_up(request)


async def _hang_up(request: Request) -> None:
    """Close the connection, and wait until it is closed."""
    request.scope["state"]["transport"].abort()
    await request.receive()
