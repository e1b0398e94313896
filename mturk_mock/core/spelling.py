"""What somebody may have meant who wrote something that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def closest(given: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like `given`, None if none is much like it."""
    from difflib import get_close_matches  # slips of the pen are rare: 1 ms

    return next(iter(get_close_matches(given, sorted(known), n=1)), None)
