"""The mock answers a client, however the client was created."""

from __future__ import annotations

import threading
import types

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.exceptions import NoCredentialsError

from mturk_mock import BlockedCallError, mock_mturk
from tests.clients import KEYS, PRODUCTION, SANDBOX, Sent, balance_of, make_client
from tests.helpers import create_hit

#: Seconds after which a thread gives up on another one that has failed.
WAIT = 60


@pytest.fixture(autouse=True)
def _own_default_session(monkeypatch):
    """Give the test its own default session."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


# When and how it was made -------------------------------------------------------------------


def by_session(**kwargs):
    return boto3.session.Session(**kwargs).client("mturk")


def by_default_session(**kwargs):
    boto3.setup_default_session(**kwargs)
    return boto3.client("mturk")


def by_client_function(**kwargs):
    return boto3.client("mturk", **kwargs)


def by_botocore(**kwargs):
    return botocore.session.get_session().create_client("mturk", **kwargs)


HOW = [by_session, by_default_session, by_client_function, by_botocore]


@pytest.mark.parametrize("how", HOW)
def test_client_made_before_the_mock_is_answered(how):
    """A client created before the mock is answered."""
    client = how(region_name="us-east-1", **KEYS)

    with mock_mturk(balance="12.34"):
        assert balance_of(client) == "12.34"


@pytest.mark.parametrize("how", HOW)
def test_client_used_before_the_mock_is_answered(how, wire):
    """A client that was used before the mock is answered, and sends again after it."""
    client = how(region_name="us-east-1", **KEYS)
    with pytest.raises(Sent):
        balance_of(client)
    with mock_mturk(balance="12.34"):
        assert balance_of(client) == "12.34"
    with pytest.raises(Sent):
        balance_of(client)

    assert wire == [f"{PRODUCTION}/"] * 2


@pytest.mark.parametrize("how", HOW)
def test_client_made_inside_the_mock_is_answered(how):
    """A client created inside the mock is answered."""
    with mock_mturk(balance="12.34"):
        assert balance_of(how(region_name="us-east-1", **KEYS)) == "12.34"


@pytest.mark.parametrize("how", HOW)
def test_client_made_inside_the_mock_is_not_answered_afterwards(how, wire):
    """A client is not answered after the mock."""
    with mock_mturk():
        client = how(region_name="us-east-1", **KEYS)
        balance_of(client)

    with pytest.raises(Sent):
        balance_of(client)


@pytest.mark.parametrize("how", HOW)
def test_client_made_in_another_mock_is_answered(how):
    """The active mock answers a client created in another mock."""
    with mock_mturk(balance="1.00"):
        client = how(region_name="us-east-1", **KEYS)
        balance_of(client)

    with mock_mturk(balance="2.00"):
        assert balance_of(client) == "2.00"


def test_client_of_session_made_before_the_mock_is_answered():
    """A client of a session created before the mock is answered."""
    session = boto3.session.Session(region_name="us-east-1", **KEYS)

    with mock_mturk(balance="12.34"):
        assert balance_of(session.client("mturk")) == "12.34"


def test_client_in_module_global_is_answered(monkeypatch):
    """A client created when the program is imported is answered."""
    program = types.ModuleType("program")
    source = "import boto3\nmturk = boto3.client('mturk', region_name='us-east-1')\n"
    exec(source + "def balance():\n    return mturk.get_account_balance()", vars(program))

    with mock_mturk(balance="12.34"):
        assert program.balance()["AvailableBalance"] == "12.34"


@pytest.mark.parametrize("made", ["before", "inside"])
def test_client_in_another_thread_is_answered(made):
    """Threads are inside the mock, with their own clients or the main thread's."""
    answers = []

    def program(client):
        answers.append(balance_of(client or make_client()))

    client = make_client()
    with mock_mturk(balance="12.34"):
        thread = threading.Thread(target=program, args=[client if made == "before" else None])
        thread.start()
        thread.join()

    assert answers == ["12.34"]


def test_client_in_thread_that_outlives_the_mock_is_not_answered(wire):
    """A thread that continues after the mock sends its calls."""
    ended, caught = threading.Event(), []

    def program(client):
        balance_of(client)
        begun.set()
        ended.wait(WAIT)
        try:
            balance_of(client)
        except Sent as error:
            caught.append(error)

    begun = threading.Event()
    thread = threading.Thread(target=program, args=[make_client()])
    with mock_mturk():
        thread.start()
        begun.wait(WAIT)
    ended.set()
    thread.join()

    assert len(caught) == 1


EVENTS = ["provide-client-params", "before-call", "choose-signer", "before-send", "needs-retry"]


@pytest.mark.parametrize("event", EVENTS)
def test_client_in_the_middle_of_a_call_when_the_mock_ends_is_refused(wire, event):
    """A call is not sent if another thread ends the mock during it."""
    client, mock = make_client(), mock_mturk()

    def end(**rest):
        mock.stop()
        return 0 if event == "needs-retry" else None

    client.meta.events.register_first(f"{event}.mturk", end)
    mock.start()

    with pytest.raises(BlockedCallError, match=r"ended while this call was under way, so"):
        balance_of(client)
    assert wire == []


def test_client_in_the_middle_of_a_call_when_the_inner_mock_ends_is_answered():
    """If the inner mock ends during a call, the outer mock answers."""
    client, mock = make_client(), mock_mturk(balance="2.00")
    with mock_mturk(balance="1.00"):
        mock.start()
        client.meta.events.register_first("before-send.mturk", lambda **rest: mock.stop())
        assert balance_of(client) == "1.00"


def test_client_in_the_middle_of_a_call_keeps_botocore_patched_until_it_ends():
    """Botocore stays patched until the call ends, and is then restored."""
    original, seen, mock = Endpoint.make_request, [], mock_mturk()
    client = make_client()
    client.meta.events.register("before-send.mturk", lambda **rest: mock.stop())
    client.meta.events.register("before-send.mturk", lambda **rest: seen.append(patched()))

    def patched():
        return Endpoint.make_request is not original

    mock.start()
    balance_of(client)

    assert seen == [True]
    assert not patched()


def test_client_in_a_thread_whose_call_the_end_of_the_mock_overtakes_is_refused(wire):
    """A call in a thread is refused if the main thread ends the mock during it."""
    begun, ended, caught = threading.Event(), threading.Event(), []

    def wait(**rest):
        begun.set()
        ended.wait(WAIT)

    def program(client):
        try:
            balance_of(client)
        except BlockedCallError as error:
            caught.append(error)

    client = make_client()
    client.meta.events.register("before-call.mturk", wait)
    thread = threading.Thread(target=program, args=[client])
    with mock_mturk():
        thread.start()
        begun.wait(WAIT)
    ended.set()
    thread.join()

    assert (len(caught), wire) == (1, [])


@pytest.mark.parametrize("event", ["before-call", "before-send"])
def test_client_called_after_the_mock_while_an_older_call_is_under_way_is_not_answered(wire, event):
    """Calls that begin after the mock are sent, even while an older call runs."""
    client, mock, caught = make_client(), mock_mturk(), []

    def end_and_call(**rest):
        client.meta.events.unregister(f"{event}.mturk", end_and_call)
        mock.stop()
        thread = threading.Thread(target=program)
        thread.start()
        thread.join()

    def program():
        try:
            balance_of(client)
        except Sent as error:
            caught.append(error)

    client.meta.events.register_first(f"{event}.mturk", end_and_call)
    mock.start()
    with pytest.raises(BlockedCallError):
        balance_of(client)

    assert (len(caught), wire) == (1, [f"{PRODUCTION}/"])


# Credentials --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", HOW)
def test_client_without_credentials_is_answered(how):
    """Without credentials nothing is signed, so the call works."""
    client = how(region_name="us-east-1")

    with mock_mturk(balance="12.34"):
        assert balance_of(client) == "12.34"


def test_client_without_credentials_is_botocore_s_matter_afterwards():
    """After the mock, botocore raises NoCredentialsError."""
    client = by_session(region_name="us-east-1")
    with mock_mturk():
        balance_of(client)

    with pytest.raises(NoCredentialsError):
        balance_of(client)


CREDENTIALS = [
    KEYS,
    {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"},
    {**KEYS, "aws_session_token": "FwoGZXIvYXdzEXAMPLE"},
    {"config": Config(signature_version=UNSIGNED)},
]


@pytest.mark.parametrize("credentials", CREDENTIALS, ids=["real", "fake", "token", "unsigned"])
def test_client_with_any_credentials_is_the_default_requester(credentials):
    """All credentials share the default requester's account."""
    client = by_client_function(region_name="us-east-1", **credentials)

    with mock_mturk() as mturk:
        hit = create_hit(client)
        assert mturk.client().get_hit(HITId=hit["HITId"])["HIT"] == hit
        assert {call.requester for call in mturk.calls} == {"default"}


def test_client_with_keys_in_the_environment_is_answered(monkeypatch):
    """Keys in the environment are neither needed nor changed."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    with mock_mturk(balance="12.34"):
        assert balance_of(by_session()) == "12.34"


def test_client_of_the_handle_reads_no_configuration(monkeypatch, tmp_path):
    """A profile, an endpoint or a credentials file on the machine has no effect."""
    config = tmp_path / "config"
    config.write_text("[default]\nregion = eu-west-1\nendpoint_url = http://localhost:9\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    credentials = tmp_path / "credentials"
    credentials.write_text("[broken")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    with mock_mturk() as mturk:
        clients = mturk.client(), mturk.client(sandbox=True), mturk.requester("lab").client()

    assert [client.meta.endpoint_url for client in clients] == [PRODUCTION, SANDBOX, PRODUCTION]
    assert {client.meta.region_name for client in clients} == {"us-east-1"}


# Places -------------------------------------------------------------------------------------

PLACES = {
    "production": ({"region_name": "us-east-1"}, "production"),
    "production by URL": ({"endpoint_url": PRODUCTION}, "production"),
    "sandbox by URL": ({"endpoint_url": SANDBOX}, "sandbox"),
    "sandbox by region": ({"region_name": "sandbox"}, "sandbox"),
    "another region": ({"region_name": "eu-central-1"}, "production"),
    "region of another partition": ({"region_name": "cn-north-1"}, "production"),
    "region of nobody": ({"region_name": "mars-north-1"}, "production"),
    "host of its own": ({"endpoint_url": "http://localhost:5000"}, "production"),
    "host with sandbox": ({"endpoint_url": "https://mturk-sandbox.example.com/x"}, "sandbox"),
    "sandbox path": ({"endpoint_url": "https://example.com/sandbox"}, "production"),
    "final dot": ({"endpoint_url": f"{PRODUCTION}./"}, "production"),
    "another path": ({"endpoint_url": f"{PRODUCTION}//a%2Fb"}, "production"),
    "path of the query API": (
        {"endpoint_url": "https://mechanicalturk.sandbox.amazonaws.com/onca/xml"},
        "sandbox",
    ),
    "no TLS": ({"use_ssl": False}, "production"),
}


@pytest.mark.parametrize("place", PLACES)
def test_client_of_any_place_is_answered(place):
    """Any endpoint is answered; its host selects production or the sandbox."""
    where, environment = PLACES[place]
    client = make_client(**where)

    with mock_mturk(balance="12.34") as mturk:
        balance = balance_of(client)
        assert [call.environment for call in mturk.calls] == [environment]

    assert balance == {"production": "12.34", "sandbox": "10000.00"}[environment]


def test_production_and_sandbox_are_two_worlds():
    """A HIT of one environment does not exist in the other."""
    with mock_mturk() as mturk:
        hit = create_hit(mturk.client())
        sandbox = mturk.client(sandbox=True)
        with pytest.raises(sandbox.exceptions.RequestError) as refusal:
            sandbox.get_hit(HITId=hit["HITId"])

    assert refusal.value.response["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"


# Requesters ---------------------------------------------------------------------------------


def test_requesters_are_strangers():
    """Requesters do not see each other's objects."""
    with mock_mturk() as mturk:
        first, second = mturk.requester("lab").client(), mturk.requester("Bücher & Co").client()
        hit = create_hit(first)
        assert second.list_hits()["NumResults"] == 0
        with pytest.raises(second.exceptions.RequestError):
            second.get_hit(HITId=hit["HITId"])
        assert [call.requester for call in mturk.calls] == ["lab", "Bücher & Co", "Bücher & Co"]


@pytest.mark.parametrize("name", ["", None, 7])
def test_requester_without_a_name_is_refused(name):
    """An empty name of a requester is refused."""
    message = rf"^requester\(\) takes a name as a str that is not empty, not {name!r}$"
    with mock_mturk() as mturk, pytest.raises(ValueError, match=message):
        mturk.requester(name)
