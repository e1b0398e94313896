"""Running tests inside a test: by pytest and by unittest's own runner."""

from __future__ import annotations

import types
import unittest
from typing import Any

import pytest

# Loaded before the first run, which forgets at its end what it has loaded.
from mturk_mock import mock_mturk  # noqa: F401

#: Other plugins of the machine are not to change what these runs do.
OTHERS = (
    "asyncio",
    "cacheprovider",
    "hypothesispytest",
    "pytest_cov",
    "randomly",
    "requests_mock",
    "time_machine",
)
#: What old botocores warn of: of their copy of six, of their TLS, and of their strings.
OLD_BOTOCORES = (
    "-Wignore:_SixMetaPathImporter:ImportWarning",
    "-Wignore:ssl.PROTOCOL_TLS:DeprecationWarning",
    "-Wignore:invalid escape sequence:DeprecationWarning",
)
#: The plugin was loaded by the outer run; pytest says so where its files are listed.
LOADED = (
    "-Wignore:Module already imported so cannot be rewritten; "
    "mturk_mock:pytest.PytestAssertRewriteWarning"
)
#: Warnings are errors, but for those.
STRICT = ("-Werror", *OLD_BOTOCORES)
OPTIONS = (*(f"-pno:{name}" for name in OTHERS), *STRICT, LOADED)

IMPORTS = """
import pytest
import unittest
from mturk_mock import MTurk, current, mock_mturk
from tests.clients import balance_of, make_client
from tests.helpers import create_hit, is_mock_on

LOG = []

def hits():
    return len(current().hits)

def publish():
    create_hit(make_client())
    return hits()

"""


def run_pytest(pytester: Any, source: str, *options: str) -> Any:
    """Run a module's tests by pytest, in this process, and return pytester's result."""
    return run_here(pytester, *options, pytester.makepyfile(IMPORTS + source))


def run_here(pytester: Any, *options: Any) -> Any:
    """Run pytest in this process with no other plugin, and return pytester's result."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take a fifth of the time
        return pytester.runpytest_inprocess("-pmturk_mock", *OPTIONS, *options)


def outcomes_by_pytest(pytester: Any, source: str) -> dict[str, int]:
    """Return how many passed, failed, ..., by pytest."""
    return run_pytest(pytester, source).parseoutcomes()


def outcomes_by_unittest(pytester: Any, source: str) -> dict[str, int]:
    """Return how many passed, failed, ..., by unittest, in pytest's words."""
    module = types.ModuleType("test_inner")
    exec(IMPORTS + source, vars(module))
    result = _Result()
    unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    failed = len(result.failures) + len(result.errors)
    counted = {"passed": result.passed, "failed": failed, "skipped": len(result.skipped)}
    return {name: number for name, number in counted.items() if number}


class _Result(unittest.TestResult):
    passed = 0

    def addSuccess(self, test: Any) -> None:  # noqa: N802 (unittest's name)
        self.passed += 1
