"""Crowds: groups of simulated workers, who act as the clock advances."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import DAY, LATEST, to_datetime
from mturk_mock.core.paths import check_path
from mturk_mock.model.hit import UNASSIGNABLE
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.workforce import crowd_picture, crowd_table
from mturk_mock.workforce.crowd_habits import Habits
from mturk_mock.workforce.crowd_life import HOUR, Life, Memory, can_any_accept
from mturk_mock.workforce.crowd_table import HITRow, Result, WorkerRow
from mturk_mock.workforce.handle import created_by_mock
from mturk_mock.workforce.worker import Worker

_GONE: Final = (
    "this crowd is not in this mock: the mock has gone back to a state without it, by reset(), "
    "restore() (files have no crowds) or the end of isolated(). Make a new one with mturk.crowd()"
)


class Crowd:
    """A group of workers who arrive, accept HITs that they qualify for, work and leave.

    `mturk.crowd(size, ...)` creates a crowd. As the clock advances, each action of a worker
    happens at its own time. The keyword arguments of `mturk.crowd`:

    - `seed`: an int. With the same seed, and the clock moved in the same steps, a crowd repeats
      its actions. Default: derived from the mock's seed.
    - `answer`: a function that takes a HIT and a worker and returns the form's fields. It is
      called when the work is submitted. Default: workers fill in valid values.
    - `arrivals`: the average number of workers who arrive per hour, up to 100,000; or a function
      that takes the time, an aware datetime, and returns that number. It is called for each
      quarter of an hour. Default: a third of the size.
    - `work_time`: seconds per HIT, up to 1,000,000,000; or a (minimum, maximum) pair of seconds;
      or a function that takes a `random.Random` and the HIT and returns seconds. Default: 20 to
      120 seconds, limited to nine tenths of the HIT's AssignmentDurationInSeconds. A worker who
      needs the whole duration or longer abandons the HIT.
    - `accuracy`: from 0 to 1. Without `wrong`, the probability that a field with choices has the
      value that `answer` returns, and not another choice. With `wrong`, the probability that all
      fields have the values that `answer` returns, and not those that `wrong` returns. Default:
      None, every answer as `answer` returns it.
    - `wrong`: a function like `answer`, for wrong answers. Requires `accuracy`. Default: None.
    - `skills`: a list of `Skill`: kinds of workers with their shares of the crowd, how they answer,
      and how fast. Requires `answer`, which returns the right answer. Default: None.
    - `difficulty`: a function that takes a HIT and returns, from 0 to 1, the probability that a
      worker guesses. Requires `skills`. Default: 0 for every HIT.
    - `returns`, `abandons`: from 0 to 1, the shares of the accepted assignments that workers
      return or abandon. These workers can accept the HIT again later. Default: 0.
    - `check`: False submits forms that the page would reject. Default: True.
    - `progress`: a function that takes a text, called once per hour of the mock's time; True
      prints the text to stderr. Default: False.

    If one of these functions raises an error, the call that moves the clock raises an error that
    names the crowd, with the original error as its cause. TypeError, ValueError and RuntimeError
    keep their type; other errors become RuntimeError. See `stop`. The functions can call the API,
    and can wait for other threads that do so, but they cannot move the clock.

    After each HIT, a worker takes another one with a probability of 0.8, and otherwise leaves. A
    worker works on one HIT at a time. All defaults and rules of a crowd are [assumed].
    """

    _advice = "mturk.crowd(size)"

    @created_by_mock
    def __init__(self, backend: Backend, habits: Habits) -> None:
        self._backend = backend
        self._skills = habits.skills or ()
        self._report = _print if habits.progress is True else habits.progress or None
        self._reported: int | None = None  # when the progress was last shown
        with backend.transaction() as (marketplace, now):
            number = len(marketplace.memories) + 1
            self._name = f"crowd {uuid4().hex}"  # unique among all mocks and their copies
            seed = "" if habits.seed is None else f", seed={habits.seed}"
            title = f"crowd {number}, made by mturk.crowd({habits.size}{seed}),"
            self._life = Life(backend, self._name, title, habits, self._watch)
            seed = f"{backend.settings.seed}/crowd/{number}"
            if habits.seed is not None:
                seed = f"crowd/{habits.seed}"
            self._life.begin(marketplace, seed, now)
            backend.timeline.visitors[self._name] = self._life

    def _require_memory(self, marketplace: Marketplace) -> Memory:
        memory = self._life.find_memory(marketplace)
        if memory is None or self._backend.timeline.visitors.get(self._name) is not self._life:
            raise RuntimeError(_GONE)
        return memory

    @property
    def workers(self) -> list[Worker]:
        """All workers of the crowd."""
        with self._backend.transaction() as (marketplace, _):
            people = map(marketplace.person, self._require_memory(marketplace).worker_ids)
            return [Worker(self._backend, person) for person in people]

    def finish(self, *, days: float | None = None) -> Crowd:
        """Advance the clock until the crowd can accept no more HITs, and return the crowd.

        Waits for the HITs that workers are still working on or will abandon.

        `days`: the maximum number of days to advance. Default: None, no limit. Raises TypeError
        if it is not a number, and ValueError if it is negative or leads beyond the year 9999.
        """
        if days is not None and (isinstance(days, bool) or not isinstance(days, (int, float))):
            raise TypeError(f"finish() takes days= as a number or None, not {days!r}")
        if days is not None and not days >= 0:
            raise ValueError(f"finish() takes days= of 0 or more, not {days!r}")
        with self._backend.transaction(moves_clock=True) as (marketplace, now):
            limit = None if days is None else _end_of(days, now)
            timeline = self._backend.timeline
            while has_work := self._has_work(marketplace):
                if not timeline.move_to_next(marketplace, limit):
                    break
            if has_work and limit is not None:
                timeline.move_to(marketplace, limit)
            self._show_progress(marketplace)
        return self

    def _has_work(self, marketplace: Marketplace) -> bool:
        memory = self._require_memory(marketplace)
        if memory.stopped:
            return False
        if len(memory.away) < len(memory.worker_ids) or _can_any_reopen(marketplace):
            return True
        return can_any_accept(marketplace, map(marketplace.person, memory.worker_ids))

    def stop(self) -> None:
        """Stop all workers of the crowd, and keep its results.

        The HITs that they have accepted are abandoned at their deadlines. Stopping a crowd again
        does nothing.

        An error in a function of the crowd, such as `answer`, does not stop the crowd: its other
        workers continue until `stop` is called or another crowd is created.
        """
        with self._backend.transaction() as (marketplace, _):
            self._require_memory(marketplace).stopped = True

    # Results ------------------------------------------------------------------------------

    @property
    def results(self) -> list[Result]:
        """A table for `pandas.DataFrame`: a row for each assignment, in order of acceptance."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.list_results(marketplace, self._require_memory(marketplace))

    @property
    def by_worker(self) -> list[WorkerRow]:
        """A table for `pandas.DataFrame`: a row for each worker of the crowd."""
        with self._backend.transaction() as (marketplace, _):
            memory = self._require_memory(marketplace)
            return crowd_table.list_workers(marketplace, memory, self._skills)

    @property
    def by_hit(self) -> list[HITRow]:
        """A table for `pandas.DataFrame`: a row for each HIT of the mock."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.list_hits(marketplace, self._require_memory(marketplace))

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Plot arrivals, submissions, open HITs and spending over time.

        Returns a `matplotlib.figure.Figure`. A notebook shows it as the result of a cell, without
        `%matplotlib` or pyplot. The HITs and payments are those of all requesters.

        `path`: a file to which the figure is also written, as PNG, PDF or SVG by its extension.

        Raises ImportError if matplotlib is not installed.
        """
        if path is not None:
            check_path("plot()", path)
        with self._backend.transaction() as (marketplace, now):
            timeline = crowd_picture.make_timeline(
                marketplace, self._require_memory(marketplace), now
            )
            summary = self._summary(marketplace)
        return crowd_picture.draw(timeline, summary, path)

    # Progress -----------------------------------------------------------------------------

    def _watch(self, marketplace: Marketplace) -> None:
        """Show the progress once per hour of the mock's time."""
        now = marketplace.clock.read()
        if self._reported is None or abs(now - self._reported) >= HOUR:
            self._show_progress(marketplace)

    def _show_progress(self, marketplace: Marketplace) -> None:
        if self._report:
            self._reported = marketplace.clock.read()
            summary = self._summary(marketplace)
            with self._backend.lend():
                self._report(f"{to_datetime(self._reported):%Y-%m-%d %H:%M} UTC: {summary}")

    def _summary(self, marketplace: Marketplace) -> str:
        memory = self._require_memory(marketplace)
        people = len(memory.worker_ids)
        working = 0 if memory.stopped else people - len(memory.away)
        wanted = sum(
            hit.max_assignments
            for account in marketplace.accounts.values()
            for hit in account.hits_by_number
        )
        return (
            f"crowd of {people}, {working} at work, "
            f"{memory.submitted} of {wanted} assignments submitted"
        )

    def __repr__(self) -> str:
        if self._backend.is_forked:
            return "<crowd, of another process>"
        with self._backend.peek() as marketplace, suppress(RuntimeError):
            return f"<{self._summary(marketplace)}>"
        return "<crowd, gone>"


def _end_of(days: float, now: int) -> int:
    if not days <= (LATEST - now) / DAY:
        raise ValueError(
            f"finish() takes days= that end by the year 9999, not {days!r}: the clock is at "
            f"{to_datetime(now)}"
        )
    return now + timedelta(days=days) // timedelta(microseconds=1)


def _can_any_reopen(marketplace: Marketplace) -> bool:
    """Tell whether there is a HIT that becomes Assignable if a worker returns or abandons it."""
    return any(
        not hit.expired
        for account in marketplace.accounts.values()
        for hit in account.hit_lists.of((UNASSIGNABLE, None)).after()
    )


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
