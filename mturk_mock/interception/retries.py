"""Replace the waits between retries of botocore and aiobotocore with moves of the mock's clock.

While a mock is active, a request for Mechanical Turk does not wait before a retry. Instead the
clock of the mock that answers it moves by the delay, and everything due until then happens.
Requests for other services wait as usual. The waits are:

- `botocore.endpoint` calls `sleep` of the module `time` that it has imported, in every retry mode;
- `TokenBucket.acquire` waits for a condition in adaptive mode, without end if a test has frozen
  `time.time()`;
- aiobotocore does both with coroutines.

The delay of a token bucket follows the attempt that it should precede, because the mock's handler
runs before the handler of the bucket. [assumed]
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from botocore.exceptions import CapacityNotAvailableError

from mturk_mock.backend.backend import Backend
from mturk_mock.interception.ownership import answering
from mturk_mock.interception.patches import Patches


def patch_waits(patches: Patches) -> None:
    """Replace the waits in botocore, and in aiobotocore if the program uses it."""
    patches.wrap("botocore.endpoint", "time", _time_of)
    patches.wrap("botocore.retries.bucket", "TokenBucket.acquire", _acquiring)
    patches.wrap("aiobotocore.endpoint", "asyncio", _asyncio_of)
    patches.when_imported("aiobotocore.endpoint", functools.partial(_patch_anyio, patches))
    patches.wrap("aiobotocore.retries.bucket", "AsyncTokenBucket.acquire", _acquiring_async)


class _ModuleProxy:
    """A module whose `sleep` is replaced; all other attributes are the module's own."""

    def __init__(self, module: ModuleType, sleep: Callable[..., Any]) -> None:
        self._module = module
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _time_of(time: ModuleType) -> _ModuleProxy:
    def sleep(seconds: float) -> None:
        backend = answering()
        if backend is None or seconds <= 0:
            time.sleep(seconds)
        else:
            _let_pass(backend, seconds)

    return _ModuleProxy(time, sleep)


def _asyncio_of(asyncio: Any) -> _ModuleProxy:
    async def sleep(delay: float, result: Any = None) -> Any:
        return await asyncio.sleep(_skip_wait(delay), result)

    return _ModuleProxy(asyncio, sleep)


def _patch_anyio(patches: Patches, module: ModuleType) -> None:
    """Replace the sleep of aiobotocore's endpoint for httpx, if this version has that endpoint."""
    endpoint = getattr(module, "AnyioEndpoint", None)
    if endpoint is not None:
        patches.replace(endpoint, "_sleep", _sleeping_by_anyio)


def _sleeping_by_anyio(original: Any) -> Any:
    async def sleep(endpoint: Any, delay: float) -> None:
        await original(endpoint, _skip_wait(delay))

    return sleep


def _skip_wait(delay: float) -> float:
    """Move the clock by a delay, and return how many seconds are left to wait."""
    backend = answering()
    if backend is None or delay <= 0:
        return delay
    _let_pass(backend, delay)
    return 0


def _acquiring(original: Any) -> Any:
    @functools.wraps(original)
    def acquire(bucket: Any, amount: float = 1, block: bool = True) -> Any:
        backend = answering()
        if backend is None or not block:
            return original(bucket, amount, block)
        try:
            return original(bucket, amount, block=False)
        except CapacityNotAvailableError:
            return _take_tokens(backend, bucket, amount)

    return acquire


def _acquiring_async(original: Any) -> Any:
    @functools.wraps(original)
    async def acquire(bucket: Any, amount: float = 1, block: bool = True) -> Any:
        backend = answering()
        if backend is None or not block:
            return await original(bucket, amount, block)
        try:
            return await original(bucket, amount, block=False)
        except CapacityNotAvailableError:
            return _take_tokens(backend, bucket, amount)

    return acquire


def _take_tokens(backend: Backend, bucket: Any, amount: float) -> bool:
    """Take tokens that a bucket does not have yet, and move the clock by the wait for them.

    The bucket itself measures its rates by `time.time()`, not by the mock's clock. [assumed]
    """
    seconds = (amount - bucket.available_capacity) / bucket.max_rate
    bucket._current_capacity = 0
    _let_pass(backend, seconds)
    return True


def _let_pass(backend: Backend, seconds: float) -> None:
    """Move the clock instead of waiting, unless it is held while a worker of a crowd acts."""
    with backend.transaction() as (marketplace, _):
        if not marketplace.clock.is_held:
            backend.let_pass(seconds)
