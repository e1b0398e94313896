"""The control API: server-sent events of what happens."""

from __future__ import annotations

import json
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import takewhile
from typing import Any, NamedTuple

import pytest

from mturk_mock.server import MTurkServer, protocol
from mturk_mock.server.control import events
from mturk_mock.server.control.events import Events
from mturk_mock.server.journal import Batch
from mturk_mock.server.state_file import StateFile
from tests.helpers import DAY, HIT_TYPE, NOTHING, NOW, publish
from tests.notices import specification
from tests.qualify import EXAMINED, create_type
from tests.server.test_serve import end, serving
from tests.servers import call, control_client

START = "2026-01-01T00:00:00+00:00"
PLACE = {"requester": "default", "environment": "production"}
MISSING = "Events are missing here: read the state again, as with GET /_mturk/calls."


class Event(NamedTuple):
    """A server-sent event."""

    id: str
    kind: str
    content: Any


@contextmanager
def following(control, last_id=None):
    """Follow a server's events; yield an iterator of them."""
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    with control.stream("GET", "/events", headers=headers) as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        lines = response.iter_lines()
        assert next(lines) == ": events of mturk_mock"
        yield read_events(lines)


def read_events(lines):
    """Yield the events of a stream; fail if none comes for a while."""
    fields = {}
    for line in lines:
        assert line != ": keep-alive", "no event has come"
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield Event(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


def take(stream, count):
    """Return so many events."""
    return [next(stream) for _ in range(count)]


def kinds(stream, count):
    """Return the kinds of so many events."""
    return [event.kind for event in take(stream, count)]


@pytest.fixture
def client(server):
    return server.client()


def test_life_of_a_hit(server, control, client):
    """HITs and assignments have the events of Mechanical Turk's notifications, with their IDs."""
    with following(control) as stream:
        hit_id = publish(client)
        work = server.mturk.worker().answer(hit_id)
        client.approve_assignment(AssignmentId=work.id)
        found = take(stream, 7)

    of_hit = {"hit_id": hit_id, "hit_type_id": server.mturk.hit(hit_id).hit_type_id}
    of_work = {**of_hit, "assignment_id": work.id, "worker_id": work.worker_id}
    created, called, *work_events = found
    assert (created.kind, created.content) == ("HITCreated", {"time": START, **of_hit, **PLACE})
    assert (called.kind, called.content) == (
        "APICall",
        {"time": START, "number": 1, "operation": "CreateHIT", **PLACE, "error": None},
    )
    assert [event.kind for event in work_events] == [
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "HITReviewable",
        "AssignmentApproved",
        "APICall",
    ]
    assert work_events[0].content == {"time": START, **of_work, **PLACE}
    assert work_events[2].content == {"time": START, **of_hit, **PLACE}


def test_ids(control, client):
    """IDs count the events of a run of the server."""
    with following(control) as stream:
        client.get_account_balance()
        client.get_account_balance()
        first, second = take(stream, 2)
    run, _, number = first.id.rpartition("-")

    assert second.id == f"{run}-{int(number) + 1}"


def test_time_of_events(server, control, client):
    """Events that the clock brings have their own times; then the clock has moved."""
    with following(control) as stream:
        server.mturk.worker().accept(publish(client, LifetimeInSeconds=60))
        server.mturk.clock.advance(seconds=DAY)
        found = take(stream, 7)

    assert [(event.kind, event.content["time"]) for event in found[3:]] == [
        ("HITExpired", "2026-01-01T00:01:00+00:00"),
        ("AssignmentAbandoned", "2026-01-01T00:10:00+00:00"),
        ("HITReviewable", "2026-01-01T00:10:00+00:00"),
        ("ClockMoved", "2026-01-02T00:00:00+00:00"),
    ]


def test_return_and_rejection(server, control, client):
    """A returned HIT and rejected work are told, too."""
    hit_id = publish(client)
    worker = server.mturk.worker()
    with following(control) as stream:
        worker.accept(hit_id).return_hit()
        work = server.mturk.worker().answer(hit_id)
        client.reject_assignment(AssignmentId=work.id, RequesterFeedback="No")
        found = kinds(stream, 7)

    assert found == [
        "AssignmentAccepted",
        "AssignmentReturned",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "HITReviewable",
        "AssignmentRejected",
        "APICall",
    ]


def test_qualifications(server, control, client):
    """Each status of a qualification request is an event."""
    type_id = create_type(client)["QualificationTypeId"]
    tested = create_type(client, Name="French", **EXAMINED)["QualificationTypeId"]
    worker = server.mturk.worker()
    with following(control) as stream:
        request = worker.request_qualification(type_id)
        client.accept_qualification_request(QualificationRequestId=request.id)
        worker.request_qualification(tested)
        server.mturk.clock.advance(seconds=60)
        other = server.mturk.worker().request_qualification(type_id)
        client.reject_qualification_request(QualificationRequestId=other.id)
        server.mturk.worker().request_qualification(type_id)
        client.delete_qualification_type(QualificationTypeId=type_id)
        found = take(stream, 12)

    assert [event.kind for event in found if event.kind != "APICall"] == [
        "QualificationRequestSubmitted",
        "QualificationRequestGranted",
        "QualificationRequestOpen",
        "QualificationRequestExpired",
        "ClockMoved",
        "QualificationRequestSubmitted",
        "QualificationRequestRejected",
        "QualificationRequestSubmitted",
        "QualificationRequestRejected",
    ]
    assert found[0].content == {
        "time": START,
        "qualification_request_id": request.id,
        "qualification_type_id": type_id,
        "worker_id": worker.id,
        **PLACE,
    }


def test_qualification_granted_at_once(server, control, client):
    """A test with a key and an automatic grant are submitted and granted."""
    automatic = {"AutoGranted": True, "AutoGrantedValue": 1}
    type_id = create_type(client, **automatic)["QualificationTypeId"]
    with following(control) as stream:
        server.mturk.worker().request_qualification(type_id)
        found = kinds(stream, 2)

    assert found == ["QualificationRequestSubmitted", "QualificationRequestGranted"]


def test_call_that_failed(server, control):
    """A call has the code of its error, and its number in the log."""
    with following(control) as stream:
        call(server, "GetHIT", {"HITId": NOTHING}, path="/sandbox", X_Mturk_Mock_Requester="lab")
        event = next(stream)

    assert (event.kind, event.content) == (
        "APICall",
        {
            "time": START,
            "number": 1,
            "operation": "GetHIT",
            "requester": "lab",
            "environment": "sandbox",
            "error": "AWS.MechanicalTurk.HITDoesNotExist",
        },
    )


def test_call_that_lost_its_connection(server, control):
    """An injected failure of the connection has botocore's name."""
    server.mturk.fail("ListHITs", "ConnectionError")
    with following(control) as stream:
        with pytest.raises(ConnectionError):
            call(server, "ListHITs")
        event = next(stream)

    assert event.content["error"] == "EndpointConnectionError"


def test_test_event_that_is_not_delivered(control, client):
    """A test event that could not be delivered is a call that failed."""
    where = specification(transport="SQS")
    with following(control) as stream:
        with pytest.raises(client.exceptions.RequestError):
            client.send_test_event_notification(Notification=where, TestEventType="Ping")
        event = next(stream)

    assert event.content["operation"] == "SendTestEventNotification"
    assert event.content["error"] == "AWS.MechanicalTurk.InvalidTransportEndpoint"
    assert event.content["number"] == 1


def test_clock(control):
    """Moves and rates of the clock are told."""
    with following(control) as stream:
        control.post("/clock/advance", json={"hours": 1})
        control.post("/clock/rate", json={"rate": 0})
        moved, set_ = take(stream, 2)

    now = "2026-01-01T01:00:00+00:00"
    assert (moved.kind, moved.content) == ("ClockMoved", {"time": now})
    assert (set_.kind, set_.content) == ("ClockRateSet", {"time": now, "rate": 0})


def test_other_state(server, control, client):
    """A state that is replaced is told, and events go on in the new one."""
    with following(control) as stream:
        control.post("/reset")
        control.put("/snapshot", json=control.get("/snapshot").json())
        with server.mturk.isolated():
            client.get_account_balance()
        client.get_account_balance()
        found = take(stream, 5)

    assert [event.kind for event in found] == [
        "StateReset",
        "StateRestored",
        "APICall",
        "StateRestored",
        "APICall",
    ]
    assert found[0].content == {"time": START}


def test_events_while_a_crowd_acts(server, control, client):
    """Calls of a crowd's answers are told between the events of its workers."""
    publish(client, LifetimeInSeconds=7 * DAY)

    def answer(hit, worker):
        client.get_account_balance()
        return {}

    server.mturk.crowd(1, answer=answer, check=False)
    with following(control) as stream:
        server.mturk.clock.advance(days=1)
        found = kinds(stream, 5)

    assert found == [
        "AssignmentAccepted",
        "APICall",
        "AssignmentSubmitted",
        "HITReviewable",
        "ClockMoved",
    ]


def test_several_followers(control, client, server):
    """Each gets every event, with the same IDs."""
    with (
        following(control) as one,
        control_client(server) as other_client,
        following(other_client) as other,
    ):
        client.get_account_balance()

        assert next(one) == next(other)


@pytest.mark.parametrize("has_state", [False, True])
def test_calls_of_several_threads(has_state, tmp_path):
    """Each call is told once, in the order of the log, with and without a state file."""
    options = {"state": tmp_path / "state"} if has_state else {}
    with (
        MTurkServer(now=NOW, **options) as server,
        control_client(server) as control,
        following(control) as stream,
        ThreadPoolExecutor(8) as threads,
    ):
        list(threads.map(lambda _: call(server, "CreateHITType", HIT_TYPE), range(80)))
        found = take(stream, 80)

    assert [event.content["number"] for event in found] == list(range(1, 81))
    assert [int(event.id.partition("-")[2]) for event in found] == list(range(1, 81))


def test_head(control):
    """HEAD does not follow."""
    response = control.head("/events")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"


# Going on -----------------------------------------------------------------------------------


def test_go_on(control, client):
    """With the ID of the last event, a stream goes on after it; without, it begins now."""
    with following(control) as stream:
        for _ in range(3):
            client.get_account_balance()
        seen = take(stream, 3)
    client.list_hits()
    with following(control, seen[1].id) as stream:
        again = take(stream, 2)
    with following(control) as stream:
        client.list_qualification_requests()
        new = next(stream)

    assert again[0] == seen[2]
    assert again[1].content["operation"] == "ListHITs"
    assert new.content["operation"] == "ListQualificationRequests"


@pytest.mark.parametrize(
    "last_id", ["0123456789ab-1", "x", "", "{run}-99", "{run}-x", "{run}-\u00b2", "{run}--1"]
)
def test_go_on_after_an_unknown_event(last_id):
    """Everything that is kept follows an event that says that others are missing."""
    with MTurkServer(now=NOW) as server, control_client(server) as control:
        with following(control) as stream:
            server.client().get_account_balance()
            first = next(stream)
        run = first.id.partition("-")[0]
        with following(control, last_id.format(run=run).encode("latin-1")) as stream:
            dropped, again = take(stream, 2)

    assert (dropped.id, dropped.kind) == (f"{run}-0", "dropped")
    assert dropped.content == {"count": None, "message": MISSING}
    assert again == first


def test_go_on_before_the_first_event():
    """A stream whose client was connected to another run of the server begins now."""
    with (
        MTurkServer(now=NOW) as server,
        control_client(server) as control,
        following(control, "0123456789ab-7") as stream,
    ):
        dropped = next(stream)
        server.client().get_account_balance()
        event = next(stream)

    assert (dropped.kind, dropped.id.partition("-")[2]) == ("dropped", "0")
    assert event.id.partition("-")[2] == "1"


def test_events_that_are_not_kept(monkeypatch):
    """An event stands for those that the server no longer has, with their number."""
    monkeypatch.setattr(events, "KEPT", 2)
    with MTurkServer(now=NOW) as server, control_client(server) as control:
        client = server.client()
        with following(control) as stream:
            client.get_account_balance()
            first = next(stream)
        for _ in range(4):
            client.list_hits()
        with following(control, first.id) as stream:
            dropped, *kept = take(stream, 3)
        with following(control, dropped.id) as stream:
            again = take(stream, 2)

    assert (dropped.kind, dropped.id.partition("-")[2]) == ("dropped", "3")
    assert dropped.content == {"count": 2, "message": MISSING}
    assert [event.id.partition("-")[2] for event in kept] == ["4", "5"]
    assert again == kept


# Connections --------------------------------------------------------------------------------


def test_comments(control, monkeypatch):
    """A comment begins a stream, and shows that a quiet connection is alive."""
    monkeypatch.setattr(events, "KEEP_ALIVE", 0.01)
    with control.stream("GET", "/events") as response:
        lines = response.iter_lines()
        found = [next(lines) for _ in range(4)]

    assert found == [": events of mturk_mock", "", ": keep-alive", ""]


def test_client_that_leaves():
    """The server forgets a client that has closed its connection, some requests later."""
    with MTurkServer() as server, control_client(server) as control:
        bells = server._runner._events._bells
        with following(control):
            assert len(bells) == 1
        for _ in range(10_000):
            control.get("/health")
            if not bells:
                return
    pytest.fail("the server still has the client")


def test_stop(monkeypatch):
    """A server that stops ends the streams at once, as a whole response."""
    monkeypatch.setattr(protocol, "LAST_SECONDS", 0.01)
    server = MTurkServer().start()
    with control_client(server) as control, following(control) as stream:
        server.stop()

        assert list(stream) == []


def test_ctrl_c():
    """`mturk-mock serve` ends with status 0 while clients follow it, and their streams end."""
    with serving() as served, control_client(served) as control, following(control) as stream:
        status, _ = end(served, signal.SIGINT)

        assert (status, list(stream)) == (0, [])


def test_changes_are_on_disk_first(tmp_path, monkeypatch):
    """With a state file, an event is shown when the change is on disk."""
    order = []
    for owner, name in ((Batch, "wait"), (Events, "show")):
        original = getattr(owner, name)

        def noting(self, *args, _original=original, _name=name):
            result = _original(self, *args)
            order.append(_name)
            return result

        monkeypatch.setattr(owner, name, noting)
    with MTurkServer(state=tmp_path / "state", now=NOW) as server:
        client = server.client()
        with control_client(server) as control, following(control) as stream:
            order.clear()
            publish(client)
            found = kinds(stream, 2)
            before = list(order)

    assert found == ["HITCreated", "APICall"]
    assert before[:2] == ["wait", "show"]


def test_error_of_the_disk(tmp_path, monkeypatch):
    """After an error of the disk, clients hear that they must read the state again."""

    def fail(*args):
        raise sqlite3.OperationalError("disk I/O error")

    with (
        MTurkServer(state=tmp_path / "state", now=NOW) as server,
        control_client(server) as control,
        following(control) as stream,
    ):
        monkeypatch.setattr(StateFile, "add_entries", fail)
        lost = call(server, "CreateHITType", HIT_TYPE)
        monkeypatch.undo()
        call(server, "GetAccountBalance")
        found = list(takewhile(lambda event: event.kind != "StateRestored", stream))
        following_event = next(stream)

    assert lost.status == 503
    assert {event.kind for event in found} <= {"APICall"}
    assert following_event.content["operation"] == "GetAccountBalance"
