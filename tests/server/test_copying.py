"""Checkpoints of a large state, which a copy of the process writes."""

from __future__ import annotations

import os
import signal
import threading
import warnings

import pytest

from mturk_mock import mock_mturk
from mturk_mock.server import MTurkServer, copying, journal
from mturk_mock.state.checkpoint import read_checkpoint, write_checkpoint
from tests.helpers import NOW, publish

pytestmark = pytest.mark.skipif(not copying.CAN_FORK, reason="only Linux copies processes")


@pytest.fixture
def marketplace(monkeypatch):
    """A state that counts as large."""
    monkeypatch.setattr(copying, "LARGE", 1)
    with mock_mturk(now=NOW) as mturk:
        publish(mturk.client())
        with mturk._backend.peek() as marketplace:
            yield marketplace


def test_checkpoint_is_that_of_the_moment(marketplace):
    """What changes afterwards is not in it."""
    before = write_checkpoint(marketplace)
    copy = copying.copy_state(marketplace)
    marketplace.layouts["3NEW"] = "<p></p>"

    assert copy.finish() == before


@pytest.mark.filterwarnings("error")
def test_no_warning(marketplace):
    """Python's warning of threads is not shown."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        copying.copy_state(marketplace).finish()

    assert caught == []


def test_no_process_is_left(marketplace):
    """The copy of the process has ended, and was waited for."""
    copying.copy_state(marketplace).finish()
    try:
        ended, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:  # there are no processes at all
        ended = 0
    assert ended == 0


def test_failure_is_an_error(marketplace):
    """A state that cannot be written is an OSError."""
    marketplace.layouts["3NEW"] = object()
    with pytest.raises(
        OSError, match=r"the process that copies the state has failed \(status 256\)"
    ):
        copying.copy_state(marketplace).finish()


def test_copy_that_hangs_is_ended(marketplace, monkeypatch):
    """A copy that does not end is killed after a time."""
    monkeypatch.setattr(copying, "LONGEST", 0.2)
    monkeypatch.setattr(copying, "write_checkpoint", lambda marketplace: signal.pause())
    with pytest.raises(OSError, match=r"failed \(status 9\)"):
        copying.copy_state(marketplace).finish()


def test_copy_that_is_given_up(marketplace):
    """A server that ends does not wait for it; giving up one that has ended does nothing."""
    copy = copying.copy_state(marketplace)
    copy.give_up()
    with pytest.raises(OSError, match=r"failed \(status 9\)"):
        copy.finish()

    copy.give_up()


def test_end_of_a_server_gives_up_a_copy(monkeypatch, tmp_path, caplog):
    """A server that is writing a large checkpoint ends at once, without a warning."""
    began = threading.Event()
    fork = copying._fork

    def fork_noting():
        child = fork()
        began.set()
        return child

    monkeypatch.setattr(copying, "LARGE", 1)
    monkeypatch.setattr(journal, "QUICK", 0)
    with MTurkServer(state=tmp_path / "state.sqlite") as server:
        publish(server.client())
        monkeypatch.setattr(copying, "write_checkpoint", lambda marketplace: signal.pause())
        monkeypatch.setattr(copying, "_fork", fork_noting)
        server._journal._due.set()
        began.wait(60)
        publish(server.client())  # not held up

    assert caplog.messages == []


def test_server_is_answering_meanwhile(monkeypatch, tmp_path):
    """Clients of the server are not held up, and the next server starts from the checkpoint."""
    monkeypatch.setattr(copying, "LARGE", 1)
    path = tmp_path / "state.sqlite"
    with MTurkServer(state=path) as server:
        publish(server.client())
        server._journal.write_checkpoint()
        publish(server.client())
        checkpoint = server._journal.file.checkpoint()
    with MTurkServer(state=path) as server:
        assert len(server.mturk.hits) == 2

    assert checkpoint.n == 2
    assert len(read_checkpoint(checkpoint.body).accounts["default", "production"].hits) == 1
