"""The API over HTTP: what boto3 gets from a server is what it gets from a mock in its process."""

from __future__ import annotations

import json
import threading

import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from mturk_mock import mock_mturk
from mturk_mock.core.clock import SECOND, read_machine
from mturk_mock.server import MTurkServer, mturk_server
from tests.backend.raw_requests import raw
from tests.helpers import (
    DAY,
    NOTHING,
    NOW,
    SANDBOX_STAMP,
    STAMP,
    create_hit,
    hit_params,
    publish,
    refusal,
    request_error,
)
from tests.servers import call

ONCE = Config(retries={"max_attempts": 0}, read_timeout=60)

#: Requests that are refused, and one that is not.
REQUESTS = [
    ("GetHIT", {"HITId": NOTHING}),
    ("GetHIT", {}),
    ("GetHIT", {"HITId": 7}),
    ("GetHIT", {"HITId": "3 3"}),
    ("GetHIT", b"{"),
    ("GetHIT", b"\xff"),
    ("GetHIT", [1]),
    ("CreateHIT", {"Title": "?"}),
    ("CreateHIT", hit_params(Reward="0.00")),
    ("MakeHIT", {}),
    ("GetAccountBalance", {}),
    ("GetAccountBalance", b""),
]


@pytest.fixture(scope="module")
def served():
    """One server for tests that leave nothing behind."""
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


@pytest.fixture
def server():
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


@pytest.mark.parametrize("environment", ["production", "sandbox"])
@pytest.mark.parametrize(("operation", "content"), REQUESTS)
def test_response_is_that_of_a_mock(operation, content, environment, served):
    """Status, type and body are the same, byte by byte."""
    path = "/" if environment == "production" else "/sandbox"
    if isinstance(content, bytes):
        answer = call(served, operation, content, path)
    else:
        answer = call(served, operation, json.dumps(content).encode(), path)
    with mock_mturk(seed=1, now=NOW) as mturk:
        response, _ = raw(mturk, operation, content, environment)

    assert (answer.status, answer.body) == (response.status, response.body)
    assert answer.headers["content-type"] == response.headers["Content-Type"]
    assert answer.headers["content-length"] == response.headers["Content-Length"]


def test_life_of_a_hit(server):
    """A client publishes a HIT, a worker works on it, and the client pays for it."""
    client = server.client()
    hit_id = publish(client)
    work = server.mturk.worker().answer(hit_id)
    client.approve_assignment(AssignmentId=work.id)

    assert work.status == "Approved"
    assert client.get_account_balance()["AvailableBalance"] == "9998.80"
    assert [call.operation for call in server.mturk.calls] == [
        "CreateHIT",
        "ApproveAssignment",
        "GetAccountBalance",
    ]


def test_errors_reach_boto3(served):
    """The exception has the code and the message of the service."""
    said = refusal(served.client().get_hit, HITId=NOTHING)

    message = f"Hit {NOTHING} does not exist.{STAMP}"
    assert said == request_error("HITDoesNotExist", message)


@pytest.mark.parametrize("path", ["/sandbox", "/sandbox/"])
def test_sandbox_is_a_world_of_its_own(path, server):
    """A HIT of production is not in the sandbox, with or without a slash at the end."""
    hit_id = publish(server.client())
    answer = call(server, "GetHIT", {"HITId": hit_id}, path)

    assert answer.json["Message"] == f"Hit {hit_id} does not exist.{SANDBOX_STAMP}"


def test_client_of_the_sandbox(server):
    """Its balance is always the same, and its HITs are in the sandbox."""
    client = server.client(sandbox=True)
    create_hit(client)

    assert client.get_account_balance()["AvailableBalance"] == "10000.00"
    assert [hit.environment for hit in server.mturk.hits] == ["sandbox"]


def test_date_is_the_machines(served):
    """SDKs sign with the date of the last response if it is far from theirs."""
    answer = call(served, "GetAccountBalance")

    assert not answer.headers["date"].startswith("Thu, 01 Jan 2026")


def test_requester_of_the_handle(server):
    """A client of another requester acts for that requester."""
    create_hit(server.mturk.requester("Łódź lab").client())

    assert [hit.requester for hit in server.mturk.hits] == ["Łódź lab"]


def test_empty_requester_is_the_default_one(server):
    """An empty header names nobody."""
    call(server, "GetAccountBalance", X_Mturk_Mock_Requester="")

    assert server.mturk.calls[0].requester == "default"


def test_accounts_name_requesters():
    """As in a mock, the access key names the requester, and an unknown key is refused."""
    with MTurkServer(accounts={"AKIAONE": "one"}) as server:
        client = server.client(aws_access_key_id="AKIAONE", aws_secret_access_key="?")
        create_hit(client)
        said = refusal(server.client(aws_access_key_id="AKIATWO").get_account_balance)
        (hit,) = server.mturk.hits

    assert hit.requester == "one"
    assert said.code == "UnrecognizedClientException"


def test_consistency_is_eventual():
    """A new HIT is in lists after the lag."""
    with MTurkServer(now=NOW, consistency="eventual") as server:
        client = server.client()
        publish(client)
        before = client.list_hits()["NumResults"]
        server.mturk.clock.advance(seconds=15)
        after = client.list_hits()["NumResults"]

    assert (before, after) == (0, 1)


def test_service_fault_is_injected(server):
    """The response has status 500, and botocore's retry succeeds."""
    fault = server.mturk.fail("GetAccountBalance", "ServiceFault")
    response = server.client().get_account_balance()

    assert (fault.happened, response["ResponseMetadata"]["RetryAttempts"]) == (1, 1)


@pytest.mark.parametrize("when", ["before", "after"])
def test_connection_is_closed_without_a_response(when, server):
    """An injected connection failure closes the connection."""
    server.mturk.fail("CreateHIT", "ConnectionError", when=when)
    client = server.client(config=ONCE)
    with pytest.raises(ConnectionClosedError):
        create_hit(client)

    assert len(server.mturk.hits) == (when == "after")
    assert client.get_account_balance()["AvailableBalance"]


def test_read_timeout_is_injected(server):
    """The server answers nothing, until the client closes the connection."""
    server.mturk.fail("GetAccountBalance", "ReadTimeout")
    client = server.client(config=Config(retries={"max_attempts": 0}, read_timeout=0.2))

    with pytest.raises(ReadTimeoutError):
        client.get_account_balance()


def test_production_is_refused_with_only_sandbox():
    """The message says what to do."""
    with MTurkServer(only="sandbox") as server:
        answer = call(server, "GetAccountBalance")
        sandbox = call(server, "GetAccountBalance", path="/sandbox")

    assert answer.error == (
        400,
        "AccessDeniedException",
        "GetAccountBalance was sent to production, but this mock was made with "
        'only="sandbox": give the client '
        "endpoint_url='https://mturk-requester-sandbox.us-east-1.amazonaws.com'.",
    )
    assert sandbox.status == 200


def test_bug_is_an_internal_failure(server, monkeypatch, caplog):
    """The response names the operation, the log has the traceback, and the server goes on."""
    monkeypatch.setattr("mturk_mock.backend.backend.operations.answer", lambda *args: 1 / 0)
    answer = call(server, "GetAccountBalance")
    monkeypatch.undo()

    assert answer.error == (
        500,
        "InternalFailure",
        "a bug in mturk_mock: it could not answer GetAccountBalance "
        "(ZeroDivisionError: division by zero)",
    )
    assert "ZeroDivisionError" in caplog.text
    assert call(server, "GetAccountBalance").status == 200


def test_old_calls_are_dropped(monkeypatch):
    """A server that runs for months keeps the latest calls."""
    monkeypatch.setattr(mturk_server, "_CALLS_KEPT", 2)
    with MTurkServer() as server:
        for number in range(4):
            call(server, "GetHIT", {"HITId": f"3{number}"})

        assert [each.params for each in server.mturk.calls] == [{"HITId": "32"}, {"HITId": "33"}]


def test_warning_goes_to_the_log(caplog):
    """The program under test is elsewhere, so no Python warning is emitted."""
    with MTurkServer(now=NOW) as behind:
        publish(behind.client())
        hit_id = behind.mturk.hits[0].id
        call(
            behind,
            "UpdateExpirationForHIT",
            {"HITId": hit_id, "ExpireAt": read_machine() // SECOND},
        )

    (logged,) = (record for record in caplog.records if record.name == "mturk_mock")
    assert (logged.levelname, logged.getMessage()[:9]) == ("WARNING", "ExpireAt=")


def test_calls_of_many_threads(server):
    """Requests at once are all answered, each with its own result."""
    client = server.client()
    found = []

    def create():
        found.append(publish(client))

    threads = [threading.Thread(target=create) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == sorted(hit.id for hit in server.mturk.hits)


def test_callback_calls_the_server(server):
    """A crowd's answer= can call the API of the same server, in a thread of its own."""
    client = server.client()
    hit_id = publish(client, LifetimeInSeconds=30 * DAY)
    balances = []

    def answer(hit, worker):
        thread = threading.Thread(
            target=lambda: balances.append(client.get_account_balance()["AvailableBalance"])
        )
        thread.start()
        thread.join()
        return {}

    server.mturk.crowd(1, seed=1, answer=answer, check=False)
    server.mturk.clock.advance_until(lambda: server.mturk.hit(hit_id).status == "Reviewable")

    assert balances == ["9998.80"]
