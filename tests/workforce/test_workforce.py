"""Workers: their IDs, and the HITs that they can find and preview."""

from __future__ import annotations

import re

import pytest

from mturk_mock import mock_mturk
from tests.helpers import (
    NOTHING,
    NOW,
    abandoned,
    accepted,
    hit_params,
    html_question,
    publish,
    refused,
    returned,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

DENIED = "This user is not authorized to perform the requested operation."


def unavailable(hit_id, status):
    message = f"There are no more available assignments of HIT {hit_id}: it is {status}."
    return "NoHITsAvailableInGroupException", message


# Workers ----------------------------------------------------------------------------------


def test_worker_without_an_id_is_new_each_time(mturk):
    """A new worker's ID is A and 12 or 13 uppercase letters and digits. [observed]"""
    ids = {mturk.worker().id for _ in range(50)}

    assert len(ids) == 50
    assert all(re.fullmatch("A[A-Z0-9]{12,13}", id_) for id_ in ids)
    assert {len(id_) for id_ in ids} == {13, 14}


def test_worker_of_an_id_is_the_same_person(mturk, mturk_client):
    """mturk.worker(id) returns the existing worker, or creates it."""
    first = mturk.worker("A1B2C3")
    mturk_client.approve_assignment(AssignmentId=submitted(mturk_client, first).id)

    assert mturk.worker("A1B2C3") == first
    assert mturk.worker("A1B2C3").earnings == 1


def test_worker_keeps_omitted_options(mturk):
    """Omitted options leave an existing worker unchanged."""
    mturk.worker("A1B2C3", country="DE", approved=500)

    assert repr(mturk.worker("A1B2C3", adult=True)).startswith("<Worker A1B2C3 from DE, ")


@pytest.mark.parametrize("id_", ["", "A", "B1", "a1", "A-1", "A1\n", "Ä1", "A" * 65])
def test_worker_of_a_wrong_id_is_refused(mturk, id_):
    """A worker ID is A followed by uppercase letters and digits, at most 64 in all. [doc]"""
    with pytest.raises(ValueError, match=re.escape(f"at most 64 characters), not {id_!r}")):
        mturk.worker(id_)


def test_worker_id_of_64_characters_is_allowed(mturk):
    """A worker ID of 64 characters is allowed. [doc]"""
    assert mturk.worker("A" * 64).id == "A" * 64


def test_same_seed_makes_the_same_workers():
    """Worker IDs depend on the seed."""
    made = []
    for seed in (1, 1, 2):
        with mock_mturk(seed=seed) as mturk:
            made.append([mturk.worker().id for _ in range(3)])

    assert made[0] == made[1] != made[2]


# Finding ----------------------------------------------------------------------------------


def test_find_hits_newest_first(mturk, mturk_client):
    """find_hits() lists HITs of all requesters and both environments, newest first. [assumed]"""
    clients = [mturk_client, mturk.requester("other").client(), mturk.client(sandbox=True)]
    made = []
    for client in (*clients, mturk_client):
        mturk.clock.advance(seconds=1)
        made.append(publish(client))

    assert [hit.id for hit in mturk.worker().find_hits()] == made[::-1]


def test_find_hits_made_at_one_time_newest_first(mturk, mturk_client):
    """Of HITs created at the same time, the later one comes first. [assumed]"""
    made = [publish(mturk_client) for _ in range(3)]

    assert [hit.id for hit in mturk.worker().find_hits()] == made[::-1]


@pytest.mark.parametrize("query", ["bird", "BIRD", "a bird?", "feath", "orni", "logy"])
def test_find_hits_by_query(mturk, mturk_client, query):
    """A query matches parts of title, description or keywords, in any letter case. [assumed]"""
    wanted = publish(
        mturk_client, Title="Is it a Bird?", Description="Feathers", Keywords="ornithology"
    )
    publish(mturk_client, Title="Is it a fish?")

    assert [hit.id for hit in mturk.worker().find_hits(query)] == [wanted]


@pytest.mark.parametrize(("sandbox", "found"), [(None, "PS"), (True, "S"), (False, "P")])
def test_find_hits_by_environment(mturk, mturk_client, mturk_sandbox_client, sandbox, found):
    """`sandbox` chooses the environment; by default HITs of both are found."""
    publish(mturk_sandbox_client, Title="S")
    mturk.clock.advance(seconds=1)
    publish(mturk_client, Title="P")

    assert "".join(hit.title for hit in mturk.worker().find_hits(sandbox=sandbox)) == found


def test_find_hits_by_environment_and_query(mturk, mturk_client, mturk_sandbox_client):
    """Both must hold."""
    publish(mturk_client, Title="bird")
    publish(mturk_sandbox_client, Title="fish")
    wanted = publish(mturk_sandbox_client, Title="bird")

    assert [hit.id for hit in mturk.worker().find_hits("bird", sandbox=True)] == [wanted]


def test_find_hits_by_environment_of_a_wrong_type(mturk):
    """A name of an environment is a TypeError that says what is allowed."""
    with pytest.raises(TypeError) as refusal:
        mturk.worker().find_hits(sandbox="sandbox")

    assert str(refusal.value) == "find_hits() takes sandbox=True, False or None, not 'sandbox'"


# qualifies() ------------------------------------------------------------------------------
# tests/model/test_requirements_met.py compares qualifies() with accept(), rule by rule.


def test_qualifies_looks_at_nothing_but_requirements(mturk, mturk_client):
    """Neither a block, nor an own assignment, nor the end of the HIT makes a difference."""
    worker = mturk.worker()
    hit_id = publish(mturk_client)
    worker.accept(hit_id)
    mturk_client.create_worker_block(WorkerId=worker.id, Reason="spam")
    mturk.clock.advance(days=30)

    assert worker.qualifies(hit_id) is True
    assert mturk.hits[0].status == "Reviewable"


def test_qualifies_takes_a_handle(mturk):
    """As accept() does; the requirement guards accepting only."""
    type_id = mturk.add_qualification_type()
    required = {"QualificationTypeId": type_id, "Comparator": "Exists"}
    hit = mturk.add_hit(qualification_requirements=[required])

    assert mturk.worker().qualifies(hit) is False
    assert mturk.worker().find_hits() == [hit]


def test_qualifies_of_an_unknown_hit(mturk):
    """As accept(): HITDoesNotExist."""
    assert refused(mturk.worker().qualifies, "3NOHIT") == (
        "HITDoesNotExist",
        "Hit 3NOHIT does not exist.",
    )


def test_find_hits_query_is_not_across_fields(mturk, mturk_client):
    """A query does not match across the end of one field and the start of another. [assumed]"""
    publish(mturk_client, Title="black", Description="bird")

    assert mturk.worker().find_hits("blackbird") == []


def done(mturk, client, worker, hit_id):
    worker.accept(hit_id).submit({})


def begun(mturk, client, worker, hit_id):
    worker.accept(hit_id)


def full(mturk, client, worker, hit_id):
    mturk.worker().accept(hit_id)
    mturk.worker().accept(hit_id)


def expired(mturk, client, worker, hit_id):
    mturk.clock.advance(hours=1)


def blocked(mturk, client, worker, hit_id):
    client.create_worker_block(WorkerId=worker.id, Reason="Spam")


@pytest.mark.parametrize("situation", [done, begun, full, expired, blocked])
def test_find_hits_shows_what_can_be_accepted(mturk, mturk_client, situation):
    """find_hits() leaves out HITs that the worker has had or cannot accept. [doc]"""
    worker = mturk.worker()
    hit_id = publish(mturk_client, MaxAssignments=2)
    assert [hit.id for hit in worker.find_hits()] == [hit_id]

    situation(mturk, mturk_client, worker, hit_id)

    assert worker.find_hits() == []


@pytest.mark.parametrize("fate", [returned, abandoned])
def test_find_hits_shows_what_was_given_back(mturk, mturk_client, fate):
    """find_hits() shows HITs again after the worker returned or abandoned them. [assumed]"""
    worker = mturk.worker()
    assignment = accepted(mturk_client, worker)

    fate(mturk, assignment)

    assert [hit.id for hit in worker.find_hits()] == [assignment.hit_id]
    assert [hit.id for hit in mturk.worker().find_hits()] == [assignment.hit_id]


# Previewing -------------------------------------------------------------------------------


def test_preview_shows_the_hit_and_takes_nothing(mturk, mturk_client):
    """A preview takes no assignment. [assumed]"""
    hit_id = publish(mturk_client)

    hit = mturk.worker().preview(hit_id)

    assert (hit.id, hit.title, hit.available, hit.pending) == (hit_id, "A title", 1, 0)


@pytest.mark.parametrize("action", ["preview", "accept"])
class TestHITsThatCannotBeAccepted:
    def test_unknown_hit_is_refused(self, mturk, action):
        """An unknown HITId is HITDoesNotExist. [observed] text"""
        told = refused(getattr(mturk.worker(), action), NOTHING)

        assert told == ("HITDoesNotExist", f"Hit {NOTHING} does not exist.")

    def test_full_hit_is_refused(self, mturk, mturk_client, action):
        """A HIT with all assignments taken is Unassignable, and refused. [doc] [assumed] text"""
        hit_id = accepted(mturk_client, mturk.worker()).hit_id

        told = refused(getattr(mturk.worker(), action), hit_id)

        assert told == unavailable(hit_id, "Unassignable")

    def test_expired_hit_is_refused(self, mturk, mturk_client, action):
        """An expired HIT is refused. [doc] [assumed] text"""
        hit_id = publish(mturk_client)
        mturk.clock.advance(hours=1)

        told = refused(getattr(mturk.worker(), action), hit_id)

        assert told == unavailable(hit_id, "Reviewable")

    def test_deleted_hit_is_refused(self, mturk, mturk_client, action):
        """A deleted HIT is refused. [doc] [assumed] text"""
        hit_id = publish(mturk_client)
        mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
        mturk_client.delete_hit(HITId=hit_id)

        told = refused(getattr(mturk.worker(), action), hit_id)

        assert told == unavailable(hit_id, "Disposed")

    def test_blocked_worker_is_refused(self, mturk, mturk_client, action):
        """A blocked worker is not authorized. [doc] that, [observed] text, [assumed] use"""
        worker = mturk.worker()
        hit_id = publish(mturk_client)
        mturk_client.create_worker_block(WorkerId=worker.id, Reason="Spam")

        told = refused(getattr(worker, action), hit_id)

        assert told == ("PermissionDeniedException", DENIED)


def test_worker_takes_a_hit_as_it_was_found(mturk, mturk_client):
    """preview() and accept() take a HIT of find_hits() as well as its ID."""
    publish(mturk_client)
    worker = mturk.worker()
    [hit] = worker.find_hits()

    assert worker.preview(hit).hit_id == hit.hit_id
    assert worker.accept(hit).hit_id == hit.hit_id


TAKERS = {
    "preview()": lambda mturk, hit: mturk.worker().preview(hit),
    "accept()": lambda mturk, hit: mturk.worker().accept(hit),
    "answer()": lambda mturk, hit: mturk.worker().answer(hit),
    "add_assignment(): hit": lambda mturk, hit: mturk.add_assignment(hit),
}


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("given", [5, None, [], {}, {"HITId": 5}, {"HIT": None}, {"HIT": {}}])
def test_method_given_what_is_no_hit(mturk, taker, given):
    """A wrong type is a TypeError that names the method and says what it takes."""
    with pytest.raises(TypeError) as caught:
        TAKERS[taker](mturk, given)

    assert str(caught.value) == (
        f"{taker} takes a HITId, a HIT as in mturk.hits, or what create_hit() returned, "
        f"not {given!r}"
    )


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("form", ["HITId", "handle", "HIT", "create_hit", "get_hit"])
def test_method_takes_a_hit_in_every_form(mturk, mturk_client, taker, form):
    """A HIT is its ID, a handle, what create_hit or get_hit returned, or the "HIT" in it."""
    params = hit_params(Question=html_question('<form><input name="x"></form>'))
    response = mturk_client.create_hit(**params)
    hit_id = response["HIT"]["HITId"]
    forms = {
        "HITId": hit_id,
        "handle": mturk.hits[0],
        "HIT": response["HIT"],
        "create_hit": response,
        "get_hit": mturk_client.get_hit(HITId=hit_id),
    }

    assert TAKERS[taker](mturk, forms[form]).hit_id == hit_id


@pytest.mark.parametrize("act", ["preview", "accept", "answer"])
def test_worker_given_an_unknown_hit_by_dict(mturk, act):
    """A HIT that does not exist is the service's error, however it is given."""
    assert refused(getattr(mturk.worker(), act), {"HIT": {"HITId": "3X"}}) == (
        "HITDoesNotExist",
        "Hit 3X does not exist.",
    )


@pytest.mark.parametrize("query", [5, ["a"], True, b"a"])
def test_find_hits_by_what_is_no_text(mturk, query):
    """A wrong type is a TypeError that names the method, also when there is no HIT."""
    with pytest.raises(TypeError) as caught:
        mturk.worker().find_hits(query)

    assert str(caught.value) == f"find_hits() takes query= as a str or None, not {query!r}"


@pytest.mark.parametrize("type_id", [5, None, {"QualificationType": {}}])
def test_request_qualification_of_what_is_no_id(mturk, type_id):
    """A wrong type is a TypeError that says where the ID is."""
    with pytest.raises(TypeError) as caught:
        mturk.worker().request_qualification(type_id)

    assert str(caught.value) == (
        "request_qualification() takes a QualificationTypeId, as "
        'create_qualification_type(...)["QualificationType"]["QualificationTypeId"], '
        f"not {type_id!r}"
    )


def test_worker_with_an_id_that_is_no_text(mturk):
    """A worker ID that is not text is a ValueError. [our own]"""
    with pytest.raises(ValueError, match=r"^worker\(\) takes an ID such as"):
        mturk.worker(5)
