"""The control API: what workers do to get qualifications."""

from __future__ import annotations

import pytest

from tests.helpers import NOTHING
from tests.qualify import EXAMINED, KEY, TEST, create_type
from tests.servers import refusal

START = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def client(server):
    return server.client()


@pytest.fixture
def path(control):
    """The path of a worker's requests."""
    worker_id = control.post("/workers").json()["id"]
    return f"/workers/{worker_id}/qualification_requests"


@pytest.fixture
def type_id(client):
    """The ID of a type with a test and an answer key."""
    return create_type(client, **EXAMINED, AnswerKey=KEY)["QualificationTypeId"]


def ask(control, path, type_id, **members):
    return control.post(path, json={"qualification_type_id": type_id, **members})


def test_request(control, path, client):
    """A request for a type without a test waits for the requester, who can grant it."""
    type_id = create_type(client)["QualificationTypeId"]
    shown = ask(control, path, type_id).json()
    waiting = client.list_qualification_requests()["QualificationRequests"]
    client.accept_qualification_request(QualificationRequestId=shown["id"], IntegerValue=80)

    assert [each["QualificationRequestId"] for each in waiting] == [shown["id"]]
    assert shown == {
        "id": shown["id"],
        "qualification_type_id": type_id,
        "worker_id": path.split("/")[2],
        "status": "Submitted",
        "test": None,
        "deadline": None,
        "submitted": START,
        "answer": None,
        "reason": None,
    }
    assert control.get(f"{path}/{shown['id']}").json()["status"] == "Granted"
    worker = control.get(path.removesuffix("/qualification_requests")).json()
    assert worker["qualifications"] == {type_id: 80}


def test_request_with_a_test(control, path, type_id):
    """The request has the test, and the time until which it can be submitted."""
    shown = ask(control, path, type_id).json()

    assert (shown["status"], shown["test"]) == ("Open", TEST)
    assert shown["deadline"] == "2026-01-01T00:01:00+00:00"


def test_test(control, path, type_id):
    """The answer key scores a test that is submitted later."""
    request_id = ask(control, path, type_id).json()["id"]
    answer = {"q1": "a", "q2": ["b", "c"]}
    shown = control.post(f"{path}/{request_id}/submit", json={"answer": answer}).json()

    assert (shown["status"], shown["submitted"]) == ("Granted", START)
    assert "<SelectionIdentifier>a</SelectionIdentifier>" in shown["answer"]
    worker = control.get(path.removesuffix("/qualification_requests")).json()
    assert worker["qualifications"] == {type_id: 5}


def test_test_at_once(control, path, type_id):
    """The answers can come with the request."""
    shown = ask(control, path, type_id, answer={"q1": "a"}).json()

    assert shown["status"] == "Granted"


def test_invalid_test(control, path, type_id):
    """The page's rules hold, unless `check` is false."""
    refused = ask(control, path, type_id, answer={"q3": "a"})
    taken = ask(control, path, type_id, answer={"q3": "a"}, check=False)

    assert refusal(refused)[:2] == (400, "InvalidInput")
    assert taken.json()["status"] == "Granted"


def test_test_after_the_deadline(control, path, type_id):
    """It is a conflict, with the service's code."""
    request_id = ask(control, path, type_id).json()["id"]
    control.post("/clock/advance", json={"minutes": 2})
    response = control.post(f"{path}/{request_id}/submit", json={"answer": {"q1": "a"}})

    assert refusal(response)[:2] == (
        409,
        "AWS.MechanicalTurk.InvalidQualificationRequestState",
    )


def test_unknown_type(control, path):
    """It is not found."""
    status, code, message = refusal(ask(control, path, NOTHING))

    assert (status, code) == (404, "AWS.MechanicalTurk.QualificationTypeDoesNotExist")
    assert message == f"QualificationType [{NOTHING}] does not exist."


def test_unknown_request(control, path):
    """It is not found."""
    worker_id = path.split("/")[2]
    message = f"The worker {worker_id} has no qualification request '{NOTHING}'."

    assert refusal(control.get(f"{path}/{NOTHING}")) == (404, "NotFound", message)


def test_request_of_another_worker(control, path, type_id):
    """A worker has only the own requests."""
    request_id = ask(control, path, type_id).json()["id"]
    other = control.post("/workers").json()["id"]
    response = control.get(f"/workers/{other}/qualification_requests/{request_id}")

    message = f"The worker {other} has no qualification request '{request_id}'."
    assert refusal(response) == (404, "NotFound", message)
