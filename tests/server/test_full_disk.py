"""Servers with a state file whose disk is full or fails: nothing is lost, and they go on."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from mturk_mock import MTurkError
from mturk_mock.__main__ import main
from mturk_mock.model.account import Account
from mturk_mock.server import MTurkServer, journal
from mturk_mock.server.state_file import StateFile
from tests.clients import balance_of
from tests.helpers import hit_params, publish
from tests.server.test_serve import COMMAND, serving
from tests.servers import call, send

resource = pytest.importorskip("resource")

FULL = "database or disk is full"


class LimitedFiles:
    """Files of the server cannot grow any more (RLIMIT_FSIZE)."""

    problem = "disk I/O error"

    def __init__(self, folder):
        self.folder = folder

    def fill(self, process):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def free(self, process):
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)


class SmallDisk:
    """The state file is on a file system of one megabyte, which another file fills."""

    problem = FULL

    def __init__(self, folder):
        self.folder = folder
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip("a small file system cannot be mounted: that needs root on Linux")

    def fill(self, process):
        with open(self.folder / "ballast", "wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))

    def free(self, process):
        (self.folder / "ballast").unlink()


@pytest.fixture(params=["limit", "disk"])
def disk(request, tmp_path):
    if request.param == "limit":
        if not hasattr(resource, "prlimit"):
            pytest.skip("the limits of another process can only be set on Linux")
        yield LimitedFiles(tmp_path)
        return
    folder = tmp_path / "mounted"
    folder.mkdir()
    disk = SmallDisk(folder)
    yield disk
    subprocess.run(["umount", folder], check=True)


def create(server, title):
    """Create a HIT whose question has 20 KB."""
    question = hit_params()["Question"].replace("<p>", "<p>" + "x" * 20_000, 1)
    return call(server, "CreateHIT", hit_params(Title=str(title), Question=question))


def titles(server):
    return [hit["Title"] for hit in call(server, "ListHITs", {"MaxResults": 100}).json["HITs"]]


def test_full_disk(disk):
    """Calls are refused until there is space; then all that was acknowledged is there."""
    path = disk.folder / "state.db"
    with serving("--state", str(path)) as served:
        assert create(served, 1).status == create(served, 2).status == 200
        disk.fill(served.process)
        refused = [create(served, "refused"), create(served, "refused again")]
        refused += [call(served, "GetAccountBalance"), send(served, "GET", "/readyz")]
        alive = send(served, "GET", "/livez").status
        disk.free(served.process)
        ready = send(served, "GET", "/readyz").status
        listed = titles(served)
        later = create(served, "later").status

    told = (
        f"The state file cannot be written, so nothing is changed: {disk.problem}. Try again later."
    )
    assert [answer.error for answer in refused] == [(503, "ServiceUnavailable", told)] * 4
    assert (alive, ready, later) == (200, 200, 200)
    assert listed == ["2", "1"]
    with serving("--state", str(path)) as served:  # the first one was killed
        assert titles(served) == ["later", "2", "1"]


def test_kill_while_the_disk_is_full(disk, capsys):
    """A server that is killed while the disk is full leaves a file without damage."""
    path = disk.folder / "state.db"
    with serving("--state", str(path)) as served:
        create(served, 1)
        disk.fill(served.process)
        refused = create(served, 2).status
        disk.free(served.process)
    with serving("--state", str(path)) as served:
        listed = titles(served)

    assert (refused, listed) == (503, ["1"])
    assert main(["replay", str(path)]) == 0
    assert capsys.readouterr().out.count("calls CreateHIT") == 1


def test_start_on_a_full_disk(tmp_path):
    """A server that cannot write its first state says so in one line, and exits with 2."""
    path = tmp_path / "state.db"

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))

    done = subprocess.run(
        [*COMMAND, "serve", "--port", "0", "--state", path],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert re.fullmatch(
        rf"mturk-mock serve: {path} cannot be used: disk I/O error.*\n", done.stderr
    )


@pytest.mark.parametrize("method", ["add_checkpoint", "add_entries"])
def test_disk_that_fails_at_the_start(method, tmp_path, monkeypatch):
    """A server that cannot write its first state or record raises an error; no thread is left."""
    path, before = tmp_path / "state.db", set(threading.enumerate())
    monkeypatch.setattr(StateFile, method, failing(FULL))
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))} cannot be used: {FULL}$"):
        MTurkServer(state=path).start()

    assert set(threading.enumerate()) <= before


# In this process --------------------------------------------------------------------------


def failing(problem, times=None, of=None):
    """Return a method that raises sqlite3.OperationalError, the first few times or always."""
    calls = []

    def method(*args):
        calls.append(args)
        if times is None or len(calls) <= times:
            raise sqlite3.OperationalError(problem)
        return of(*args)

    return method


@pytest.fixture
def server(tmp_path):
    with MTurkServer(state=tmp_path / "state.db") as server:
        yield server


def test_failed_write_is_undone(server, monkeypatch):
    """After a write that failed once, the state is that on the disk, and handles are valid."""
    worker = server.mturk.worker()
    client = server.client()
    before = publish(client)
    failing_once = failing(FULL, times=1, of=StateFile.add_entries)
    monkeypatch.setattr(StateFile, "add_entries", failing_once)
    with pytest.raises(MTurkError, match=FULL):
        worker.accept(before)

    assert worker.accept(before).status == "Accepted"
    assert [hit["HITId"] for hit in client.list_hits()["HITs"]] == [before]


def test_any_error_of_a_write_is_answered(server, monkeypatch):
    """An error that is none of the database's does not end the thread that writes."""

    def fail(*args):
        raise MemoryError("no memory")

    with monkeypatch.context() as patched:
        patched.setattr(StateFile, "add_entries", fail)
        refused = create(server, 1)

    assert refused.status == 503
    assert create(server, 2).status == 200
    assert titles(server) == ["2"]


def test_read_during_a_write_that_fails(server, monkeypatch):
    """A call that has seen a change whose write then fails is refused, as the change is."""
    client = server.client()
    hit_id = publish(client)
    writing, release, failed = (threading.Event() for _ in range(3))
    find, finish = Account.hit, journal.Batch.finish

    def write(*args):
        writing.set()
        release.wait()
        raise sqlite3.OperationalError(FULL)

    def find_later(*args):
        release.set()
        failed.wait()
        return find(*args)

    def finish_and_tell(*args):
        finish(*args)
        failed.set()

    with monkeypatch.context() as patched, ThreadPoolExecutor() as threads:
        patched.setattr(StateFile, "add_entries", write)
        patched.setattr(journal.Batch, "finish", finish_and_tell)
        created = threads.submit(create, server, 1)
        writing.wait()
        patched.setattr(Account, "hit", find_later)
        read = threads.submit(call, server, "GetHIT", {"HITId": hit_id})

        assert (created.result().status, read.result().status) == (503, 503)
    assert len(titles(server)) == 1


def test_requests_while_the_disk_fails(server, monkeypatch):
    """Many requests at a time are all refused while the disk fails, and all answered later."""
    with monkeypatch.context() as patched, ThreadPoolExecutor() as threads:
        patched.setattr(StateFile, "add_entries", failing(FULL))
        refused = list(threads.map(lambda number: create(server, number), range(40)))
    with ThreadPoolExecutor() as threads:
        answered = list(threads.map(lambda number: create(server, number), range(40)))

    assert {answer.status for answer in refused} == {503}
    assert {answer.status for answer in answered} == {200}
    assert sorted(titles(server)) == sorted(map(str, range(40)))


# Checkpoints ------------------------------------------------------------------------------


def test_failed_checkpoint_loses_nothing(tmp_path, monkeypatch, caplog):
    """A checkpoint that cannot be written is tried again, and calls are answered meanwhile."""
    written, add = threading.Event(), StateFile.add_checkpoint
    path = tmp_path / "state.db"
    monkeypatch.setattr(journal, "CHECKPOINT_EVERY", 3)
    monkeypatch.setattr(journal, "LATER", 0.01)

    def add_and_tell(*args):
        add(*args)
        written.set()

    with MTurkServer(state=path) as server:
        failing_twice = failing("disk I/O error", times=2, of=add_and_tell)
        monkeypatch.setattr(StateFile, "add_checkpoint", failing_twice)
        for number in range(6):
            assert create(server, number).status == 200
        assert written.wait(60)
    with MTurkServer(state=path) as server:
        assert titles(server) == ["5", "4", "3", "2", "1", "0"]
    warnings = [text for text in caplog.messages if text.startswith("no checkpoint")]
    assert warnings == ["no checkpoint can be written now: disk I/O error"] * 2


def test_checkpoint_after_a_failed_write(tmp_path, monkeypatch):
    """A server that stops after a write that failed keeps nothing of the refused change."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path, balance=10) as server, monkeypatch.context() as patched:
        patched.setattr(StateFile, "add_entries", failing(FULL))
        assert create(server, 1).status == 503
    with MTurkServer(state=path) as server:
        assert titles(server) == []
        assert balance_of(server.client()) == "10.00"


def test_checkpoint_at_the_end_fails(tmp_path, monkeypatch):
    """A last checkpoint that cannot be written is left out: the next start replays the rest."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path) as server:
        create(server, 1)
        monkeypatch.setattr(StateFile, "add_checkpoint", failing(FULL))
    with MTurkServer(state=path) as server:
        assert titles(server) == ["1"]


def test_checkpoints_at_the_same_time(tmp_path, monkeypatch):
    """Each checkpoint is that of its entry, also if several are asked for at the same time."""
    path = tmp_path / "state.db"
    monkeypatch.setattr(journal, "QUICK", 0.0)  # leaves out the last checkpoint
    with MTurkServer(state=path) as server, ThreadPoolExecutor(4) as pool:
        written = []
        for number in range(8):
            create(server, number)
            written.append(pool.submit(server._journal.write_checkpoint))
        numbers = [each.result() for each in written]
    with MTurkServer(state=path) as server:
        assert sorted(titles(server)) == [str(number) for number in range(8)]

    assert all(number >= place for place, number in enumerate(numbers, 2))
