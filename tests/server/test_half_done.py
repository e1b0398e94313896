"""Errors inside a change of a server with a state file: nothing is left half done."""

from __future__ import annotations

import threading

import pytest

from mturk_mock import MTurkError
from mturk_mock.core import clock
from mturk_mock.model import hit_life, timeline
from mturk_mock.model.account import Account
from mturk_mock.model.timeline import EventRules
from mturk_mock.server import MTurkServer
from tests.clients import balance_of
from tests.helpers import publish, state_of, submitted
from tests.servers import call


class Bug(Exception):
    """An error that no code expects."""


def fail(*args, **kwargs):
    raise Bug("it broke")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.db"


def statuses(client, hit_id):
    found = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    return [assignment["AssignmentStatus"] for assignment in found]


def broken_approval(server, monkeypatch):
    """Let ApproveAssignment fail after it has paid; return the HIT and the answer."""
    assignment = submitted(server.client(), server.mturk.worker())
    with monkeypatch.context() as patched:
        patched.setattr(Account, "credit", fail)  # the last step
        answer = call(server, "ApproveAssignment", {"AssignmentId": assignment.id})
    return assignment.hit_id, answer


def test_bug_in_a_call_is_an_internal_failure(path, monkeypatch):
    """An unexpected exception inside an operation is a 500 with the bug."""
    with MTurkServer(state=path) as server:
        _, answer = broken_approval(server, monkeypatch)

    bug = "a bug in mturk_mock: it could not answer ApproveAssignment (Bug: it broke)"
    assert answer.error == (500, "InternalFailure", bug)


def test_bug_in_a_call_changes_nothing(path, monkeypatch):
    """After an unexpected exception the state is what it was before, and changes go on."""
    with MTurkServer(state=path, balance=100) as server:
        client = server.client()
        hit_id, _ = broken_approval(server, monkeypatch)

        assert statuses(client, hit_id) == ["Submitted"]
        assert balance_of(client) == "98.80"  # held
        (assignment,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
        client.approve_assignment(AssignmentId=assignment["AssignmentId"])
    with MTurkServer(state=path) as server:
        assert statuses(server.client(), hit_id) == ["Approved"]
        assert balance_of(server.client()) == "98.80"


def test_stop_after_a_bug_writes_nothing_half_done(path, monkeypatch):
    """The checkpoint of a server that stops right after the exception has no half of a change."""
    with MTurkServer(state=path, balance=100) as server:
        hit_id, _ = broken_approval(server, monkeypatch)
    with MTurkServer(state=path) as server:
        assert statuses(server.client(), hit_id) == ["Submitted"]


def test_bug_after_a_notification(path, monkeypatch):
    """The notification of a change that failed is not sent, and the file can be used again."""
    with MTurkServer(state=path) as server:
        client = server.client()
        hit = client.get_hit(HITId=publish(client))["HIT"]
        specification = {
            "Destination": "https://sqs.us-east-1.amazonaws.com/123456789012/queue",
            "Transport": "SQS",
            "Version": "2006-05-05",
            "EventTypes": ["HITExpired"],
        }
        client.update_notification_settings(
            HITTypeId=hit["HITTypeId"], Notification=specification, Active=True
        )
        announce = Account.announce

        def announce_and_fail(*args, **kwargs):
            announce(*args, **kwargs)
            fail()

        with monkeypatch.context() as patched:
            patched.setattr(Account, "announce", announce_and_fail)
            expired = call(server, "UpdateExpirationForHIT", {"HITId": hit["HITId"], "ExpireAt": 0})
        assert expired.status == 500
        assert server.mturk.notifications == []
    with MTurkServer(state=path) as server:
        assert state_of(server.client(), hit["HITId"]).status == "Assignable"


def test_bug_in_a_worker_s_action_changes_nothing(path, monkeypatch):
    """After an unexpected exception, an assignment that was half submitted is open."""
    with MTurkServer(state=path) as server:
        client = server.client()
        hit_id = publish(client)
        assignment = server.mturk.worker().accept(hit_id)
        with monkeypatch.context() as patched:
            patched.setattr("mturk_mock.model.assignment_life.set_status", fail)
            with pytest.raises(Bug):
                assignment.submit({})

        assert state_of(client, hit_id) == ("Unassignable", 0, 1, 0)
        assert assignment.submit({}).status == "Submitted"


def test_bug_in_an_event_changes_nothing(path, monkeypatch):
    """After an unexpected exception, an event that was half done is run again, at its time."""
    with MTurkServer(state=path, now=clock.to_datetime(0)) as server:
        client = server.client()
        hit_id = publish(client, LifetimeInSeconds=60)
        rules = timeline.EVENT_RULES[hit_life.EXPIRES]

        def expire_and_fail(*args):
            rules.run(*args)
            fail()

        broken = EventRules(rules.still_holds, expire_and_fail)
        with monkeypatch.context() as patched:
            patched.setitem(timeline.EVENT_RULES, hit_life.EXPIRES, broken)
            with pytest.raises(Bug):
                server.mturk.clock.advance(seconds=60)

        assert state_of(client, hit_id).status == "Assignable"
        server.mturk.clock.advance(seconds=60)
        assert state_of(client, hit_id).status == "Reviewable"


def test_change_after_the_stop_is_refused(path):
    """A handle that is used after its server has stopped raises an error, and does not wait."""
    with MTurkServer(state=path) as server:
        mturk = server.mturk
    with pytest.raises(MTurkError, match=r"nothing is changed: the server has stopped\."):
        mturk.worker()

    assert mturk.hits == []


def test_threads_end(path):
    """A server that has stopped leaves no thread."""
    before = set(threading.enumerate())
    with MTurkServer(state=path):
        pass

    assert set(threading.enumerate()) <= before
