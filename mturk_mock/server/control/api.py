"""The control API over HTTP: finds the operation, checks the input, writes the result."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import read_stopwatch
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.json_text import read_json
from mturk_mock.core.quoting import quote
from mturk_mock.mock.mturk import MTurk
from mturk_mock.server.access import Passes
from mturk_mock.server.access_log import record_of
from mturk_mock.server.control import (  # noqa: F401
    calls,
    clock,
    faults,
    following,
    journal,
    openapi,
    passes,
    qualification_requests,
    requesters,
    state,
    work,
    workers,
)
from mturk_mock.server.control.access import Rules
from mturk_mock.server.control.events import Events
from mturk_mock.server.control.refusal import Refused, conflict, invalid_input, not_found
from mturk_mock.server.control.table import (
    EVENT_STREAM,
    JSON,
    Control,
    Given,
    Operation,
    find_operation,
)
from mturk_mock.server.journal import Journal

#: The results are the present state: nobody keeps a copy, and no proxy holds events back.
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

log: Final = logging.getLogger("mturk_mock.server")


class ControlAPI:
    """Answers the requests below `ROOT`. The operations run in worker threads."""

    def __init__(
        self,
        backend: Backend,
        rules: Rules,
        events: Events,
        kept: Journal | None,
        passes_: Passes,
    ) -> None:
        needs_token = rules.token is not None
        self._control = Control(
            backend, MTurk(backend), events, read_stopwatch(), needs_token, kept, passes_
        )
        self._rules = rules

    async def answer(self, request: Request) -> Response:
        """Return the response, also for a refusal."""
        try:
            return await self._perform(request)
        except Refused as refused:
            record_of(request.scope).error = refused.code
            error = {"code": refused.code, "message": refused.message}
            return _respond(json.dumps({"error": error}), refused.status, refused.headers)

    async def _perform(self, request: Request) -> Response:
        self._rules.check(request.headers)
        path = request.scope["raw_path"].decode("latin-1")
        found, names = find_operation(request.method, path)
        query = found.read_query(_read_query(request))
        if found.content_type == EVENT_STREAM and request.method == "HEAD":  # it has no end
            return Response(headers=_HEADERS, media_type=EVENT_STREAM)
        content = b"" if found.method == "GET" else await _read_content(request, found)
        sent = request.headers
        headers = {each.name: sent[each.name] for each in found.headers if each.name in sent}
        given = Given(names, query, content=content, headers=headers)
        result = await run_in_threadpool(self._answer, found, given)
        if found.content_type == EVENT_STREAM:
            return StreamingResponse(result, headers=_HEADERS, media_type=EVENT_STREAM)
        return _respond(result)

    def _answer(self, found: Operation, given: Given) -> Any:
        """Return the result as JSON, unless the operation itself has written it."""
        result = self._call(found, given)
        return json.dumps(result, allow_nan=False) if isinstance(result, dict) else result

    def _call(self, found: Operation, given: Given) -> Any:
        try:
            body = {} if found.takes_file else found.read_members(_read_json(given.content))
            return found.handler(self._control, replace(given, body=body))
        except Exception as problem:
            raise _refusal_for(problem, found) from None


def _refusal_for(problem: Exception, found: Operation) -> Refused:
    """Return what an exception of an operation is answered with."""
    if isinstance(problem, Refused):
        return problem
    if isinstance(problem, MTurkError):
        return _refusal_of_service(problem)
    if isinstance(problem, found.conflicts):
        return conflict(str(problem))
    if isinstance(problem, (TypeError, ValueError)):
        return invalid_input(str(problem))
    log.error("%s failed", found.name, exc_info=problem)
    name = type(problem).__name__
    message = f"a bug in mturk_mock: {found.name} failed ({name}: {problem})"
    return Refused(500, "InternalFailure", message)


def _refusal_of_service(problem: MTurkError) -> Refused:
    """Return what an error of the service is answered with, which keeps its code."""
    if problem.row.status >= 500:  # the state file cannot be written
        return Refused(problem.row.status, problem.code, problem.message)
    if problem.code.endswith("DoesNotExist"):
        return not_found(problem.message, problem.code)
    if problem.code.endswith("ParseError"):
        return invalid_input(problem.message, problem.code)
    return conflict(problem.message, problem.code)


# Reading requests -------------------------------------------------------------------------


def _read_query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def _read_content(request: Request, found: Operation) -> bytes:
    """Return the body; raise Refused if it is too long, or not declared as JSON."""
    content = bytearray()
    _require_length(int(request.headers.get("content-length", "0")), found)  # checked by h11
    async for piece in request.stream():
        content += piece
        _require_length(len(content), found)
    declared = request.headers.get("content-type", "")
    if content and declared.partition(";")[0].strip().lower() != JSON:
        message = f"The control API takes Content-Type: {JSON}, not {quote(declared)}."
        raise Refused(415, "UnsupportedMediaType", message)
    return bytes(content)


def _require_length(length: int, found: Operation) -> None:
    if length > found.max_body:
        message = f"This address takes a body of {found.max_body} bytes at most."
        raise Refused(413, "BodyTooLong", message)


def _read_json(content: bytes) -> Any:
    """Return the value of a body; no body is an object without members."""
    if not content:
        return {}
    try:
        return read_json(content, _make_object)
    except ValueError as problem:
        raise invalid_input(f"The body is not JSON: {problem}.") from None


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        name = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise invalid_input(f"The member {quote(name)} occurs twice in one object.")
    return found


# Writing responses ------------------------------------------------------------------------


def _respond(
    content: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(content, status, {**_HEADERS, **(headers or {})}, JSON)
