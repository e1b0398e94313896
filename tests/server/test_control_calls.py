"""The control API: the log of calls, and the funds of requesters."""

from __future__ import annotations

import pytest

from mturk_mock.server import MTurkServer
from tests.clients import make_client
from tests.helpers import publish
from tests.server.test_pages import extend
from tests.servers import call, control_client, refusal, send

START = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def client(server):
    return server.client()


def test_calls(server, control):
    """A call has its parameters as sent, the requester and the environment."""
    call(server, "ListHITs", {"MaxResults": 5}, path="/sandbox", X_Mturk_Mock_Requester="lab")

    assert control.get("/calls").json() == {
        "calls": [
            {
                "number": 1,
                "time": START,
                "operation": "ListHITs",
                "requester": "lab",
                "environment": "sandbox",
                "params": {"MaxResults": 5},
                "error": None,
            }
        ],
        "total": 1,
    }


def test_no_calls(control):
    """A server that nobody has called has none."""
    assert control.get("/calls").json() == {"calls": [], "total": 0}


def test_call_that_failed(server, control):
    """It has the code and the message of the error, without the time at its end."""
    call(server, "DeleteHIT", {"HITId": "3NOTHING"})

    assert control.get("/calls").json()["calls"][0]["error"] == {
        "code": "AWS.MechanicalTurk.HITDoesNotExist",
        "message": "Hit 3NOTHING does not exist.",
    }


def test_call_that_lost_its_connection(server, control):
    """An injected failure of the connection has botocore's name."""
    server.mturk.fail("ListHITs", "ConnectionError", message=None)
    with pytest.raises(ConnectionError):
        call(server, "ListHITs")
    error = control.get("/calls").json()["calls"][0]["error"]

    assert error["code"] == "EndpointConnectionError"
    assert error["message"].startswith("Could not connect to the endpoint URL")


@pytest.mark.parametrize("content", [b"[1]", b'{"MaxResults": NaN, "x": [Infinity, {"y": 1.5}]}'])
def test_call_with_other_params(content, server, control):
    """What JSON does not have is shown as text."""
    call(server, "ListHITs", content)
    params = control.get("/calls").json()["calls"][0]["params"]

    assert params in ({}, {"MaxResults": "nan", "x": ["inf", {"y": 1.5}]})


def numbers(response):
    """Return the numbers of the calls on a page."""
    return [each["number"] for each in response.json()["calls"]]


def test_pages_of_calls(client, control):
    """The next page begins after the last number of a page."""
    for _ in range(5):
        client.get_account_balance()

    assert numbers(control.get("/calls?limit=2")) == [1, 2]
    assert numbers(control.get("/calls?limit=2&after=2")) == [3, 4]
    assert numbers(control.get("/calls?limit=2&after=4")) == [5]
    assert numbers(control.get("/calls?after=9")) == []
    assert numbers(control.get("/calls?limit=0")) == []
    assert control.get("/calls?limit=2").json()["total"] == 5


def test_calls_of_an_operation(client, control):
    """An operation can have boto3's name, too; calls keep their numbers."""
    for act in (client.list_hits, client.get_account_balance, client.list_hits):
        act()

    assert numbers(control.get("/calls?operation=ListHITs")) == [1, 3]
    assert numbers(control.get("/calls?operation=list_hits&after=1&limit=1")) == [3]


def test_calls_of_an_unknown_operation(control):
    """The message suggests a name."""
    status, code, message = refusal(control.get("/calls?operation=ListHIT"))

    assert (status, code) == (400, "InvalidInput")
    assert message.startswith("operation takes one of AcceptQualificationRequest, Appro")
    assert message.endswith("not 'ListHIT' (did you mean 'ListHITs'?).")


def test_calls_that_are_dropped():
    """Numbers stay as they are when the oldest calls are no longer kept."""
    with MTurkServer(calls=3) as server, control_client(server) as control:
        client = server.client()
        for _ in range(5):
            client.get_account_balance()

        assert numbers(control.get("/calls")) == [3, 4, 5]
        assert numbers(control.get("/calls?after=4")) == [5]
        assert control.get("/calls/3").json()["number"] == 3
        message = "There is no call '2'; the numbers are from 3 to 5."
        assert refusal(control.get("/calls/2")) == (404, "NotFound", message)


def test_call(client, control):
    """One call has its result as the API answered it."""
    client.get_account_balance()
    found = control.get("/calls/1").json()

    assert found["operation"] == "GetAccountBalance"
    assert found["result"] == {"AvailableBalance": "100.00"}


def test_result_of_a_failed_call(server, control):
    """A call that failed has no result."""
    call(server, "GetHIT")

    assert control.get("/calls/1").json()["result"] is None


def test_call_without_a_result(client, server, control):
    """An operation that returns nothing has an empty result."""
    hit_id = publish(client)
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)

    assert control.get("/calls/2").json()["result"] == {}


def test_call_of_2008(server, control):
    """ExtendHIT of 2008 is in the log, with an empty result: its answer is not JSON."""
    hit_id = publish(server.client())
    send(server, "GET", f"/onca/xml?{extend(hit_id)}")
    found = control.get("/calls/2").json()

    assert (found["operation"], found["result"]) == ("ExtendHIT", {})


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1.0", "9" * 20])
def test_unknown_call(number, client, control):
    """The message says which numbers there are."""
    client.get_account_balance()
    message = f"There is no call '{number}'; the numbers are from 1 to 1."

    assert refusal(control.get(f"/calls/{number}")) == (404, "NotFound", message)


def test_first_call_of_none(control):
    """Without calls there is no number."""
    assert refusal(control.get("/calls/1"))[2] == "There is no call '1'; there is none."


# Requesters ---------------------------------------------------------------------------------


def test_requester(server, control):
    """The funds are those of production; publishing holds money, approval spends it."""
    client = server.client()
    work = server.mturk.worker().answer(publish(client))
    client.approve_assignment(AssignmentId=work.id)

    assert control.get("/requesters/default").json() == {
        "name": "default",
        "balance": "98.80",
        "spent": {"rewards": "1.00", "bonuses": "0.00", "fees": "0.20"},
    }


def test_unknown_requester(server, control):
    """A GET creates no requester."""
    message = "There is no requester 'lab' yet: the first API call, or PUT, adds one."

    assert refusal(control.get("/requesters/lab")) == (404, "NotFound", message)
    assert control.get("/requesters").json() == {"requesters": []}


def test_requester_of_the_sandbox_only(server, control):
    """The sandbox has no funds to show."""
    server.client(sandbox=True).get_account_balance()

    assert control.get("/requesters/default").status_code == 404
    assert control.get("/requesters").json() == {"requesters": []}


@pytest.mark.parametrize(
    ("path", "name"), [("lab", "lab"), ("a%2Fb", "a/b"), ("Zo%C3%AB%20", "Zoë "), ("%25", "%")]
)
def test_set_the_balance(path, name, server, control):
    """A new name needs no registration, and can have any characters."""
    shown = control.put(f"/requesters/{path}", json={"balance": "3.5"}).json()
    client = server.mturk.requester(name).client()

    assert (shown["name"], shown["balance"]) == (name, "3.50")
    assert client.get_account_balance()["AvailableBalance"] == "3.50"
    assert control.get("/requesters").json() == {"requesters": [shown]}


@pytest.mark.parametrize("balance", ["-1", "1.234", "1e3", "", " 1", 5, None, "1" * 16])
def test_invalid_balance(balance, control):
    """A balance is a text, because JSON's numbers lose cents."""
    response = control.put("/requesters/lab", json={"balance": balance})

    message = f"balance takes dollars as a text, such as '12.50', not {balance!r}."
    assert refusal(response) == (400, "InvalidInput", message)


def test_balance_of_a_program(server, control):
    """A program's calls use the balance at once."""
    control.put("/requesters/default", json={"balance": "0"})
    client = make_client(endpoint_url=server.url)

    assert client.get_account_balance()["AvailableBalance"] == "0.00"
