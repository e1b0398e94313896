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

from mturk_mock import errors, operations
from mturk_mock.calls import APICall
from mturk_mock.clock import to_datetime
from mturk_mock.delivery import Delivery
from mturk_mock.errors import MTurkError
from mturk_mock.model.environment import PRODUCTION, SANDBOX
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
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


@dataclass(frozen=True)
class State:
    """Everything that a backend knows at one moment; what happens later does not change it."""

    marketplace: bytes  # pickled
    calls: tuple[APICall, ...]

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
        allowed, or for a bug of its own.
        """
        if self.settings.sandbox_only and request.environment == PRODUCTION:
            raise RuntimeError(_PRODUCTION_CALLED.format(operation=request.operation))
        with self.turn() as (marketplace, now):
            try:
                response = self._answer(request, marketplace, now)
            except Exception as bug:
                raise RuntimeError(
                    f"a bug in mturk_mock: it could not answer {request.operation} "
                    f"({type(bug).__name__}: {bug})"
                ) from bug
            call = self.calls[-1]
            tests = [message for message in marketplace.outbox if message.is_test]
        failed = [test for test in tests if test.failed]
        return self._undelivered(request, response, call, failed[0], now) if failed else response

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

    def _answer(self, request: Request, marketplace: Marketplace, now: int) -> Response:
        params: Mapping[str, Any] = {}
        request_id = marketplace.ids.request()
        try:
            params = self._read(request)
            body = self._perform(request, params, marketplace, now)
        except MTurkError as error:
            self._log(request, params, now, error=error)
            sandbox = request.environment == SANDBOX
            return failure(error, request_id, now, sandbox=sandbox)
        self._log(request, params, now, body=body)
        return success(body, request_id, now)

    def _read(self, request: Request) -> Any:
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
        )
        return encode_result(request.operation, operations.answer(call, members))

    def _log(
        self,
        request: Request,
        params: Any,
        now: int,
        *,
        body: bytes = b"",
        error: MTurkError | None = None,
    ) -> None:
        members = params if isinstance(params, dict) else {}
        who = (request.requester, request.environment)
        call = APICall(request.operation, members, *who, to_datetime(now), error, body)
        self.calls.append(call)

    def reset(self) -> None:
        """Begin anew, with the same settings."""
        with self._lock:
            self._marketplace = self._new_marketplace()
            self.calls.clear()

    def state(self) -> State:
        """Return all that there is now, what was due included."""
        self.settle()
        with self._lock:
            return State.of(self._marketplace, self.calls)

    def put(self, state: State) -> None:
        """Go on from `state`; the settings stay."""
        self._refuse_fork()
        marketplace = state.copy_marketplace()
        with self._lock:
            self._marketplace, self.calls = marketplace, list(state.calls)

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Work on a copy of everything, and be as before at the end."""
        with self._lock:
            marketplace, calls = self._marketplace, self.calls
            self._marketplace = pickle.loads(pickle.dumps(marketplace))
            self.calls = list(calls)
        try:
            yield
        finally:
            with self._lock:
                self._marketplace, self.calls = marketplace, calls
