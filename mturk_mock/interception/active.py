"""The stack of the mocks that are on: the only state of the module level that answers depend on.

Loads nothing of botocore, so that asking whether a mock is on does not either.
"""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from mturk_mock.interception import patches


@dataclass(eq=False)
class Active:
    """A mock that is on.

    `backend`: the Backend that answers. `handle`: what the user of the mock holds, which
    interception only keeps. `patches`: what ends with the mock.
    """

    backend: Any
    handle: Any
    patches: ExitStack = field(default_factory=ExitStack)


stack: list[Active] = []
#: Held while the stack changes.
lock: Final = threading.RLock()


def _before_fork() -> None:
    """Wait until no other thread is starting or stopping a mock.

    Otherwise the new process would have a half-started mock, and a lock that nothing releases.
    """
    lock.acquire()
    patches.lock.acquire()


def _after_fork() -> None:
    patches.lock.release()
    lock.release()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork
    )


def innermost() -> Active | None:
    """Return the mock that began last of those that are on, None if none is."""
    try:
        return stack[-1]
    except IndexError:  # not checked before: another thread may end the last mock in between
        return None


def is_on(backend: object) -> bool:
    """Whether the mock of a backend is on."""
    return any(active.backend is backend for active in tuple(stack))
