"""botocore's and aiobotocore's own retries, without the waits between them.

While a mock is on, a request for Mechanical Turk does not wait before it is tried again:
the mock's clock moves by that much, and everything due on the way happens. Requests for
other services wait as ever. Three things wait:

- `botocore.endpoint`, by the `sleep` of the module `time` that it has imported, in every mode;
- `TokenBucket.acquire` in adaptive mode, by a condition, and for ever where the time that
  `time.time()` tells is made to stand still;
- the same two of aiobotocore, by coroutines.

A context variable says that a request is for Mechanical Turk; threads and tasks have their
own. What a bucket makes wait follows the attempt that it should precede: our answer is the
first handler's, and the bucket a later one. [assumed]
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from types import ModuleType
from typing import Any

import botocore.endpoint
from botocore.exceptions import CapacityNotAvailableError
from botocore.retries.bucket import TokenBucket

from mturk_mock.backend.backend import Backend
from mturk_mock.interception.patches import Answering, Replacements, StandIn


class RetryPatch:
    """What waits between retries, replaced for as long as a mock is on."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._is_ours: ContextVar[bool] = ContextVar("mturk_mock_request", default=False)
        self._replacements = Replacements()

    def apply(self) -> None:
        """Replace what botocore has, and what aiobotocore has where a program uses it."""
        replacements = self._replacements
        replacements.begin()
        self._wrap_time(botocore.endpoint)
        replacements.replace(TokenBucket, "acquire", self._acquiring(TokenBucket.acquire))
        replacements.when_imported("aiobotocore.endpoint", self._wrap_endpoint)
        replacements.when_imported("aiobotocore.retries.bucket", self._wrap_bucket)

    def undo(self) -> None:
        """Put everything back as it was."""
        self._replacements.end()

    def carry_out(self, request: Callable[[], Any]) -> Any:
        """Make a request for Mechanical Turk, and return what it returns.

        aiobotocore's returns a coroutine, which does its work when it is awaited.
        """
        return self._carry_out(request, True)

    def carry_out_for_others(self, request: Callable[[], Any]) -> Any:
        """Make a request for another service, which waits, within one for Mechanical Turk, too."""
        return self._carry_out(request, False) if self._is_ours.get() else request()

    def _carry_out(self, request: Callable[[], Any], is_ours: bool) -> Any:
        token = self._is_ours.set(is_ours)
        try:
            answer = request()
        finally:
            self._is_ours.reset(token)
        if isinstance(answer, tuple) or not inspect.isawaitable(answer):  # botocore's is a tuple
            return answer
        return self._carry_out_async(answer, is_ours)

    async def _carry_out_async(self, answer: Awaitable[Any], is_ours: bool) -> Any:
        token = self._is_ours.set(is_ours)
        try:
            return await answer
        finally:
            with suppress(ValueError):  # a coroutine may be closed in another context
                self._is_ours.reset(token)

    def _waiting(self) -> Backend | None:
        """Return whose clock moves instead of a wait; None where it is a real one."""
        return self._answering() if self._is_ours.get() else None

    def _wrap_time(self, module: Any) -> None:
        real = module.time

        def sleep(seconds: float) -> None:
            backend = self._waiting()
            if backend is None or seconds <= 0:
                real.sleep(seconds)
            else:
                _let_pass(backend, seconds)

        self._replacements.replace(module, "time", StandIn(real, sleep))

    def _wrap_endpoint(self, module: ModuleType) -> None:
        """Wrap the sleep of aiobotocore's endpoint, and that of its endpoint for httpx."""
        real: Any = module.asyncio

        async def sleep(delay: float, result: Any = None) -> Any:
            return await real.sleep(self._left(delay), result)

        self._replacements.replace(module, "asyncio", StandIn(real, sleep))
        endpoint = getattr(module, "AnyioEndpoint", None)
        if endpoint is not None:
            original = endpoint._sleep

            async def sleep_by_anyio(endpoint: Any, delay: float) -> None:
                await original(endpoint, self._left(delay))

            self._replacements.replace(endpoint, "_sleep", sleep_by_anyio)

    def _left(self, delay: float) -> float:
        """Return what is left to wait of a delay, in seconds."""
        backend = self._waiting()
        if backend is None or delay <= 0:
            return delay
        _let_pass(backend, delay)
        return 0

    def _wrap_bucket(self, module: Any) -> None:
        bucket = module.AsyncTokenBucket
        self._replacements.replace(bucket, "acquire", self._acquiring_async(bucket.acquire))

    def _acquiring(self, original: Any) -> Any:
        @functools.wraps(original)
        def acquire(bucket: Any, amount: float = 1, block: bool = True) -> Any:
            backend = self._waiting()
            if backend is None or not block:
                return original(bucket, amount, block)
            try:
                return original(bucket, amount, block=False)
            except CapacityNotAvailableError:
                return _draw(backend, bucket, amount)

        return acquire

    def _acquiring_async(self, original: Any) -> Any:
        @functools.wraps(original)
        async def acquire(bucket: Any, amount: float = 1, block: bool = True) -> Any:
            backend = self._waiting()
            if backend is None or not block:
                return await original(bucket, amount, block)
            try:
                return await original(bucket, amount, block=False)
            except CapacityNotAvailableError:
                return _draw(backend, bucket, amount)

        return acquire


def _draw(backend: Backend, bucket: Any, amount: float) -> bool:
    """Take from a bucket what it does not have yet, as after the wait for it.

    The bucket itself goes by `time.time()`, and does not see that the clock has moved: its
    rates are those of the test. [assumed]
    """
    seconds = (amount - bucket.available_capacity) / bucket.max_rate
    bucket._current_capacity = 0
    _let_pass(backend, seconds)
    return True


def _let_pass(backend: Backend, seconds: float) -> None:
    """Move the clock instead of waiting; what a person of a crowd does takes no time."""
    with backend.transaction() as (marketplace, _):
        if not marketplace.clock.is_held:
            backend.let_pass(seconds)
