"""The option `consistency` of `mock_mturk`: how late the service is.

Nothing lags unless it is asked for [assumed]; where it is, the lags are the same in
production and in the sandbox. [assumed] Workers see everything at once. [assumed]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mturk_mock.model.lags import RECORDED, Lags

_NAMES: Final = Lags._fields
_EXAMPLE: Final = '{"lists": 15, "search": 60}'
_MICROSECOND: Final = timedelta(microseconds=1)


def read_consistency(name: str, value: Any) -> Lags:
    """Return the lags asked for: None, "eventual", or a mapping of some; the others are none.

    Raises TypeError or ValueError that says what was given and what is allowed.
    """
    if value is None:
        return Lags()
    if value == "eventual":
        return RECORDED
    if isinstance(value, Mapping):
        return Lags(**{lag: _read_lag(name, lag, length) for lag, length in value.items()})
    wrong = ValueError if isinstance(value, str) else TypeError
    raise wrong(f"{name} takes 'eventual', a mapping as {_EXAMPLE}, or None, not {value!r}")


def _read_lag(option: str, lag: Any, length: Any) -> int:
    """Return one lag in microseconds."""
    if lag not in _NAMES:
        raise ValueError(f"{option} has no lag {lag!r}; its lags are {', '.join(_NAMES)}")
    said = f"{option} takes seconds, 0 or more, or a timedelta for {lag!r}, not {length!r}"
    if isinstance(length, bool) or not isinstance(length, (int, float, timedelta)):
        raise TypeError(said)
    try:
        time = length if isinstance(length, timedelta) else timedelta(seconds=length)
    except (OverflowError, ValueError):  # too long, or no number
        raise ValueError(said) from None
    if time < timedelta(0):
        raise ValueError(said)
    return time // _MICROSECOND
