"""The arithmetic of the benchmarks. What they measure is no test: a slow machine is no defect."""

from __future__ import annotations

import importlib
import json
import random
import sys
from argparse import Namespace

import boto3
import pytest

from benchmarks import __main__ as command_line
from benchmarks import (
    calls,
    events,
    imports,
    memory,
    motos,
    pages,
    whole,
)
from benchmarks.calls import get_hit, list_100_hits, refused_get_hit
from benchmarks.filling import answering, filling, new_mock, submit
from benchmarks.floor import from_json, new_client, to_json, with_canned_bytes
from benchmarks.measure import Comparison, run_rounds
from benchmarks.processes import output_of, seconds_of
from benchmarks.samples import EXTERNAL_QUESTION, HIT, form, hit_with

SMALL = Namespace(rounds=2, seed=1, items=200, hits=200)


def taking(*seconds):
    """A block whose calls take these times each, in turn."""
    times = iter(seconds)
    return lambda size: next(times) * size


def compared(measured, beside, rounds=4, goal=None):
    comparison = Comparison("thing", taking(*measured), taking(*beside), goal)
    run_rounds([comparison], rounds, seed=1)
    return comparison


def names(results):
    return [result["name"] for result in results]


# Rounds and tables ----------------------------------------------------------------------------


def test_the_ratio_is_the_median_of_the_rounds():
    """One slow round does not count for more than another."""
    comparison = compared([2, 2, 2, 50], [1] * 8)
    assert comparison.ratios == [2, 2, 2, 50]
    assert comparison.result()["ratio"] == 2
    assert comparison.control == 1
    assert not comparison.is_void


def test_a_comparison_is_void_where_the_other_thing_differs_from_itself():
    """By more than 0.03."""
    comparison = compared([1] * 4, [1, 2] * 4)
    assert comparison.is_void


def test_the_table_names_goals_that_are_missed(monkeypatch, capsys, tmp_path):
    """And the file holds the same figures; the status tells of void runs only."""
    missed = compared([2] * 4, [1] * 8, goal=1.5).result()
    monkeypatch.setattr(pages, "run", lambda arguments: [missed])
    path = tmp_path / "figures.json"
    assert command_line.main(["--only", "pages", "--json", str(path)]) == 0
    assert "2.000  2.000-2.000  1.500 missed    1.000       4" in capsys.readouterr().out
    assert json.loads(path.read_text())["results"] == [missed]


def test_a_void_run_says_so(monkeypatch, capsys):
    """Its status is 1."""
    void = compared([1] * 4, [1, 2] * 4).result()
    monkeypatch.setattr(command_line, "measure", lambda arguments: [void])
    assert command_line.main([]) == 1
    assert "This run is VOID" in capsys.readouterr().out


def test_only_the_groups_that_are_asked_for_are_run(monkeypatch):
    """In their order, whatever the order of asking."""
    asked = []
    for name, module in command_line.GROUPS.items():
        run = lambda arguments, name=name: asked.append(name) or []  # noqa: E731
        monkeypatch.setattr(importlib.import_module(module), "run", run)
    command_line.measure(command_line.parse_arguments(["--only", "pages", "calls"]))
    assert asked == ["calls", "pages"]


# Calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prepare", [get_hit, list_100_hits, refused_get_hit])
def test_the_floor_answers_without_a_mock(prepare):
    """From bytes that the mock has answered with; a refusal stays one."""
    assert with_canned_bytes(prepare)(1) >= 0


def test_a_call_that_should_be_refused_must_be():
    """A floor that answers with something is none."""

    class Client:
        def get_hit(self, **parameters):
            return {}

    with pytest.raises(AssertionError, match="a HIT of nobody was found"):
        refused_get_hit(Client())()


def test_calls_are_measured_all():
    """In a few rounds here."""
    found = calls.run(SMALL)
    assert len(set(names(found))) == len(calls.CALLS) + 3


def test_the_form_has_ten_kilobytes():
    """The row says so."""
    assert 9_900 < len(form()) < 10_300


def test_the_question_has_two_kilobytes():
    """The row says so."""
    assert 1900 < len(HIT["Question"]) < 2100


# Whole tests ----------------------------------------------------------------------------------


def test_a_whole_test_is_the_same_with_canned_bytes():
    """Three calls, each with its own answer; they survive the way to another process."""
    answers = whole.answers_to_three_calls()
    assert answers.keys() == {"CreateHIT", "GetHIT", "GetAccountBalance"}
    assert from_json(json.loads(json.dumps(to_json(answers)))) == answers
    whole.first_test(to_json(answers))()
    assert whole.first_test(None) is whole.small_test


def test_a_program_tells_what_it_took():
    """The first test of a process, in a process."""
    program = seconds_of(whole.FIRST, json.dumps(None))
    assert program(1) > 0


def test_whole_tests_and_threads_are_measured(monkeypatch):
    """In a few rounds, without processes here."""
    monkeypatch.setattr(whole, "seconds_of", lambda program, given: lambda size: 1.0)
    assert len(whole.run(SMALL)) == 3


def test_imports_are_measured_in_processes(monkeypatch):
    """What comes before an import does not count, but is there."""
    programs = []

    def seconds(program):
        programs.append(program)
        return lambda size: 1.0

    monkeypatch.setattr(imports, "seconds_of", seconds)
    assert len(imports.run(SMALL)) == 3
    assert all("import boto3" in program for program in programs[:1] + programs[2:])
    assert float(output_of("-c", imports.TIMED_IMPORT.format(before="", statement="pass"))) >= 0


# Long lists -----------------------------------------------------------------------------------


def test_a_mock_that_was_left_answers_again():
    """With what it was filled with, as often as it is its turn."""
    mturk = new_mock()
    with filling(mturk) as ask:
        hit_id = ask("CreateHIT", **HIT)["HIT"]["HITId"]
    client = new_client()
    for _ in range(2):
        with answering(mturk):
            assert client.get_hit(HITId=hit_id)["HIT"]["HITId"] == hit_id


def test_people_submit_after_their_delays():
    """In microseconds, each somebody else."""
    mturk = new_mock()
    with filling(mturk) as ask:
        hit_id = ask("CreateHIT", **hit_with(EXTERNAL_QUESTION))["HIT"]["HITId"]
        workers = submit(mturk, hit_id, 2, "answer", iter([0, 1_000_000]))
    first, second = (assignment.submit_time for assignment in mturk.assignments)
    assert (second - first).total_seconds() == 1
    assert len(set(workers)) == 2


def list_operations():
    model = boto3.client("mturk", region_name="us-east-1").meta.service_model
    return {
        name
        for name in model.operation_names
        if "NextToken" in model.operation_model(name).input_shape.members
    }


def test_pages_are_of_every_operation_that_has_pages():
    """Each is filled once, with as many items as are asked for, and a page is full."""
    seen = set()
    client = new_client()
    for fill in pages.FILLINGS:
        mturk = new_mock()
        for operation, parameters in fill(mturk, 200).items():
            seen.add(operation)
            assert len(list(pages.walk(mturk, operation, parameters))) == 2
            assert pages.page(client, mturk, operation, parameters)(1) > 0
    assert seen == list_operations()


def test_the_worst_page_is_the_one_that_counts():
    """The others are kept."""
    results = [{"name": "first", "ratio": 1.0}, {"name": "last", "ratio": 2.0}]
    assert pages.worst(results) == {"name": "last", "ratio": 2.0, "pages": results}


def test_pages_are_measured(monkeypatch):
    """Of one filling here."""
    monkeypatch.setattr(pages, "FILLINGS", (pages.types,))
    (found,) = pages.run(SMALL)
    assert len(found["pages"]) == 3


# Events and memory ----------------------------------------------------------------------------


def test_all_approvals_that_are_due_are_timed():
    """And done again in the next round, on a copy; too few would be an error."""
    approving = events.approving(20)
    assert approving(1) > 0
    assert approving(1) > 0


def test_what_is_dear_runs_once_for_two_comparisons():
    """And anew in the next round."""
    block = events.for_two(taking(1, 2))
    assert [block(1), block(3), block(1)] == [1, 3, 2]


def test_events_are_measured():
    """A few of them."""
    assert len(events.run(SMALL)) == 2


@pytest.mark.skipif(not memory.STATM.exists(), reason="asks Linux what memory it has")
def test_memory_is_measured_in_a_process_of_its_own():
    """Without the log, with it, and how flat creating is."""
    plain, logged, flat = memory.run(SMALL)
    assert plain["question"] == logged["question"]
    assert flat["beside"] > 0


def test_texts_of_questions_are_told_apart_from_the_rest():
    """One that is shared counts once, and each of its own for itself."""
    mturk = new_mock()
    question = EXTERNAL_QUESTION
    with filling(mturk) as ask:
        ask("CreateHIT", **hit_with(question))
        ask("CreateHIT", **hit_with(question))
        once = memory.question_bytes(mturk)
        ask("CreateHIT", **hit_with(question.replace("animals", "animal")))
    assert once == sys.getsizeof(question)
    assert memory.question_bytes(mturk) == 2 * once - 1


def test_the_log_is_dropped_unless_it_is_measured():
    """Every thousand HITs."""
    mturk = new_mock()
    memory.create(mturk, 1000)
    assert mturk.calls == []
    memory.create(mturk, 10, log=True)
    assert len(mturk.calls) == 10


def test_memory_tells_its_figures(monkeypatch, capsys):
    """As JSON, of which the table makes rows without a control."""
    monkeypatch.setattr(memory, "resident", iter([0, 100_000]).__next__)
    monkeypatch.setattr(memory, "flat", lambda mturk, count: {"name": "flat"})
    memory.main(["100"])
    found = json.loads(capsys.readouterr().out)
    assert found["flat"] == {"name": "flat"}
    row = memory.row("one HIT", found, 1.0)
    assert row["ratio"] * 1024 == row["measured"] == pytest.approx(1000 - found["question"])
    assert command_line.table([row])[1].split("  ")[0] == "one HIT"


# moto -----------------------------------------------------------------------------------------


def test_what_is_beside_moto_is_measured(monkeypatch):
    """One of its services here."""
    monkeypatch.setattr(motos, "CALLS", motos.CALLS[:1])
    assert names(motos.run(SMALL))[-1] == "moto: secretsmanager get_secret_value"


@pytest.mark.parametrize("call", motos.CALLS, ids=lambda call: call.prepare.__name__)
def test_calls_of_moto_are_answered(call):
    """Each by moto, and by its bytes without it."""
    if not motos.is_installed(call):
        pytest.skip("moto has not all that it needs for it")
    call.comparison.run_round(random.Random(1))


def test_services_that_moto_cannot_load_are_left_out(monkeypatch):
    """They need packages that the `test` extra does not bring."""

    def prepare(client):
        raise ImportError("no such package")

    monkeypatch.setattr(motos, "CALLS", [motos.ServiceCall("ssm", prepare)])
    assert motos.of_services() == []
