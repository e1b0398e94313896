"""`mturk-mock erase-worker FILE WORKER_ID`: nothing of the worker is left in the file."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing

import pytest

from mturk_mock.__main__ import main
from mturk_mock.server import MTurkServer
from tests.helpers import NOW, publish, question_form, work
from tests.policies import FOUR_QUESTIONS, known_answers
from tests.qualify import EXAMINED, create_type
from tests.servers import send
from tests.worlds import UPLOAD

WORKER = "A1WANTSTOBEGONE"
OTHER = "A2OTHERWORKER"
NEW = "AERASED0000001"
#: What the worker wrote, what was written about the worker, and to the worker.
SECRETS = (
    "my answer",
    "known value",
    "my test",
    "my file",
    "my feedback",
    "my bonus",
    "my block",
    "my mail",
    "my refusal",
    "my name",
)


def live(server, worker_id):
    """Do all that can leave traces of a worker."""
    mturk, client = server.mturk, server.client()
    worker = mturk.worker(worker_id, country="DE", masters=True)
    assignment = worker.accept(publish(client)).submit({"text": "my answer"})
    client.approve_assignment(AssignmentId=assignment.id, RequesterFeedback="my feedback")
    client.send_bonus(
        WorkerId=worker_id, AssignmentId=assignment.id, BonusAmount="1.00", Reason="my bonus"
    )
    worker.accept(publish(client, Question=UPLOAD)).submit({"q1": b"my file"})
    graded = question_form(**dict.fromkeys(FOUR_QUESTIONS))
    hit_id = publish(client, Question=graded, AssignmentReviewPolicy=known_answers())
    worker.accept(hit_id).submit({**dict.fromkeys(FOUR_QUESTIONS, "yes"), "q1": "known value"})
    free = question_form(q1=None)
    for reject in (True, False):
        type_id = create_type(client, Name=f"{worker_id} {reject}", **{**EXAMINED, "Test": free})[
            "QualificationTypeId"
        ]
        request = worker.request_qualification(type_id, {"q1": "my test"})
        if reject:
            client.reject_qualification_request(
                QualificationRequestId=request.id, Reason="my refusal"
            )
        else:
            client.accept_qualification_request(QualificationRequestId=request.id, IntegerValue=3)
    client.notify_workers(Subject="my mail", MessageText="my mail", WorkerIds=[worker_id])
    client.create_worker_block(WorkerId=worker_id, Reason="my block")
    server.invite(worker_id, "my name")


@pytest.fixture
def path(tmp_path):
    """A file with two workers who have done everything."""
    path = tmp_path / "state.sqlite"
    with MTurkServer(state=path, now=NOW) as server:
        publish(server.client())
        live(server, WORKER)
        server.mturk.add_hit_type()
        server.mturk.add_hit_type(title="another")
    return path


def erase(path, worker_id, capsys):
    """Run the command; return its status, its output and its error."""
    status = main(["erase-worker", str(path), worker_id])
    written = capsys.readouterr()
    return status, written.out, written.err


def snapshot(path, target):
    """Return the state of a file, as JSON."""
    with MTurkServer(state=path) as server:
        server.mturk.snapshot().save(target)
    return json.loads(target.read_text())


def contents(path):
    """Return all bytes of the file, with its checkpoints and state records unpacked."""
    with closing(sqlite3.connect(path)) as connection:
        packed = connection.execute("SELECT body FROM checkpoint UNION SELECT body FROM blob")
        unpacked = []
        for (body,) in packed:
            try:
                unpacked.append(zlib.decompress(body))
            except zlib.error:
                unpacked.append(body)
    return b"\n".join([path.read_bytes(), *unpacked])


@pytest.mark.parametrize("trace", [WORKER, *SECRETS])
def test_trace_is_there_before(path, trace):
    """The file has what the test below looks for."""
    assert trace.encode() in contents(path)


def test_no_trace_is_left(path, tmp_path, capsys):
    """The ID, answers, files, and what was written about the worker are gone from every byte."""
    erase(path, WORKER, capsys)
    found = contents(path)

    assert [trace for trace in (WORKER, *SECRETS) if trace.encode() in found] == []


def test_sessions_end(tmp_path, capsys):
    """Sessions and invitations of the worker are gone from the file; those of others stay."""
    path = tmp_path / "state.sqlite"
    with MTurkServer(state=path) as server:
        links = [server.invite(each).removeprefix(server.url) for each in (WORKER, OTHER)]
    erase(path, WORKER, capsys)
    with MTurkServer(state=path) as server:
        assert [send(server, "GET", link).status for link in links] == [404, 200]


def test_what_was_done_stays(path, tmp_path, capsys):
    """Counts, money, statuses and scores are the same as before, under another ID."""
    before = snapshot(path, tmp_path / "before.json")
    erase(path, WORKER, capsys)
    after = snapshot(path, tmp_path / "after.json")
    [worker] = after["workers"]
    [old], [new] = before["accounts"], after["accounts"]

    assert worker["id"] == NEW
    assert "country" not in worker or worker["country"] == "US"
    assert (old["balance"], old["spent"]) == (new["balance"], new["spent"])
    for hit, same in zip(old["hits"], new["hits"], strict=True):
        for done, kept in zip(hit.get("assignments", []), same.get("assignments", []), strict=True):
            assert kept["worker_id"] == NEW
            assert (kept["id"], kept["status"], kept["submit_time"]) == (
                done["id"],
                done["status"],
                done["submit_time"],
            )
            assert kept.get("score") == done.get("score")


def test_output(path, capsys):
    """The command says what the worker is called now, and what it does not reach."""
    status, out, _ = erase(path, WORKER, capsys)

    assert status == 0
    assert out == (
        f"{WORKER} is now {NEW} in {path}; 19 records are erased, and a replay ends before them. "
        "Copies and backups of the file are as they were\n"
    )


def test_other_workers_stay(path, tmp_path, capsys):
    """Erasing one worker changes nothing of another one; a second one gets another new ID."""
    with MTurkServer(state=path) as server:
        live(server, OTHER)
    erase(path, WORKER, capsys)
    with MTurkServer(state=path) as server:
        other = server.mturk.worker(OTHER)
        answers = [each.answer for each in other.assignments]
        assert "my answer" in answers[0]
        assert other.country == "DE"
    erase(path, OTHER, capsys)
    state = snapshot(path, tmp_path / "after.json")

    assert [each["id"] for each in state["workers"]] == [NEW, "AERASED0000002"]


def test_server_goes_on(path, capsys):
    """The next server starts from the state without the worker, and works."""
    erase(path, WORKER, capsys)
    with MTurkServer(state=path) as server:
        work(server.mturk, publish(server.client()))
        assert server.mturk.worker(NEW).earnings == 2
        assert server.client().list_worker_blocks()["WorkerBlocks"][0]["WorkerId"] == NEW
    with MTurkServer(state=path) as server:
        assert server.mturk.assignments[-1].status == "Submitted"


def test_replay_ends_before_the_erased_records(path, capsys):
    """A replay from the first record names the one at which it ends."""
    erase(path, WORKER, capsys)

    assert main(["replay", str(path)]) == 2
    written = capsys.readouterr()
    assert len(written.out.splitlines()) == 2
    assert written.err == (
        f"mturk-mock replay: {path}: entry 3 is of a worker who was erased: neither it nor what "
        "follows can be made again. The server itself starts from a later checkpoint\n"
    )


def test_worker_of_a_refused_call(path, capsys):
    """A worker that is named in a record only is erased too."""
    with MTurkServer(state=path) as server:
        server.client().notify_workers(Subject="s", MessageText="t", WorkerIds=["A3NAMED"])
    status, *_ = erase(path, "A3NAMED", capsys)

    assert status == 0
    assert b"A3NAMED" not in contents(path)


@pytest.mark.parametrize(
    ("worker_id", "problem"),
    [
        ("A9NOBODY", "{path} has no worker A9NOBODY"),
        ("nobody", "a worker ID is an A, then capital letters and digits, not 'nobody'"),
    ],
)
def test_unknown_worker(path, capsys, worker_id, problem):
    """A worker that is not there, and what cannot be a worker."""
    error = f"mturk-mock erase-worker: {problem.format(path=path)}\n"

    assert erase(path, worker_id, capsys) == (2, "", error)


def test_file_in_use(path, capsys):
    """A running server must be stopped first."""
    with MTurkServer(state=path):
        status, _, error = erase(path, WORKER, capsys)

    assert (status, "is in use by another server" in error) == (2, True)
