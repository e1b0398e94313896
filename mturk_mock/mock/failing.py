"""What users say to `mturk.fail`, read into a fault. Loaded for the first one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from mturk_mock.backend.fault_list import AFTER, BEFORE
from mturk_mock.backend.faults import Fault
from mturk_mock.backend.operation_names import by_spelling, close_to
from mturk_mock.mock.fault_errors import maker_of

_MOMENTS: Final = (BEFORE, AFTER)


def read_fault(
    operation: Any, error: Any, times: Any, after: Any, rate: Any, when: Any, message: Any
) -> Fault:
    """Return the fault that is asked for, as `MTurk.fail` says; TypeError or ValueError."""
    return Fault(
        _operation(operation),
        _of_type("error", error, str, "the name of an error, as 'ReadTimeout'"),
        None if times is None else _count("times", times, 1, ", or None for always"),
        _count("after", after, 0),
        None if rate is None else _rate(rate),
        _moment(when),
        maker_of(error, _message(message), when),
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
        raise ValueError("fail() takes one operation or more, or None for all, not none of them")
    return names


def _operation_name(given: Any) -> str:
    name: str = _of_type("operation", given, str, "the name of an operation, as 'CreateHIT'")
    names = by_spelling()
    if name not in names:
        raise ValueError(
            "fail() takes an operation of the API, as 'CreateHIT' or 'create_hit', "
            f"not {name!r}{close_to(name, names)}"
        )
    return names[name]


def _of_type(name: str, value: Any, kind: Any, what: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"fail() takes {name}= {what}, not {value!r}")
    return value


def _count(name: str, value: Any, least: int, besides: str = "") -> int:
    count: int = _of_type(name, value, int, "a number of calls")
    if count < least:
        raise ValueError(f"fail() takes {name}= {least} or more calls{besides}, not {count}")
    return count


def _rate(value: Any) -> float:
    rate: float = _of_type("rate", value, (int, float), "a number of calls a second")
    if not 0 < rate < math.inf:
        raise ValueError(f"fail() takes rate= more than 0 calls a second, not {rate}")
    return rate


def _moment(value: Any) -> str:
    if value not in _MOMENTS:
        raise ValueError(f"fail() takes when='before' or 'after', not {value!r}")
    moment: str = value
    return moment


def _message(value: Any) -> str | None:
    if value is not None:
        _of_type("message", value, str, "the words of the service")
    message: str | None = value
    return message
