"""Fixtures and the marker, found by pytest through the entry point `mturk_mock`.

Everything hangs on one private fixture, so a program's own fixture called `mturk` breaks
nothing. Nothing of botocore is loaded before a test asks for it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

import mturk_mock

if TYPE_CHECKING:
    from mturk_mock import MTurk

_MARKER: Final = "mock_mturk"
_FIXTURE: Final = "_mock_mturk"
_HANDLE: Final = pytest.StashKey["MTurk"]()
_USAGE: Final = (
    "mock_mturk(*, seed, now, balance, unknown_workers, only): run the test in a mock of "
    "Amazon Mechanical Turk, started before the test's own fixtures."
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _USAGE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let marked tests use the mock, before their other fixtures of function scope."""
    for item in items:
        names = getattr(item, "fixturenames", None)
        if names is not None and item.get_closest_marker(_MARKER) and _FIXTURE not in names:
            names.insert(_first_of_function_scope(item, names), _FIXTURE)


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
            raise pytest.UsageError(
                f"@pytest.mark.mock_mturk takes options by name, as in mock_mturk(seed=1), "
                f"not {', '.join(map(repr, marker.args))}"
            )
        options.update(marker.kwargs)
    return options


@pytest.fixture(name=_FIXTURE)
def _mock(request: pytest.FixtureRequest) -> Iterator[MTurk]:
    _refuse_two_mocks(request)
    try:
        mock = mturk_mock.mock_mturk(**_options(request.node))
    except (TypeError, ValueError) as wrong:
        raise pytest.UsageError(str(wrong)) from None
    with mock as handle:
        request.node.stash[_HANDLE] = handle
        yield handle


def _refuse_two_mocks(request: pytest.FixtureRequest) -> None:
    for decorated in (request.function, request.cls):
        if getattr(decorated, "_mock_mturk_decorated", False):
            raise pytest.UsageError(
                f"{decorated.__name__} is decorated with @mock_mturk and its test takes a "
                "fixture or marker of mturk_mock as well: that would be two mocks, with two "
                "states. Take one of them away; mturk_mock.current() is the decorator's handle"
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
    if report.failed and call.when == "call":
        text = _report(item, call)
        if text:
            report.sections.append(("Mechanical Turk (mturk_mock)", text))
    return report


def _report(item: pytest.Item, call: pytest.CallInfo[None]) -> str | None:
    if call.excinfo is not None and hasattr(call.excinfo.value, "_mock_mturk_report"):
        text: str = call.excinfo.value._mock_mturk_report
        return text
    handle = item.stash.get(_HANDLE, None)
    return None if handle is None else handle.report()
