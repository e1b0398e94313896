"""The clock: moving it, scheduled events, and what depends on the seed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest

from mturk_mock import mock_mturk
from tests.helpers import NOW, accepted, hit_params, publish, refusal, submitted

LATER = datetime(2027, 6, 1, 12, 30, 15, 250_000, tzinfo=timezone.utc)

standing = pytest.mark.mock_mturk(seed=1, now=NOW)


# Moving the clock -------------------------------------------------------------------------


@standing
def test_now_is_where_the_clock_starts_and_stands(mturk, mturk_client):
    """With now= the clock stands still until it is moved."""
    publish(mturk_client)

    assert mturk.clock.now == NOW
    assert mturk.clock.now.tzinfo is timezone.utc


@pytest.mark.parametrize(
    "now", [NOW.astimezone(timezone(timedelta(hours=-8))), NOW.astimezone(timezone.max)]
)
def test_now_in_any_time_zone(now):
    """Times are converted to UTC."""
    with mock_mturk(now=now) as mturk:
        assert mturk.clock.now == NOW
        assert mturk.clock.now.tzinfo is timezone.utc


@pytest.mark.parametrize(
    ("args", "kwargs", "step"),
    [
        ((), {"seconds": 1}, timedelta(seconds=1)),
        ((), {"minutes": 1.5}, timedelta(seconds=90)),
        ((), {"days": 1, "hours": 2, "minutes": 3, "seconds": 4}, timedelta(1, 7384)),
        ((timedelta(days=400),), {}, timedelta(days=400)),
        ((timedelta(hours=1),), {"minutes": 1}, timedelta(minutes=61)),
        ((timedelta(microseconds=1),), {}, timedelta(microseconds=1)),
        ((), {"hours": 1, "minutes": -60}, timedelta(0)),
        ((), {"seconds": 0}, timedelta(0)),
    ],
)
@standing
def test_advance_by(mturk, args, kwargs, step):
    """advance() takes a timedelta, numbers or both, exact to the microsecond."""
    mturk.clock.advance(*args, **kwargs)

    assert mturk.clock.now == NOW + step


@standing
def test_move_to(mturk):
    """move_to() takes any aware datetime from the present on."""
    mturk.clock.move_to(LATER.astimezone(timezone(timedelta(hours=5))))
    mturk.clock.move_to(LATER)

    assert mturk.clock.now == LATER


@pytest.mark.parametrize(
    ("error", "act", "message"),
    [
        (
            TypeError,
            lambda clock: clock.advance(60),
            "advance() takes a timedelta, or seconds=, minutes=, hours=, days=, not 60",
        ),
        (
            ValueError,
            lambda clock: clock.advance(seconds=-1),
            "advance() takes a duration of 0 or more, not -1 day, 23:59:59",
        ),
        (
            ValueError,
            lambda clock: clock.advance(timedelta(hours=-1)),
            "advance() takes a duration of 0 or more, not -1 day, 23:00:00",
        ),
        (
            ValueError,
            lambda clock: clock.move_to(NOW - timedelta(seconds=1)),
            "move_to() takes a time that is not past, not 2025-12-31 23:59:59+00:00: "
            "it is 2026-01-01 00:00:00+00:00",
        ),
        (
            ValueError,
            lambda clock: clock.move_to(datetime(2030, 1, 1)),
            "move_to() takes an aware datetime, but datetime.datetime(2030, 1, 1, 0, 0) has no "
            "time zone: add one, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc)",
        ),
        (
            TypeError,
            lambda clock: clock.move_to("2030-01-01"),
            "move_to() takes an aware datetime, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc), "
            "not '2030-01-01'",
        ),
        (
            RuntimeError,
            lambda clock: clock.advance_until(lambda: False),
            "advance_until(): the condition is still false, and no events are left; "
            "it is 2026-01-01 00:00:00+00:00",
        ),
    ],
)
@standing
def test_wrong_use_of_the_clock_is_refused(mturk, error, act, message):
    """The error says what is wrong, and the clock does not move."""
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act(mturk.clock)

    assert mturk.clock.now == NOW


# Events -----------------------------------------------------------------------------------


@standing
def test_events_happen_in_order_at_their_own_times(mturk, mturk_client):
    """Each event happens at its own time, however far the clock is moved. [assumed]

    The abandoned assignment is available again before the HIT expires, and the submitted one is
    approved after its own delay.
    """
    hit_id = publish(
        mturk_client,
        MaxAssignments=2,
        LifetimeInSeconds=3600,
        AssignmentDurationInSeconds=1800,
        AutoApprovalDelayInSeconds=7200,
    )
    done = mturk.worker().accept(hit_id).submit({})
    left = mturk.worker().accept(hit_id)

    mturk.clock.advance(days=30)

    assert done.approval_time == NOW + timedelta(hours=2)
    assert (left.status, mturk.hits[0].status) == ("Abandoned", "Reviewable")
    assert mturk.hits[0].available == 1
    assert mturk.clock.now == NOW + timedelta(days=30)


@standing
def test_move_to_lets_what_is_due_at_that_moment_happen(mturk, mturk_client):
    """An event happens when the clock reaches its exact time. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker())

    mturk.clock.move_to(assignment.deadline - timedelta(microseconds=1))
    assert assignment.status == "Accepted"

    mturk.clock.move_to(assignment.deadline)
    assert assignment.status == "Abandoned"


@standing
def test_one_step_gives_the_result_of_many():
    """The result does not depend on the steps in which the clock moves. [assumed]"""

    def live(step):
        with mock_mturk(seed=1, now=NOW) as mturk:
            client = mturk.client()
            hit_id = publish(
                client,
                MaxAssignments=3,
                AssignmentDurationInSeconds=1800,
                AutoApprovalDelayInSeconds=5000,
            )
            assignments = [mturk.worker().accept(hit_id) for _ in range(3)]
            assignments[0].submit({})
            while mturk.clock.now < NOW + timedelta(hours=3):
                mturk.clock.advance(step)
                client.get_hit(HITId=hit_id)
            hit = client.get_hit(HITId=hit_id)["HIT"]
            return hit, [(each.id, each.status, each.approval_time) for each in assignments]

    assert live(timedelta(hours=3)) == live(timedelta(minutes=5)) == live(timedelta(seconds=50))


@standing
def test_upcoming_lists_what_will_happen(mturk, mturk_client):
    """`upcoming` lists the events that are still to happen, in order."""
    assignment = submitted(mturk_client, mturk.worker(), MaxAssignments=2)
    other = mturk.worker().accept(assignment.hit_id)

    assert [(each.time, each.what, each.id) for each in mturk.clock.upcoming] == [
        (NOW + timedelta(minutes=10), "assignment is abandoned", other.id),
        (NOW + timedelta(hours=1), "HIT expires", other.hit_id),
        (NOW + timedelta(days=30), "assignment is approved automatically", assignment.id),
        (NOW + timedelta(days=120), "HIT is disposed", other.hit_id),
    ]


@standing
def test_upcoming_lists_a_disposal_once(mturk, mturk_client):
    """`upcoming` lists one disposal, even if the HIT stopped being Assignable several times."""
    hit_id = publish(mturk_client)
    for _ in range(3):
        mturk.worker().accept(hit_id).return_hit()
    mturk.worker().answer(hit_id)

    assert [each.what for each in mturk.clock.upcoming].count("HIT is disposed") == 1


@standing
def test_upcoming_without_anything(mturk):
    """In a new mock `upcoming` is empty."""
    assert mturk.clock.upcoming == []
    assert repr(mturk.clock) == "<clock at 2026-01-01 00:00:00 UTC, nothing to come>"


@standing
def test_clock_repr_says_what_is_next(mturk, mturk_client):
    """repr() shows the next event and its time."""
    hit_id = publish(mturk_client)

    assert repr(mturk.clock) == (
        f"<clock at 2026-01-01 00:00:00 UTC, next: <HIT expires at 2026-01-01 01:00:00: {hit_id}>>"
    )


@standing
def test_advance_until_goes_from_event_to_event(mturk, mturk_client):
    """advance_until() stops at the time of the event after which the condition holds."""
    assignment = submitted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=7200)
    seen = []

    def approved():
        seen.append(mturk.clock.now)
        return assignment.status == "Approved"

    mturk.clock.advance_until(approved)

    # The condition is called at the start, at the HIT's expiration, and at the approval.
    assert mturk.clock.now == NOW + timedelta(hours=2)
    assert seen == [NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2)]


@standing
def test_advance_until_a_condition_that_holds(mturk, mturk_client):
    """If the condition holds already, advance_until() does not move the clock."""
    publish(mturk_client)

    mturk.clock.advance_until(lambda: True)

    assert mturk.clock.now == NOW


# The seed ---------------------------------------------------------------------------------


def story(seed, polls):
    """Return the results of a small program with `polls` extra calls between its steps."""
    with mock_mturk(seed=seed, now=NOW) as mturk:
        client = mturk.client()
        results = []
        for _ in range(3):
            hit = client.create_hit(**hit_params(MaxAssignments=2, LifetimeInSeconds=60))["HIT"]
            for _ in range(polls):
                client.list_hits()
                refusal(client.get_hit, HITId="3A")
            worker = mturk.worker()
            done = worker.accept(hit["HITId"]).submit({"worker": worker.id})
            mturk.clock.advance(seconds=20)
            results.append((hit, client.get_assignment(AssignmentId=done.id)["Assignment"]))
        return results


def test_same_seed_gives_the_same_results():
    """IDs and results are the same for the same seed, with and without extra calls."""
    assert story(1, polls=0) == story(1, polls=0) == story(1, polls=3)


def test_another_seed_gives_other_ids():
    """Another seed gives different IDs."""

    def ids(seed):
        return {
            id_
            for things in story(seed, polls=0)
            for thing in things
            for key, id_ in thing.items()
            if key.endswith("Id")
        }

    assert not ids(1) & ids(2)
