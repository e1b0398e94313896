"""Request tokens: a repeated call with the same token does nothing for 24 hours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.helpers import (
    DAY,
    HOUR,
    NOW,
    YEAR,
    constraint,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    expire,
    get_hit,
    hit_ids,
    out_of_range,
    request_error,
    said_before,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)


# CreateHIT and CreateHITWithHITType -------------------------------------------------------


def create_by_type(client, **overrides):
    """Create a HIT with CreateHITWithHITType."""
    return create_hit_with_hit_type(client, create_hit_type(client), **overrides)


@pytest.fixture(params=[create_hit, create_by_type], ids=["CreateHIT", "CreateHITWithHITType"])
def create(request, mturk_client):
    """Create a HIT with CreateHIT or CreateHITWithHITType."""
    return lambda **overrides: request.param(mturk_client, **overrides)


def already_exists(hit_id):
    return request_error("HitAlreadyExists", f'The HIT with ID "{hit_id}" already exists.')


def test_create_hit_with_a_token_said_before(create, mturk_client):
    """A repeated token is an error that names the first HIT; no HIT is created. [doc] [observed]"""
    hit_id = create(UniqueRequestToken="once")["HITId"]

    assert error_of(lambda: create(UniqueRequestToken="once")) == already_exists(hit_id)
    assert hit_ids(mturk_client.list_hits()) == [hit_id]


def test_create_hit_with_a_token_said_of_another_hit(create):
    """The token is refused even if the other parameters differ. [assumed]"""
    hit_id = create(UniqueRequestToken="once")["HITId"]
    again = {"UniqueRequestToken": "once", "MaxAssignments": 5, "LifetimeInSeconds": 1}

    assert error_of(lambda: create(**again)) == already_exists(hit_id)


def test_create_hit_with_the_token_of_a_deleted_hit(create, mturk_client):
    """The token is refused even after its HIT was deleted. [assumed]"""
    hit_id = create(UniqueRequestToken="once")["HITId"]
    expire(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)

    assert error_of(lambda: create(UniqueRequestToken="once")) == already_exists(hit_id)


def test_create_hit_with_a_token_of_yesterday(create, mturk):
    """A token expires after 24 hours; the call then creates a HIT. [doc]"""
    hit_id = create(UniqueRequestToken="once")["HITId"]
    mturk.clock.advance(hours=24, seconds=-1)

    assert error_of(lambda: create(UniqueRequestToken="once")) == already_exists(hit_id)

    mturk.clock.advance(seconds=1)
    assert create(UniqueRequestToken="once")["HITId"] != hit_id


def test_create_hit_that_is_refused_does_not_use_the_token(create):
    """A failed call does not use up its token. [assumed]"""
    error_of(lambda: create(UniqueRequestToken="once", LifetimeInSeconds=1))

    assert create(UniqueRequestToken="once")


def test_create_hit_tokens_of_two_operations(mturk_client):
    """Each operation has its own tokens. [assumed]"""
    assert create_hit(mturk_client, UniqueRequestToken="once")
    assert create_by_type(mturk_client, UniqueRequestToken="once")


def test_create_hit_tokens_of_two_requesters(mturk, mturk_client, mturk_sandbox_client):
    """Each requester has its own tokens, in each environment. [assumed]"""
    other_client = mturk.requester("other").client()

    for client in (mturk_client, mturk_sandbox_client, other_client):
        assert create_hit(client, UniqueRequestToken="once")


def test_create_hit_token_too_long(create):
    """A token has 64 characters at most. [doc] length, [assumed] error"""
    assert create(UniqueRequestToken="x" * 64)
    assert error_of(lambda: create(UniqueRequestToken="x" * 65)) == constraint(
        "x" * 65, "uniqueRequestToken", "Member must have length less than or equal to 64"
    )


# CreateAdditionalAssignmentsForHIT --------------------------------------------------------


def add(client, hit_id, number=1, **parameters):
    return client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=number, **parameters
    )


@pytest.fixture
def publish(mturk_client):
    """Create a HIT with this many assignments; return its ID."""
    return lambda number=1, **overrides: create_hit(
        mturk_client, MaxAssignments=number, **overrides
    )["HITId"]


def test_create_additional_assignments_for_hit_with_a_token(mturk, mturk_client, publish):
    """A repeated token adds no assignments for 24 hours. [doc]; [observed] text, [assumed] code"""
    hit_id = publish(LifetimeInSeconds=9 * DAY)
    add(mturk_client, hit_id, UniqueRequestToken="once")
    mturk.clock.advance(hours=24, seconds=-1)
    refusal = error_of(lambda: add(mturk_client, hit_id, UniqueRequestToken="once"))
    assert refusal == said_before("once")
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 2

    mturk.clock.advance(seconds=1)
    add(mturk_client, hit_id, UniqueRequestToken="once")
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 3


def test_create_additional_assignments_for_hit_with_a_token_of_another_hit(mturk_client, publish):
    """A token belongs to the requester, not to the HIT. [assumed]"""
    add(mturk_client, publish(), UniqueRequestToken="once")
    other = publish()

    refusal = error_of(lambda: add(mturk_client, other, UniqueRequestToken="once"))
    assert refusal == said_before("once")


def test_create_additional_assignments_for_hit_repeated_at_the_limit(mturk_client, publish):
    """A repeated token is refused as repeated, even when the HIT is at its limit. [assumed]"""
    full, deleted = publish(8), publish(1)
    add(mturk_client, full, UniqueRequestToken="full")
    add(mturk_client, deleted, UniqueRequestToken="deleted")
    expire(mturk_client, deleted)
    mturk_client.delete_hit(HITId=deleted)

    for hit_id, token in ((full, "full"), (deleted, "deleted")):
        refusal = error_of(lambda h=hit_id, t=token: add(mturk_client, h, UniqueRequestToken=t))
        assert refusal == said_before(token)


def test_create_additional_assignments_for_hit_refused_leaves_the_token(mturk_client, publish):
    """A failed call does not use up its token. [assumed]"""
    hit_id = publish(5)
    error_of(lambda: add(mturk_client, hit_id, 5, UniqueRequestToken="once"))

    add(mturk_client, hit_id, 4, UniqueRequestToken="once")
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 9


def test_create_additional_assignments_for_hit_with_the_token_of_create_hit(mturk_client):
    """Each operation has its own tokens. [assumed]"""
    hit_id = create_hit(mturk_client, UniqueRequestToken="once")["HITId"]
    add(mturk_client, hit_id, UniqueRequestToken="once")

    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 2


def test_create_additional_assignments_for_hit_token_too_long(mturk_client, publish):
    """A token has 64 characters at most. [doc] length, [assumed] error"""
    hit_id = publish()
    refusal = error_of(lambda: add(mturk_client, hit_id, UniqueRequestToken="x" * 65))

    assert refusal == constraint(
        "x" * 65, "uniqueRequestToken", "Member must have length less than or equal to 64"
    )


# UpdateExpirationForHIT -------------------------------------------------------------------

EXPIRATION = NOW + timedelta(hours=1)  # of the HITs below


def update(client, hit_id, moment):
    return client.update_expiration_for_hit(HITId=hit_id, ExpireAt=moment)


def bad_increment(seconds):
    return out_of_range(seconds, "ExpirationIncrementInSeconds", 60, YEAR)


@pytest.fixture
def hit_id(mturk_client):
    """The ID of a HIT that expires in an hour."""
    return create_hit(mturk_client, LifetimeInSeconds=HOUR)["HITId"]


def test_update_expiration_for_hit_to_the_same_time_again(mturk, mturk_client):
    """The error repeats the service's own token: ID and time in Java's format. [observed]"""
    mturk.next_id("HIT", "3VJ4PFXFJ5VXUC3I783DUQKOMF2UAW")
    hit_id = create_hit(mturk_client)["HITId"]
    moment = datetime(2026, 7, 14, 20, 26, 6, tzinfo=timezone.utc)
    update(mturk_client, hit_id, moment)

    assert error_of(lambda: update(mturk_client, hit_id, moment)) == said_before(
        "3VJ4PFXFJ5VXUC3I783DUQKOMF2UAWTue Jul 14 20:26:06 UTC 2026"
    )


@pytest.mark.parametrize(
    ("moment", "java"),
    [
        (datetime(2026, 1, 4, 5, 6, 7), "Sun Jan 04 05:06:07 UTC 2026"),
        (datetime(2026, 12, 31, 23, 0, 0), "Thu Dec 31 23:00:00 UTC 2026"),
    ],
)
def test_update_expiration_for_hit_token_names_the_time(mturk_client, hit_id, moment, java):
    """Days have two digits, and names are English in every locale. [observed]"""
    moment = moment.replace(tzinfo=timezone.utc)
    update(mturk_client, hit_id, moment)

    refusal = error_of(lambda: update(mturk_client, hit_id, moment))
    assert refusal == said_before(hit_id + java)


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
#: One week from Sunday to Saturday, and the other months.
DATES = (
    *("Sun Mar 01", "Mon Mar 02", "Tue Mar 03", "Wed Mar 04", "Thu Mar 05", "Fri Mar 06"),
    *("Sat Mar 07", "Thu Jan 22", "Tue Feb 10", "Tue Apr 21", "Mon May 11", "Fri Jun 19"),
    *("Wed Jul 08", "Sun Aug 30", "Thu Sep 17", "Sat Oct 31", "Mon Nov 09", "Fri Dec 25"),
)


@pytest.mark.parametrize("date", DATES)
def test_update_expiration_for_hit_token_names_each_month_and_weekday(mturk_client, hit_id, date):
    """Months and weekdays are the first three letters of their English names. [observed]

    The recordings have some of the names; Java writes the others in the same way.
    """
    _, month, day = date.split()
    moment = datetime(2026, MONTHS.index(month) + 1, int(day), 13, 4, 5, tzinfo=timezone.utc)
    update(mturk_client, hit_id, moment)

    refusal = error_of(lambda: update(mturk_client, hit_id, moment))
    assert refusal == said_before(f"{hit_id}{date} 13:04:05 UTC 2026")


def test_update_expiration_for_hit_to_the_same_time_as_another(mturk_client, hit_id):
    """The token contains the HIT's ID, so another HIT can get the same time. [observed]"""
    other = create_hit(mturk_client, LifetimeInSeconds=HOUR)["HITId"]
    moment = EXPIRATION + timedelta(hours=1)
    for each in (hit_id, other):
        update(mturk_client, each, moment)

    for each in (hit_id, other):
        assert get_hit(mturk_client, each)["Expiration"] == moment


def test_update_expiration_for_hit_to_the_same_time_after_a_day(mturk, mturk_client, hit_id):
    """The token expires after 24 hours; then the time itself is checked. [doc]"""
    moment = NOW + timedelta(days=3)
    update(mturk_client, hit_id, moment)
    mturk.clock.advance(hours=24, seconds=-1)
    assert error_of(lambda: update(mturk_client, hit_id, moment)).code == "RequestError"

    mturk.clock.advance(seconds=1)
    assert error_of(lambda: update(mturk_client, hit_id, moment)) == bad_increment(0)


def test_update_expiration_for_hit_refused_can_be_said_again(mturk_client, hit_id):
    """A refused time does not use up its token: it fails again for the same reason. [assumed]"""
    moment = EXPIRATION + timedelta(seconds=59)
    for _ in range(2):
        assert error_of(lambda: update(mturk_client, hit_id, moment)) == bad_increment(59)


def test_update_expiration_for_hit_to_the_same_time_after_it_was_ended(mturk_client, hit_id):
    """The same time is refused even if the HIT was expired in between. [observed] text"""
    moment = EXPIRATION + timedelta(hours=1)
    update(mturk_client, hit_id, moment)
    expire(mturk_client, hit_id)

    assert error_of(lambda: update(mturk_client, hit_id, moment)).turk_error_code == (
        "AWS.MechanicalTurk.DuplicateRequest"
    )
