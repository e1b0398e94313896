"""`@mock_mturk` before functions, coroutines, generators and test classes.

A function runs in a new mock each time. For a test class there is one mock, from before
its class-level set-up to after its tear-down; each test, with its own set-up and tear-down,
works on a copy of what the class-level set-up left there.
"""

from __future__ import annotations

import functools
import inspect
import unittest
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mturk_mock.handle import MTurk

#: Makes the mock in which a function runs, given the function's arguments.
NewMock = Callable[..., "AbstractContextManager[MTurk]"]

#: Marks what is decorated, for the pytest plugin.
MARK: Final = "_mock_mturk_decorated"
#: Where an exception keeps what helps to understand it, for the pytest plugin.
REPORT: Final = "_mock_mturk_report"

_TEST_PREFIX: Final = "test"


def decorate(target: Any, new_mock: NewMock) -> Any:
    """Return `target` so that it always runs in a mock of its own."""
    if isinstance(target, type):
        decorated: Any = _decorate_class(target, new_mock)
    elif isinstance(target, (staticmethod, classmethod)):
        decorated = type(target)(decorate(target.__func__, new_mock))
    elif callable(target) and hasattr(target, "__name__"):
        decorated = _decorate_function(target, new_mock)
    else:
        raise TypeError(
            f"@mock_mturk goes before functions and classes, not {target!r}; "
            "before other decorators that make objects of them, such as @pytest.fixture, "
            "it is written last, next to the function"
        )
    setattr(decorated, MARK, True)
    return decorated


def _decorate_function(function: Callable[..., Any], new_mock: NewMock) -> Callable[..., Any]:
    if inspect.isasyncgenfunction(function):
        return _decorate_async_generator(function, new_mock)
    if inspect.isgeneratorfunction(function):
        return _decorate_generator(function, new_mock)
    if inspect.iscoroutinefunction(function):
        return _decorate_coroutine(function, new_mock)

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with _reported(new_mock(*args)):
            return function(*args, **kwargs)

    return run


def _decorate_coroutine(function: Callable[..., Any], new_mock: NewMock) -> Callable[..., Any]:
    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> Any:
        with _reported(new_mock(*args)):
            return await function(*args, **kwargs)

    return run


def _decorate_generator(function: Callable[..., Any], new_mock: NewMock) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with _reported(new_mock(*args)):
            return (yield from function(*args, **kwargs))

    return run


def _decorate_async_generator(
    function: Callable[..., AsyncGenerator[Any, Any]], new_mock: NewMock
) -> Callable[..., AsyncGenerator[Any, Any]]:
    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with _reported(new_mock(*args)):
            inner = function(*args, **kwargs)
            try:
                step = inner.__anext__()
                while True:
                    try:
                        value = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = inner.asend((yield value))
                    except GeneratorExit:
                        raise
                    except BaseException as error:  # thrown in: the inner one may handle it
                        step = inner.athrow(error)
            finally:
                await inner.aclose()

    return run


class _reported(AbstractContextManager["MTurk"]):  # noqa: N801 (used like a function)
    """A mock that leaves its report with the exception that passes through it."""

    def __init__(self, mock: AbstractContextManager[MTurk]) -> None:
        self._mock = mock

    def __enter__(self) -> MTurk:
        self._handle = self._mock.__enter__()
        return self._handle

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, Exception):
            leave_report(error, self._handle)
        self._mock.__exit__(kind, error, traceback)


def leave_report(error: BaseException, handle: MTurk) -> None:
    """Put the report of the innermost mock that failed beside its exception."""
    if not hasattr(error, REPORT):
        with suppress(Exception):  # what went wrong must not be hidden by what describes it
            setattr(error, REPORT, handle.report())


# Classes ----------------------------------------------------------------------------------


def _decorate_class(cls: type, new_mock: NewMock) -> type:
    tests = [name for name in dir(cls) if name.startswith(_TEST_PREFIX)]
    mock = _ClassMock(new_mock)
    if issubclass(cls, unittest.TestCase):
        _wrap_class_level(cls, mock, "setUpClass", "tearDownClass")
        for name in ("run", "debug"):
            _wrap_runner(cls, mock, name)
    elif tests:
        _wrap_class_level(cls, mock, "setup_class", "teardown_class")
        _wrap_methods(cls, mock)
    else:
        raise TypeError(
            f"@mock_mturk before class {cls.__name__}: it has no tests (methods whose names "
            "begin with test), and so nothing would run in a mock. Put it before the "
            "functions that are to"
        )
    for name in tests:
        _wrap_test(cls, mock, name)
    return cls


class _ClassMock:
    """The mock of a decorated test class, and of the classes that inherit from it."""

    def __init__(self, new_mock: NewMock) -> None:
        self._new_mock = new_mock
        self._classes: dict[type, tuple[ExitStack, MTurk]] = {}
        self._running: dict[int, MTurk] = {}  # by the id of the test's instance

    def begin_class(self, cls: type) -> None:
        """Start the mock of a class."""
        stack = ExitStack()
        handle = stack.enter_context(self._new_mock())
        self._classes[cls] = (stack, handle)
        _offer(cls, handle)

    def end_class(self, cls: type) -> None:
        """End the mock of a class; nothing happens if it has ended."""
        if cls in self._classes:
            stack, _ = self._classes.pop(cls)
            stack.close()

    @contextmanager
    def test(self, instance: Any) -> Iterator[MTurk]:
        """Be the mock of one test: a copy of the class's, or a new one without that."""
        if id(instance) in self._running:  # its set-up has begun it
            yield self._running[id(instance)]
            return
        with self._of_test(instance) as handle:
            self._running[id(instance)] = handle
            try:
                yield handle
            finally:
                del self._running[id(instance)]

    def _of_test(self, instance: Any) -> AbstractContextManager[MTurk]:
        if type(instance) in self._classes:
            _, handle = self._classes[type(instance)]
            return handle.isolated()
        return _Offered(instance, self._new_mock())


class _Offered(AbstractContextManager["MTurk"]):
    """A mock that gives its handle to a test's instance."""

    def __init__(self, instance: Any, mock: AbstractContextManager[MTurk]) -> None:
        self._instance = instance
        self._mock = mock

    def __enter__(self) -> MTurk:
        handle = self._mock.__enter__()
        _offer(self._instance, handle)
        return handle

    def __exit__(self, *error: Any) -> None:
        self._mock.__exit__(*error)


def _offer(owner: Any, handle: MTurk) -> None:
    """Give tests their `self.mturk`, unless the class has something else of that name."""
    if isinstance(getattr(owner, "mturk", handle), type(handle)):
        owner.mturk = handle


def _wrap_class_level(cls: type, mock: _ClassMock, set_up: str, tear_down: str) -> None:
    begin, end = (inspect.getattr_static(cls, name, None) for name in (set_up, tear_down))

    def begin_class(cls: type) -> None:
        with ExitStack() as stack:
            mock.begin_class(cls)
            stack.callback(mock.end_class, cls)
            _call(begin, None, cls)
            stack.pop_all()

    def end_class(cls: type) -> None:
        try:
            _call(end, None, cls)
        finally:
            mock.end_class(cls)

    setattr(cls, set_up, classmethod(begin_class))
    setattr(cls, tear_down, classmethod(end_class))


def _wrap_runner(cls: Any, mock: _ClassMock, name: str) -> None:
    run = getattr(cls, name)

    @functools.wraps(run)
    def run_in_mock(self: Any, *args: Any, **kwargs: Any) -> Any:
        with mock.test(self):
            return run(self, *args, **kwargs)

    setattr(cls, name, run_in_mock)


def _wrap_methods(cls: Any, mock: _ClassMock) -> None:
    begin, end = (
        inspect.getattr_static(cls, name, None) for name in ("setup_method", "teardown_method")
    )
    tests: dict[int, ExitStack] = {}

    def setup_method(self: Any, method: Any = None) -> None:
        with ExitStack() as stack:
            stack.enter_context(mock.test(self))
            _call(begin, self, method)
            tests[id(self)] = stack.pop_all()

    def teardown_method(self: Any, method: Any = None) -> None:
        with tests.pop(id(self)):
            _call(end, self, method)

    cls.setup_method = setup_method
    cls.teardown_method = teardown_method


def _wrap_test(cls: type, mock: _ClassMock, name: str) -> None:
    function = inspect.getattr_static(cls, name)
    if inspect.isfunction(function):
        setattr(cls, name, _decorate_function(function, lambda self, *args: mock.test(self)))


def _call(function: Any, instance: Any, argument: Any) -> None:
    """Call a set-up or tear-down as pytest does: with the argument, if it takes one."""
    if function is None:
        return
    owner = argument if instance is None else type(instance)
    bound = function.__get__(instance, owner)
    if inspect.signature(bound).parameters:
        bound(argument)
    else:
        bound()
