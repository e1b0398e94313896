"""Reading assignments: GetAssignment and ListAssignmentsForHIT."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.helpers import (
    NOTHING,
    NOW,
    SUBMITTED_KEYS,
    abandoned,
    accepted,
    answers,
    foreign_assignment,
    foreign_client,
    free_text,
    in_progress,
    invalid_value,
    no_such_assignment,
    no_such_hit,
    publish,
    refusal,
    returned,
    shown,
    stamp_of,
    submitted,
    wrong_assignment_state,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

# GetAssignment ----------------------------------------------------------------------------


def test_get_assignment_returns_assignment_and_hit(mturk, mturk_client):
    """GetAssignment returns the assignment, and the HIT as GetHIT shows it. [doc]"""
    assignment = submitted(mturk_client, mturk.worker())

    result = mturk_client.get_assignment(AssignmentId=assignment.id)

    assert result.keys() == {"Assignment", "HIT", "ResponseMetadata"}
    assert result["HIT"] == mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]


def test_get_assignment_submitted_has_recorded_keys(mturk, mturk_client):
    """Submitted work has the recorded keys: "Deadline is absent after submission".

    [observed]
    """
    result = shown(mturk_client, submitted(mturk_client, mturk.worker()))

    assert sorted(result) == sorted(SUBMITTED_KEYS)


def test_get_assignment_values(mturk, mturk_client):
    """AutoApprovalTime is the submission time plus the HIT's delay. [observed]"""
    worker = mturk.worker("A1WORKER")
    assignment = accepted(mturk_client, worker, AutoApprovalDelayInSeconds=7200)
    mturk.clock.advance(seconds=90)
    assignment.submit({"answer": "42"})

    assert shown(mturk_client, assignment) == {
        "AssignmentId": assignment.id,
        "WorkerId": "A1WORKER",
        "HITId": assignment.hit_id,
        "AssignmentStatus": "Submitted",
        "AcceptTime": NOW,
        "SubmitTime": NOW + timedelta(seconds=90),
        "AutoApprovalTime": NOW + timedelta(seconds=7290),
        "Answer": answers(free_text("answer", "42")),
    }


def test_get_assignment_approved_adds_approval_time(mturk, mturk_client):
    """Approved work also has ApprovalTime, and feedback if it was given. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk.clock.advance(hours=1)

    mturk_client.approve_assignment(AssignmentId=assignment.id)

    result = shown(mturk_client, assignment)
    assert sorted(result) == sorted([*SUBMITTED_KEYS, "ApprovalTime"])
    assert result["ApprovalTime"] == NOW + timedelta(hours=1)


def test_get_assignment_rejected_adds_rejection_time_and_feedback(mturk, mturk_client):
    """Rejected work also has RejectionTime and the feedback. [observed]"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk.clock.advance(hours=1)

    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="Not a bird")

    result = shown(mturk_client, assignment)
    assert sorted(result) == sorted([*SUBMITTED_KEYS, "RejectionTime", "RequesterFeedback"])
    assert result["RejectionTime"] == NOW + timedelta(hours=1)
    assert result["RequesterFeedback"] == "Not a bird"


@pytest.mark.parametrize("fate", [in_progress, returned, abandoned])
def test_get_assignment_not_submitted_is_refused(mturk, mturk_client, fate):
    """Unsubmitted work is refused; the message calls Submitted "Reviewable". [observed]"""
    assignment = accepted(mturk_client, mturk.worker())
    fate(mturk, assignment)

    assert refusal(
        mturk_client.get_assignment, AssignmentId=assignment.id
    ) == wrong_assignment_state("Reviewable,Approved,Rejected").stamped(stamp_of(mturk.clock.now))


def test_get_assignment_of_deleted_hit_is_refused(mturk, mturk_client):
    """Assignments of a deleted HIT are refused. [doc] that, [assumed] how"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk_client.approve_assignment(AssignmentId=assignment.id)
    mturk_client.delete_hit(HITId=assignment.hit_id)

    told = refusal(mturk_client.get_assignment, AssignmentId=assignment.id)

    assert told == no_such_assignment(assignment.id).stamped()


@pytest.mark.parametrize("whose", ["nobody's", "another requester's", "the sandbox's"])
def test_get_assignment_of_somebody_else_is_refused(mturk, mturk_client, whose):
    """Another requester's [assumed] or environment's [observed] assignment does not exist."""
    assignment_id = foreign_assignment(mturk, whose)

    told = refusal(mturk_client.get_assignment, AssignmentId=assignment_id)

    assert told == no_such_assignment(assignment_id).stamped()


# ListAssignmentsForHIT --------------------------------------------------------------------


@pytest.fixture
def listed(mturk_client):
    """List a HIT's assignments; return their IDs in the order of the response."""

    def call(hit_id, *statuses, **params):
        if statuses:
            params["AssignmentStatuses"] = list(statuses)
        result = mturk_client.list_assignments_for_hit(HITId=hit_id, **params)
        assert result["NumResults"] == len(result["Assignments"])
        return [assignment["AssignmentId"] for assignment in result["Assignments"]]

    return call


@pytest.fixture
def reviewed_hit(mturk, mturk_client):
    """A HIT with an assignment in each status, and the assignments by status."""
    hit_id = publish(mturk_client, MaxAssignments=6)
    states = ["Approved", "Rejected", "Submitted", "Accepted", "Returned", "Abandoned"]
    found = {state: mturk.worker().accept(hit_id) for state in states}
    for state in ("Submitted", "Approved", "Rejected"):
        found[state].submit({"answer": state})
    mturk_client.approve_assignment(AssignmentId=found["Approved"].id)
    mturk_client.reject_assignment(AssignmentId=found["Rejected"].id, RequesterFeedback="No")
    found["Returned"].return_hit()
    mturk.clock.move_to(found["Abandoned"].deadline)
    found["Accepted"] = mturk.worker().accept(hit_id)
    assert all(assignment.status == state for state, assignment in found.items())
    return hit_id, found


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], ["Submitted", "Approved", "Rejected"]),
        (["Submitted"], ["Submitted"]),
        (["Approved"], ["Approved"]),
        (["Rejected"], ["Rejected"]),
        (["Rejected", "Submitted"], ["Submitted", "Rejected"]),
    ],
    ids=",".join,
)
def test_list_assignments_for_hit_by_status(listed, reviewed_hit, asked, expected):
    """Only the requested statuses are listed, by default all three. [doc]

    Ordered by submission [assumed]: Submitted, Approved, Rejected.
    """
    hit_id, found = reviewed_hit

    assert listed(hit_id, *asked) == [found[state].id for state in expected]


def test_list_assignments_for_hit_items_are_as_get_assignment(mturk_client, reviewed_hit):
    """Each item has the keys and values that GetAssignment shows. [observed]"""
    hit_id, found = reviewed_hit

    items = mturk_client.list_assignments_for_hit(HITId=hit_id)["Assignments"]

    assert items == [shown(mturk_client, found[s]) for s in ("Submitted", "Approved", "Rejected")]


def test_list_assignments_for_hit_is_ordered_by_submission(mturk, mturk_client, listed):
    """Ordered by submission, whatever the order of acceptance or review. [assumed]"""
    hit_id = publish(mturk_client, MaxAssignments=3)
    first, second, third = (mturk.worker().accept(hit_id) for _ in range(3))
    for assignment in (third, first, second):
        mturk.clock.advance(seconds=1)
        assignment.submit({"answer": "42"})
    mturk_client.approve_assignment(AssignmentId=first.id)

    assert listed(hit_id) == [third.id, first.id, second.id]


def test_list_assignments_for_hit_without_work_is_empty(mturk_client):
    """Without work the list is empty, and NextToken is absent. [observed]"""
    hit_id = publish(mturk_client)

    result = mturk_client.list_assignments_for_hit(HITId=hit_id)

    del result["ResponseMetadata"]
    assert result == {"NumResults": 0, "Assignments": []}


@pytest.mark.parametrize("state", ["Assignable", "Reviewable", "Reviewing", "Disposed"])
def test_list_assignments_for_hit_in_any_state(mturk, mturk_client, listed, state):
    """Assignments are listed in any state of the HIT. [doc]"""
    assignment = submitted(mturk_client, mturk.worker(), MaxAssignments=2)
    hit_id = assignment.hit_id
    mturk_client.approve_assignment(AssignmentId=assignment.id)
    if state != "Assignable":
        mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    if state == "Reviewing":
        mturk_client.update_hit_review_status(HITId=hit_id)
    if state == "Disposed":
        mturk_client.delete_hit(HITId=hit_id)
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == state

    assert listed(hit_id) == [assignment.id]


# Its pages --------------------------------------------------------------------------------


@pytest.fixture
def busy_hit(mturk, mturk_client):
    """A HIT with twelve submitted assignments, and their ids in order."""
    hit_id = publish(mturk_client, MaxAssignments=12)
    workers = [mturk.worker() for _ in range(12)]
    return hit_id, [worker.accept(hit_id).submit({"answer": "42"}).id for worker in workers]


def test_list_assignments_for_hit_default_page_is_10(listed, busy_hit):
    """Without MaxResults a page has ten items. [doc]"""
    hit_id, ids = busy_hit

    assert listed(hit_id) == ids[:10]


def test_list_assignments_for_hit_pages(mturk_client, busy_hit):
    """Every page with items has a NextToken, even the last; the empty page has none. [observed]"""
    hit_id, ids = busy_hit
    pages = [mturk_client.list_assignments_for_hit(HITId=hit_id, MaxResults=5)]
    for _ in range(3):
        more = {"MaxResults": 5, "NextToken": pages[-1]["NextToken"]}
        pages.append(mturk_client.list_assignments_for_hit(HITId=hit_id, **more))

    assert [page["NumResults"] for page in pages] == [5, 5, 2, 0]
    assert [item["AssignmentId"] for page in pages for item in page["Assignments"]] == ids
    assert "NextToken" not in pages[-1]


def test_list_assignments_for_hit_paginator(mturk_client, busy_hit):
    """The paginator of botocore reads every page. [doc]"""
    hit_id, ids = busy_hit
    paginator = mturk_client.get_paginator("list_assignments_for_hit")

    pages = paginator.paginate(HITId=hit_id, PaginationConfig={"PageSize": 5})

    assert [item["AssignmentId"] for page in pages for item in page["Assignments"]] == ids


def test_list_assignments_for_hit_misses_nothing_that_is_reviewed_meanwhile(mturk_client, busy_hit):
    """A review between two pages makes no other assignment be skipped. [assumed]"""
    hit_id, ids = busy_hit
    paginator = mturk_client.get_paginator("list_assignments_for_hit")
    seen = []

    for page in paginator.paginate(
        HITId=hit_id, AssignmentStatuses=["Submitted"], PaginationConfig={"PageSize": 5}
    ):
        for item in page["Assignments"]:
            seen.append(item["AssignmentId"])
            mturk_client.approve_assignment(AssignmentId=item["AssignmentId"])

    assert seen == ids


def test_list_assignments_for_hit_with_foreign_token_is_refused(mturk_client, busy_hit):
    """A token is valid for one HIT and one choice of statuses. [assumed]"""
    hit_id, _ = busy_hit
    other = publish(mturk_client)
    page = mturk_client.list_assignments_for_hit(HITId=hit_id, MaxResults=5)
    token = page["NextToken"]

    for params in ({"HITId": other}, {"HITId": hit_id, "AssignmentStatuses": ["Submitted"]}):
        told = refusal(mturk_client.list_assignments_for_hit, NextToken=token, **params)
        assert told == invalid_value(token, "NextToken").stamped()


@pytest.mark.parametrize("token", ["p1:", "p1:????", "x", "p1:" + 64 * "A", "ü"])
def test_list_assignments_for_hit_with_made_up_token_is_refused(mturk_client, busy_hit, token):
    """A token that no response had is InvalidParameterValue. [assumed]"""
    hit_id, _ = busy_hit

    told = refusal(mturk_client.list_assignments_for_hit, HITId=hit_id, NextToken=token)

    assert told == invalid_value(token, "NextToken").stamped()


@pytest.mark.parametrize("whose", ["nobody's", "another requester's", "the sandbox's"])
def test_list_assignments_for_hit_of_somebody_else_is_refused(mturk, mturk_client, whose):
    """Another requester's [assumed] or environment's [observed] HIT does not exist."""
    hit_id = NOTHING
    if whose != "nobody's":
        hit_id = publish(foreign_client(mturk, whose))

    told = refusal(mturk_client.list_assignments_for_hit, HITId=hit_id)

    assert told == no_such_hit(hit_id).stamped()
