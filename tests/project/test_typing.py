"""Types: clients have the types of types-boto3-mturk if it is installed."""

from __future__ import annotations

import functools
import inspect
import os
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import mturk_mock
from mturk_mock import MTurk, pytest_plugin

pytest.importorskip("mypy", reason="for the extra dev only")

ROOT = Path(__file__).parents[2]
WITHOUT_STUBS = "--no-site-packages"  # which hides those that are installed
#: What needs libraries that are hidden then, too.
HIDDEN = "mturk_mock/interception/requests_adapter.py:"


FILES = ("with_stubs", "without_stubs", "the_rest")


@functools.cache  # mypy takes seconds, for all the files as for one
def run_mypy(*options):
    """Return the lines that mypy prints for the files of tests/typing."""
    files = [f"tests/typing/{name}.py" for name in FILES]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *files],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    *lines, last = (done.stdout + done.stderr).splitlines()
    assert last.startswith(("Success: ", "Found ")), done.stdout + done.stderr
    return lines


def check(name, *options):
    """Return mypy's errors in a file of tests/typing, and in the package."""
    others = [f"tests/typing/{other}.py:" for other in FILES if other != name]
    if WITHOUT_STUBS in options:
        others.append(HIDDEN)
    return [line for line in run_mypy(*options) if not line.startswith(tuple(others))]


def test_typing_of_clients_with_stubs():
    """`mturk.client()` is an MTurkClient: results are typed, wrong calls are errors."""
    pytest.importorskip("types_boto3_mturk", reason="for the extra dev only")

    assert check("with_stubs") == []


def test_typing_of_clients_without_stubs():
    """Without the stubs clients are Any, and strict mypy reports nothing."""
    assert check("without_stubs", WITHOUT_STUBS) == []


@pytest.mark.parametrize("options", [[], [WITHOUT_STUBS]], ids=["as it is", "without stubs"])
def test_typing_of_the_rest(options):
    """Types of accounts, assertions and decorators do not depend on the stubs."""
    assert check("the_rest", *options) == []


def test_typing_file_would_notice():
    """A type that needs the stubs is an error without them, so the check can fail."""
    complaints = check("with_stubs", WITHOUT_STUBS)

    assert any(
        line.startswith("tests/typing/with_stubs.py:")
        and line.endswith('error: Expression is of type "Any", not "str"  [assert-type]')
        for line in complaints
    )


REQUESTER = typing.get_type_hints(MTurk.requester)["return"]


@pytest.mark.parametrize("thing", [MTurk.client, REQUESTER.client])
def test_typing_can_be_read_at_run_time(thing):
    """Annotations can be resolved at run time, whatever is installed."""
    assert typing.get_type_hints(thing)["return"] is typing.Any
    assert mturk_mock.MTurkClient is typing.Any


def functions_of(name):
    """Yield a public function, or the public methods and properties of a public class."""
    thing = getattr(mturk_mock, name)
    if inspect.isfunction(thing):
        yield thing
    elif inspect.isclass(thing) and thing is not typing.Any:
        for member in dir(thing):
            found = inspect.getattr_static(thing, member)
            if not member.startswith("_"):
                yield from (getattr(found, part, None) for part in ("fget", "fset", "__func__"))
                yield found


def hints_of(name):
    """Return the types of all public functions of a public name, by function name."""
    functions = [each for each in functions_of(name) if inspect.isfunction(each)]
    return {each.__qualname__: typing.get_type_hints(each) for each in functions}


@pytest.mark.parametrize("name", mturk_mock.__all__)
def test_typing_of_everything_can_be_read_at_run_time(name):
    """`typing.get_type_hints` finds the types of every public function, method and property."""
    assert all("return" in hints for hints in hints_of(name).values())


def test_typing_at_run_time_reads_methods_and_properties():
    """The test above covers methods and properties."""
    hints = hints_of("MTurk")

    assert hints["MTurk.worker"]["country"] == (str | None)
    assert hints["MTurk.hits"]["return"] == list[mturk_mock.HIT]
    assert hints["MTurk.restore"]["snapshot"] is mturk_mock.Snapshot
    assert "current" in hints_of("current")
    assert "Snapshot.load" in hints_of("Snapshot")


@pytest.mark.parametrize("name", ["mturk_client", "mturk_sandbox_client"])
def test_typing_of_fixtures_is_the_client_s(name):
    """Editors show the type of the client fixtures."""
    source = inspect.getsource(pytest_plugin)

    assert f"def {name}(_mock_mturk: MTurk) -> MTurkClient:\n" in source
