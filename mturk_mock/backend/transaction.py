"""Transactions: one at a time, each at one moment of the clock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from mturk_mock.backend.delivery import Delivery
from mturk_mock.backend.recording import DELIVERY, Batch, Change, Recorder
from mturk_mock.core.clock import LATEST, SECOND, to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.activity import Occurrence
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.model.timeline import Timeline

_FORKED = (
    "this mock of Mechanical Turk belongs to process {owner}, and process {caller} was forked "
    "from it: changes made there would be lost. Start a mock in the new process instead."
)


#: The timeout, in seconds, for a callback in another thread; see `Transactions.lend`.
CALLBACK_TIMEOUT: Final = 10.0


class Listener(Protocol):
    """Hears what happens. Its methods must not wait."""

    def add(self, happened: list[Occurrence]) -> int:
        """Add what has happened, in order, and return the count of all; called with the lock."""

    def show(self, count: int) -> None:
        """Note that so many have happened for good: they are on disk if there is a state file."""


@dataclass
class Ending:
    """What is left to do after a transaction, without the lock: see `Transactions.finish`."""

    batch: Batch | None = None
    posted: list[Message] = field(default_factory=list)
    show: Callable[[], object] | None = None


class Transactions:
    """A marketplace, its lock, the delivery of its notifications, and the recorder of changes.

    `recorder`: None, if nothing is recorded.
    """

    def __init__(self, marketplace: Marketplace, delivery: Delivery) -> None:
        self.marketplace = marketplace
        self.timeline = Timeline()
        self.lock = threading.RLock()
        self.process = os.getpid()
        self._lender: int | None = None  # the thread that lends the lock
        self._callback_ended = threading.Condition(self.lock)
        self._depth = 0  # nested transactions of the thread that holds the lock
        self._delivery = delivery
        self.recorder: Recorder | None = None
        self._listener: Listener | None = None
        self._happened: list[Occurrence] | None = None  # a list if there is a listener

    @contextmanager
    def transaction(
        self, *, moves_clock: bool = False, later: list[Ending] | None = None
    ) -> Iterator[tuple[Marketplace, int]]:
        """Hold the lock, run all due events, and yield the marketplace and the time.

        The clock does not move during the transaction. Events that the transaction makes due,
        such as a run of a review policy, run at its end. Notifications are delivered after the
        outermost transaction, without the lock, because receivers can call back. `moves_clock`:
        first wait for callbacks in other threads; see `lend`. `later`: a list, to which what is
        left to do is added instead of doing it, if the block raises nothing.

        With a recorder, the outermost transaction ends when all that it could have seen is on
        disk. Raises NOT_STORED if that cannot be.
        """
        self._refuse_fork()
        ending = Ending()
        try:
            with self.lock, self._counted(ending, moves_clock):
                marketplace = self.marketplace
                now = marketplace.clock.read()
                self.timeline.run_due(marketplace, now)
                if self._depth == 1:
                    ending.posted += marketplace.post()
                yield marketplace, now
                self.timeline.run_due(marketplace, now)
        except BaseException:
            self.finish(ending)
            raise
        if later is None:
            self.finish(ending)
        else:
            later.append(ending)

    @contextmanager
    def at_once(self) -> Iterator[bool]:
        """Yield whether a transaction in this block begins and ends without waiting.

        It may have to wait for the lock, for events that are due, for functions of a crowd, or
        for the state file to be read again.
        """
        if not self.lock.acquire(blocking=False):
            yield False
            return
        try:
            yield self._is_quiet()
        finally:
            self.lock.release()

    def _is_quiet(self) -> bool:
        if self.timeline.visitors or self._lender is not None:
            return False
        if self.recorder is not None and not self.recorder.is_ready:
            return False
        due = self.marketplace.schedule.next_due()
        return due is None or due > self.marketplace.clock.read()

    @contextmanager
    def _counted(self, ending: Ending, moves_clock: bool) -> Iterator[None]:
        """Count a transaction, prepare the outermost one, and set its ending."""
        if moves_clock:
            self._await_callbacks()
        if not self._depth and self.recorder is not None:
            self.recorder.prepare(may_reload=self._lender is None)
            self.marketplace.clock.never_go_back(self.marketplace.clock.read())
        self._depth += 1
        self.marketplace.activity.occurrences = self._happened
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                ending.posted += self.marketplace.post()
                ending.batch = self._end(moves_clock, ending.posted)
                ending.show = self._tell()

    def _end(self, moves_clock: bool, posted: list[Message]) -> Batch | None:
        """Return the changes to wait for; after a change in part, take back the notifications."""
        if self.recorder is None:
            return None
        if self.timeline.is_halfway:
            self.timeline.is_halfway = False
            self.recorder.spoil()
        if self.recorder.is_spoiled:
            posted.clear()
        elif moves_clock:
            self.recorder.record_clock(self.marketplace)
        return self.recorder.latest()

    def listen(self, listener: Listener) -> None:
        """Tell a listener what happens, from the next transaction on."""
        with self.lock:
            self._listener, self._happened = listener, []

    def tell(self, kind: str) -> None:
        """Tell the listener of something that concerns the whole marketplace, with the lock."""
        if self._happened is not None:
            self._happened.append(Occurrence(self.marketplace.clock.read(), kind, {}))

    def _tell(self) -> Callable[[], object] | None:
        """Tell the listener what has happened; return what to call when it is on disk."""
        if self._listener is None or not self._happened:
            return None
        count = self._listener.add(self._happened)
        self._happened.clear()  # in place: a transaction that lends the lock goes on with it
        return partial(self._listener.show, count)

    def finish(self, ending: Ending) -> None:
        """Wait until the changes are on disk, and deliver the notifications."""
        if ending.batch is not None:
            ending.batch.wait()
        if ending.show is not None:
            ending.show()
        if ending.posted:
            delivered = self._delivery.deliver(ending.posted)
            if self.recorder is not None and delivered:
                self._record_outcomes(self.recorder, delivered)

    def _record_outcomes(self, recorder: Recorder, delivered: Sequence[Message]) -> None:
        """Record what became of the notifications, if that is possible: they are sent anyway."""
        with suppress(MTurkError):
            with self.lock:
                change = Change(DELIVERY, "", self.marketplace.clock.read())
                change.body = {"outcomes": _outcomes(self.marketplace, delivered)}
                recorder.record(change)
                ending = Ending(recorder.latest())
            self.finish(ending)

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Release the lock during a callback, that is, a function of the program.

        The callback can then wait for threads that call the API. The clock does not move
        meanwhile. One thread at a time lends the lock, and only within a transaction.
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
                self._callback_ended.notify_all()

    def _await_callbacks(self) -> None:
        """Wait until no other thread lends the lock, or for the timeout, to avoid a deadlock."""
        me = threading.get_ident()
        self._callback_ended.wait_for(lambda: self._lender in (None, me), CALLBACK_TIMEOUT)

    @contextmanager
    def peek(self) -> Iterator[Marketplace]:
        """Hold the lock, and yield the marketplace without running due events."""
        self._refuse_fork()
        with self.lock:
            yield self.marketplace

    def settle(self) -> None:
        """Run all due events, and deliver their notifications."""
        with self.transaction():
            pass

    def let_pass(self, seconds: float) -> None:
        """Move the clock forward instead of waiting, and run the events due in between."""
        with self.transaction(moves_clock=True) as (marketplace, _):
            self.timeline.move_to(marketplace, self.moment_after(seconds))

    def moment_after(self, seconds: float) -> int:
        """Return the time in so many seconds; raise ValueError if it is after the year 9999."""
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
        # Checked before taking the lock, which another thread may have held during the fork.
        if self.is_forked:
            raise RuntimeError(_FORKED.format(owner=self.process, caller=os.getpid()))

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Hold the lock; raise RuntimeError in a forked process, or while a crowd's worker acts."""
        self._refuse_fork()
        with self.after_callbacks():
            self.marketplace.clock.require_free()
            yield

    @contextmanager
    def replacing(self, kind: str) -> Iterator[None]:
        """Hold the lock, as `at_rest`, in a block that replaces the marketplace; tell `kind`."""
        recorder, batch = self.recorder, None
        with self.at_rest():
            if recorder is not None:
                recorder.prepare(may_reload=True)
            yield
            if recorder is not None:
                recorder.record_state(self.marketplace)
                batch = recorder.latest()
            self.tell(kind)
            show = self._tell()
        self.finish(Ending(batch, [], show))

    @contextmanager
    def after_callbacks(self) -> Iterator[None]:
        """Hold the lock after waiting for callbacks in other threads; see `lend`."""
        with self.lock:
            self._await_callbacks()
            yield


def _outcomes(marketplace: Marketplace, delivered: Sequence[Message]) -> dict[str, str | None]:
    """Return why each message was not delivered, None if it was, by number as a text."""
    missing, found = {id(message) for message in delivered}, {}
    sent = marketplace.notifications
    for number in range(len(sent) - 1, -1, -1):  # they are among the latest
        if id(sent[number]) in missing:
            missing.discard(id(sent[number]))
            found[str(number)] = sent[number].reason
        if not missing:
            break
    return found
