"""Runs in processes of this machine, or on an executor that the program brings."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from queue import SimpleQueue
from typing import Any, Final

from mturk_mock.rehearsals.run import Row, Run, describe_error, failed_row

#: Returns the function, and its arguments, that does a run in another process or thread.
Calls = Callable[[Run], Sequence[Any]]
#: A function, and its arguments, that returns why a process cannot do the runs, or None.
Probe = Sequence[Any]
#: Takes the row of a run that is done.
Done = Callable[[Run, Row], None]

#: How many runs an executor has at most, so that it does not hold thousands of futures.
_AHEAD: Final = 1000
#: The name of Dask's error for a run whose workers have died.
_WORKERS_DIED: Final = "KilledWorker"
#: How often a run is tried whose process dies.
_TRIES: Final = 2
_DIED: Final = "the process died while it ran this campaign, twice"
_NO_START: Final = (
    "a process of rehearse() cannot start. In a script, call rehearse() below "
    'if __name__ == "__main__": each process imports the script'
)
_NO_FILE: Final = (
    "the processes of rehearse() cannot read a program from stdin: save the program in a file and "
    "run that, or pass executor=ThreadPoolExecutor(1)"
)
_LOST: Final = (
    "a process of rehearse() cannot find the campaign or a value of a design ({}): define it above "
    'if __name__ == "__main__", or in a module that processes can import'
)
_BROKEN: Final = (
    "the executor broke, so rehearse() cannot go on with it: a process of it has died. Give a "
    "new executor, or none: then a campaign that kills its process is listed with its error"
)
_CANCELLED: Final = (
    "the executor cancelled runs, so rehearse() cannot go on: keep it open until rehearse() returns"
)


def count_processes() -> int:
    """Return how many processes the machine can run at a time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_on(executor: Executor, calls: Calls, runs: Iterable[Run], done: Done) -> None:
    """Do runs on an executor. Raises RuntimeError if it breaks.

    Runs whose workers have died, as often as the executor allows, are tried again at the end, one
    at a time: another run on the same workers may have been the cause.
    """
    futures: dict[Future[Row], Run] = {}
    try:
        for run in _run_ahead(executor, calls, runs, done, futures):
            future = executor.submit(*calls(run._replace(attempt=2)))
            futures[future] = run
            row = _row_of(future)
            done(futures.pop(future), row)
    except BrokenExecutor:
        raise RuntimeError(_BROKEN) from None
    except CancelledError:
        raise RuntimeError(_CANCELLED) from None
    finally:
        for future in futures:
            future.cancel()


def _run_ahead(
    executor: Executor,
    calls: Calls,
    runs: Iterable[Run],
    done: Done,
    futures: dict[Future[Row], Run],
) -> list[Run]:
    """Do runs, many at a time, and return those whose workers have died."""
    finished: SimpleQueue[Future[Row]] = SimpleQueue()
    lost: list[Run] = []

    def note_next() -> None:
        future = finished.get()
        run = futures.pop(future)
        if type(future.exception()).__name__ == _WORKERS_DIED:
            lost.append(run)
        else:
            done(run, _row_of(future))

    for run in runs:
        future = executor.submit(*calls(run))
        futures[future] = run
        future.add_done_callback(finished.put)
        while len(futures) >= _AHEAD or not finished.empty():
            note_next()
    while futures:
        note_next()
    return lost


def _row_of(future: Future[Row]) -> Row:
    """Return the row of a future; an error of the executor, as of Dask, is the row's error."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        raise
    except Exception as problem:
        return failed_row(describe_error(problem))


def run_in_processes(
    calls: Calls, probe: Probe, runs: Iterable[Run], count: int, done: Done
) -> None:
    """Do runs in this number of processes.

    A run whose process dies is tried once more, then its row has an error. Raises RuntimeError if
    processes cannot start, TypeError if they do not find the campaign or a value of a design.
    """
    _check_main()
    waiting = deque(runs)
    processes = [Process() for _ in range(min(count, len(waiting)))]
    try:
        _await_start(processes, probe)
        _share_out(calls, waiting, processes, done)
    except BaseException:  # also Ctrl-C
        for process in processes:
            process.terminate()
        raise
    finally:
        for process in processes:
            process.end()


def _share_out(calls: Calls, waiting: deque[Run], processes: Sequence[Process], done: Done) -> None:
    tries: Counter[int] = Counter()
    idle, running = list(processes), dict[Future[Row], tuple[Process, Run]]()
    while waiting or running:
        while waiting and idle:
            process, run = idle.pop(), waiting.popleft()
            running[process.submit(*calls(run))] = process, run
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            process, run = running.pop(future)
            row = process.row_of(future)
            tries[run.number] += 1
            if row is None and tries[run.number] < _TRIES:
                waiting.append(run)
            else:
                done(run, failed_row(_DIED) if row is None else row)
            idle.append(process)


class Process:
    """A process that does one run at a time, and another in its place if it dies.

    It is a pool of one process, so that a death costs one run.
    """

    def __init__(self) -> None:
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # A fork of a program with threads, as notebooks have, could wait for a lock for ever.
        spawning = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, spawning, initializer=_begin_process)

    def submit(self, *call: Any) -> Future[Any]:
        """Begin a run."""
        try:
            return self._pool.submit(*call)
        except BrokenProcessPool:  # it has died while it was idle
            self._pool = self._start()
            return self._pool.submit(*call)

    def row_of(self, future: Future[Row]) -> Row | None:
        """Return the row of a run that is over; None if the process has died."""
        try:
            return _row_of(future)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._start()
            return None

    def terminate(self) -> None:
        """End the process within its run."""
        for each in list((self._pool._processes or {}).values()):
            each.terminate()

    def end(self) -> None:
        """End the process, and wait until it has ended."""
        self._pool.shutdown(cancel_futures=True)


# No coverage is measured in these processes, which multiprocessing ends with os._exit().


def _begin_process() -> None:  # pragma: no cover
    """Leave Ctrl-C to the process that rehearses, and end when that one ends in any way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:  # pragma: no cover
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _check_main() -> None:
    """Raise RuntimeError if the program is one that processes cannot read."""
    name = getattr(sys.modules["__main__"], "__file__", None)
    if name is not None and name.startswith("<"):
        raise RuntimeError(_NO_FILE)


def _await_start(processes: Sequence[Process], probe: Probe) -> None:
    try:
        for future in [each.submit(os.getpid) for each in processes]:
            future.result()
        for first in processes[:1]:
            if problem := first.submit(*probe).result():
                raise TypeError(_LOST.format(problem))
    except BrokenProcessPool:
        raise RuntimeError(_NO_START) from None
