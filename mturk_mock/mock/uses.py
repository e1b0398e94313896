"""The uses of one `mock_mturk` object, which several blocks, threads and tasks can enter.

Each `with` block must end the mock that it started. Python does not tell which block ends, but
the same frame, of a function, generator or coroutine, enters and leaves a block. For an
`ExitStack`, the stack itself identifies the block. All other uses, including start() and stop(),
are matched by thread, and the latest one ends first.
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
    block: object  # None for start()
    thread: int = field(default_factory=threading.get_ident)


class Uses:
    """The uses that have not ended, latest last."""

    def __init__(self) -> None:
        self._uses: list[_Use] = []

    def __len__(self) -> int:
        return len(self._uses)

    def add(self, active: Active, block: object) -> None:
        """Add a mock that a block has started; the block is None for start()."""
        self._uses.append(_Use(active, block))

    def forget(self, active: Active) -> None:
        """Remove a mock that ends neither by its block nor by stop()."""
        self._uses = [use for use in self._uses if use.active is not active]

    def take(self, block: object) -> Active:
        """Remove and return the mock that ends with a block; the block is None for stop().

        Raises RuntimeError if there is none.
        """
        latest_first = self._uses[::-1]
        if not latest_first:
            raise RuntimeError("stop() without start(): this mock_mturk is not on")
        use = max(latest_first, key=lambda use: _likeness(use, block))  # the first of equals
        self._uses.remove(use)
        return use.active


def _likeness(use: _Use, block: object) -> tuple[bool, bool, bool]:
    """Return how well a use fits the block that ends; the use with the greatest result ends."""
    is_block = block is not None and use.block is block
    is_of_kind = (use.block is None) == (block is None)
    return is_block, is_of_kind, use.thread == threading.get_ident()


def block_of(frame: FrameType) -> object:
    """Return the object that identifies a block, given the frame that enters or leaves it."""
    if frame.f_globals.get("__name__") == contextlib.__name__:
        return frame.f_locals.get("self", frame)  # an ExitStack; reading f_locals copies them
    return frame
