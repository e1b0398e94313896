"""Values in error messages, cut to a maximum length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: The maximum number of characters of a quoted value, and of a list of names.
LONGEST: Final = 200


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return a text of at most `longest` characters; a longer one is cut, with an ellipsis."""
    return text if len(text) <= longest else text[:longest] + "…"


def quote(value: object) -> str:
    """Return the `repr()` of a value, cut if it is long."""
    try:
        return shorten(repr(value))
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deep"


def list_names(names: Iterable[str], joint: str = ", ") -> str:
    """Join names into one text, cut if it is long."""
    return shorten(joint.join(names))
