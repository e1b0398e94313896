"""`rehearse`: run a campaign for each design and seed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import quote
from mturk_mock.mock.options import read_options
from mturk_mock.rehearsals.designs import Design, check_designs, check_seeds, names_of
from mturk_mock.rehearsals.packing import check_designs_packable, pack_campaign, run_packed
from mturk_mock.rehearsals.processes import Task, count_processes, run_in_processes, run_on
from mturk_mock.rehearsals.progress import Progress
from mturk_mock.rehearsals.rehearsal import (
    Rehearsal,
    read_file,
    show,
    write_file,
    write_head,
    write_line,
)
from mturk_mock.rehearsals.run import Campaign, Row, Run, run_campaign

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
    - `progress`: whether to show on stderr how far it is.
    - `path`: a file that gets each row when its run is done. Runs whose rows are in the file are
      not done again, so that a rehearsal goes on where it stopped. Rows with an error are done
      again.
    - `mock_options`: those of `mock_mturk`, but no seed. Default: ``now`` is 2026-01-05 09:00
      UTC, and the latest 1,000 calls are kept.

    The rows are the same wherever the runs are done, if a campaign takes random numbers only from
    the mock and its seed. A campaign that raises is a row with its error. A process that dies
    costs its run, which is tried again, then listed with its error.

    Raises TypeError or ValueError for wrong arguments, and if the campaign or a design cannot be
    sent to other processes, before anything starts. Raises RuntimeError if `executor` breaks.
    """
    if not callable(campaign):
        raise TypeError(f"rehearse() takes a campaign as a function, not {quote(campaign)}")
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(
            "rehearse() takes executor= as a concurrent.futures.Executor, such as "
            f"distributed.Client().get_executor(), not {quote(executor)}"
        )
    options = _check_options(mock_options)
    checked, order = check_designs(designs), check_seeds(seeds)
    runs = [
        Run(number, design, seed)
        for number, (design, seed) in enumerate((d, s) for d in checked for s in order)
    ]
    perform = _prepare(campaign, checked, options, executor)
    with Rows(names_of(checked), path) as rows:
        missing = [run for run in runs if not rows.has(run)]
        _do(perform, missing, rows, show_progress=progress)
        return Rehearsal(names_of(checked), map(rows.row_of, runs))


def _check_options(options: Mapping[str, Any]) -> dict[str, Any]:
    if "seed" in options:
        raise TypeError("rehearse() takes seeds=, a seed for each run, and no seed=")
    checked = {"calls": _CALLS, **options}
    read_options(checked)
    return checked


#: Does all runs, and tells of each when it is done.
Perform = Callable[[list[Run], Callable[[Run, Row], None]], None]


def _prepare(
    campaign: Campaign, designs: list[Design], options: dict[str, Any], executor: Executor | None
) -> Perform:
    """Return how to do the runs; raise TypeError if they cannot be sent to other processes."""
    if isinstance(executor, ThreadPoolExecutor):
        here: Task = partial(run_campaign, campaign, options=options)
        return partial(run_on, executor, here)
    check_designs_packable(designs)
    task: Task = partial(run_packed, pack_campaign(campaign), options=options)
    if executor is not None:
        return partial(run_on, executor, task)
    return lambda runs, done: run_in_processes(task, runs, count_processes(), done)


def _do(perform: Perform, runs: list[Run], rows: Rows, *, show_progress: bool) -> None:
    shown = Progress(len(runs), is_shown=show_progress)

    def note(run: Run, row: Row) -> None:
        rows.add(run, row)
        shown.note(failed=row["error"] is not None)

    try:
        perform(runs, note)
    finally:
        shown.end()


class Rows:
    """The rows of the runs that are done, by design and seed, and the file that keeps them."""

    def __init__(self, names: list[str], path: str | os.PathLike[str] | None) -> None:
        self._names = names
        self._found: dict[tuple[Any, ...], Row] = {}
        self._file: TextIO | None = None
        if path is not None:
            check_path("rehearse()", path)
            self._open(Path(path))

    def _open(self, path: Path) -> None:
        kept: list[Row] = []
        if path.exists() and path.stat().st_size:
            names, rows = read_file(path)
            if names != self._names:
                raise ValueError(
                    f"{path} has designs with {names}, not {self._names}: name a new file, or "
                    "give the designs the same names"
                )
            kept = [row for row in rows if row["error"] is None]
        for row in kept:
            self._found[self._key(row, row["seed"])] = row
        lines = [write_head(self._names), *map(write_line, kept)]
        write_file(path, lines)
        self._file = path.open("a", encoding="utf-8")

    def _key(self, design: Mapping[str, Any], seed: int) -> tuple[Any, ...]:
        return seed, *(show(design.get(name)) for name in self._names)

    def has(self, run: Run) -> bool:
        """Tell whether a run is done."""
        return self._key(run.design, run.seed) in self._found

    def add(self, run: Run, row: Row) -> None:
        """Keep the row of a run."""
        whole = {**run.design, "seed": run.seed, **row}
        self._found[self._key(run.design, run.seed)] = whole
        if self._file is not None:
            self._file.write(f"{write_line(whole)}\n")
            self._file.flush()

    def row_of(self, run: Run) -> Row:
        """Return the row of a run."""
        return self._found[self._key(run.design, run.seed)] | run.design

    def __enter__(self) -> Rows:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
