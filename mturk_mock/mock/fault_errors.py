"""The errors that can be made to happen on purpose, by the names that users give them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from mturk_mock.backend.fault_list import AFTER, BEFORE
from mturk_mock.backend.operation_names import close_to
from mturk_mock.backend.wire import Request
from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError, Row

#: What a call can fail with: a refusal, or the transport's own exception.
Failure: TypeAlias = MTurkError | BotoCoreError
#: Makes the failure of one request, given its members.
FailureMaker: TypeAlias = Callable[[Request, Mapping[str, Any]], Failure]

_CONNECTION_ERROR: Final = "ConnectionError"
#: What botocore's transport raises. A connection that fails before the change was never
#: made; one that fails after it was closed before the answer came.
_TRANSPORT: Final[dict[str, dict[str, Any]]] = {
    _CONNECTION_ERROR: {BEFORE: EndpointConnectionError, AFTER: ConnectionClosedError},
    **{
        name: {BEFORE: kind, AFTER: kind}
        for kind in (
            EndpointConnectionError,
            ConnectionClosedError,
            ReadTimeoutError,
            ConnectTimeoutError,
        )
        for name in {kind.__name__, kind.__name__.replace("TimeoutError", "Timeout")}
    },
}

_UNKNOWN: Final = (
    "fail() takes error='ServiceFault', 'ThrottlingException', 'ConnectionError', "
    "'ReadTimeout', 'ConnectTimeout' or a TurkErrorCode, as 'HITDoesNotExist' (one that "
    "mturk_mock does not know: in full, and with message=), not {!r}{}"
)

_PREFIXES: Final = ("AWS.MechanicalTurk.", "AWS.")


def maker_of(name: str, message: str | None, when: str) -> FailureMaker:
    """Return what makes the failures of a name; ValueError for a name that none has.

    A TurkErrorCode of no row is a RequestError. [assumed] It is written in full, and with a
    message: the service's words for it are not known.
    """
    if name in _TRANSPORT:
        if message is not None:
            raise ValueError(
                f"fail() takes message= for what the service says; {name} is botocore's own, "
                "with its own words"
            )
        return functools.partial(_transport_failure, _TRANSPORT[name][when])
    row = _rows().get(name)
    if row is None:
        if message is None or not name.startswith(_PREFIXES):
            raise ValueError(_UNKNOWN.format(name, close_to(name, [*_TRANSPORT, *_rows()])))
        row = Row(name, message, "[assumed]")
    return functools.partial(_refusal, row, message)


def _transport_failure(kind: Any, request: Request, members: Mapping[str, Any]) -> BotoCoreError:
    return kind(endpoint_url=request.url, error="mturk_mock was asked to fail")


def _refusal(
    row: Row, message: str | None, request: Request, members: Mapping[str, Any]
) -> MTurkError:
    return MTurkError(row, _words(row, members) if message is None else message)


# The table by codes -----------------------------------------------------------------------


@functools.cache
def _rows() -> dict[str, Row]:
    """Return the rows of the API by their codes, long and short; those without, by type.

    Of several rows with one code it is the one that is named after it.
    """
    rows = {}
    for name, row in errors.TABLE.items():
        is_namesake = name.replace("_", "") == _short(row.code or "").upper()
        for spelling in _spellings(row):
            if is_namesake or spelling not in rows:
                rows[spelling] = row
    return rows


def _spellings(row: Row) -> list[str]:
    if row.code is None:
        return [row.wire_type]
    if not row.code.startswith(_PREFIXES):  # of the query API, whose errors are of no use here
        return []
    fault = [row.wire_type] if row.wire_type == errors.SERVICE_FAULT else []
    return [*fault, row.code, _short(row.code)]


def _short(code: str) -> str:
    """Return a TurkErrorCode without its prefix."""
    for prefix in _PREFIXES:
        code = code.removeprefix(prefix)
    return code


class _Words(dict[str, object]):
    def __missing__(self, field: str) -> str:
        return f"<{field}>"


def _words(row: Row, members: Mapping[str, Any]) -> str:
    """Return a row's message for a request; what that does not tell stands as ``<state>``.

    [assumed]: nothing real has gone wrong that could be named.
    """
    known: dict[str, object] = {"count": 1, "s": ""}
    subject = row.message.partition(" ")[0].lower()  # "Hit {id} does not exist."
    for name, value in members.items():
        if name.lower() == f"{subject}id":
            known["id"] = value
    if "UniqueRequestToken" in members:
        known["token"] = members["UniqueRequestToken"]
    return row.message.format_map(_Words(known))
