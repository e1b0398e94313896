"""ExtendHIT of the query API of 2008-04-01, and the response to its other operations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import requests

from mturk_mock import mock_mturk
from tests.helpers import NOTHING, NOW, SANDBOX_STAMP, STAMP, get_hit, publish, refusal, work

moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do")


pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

PRODUCTION = "http://mechanicalturk.amazonaws.com/"
SANDBOX = "https://mechanicalturk.sandbox.amazonaws.com/"

#: The parameters common to all operations, as the documentation's sample has them.
COMMON = {
    "Service": "AWSMechanicalTurkRequester",
    "AWSAccessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "Version": "2008-04-01",
    "Operation": "ExtendHIT",
    "Signature": "c2lnbmF0dXJl",
    "Timestamp": "2026-01-01T00:00:00Z",
}
DAYS_5 = 432_000  # seconds
YEAR = 31_536_000  # seconds
BILLION = 1_000_000_000

ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
SUCCESS = (
    r'<\?xml version="1\.0"\?>\n'
    rf"<ExtendHITResponse><OperationRequest><RequestId>{ID}</RequestId></OperationRequest>"
    "<ExtendHITResult><Request><IsValid>True</IsValid></Request></ExtendHITResult>"
    "</ExtendHITResponse>"
)


@pytest.fixture
def hit_id(mturk_client):
    return publish(mturk_client)


def extend(hit_id, count=None, seconds=None, url=PRODUCTION, **others):
    """Send the request, without the parameters that are None."""
    parameters = {
        **COMMON,
        "HITId": hit_id,
        "MaxAssignmentsIncrement": count,
        "ExpirationIncrementInSeconds": seconds,
        **others,
    }
    return requests.get(url, params=parameters)


def succeeded(answer):
    return answer.status_code == 200 and re.fullmatch(SUCCESS, answer.text) is not None


def error_in(answer):
    """Return the code, message and data of the error in a response."""
    assert answer.status_code == 200
    request = ElementTree.fromstring(answer.text).find("ExtendHITResult/Request")
    assert request.findtext("IsValid") == "False"
    (error,) = request.findall("Errors/Error")
    data = [(each.findtext("Key"), each.findtext("Value")) for each in error.findall("Data")]
    return error.findtext("Code"), error.findtext("Message"), data


def state(client, hit_id):
    """Return the attributes of a HIT that an extension can change."""
    hit = get_hit(client, hit_id)
    numbers = ("MaxAssignments", "NumberOfAssignmentsAvailable", "Expiration", "HITStatus")
    return tuple(hit[name] for name in numbers)


# Addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["mechanicalturk.amazonaws.com", "mechanicalturk.amazonaws.com."])
@pytest.mark.parametrize("path", ["", "/", "/onca/xml"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_extend_hit_at_each_address(hit_id, scheme, host, path):
    """`mechanicalturk.amazonaws.com/onca/xml` is the older path of the query API. [doc]"""
    assert succeeded(extend(hit_id, count=1, url=f"{scheme}://{host}{path}"))


def test_extend_hit_at_the_older_path_of_the_sandbox(mturk):
    hit_id = publish(mturk.client(sandbox=True))
    assert succeeded(extend(hit_id, count=1, url=f"{SANDBOX}onca/xml"))


# Assignments ------------------------------------------------------------------------------


def test_extend_hit_by_assignments(hit_id, mturk_client):
    """MaxAssignments and the available assignments grow, the expiration stays. [doc]"""
    _, _, expiration, _ = state(mturk_client, hit_id)
    answer = extend(hit_id, count=3)
    assert succeeded(answer)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert state(mturk_client, hit_id) == (4, 4, expiration, "Assignable")


def test_extend_hit_makes_a_reviewable_hit_assignable(mturk, hit_id, mturk_client):
    """A HIT whose assignments were all submitted is Assignable again. [doc]"""
    work(mturk, hit_id)
    assert state(mturk_client, hit_id)[3] == "Reviewable"
    extend(hit_id, count=1)
    assert state(mturk_client, hit_id)[:2] == (2, 1)
    assert state(mturk_client, hit_id)[3] == "Assignable"


def test_extend_hit_keeps_the_auto_approval(mturk, mturk_client):
    """Auto-approval happens on its original schedule. [doc]"""
    hit_id = publish(mturk_client, AutoApprovalDelayInSeconds=3600)
    (assignment,) = work(mturk, hit_id)
    extend(hit_id, count=1, seconds=DAYS_5)
    assert assignment.auto_approval_time == NOW + timedelta(hours=1)
    mturk.clock.advance(hours=1)
    assert assignment.status == "Approved"


def test_extend_hit_by_assignments_leaves_an_expired_hit_expired(mturk, hit_id, mturk_client):
    """An expired HIT gets more assignments and stays expired. [observed]"""
    mturk.clock.advance(hours=1)
    expired = state(mturk_client, hit_id)
    assert succeeded(extend(hit_id, count=2))
    assert state(mturk_client, hit_id) == (3, 3, *expired[2:])
    assert expired[3] == "Reviewable"


def test_extend_hit_holds_funds(mturk, hit_id):
    """An extension holds the reward and a fee of 20 % for each new assignment. [doc]"""
    before = mturk.balance
    extend(hit_id, count=3)
    assert mturk.balance == before - Decimal("3.60")


@pytest.mark.parametrize("count", [1, BILLION])
def test_extend_hit_by_a_number_at_the_end_of_its_range(mturk, mturk_client, count):
    """The range is 1 to 1,000,000,000. [doc]"""
    mturk.balance = 10 * BILLION
    hit_id = publish(mturk_client, MaxAssignments=10)
    assert succeeded(extend(hit_id, count=count))
    assert state(mturk_client, hit_id)[0] == 10 + count


# Time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [3600, DAYS_5, YEAR])
def test_extend_hit_by_time(hit_id, mturk_client, seconds):
    """A HIT that has not expired is extended from its expiration by 3,600 to 31,536,000 s. [doc]"""
    _, _, expiration, _ = state(mturk_client, hit_id)
    assert succeeded(extend(hit_id, seconds=seconds))
    extended = expiration + timedelta(seconds=seconds)
    assert state(mturk_client, hit_id) == (1, 1, extended, "Assignable")


def test_extend_hit_by_time_from_now_where_it_has_expired(mturk, hit_id, mturk_client):
    """An expired HIT is extended from the current time, and is Assignable again. [doc]"""
    mturk.clock.advance(hours=7)
    assert state(mturk_client, hit_id)[3] == "Reviewable"
    assert succeeded(extend(hit_id, seconds=3600))
    extended = NOW + timedelta(hours=8)
    assert state(mturk_client, hit_id) == (1, 1, extended, "Assignable")


def test_extend_hit_by_time_makes_it_expire_then(mturk, hit_id, mturk_client):
    """An extended HIT expires at the new time, not at the old one. [doc]"""
    extend(hit_id, seconds=3600)
    mturk.clock.advance(hours=1, minutes=59)
    assert state(mturk_client, hit_id)[3] == "Assignable"
    mturk.clock.advance(minutes=1)
    assert state(mturk_client, hit_id)[3] == "Reviewable"


def test_extend_hit_by_time_leaves_a_full_hit_reviewable(mturk, hit_id, mturk_client):
    """A HIT without assignments left stays Reviewable. [assumed]"""
    work(mturk, hit_id)
    assert succeeded(extend(hit_id, seconds=3600))
    assert state(mturk_client, hit_id)[3] == "Reviewable"


def test_extend_hit_by_time_holds_funds_where_it_has_expired(mturk, mturk_client):
    """Extending an expired HIT holds funds for its assignments again. [assumed]"""
    before = mturk.balance
    hit_id = publish(mturk_client, MaxAssignments=2)
    mturk.clock.advance(hours=1)
    assert mturk.balance == before
    extend(hit_id, seconds=3600)
    assert mturk.balance == before - Decimal("2.40")


# Both -------------------------------------------------------------------------------------


def test_extend_hit_by_both(hit_id, mturk_client):
    """[observed]"""
    _, _, expiration, _ = state(mturk_client, hit_id)
    assert succeeded(extend(hit_id, count=2, seconds=3600))
    extended = expiration + timedelta(hours=1)
    assert state(mturk_client, hit_id) == (3, 3, extended, "Assignable")


@pytest.mark.parametrize(
    ("count", "seconds"), [(1, 3599), (1, YEAR + 1), (0, 3600), (BILLION + 1, 3600), (9, 3600)]
)
def test_extend_hit_by_both_is_all_or_nothing(mturk, hit_id, mturk_client, count, seconds):
    """If one increment is refused, the other has no effect. [assumed]"""
    before = state(mturk_client, hit_id), mturk.balance, mturk.clock.upcoming
    assert not succeeded(extend(hit_id, count=count, seconds=seconds))
    assert (state(mturk_client, hit_id), mturk.balance, mturk.clock.upcoming) == before


def test_extend_hit_by_both_needs_funds_for_both(mturk, mturk_client):
    """Extending an expired HIT by both needs funds for old and new assignments. [assumed]"""
    hit_id = publish(mturk_client, MaxAssignments=2)
    mturk.clock.advance(hours=1)
    before = state(mturk_client, hit_id)
    mturk.balance = "3.59"
    code, _, _ = error_in(extend(hit_id, count=1, seconds=3600))
    assert code == "AWS.MechanicalTurk.InsufficientFunds"
    assert state(mturk_client, hit_id) == before
    mturk.balance = "3.60"
    assert succeeded(extend(hit_id, count=1, seconds=3600))
    assert mturk.balance == 0


def test_extend_hit_by_both_is_one_event(mturk, mturk_client, hit_id):
    """HITExtended is sent once, for an extension by time too. [assumed]"""
    mturk_client.update_notification_settings(
        HITTypeId=get_hit(mturk_client, hit_id)["HITTypeId"],
        Notification={
            "Destination": "requester@lab.example",
            "Transport": "Email",
            "Version": "2014-08-15",
            "EventTypes": ["HITExtended"],
        },
    )

    extend(hit_id, count=1, seconds=3600)

    assert [notification.event_type for notification in mturk.notifications] == ["HITExtended"]


# How it is sent ---------------------------------------------------------------------------


def test_extend_hit_by_post(hit_id, mturk_client):
    """The parameters can be sent as a form. [doc]"""
    parameters = {**COMMON, "HITId": hit_id, "MaxAssignmentsIncrement": 2}
    assert succeeded(requests.post("https://mechanicalturk.amazonaws.com", data=parameters))
    assert state(mturk_client, hit_id)[0] == 3


def test_extend_hit_of_the_documentation(mturk, mturk_client):
    """The sample request of the documentation works. [doc]"""
    mturk.next_id("HIT", "123RVWYBAZW00EXAMPLE")
    hit_id = publish(mturk_client)
    answer = requests.get(
        "http://mechanicalturk.amazonaws.com/?Service=AWSMechanicalTurkRequester"
        "&AWSAccessKeyId=[the Requester's Access Key ID]&Version=2008-04-01&Operation=ExtendHIT"
        "&Signature=[signature for this request]&Timestamp=[your system's local time]"
        "&HITId=123RVWYBAZW00EXAMPLE&ExpirationIncrementInSeconds=432000"
    )
    assert succeeded(answer)
    assert state(mturk_client, hit_id)[2] == NOW + timedelta(hours=1, days=5)


def test_extend_hit_of_the_sandbox(mturk, mturk_sandbox_client):
    """[doc]"""
    hit_id = publish(mturk_sandbox_client)
    assert succeeded(extend(hit_id, count=1, url=SANDBOX))
    assert state(mturk_sandbox_client, hit_id)[0] == 2


def test_extend_hit_with_moto_begun_before():
    """The request reaches the mock although moto mocks all hosts of amazonaws.com."""
    with moto.mock_aws(), mock_mturk() as mturk:
        assert succeeded(extend(publish(mturk.client()), count=1))


def test_extend_hit_with_moto_begun_inside():
    with mock_mturk() as mturk, moto.mock_aws():
        assert succeeded(extend(publish(mturk.client()), count=1))


def test_extend_hit_with_the_same_token_twice(hit_id, mturk_client):
    """UniqueRequestToken belongs to a later version [doc] and has no effect. [assumed]"""
    for _ in range(2):
        assert succeeded(extend(hit_id, count=1, UniqueRequestToken="once"))
    assert state(mturk_client, hit_id)[0] == 3


def test_extend_hit_without_a_version(hit_id):
    """[assumed]"""
    assert succeeded(extend(hit_id, count=1, Version=None))


@pytest.mark.parametrize("value", ["true", "True", "1"])
def test_extend_hit_with_validate(mturk, hit_id, mturk_client, value):
    """With Validate the request is only checked. [doc]"""
    before = state(mturk_client, hit_id), mturk.balance
    assert succeeded(extend(hit_id, count=1, seconds=3600, Validate=value))
    assert (state(mturk_client, hit_id), mturk.balance) == before


def test_extend_hit_with_validate_of_what_is_refused(hit_id):
    """With Validate the request is checked completely. [assumed]"""
    code, _, _ = error_in(extend(hit_id, count=9, Validate="true"))
    assert code == "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease"


def test_extend_hit_without_validate(hit_id, mturk_client):
    extend(hit_id, count=1, Validate="false")
    assert state(mturk_client, hit_id)[0] == 2


@pytest.mark.parametrize("group", ["Request", "Minimal,Request"])
def test_extend_hit_with_the_response_group_request(hit_id, group):
    """The response has the arguments [doc]; their format is [assumed]."""
    answer = extend(hit_id, count=1, ResponseGroup=group)
    assert (
        "<Request><IsValid>True</IsValid><ExtendHITRequest>"
        f"<HITId>{hit_id}</HITId><MaxAssignmentsIncrement>1</MaxAssignmentsIncrement>"
        "</ExtendHITRequest></Request>"
    ) in answer.text


def test_extend_hit_with_the_response_group_minimal(hit_id):
    """Minimal is the default response group. [doc]"""
    assert succeeded(extend(hit_id, count=1, ResponseGroup="Minimal"))


def test_extend_hit_is_among_the_calls(mturk, hit_id):
    """The log has the call with its parameters and its error."""
    extend(hit_id, count=1)
    extend(NOTHING, count=1)
    done, refused = mturk.calls[-2:]
    assert (done.operation, done.environment, done.requester) == (
        "ExtendHIT",
        "production",
        "default",
    )
    assert done.params == {**COMMON, "HITId": hit_id, "MaxAssignmentsIncrement": "1"}
    assert (done.result, done.error) == ({}, None)
    assert refused.result is None
    assert refused.error.code == "AWS.MechanicalTurk.HITDoesNotExist"


# What is refused --------------------------------------------------------------------------


def test_extend_hit_error_in_full(mturk):
    """The status of an error is 200 [observed]; its Data are [assumed]."""
    answer = extend(NOTHING, count=1)
    assert answer.status_code == 200
    assert re.sub(ID, "ID", answer.text) == (
        '<?xml version="1.0"?>\n'
        "<ExtendHITResponse><OperationRequest><RequestId>ID</RequestId></OperationRequest>"
        "<ExtendHITResult><Request><IsValid>False</IsValid><Errors><Error>"
        "<Code>AWS.MechanicalTurk.HITDoesNotExist</Code>"
        f"<Message>Hit {NOTHING} does not exist.{STAMP}</Message>"
        f"<Data><Key>HITId</Key><Value>{NOTHING}</Value></Data>"
        "</Error></Errors></Request></ExtendHITResult></ExtendHITResponse>"
    )


def test_extend_hit_of_another_requester(mturk):
    """Only the requester who created a HIT can extend it. [doc]"""
    hit_id = publish(mturk.requester("other").client())
    code, message, _ = error_in(extend(hit_id, count=1))
    assert code == "AWS.MechanicalTurk.HITDoesNotExist"
    assert message == f"Hit {hit_id} does not exist.{STAMP}"


def test_extend_hit_of_production_in_the_sandbox(hit_id):
    """The environments share nothing [doc]; the message of the sandbox has a clock. [assumed]"""
    assert error_in(extend(hit_id, count=1, url=SANDBOX)) == (
        "AWS.MechanicalTurk.HITDoesNotExist",
        f"Hit {hit_id} does not exist.{SANDBOX_STAMP}",
        [("HITId", hit_id)],
    )


@pytest.mark.parametrize("name", ["Service", "AWSAccessKeyId", "Signature", "Timestamp"])
def test_extend_hit_without_a_common_parameter(hit_id, name):
    """Common parameters of the 2008 API "are required: missing ones are an error". [doc]

    The error is that of other parameters. [assumed]
    """
    code, message, *_ = error_in(extend(hit_id, 1, **{name: None}))

    assert code == "AWS.MissingParameters"
    assert message == (
        f"Your request is missing required parameters. Required parameters include {name}.{STAMP}"
    )


@pytest.mark.parametrize("hit_id", [None, ""])
def test_extend_hit_without_a_hit(mturk, hit_id):
    """[observed] the text, [assumed] its use"""
    assert error_in(extend(hit_id, count=1)) == (
        "AWS.MissingParameters",
        f"Your request is missing required parameters. Required parameters include HITId.{STAMP}",
        [],
    )


def test_extend_hit_by_nothing(hit_id):
    """At least one increment is required. [assumed] the error"""
    assert error_in(extend(hit_id)) == (
        "AWS.MissingParameters",
        "Your request is missing required parameters. Required parameters include "
        f"MaxAssignmentsIncrement or ExpirationIncrementInSeconds.{STAMP}",
        [],
    )


@pytest.mark.parametrize("count", [0, -1, BILLION + 1])
def test_extend_hit_by_a_number_out_of_range(hit_id, count):
    """1 to 1,000,000,000 [doc]; the code is [observed], the text [assumed]."""
    assert error_in(extend(hit_id, count=count)) == (
        "AWS.ParameterOutOfRange",
        f"The value {count} is invalid for MaxAssignmentsIncrement. "
        f"Valid values range from 1 to 1000000000.{STAMP}",
        [("MaxAssignmentsIncrement", str(count))],
    )


@pytest.mark.parametrize("seconds", [0, 60, 3599, YEAR + 1])
def test_extend_hit_by_a_time_out_of_range(hit_id, seconds):
    """3,600 to 31,536,000 [doc]; the code is [observed], the text [assumed]."""
    assert error_in(extend(hit_id, seconds=seconds)) == (
        "AWS.ParameterOutOfRange",
        f"The value {seconds} is invalid for ExpirationIncrementInSeconds. "
        f"Valid values range from 3600 to 31536000.{STAMP}",
        [("ExpirationIncrementInSeconds", str(seconds))],
    )


@pytest.mark.parametrize("text", ["many", "1.5", "٣", "<1>", "1_0", "9" * 5000])
def test_extend_hit_by_what_is_no_number(hit_id, text):
    """[assumed]"""
    assert error_in(extend(hit_id, count=text)) == (
        "AWS.MechanicalTurk.InvalidParameterValue",
        f'The value "{text}" is not valid for the parameter MaxAssignmentsIncrement.{STAMP}',
        [("MaxAssignmentsIncrement", text)],
    )


def test_extend_hit_without_funds(mturk, hit_id):
    """[observed] the text; [assumed] for this operation"""
    mturk.balance = "1.19"
    assert error_in(extend(hit_id, count=1)) == (
        "AWS.MechanicalTurk.InsufficientFunds",
        "This Requester has insufficient funds in their account to complete this transaction. "
        "Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs."
        + STAMP,
        [("HITId", hit_id)],
    )


def test_extend_hit_of_a_deleted_hit(mturk, hit_id, mturk_client):
    """[assumed]"""
    mturk.clock.advance(hours=1)
    mturk_client.delete_hit(HITId=hit_id)
    code, message, _ = error_in(extend(hit_id, count=1))
    assert code == "AWS.MechanicalTurk.InvalidHITState"
    assert message.startswith("This HIT is currently in the state 'Disposed'.  ")


@pytest.mark.parametrize(("before", "count"), [(1, 9), (9, 1)])
def test_extend_hit_from_fewer_than_ten_to_ten(mturk_client, before, count):
    """[doc] since 2015; [assumed] for this version"""
    hit_id = publish(mturk_client, MaxAssignments=before)
    assert error_in(extend(hit_id, count=count)) == (
        "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease",
        f"HIT {hit_id} was created with fewer than 10 assignments and cannot be extended "
        f"to have 10 or more assignments.{STAMP}",
        [("HITId", hit_id)],
    )


#: When HITs were first made that can be extended, in microseconds.
FIRST_EXTENSIBLE = int(datetime(2015, 7, 22, tzinfo=timezone.utc).timestamp()) * 1_000_000


@pytest.mark.parametrize("old", [True, False])
def test_extend_hit_from_before_july_2015(mturk, hit_id, old):
    """[doc] since 2015, for assignments; [assumed] for this version, and that time may be"""
    with mturk._backend.transaction() as (marketplace, _):
        marketplace.find_hit(hit_id)[1].creation_time = FIRST_EXTENSIBLE - old
    assert succeeded(extend(hit_id, seconds=3600))
    answer = extend(hit_id, count=1)
    assert succeeded(answer) is not old
    assert ("AWS.MechanicalTurk.HITTooOldForExtension" in answer.text) is old


def test_extend_hit_of_production_where_only_the_sandbox_is_allowed():
    with mock_mturk(only="sandbox") as mturk:
        hit_id = publish(mturk.client(sandbox=True))
        assert succeeded(extend(hit_id, count=1, url=SANDBOX))
        with pytest.raises(RuntimeError, match='only="sandbox": send it to https://mech'):
            extend(hit_id, count=1)


# The rest of that API ---------------------------------------------------------------------

OVER = (
    '<?xml version="1.0"?>\n'
    "<Response><Errors><Error><Code>Forbidden</Code><Message>This Requester API is no longer "
    "supported. Please use the latest API using the official AWS SDK. "
    "https://aws.amazon.com/getting-started/tools-sdks</Message></Error></Errors>"
    "<RequestID>ID</RequestID></Response>"
)


@pytest.mark.parametrize(
    "parameters",
    [
        {**COMMON, "Operation": "GetHIT"},
        {**COMMON, "Operation": "extendhit"},
        {**COMMON, "Version": "2014-08-15"},
        {},
    ],
    ids=["another operation", "another spelling", "another version", "nothing"],
)
@pytest.mark.parametrize("url", [PRODUCTION, SANDBOX])
def test_other_requests_of_the_old_api(mturk, parameters, url):
    """Every other request gets the response of June 2019 and later. [observed]"""
    answer = requests.get(url, params=parameters)
    assert answer.status_code == 403
    assert re.sub(ID, "ID", answer.text) == OVER
    assert mturk.calls == []


def test_extend_hit_by_another_method(hit_id, mturk_client):
    """[assumed]"""
    parameters = {**COMMON, "HITId": hit_id, "MaxAssignmentsIncrement": 2}
    assert requests.put(PRODUCTION, params=parameters).status_code == 403
    assert state(mturk_client, hit_id)[0] == 1


def test_extend_hit_is_no_operation_of_the_later_api(mturk_client, hit_id):
    """CreateAdditionalAssignmentsForHIT keeps its own errors."""
    assert refusal(
        mturk_client.create_additional_assignments_for_hit,
        HITId=hit_id,
        NumberOfAdditionalAssignments=0,
    ) == (
        "ParameterValidationError",
        None,
        "The value 0 is invalid for MaxAssignmentsIncrement. "
        f"Valid values range from 1 to 1000000000.{STAMP}",
    )


# Faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["ExtendHIT", "extend_hit", ["CreateHIT", "ExtendHIT"], None])
def test_fail_of_extend_hit(mturk, hit_id, mturk_client, operation):
    """fail() by either name, in a list, or for all operations gives an Errors element. [assumed]"""
    before = state(mturk_client, hit_id)
    fault = mturk.fail(operation)

    assert error_in(extend(hit_id, count=1)) == (
        "AWS.ServiceUnavailable",
        f"There was an error with this request.{STAMP}",
        [("HITId", hit_id)],
    )
    assert (fault.happened, mturk.calls[-1].fault) == (1, fault)
    assert state(mturk_client, hit_id) == before
    assert succeeded(extend(hit_id, count=1))


def test_fail_of_extend_hit_leaves_other_operations(mturk, hit_id, mturk_client):
    """A fault of ExtendHIT does not apply to operations of the later API."""
    fault = mturk.fail("ExtendHIT")

    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=1
    )

    assert fault.happened == 0


def test_fail_of_extend_hit_after_its_work(mturk, hit_id, mturk_client):
    """With when="after" the work is done and only the response is lost."""
    mturk.fail("ExtendHIT", when="after")

    assert not succeeded(extend(hit_id, count=1))
    assert state(mturk_client, hit_id)[0] == 2


def test_fail_of_extend_hit_names_what_the_request_names(mturk):
    """The message names the HIT of the request."""
    mturk.fail("ExtendHIT", "HITDoesNotExist")

    assert error_in(extend(NOTHING, count=1)) == (
        "AWS.MechanicalTurk.HITDoesNotExist",
        f"Hit {NOTHING} does not exist.{STAMP}",
        [("HITId", NOTHING)],
    )


def test_fail_of_extend_hit_by_throttling(mturk, hit_id):
    """Without a TurkErrorCode the code is the type; the message has no clock. [assumed]"""
    mturk.fail("ExtendHIT", "ThrottlingException")

    code, message, _ = error_in(extend(hit_id, count=1))

    assert (code, message) == ("ThrottlingException", "Rate exceeded")


def test_fail_of_extend_hit_by_its_key(mturk, hit_id):
    """AWS.NotAuthorized is in OperationRequest, as without a fault. [observed]"""
    mturk.fail("ExtendHIT", "AWS.NotAuthorized")

    answer = ElementTree.fromstring(extend(hit_id, count=1).text)

    assert answer.findtext("OperationRequest/Errors/Error/Code") == "AWS.NotAuthorized"
    assert answer.find("ExtendHITResult") is None


def test_fail_of_extend_hit_is_not_asked_about_a_key_of_no_requester():
    """An unauthorized caller is refused before faults, as in the later API. [assumed]"""
    with mock_mturk(accounts={}) as mturk:
        fault = mturk.fail()
        assert "AWS.NotAuthorized" in extend(NOTHING, count=1).text
        assert fault.happened == 0


CONNECTION = [
    ("ConnectionError", "before", "ConnectionError", "EndpointConnectionError"),
    ("ConnectionError", "after", "ConnectionError", "ConnectionClosedError"),
    ("ReadTimeout", "after", "ReadTimeout", "ReadTimeoutError"),
    ("ConnectTimeout", "before", "ConnectTimeout", "ConnectTimeoutError"),
]


@pytest.mark.parametrize(("error", "when", "kind", "cause"), CONNECTION)
def test_fail_of_extend_hit_by_its_connection(mturk, hit_id, error, when, kind, cause):
    """The program gets the exception of `requests`, with the request; the log has botocore's."""
    mturk.fail("ExtendHIT", error, when=when)

    with pytest.raises(requests.RequestException) as caught:
        extend(hit_id, count=1)

    (call,) = mturk.calls[-1:]
    assert type(caught.value) is getattr(requests.exceptions, kind)
    assert str(caught.value) == str(call.error)
    assert caught.value.__cause__ is call.error
    assert caught.value.request.url.startswith(PRODUCTION)
    assert type(call.error).__name__ == cause
    assert PRODUCTION in str(call.error)
    assert call.result is None


def test_fail_of_extend_hit_by_read_timeout_can_do_its_work(mturk, hit_id, mturk_client):
    """After a read timeout a repeated ExtendHIT extends again. [assumed]"""
    mturk.fail("ExtendHIT", "ReadTimeout", when="after")
    with pytest.raises(requests.ReadTimeout):
        extend(hit_id, count=1)
    extend(hit_id, count=1)

    assert state(mturk_client, hit_id)[0] == 3


@pytest.mark.mock_mturk(now=datetime(9999, 12, 31, tzinfo=timezone.utc))
def test_extend_hit_beyond_the_year_9999(mturk, mturk_client):
    """ExpirationIncrementInSeconds may not lead beyond the year 9999. [assumed]"""
    hit_id = publish(mturk_client, LifetimeInSeconds=3600)
    before = mturk.hits[0].expiration
    _, message, _ = error_in(extend(hit_id, seconds=23 * 3600))

    assert message.startswith(
        "The value 82800 is invalid for ExpirationIncrementInSeconds. "
        "Valid values range from 3600 to 82799."
    )
    assert mturk.hits[0].expiration == before
    assert succeeded(extend(hit_id, seconds=82_799))
