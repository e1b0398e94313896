"""The life of a crowd: workers arrive, accept HITs, work, and leave. Times in microseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import LATEST, SECOND, Event, to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.model import assignment_life, requirement
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ACCEPTED, RETURNED, Assignment
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.timeline import visitor_account
from mturk_mock.model.worker import MOST_OPEN_ASSIGNMENTS, Person
from mturk_mock.workforce import crowd_answers
from mturk_mock.workforce.crowd_habits import Habits
from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.hit import Assignment as AssignmentHandle
from mturk_mock.workforce.worker import Worker

SUBMITS: Final = "worker submits"
RETURNS: Final = "worker returns the HIT"
LEAVES: Final = "worker leaves without a word"

#: The chance that a worker goes on with another HIT after one. [assumed]
GOES_ON: Final = 0.8
HOUR: Final = 60 * 60 * SECOND
#: How long a rate of arrivals holds if it is a function of the time. [assumed]
_STEP: Final = HOUR // 4
#: After so many steps without an arrival, two years, no worker arrives any more.
_MOST_STEPS: Final = 2 * 365 * 24 * 4
#: HITs drawn at random before all are looked through.
_TRIES: Final = 8
#: Errors that stay of their type when they name the crowd; others become a RuntimeError.
_KINDS: Final = (TypeError, ValueError, RuntimeError)


@dataclass
class Memory:
    """What a crowd remembers: plain data, kept in the marketplace."""

    random: Random
    people: tuple[str, ...]
    away: list[str]
    next_arrival: int | None = None
    arrivals: list[tuple[int, str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # ids of assignments
    submitted: int = 0
    failed: bool = False  # a function of the program has raised
    stopped: bool = False
    return_times: dict[str, int] = field(default_factory=dict)  # by assignment
    right: dict[str, bool] = field(default_factory=dict)  # by assignment


class Life:
    """A visitor of the marketplace: it brings the workers, who then act by events."""

    def __init__(
        self,
        backend: Backend,
        name: str,
        title: str,
        habits: Habits,
        watch: Callable[[Marketplace], None],
    ) -> None:
        self._backend = backend
        self._name = name
        self._title = title  # in errors
        self._habits = habits
        self._watch = watch  # called after each arrival and action

    def begin(self, marketplace: Marketplace, seed: str, now: int) -> None:
        """Create the workers, all of them away; crowds that have failed stop."""
        people = tuple(marketplace.ids.worker() for _ in range(self._habits.size))
        for worker_id in people:
            marketplace.person(worker_id)
        memory = Memory(Random(seed), people, list(people))
        memory.next_arrival = self._draw_arrival(memory.random, now)
        for other in marketplace.memories.values():
            other.stopped |= other.failed
        marketplace.memories[self._name] = memory

    def memory(self, marketplace: Marketplace) -> Memory | None:
        """Return what the crowd remembers; None in a state without the crowd."""
        memory: Memory | None = marketplace.memories.get(self._name)
        return memory

    def _remembered(self, marketplace: Marketplace) -> Memory:
        memory: Memory = marketplace.memories[self._name]
        return memory

    # As a visitor -------------------------------------------------------------------------

    def next_arrival(self, marketplace: Marketplace) -> int | None:
        """Return when the next worker arrives."""
        memory = self.memory(marketplace)
        return None if memory is None or memory.stopped else memory.next_arrival

    def put_off(self, marketplace: Marketplace, moment: int) -> None:
        """Draw the next arrival again, from `moment` on: a Poisson process has no memory."""
        memory = self._remembered(marketplace)
        with self._errors_named(memory):
            memory.next_arrival = self._draw_arrival(memory.random, moment)

    def arrive(self, marketplace: Marketplace, moment: int) -> None:
        """Let a worker who is away arrive, if there is one, and look for a HIT."""
        memory = self._remembered(marketplace)
        with self._errors_named(memory):
            memory.next_arrival = self._draw_arrival(memory.random, moment)
            if memory.away:
                self._receive(marketplace, memory, moment)
            self._watch(marketplace)

    def _receive(self, marketplace: Marketplace, memory: Memory, moment: int) -> None:
        place = memory.random.randrange(len(memory.away))
        memory.away[place], memory.away[-1] = memory.away[-1], memory.away[place]
        worker_id = memory.away.pop()
        memory.arrivals.append((moment, worker_id))
        with _away_after_errors(memory, worker_id):
            self._look_for_work(marketplace, memory, worker_id, moment)

    def expects(self, marketplace: Marketplace) -> bool:
        """Tell whether the crowd has not stopped."""
        return not self._remembered(marketplace).stopped

    def act(self, marketplace: Marketplace, event: Event) -> None:
        """Let a worker end the work on an assignment, and go on with another or leave."""
        memory = self._remembered(marketplace)
        with self._errors_named(memory):
            self._go_on(marketplace, memory, event)
            self._watch(marketplace)

    def _go_on(self, marketplace: Marketplace, memory: Memory, event: Event) -> None:
        account, assignment = marketplace.find_assignment(event.subject)
        goes_on = event.kind != LEAVES and memory.random.random() < GOES_ON
        with _away_after_errors(memory, assignment.worker_id):
            if assignment.status == ACCEPTED:  # not returned by the program, or abandoned
                self._end(account, memory, assignment, event)
            if goes_on and not memory.stopped:
                self._look_for_work(marketplace, memory, assignment.worker_id, event.due)
        if not goes_on:
            memory.away.append(assignment.worker_id)

    @contextmanager
    def _errors_named(self, memory: Memory) -> Iterator[None]:
        """Raise the errors of the program's functions as errors that name the crowd."""
        try:
            yield
        except Exception as problem:
            memory.failed = True
            is_named = type(problem) in _KINDS
            kind = type(problem) if is_named else RuntimeError
            text = str(problem) if is_named else f"{type(problem).__name__}: {problem}"
            message = f"{self._title} has failed: {text}. To go on without it, call its stop()"
            raise kind(message) from problem

    # Workers ------------------------------------------------------------------------------

    def _look_for_work(
        self, marketplace: Marketplace, memory: Memory, worker_id: str, now: int
    ) -> None:
        """Accept a HIT and decide how the work on it ends, or leave."""
        person = marketplace.person(worker_id)
        chosen = _choose(marketplace, person, memory.random)
        if chosen is None:
            memory.away.append(worker_id)
            return
        account, hit = chosen
        with self._backend.lend():
            seconds = self._habits.seconds(memory.random, HIT(self._backend, hit))
        assignment = assignment_life.accept(Scope(marketplace, account, now), hit, person)
        memory.taken.append(assignment.id)
        self._plan(marketplace, memory.random, assignment.id, now, round(seconds * SECOND))

    def _plan(
        self, marketplace: Marketplace, random: Random, id_: str, now: int, work_time: int
    ) -> None:
        """Decide how and when the work on an assignment ends; giving up takes less time."""
        chance, habits = random.random(), self._habits
        kind = SUBMITS
        if chance < habits.returns + habits.abandons:
            kind = RETURNS if chance < habits.returns else LEAVES
            work_time = round(work_time * random.random())
        marketplace.schedule.add(now + work_time, kind, visitor_account(self._name), id_)

    def _end(self, account: Account, memory: Memory, assignment: Assignment, event: Event) -> None:
        """Submit the work, return it, or leave it open until it is abandoned."""
        if event.kind == SUBMITS:
            self._submit(account, memory, assignment)
        elif event.kind == RETURNS:
            assignment_life.give_back(account, assignment, RETURNED, event.due)
            memory.return_times[assignment.id] = event.due

    def _submit(self, account: Account, memory: Memory, assignment: Assignment) -> None:
        hit = HIT(self._backend, account.hits[assignment.hit_id])
        worker = Worker(self._backend, account.people[assignment.worker_id])
        with self._backend.lend():
            given = crowd_answers.answer(self._habits, hit, worker, memory.random)
        handle = AssignmentHandle(self._backend, assignment)
        try:
            handle.submit(given.fields, check=self._habits.check)
        except (TypeError, ValueError) as problem:
            what = f"crowd(): the answer of {worker.id} to the HIT {hit.hit_id} cannot be submitted"
            raise type(problem)(f"{what}: {problem}") from None
        memory.submitted += 1
        if given.is_right is not None:
            memory.right[assignment.id] = given.is_right

    def _draw_arrival(self, random: Random, now: int) -> int | None:
        """Return when the next worker arrives, by a Poisson process; None for never.

        A rate that is a function is called for every quarter of an hour.
        """
        if not callable(self._habits.arrivals):
            return now + _gap(random, self._habits.rate(to_datetime(now)))
        for begin in range(now, now + _MOST_STEPS * _STEP, _STEP):
            with self._backend.lend():
                rate = self._habits.rate(to_datetime(begin))
            gap = _gap(random, rate) if rate else _STEP
            if gap < _STEP:
                return begin + gap
        return None


@contextmanager
def _away_after_errors(memory: Memory, worker_id: str) -> Iterator[None]:
    """Let the worker leave, to arrive again, if a function of the program raises."""
    try:
        yield
    except BaseException:
        memory.away.append(worker_id)
        raise


def _gap(random: Random, rate: float) -> int:
    """Return the time to the next arrival, at a rate per hour."""
    return round(min(random.expovariate(rate) * HOUR, LATEST))


# Choice of HITs ------------------------------------------------------------------------


def _choose(
    marketplace: Marketplace, person: Person, random: Random
) -> tuple[Account, hits.HIT] | None:
    """Return a HIT that the worker may accept, with its account; None if there is none.

    Each one is as likely as the others. [assumed]
    """
    if person.open_assignments >= MOST_OPEN_ASSIGNMENTS:
        return None
    offers, permissions = marketplace.offers, _Permissions(marketplace, person)
    for _ in range(_TRIES):
        hit = offers.draw(random)
        if hit is not None and permissions.may_take(hit):
            return marketplace.find_hit(hit.id)
    fitting = [hit for hit in offers if permissions.may_take(hit)]
    return marketplace.find_hit(random.choice(fitting).id) if fitting else None


def may_any_work(marketplace: Marketplace, people: Iterable[Person]) -> bool:
    """Tell whether there is a HIT that one of the workers may accept."""
    for person in people:
        permissions = _Permissions(marketplace, person)
        free = person.open_assignments < MOST_OPEN_ASSIGNMENTS
        if free and any(permissions.may_take(hit) for hit in marketplace.offers):
            return True
    return False


class _Permissions:
    """What a worker may accept at one moment: the same for all HITs of a type."""

    def __init__(self, marketplace: Marketplace, person: Person) -> None:
        self._marketplace = marketplace
        self._person = person
        self._allowed: dict[str, bool] = {}  # by HITTypeId

    def may_take(self, hit: hits.HIT) -> bool:
        """Tell whether the worker may accept an assignment of the HIT."""
        if self._person.id in hit.takers:
            return False
        if hit.type.id not in self._allowed:
            self._allowed[hit.type.id] = self._is_allowed(hit)
        return self._allowed[hit.type.id]

    def _is_allowed(self, hit: hits.HIT) -> bool:
        account, _ = self._marketplace.find_hit(hit.id)
        if self._person.id in account.blocks:
            return False
        requirements = hit.type.properties.requirements
        try:
            requirement.check_met(
                account.qualifications, requirements, self._person, requirement.ACCEPT, hit.id
            )
        except MTurkError:
            return False
        return True
