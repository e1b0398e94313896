"""Copies of the state for checkpoints, made while requests are answered.

Copying a large state takes seconds. Linux copies a whole process in milliseconds, and then only
what either of the two changes; so the copy of this process writes the checkpoint.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import warnings
from abc import ABC, abstractmethod
from typing import Final

from mturk_mock.model.marketplace import Marketplace
from mturk_mock.state.checkpoint import pack_checkpoint, take_checkpoint, write_checkpoint

#: Other systems cannot copy a process, or not one with threads.
CAN_FORK: Final = sys.platform == "linux"
#: The number of HITs and assignments from which a copy of the process is made.
LARGE: Final = 5_000
#: Seconds after which the copy of the process is ended.
LONGEST: Final = 300.0

_STANDARD_STREAMS: Final = 3


class Copy(ABC):
    """A copy of the state, of which a checkpoint is to be written."""

    @abstractmethod
    def finish(self) -> bytes:
        """Return the checkpoint. Raises OSError if the copy has failed, or was given up."""

    @abstractmethod
    def give_up(self) -> None:
        """Make `finish` fail at once, if it takes long."""


def copy_state(marketplace: Marketplace) -> Copy:
    """Return a copy of the present state, which later changes do not change.

    Call this with the lock, and the methods of the copy without it.
    """
    large = CAN_FORK and size_of(marketplace) >= LARGE
    return _ProcessCopy(marketplace) if large else _PartsCopy(marketplace)


def size_of(marketplace: Marketplace) -> int:
    """Return the number of HITs and assignments."""
    accounts = marketplace.accounts.values()
    return sum(len(account.hits) + len(account.assignments) for account in accounts)


def _fork() -> int:
    """Copy this process: return the number of the copy, and 0 in the copy.

    Python warns of copies of processes with threads, because a lock of another thread stays
    locked in the copy. This copy takes no lock.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _write_and_exit(writing: int, marketplace: Marketplace) -> None:  # pragma: no cover
    """Write the checkpoint to a pipe, and end the process. (Coverage does not see the copy.)"""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        gc.disable()  # it would change, and so copy, all the memory
        os.closerange(_STANDARD_STREAMS, writing)  # the sockets: clients wait for their end
        os.closerange(writing + 1, os.sysconf("SC_OPEN_MAX"))
        with open(writing, "wb") as stream:
            stream.write(write_checkpoint(marketplace))
        status = 0
    finally:
        os._exit(status)


class _PartsCopy(Copy):
    """A copy of the parts of a checkpoint."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._parts = take_checkpoint(marketplace)

    def finish(self) -> bytes:
        """Return the checkpoint."""
        return pack_checkpoint(self._parts)

    def give_up(self) -> None:
        """Do nothing: it does not take long."""


class _ProcessCopy(Copy):
    """A copy of this process, which writes the checkpoint to a pipe."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._pipe, writing = os.pipe()
        self._child = _fork()
        if not self._child:  # pragma: no cover (in the copy)
            _write_and_exit(writing, marketplace)
        os.close(writing)

    def finish(self) -> bytes:
        """Return what the copy of the process writes."""
        limit = threading.Timer(LONGEST, self.give_up)
        limit.start()
        with open(self._pipe, "rb") as stream:
            content = stream.read()
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        limit.cancel()
        if status:
            raise OSError(f"the process that copies the state has failed (status {status})")
        return content

    def give_up(self) -> None:
        """End the copy of the process, unless it has ended."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)
