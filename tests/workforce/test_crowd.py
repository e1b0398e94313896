"""Crowds: arrivals, choice of HITs, how work ends, and repeatability by seed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from mturk_mock import Crowd, MTurkError, mock_mturk, parse_answers
from tests.crowds import DAY, cat, publish_hits, statuses
from tests.helpers import NOW, external_question, publish

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")


def campaign(seed, *, crowd_seed=None, wait=None, **habits):
    """Run a crowd in a new mock, and return its results with the answers."""
    with mock_mturk(seed=seed, now=NOW) as mturk:
        publish_hits(mturk.client(), 10, 3)
        crowd = mturk.crowd(8, seed=crowd_seed, **habits)
        (wait or (lambda mturk: mturk.clock.advance(days=1)))(mturk)
        people = [worker.id for worker in crowd.workers]
        hits = [hit.id for hit in mturk.hits]
        return [
            (
                people.index(row.worker_id),
                hits.index(row.hit_id),
                row.status,
                row.accept_time,
                row.end_time,
                parse_answers(mturk.worker(row.worker_id).assignments[0].answer),
            )
            for row in crowd.results
        ]


# The default crowd ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_crowd_of_20_finishes_30_hits_in_a_day(seed):
    """By default 20 workers submit three assignments of each of 30 HITs within a day."""
    with mock_mturk(seed=seed, now=NOW) as mturk:
        client = mturk.client()
        mturk.crowd(20)
        publish_hits(client, 30, 3)
        mturk.clock.advance(days=1)

        assert client.list_reviewable_hits(MaxResults=100)["NumResults"] == 30
        assert statuses(mturk) == ["Submitted"] * 90


def test_crowd_is_the_public_class(mturk):
    """`mturk.crowd` returns a `mturk_mock.Crowd`."""
    assert isinstance(mturk.crowd(1), Crowd)


# Moving the clock -------------------------------------------------------------------------


def test_crowd_works_while_a_program_polls(mturk, mturk_client):
    """A loop that advances the clock and polls sees submissions arrive step by step."""
    (hit_id,) = publish_hits(mturk_client, 1, 9)
    mturk.crowd(9)
    seen = []
    while mturk_client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] != "Reviewable":
        mturk.clock.advance(minutes=20)
        seen.append(mturk_client.list_assignments_for_hit(HITId=hit_id)["NumResults"])

    assert seen == sorted(seen)
    assert seen[-1] == 9
    assert len(set(seen)) > 4


def test_crowd_does_nothing_while_the_clock_stands(mturk, mturk_client):
    """Calls of the API do not move the clock, so the crowd does nothing."""
    publish_hits(mturk_client, 5)
    mturk.crowd(100)
    for _ in range(20):
        mturk_client.list_hits()

    assert mturk.assignments == []


def test_work_is_done_at_its_own_time(mturk, mturk_client):
    """When the clock advances by a day, each worker accepts and submits at its own time."""
    publish_hits(mturk_client, 3, 3)
    mturk.crowd(9, work_time=60)
    mturk.clock.advance(days=1)

    times = [(each.accept_time, each.submit_time) for each in mturk.assignments]
    assert len(set(times)) == 9
    assert {end - begin for begin, end in times} == {timedelta(minutes=1)}
    assert all(begin > NOW for begin, _ in times)


def test_submissions_come_between_what_else_happens(mturk, mturk_client):
    """Automatic approvals happen in order of time, between the submissions of a crowd."""
    publish_hits(mturk_client, 20, AutoApprovalDelayInSeconds=0)
    mturk.crowd(3)
    mturk.clock.advance_until(lambda: "Approved" in statuses(mturk))

    (first,) = (each for each in mturk.assignments if each.status == "Approved")
    assert mturk.clock.now == first.submit_time
    assert len(mturk.assignments) < 20


def test_expired_hits_are_left_alone(mturk, mturk_client):
    """Workers who arrive after a HIT has expired do not find it."""
    publish_hits(mturk_client, 100, LifetimeInSeconds=3600)
    mturk.crowd(2, work_time=300)
    mturk.clock.advance(days=3)

    times = [each.accept_time - NOW for each in mturk.assignments]
    assert times
    assert max(times) < timedelta(hours=1)


def test_hits_that_come_later_are_done_too(mturk, mturk_client):
    """Workers arrive again when there are new HITs, after days without any."""
    crowd = mturk.crowd(10)
    mturk.clock.advance(days=30)
    assert [row.visits for row in crowd.by_worker] == [0] * 10
    publish_hits(mturk_client, 10)
    mturk.clock.advance(days=1)

    assert statuses(mturk) == ["Submitted"] * 10


def test_extended_hits_are_done_too(mturk, mturk_client):
    """Workers accept a HIT again after it was extended."""
    (hit_id,) = publish_hits(mturk_client)
    crowd = mturk.crowd(10).finish()
    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=2
    )
    crowd.finish()

    assert statuses(mturk) == ["Submitted"] * 3


def test_two_crowds_work_side_by_side(mturk, mturk_client):
    """Two crowds have different workers."""
    publish_hits(mturk_client, 10, 2)
    crowds = [mturk.crowd(1), mturk.crowd(1)]
    mturk.clock.advance(days=1)

    assert [len(crowd.results) for crowd in crowds] == [10, 10]
    assert crowds[0].workers != crowds[1].workers


def test_crowd_works_in_both_environments(mturk, mturk_sandbox_client, mturk_client):
    """Crowds work on HITs of the sandbox too."""
    publish_hits(mturk_client, 3)
    publish_hits(mturk_sandbox_client, 3)
    mturk.crowd(3).finish()

    assert [hit.status for hit in mturk.hits] == ["Reviewable"] * 6


def test_upcoming_shows_what_people_will_do(mturk, mturk_client):
    """clock.upcoming shows the submission of a worker who is at work."""
    publish_hits(mturk_client)
    mturk.crowd(1)
    mturk.clock.advance_until(lambda: mturk.assignments)

    (assignment,) = mturk.assignments
    assert ("worker submits", assignment.id) in [
        (each.what, each.id) for each in mturk.clock.upcoming
    ]


def test_advance_until_ends_if_no_worker_will_arrive(mturk, mturk_client):
    """Without HITs no worker arrives, so advance_until() raises RuntimeError at once."""
    publish_hits(mturk_client, LifetimeInSeconds=60)
    mturk.crowd(5)
    with pytest.raises(RuntimeError, match="no events are left"):
        mturk.clock.advance_until(lambda: False)


# Arrivals ---------------------------------------------------------------------------------


def test_arrivals_are_so_many_an_hour(mturk, mturk_client):
    """Arrivals are a Poisson process: 95 % of samples are within 90 of the expected 2000."""
    publish_hits(mturk_client, LifetimeInSeconds=300 * 3600, MaxAssignments=900)
    crowd = mturk.crowd(800, arrivals=10, work_time=0)
    mturk.clock.advance(hours=200)

    assert abs(sum(row.visits for row in crowd.by_worker) - 2000) < 90


def test_arrivals_may_depend_on_the_time(mturk, mturk_client):
    """arrivals= can be a function of the time; no worker arrives while it returns 0."""
    publish_hits(mturk_client, 300, 10, LifetimeInSeconds=7 * DAY)
    mturk.crowd(50, arrivals=lambda now: 20 if 9 <= now.hour < 17 else 0)
    mturk.clock.advance(days=3)

    hours = Counter(each.accept_time.hour for each in mturk.assignments)
    assert {hour for hour in hours if not 9 <= hour < 18} == set()  # work can end after 17:00
    assert sum(hours[hour] for hour in range(9, 17)) > 300
    days = {each.accept_time.day for each in mturk.assignments}
    assert days == {1, 2, 3}


def test_no_worker_arrives_at_a_rate_of_0(mturk, mturk_client):
    """A function that always returns 0 is called for two years of times, and no worker arrives."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(5, arrivals=lambda now: 0)
    crowd.finish()

    assert crowd.results == []
    assert mturk.hits[0].status == "Reviewable"


def test_worker_at_work_does_not_arrive_again(mturk, mturk_client):
    """A worker who is at work does not arrive again; one worker does one HIT after another."""
    publish_hits(mturk_client, 30)
    mturk.crowd(1, arrivals=1000, work_time=60)
    mturk.clock.advance(days=1)

    times = sorted((each.accept_time, each.submit_time) for each in mturk.assignments)
    assert len(times) == 30
    assert all(end <= begin for (_, end), (begin, _) in pairwise(times))


# Choosing HITs ----------------------------------------------------------------------------


def test_hit_that_needs_a_qualification_is_left_alone(mturk, mturk_client):
    """Only the qualified worker accepts the HITs with a requirement. [doc] the rule"""
    type_id = mturk_client.create_qualification_type(
        Name="Q", Description="Q", QualificationTypeStatus="Active"
    )["QualificationType"]["QualificationTypeId"]
    requirement = {"QualificationTypeId": type_id, "Comparator": "Exists"}
    closed = publish_hits(mturk_client, 5, QualificationRequirements=[requirement])
    publish_hits(mturk_client, 20)
    crowd = mturk.crowd(10)
    chosen = crowd.workers[3]
    mturk_client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=chosen.id
    )
    crowd.finish()

    assert statuses(mturk) == ["Submitted"] * 25
    assert {row.worker_id for row in crowd.results if row.hit_id in closed} == {chosen.id}


def test_finish_does_not_wait_for_hits_without_workers(mturk, mturk_client):
    """finish() does not wait for HITs that no worker of the crowd can accept."""
    masters = {"QualificationTypeId": "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "Comparator": "Exists"}
    publish_hits(mturk_client, 3, QualificationRequirements=[masters])
    crowd = mturk.crowd(4).finish()

    assert (crowd.results, mturk.clock.now) == ([], NOW)


def test_unqualified_workers_arrive_and_leave(mturk, mturk_client):
    """Workers arrive, accept nothing, and leave if they are not qualified for any HIT."""
    masters = {"QualificationTypeId": "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "Comparator": "Exists"}
    publish_hits(mturk_client, 3, QualificationRequirements=[masters])
    crowd = mturk.crowd(2)
    mturk.clock.advance(hours=20)

    assert sum(row.visits for row in crowd.by_worker) > 5
    assert repr(crowd) == "<crowd of 2, 0 at work, 0 of 3 assignments submitted>"


def test_the_one_hit_that_they_may_take_is_found(mturk, mturk_client):
    """The first arrival finds the one HIT it can accept among 300 others."""
    masters = {"QualificationTypeId": "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "Comparator": "Exists"}
    publish_hits(mturk_client, 300, QualificationRequirements=[masters])
    (hit_id,) = publish_hits(mturk_client)
    crowd = mturk.crowd(1)
    mturk.clock.advance_until(lambda: mturk.assignments)

    assert [(row.visits, row.taken) for row in crowd.by_worker] == [(1, 1)]
    assert mturk.assignments[0].hit_id == hit_id


def test_blocked_workers_accept_nothing(mturk, mturk_client):
    """A requester's block holds for that requester's HITs only. [doc]"""
    publish_hits(mturk_client, 5)
    publish_hits(mturk.requester("other").client(), 5)
    crowd = mturk.crowd(2)
    blocked, free = crowd.workers
    mturk_client.create_worker_block(WorkerId=blocked.id, Reason="spam")
    mturk.clock.advance(days=1)

    taken = {
        (row.worker_id, mturk.hits.index(hit) < 5)
        for row in crowd.results
        for hit in mturk.hits
        if hit.id == row.hit_id
    }
    assert (blocked.id, True) not in taken
    assert (free.id, True) in taken


def test_each_person_has_each_hit_once(mturk, mturk_client):
    """Three workers cannot complete four assignments of one HIT. [doc] the rule"""
    (hit_id,) = publish_hits(mturk_client, 1, 4)
    mturk.crowd(3).finish()

    assert len({each.worker_id for each in mturk.assignments}) == 3
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["NumberOfAssignmentsAvailable"] == 1


def test_worker_has_ten_open_assignments_at_most(mturk, mturk_client):
    """A worker with ten open assignments accepts no other until one ends. [doc]"""
    publish_hits(mturk_client, 30, AssignmentDurationInSeconds=DAY)
    crowd = mturk.crowd(1, abandons=1, arrivals=60)
    mturk.clock.advance(hours=20)

    assert statuses(mturk) == ["Accepted"] * 10
    mturk.clock.advance(hours=3, minutes=59)
    assert {row.abandoned for row in crowd.by_worker} == {0}
    with pytest.raises(MTurkError, match="10"):
        crowd.workers[0].accept(publish(mturk_client))


# How work ends ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work_time", "low", "high"),
    [
        (30, 30, 30),
        (0.5, 0.5, 0.5),
        (0, 0, 0),
        ((10, 20), 10, 20),
        ([10, 20], 10, 20),
        (lambda random, hit: random.choice([7, 9]) * hit.max_assignments, 14, 18),
        (None, 20, 120),
    ],
)
def test_work_takes_as_long_as_was_said(mturk, mturk_client, work_time, low, high):
    """work_time= takes seconds, a pair of minimum and maximum, or a function."""
    publish_hits(mturk_client, 10, 2)
    crowd = mturk.crowd(5, work_time=work_time).finish()

    seconds = [row.seconds for row in crowd.results]
    assert len(seconds) == 20
    assert low <= min(seconds)
    assert max(seconds) <= high
    assert (len(set(seconds)) == 1) == (low == high)


def test_usual_work_is_within_the_time_of_the_hit(mturk, mturk_client):
    """The default work takes 27 seconds at most of an assignment duration of 30."""
    publish_hits(mturk_client, 20, AssignmentDurationInSeconds=30)
    crowd = mturk.crowd(5).finish()

    assert statuses(mturk) == ["Submitted"] * 20
    assert max(row.seconds for row in crowd.results) == 27


def test_work_beyond_the_time_of_the_hit_is_abandoned(mturk, mturk_client):
    """An assignment is Abandoned if the work takes longer than its duration. [doc]"""
    publish_hits(mturk_client, AssignmentDurationInSeconds=60)
    crowd = mturk.crowd(5, work_time=61)
    mturk.clock.advance(hours=23)

    assert set(statuses(mturk)) == {"Abandoned"}
    assert {row.seconds for row in crowd.results} == {60.0}


@pytest.mark.parametrize(
    ("habits", "status"), [({"returns": 1}, "Returned"), ({"abandons": 1}, "Abandoned")]
)
def test_all_returned_or_all_abandoned(mturk, mturk_client, habits, status):
    """With returns=1 or abandons=1 no assignment is submitted before the HITs expire."""
    publish_hits(mturk_client, 2)
    crowd = mturk.crowd(5, **habits).finish()

    assert len(crowd.results) > 2
    assert set(statuses(mturk)) == {status}
    assert timedelta(days=1) <= mturk.clock.now - NOW < timedelta(days=1, minutes=10)


def test_shares_of_returns_and_abandons(mturk, mturk_client):
    """Of about 2000 assignments 20 % are Returned and 10 % Abandoned, within three deviations."""
    publish_hits(mturk_client, 280, 5, Question=external_question())
    crowd = mturk.crowd(100, returns=0.2, abandons=0.1, answer=cat).finish()

    count = Counter(row.status for row in crowd.results)
    assert count["Submitted"] == 1400
    assert abs(count["Returned"] / count.total() - 0.2) < 0.027
    assert abs(count["Abandoned"] / count.total() - 0.1) < 0.02


def test_what_is_returned_is_taken_by_others(mturk, mturk_client):
    """Returned HITs are finished by other workers; a return comes before the end of work_time."""
    publish_hits(mturk_client, 10, 3)
    crowd = mturk.crowd(5, returns=0.3, abandons=0.3, work_time=100).finish()

    assert [hit.status for hit in mturk.hits] == ["Reviewable"] * 10
    returned = [row.seconds for row in crowd.results if row.status == "Returned"]
    assert returned
    assert all(0 <= seconds < 100 for seconds in returned)


def test_assignment_that_the_program_returns_is_let_go(mturk, mturk_client):
    """A worker whose assignment was returned by the program accepts another one or leaves."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(1, work_time=60)
    mturk.clock.advance_until(lambda: mturk.assignments)
    mturk.assignments[0].return_hit()
    crowd.finish()

    assert statuses(mturk) == ["Returned", "Submitted"]
    assert [row.end_time is None for row in crowd.results] == [True, False]


# finish() ---------------------------------------------------------------------------------------


def test_finish_ends_with_the_last_submission(mturk, mturk_client):
    """finish() returns the crowd, and stops the clock at the last submission."""
    publish_hits(mturk_client, 5, 2)
    crowd = mturk.crowd(5)

    assert crowd.finish() is crowd
    assert statuses(mturk) == ["Submitted"] * 10
    assert mturk.clock.now == max(each.submit_time for each in mturk.assignments)


def test_finish_without_hits_does_nothing(mturk):
    """finish() returns at once if there are no HITs."""
    mturk.crowd(5).finish()

    assert mturk.clock.now == NOW


def test_finish_takes_so_many_days_at_most(mturk, mturk_client):
    """finish(days=0.25) stops the clock after that time, even if HITs are left."""
    publish_hits(mturk_client, 1000, 2)
    mturk.crowd(2).finish(days=0.25)

    assert mturk.clock.now == NOW + timedelta(hours=6)
    assert any(hit.status == "Assignable" for hit in mturk.hits)


def test_finish_waits_for_what_others_work_on(mturk, mturk_client):
    """finish() waits for the HITs of other workers, which can become Assignable again."""
    (hit_id,) = publish_hits(mturk_client, AssignmentDurationInSeconds=3600)
    mturk.worker().accept(hit_id)
    mturk.crowd(3).finish()

    assert statuses(mturk) == ["Abandoned", "Submitted"]


@pytest.mark.parametrize("days", [-1, float("nan")])
def test_finish_refuses_less_than_nothing(mturk, days):
    """finish() refuses negative numbers of days and NaN."""
    with pytest.raises(ValueError, match=rf"^finish\(\) takes days= of 0 or more, not {days}$"):
        mturk.crowd(1).finish(days=days)


# The seed ---------------------------------------------------------------------------------


def test_same_seed_of_the_mock_same_crowd():
    """Without its own seed, a crowd depends on the mock's seed."""
    assert campaign(7) == campaign(7)
    assert campaign(7) != campaign(8)


def test_same_seed_of_the_crowd_same_crowd():
    """A crowd with its own seed does not depend on the mock's seed."""
    assert campaign(7, crowd_seed=3) == campaign(8, crowd_seed=3)
    assert campaign(7, crowd_seed=3) != campaign(7, crowd_seed=4)


def test_two_crowds_of_a_mock_differ(mturk, mturk_client):
    """Two crowds of one mock behave differently."""
    publish_hits(mturk_client, 10, 20)
    crowds = [mturk.crowd(10), mturk.crowd(10)]
    mturk.clock.advance(days=1)

    times = [[row.accept_time for row in crowd.results] for crowd in crowds]
    assert times[0][:5] != times[1][:5]


def test_crowd_is_the_same_however_the_clock_is_moved():
    """The results do not depend on the steps in which the clock moves, while there are HITs."""

    def by_hours(mturk):
        for _ in range(24):
            mturk.clock.advance(hours=1)

    def by_events(mturk):
        mturk.clock.advance_until(lambda: all(hit.status == "Reviewable" for hit in mturk.hits))

    leap = campaign(5)
    assert campaign(5, wait=by_hours) == leap
    assert campaign(5, wait=by_events) == leap


def test_random_numbers_of_the_program_are_its_own(mturk, mturk_client):
    """A crowd does not use Python's global `random`."""
    random.seed(1)
    publish_hits(mturk_client, 5)
    mturk.crowd(5).finish()

    assert random.random() == random.Random(1).random()


# State: isolated() and reset() ------------------------------------------------------------


def test_isolated_work_is_forgotten(mturk, mturk_client):
    """After isolated() the crowd repeats the work that it did in the block."""
    publish_hits(mturk_client, 10, 3)
    crowd = mturk.crowd(10, answer=cat)
    mturk.clock.advance(hours=1)
    before = crowd.results
    with mturk.isolated():
        mturk.clock.advance(hours=5)
        inside = crowd.results
    assert crowd.results == before != inside
    mturk.clock.advance(hours=5)

    assert crowd.results == inside


def test_crowd_of_an_isolated_block_is_gone_after_it(mturk, mturk_client):
    """After the block each use of the crowd raises RuntimeError; a new crowd can be made."""
    publish_hits(mturk_client)
    with mturk.isolated():
        crowd = mturk.crowd(3)
    mturk.clock.advance(days=1)
    assert mturk.assignments == []
    another = mturk.crowd(3)

    for gone in (lambda: crowd.results, lambda: crowd.workers, crowd.finish):
        with pytest.raises(RuntimeError) as refusal:
            gone()
        assert str(refusal.value) == (
            "this crowd is not in this mock: the mock has gone back to a state without it, by "
            "reset(), restore() (files have no crowds) or the end of isolated(). Make a new one "
            "with mturk.crowd()"
        )
    assert another.results == []


def test_reset_sends_the_crowd_away(mturk, mturk_client):
    """After reset() the crowd is gone, and no worker arrives."""
    crowd = mturk.crowd(3)
    publish_hits(mturk_client)
    mturk.clock.advance_until(lambda: mturk.assignments)
    mturk.reset()
    publish_hits(mturk_client, 3)
    mturk.clock.advance(days=1)

    assert mturk.assignments == []
    assert repr(crowd) == "<crowd, gone>"


# Real time --------------------------------------------------------------------------------


def test_crowd_follows_the_time_of_the_machine():
    """Without now= the clock follows the machine's; work due since the last call is done then."""
    time_machine = pytest.importorskip("time_machine")
    with time_machine.travel(NOW, tick=False) as traveller, mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 10, 2)
        seen = []

        def look(hit, worker):
            seen.append(mturk.clock.now)
            return cat(hit, worker)

        mturk.crowd(10, answer=look)
        traveller.shift(DAY)

        assert statuses(mturk) == ["Submitted"] * 20
        assert seen == sorted(each.submit_time for each in mturk.assignments)
        assert mturk.clock.now == NOW + timedelta(days=1)


def test_microseconds_are_whole(mturk, mturk_client):
    """Times are whole microseconds."""
    publish_hits(mturk_client, 3)
    crowd = mturk.crowd(3).finish()

    assert all((row.seconds * 1_000_000).is_integer() for row in crowd.results)


def test_crowd_is_not_another_mocks(mturk, mturk_client):
    """A snapshot restored in another mock brings no crowd, and the mock's own crowd is gone."""
    mturk.crowd(3)
    snapshot = mturk.snapshot()
    with mock_mturk() as other:
        crowd = other.crowd(4)
        other.restore(snapshot)
        with pytest.raises(RuntimeError, match=r"^this crowd is not in this mock"):
            _ = crowd.workers


def test_crowd_is_itself_after_an_isolated_block(mturk, mturk_client):
    """After isolated() the crowd is usable, and a crowd made in the block is gone."""
    crowd = mturk.crowd(3)
    with mturk.isolated():
        mturk.reset()
        inner = mturk.crowd(4)

    assert len(crowd.workers) == 3
    with pytest.raises(RuntimeError, match=r"^this crowd is not in this mock"):
        _ = inner.workers
