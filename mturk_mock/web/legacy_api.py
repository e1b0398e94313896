"""The query API of 2008-04-01: ExtendHIT, alone of its operations.

Signatures and the Service parameter are not checked. Whoever calls is the default requester,
but where `mock_mturk(accounts=...)` says whose access keys there are. [assumed]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.identity import identify_by_key
from mturk_mock.backend.wire import Response, stamped
from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.model import growth
from mturk_mock.model.account import Account
from mturk_mock.model.lags import Lags, require_changeable
from mturk_mock.operations import limits
from mturk_mock.web.visit import XML, Visit, page

HOSTS: Final = {
    PRODUCTION: "mechanicalturk.amazonaws.com",
    SANDBOX: "mechanicalturk.sandbox.amazonaws.com",
}

_OPERATION: Final = "ExtendHIT"
_VERSION: Final = "2008-04-01"
_ACCESS_KEY: Final = "AWSAccessKeyId"
_HIT: Final = "HITId"
_COUNT: Final = "MaxAssignmentsIncrement"
_SECONDS: Final = "ExpirationIncrementInSeconds"

#: What the increments may be. [doc]
_RANGES: Final = {_COUNT: limits.ASSIGNMENTS, _SECONDS: (3600, limits.YEAR)}

_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,20}\s*", re.ASCII)
_TRUE: Final = ("true", "1")

_PRODUCTION_CALLED: Final = (
    'ExtendHIT was sent to production, but this mock was made with only="sandbox": send it to '
    f"https://{HOSTS[SANDBOX]}/."
)


def answer(backend: Backend, visit: Visit, environment: str) -> Response:
    """Answer a request by GET or POST.

    Other operations and versions are answered as the service answered all of them after
    its end in 2019 [observed]; so is a request that names none. [assumed]
    """
    fields = visit.fields()
    known = fields.get("Operation") == _OPERATION and fields.get("Version", _VERSION) == _VERSION
    if not known or visit.method not in ("GET", "POST"):
        with backend.turn() as (marketplace, _):
            return _forbidden(marketplace.ids.request())
    if backend.settings.sandbox_only and environment == PRODUCTION:
        raise RuntimeError(_PRODUCTION_CALLED)
    return _answer_extend_hit(backend, fields, environment)


def _answer_extend_hit(backend: Backend, fields: Mapping[str, str], environment: str) -> Response:
    with backend.turn() as (marketplace, now):
        request_id = marketplace.ids.request()
        who = identify_by_key(fields.get(_ACCESS_KEY, ""), backend.settings.accounts)
        refusal = who.refusal
        try:
            if refusal is None:
                account = marketplace.account(who.requester, environment)
                _extend_hit(account, fields, now, backend.settings.lags)
        except MTurkError as error:
            refusal = error
        backend.calls.append(APICall(_OPERATION, fields, who.requester, environment, now, refusal))
    if who.refusal is not None:
        return _not_authorized(request_id, who.refusal)
    sandbox = environment == SANDBOX
    problem = "" if refusal is None else _errors(refusal, fields, now, sandbox=sandbox)
    return _result(request_id, fields, problem)


def _extend_hit(account: Account, fields: Mapping[str, str], now: int, lags: Lags) -> None:
    """Extend a HIT by assignments, time, or both at once. [doc]

    Time is added to the expiration, or to now where the HIT has expired. [doc]
    With Validate it is only checked whether that could be done. [doc]
    """
    for parameters in ((_HIT,), (_COUNT, _SECONDS)):
        if not any(fields.get(name) for name in parameters):
            raise errors.MISSING_PARAMETERS(parameter=" or ".join(parameters))
    increments = {name: _integer(name, fields[name]) for name in _RANGES if fields.get(name)}
    hit = account.hit(fields[_HIT])
    for name, value in increments.items():
        low, high = _RANGES[name]
        if not low <= value <= high:
            raise errors.LEGACY_OUT_OF_RANGE(value=value, parameter=name, low=low, high=high)
    count, expiration = increments.get(_COUNT, 0), None
    if _SECONDS in increments:
        base = now if hit.expired else hit.expiration
        expiration = base + increments[_SECONDS] * SECOND
    require_changeable(lags, hit, now)
    if fields.get("Validate", "").lower() in _TRUE:
        growth.check(account, hit, count, expiration)
    else:
        growth.extend(account, hit, now, count=count, expiration=expiration)


def _integer(name: str, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise errors.INVALID_PARAMETER_VALUE(value=text, parameter=name)
    return int(text)


# XML --------------------------------------------------------------------------------------


def _element(name: str, *content: str) -> str:
    return f"<{name}>{''.join(content)}</{name}>"


def _document(*content: str) -> str:
    return '<?xml version="1.0"?>\n' + "".join(content)


def _result(request_id: str, fields: Mapping[str, str], problem: str) -> Response:
    """Return the result; the status of errors is 200 as well. [observed]

    There is always a Request element, which says whether the request was valid. [assumed]
    """
    valid = _element("IsValid", "False" if problem else "True")
    request = _element("Request", valid, _echo(fields), problem)
    body = _document(
        _element(
            "ExtendHITResponse",
            _element("OperationRequest", _element("RequestId", request_id)),
            _element("ExtendHITResult", request),
        )
    )
    return page(200, body, XML)


def _echo(fields: Mapping[str, str]) -> str:
    """Return the arguments, where the response group Request asks for them. [doc]"""
    if "Request" not in fields.get("ResponseGroup", "").split(","):
        return ""
    names = (name for name in (_HIT, _COUNT, _SECONDS) if name in fields)
    return _element("ExtendHITRequest", *(_element(name, escape(fields[name])) for name in names))


def _errors(error: MTurkError, fields: Mapping[str, str], now: int, *, sandbox: bool) -> str:
    message = stamped(error, now, sandbox=sandbox)
    details = _error(error.code, message, *_data(error, fields))
    return _element("Errors", details)


def _data(error: MTurkError, fields: Mapping[str, str]) -> Iterator[str]:
    """Yield what the error is about: a parameter, or else the HIT. [assumed]"""
    name = error.parameter or _HIT
    if fields.get(name):
        yield _element("Data", _element("Key", name), _element("Value", escape(fields[name])))


def _error(code: str, message: str, *data: str) -> str:
    return _element("Error", _element("Code", code), _element("Message", escape(message)), *data)


def _not_authorized(request_id: str, refusal: MTurkError) -> Response:
    """Return the refusal of a key, in OperationRequest [observed]; nothing is after it."""
    problem = _element("Errors", _error(refusal.code, refusal.message))
    head = _element("OperationRequest", _element("RequestId", request_id), problem)
    return page(200, _document(_element("ExtendHITResponse", head)), XML)


def _forbidden(request_id: str) -> Response:
    error = errors.LEGACY_API_IS_OVER()
    content = _element("Errors", _error(error.code, error.message))
    body = _document(_element("Response", content, _element("RequestID", request_id)))
    return page(error.row.status, body, XML)
