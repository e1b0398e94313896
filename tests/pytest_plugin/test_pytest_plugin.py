"""The pytest plugin: its fixtures, its marker and their errors."""

from __future__ import annotations

import pytest

from tests.inner import outcomes_by_pytest, run_here, run_pytest

PYTEST = int(pytest.__version__.partition(".")[0])


def lines_of(result):
    """Return pytest's output, with runs of white space replaced by a space."""
    return " ".join(" ".join(line.removeprefix("E ").split()) for line in result.outlines)


# Fixtures ---------------------------------------------------------------------------------


def test_fixture_mturk_is_the_handle_of_a_mock_that_is_on(pytester):
    """The test runs in the mock, which ends after it."""
    source = """
def test_a(mturk):
    assert isinstance(mturk, MTurk)
    assert mturk is current()
    assert publish() == 1

def test_b(mturk):
    assert publish() == 1

def test_c():
    assert not is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_fixture_clients_speak_to_the_mock(pytester):
    """There is a client for each environment, and all fixtures share one mock."""
    source = """
def test_a(mturk_sandbox_client, mturk_client, mturk):
    mturk.balance = "12.34"
    assert balance_of(mturk_client) == "12.34"
    assert balance_of(mturk_sandbox_client) == "10000.00"
    assert [call.environment for call in mturk.calls] == ["production", "sandbox"]

@pytest.mark.parametrize("name", ["mturk_client", "mturk_sandbox_client"])
def test_b(request, name):
    client = request.getfixturevalue(name)
    assert balance_of(client) == "10000.00"
    assert client.meta.endpoint_url == current().client(sandbox="box" in name).meta.endpoint_url
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_fixture_in_own_fixtures(pytester):
    """Fixtures of a program can use the plugin's, and are torn down inside the mock."""
    source = """
@pytest.fixture
def hit(mturk_client):
    yield create_hit(mturk_client)
    LOG.append(hits())

def test_a(hit, mturk):
    assert [known.id for known in mturk.hits] == [hit["HITId"]]
    publish()

def test_log():
    assert LOG == [2]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_fixture_in_doctest(pytester):
    """A doctest can use the fixture."""
    path = pytester.makepyfile('"""\n>>> getfixture("mturk").hits\n[]\n"""')

    result = run_here(pytester, "--doctest-modules", path)

    assert result.parseoutcomes() == {"passed": 1}


def test_fixture_for_unittest_by_usefixtures(pytester):
    """Unittest test cases can use the fixture by a mark."""
    source = """
class TestIt(unittest.TestCase):
    def setUp(self):
        assert publish() == 1

    @pytest.mark.usefixtures("mturk")
    def test_a(self):
        assert publish() == 2

    @pytest.mark.mock_mturk(seed=3)
    def test_b(self):
        assert (current().seed, publish()) == (3, 2)
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_fixture_docstrings_are_shown(pytester):
    """`pytest --fixtures` describes the public fixtures and hides the private ones."""
    result = run_pytest(pytester, "", "--fixtures")

    output = lines_of(result)
    assert "Mock Mechanical Turk during the test, and return the handle." in output
    assert "Return a boto3 client for the mocked production endpoint." in output
    assert "Return a boto3 client for the mocked sandbox." in output
    assert "_mock_mturk" not in output


# A program's own names --------------------------------------------------------------------


def test_own_fixture_called_mturk_is_the_programs(pytester):
    """A program's own fixture `mturk` wins, and the plugin's other fixtures still work."""
    source = """
@pytest.fixture
def mturk():
    return "own"

def test_a(mturk):
    assert mturk == "own"
    assert not is_mock_on()

def test_b(mturk, mturk_client):
    assert mturk == "own"
    assert balance_of(mturk_client) == "10000.00"

@pytest.mark.mock_mturk(balance="12.34")
def test_c(mturk):
    assert mturk == "own"
    assert balance_of(make_client()) == "12.34"
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_own_marker_called_mturk_is_the_programs(pytester):
    """A program's own marker `mturk` is not affected."""
    pytester.makeini("[pytest]\nmarkers = mturk: needs Mechanical Turk")
    source = """
@pytest.mark.mturk
def test_a():
    assert not is_mock_on()
"""
    result = run_pytest(pytester, source, "--strict-markers", "-m", "mturk")

    assert result.parseoutcomes() == {"passed": 1}


# The marker -------------------------------------------------------------------------------


def test_marker_alone_switches_the_mock_on(pytester):
    """The marker needs no fixture and no parentheses."""
    source = """
@pytest.mark.mock_mturk
def test_a():
    assert publish() == 1

@pytest.mark.mock_mturk()
def test_b():
    assert publish() == 1

def test_c():
    assert not is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_marker_options_are_the_mocks(pytester):
    """The marker accepts all options of mock_mturk."""
    source = """
from datetime import datetime, timezone
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

@pytest.mark.mock_mturk(seed=3, now=NOW, balance="12.34", unknown_workers="refuse", only="sandbox")
def test_a(mturk, mturk_client):
    assert (mturk.seed, mturk.clock.now, str(mturk.balance)) == (3, NOW, "12.34")
    with pytest.raises(RuntimeError, match="only=.sandbox"):
        balance_of(mturk_client)
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_marker_starts_before_fixtures_of_the_test(pytester):
    """Fixtures of function scope, autouse ones too, are inside the mock."""
    source = """
@pytest.fixture(autouse=True)
def early():
    LOG.append(("early", is_mock_on()))
    yield
    LOG.append(("early ends", is_mock_on()))

@pytest.fixture
def late(tmp_path):
    LOG.append(("late", is_mock_on()))
    yield
    LOG.append(("late ends", is_mock_on()))

@pytest.mark.mock_mturk
def test_a(late):
    assert LOG == [("early", True), ("late", True)]

def test_log(request):
    assert LOG[2:4] == [("late ends", True), ("early ends", True)]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_marker_starts_after_fixtures_of_wider_scope(pytester):
    """Fixtures of wider scope are outside the test's mock."""
    source = """
@pytest.fixture(scope="module", autouse=True)
def module():
    LOG.append(is_mock_on())

@pytest.fixture(scope="session")
def session():
    LOG.append(is_mock_on())

@pytest.mark.mock_mturk
def test_a(session):
    assert LOG == [False, False]
    assert is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_marker_on_class_and_module(pytester):
    """A marker on a class or module gives each test its own mock."""
    source = """
pytestmark = pytest.mark.mock_mturk(seed=1)

def test_a():
    assert (current().seed, publish()) == (1, 1)

@pytest.mark.mock_mturk(balance="12.34")
class TestIt:
    def test_b(self):
        assert (current().seed, publish()) == (1, 1)

    def setup_method(self):
        assert is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_markers_are_merged_and_the_closest_counts(pytester):
    """The options of a test override those of its class, and those of the module."""
    source = """
pytestmark = pytest.mark.mock_mturk(seed=1, balance="1.00")

@pytest.mark.mock_mturk(seed=2, unknown_workers="refuse")
class TestIt:
    @pytest.mark.mock_mturk(seed=3)
    def test_a(self, mturk):
        assert (mturk.seed, str(mturk.balance)) == (3, "1.00")
        with pytest.raises(Exception, match="not valid for the parameter WorkerId"):
            mturk.client().create_worker_block(WorkerId="A1", Reason="spam")

    def test_b(self, mturk):
        assert (mturk.seed, str(mturk.balance)) == (2, "1.00")
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_marker_is_known_under_strict_markers(pytester):
    """The marker is registered, as --strict-markers requires."""
    source = "@pytest.mark.mock_mturk\ndef test_a():\n    assert is_mock_on()"

    assert run_pytest(pytester, source, "--strict-markers").parseoutcomes() == {"passed": 1}


def test_marker_is_explained(pytester):
    """`pytest --markers` explains the marker and its options."""
    output = lines_of(run_pytest(pytester, "", "--markers"))

    assert (
        "@pytest.mark.mock_mturk(*, seed, now, balance, unknown_workers, only, accounts, "
        "consistency, sleep, calls, strict, block): run the test in a mock of Amazon Mechanical "
        "Turk, started before the test's other fixtures. strict=True: fail the test if it leaves "
        "submitted work unreviewed, or a fault that never happened. block=True, without other "
        "arguments: start no mock, and raise an error for every call." in output
    )


def test_marker_starts_before_other_fixtures_where_the_test_takes_the_handle_too(pytester):
    """A fixture set up before `mturk` is inside the mock too."""
    source = """
@pytest.fixture
def published():
    return publish()

@pytest.mark.mock_mturk
def test_a(published, mturk):
    assert (published, hits()) == (1, 1)
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_marker_of_one_parameter_is_not_the_others(pytester):
    """A marker on one parameter does not apply to the others."""
    source = """
MARKED = pytest.param(True, marks=pytest.mark.mock_mturk)

@pytest.mark.parametrize("marked", [False, MARKED, False])
def test_a(marked):
    assert is_mock_on() is marked
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


# Markers that a conftest adds ---------------------------------------------------------------

ADDING = {
    "modifyitems": "def pytest_collection_modifyitems(items):",
    "modifyitems, last": (
        "@pytest.hookimpl(trylast=True)\ndef pytest_collection_modifyitems(items):"
    ),
    "itemcollected": "def pytest_itemcollected(item):\n    items = [item]",
    "setup": "def pytest_runtest_setup(item):\n    items = [item]",
}
MARKING = """
    for item in items:
        item.add_marker(pytest.mark.mock_mturk({}))
"""


@pytest.mark.parametrize("hook", ADDING)
def test_marker_of_a_hook_starts_the_mock_before_the_test_s_fixtures(pytester, hook):
    """A conftest can mark a whole suite in a hook."""
    pytester.makeconftest("import pytest\n" + ADDING[hook] + MARKING.format("seed=3"))
    source = """
@pytest.fixture(scope="module", autouse=True)
def module():
    assert not is_mock_on()

@pytest.fixture(autouse=True)
def early():
    publish()

def test_a():
    assert (current().seed, publish()) == (3, 2)

@pytest.mark.mock_mturk(unknown_workers="refuse")
def test_b(mturk):
    assert (mturk.seed, publish()) == (3, 2)
    with pytest.raises(Exception, match="not valid for the parameter WorkerId"):
        mturk.client().create_worker_block(WorkerId="A1", Reason="spam")

@mock_mturk
class TestIt:
    def test_c(self): pass

class TestCase(unittest.TestCase):
    def test_d(self):
        assert publish() == 2
"""
    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"passed": 3, "errors": 1}
    assert "TestIt is decorated with @mock_mturk and also uses" in lines_of(result)


def test_marker_of_a_hook_blocks(pytester):
    """With block=True in a hook the whole suite runs without a mock."""
    hook = ADDING["modifyitems"] + MARKING.format("block=True")
    pytester.makeconftest("import pytest\n" + hook)
    source = """
from mturk_mock import BlockedCallError

@pytest.fixture(autouse=True)
def early():
    with pytest.raises(BlockedCallError):
        publish()

def test_a(): pass
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_marker_of_a_hook_for_doctests(pytester):
    """A doctest runs in the mock of its marker."""
    pytester.makeconftest("import pytest\n" + ADDING["modifyitems"] + MARKING.format("seed=3"))
    pytester.makepyfile('"""\n>>> import mturk_mock\n>>> mturk_mock.current().seed\n3\n"""')

    assert run_here(pytester, "--doctest-modules").parseoutcomes() == {"passed": 1}


OTHER_KIND = """
class Item(pytest.Item):
    def runtest(self):
        assert asked == [{}]

class File(pytest.File):
    def collect(self):
        return [Item.from_parent(self, name="a")]

def pytest_collect_file(file_path, parent):
    return File.from_parent(parent, path=file_path) if file_path.suffix == ".own" else None

asked = []
"""
WITH_REQUEST = """
from types import SimpleNamespace

Item.fixture_request = SimpleNamespace(getfixturevalue=asked.append)
"""


@pytest.mark.skipif(PYTEST < 7, reason="its collectors take other arguments")
@pytest.mark.parametrize(
    "kind",
    [OTHER_KIND.format(""), OTHER_KIND.format("'_mock_mturk'") + WITH_REQUEST],
    ids=["no fixtures", "fixtures by request"],
)
def test_marker_of_a_hook_for_other_kinds_of_tests(pytester, kind):
    """Items of a plugin's own kind have no fixtures, and run as before.

    Those that have a request for fixtures, as doctests of pytest 6 and 7, ask for the mock.
    """
    pytester.makeconftest("import pytest\n" + ADDING["modifyitems"] + MARKING.format("") + kind)
    pytester.makefile(".own", "")

    assert run_here(pytester).parseoutcomes() == {"passed": 1}


def test_marker_of_a_fixture_is_refused(pytester):
    """A marker added by a fixture is too late; the message says what to do."""
    source = """
@pytest.fixture(autouse=True)
def early(request):
    request.applymarker(pytest.mark.mock_mturk(seed=3))

def test_a(): pass

def test_b(mturk):
    assert mturk.seed == 3
"""
    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"passed": 1, "failed": 1}
    assert (
        "@pytest.mark.mock_mturk was added during the set-up of the test, too late to start the "
        "mock before its fixtures: add it in pytest_collection_modifyitems or "
        "pytest_runtest_setup, or use the fixture mturk" in lines_of(result)
    )
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


WRONG_MARKS = {
    "sed=1": "@pytest.mark.mock_mturk: mock_mturk() has no option 'sed' (did you mean 'seed'?); "
    "its options are seed, now, balance, unknown_workers, only, accounts, consistency, sleep, "
    "calls",
    "seed='1'": "@pytest.mark.mock_mturk: seed takes an int, not '1'",
    "balance='much'": "@pytest.mark.mock_mturk: balance takes dollars and cents, 0 or more, "
    "such as '12.50', not 'much'",
    "7": "@pytest.mark.mock_mturk: mock_mturk() takes keyword arguments, such as seed=1, not 7",
}


@pytest.mark.parametrize("options", WRONG_MARKS)
def test_marker_with_wrong_options_fails_and_says_what_is_allowed(pytester, options):
    """The message is that of mock_mturk, without a traceback through the package."""
    source = f"@pytest.mark.mock_mturk({options})\ndef test_a(): pass"

    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"errors": 1}
    assert WRONG_MARKS[options] in result.stdout.str()
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


# Two mocks --------------------------------------------------------------------------------

TWO_MOCKS = {
    "function": "@mock_mturk\ndef test_a(mturk): pass",
    "client": "@mock_mturk\ndef test_a(mturk_client): pass",
    "marker": "@pytest.mark.mock_mturk\n@mock_mturk\ndef test_a(): pass",
    "class": "@mock_mturk\nclass TestIt:\n    def test_b(self, mturk): pass",
}


@pytest.mark.parametrize("how", TWO_MOCKS)
def test_decorator_and_fixture_together_are_refused(pytester, how):
    """Two mocks with two states are refused; the message says what to do."""
    result = run_pytest(pytester, TWO_MOCKS[how])

    assert result.parseoutcomes() == {"errors": 1}
    name = "TestIt" if how == "class" else "test_a"
    assert (
        f"{name} is decorated with @mock_mturk and also uses a fixture or the marker of "
        "mturk_mock, which would start a second mock with its own state. Remove one of the two; "
        "mturk_mock.current() returns the decorator's handle" in lines_of(result)
    )
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_with_inside_a_test_with_fixture_is_not_refused(pytester):
    """A mock in the code of the test is allowed."""
    source = """
def test_a(mturk):
    publish()
    with mock_mturk() as inner:
        assert publish() == 1
    assert hits() == 1
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}
