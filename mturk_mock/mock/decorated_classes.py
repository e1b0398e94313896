"""`@mock_mturk` on test classes of pytest and unittest.

A class has one mock, from before its class-level set-up to after its class-level tear-down.
Each test, with its own set-up and tear-down, runs on a copy of the state that the class-level
set-up left. The wrapped methods look up their mock in the class, and subclasses are wrapped
when they are created, so that a subclass can override set-ups and be decorated with other
options.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Final
from unittest import TestCase

from mturk_mock.mock.decorated_functions import decorate_function
from mturk_mock.mock.mturk import MTurk

#: A function that makes the mock in which a function or class runs.
NewMock = Callable[..., AbstractContextManager[MTurk]]

_TEST_PREFIX: Final = "test"
_CLASS_MOCK: Final = "_mock_mturk_of_class"
_WRAPPED: Final = "_mock_mturk_wrapped"


def decorate_class(cls: Any, new_mock: NewMock) -> Any:
    """Decorate a class, so that its tests run in a mock; raise TypeError if it has no tests."""
    tests = [name for name in dir(cls) if name.startswith(_TEST_PREFIX)]
    if not tests and not issubclass(cls, TestCase):
        raise TypeError(
            f"@mock_mturk on class {cls.__name__}: it has no tests (methods whose names begin "
            "with test), so nothing would run in a mock. Decorate the functions that need one"
        )
    if not hasattr(cls, _CLASS_MOCK):
        _wrap_class(cls)
        _wrap_subclasses(cls)
    setattr(cls, _CLASS_MOCK, _ClassMock(new_mock))
    return cls


def _wrap_class(cls: Any) -> None:
    """Wrap the tests, set-ups and tear-downs of a class that are not wrapped already."""
    wrappers = {name: _wrap_test for name in dir(cls) if name.startswith(_TEST_PREFIX)}
    wrappers |= _TEST_CASE_WRAPPERS if issubclass(cls, TestCase) else _PYTEST_WRAPPERS
    for name, wrap in wrappers.items():
        if not hasattr(getattr(cls, name, None), _WRAPPED):
            wrap(cls, name)


def _wrap_subclasses(cls: Any) -> None:
    begin = vars(cls).get("__init_subclass__")

    def wrap_subclass(sub: Any, /, **options: Any) -> None:
        if begin is None:
            super(cls, sub).__init_subclass__(**options)
        else:
            begin.__get__(None, sub)(**options)
        _wrap_class(sub)

    cls.__init_subclass__ = classmethod(wrap_subclass)


class _ClassMock:
    """The mocks of a decorated test class and of its subclasses, and those of their tests."""

    def __init__(self, new_mock: NewMock) -> None:
        self._new_mock = new_mock
        #: The active mocks, by class or by the id() of a test's instance.
        self._on: dict[Any, tuple[ExitStack, MTurk]] = {}
        self._ending: set[Any] = set()

    @contextmanager
    def beginning(self, owner: Any) -> Iterator[None]:
        """Start the mock before the block, which is a set-up; stop it only if the block fails."""
        key = _key(owner)
        if key in self._on:  # another set-up calls this one by super()
            yield
            return
        with ExitStack() as stack:
            handle = stack.enter_context(self._make(owner))
            self._on[key] = (stack, handle)
            stack.callback(self._on.pop, key)
            yield
            self._on[key] = (stack.pop_all(), handle)

    @contextmanager
    def ending(self, owner: Any) -> Iterator[None]:
        """Stop the mock after the block, which is a tear-down."""
        key = _key(owner)
        if key not in self._on or key in self._ending:  # another one calls this by super()
            yield
            return
        self._ending.add(key)
        stack, _ = self._on[key]
        with stack:
            stack.callback(self._ending.discard, key)
            yield

    @contextmanager
    def during(self, test: Any) -> Iterator[MTurk]:
        """Run the block in the mock; start and stop the mock unless it is active already."""
        key = _key(test)
        if key in self._on:
            yield self._on[key][1]
            return
        with self.beginning(test):
            pass
        with self.ending(test):
            yield self._on[key][1]

    def _make(self, owner: Any) -> AbstractContextManager[MTurk]:
        """Return a new mock, or an isolated copy of the class's mock for one of its tests."""
        if type(owner) in self._on:
            return self._on[type(owner)][1].isolated()
        return _offered(owner, self._new_mock())


#: `_ClassMock.beginning` or `ending`.
_Part = Callable[[_ClassMock, Any], AbstractContextManager[None]]


def _key(owner: Any) -> Any:
    return owner if isinstance(owner, type) else id(owner)


@contextmanager
def _offered(owner: Any, mock: AbstractContextManager[MTurk]) -> Iterator[MTurk]:
    """Run the block in a mock, set as `mturk` of `owner` unless that is something else."""
    with mock as handle:
        if isinstance(getattr(owner, "mturk", handle), type(handle)):
            owner.mturk = handle
        yield handle


def _mock_of(cls: type) -> _ClassMock:
    mock: _ClassMock = getattr(cls, _CLASS_MOCK)
    return mock


def during_test(test: Any) -> AbstractContextManager[MTurk]:
    """Return the mock of a test of a decorated class, given the instance that the test runs on."""
    return _mock_of(type(test)).during(test)


def _wrap_test(cls: type, name: str) -> None:
    function = inspect.getattr_static(cls, name)
    if inspect.isfunction(function):
        run_in_mock = decorate_function(function, lambda test, *args: during_test(test))
        _replace(cls, name, run_in_mock)


def _wrap_runner(cls: type, name: str) -> None:
    run = inspect.getattr_static(cls, name)

    @functools.wraps(run)
    def run_in_mock(self: Any, *args: Any, **kwargs: Any) -> Any:
        with during_test(self):
            return run(self, *args, **kwargs)

    _replace(cls, name, run_in_mock)


def _wrap_class_level(part: _Part, cls: type, name: str) -> None:
    own = inspect.getattr_static(cls, name, None)

    def run_in_mock(cls: type) -> None:
        with part(_mock_of(cls), cls):
            _call(own, None, cls)

    _replace(cls, name, run_in_mock, classmethod)


def _wrap_method_level(part: _Part, cls: type, name: str) -> None:
    own = inspect.getattr_static(cls, name, None)

    def run_in_mock(self: Any, method: Any = None) -> None:
        with part(_mock_of(type(self)), self):
            _call(own, self, method)

    _replace(cls, name, run_in_mock)


def _replace(cls: type, name: str, function: Any, kind: Any = lambda function: function) -> None:
    setattr(function, _WRAPPED, True)
    setattr(cls, name, kind(function))


def _call(function: Any, instance: Any, argument: Any) -> None:
    """Call a set-up or tear-down like pytest, with the argument only if it takes one."""
    if function is not None:
        owner = argument if instance is None else type(instance)
        bound = function.__get__(instance, owner)
        bound(*([argument] if inspect.signature(bound).parameters else []))


_TEST_CASE_WRAPPERS: Final[dict[str, Callable[[type, str], None]]] = {
    "setUpClass": functools.partial(_wrap_class_level, _ClassMock.beginning),
    "tearDownClass": functools.partial(_wrap_class_level, _ClassMock.ending),
    "run": _wrap_runner,
    "debug": _wrap_runner,
}
_PYTEST_WRAPPERS: Final[dict[str, Callable[[type, str], None]]] = {
    "setup_class": functools.partial(_wrap_class_level, _ClassMock.beginning),
    "teardown_class": functools.partial(_wrap_class_level, _ClassMock.ending),
    "setup_method": functools.partial(_wrap_method_level, _ClassMock.beginning),
    "teardown_method": functools.partial(_wrap_method_level, _ClassMock.ending),
}
