"""`mturk.fail`: which calls fail, and whether they fail before or after their work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

from mturk_mock.backend.faults import Limiter, Progress
from tests.clients import balance_of
from tests.helpers import NOW, create_hit, error_of, request_error
from tests.notices import specification

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

ONCE = Config(retries={"max_attempts": 0})
KINDS = ["ServiceFault", "ThrottlingException", "HITDoesNotExist", "ConnectionError", "ReadTimeout"]
QUALIFICATION_TYPE = {
    "Name": "Good eyes",
    "Description": "Sees well",
    "QualificationTypeStatus": "Active",
}


@pytest.fixture
def client(mturk):
    """A client of the mock that does not retry."""
    return mturk.client(config=ONCE)


@pytest.fixture
def retrying(mturk, monkeypatch):
    """A client with botocore's usual retries, without waiting."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))
    return mturk.client(config=Config(retries={"mode": "standard", "max_attempts": 2}))


def outcomes(client, count):
    """Call GetAccountBalance `count` times; return "ok" or the error code of each call."""
    return [outcome(client) for _ in range(count)]


def outcome(client):
    """Call GetAccountBalance; return "ok" or the error code."""
    try:
        client.get_account_balance()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "ok"


# Before and after ---------------------------------------------------------------------------


@pytest.mark.parametrize("error", KINDS)
def test_fail_before_has_done_nothing(mturk, client, error):
    """A call that fails before its work creates no HIT and holds no money."""
    mturk.fail("CreateHIT", error)

    with pytest.raises((ClientError, BotoCoreError)):
        create_hit(client)

    assert mturk.hits == []
    assert mturk.balance == 10_000


@pytest.mark.parametrize("error", KINDS)
def test_fail_after_has_done_its_work(mturk, client, error):
    """A call that fails after its work has created the HIT."""
    mturk.fail("CreateHIT", error, when="after")

    with pytest.raises((ClientError, BotoCoreError)):
        create_hit(client)

    assert len(mturk.hits) == 1
    assert mturk.balance < 10_000


def test_fail_after_a_refusal_loses_the_refusal(mturk, client):
    """A refused call with a fault "after" returns the fault instead of the refusal."""
    mturk.fail("GetHIT", "ThrottlingException", when="after")

    refusal = error_of(lambda: client.get_hit(HITId="3A"))

    assert refusal.message == "Rate exceeded"


def test_fail_before_does_not_look_at_the_request(mturk, client):
    """A fault "before" replaces the error of an invalid request."""
    mturk.fail("GetHIT")

    assert error_of(lambda: client.get_hit(HITId="3A")).code == "ServiceFault"


def test_fail_after_test_event_loses_what_is_known_of_its_delivery(mturk, client):
    """The fault replaces the error about the notification's delivery."""
    mturk.fail("SendTestEventNotification", "ThrottlingException", when="after")

    def send():
        client.send_test_event_notification(
            Notification=specification(transport="SQS"), TestEventType="AssignmentSubmitted"
        )

    assert error_of(send).message == "Rate exceeded"
    assert error_of(send).turk_error_code == "AWS.MechanicalTurk.InvalidTransportEndpoint"


# Lost responses, and repeated calls ---------------------------------------------------------


def test_lost_create_hit_repeated_makes_two_hits(mturk, retrying):
    """Without a request token botocore's retry creates a second HIT. [observed]"""
    mturk.fail("CreateHIT", "ReadTimeout", when="after")

    hit = create_hit(retrying)

    assert len(mturk.hits) == 2
    assert mturk.hits[1].id == hit["HITId"]


def test_lost_create_hit_with_token_repeated_makes_one_hit(mturk, retrying):
    """With a request token the repeated call is refused and names the first HIT. [observed]"""
    mturk.fail("CreateHIT", "ReadTimeout", when="after")

    refusal = error_of(lambda: create_hit(retrying, UniqueRequestToken="t"))

    (hit,) = mturk.hits
    text = f'The HIT with ID "{hit.id}" already exists.'
    assert refusal == request_error("HitAlreadyExists", text)


def test_create_hit_that_never_arrived_leaves_its_token_free(mturk, retrying):
    """A call that failed before its work does not use up its token."""
    mturk.fail("CreateHIT", "ConnectionError")

    create_hit(retrying, UniqueRequestToken="t")

    assert len(mturk.hits) == 1


def test_lost_create_qualification_type_repeated_is_a_duplicate(mturk, retrying):
    """The repeated call fails with a duplicate-name error for the caller's own type. [observed]"""
    mturk.fail("CreateQualificationType", "ConnectionError", when="after")

    refusal = error_of(lambda: retrying.create_qualification_type(**QUALIFICATION_TYPE))

    assert refusal == request_error(
        "QualificationTypeAlreadyExists",
        "You have already created a QualificationType with this name. A QualificationType's "
        "name must be unique among all of the QualificationTypes created by the same user.",
    )
    (made,) = retrying.list_qualification_types(MustBeRequestable=False, MustBeOwnedByCaller=True)[
        "QualificationTypes"
    ]
    assert made["Name"] == "Good eyes"


def test_lost_bonus_with_token_is_paid_once(mturk, client):
    """A repeated SendBonus with the same token pays no second bonus."""
    hit_id = create_hit(client)["HITId"]
    assignment = mturk.worker().accept(hit_id).submit({"label": "cat"})
    bonus = {
        "WorkerId": assignment.worker_id,
        "AssignmentId": assignment.id,
        "BonusAmount": "1.00",
        "Reason": "Thanks",
        "UniqueRequestToken": "t",
    }
    mturk.fail("SendBonus", "ConnectionError", when="after")

    with pytest.raises(ConnectionClosedError):
        client.send_bonus(**bonus)
    refusal = error_of(lambda: client.send_bonus(**bonus))

    assert refusal.message == 'The idempotency token "t" has already been processed.'
    assert len(mturk.bonuses) == 1


# How often ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "xooooo"),
        ({"times": 3}, "xxxooo"),
        ({"times": None}, "xxxxxx"),
        ({"after": 2}, "ooxooo"),
        ({"after": 2, "times": 2}, "ooxxoo"),
        ({"after": 2, "times": None}, "ooxxxx"),
    ],
)
def test_fail_happens_after_so_many_calls_and_so_many_times(mturk, client, options, expected):
    """A fault lets `after` calls succeed (o), and then fails `times` calls (x)."""
    mturk.fail("GetAccountBalance", "ThrottlingException", **options)

    words = {"ok": "o", "ThrottlingException": "x"}
    assert "".join(words[each] for each in outcomes(client, 6)) == expected


def test_fail_after_counts_calls_of_its_operations_only(mturk, client):
    """`after` counts calls of the fault's operations only, including refused calls. [assumed]"""
    mturk.fail("GetHIT", after=1)
    balance_of(client)

    codes = [error_of(lambda: client.get_hit(HITId="3A")).code for _ in range(2)]

    assert codes == ["RequestError", "ServiceFault"]


def test_fail_older_faults_come_first(mturk, client):
    """The oldest active fault takes a call; newer faults do not count that call. [assumed]"""
    mturk.fail(times=2)
    mturk.fail(error="ThrottlingException", after=1)

    assert outcomes(client, 5) == [
        "ServiceFault",
        "ServiceFault",
        "ok",
        "ThrottlingException",
        "ok",
    ]


# Above a rate -------------------------------------------------------------------------------


def throttled_by(client, count):
    """Call GetAccountBalance `count` times; return how many calls at the end were throttled."""
    found = outcomes(client, count)
    refused = found.count("ThrottlingException")
    assert found == ["ok"] * (count - refused) + ["ThrottlingException"] * refused
    return refused


def test_fail_above_a_rate_begins_with_the_calls_of_one_second(mturk, client):
    """At first, one second's worth of calls succeeds. [assumed]"""
    mturk.fail(error="ThrottlingException", times=None, rate=3)

    assert throttled_by(client, 5) == 2


def test_fail_above_a_rate_refills_with_the_clock(mturk, client):
    """At rate=2 one more call succeeds after half a second, and none earlier."""
    mturk.fail(error="ThrottlingException", times=None, rate=2)
    throttled_by(client, 3)

    mturk.clock.advance(seconds=0.499999)
    assert throttled_by(client, 1) == 1
    mturk.clock.advance(seconds=0.000001)
    assert throttled_by(client, 2) == 1


def test_fail_above_a_rate_refills_to_one_second_at_most(mturk, client):
    """After a long pause no more calls succeed than at the start. [assumed]"""
    mturk.fail(error="ThrottlingException", times=None, rate=2)
    throttled_by(client, 3)

    mturk.clock.advance(days=1)

    assert throttled_by(client, 5) == 3


def test_fail_above_a_rate_below_one(mturk, client):
    """At rate=0.1 one call succeeds at first, then one every ten seconds."""
    mturk.fail(error="ThrottlingException", times=None, rate=0.1)
    assert throttled_by(client, 2) == 1

    mturk.clock.advance(seconds=9.999999)
    assert throttled_by(client, 1) == 1
    mturk.clock.advance(seconds=0.000001)
    assert throttled_by(client, 2) == 1


def test_fail_above_a_rate_lets_calls_at_that_rate_through(mturk, client):
    """Ten calls a second for ten seconds all succeed at rate=10: rounding loses none."""
    mturk.fail(error="ThrottlingException", times=None, rate=10)
    throttled_by(client, 11)

    for _ in range(100):
        mturk.clock.advance(seconds=0.1)
        assert throttled_by(client, 1) == 0


def test_fail_above_a_rate_happens_so_many_times(mturk, client):
    """After `times` failures the fault is over."""
    fault = mturk.fail(error="ThrottlingException", times=2, rate=1)

    assert outcomes(client, 5) == ["ok", *["ThrottlingException"] * 2, "ok", "ok"]
    assert fault.happened == 2


def test_fail_above_a_rate_after_some_calls(mturk, client):
    """Calls that `after` lets through do not count toward the rate. [assumed]"""
    mturk.fail(error="ThrottlingException", times=None, after=3, rate=1)

    assert throttled_by(client, 6) == 2


def test_fail_above_a_rate_counts_its_operations_only(mturk, client):
    """Calls of other operations are not limited."""
    mturk.fail("ListHITs", "ThrottlingException", None, rate=1)

    assert throttled_by(client, 5) == 0


def test_limiter_survives_a_clock_that_is_set_back():
    """If the clock is set back, as by freezegun, no call is left; the limit refills normally."""
    limiter, progress = Limiter(2), Progress()
    late, early = 10**15, 10**12

    assert [limiter.allows(progress, late) for _ in range(3)] == [True, True, False]
    assert not limiter.allows(progress, early)
    assert limiter.allows(progress, early + 500_000)
    assert not limiter.allows(progress, early + 500_000)


def test_smallest_rate(mturk, mturk_client):
    """At the smallest rate one call succeeds, and no other for ever."""
    mturk.fail(error="ThrottlingException", times=None, rate=5e-324)
    mturk_client.list_hits()
    mturk.clock.advance(days=36_500)

    with pytest.raises(ClientError, match="Rate exceeded"):
        mturk_client.list_hits()
