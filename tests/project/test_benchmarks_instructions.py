"""The check of instruction counts, without counting any."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks import counted, instructions
from benchmarks.events import due_tomorrow
from mturk_mock.interception import active
from mturk_mock.interception import botocore_send as interception


def test_instructions_of_a_call_are_what_many_took_more_than_few(tmp_path):
    """So what comes before the calls does not count; the ratio is that of the two sides."""
    for process, count in {1: 1_000, 2: 5_000, 3: 100, 4: 2_100}.items():
        (tmp_path / str(process)).write_text(f"events: Ir\nsummary: {count}\n")
    (tmp_path / "call.json").write_text(json.dumps({"ours": [1, 2], "floor": [3, 4]}))
    assert instructions.slope(tmp_path, [1, 2]) == 4_000 / (counted.MANY - counted.FEW)
    assert instructions.ratio(tmp_path, "call") == 2


def test_a_call_that_costs_more_is_named():
    """With both figures, and how to write the file anew; 2 % more are allowed."""
    written = {"versions": instructions.versions(), "ratios": {"get_hit": 1.0, "refusal": 1.0}}
    assert instructions.complaints({"get_hit": 1.03, "refusal": 1.02}, written) == [
        "get_hit costs 1.030 times its floor, and 1.000 is written down in instructions.json: "
        "more than 2% over it. If that is meant to be, write the file anew by "
        "`python -m benchmarks.instructions --write`"
    ]


def test_ratios_of_another_botocore_are_not_compared():
    """The floor is botocore's own work."""
    written = {"versions": {"python": "3.11", "botocore": "1.0"}, "ratios": {"get_hit": 1.0}}
    (complaint,) = instructions.complaints({"get_hit": 9.0}, written)
    assert "were counted with {'python': '3.11', 'botocore': '1.0'}" in complaint


@pytest.fixture
def counts(monkeypatch, tmp_path):
    """Have valgrind, as it were, and a file of our own."""
    ratios = dict.fromkeys(counted.COUNTED, 0.5)
    monkeypatch.setattr(instructions.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(instructions, "count", lambda: ratios)
    monkeypatch.setattr(instructions, "FILE", tmp_path / "instructions.json")
    return ratios


def test_ratios_that_were_written_are_met(counts, capsys):
    """Until one of them grows."""
    assert instructions.main(["--write"]) == 0
    assert instructions.main([]) == 0
    counts["refusal"] = 0.6
    assert instructions.main([]) == 1
    assert "refusal costs 0.600 times its floor" in capsys.readouterr().err


def test_valgrind_that_is_missing_is_said(monkeypatch, capsys):
    """And how to get it."""
    monkeypatch.setattr(instructions.shutil, "which", lambda name: None)
    assert instructions.main([]) == 1
    assert "valgrind is missing" in capsys.readouterr().err


def test_the_file_has_every_call_that_is_counted():
    """Written with the Python and the botocore that it names."""
    written = json.loads(instructions.FILE.read_text())
    assert written["ratios"].keys() == counted.COUNTED.keys()
    assert written["versions"].keys() == instructions.versions().keys()


def test_instructions_are_counted_in_processes_of_their_own(monkeypatch, tmp_path):
    """Four for each call: here without valgrind, by a stand-in that writes what it would."""
    monkeypatch.setattr(instructions, "CACHEGRIND", (sys.executable, "-c", STAND_IN))
    assert instructions.count() == dict.fromkeys(counted.COUNTED, 1.0)


#: Takes the place of valgrind: runs the program, and writes counts for its processes.
STAND_IN = f"""
import json, pathlib, subprocess, sys
subprocess.run(sys.argv[2:], check=True)
folder = pathlib.Path(sys.argv[-1])
for path in list(folder.glob("*.json")):
    for few, many in json.loads(path.read_text()).values():
        (folder / str(few)).write_text("summary: {counted.FEW}")
        (folder / str(many)).write_text("summary: {counted.MANY}")
"""


def test_what_is_counted_runs_as_often_as_is_asked_for():
    """In the mock, which stays on as long as its process, and by canned bytes."""
    made = []

    def prepare(client):
        client.get_account_balance()
        return lambda: made.append(client.get_account_balance()["AvailableBalance"])

    counted.canned(prepare)()(2)
    counted.in_the_mock(prepare)()(3)
    interception.stop(active.innermost())
    assert made[1:] == ["10000.00"] * 5  # the first one made the bytes


def test_auto_approvals_are_counted_one_by_one(monkeypatch):
    """Those that are not asked for are still to come."""
    mturk = due_tomorrow(counted.MANY)
    monkeypatch.setattr(counted, "due_tomorrow", lambda count: mturk)
    counted.auto_approvals()(3)
    assert [each.status for each in mturk.assignments].count("Approved") == 3


def test_what_cannot_be_counted_says_why(capsys):
    """The process that fails prints it, and its status tells the one that it came from."""

    def start():
        raise ValueError("no such HIT")

    assert counted.succeeds(start, 1) == 1
    assert "ValueError: no such HIT" in capsys.readouterr().err
