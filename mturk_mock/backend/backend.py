"""The backend of a mock, which answers all requests to it."""

from __future__ import annotations

import logging
import sys
import traceback
import uuid
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError

from mturk_mock import operations
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.delivery import Delivery
from mturk_mock.backend.faults import AFTER, Faults
from mturk_mock.backend.recording import CALL, Change, Recorder, Recording, outcome_of
from mturk_mock.backend.settings import Settings
from mturk_mock.backend.state import GENERATIONS, State
from mturk_mock.backend.transaction import Ending, Listener, Transactions
from mturk_mock.backend.wire import JSON, Request, Response, Wire
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.errors import MTurkError, MTurkWarning
from mturk_mock.core.sites import SERVICE, Sites
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.model.timeline import Timeline

log: Final = logging.getLogger("mturk_mock")

#: Packages whose frames lie between a line of the program and this module.
_LIBRARIES: Final = ("mturk_mock", "botocore", "boto3", "aiobotocore")

_PRODUCTION_CALLED: Final = (
    '{operation} was sent to production, but this mock was made with only="sandbox": {advice}.'
)


_NO_COPY: Final = (
    "isolated() is not possible on a server with a state file, which records every change: use a "
    "server without one"
)
#: The beginnings of the names of operations that change nothing.
_READS: Final = ("Get", "List")


class ProductionCalled(RuntimeError):
    """A call to production, by a program that may use the sandbox only."""


class Answering(NamedTuple):
    """A request whose operation was performed.

    ``call``: the logged call, and its ``number``. ``tests``: the test notifications that it sends.
    ``ending``: what is left to do before the response.
    """

    call: APICall
    number: int
    request_id: str
    wire: Wire
    tests: list[Message]
    ending: Ending


class Backend:
    """Handles one request at a time; the clock does not move during a request."""

    def __init__(
        self, settings: Settings, sites: Sites = SERVICE, delivery: Delivery | None = None
    ) -> None:
        self.settings = settings
        self.sites = sites
        self.calls = self._new_log()
        self.faults = Faults()
        self._warned: set[str] = set()
        self._transactions = Transactions(self._new_marketplace(), delivery or Delivery())

    def _new_log(self, calls: Iterable[APICall] = ()) -> deque[APICall]:
        """Return a log of calls, which keeps the latest ones if the settings bound it."""
        return deque(calls, self.settings.calls)

    @property
    def dropped_calls(self) -> int:
        """The number of earlier calls that a bounded log no longer has."""
        is_full = len(self.calls) == self.calls.maxlen
        made = self._transactions.marketplace.activity.calls
        return made - len(self.calls) if is_full else 0

    def _new_marketplace(self) -> Marketplace:
        settings = self.settings
        return Marketplace(
            seed=settings.seed or 0,
            start=settings.now,
            balance=settings.balance,
            generation=next(GENERATIONS),
        )

    def handle(self, request: Request, wire: Wire = JSON) -> Response:
        """Answer one request; `wire` decodes the request and encodes the response.

        An error of the service is an error response. Raises RuntimeError if the mock cannot
        answer: in a forked process, for a call to production with ``only="sandbox"``, or
        because of a bug in the mock. An injected connection failure raises botocore's
        exception, as its transport would.
        """
        return self.complete(self.begin(request, wire))

    def begin(self, request: Request, wire: Wire = JSON) -> Answering:
        """Perform the operation of a request, as `handle`; `complete` returns the response."""
        if self.settings.sandbox_only and request.environment == PRODUCTION:
            called = _PRODUCTION_CALLED.format(operation=request.operation, advice=wire.advice)
            raise ProductionCalled(called)
        endings: list[Ending] = []
        with self._transactions.transaction(later=endings) as (marketplace, now):
            request_id = self.request_id(marketplace)
            with _report_bugs(request.operation):
                call = self.perform(request, wire, marketplace, now)
            self.calls.append(call)
            marketplace.activity.calls += 1
            number = marketplace.activity.calls
            tests = [message for message in marketplace.outbox if message.is_test]
            if not tests:
                _tell(call, number, marketplace)
        return Answering(call, number, request_id, wire, tests, endings[0])

    def begin_at_once(self, request: Request, wire: Wire = JSON) -> Answering | None:
        """Begin as `begin` does if nothing can make that wait, or else return None."""
        with self._transactions.at_once() as is_possible:
            return self.begin(request, wire) if is_possible else None

    def complete(self, answering: Answering) -> Response:
        """Return the response when all that it could have seen is on disk."""
        call = answering.call
        self._transactions.finish(answering.ending)
        if answering.tests:
            call.note_delivery(answering.tests)  # they are delivered now
            with self.transaction() as (marketplace, _):
                _tell(call, answering.number, marketplace)
        self._warn_of(call)
        if isinstance(call.error, BotoCoreError):
            raise call.error
        with _report_bugs(call.operation):
            if call.error is None:
                return answering.wire.encode(call, answering.request_id)
            return answering.wire.fail(call.error, call, answering.request_id)

    def request_id(self, marketplace: Marketplace) -> str:
        """Return the ID of one HTTP request; reads have one too, so records do not depend on it."""
        recorded = self._transactions.recorder is not None
        return str(uuid.uuid4()) if recorded else marketplace.ids.request()

    def perform(self, request: Request, wire: Wire, marketplace: Marketplace, now: int) -> APICall:
        """Perform the operation, unless a fault comes before it; return the logged call."""
        call = APICall(request.operation, {}, request.requester, request.environment, now)
        try:
            if request.refusal is not None:
                raise request.refusal
            params = wire.decode(request)
            call.params = params if isinstance(params, dict) else {}
            call.fault = self.faults.find(request.operation, now)
            if call.fault is None or call.fault.when == AFTER:
                members = wire.check(request.operation, params)
                with self._recording_call(call, request, wire, marketplace):
                    call.answer = self._answer(call, members, marketplace)
        except MTurkError as refusal:
            call.error = _without_origin(refusal)
        if call.fault is not None:  # the answer is lost
            call.error = call.fault.make_failure(request.url, call.params)
        return call

    @contextmanager
    def _recording_call(
        self, call: APICall, request: Request, wire: Wire, marketplace: Marketplace
    ) -> Iterator[None]:
        """Record a call that can change the marketplace, or that has created what it names."""
        recorder = self._transactions.recorder
        if recorder is None:
            yield
            return
        known = len(marketplace.accounts), len(marketplace.people)
        try:
            with _noting_refusal(call):
                yield
            created = known != (len(marketplace.accounts), len(marketplace.people))
            if created or not call.operation.startswith(_READS):
                recorder.record(_change_of(call, request, wire))
        except BaseException:
            recorder.spoil()
            raise
        if call.error is not None:
            raise call.error

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
            self.sites.files,
            call.note_warning,
        )
        return operations.answer(operation, members)

    def _warn_of(self, call: APICall) -> None:
        """Emit a call's warning, once for each operation; a server writes it to its log."""
        if call.warning is not None and call.operation not in self._warned:
            self._warned.add(call.operation)
            if self.sites.is_served:  # the program is in another process, or another thread
                log.warning("%s", call.warning)
                return
            warnings.warn(call.warning, MTurkWarning, stacklevel=_stacklevel_of_program())

    def transaction(
        self, *, moves_clock: bool = False
    ) -> AbstractContextManager[tuple[Marketplace, int]]:
        """Hold the lock, and yield marketplace and time; see `Transactions.transaction`."""
        return self._transactions.transaction(moves_clock=moves_clock)

    def recording(self, kind: str, actor: str, now: int) -> Recording:
        """Record the change that a `with` block makes, and describes in the `Change`."""
        return Recording(self._transactions.recorder, Change(kind, actor, now))

    def record_state(self) -> None:
        """Record the whole state, after a change of another kind; within a transaction."""
        if self._transactions.recorder is not None:
            self._transactions.recorder.record_state(self._transactions.marketplace)

    def record_with(self, recorder: Recorder) -> None:
        """Record all changes from now on."""
        self._transactions.recorder = recorder

    def at_rest(self) -> AbstractContextManager[None]:
        """Hold the lock while no transaction runs; see `Transactions.at_rest`."""
        return self._transactions.at_rest()

    def install(self, marketplace: Marketplace, generation: int | None) -> None:
        """Use another marketplace, and give it a generation; with the lock."""
        marketplace.generation = generation
        self._transactions.marketplace = marketplace
        self._transactions.tell("StateRestored")

    def listen(self, listener: Listener) -> None:
        """Tell a listener what happens from now on."""
        self._transactions.listen(listener)

    def lend(self) -> AbstractContextManager[None]:
        """Let other threads make calls during a callback; see `Transactions.lend`."""
        return self._transactions.lend()

    def peek(self) -> AbstractContextManager[Marketplace]:
        """Hold the lock, and yield the marketplace without running due events, for `repr()`."""
        return self._transactions.peek()

    def settle(self) -> None:
        """Run all due events, and deliver their notifications."""
        self._transactions.settle()

    def let_pass(self, seconds: float) -> None:
        """Move the clock forward instead of waiting, and run the events due in between."""
        self._transactions.let_pass(seconds)

    def moment_after(self, seconds: float) -> int:
        """Return the time in so many seconds; raise ValueError if it is after the year 9999."""
        return self._transactions.moment_after(seconds)

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
        """The timeline, whose visitors belong to every marketplace of this mock."""
        return self._transactions.timeline

    def reset(self) -> None:
        """Reset to the initial state, keeping the settings."""
        with self._transactions.replacing("StateReset"):
            self._transactions.marketplace = self._new_marketplace()
            self.calls.clear()
            self.faults.all.clear()

    def state(self) -> State:
        """Return the state, after running all due events."""
        self.settle()
        with self._transactions.at_rest():
            return State.of(self._transactions.marketplace, self.calls, self.faults.save())

    def put(self, state: State) -> None:
        """Replace the state with `state`, keeping the settings of this backend."""
        marketplace = state.copy_marketplace()
        with self._transactions.replacing("StateRestored"):
            self._transactions.marketplace, self.calls = marketplace, self._new_log(state.calls)
            self.faults.restore(state.faults)

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Work on a copy of the state, and restore the original at the end."""
        transactions = self._transactions
        if transactions.recorder is not None:
            raise RuntimeError(_NO_COPY)
        with transactions.at_rest():
            marketplace, calls, faults = transactions.marketplace, self.calls, self.faults.save()
            visitors = dict(self.timeline.visitors)
            transactions.marketplace = State.of(marketplace).copy_marketplace()
            self.calls = self._new_log(calls)
        try:
            yield
        finally:
            with transactions.after_callbacks():
                transactions.marketplace, self.calls = marketplace, calls
                transactions.tell("StateRestored")
                self.faults.restore(faults)
                self.timeline.visitors = visitors


def _without_origin(error: MTurkError) -> MTurkError:
    """Return an error without its traceback and context, which keep the request in memory."""
    error.__traceback__ = error.__context__ = None
    return error


def _tell(call: APICall, number: int, marketplace: Marketplace) -> None:
    """Tell a listener of a call, by its number and the code of its error."""
    if marketplace.activity.occurrences is not None:
        marketplace.activity.tell(
            call.moment,
            "APICall",
            number=number,
            operation=call.operation,
            requester=call.requester,
            environment=call.environment,
            error=call.error_code,
        )


@contextmanager
def _noting_refusal(call: APICall) -> Iterator[None]:
    """Make an error of the service the error of the call."""
    try:
        yield
    except MTurkError as refusal:
        call.error = refusal


def _change_of(call: APICall, request: Request, wire: Wire) -> Change:
    """Return the record of a call that was performed."""
    body = {
        "operation": call.operation,
        "environment": call.environment,
        "version": wire.version,
        "body": request.body.decode(errors="surrogateescape"),
    }
    return Change(CALL, call.requester, call.moment, body, outcome_of(call))


def _stacklevel_of_program() -> int:
    """Return the `stacklevel` that makes the caller's warning point at the program."""
    frames = enumerate(traceback.walk_stack(sys._getframe(1)), 1)
    names = ((level, frame.f_globals.get("__name__", "")) for level, (frame, _) in frames)
    return next(level for level, name in names if name.partition(".")[0] not in _LIBRARIES)


@contextmanager
def _report_bugs(operation: str) -> Iterator[None]:
    """Turn an unexpected exception into a RuntimeError that names the operation."""
    try:
        yield
    except Exception as bug:
        raise RuntimeError(
            f"a bug in mturk_mock: it could not answer {operation} ({type(bug).__name__}: {bug})"
        ) from bug
