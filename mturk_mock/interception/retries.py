"""botocore's and aiobotocore's own retries, without the waits between them.

While a mock is on, a request for Mechanical Turk does not wait before it is tried again:
the mock's clock moves by that much, and everything due on the way happens. Requests for
other services wait as ever. Three things wait:

- `botocore.endpoint`, by the `sleep` of the module `time` that it has imported, in every mode;
- `TokenBucket.acquire` in adaptive mode, by a condition, and for ever where the time that
  `time.time()` tells is made to stand still;
- the same two of aiobotocore, by coroutines.

A request waits in the time of the mock that answers it. What a bucket makes wait follows the
attempt that it should precede: our answer is the first handler's, and the bucket a later
one. [assumed]
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
    """Replace what waits in botocore, and in aiobotocore if the program uses it."""
    patches.wrap("botocore.endpoint", "time", _time_of)
    patches.wrap("botocore.retries.bucket", "TokenBucket.acquire", _acquiring)
    patches.wrap("aiobotocore.endpoint", "asyncio", _asyncio_of)
    patches.when_imported("aiobotocore.endpoint", functools.partial(_patch_anyio, patches))
    patches.wrap("aiobotocore.retries.bucket", "AsyncTokenBucket.acquire", _acquiring_async)


class _StandIn:
    """A module with a `sleep` of ours; all the rest is the module's own."""

    def __init__(self, module: ModuleType, sleep: Callable[..., Any]) -> None:
        self._module = module
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _time_of(time: ModuleType) -> _StandIn:
    def sleep(seconds: float) -> None:
        backend = answering()
        if backend is None or seconds <= 0:
            time.sleep(seconds)
        else:
            _let_pass(backend, seconds)

    return _StandIn(time, sleep)


def _asyncio_of(asyncio: Any) -> _StandIn:
    async def sleep(delay: float, result: Any = None) -> Any:
        return await asyncio.sleep(_left_of(delay), result)

    return _StandIn(asyncio, sleep)


def _patch_anyio(patches: Patches, module: ModuleType) -> None:
    """Replace the sleep of aiobotocore's endpoint for httpx, which not every version has."""
    endpoint = getattr(module, "AnyioEndpoint", None)
    if endpoint is not None:
        patches.replace(endpoint, "_sleep", _sleeping_by_anyio)


def _sleeping_by_anyio(original: Any) -> Any:
    async def sleep(endpoint: Any, delay: float) -> None:
        await original(endpoint, _left_of(delay))

    return sleep


def _left_of(delay: float) -> float:
    """Return what is left to wait of a delay, in seconds."""
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
            return _draw(backend, bucket, amount)

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
