"""Deleting qualification types, and the HITs that require them."""

from __future__ import annotations

import pytest

from tests.helpers import (
    HIT_TYPE,
    NOW,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    expire,
    get_hit,
    hit_ids,
    invalid_value,
)
from tests.qualify import (
    EXAMINED,
    LOCALE,
    TAKEN,
    associate,
    create_type,
    no_type,
    requirement,
    score,
    type_id_of,
    waiting,
    wrong_type_state,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


# DeleteQualificationType ------------------------------------------------------------------


def test_delete_qualification_type_frees_the_name(mturk_client, found, delete):
    """A type that no HIT uses is deleted at once, and its name is free. [assumed] at once"""
    response = delete(type_id_of(mturk_client))

    assert response.keys() == {"ResponseMetadata"}
    assert found(Query="French") == []
    assert create_type(mturk_client)["Name"] == "Speaks French"


def test_delete_qualification_type_waits_for_its_hits(mturk_client, get, found, delete):
    """A type is Disposing until the last HIT that uses it is deleted. [doc] [observed]"""
    type_id = type_id_of(mturk_client)
    needed = {"QualificationRequirements": [requirement(type_id)]}
    hits = [create_hit(mturk_client, **needed)["HITId"] for _ in range(2)]

    delete(type_id)

    for hit_id in hits:
        assert error_of(lambda: create_type(mturk_client)) == TAKEN
        assert get(type_id)["QualificationTypeStatus"] == "Inactive"
        assert found(Query="French") == []
        expire(mturk_client, hit_id)
        mturk_client.delete_hit(HITId=hit_id)
    assert error_of(lambda: get(type_id)) == no_type(type_id)
    assert type_id_of(mturk_client) != type_id


def test_delete_qualification_type_waits_for_hits_of_others(mturk, mturk_client, get, delete):
    """HITs of other requesters keep a type Disposing as well. [doc]"""
    type_id = type_id_of(mturk_client)
    other = mturk.requester("other").client()
    hit_id = create_hit(other, QualificationRequirements=[requirement(type_id)])["HITId"]

    delete(type_id)

    assert get(type_id)["Name"] == "Speaks French"
    expire(other, hit_id)
    other.delete_hit(HITId=hit_id)
    assert error_of(lambda: get(type_id)) == no_type(type_id)


def test_delete_qualification_type_is_complete_when_time_deletes_the_hit(
    mturk, mturk_client, get, delete
):
    """A HIT that the service deletes after 120 days releases the type too. [doc]"""
    type_id = type_id_of(mturk_client)
    create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    delete(type_id)

    mturk.clock.advance(days=120)
    assert get(type_id)["Name"] == "Speaks French"
    mturk.clock.advance(days=1)
    assert error_of(lambda: get(type_id)) == no_type(type_id)


def test_delete_qualification_type_that_a_hit_used_before(mturk_client, get, delete):
    """A HIT moved to another HIT type no longer uses the qualification type. [doc]"""
    type_id, other_id = type_id_of(mturk_client), type_id_of(mturk_client, Name="Other")
    hit = create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    hit_type_id = create_hit_type(mturk_client, QualificationRequirements=[requirement(other_id)])

    mturk_client.update_hit_type_of_hit(HITId=hit["HITId"], HITTypeId=hit_type_id)
    delete(type_id)
    delete(other_id)

    assert error_of(lambda: get(type_id)) == no_type(type_id)
    assert get(other_id)["Name"] == "Other"


def test_delete_qualification_type_twice(mturk_client, delete):
    """A Disposing type cannot be deleted again. [observed]"""
    type_id = type_id_of(mturk_client)
    create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    delete(type_id)

    assert error_of(lambda: delete(type_id)) == wrong_type_state()


def test_delete_qualification_type_leaves_grants(mturk, mturk_client, delete):
    """Workers keep the qualification [doc], even after the deletion. [assumed]"""
    worker = mturk.worker()
    type_id = type_id_of(mturk_client)
    associate(mturk_client, type_id, worker.id, IntegerValue=3)

    delete(type_id)

    assert score(mturk_client, type_id, worker.id)["IntegerValue"] == 3
    assert worker.qualifications == {type_id: 3}


def test_delete_qualification_type_leaves_its_hits_to_workers_with_it(mturk, mturk_client, delete):
    """Workers with the deleted qualification can accept the HIT. [doc]"""
    worker = mturk.worker()
    type_id = type_id_of(mturk_client)
    associate(mturk_client, type_id, worker.id)
    hit_id = create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])["HITId"]

    delete(type_id)

    assert worker.accept(hit_id).submit({}).status == "Submitted"


def test_delete_qualification_type_rejects_what_waits(mturk, mturk_client, delete):
    """Submitted requests are rejected [doc], and so are unsubmitted tests. [assumed]"""
    plain, tested = type_id_of(mturk_client), type_id_of(mturk_client, Name="T", **EXAMINED)
    requests = [mturk.worker().request_qualification(each) for each in (plain, tested, plain)]
    mturk_client.accept_qualification_request(QualificationRequestId=requests[2].id)
    kept = mturk.worker().request_qualification(type_id_of(mturk_client, Name="Other"))

    delete(plain)
    delete(tested)

    assert [request.status for request in requests] == ["Rejected", "Rejected", "Granted"]
    assert waiting(mturk_client) == [kept.id]


def test_delete_qualification_type_deletes_hit_types(mturk_client, delete):
    """A HIT type that requires a deleted type is deleted too. [doc] rule, [assumed] error"""
    type_id = type_id_of(mturk_client)
    needed = {"QualificationRequirements": [requirement(type_id)]}
    hit_type_id = create_hit_type(mturk_client, **needed)
    hit_id = create_hit(mturk_client)["HITId"]
    delete(type_id)

    expected = invalid_value(hit_type_id, "HITTypeId")
    assert error_of(lambda: create_hit_with_hit_type(mturk_client, hit_type_id)) == expected
    assert expected == error_of(
        lambda: mturk_client.update_hit_type_of_hit(HITId=hit_id, HITTypeId=hit_type_id)
    )
    assert error_of(lambda: create_hit_type(mturk_client, **needed)) == no_type(type_id)


# ListHITsForQualificationType -------------------------------------------------------------


def listed(client, type_id, **parameters):
    return client.list_hits_for_qualification_type(QualificationTypeId=type_id, **parameters)


def test_list_hits_for_qualification_type(mturk, mturk_client):
    """The caller's HITs that require the type are listed as GetHIT shows them. [doc] [assumed]"""
    type_id = type_id_of(mturk_client)
    needed = {"QualificationRequirements": [requirement(type_id)]}
    hits = [create_hit(mturk_client, **needed)["HITId"] for _ in range(2)]
    create_hit(mturk_client)
    create_hit(mturk.requester("other").client(), **needed)

    response = listed(mturk_client, type_id)

    assert response["NumResults"] == 2
    assert response["HITs"] == [get_hit(mturk_client, hit_id) for hit_id in hits[::-1]]


def test_list_hits_for_qualification_type_leaves_out_deleted_ones(mturk_client):
    """Deleted HITs are not listed. [doc]"""
    type_id = type_id_of(mturk_client)
    hit = create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    expire(mturk_client, hit["HITId"])
    assert hit_ids(listed(mturk_client, type_id)) == [hit["HITId"]]

    mturk_client.delete_hit(HITId=hit["HITId"])

    assert listed(mturk_client, type_id)["HITs"] == []


def test_list_hits_for_qualification_type_of_the_system(mturk_client):
    """System types are accepted. [assumed]"""
    hit = create_hit(mturk_client, QualificationRequirements=[requirement(LOCALE)])

    assert hit_ids(listed(mturk_client, LOCALE)) == [hit["HITId"]]


def test_list_hits_for_qualification_type_pages(mturk_client):
    """MaxResults limits pages; the last page is empty, without a token. [doc] [observed]"""
    needed = {"QualificationRequirements": [requirement(LOCALE)]}
    hits = [create_hit(mturk_client, **needed)["HITId"] for _ in range(3)]

    first = listed(mturk_client, LOCALE, MaxResults=2)
    second = listed(mturk_client, LOCALE, MaxResults=2, NextToken=first["NextToken"])
    last = listed(mturk_client, LOCALE, MaxResults=2, NextToken=second["NextToken"])

    assert hit_ids(first) + hit_ids(second) == hits[::-1]
    assert (last["NumResults"], last["HITs"], "NextToken" in last) == (0, [], False)


# New HITs ---------------------------------------------------------------------------------


def test_create_hit_with_a_type_of_somebody_else(mturk, mturk_client):
    """A HIT can require another requester's type. [doc]"""
    type_id = type_id_of(mturk.requester("other").client())

    hit = create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])

    assert hit["QualificationRequirements"][0]["QualificationTypeId"] == type_id


def test_create_hit_with_a_type_of_the_other_environment(mturk_client, mturk_sandbox_client):
    """Types of the sandbox do not exist in production. [observed]"""
    type_id = type_id_of(mturk_sandbox_client)
    needed = {"QualificationRequirements": [requirement(type_id)]}

    assert error_of(lambda: create_hit(mturk_client, **needed)) == no_type(type_id)


def test_create_hit_with_an_inactive_type(mturk_client, update):
    """A HIT cannot require an Inactive type [doc]; a HIT type can. [assumed]"""
    type_id = type_id_of(mturk_client, QualificationTypeStatus="Inactive")
    needed = {"QualificationRequirements": [requirement(type_id)]}
    hit_type_id = create_hit_type(mturk_client, **needed)

    expected = wrong_type_state("Active")
    assert error_of(lambda: create_hit(mturk_client, **needed)) == expected
    assert error_of(lambda: create_hit_with_hit_type(mturk_client, hit_type_id)) == expected
    update(type_id, QualificationTypeStatus="Active")
    assert create_hit_with_hit_type(mturk_client, hit_type_id)["HITStatus"] == "Assignable"


def test_create_hit_with_a_type_that_is_being_deleted(mturk_client, delete):
    """No new HIT or HIT type can require a Disposing type. [doc] rule, [assumed] error"""
    type_id = type_id_of(mturk_client)
    needed = {"QualificationRequirements": [requirement(type_id)]}
    create_hit(mturk_client, **needed)
    delete(type_id)

    assert error_of(lambda: create_hit(mturk_client, **needed)) == wrong_type_state()
    assert (
        error_of(lambda: mturk_client.create_hit_type(**HIT_TYPE, **needed)) == wrong_type_state()
    )
