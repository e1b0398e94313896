"""A crowd: many people who come along the clock, choose HITs, work, and go."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import to_datetime
from mturk_mock.model.hit import UNASSIGNABLE
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.workforce import crowd_picture, crowd_table
from mturk_mock.workforce.crowd_choice import may_anybody_work
from mturk_mock.workforce.crowd_habits import Habits, Progress
from mturk_mock.workforce.crowd_life import HOUR, Life, Memory
from mturk_mock.workforce.crowd_table import HITRow, Result, WorkerRow
from mturk_mock.workforce.worker import Worker

_GONE: Final = (
    "this crowd is not there: it came after what the mock was taken back to, by reset(), by "
    "restore(), whose files have no crowds, or at the end of isolated(); ask the mock for a new one"
)


class Crowd:
    """People who come, choose among the HITs they may take, work and go, as time passes.

    They live in the mock's time: `mturk.clock.advance(...)` lets them do what they would do
    meanwhile, each thing at its moment. Made by `MTurk.crowd(size, ...)`, which takes:

    - `seed`, an int: the same one makes them do the same things again, if the clock is moved
      in the same steps.
    - `answer`: a function of a HIT and a worker that returns the form's fields, called when the
      work is submitted; without it they fill in something that the form takes.
    - `arrivals`: how many come in an hour on average, or a function of the time, an aware
      datetime, that returns it (asked every quarter of an hour). A third of them, unless said.
    - `work_time`: seconds for a HIT, a pair of the least and the most, or a function of a
      `random.Random` and the HIT. 20 to 120 unless said, at most nine tenths of the HIT's
      time. Who takes the HIT's whole time, or longer, has abandoned it.
    - `accuracy`, from 0 to 1: how often a field with choices is answered as `answer` says;
      else it has another choice. With `wrong`, a function as `answer`: how often the whole
      is as `answer` says; else it is as `wrong` says.
    - `returns`, `abandons`, from 0 to 1: shares of what they take that they give back, or
      leave behind until its time is up. None unless said. They may take it again later.
    - `check`: False lets them submit what the worker's page would refuse.
    - `progress`: a function of a text, called once an hour of the mock's time; True prints
      the text to stderr.

    Who has done one HIT goes on with another four times of five, and leaves else. Nobody has
    more than one in hand, but for those left behind. [assumed] all of it
    """

    def __init__(
        self, backend: Backend, size: int, habits: Habits, seed: int | None, progress: Progress
    ) -> None:
        self._backend = backend
        self._report = _print if progress is True else progress or None
        self._reported: int | None = None  # when the last progress was
        with backend.transaction() as (marketplace, now):
            number = len(marketplace.memories) + 1
            self._name = f"crowd {uuid4().hex}"  # no other mock, and no copy, has one of the name
            self._life = Life(backend, self._name, habits, self._watch)
            stream = f"{backend.settings.seed}/crowd/{number}" if seed is None else f"crowd/{seed}"
            people = tuple(marketplace.ids.worker() for _ in range(size))
            for worker_id in people:
                marketplace.person(worker_id)
            self._life.begin(marketplace, people, stream, now)
            backend.timeline.visitors[self._name] = self._life

    def _remember(self, marketplace: Marketplace) -> Memory:
        memory = self._life.memory(marketplace)
        if memory is None or self._backend.timeline.visitors.get(self._name) is not self._life:
            raise RuntimeError(_GONE)
        return memory

    @property
    def workers(self) -> list[Worker]:
        """Everybody, as `MTurk.worker` returns them."""
        with self._backend.transaction() as (marketplace, _):
            return [Worker(self._backend, id_) for id_ in self._remember(marketplace).people]

    def finish(self, *, days: float | None = None) -> Crowd:
        """Let time pass until nothing is left that anybody of the crowd may take, and return self.

        HITs that somebody is working on, or has walked away from, are waited for. `days`: at
        most so many pass. ValueError for less than nothing.
        """
        if days is not None and not days >= 0:
            raise ValueError(f"finish() takes days= of 0 or more, not {days!r}")
        with self._backend.transaction() as (marketplace, now):
            step = None if days is None else timedelta(days=days) // timedelta(microseconds=1)
            limit = None if step is None else now + step
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
        if len(memory.away) < len(memory.people) or _is_any_waited_for(marketplace):
            return True
        return may_anybody_work(marketplace, map(marketplace.person, memory.people))

    # Results ------------------------------------------------------------------------------

    @property
    def results(self) -> list[Result]:
        """A row for each assignment that was taken, in that order; `pandas.DataFrame` takes it."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.results(marketplace, self._remember(marketplace))

    @property
    def by_worker(self) -> list[WorkerRow]:
        """A row for each person; `pandas.DataFrame` takes it."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.by_worker(marketplace, self._remember(marketplace))

    @property
    def by_hit(self) -> list[HITRow]:
        """A row for each HIT of the mock; `pandas.DataFrame` takes it."""
        with self._backend.transaction() as (marketplace, _):
            return crowd_table.by_hit(marketplace, self._remember(marketplace))

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Return a picture of the campaign over time, a `matplotlib.figure.Figure`.

        `path`: where to write it, as PNG, PDF or SVG by its ending. ImportError where
        matplotlib is not installed.
        """
        with self._backend.transaction() as (marketplace, now):
            timeline = crowd_picture.make_timeline(marketplace, self._remember(marketplace), now)
        return crowd_picture.draw(timeline, self._summary(), path)

    # Progress -----------------------------------------------------------------------------

    def _watch(self, marketplace: Marketplace) -> None:
        """Show the progress once an hour of the mock's time."""
        now = marketplace.clock.read()
        if self._reported is None or abs(now - self._reported) >= HOUR:
            self._show_progress(marketplace)

    def _show_progress(self, marketplace: Marketplace) -> None:
        if self._report:
            self._reported = marketplace.clock.read()
            self._report(f"{to_datetime(self._reported):%Y-%m-%d %H:%M} UTC: {self._summary()}")

    def _summary(self) -> str:
        with self._backend.transaction() as (marketplace, _):
            memory = self._remember(marketplace)
            people, working = len(memory.people), len(memory.people) - len(memory.away)
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
        try:
            return f"<{self._summary()}>"
        except RuntimeError:
            return "<crowd that is not there any more>"


def _is_any_waited_for(marketplace: Marketplace) -> bool:
    """Tell whether a HIT may be offered again: somebody has it, and may not hand it in."""
    return any(
        not hit.expired
        for account in marketplace.accounts.values()
        for hit in account.hit_lists.of((UNASSIGNABLE, None)).after()
    )


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
