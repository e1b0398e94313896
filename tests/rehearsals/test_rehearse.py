"""`rehearse`: runs in processes, in threads and one after the other; rows; errors."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from mturk_mock import Rehearsal, grid, rehearse
from mturk_mock.rehearsals import packing, processes
from tests.rehearsals import campaigns
from tests.rehearsals.executors import Backwards, Here, Serial

DESIGNS = grid(redundancy=[1, 3], accuracy=[0.6])
SEEDS = (1, 2)


def serially(campaign: Any, designs: Any = ({},), seeds: Any = (1,), **options: Any) -> Rehearsal:
    """Rehearse one run after the other, without progress."""
    return rehearse(campaign, designs, seeds, executor=Here(), progress=False, **options)


def error_of(campaign: Any, design: Any = {}) -> str:  # noqa: B006
    """Return the error of one run."""
    (row,) = serially(campaign, [design]).rows
    return row["error"]


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    """Return the rows of `vote` from runs one after the other."""
    return serially(campaigns.vote, DESIGNS, SEEDS).rows


# The same rows everywhere -----------------------------------------------------------------


def test_processes_return_the_rows_of_runs_one_after_the_other(expected):
    """By default, runs are done in processes, with the rows of runs one after the other."""
    assert rehearse(campaigns.vote, DESIGNS, SEEDS, progress=False).rows == expected


def test_threads_return_the_rows_of_runs_one_after_the_other(expected):
    """Three threads return the rows of runs one after the other."""
    with ThreadPoolExecutor(3) as executor:
        found = rehearse(campaigns.vote, DESIGNS, SEEDS, executor=executor, progress=False)
    assert found.rows == expected


def test_loky_returns_the_rows_of_runs_one_after_the_other(expected):
    """An executor of loky returns the rows of runs one after the other."""
    loky = pytest.importorskip("loky")
    with loky.ProcessPoolExecutor(1) as executor:
        found = rehearse(campaigns.vote, DESIGNS, SEEDS, executor=executor, progress=False)
    assert found.rows == expected


def test_order_of_runs_does_not_change_the_rows(expected):
    """Runs that are done in reverse order return the same rows, in the order of designs."""
    found = rehearse(campaigns.vote, DESIGNS, SEEDS, executor=Backwards(4), progress=False)
    assert found.rows == expected


def test_seeds_differ():
    """Two seeds of a design have other IDs, and one seed has the same again."""
    first, second, again = (
        serially(campaigns.vote, seeds=[seed]).rows[0]["first"] for seed in (1, 2, 1)
    )
    assert first == again != second


# Rows -------------------------------------------------------------------------------------


def test_rows_are_in_the_order_of_designs_and_seeds():
    """There is a row for each design and seed, with the design's names first."""
    rows = serially(campaigns.count, grid(number=[3, 1]), [5, 4]).rows
    assert [(row["number"], row["seed"], row["twice"]) for row in rows] == [
        (3, 5, 6),
        (3, 4, 6),
        (1, 5, 2),
        (1, 4, 2),
    ]
    assert list(rows[0]) == [
        "number",
        "seed",
        "twice",
        "cost",
        "fees",
        "virtual_seconds",
        "error",
    ]


def test_rows_have_twenty_seeds_by_default():
    """By default a design is run with the seeds 0 to 19."""
    rows = rehearse(campaigns.count, [{}], executor=Serial(), progress=False).rows
    assert [row["seed"] for row in rows] == list(range(20))


def test_rows_are_copies():
    """A change of a row does not change the rehearsal."""
    rehearsal = serially(campaigns.count)
    rehearsal.rows[0]["twice"] = 7
    assert rehearsal.rows[0]["twice"] == 2


def test_cost_is_what_the_requester_has_paid():
    """Two rewards of $0.05, a bonus of $1.00 and the fees of both are the cost."""
    (row,) = serially(campaigns.pay).rows
    assert (row["cost"], row["fees"], row["error"]) == (1.32, 0.22, None)


def test_cost_leaves_out_work_that_is_not_approved():
    """Before work is approved it costs nothing: the bonus and its fee remain."""
    (row,) = serially(campaigns.pay, [{"hours": 0}]).rows
    assert (row["cost"], row["fees"]) == (1.2, 0.2)


def test_run_with_an_error_has_the_cost_and_the_time_until_then():
    """A campaign that pays $1.32 in some hours, and then raises, has them in its row."""

    def campaign(mturk: Any) -> dict[str, Any]:
        campaigns.pay(mturk)
        raise LookupError("late")

    (row,) = serially(campaign).rows
    assert (row["cost"], row["fees"], row["error"][:17]) == (1.32, 0.22, "LookupError: late")
    assert row["virtual_seconds"] > 7200


def test_virtual_seconds_are_of_the_clock_of_the_mock():
    """A campaign that moves the clock by a day has 86,400 virtual seconds."""
    (row,) = serially(campaigns.wait_a_day).rows
    assert row["virtual_seconds"] == 86_400


def test_mock_starts_at_a_fixed_time_with_the_default_balance():
    """Each mock starts at the same time, and has the default balance."""
    (row,) = serially(campaigns.read_options).rows
    assert (row["now"], row["balance"]) == ("2026-01-05 09:00:00+00:00", "10000.00")


def test_mock_keeps_a_thousand_calls():
    """Of 1,001 calls, the mock of a run keeps 1,000."""
    (row,) = serially(campaigns.read_options, [{"calls_made": 1001}]).rows
    assert row["calls"] == 1000


def test_mock_takes_the_options():
    """Options of mock_mturk are those of each mock."""
    (row,) = serially(campaigns.read_options, calls=2, balance="5").rows
    assert (row["calls"], row["balance"]) == (2, "5.00")


def test_numbers_of_numpy_and_decimals_become_numbers_of_python():
    """An outcome that is a number of numpy, or a Decimal, is a number of Python."""
    numpy = pytest.importorskip("numpy")
    given = {
        "share": numpy.float64(0.5),
        "count": numpy.int64(2),
        "yes": numpy.bool_(True),
        "single": numpy.array(3),
        "money": Decimal("0.05"),
        "none": None,
    }
    (row,) = serially(lambda mturk: given).rows
    kinds = {name: type(row[name]) for name in given}
    assert kinds == {
        "share": float,
        "count": int,
        "yes": bool,
        "single": int,
        "money": float,
        "none": type(None),
    }


class Meters(float):
    """A number of a program's own kind."""


class Class(str, Enum):
    """A text of a program's own kind."""

    CAT = "cat"


class Grade(IntEnum):
    """A whole number of a program's own kind."""

    GOOD = 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [(Fraction(1, 4), 0.25), (Meters(1.5), 1.5), (Grade.GOOD, 2), (Class.CAT, "cat")],
)
def test_numbers_and_texts_of_other_kinds_become_those_of_python(given, expected):
    """A real number of another kind is an int or a float in its row, and a text is a str."""
    (row,) = serially(lambda mturk: {"x": given}).rows
    assert (row["x"], type(row["x"])) == (expected, type(expected))


@pytest.mark.parametrize(
    ("outcomes", "error"),
    [
        (None, "TypeError: a campaign returns a dict of its outcomes, not None"),
        ({1: 2}, "TypeError: the names of outcomes are str, not 1"),
        (
            {"cost": 2},
            "ValueError: an outcome cannot have the name 'cost': seed, cost, fees, "
            "virtual_seconds, error and the names of designs are columns of the rows. Give "
            "it another name",
        ),
        (
            {"n": 2},
            "ValueError: an outcome cannot have the name 'n': seed, cost, fees, "
            "virtual_seconds, error and the names of designs are columns of the rows. Give "
            "it another name",
        ),
        ({"x": [1]}, "TypeError: an outcome is a number or a text, and 'x' is [1]"),
    ],
)
def test_outcomes_that_are_no_row_are_the_error_of_the_run(outcomes, error):
    """A campaign that returns something else is a row with an error."""
    assert error_of(lambda mturk, n: outcomes, {"n": 1}) == error


def test_outcome_with_a_name_of_another_design_is_the_error_of_the_run():
    """A row has the names of all designs, so that an outcome cannot have one of them."""

    def campaign(mturk: Any, pay: int = 0, pilot: int = 0) -> dict[str, Any]:
        return {"pilot": mturk.seed} if pay else {"twice": 2}

    first, second = serially(campaign, [{"pay": 1}, {"pilot": 3}]).rows
    assert (first["pay"], first["pilot"], first["error"]) == (
        1,
        None,
        "ValueError: an outcome cannot have the name 'pilot': seed, cost, fees, "
        "virtual_seconds, error and the names of designs are columns of the rows. Give it another "
        "name",
    )
    assert (second["pilot"], second["twice"], second["error"]) == (3, 2, None)


def test_array_is_no_outcome():
    """An array of numpy is no outcome, even with one element."""
    numpy = pytest.importorskip("numpy")
    assert error_of(lambda mturk: {"x": numpy.array([0.5])}) == (
        "TypeError: an outcome is a number or a text, and 'x' is array([0.5])"
    )


# Errors of campaigns ----------------------------------------------------------------------


def test_campaign_that_raises_is_a_row_with_its_error_and_the_others_go_on():
    """The error of a run is one line with the place in the campaign; other runs are done."""
    rows = serially(campaigns.fail_for_two, grid(number=[1, 2, 3])).rows
    line = campaigns.fail_for_two.__code__.co_firstlineno + 3
    assert [(row["twice"], row["error"]) for row in rows] == [
        (2, None),
        (None, f"LookupError: two is wrong (campaigns.py, line {line})"),
        (6, None),
    ]


def test_error_within_a_library_names_the_line_of_the_campaign():
    """An error that boto3 raises is shown with the line of the campaign that called it."""
    line = campaigns.refuse.__code__.co_firstlineno + 2
    assert error_of(campaigns.refuse) == (
        "RequestError: An error occurred (RequestError) when calling the GetHIT operation: Hit "
        "3UNKNOWN does not exist. (1767603600000) "
        f"(campaigns.py, line {line})"
    )


def test_error_in_code_without_a_file_names_the_line():
    """An error of code that has no file, as of a cell, is shown with the line alone."""
    namespace: dict[str, Any] = {}
    exec("def campaign(mturk):\n    raise LookupError('no')", namespace)
    assert error_of(namespace["campaign"]) == "LookupError: no (line 2)"


def test_error_without_a_message_is_its_name():
    """A failed assert without a message is shown as AssertionError, with its line."""
    namespace: dict[str, Any] = {}
    exec("def campaign(mturk):\n    assert not mturk", namespace)
    assert error_of(namespace["campaign"]) == "AssertionError (line 2)"


def test_long_error_is_cut():
    """Of a message, a row has 1,000 characters, then the line of the campaign."""
    namespace: dict[str, Any] = {}
    exec("def campaign(mturk):\n    raise LookupError('a' * 1001)", namespace)
    assert error_of(namespace["campaign"]) == f"LookupError: {'a' * 1000}… (line 2)"


def test_campaign_that_exits_is_a_row_with_an_error():
    """SystemExit in a campaign does not end the rehearsal."""
    assert error_of(campaigns.exit_program).startswith("SystemExit: no funds (campaigns.py")


def test_error_that_has_no_text_ends_no_other_run():
    """An error of one run that cannot be shown is an error of its row, also in a process."""
    designs = grid(number=[1, 2])
    rows = rehearse(campaigns.raise_without_text, designs, [1], progress=False).rows
    assert [(row["twice"], row["error"]) for row in rows] == [
        (2, None),
        (None, "ValueError: no text"),
    ]


def test_keyboard_interrupt_ends_the_rehearsal():
    """KeyboardInterrupt is no error of a run: it is raised."""
    with pytest.raises(KeyboardInterrupt):
        serially(campaigns.interrupt)


def test_campaign_can_use_mocks_and_rehearse_others():
    """A campaign can start a mock, and rehearse another campaign one run after the other."""
    (row,) = serially(campaigns.nest).rows
    assert (row["inner"], row["outer"], row["eight"]) == ("5.00", "10000.00", 8)


# Processes that die -----------------------------------------------------------------------


def test_process_that_dies_costs_its_run(tmp_path):
    """A run that kills its process twice is listed with its error; the others are done."""
    rows = rehearse(campaigns.die_for_two, grid(number=[1, 2, 3]), [1], progress=False).rows
    assert [(row["twice"], row["cost"], row["error"]) for row in rows] == [
        (2, 0.0, None),
        (None, None, "the process died while it ran this campaign, twice"),
        (6, 0.0, None),
    ]


def test_run_is_tried_again_after_its_process_has_died(tmp_path):
    """A run whose process dies once is done again."""
    designs = grid(marker=[str(tmp_path / "died")], number=[1, 2])
    rows = rehearse(campaigns.die_once, designs, [1], progress=False).rows
    assert [(row["twice"], row["error"]) for row in rows] == [(2, None), (4, None)]
    assert (tmp_path / "died").exists()


def test_processes_that_cannot_start_are_an_error_with_the_cure(monkeypatch):
    """If the processes die before their first run, the error tells of the guard."""
    monkeypatch.setattr(processes, "_begin_process", partial(os._exit, 3))
    with pytest.raises(RuntimeError) as refusal:
        rehearse(campaigns.count, [{}], [1], progress=False)
    assert str(refusal.value) == (
        "a process of rehearse() cannot start. In a script, call rehearse() below "
        'if __name__ == "__main__": each process imports the script'
    )


def test_interrupt_while_processes_run_ends_them(tmp_path, monkeypatch):
    """KeyboardInterrupt in this process ends the others within their runs."""

    def interrupt(running, **options):
        while not list(tmp_path.glob("*.pid")):
            time.sleep(0.02)
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        rehearse(campaigns.run_for_ever, [{"folder": str(tmp_path)}], [1], progress=False)
    assert multiprocessing.active_children() == []


def test_process_that_has_died_while_idle_is_replaced():
    """A process that ended between two runs is started again for the next one."""
    process = processes.Process()
    try:
        process.row_of(process.submit(campaigns.count, None))
        process.terminate()
        while process._pool._broken is False:
            time.sleep(0.01)
        assert process.submit(campaigns.count, None).result() == {"twice": 2}
    finally:
        process.end()


def test_broken_executor_of_the_program_is_an_error_that_says_so():
    """If a process of the program's own pool dies, rehearse() raises RuntimeError."""
    designs, spawning = grid(number=[2, 1]), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawning) as executor, pytest.raises(RuntimeError) as refusal:
        rehearse(campaigns.die_for_two, designs, [1], executor=executor, progress=False)
    assert str(refusal.value) == (
        "the executor broke, so rehearse() cannot go on with it: a process of it has died. Give a "
        "new executor, or none: then a campaign that kills its process is listed with its error"
    )


class Failing(Executor):
    """Returns futures with an error, or cancelled ones."""

    def __init__(self, problem: Exception | None) -> None:
        self.problem = problem

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.problem is None:
            future.cancel()
        else:
            future.set_exception(self.problem)
        return future


def test_executor_that_cancels_runs_is_an_error_that_says_so():
    """If the program's executor cancels runs, rehearse() raises RuntimeError."""
    with pytest.raises(RuntimeError) as refusal:
        rehearse(campaigns.count, [{}], [1], executor=Failing(None), progress=False)
    assert str(refusal.value) == (
        "the executor cancelled runs, so rehearse() cannot go on: keep it open until rehearse() "
        "returns"
    )


def test_error_of_the_executor_is_the_error_of_the_run():
    """An error that an executor sets for one run, as Dask does, is in its row, in one line."""
    executor = Failing(OSError("the worker\nwas lost"))
    (row,) = rehearse(campaigns.count, [{}], [1], executor=executor, progress=False).rows
    assert (row["error"], row["cost"]) == ("OSError: the worker was lost", None)


def test_run_whose_workers_have_died_is_tried_again_at_the_end():
    """A run that Dask gives up is tried again alone, after all others; then its error counts."""

    class KilledWorker(Exception):
        """The error of Dask."""

    class Cluster(Serial):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(function, *args, **kwargs)
            seed = args[2]
            seeds.append(seed)
            is_innocent = seed == 1 and self.submitted > 3
            return future if seed == 3 or is_innocent else Failing(KilledWorker(seed)).submit(len)

    seeds: list[int] = []
    rows = rehearse(campaigns.count, [{}], [1, 2, 3], executor=Cluster(), progress=False).rows
    assert [row["error"] for row in rows] == [None, "KilledWorker: 2", None]
    assert seeds == [1, 2, 3, 1, 2]


def test_executor_gets_a_bounded_number_of_runs_ahead(monkeypatch):
    """Of 30 runs, an executor has no more than three at a time that are not done."""
    monkeypatch.setattr(processes, "_AHEAD", 3)
    futures: list[Future[Any]] = []
    waiting: list[int] = []

    class Counting(ThreadPoolExecutor):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            futures.append(super().submit(function, *args, **kwargs))
            waiting.append(sum(not future.done() for future in futures))
            return futures[-1]

    with Counting(1) as executor:
        rehearse(campaigns.count, [{}], range(30), executor=executor, progress=False)
    assert len(futures) == 30
    assert max(waiting) <= 3


def test_runs_of_an_executor_that_breaks_are_cancelled(monkeypatch):
    """If an executor cancels a run, the other runs that it has are cancelled."""
    monkeypatch.setattr(processes, "_AHEAD", 3)
    futures: list[Future[Any]] = []

    class Lazy(Executor):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            futures.append(Future())
            if len(futures) == 3:
                futures[0].set_exception(SystemError())
                futures[1].cancel()
            return futures[-1]

    with pytest.raises(RuntimeError, match="cancelled runs"):
        rehearse(campaigns.count, [{}], range(100), executor=Lazy(), progress=False)
    assert len(futures) == 3
    assert futures[2].cancelled()


# What other processes cannot have ---------------------------------------------------------


def test_campaign_that_cannot_be_pickled_is_told_before_anything_starts():
    """A campaign with a lock is refused with its name and the cure."""
    pytest.importorskip("cloudpickle")
    lock = threading.Lock()

    def locked(mturk):
        with lock:
            return {}

    executor = Serial()
    with pytest.raises(TypeError) as refusal:
        rehearse(locked, [{}], [1], executor=executor)
    name = f"{test_campaign_that_cannot_be_pickled_is_told_before_anything_starts.__name__}"
    assert str(refusal.value) == (
        f"rehearse() cannot send the campaign '{name}.<locals>.locked' to other processes (cannot "
        "pickle '_thread.lock' object): define it in a module, without what cannot be pickled"
    )
    assert executor.submitted == 0


def test_design_that_cannot_be_pickled_is_told_before_anything_starts():
    """A value of a design that cannot be pickled is refused with its name."""
    executor = Serial()
    with pytest.raises(TypeError) as refusal:
        rehearse(campaigns.count, [{"number": iter_numbers()}], [1], executor=executor)
    assert str(refusal.value).startswith(
        "rehearse() cannot send number=<generator object iter_numbers at 0x"
    )
    assert str(refusal.value).endswith(
        "> of a design to other processes (cannot pickle 'generator' object): define it in a "
        "module, without what cannot be pickled"
    )
    assert executor.submitted == 0


def iter_numbers():
    """Return a generator."""
    yield 1


@pytest.fixture
def script(monkeypatch):
    """Make the main module a script, and return it."""
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__file__", "script.py", raising=False)
    return main


def test_function_of_a_script_is_sent_by_name_if_its_variables_cannot_be_pickled(
    script, monkeypatch
):
    """A function of a script that cloudpickle cannot pack is sent by its name."""
    refusing = SimpleNamespace(dumps=Mock(side_effect=TypeError("cannot pickle a lock")))
    monkeypatch.setitem(sys.modules, "cloudpickle", refusing)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("def campaign(mturk):\n    return {}", namespace)
    monkeypatch.setattr(script, "campaign", namespace["campaign"], raising=False)
    packed = packing.Packer(reads_script=True).pack_campaign(namespace["campaign"])
    assert pickle.loads(packed) is namespace["campaign"]


def test_function_of_a_script_is_not_sent_by_name_to_an_executor(script, monkeypatch):
    """An executor does not know the script, so that a function it cannot get is refused."""
    refusing = SimpleNamespace(dumps=Mock(side_effect=TypeError("cannot pickle a lock")))
    monkeypatch.setitem(sys.modules, "cloudpickle", refusing)
    executor = Serial()
    with pytest.raises(TypeError) as refusal:
        rehearse(campaigns.count, [{}], [1], executor=executor)
    assert str(refusal.value) == (
        "rehearse() cannot send the campaign 'count' to other processes (cannot pickle a lock): "
        "define it in a module, without what cannot be pickled"
    )
    assert executor.submitted == 0


def test_design_of_a_script_that_cannot_be_pickled_is_told_before_anything_starts(script):
    """A value without a name is refused for the processes of a script."""
    with pytest.raises(TypeError, match="rehearse\\(\\) cannot send number=<generator object"):
        rehearse(campaigns.count, [{"number": iter_numbers()}], [1])


def test_threads_take_what_cannot_be_pickled():
    """Threads call the function as it is, also one that cannot be pickled."""
    with ThreadPoolExecutor(1) as executor:
        designs = [{"number": iter_numbers()}]
        (row,) = rehearse(
            lambda mturk, number: {"next": next(number)},
            designs,
            [1],
            executor=executor,
            progress=False,
        ).rows
    assert row["next"] == 1


def test_campaign_that_changes_its_arguments_changes_no_other_run():
    """In threads as in processes, each run gets the values of the design as they were."""

    def campaign(mturk: Any, labels: list[str]) -> dict[str, Any]:
        labels.append("new")
        return {"labels_now": len(labels)}

    rows = serially(campaign, [{"labels": ["cat"]}], [1, 2]).rows
    assert [(row["labels"], row["labels_now"]) for row in rows] == [(["cat"], 2)] * 2


@pytest.fixture
def without_cloudpickle(monkeypatch):
    """Hide cloudpickle."""
    monkeypatch.setitem(sys.modules, "cloudpickle", None)


def test_function_of_main_needs_cloudpickle(without_cloudpickle, monkeypatch):
    """Without cloudpickle, a function of a notebook is refused with both cures."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("def campaign(mturk): return {}", namespace)
    with pytest.raises(TypeError) as refusal:
        rehearse(namespace["campaign"], [{}], executor=Serial())
    assert str(refusal.value) == (
        "rehearse() cannot send the campaign 'campaign' to other processes: define it in a module "
        "that they can import, or pip install cloudpickle"
    )


def test_local_function_needs_cloudpickle(without_cloudpickle):
    """Without cloudpickle, a function within a function is refused with the cure."""
    with pytest.raises(TypeError) as refusal:
        rehearse(lambda mturk: {}, [{}], executor=Serial())
    assert "<lambda>' to other processes (" in str(refusal.value)
    assert str(refusal.value).endswith("): define it in a module, without what cannot be pickled")


def test_function_of_a_module_needs_no_cloudpickle(without_cloudpickle):
    """Without cloudpickle, a function of a module is sent by its name, also in a partial."""
    campaign = partial(campaigns.count, number=4)
    (row,) = rehearse(campaign, [{}], [1], executor=Serial(), progress=False).rows
    assert row["twice"] == 8


def test_campaign_that_a_process_cannot_import_is_a_row_with_an_error():
    """If a process does not have the campaign's module, its rows say so, with the cure."""
    lost = b"cmodule_that_is_not_there\ncampaign\n."
    row = packing.run_packed(lost, lost, 1, 1, {})
    assert row["error"] == (
        "ModuleNotFoundError: No module named 'module_that_is_not_there'. Install the modules of "
        "the campaign and its designs where runs are done; with Dask, client.upload_file() can "
        "send one"
    )


def test_process_tells_what_it_cannot_unpack():
    """A process tells the error of the first value that it cannot unpack, or None."""
    lost, found = b"cmodule_that_is_not_there\nrule\n.", pickle.dumps(campaigns.count)
    assert packing.find_lost(found, [found]) is None
    assert packing.find_lost(found, [found, lost]) == (
        "ModuleNotFoundError: No module named 'module_that_is_not_there'"
    )


def test_campaign_that_no_process_can_import_is_told_before_anything_starts(monkeypatch):
    """A function of a module that only this process has is refused with the cure."""
    module = ModuleType("made_here")
    exec("def campaign(mturk):\n    return {}", vars(module))
    monkeypatch.setitem(sys.modules, "made_here", module)
    with pytest.raises(TypeError) as refusal:
        rehearse(module.campaign, [{}], [1], progress=False)
    assert str(refusal.value) == (
        "a process of rehearse() cannot find the campaign or a value of a design "
        "(ModuleNotFoundError: No module named 'made_here'): define it above if __name__ == "
        '"__main__", or in a module that processes can import'
    )


def test_program_from_stdin_starts_no_processes(script, monkeypatch):
    """A program without a file is refused before processes start, with the cure."""
    monkeypatch.setattr(script, "__file__", "<stdin>")
    with pytest.raises(RuntimeError, match="save the program in a file and run that"):
        rehearse(campaigns.count, [{}], [1], progress=False)


# Arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (
            {"campaign": "vote"},
            TypeError,
            "rehearse() takes a campaign as a function, not 'vote'",
        ),
        (
            {"executor": 4},
            TypeError,
            "rehearse() takes executor= as a concurrent.futures.Executor, such as "
            "distributed.Client().get_executor(), not 4",
        ),
        ({"progress": 1}, TypeError, "rehearse() takes progress= as True or False, not 1"),
        ({"seed": 1}, TypeError, "rehearse() takes seeds=, a seed for each run, and no seed="),
        ({"balance": "much"}, ValueError, None),
        (
            {"designs": [{"nummer": 1}]},
            TypeError,
            "the campaign 'count' cannot be called with mturk and the design {'nummer': 1}: got an "
            "unexpected keyword argument 'nummer'",
        ),
        ({"path": 3}, TypeError, "rehearse() takes the path of a file as a str or Path, not 3"),
        ({"seeds": 3}, TypeError, "rehearse() takes seeds as a list of ints or a range, not 3"),
        (
            {"seeds": "12"},
            TypeError,
            "rehearse() takes seeds as a list of ints or a range, not '12'",
        ),
        ({"seeds": [1, True]}, TypeError, "rehearse() takes seeds as ints, not True"),
        ({"seeds": []}, ValueError, "rehearse() takes one seed or more, not an empty list"),
        (
            {"seeds": [2, 1, 3, 1]},
            ValueError,
            "rehearse() takes each seed once, and 1 is there twice",
        ),
        (
            {"designs": {"number": 1}},
            TypeError,
            "rehearse() takes designs as a list of dicts, not {'number': 1}",
        ),
        ({"designs": 3}, TypeError, "rehearse() takes designs as a list of dicts, not 3"),
        ({"designs": [3]}, TypeError, "a design is a dict of a campaign's arguments, not 3"),
        (
            {"designs": [{1: 3}]},
            TypeError,
            "a design is a dict of a campaign's arguments, not {1: 3}",
        ),
        ({"designs": []}, ValueError, "rehearse() takes one design or more, not an empty list"),
        (
            {"designs": [{"cost": 3}]},
            ValueError,
            "a design cannot have the name 'cost': seed, cost, fees, virtual_seconds, error, "
            "outcome, runs, mean, sd, low, high are columns of the rows or of the summary",
        ),
        (
            {"designs": [{"number": 3}, {"number": 3}]},
            ValueError,
            "rehearse() takes each design once, and {'number': 3} is there twice",
        ),
    ],
)
def test_wrong_argument_is_told_before_anything_starts(arguments, kind, message):
    """A wrong argument raises an error that says what was given and what is allowed."""
    executor = Serial()
    given = {"campaign": campaigns.count, "designs": [{}], "executor": executor, **arguments}
    with pytest.raises(kind) as refusal:
        rehearse(**given)
    assert message is None or str(refusal.value) == message
    assert executor.submitted == 0


def test_array_of_one_number_is_no_list():
    """An array of numpy without dimensions is neither seeds, nor designs, nor values of a grid."""
    number = pytest.importorskip("numpy").array(3)
    for call, message in (
        (
            lambda: rehearse(campaigns.count, [{}], number),
            "rehearse() takes seeds as a list of ints or a range, not array(3)",
        ),
        (
            lambda: rehearse(campaigns.count, number),
            "rehearse() takes designs as a list of dicts, not array(3)",
        ),
        (lambda: grid(n=number), "grid() takes n= as a list of values, not array(3)"),
    ):
        with pytest.raises(TypeError) as refusal:
            call()
        assert str(refusal.value) == message


def test_async_function_is_no_campaign():
    """An async function is refused before anything starts, with the cure."""

    async def campaign(mturk: Any) -> dict[str, Any]:
        return {}

    executor = Serial()
    for given in (campaign, partial(campaign)):
        with pytest.raises(TypeError) as refusal:
            rehearse(given, [{}], [1], executor=executor)
        assert str(refusal.value) == (
            "an async function cannot be a campaign: define the campaign with def, and call "
            "asyncio.run() in it"
        )
    assert executor.submitted == 0


@pytest.mark.filterwarnings("error")
def test_campaign_that_returns_a_coroutine_is_a_row_with_an_error():
    """An async function that is called by a campaign is closed, without a warning of Python."""

    async def ask(mturk: Any) -> dict[str, Any]:
        return {}

    assert error_of(lambda mturk: ask(mturk)) == (
        "TypeError: an async function cannot be a campaign: define the campaign with def, and "
        "call asyncio.run() in it"
    )


def test_designs_whose_texts_are_the_same_are_refused():
    """A path and its text are refused, because files could not tell them apart."""
    designs = grid(number=[Path("a"), "a"])
    with pytest.raises(ValueError, match="rehearse") as refusal:
        rehearse(campaigns.count, designs, executor=Serial())
    assert str(refusal.value) == (
        f"rehearse() takes designs with different texts, and {designs[0]!r} and {designs[1]!r} "
        "have the same: give their values different names"
    )


def test_equal_arrays_are_one_design():
    """Two equal arrays are one design that is there twice."""
    numpy = pytest.importorskip("numpy")
    with pytest.raises(ValueError, match="rehearse") as refusal:
        rehearse(campaigns.count, grid(number=[numpy.arange(2), numpy.arange(2)]))
    assert str(refusal.value) == (
        "rehearse() takes each design once, and {'number': array([0, 1])} is there twice"
    )


def test_design_that_has_no_text_is_refused():
    """A dict whose keys are tuples cannot be found again in a file."""
    with pytest.raises(TypeError) as refusal:
        rehearse(campaigns.count, [{"number": {(1, 2): 3}}])
    assert str(refusal.value) == (
        "a design takes values that files can name, not {'number': {(1, 2): 3}}: keys must be "
        "str, int, float, bool or None, not tuple"
    )


def test_designs_of_different_types_are_different():
    """True, 1, "1" and 1.0 are different values of a design."""
    rehearsal = serially(campaigns.count, grid(number=[True, 1, "1", 1.0]))
    assert [row["number"] for row in rehearsal.rows] == [True, 1, "1", 1.0]
    costs = [line["number"] for line in rehearsal.summary() if line["outcome"] == "cost"]
    assert list(map(repr, costs)) == ["True", "1", "'1'", "1.0"]


def test_numbers_of_numpy_in_designs_become_numbers_of_python():
    """A design with a number of numpy has a number of Python in its rows."""
    numpy = pytest.importorskip("numpy")
    (row,) = serially(campaigns.count, grid(number=numpy.arange(3, 4)), numpy.arange(1)).rows
    assert (type(row["number"]), type(row["seed"])) == (int, int)


def test_campaign_without_a_signature_is_called():
    """A campaign whose signature Python does not know is called all the same."""
    assert error_of(dict) == "TypeError: 'MTurk' object is not iterable"


def test_processes_are_as_many_as_cores(monkeypatch):
    """The number of processes is that of the usable cores, or of the machine's cores."""
    assert processes.count_processes() >= 1
    monkeypatch.delattr(processes.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(processes.os, "cpu_count", lambda: None)
    assert processes.count_processes() == 1


# Grids ------------------------------------------------------------------------------------


def test_grid_combines_all_values():
    """grid() returns every combination; the last name varies fastest."""
    assert grid(redundancy=[1, 3], reward=iter(["0.05", "0.10"])) == [
        {"redundancy": 1, "reward": "0.05"},
        {"redundancy": 1, "reward": "0.10"},
        {"redundancy": 3, "reward": "0.05"},
        {"redundancy": 3, "reward": "0.10"},
    ]


def test_grid_without_names_has_one_design():
    """grid() without arguments returns one design without names."""
    assert grid() == [{}]


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ("0.05", TypeError, "grid() takes reward= as a list of values, not '0.05'"),
        (5, TypeError, "grid() takes reward= as a list of values, not 5"),
        ([], ValueError, "grid() takes one value of reward or more, not an empty list"),
    ],
)
def test_grid_takes_lists(given, kind, message):
    """grid() rejects a single value, and an empty list."""
    with pytest.raises(kind) as refusal:
        grid(reward=given)
    assert str(refusal.value) == message
