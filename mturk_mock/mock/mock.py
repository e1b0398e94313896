"""`mock_mturk`: a decorator, a context manager, and `start()` with `stop()`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from inspect import Parameter, Signature
from types import TracebackType
from typing import Any, Literal, NoReturn, TypeVar, overload

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.settings import Settings
from mturk_mock.interception import botocore_send as interception
from mturk_mock.interception.active import Active, innermost, lock, stack
from mturk_mock.mock.decorated_classes import NewMock, decorate_class
from mturk_mock.mock.decorated_functions import DECORATED, decorate_function, leave_report
from mturk_mock.mock.mturk import MTurk
from mturk_mock.mock.options import read_options
from mturk_mock.mock.uses import Uses, block_of

TargetT = TypeVar("TargetT", bound=Callable[..., Any])


@overload
def mock_mturk(target: TargetT, /) -> TargetT: ...


@overload
def mock_mturk(
    *,
    seed: int | None = None,
    now: datetime | None = None,
    balance: str | int | Decimal = "10000.00",
    unknown_workers: Literal["accept", "refuse"] | None = None,
    only: Literal["sandbox"] | None = None,
    accounts: Mapping[str, str] | None = None,
    consistency: Literal["eventual"] | Mapping[str, float | timedelta] | None = None,
    sleep: Literal["advance"] | None = None,
    calls: int | None = None,
) -> MockMTurk: ...


def mock_mturk(*target: Any, **options: Any) -> Any:
    """Mock Mechanical Turk, as a decorator, a context manager, or by start() and stop().

    `mock_mturk.stop_all()` stops all mocks that start() has started. In a decorated class,
    `self.mturk` is the handle; for type checkers, write ``mturk: MTurk`` in the class.

    - `seed`: an int that makes IDs and results the same each time. By default a random one,
      which the report of a failing test shows.
    - `now`: an aware datetime at which the clock starts; it stands still until it is moved.
      By default the clock follows `time.time()`.
    - `balance`: dollars that each requester starts with in production.
    - `unknown_workers`: "refuse" rejects worker IDs that no worker of the mock has, as the
      service did. By default any well-formed worker ID is accepted.
    - `only`: "sandbox" makes every call to production raise RuntimeError.
    - `accounts`: a dict from access keys to names of requesters. Requests are then signed, and
      unknown keys are rejected, as by the service. The handle acts for the first requester.
    - `consistency`: "eventual" simulates the service's eventual consistency, in the mock's
      time. A dict sets individual delays, in seconds or as timedeltas; the others are 0. The
      delays, with their lengths for "eventual":
      "lists" (15), until lists show new HITs and qualification types;
      "search" (60), until a query finds new qualification types;
      "changes" (15), until new HITs can be changed;
      "counters" (15), until a HIT shows its numbers of assignments;
      "approvals" (420), until submitted work can be approved.
    - `sleep`: "advance" makes the program's `time.sleep` and `asyncio.sleep` move the clock
      instead of waiting.
    - `calls`: how many of the latest API calls `mturk.calls` keeps, to save memory in big
      campaigns; 0 keeps none. By default all.

    Raises TypeError or ValueError for an unknown option or an invalid value.
    """
    if not target:
        return MockMTurk(options)
    can_be_decorated = callable(target[0]) or isinstance(target[0], classmethod)
    if len(target) > 1 or options or not can_be_decorated:
        raise TypeError(
            "mock_mturk() takes keyword arguments, such as mock_mturk(seed=1), "
            "or decorates a function or class"
        )
    return MockMTurk({})(target[0])


def _public_signature() -> Signature:
    """Return the signature that `help(mock_mturk)` shows: the options with their defaults."""
    target = Parameter("target", Parameter.POSITIONAL_ONLY, default=None)
    options = [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default)
        for field in fields(Settings)
    ]
    return Signature([target, *options])


def stop_all() -> int:
    """Stop all mocks that start() has started in this process, and return their number.

    Use it in notebooks: a cell that runs again starts another mock, and the name of the first
    one is lost. Mocks of `with` blocks, decorated functions and classes, and fixtures stay
    active. If stop() is called later for a mock that was stopped, it raises RuntimeError.
    """
    with lock:
        started = [active for active in reversed(stack) if active.starter is not None]
        for active in started:
            active.starter._stop(active)
    return len(started)


mock_mturk.__signature__ = _public_signature()  # type: ignore[attr-defined]
mock_mturk.stop_all = stop_all  # type: ignore[attr-defined]


class MockMTurk:
    """A mock with options, returned by `mock_mturk(...)`. Each use starts with a new state."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._given = options
        self._settings = read_options(options)
        self._uses = Uses()

    def start(self) -> MTurk:
        """Start a mock, which runs until stop(), and return its handle. Can be nested."""
        return self._start(None)

    def stop(self) -> None:
        """Stop the mock of the latest start(), preferably of one in this thread.

        Raises RuntimeError if there is none.
        """
        interception.stop(self._uses.take(None))

    def _stop(self, active: Active) -> None:
        """Stop a mock that start() started."""
        self._uses.forget(active)
        interception.stop(active)

    def _start(self, block: object) -> MTurk:
        backend = Backend(_with_seed(self._settings))
        handle = MTurk(backend)
        active = Active(backend, handle, self if block is None else None)
        interception.start(active)
        self._uses.add(active, block)
        return handle

    def __enter__(self) -> MTurk:
        return self._start(block_of(sys._getframe(1)))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end(block_of(sys._getframe(1)), error)

    async def __aenter__(self) -> MTurk:
        return self._start(block_of(sys._getframe(1)))

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end(block_of(sys._getframe(1)), error)

    def _end(self, block: object, error: BaseException | None) -> None:
        active = self._uses.take(block)
        if error is not None:
            leave_report(error, active.handle.report)
        interception.stop(active)

    def __call__(self, target: TargetT) -> TargetT:
        """Decorate a function or class, so that it runs in a new mock with these options."""
        decorated: TargetT = decorate(target, lambda *args: MockMTurk(self._given))
        return decorated

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self._given.items())
        return f"<mock_mturk({options}), {'on' if self._uses else 'off'}>"


def _explain_attribute(mock: MockMTurk, name: str) -> NoReturn:
    """Raise AttributeError; for an attribute of the handle, explain how to get the handle."""
    problem = f"mock_mturk() has no attribute {name!r}"
    if name.startswith("_") or not hasattr(MTurk, name):
        raise AttributeError(problem)
    use = f"mturk.{name}{'()' if callable(getattr(MTurk, name)) else ''}"
    raise AttributeError(
        f"{problem}, but its handle has it: write `with mock_mturk() as mturk: {use}`"
    )


#: Not a method, or type checkers would accept every attribute.
MockMTurk.__getattr__ = _explain_attribute  # type: ignore[attr-defined]


def _refuse_start() -> NoReturn:
    raise TypeError(
        "mock_mturk.start() starts nothing: write mock = mock_mturk() and mturk = mock.start(), "
        "and mock.stop() at the end"
    )


mock_mturk.start = _refuse_start  # type: ignore[attr-defined]


def _with_seed(settings: Settings) -> Settings:
    if settings.seed is not None:
        return settings
    # Not from `random`, whose numbers belong to the program under test.
    return replace(settings, seed=int.from_bytes(os.urandom(4), "big"))


def decorate(target: Any, new_mock: NewMock) -> Any:
    """Decorate a function or class, so that it runs in a new mock each time."""
    if isinstance(target, type):
        decorated: Any = decorate_class(target, new_mock)
    elif isinstance(target, (staticmethod, classmethod)):
        decorated = type(target)(decorate(target.__func__, new_mock))
    elif callable(target) and not type(target).__module__.startswith("_pytest."):
        decorated = decorate_function(target, new_mock)
    else:
        raise TypeError(
            f"@mock_mturk decorates functions and classes, not {target!r}. "
            "With @pytest.fixture, write @mock_mturk below it, next to the function"
        )
    setattr(decorated, DECORATED, True)
    return decorated


def current() -> MTurk:
    """Return the handle of the innermost active mock; raise RuntimeError if none is active."""
    active = innermost()
    if active is None:
        raise RuntimeError(
            "no mock of Mechanical Turk is active: call current() inside @mock_mturk, "
            "`with mock_mturk()` or a test with the fixture `mturk`"
        )
    assert isinstance(active.handle, MTurk)
    return active.handle
