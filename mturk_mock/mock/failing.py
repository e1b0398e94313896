"""Faults from the arguments of `mturk.fail`."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from mturk_mock.backend.faults import AFTER, BEFORE, FailureMaker, Fault
from mturk_mock.backend.service_model import by_spelling
from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError, Row
from mturk_mock.core.spelling import close_to

_MOMENTS: Final = (BEFORE, AFTER)


def read_fault(
    operation: Any, error: Any, times: Any, after: Any, rate: Any, when: Any, message: Any
) -> Fault:
    """Return the fault that the arguments of `MTurk.fail` describe; TypeError or ValueError."""
    if when not in _MOMENTS:
        raise ValueError(f"fail() takes when='before' or 'after', not {when!r}")
    if message is not None:
        _of_type("message", message, str, "the service's message, a str")
    return Fault(
        _operation(operation),
        _of_type("error", error, str, "the name of an error, such as 'ReadTimeout'"),
        None if times is None else _count("times", times, 1, ", or None for no limit"),
        _count("after", after, 0),
        None if rate is None else _rate(rate),
        when,
        _failure_maker(error, message, when),
    )


def _operation(given: Any) -> str | tuple[str, ...] | None:
    if given is None:
        return None
    if isinstance(given, str):
        return _operation_name(given)
    if not isinstance(given, Iterable):
        raise TypeError(f"fail() takes an operation, several of them, or None, not {given!r}")
    names = tuple(dict.fromkeys(map(_operation_name, given)))
    if not names:
        raise ValueError("fail() takes one or more operations, or None for all, not an empty list")
    return names


def _operation_name(given: Any) -> str:
    name: str = _of_type("operation", given, str, "the name of an operation, such as 'CreateHIT'")
    names = by_spelling()
    if name not in names:
        raise ValueError(
            "fail() takes an operation of the API, such as 'CreateHIT' or 'create_hit', "
            f"not {name!r}{close_to(name, names)}"
        )
    return names[name]


def _of_type(name: str, value: Any, kind: Any, what: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"fail() takes {name}= as {what}, not {value!r}")
    return value


def _count(name: str, value: Any, least: int, besides: str = "") -> int:
    count: int = _of_type(name, value, int, "a number of calls")
    if count < least:
        raise ValueError(f"fail() takes {name}= of {least} or more calls{besides}, not {count}")
    return count


def _rate(value: Any) -> float:
    rate: float = _of_type("rate", value, (int, float), "a number of calls per second")
    if not 0 < rate < math.inf:
        raise ValueError(f"fail() takes rate= of more than 0 calls per second, not {rate}")
    return rate


# The errors by name ----------------------------------------------------------------------------

#: The exceptions of botocore's transport, by name. A connection that fails before the operation
#: was never made; one that fails after it was closed before the response came.
_TRANSPORT: Final[dict[str, dict[str, Any]]] = {
    "ConnectionError": {BEFORE: EndpointConnectionError, AFTER: ConnectionClosedError},
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
    "'ReadTimeout', 'ConnectTimeout' or a TurkErrorCode, such as 'HITDoesNotExist' (one that "
    "mturk_mock does not know requires its prefix, and message=), not {!r}{}"
)

_PREFIXES: Final = ("AWS.MechanicalTurk.", "AWS.")


def _failure_maker(name: str, message: str | None, when: str) -> FailureMaker:
    """Return a function that makes failures of this name; raise ValueError for an unknown name.

    A TurkErrorCode without a row is a RequestError. [assumed] It must have its prefix and a
    message, because the service's message for it is unknown.
    """
    if name in _TRANSPORT:
        if message is not None:
            raise ValueError(
                f"fail() takes message= for errors of the service; {name} is an exception of "
                "botocore, with a message of its own"
            )
        kind = _TRANSPORT[name][when]
        return lambda url, members: kind(endpoint_url=url, error="injected by mturk.fail()")
    row = _rows().get(name)
    if row is None:
        if message is None or not name.startswith(_PREFIXES):
            raise ValueError(_UNKNOWN.format(name, close_to(name, [*_TRANSPORT, *_rows()])))
        row = Row(name, message, "[assumed]")
    return lambda url, members: MTurkError(
        row, _fill_message(row, members) if message is None else message
    )


# The table by codes -----------------------------------------------------------------------


@functools.cache
def _rows() -> dict[str, Row]:
    """Return the rows of the API by code, with and without prefix; rows without a code by type.

    If several rows have one code, the row named after the code is used.
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
    if not row.code.startswith(_PREFIXES):  # an error of the query API, which has ended
        return []
    fault = [row.wire_type] if row.wire_type == errors.SERVICE_FAULT else []
    return [*fault, row.code, _short(row.code)]


def _short(code: str) -> str:
    """Return a TurkErrorCode without its prefix."""
    for prefix in _PREFIXES:
        code = code.removeprefix(prefix)
    return code


class _Values(dict[str, object]):
    def __missing__(self, field: str) -> str:
        return f"<{field}>"


def _fill_message(row: Row, members: Mapping[str, Any]) -> str:
    """Return a row's message for a request; values unknown at that point appear as ``<state>``.

    [assumed], because an injected failure has no real cause that the message could name.
    """
    known: dict[str, object] = {"count": 1, "s": ""}
    subject = row.message.partition(" ")[0].lower()  # "Hit {id} does not exist."
    for name, value in members.items():
        if name.lower() == f"{subject}id":
            known["id"] = value
    if "UniqueRequestToken" in members:
        known["token"] = members["UniqueRequestToken"]
    return row.message.format_map(_Values(known))
