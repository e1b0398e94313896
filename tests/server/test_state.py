"""MTurkServer(state=FILE): what a file keeps, and that its records make the same state again."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from mturk_mock import MTurkError, Snapshot, mock_mturk
from mturk_mock.__main__ import main
from mturk_mock.backend.backend import Backend
from mturk_mock.backend.delivery import Delivery
from mturk_mock.server import MTurkServer, app, journal
from mturk_mock.server.state_file import Entry, StateFile
from tests.clients import KEYS
from tests.helpers import DAY, NOW, accept, create_hit, create_hit_type, publish, refusal, work
from tests.notices import QUEUE_URL, specification
from tests.qualify import EXAMINED, KEY, create_type
from tests.servers import send
from tests.worlds import UPLOAD, World, random_steps


@pytest.fixture
def path(tmp_path):
    """The path of a state file that does not exist yet."""
    return tmp_path / "state.sqlite"


def saved(server, path):
    """Return the snapshot of a server, as JSON."""
    server.mturk.snapshot().save(path)
    return json.loads(path.read_text())


def replayed(path, capsys):
    """Return the snapshot that `mturk-mock replay` makes from the first record on, as JSON."""
    target = path.with_suffix(".replayed.json")
    assert main(["replay", str(path), "--snapshot", str(target)]) == 0, capsys.readouterr().err
    return json.loads(target.read_text())


def entries(path):
    """Return the numbers and kinds of the entries in a file that no server uses."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT n, kind FROM journal ORDER BY n").fetchall()


# What is kept -----------------------------------------------------------------------------


def submit_a_file(server):
    hit_id = publish(server.client(), Question=UPLOAD)
    server.mturk.worker().accept(hit_id).submit({"q1": b"\x00\xff"})


def submit_a_file_of_any_name(server):
    upload = UPLOAD.replace(">q1<", ">sha256<")
    hit_id = publish(server.client(), Question=upload)
    server.mturk.worker().accept(hit_id).submit({"sha256": b"file"})


def submit_a_form(server):
    assignment = accept(server.mturk, publish(server.client()))[0]
    form = f"assignmentId={assignment.id}&q1=%C3%B6"
    send(
        server,
        "POST",
        "/mturk/externalSubmit",
        form,
        Content_Type="application/x-www-form-urlencoded",
    )


def take_a_test(server):
    type_id = create_type(server.client(), **EXAMINED, AnswerKey=KEY)["QualificationTypeId"]
    request = server.mturk.worker().request_qualification(type_id)
    request.submit({"q1": ["a"], "q2": ["b"]})
    server.mturk.worker().request_qualification(type_id, {"q1": ["a"], "q2": ["b"]})


def set_traits(server):
    worker = server.mturk.worker("A1FIRST", country="DE", masters=True)
    worker.subdivision = "BE"
    server.mturk.worker("A1FIRST")


def choose_ids(server):
    server.mturk.next_id("HIT", "3CHOSEN")
    layout = server.mturk.add_layout("<p>no placeholder</p>")
    create_hit(server.client(), HITLayoutId=layout, Question=None)


def move_the_clock(server):
    publish(server.client(), LifetimeInSeconds=60)
    server.mturk.clock.advance(minutes=2)
    server.mturk.clock.rate = 60
    server.mturk.clock.rate = 0
    publish(server.client(), LifetimeInSeconds=60)
    server.mturk.clock.advance_until(lambda: server.mturk.hits[1].status == "Reviewable")


def let_a_crowd_work(server):
    publish(server.client(), MaxAssignments=5, AssignmentDurationInSeconds=60)
    server.mturk.crowd(4, seed=1, returns=0.2, abandons=0.2).finish(days=3)


def send_notifications(server):
    client = server.client()
    type_id = create_hit_type(client)
    for transport, destination in (("Email", "a@example.com"), ("SQS", QUEUE_URL)):
        setting = specification(transport=transport, destination=destination)
        client.update_notification_settings(HITTypeId=type_id, Notification=setting)
        client.create_hit_with_hit_type(
            HITTypeId=type_id, LifetimeInSeconds=60, Question=UPLOAD, MaxAssignments=1
        )
        client.notify_workers(Subject="s", MessageText="t", WorkerIds=["A1FIRST"])
        server.mturk.clock.advance(minutes=2)


def place_things(server):
    hit = server.mturk.add_hit(title="placed")
    server.mturk.add_assignment(hit, worker="A1FIRST", status="Approved")
    server.mturk.add_hit_type(title="a type")
    server.mturk.add_qualification_type(grants={"A1FIRST": 3})


def restore_and_reset(server):
    before = server.mturk.snapshot()
    publish(server.client())
    server.mturk.reset()
    server.mturk.restore(before)
    publish(server.client())


def extend_by_the_old_api(server):
    hit_id = publish(server.client())
    query = (
        f"Service=AWSMechanicalTurkRequester&AWSAccessKeyId=A&Version=2008-04-01&"
        f"Operation=ExtendHIT&Signature=x&Timestamp=2026-01-01T00:00:00Z&HITId={hit_id}&"
        "MaxAssignmentsIncrement=2"
    )
    assert b"<IsValid>True</IsValid>" in send(server, "GET", f"/?{query}").body


def read_as_a_new_requester(server):
    server.mturk.requester("new").client().get_account_balance()
    server.mturk.requester("other").client().list_hits()


def fail_after_the_operation(server):
    server.mturk.fail("CreateHIT", when="after")
    client = server.mturk.client()
    client.meta.events.register("needs-retry.mturk.CreateHIT", lambda **event: None)
    publish(client)


ACTS = [
    submit_a_file,
    submit_a_file_of_any_name,
    submit_a_form,
    take_a_test,
    set_traits,
    choose_ids,
    move_the_clock,
    let_a_crowd_work,
    send_notifications,
    place_things,
    restore_and_reset,
    extend_by_the_old_api,
    read_as_a_new_requester,
    fail_after_the_operation,
    lambda server: publish(server.client(sandbox=True)),
    lambda server: accept(server.mturk, publish(server.client()))[0].return_hit(),
    lambda server: setattr(server.mturk.requester("lab"), "balance", "7.50"),
    lambda server: refusal(server.client().approve_assignment, AssignmentId="3NONE"),
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("<>"))
def test_state_is_kept_and_made_again(act, path, tmp_path, capsys):
    """The next server has the same state, and so has a replay from the first record on."""
    with MTurkServer(state=path, now=NOW) as server:
        act(server)
        before = saved(server, tmp_path / "before.json")
    with MTurkServer(state=path) as server:
        after = saved(server, tmp_path / "after.json")

    assert before == after
    assert replayed(path, capsys) == before


@pytest.mark.parametrize("seed", range(4))
def test_random_campaign_is_made_again(seed, path, tmp_path, capsys):
    """Whatever happens, in any order and in two runs of the server."""
    for half in range(2):
        with MTurkServer(state=path, now=NOW) as server:
            others = [server.mturk.requester("other").client(), server.client(sandbox=True)]
            world = World(server.mturk, [server.client(), *others])
            for step in random_steps(f"{seed} {half}", 60):
                world.do(step)
            before = saved(server, tmp_path / "before.json")

    assert replayed(path, capsys) == before


def test_records_follow_the_checkpoint(path, tmp_path, monkeypatch):
    """A server that was killed has no last checkpoint: the next one makes its changes again."""
    monkeypatch.setattr(journal.Journal, "write_checkpoint", lambda self: 1 / 0)
    monkeypatch.setattr(journal, "QUICK", 0)
    with MTurkServer(state=path, now=NOW) as server:
        work(server.mturk, publish(server.client()))
        before = saved(server, tmp_path / "before.json")
    with MTurkServer(state=path) as server:
        assert saved(server, tmp_path / "after.json") == before


def test_time_passes_while_no_server_runs(path, monkeypatch):
    """What falls due meanwhile happens at its own time when the next server starts."""
    with MTurkServer(state=path) as server:
        hit_id = publish(server.client(), AssignmentDurationInSeconds=60)
        deadline = accept(server.mturk, hit_id)[0].deadline
    later = deadline.timestamp() + 3600
    monkeypatch.setattr("mturk_mock.core.clock.time.time", lambda: later)
    with MTurkServer(state=path) as server:
        assert server.mturk.assignments[0].status == "Abandoned"
        assert server.mturk.clock.now - deadline >= timedelta(hours=1)


def test_time_never_goes_back(path, monkeypatch):
    """A machine whose clock was set back does not change what has happened."""
    with MTurkServer(state=path) as server:
        created = server.mturk.hit(publish(server.client())).creation_time
    monkeypatch.setattr("mturk_mock.core.clock.time.time", lambda: 1_000_000_000.0)
    with MTurkServer(state=path) as server:
        assert server.mturk.clock.now >= created
        publish(server.client())
        assert server.mturk.hits[1].creation_time >= created


def test_clock_goes_on_at_its_rate(path):
    """The rate, too, is kept."""
    with MTurkServer(state=path) as server:
        server.mturk.clock.rate = 60
    with MTurkServer(state=path) as server:
        assert server.mturk.clock.rate == 60


def test_settings_of_each_run_hold_for_its_records(path, capsys):
    """A record is made again with the settings of the server that made it."""
    with MTurkServer(state=path, now=NOW, unknown_workers="refuse") as server:
        code = refusal(server.client().create_worker_block, WorkerId="A1NEW", Reason="r").code
    with MTurkServer(state=path) as server:
        server.client().create_worker_block(WorkerId="A1NEW", Reason="r")

    assert code == "ParameterValidationError"
    assert len(replayed(path, capsys)["accounts"][0]["blocks"]) == 1


def test_outcome_of_a_delivery_is_kept(path):
    """A notification is not delivered again, and its outcome is the same after a replay."""
    with MTurkServer(state=path, now=NOW) as server:
        send_notifications(server)
        before = [(each.delivered, each.reason) for each in server.mturk.notifications]
    with MTurkServer(state=path) as server:
        after = [(each.delivered, each.reason) for each in server.mturk.notifications]

    assert before == after
    assert {delivered for delivered, _ in before} == {True, False}


@pytest.mark.parametrize("what", ["another", "reset"])
def test_outcome_after_a_change_during_the_delivery(path, monkeypatch, capsys, what):
    """Whatever happens while a notification is delivered, the records can be made again."""
    with MTurkServer(state=path, now=NOW) as server:
        client = server.client()
        type_id = create_hit_type(client)
        setting = specification(transport="SQS", destination=QUEUE_URL)
        client.update_notification_settings(HITTypeId=type_id, Notification=setting)
        acts = [
            server.mturk.reset
            if what == "reset"
            else lambda: server.mturk.worker().accept(server.mturk.hits[0])
        ]
        monkeypatch.setattr(Delivery, "_send", lambda *args: acts and acts.pop()())
        client.create_hit_with_hit_type(
            HITTypeId=type_id, LifetimeInSeconds=60, Question=UPLOAD, MaxAssignments=1
        )
        delivered = [each.delivered for each in server.mturk.notifications]

    assert delivered == ([] if what == "reset" else [True, True])
    assert len(replayed(path, capsys).get("notifications", [])) == len(delivered)


def test_reads_are_not_recorded(path):
    """A server that is only read from writes nothing."""
    with MTurkServer(state=path, now=NOW) as server:
        client = server.client()
        hit_id = publish(client)
        for _ in range(3):
            client.get_hit(HITId=hit_id)
            client.list_hits()
            send(server, "GET", "/readyz")
            assert server.mturk.balance
            assert server.mturk.requester("nobody").spent.rewards == 0
    assert entries(path) == [(1, "start"), (2, "call")]


def test_balance_of_nobody_creates_no_account(path):
    """Reading the balance or the payments of a requester changes nothing."""
    with mock_mturk() as mturk:
        before = mturk.snapshot()
        assert mturk.requester("nobody").balance == 10000
        mturk.snapshot().save(path)

    before.save(path.with_suffix(".before"))
    assert path.read_text() == path.with_suffix(".before").read_text()


def test_handles_are_valid_after_a_restart(path):
    """IDs go on where they were, and never come again."""
    with MTurkServer(state=path, seed=1) as server:
        first = publish(server.client())
    with MTurkServer(state=path, seed=1) as server:
        second = publish(server.client())
        assert server.mturk.hit(first).status == "Assignable"

    assert first != second


def test_isolated_is_refused(path):
    """A state that is given up again cannot be recorded."""
    with (
        MTurkServer(state=path) as server,
        pytest.raises(RuntimeError) as refused,
        server.mturk.isolated(),
    ):
        pass

    assert str(refused.value) == (
        "isolated() is not possible on a server with a state file, which records every change: "
        "use a server without one"
    )


def test_ids_do_not_follow_the_seed_of_a_snapshot(path, tmp_path):
    """Whoever has the snapshot cannot guess the IDs of a server that starts from it."""
    with mock_mturk(seed=1) as mturk:
        publish(boto3.client("mturk", region_name="us-east-1", **KEYS))
        mturk.snapshot().save(tmp_path / "seed.json")
        guess = publish(boto3.client("mturk", region_name="us-east-1", **KEYS))
    snapshot = Snapshot.load(tmp_path / "seed.json")
    with MTurkServer(seed_data=snapshot) as server:
        assert len(server.mturk.hits) == 1
        assert publish(server.client()) != guess
        assert server.mturk.seed > 2**64
    with MTurkServer(seed_data=snapshot, state=path) as server:
        publish(server.client())
    with MTurkServer(seed_data=snapshot, state=path) as server:
        assert len(server.mturk.hits) == 2  # a file with a state keeps it


# Checkpoints and copies -------------------------------------------------------------------


def checkpoints(path):
    """Return the numbers of the entries that have a checkpoint."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT n FROM checkpoint ORDER BY n").fetchall()
    return [n for (n,) in rows]


def test_checkpoints_are_written_while_the_server_runs(path, monkeypatch):
    """The first and the two latest are kept."""
    monkeypatch.setattr(journal, "CHECKPOINT_EVERY", 3)
    with MTurkServer(state=path) as server:
        kept = server._journal
        for _ in range(4):
            publish(server.client())
            kept.write_checkpoint()
    assert checkpoints(path) == [0, 5] or checkpoints(path)[-1] == 5
    assert len(checkpoints(path)) == 3


def test_checkpoint_is_due_after_many_entries(path, monkeypatch):
    """A thread of its own writes it."""
    monkeypatch.setattr(journal, "CHECKPOINT_EVERY", 3)
    monkeypatch.setattr(journal, "QUICK", 0)
    with MTurkServer(state=path) as server:
        publish(server.client())
        publish(server.client())
        for _ in range(200):
            if 3 in checkpoints_of(server):
                break
            server.client().get_account_balance()
        assert 3 in checkpoints_of(server)


def checkpoints_of(server):
    """Return the numbers of the entries that have a checkpoint, of a server that runs."""
    rows = server._journal.file._connection.execute("SELECT n FROM checkpoint").fetchall()
    return [n for (n,) in rows]


def test_forget_drops_the_records(path, tmp_path, capsys):
    """With `forget`, the records before a checkpoint are dropped, and a replay begins there."""
    with MTurkServer(state=path, forget=True, now=NOW) as server:
        submit_a_file(server)
        before = saved(server, tmp_path / "before.json")
    assert entries(path) == []
    assert replayed(path, capsys) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM blob").fetchone() == (0,)
    with MTurkServer(state=path) as server:
        assert saved(server, tmp_path / "after.json") == before


def test_backup_is_a_state_file(path, tmp_path):
    """A copy of the file of a running server is a file from which another server starts."""
    with MTurkServer(state=path, now=NOW) as server:
        publish(server.client())
        copy = server._journal.back_up()
        publish(server.client())
    with MTurkServer(state=copy) as server:
        assert len(server.mturk.hits) == 1

    assert copy.parent == path.parent
    assert copy.name.startswith("state.sqlite.backup-")


# Files that cannot be used ----------------------------------------------------------------


def message(path):
    """Return the message of the ValueError that a start with this file raises."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        MTurkServer(state=path).start()
    return str(refused.value)


def test_second_server_is_refused(path):
    """Two servers cannot use one file."""
    with MTurkServer(state=path):
        assert message(path) == (
            f"{path} is in use by another server or program: end it first, or name another state "
            "file"
        )
    with MTurkServer(state=path):  # free again
        pass


@pytest.mark.parametrize("content", [b"text, and more than 16 bytes", b"{}"])
def test_other_file_is_refused(path, content):
    """A file of another kind is not touched."""
    path.write_bytes(content)

    assert message(path) == (
        f"{path} is not a state file of mturk_mock: name another file, or a new one"
    )
    assert path.read_bytes() == content


def test_database_of_another_program_is_refused(path):
    """Nor is another program's database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")

    assert message(path) == (
        f"{path} is not a state file of mturk_mock: name another file, or a new one"
    )


def change(path, *statements):
    """Run SQL statements on a file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def written(path):
    """A file with a few records."""
    with MTurkServer(state=path, now=NOW) as server:
        work(server.mturk, publish(server.client()))
    return path


@pytest.mark.parametrize("newer", ["PRAGMA user_version = 2", "UPDATE checkpoint SET format = 2"])
def test_newer_file_is_refused(written, newer):
    """A file of a newer format is not read by guesses."""
    change(written, newer)

    assert message(written) == (
        f"{written} was written by a newer version of mturk_mock (format 2, and this version reads "
        "1): use that version, or name another state file"
    )


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("DELETE FROM checkpoint", "it has no checkpoint"),
        ("UPDATE checkpoint SET body = x'00'", "a checkpoint is changed"),
    ],
)
def test_damaged_file_is_refused(written, damage, problem):
    """Damage is named."""
    change(written, damage)

    assert message(written) == f"{written} is damaged: {problem}. Restore it from a backup"


def test_checkpoint_that_cannot_be_read(written):
    """A checkpoint of a version with another model is refused, and the version is named."""
    change(
        written,
        "UPDATE checkpoint SET body = x'00', version = '9.9', "
        "sha256 = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'",
    )

    assert message(written).startswith(
        f"{written}: a checkpoint, written by mturk_mock 9.9, cannot be read: "
    )


def test_differing_replay_is_refused(written, capsys):
    """A record whose outcome is another one now is named, with the version that wrote it."""
    change(written, "UPDATE journal SET digest = 'x' WHERE n = 2", "DELETE FROM checkpoint WHERE n")
    text = (
        f"{written}: entry 2 (call by default, 2026-01-01 00:00:00 UTC) had another outcome when "
        "it was made by mturk_mock 0.1.0. Run the server of that version once, which writes a "
        "checkpoint when it is stopped, or restore a backup"
    )

    assert message(written) == text
    assert main(["replay", str(written)]) == 2
    assert capsys.readouterr().err == f"mturk-mock replay: {text}\n"


def test_record_that_cannot_be_made_again(written):
    """So is one that raises an error."""
    body = "json_set(body, '$.hit', '3NONE')"
    change(
        written,
        f"UPDATE journal SET body = {body} WHERE kind = 'accept'",
        "DELETE FROM checkpoint WHERE n",
    )

    assert "(MTurkError: Hit 3NONE does not exist. [AWS.MechanicalTurk.HITDoesNotExist])" in (
        message(written)
    )


def test_lost_file_of_an_answer(path):
    """An uploaded file that is missing is named by its digest."""
    with MTurkServer(state=path, now=NOW) as server:
        submit_a_file(server)
    change(path, "DELETE FROM blob", "DELETE FROM checkpoint WHERE n")

    assert message(path) == (
        f"{path} is damaged: the file 06eb7d6a69ee is lost. Restore it from a backup"
    )


@pytest.mark.parametrize("name", ["", "missing/state.sqlite"])
def test_path_that_cannot_be_a_file(tmp_path, name):
    """A folder, and a file in no folder."""
    path = tmp_path / name

    assert message(path) == f"{path} cannot be a file: name one in a folder that exists"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_file_is_for_its_owner(path):
    """Answers are personal data: no other user can read a new file, or a copy."""
    with MTurkServer(state=path) as server:
        copy = server._journal.back_up()
        logged = path.with_name(f"{path.name}-wal")

        assert {each.stat().st_mode & 0o777 for each in (path, copy, logged)} == {0o600}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_file_that_cannot_be_opened(path):
    """The reason is that of the system."""
    path.symlink_to(path)

    assert message(path) == f"{path} cannot be opened: Too many levels of symbolic links"


def test_file_of_a_failed_start_is_free(written):
    """A start that fails leaves the file and the port free."""
    change(written, "PRAGMA user_version = 2")
    message(written)

    assert "newer" in message(written)


def test_copy_does_not_overwrite(written, tmp_path):
    """A file that is there is not overwritten by a copy."""
    file = StateFile(written)
    (tmp_path / "there").write_text("mine")
    with pytest.raises(FileExistsError):
        file.copy_to(tmp_path / "there")
    file.release()

    assert (tmp_path / "there").read_text() == "mine"


# Errors of the disk -----------------------------------------------------------------------


def test_disk_error_is_503(path, monkeypatch, caplog):
    """Nothing is changed by a call that cannot be written, and the server goes on afterwards."""
    with MTurkServer(state=path, now=NOW) as server:
        kept = publish(server.client())
        monkeypatch.setattr(StateFile, "add_entries", fail)
        monkeypatch.setattr(StateFile, "reopen", fail)
        client = server.mturk.client(config=boto3.session.Config(retries={"max_attempts": 0}))
        with pytest.raises(ClientError) as lost:
            publish(client)
        ready = send(server, "GET", "/readyz")
        with pytest.raises(ClientError):
            client.get_account_balance()  # nobody sees what may be lost
        monkeypatch.undo()
        assert [hit.id for hit in server.mturk.hits] == [kept]
        publish(client)

    assert lost.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert lost.value.response["Error"] == {
        "Code": "ServiceUnavailable",
        "Message": "The state file cannot be written, so nothing is changed: disk I/O error. "
        "Try again later.",
    }
    assert ready.status == 503
    assert f"the state file {path} cannot be written: disk I/O error" in caplog.text
    assert f"the state file {path} can be written again" in caplog.text
    with MTurkServer(state=path) as server:
        assert len(server.mturk.hits) == 2


def fail(*args):
    raise sqlite3.OperationalError("disk I/O error")


def test_change_made_in_part_is_undone(path, monkeypatch):
    """After a bug within a change, the state is that of the file."""
    with MTurkServer(state=path, now=NOW) as server:
        hit_id = publish(server.client())
        worker = server.mturk.worker()
        monkeypatch.setattr("mturk_mock.model.hit_life.refresh_status", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            worker.accept(hit_id)
        monkeypatch.undo()
        assert server.mturk.hit(hit_id).available == 1
        assert not server.mturk.assignments
        worker.accept(hit_id)


def test_call_made_in_part_is_undone(path, monkeypatch):
    """So it is after a bug within an operation."""
    with MTurkServer(state=path, now=NOW) as server:
        client = server.mturk.client(config=boto3.session.Config(retries={"max_attempts": 0}))
        monkeypatch.setattr("mturk_mock.model.account.Account.announce", lambda *args: 1 / 0)
        with pytest.raises(ClientError) as failed:
            publish(client)
        monkeypatch.undo()
        assert failed.value.response["Error"]["Code"] == "InternalFailure"
        assert not server.mturk.hits
        assert server.mturk.balance == 10000


def test_checkpoint_that_fails_is_tried_again(path, monkeypatch, caplog):
    """The records are there, so nothing is lost."""
    monkeypatch.setattr(journal, "CHECKPOINT_EVERY", 2)
    monkeypatch.setattr(journal, "LATER", 0.01)
    monkeypatch.setattr(StateFile, "add_checkpoint", once_failing(StateFile.add_checkpoint))
    with MTurkServer(state=path, now=NOW) as server:
        publish(server.client())
        for _ in range(1000):
            if 2 in checkpoints_of(server):
                break
            server.client().get_account_balance()
        assert 2 in checkpoints_of(server)

    assert "no checkpoint can be written now: disk I/O error" in caplog.text


def once_failing(add):
    """Return a function that fails at its second call: the first one is for a new file."""
    calls = []

    def add_or_fail(*args):
        calls.append(args)
        if len(calls) == 2:
            fail()
        return add(*args)

    return add_or_fail


def test_events_that_are_due_wait_for_the_disk(path, monkeypatch, caplog):
    """While the disk fails, the server looks again and again, and says so once."""
    settled = threading.Event()
    settle = Backend.settle

    def settle_noting(backend):
        try:
            settle(backend)
        except MTurkError:
            settled.set()
            raise

    monkeypatch.setattr(app, "TICK", 0.01)
    monkeypatch.setattr(Backend, "settle", settle_noting)
    with MTurkServer(state=path) as server:
        with monkeypatch.context() as broken:
            broken.setattr(StateFile, "add_entries", fail)
            broken.setattr(StateFile, "reopen", fail)
            with pytest.raises(MTurkError):
                server.mturk.worker("A1NEW")
            assert settled.wait(60)
        server.mturk.worker("A2NEW")

    assert "an event that was due has failed" not in caplog.text
    assert caplog.text.count("cannot be written: disk I/O error") == 1


def test_entries_are_written_all_or_none(written):
    """If one of them cannot be written, none is there, and the file goes on."""
    file = StateFile(written)
    last = file.last
    good = Entry(last + 1, 0, 0, "trait", "A1NEW", {}, "")
    with pytest.raises(TypeError):
        file.add_entries([good, good._replace(n=last + 2, body={"value": object()})])
    assert file.last == last
    file.add_entries([good])
    assert file.last == last + 1
    file.release()


def test_broken_database(written):
    """What SQLite says of a file is told as it is."""
    content = bytearray(written.read_bytes())
    content[100:4096] = bytes(3996)
    written.write_bytes(content)

    assert message(written) == f"{written} cannot be used: database disk image is malformed"


def test_callback_during_a_disk_error(path, monkeypatch):
    """A function of a crowd cannot see the state that is lost; the clock's call has the error."""
    with MTurkServer(state=path, now=NOW) as server:
        publish(server.client(), LifetimeInSeconds=DAY)

        def answer(hit, worker):
            monkeypatch.setattr(StateFile, "add_entries", fail)
            with pytest.raises(MTurkError):
                server.mturk.worker("A1NEW")
            with pytest.raises(MTurkError):
                server.mturk.worker("A2NEW")
            return {}

        server.mturk.crowd(1, answer=answer, seed=1)
        with pytest.raises(MTurkError):
            server.mturk.clock.advance(days=2)
        monkeypatch.undo()
        assert "A1NEW" not in {worker.id for worker in server.mturk.workers}
        assert {each.status for each in server.mturk.assignments} <= {"Accepted"}
