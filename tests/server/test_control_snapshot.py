"""The control API: snapshots."""

from __future__ import annotations

import json

import pytest

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import NOW, publish
from tests.server.test_control_state import during_a_crowd_s_answer
from tests.servers import refusal


def test_get_snapshot(server, control, tmp_path):
    """It is the file that `Snapshot.save` writes."""
    publish(server.client())
    server.mturk.snapshot().save(tmp_path / "state.json")
    response = control.get("/snapshot")

    assert response.content == (tmp_path / "state.json").read_bytes()
    assert response.headers["content-type"] == "application/json"


def test_snapshot_of_a_mock(server, control, tmp_path):
    """A server can have the state of a mock, and the other way round."""
    with mock_mturk(seed=2, now=NOW) as mturk:
        hit_id = publish(mturk.client(), Title="Zoë")
        mturk.snapshot().save(tmp_path / "state.json")
    server.mturk.fail()
    health = control.put(
        "/snapshot",
        content=(tmp_path / "state.json").read_bytes(),
        headers={"Content-Type": "application/json"},
    ).json()

    assert health["counts"] == {
        "requesters": 1,
        "hits": 1,
        "assignments": 0,
        "workers": 0,
        "calls": 0,
    }
    assert server.client().get_hit(HITId=hit_id)["HIT"]["Title"] == "Zoë"
    assert server.mturk.faults == []
    (tmp_path / "again.json").write_bytes(control.get("/snapshot").content)
    with mock_mturk() as mturk:
        mturk.restore(Snapshot.load(tmp_path / "again.json"))
        assert [hit.id for hit in mturk.hits] == [hit_id]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("{}", "version: this is missing"),
        ('{"version": 2}', "version: must be 1, not 2"),
    ],
)
def test_invalid_snapshot(content, message, server, control):
    """The message says where the problem is, and the state stays as it is."""
    hit_id = publish(server.client())
    response = control.put(
        "/snapshot", content=content, headers={"Content-Type": "application/json"}
    )

    assert refusal(response) == (400, "InvalidInput", message)
    assert [hit.id for hit in server.mturk.hits] == [hit_id]


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_snapshot_while_a_crowd_acts(method, server, control, monkeypatch):
    """The state cannot change under a worker who acts."""
    monkeypatch.setattr("mturk_mock.backend.transaction.CALLBACK_TIMEOUT", 0.01)
    state = json.loads(control.get("/snapshot").content)
    content = {"json": state} if method == "PUT" else {}
    response = during_a_crowd_s_answer(
        server, lambda control: control.request(method, "/snapshot", **content)
    )

    assert refusal(response)[:2] == (409, "Conflict")
