"""Conversion of field values to the text that a form sends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def write_field_value(name: str, value: Any, hint: str = "") -> str:
    """Return the text of a field's value.

    Raises TypeError, which ends with `hint`, for other types than str, bool and numbers.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"field {name!r} takes text or a number, not {value!r}{hint}")
    return value
