"""Quotes values in messages, at a bounded length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: The most characters of a quoted value, and of a list of names.
LONGEST: Final = 200


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return a text; a longer one is cut, and ends with an ellipsis."""
    return text if len(text) <= longest else text[:longest] + "…"


def quote(value: object) -> str:
    """Return the `repr()` of a value, cut if it is long."""
    try:
        return shorten(repr(value))
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deep"


def list_names(names: Iterable[str], joint: str = ", ") -> str:
    """Return names in one text, cut if it is long."""
    return shorten(joint.join(names))
