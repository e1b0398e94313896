"""`mturk.fail`: faults on purpose, in the hand of a mock's user."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final, Literal

from mturk_mock.backend import Backend
from mturk_mock.fault_errors import AFTER, BEFORE, maker_of
from mturk_mock.faults import Fault
from mturk_mock.operation_names import by_spelling, close_to

_MOMENTS: Final = (BEFORE, AFTER)


class FaultControl:
    """What a mock's handle can do about faults."""

    _backend: Backend

    def fail(
        self,
        operation: str | Iterable[str] | None = None,
        error: str = "ServiceFault",
        times: int | None = 1,
        *,
        after: int = 0,
        rate: float | None = None,
        when: Literal["before", "after"] = "before",
        message: str | None = None,
    ) -> Fault:
        """Let calls fail on purpose, and return the fault, which counts how often it did.

        `operation`: as "CreateHIT" or "create_hit", several of them, or None for all.
        `error`: "ServiceFault", "ThrottlingException", any TurkErrorCode, with or without
        its prefix, or what botocore raises: "ConnectionError", "ReadTimeout" or
        "ConnectTimeout". `times`: None for always. `after`: calls that come through first.
        `rate`: calls a second above which it happens, by the clock of the mock: a limit that
        stays takes ``times=None``. `when`: "after" for an operation that does its work, and
        only its answer is lost. `message`: the service's words, instead of its usual ones.

        Every request counts, botocore's retries too. TypeError or ValueError says what
        is allowed.
        """
        fault = Fault(
            _operation(operation),
            _of_type("error", error, str, "the name of an error, as 'ReadTimeout'"),
            None if times is None else _count("times", times, 1, ", or None for always"),
            _count("after", after, 0),
            None if rate is None else _rate(rate),
            _moment(when),
            maker_of(error, _message(message), when),
        )
        with self._backend.turn():
            self._backend.faults.add(fault)
        return fault

    @property
    def faults(self) -> list[Fault]:
        """Every fault that was asked for, oldest first; those that are over, too."""
        return list(self._backend.faults.all)


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
