"""Deadlines that pass while a server with a state file is down, or its process is stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from mturk_mock.__main__ import main
from mturk_mock.core import clock
from mturk_mock.server import MTurkServer
from tests.helpers import NOW, publish, state_of
from tests.servers import call

RATE = 3600  # an hour of the server's clock in a second
AWAY = 0.2  # seconds, which are twelve minutes then

#: A server whose clock is fast; it prints its URL, and the IDs of HITs: done, and in progress.
PROGRAM = f"""
import json, sys, threading
from mturk_mock.server import MTurkServer
from tests.helpers import publish

with MTurkServer(state=sys.argv[1]) as server:
    client, worker = server.client(), server.mturk.worker()
    done = publish(client, AutoApprovalDelayInSeconds=300)
    going = publish(client, AssignmentDurationInSeconds=300, LifetimeInSeconds=30_000_000)
    worker.accept(done).submit({{}})
    worker.accept(going)
    server.mturk.clock.rate = {RATE}
    print(json.dumps([server.url, done, going]), flush=True)
    threading.Event().wait()
"""


class Machine:
    """A clock of the machine that a test sets."""

    def __init__(self):
        self.now = NOW

    def read(self):
        return clock.from_datetime(self.now)


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(clock, "read_machine", machine.read)
    return machine


def test_deadlines_while_the_server_is_down(machine, tmp_path):
    """What was due in the meantime happens at the start, in order, each at its own time."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path) as server:
        client, worker = server.client(), server.mturk.worker()
        late = publish(client, Title="late", LifetimeInSeconds=500)
        soon = publish(client, Title="soon", LifetimeInSeconds=100)
        going = publish(client, Title="going", AssignmentDurationInSeconds=300)
        done = publish(client, Title="done", AutoApprovalDelayInSeconds=200)
        for hit_id in (late, soon, going, done):
            client.update_notification_settings(
                HITTypeId=client.get_hit(HITId=hit_id)["HIT"]["HITTypeId"],
                Notification={
                    "Destination": "https://sqs.us-east-1.amazonaws.com/123456789012/queue",
                    "Transport": "SQS",
                    "Version": "2014-08-15",
                    "EventTypes": ["HITExpired", "AssignmentAbandoned", "AssignmentApproved"],
                },
                Active=True,
            )
        worker.accept(going)
        worker.accept(done).submit({})
    machine.now += timedelta(seconds=1000)
    with MTurkServer(state=path) as server:
        happened = [
            (event.event_type, event.hit_id, (event.time - NOW).total_seconds())
            for event in server.mturk.notifications
        ]
        (assignment,) = server.client().list_assignments_for_hit(HITId=done)["Assignments"]

    assert happened == [
        ("HITExpired", soon, 100),
        ("AssignmentApproved", done, 200),
        ("AssignmentAbandoned", going, 300),
        ("HITExpired", late, 500),
    ]
    assert assignment["ApprovalTime"] == assignment["AutoApprovalTime"]


def test_time_does_not_go_back(machine, tmp_path):
    """A server whose machine's clock was set back meanwhile goes on at the time it had."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path) as server:
        publish(server.client())
    machine.now -= timedelta(days=1)
    with MTurkServer(state=path) as server:
        assert server.mturk.clock.now == NOW


def test_stopped_process(tmp_path):
    """After SIGSTOP for a while, deadlines that have passed hold, each at its own time."""
    program = [sys.executable, "-c", PROGRAM, str(tmp_path / "state.db")]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        url, done, going = json.loads(process.stdout.readline())
        server = SimpleNamespace(url=url)
        process.send_signal(signal.SIGSTOP)
        time.sleep(AWAY)
        process.send_signal(signal.SIGCONT)
        (assignment,) = call(server, "ListAssignmentsForHIT", {"HITId": done}).json["Assignments"]
        hit = call(server, "GetHIT", {"HITId": going}).json["HIT"]
    finally:
        process.kill()
        process.communicate()

    assert assignment["AssignmentStatus"] == "Approved"
    assert assignment["ApprovalTime"] == assignment["AutoApprovalTime"]
    assert (hit["NumberOfAssignmentsAvailable"], hit["NumberOfAssignmentsPending"]) == (1, 0)
    with MTurkServer(state=tmp_path / "state.db") as server:
        (again,) = server.client().list_assignments_for_hit(HITId=done)["Assignments"]
        assert again["ApprovalTime"] == again["AutoApprovalTime"]
        assert state_of(server.client(), going) == ("Assignable", 1, 0, 0)
        assert server.mturk.clock.now > datetime.now(timezone.utc)


def test_clock_moved_by_nothing(tmp_path, capsys):
    """Only a clock that has another setting is recorded."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path, now=NOW) as server:
        server.mturk.clock.advance(seconds=0)
        server.mturk.clock.advance(seconds=1)
    main(["replay", str(path)])

    assert capsys.readouterr().out.count("the clock was moved") == 1
