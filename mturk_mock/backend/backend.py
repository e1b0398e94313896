"""The service itself: one backend answers every request to a mock."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError

from mturk_mock import operations
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.faults import AFTER, Faults
from mturk_mock.backend.settings import Settings
from mturk_mock.backend.state import GENERATIONS, State
from mturk_mock.backend.transaction import Transactions
from mturk_mock.backend.wire import JSON, Request, Response, Wire
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.errors import MTurkError, MTurkWarning
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.timeline import Timeline

#: What stands between the line of a program and this module.
_LIBRARIES: Final = ("mturk_mock", "botocore", "boto3", "aiobotocore")

_PRODUCTION_CALLED: Final = (
    '{operation} was sent to production, but this mock was made with only="sandbox": {advice}.'
)


class Backend:
    """Answers requests one at a time, each at one moment of the clock."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.calls: list[APICall] = []
        self.faults = Faults()
        self._warned: set[str] = set()
        self._transactions = Transactions(self._new_marketplace())

    def _new_marketplace(self) -> Marketplace:
        settings = self.settings
        return Marketplace(
            seed=settings.seed or 0,
            start=settings.now,
            balance=settings.balance,
            generation=next(GENERATIONS),
        )

    def handle(self, request: Request, wire: Wire = JSON) -> Response:
        """Answer one request, written as `wire` says.

        A refusal of the service is an error response. A RuntimeError says that this mock
        cannot answer: in a forked process, to production if only the sandbox is allowed,
        or for a bug of its own. A connection that fails on purpose is botocore's own
        exception, as its transport raises it.
        """
        if self.settings.sandbox_only and request.environment == PRODUCTION:
            called = _PRODUCTION_CALLED.format(operation=request.operation, advice=wire.advice)
            raise RuntimeError(called)
        with self.transaction() as (marketplace, now):
            request_id = marketplace.ids.request()
            with _bugs_named(request.operation):
                call = self._perform(request, wire, marketplace, now)
            self.calls.append(call)
            marketplace.journal.calls += 1
            tests = [message for message in marketplace.outbox if message.is_test]
        call.note_delivery(tests)  # they were delivered at the end of the transaction
        self._warn_of(call)
        if isinstance(call.error, BotoCoreError):
            raise call.error
        with _bugs_named(request.operation):
            if call.error is None:
                return wire.encode(call, request_id)
            return wire.fail(call.error, call, request_id)

    def _perform(self, request: Request, wire: Wire, marketplace: Marketplace, now: int) -> APICall:
        """Do what is asked for, unless a fault comes before it; return what came of it."""
        call = APICall(request.operation, {}, request.requester, request.environment, now)
        try:
            if request.refusal is not None:
                raise request.refusal
            params = wire.decode(request)
            call.params = params if isinstance(params, dict) else {}
            call.fault = self.faults.find(request.operation, now)
            if call.fault is None or call.fault.when == AFTER:
                members = wire.check(request.operation, params)
                call.answer = self._answer(call, members, marketplace)
        except MTurkError as refusal:
            call.error = refusal
        if call.fault is not None:  # the answer is lost
            call.error = call.fault.make_failure(request.url, call.params)
        return call

    def _answer(
        self, call: APICall, members: dict[str, Any], marketplace: Marketplace
    ) -> Mapping[str, Any]:
        operation = operations.Call(
            marketplace,
            marketplace.account(call.requester, call.environment),
            call.moment,
            call.operation,
            self.settings.refuses_unknown_workers,
            self.settings.lags,
            call.note_warning,
        )
        return operations.answer(operation, members)

    def _warn_of(self, call: APICall) -> None:
        """Give the warning of a call, once for each operation."""
        if call.warning is not None and call.operation not in self._warned:
            self._warned.add(call.operation)
            warnings.warn(call.warning, MTurkWarning, stacklevel=_level_of_program())

    def transaction(self) -> AbstractContextManager[tuple[Marketplace, int]]:
        """Hold the lock, and give marketplace and time; see `Transactions.transaction`."""
        return self._transactions.transaction()

    def peek(self) -> AbstractContextManager[Marketplace]:
        """Hold the lock, and give the marketplace, for `repr()`: nothing due happens."""
        return self._transactions.peek()

    def settle(self) -> None:
        """Let everything due happen and be delivered."""
        self._transactions.settle()

    def let_pass(self, seconds: float) -> None:
        """Move the clock on instead of waiting; everything due on the way happens."""
        self._transactions.let_pass(seconds)

    @property
    def now(self) -> int:
        """The time of the clock, in microseconds since 1970."""
        return self._transactions.now

    @property
    def is_forked(self) -> bool:
        """Whether the current process was forked from the one that the mock belongs to."""
        return self._transactions.is_forked

    @property
    def timeline(self) -> Timeline:
        """Runs what is due; its visitors are those of every marketplace of this mock."""
        return self._transactions.timeline

    def reset(self) -> None:
        """Start again from the initial state, with the same settings."""
        self._transactions.require_rest()
        with self._transactions.lock:
            self._transactions.marketplace = self._new_marketplace()
            self.calls.clear()
            self.faults.all.clear()

    def state(self) -> State:
        """Return the state, after everything due has happened."""
        self._transactions.require_rest()
        self.settle()
        with self._transactions.lock:
            return State.of(self._transactions.marketplace, self.calls, self.faults.save())

    def put(self, state: State) -> None:
        """Continue from `state`, with the settings of this backend."""
        self._transactions.require_rest()
        marketplace = state.copy_marketplace()
        with self._transactions.lock:
            self._transactions.marketplace, self.calls = marketplace, list(state.calls)
            self.faults.restore(state.faults)

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Work on a copy of the state, and go back to the original at the end."""
        transactions = self._transactions
        transactions.require_rest()
        with transactions.lock:
            marketplace, calls, faults = transactions.marketplace, self.calls, self.faults.save()
            transactions.marketplace = State.of(marketplace).copy_marketplace()
            self.calls = list(calls)
        try:
            yield
        finally:
            with transactions.lock:
                transactions.marketplace, self.calls = marketplace, calls
                self.faults.restore(faults)


def _level_of_program() -> int:
    """Return the `stacklevel` by which the caller's warning points at the line of the program."""
    frames = enumerate(traceback.walk_stack(sys._getframe(1)), 1)
    names = ((level, frame.f_globals.get("__name__", "")) for level, (frame, _) in frames)
    return next(level for level, name in names if name.partition(".")[0] not in _LIBRARIES)


@contextmanager
def _bugs_named(operation: str) -> Iterator[None]:
    """Raise a bug of the mock as a RuntimeError that names the operation."""
    try:
        yield
    except Exception as bug:
        raise RuntimeError(
            f"a bug in mturk_mock: it could not answer {operation} ({type(bug).__name__}: {bug})"
        ) from bug
