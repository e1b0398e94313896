"""ExtendHIT, the only supported operation of the query API of 2008-04-01.

Signature, Timestamp and Service are required [doc]; only a server with credentials checks the
signature. Every caller is the default requester unless `mock_mturk(accounts=...)` maps access
keys to requesters. [assumed]
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from xml.sax.saxutils import escape

from botocore import xform_name

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.identity import identify_by_key
from mturk_mock.backend.service_model import EXTEND_HIT
from mturk_mock.backend.wire import Request, Response, Wire, message_of
from mturk_mock.core import errors
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.web.visit import XML, Visit, page

HOSTS: Final = {
    PRODUCTION: "mechanicalturk.amazonaws.com",
    SANDBOX: "mechanicalturk.sandbox.amazonaws.com",
}

#: The second path is older; programs of 2008 use it. [doc]
PATHS: Final = ("/", "/onca/xml")

_VERSION: Final = "2008-04-01"
_ACCESS_KEY: Final = "AWSAccessKeyId"
_HIT: Final = "HITId"
#: The common parameters that every request requires, besides Version and Operation. [doc]
_COMMON: Final = ("Service", _ACCESS_KEY, "Signature", "Timestamp")
_INCREMENTS: Final = ("MaxAssignmentsIncrement", "ExpirationIncrementInSeconds")

_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,20}\s*", re.ASCII)
_TRUE: Final = ("true", "1")


def answer_query(
    backend: Backend, visit: Visit, environment: str, secrets: Mapping[str, str] | None = None
) -> Response:
    """Answer a request by GET or POST. `secrets`: by access key, if signatures are checked.

    Other operations and versions get the response that the service gave to all requests after
    this API closed in 2019 [observed]; so does a request without an operation. [assumed]
    """
    fields = visit.fields()
    known = fields.get("Operation") == EXTEND_HIT and fields.get("Version", _VERSION) == _VERSION
    if not known or visit.method not in ("GET", "POST"):
        with backend.transaction() as (marketplace, _):
            return _forbidden(backend.request_id(marketplace))
    identity = identify_by_key(fields.get(_ACCESS_KEY, ""), backend.settings.accounts)
    if secrets is not None and not _is_signed(fields, secrets):
        identity = identity._replace(refusal=errors.LEGACY_NOT_AUTHORIZED())
    body = urlencode(fields, errors="replace").encode()
    request = Request(
        EXTEND_HIT, body, environment, identity.requester, visit.url, identity.refusal
    )
    return backend.handle(request, QUERY)


def _is_signed(fields: Mapping[str, str], secrets: Mapping[str, str]) -> bool:
    """Whether the signature is that of service, operation and time, by HMAC-SHA1. [doc]"""
    secret = secrets.get(fields.get(_ACCESS_KEY, ""), "")
    text = "".join(fields.get(name, "") for name in ("Service", "Operation", "Timestamp"))
    signature = base64.b64encode(
        hmac.digest(secret.encode(), text.encode(errors="replace"), "sha1")
    )
    given = fields.get("Signature", "").encode(errors="replace")
    return bool(secret) and hmac.compare_digest(signature, given)


# Reading requests -------------------------------------------------------------------------


def _decode(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def _check(operation: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of ExtendHIT: a HIT, and at least one increment. [assumed]

    Common parameters are required. The rule is [doc], the error is [assumed].
    """
    for parameters in (*((name,) for name in _COMMON), (_HIT,), _INCREMENTS):
        if not any(fields.get(name) for name in parameters):
            raise errors.MISSING_PARAMETERS(parameter=" or ".join(parameters))
    return {
        "hit_id": fields[_HIT],
        "validate": fields.get("Validate", "").lower() in _TRUE,
        **{
            xform_name(name): _read_integer(name, fields[name])
            for name in _INCREMENTS
            if fields.get(name)
        },
    }


def _read_integer(name: str, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise errors.INVALID_PARAMETER_VALUE(value=text, parameter=name)
    return int(text)


# Writing responses ------------------------------------------------------------------------


def _encode(call: APICall, request_id: str) -> Response:
    return _result(call, request_id, "True")


def _fail(error: MTurkError, call: APICall, request_id: str) -> Response:
    """Return the response for an error; its status is 200 too. [observed]"""
    if error.row is errors.LEGACY_NOT_AUTHORIZED:
        return _not_authorized(error, request_id)
    problem = _error(error.code, message_of(error, call), *_data(error, call.params))
    return _result(call, request_id, "False", _element("Errors", problem))


def _element(name: str, *content: str) -> str:
    return f"<{name}>{''.join(content)}</{name}>"


def _document(*content: str) -> str:
    return '<?xml version="1.0"?>\n' + "".join(content)


def _result(call: APICall, request_id: str, is_valid: str, problem: str = "") -> Response:
    """Return the result, always with a Request element that says if it was valid. [assumed]"""
    valid = _element("IsValid", is_valid)
    request = _element("Request", valid, _echo(call.params), problem)
    body = _document(
        _element(
            "ExtendHITResponse",
            _element("OperationRequest", _element("RequestId", request_id)),
            _element("ExtendHITResult", request),
        )
    )
    return page(200, body, XML)


def _echo(fields: Mapping[str, str]) -> str:
    """Return the arguments, if the response group Request asks for them. [doc]"""
    if "Request" not in fields.get("ResponseGroup", "").split(","):
        return ""
    names = (name for name in (_HIT, *_INCREMENTS) if name in fields)
    return _element("ExtendHITRequest", *(_element(name, escape(fields[name])) for name in names))


def _data(error: MTurkError, fields: Mapping[str, str]) -> Iterator[str]:
    """Yield the Data of an error: its parameter, or else the HIT. [assumed]"""
    name = error.parameter or _HIT
    if fields.get(name):
        yield _element("Data", _element("Key", name), _element("Value", escape(fields[name])))


def _error(code: str, message: str, *data: str) -> str:
    return _element("Error", _element("Code", code), _element("Message", escape(message)), *data)


def _not_authorized(error: MTurkError, request_id: str) -> Response:
    """Return the error for an access key, in OperationRequest [observed]; no result follows."""
    problem = _element("Errors", _error(error.code, error.message))
    head = _element("OperationRequest", _element("RequestId", request_id), problem)
    return page(200, _document(_element("ExtendHITResponse", head)), XML)


def _forbidden(request_id: str) -> Response:
    error = errors.LEGACY_API_IS_OVER()
    content = _element("Errors", _error(error.code, error.message))
    body = _document(_element("Response", content, _element("RequestID", request_id)))
    return page(error.row.status, body, XML)


QUERY: Final = Wire(
    version="2008",
    decode=_decode,
    check=_check,
    encode=_encode,
    fail=_fail,
    advice=f"send it to https://{HOSTS[SANDBOX]}/",
)
