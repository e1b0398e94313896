"""`mturk-mock replay FILE`: the recorded campaign as text, and its state at a moment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from mturk_mock.__main__ import main
from mturk_mock.server import MTurkServer
from tests.helpers import DAY, NOW, publish
from tests.qualify import EXAMINED, create_type
from tests.servers import send


@pytest.fixture
def path(tmp_path):
    """A file in which a campaign is recorded."""
    path = tmp_path / "state.sqlite"
    with MTurkServer(state=path, now=NOW, seed=1) as server:
        mturk, client = server.mturk, server.client()
        hit_id = publish(client, MaxAssignments=2, LifetimeInSeconds=DAY)
        worker = mturk.worker("A1FIRST", country="DE")
        worker.masters = True
        worker.accept(hit_id).return_hit()
        mturk.clock.advance(hours=1)
        assignment = worker.accept(hit_id).submit({})
        mturk.clock.advance(hours=1)
        client.approve_assignment(AssignmentId=assignment.id, RequesterFeedback="xxx")
        mturk.requester("lab").client(sandbox=True).get_account_balance()
        with pytest.raises(client.exceptions.RequestError):
            client.approve_assignment(AssignmentId=assignment.id)
        type_id = create_type(client, **EXAMINED)["QualificationTypeId"]
        worker.request_qualification(type_id).submit({"q1": ["a"], "q2": ["b"]})
        mturk.balance = 7
        mturk.next_id("HITLayout", "3LAYOUT")
        mturk.add_layout("<p></p>")
        mturk.crowd(2)
        query = (
            "Service=AWSMechanicalTurkRequester&AWSAccessKeyId=A&Operation=ExtendHIT&Signature=x&"
            f"Timestamp=2026-01-01T00:00:00Z&HITId={hit_id}&MaxAssignmentsIncrement=2"
        )
        send(server, "GET", f"/?{query}")
        mturk.add_hit_type()
    return path


def printed(path, capsys, *options):
    """Return the lines that the command prints."""
    assert main(["replay", str(path), *options]) == 0
    return capsys.readouterr().out.splitlines()


ID = re.compile(r"\b3[A-Z0-9]{29}\b")

LINES = """\
00:00:00      1 - mturk_mock 0.1.0 starts
00:00:00      2 default calls CreateHIT(...)
00:00:00      3 A1FIRST worker A1FIRST, added or changed
00:00:00      4 A1FIRST masters is now True
00:00:00      5 A1FIRST accepts HIT ID as assignment ID
00:00:00      6 A1FIRST returns assignment ID
01:00:00      7 - the clock was moved
01:00:00      8 A1FIRST accepts HIT ID as assignment ID
01:00:00      9 A1FIRST submits assignment ID
02:00:00     10 - the clock was moved
02:00:00     11 default calls ApproveAssignment(AssignmentId='ID', RequesterFeedback='xxx')
02:00:00     12 lab calls GetAccountBalance() in the sandbox
02:00:00     13 default calls ApproveAssignment(AssignmentId='ID') -> \
AWS.MechanicalTurk.InvalidAssignmentState: This operation can be called with a status of: Submitted
02:00:00     14 default calls CreateQualificationType(...)
02:00:00     15 A1FIRST requests qualification ID: ID Open
02:00:00     16 A1FIRST submits the test of request ID: Submitted
02:00:00     17 default balance is now $7
02:00:00     18 - the next ID of a HITLayout is to be 3LAYOUT
02:00:00     19 - a layout, 3LAYOUT
02:00:00     20 - a crowd of 2 workers
02:00:00     21 default calls ExtendHIT(...)
02:00:00     22 - the state was replaced
22 changes, made again with the outcomes that were recorded"""


def test_lines(path, capsys):
    """Each record is a line: its time, its number, who did it, and what."""
    lines = [ID.sub("ID", line).removeprefix("2026-01-01 ") for line in printed(path, capsys)]
    lines = [re.sub(r"(Create\w+|ExtendHIT)\(.*\)", r"\1(...)", line) for line in lines]

    assert lines == LINES.split("\n")


def test_until(path, capsys):
    """Records after the moment are left out."""
    lines = printed(path, capsys, "--until", "2026-01-01T01:30:00Z")

    assert lines[-1] == "9 changes, made again with the outcomes that were recorded"


@pytest.mark.parametrize(
    ("until", "status"),
    [
        ("2026-01-01T00:30:00+00:00", "Returned"),
        ("2026-01-01T01:30:00Z", "Submitted"),
        ("2026-01-03T00:00:00Z", "Approved"),
    ],
)
def test_snapshot_at_a_moment(path, tmp_path, capsys, until, status):
    """The snapshot has the state of that moment, with the events that were due by then."""
    target = tmp_path / "then.json"
    printed(path, capsys, "--until", until, "--snapshot", str(target))
    content = json.loads(target.read_text())
    hit = content["accounts"][0]["hits"][0]

    assert content["now"] == until.replace("+00:00", "Z").replace("Z", ".000000Z")
    assert hit["assignments"][-1]["status"] == status


def test_file_is_not_changed(path, capsys):
    """A replay reads only."""
    before = path.read_bytes()
    printed(path, capsys)

    assert path.read_bytes() == before


def test_hash_seed_changes_nothing(path):
    """Whatever the order of sets in the process, the outcomes are the same."""
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "mturk_mock", "replay", str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["missing.sqlite"],
            "missing.sqlite does not exist: name a state file of mturk-mock serve --state",
        ),
        (
            ["--until", "now", "x"],
            "argument --until: a time has a date, a time and a zone, such as "
            "2026-01-31T12:00:00Z, not 'now'; see mturk-mock replay --help",
        ),
        (
            ["--until", "2026-01-31T12:00", "x"],
            "argument --until: a time has a date, a time and a "
            "zone, such as 2026-01-31T12:00:00Z, not '2026-01-31T12:00'; see mturk-mock replay "
            "--help",
        ),
    ],
)
def test_wrong_options(options, message, capsys):
    """One line says what is wrong."""
    try:
        status = main(["replay", *options])
    except SystemExit as ended:
        status = ended.code

    assert (status, capsys.readouterr().err) == (2, f"mturk-mock replay: {message}\n")


def test_snapshot_that_cannot_be_written(path, tmp_path, capsys):
    """The path, and the reason."""
    target = tmp_path / "missing" / "then.json"

    assert main(["replay", str(path), "--snapshot", str(target)]) == 2
    assert capsys.readouterr().err == (
        f"mturk-mock replay: cannot write {target}: No such file or directory\n"
    )
