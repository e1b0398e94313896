"""The service itself: one backend answers every request and every worker of a mock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from mturk_mock import operations
from mturk_mock.backend import service_model, validation
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.fault_list import AFTER
from mturk_mock.backend.serializer import Kept, encode_result
from mturk_mock.backend.settings import Settings
from mturk_mock.backend.transaction import Turns
from mturk_mock.backend.wire import Request, Response, decode_body, failure, success
from mturk_mock.core import errors
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message

if TYPE_CHECKING:
    from mturk_mock.backend.faults import Fault
    from mturk_mock.mock.fault_errors import Failure

_PRODUCTION_CALLED = (
    '{operation} was sent to production, but this mock was made with only="sandbox": give the '
    "client endpoint_url='https://mturk-requester-sandbox.us-east-1.amazonaws.com'."
)


class Backend(Turns):
    """Answers requests one at a time, each at one moment of the clock."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._kept = Kept()

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
        refused = call._replace(error=error, answer=())
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
            return success(call.answer, request_id, now)
        if isinstance(call.error, MTurkError):
            sandbox = request.environment == SANDBOX
            return failure(call.error, request_id, now, sandbox=sandbox)
        return call.error

    def _do(self, request: Request, marketplace: Marketplace, now: int) -> APICall:
        """Do what is asked for, unless a fault comes before it; return what came of it."""
        members: Mapping[str, Any] = {}
        answer: tuple[str, ...] = ()
        error: Failure | None = None
        fault: Fault | None = None
        try:
            params = self._read(request)
            members = params if isinstance(params, dict) else {}
            fault = self.faults.happening(request.operation, now)
            if fault is None or fault.when == AFTER:
                answer = self._perform(request, params, marketplace, now)
        except MTurkError as refusal:
            error = refusal
        if fault is not None:  # whatever the answer was, it is lost
            error = fault.make_failure(request, members)
        who = (request.requester, request.environment)
        return APICall(request.operation, members, *who, now, error, answer, fault)

    def _read(self, request: Request) -> Any:
        if request.refusal is not None:
            raise request.refusal
        if request.operation not in service_model.operation_names():
            raise errors.UNKNOWN_OPERATION(operation=request.operation)
        return decode_body(request.body)

    def _perform(
        self, request: Request, params: Any, marketplace: Marketplace, now: int
    ) -> tuple[str, ...]:
        members = validation.check_request(request.operation, params)
        call = operations.Call(
            request.operation,
            marketplace,
            marketplace.account(request.requester, request.environment),
            now,
            self.settings.refuses_unknown_workers,
            self.settings.lags,
        )
        return encode_result(request.operation, operations.answer(call, members), self._kept)
