"""What there is in a mock: one HIT by its ID, workers, HIT types, qualification types, blocks."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from mturk_mock import mock_mturk
from tests.helpers import NOW, create_hit, create_hit_type, publish
from tests.qualify import LOCALE, TEST, associate, disassociate, requirement, type_id_of

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


# hit() ------------------------------------------------------------------------------------


def test_hit_by_id(mturk):
    """A HIT of any requester and environment, deleted ones too."""
    mturk.add_hit()
    hit = mturk.add_hit(requester="lab", sandbox=True, status="Disposed")

    assert mturk.hit(hit.id) == hit
    assert mturk.hit(hit.id).status == "Disposed"


def test_hit_by_what_the_client_returned(mturk, mturk_client):
    """The response of create_hit or get_hit, and the HIT in it."""
    response = mturk_client.get_hit(HITId=publish(mturk_client))

    assert mturk.hit(response) == mturk.hit(response["HIT"]) == mturk.hits[0]


def test_hit_of_an_unknown_id(mturk):
    """A ValueError that names the ID."""
    mturk.add_hit(id="3ABCDEFGH")

    with pytest.raises(ValueError, match=r"^hit\(\): this mock has no HIT '3XYZ'$"):
        mturk.hit("3XYZ")


def test_hit_of_a_misspelt_id(mturk):
    """The closest ID is suggested, of any requester."""
    mturk.add_hit(id="3ABCDEFGH", requester="lab")
    mturk.add_hit()

    message = "hit(): this mock has no HIT '3ABCDEFG' (did you mean '3ABCDEFGH'?)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        mturk.hit("3ABCDEFG")


@pytest.mark.parametrize("given", [5, None, {}, {"HIT": {}}, {"HITId": 5}, ["3HIT"]], ids=repr)
def test_hit_of_another_type(mturk, given):
    """A TypeError that says what is allowed."""
    with pytest.raises(TypeError) as refusal:
        mturk.hit(given)

    assert str(refusal.value) == (
        f"hit() takes a HITId, a HIT as in mturk.hits, or what create_hit() returned, not {given!r}"
    )


# workers ----------------------------------------------------------------------------------


def test_workers_are_everybody(mturk, mturk_client):
    """Those of worker(), those that a requester names, and those of crowds, in this order."""
    worker = mturk.worker()
    mturk_client.create_worker_block(WorkerId="A1NAMED", Reason="spam")
    crowd = mturk.crowd(2)

    assert mturk.workers[0] == worker
    assert mturk.workers[1] == mturk.worker("A1NAMED")
    assert [each.id for each in mturk.workers[2:]] == [row.worker_id for row in crowd.by_worker]


def test_workers_of_a_new_mock():
    """There are none."""
    with mock_mturk() as mturk:
        assert mturk.workers == []


# hit_types --------------------------------------------------------------------------------


def test_hit_types_are_those_of_all_requesters(mturk, mturk_client):
    """Oldest first for each requester; creating a HIT makes its type."""
    first = create_hit_type(mturk_client, Title="One")
    second = create_hit(mturk_client, Title="Two")["HITTypeId"]
    third = mturk.add_hit_type(requester="lab", sandbox=True)

    assert [type_.hit_type_id for type_ in mturk.hit_types] == [first, second, third]


def test_hit_type_is_what_its_hits_show(mturk, mturk_client):
    """The properties, as the API says them."""
    type_id = type_id_of(mturk_client)
    place = {"Country": "US", "Subdivision": "VT"}
    in_vermont = requirement(LOCALE, "EqualTo", LocaleValues=[place])
    required = [requirement(type_id, "In", IntegerValues=[1, 2]), in_vermont]
    hit = create_hit(mturk_client, QualificationRequirements=required)

    (type_,) = mturk.hit_types

    assert type_.qualification_requirements == hit["QualificationRequirements"]
    assert (type_.hit_type_id, type_.hit_group_id) == (hit["HITTypeId"], hit["HITGroupId"])
    assert (type_.requester, type_.environment) == ("default", "production")
    assert (type_.title, type_.description) == (hit["Title"], hit["Description"])
    assert type_.keywords == ""
    assert type_.reward == Decimal(hit["Reward"])
    assert type_.assignment_duration_in_seconds == hit["AssignmentDurationInSeconds"]
    assert type_.auto_approval_delay_in_seconds == hit["AutoApprovalDelayInSeconds"]


def test_hit_type_repr(mturk):
    """What tells types apart; the requester and the environment if they are not the usual ones."""
    mturk.add_hit_type(id="3A", title="Cat?", reward="0.05")
    mturk.add_hit_type(id="3B", title="Cat?", reward=2, requester="lab", sandbox=True)

    assert repr(mturk.hit_types) == (
        "[<HITType 3A 'Cat?' $0.05>, <HITType 3B 'Cat?' $2.00, of 'lab', sandbox>]"
    )


# qualification_types ----------------------------------------------------------------------


def test_qualification_types_are_those_of_requesters(mturk, mturk_client):
    """Not the system's, and no deleted ones; production first."""
    mturk.add_qualification_type(id="3S", sandbox=True)
    mturk.add_qualification_type(id="3GONE", name="gone")
    mturk.add_qualification_type(id="3P", requester="lab")
    mturk_client.delete_qualification_type(QualificationTypeId="3GONE")

    assert [each.qualification_type_id for each in mturk.qualification_types] == ["3P", "3S"]


def test_qualification_type_has_what_was_given(mturk):
    """With a test."""
    mturk.add_qualification_type(
        id="3TYPE",
        requester="lab",
        sandbox=True,
        name="Birds",
        description="Knows birds",
        keywords="birds",
        retry_delay_in_seconds=60,
        test=TEST,
        test_duration_in_seconds=600,
        grants={"A1": 80},
    )

    (type_,) = mturk.qualification_types

    assert vars(type_) == {
        "qualification_type_id": "3TYPE",
        "requester": "lab",
        "environment": "sandbox",
        "name": "Birds",
        "description": "Knows birds",
        "keywords": "birds",
        "status": "Active",
        "creation_time": NOW,
        "retry_delay_in_seconds": 60,
        "auto_granted_value": None,
        "test": TEST,
        "test_duration_in_seconds": 600,
        "answer_key": None,
        "grants": {"A1": 80},
    }


def test_qualification_type_without_a_test(mturk):
    """Which is granted automatically."""
    mturk.add_qualification_type(auto_granted=True, auto_granted_value=7, status="Inactive")

    (type_,) = mturk.qualification_types

    assert (type_.test, type_.test_duration_in_seconds, type_.answer_key) == (None, None, None)
    assert (type_.auto_granted_value, type_.status, type_.keywords) == (7, "Inactive", "")


def test_qualification_type_stays_as_it_was_read(mturk, mturk_client):
    """It is a record; reading again shows new grants, without revoked ones."""
    type_id = type_id_of(mturk_client)
    associate(mturk_client, type_id, "A1", IntegerValue=5)
    associate(mturk_client, type_id, "A2", IntegerValue=6)
    before = mturk.qualification_types[0]
    disassociate(mturk_client, type_id, "A1")

    assert before.grants == {"A1": 5, "A2": 6}
    assert mturk.qualification_types[0].grants == {"A2": 6}


def test_qualification_type_repr(mturk):
    """What tells types apart."""
    mturk.add_qualification_type(id="3A", name="Birds", grants={"A1": 1, "A2": 2})

    assert repr(mturk.qualification_types) == (
        "[<QualificationType 3A 'Birds' Active, granted to 2>]"
    )


# blocks -----------------------------------------------------------------------------------


def test_blocks_are_those_of_all_requesters(mturk, mturk_client, mturk_sandbox_client):
    """With reason, requester and environment; a block that was taken back is none."""
    mturk_client.create_worker_block(WorkerId="A1", Reason="spam")
    mturk_client.create_worker_block(WorkerId="A2", Reason="by mistake")
    mturk_sandbox_client.create_worker_block(WorkerId="A1", Reason="a test")
    mturk.requester("lab").client().create_worker_block(WorkerId="A3", Reason="slow")
    mturk_client.delete_worker_block(WorkerId="A2")

    assert [tuple(vars(block).values()) for block in mturk.blocks] == [
        ("A1", "spam", "default", "production"),
        ("A1", "a test", "default", "sandbox"),
        ("A3", "slow", "lab", "production"),
    ]
    assert repr(mturk.blocks) == (
        "[<Block of A1: 'spam'>, <Block of A1: 'a test', sandbox>, <Block of A3: 'slow', of 'lab'>]"
    )


def test_records_cannot_be_changed(mturk, mturk_client):
    """They say how things are; the API changes them."""
    mturk_client.create_worker_block(WorkerId="A1", Reason="spam")
    mturk.add_hit_type()
    mturk.add_qualification_type()

    for record in (mturk.blocks[0], mturk.hit_types[0], mturk.qualification_types[0]):
        assert record in {record}
        with pytest.raises(FrozenInstanceError):
            record.requester = "lab"
