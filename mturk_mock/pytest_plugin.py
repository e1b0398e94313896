"""The pytest plugin: fixtures and the marker, found through the entry point `mturk_mock`.

The public fixtures depend on one private fixture, so a project can define its own fixture
`mturk`. pytest loads this module in every project where the package is installed, so botocore and
the mock are imported only when a test needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pytest

from mturk_mock.interception import unmocked
from mturk_mock.interception.active import innermost
from mturk_mock.mock.decorated_functions import REPORT, is_decorated

if TYPE_CHECKING:
    from mturk_mock.backend.clients import MTurkClient
    from mturk_mock.mock.mturk import MTurk
    from mturk_mock.server import MTurkServer

T = TypeVar("T")

_MARKER: Final = "mock_mturk"
_USAGE: Final = (
    "mock_mturk(*, seed, now, balance, unknown_workers, only, accounts, consistency, sleep, calls, "
    "strict, block): run the test in a mock of Amazon Mechanical Turk, started before the test's "
    "other fixtures. "
    "strict=True: fail the test if it leaves submitted work unreviewed, or a fault that never "
    "happened. "
    "block=True, without other arguments: start no mock, and raise an error for every call."
)

_FLAGS: Final = ("strict", "block")  # arguments of the marker that are not options of the mock

_FIXTURE: Final = "_mock_mturk"
_CLASS_FIXTURE: Final = "_mock_mturk_of_class"
_BLOCK_FIXTURE: Final = "_mturk_blocked"
_BLOCK_OPTION: Final = "mturk_block"
#: Attributes that are set on a test item, because pytest 6 has no `StashKey`.
_HANDLE: Final = "_mturk_mock_handle"
_PASSED: Final = "_mturk_mock_passed"
_SUBMITTED: Final = "Submitted"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the ini option `mturk_block`."""
    text = "raise an error for every call of Mechanical Turk outside a mock"
    parser.addini(_BLOCK_OPTION, text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and block calls outside a mock if the ini option is set."""
    if config.pluginmanager.has_plugin("pytester"):
        _load_mock()
    config.addinivalue_line("markers", _USAGE)
    if config.getini(_BLOCK_OPTION):
        stack = ExitStack()
        stack.enter_context(_blocking())
        config.add_cleanup(stack.close)


def _load_mock() -> None:
    """Load the mock before pytester runs pytest in this process.

    At the end of such a run pytester restores `sys.modules`. A mock imported during the run would
    later be imported again, and would patch a second copy of botocore.
    """
    import mturk_mock.interception.blocking
    import mturk_mock.mock.mock  # noqa: F401


def pytest_runtest_setup(item: Any) -> None:
    """Start the mock of a test before its other fixtures of function scope.

    Hooks of conftest files run earlier and can add the marker; pytest sets up fixtures later.
    """
    wanted = _wanted_fixture(item)
    if wanted is not None and hasattr(item, "fixturenames"):
        names = [name for name in item.fixturenames if name != wanted]
        place = _first_of_function_scope(item, names)
        # A new list, because parametrized items share one.
        item.fixturenames = [*names[:place], wanted, *names[place:]]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: Any) -> None:
    """Fail the test if the marker was added too late to start the mock, e.g. by a fixture.

    In pytest 6 and 7, doctest items have a fixture request but no `fixturenames`, so their mock
    starts here.
    """
    wanted = _wanted_fixture(item)
    request = getattr(item, "fixture_request", None)
    if wanted is not None and request is not None:
        request.getfixturevalue(wanted)
    started = [*getattr(item, "fixturenames", [wanted]), hasattr(item, _HANDLE) and _FIXTURE]
    if wanted is not None and wanted not in started:
        raise _failure(
            item,
            f"@pytest.mark.{_MARKER} was added during the set-up of the test, too late to start "
            "the mock before its fixtures: add it in pytest_collection_modifyitems or "
            "pytest_runtest_setup, or use the fixture mturk",
        )


def _wanted_fixture(item: pytest.Item) -> str | None:
    if _blocks(item):
        return _BLOCK_FIXTURE
    if item.get_closest_marker(_MARKER):
        return _FIXTURE
    return _CLASS_FIXTURE if is_decorated(getattr(item, "cls", None)) else None


def _first_of_function_scope(item: Any, names: list[str]) -> int:
    """Return the index of the first fixture of function scope; wider ones outlive the mock."""
    definitions = item._fixtureinfo.name2fixturedefs
    for place, name in enumerate(names):
        if name in definitions and definitions[name][-1].scope == "function":
            return place
    return len(names)


# The marker ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Marked:
    """The combined arguments of all markers of a test."""

    options: dict[str, Any]  # for mock_mturk
    strict: bool = False
    block: bool = False


def _blocks(item: pytest.Item) -> bool:
    """Return whether the closest marker of a test has block=True."""
    marker = item.get_closest_marker(_MARKER)
    return marker is not None and marker.kwargs.get("block") is True


def _read_markers(item: pytest.Item) -> _Marked:
    """Return the arguments of all markers of a test; the closest marker overrides the others.

    Raises TypeError for arguments that the marker does not take.
    """
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers(_MARKER))):
        _check_marker(marker)
        options.update(marker.kwargs)
    flags = {name: options.pop(name, False) for name in _FLAGS}
    return _Marked(options, flags["strict"], _blocks(item))


def _check_marker(marker: pytest.Mark) -> None:
    if marker.args:
        given = ", ".join(map(repr, marker.args))
        raise TypeError(f"mock_mturk() takes keyword arguments, such as seed=1, not {given}")
    for name in _FLAGS:
        if not isinstance(marker.kwargs.get(name, False), bool):
            raise TypeError(f"{name} takes True or False, not {marker.kwargs[name]!r}")
    others = [name for name in marker.kwargs if name != "block"]
    if marker.kwargs.get("block") and others:
        raise TypeError(
            "block=True runs the test without a mock, so it cannot be combined with "
            f"{', '.join(others)}"
        )


# Fixtures -----------------------------------------------------------------------------------


@pytest.fixture(name=_FIXTURE)
def _mock(request: pytest.FixtureRequest) -> Iterator[MTurk]:
    from mturk_mock.mock.mock import mock_mturk

    _refuse_two_mocks(request)

    def read() -> tuple[_Marked, AbstractContextManager[MTurk]]:
        marked = _read_markers(request.node)
        _refuse_mock_where_blocked(marked)
        return marked, mock_mturk(**marked.options)

    marked, mock = _read_or_fail(request.node, read)
    with mock as handle:
        setattr(request.node, _HANDLE, handle)
        yield handle
        passed = getattr(request.node, _PASSED, False)
        left = _leftovers(handle) if marked.strict and passed else []
    if left:
        pytest.fail(_complaint(left), pytrace=False)


@pytest.fixture(name=_BLOCK_FIXTURE)
def _blocked(request: pytest.FixtureRequest) -> Iterator[None]:
    _read_or_fail(request.node, lambda: _read_markers(request.node))
    with _blocking():
        yield


def _read_or_fail(item: pytest.Item, read: Callable[[], T]) -> T:
    """Return what `read` returns; fail the test if its marker has wrong arguments."""
    try:
        return read()
    except (TypeError, ValueError) as wrong:
        problem = wrong
    # Outside of `except`, or pytest would show the problem twice.
    raise _failure(item, f"@pytest.mark.{_MARKER}: {problem}")


def _failure(item: pytest.Item, message: str) -> BaseException:
    """Return the exception that fails a test; its message starts with the file and line."""
    path, line, _ = item.location
    place = path if line is None else f"{path}:{line + 1}"
    return pytest.fail.Exception(f"{place}: {message}", pytrace=False)


def _blocking() -> AbstractContextManager[None]:
    from mturk_mock.interception.blocking import blocked

    return blocked()


def _refuse_mock_where_blocked(marked: _Marked) -> None:
    if marked.block:
        raise TypeError(
            "block=True runs the test without a mock, but the test or one of its fixtures uses "
            "a fixture of mturk_mock: remove one of the two"
        )


@pytest.fixture(name=_CLASS_FIXTURE)
def _mock_of_class(request: pytest.FixtureRequest) -> Iterator[None]:
    """Undo after the test the changes that its fixtures made in the mock of a decorated class."""
    from mturk_mock.mock.decorated_classes import during_test

    with during_test(request.instance) as handle:
        setattr(request.node, _HANDLE, handle)
        yield


def _refuse_two_mocks(request: pytest.FixtureRequest) -> None:
    for decorated in (request.function, request.cls):
        if is_decorated(decorated):
            raise _failure(
                request.node,
                f"{decorated.__name__} is decorated with @mock_mturk and also uses a fixture or "
                "the marker of mturk_mock, which would start a second mock with its own state. "
                "Remove one of the two; mturk_mock.current() returns the decorator's handle",
            )


@pytest.fixture
def mturk(_mock_mturk: MTurk) -> MTurk:
    """Mock Mechanical Turk during the test, and return the handle."""
    return _mock_mturk


@pytest.fixture
def mturk_client(_mock_mturk: MTurk) -> MTurkClient:
    """Return a boto3 client for the mocked production endpoint."""
    return _mock_mturk.client()


@pytest.fixture
def mturk_sandbox_client(_mock_mturk: MTurk) -> MTurkClient:
    """Return a boto3 client for the mocked sandbox."""
    return _mock_mturk.client(sandbox=True)


@pytest.fixture
def mturk_server() -> Iterator[MTurkServer]:
    """Run a server during the test, and return it; it takes no options of the marker."""
    from mturk_mock.server import MTurkServer

    with MTurkServer() as server:
        yield server


# Reports ----------------------------------------------------------------------------------


@pytest.hookimpl(hookwrapper=True)  # pluggy 1.0 has no new-style wrappers
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    """Add the seed, the time, the latest calls and actions of workers to a failure report."""
    outcome = yield
    report = outcome.get_result()
    if call.when == "call":
        setattr(item, _PASSED, report.passed)
    if report.failed:
        text = _report(item, call)
        if text:
            report.sections.append(("Mechanical Turk (mturk_mock)", text))


def _report(item: pytest.Item, call: pytest.CallInfo[None]) -> str | None:
    """Return the section to add to a failure report, None for no section."""
    error = None if call.excinfo is None else call.excinfo.value
    if error is not None and (advice := unmocked.explain(error)):
        return advice
    if call.when == "teardown":  # the mock has already ended
        return None
    if hasattr(error, REPORT):
        text: str = getattr(error, REPORT)
        return text
    handle = _handle_of(item)
    return None if handle is None else handle.report()


def _handle_of(item: pytest.Item) -> MTurk | None:
    """Return the handle of the test's mock, or of a mock that a plugin or fixture has started."""
    active = innermost()
    started: MTurk | None = None if active is None else active.handle
    handle: MTurk | None = getattr(item, _HANDLE, started)
    return handle


# Strict tests -----------------------------------------------------------------------------


def _leftovers(mturk: MTurk) -> list[str]:
    """Return a line for each unreviewed assignment and each fault that never happened.

    An assignment counts if its status is still Submitted after all events that are due. A fault
    counts even if it was stopped.
    """
    return [*_unreviewed(mturk), *_unused_faults(mturk)]


def _unreviewed(mturk: MTurk) -> Iterator[str]:
    for assignment in mturk.assignments:
        if assignment.status == _SUBMITTED:
            yield (
                f"assignment {assignment.id} of HIT {assignment.hit_id}, "
                f"submitted by {assignment.worker_id}, was not reviewed"
            )


def _unused_faults(mturk: MTurk) -> Iterator[str]:
    for fault in mturk.faults:
        if not fault.happened:
            yield f"this fault never happened: {fault!r}"


def _complaint(left: list[str]) -> str:
    """Return the failure message of a strict test, given its leftovers."""
    return "\n".join(
        [
            "@pytest.mark.mock_mturk(strict=True): the test has passed, but",
            *(f"  {line}" for line in left),
            "Review the work, leave the fault out, or leave strict=True out",
        ]
    )
