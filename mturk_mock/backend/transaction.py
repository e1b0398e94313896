"""One transaction at a time, each at one moment of the clock."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from mturk_mock.backend.delivery import Delivery
from mturk_mock.core.clock import LATEST, SECOND, to_datetime
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.model.timeline import Timeline

_FORKED = (
    "this mock of Mechanical Turk belongs to process {owner}, and process {caller} was forked "
    "from it: what it did would never be seen there. Start a mock in the new process instead."
)


#: Seconds that a thread waits until a function of the program in another thread is done.
PATIENCE: Final = 10.0


class Transactions:
    """A marketplace, the lock around it, and the delivery of what it announces."""

    def __init__(self, marketplace: Marketplace) -> None:
        self.marketplace = marketplace
        self.timeline = Timeline()
        self.lock = threading.RLock()
        self.process = os.getpid()
        self._lender: int | None = None  # the thread that has lent the lock
        self._returned = threading.Condition(self.lock)
        self._depth = 0  # nested transactions of the thread that holds the lock
        self._delivery = Delivery()

    @contextmanager
    def transaction(self, *, moves_clock: bool = False) -> Iterator[tuple[Marketplace, int]]:
        """Hold the lock; what is due has happened, and the clock does not move.

        What the transaction itself brings about at once, such as the work of a review policy,
        happens at its end. Notifications are delivered after the outermost transaction, without
        the lock: what receives them may call back. `moves_clock`: wait first until functions
        of the program that other threads run are done; see `lend`.
        """
        self._refuse_fork()
        posted: list[Message] = []
        try:
            with self.lock:
                if moves_clock:
                    self._await_return()
                self._depth += 1
                try:
                    marketplace = self.marketplace
                    now = marketplace.clock.read()
                    self.timeline.run_due(marketplace, now)
                    yield marketplace, now
                    self.timeline.run_due(marketplace, now)
                finally:
                    self._depth -= 1
                    if not self._depth:
                        posted = self.marketplace.post()
        finally:
            if posted:
                self._delivery.deliver(posted)

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Let other threads have the lock while a function of the program runs.

        So the function can wait for threads that call the API. The clock stands still
        meanwhile. One thread lends at a time, and only within a transaction.
        """
        if self._lender not in (None, threading.get_ident()):
            yield
            return
        lender, self._lender = self._lender, threading.get_ident()
        depth, self._depth = self._depth, 0
        with self.marketplace.clock.held_at(self.marketplace.clock.read()):
            for _ in range(depth):
                self.lock.release()
            try:
                yield
            finally:
                for _ in range(depth):
                    self.lock.acquire()
                self._depth, self._lender = depth, lender
                self._returned.notify_all()

    def _await_return(self) -> None:
        """Wait until no other thread lends the lock, unless it lasts: it may wait for this one."""
        me = threading.get_ident()
        self._returned.wait_for(lambda: self._lender in (None, me), PATIENCE)

    @contextmanager
    def peek(self) -> Iterator[Marketplace]:
        """Hold the lock, and give the marketplace as it is: nothing due happens."""
        self._refuse_fork()
        with self.lock:
            yield self.marketplace

    def settle(self) -> None:
        """Let everything due happen and be delivered."""
        with self.transaction():
            pass

    def let_pass(self, seconds: float) -> None:
        """Move the clock on instead of waiting; everything due on the way happens."""
        with self.transaction(moves_clock=True) as (marketplace, _):
            self.timeline.move_to(marketplace, self.moment_after(seconds))

    def moment_after(self, seconds: float) -> int:
        """Return when a number of seconds will have passed; ValueError beyond the year 9999."""
        with self.transaction() as (_, now):
            if seconds > (LATEST - now) / SECOND:
                raise ValueError(
                    f"a sleep takes seconds that end by the year 9999, not {seconds!r}: "
                    f"it is {to_datetime(now)}"
                )
            return now + max(0, round(seconds * SECOND))

    @property
    def now(self) -> int:
        """The time of the clock, in microseconds since 1970."""
        with self.transaction() as (_, now):
            return now

    @property
    def is_forked(self) -> bool:
        """Whether the current process was forked from the one that the mock belongs to."""
        return os.getpid() != self.process

    def _refuse_fork(self) -> None:
        # Before the lock, which another thread may have held when the process was forked.
        if self.is_forked:
            raise RuntimeError(_FORKED.format(owner=self.process, caller=os.getpid()))

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Hold the lock; RuntimeError in a forked process, and while a worker of a crowd acts."""
        self._refuse_fork()
        with self.returned():
            self.marketplace.clock.require_free()
            yield

    @contextmanager
    def returned(self) -> Iterator[None]:
        """Hold the lock, after functions of the program in other threads; see `lend`."""
        with self.lock:
            self._await_return()
            yield
