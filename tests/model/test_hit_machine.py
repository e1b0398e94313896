"""HITs and assignments under random sequences of operations."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mturk_mock import MTurkError, mock_mturk
from tests.clients import make_client
from tests.helpers import NOW, create_hit, get_hit, hit_ids
from tests.hit_model import MANY, Task, Work, fee

START = Decimal("6.00")  # dollars: enough to begin with, and not for everything
MOST_TASKS = 4
LAST_MOMENT = NOW + timedelta(days=119)  # before the service disposes of anything

lifetimes = st.sampled_from([timedelta(minutes=5), timedelta(hours=2), timedelta(days=40)])
durations = st.sampled_from([timedelta(minutes=1), timedelta(hours=1), timedelta(days=50)])
delays = st.sampled_from([timedelta(days=30), timedelta(hours=3), timedelta(0)])
MINUTES, HOURS, DAYS = timedelta(minutes=5), timedelta(hours=2), timedelta(days=31)
steps = st.sampled_from([timedelta(seconds=59), MINUTES, MINUTES, HOURS, DAYS])
rewards = st.sampled_from(["0.01", "0.13", "1.00"])
increments = st.sampled_from([-3600, 59, 60, 300, 2 * 86400, 31_536_001])


def one_of(things):
    """Choose a status that occurs, then an object in it, so that no status is rare."""

    def choose(machine):
        by_status = defaultdict(list)
        for thing in things(machine):
            by_status[thing.status(machine.now)].append(thing)
        return st.sampled_from(sorted(by_status)).flatmap(
            lambda status: st.sampled_from(by_status[status])
        )

    return st.runner().flatmap(choose)


def as_shown(hit):
    """Return the members of GetHIT that can change."""
    return {
        "HITStatus": hit.status,
        "MaxAssignments": hit.max_assignments,
        "NumberOfAssignmentsAvailable": hit.available,
        "NumberOfAssignmentsPending": hit.pending,
        "NumberOfAssignmentsCompleted": hit.completed,
        "Expiration": hit.expiration,
    }


a_task = one_of(lambda machine: machine.all_tasks)
some_work = one_of(lambda machine: machine.all_work)
needs_work = precondition(lambda machine: machine.all_work)


class HITs(RuleBasedStateMachine):
    """Runs operations on the mock and on a model of it, and compares the two."""

    client: Any  # shared: creating a client is slower than one run

    def __init__(self) -> None:
        super().__init__()
        self.mock = mock_mturk(now=NOW, seed=1, balance=START)
        self.mturk = self.mock.start()
        self.workers = [self.mturk.worker() for _ in range(3)]
        self.now = NOW
        self.all_tasks: list[Task] = []
        self.all_work: list[Work] = []
        self.bonuses: list[tuple[Work, Decimal]] = []
        self.given = START
        self.turn = 0

    def teardown(self) -> None:
        self.mock.stop()

    def does(self, expected, operation, **parameters):
        """Call an operation, which succeeds exactly if it is expected to."""
        try:
            getattr(self.client, operation)(**parameters)
        except ClientError:
            done = False
        else:
            done = True
        assert done == expected
        return done

    # Money in the model -------------------------------------------------------------------

    @property
    def approved(self):
        return [work for work in self.all_work if work.status(self.now) == "Approved"]

    @property
    def fees(self):
        of_rewards = sum((work.task.fee for work in self.approved), Decimal(0))
        return of_rewards + sum((fee(amount) for _, amount in self.bonuses), Decimal(0))

    @property
    def funds(self):
        """The amount that can still be spent."""
        rewards = sum((work.task.reward for work in self.approved), Decimal(0))
        bonuses = sum((amount for _, amount in self.bonuses), Decimal(0))
        held = sum((task.held(self.now) for task in self.all_tasks), Decimal(0))
        return self.given - held - rewards - bonuses - self.fees

    # Steps --------------------------------------------------------------------------------

    @initialize(delay=delays, duration=durations, ended=st.booleans())
    def begin(self, delay, duration, ended):
        for most in (1, 2, 9):
            self.create("0.13", most, timedelta(days=40), duration, delay)
            for number in range(min(most, 2)):
                self.accept(self.all_tasks[-1], number, at_once=number == 0)
        self.decide(self.all_work[-2], "reject")
        if ended:
            for task in self.all_tasks[1:]:
                self.end(task)

    @precondition(lambda self: sum(not task.deleted for task in self.all_tasks) < MOST_TASKS)
    @rule(
        reward=rewards,
        most=st.sampled_from([1, 3, 9, 10]),
        lifetime=lifetimes,
        duration=durations,
        delay=delays,
    )
    def create(self, reward, most, lifetime, duration, delay):
        task = Task("", Decimal(reward), most, self.now + lifetime, duration, delay)
        funded = self.funds >= most * task.cost
        try:
            hit = create_hit(
                self.client,
                Reward=reward,
                MaxAssignments=most,
                LifetimeInSeconds=lifetime // timedelta(seconds=1),
                AssignmentDurationInSeconds=duration // timedelta(seconds=1),
                AutoApprovalDelayInSeconds=delay // timedelta(seconds=1),
            )
        except ClientError:
            assert not funded
        else:
            assert funded
            task.id = hit["HITId"]
            self.all_tasks.append(task)

    @rule(task=a_task, number=st.integers(0, 2), at_once=st.booleans())
    def accept(self, task, number, at_once):
        worker = self.workers[number]
        allowed = task.can_be_accepted(self.now, worker)
        try:
            handle = worker.accept(task.id)
        except MTurkError:
            assert not allowed
            return
        assert allowed
        work = Work(handle, task, worker, self.now + task.duration)
        task.work.append(work)
        self.all_work.append(work)
        if at_once:
            self.finish(work, submit=True)

    @needs_work
    @rule(work=some_work, submit=st.booleans())
    def finish(self, work, submit):
        allowed = work.status(self.now) == "Accepted"
        try:
            if submit:
                work.handle.submit({})
                work.submitted = self.now
            else:
                work.handle.return_hit()
                work.decision = "Returned"
        except MTurkError:
            assert not allowed
        else:
            assert allowed

    @needs_work
    @rule(work=some_work, decision=st.sampled_from(["approve", "override", "reject"]))
    def decide(self, work, decision):
        if decision == "reject":
            self.reject(work)
        else:
            self.approve(work, decision == "override")

    def approve(self, work, override):
        allowed = work.can_be_approved(self.now, override)
        if work.status(self.now) == "Rejected":
            allowed = allowed and self.funds >= work.task.cost
        parameters = {"AssignmentId": work.handle.id, "OverrideRejection": override}
        if self.does(allowed, "approve_assignment", **parameters):
            work.decision = "Approved"

    def reject(self, work):
        allowed = work.status(self.now) == "Submitted"
        parameters = {"AssignmentId": work.handle.id, "RequesterFeedback": "no"}
        if self.does(allowed, "reject_assignment", **parameters):
            work.decision = "Rejected"

    @needs_work
    @rule(work=some_work, dollars=st.sampled_from(["0.01", "0.33", "3.00"]))
    def pay_bonus(self, work, dollars):
        amount = Decimal(dollars)
        there = work.status(self.now) in ("Submitted", "Approved", "Rejected")
        if self.does(
            there and self.funds >= amount + fee(amount),
            "send_bonus",
            WorkerId=work.worker.id,
            AssignmentId=work.handle.id,
            BonusAmount=dollars,
            Reason="thanks",
        ):
            self.bonuses.append((work, amount))

    @rule(task=a_task, number=st.sampled_from([1, 2, 8]))
    def add_assignments(self, task, number):
        crosses = task.most < MANY <= task.most + number
        funded = task.expired(self.now) or self.funds >= number * task.cost
        if self.does(
            not task.deleted and not crosses and funded,
            "create_additional_assignments_for_hit",
            HITId=task.id,
            NumberOfAdditionalAssignments=number,
        ):
            task.most += number
            self.end_review(task)

    @rule(task=a_task)
    def end(self, task):
        if self.does(
            not task.deleted, "update_expiration_for_hit", HITId=task.id, ExpireAt=NOW
        ) and not task.expired(self.now):
            task.expiration = self.now

    @rule(task=a_task, increment=increments, again=st.booleans())
    def move_expiration(self, task, increment, again):
        moment = max(self.now, task.expiration) + timedelta(seconds=increment)
        if again and task.moments_said:
            moment = next(reversed(task.moments_said))
        moment = max(moment, self.now + timedelta(seconds=1))
        funded = self.funds >= task.needed_for_more_time(self.now)
        if self.does(
            task.can_be_moved(self.now, moment) and funded,
            "update_expiration_for_hit",
            HITId=task.id,
            ExpireAt=moment,
        ):
            task.moments_said[moment] = self.now
            task.expiration = moment
            self.end_review(task)

    def end_review(self, task):
        """A HIT that is available again is no longer Reviewing."""
        if task.status(self.now) == "Assignable":
            task.reviewing = False

    @rule(task=a_task, revert=st.booleans())
    def review(self, task, revert):
        allowed = task.status(self.now) == ("Reviewing" if revert else "Reviewable")
        if self.does(allowed, "update_hit_review_status", HITId=task.id, Revert=revert):
            task.reviewing = not revert

    @rule(task=a_task)
    def delete(self, task):
        if self.does(task.can_be_deleted(self.now), "delete_hit", HITId=task.id):
            task.deleted = True

    @rule(dollars=st.sampled_from(["0.00", "0.20", "5.00"]))
    def set_balance(self, dollars):
        self.given += Decimal(dollars) - self.funds
        self.mturk.balance = dollars

    @rule(step=steps)
    def advance(self, step):
        if self.now + step < LAST_MOMENT:
            self.mturk.clock.advance(step)
            self.now += step

    # Invariants ---------------------------------------------------------------------------

    @invariant()
    def hits_are_as_they_should_be(self):
        assert [as_shown(hit) for hit in self.mturk.hits] == [
            task.shown(self.now) for task in self.all_tasks
        ]

    @invariant()
    def hits_are_shown_as_they_are(self):
        """Check only after every fifth step, because calls take most of the time."""
        self.turn += 1
        if self.turn % 5:
            return
        shown = [get_hit(self.client, task.id) for task in self.all_tasks]
        for task, hit in zip(self.all_tasks, shown, strict=True):
            assert {key: hit[key] for key in task.shown(self.now)} == task.shown(self.now)
        alive = [hit for hit in shown if hit["HITStatus"] != "Disposed"]
        assert self.client.list_hits(MaxResults=100)["HITs"] == alive[::-1]
        for status in ("Reviewable", "Reviewing"):
            listed = hit_ids(self.client.list_reviewable_hits(Status=status, MaxResults=100))
            assert listed[::-1] == [hit["HITId"] for hit in alive if hit["HITStatus"] == status]

    @invariant()
    def assignments_are_as_they_should_be(self):
        assert [work.handle.status for work in self.all_work] == [
            work.status(self.now) for work in self.all_work
        ]

    @invariant()
    def numbers_add_up(self):
        to_review = defaultdict(int)
        for assignment in self.mturk.assignments:
            to_review[assignment.hit_id] += assignment.status == "Submitted"
        for hit in self.mturk.hits:
            shown = hit.available + hit.pending + hit.completed
            assert hit.max_assignments == shown + to_review[hit.id]

    @invariant()
    def money_adds_up(self):
        spent = self.mturk.spent
        assert self.mturk.balance == self.funds >= 0
        assert spent.fees == self.fees
        assert spent.rewards == sum(work.task.reward for work in self.approved)
        assert spent.bonuses == sum(amount for _, amount in self.bonuses)
        earned = sum(worker.earnings for worker in self.workers)
        assert earned == spent.rewards + spent.bonuses


def test_hits_live_as_documented():
    """Status, counters, lists and money match the model after any sequence of steps. [doc]"""
    HITs.client = make_client()  # belongs to the innermost mock
    run_state_machine_as_test(
        HITs,
        settings=settings(
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=150,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
