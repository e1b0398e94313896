"""The control API: the state file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mturk_mock.server import MTurkServer
from mturk_mock.server.state_file import StateFile
from tests.helpers import NOW, publish
from tests.servers import control_client, refusal
from tests.worlds import UPLOAD

IN_MEMORY = (
    409,
    "Conflict",
    "This server keeps its state in memory. Start it with --state FILE, or "
    "MTurkServer(state=FILE).",
)
BROKEN = (
    503,
    "ServiceUnavailable",
    "The state file cannot be written, so nothing is changed: disk I/O error. Try again later.",
)


@pytest.fixture
def kept(tmp_path):
    """A server with a state file."""
    with MTurkServer(state=tmp_path / "state.sqlite", now=NOW) as server:
        yield server


@pytest.fixture
def client(kept):
    """A client of its control API."""
    with control_client(kept) as client:
        yield client


def test_entries(kept, client):
    """Each change has a number, its time, its kind, who made it, and what it was."""
    hit_id = publish(kept.client(), Question=UPLOAD)
    assignment = kept.mturk.worker("A1FIRST").accept(hit_id)
    assignment.submit({"q1": b"file"})
    found = client.get("/journal").json()
    last = found["entries"][-1]

    assert [each["kind"] for each in found["entries"]] == [
        "start",
        "call",
        "worker",
        "accept",
        "submit",
    ]
    assert found["total"] == 5
    assert found["entries"][1]["body"]["operation"] == "CreateHIT"
    assert (last["number"], last["time"], last["actor"]) == (
        5,
        "2026-01-01T00:00:00+00:00",
        "A1FIRST",
    )
    assert last["body"]["assignment"] == assignment.id
    assert last["body"]["files"]["q1"].keys() == {"sha256"}


def test_pages_of_entries(kept, client):
    """`after` and `limit` page through them."""
    for _ in range(5):
        publish(kept.client())
    pages = [client.get("/journal", params={"limit": 2, "after": n}).json() for n in (0, 2, 4, 6)]

    assert [[each["number"] for each in page["entries"]] for page in pages] == [
        [1, 2],
        [3, 4],
        [5, 6],
        [],
    ]
    assert client.get("/journal", params={"limit": 0}).json() == {"entries": [], "total": 6}


def test_backup(kept, client):
    """A copy is written beside the file, from which another server starts."""
    publish(kept.client())
    copied = client.post("/backup").json()
    path = Path(copied["file"])

    assert path.parent == kept._journal.file.path.parent
    assert path.stat().st_size == copied["bytes"]
    with MTurkServer(state=path) as server:
        assert len(server.mturk.hits) == 1


def test_checkpoint(kept, client):
    """A request writes a checkpoint at once."""
    publish(kept.client())

    assert client.post("/checkpoint").json() == {"number": 2}
    assert kept._journal.file.checkpoint().n == 2


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/journal"), ("POST", "/backup"), ("POST", "/checkpoint")]
)
def test_server_in_memory(control, method, path):
    """A server without a state file says how to get one."""
    assert refusal(control.request(method, path)) == IN_MEMORY


@pytest.mark.parametrize(
    ("path", "method"), [("/backup", "copy_to"), ("/checkpoint", "add_checkpoint")]
)
def test_disk_error(kept, client, monkeypatch, path, method):
    """If the disk is full, the server says so, and goes on."""

    def fail(*args):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(StateFile, method, fail)
    refused = client.post(path)
    monkeypatch.undo()

    assert refusal(refused) == BROKEN
    assert client.post(path).status_code == 200
