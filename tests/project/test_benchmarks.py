"""The benchmarks run, and their arithmetic is correct. Nothing is timed here."""

from __future__ import annotations

import json

import boto3
import pytest

from benchmarks import __main__ as command_line
from benchmarks import calls, checkpoints, imports, memory, moto, pages, report, server
from benchmarks.measure import Comparison, Result, run_rounds
from benchmarks.samples import HTML_QUESTION, new_hits
from mturk_mock import mock_mturk


def taking(*seconds):
    """Return a block whose calls take these times, one after another."""
    times = iter(seconds)
    return lambda size: next(times) * size


def compare(ours, reference, rounds=4, goal=None):
    (result,) = run_rounds([Comparison("thing", taking(*ours), taking(*reference), goal)], rounds)
    return result


# Rounds -----------------------------------------------------------------------------------


def test_ratio_is_the_median_of_the_rounds():
    """One slow round does not change the ratio."""
    result = compare([2, 2, 50, 2], [1] * 8)
    assert result == Result("thing", 2, (2, 38), None, 1, 4)


def test_row_is_void_when_the_reference_differs_from_itself():
    """A control that is off by more than 0.03 makes the row void."""
    assert compare([1] * 4, [1, 2] * 4).is_void
    assert not compare([1] * 4, [1] * 8).is_void


def test_every_comparison_runs_once_in_each_round():
    """A round has one block of the mock and two of the reference, all of the same size."""
    sizes = []
    block = lambda size: sizes.append(size) or 1.0  # noqa: E731
    run_rounds([Comparison("one", block, block), Comparison("two", block, block)], 3)
    assert len(sizes) == 18
    assert [sizes[at : at + 3] for at in range(0, 18, 3)] == [[size] * 3 for size in sizes[::3]]


# Report -----------------------------------------------------------------------------------


ROWS = [
    Result("slow", 2, (1.5, 2.5), 1.25, 0.98, 4),
    Result("noisy", 1, (0.5, 1.5), None, 1.04, 4),
    Result("weighed", 0.5, None, 1, None, 1),
]


def test_table_marks_missed_goals_and_void_rows():
    """The table has the columns row, ratio, middle half, goal, control."""
    heading, *rows, _, note = report.to_table(ROWS).splitlines()
    assert heading.split() == ["ratio", "middle", "half", "goal", "control"]
    assert [row.split() for row in rows] == [
        ["slow", "2.000", "1.500-2.500", "1.250", "missed", "0.980"],
        ["noisy", "1.000", "0.500-1.500", "1.040", "VOID"],
        ["weighed", "0.500", "1.000"],
    ]
    assert "more than 0.03" in note


def test_command_line_prints_the_table_and_writes_the_file(monkeypatch, tmp_path, capsys):
    """The file has the rows of the table, and says which of them are void."""
    monkeypatch.setattr(pages, "run", lambda rounds: ROWS[:1] * rounds)
    monkeypatch.setattr(calls, "run", lambda rounds: ROWS[1:2] * rounds)
    path = tmp_path / "results.json"
    command_line.main(["--only", "pages", "calls", "--rounds", "2", "--json", str(path)])
    found = json.loads(path.read_text())["results"]
    assert [row["name"] for row in found] == ["noisy", "noisy", "slow", "slow"]
    assert [row["void"] for row in found] == [True, True, False, False]
    assert len(capsys.readouterr().out.splitlines()) == 7


def test_each_group_has_its_own_number_of_rounds(monkeypatch):
    """A group's own number of rounds applies if --rounds is omitted."""
    asked = []
    monkeypatch.setattr(calls, "run", lambda rounds: asked.append(rounds) or ROWS)
    command_line.main(["--only", "calls"])
    assert asked == [calls.ROUNDS]


def test_one_round_is_refused(capsys):
    """The middle half needs at least two rounds."""
    with pytest.raises(SystemExit):
        command_line.parse_arguments(["--rounds", "1"])
    assert "--rounds takes 2 or more" in capsys.readouterr().err


# Rows -------------------------------------------------------------------------------------


def test_calls_are_measured():
    """Each call is measured in the mock and with canned bytes; the page of 100 HITs is full."""
    assert len(calls.run(2)) == 7
    client = calls.new_client()
    with mock_mturk():
        assert calls.list_hits(client)()["NumResults"] == 100


def test_canned_bytes_answer_outside_of_a_mock():
    """Canned bytes are the responses of the mock, errors included."""
    answers = []

    def prepare(client):
        return lambda: answers.append(client.get_account_balance()["AvailableBalance"])

    calls.with_canned_bytes(prepare)(1)
    assert answers == ["10000.00"] * 3
    assert calls.with_canned_bytes(calls.refused_get_hit)(1) >= 0


def test_get_hit_must_be_refused():
    """If get_hit finds the unknown HIT, the benchmark raises an error."""

    class Client:
        def get_hit(self, **parameters):
            return {}

    with pytest.raises(AssertionError, match="was not refused"):
        calls.refused_get_hit(Client())()


def test_questions_have_two_kilobytes_and_differ():
    """The questions have the sizes that the rows name, and differ."""
    hits = new_hits()
    questions = {next(hits)["Question"] for _ in range(3)} | {HTML_QUESTION}
    assert len(questions) == 4
    assert all(1900 < len(question) < 2100 for question in questions)


def test_pages_are_of_every_list_operation(monkeypatch):
    """Every operation with a NextToken is measured, with a full page."""
    monkeypatch.setattr(pages, "PAGE", 10)
    client = boto3.client("mturk", region_name="us-east-1")
    model = client.meta.service_model
    listing = {
        method
        for method, name in client.meta.method_to_api_mapping.items()
        if "NextToken" in model.operation_model(name).input_shape.members
    }
    results = pages.run(2, items=20)
    assert {result.name.partition(",")[0] for result in results} == listing
    assert all(result.name.endswith("of 2 pages") for result in results)


def test_memory_of_a_hit_is_measured():
    """The memory of a HIT is in kilobytes, and at least some hundred bytes."""
    (result,) = memory.run(2, hits=100)
    assert result.ratio > 0.1


def test_imports_are_measured(monkeypatch):
    """Every program runs in its own process; in this test it imports nothing."""
    programs = set()

    def seconds_of(program):
        programs.add(program)
        return 1.0

    monkeypatch.setattr(imports, "seconds_of", seconds_of)
    assert len(imports.run(2)) == 2
    assert len(programs) == 3


def test_program_says_what_it_took():
    """The first mock is measured in a process that has imported boto3."""
    assert imports.in_new_process(imports.FIRST_MOCK, before="import boto3")(1) > 0


def test_mocks_of_moto_are_measured():
    """Entering and leaving a mock, and a whole small test, are measured."""
    assert len(moto.run(2)) == 2


def test_checkpoints_are_measured(capsys):
    """The benchmark of checkpoints prints its figures with their goals."""
    checkpoints.main(["--hits", "110"])
    lines = capsys.readouterr().out.splitlines()
    names = [line[:50].strip() for line in lines]
    assert [name for name in names if "processor" not in name] == [
        "copy the state, under the lock",
        "write the copy, without the lock",
        "write: both",
        "write in this process",
        "read",
        "a HIT on disk",
        "memory of HIT and assignment, beside the question",
    ]
    assert all(float(line[50:].split()[0]) > 0 for line in lines[-2:])


def test_missed_goal_of_a_checkpoint_is_marked():
    """A figure above its goal says so."""
    assert str(checkpoints.Figure("read", 11, "s", 10)).endswith("11.00 s   goal 10 missed")
    assert str(checkpoints.Figure("read", 10, "s", 10)).endswith("10.00 s   goal 10")
    assert str(checkpoints.Figure("read", 10, "s")).endswith("10.00 s")


def test_benchmark_of_the_server(capsys):
    """The replays of a campaign end in the same state."""
    server.main(["--only", "commits", "replay", "--records", "10"])
    lines = capsys.readouterr().out.splitlines()

    assert [line[:45].rstrip() for line in lines] == [
        "a commit of one record: median",
        "replay of 11 records, PYTHONHASHSEED=1",
        "replay of 11 records, PYTHONHASHSEED=2",
        "snapshots after both replays that differ",
    ]
    assert lines[3].split()[6] == "0.00"


def test_figure_that_misses_its_goal():
    """A goal is a limit, or a number to reach."""
    told = [
        str(server.Figure("time", 2, "s", 1)),
        str(server.Figure("rate", 2, "x", 3, is_limit=False)),
        str(server.Figure("size", 2, "KB", 3)),
    ]

    assert [text.partition("goal: ")[2] for text in told] == [
        "at most 1, missed",
        "at least 3, missed",
        "at most 3",
    ]
