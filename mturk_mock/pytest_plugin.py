"""Fixtures and the marker, found by pytest through the entry point `mturk_mock`.

Everything hangs on one private fixture, so a program's own fixture called `mturk` breaks
nothing. Nothing of botocore is loaded before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest

import mturk_mock
from mturk_mock import one_copy
from mturk_mock.marker import MARKER, USAGE, Marked, blocks, read_markers
from mturk_mock.mock.decorated_functions import REPORT
from mturk_mock.mock.decorators import is_decorated

if TYPE_CHECKING:
    from mturk_mock import MTurk
    from mturk_mock.backend.clients import MTurkClient

_FIXTURE: Final = "_mock_mturk"
_CLASS_FIXTURE: Final = "_mock_mturk_of_class"
_BLOCK_FIXTURE: Final = "_mturk_blocked"
_BLOCK_OPTION: Final = "mturk_block"
_HANDLE: Final = pytest.StashKey["MTurk"]()
_PASSED: Final = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the ini option known."""
    text = "make every call of Mechanical Turk outside a mock an error at once"
    parser.addini(_BLOCK_OPTION, text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known; block calls outside mocks, where that is asked for.

    A pytest inside a test, as pytester starts it, forgets at its end what it has loaded.
    """
    one_copy.keep("mturk_mock")
    config.addinivalue_line("markers", USAGE)
    if config.getini(_BLOCK_OPTION):
        stack = ExitStack()
        stack.enter_context(_blocking())
        config.add_cleanup(stack.close)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests be in their mock before their other fixtures of function scope."""
    for item in items:
        names = getattr(item, "fixturenames", None)
        wanted = _wanted_fixture(item)
        if names is not None and wanted is not None and wanted not in names:
            names.insert(_first_of_function_scope(item, names), wanted)


def _wanted_fixture(item: pytest.Item) -> str | None:
    if blocks(item):
        return _BLOCK_FIXTURE
    if item.get_closest_marker(MARKER):
        return _FIXTURE
    return _CLASS_FIXTURE if is_decorated(getattr(item, "cls", None)) else None


def _first_of_function_scope(item: Any, names: list[str]) -> int:
    """Return the place after the fixtures of wider scope, which outlive the test's mock."""
    definitions = item._fixtureinfo.name2fixturedefs
    for place, name in enumerate(names):
        if name in definitions and definitions[name][-1].scope == "function":
            return place
    return len(names)


@pytest.fixture(name=_FIXTURE)
def _mock(request: pytest.FixtureRequest) -> Iterator[MTurk]:
    _refuse_two_mocks(request)
    try:
        marked = read_markers(request.node)
        _refuse_mock_where_blocked(marked)
        mock = mturk_mock.mock_mturk(**marked.options)
    except (TypeError, ValueError) as wrong:
        pytest.fail(f"@pytest.mark.mock_mturk: {wrong}", pytrace=False)
    with mock as handle:
        request.node.stash[_HANDLE] = handle
        yield handle
        passed = request.node.stash.get(_PASSED, False)
        complaint = _complaint(handle) if marked.strict and passed else None
    if complaint:
        pytest.fail(complaint, pytrace=False)


def _complaint(handle: MTurk) -> str | None:
    """Return what is said to a strict test, None if it has left nothing behind."""
    from mturk_mock.strictness import complaint, leftovers  # few tests are strict

    left = leftovers(handle)
    return complaint(left) if left else None


@pytest.fixture(name=_BLOCK_FIXTURE)
def _blocked(request: pytest.FixtureRequest) -> Iterator[None]:
    try:
        read_markers(request.node)
    except TypeError as wrong:
        pytest.fail(f"@pytest.mark.mock_mturk: {wrong}", pytrace=False)
    with _blocking():
        yield


def _blocking() -> AbstractContextManager[None]:
    from mturk_mock.interception.blocking import blocked  # few projects and tests ask for it

    return blocked()


def _refuse_mock_where_blocked(marked: Marked) -> None:
    if marked.block:
        raise TypeError(
            "block=True lets the test run without a mock, but it takes a fixture of "
            "mturk_mock, or another fixture of it does: leave one of them out"
        )


@pytest.fixture(name=_CLASS_FIXTURE)
def _mock_of_class(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let what fixtures do to a decorated class's mock be forgotten after the test."""
    from mturk_mock.mock.decorated_classes import (
        during_test,  # loaded, since the class is decorated
    )

    with during_test(request.instance) as handle:
        request.node.stash[_HANDLE] = handle
        yield


def _refuse_two_mocks(request: pytest.FixtureRequest) -> None:
    for decorated in (request.function, request.cls):
        if is_decorated(decorated):
            pytest.fail(
                f"{decorated.__name__} is decorated with @mock_mturk and uses a fixture or the "
                "marker of mturk_mock as well: that would be two mocks, with two states. Take "
                "one of them away; mturk_mock.current() is the decorator's handle",
                pytrace=False,
            )


@pytest.fixture
def mturk(_mock_mturk: MTurk) -> MTurk:
    """Mechanical Turk, mocked for this test: the handle."""
    return _mock_mturk


@pytest.fixture
def mturk_client(_mock_mturk: MTurk) -> MTurkClient:
    """Return a boto3 client for the mocked production endpoint."""
    return _mock_mturk.client()


@pytest.fixture
def mturk_sandbox_client(_mock_mturk: MTurk) -> MTurkClient:
    """Return a boto3 client for the mocked sandbox."""
    return _mock_mturk.client(sandbox=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the seed, the clock and the last calls where a test has failed."""
    report = yield
    if call.when == "call":
        item.stash[_PASSED] = report.passed
    if report.failed and call.when != "teardown":  # which comes when the mock has ended
        text = _report(item, call)
        if text:
            report.sections.append(("Mechanical Turk (mturk_mock)", text))
    return report


def _report(item: pytest.Item, call: pytest.CallInfo[None]) -> str | None:
    if call.excinfo is not None and hasattr(call.excinfo.value, REPORT):
        text: str = getattr(call.excinfo.value, REPORT)
        return text
    handle = item.stash.get(_HANDLE, None)
    return None if handle is None else handle.report()
