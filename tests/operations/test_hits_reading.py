"""Reading HITs: GetHIT, ListHITs and ListReviewableHITs. Pages: see test_pagination."""

from __future__ import annotations

import pytest

from tests.helpers import (
    MINUTE,
    NOW,
    constraint,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    expire,
    get_hit,
    hit_ids,
    no_such_hit,
    work,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)


def reviewable(client, **filters):
    return hit_ids(client.list_reviewable_hits(**filters))


@pytest.fixture
def finished(mturk, mturk_client):
    """Publish a HIT and let a worker submit it; return its ID."""

    def publish(**overrides):
        hit_id = create_hit(mturk_client, **overrides)["HITId"]
        work(mturk, hit_id)
        return hit_id

    return publish


# GetHIT -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        lambda client, id_: client.get_hit(HITId=id_),
        lambda client, id_: client.delete_hit(HITId=id_),
        lambda client, id_: client.update_expiration_for_hit(HITId=id_, ExpireAt=0),
        lambda client, id_: client.update_hit_review_status(HITId=id_),
        lambda client, id_: client.update_hit_type_of_hit(HITId=id_, HITTypeId="3UNKNOWN"),
        lambda client, id_: client.create_additional_assignments_for_hit(
            HITId=id_, NumberOfAdditionalAssignments=0
        ),
    ],
    ids=[
        *("GetHIT", "DeleteHIT", "UpdateExpirationForHIT", "UpdateHITReviewStatus"),
        *("UpdateHITTypeOfHIT", "CreateAdditionalAssignmentsForHIT"),
    ],
)
def test_get_hit_unknown(mturk, mturk_client, mturk_sandbox_client, operation):
    """An unknown HIT, another requester's or the sandbox's does not exist.

    [observed] for unknown HITs and the sandbox's, [assumed] for another requester's; existence
    is checked before values [assumed].
    """
    foreign = create_hit(mturk.requester("other").client())["HITId"]
    sandbox = create_hit(mturk_sandbox_client)["HITId"]

    for hit_id in ("3UNKNOWN", foreign, sandbox):
        refusal = error_of(lambda hit_id=hit_id: operation(mturk_client, hit_id))
        assert refusal == no_such_hit(hit_id)


def test_get_hit_with_a_malformed_id(mturk_client):
    """The framework refuses IDs of other characters than capitals and digits. [doc]"""
    assert error_of(lambda: get_hit(mturk_client, "3abc")) == constraint(
        "3abc", "hITId", "Member must satisfy regular expression pattern: ^[A-Z0-9]+$"
    )


def test_get_hit_deleted(mturk_client):
    """GetHIT shows a deleted HIT as Disposed. [observed]"""
    hit = create_hit(mturk_client)
    expire(mturk_client, hit["HITId"])
    mturk_client.delete_hit(HITId=hit["HITId"])

    assert get_hit(mturk_client, hit["HITId"]) == {
        **hit,
        "HITStatus": "Disposed",
        "Expiration": NOW,
    }


# ListHITs ---------------------------------------------------------------------------------


def test_list_hits_of_nothing(mturk_client):
    """Without HITs the list is empty, NumResults is 0, and NextToken is absent. [observed]"""
    response = mturk_client.list_hits()

    del response["ResponseMetadata"]
    assert response == {"NumResults": 0, "HITs": []}


def test_list_hits_shows_whole_hits(mturk_client):
    """Items are the same as those of GetHIT, with Question. [observed]"""
    hit_id = create_hit(mturk_client, Keywords="a", RequesterAnnotation="b")["HITId"]

    assert mturk_client.list_hits()["HITs"] == [get_hit(mturk_client, hit_id)]


def test_list_hits_newest_first(mturk, mturk_client):
    """The newest HIT is first, also among HITs of the same moment. [assumed]"""
    made = [create_hit(mturk_client)["HITId"] for _ in range(2)]
    mturk.clock.advance(minutes=1)
    made.append(create_hit(mturk_client)["HITId"])

    assert hit_ids(mturk_client.list_hits()) == made[::-1]


def test_list_hits_in_every_state_but_disposed(mturk, mturk_client, finished):
    """HITs of every status but Disposed are listed. [doc]"""
    assignable = create_hit(mturk_client)["HITId"]
    unassignable = create_hit(mturk_client)["HITId"]
    mturk.worker().accept(unassignable)
    done, reviewing = finished(), finished()
    mturk_client.update_hit_review_status(HITId=reviewing)
    deleted = create_hit(mturk_client)["HITId"]
    expire(mturk_client, deleted)
    mturk_client.delete_hit(HITId=deleted)

    listed = {hit["HITId"]: hit["HITStatus"] for hit in mturk_client.list_hits()["HITs"]}
    assert listed == {
        assignable: "Assignable",
        unassignable: "Unassignable",
        done: "Reviewable",
        reviewing: "Reviewing",
    }


def test_list_hits_of_somebody_else(mturk, mturk_client, mturk_sandbox_client):
    """Only the caller's own HITs in one environment are listed. [doc]"""
    hit_id = create_hit(mturk_client)["HITId"]

    assert hit_ids(mturk_sandbox_client.list_hits()) == []
    assert hit_ids(mturk.requester("other").client().list_hits()) == []
    assert hit_ids(mturk_client.list_hits()) == [hit_id]


# ListReviewableHITs -----------------------------------------------------------------------


def test_list_reviewable_hits_shows_ids_only(mturk_client, finished):
    """Items have HITId and nothing else. [observed]"""
    hit_id = finished()
    response = mturk_client.list_reviewable_hits()

    assert response["HITs"] == [{"HITId": hit_id}]
    assert response["NumResults"] == 1


def test_list_reviewable_hits_of_nothing(mturk_client):
    """HITs that are not Reviewable are not listed. [doc]"""
    create_hit(mturk_client)
    response = mturk_client.list_reviewable_hits()

    del response["ResponseMetadata"]
    assert response == {"NumResults": 0, "HITs": []}


def test_list_reviewable_hits_by_status(mturk_client, finished):
    """Status is Reviewable by default, and can be Reviewing. [doc]"""
    reviewing, done = finished(), finished()
    mturk_client.update_hit_review_status(HITId=reviewing)

    assert reviewable(mturk_client) == [done]
    assert reviewable(mturk_client, Status="Reviewable") == [done]
    assert reviewable(mturk_client, Status="Reviewing") == [reviewing]


def test_list_reviewable_hits_of_another_status(mturk_client):
    """Other values of Status are refused. [doc] values, [assumed] text"""
    refusal = error_of(lambda: reviewable(mturk_client, Status="Assignable"))

    assert refusal == constraint(
        "Assignable", "status", "Member must satisfy enum value set: [Reviewable, Reviewing]"
    )


def test_list_reviewable_hits_of_a_type(mturk_client, finished):
    """HITTypeId filters by HIT type. [doc]"""
    finished()
    of_the_type = finished(Title="Another")
    hit_type_id = get_hit(mturk_client, of_the_type)["HITTypeId"]

    assert reviewable(mturk_client, HITTypeId=hit_type_id) == [of_the_type]


def test_list_reviewable_hits_of_an_unknown_type(mturk_client, finished):
    """An unknown HITTypeId returns no HITs. [assumed]"""
    finished()

    assert reviewable(mturk_client, HITTypeId="3UNKNOWN") == []


def test_list_reviewable_hits_keeps_reviewed_work(mturk, mturk_client, finished):
    """A HIT stays listed after its assignments were reviewed. [doc]"""
    hit_id = finished()
    mturk_client.approve_assignment(AssignmentId=mturk.assignments[0].id)

    assert reviewable(mturk_client) == [hit_id]


def test_list_reviewable_hits_newest_first(mturk_client, finished):
    """The newest HIT is first. [assumed]"""
    made = [finished() for _ in range(3)]

    assert reviewable(mturk_client) == made[::-1]


def test_list_reviewable_hits_expired(mturk, mturk_client):
    """A HIT without work is listed from its expiration on. [doc]"""
    hit_type_id = create_hit_type(mturk_client)
    hit = create_hit_with_hit_type(mturk_client, hit_type_id, LifetimeInSeconds=MINUTE)
    mturk.clock.advance(seconds=59)
    assert reviewable(mturk_client) == []

    mturk.clock.advance(seconds=1)
    assert reviewable(mturk_client) == [hit["HITId"]]
