"""Values that are given for the fields of a form, as the texts that a form sends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def as_text(name: str, value: Any, hint: str = "") -> str:
    """Return the text of a field's value; TypeError, with the hint, for what has none."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"field {name!r} takes text or a number, not {value!r}{hint}")
    return value
