"""`mock_mturk`: a decorator, a context manager, and start() with stop().

Reading options and decorating load nothing of the backend or of the model: that waits for
the first mock that starts. boto3 does not wait, so that a mock finds the one that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from mturk_mock import one_copy
from mturk_mock.interception.active import innermost
from mturk_mock.mock.decorated_functions import leave_report
from mturk_mock.mock.decorators import decorate
from mturk_mock.mock.options import read_options

if TYPE_CHECKING:
    from mturk_mock.mock.mturk import MTurk
    from mturk_mock.mock.starting import Running

one_copy.keep("mturk_mock", "boto3", "botocore")

TargetT = TypeVar("TargetT", bound=Callable[..., Any])


@overload
def mock_mturk(target: TargetT, /) -> TargetT: ...


@overload
def mock_mturk(
    *,
    seed: int | None = None,
    now: datetime | None = None,
    balance: str | int | Decimal = ...,
    unknown_workers: Literal["accept", "refuse"] | None = None,
    only: Literal["sandbox"] | None = None,
    accounts: Mapping[str, str] | None = None,
    consistency: Literal["eventual"] | Mapping[str, float | timedelta] | None = None,
    sleep: Literal["advance"] | None = None,
) -> MockMTurk: ...


def mock_mturk(*target: Any, **options: Any) -> Any:
    """Mock Mechanical Turk: as a decorator, a context manager, or by start() and stop().

    `seed` (int): makes the same ids and results each time; a new one unless said.
    `now` (aware datetime): the clock starts here and stands still until it is moved;
    without it the clock follows `time.time()`. `balance` (str, int or Decimal): dollars
    that each requester starts with in production, "10000.00" unless said.
    `unknown_workers`: "refuse" to refuse worker ids that no worker of the mock has, as
    the service did; by default whoever a requester names exists. `only`: "sandbox" to
    make a call to production a RuntimeError. `accounts`: names of requesters by access
    key; then requests are signed, and an unknown key is refused as by the service.
    `consistency`: "eventual" to be as late as the service was, in the mock's own time; or
    seconds or a timedelta for some of {"lists": 15, "search": 60, "changes": 15, "counters":
    15, "approvals": 420}, the figures of "eventual". Late are new HITs and qualification types
    in lists, new types in searches, the moment when new HITs can be changed, a HIT's numbers
    of assignments, and the moment when submitted work can be approved. By default nothing is.
    `sleep`: "advance" to let `time.sleep` and `asyncio.sleep` of the program move the clock
    instead of waiting.

    Raises TypeError or ValueError for options that are none of these.
    """
    if not target:
        return MockMTurk(options)
    can_be_decorated = callable(target[0]) or isinstance(target[0], classmethod)
    if len(target) > 1 or options or not can_be_decorated:
        raise TypeError(
            "mock_mturk() takes options by name, as in mock_mturk(seed=1), "
            "or is put before a function or class"
        )
    return MockMTurk({})(target[0])


class MockMTurk:
    """What `mock_mturk(...)` returns: how to mock. Each use of it has a state of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._given = options
        self._options = read_options(options)
        self._started: list[Running] = []

    def start(self) -> MTurk:
        """Begin to answer, and return the handle. Until stop(), also if begun again inside."""
        one_copy.watch()
        # All that a mock is made of: 35 ms, a quarter of what boto3 itself takes.
        from mturk_mock.mock.starting import Running

        running = Running(self._options)
        self._started.append(running)
        return running.handle

    def stop(self) -> None:
        """End what the latest start() began; RuntimeError if there is nothing to end."""
        if not self._started:
            raise RuntimeError("stop() without start(): this mock_mturk is not on")
        self._started.pop().stop()

    def __enter__(self) -> MTurk:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and self._started:
            leave_report(error, self._started[-1].handle)
        self.stop()

    async def __aenter__(self) -> MTurk:
        return self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, traceback)

    def __call__(self, target: TargetT) -> TargetT:
        """Return the function or class, mocked with these options whenever it runs."""
        decorated: TargetT = decorate(target, lambda *args: MockMTurk(self._given))
        return decorated

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self._given.items())
        return f"<mock_mturk({options}), {'on' if self._started else 'off'}>"


def current() -> MTurk:
    """Return the handle of the innermost mock that is on; RuntimeError if none is."""
    active = innermost()
    if active is None:
        raise RuntimeError(
            "no mock of Mechanical Turk is on: call current() inside @mock_mturk, "
            "`with mock_mturk()` or a test with the fixture `mturk`"
        )
    handle: MTurk = active.handle
    return handle
