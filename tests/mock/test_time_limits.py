"""Times before 1970 or after 9999 are refused, and change nothing."""

from __future__ import annotations

import asyncio
import math
import time
from datetime import datetime, timedelta, timezone

import pytest

from mturk_mock import mock_mturk
from tests.backend.raw_requests import raw
from tests.crowds import cat, publish_hits, statuses
from tests.helpers import DAY, NOW, YEAR, create_hit, error_of, get_hit, out_of_range, stamp_of
from tests.states import load, of_hits

END = datetime.max.replace(tzinfo=timezone.utc)
LAST_DAY = datetime(9999, 12, 31, tzinfo=timezone.utc)
EAST, WEST = (timezone(timedelta(hours=hours)) for hours in (14, -12))
#: Aware datetimes out of range when converted to UTC.
OUTSIDE = [
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
    datetime(1970, 1, 1, 13, 59, tzinfo=EAST),
    datetime.min.replace(tzinfo=EAST),
    datetime.max.replace(tzinfo=WEST),
]
at_the_end = pytest.mark.mock_mturk(now=LAST_DAY, seed=1)
standing = pytest.mark.mock_mturk(now=NOW, seed=1)


def refused(act):
    """Return the message of the ValueError that a call raises."""
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        act()
    return str(refusal.value)


# Given times ------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", OUTSIDE)
def test_now_outside_is_refused(moment):
    """`now` out of range is a ValueError."""
    message = refused(lambda: mock_mturk(now=moment))

    assert message == f"now takes a time from 1970 to 9999, not {moment}"


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, tzinfo=timezone.utc), END])
def test_first_and_last_moment_are_allowed(moment):
    """The clock can start at the first and at the last moment, and HITs can be added then."""
    with mock_mturk(now=moment) as mturk:
        mturk.add_hit()

        assert mturk.clock.now == moment


@standing
@pytest.mark.parametrize("moment", OUTSIDE)
def test_move_to_outside_is_refused(mturk, moment):
    """move_to() out of range is a ValueError, and the clock does not move."""
    message = refused(lambda: mturk.clock.move_to(moment))

    assert message == f"move_to() takes a time from 1970 to 9999, not {moment}"
    assert mturk.clock.now == NOW


@standing
@pytest.mark.parametrize(
    ("duration", "given"),
    [
        ({"days": 1e300}, "days=1e+300"),
        ({"seconds": math.inf, "days": 1}, "days=1, seconds=inf"),
        ({"hours": math.nan}, "hours=nan"),
        ({"minutes": 10**30}, "minutes=1000000000000000000000000000000"),
        ({"by": timedelta.max, "days": 1}, "days=1"),
    ],
)
def test_advance_by_an_invalid_duration_is_refused(mturk, duration, given):
    """advance() refuses values that are not finite, or too long for a timedelta."""
    message = refused(lambda: mturk.clock.advance(**duration))

    assert message == f"advance() takes a duration of less than 10,000 years, not {given}"
    assert mturk.clock.now == NOW


@at_the_end
def test_advance_beyond_the_end_is_refused(mturk):
    """advance() can reach the end of 9999, and refuses to go beyond."""
    for duration in (timedelta(days=1), timedelta.max):
        assert refused(lambda step=duration: mturk.clock.advance(step)) == (
            "advance() cannot go beyond the year 9999: it is 9999-12-31 00:00:00+00:00, and "
            f"{duration} is too long"
        )
    assert mturk.clock.now == LAST_DAY
    mturk.clock.advance(END - LAST_DAY)
    assert mturk.clock.now == END


@at_the_end
@pytest.mark.parametrize("days", [1.5, 1e300, math.inf, 10**400])
def test_finish_beyond_the_end_is_refused(mturk, mturk_client, days):
    """finish(days=...) refuses to wait beyond the end of 9999."""
    assert refused(lambda: mturk.crowd(3).finish(days=days)) == (
        f"finish() takes days= that end by the year 9999, not {days!r}: the clock is at {LAST_DAY}"
    )
    assert mturk.clock.now == LAST_DAY


@pytest.mark.mock_mturk(now=LAST_DAY, sleep="advance")
@pytest.mark.parametrize("seconds", [86_400.5, 1e308, 10**300])
@pytest.mark.parametrize("kind", ["time", "asyncio"])
def test_sleep_beyond_the_end_is_refused(mturk, seconds, kind):
    """With sleep="advance" a sleep beyond the end of 9999 is a ValueError."""

    def sleep():
        if kind == "time":
            time.sleep(seconds)
        else:
            asyncio.run(asyncio.sleep(seconds))

    assert refused(sleep) == (
        f"a sleep takes seconds that end by the year 9999, not {seconds!r}: it is {LAST_DAY}"
    )
    assert mturk.clock.now == LAST_DAY


@standing
@pytest.mark.parametrize("moment", OUTSIDE)
@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("add_hit", "created"),
        ("add_hit", "expires"),
        ("add_assignment", "accepted"),
        ("add_assignment", "deadline"),
        ("add_assignment", "submitted"),
        ("add_assignment", "approved"),
        ("add_assignment", "rejected"),
        ("add_qualification_type", "created"),
    ],
)
def test_time_outside_of_what_is_added_is_refused(mturk, moment, function, name):
    """A time out of range is a ValueError, and nothing is added."""
    hit = [mturk.add_hit()] if function == "add_assignment" else []
    before = repr(mturk)
    message = refused(lambda: getattr(mturk, function)(*hit, **{name: moment}))

    assert message == f"{function}(): {name} takes a time from 1970 to 9999, not {moment}"
    assert repr(mturk) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"now": "1969-12-31T23:59:59Z"},
         "now: must be a time from 1970 to 9999, not '1969-12-31T23:59:59Z'"),
        ({"now": "9999-12-31T23:59:59-01:00"},
         "now: must be a time from 1970 to 9999, not '9999-12-31T23:59:59-01:00'"),
        (of_hits({"expiration": "9999-12-31T23:59:59-01:00"}),
         "accounts[0].hits[0].expiration: must be a time from 1970 to 9999, "
         "not '9999-12-31T23:59:59-01:00'"),
        ({"now": None, "ahead_in_seconds": -99999999999},
         "ahead_in_seconds: -99999999999 seconds from now is not a time from 1970 to 9999"),
    ],
)  # fmt: skip
def test_time_outside_in_a_file_is_refused(tmp_path, content, message):
    """The message starts with the file and the location in it."""
    path = tmp_path / "state.json"
    assert refused(lambda: load(tmp_path, **content)) == f"{path}: {message}"


# Computed times ---------------------------------------------------------------------------


@at_the_end
@pytest.mark.parametrize("lifetime", [DAY, YEAR])
def test_create_hit_that_expires_beyond_the_end_is_refused(mturk, mturk_client, lifetime):
    """The range of LifetimeInSeconds ends with the year 9999. [assumed]"""
    error = error_of(lambda: create_hit(mturk_client, LifetimeInSeconds=lifetime))

    assert error == out_of_range(lifetime, "LifetimeInSeconds", 30, DAY - 1)
    assert mturk.hits == []
    assert mturk.balance == 10_000
    assert create_hit(mturk_client, LifetimeInSeconds=DAY - 1)["HITStatus"] == "Assignable"


@at_the_end
def test_expiration_beyond_the_end_is_refused(mturk, mturk_client):
    """The range of ExpirationIncrementInSeconds ends with the year 9999. [assumed]"""
    hit_id = create_hit(mturk_client, LifetimeInSeconds=3600)["HITId"]
    before = get_hit(mturk_client, hit_id)
    moment = int(LAST_DAY.timestamp()) + DAY
    for expire_at in (moment, moment + YEAR, 10**300):
        params = {"HITId": hit_id, "ExpireAt": expire_at}
        _, content = raw(mturk, "UpdateExpirationForHIT", params)
        increment = expire_at - moment + DAY - 3600
        rule = out_of_range(increment, "ExpirationIncrementInSeconds", 60, DAY - 3601)
        assert content["Message"] == rule.stamped(stamp_of(LAST_DAY)).message
    assert get_hit(mturk_client, hit_id) == before

    last = END.replace(microsecond=0)
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=last)
    assert mturk.hits[0].expiration == last


@at_the_end
def test_life_of_a_hit_at_the_end_is_shown(mturk, mturk_client, tmp_path):
    """Later times, such as deadlines, are shown as the last moment. [assumed]"""
    hit_id = create_hit(mturk_client, LifetimeInSeconds=DAY - 1, AssignmentDurationInSeconds=YEAR)[
        "HITId"
    ]
    assignment = mturk.worker().accept(hit_id)
    assert assignment.deadline == END
    assignment.submit({})
    shown = mturk_client.get_assignment(AssignmentId=assignment.id)["Assignment"]
    assert shown["AutoApprovalTime"] == END.replace(microsecond=0)
    assert [event.what for event in mturk.clock.upcoming] == ["HIT expires"]
    mturk.clock.advance_until(lambda: mturk.hits[0].status == "Reviewable")
    with pytest.raises(RuntimeError, match="no events are left"):
        mturk.clock.advance_until(lambda: False)
    mturk.clock.move_to(END)
    assert statuses(mturk) == ["Submitted"]
    mturk.snapshot().save(tmp_path / "end.json")


@at_the_end
def test_crowd_works_until_the_end(mturk, mturk_client):
    """Arrivals and work after the end do not happen; HITs created later are still accepted."""
    crowd = mturk.crowd(5, answer=cat, arrivals=1000, work_time=2 * DAY)
    crowd.finish()
    publish_hits(mturk_client, LifetimeInSeconds=3600, AssignmentDurationInSeconds=YEAR)
    crowd.finish()

    assert statuses(mturk) == ["Accepted"]
    assert mturk.clock.now < END


def test_clock_of_the_machine_stops_at_the_end(monkeypatch):
    """If the machine's time is after the end, the clock shows the last moment."""
    monkeypatch.setattr("time.time", lambda: 1e12)
    with mock_mturk() as mturk:
        response = mturk.client().get_account_balance()

        assert mturk.clock.now == END
        assert response["ResponseMetadata"]["HTTPHeaders"]["date"] == (
            "Fri, 31 Dec 9999 23:59:59 GMT"
        )
