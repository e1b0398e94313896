"""The actions of a crowd: workers arrive, accept HITs, work and leave. Times in microseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.recording import CROWD
from mturk_mock.core.clock import LATEST, SECOND, Event, to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.model import hit as hits
from mturk_mock.model import requirement
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ACCEPTED, Assignment
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.timeline import visitor_account
from mturk_mock.model.worker import MOST_OPEN_ASSIGNMENTS, Person
from mturk_mock.workforce import crowd_answers
from mturk_mock.workforce.crowd_habits import Habits
from mturk_mock.workforce.hit import HIT, return_work, submit_answer
from mturk_mock.workforce.skills import Knack, share_out
from mturk_mock.workforce.worker import Worker, accept_hit

SUBMITS: Final = "worker submits"
RETURNS: Final = "worker returns the HIT"
LEAVES: Final = "worker leaves without submitting"

#: The probability that a worker looks for another HIT after one. [assumed]
GOES_ON: Final = 0.8
HOUR: Final = 60 * 60 * SECOND
#: The time for which one result of the function `arrivals` holds. [assumed]
_STEP: Final = HOUR // 4
#: The number of steps, two years, without an arrival after which no worker arrives any more.
_MOST_STEPS: Final = 2 * 365 * 24 * 4
#: The number of HITs to draw at random before all HITs are searched.
_TRIES: Final = 8
#: Types of errors that are kept when the crowd is named; other errors become RuntimeError.
_KINDS: Final = (TypeError, ValueError, RuntimeError)


@dataclass
class Memory:
    """The state of a crowd: plain data, kept in the marketplace."""

    random: Random
    worker_ids: tuple[str, ...]
    away: list[str]  # WorkerIds
    next_arrival: int | None = None
    arrivals: list[tuple[int, str]] = field(default_factory=list)  # times and WorkerIds
    assignment_ids: list[str] = field(default_factory=list)  # in order of acceptance
    submitted: int = 0
    failed: bool = False  # a function of the program has raised
    stopped: bool = False
    return_times: dict[str, int] = field(default_factory=dict)  # by AssignmentId
    right: dict[str, bool] = field(default_factory=dict)  # by AssignmentId
    knacks: dict[str, Knack] = field(default_factory=dict)  # by WorkerId, in a crowd with skills


class Life:
    """The visitor of the marketplace that runs a crowd: arrivals, and the events of its workers."""

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
        self._title = title  # names the crowd in errors
        self._habits = habits
        self._watch = watch  # called after each arrival and action

    def begin(self, marketplace: Marketplace, seed: str, now: int) -> None:
        """Create the workers, all of them away, and stop the crowds that have failed."""
        with self._backend.recording(CROWD, "", now) as change:
            worker_ids = create_workers(marketplace, self._habits.size)
            change.body, change.outcome = {"size": len(worker_ids)}, " ".join(worker_ids)
        memory = Memory(Random(seed), worker_ids, list(worker_ids))
        if self._habits.skills is not None:
            memory.knacks = share_out(self._habits.skills, worker_ids, memory.random)
        memory.next_arrival = self._draw_arrival(memory.random, now)
        for other in marketplace.memories.values():
            other.stopped |= other.failed
        marketplace.memories[self._name] = memory

    def find_memory(self, marketplace: Marketplace) -> Memory | None:
        """Return the state of the crowd; None in a marketplace without the crowd."""
        memory: Memory | None = marketplace.memories.get(self._name)
        return memory

    def _memory(self, marketplace: Marketplace) -> Memory:
        memory: Memory = marketplace.memories[self._name]
        return memory

    # As a visitor -------------------------------------------------------------------------

    def next_arrival(self, marketplace: Marketplace) -> int | None:
        """Return the time of the next arrival; None if no worker arrives any more."""
        memory = self.find_memory(marketplace)
        return None if memory is None or memory.stopped else memory.next_arrival

    def put_off(self, marketplace: Marketplace, moment: int) -> None:
        """Draw a new time of the next arrival, after `moment`: a Poisson process has no memory."""
        memory = self._memory(marketplace)
        try:
            memory.next_arrival = self._draw_arrival(memory.random, moment)
        except Exception as problem:
            raise self._name_error(memory, problem) from problem

    def arrive(self, marketplace: Marketplace, moment: int) -> None:
        """Let a worker who is away, if any, arrive and look for a HIT."""
        memory = self._memory(marketplace)
        try:
            memory.next_arrival = self._draw_arrival(memory.random, moment)
            if memory.away:
                self._receive(marketplace, memory, moment)
            self._watch(marketplace)
        except Exception as problem:
            raise self._name_error(memory, problem) from problem

    def _receive(self, marketplace: Marketplace, memory: Memory, moment: int) -> None:
        place = memory.random.randrange(len(memory.away))
        memory.away[place], memory.away[-1] = memory.away[-1], memory.away[place]
        worker_id = memory.away.pop()
        memory.arrivals.append((moment, worker_id))
        try:
            self._look_for_work(marketplace, memory, worker_id, moment)
        except BaseException:
            memory.away.append(worker_id)  # so that the worker can arrive again
            raise

    def expects(self, marketplace: Marketplace) -> bool:
        """Tell whether the crowd has not stopped."""
        return not self._memory(marketplace).stopped

    def act(self, marketplace: Marketplace, event: Event) -> None:
        """End a worker's work on an assignment, and let the worker take another HIT or leave."""
        memory = self._memory(marketplace)
        try:
            self._go_on(marketplace, memory, event)
            self._watch(marketplace)
        except Exception as problem:
            raise self._name_error(memory, problem) from problem

    def _go_on(self, marketplace: Marketplace, memory: Memory, event: Event) -> None:
        account, assignment = marketplace.find_assignment(event.subject)
        goes_on = event.kind != LEAVES and memory.random.random() < GOES_ON
        try:
            if assignment.status == ACCEPTED:  # else the program returned it, or it was abandoned
                self._end_work(account, memory, assignment, event)
            if goes_on and not memory.stopped:
                self._look_for_work(marketplace, memory, assignment.worker_id, event.due)
        except BaseException:
            memory.away.append(assignment.worker_id)  # so that the worker can arrive again
            raise
        if not goes_on:
            memory.away.append(assignment.worker_id)

    def _name_error(self, memory: Memory, problem: Exception) -> Exception:
        """Return an error that names the crowd, for one of the program's functions."""
        memory.failed = True
        is_named = type(problem) in _KINDS
        kind = type(problem) if is_named else RuntimeError
        text = str(problem) if is_named else f"{type(problem).__name__}: {problem}"
        return kind(f"{self._title} has failed: {text}. To go on without it, call its stop()")

    # Workers ------------------------------------------------------------------------------

    def _look_for_work(
        self, marketplace: Marketplace, memory: Memory, worker_id: str, now: int
    ) -> None:
        """Let a worker accept a HIT, and plan the end of the work; without a HIT, let it leave."""
        person = marketplace.person(worker_id)
        chosen = _draw_hit(marketplace, person, memory.random)
        if chosen is None:
            memory.away.append(worker_id)
            return
        account, hit = chosen
        seconds = self._draw_work_time(memory, worker_id, hit)
        assignment = accept_hit(self._backend, Scope(marketplace, account, now), hit, person)
        memory.assignment_ids.append(assignment.id)
        self._plan_end(marketplace, memory.random, assignment.id, now, round(seconds * SECOND))

    def _draw_work_time(self, memory: Memory, worker_id: str, hit: hits.HIT) -> float:
        speed, habits = self._speed_of(memory, worker_id), self._habits
        if not callable(habits.work_time):
            duration = hit.type.properties.assignment_duration
            return habits.draw_work_time(memory.random, duration) / speed
        with self._backend.lend():
            return habits.ask_work_time(memory.random, HIT(self._backend, hit)) / speed

    def _speed_of(self, memory: Memory, worker_id: str) -> float:
        knack, skills = memory.knacks.get(worker_id), self._habits.skills
        return 1 if knack is None or skills is None else skills[knack.skill].speed

    def _plan_end(
        self, marketplace: Marketplace, random: Random, id_: str, now: int, work_time: int
    ) -> None:
        """Draw how and when the work on an assignment ends: early if it is not submitted."""
        chance, habits = random.random(), self._habits
        kind = SUBMITS
        if chance < habits.returns + habits.abandons:
            kind = RETURNS if chance < habits.returns else LEAVES
            work_time = round(work_time * random.random())
        marketplace.schedule.add(now + work_time, kind, visitor_account(self._name), id_)

    def _end_work(
        self, account: Account, memory: Memory, assignment: Assignment, event: Event
    ) -> None:
        """Submit or return the assignment, or leave it open until it is abandoned."""
        if event.kind == SUBMITS:
            self._submit(account, memory, assignment, event.due)
        elif event.kind == RETURNS:
            return_work(self._backend, account, assignment, event.due)
            memory.return_times[assignment.id] = event.due

    def _submit(self, account: Account, memory: Memory, assignment: Assignment, now: int) -> None:
        hit = HIT(self._backend, account.hits[assignment.hit_id])
        worker = Worker(self._backend, account.people[assignment.worker_id])
        with self._backend.lend():
            knack = memory.knacks.get(worker.id)
            given = crowd_answers.choose_answer(self._habits, hit, worker, memory.random, knack)
        try:
            submit_answer(
                self._backend, account, assignment, given.fields, now, check=self._habits.check
            )
        except (TypeError, ValueError) as problem:
            what = f"crowd(): the answer of {worker.id} to the HIT {hit.hit_id} cannot be submitted"
            raise type(problem)(f"{what}: {problem}") from None
        memory.submitted += 1
        if given.is_right is not None:
            memory.right[assignment.id] = given.is_right

    def _draw_arrival(self, random: Random, now: int) -> int | None:
        """Draw the time of the next arrival in a Poisson process; None for never.

        The function `arrivals` is called for each quarter of an hour.
        """
        if not callable(self._habits.arrivals):
            return now + _draw_gap(random, self._habits.arrival_rate(to_datetime(now)))
        for begin in range(now, now + _MOST_STEPS * _STEP, _STEP):
            with self._backend.lend():
                rate = self._habits.arrival_rate(to_datetime(begin))
            gap = _draw_gap(random, rate) if rate else _STEP
            if gap < _STEP:
                return begin + gap
        return None


def create_workers(marketplace: Marketplace, count: int) -> tuple[str, ...]:
    """Create new workers, and return their IDs."""
    worker_ids = tuple(marketplace.ids.worker() for _ in range(count))
    for worker_id in worker_ids:
        marketplace.person(worker_id)
    return worker_ids


def _draw_gap(random: Random, rate: float) -> int:
    """Draw the time until the next arrival, for a rate per hour."""
    return round(min(random.expovariate(rate) * HOUR, LATEST))


# Choice of HITs ------------------------------------------------------------------------


def _draw_hit(
    marketplace: Marketplace, person: Person, random: Random
) -> tuple[Account, hits.HIT] | None:
    """Draw a HIT that the worker may accept, and its account; None if there is no such HIT.

    All of these HITs are equally likely. [assumed]
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


def can_any_accept(marketplace: Marketplace, people: Iterable[Person]) -> bool:
    """Tell whether any of the workers may accept a HIT."""
    for person in people:
        permissions = _Permissions(marketplace, person)
        free = person.open_assignments < MOST_OPEN_ASSIGNMENTS
        if free and any(permissions.may_take(hit) for hit in marketplace.offers):
            return True
    return False


class _Permissions:
    """The HITs that a worker may accept at one moment. Checks each HIT type once."""

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
