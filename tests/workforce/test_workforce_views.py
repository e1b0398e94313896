"""Handles of HITs, assignments and workers show the current state."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from mturk_mock import HIT, Assignment, Worker, mock_mturk
from tests.helpers import (
    NOW,
    accepted,
    external_question,
    html_question,
    publish,
    question_form,
    rejected,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def hit_of(mturk, mturk_client):
    """Create a HIT, and return a worker's handle of it."""
    return lambda **params: mturk.worker().preview(publish(mturk_client, **params))


# HIT --------------------------------------------------------------------------------------


def test_hit_is_what_get_hit_shows(mturk_client, hit_of):
    """The handle shows the same values as GetHIT."""
    hit = hit_of(Keywords="birds", RequesterAnnotation="batch 1", MaxAssignments=3)

    shown = mturk_client.get_hit(HITId=hit.hit_id)["HIT"]

    assert shown == {
        "HITId": hit.id,
        "HITTypeId": hit.hit_type_id,
        "HITGroupId": hit.hit_group_id,
        "CreationTime": hit.creation_time,
        "Title": hit.title,
        "Description": hit.description,
        "Question": hit.question,
        "Keywords": hit.keywords,
        "HITStatus": hit.status,
        "MaxAssignments": hit.max_assignments,
        "Reward": str(hit.reward),
        "AutoApprovalDelayInSeconds": 2592000,
        "Expiration": hit.expiration,
        "AssignmentDurationInSeconds": hit.assignment_duration,
        "RequesterAnnotation": hit.requester_annotation,
        "QualificationRequirements": [],
        "HITReviewStatus": "NotReviewed",
        "NumberOfAssignmentsPending": hit.pending,
        "NumberOfAssignmentsAvailable": hit.available,
        "NumberOfAssignmentsCompleted": hit.completed,
    }


def test_hit_without_keywords_and_annotation(hit_of):
    """Without them, keywords are empty and the annotation is None."""
    hit = hit_of()

    assert (hit.keywords, hit.requester_annotation) == ("", None)


def test_hit_shows_whose_it_is(mturk, mturk_client, mturk_sandbox_client):
    """A HIT's handle shows its requester and environment."""
    publish(mturk_client)
    publish(mturk_sandbox_client)
    publish(mturk.requester("other").client())

    assert [(hit.requester, hit.environment) for hit in mturk.hits] == [
        ("default", "production"),
        ("default", "sandbox"),
        ("other", "production"),
    ]


def test_hit_assignments_in_the_order_of_acceptance(mturk, hit_of):
    """A HIT's handle lists all its assignments, in the order of acceptance."""
    hit = hit_of(MaxAssignments=3)
    first, second, third = (mturk.worker().accept(hit.id) for _ in range(3))
    third.submit({})
    first.return_hit()

    assert hit.assignments == [first, second, third]
    assert (hit.available, hit.pending, hit.completed) == (1, 1, 0)


def test_hit_html_is_the_page(hit_of):
    """`html` is the page of an HTMLQuestion; `url` is None. [doc]"""
    hit = hit_of(Question=html_question("<b>é &amp; —</b>"))

    assert hit.html is not None
    assert hit.html.startswith("<!DOCTYPE html>")
    assert "<body><b>é &amp; —</b></body>" in hit.html
    assert hit.url is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com", "https://example.com?{}"),
        ("https://example.com/a", "https://example.com/a?{}"),
        ("https://example.com/a?b=1&amp;c=%20", "https://example.com/a?b=1&c=%20&{}"),
        ("https://example.com/a?", "https://example.com/a?{}"),
        ("https://example.com/a?b#c", "https://example.com/a?b&{}#c"),
        (" https://example.com/a\n", "https://example.com/a?{}"),
        ("HTTPS://example.com/a", "https://example.com/a?{}"),
    ],
)
def test_hit_url_is_the_preview(hit_of, url, expected):
    """`url` keeps the query and adds assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE. [doc]"""
    hit = hit_of(Question=external_question(url))

    query = f"assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId={hit.id}"
    assert hit.url == expected.format(query)
    assert hit.html is None


def test_hit_of_a_question_form_has_neither(hit_of):
    """A QuestionForm has neither `html` nor `url`: the service renders it. [doc]"""
    hit = hit_of(Question=question_form(a=None))

    assert (hit.url, hit.html) == (None, None)


def test_hit_repr(mturk, hit_of):
    """repr() shows what distinguishes HITs in a failure message."""
    hit = hit_of(Title="Birds", MaxAssignments=3)
    mturk.worker().accept(hit.id)

    assert repr(hit) == f"<HIT {hit.id} 'Birds' Assignable, 1 of 3 taken>"


def test_hit_repr_names_the_sandbox(mturk, mturk_sandbox_client):
    """A HIT of the sandbox can be told from one of production."""
    hit_id = publish(mturk_sandbox_client, Title="Birds")

    assert repr(mturk.hits[0]) == f"<HIT {hit_id} 'Birds' Assignable, 0 of 1 taken, sandbox>"


# Assignment -------------------------------------------------------------------------------


def test_assignment_times(mturk, mturk_client):
    """Times are None until they are reached."""
    assignment = accepted(mturk_client, mturk.worker(), AutoApprovalDelayInSeconds=3600)
    nothing_yet = (
        assignment.submit_time,
        assignment.auto_approval_time,
        assignment.approval_time,
        assignment.rejection_time,
        assignment.requester_feedback,
    )
    assert nothing_yet == (None, None, None, None, None)
    mturk.clock.advance(minutes=1)
    assignment.submit({})
    mturk.clock.advance(minutes=1)
    mturk_client.approve_assignment(AssignmentId=assignment.id, RequesterFeedback="Good")

    minute = timedelta(minutes=1)
    assert assignment.accept_time == NOW
    assert assignment.deadline == NOW + 10 * minute
    assert assignment.submit_time == NOW + minute
    assert assignment.auto_approval_time == NOW + 61 * minute
    assert assignment.approval_time == NOW + 2 * minute
    assert assignment.requester_feedback == "Good"


def test_assignment_hit_is_its_hit(mturk, mturk_client, mturk_sandbox_client):
    """The HIT of the worker's assignment, in the environment it is in."""
    publish(mturk_client)
    _, hit_id, _ = (publish(mturk_sandbox_client) for _ in range(3))
    assignment = mturk.worker().accept(hit_id)

    assert assignment.hit == mturk.hit(hit_id)
    assert (assignment.hit.id, assignment.hit.environment) == (hit_id, "sandbox")
    assert assignment.hit.assignments == [assignment]


def test_assignment_rejected(mturk, mturk_client):
    """A rejected assignment has a rejection time and the requester's feedback."""
    assignment = rejected(mturk_client, mturk.worker())

    assert (assignment.status, assignment.rejection_time) == ("Rejected", NOW)
    assert (assignment.approval_time, assignment.requester_feedback) == (None, "No")


@pytest.mark.parametrize(
    ("sandbox", "site"),
    [(False, "https%3A%2F%2Fwww.mturk.com"), (True, "https%3A%2F%2Fworkersandbox.mturk.com")],
)
def test_assignment_url_has_the_four_parameters(mturk, sandbox, site):
    """`url` passes the assignment, HIT, worker and submit URL to the external page. [doc]"""
    worker = mturk.worker()
    question = external_question("https://example.com/a?b=1")
    assignment = accepted(mturk.client(sandbox=sandbox), worker, Question=question)

    assert assignment.url == (
        f"https://example.com/a?b=1&assignmentId={assignment.id}&hitId={assignment.hit_id}"
        f"&workerId={worker.id}&turkSubmitTo={site}"
    )


def test_assignment_of_other_questions_has_no_url(mturk, mturk_client):
    """Only an ExternalQuestion has a `url`. [doc]"""
    assert accepted(mturk_client, mturk.worker()).url is None


def test_assignment_repr(mturk, mturk_client):
    """repr() shows what distinguishes assignments in a failure message."""
    assignment = accepted(mturk_client, mturk.worker("A1B2"))

    text = f"<Assignment {assignment.id} of HIT {assignment.hit_id} by A1B2, Accepted>"
    assert repr(assignment) == text


# Worker -----------------------------------------------------------------------------------


def test_worker_assignments_are_everything_accepted(mturk, mturk_client):
    """A worker's handle lists all assignments, of every requester and status."""
    worker = mturk.worker()
    first = submitted(mturk_client, worker)
    second = accepted(mturk.requester("other").client(), worker)
    second.return_hit()
    submitted(mturk_client, mturk.worker())

    assert worker.assignments == [first, second]


def test_worker_starts_with_nothing(mturk):
    """A new worker has no earnings and no assignments."""
    worker = mturk.worker()

    assert (worker.earnings, worker.assignments) == (Decimal(0), [])


def test_worker_repr(mturk, mturk_client):
    """repr() shows the country, the number of open assignments, and the earnings."""
    worker = mturk.worker("A1B2", country="DE")
    for_money = submitted(mturk_client, worker, Reward="0.5")
    mturk_client.approve_assignment(AssignmentId=for_money.id)
    accepted(mturk_client, worker)

    assert repr(worker) == "<Worker A1B2 from DE, 1 open, earned $0.50>"


# Equality, and current values -------------------------------------------------------------


def test_views_of_one_thing_are_equal(mturk, mturk_client):
    """Two handles of the same object are equal and have the same hash."""
    worker = mturk.worker("A1B2")
    assignment = accepted(mturk_client, worker)

    assert {mturk.worker("A1B2"), worker} == {worker}
    assert mturk.assignments == [assignment]
    assert hash(mturk.assignments[0]) == hash(assignment)


def test_views_of_different_things_are_not_equal(mturk, mturk_client):
    """Handles of different objects or kinds are not equal, even with the same ID."""
    mturk.next_id("HIT", "A1B2")
    publish(mturk_client)

    assert mturk.hits[0].id == mturk.worker("A1B2").id
    assert mturk.hits[0] != mturk.worker("A1B2")
    assert mturk.worker("A1B2") != mturk.worker("A1B3")
    assert mturk.worker("A1B2") != "A1B2"


def test_views_of_two_mocks_are_not_equal(mturk):
    """Handles of different mocks are not equal."""
    with mock_mturk() as inner:
        assert inner.worker("A1B2") != mturk.worker("A1B2")


def test_views_show_the_present(mturk, mturk_client, hit_of):
    """A handle shows the current state, not that of its creation."""
    hit = hit_of()
    assignment = mturk.worker().accept(hit.id)
    assert (hit.status, assignment.status) == ("Unassignable", "Accepted")

    mturk.clock.advance(hours=1)

    assert (hit.status, assignment.status) == ("Reviewable", "Abandoned")


def test_views_are_public_types(mturk, mturk_client):
    """The classes of handles are public, for use in annotations."""
    assignment = accepted(mturk_client, mturk.worker())

    assert isinstance(assignment, Assignment)
    assert isinstance(mturk.hits[0], HIT)
    assert isinstance(mturk.worker(), Worker)


# Chosen IDs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("HIT", lambda mturk, client: publish(client)),
        ("HITType", lambda mturk, client: mturk.hits[0].hit_type_id if publish(client) else None),
        ("Assignment", lambda mturk, client: accepted(client, mturk.worker()).id),
    ],
    ids=["HIT", "HITType", "Assignment"],
)
def test_next_id_is_given_to_the_next_of_its_kind(mturk, mturk_client, kind, made):
    """next_id() sets the ID of the next object of its kind."""
    mturk.next_id(kind, "3WRITTEN")

    assert made(mturk, mturk_client) == "3WRITTEN"


@pytest.mark.parametrize(
    ("kind", "id_", "message"),
    [
        ("Worker", "A1", "next_id() takes one of HIT, HITType, "),
        ("HIT", "3a", "next_id() takes an ID of at most 64 capital letters and digits, not "),
        ("HIT", "A" * 65, "next_id() takes an ID of at most 64 capital letters and digits, "),
        ("HIT", 3, "next_id() takes an ID of at most 64 capital letters and digits, not 3"),
    ],
    ids=["kind", "letters", "long", "type"],
)
def test_next_id_of_an_invalid_kind_or_id_is_refused(mturk, kind, id_, message):
    """An invalid kind or ID is a ValueError that says what is allowed."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        mturk.next_id(kind, id_)


def test_next_id_is_given_to_one_thing_only(mturk):
    """An ID chosen for a HIT cannot be chosen for a HIT type too."""
    mturk.next_id("HIT", "3WRITTEN")

    with pytest.raises(ValueError, match=r"^the ID 3WRITTEN is already taken$"):
        mturk.next_id("HITType", "3WRITTEN")


def test_next_ids_are_given_out_in_order(mturk, mturk_client):
    """IDs of several next_id() calls are used in order; later IDs are generated."""
    mturk.next_id("HIT", "FIRST")
    mturk.next_id("HIT", "2ND")

    made = [publish(mturk_client) for _ in range(3)]

    assert made[:2] == ["FIRST", "2ND"]
    assert len(made[2]) == 30
