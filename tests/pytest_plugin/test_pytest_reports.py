"""The report of the mock in failed tests, and what the plugin costs other projects."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.inner import IMPORTS, OPTIONS, STRICT, run_pytest

TITLE = "*Mechanical Turk (mturk_mock)*"

FAILING = {
    "fixture": """
@pytest.mark.mock_mturk(seed=7, now=NOW)
def test_a(mturk_client):
    balance_of(mturk_client)
    assert False
""",
    "marker": """
@pytest.mark.mock_mturk(seed=7, now=NOW)
def test_a():
    balance_of(make_client())
    assert False
""",
    "set-up": """
@pytest.fixture
def wrong(mturk_client):
    balance_of(mturk_client)
    assert False

@pytest.mark.mock_mturk(seed=7, now=NOW)
def test_a(wrong): pass
""",
    "decorator": """
@mock_mturk(seed=7, now=NOW)
def test_a():
    balance_of(make_client())
    assert False
""",
    "pytest.fail": """
@mock_mturk(seed=7, now=NOW)
def test_a():
    balance_of(make_client())
    pytest.fail("no")
""",
    "with": """
def test_a():
    with mock_mturk(seed=7, now=NOW) as mturk:
        balance_of(make_client())
        assert False
""",
    "decorated function of the program": """
@mock_mturk(seed=7, now=NOW)
def program():
    balance_of(make_client())
    raise ZeroDivisionError

def test_a():
    program()
""",
    "class": """
@mock_mturk(seed=7, now=NOW)
class TestIt:
    def test_a(self):
        balance_of(make_client())
        assert False
""",
    "set-up of class": """
@mock_mturk(seed=7, now=NOW)
class TestIt:
    def setup_method(self):
        balance_of(make_client())
        assert False

    def test_a(self): pass
""",
    "unittest": """
@mock_mturk(seed=7, now=NOW)
class TestIt(unittest.TestCase):
    def test_a(self):
        balance_of(make_client())
        self.fail()
""",
    "set-up of unittest": """
@mock_mturk(seed=7, now=NOW)
class TestIt(unittest.TestCase):
    def setUp(self):
        balance_of(make_client())
        self.fail()

    def test_a(self): pass
""",
    "unittest, async": """
@mock_mturk(seed=7, now=NOW)
class TestIt(unittest.IsolatedAsyncioTestCase):
    async def test_a(self):
        balance_of(make_client())
        self.fail()
""",
}


@pytest.mark.parametrize("how", FAILING)
def test_failing_test_shows_seed_clock_and_calls(pytester, how):
    """The seed, the clock and the calls are shown below the traceback."""
    result = run_pytest(pytester, "from tests.helpers import NOW\n" + FAILING[how])

    result.stdout.fnmatch_lines(
        [
            TITLE,
            "mock_mturk(seed=7), clock at 2026-01-01 00:00:00+00:00",
            "<GetAccountBalance() at 2026-01-01 00:00:00>",
        ]
    )


def test_failing_test_shows_the_innermost_mock_that_failed(pytester):
    """In nested mocks, the report is of the mock in which the exception was raised."""
    source = """
@mock_mturk(seed=1)
def test_a():
    with mock_mturk(seed=2):
        pass
    with mock_mturk(seed=3):
        assert False
"""
    result = run_pytest(pytester, source)

    result.stdout.fnmatch_lines([TITLE, "mock_mturk(seed=3), clock at *", "no API calls"])
    result.stdout.no_fnmatch_line("mock_mturk(seed=1)*")


def test_failing_test_shows_an_inner_mock_rather_than_the_fixture(pytester):
    """A mock in the test is reported rather than that of the fixture."""
    source = """
def test_a(mturk):
    with mock_mturk(seed=3):
        assert False
"""
    result = run_pytest(pytester, source)

    result.stdout.fnmatch_lines([TITLE, "mock_mturk(seed=3), clock at *"])


@pytest.mark.parametrize(
    "source",
    [
        "def test_a(mturk): pass",
        "def test_a(mturk): pytest.skip('for now')",
        "@pytest.mark.xfail\ndef test_a(mturk): assert False",
        "def test_a(): assert False",
    ],
    ids=["passed", "skipped", "xfailed", "without a mock"],
)
def test_other_outcomes_show_nothing(pytester, source):
    """Without a failure in a mock nothing is shown."""
    run_pytest(pytester, source, "-rA").stdout.no_fnmatch_line(TITLE)


def test_report_that_cannot_be_made_hides_nothing(pytester):
    """If the report fails, the test's own failure is still shown."""
    source = """
@mock_mturk
def test_a(monkeypatch):
    monkeypatch.setattr(MTurk, "report", lambda self: 1 / 0)
    assert "the test's own" == ""
"""
    result = run_pytest(pytester, source)

    result.stdout.fnmatch_lines(["E*the test's own*"])
    result.stdout.no_fnmatch_line(TITLE)


# What it costs others -----------------------------------------------------------------------


def test_plugin_switched_off_leaves_the_decorator(pytester):
    """Without the plugin there are no fixtures, but @mock_mturk works."""
    source = """
@mock_mturk
def test_a():
    assert publish() == 1

@mock_mturk
class TestIt:
    def test_b(self):
        assert publish() == 1

def test_c(mturk): pass
"""
    path = pytester.makepyfile(IMPORTS + source)
    result = pytester.runpytest_inprocess(*OPTIONS, "-pno:mturk_mock", path)

    assert result.parseoutcomes() == {"passed": 2, "errors": 1}
    result.stdout.fnmatch_lines(["E*fixture 'mturk' not found"])


def test_plugin_is_found_through_its_entry_point(pytester):
    """Pytest knows the plugin by the package's name."""
    result = run_pytest(pytester, "", "--trace-config")

    result.stdout.fnmatch_lines(["*mturk-mock-*pytest_plugin.py*"])


def test_plugin_loads_no_botocore(pytester):
    """Pytest loads neither botocore nor boto3 in a project that does not use the mock."""
    path = pytester.makepyfile(
        """
        import sys

        def test_nothing_is_loaded(request):
            assert request.config.pluginmanager.has_plugin("mturk_mock")
            assert not {"botocore", "boto3", "responses", "requests"} & sys.modules.keys()
        """
    )

    command = [sys.executable, "-m", "pytest", *OPTIONS, path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_package_loads_no_botocore():
    """`import mturk_mock` does not import botocore."""
    program = (
        "import sys, mturk_mock\n"
        "assert not {'botocore', 'boto3', 'responses', 'pytest', 'unittest'} & sys.modules.keys()\n"
        "mturk_mock.mock_mturk().start().client()\n"
        "assert 'boto3' in sys.modules"
    )

    subprocess.run([sys.executable, *STRICT, "-c", program], check=True)


OLD_PYTEST = """
import sys, pytest
vars(pytest).pop("StashKey", None)  # of pytest 7
new = pytest.hookimpl
def hookimpl(function=None, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False):
    "What pluggy 1.0 knows."
    options = dict(tryfirst=tryfirst, trylast=trylast, optionalhook=optionalhook)
    return new(function, hookwrapper=hookwrapper, **options)
pytest.hookimpl = hookimpl
import mturk_mock.pytest_plugin
pytest.hookimpl = new  # pytest's own plugins are not old
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_plugin_needs_nothing_that_old_pytest_has_not(pytester, monkeypatch):
    """The plugin works in pytest 6.2 with pluggy 1.0; `.ci/old_pytest` runs these tests."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    path = pytester.makepyfile(
        "import pytest\n"
        "@pytest.mark.mock_mturk(seed=7)\n"
        "def test_a(mturk): assert False\n"
        "def test_b(): pass\n"
    )

    rewritten = "-Wignore::pytest.PytestAssertRewriteWarning"  # no: the plugin is loaded before
    command = [sys.executable, "-c", OLD_PYTEST, "-pmturk_mock", *OPTIONS, rewritten, path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert "mock_mturk(seed=7), clock at" in result.stdout
    assert "1 failed, 1 passed" in result.stdout
