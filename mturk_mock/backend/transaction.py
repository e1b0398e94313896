"""One transaction at a time, each at one moment of the clock."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mturk_mock.backend.delivery import Delivery
from mturk_mock.core.clock import LATEST, SECOND, to_datetime
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.model.timeline import Timeline

_FORKED = (
    "this mock of Mechanical Turk belongs to process {owner}, and process {caller} was forked "
    "from it: what it did would never be seen there. Start a mock in the new process instead."
)


class Transactions:
    """A marketplace, the lock around it, and the delivery of what it announces."""

    def __init__(self, marketplace: Marketplace) -> None:
        self.marketplace = marketplace
        self.timeline = Timeline()
        self.lock = threading.RLock()
        self.process = os.getpid()
        self._depth = 0  # nested transactions of the thread that holds the lock
        self._delivery = Delivery()

    @contextmanager
    def transaction(self) -> Iterator[tuple[Marketplace, int]]:
        """Hold the lock; what is due has happened, and the clock does not move.

        What the transaction itself brings about at once, such as the work of a review policy,
        happens at its end. Notifications are delivered after the outermost transaction, without
        the lock: what receives them may call back.
        """
        self._refuse_fork()
        posted: list[Message] = []
        try:
            with self.lock:
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
        with self.transaction() as (marketplace, _):
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

    def require_rest(self) -> None:
        """Raise RuntimeError in a forked process, and while a worker of a crowd is acting."""
        self._refuse_fork()
        with self.lock:
            self.marketplace.clock.require_free()
