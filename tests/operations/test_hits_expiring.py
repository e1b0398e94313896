"""UpdateExpirationForHIT."""

from __future__ import annotations

import json
import warnings
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from freezegun import freeze_time

from mturk_mock import MTurkWarning, mock_mturk
from tests.helpers import (
    DAY,
    HOUR,
    NOW,
    YEAR,
    accept,
    create_hit,
    error_of,
    expire,
    get_hit,
    hit_ids,
    no_funds,
    out_of_range,
    state_of,
    work,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

EXPIRATION = NOW + timedelta(hours=1)  # of the HITs below


def update(client, hit_id, moment):
    return client.update_expiration_for_hit(HITId=hit_id, ExpireAt=moment)


def expiration(client, hit_id):
    return get_hit(client, hit_id)["Expiration"]


def bad_increment(seconds):
    """Return the refusal, which names the parameter of ExtendHIT. [observed]"""
    return out_of_range(seconds, "ExpirationIncrementInSeconds", 60, YEAR)


@pytest.fixture
def hit_id(mturk_client):
    """The ID of a HIT of one assignment that expires in an hour."""
    return create_hit(mturk_client, LifetimeInSeconds=HOUR)["HITId"]


# Expire now -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moment",
    [
        0,
        datetime(2015, 1, 1),
        datetime(2015, 1, 1, tzinfo=timezone.utc),
        NOW - timedelta(days=30),
        NOW - timedelta(seconds=1),
        NOW,
    ],
    ids=["0", "naive 2015", "2015", "a month ago", "a second ago", "now"],
)
def test_update_expiration_for_hit_to_now_or_the_past(mturk_client, hit_id, moment):
    """A time that is not in the future expires the HIT; its Expiration becomes now.

    [doc] that, [assumed] the Expiration
    """
    response = update(mturk_client, hit_id, moment)

    assert response.keys() == {"ResponseMetadata"}
    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Reviewable"
    assert expiration(mturk_client, hit_id) == NOW


def test_update_expiration_for_hit_changes_nothing_else(mturk_client):
    """An expired HIT keeps its assignments: "NumberOfAssignmentsAvailable stays at expiry".

    [observed]
    """
    before = create_hit(mturk_client, MaxAssignments=3)
    expire(mturk_client, before["HITId"])

    assert get_hit(mturk_client, before["HITId"]) == {
        **before,
        "HITStatus": "Reviewable",
        "Expiration": NOW,
    }


def test_update_expiration_for_hit_with_work_pending(mturk, mturk_client):
    """An expired HIT is Unassignable until its pending work is submitted. [doc]"""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    (assignment,) = accept(mturk, hit_id)
    expire(mturk_client, hit_id)
    assert state_of(mturk_client, hit_id) == ("Unassignable", 1, 1, 0)

    mturk.clock.advance(minutes=5)
    assignment.submit({})
    assert state_of(mturk_client, hit_id) == ("Reviewable", 1, 0, 0)


def test_update_expiration_for_hit_expired_already(mturk, mturk_client, hit_id):
    """Expiring an expired HIT succeeds and keeps its Expiration. [observed]"""
    mturk.clock.advance(hours=2)
    expire(mturk_client, hit_id)

    assert expiration(mturk_client, hit_id) == EXPIRATION


def test_update_expiration_for_hit_expired_again_and_again(mturk_client, hit_id):
    """The same past time can be sent repeatedly: it is no extension. [observed]"""
    for _ in range(3):
        expire(mturk_client, hit_id)

    assert expiration(mturk_client, hit_id) == NOW


# Expire later -----------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [60, 900, DAY, YEAR])
def test_update_expiration_for_hit_extends(mturk, mturk_client, seconds):
    """Expiration can move by 60 seconds to 365 days; nothing else changes. [observed]"""
    before = create_hit(mturk_client, LifetimeInSeconds=HOUR)
    moment = EXPIRATION + timedelta(seconds=seconds)
    update(mturk_client, before["HITId"], moment)

    assert get_hit(mturk_client, before["HITId"]) == {**before, "Expiration": moment}
    mturk.clock.move_to(moment - timedelta(seconds=1))
    assert get_hit(mturk_client, before["HITId"])["HITStatus"] == "Assignable"
    mturk.clock.advance(seconds=1)
    assert get_hit(mturk_client, before["HITId"])["HITStatus"] == "Reviewable"


@pytest.mark.parametrize("increment", [59, 1, 0, -1, 1 - HOUR, YEAR + 1])
def test_update_expiration_for_hit_by_too_little_or_too_much(mturk_client, hit_id, increment):
    """A HIT can only be ended now: "shortening an expiration to a future time is refused".

    [observed]
    """
    moment = EXPIRATION + timedelta(seconds=increment)

    assert error_of(lambda: update(mturk_client, hit_id, moment)) == bad_increment(increment)
    assert expiration(mturk_client, hit_id) == EXPIRATION


def test_update_expiration_for_hit_to_a_naive_time(mturk_client, hit_id):
    """boto3 reads a time without a zone as the machine's local time. [observed]"""
    naive = datetime(2026, 1, 5)
    update(mturk_client, hit_id, naive)

    assert expiration(mturk_client, hit_id) == naive.astimezone(timezone.utc)


def test_update_expiration_for_hit_to_a_part_of_a_second(mturk_client, hit_id):
    """Fractions of a second are cut off. [observed]"""
    moment = EXPIRATION + timedelta(seconds=60)
    update(mturk_client, hit_id, moment + timedelta(microseconds=999_999))

    assert expiration(mturk_client, hit_id) == moment


@pytest.mark.mock_mturk(now=NOW + timedelta(milliseconds=700))
def test_update_expiration_for_hit_from_the_time_shown(mturk_client, hit_id):
    """The increment counts from the Expiration that is shown. [assumed]"""
    shown = expiration(mturk_client, hit_id)
    update(mturk_client, hit_id, shown + timedelta(minutes=1))

    assert expiration(mturk_client, hit_id) == shown + timedelta(minutes=1)


def test_update_expiration_for_hit_to_the_end_of_time(mturk_client, hit_id):
    """The latest time that boto3 can send is refused. [observed] text"""
    moment = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    increment = (moment - EXPIRATION) // timedelta(seconds=1)

    assert error_of(lambda: update(mturk_client, hit_id, moment)) == bad_increment(increment)


def test_update_expiration_for_hit_beyond_the_calendar(mturk_client, hit_id):
    """A time beyond the range of datetime is refused in the same way. [observed] text"""
    body = json.dumps({"HITId": hit_id, "ExpireAt": 1e12}).encode()
    mturk_client.meta.events.register(
        "before-call.mturk.UpdateExpirationForHIT", lambda params, **event: params.update(body=body)
    )
    increment = 10**12 - round(EXPIRATION.timestamp())

    assert error_of(lambda: expire(mturk_client, hit_id)) == bad_increment(increment)


# Expired HITs -----------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [60, YEAR])
def test_update_expiration_for_hit_expired_extends_from_now(mturk, mturk_client, hit_id, seconds):
    """An expired HIT is extended from now on, and becomes available again. [doc]"""
    mturk.clock.advance(hours=5)
    moment = mturk.clock.now + timedelta(seconds=seconds)
    update(mturk_client, hit_id, moment)

    assert state_of(mturk_client, hit_id) == ("Assignable", 1, 0, 0)
    assert expiration(mturk_client, hit_id) == moment
    accept(mturk, hit_id)


@pytest.mark.parametrize("seconds", [59, 1, YEAR + 1])
def test_update_expiration_for_hit_expired_by_too_little(mturk, mturk_client, hit_id, seconds):
    """The increment of an expired HIT counts from now. [assumed]"""
    mturk.clock.advance(hours=5)
    moment = mturk.clock.now + timedelta(seconds=seconds)

    assert error_of(lambda: update(mturk_client, hit_id, moment)) == bad_increment(seconds)
    assert expiration(mturk_client, hit_id) == EXPIRATION


def test_update_expiration_for_hit_leaves_the_reviewable(mturk_client, hit_id):
    """A reopened HIT is no longer in ListReviewableHITs. [doc]"""
    expire(mturk_client, hit_id)
    assert hit_ids(mturk_client.list_reviewable_hits()) == [hit_id]

    update(mturk_client, hit_id, EXPIRATION)
    assert hit_ids(mturk_client.list_reviewable_hits()) == []


@pytest.mark.parametrize("reviewing", [False, True], ids=["Reviewable", "Reviewing"])
def test_update_expiration_for_hit_without_assignments_left(mturk, mturk_client, hit_id, reviewing):
    """A HIT without available assignments does not become Assignable. [assumed]"""
    work(mturk, hit_id)
    expire(mturk_client, hit_id)
    if reviewing:
        mturk_client.update_hit_review_status(HITId=hit_id)
    before = state_of(mturk_client, hit_id)
    update(mturk_client, hit_id, EXPIRATION)

    assert state_of(mturk_client, hit_id) == before
    assert expiration(mturk_client, hit_id) == EXPIRATION


def test_update_expiration_for_hit_with_work_pending_expired(mturk, mturk_client):
    """An expired HIT with pending work becomes Assignable as well. [doc]"""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    accept(mturk, hit_id)
    expire(mturk_client, hit_id)
    update(mturk_client, hit_id, EXPIRATION)

    assert state_of(mturk_client, hit_id) == ("Assignable", 1, 1, 0)


def test_update_expiration_for_hit_with_assignments_added(mturk, mturk_client, hit_id):
    """Assignments added to an expired HIT become available with a later Expiration. [observed]"""
    work(mturk, hit_id)
    expire(mturk_client, hit_id)
    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=2
    )
    update(mturk_client, hit_id, EXPIRATION)

    assert state_of(mturk_client, hit_id) == ("Assignable", 2, 0, 0)


def test_update_expiration_for_hit_forgets_the_first_expiration(mturk, mturk_client, hit_id):
    """A HIT expires at its latest Expiration only. [doc]"""
    expire(mturk_client, hit_id)
    later = EXPIRATION + timedelta(hours=1)
    update(mturk_client, hit_id, later)
    mturk.clock.move_to(EXPIRATION)

    assert get_hit(mturk_client, hit_id)["HITStatus"] == "Assignable"


# Money ------------------------------------------------------------------------------------


def test_update_expiration_for_hit_releases_funds(mturk, mturk_client):
    """Expiring releases the funds of available assignments, not of pending ones. [doc] [assumed]"""
    hit_id = create_hit(mturk_client, MaxAssignments=5)["HITId"]
    accept(mturk, hit_id)
    work(mturk, hit_id)
    assert mturk.balance == Decimal("10000") - 5 * Decimal("0.60")

    expire(mturk_client, hit_id)
    assert mturk.balance == Decimal("10000") - 2 * Decimal("0.60")
    update(mturk_client, hit_id, NOW + timedelta(hours=1))
    assert mturk.balance == Decimal("10000") - 5 * Decimal("0.60")


@pytest.mark.mock_mturk(balance="1.20")
def test_update_expiration_for_hit_without_funds(mturk, mturk_client):
    """Reopening a HIT requires funds for its available assignments. [assumed]"""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    expire(mturk_client, hit_id)
    mturk.balance = "1.19"

    refusal = error_of(lambda: update(mturk_client, hit_id, EXPIRATION))
    assert refusal == no_funds()
    assert state_of(mturk_client, hit_id) == ("Reviewable", 2, 0, 0)
    mturk.balance = "1.20"
    update(mturk_client, hit_id, EXPIRATION)
    assert mturk.balance == 0


# The program's clock differs from the mock's ----------------------------------------------

LATER = NOW + timedelta(days=30)  # by the machine's clock
WARNING = (
    "ExpireAt=2026-01-31 00:00:00+00:00 is now by the machine's clock, but the mock's time is "
    "2026-01-01 00:00:00+00:00, so the HIT does not expire now. Set the program's clock to the "
    "mock's time with freezegun or time-machine, or leave out now= (or pass now=None), so that "
    "the mock follows the machine's clock"
)


@pytest.fixture
def told():
    """Collect the warnings of the mock, repeated ones too."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("ignore")  # old botocores warn of their own
        warnings.simplefilter("always", MTurkWarning)
        yield found


@freeze_time(LATER)
def test_update_expiration_for_hit_to_the_machine_s_now_warns_once(mturk_client, told):
    """ExpireAt=now by the machine's clock, not by the mock's, warns once in each mock.

    The HIT is extended nevertheless.
    """
    for number in range(2):
        hit_id = create_hit(mturk_client, Title=f"{number}")["HITId"]
        update(mturk_client, hit_id, datetime.now(timezone.utc))
        assert expiration(mturk_client, hit_id) == LATER
    with mock_mturk(now=NOW) as other:
        update(other.client(), create_hit(other.client())["HITId"], datetime.now(timezone.utc))

    assert [(each.category, str(each.message)) for each in told] == [(MTurkWarning, WARNING)] * 2


@freeze_time(LATER)
def test_update_expiration_for_hit_warning_points_at_the_program(mturk_client, hit_id, told):
    """The warning points at a line of the program, not of botocore or the mock."""
    update(mturk_client, hit_id, datetime.now(timezone.utc))

    assert [each.filename for each in told] == [__file__]


@freeze_time(NOW + timedelta(days=730))
def test_update_expiration_for_hit_warning_comes_with_a_refusal(mturk_client, hit_id, told):
    """A time that is out of range in the mock is refused, and the warning says why."""
    error_of(lambda: update(mturk_client, hit_id, datetime.now(timezone.utc)))

    assert [each.category for each in told] == [MTurkWarning]


@freeze_time(LATER)
def test_update_expiration_for_hit_warning_as_an_error(mturk_client, hit_id):
    """If warnings are errors, the call raises the warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(MTurkWarning, match="with freezegun or time-machine"):
            update(mturk_client, hit_id, datetime.now(timezone.utc))


@pytest.mark.parametrize(("seconds", "count"), [(-61, 0), (-60, 1), (60, 1), (61, 0)])
@freeze_time(LATER)
def test_update_expiration_for_hit_warns_within_a_minute(mturk_client, told, seconds, count):
    """Only times within a minute of the machine's clock warn."""
    hit_id = create_hit(mturk_client)["HITId"]
    update(mturk_client, hit_id, LATER + timedelta(seconds=seconds))

    assert len(told) == count


@pytest.mark.parametrize(("seconds", "count"), [(-5, 0), (0, 0), (3600, 0), (3601, 1)])
def test_update_expiration_for_hit_warns_beyond_an_hour(mturk_client, told, seconds, count):
    """A machine's clock that is up to an hour ahead of the mock's does not warn.

    Neither does one that is behind: then "now" does expire the HIT.
    """
    hit_id = create_hit(mturk_client, LifetimeInSeconds=60)["HITId"]
    with freeze_time(NOW + timedelta(seconds=seconds)):
        update(mturk_client, hit_id, datetime.now(timezone.utc))

    assert len(told) == count


@pytest.mark.mock_mturk(now=None)
def test_update_expiration_for_hit_warns_of_no_mock_that_follows_the_machine(mturk, told):
    """Without now= the mock follows the machine's clock, even a frozen one: no warning."""
    client = mturk.client()
    for moment in (NOW, LATER):
        with freeze_time(moment):
            update(client, create_hit(client, Title=f"{moment}")["HITId"], moment)
            mturk.clock.advance(hours=2)

    assert told == []
