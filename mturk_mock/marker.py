"""What `@pytest.mark.mock_mturk` says: options of the mock, and two of the marker's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest

MARKER: Final = "mock_mturk"
USAGE: Final = (
    "mock_mturk(*, seed, now, balance, unknown_workers, only, accounts, consistency, sleep, "
    "strict, block): run the test in a mock of Amazon Mechanical Turk, started before the test's "
    "own fixtures. "
    "strict=True: fail it when it leaves work unreviewed, or a fault that never happened. "
    "block=True, alone: run it without a mock, and make every call an error at once."
)

_FLAGS: Final = ("strict", "block")


@dataclass(frozen=True)
class Marked:
    """What the markers of a test say together."""

    options: dict[str, Any]  # of mock_mturk
    strict: bool = False
    block: bool = False


def blocks(item: pytest.Item) -> bool:
    """Whether a test is to run without a mock, by the word of the marker closest to it."""
    marker = item.get_closest_marker(MARKER)
    return marker is not None and marker.kwargs.get("block") is True


def read_markers(item: pytest.Item) -> Marked:
    """Return what all markers of a test say, the closest one's word counting.

    TypeError says what is allowed.
    """
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers(MARKER))):
        _check(marker)
        options.update(marker.kwargs)
    flags = {name: options.pop(name, False) for name in _FLAGS}
    return Marked(options, flags["strict"], blocks(item))


def _check(marker: pytest.Mark) -> None:
    if marker.args:
        given = ", ".join(map(repr, marker.args))
        raise TypeError(f"mock_mturk() takes options by name, as in seed=1, not {given}")
    for name in _FLAGS:
        if not isinstance(marker.kwargs.get(name, False), bool):
            raise TypeError(f"{name} takes True or False, not {marker.kwargs[name]!r}")
    others = [name for name in marker.kwargs if name != "block"]
    if marker.kwargs.get("block") and others:
        raise TypeError(
            "block=True lets the test run without a mock, so it stands alone, "
            f"not beside {', '.join(others)}"
        )
