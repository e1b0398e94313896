"""Hold the mock's locks during a fork, so that a forked process inherits a consistent state.

A fork waits while another thread starts or stops a mock, or creates a client.
"""

from __future__ import annotations

import os
from typing import Final

from mturk_mock.backend import clients
from mturk_mock.interception import active, patches

#: In the order in which threads acquire them.
_LOCKS: Final = (clients.lock, active.lock, patches.lock)


def install() -> None:
    """Hold the locks during each later fork."""
    register = getattr(os, "register_at_fork", dict)  # Windows has no fork and no such function
    register(before=_acquire, after_in_parent=_release, after_in_child=_release)


def _acquire() -> None:
    for lock in _LOCKS:
        lock.acquire()


def _release() -> None:
    for lock in reversed(_LOCKS):
        lock.release()
