"""`rehearse`: run a campaign for each design and seed."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from mturk_mock.core.quoting import quote
from mturk_mock.mock.options import read_options
from mturk_mock.rehearsals.designs import (
    LAMBDA,
    Design,
    check_designs,
    check_lasting,
    check_seeds,
    copy_design,
    names_of,
    show_lasting,
)
from mturk_mock.rehearsals.files import Head, RowFile
from mturk_mock.rehearsals.packing import Packer, describe_campaign, find_lost, name_of, run_packed
from mturk_mock.rehearsals.processes import (
    Calls,
    Done,
    Probe,
    count_processes,
    run_in_processes,
    run_on,
)
from mturk_mock.rehearsals.progress import Progress
from mturk_mock.rehearsals.rehearsal import Rehearsal
from mturk_mock.rehearsals.run import IS_ASYNC, Campaign, Row, Run, check_names, run_campaign

_SEEDS: Final = range(20)
#: The latest calls that a mock of a rehearsal keeps.
_CALLS: Final = 1000


def rehearse(
    campaign: Campaign,
    designs: Iterable[Mapping[str, Any]],
    seeds: Iterable[int] = _SEEDS,
    *,
    executor: Executor | None = None,
    progress: bool = True,
    path: str | os.PathLike[str] | None = None,
    **mock_options: Any,
) -> Rehearsal:
    """Run a campaign for each design and seed, each time in a mock of its own.

    - `campaign`: a function ``campaign(mturk, **design)`` that publishes with boto3, makes a
      crowd, moves the clock, and returns a dict of outcomes: numbers and texts. `mturk` is the
      handle of the mock. Other processes must be able to import it, or cloudpickle be installed.
    - `designs`: a list of dicts of its arguments; see `grid`.
    - `seeds`: the seeds of the mocks. Everything random in a mock follows its seed.
    - `executor`: a `concurrent.futures.Executor`, such as that of Dask, loky, or a thread pool;
      by default as many processes as the machine has cores. In one process, runs take turns.
    - `progress`: whether to show on stderr how many runs are done and how much time is left.
    - `path`: a file that gets each row when its run is done. Runs whose rows are in the file are
      not done again, so that a rehearsal goes on where it stopped. Rows with an error are done
      again. The campaign needs a name, and values of designs need texts that last.
    - `mock_options`: those of `mock_mturk`, but no seed. Default: ``now`` is 2026-01-05 09:00
      UTC, and the latest 1,000 calls are kept.

    The rows are the same wherever the runs are done, if a campaign takes random numbers only from
    the mock and its seed. A campaign that raises is a row with its error. A process that dies
    costs its run, which is tried again, then listed with its error.

    Raises TypeError or ValueError for wrong arguments, and if the campaign or a design cannot be
    sent to other processes, before anything starts. Raises RuntimeError if processes cannot start,
    if `executor` breaks, or if another rehearsal goes on from the file at `path` at the same time.
    Raises OSError if the file cannot be written.
    """
    _check_campaign(campaign)
    _check_executor(executor)
    if not isinstance(progress, bool):
        raise TypeError(f"rehearse() takes progress= as True or False, not {quote(progress)}")
    options = _check_options(mock_options)
    checked, order = check_designs(designs), check_seeds(seeds)
    _check_arguments(campaign, checked)
    if path is not None:
        _check_lasting(campaign, checked)
    calls, probe = _prepare(campaign, checked, options, executor)
    pairs = [(design, seed) for design in checked for seed in order]
    runs = [Run(number, *pair) for number, pair in enumerate(pairs)]
    head = Head(names_of(checked), describe_campaign(campaign), _describe_options(mock_options))
    with RowFile(path, head) as file:
        perform = partial(_perform, executor, calls, probe)
        rehearsal = Rehearsal(head, _do(perform, runs, file, head.names, show_progress=progress))
        file.finish(rehearsal.rows)
    return rehearsal


def _check_campaign(campaign: Any) -> None:
    if not callable(campaign):
        raise TypeError(f"rehearse() takes a campaign as a function, not {quote(campaign)}")
    if inspect.iscoroutinefunction(campaign):
        raise TypeError(IS_ASYNC)


def _check_executor(executor: Any) -> None:
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(
            "rehearse() takes executor= as a concurrent.futures.Executor, such as "
            f"distributed.Client().get_executor(), not {quote(executor)}"
        )


def _check_options(options: Mapping[str, Any]) -> dict[str, Any]:
    if "seed" in options:
        raise TypeError("rehearse() takes seeds=, a seed for each run, and no seed=")
    checked = {"calls": _CALLS, **options}
    read_options(checked)
    return checked


def _describe_options(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the options that can change what runs find, as texts for files."""
    return {name: str(options[name]) for name in sorted(options) if name != "calls"}


def _check_arguments(campaign: Campaign, designs: Sequence[Design]) -> None:
    """Raise TypeError if the campaign does not take the names of a design."""
    try:
        signature = inspect.signature(campaign)
    except (TypeError, ValueError):  # some callables of C have none
        return
    for design in designs:
        try:
            signature.bind(None, **design)
        except TypeError as problem:
            raise TypeError(
                f"the campaign {quote(name_of(campaign))} cannot be called with mturk and the "
                f"design {quote(design)}: {problem}"
            ) from None


def _check_lasting(campaign: Campaign, designs: Sequence[Design]) -> None:
    """Raise ValueError if a file could take the campaign or a design for another one."""
    if LAMBDA in name_of(campaign):
        raise ValueError(
            "rehearse() with path= takes a campaign with a name of its own, so that the file "
            f"belongs to no other one, not {quote(name_of(campaign))}: define it with def"
        )
    if isinstance(campaign, partial):
        for value in (*campaign.args, *campaign.keywords.values()):
            show_lasting(f"{quote(value)} of the partial", value)
    for design in designs:
        for name, value in design.items():
            check_lasting(name, value)


def _prepare(
    campaign: Campaign,
    designs: Sequence[Design],
    options: Mapping[str, Any],
    executor: Executor | None,
) -> tuple[Calls, Probe]:
    """Return how to call for a run, and to ask a process first whether it can do the runs.

    Raises TypeError if the campaign or a design cannot be sent to other processes.
    """
    if isinstance(executor, ThreadPoolExecutor):
        return partial(_call_here, campaign, options), ()
    packer = Packer(reads_script=executor is None)
    packed = packer.pack_campaign(campaign)
    by_id = {id(design): packer.pack_design(design) for design in designs}

    def call(run: Run) -> Sequence[Any]:
        return run_packed, packed, by_id[id(run.design)], run.seed, run.attempt, options

    return call, (find_lost, packed, list(by_id.values()))


def _call_here(campaign: Campaign, options: Mapping[str, Any], run: Run) -> Sequence[Any]:
    return run_campaign, campaign, run._replace(design=copy_design(run.design)), options


def _perform(
    executor: Executor | None, calls: Calls, probe: Probe, runs: Sequence[Run], done: Done
) -> None:
    if executor is None:
        run_in_processes(calls, probe, runs, count_processes(), done)
    else:
        run_on(executor, calls, runs, done)


def _do(
    perform: Callable[[Sequence[Run], Done], None],
    runs: Sequence[Run],
    file: RowFile,
    names: Sequence[str],
    *,
    show_progress: bool,
) -> list[Row]:
    """Do the runs that the file does not have, and return the rows of all.

    `names`: those of all designs.
    """
    found = {run.number: row for run in runs if (row := file.find(run)) is not None}
    missing = [run for run in runs if run.number not in found]
    shown = Progress(len(missing), is_shown=show_progress)

    def note(run: Run, row: Row) -> None:
        row = check_names(row, names)
        found[run.number] = row
        file.add({**run.design, "seed": run.seed, **row})
        shown.note(failed=row["error"] is not None)

    try:
        perform(missing, note)
    finally:
        shown.end()
    return [{**found[run.number], **run.design, "seed": run.seed} for run in runs]
