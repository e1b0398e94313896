"""Calls that have to wait do not hold up other requests."""

from __future__ import annotations

import threading

import pytest

from mturk_mock.server import MTurkServer
from tests.helpers import DAY, NOW, publish
from tests.servers import call, send


@pytest.fixture(params=[False, True], ids=["memory", "file"])
def server(request, tmp_path):
    """A server in memory, and one with a state file."""
    state = tmp_path / "state.sqlite" if request.param else None
    with MTurkServer(now=NOW, state=state) as server:
        yield server


def test_lock_is_taken(server):
    """While something long holds the lock, calls wait, and what needs no lock is answered."""
    answers = []
    callers = [
        threading.Thread(target=lambda: answers.append(call(server, "GetAccountBalance").status)),
        threading.Thread(target=lambda: answers.append(send(server, "GET", "/nowhere").status)),
    ]
    with server.mturk._backend.peek():
        for caller in callers:
            caller.start()
        assert [send(server, "GET", "/livez").status for _ in range(20)] == [200] * 20
        assert answers == []
    for caller in callers:
        caller.join()

    assert sorted(answers) == [200, 404]


def test_function_of_a_crowd_waits(server):
    """While a crowd's answer takes its time, calls of others are answered."""
    publish(server.client(), LifetimeInSeconds=DAY)
    begun, go_on, found = threading.Event(), threading.Event(), []

    def answer(hit, worker):
        begun.set()
        go_on.wait(60)
        return {}

    server.mturk.crowd(1, seed=1, answer=answer)
    mover = threading.Thread(target=lambda: server.mturk.clock.advance(days=1))
    mover.start()
    begun.wait(60)
    for _ in range(3):
        found.append(call(server, "ListHITs").json["NumResults"])
    go_on.set()
    mover.join()

    assert found == [1, 1, 1]
    assert len(server.mturk.assignments) == 1


def test_event_that_is_due(monkeypatch):
    """A call that finds an event due runs it first."""
    with MTurkServer() as server:
        hit_id = publish(server.client(), LifetimeInSeconds=30)
        expiration = server.mturk.hit(hit_id).expiration.timestamp()
        monkeypatch.setattr("mturk_mock.core.clock.time.time", lambda: expiration + 1)
        found = call(server, "GetHIT", {"HITId": hit_id}).json["HIT"]["HITStatus"]

    assert found == "Reviewable"


def test_test_event_is_delivered_before_the_response(server):
    """The outcome of a delivery is in the response, so it comes after the delivery."""
    notification = {
        "Destination": "https://sqs.us-east-1.amazonaws.com/123456789012/events",
        "Transport": "SQS",
        "Version": "2014-08-15",
        "EventTypes": ["Ping"],
    }
    content = {"Notification": notification, "TestEventType": "Ping"}
    answer = call(server, "SendTestEventNotification", content)

    assert answer.status == 400
    assert "nothing answers at" in answer.json["Message"]
