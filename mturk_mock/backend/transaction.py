"""The turns of a mock: one at a time, each at one moment; and its state, kept and taken back."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mturk_mock.backend.calls import APICall
from mturk_mock.backend.delivery import Delivery
from mturk_mock.backend.fault_list import Faults
from mturk_mock.backend.settings import Settings
from mturk_mock.core.clock import SECOND
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.model.visitor import Visitor

if TYPE_CHECKING:
    from mturk_mock.backend.faults import Fault, Progress

_FORKED = (
    "this mock of Mechanical Turk belongs to process {owner}, and process {caller} was forked "
    "from it: what it did would never be seen there. Start a mock in the new process instead."
)


@dataclass(frozen=True)
class State:
    """Everything that a backend knows at one moment; what happens later does not change it."""

    marketplace: bytes  # pickled
    calls: tuple[APICall, ...]
    faults: tuple[tuple[Fault, Progress], ...] = ()

    @classmethod
    def of(cls, marketplace: Marketplace, calls: Iterable[APICall] = ()) -> State:
        """Return the state of a marketplace that nobody is at work on."""
        return cls(pickle.dumps(marketplace), tuple(calls))

    def copy_marketplace(self) -> Marketplace:
        """Return a marketplace of its own, each time a new one."""
        marketplace: Marketplace = pickle.loads(self.marketplace)
        return marketplace


class Turn:
    """One turn of a mock: a context manager that gives the marketplace and the time.

    Each API call is one, and takes 17 thousand instructions for it; by a generator it took 27.
    """

    __slots__ = ("_marketplace", "_now", "_turns")

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def __enter__(self) -> tuple[Marketplace, int]:
        self._marketplace, self._now = held = self._turns.open_turn()
        return held

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        try:
            if error is None:
                self._marketplace.run_due(self._now)
        finally:
            self._turns.close_turn()


class Turns:
    """The marketplace of a mock, and who may touch it when."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.calls: list[APICall] = []
        self.faults = Faults()
        self.visitors: dict[str, Visitor] = {}  # by name; of every marketplace there is or was
        self._lock = threading.RLock()
        self._turns_open = 0  # in one another; of the thread that holds the lock
        self._delivery = Delivery()
        self._process = os.getpid()
        self._marketplace = self._new_marketplace()

    def _new_marketplace(self) -> Marketplace:
        settings = self.settings
        return Marketplace(seed=settings.seed or 0, start=settings.now, balance=settings.balance)

    def turn(self) -> Turn:
        """Hold the backend still: what is due has happened, and the time does not move.

        What the turn itself brings about at once, such as a review policy's work, happens
        at its end. What was announced is delivered after the outermost turn, when others
        can have theirs: whoever gets it may call back.
        """
        self._refuse_fork()
        return Turn(self)

    def open_turn(self) -> tuple[Marketplace, int]:
        """Begin a turn, for `Turn`."""
        self._lock.acquire()
        self._turns_open += 1
        try:
            marketplace = self._marketplace
            marketplace.visitors = self.visitors
            now = marketplace.clock.read()
            marketplace.run_due(now)
        except BaseException:
            self.close_turn()
            raise
        return marketplace, now

    def close_turn(self) -> None:
        """End a turn, for `Turn`."""
        posted: list[Message] = []
        try:
            self._turns_open -= 1
            if not self._turns_open and self._marketplace.outbox:
                posted = self._marketplace.post()
        finally:
            self._lock.release()
        if posted:
            self._delivery.deliver(posted)

    def settle(self) -> None:
        """Let what is due happen, and be delivered."""
        with self.turn():
            pass

    def _refuse_fork(self) -> None:
        # Before the lock, which another thread may have held when the process was forked.
        if self.is_forked:
            raise RuntimeError(_FORKED.format(owner=self._process, caller=os.getpid()))

    def let_pass(self, seconds: float) -> None:
        """Move the clock on instead of waiting; everything due on the way happens."""
        with self.turn() as (marketplace, now):
            marketplace.move_to(now + max(0, round(seconds * SECOND)))

    @property
    def now(self) -> int:
        """The time it is, in microseconds since 1970."""
        with self.turn() as (_, now):
            return now

    @property
    def is_forked(self) -> bool:
        """Whether this is another process than the one that the mock is of."""
        return os.getpid() != self._process

    def _require_rest(self) -> None:
        """Raise RuntimeError in a forked process, and while a person of a crowd does something."""
        self._refuse_fork()
        with self._lock:
            self._marketplace.clock.require_free()

    def reset(self) -> None:
        """Begin anew, with the same settings."""
        self._require_rest()
        with self._lock:
            self._marketplace = self._new_marketplace()
            self.calls.clear()
            self.faults.all.clear()

    def state(self) -> State:
        """Return all that there is now, what was due included."""
        self._require_rest()
        self.settle()
        with self._lock:
            state = State.of(self._marketplace, self.calls)
            return replace(state, faults=tuple(self.faults.saved()))

    def put(self, state: State) -> None:
        """Go on from `state`; the settings stay."""
        self._require_rest()
        marketplace = state.copy_marketplace()
        with self._lock:
            self._marketplace, self.calls = marketplace, list(state.calls)
            self.faults.restore(state.faults)

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Work on a copy of everything, and be as before at the end."""
        self._require_rest()
        with self._lock:
            marketplace, calls, faults = self._marketplace, self.calls, self.faults.saved()
            self._marketplace = State.of(marketplace).copy_marketplace()
            self.calls = list(calls)
        try:
            yield
        finally:
            with self._lock:
                self._marketplace, self.calls = marketplace, calls
                self.faults.restore(faults)
