"""The options of `mock_mturk`, read and checked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from mturk_mock.backend.settings import Settings
from mturk_mock.core.clock import read_moment
from mturk_mock.core.spelling import close_to
from mturk_mock.model.lags import RECORDED, Lags
from mturk_mock.model.ledger import read_money

_ACCOUNTS_EXAMPLE: Final = "{'AKIAIOSFODNN7EXAMPLE': 'lab one'}"
_CONSISTENCY_EXAMPLE: Final = '{"lists": 15, "search": 60}'

#: Arguments that only `@pytest.mark.mock_mturk` takes.
_MARKER_FLAGS: Final = ("strict", "block")


def read_options(given: Mapping[str, Any]) -> Settings:
    """Return the settings of a mock with these options; the others have their defaults.

    Raises TypeError or ValueError for an unknown option or an invalid value.
    """
    if unknown := sorted(given.keys() - _READERS.keys()):
        is_flag = unknown[0] in _MARKER_FLAGS
        where = "; strict and block are arguments of the marker" if is_flag else ""
        raise TypeError(
            f"mock_mturk() has no option {unknown[0]!r}{close_to(unknown[0], _READERS)}; "
            f"its options are {', '.join(_READERS)}{where}"
        )
    return Settings(
        **{name: read(name, given[name]) for name, read in _READERS.items() if name in given}
    )


def _seed(name: str, value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"{name} takes an int, not {value!r}")
    return value


def _now(name: str, value: Any) -> int | None:
    return None if value is None else read_moment(name, value)


def _choice(*choices: str) -> Callable[[str, Any], str | None]:
    def read(name: str, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or value not in choices:
            allowed = ", ".join(map(repr, choices))
            raise ValueError(f"{name} takes {allowed} or None, not {value!r}")
        return value

    return read


def _accounts(name: str, value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} takes a dict, such as {_ACCOUNTS_EXAMPLE}, not {value!r}")
    for part in (part for pair in value.items() for part in pair):
        if not isinstance(part, str):
            raise TypeError(
                f"{name} takes a dict of str, such as {_ACCOUNTS_EXAMPLE}, not {part!r}"
            )
        if not part:
            raise ValueError(f"{name} takes access keys and names that are not empty, not {part!r}")
    return dict(value)


def _consistency(name: str, value: Any) -> Lags | None:
    """Return the lags: the recorded ones for "eventual", or those of a mapping, the others 0.

    By default there are no lags. [assumed] The lags are the same in production and in the
    sandbox. [assumed] Workers see every change at once. [assumed]
    """
    if value is None:
        return None
    if value == "eventual":
        return RECORDED
    if isinstance(value, Mapping):
        return Lags(**{lag: _read_lag(name, lag, length) for lag, length in value.items()})
    wrong = ValueError if isinstance(value, str) else TypeError
    raise wrong(
        f"{name} takes 'eventual', a dict such as {_CONSISTENCY_EXAMPLE}, or None, not {value!r}"
    )


def _read_lag(option: str, lag: Any, length: Any) -> int:
    """Return one lag in microseconds."""
    if lag not in Lags._fields:
        raise ValueError(
            f"{option} has no lag {lag!r}{close_to(str(lag), Lags._fields)}; "
            f"its lags are {', '.join(Lags._fields)}"
        )
    message = f"{option} takes {lag!r} as seconds, 0 or more, or a timedelta, not {length!r}"
    if isinstance(length, bool) or not isinstance(length, (int, float, timedelta)):
        raise TypeError(message)
    try:
        time = length if isinstance(length, timedelta) else timedelta(seconds=length)
    except (OverflowError, ValueError):  # too long, or NaN
        raise ValueError(message) from None
    if time < timedelta(0):
        raise ValueError(message)
    return time // timedelta(microseconds=1)


def _calls(name: str, value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"{name} takes an int, or None to keep all calls, not {value!r}")
    if value is not None and value < 0:
        raise ValueError(f"{name} takes a number of calls, 0 or more, not {value!r}")
    return None if value is None else min(value, sys.maxsize)


#: The function that reads each option; the names are the fields of `Settings`.
_READERS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "seed": _seed,
    "now": _now,
    "balance": read_money,
    "unknown_workers": _choice("accept", "refuse"),
    "only": _choice("sandbox"),
    "accounts": _accounts,
    "consistency": _consistency,
    "sleep": _choice("advance"),
    "calls": _calls,
}
