"""A forked process inherits no lock of ours that is held, and no mock that is half started.

A fork waits until no other thread is starting or stopping a mock, or making a client.
"""

from __future__ import annotations

import os
from typing import Final

from mturk_mock.backend import clients
from mturk_mock.interception import active, patches

#: In the order in which threads acquire them.
_LOCKS: Final = (clients.lock, active.lock, patches.lock)


def install() -> None:
    """Hold the locks during each fork, from now on."""
    register = getattr(os, "register_at_fork", dict)  # not on Windows, where nothing forks
    register(before=_acquire, after_in_parent=_release, after_in_child=_release)


def _acquire() -> None:
    for lock in _LOCKS:
        lock.acquire()


def _release() -> None:
    for lock in reversed(_LOCKS):
        lock.release()
