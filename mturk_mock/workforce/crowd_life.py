"""The life of a crowd: who comes, takes a HIT, works, and goes. Times in microseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import SECOND, Event, to_datetime
from mturk_mock.model import assignment_life
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ACCEPTED, RETURNED, Assignment
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.timeline import visitor_account
from mturk_mock.workforce import crowd_answers
from mturk_mock.workforce.assignment import Assignment as AssignmentHandle
from mturk_mock.workforce.crowd_choice import choose
from mturk_mock.workforce.crowd_habits import Habits, rate_at
from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.worker import Worker

SUBMITS: Final = "worker submits"
RETURNS: Final = "worker returns the HIT"
LEAVES: Final = "worker leaves without a word"

#: The chance that somebody who has done one HIT goes on with another. [assumed]
GOES_ON: Final = 0.8
HOUR: Final = 60 * 60 * SECOND
#: How long a rate of arrivals holds, where it is a function of the time. [assumed]
_STEP: Final = HOUR // 4
#: Nobody comes any more where nobody would within so many steps, two years.
_MOST_STEPS: Final = 2 * 365 * 24 * 4


@dataclass
class Memory:
    """What a crowd remembers: plain data, kept with the marketplace's."""

    random: Random
    people: tuple[str, ...]
    away: list[str]
    next_arrival: int | None = None
    arrivals: list[tuple[int, str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # ids of assignments
    submitted: int = 0
    return_times: dict[str, int] = field(default_factory=dict)  # by assignment
    right: dict[str, bool] = field(default_factory=dict)  # by assignment


class Life:
    """A visitor of the marketplace: it brings the people, who then act by events."""

    def __init__(
        self, backend: Backend, name: str, habits: Habits, watch: Callable[[Marketplace], None]
    ) -> None:
        self._backend = backend
        self._name = name
        self._habits = habits
        self._watch = watch  # called whenever somebody has come or acted

    def begin(self, marketplace: Marketplace, people: tuple[str, ...], seed: str, now: int) -> None:
        """Let the people exist, all of them away."""
        memory = Memory(Random(seed), people, list(people))
        memory.next_arrival = self._draw_arrival(memory.random, now)
        marketplace.memories[self._name] = memory

    def memory(self, marketplace: Marketplace) -> Memory | None:
        """Return what the crowd remembers; None in a world that it never came to."""
        memory: Memory | None = marketplace.memories.get(self._name)
        return memory

    def _remembered(self, marketplace: Marketplace) -> Memory:
        memory: Memory = marketplace.memories[self._name]
        return memory

    # As a visitor -------------------------------------------------------------------------

    def next_arrival(self, marketplace: Marketplace) -> int | None:
        """Return when somebody comes next."""
        memory = self.memory(marketplace)
        return None if memory is None else memory.next_arrival

    def put_off(self, marketplace: Marketplace, moment: int) -> None:
        """Draw the next arrival anew, as if the waiting began at `moment`.

        The waiting for a Poisson process has no memory, so this is its law exactly.
        """
        memory = self._remembered(marketplace)
        memory.next_arrival = self._draw_arrival(memory.random, moment)

    def arrive(self, marketplace: Marketplace, moment: int) -> None:
        """Let somebody who is away come, if there is anybody, and look for a HIT."""
        memory = self._remembered(marketplace)
        memory.next_arrival = self._draw_arrival(memory.random, moment)
        if memory.away:
            place = memory.random.randrange(len(memory.away))
            memory.away[place], memory.away[-1] = memory.away[-1], memory.away[place]
            worker_id = memory.away.pop()
            memory.arrivals.append((moment, worker_id))
            with _away_after_errors(memory, worker_id):
                self._look_for_work(marketplace, memory, worker_id, moment)
        self._watch(marketplace)

    def act(self, marketplace: Marketplace, event: Event) -> None:
        """Let somebody end the work on an assignment, and go on with another or leave."""
        memory = self._remembered(marketplace)
        account, assignment = marketplace.find_assignment(event.subject)
        goes_on = event.kind != LEAVES and memory.random.random() < GOES_ON
        with _away_after_errors(memory, assignment.worker_id):
            if assignment.status == ACCEPTED:  # and not given back by the program, or abandoned
                self._end(account, memory, assignment, event)
            if goes_on:
                self._look_for_work(marketplace, memory, assignment.worker_id, event.due)
        if not goes_on:
            memory.away.append(assignment.worker_id)
        self._watch(marketplace)

    # People -------------------------------------------------------------------------------

    def _look_for_work(
        self, marketplace: Marketplace, memory: Memory, worker_id: str, now: int
    ) -> None:
        """Take a HIT and decide what becomes of it, or leave."""
        person = marketplace.person(worker_id)
        chosen = choose(marketplace, person, memory.random)
        if chosen is None:
            memory.away.append(worker_id)
            return
        account, hit = chosen
        seconds = self._habits.seconds(memory.random, HIT(self._backend, hit.id))
        id_ = marketplace.ids.entity("Assignment")
        assignment_life.accept(account, hit, person, id_, now)
        memory.taken.append(id_)
        self._plan(marketplace, memory.random, id_, now, round(seconds * SECOND))

    def _plan(
        self, marketplace: Marketplace, random: Random, id_: str, now: int, work_time: int
    ) -> None:
        """Decide how the work on an assignment ends; who gives up does so on the way."""
        chance, habits = random.random(), self._habits
        kind = SUBMITS
        if chance < habits.returns + habits.abandons:
            kind = RETURNS if chance < habits.returns else LEAVES
            work_time = round(work_time * random.random())
        marketplace.schedule.add(now + work_time, kind, visitor_account(self._name), id_)

    def _end(self, account: Account, memory: Memory, assignment: Assignment, event: Event) -> None:
        """Submit the work, give it back, or leave it open until its time is up."""
        if event.kind == SUBMITS:
            self._submit(memory, assignment)
        elif event.kind == RETURNS:
            assignment_life.give_back(account, assignment, RETURNED, event.due)
            memory.return_times[assignment.id] = event.due

    def _submit(self, memory: Memory, assignment: Assignment) -> None:
        backend = self._backend
        hit, worker = HIT(backend, assignment.hit_id), Worker(backend, assignment.worker_id)
        given = crowd_answers.answer(self._habits, hit, worker, memory.random)
        handle = AssignmentHandle(backend, assignment.id)
        try:
            handle.submit(given.fields, check=self._habits.check)
        except (TypeError, ValueError) as problem:
            what = f"crowd(): the answer of {worker.id} to the HIT {hit.hit_id} cannot be submitted"
            raise type(problem)(f"{what}: {problem}") from None
        memory.submitted += 1
        if given.is_right is not None:
            memory.right[assignment.id] = given.is_right

    def _draw_arrival(self, random: Random, now: int) -> int | None:
        """Return when the next one comes, by a Poisson process; None for never.

        Where the rate is a function it is asked every quarter of an hour.
        """
        arrivals = self._habits.arrivals
        if not callable(arrivals):
            return now + _gap(random, arrivals)
        for begin in range(now, now + _MOST_STEPS * _STEP, _STEP):
            rate = rate_at(arrivals, to_datetime(begin))
            gap = _gap(random, rate) if rate else _STEP
            if gap < _STEP:
                return begin + gap
        return None


@contextmanager
def _away_after_errors(memory: Memory, worker_id: str) -> Iterator[None]:
    """Let somebody go, and come again, where a function of the user's fails."""
    try:
        yield
    except BaseException:
        memory.away.append(worker_id)
        raise


def _gap(random: Random, rate: float) -> int:
    """Return the time to the next arrival, at so many an hour."""
    return round(random.expovariate(rate) * HOUR)
