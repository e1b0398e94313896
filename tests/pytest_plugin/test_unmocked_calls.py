"""The report of a test that failed because a call was made while no mock was active."""

from __future__ import annotations

import pytest

from tests.inner import run_pytest

ADVICE = """\
{} was sent while no mock of Mechanical Turk was active.
- To start a mock for a test, use the fixture mturk or mturk_client in it, or mark it with
  @pytest.mark.mock_mturk.
- A fixture that makes calls must use the fixture mturk too, because fixtures run in the order of
  their dependencies. The marker starts the mock before the other fixtures of the test.
- A mock ends with its test or `with` block. Calls that a client makes later are sent.
- With `mturk_block = true` in pytest's configuration, such a call raises an error at once."""

BEGINNING = """
import boto3
import botocore.exceptions
import botocore.httpsession
import requests
from mturk_mock.interception.blocking import blocked

@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(session, request, *args, **kwargs):
        raise botocore.exceptions.EndpointConnectionError(endpoint_url=request.url)
    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", refuse)

def once(**options):
    retries = botocore.config.Config(retries={"total_max_attempts": 1})
    return make_client(config=retries, **options)

def without_keys():
    return boto3.Session().client("mturk", region_name="us-east-1")

def other_service():
    return make_client.__globals__["_session"]().client(
        "sqs", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
        config=botocore.config.Config(retries={"total_max_attempts": 1}))
"""

UNMOCKED = {
    "no mock": "def test_a(): once().get_account_balance()",
    "fixture before mturk": """
@pytest.fixture
def client():
    once().get_account_balance()
def test_a(client, mturk): pass
""",
    "after a block": """
def test_a():
    client = once()
    with mock_mturk():
        client.get_account_balance()
    client.get_account_balance()
""",
    "after the test's mock": """
@pytest.fixture
def client():
    yield
    once().get_account_balance()
def test_a(client, mturk): pass
""",
    "no credentials": "def test_a(): without_keys().get_account_balance()",
    "error of the program": """
def test_a():
    try:
        once().get_account_balance()
    except Exception:
        raise KeyError("no balance")
""",
}


@pytest.mark.parametrize("how", UNMOCKED)
def test_call_without_a_mock_is_explained(pytester, how):
    """The report names the operation, says that no mock was active, and how to start one."""
    result = run_pytest(pytester, BEGINNING + UNMOCKED[how])

    assert ADVICE.format("GetAccountBalance") in result.stdout.str()
    assert "mock_mturk(seed=" not in result.stdout.str().partition("(mturk_mock)")[2]


def test_page_without_a_mock_is_explained(pytester):
    """A request by `requests` to a host of Mechanical Turk is explained, too."""
    source = """
def test_a():
    url = "https://www.mturk.com/mturk/externalSubmit"
    raise requests.ConnectionError(request=requests.Request("POST", url).prepare())
"""
    result = run_pytest(pytester, BEGINNING + source)

    what = "A request to https://www.mturk.com/mturk/externalSubmit"
    assert ADVICE.format(what) in result.stdout.str()


OTHER_ERRORS = {
    "other service": "def test_a(): other_service().list_queues()",
    "other host": """
def test_a():
    raise requests.ConnectionError(request=requests.Request("GET", "https://a.example").prepare())
""",
    "request without URL": "def test_a(): raise requests.ConnectionError('no')",
    "error without a call": """
def test_a():
    raise botocore.exceptions.EndpointConnectionError(endpoint_url="https://a.example")
""",
    "error of the mock": """
def test_a(mturk):
    mturk.fail("GetAccountBalance", "ConnectionError")
    once().get_account_balance()
""",
    "error of the mock, of an ended mock": """
def test_a():
    with mock_mturk() as mturk:
        mturk.fail("GetAccountBalance", "ConnectionError")
        once().get_account_balance()
""",
    "circular causes": """
def test_a():
    one, two = KeyError("one"), KeyError("two")
    one.__cause__, two.__cause__ = two, one
    raise one
""",
    "blocked": """
def test_a():
    with blocked():
        once().get_account_balance()
""",
}


@pytest.mark.parametrize("how", OTHER_ERRORS)
def test_other_errors_are_not_explained(pytester, how):
    """Only a call for Mechanical Turk that no mock answered has the explanation."""
    result = run_pytest(pytester, BEGINNING + OTHER_ERRORS[how])

    assert result.parseoutcomes() == {"failed": 1}
    assert "while no mock" not in result.stdout.str()


STARTED = {
    "start() in a fixture": """
@pytest.fixture(autouse=True)
def started():
    mock = mock_mturk(seed=7, now=NOW)
    mock.start()
    yield
    mock.stop()
def test_a():
    balance_of(make_client())
    assert False
""",
    "block in a fixture": """
@pytest.fixture
def started():
    with mock_mturk(seed=7, now=NOW) as mturk:
        yield mturk
def test_a(started):
    balance_of(make_client())
    assert False
""",
    "start() for all tests": """
MOCK = mock_mturk(seed=7, now=NOW)
def setup_module(): MOCK.start()
def teardown_module(): MOCK.stop()
def test_a():
    balance_of(make_client())
    assert False
""",
}


@pytest.mark.parametrize("how", STARTED)
def test_report_of_a_mock_that_a_fixture_or_plugin_started(pytester, how):
    """The report is shown for the innermost active mock of a test without fixture and marker."""
    result = run_pytest(pytester, "from tests.helpers import NOW\n" + STARTED[how])

    result.stdout.fnmatch_lines(
        [
            "*Mechanical Turk (mturk_mock)*",
            "mock_mturk(seed=7), clock at 2026-01-01 00:00:00+00:00",
            "<GetAccountBalance() at 2026-01-01 00:00:00>",
        ]
    )


def test_report_is_not_shown_for_an_error_after_the_mock_has_ended(pytester):
    """A fixture that fails when it ends has no report: the mock has ended already."""
    source = """
@pytest.fixture
def wrong():
    yield
    assert False
def test_a(wrong, mturk): pass
"""
    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"passed": 1, "errors": 1}
    result.stdout.no_fnmatch_line("*mturk_mock)*")


def test_strict_xfail_that_passes_has_the_report(pytester):
    """A test that fails without an exception has the report of its mock."""
    source = """
@pytest.mark.xfail(strict=True)
@pytest.mark.mock_mturk(seed=7)
def test_a(): pass
"""
    result = run_pytest(pytester, source)

    assert "mock_mturk(seed=7), clock at" in result.stdout.str()


MARKERS = {
    "function": "@pytest.mark.mock_mturk(sed=1)\ndef test_a(): pass",
    "class": "@pytest.mark.mock_mturk(sed=1)\nclass TestA:\n    def test_a(self): pass",
}
#: Where pytest says that each test is.
LINES = {"function": "@pytest.mark.mock_mturk(sed=1)", "class": "    def test_a(self): pass"}


@pytest.mark.parametrize("where", MARKERS)
def test_wrong_marker_is_shown_once_with_file_and_line(pytester, where):
    """The message is not repeated, and begins with the file and line of the test."""
    result = run_pytest(pytester, MARKERS[where])

    (path,) = pytester.path.glob("*.py")
    line = path.read_text().splitlines().index(LINES[where]) + 1
    text = result.stdout.str().partition("short test summary")[0]
    assert text.count("mock_mturk() has no option 'sed'") == 1
    assert (
        f"\n{path.name}:{line}: @pytest.mark.mock_mturk: mock_mturk() has no option 'sed' "
        "(did you mean 'seed'?); its options are seed, now, " in text
    )


@pytest.mark.parametrize(("service", "shown"), [("mturk", 1), ("sqs", 0)])
def test_report_of_a_client_without_region_says_how_to_give_one(pytester, service, shown):
    """boto3 needs a region, with a mock too; the report says so for Mechanical Turk only."""
    program = f"def test_a(mturk): boto3.Session().client({service!r})"

    result = run_pytest(pytester, f"import boto3\n{program}")

    result.assert_outcomes(failed=1)
    assert result.stdout.str().count('boto3.client("mturk") was given no region.') == shown
