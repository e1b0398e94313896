"""Blocking: a call of Mechanical Turk outside a mock raises an error."""

from __future__ import annotations

import re
import subprocess
import sys

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.stub import Stubber

from mturk_mock import BlockedCallError, mock_mturk
from mturk_mock.interception import blocking
from mturk_mock.interception.blocking import blocked
from tests.clients import KEYS, PRODUCTION, SANDBOX, Sent, balance_of, make_client
from tests.inner import OPTIONS, run_here, run_pytest
from tests.pytest_plugin.test_pytest_plugin import lines_of

WHAT_TO_DO = (
    "but no mock of Mechanical Turk is active. Use a fixture (mturk, mturk_client, "
    "mturk_sandbox_client), mark the test with @pytest.mark.mock_mturk, or decorate it with "
    "@mock_mturk. If the call is intended, set mturk_block = false in pytest's configuration and "
    "remove block=True from the marker."
)


@pytest.fixture
def get_adapter(monkeypatch):
    """Raise `Sent` instead of sending requests."""

    def hold_back(session, url):
        raise Sent(url)

    monkeypatch.setattr(requests.Session, "get_adapter", hold_back)


def refusal_of(call):
    """Return the message of the error for a blocked call."""
    with pytest.raises(BlockedCallError) as refused:
        call()
    return str(refused.value)


# Calls by botocore --------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", [PRODUCTION, SANDBOX, "http://localhost:5000"])
def test_blocked_call_says_what_and_where_and_what_to_do(wire, endpoint):
    """The error names the operation, the address and what to do; nothing is sent."""
    with blocked():
        said = refusal_of(lambda: balance_of(make_client(endpoint_url=endpoint)))

    where = f"{endpoint}/"
    assert said == f"GetAccountBalance was about to be sent to {where}, {WHAT_TO_DO}"
    assert wire == []


def test_blocked_call_is_a_runtime_error():
    """BlockedCallError is not an error of botocore or of the service, which programs handle."""
    assert BlockedCallError.__mro__[1] is RuntimeError


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_blocked_call_is_not_retried(wire, mode):
    """A blocked call is not retried in any retry mode."""
    client, seen = make_client(config=Config(retries={"mode": mode, "max_attempts": 5})), []
    for event in ("request-created", "before-sign", "needs-retry"):
        client.meta.events.register(
            f"{event}.mturk", lambda event_name, **rest: seen.append(event_name)
        )
    with blocked():
        refusal_of(lambda: balance_of(client))

    assert (seen, wire) == ([], [])


def test_blocked_call_needs_no_credentials(monkeypatch):
    """A blocked call fails before botocore looks for credentials."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    client = boto3.client("mturk", region_name="us-east-1")
    with blocked():
        assert refusal_of(lambda: balance_of(client)).startswith("GetAccountBalance")


@pytest.mark.parametrize("made", ["before", "inside"])
def test_blocked_call_of_any_client(made):
    """Clients are blocked, whenever they were created and used before."""
    client = make_client()
    with mock_mturk():
        balance_of(client)
    with blocked():
        refusal_of(lambda: balance_of(client if made == "before" else make_client()))


def test_blocked_ends_with_the_block(wire):
    """After the block, calls are sent again and botocore is restored."""
    client, before = make_client(), Endpoint.make_request
    with blocked():
        refusal_of(lambda: balance_of(client))
    assert Endpoint.make_request is before
    with pytest.raises(Sent):
        balance_of(client)


def test_blocked_in_a_mock_is_answered(wire):
    """A mock inside or around the block answers; between mocks calls are blocked."""
    client = make_client()
    with mock_mturk(balance="1.00"), blocked():
        assert balance_of(client) == "1.00"
    with blocked():
        with mock_mturk(balance="2.00"):
            assert balance_of(client) == "2.00"
        refusal_of(lambda: balance_of(client))
        with mock_mturk(balance="3.00"):
            assert balance_of(client) == "3.00"
    assert wire == []


def test_blocked_ended_inside_a_mock_stays_without_effect(wire):
    """If a mock wrapped the guard, the guard stays in place without effect."""
    client, before = make_client(), Endpoint.make_request
    block, mock = blocked(), mock_mturk()
    block.__enter__()
    mock.start()
    block.__exit__(None, None, None)
    assert balance_of(client) == "10000.00"
    mock.stop()

    with pytest.raises(Sent):
        balance_of(client)
    Endpoint.make_request = before


def test_blocked_twice_ends_once_for_each(wire):
    """The option and the marker can both block; each ends on its own."""
    client = make_client()
    with blocked():
        with blocked():
            refusal_of(lambda: balance_of(client))
        refusal_of(lambda: balance_of(client))
    with pytest.raises(Sent):
        balance_of(client)


def test_blocked_leaves_stubber_to_answer():
    """A call that a Stubber answers is not blocked."""
    client = make_client()
    with blocked(), Stubber(client) as stubber:
        stubber.add_response("get_account_balance", {"AvailableBalance": "0.01"})
        assert balance_of(client) == "0.01"


def test_blocked_leaves_other_services_alone(wire):
    """A call of S3 is sent."""
    s3 = boto3.client("s3", region_name="us-east-1", **KEYS)
    with blocked(), pytest.raises(Sent):
        s3.list_buckets()


def test_blocked_knows_the_service_by_its_model():
    """The endpoint prefix is equal to that of the service model."""
    assert make_client().meta.service_model.endpoint_prefix == blocking._ENDPOINT_PREFIX


# Visits by requests -------------------------------------------------------------------------

SITES = [
    "https://www.mturk.com/mturk/externalSubmit",
    "https://workersandbox.mturk.com/mturk/externalSubmit",
    "https://worker.mturk.com/projects?page_size=20",
    "https://mturk.com",
    "http://mechanicalturk.amazonaws.com/?Operation=ExtendHIT",
    "https://mechanicalturk.sandbox.amazonaws.com/",
]
ELSEWHERE = ["https://notmturk.com/", "https://example.com/mturk.com", "http://[::1", "mturk"]


@pytest.mark.parametrize("url", SITES)
def test_blocked_visit_says_where_and_what_to_do(get_adapter, url):
    """Requests to the worker sites and to the API of 2008 are refused before they are sent."""
    with blocked(), requests.Session() as session:
        said = refusal_of(lambda: session.get_adapter(url=url))

    assert said == f"A request was about to be sent to {url}, {WHAT_TO_DO}"


@pytest.mark.parametrize("url", ELSEWHERE)
def test_blocked_leaves_other_visits_alone(get_adapter, url):
    """Requests to other hosts are sent."""
    with blocked(), requests.Session() as session, pytest.raises(Sent):
        session.get_adapter(url=url)


def test_blocked_visit_by_post():
    """POST requests are blocked too."""
    with blocked():
        assert refusal_of(lambda: requests.post(SITES[0], {"a": "b"})).startswith("A request")


def test_blocked_visit_in_a_mock_is_answered():
    """A mock answers its pages."""
    with blocked(), mock_mturk():
        assert requests.get(SITES[-1]).status_code == 403


# Late imports -------------------------------------------------------------------------------


def test_blocked_waits_for_botocore_and_requests():
    """Blocking imports nothing, and applies to modules that are imported later."""
    program = """
import sys
from mturk_mock import BlockedCallError
from mturk_mock.interception.blocking import blocked
with blocked():
    assert not {"botocore", "boto3", "requests"} & sys.modules.keys()
    import boto3, requests
    client = boto3.client(
        "mturk", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    for call in (client.get_account_balance, lambda: requests.get("https://www.mturk.com/")):
        try:
            call()
        except BlockedCallError:
            print("blocked")
assert "mturk_mock.interception.botocore_send" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("blocked\nblocked\n", "")


def test_blocked_waits_no_longer_than_the_block():
    """A module that is imported after the block is not patched."""
    program = """
import sys
from mturk_mock.interception.blocking import blocked
before = list(sys.meta_path)
with blocked():
    assert len(sys.meta_path) == len(before) + 2
assert sys.meta_path == before
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_blocked_leaves_a_module_that_never_came(monkeypatch):
    """A program without requests can end the block."""
    monkeypatch.delitem(sys.modules, "requests.sessions")
    before = list(sys.meta_path)
    with blocked():
        refusal_of(lambda: balance_of(make_client()))
    assert sys.meta_path == before


# pytest: the ini option ---------------------------------------------------------------------

CALLING = """
from mturk_mock import BlockedCallError

def test_outside():
    with pytest.raises(BlockedCallError):
        balance_of(make_client())

def test_inside(mturk):
    assert publish() == 1

@mock_mturk
def test_decorated():
    assert publish() == 1

@mock_mturk
class TestIt:
    def test_of_class(self):
        assert publish() == 1
"""


def test_ini_option_blocks_every_test_without_a_mock(pytester):
    """Calls inside a mock are answered, however the test starts the mock."""
    pytester.makeini("[pytest]\nmturk_block = true")

    assert run_pytest(pytester, CALLING, "--strict-config").parseoutcomes() == {"passed": 4}


def test_ini_option_shows_the_message(pytester):
    """A test without a mock fails with the message."""
    pytester.makeini("[pytest]\nmturk_block = true")

    result = run_pytest(pytester, "def test_a(): balance_of(make_client())")

    assert result.parseoutcomes() == {"failed": 1}
    said = f"GetAccountBalance was about to be sent to {PRODUCTION}/, {WHAT_TO_DO}"
    assert f"mturk_mock.interception.blocking.BlockedCallError: {said}" in lines_of(result)


def test_ini_option_blocks_fixtures_of_wide_scope(pytester):
    """Fixtures of wider scope are blocked too."""
    pytester.makeini("[pytest]\nmturk_block = true")
    source = """
@pytest.fixture(scope="session", autouse=True)
def early():
    balance_of(make_client())

def test_a(mturk): pass
"""
    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"errors": 1}
    assert "BlockedCallError: GetAccountBalance was about" in lines_of(result)


@pytest.mark.parametrize("ini", ["[pytest]", "[pytest]\nmturk_block = false"])
def test_ini_option_off_blocks_nothing(pytester, wire, ini):
    """The option is off by default."""
    pytester.makeini(ini)

    result = run_pytest(pytester, "def test_a(): balance_of(make_client())")

    assert result.parseoutcomes() == {"failed": 1}
    assert wire == [f"{PRODUCTION}/"]


def test_ini_option_ends_with_the_run(pytester, wire):
    """After the run, the process is as before."""
    pytester.makeini("[pytest]\nmturk_block = true")
    run_pytest(pytester, "def test_a(): pass")

    with pytest.raises(Sent):
        balance_of(make_client())


def test_ini_option_loads_no_botocore(pytester):
    """The option does not import botocore in a project that does not use it."""
    pytester.makeini("[pytest]\nmturk_block = true")
    path = pytester.makepyfile(
        "import sys\ndef test_a(): assert not {'botocore', 'boto3', 'requests'} & set(sys.modules)"
    )
    command = [sys.executable, "-m", "pytest", *OPTIONS, path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


# pytest: the marker -------------------------------------------------------------------------


def test_marker_block_runs_the_test_without_a_mock(pytester, wire):
    """The marker blocks one test, with its fixtures."""
    source = """
from tests.clients import Sent
from mturk_mock import BlockedCallError

@pytest.fixture
def early():
    with pytest.raises(BlockedCallError):
        balance_of(make_client())

@pytest.mark.mock_mturk(block=True)
def test_a(early):
    assert not is_mock_on()
    with pytest.raises(BlockedCallError):
        balance_of(make_client())
    with mock_mturk():
        assert publish() == 1

def test_b():
    with pytest.raises(Sent):
        balance_of(make_client())
"""
    assert run_pytest(pytester, source).parseoutcomes() == {"passed": 2}
    assert wire == [f"{PRODUCTION}/"]


def test_marker_block_closest_counts(pytester):
    """The marker of a test overrides that of its module."""
    source = """
pytestmark = pytest.mark.mock_mturk(seed=3)

@pytest.mark.mock_mturk(block=True)
class TestIt:
    def test_a(self):
        assert not is_mock_on()

    @pytest.mark.mock_mturk(block=False)
    def test_b(self):
        assert current().seed == 3

    @pytest.mark.mock_mturk(balance="1.00")
    def test_c(self):
        assert str(current().balance) == "1.00"
"""
    assert run_pytest(pytester, source).parseoutcomes() == {"passed": 3}


WRONG_MARKS = {
    "block=True, seed=1, strict=True": "block=True runs the test without a mock, so it cannot be "
    "combined with seed, strict",
    "block=1": "block takes True or False, not 1",
    "True, block=True": "mock_mturk() takes keyword arguments, such as seed=1, not True",
}


@pytest.mark.parametrize("options", WRONG_MARKS)
def test_marker_block_used_wrongly_says_what_is_allowed(pytester, options):
    """A marker with wrong arguments fails the test, without a traceback through the package."""
    source = f"@pytest.mark.mock_mturk({options})\ndef test_a(): pass"

    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"errors": 1}
    assert f"@pytest.mark.mock_mturk: {WRONG_MARKS[options]}" in lines_of(result)
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


@pytest.mark.parametrize("fixture", ["mturk", "mturk_client", "mturk_sandbox_client"])
def test_marker_block_with_a_fixture_of_ours_is_refused(pytester, fixture):
    """block=True together with a fixture of the mock fails the test."""
    source = f"@pytest.mark.mock_mturk(block=True)\ndef test_a({fixture}): pass"

    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"errors": 1}
    assert (
        "@pytest.mark.mock_mturk: block=True runs the test without a mock, but the test or one of "
        "its fixtures uses a fixture of mturk_mock: remove one of the two" in lines_of(result)
    )


def test_marker_block_for_unittest(pytester):
    """The marker works on unittest test cases."""
    source = """
from mturk_mock import BlockedCallError

class TestIt(unittest.TestCase):
    @pytest.mark.mock_mturk(block=True)
    def test_a(self):
        self.assertRaises(BlockedCallError, balance_of, make_client())
"""
    assert run_pytest(pytester, source).parseoutcomes() == {"passed": 1}


def test_ini_option_is_explained(pytester):
    """`pytest --help` explains the option."""
    output = lines_of(run_here(pytester, "--help"))

    assert re.search(
        r"mturk_block \(bool\): raise an error for every call of Mechanical Turk outside a mock",
        output,
    )
