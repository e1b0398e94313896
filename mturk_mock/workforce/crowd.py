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
from mturk_mock.workforce.crowd_life import HOUR, Life, Memory, may_any_work
from mturk_mock.workforce.crowd_table import HITRow, Result, WorkerRow
from mturk_mock.workforce.worker import Worker

_GONE: Final = (
    "this crowd is not in this mock: the mock has gone back to a state without it, by reset(), "
    "restore() (files have no crowds) or the end of isolated(). Make a new one with mturk.crowd()"
)


class Crowd:
    """Workers who arrive, accept HITs that they qualify for, work and leave, as time passes.

    When the clock advances, each action happens at its own time. `MTurk.crowd(size, ...)`
    makes a crowd. Its keyword arguments:

    - `seed`, an int: a crowd of the same seed does the same again, if the clock is moved in
      the same steps.
    - `answer`: a function of a HIT and a worker that returns the form's fields, called when the
      work is submitted. By default workers fill in valid values.
    - `arrivals`: workers per hour on average, 100,000 at most, or a function of the time, an
      aware datetime, that returns it (called for every quarter of an hour). Default: a third of
      the size.
    - `work_time`: seconds per HIT, 1,000,000,000 at most, a pair of the least and the most, or
      a function of a `random.Random` and the HIT. Default: 20 to 120, at most nine tenths of
      the HIT's AssignmentDuration. A worker who takes the whole duration, or longer, abandons
      the HIT.
    - `accuracy`, from 0 to 1: how often a field with choices is answered as `answer` says;
      otherwise it has another choice. With `wrong`, a function as `answer`: how often all
      fields are as `answer` says; otherwise they are as `wrong` says.
    - `returns`, `abandons`, from 0 to 1: shares of the accepted assignments that workers
      return or abandon. Default: 0. They may accept the HIT again later.
    - `check`: False submits forms that the page would reject.
    - `progress`: a function of a text, called once per hour of the mock's time; True prints
      the text to stderr.

    An error of these functions comes out where the clock is moved; it names the crowd, and has
    the original one as its cause. The functions can call the API, also in other threads that
    they wait for, but can not move the clock. See `stop`.

    After a HIT a worker goes on with another four times of five, and leaves otherwise. No
    worker works on more than one at a time. [assumed] all of it
    """

    def __init__(self, backend: Backend, habits: Habits) -> None:
        self._backend = backend
        self._report = _print if habits.progress is True else habits.progress or None
        self._reported: int | None = None  # the time of the last progress
        with backend.transaction() as (marketplace, now):
            number = len(marketplace.memories) + 1
            self._name = f"crowd {uuid4().hex}"  # unique in all mocks and copies
            seed = "" if habits.seed is None else f", seed={habits.seed}"
            title = f"crowd {number}, made by mturk.crowd({habits.size}{seed}),"
            self._life = Life(backend, self._name, title, habits, self._watch)
            seed = f"{backend.settings.seed}/crowd/{number}"
            if habits.seed is not None:
                seed = f"crowd/{habits.seed}"
            self._life.begin(marketplace, seed, now)
            backend.timeline.visitors[self._name] = self._life

    def _remember(self, marketplace: Marketplace) -> Memory:
        memory = self._life.memory(marketplace)
        if memory is None or self._backend.timeline.visitors.get(self._name) is not self._life:
            raise RuntimeError(_GONE)
        return memory

    @property
    def workers(self) -> list[Worker]:
        """All workers of the crowd."""
        with self._backend.transaction() as (marketplace, _):
            people = map(marketplace.person, self._remember(marketplace).people)
            return [Worker(self._backend, person) for person in people]

    def finish(self, *, days: float | None = None) -> Crowd:
        """Let time pass until no HIT is left that the crowd may accept, and return the crowd.

        It waits for HITs that workers are working on or will abandon. `days`: the most that
        passes. ValueError if that is negative, or leads beyond the year 9999.
        """
        if days is not None and (isinstance(days, bool) or not isinstance(days, (int, float))):
            raise TypeError(f"finish() takes days= as a number or None, not {days!r}")
        if days is not None and not days >= 0:
            raise ValueError(f"finish() takes days= of 0 or more, not {days!r}")
        with self._backend.transaction(moves_clock=True) as (marketplace, now):
            limit = None if days is None else _end_of(days, now)
            timeline = self._backend.timeline
            while goes_on := self._goes_on(marketplace):
                if not timeline.move_to_next(marketplace, limit):
                    break
            if goes_on and limit is not None:
                timeline.move_to(marketplace, limit)
            self._show_progress(marketplace)
        return self

    def _goes_on(self, marketplace: Marketplace) -> bool:
        memory = self._remember(marketplace)
        if memory.stopped:
            return False
        if len(memory.away) < len(memory.people) or _is_any_waited_for(marketplace):
            return True
        return may_any_work(marketplace, map(marketplace.person, memory.people))

    def stop(self) -> None:
        """Let the workers do nothing more; what the crowd has done stays in its results.

        HITs that they have accepted are abandoned when the time for them is up. For a crowd
        whose function has raised: until it is stopped, or another crowd is made, its other
        workers go on. Stopping it again does nothing.
        """
        with self._backend.transaction() as (marketplace, _):
            self._remember(marketplace).stopped = True

    # Results ------------------------------------------------------------------------------

    @property
    def results(self) -> list[Result]:
        """A row for each accepted assignment, in order of acceptance, for `pandas.DataFrame`."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.results(marketplace, self._remember(marketplace))

    @property
    def by_worker(self) -> list[WorkerRow]:
        """A row for each worker, for `pandas.DataFrame`."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.by_worker(marketplace, self._remember(marketplace))

    @property
    def by_hit(self) -> list[HITRow]:
        """A row for each HIT of the mock, for `pandas.DataFrame`."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.by_hit(marketplace, self._remember(marketplace))

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Return a picture of the campaign over time, a `matplotlib.figure.Figure`.

        A notebook shows it as the result of a cell; `%matplotlib` and pyplot are not needed.
        `path`: a file to write it to, as PNG, PDF or SVG by its ending. ImportError if
        matplotlib is not installed.
        """
        if path is not None:
            check_path("plot()", path)
        with self._backend.transaction() as (marketplace, now):
            timeline = crowd_picture.make_timeline(marketplace, self._remember(marketplace), now)
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
        memory = self._remember(marketplace)
        people = len(memory.people)
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
            f"finish() takes days= that end by the year 9999, not {days!r}: it is "
            f"{to_datetime(now)}"
        )
    return now + timedelta(days=days) // timedelta(microseconds=1)


def _is_any_waited_for(marketplace: Marketplace) -> bool:
    """Tell whether a HIT may be offered again, if a worker returns or abandons it."""
    return any(
        not hit.expired
        for account in marketplace.accounts.values()
        for hit in account.hit_lists.of((UNASSIGNABLE, None)).after()
    )


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
