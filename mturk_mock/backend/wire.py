"""HTTP requests and responses of the API, independent of any transport.

A `Wire` is the encoding of one API; `JSON` is that of the 2017 API.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Final, NamedTuple

from mturk_mock.backend import service_model
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.validation import check_request
from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND
from mturk_mock.core.environment import SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.json_text import read_json

CONTENT_TYPE: Final = "application/x-amz-json-1.1"

#: Equal texts of these lengths, in characters, share one object.
_SHARED: Final = range(256, 65_536)


class Request(NamedTuple):
    """One API call.

    ``operation``: its name, such as ``CreateHIT``. ``url``: the address, for connection errors.
    ``refusal``: the error for credentials that belong to no requester.
    """

    operation: str
    body: bytes
    environment: str
    requester: str
    url: str = ""
    refusal: MTurkError | None = None


class Response(NamedTuple):
    """The response to one API call."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Wire:
    """The encoding of an API's requests and responses.

    - ``version``: that of the API, by which records name it.
    - ``decode``: returns the members of a request as sent.
    - ``check``: takes operation and members, returns the operation's keyword arguments.
    - ``encode``: takes a successful call and the request ID, returns the response.
    - ``fail``: takes the error, the call and the request ID, returns the response.
    - ``advice``: how to call the sandbox instead of production.

    ``decode`` and ``check`` can raise MTurkError.
    """

    version: str
    decode: Callable[[Request], Any]
    check: Callable[[str, Any], dict[str, Any]]
    encode: Callable[[APICall, str], Response]
    fail: Callable[[MTurkError, APICall, str], Response]
    advice: str


def _decode(request: Request) -> Any:
    """Return the JSON of a request; raise SerializationException if it is not JSON."""
    if request.operation not in service_model.operation_names():
        raise errors.UNKNOWN_OPERATION(operation=request.operation)
    try:
        params = read_json(request.body or b"{}")
    except ValueError as problem:
        raise errors.SERIALIZATION(problem=f"The body is not JSON: {problem}.") from None
    if isinstance(params, dict):
        for name, value in params.items():
            if isinstance(value, str) and len(value) in _SHARED:
                params[name] = _share(value)
    return params


@functools.lru_cache(maxsize=128)
def _share(text: str) -> str:
    """Return an equal text seen earlier, so that many HITs share one question in memory."""
    return text


def _encode(call: APICall, request_id: str) -> Response:
    body = call.body
    return Response(200, _headers(body, request_id, call.moment), body)


def _fail(error: MTurkError, call: APICall, request_id: str) -> Response:
    """Return the response for an error, its keys in the recorded order. [observed]"""
    row = error.row
    content = {"__type": row.wire_type}
    key = "Message" if row.wire_type in errors.STAMPED else "message"
    content[key] = message_of(error, call)
    if row.wire_type == errors.PARAMETER_VALIDATION_ERROR and error.parameter:
        content["Parameter"] = error.parameter
    if row.code:
        content["TurkErrorCode"] = row.code
    body = json.dumps(content, separators=(",", ":")).encode()
    return Response(row.status, _headers(body, request_id, call.moment), body)


def message_of(error: MTurkError, call: APICall) -> str:
    """Return an error's message, ending with the service's clock for `STAMPED` types. [observed]"""
    if error.row.wire_type not in errors.STAMPED:
        return error.message
    suffix = " s" if call.environment == SANDBOX else ""
    return f"{error.message} ({call.moment // 1000}{suffix})"


def _headers(body: bytes, request_id: str, now: int) -> dict[str, str]:
    return {
        "x-amzn-RequestId": request_id,
        "Content-Type": CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "Date": _date(now // SECOND),
    }


@functools.lru_cache(maxsize=1)  # many responses are sent in the same second
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


JSON: Final = Wire(
    version="2017",
    decode=_decode,
    check=check_request,
    encode=_encode,
    fail=_fail,
    advice="give the client endpoint_url='https://mturk-requester-sandbox.us-east-1.amazonaws.com'",
)
