"""Runs in processes of this machine, or on an executor that the program brings."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    as_completed,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final

from mturk_mock.rehearsals.run import Row, Run, failed_row

#: Does one run in another process, or another thread.
Task = Callable[[Run], Row]
#: Takes the row of a run that is done.
Done = Callable[[Run, Row], None]

#: How often a run is tried whose process dies.
_TRIES: Final = 2
_DIED: Final = "the process died while it ran this campaign, twice"
_NO_START: Final = (
    "a process of rehearse() cannot start. In a script, call rehearse() below "
    'if __name__ == "__main__": each process imports the script'
)
_BROKEN: Final = (
    "the executor broke, so rehearse() cannot go on with it: a process of it has died. Give a "
    "new executor, or none: then a campaign that kills its process is listed with its error"
)


def count_processes() -> int:
    """Return how many processes the machine can run at a time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_on(executor: Executor, task: Task, runs: Iterable[Run], done: Done) -> None:
    """Do runs on an executor. Raises RuntimeError if it breaks."""
    running = {executor.submit(task, run): run for run in runs}
    try:
        for future in as_completed(running):
            done(running[future], _row_of(future))
    finally:
        for future in running:
            future.cancel()


def _row_of(future: Future[Row]) -> Row:
    """Return the row of a future, also for a run that its worker has not survived."""
    try:
        return future.result()
    except BrokenExecutor:
        raise RuntimeError(_BROKEN) from None
    except Exception as problem:  # such as KilledWorker of Dask, or a module it cannot import
        return failed_row(f"{type(problem).__name__}: {problem}")


def run_in_processes(task: Task, runs: Iterable[Run], count: int, done: Done) -> None:
    """Do runs in this number of processes.

    A run whose process dies is tried once more, then its row has an error. Raises RuntimeError if
    processes cannot start.
    """
    waiting = deque(runs)
    tries: Counter[int] = Counter()
    processes = [Process() for _ in range(min(count, len(waiting)))]
    try:
        _await_start(processes)
        idle, running = list(processes), dict[Future[Row], tuple[Process, Run]]()
        while waiting or running:
            while waiting and idle:
                process, run = idle.pop(), waiting.popleft()
                running[process.submit(task, run)] = process, run
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                process, run = running.pop(future)
                row = process.row_of(future)
                tries[run.number] += 1
                if row is None and tries[run.number] < _TRIES:
                    waiting.append(run)
                else:
                    done(run, failed_row(_DIED) if row is None else row)
                idle.append(process)
    finally:
        for process in processes:
            process.end()


class Process:
    """A process that does one run at a time, and another in its place if it dies.

    It is a pool of one process, so that a death costs one run.
    """

    def __init__(self) -> None:
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # A fork of a program with threads, as notebooks have, could wait for a lock for ever.
        return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def submit(self, task: Callable[..., Any], *args: Any) -> Future[Any]:
        """Begin a run."""
        try:
            return self._pool.submit(task, *args)
        except BrokenProcessPool:  # it has died while it was idle
            self._pool = self._start()
            return self._pool.submit(task, *args)

    def row_of(self, future: Future[Row]) -> Row | None:
        """Return the row of a run that is over; None if the process has died."""
        try:
            return future.result()
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._start()
            return None
        except Exception as problem:  # the design cannot be read there
            return failed_row(f"{type(problem).__name__}: {problem}")

    def end(self) -> None:
        """End the process, even within a run, as after Ctrl-C."""
        for each in list((self._pool._processes or {}).values()):
            each.terminate()
        self._pool.shutdown(cancel_futures=True)


def _await_start(processes: Iterable[Process]) -> None:
    try:
        for future in [each.submit(os.getpid) for each in processes]:
            future.result()
    except BrokenProcessPool:
        raise RuntimeError(_NO_START) from None
