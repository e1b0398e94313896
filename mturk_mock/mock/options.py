"""What users may say: the options of `mock_mturk`, and amounts.

Every program that imports `mock_mturk` loads this: what few of them say loads its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from mturk_mock.core.clock import from_datetime, require_aware

_ACCOUNTS_EXAMPLE: Final = "{'AKIAIOSFODNN7EXAMPLE': 'lab one'}"

#: What only `@pytest.mark.mock_mturk` takes besides.
_OF_THE_MARKER: Final = ("strict", "block")


def read_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as a backend's settings, those left out missing.

    Raises TypeError or ValueError that says what was given and what is allowed.
    """
    if unknown := sorted(given.keys() - _READERS.keys()):
        where = "; strict and block are the marker's" if unknown[0] in _OF_THE_MARKER else ""
        raise TypeError(
            f"mock_mturk() has no option {unknown[0]!r}; its options are "
            f"{', '.join(_READERS)}{where}"
        )
    return {
        setting: read(name, given[name])
        for name, (setting, read) in _READERS.items()
        if name in given
    }


def money(name: str, amount: Any) -> Decimal:
    """Return an amount in dollars, given as str, int or Decimal, with two decimals at most."""
    from mturk_mock.model.ledger import two_decimals  # with the table of errors

    if isinstance(amount, bool) or not isinstance(amount, (str, int, Decimal)):
        raise TypeError(f"{name} takes a str, int or Decimal, as '12.50', not {amount!r}")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value != two_decimals(value):
        raise ValueError(f"{name} takes dollars and cents, 0 or more, as '12.50', not {amount!r}")
    return value


def _seed(name: str, value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"{name} takes an int, not {value!r}")
    return value


def _start(name: str, value: Any) -> int | None:
    return None if value is None else from_datetime(require_aware(name, value))


def _lags(name: str, value: Any) -> Any:
    from mturk_mock.mock.consistency import read_consistency  # with the model's lags

    return read_consistency(name, value)


def _choice(**choices: bool) -> Callable[[str, Any], bool]:
    def read(name: str, value: Any) -> bool:
        if value is None:
            return False
        if not isinstance(value, str) or value not in choices:
            allowed = ", ".join(map(repr, choices))
            raise ValueError(f"{name} takes {allowed} or None, not {value!r}")
        return choices[value]

    return read


def _accounts(name: str, value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} takes a dict, as {_ACCOUNTS_EXAMPLE}, not {value!r}")
    for part in (part for pair in value.items() for part in pair):
        if not isinstance(part, str):
            raise TypeError(f"{name} takes str to str, as {_ACCOUNTS_EXAMPLE}, not {part!r}")
        if not part:
            raise ValueError(f"{name} takes access keys and names that are not empty, not {part!r}")
    return dict(value)


_READERS: Final[dict[str, tuple[str, Callable[[str, Any], Any]]]] = {
    "seed": ("seed", _seed),
    "now": ("start", _start),
    "balance": ("balance", money),
    "unknown_workers": ("unknown_workers_refused", _choice(accept=False, refuse=True)),
    "only": ("sandbox_only", _choice(sandbox=True)),
    "accounts": ("accounts", _accounts),
    "consistency": ("lags", _lags),
    "sleep": ("sleep_advances", _choice(advance=True)),
}
