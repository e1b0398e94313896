"""Operations on the log of API calls."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from mturk_mock.backend.calls import APICall
from mturk_mock.backend.service_model import by_spelling
from mturk_mock.server.control.kinds import Choice, Whole
from mturk_mock.server.control.schemas import (
    ANYTHING,
    ENVIRONMENT,
    TEXT,
    TIME,
    WHOLE,
    a_list,
    an_object,
    write_time,
)
from mturk_mock.server.control.table import (
    Control,
    Given,
    Member,
    limit,
    operation,
    read_limit,
    read_number,
)

_CALL: Final = an_object(
    number=WHOLE,
    time=TIME,
    operation=TEXT,
    requester=TEXT,
    environment=ENVIRONMENT,
    params=ANYTHING,
    error={**an_object(code=TEXT, message=TEXT), "type": ["object", "null"]},
)
_CALL_AND_RESULT: Final = an_object(**_CALL["properties"], result={"type": ["object", "null"]})


@operation(
    "GET",
    "/calls",
    an_object(calls=a_list(_CALL), total=WHOLE),
    query=(
        limit("calls to return"),
        Member("after", Whole(), "Only calls with higher numbers.", default=0),
        Member("operation", Choice(by_spelling()), "Only calls of this operation."),
    ),
)
def list_calls(control: Control, given: Given) -> Any:
    """List the API calls that the server keeps, oldest first.

    The first call has the number 1. ``total``: the number of all calls so far. For the next page,
    give the number of the last call as ``after``.
    """
    wanted = by_spelling().get(given.query.get("operation", ""))
    with control.backend.transaction():
        found = _calls_after(control, given.query.get("after", 0))
        shown = (_show_call(*each) for each in found if wanted in (None, each[1].operation))
        calls = list(islice(shown, read_limit(given)))
        return {"calls": calls, "total": _count_calls(control)}


@operation("GET", "/calls/{number}", _CALL_AND_RESULT)
def get_call(control: Control, given: Given) -> Any:
    """Get an API call with its result, which is null after an error."""
    with control.backend.transaction():
        total = _count_calls(control)
        kept = total - len(control.mturk.calls)
        number = read_number(given, "call", kept + 1, total)
        call = control.mturk.calls[number - kept - 1]
        return {**_show_call(number, call), "result": _show_result(call)}


def _calls_after(control: Control, number: int) -> Iterator[tuple[int, APICall]]:
    """Return the calls with higher numbers that are kept, with their numbers."""
    calls = control.mturk.calls
    gone = _count_calls(control) - len(calls)
    first = max(0, number - gone)
    return enumerate(islice(calls, first, None), gone + first + 1)


def _count_calls(control: Control) -> int:
    """Return the number of all calls so far."""
    with control.backend.peek() as marketplace:
        return marketplace.activity.calls


def _show_call(number: int, call: APICall) -> dict[str, Any]:
    return {
        "number": number,
        "time": write_time(call.time),
        "operation": call.operation,
        "requester": call.requester,
        "environment": call.environment,
        "params": _plain(call.params),
        "error": _show_error(call),
    }


def _show_error(call: APICall) -> dict[str, str] | None:
    code = call.error_code
    if code is None:
        return None
    return {"code": code, "message": getattr(call.error, "message", str(call.error))}


def _show_result(call: APICall) -> Any:
    """Return the JSON that a call was answered with; None after an error."""
    if call.error is not None:
        return None
    return json.loads(call.body or "{}")


def _plain(value: Any) -> Any:
    """Return a value that a client has sent, with texts for numbers that JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value
