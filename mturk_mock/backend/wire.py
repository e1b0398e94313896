"""HTTP requests and responses of the API, and nothing of how they travel."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from email.utils import formatdate
from typing import Any, Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND

CONTENT_TYPE: Final = "application/x-amz-json-1.1"

#: From how many characters on a text is kept once. Below, to look it up takes as long.
LONG: Final = 256
#: What is longer is not kept: so much of it would stay when it has been refused.
_LONGEST: Final = 65_535


class Request(NamedTuple):
    """One API call: `operation` as in ``CreateHIT``, the body, and who sent it where to.

    ``url``: the address, for those who say that it could not be reached.
    ``refusal``: what is answered to credentials of nobody.
    """

    operation: str
    body: bytes
    environment: str
    requester: str
    url: str = ""
    refusal: errors.MTurkError | None = None


class Response(NamedTuple):
    """The answer to one API call."""

    status: int
    headers: dict[str, str]
    body: bytes


def decode_body(body: bytes) -> Any:
    """Return what the JSON of a request says; SerializationException if it is none."""
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError) as problem:
        raise errors.SERIALIZATION(problem=f"The body is not JSON: {problem}.") from None
    if isinstance(params, dict):
        for name, value in params.items():
            if isinstance(value, str) and LONG <= len(value) <= _LONGEST:
                params[name] = _one_copy(value)
    return params


@functools.lru_cache(maxsize=128)
def _one_copy(text: str) -> str:
    """Return an equal text that was there before, so that a million HITs have one question."""
    return text


def success(answer: Iterable[str], request_id: str, now: int) -> Response:
    """Return the response that carries a result, of which `answer` are the texts."""
    body = "".join(answer).encode()
    return Response(200, _headers(body, request_id, now), body)


def failure(error: errors.MTurkError, request_id: str, now: int, *, sandbox: bool) -> Response:
    """Return the response that carries an error, its keys in the recorded order. [observed]"""
    row = error.row
    content = {"__type": row.wire_type}
    if row.wire_type in errors.STAMPED:
        content["Message"] = stamped(error, now, sandbox=sandbox)
    else:
        content["message"] = error.message
    if row.wire_type == errors.PARAMETER_VALIDATION_ERROR and error.parameter:
        content["Parameter"] = error.parameter
    if row.code:
        content["TurkErrorCode"] = row.code
    body = json.dumps(content, separators=(",", ":")).encode()
    return Response(row.status, _headers(body, request_id, now), body)


def stamped(error: errors.MTurkError, now: int, *, sandbox: bool) -> str:
    """Return an error's message with the service's clock at the end. [observed]"""
    return f"{error.message} ({now // 1000}{' s' if sandbox else ''})"


def _headers(body: bytes, request_id: str, now: int) -> dict[str, str]:
    return {
        "x-amzn-RequestId": request_id,
        "Content-Type": CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "Date": _date(now // SECOND),
    }


@functools.lru_cache(maxsize=1)  # many answers in one second; the text takes as long as the rest
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
