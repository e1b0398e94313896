"""Fixtures and the marker, found by pytest through the entry point `mturk_mock`.

Everything hangs on one private fixture, so a program's own fixture called `mturk` breaks
nothing. Nothing of botocore is loaded before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

import mturk_mock
from mturk_mock.decorated_classes import during_test
from mturk_mock.decorated_functions import REPORT
from mturk_mock.decoration import is_decorated

if TYPE_CHECKING:
    from mturk_mock import MTurk

_MARKER: Final = "mock_mturk"
_FIXTURE: Final = "_mock_mturk"
_CLASS_FIXTURE: Final = "_mock_mturk_of_class"
_HANDLE: Final = pytest.StashKey["MTurk"]()
_USAGE: Final = (
    "mock_mturk(*, seed, now, balance, unknown_workers, only, sleep): run the test in a mock "
    "of Amazon Mechanical Turk, started before the test's own fixtures."
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _USAGE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests be in their mock before their other fixtures of function scope."""
    for item in items:
        names = getattr(item, "fixturenames", None)
        wanted = _wanted_fixture(item)
        if names is not None and wanted is not None and wanted not in names:
            names.insert(_first_of_function_scope(item, names), wanted)


def _wanted_fixture(item: pytest.Item) -> str | None:
    if item.get_closest_marker(_MARKER):
        return _FIXTURE
    return _CLASS_FIXTURE if is_decorated(getattr(item, "cls", None)) else None


def _first_of_function_scope(item: Any, names: list[str]) -> int:
    """Return the place after the fixtures of wider scope, which outlive the test's mock."""
    definitions = item._fixtureinfo.name2fixturedefs
    for place, name in enumerate(names):
        if name in definitions and definitions[name][-1].scope == "function":
            return place
    return len(names)


def _options(item: pytest.Item) -> dict[str, Any]:
    """Return the options of all markers of a test, the closest one's word counting."""
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers(_MARKER))):
        if marker.args:
            given = ", ".join(map(repr, marker.args))
            raise TypeError(f"mock_mturk() takes options by name, as in seed=1, not {given}")
        options.update(marker.kwargs)
    return options


@pytest.fixture(name=_FIXTURE)
def _mock(request: pytest.FixtureRequest) -> Iterator[MTurk]:
    _refuse_two_mocks(request)
    try:
        mock = mturk_mock.mock_mturk(**_options(request.node))
    except (TypeError, ValueError) as wrong:
        pytest.fail(f"@pytest.mark.mock_mturk: {wrong}", pytrace=False)
    with mock as handle:
        request.node.stash[_HANDLE] = handle
        yield handle


@pytest.fixture(name=_CLASS_FIXTURE)
def _mock_of_class(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let what fixtures do to a decorated class's mock be forgotten after the test."""
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
def mturk_client(_mock_mturk: MTurk) -> Any:
    """Return a boto3 client for the mocked production endpoint."""
    return _mock_mturk.client()


@pytest.fixture
def mturk_sandbox_client(_mock_mturk: MTurk) -> Any:
    """Return a boto3 client for the mocked sandbox."""
    return _mock_mturk.client(sandbox=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the seed, the clock and the last calls where a test has failed."""
    report = yield
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
