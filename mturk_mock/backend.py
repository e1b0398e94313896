"""The service itself: one backend answers every request and every worker of a mock."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError

from mturk_mock import errors, operations
from mturk_mock.calls import APICall
from mturk_mock.clock import to_datetime
from mturk_mock.delivery import Delivery
from mturk_mock.errors import MTurkError
from mturk_mock.fault_errors import AFTER, Failure
from mturk_mock.faults import Fault, Faults, Progress
from mturk_mock.model.environment import PRODUCTION, SANDBOX
from mturk_mock.model.lags import Lags
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.model.visitor import Visitor
from mturk_mock.protocol import service_model, validation
from mturk_mock.protocol.serializer import encode_result
from mturk_mock.protocol.wire import Request, Response, decode_body, failure, success

_FORKED = (
    "this mock of Mechanical Turk belongs to process {owner}, and process {caller} was forked "
    "from it: what it did would never be seen there. Start a mock in the new process instead."
)
_PRODUCTION_CALLED = (
    '{operation} was sent to production, but this mock was made with only="sandbox": give the '
    "client endpoint_url='https://mturk-requester-sandbox.us-east-1.amazonaws.com'."
)


@dataclass(frozen=True)
class Settings:
    """What a backend starts with: the options of `mock_mturk`, checked."""

    seed: int
    start: int | None  # microseconds since 1970; None follows the time of the machine
    balance: Decimal
    unknown_workers_refused: bool
    sandbox_only: bool
    accounts: Mapping[str, str] | None  # requesters by access key; None asks for no key
    lags: Lags
    sleep_advances: bool


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


class Backend:
    """Answers requests one at a time, each at one moment of the clock."""

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
        return Marketplace(seed=settings.seed, start=settings.start, balance=settings.balance)

    @contextmanager
    def turn(self) -> Iterator[tuple[Marketplace, int]]:
        """Hold the backend still: what is due has happened, and the time does not move.

        What the turn itself brings about at once, such as a review policy's work, happens
        at its end. What was announced is delivered after the outermost turn, when others
        can have theirs: whoever gets it may call back.
        """
        self._refuse_fork()
        posted: list[Message] = []
        try:
            with self._lock:
                self._turns_open += 1
                try:
                    marketplace = self._marketplace
                    marketplace.visitors = self.visitors
                    now = marketplace.clock.read()
                    marketplace.run_due(now)
                    yield marketplace, now
                    marketplace.run_due(now)
                finally:
                    self._turns_open -= 1
                    if not self._turns_open:
                        posted = self._marketplace.post()
        finally:
            if posted:
                self._delivery.deliver(posted)

    def settle(self) -> None:
        """Let what is due happen, and be delivered."""
        with self.turn():
            pass

    def _refuse_fork(self) -> None:
        # Before the lock, which another thread may have held when the process was forked.
        if os.getpid() != self._process:
            raise RuntimeError(_FORKED.format(owner=self._process, caller=os.getpid()))

    def handle(self, request: Request) -> Response:
        """Answer one request.

        What the service refuses is an error response. A RuntimeError says that this mock
        cannot answer: in a forked process, to production where only the sandbox is
        allowed, or for a bug of its own. A connection that fails on purpose is botocore's own
        exception, as its transport raises it.
        """
        if self.settings.sandbox_only and request.environment == PRODUCTION:
            raise RuntimeError(_PRODUCTION_CALLED.format(operation=request.operation))
        with self.turn() as (marketplace, now):
            try:
                outcome = self._answer(request, marketplace, now)
            except Exception as bug:
                raise RuntimeError(
                    f"a bug in mturk_mock: it could not answer {request.operation} "
                    f"({type(bug).__name__}: {bug})"
                ) from bug
            call = self.calls[-1]
            tests = [message for message in marketplace.outbox if message.is_test]
        if not isinstance(outcome, Response):
            raise outcome
        failed = [test for test in tests if test.failed]
        if failed and call.fault is None:
            return self._undelivered(request, outcome, call, failed[0], now)
        return outcome

    def _undelivered(
        self, request: Request, response: Response, call: APICall, test: Message, now: int
    ) -> Response:
        """Answer a test event that could not be delivered, which is known after its turn."""
        error = errors.TEST_EVENT_NOT_DELIVERED(
            destination=test.specification.destination, reason=test.reason
        )
        refused = replace(call, error=error, body=b"")
        with self._lock:
            self.calls = [refused if each is call else each for each in self.calls]
        request_id = response.headers["x-amzn-RequestId"]
        return failure(error, request_id, now, sandbox=request.environment == SANDBOX)

    def _answer(
        self, request: Request, marketplace: Marketplace, now: int
    ) -> Response | BotoCoreError:
        """Return the response, or how the connection fails on purpose."""
        request_id = marketplace.ids.request()
        call = self._do(request, marketplace, now)
        self.calls.append(call)
        if call.error is None:
            return success(call.body, request_id, now)
        if isinstance(call.error, MTurkError):
            sandbox = request.environment == SANDBOX
            return failure(call.error, request_id, now, sandbox=sandbox)
        return call.error

    def _do(self, request: Request, marketplace: Marketplace, now: int) -> APICall:
        """Do what is asked for, unless a fault comes before it; return what came of it."""
        members: Mapping[str, Any] = {}
        body = b""
        error: Failure | None = None
        fault: Fault | None = None
        try:
            params = self._read(request)
            members = params if isinstance(params, dict) else {}
            fault = self.faults.happening(request.operation, now)
            if fault is None or fault.when == AFTER:
                body = self._perform(request, params, marketplace, now)
        except MTurkError as refusal:
            error = refusal
        if fault is not None:  # whatever the answer was, it is lost
            error = fault.make_failure(request, members)
        who = (request.requester, request.environment)
        return APICall(request.operation, members, *who, to_datetime(now), error, body, fault)

    def _read(self, request: Request) -> Any:
        if request.refusal is not None:
            raise request.refusal
        if request.operation not in service_model.operation_names():
            raise errors.UNKNOWN_OPERATION(operation=request.operation)
        return decode_body(request.body)

    def _perform(self, request: Request, params: Any, marketplace: Marketplace, now: int) -> bytes:
        members = validation.check_request(request.operation, params)
        call = operations.Call(
            request.operation,
            marketplace,
            marketplace.account(request.requester, request.environment),
            now,
            self.settings.unknown_workers_refused,
            self.settings.lags,
        )
        return encode_result(request.operation, operations.answer(call, members))

    def reset(self) -> None:
        """Begin anew, with the same settings."""
        with self._lock:
            self._marketplace = self._new_marketplace()
            self.calls.clear()
            self.faults = Faults()

    def state(self) -> State:
        """Return all that there is now, what was due included."""
        self.settle()
        with self._lock:
            state = State.of(self._marketplace, self.calls)
            return replace(state, faults=tuple(self.faults.saved()))

    def put(self, state: State) -> None:
        """Go on from `state`; the settings stay."""
        self._refuse_fork()
        marketplace = state.copy_marketplace()
        with self._lock:
            self._marketplace, self.calls = marketplace, list(state.calls)
            self.faults.restore([(fault, replace(progress)) for fault, progress in state.faults])

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Work on a copy of everything, and be as before at the end."""
        with self._lock:
            marketplace, calls, faults = self._marketplace, self.calls, self.faults.saved()
            self._marketplace = pickle.loads(pickle.dumps(marketplace))
            self.calls = list(calls)
        try:
            yield
        finally:
            with self._lock:
                self._marketplace, self.calls = marketplace, calls
                self.faults.restore(faults)
