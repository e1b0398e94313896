"""Matching of calls and failure messages for `mturk.assert_called` and `assert_not_called`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from mturk_mock.backend import service_model
from mturk_mock.backend.calls import APICall
from mturk_mock.core.spelling import close_to

_CALLS_SHOWN: Final = 5
_LONGEST_VALUE: Final = 60  # characters
_BEFORE_DIFFERENCE: Final = 15  # characters shown before the first difference


class Log(NamedTuple):
    """API calls, and the number of earlier ones that are no longer kept."""

    calls: list[APICall]
    dropped: int

    def require_whole(self, taker: str) -> None:
        """Raise RuntimeError if calls were dropped."""
        if self.dropped:
            kept = f"none of the {self.dropped} calls"
            if self.calls:
                kept = f"the latest {len(self.calls)} of {self.dropped + len(self.calls)} calls"
            raise RuntimeError(
                f"{taker} cannot tell, because the mock kept {kept}: make it with calls=None, "
                "which keeps all"
            )


def require_called(log: Log, operation: str, times: Any, params: Mapping[str, Any]) -> None:
    """Raise AssertionError unless calls match, as `MTurk.assert_called` documents."""
    __tracebackhide__ = True
    if times is not None and (isinstance(times, bool) or not isinstance(times, int)):
        raise TypeError(f"assert_called() takes times= as an int or None, not {times!r}")
    if times is not None and times < 0:
        raise ValueError(f"assert_called() takes times= of 0 or more, not {times}")
    wanted = Wanted(operation, params)
    found = [call for call in log.calls if wanted.is_met_by(call)]
    if times is not None or not found:
        log.require_whole("assert_called()")
    if (times is None and not found) or (times is not None and len(found) != times):
        raise AssertionError(_not_called(wanted, found, times, log.calls))


def require_not_called(log: Log, operation: str, params: Mapping[str, Any]) -> None:
    """Raise AssertionError if a call matches, as `MTurk.assert_not_called` documents."""
    __tracebackhide__ = True
    wanted = Wanted(operation, params)
    if found := [call for call in log.calls if wanted.is_met_by(call)]:
        what = f"{wanted} was called {_so_often(len(found))}"
        raise AssertionError("\n".join([what, *_shown(map(repr, found))]))
    log.require_whole("assert_not_called()")


# Matching ---------------------------------------------------------------------------------


class Wanted:
    """An operation and some of its parameters."""

    def __init__(self, operation: str, params: Mapping[str, Any]) -> None:
        self.operation = _operation_name(operation)
        _check_params(self.operation, params)
        self.params = params

    def differing(self, call: APICall) -> list[str]:
        """Return the parameters in which a call differs, which can be of any operation."""
        return [name for name, value in self.params.items() if not _fits(value, call, name)]

    def is_met_by(self, call: APICall) -> bool:
        """Return whether a call matches."""
        return call.operation == self.operation and not self.differing(call)

    def __str__(self) -> str:
        params = (f"{name}={_short(repr(value))}" for name, value in self.params.items())
        return f"{self.operation}({', '.join(params)})"


def _operation_name(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError(f"an operation must be a str, such as 'CreateHIT', not {given!r}")
    names = service_model.by_spelling()
    if given not in names:
        raise ValueError(
            f"Mechanical Turk has no operation {given!r}{close_to(given, names)}; write its "
            "name as 'CreateHIT' or 'create_hit'"
        )
    return names[given]


def _check_params(operation: str, params: Mapping[str, Any]) -> None:
    """Raise ValueError for a parameter that no call of the operation can have.

    Otherwise a misspelt parameter would make `assert_not_called` pass.
    """
    known = service_model.parameter_names(operation)
    for name in params:
        if name not in known:
            raise ValueError(
                f"{operation} has no parameter {name!r}{close_to(name, known)}; "
                f"its parameters are {', '.join(known) or 'none'}"
            )


def _fits(wanted: Any, call: APICall, name: str) -> bool:
    sent = call.params.get(name)
    if isinstance(wanted, re.Pattern):
        return isinstance(sent, str) and wanted.search(sent) is not None
    if isinstance(wanted, datetime) and isinstance(sent, (int, float)):
        return int(wanted.timestamp()) == int(sent)  # old versions of botocore send whole seconds
    return bool(wanted == sent)


# Messages ---------------------------------------------------------------------------------


def _not_called(
    wanted: Wanted, found: list[APICall], times: int | None, calls: list[APICall]
) -> str:
    """Return the failure message, which shows the most similar calls, latest first."""
    often = f"was called {_so_often(len(found))}" if found else "was never called"
    lines = [f"{wanted} {often}" + ("" if times is None else f", not {_so_often(times)}")]
    lines += _shown(map(repr, found))
    others = [call for call in reversed(calls) if call not in found]
    others.sort(key=lambda call: (call.operation != wanted.operation, len(wanted.differing(call))))
    if others and len(found) < (times or 1):
        lines.append("What was called instead, nearest first:")
        lines += _shown(_described(wanted, call) for call in others)
    if not calls:
        lines.append("There were no API calls")
    return "\n".join(lines)


def _described(wanted: Wanted, call: APICall) -> str:
    if call.operation != wanted.operation:
        return repr(call)
    differences = (_difference(name, wanted, call) for name in wanted.differing(call))
    refusal = "" if call.error is None else f" -> {call.error}"
    when = f"at {call.time:%Y-%m-%d %H:%M:%S}"
    return f"{call.operation} {when} with {', '.join(differences)}{refusal}"


def _difference(name: str, wanted: Wanted, call: APICall) -> str:
    value = repr(wanted.params[name])
    if name not in call.params:
        return f"no {name}"
    sent = repr(call.params[name])
    start = max(0, _first_difference(sent, value) - _BEFORE_DIFFERENCE)
    return f"{name}={_short(sent, start)}, not {_short(value, start)}"


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    places = (place for place, (ours, theirs) in pairs if ours != theirs)
    return next(places, min(len(one), len(other)))


def _short(text: str, start: int = 0) -> str:
    """Return a text; a long one is cut to the part from `start`."""
    if len(text) <= _LONGEST_VALUE:
        return text
    before = "..." if start else ""
    after = "..." if len(text) > start + _LONGEST_VALUE else ""
    return f"{before}{text[start : start + _LONGEST_VALUE]}{after}"


def _so_often(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _shown(lines: Iterable[str]) -> list[str]:
    every = [f"  {line}" for line in lines]
    more = len(every) - _CALLS_SHOWN
    return every if more <= 0 else [*every[:_CALLS_SHOWN], f"  ... and {more} more"]
