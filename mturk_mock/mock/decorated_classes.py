"""`@mock_mturk` before test classes, pytest's and unittest's.

For a class there is one mock, from before its class-level set-up to after its tear-down;
each test, with its own set-up and tear-down, works on a copy of what the class-level set-up
left there. The wrapped methods look their mock up in the class, and subclasses are wrapped
as they are made: so they may replace set-ups and be decorated with other options.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from mturk_mock.mock.decorated_functions import NewMock, decorate_function

if TYPE_CHECKING:
    from mturk_mock.mock.mturk import MTurk

_TEST_PREFIX: Final = "test"
_CLASS_MOCK: Final = "_mock_mturk_of_class"
_WRAPPED: Final = "_mock_mturk_wrapped"


def decorate_class(cls: Any, new_mock: NewMock) -> Any:
    """Return the class so that its tests run in a mock; TypeError if it has none."""
    tests = [name for name in dir(cls) if name.startswith(_TEST_PREFIX)]
    if not tests and not _is_test_case(cls):
        raise TypeError(
            f"@mock_mturk before class {cls.__name__}: it has no tests (methods whose names "
            "begin with test), and so nothing would run in a mock. Put it before the "
            "functions that are to"
        )
    if not hasattr(cls, _CLASS_MOCK):
        _wrap_class(cls)
        _wrap_subclasses(cls)
    setattr(cls, _CLASS_MOCK, _ClassMock(new_mock))
    return cls


def _is_test_case(cls: type) -> bool:
    # Not by issubclass: loading unittest takes a tenth of the time that boto3 takes.
    return any(
        (base.__module__, base.__name__) == ("unittest.case", "TestCase") for base in cls.__mro__
    )


def _wrap_class(cls: Any) -> None:
    """Wrap what a class has of its own; what it inherits may be wrapped already."""
    wrappers = {name: _wrap_test for name in dir(cls) if name.startswith(_TEST_PREFIX)}
    wrappers |= _TEST_CASE_WRAPPERS if _is_test_case(cls) else _PYTEST_WRAPPERS
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
    """The mocks of a decorated test class and of its subclasses: of classes, of tests."""

    def __init__(self, new_mock: NewMock) -> None:
        self._new_mock = new_mock
        self._on: dict[Any, tuple[ExitStack, MTurk]] = {}  # by class, or by the test's id
        self._ending: set[Any] = set()

    @contextmanager
    def beginning(self, owner: Any) -> Iterator[None]:
        """Let the mock be on in the block, a set-up, and after it, unless that fails."""
        key = _key(owner)
        if key in self._on:  # a set-up that another one calls by super()
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
        """Let the mock be on in the block, a tear-down, and off after it."""
        key = _key(owner)
        if key not in self._on or key in self._ending:  # as above
            yield
            return
        self._ending.add(key)
        stack, _ = self._on[key]
        with stack:
            stack.callback(self._ending.discard, key)
            yield

    @contextmanager
    def during(self, test: Any) -> Iterator[MTurk]:
        """Let the mock be on in the block; if it was not before, it ends with it."""
        key = _key(test)
        if key in self._on:
            yield self._on[key][1]
            return
        with self.beginning(test):
            pass
        with self.ending(test):
            yield self._on[key][1]

    def _make(self, owner: Any) -> AbstractContextManager[MTurk]:
        """Return a class's mock; a test's is a copy of that, or a new one without it."""
        if type(owner) in self._on:
            return self._on[type(owner)][1].isolated()
        return _Offered(owner, self._new_mock())


def _key(owner: Any) -> Any:
    return owner if isinstance(owner, type) else id(owner)


class _Offered(AbstractContextManager["MTurk"]):
    """A mock whose handle is `self.mturk`, unless the class has something else of that name."""

    def __init__(self, owner: Any, mock: AbstractContextManager[MTurk]) -> None:
        self._owner = owner
        self._mock = mock

    def __enter__(self) -> MTurk:
        handle = self._mock.__enter__()
        if isinstance(getattr(self._owner, "mturk", handle), type(handle)):
            self._owner.mturk = handle
        return handle

    def __exit__(self, *error: Any) -> None:
        self._mock.__exit__(*error)


def _mock_of(cls: type) -> _ClassMock:
    mock: _ClassMock = getattr(cls, _CLASS_MOCK)
    return mock


def during_test(test: Any) -> AbstractContextManager[MTurk]:
    """Be in the mock of one test of a decorated class, given the test's instance."""
    return _mock_of(type(test)).during(test)


def _wrap_test(cls: type, name: str) -> None:
    function = inspect.getattr_static(cls, name)
    if inspect.isfunction(function):

        def mock_of(test: Any, *args: Any) -> AbstractContextManager[MTurk]:
            return during_test(test)

        _replace(cls, name, decorate_function(function, mock_of))


def _wrap_runner(cls: type, name: str) -> None:
    run = inspect.getattr_static(cls, name)

    @functools.wraps(run)
    def run_in_mock(self: Any, *args: Any, **kwargs: Any) -> Any:
        with during_test(self):
            return run(self, *args, **kwargs)

    _replace(cls, name, run_in_mock)


def _wrap_class_level(cls: type, name: str) -> None:
    own = inspect.getattr_static(cls, name, None)

    def run_in_mock(cls: type) -> None:
        with _frame(name, cls)(cls):
            _call(own, None, cls)

    _replace(cls, name, run_in_mock, classmethod)


def _wrap_method_level(cls: type, name: str) -> None:
    own = inspect.getattr_static(cls, name, None)

    def run_in_mock(self: Any, method: Any = None) -> None:
        with _frame(name, type(self))(self):
            _call(own, self, method)

    _replace(cls, name, run_in_mock)


def _frame(name: str, cls: type) -> Any:
    mock = _mock_of(cls)
    return mock.beginning if name.startswith("set") else mock.ending


def _replace(cls: type, name: str, function: Any, kind: Any = lambda function: function) -> None:
    setattr(function, _WRAPPED, True)
    setattr(cls, name, kind(function))


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


_TEST_CASE_WRAPPERS: Final = {
    "setUpClass": _wrap_class_level,
    "tearDownClass": _wrap_class_level,
    "run": _wrap_runner,
    "debug": _wrap_runner,
}
_PYTEST_WRAPPERS: Final = {
    "setup_class": _wrap_class_level,
    "teardown_class": _wrap_class_level,
    "setup_method": _wrap_method_level,
    "teardown_method": _wrap_method_level,
}
