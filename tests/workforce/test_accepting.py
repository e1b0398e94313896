"""Accepting HITs, and returning or abandoning them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.helpers import NOW, abandoned, accepted, handed_in, publish, refused, returned

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


# Accepting --------------------------------------------------------------------------------


def test_accept_takes_an_assignment(mturk, mturk_client):
    """Accept makes one assignment less Available and one more Pending; its time starts. [doc]"""
    worker = mturk.worker()
    hit_id = publish(mturk_client, MaxAssignments=2)

    assignment = worker.accept(hit_id)

    hit = mturk_client.get_hit(HITId=hit_id)["HIT"]
    assert hit["NumberOfAssignmentsAvailable"] == hit["NumberOfAssignmentsPending"] == 1
    assert (assignment.status, assignment.worker_id) == ("Accepted", worker.id)
    assert (assignment.accept_time, assignment.deadline) == (NOW, NOW + timedelta(minutes=10))


def test_accept_gives_ids_of_the_recorded_form(mturk, mturk_client):
    """The ID has 30 uppercase letters and digits, the first of them 3. [observed]"""
    hit_id = publish(mturk_client, MaxAssignments=20)
    ids = {mturk.worker().accept(hit_id).id for _ in range(20)}

    assert len(ids) == 20
    assert all(re.fullmatch("3[A-Z0-9]{29}", id_) for id_ in ids)


def test_ids_of_different_kinds_are_different(mturk, mturk_client):
    """A HIT, its type, its group and its first assignment have different IDs. [observed]"""
    assignment = accepted(mturk_client, mturk.worker())
    (hit,) = mturk.hits

    assert len({assignment.id, hit.id, hit.hit_type_id, hit.hit_group_id}) == 4


@pytest.mark.parametrize("state", ["Accepted", "Submitted"])
def test_accept_twice_is_refused(mturk, mturk_client, state):
    """A worker cannot accept a HIT twice. [doc] [assumed] text"""
    worker = mturk.worker()
    assignment = accepted(mturk_client, worker, MaxAssignments=2)
    if state == "Submitted":
        assignment.submit({})

    told = refused(worker.accept, assignment.hit_id)

    message = (
        f"Worker {worker.id} already has assignment {assignment.id} of HIT {assignment.hit_id}."
    )
    assert told == ("AssignmentAlreadyExists", message)


@pytest.mark.parametrize("fate", [returned, abandoned])
def test_accept_after_giving_back_is_allowed(mturk, mturk_client, fate):
    """A worker can accept a HIT again after returning or abandoning it. [assumed]"""
    worker = mturk.worker()
    first = accepted(mturk_client, worker)
    fate(mturk, first)

    second = worker.accept(first.hit_id)

    assert second.id != first.id
    assert worker.assignments == [first, second]


def test_accept_more_than_ten_is_refused(mturk, mturk_client):
    """A worker can have ten open assignments, of all requesters. [doc, 2008] [assumed] text"""
    worker = mturk.worker()
    clients = [mturk_client, mturk.requester("other").client(), mturk.client(sandbox=True)]
    for number in range(10):
        accepted(clients[number % 3], worker)
    hit_id = publish(mturk_client)

    assert refused(worker.accept, hit_id) == (
        "ExceedsMaxAssignmentsPerWorker",
        f"Worker {worker.id} has 10 open assignments already: "
        "submit or return one before accepting another.",
    )
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["NumberOfAssignmentsAvailable"] == 1


@pytest.mark.parametrize("fate", [handed_in, returned, abandoned])
def test_accept_is_allowed_again_below_ten(mturk, mturk_client, fate):
    """Submitted, returned and abandoned assignments are not open. [assumed]"""
    worker = mturk.worker()
    open_ones = [accepted(mturk_client, worker) for _ in range(10)]
    fate(mturk, open_ones[0])

    assert accepted(mturk_client, worker).status == "Accepted"


# Returning and abandoning -----------------------------------------------------------------


def test_return_hit_gives_the_assignment_to_others(mturk, mturk_client):
    """After a return the HIT is Assignable again, and the assignment Available. [doc]"""
    assignment = accepted(mturk_client, mturk.worker())
    before = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]["HITStatus"]

    assert assignment.return_hit() is None

    hit = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]
    assert (before, hit["HITStatus"]) == ("Unassignable", "Assignable")
    assert (hit["NumberOfAssignmentsAvailable"], hit["NumberOfAssignmentsPending"]) == (1, 0)
    assert assignment.status == "Returned"


def test_assignment_is_abandoned_at_its_deadline(mturk, mturk_client):
    """An assignment not submitted in time is Abandoned, and Available to other workers. [doc]"""
    assignment = accepted(mturk_client, mturk.worker(), AssignmentDurationInSeconds=30)
    mturk.clock.advance(seconds=29)
    assert assignment.status == "Accepted"

    mturk.clock.advance(seconds=1)

    assert assignment.status == "Abandoned"
    hit = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]
    assert (hit["HITStatus"], hit["NumberOfAssignmentsAvailable"]) == ("Assignable", 1)


@pytest.mark.parametrize("fate", [returned, abandoned])
def test_giving_back_after_expiry_makes_the_hit_reviewable(mturk, mturk_client, fate):
    """An expired HIT is then Reviewable [doc], with one more assignment Available. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), MaxAssignments=2)
    mturk_client.update_expiration_for_hit(HITId=assignment.hit_id, ExpireAt=0)
    before = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]["HITStatus"]

    fate(mturk, assignment)

    hit = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]
    assert (before, hit["HITStatus"]) == ("Unassignable", "Reviewable")
    assert hit["NumberOfAssignmentsAvailable"] == 2


@pytest.mark.parametrize("fate", [handed_in, returned, abandoned])
@pytest.mark.parametrize("action", [handed_in, returned])
def test_settled_assignment_can_neither_be_submitted_nor_returned(
    mturk, mturk_client, fate, action
):
    """A second submit names the assignment and its status. [assumed] text"""
    assignment = accepted(mturk_client, mturk.worker(), MaxAssignments=2)
    fate(mturk, assignment)
    before = (assignment.status, mturk_client.get_hit(HITId=assignment.hit_id)["HIT"])

    assert refused(action, mturk, assignment) == (
        "InvalidAssignmentState",
        f"Assignment {assignment.id} is {before[0]}. "
        "Only an Accepted assignment can be submitted or returned.",
    )
    assert (assignment.status, mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]) == before
