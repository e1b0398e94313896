"""The uses of one `mock_mturk` object, which several blocks, threads and tasks can enter.

Each `with` block that ends must end its own mock. Python does not say which block it is, but
the same frame, of a function, a generator or a coroutine, enters a block and leaves it. An
`ExitStack` is known by itself. Everything else, start() and stop() included, goes by thread:
the latest use ends first.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from types import FrameType

from mturk_mock.interception.active import Active


@dataclass(frozen=True, eq=False)
class _Use:
    active: Active
    block: object  # None if start() began it
    thread: int = field(default_factory=threading.get_ident)


class Uses:
    """What has been started and not stopped yet, the latest last."""

    def __init__(self) -> None:
        self._uses: list[_Use] = []

    def __len__(self) -> int:
        return len(self._uses)

    def add(self, active: Active, block: object) -> None:
        """Remember a mock that a block has started, None for start()."""
        self._uses.append(_Use(active, block))

    def forget(self, active: Active) -> None:
        """Forget a mock that ends neither by its block nor by stop()."""
        self._uses = [use for use in self._uses if use.active is not active]

    def take(self, block: object) -> Active:
        """Forget the mock that ends with this block, None for stop(), and return it.

        RuntimeError if there is none.
        """
        latest_first = self._uses[::-1]
        if not latest_first:
            raise RuntimeError("stop() without start(): this mock_mturk is not on")
        use = max(latest_first, key=lambda use: _likeness(use, block))  # the first of equals
        self._uses.remove(use)
        return use.active


def _likeness(use: _Use, block: object) -> tuple[bool, bool, bool]:
    """Compare what started a mock with what ends one; the greatest result is meant."""
    is_block = block is not None and use.block is block
    is_of_kind = (use.block is None) == (block is None)
    return is_block, is_of_kind, use.thread == threading.get_ident()


def block_of(frame: FrameType) -> object:
    """Return what a block is known by, given the frame that enters or leaves it."""
    if frame.f_globals.get("__name__") == contextlib.__name__:
        return frame.f_locals.get("self", frame)  # an ExitStack; reading f_locals copies them
    return frame
