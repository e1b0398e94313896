"""Suggestions for misspelled names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(given: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to `given`; None if none is close."""
    return next(iter(get_close_matches(given, sorted(known), n=1)), None)


def close_to(given: str, known: Iterable[str]) -> str:
    """Return " (did you mean ...?)" with the closest known name, "" if none is close."""
    found = closest(given, known)
    return f" (did you mean {found!r}?)" if found else ""
