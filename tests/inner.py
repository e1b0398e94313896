"""Run tests inside a test, with pytest or with unittest's runner."""

from __future__ import annotations

import types
import unittest
from typing import Any

import pytest

import mturk_mock

# Load all public names before the first inner run: a run removes the modules that it has imported.
for _name in mturk_mock.__all__:
    getattr(mturk_mock, _name)

#: Installed plugins that inner runs must not load.
OTHERS = (
    "asyncio",
    "cacheprovider",
    "hypothesispytest",
    "pytest_cov",
    "randomly",
    "requests_mock",
    "time_machine",
)
#: Warnings of old botocore versions: bundled six, TLS, and invalid escapes in strings.
OLD_BOTOCORES = (
    "-Wignore:_SixMetaPathImporter:ImportWarning",
    "-Wignore:ssl.PROTOCOL_TLS:DeprecationWarning",
    "-Wignore:invalid escape sequence:DeprecationWarning",
)
#: The outer run has already imported the plugin, so pytest cannot rewrite its assertions.
LOADED = (
    "-Wignore:Module already imported so cannot be rewritten; "
    "mturk_mock:pytest.PytestAssertRewriteWarning"
)
#: Turn all other warnings into errors.
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
    """Run a module's tests with pytest, in this process, and return pytester's result."""
    return run_here(pytester, *options, pytester.makepyfile(IMPORTS + source))


def run_here(pytester: Any, *options: Any) -> Any:
    """Run pytest in this process without other plugins, and return pytester's result."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # saves loading time
        return pytester.runpytest_inprocess("-pmturk_mock", *OPTIONS, *options)


def outcomes_by_pytest(pytester: Any, source: str) -> dict[str, int]:
    """Return the numbers of passed, failed, ... tests, run by pytest."""
    return run_pytest(pytester, source).parseoutcomes()


def outcomes_by_unittest(pytester: Any, source: str) -> dict[str, int]:
    """Return the numbers of passed, failed, ... tests, run by unittest, with pytest's names."""
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
