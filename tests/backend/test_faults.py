"""`mturk.fail`: which errors it injects, as programs and botocore's retries see them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import ClientError

from mturk_mock import ERRORS
from tests.backend.raw_requests import raw
from tests.clients import PRODUCTION, SANDBOX, balance_of
from tests.helpers import NOW, create_hit, error_of, hit_ids, stamp_of

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

ONCE = Config(retries={"max_attempts": 0})
STAMP = stamp_of(NOW)


@pytest.fixture
def client(mturk):
    """A client of the mock that does not retry."""
    return mturk.client(config=ONCE)


def said_by(call):
    """Return the parts of an error response: HTTP status, code, TurkErrorCode, message."""
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    error = response["Error"]
    return status, error["Code"], response.get("TurkErrorCode"), error["Message"]


# Errors of the service ----------------------------------------------------------------------


def test_fail_without_more_is_a_service_fault(mturk, client):
    """One call fails by default. [doc] type; [observed] code, text, legacy; [assumed] status"""
    mturk.fail()

    assert said_by(client.get_account_balance) == (
        500,
        "ServiceFault",
        "AWS.ServiceUnavailable",
        f"There was an error with this request.{STAMP}",
    )
    assert balance_of(client) == "10000.00"


def test_fail_service_fault_has_a_class(mturk, client):
    """Programs can catch the fault as client.exceptions.ServiceFault. [doc]"""
    mturk.fail()

    with pytest.raises(client.exceptions.ServiceFault):
        client.list_hits()


def test_fail_in_sandbox_ends_as_the_sandbox_s_messages(mturk):
    """In the sandbox the stamp at the message's end has an s. [observed]"""
    mturk.fail()

    message = said_by(mturk.client(sandbox=True, config=ONCE).list_hits)[3]

    assert message == f"There was an error with this request.{STAMP.replace(')', ' s)')}"


def test_fail_throttling_is_as_recorded(mturk, client):
    """Throttling is HTTP 400 with its own type, no TurkErrorCode and no stamp. [observed]"""
    mturk.fail("CreateHIT", "ThrottlingException")

    refused = (400, "ThrottlingException", None, "Rate exceeded")
    assert said_by(lambda: create_hit(client)) == refused


def test_fail_throttling_reads_as_recorded_after_retries(mturk, monkeypatch):
    """After retries the message equals the one recorded from a loop of CreateHIT. [observed]"""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))
    mturk.fail("CreateHIT", "ThrottlingException", None)
    client = mturk.client(config=Config(retries={"mode": "legacy"}))

    with pytest.raises(ClientError) as caught:
        create_hit(client)

    assert str(caught.value) == (
        "An error occurred (ThrottlingException) when calling the CreateHIT operation "
        "(reached max retries: 4): Rate exceeded"
    )


WORDS = {
    "HITDoesNotExist": ("RequestError", "Hit 3A does not exist."),
    "AWS.MechanicalTurk.HITDoesNotExist": ("RequestError", "Hit 3A does not exist."),
    "HITLayoutDoesNotExist": ("RequestError", "HITLayout <id> does not exist."),
    "AssignmentDoesNotExist": ("RequestError", "Assignment <id> does not exist."),
    "DuplicateRequest": (
        "RequestError",
        'The idempotency token "<token>" has already been processed.',
    ),
    "InvalidHITState": (
        "RequestError",
        "This HIT is currently in the state '<state>'.  "
        "This operation can be called with a status of: <allowed>",
    ),
    # Several rows share this code; the row named after it is used.
    "InvalidAssignmentState": (
        "RequestError",
        "This operation can be called with a status of: <allowed>",
    ),
    "AWS.MechanicalTurk.InvalidAssignmentState": (
        "RequestError",
        "This operation can be called with a status of: <allowed>",
    ),
    "InvalidParameterValue": (
        "ParameterValidationError",
        'The value "<value>" is not valid for the parameter <parameter>.',
    ),
    "MissingParameters": (
        "ParameterValidationError",
        "Your request is missing required parameters. Required parameters include <parameter>.",
    ),
    "AWS.ServiceUnavailable": ("ServiceFault", "There was an error with this request."),
    "ServiceUnavailable": ("ServiceFault", "There was an error with this request."),
    "ValidationException": (
        "ValidationException",
        "1 validation error detected: <problems>",
    ),
}


@pytest.mark.parametrize("error", WORDS)
def test_fail_has_type_and_words_of_its_row(mturk, client, error):
    """Values unknown to the request appear in angle brackets in the message. [assumed]"""
    mturk.fail("GetHIT", error)

    refusal = error_of(lambda: client.get_hit(HITId="3A"))

    assert (refusal.code, refusal.message) == WORDS[error]


CODES = sorted({row.code for row in ERRORS.values() if str(row.code).startswith("AWS.")})


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("prefixed", [True, False])
def test_fail_takes_every_code_of_the_table(mturk, code, prefixed):
    """Codes are accepted in full or short form; the response has the full code."""
    mturk.fail(error=code if prefixed else code.removeprefix("AWS.").split(".")[-1])

    _, said = raw(mturk, "GetAccountBalance", {})

    assert said["TurkErrorCode"] == code


@pytest.mark.parametrize(
    ("operation", "error", "params", "message"),
    [
        (
            "approve_assignment",
            "AssignmentDoesNotExist",
            {"AssignmentId": "3A"},
            "Assignment 3A does not exist.",
        ),
        (
            "create_hit_with_hit_type",
            "HITLayoutDoesNotExist",
            {"HITTypeId": "3T", "LifetimeInSeconds": 60, "HITLayoutId": "3L"},
            "HITLayout 3L does not exist.",
        ),
        (
            "get_qualification_score",
            "QualificationTypeDoesNotExist",
            {"QualificationTypeId": "3Q", "WorkerId": "A1"},
            "QualificationType [3Q] does not exist.",
        ),
        (
            "reject_qualification_request",
            "QualificationRequestDoesNotExist",
            {"QualificationRequestId": "3R"},
            "QualificationRequest 3R does not exist.",
        ),
        (
            "create_additional_assignments_for_hit",
            "DuplicateRequest",
            {"HITId": "3A", "NumberOfAdditionalAssignments": 1, "UniqueRequestToken": "t"},
            'The idempotency token "t" has already been processed.',
        ),
    ],
)
def test_fail_names_what_the_request_names(mturk, client, operation, error, params, message):
    """The message contains the ID or token that the request names."""
    mturk.fail(operation, error)

    refusal = error_of(lambda: getattr(client, operation)(**params))

    assert refusal.message == message
    assert refusal.turk_error_code == f"AWS.MechanicalTurk.{error}"


def test_fail_with_message_says_it(mturk, client):
    """A given message is used as it is, even with braces, and ends with the stamp."""
    mturk.fail("GetHIT", "HITDoesNotExist", message="Gone: {id}")

    assert said_by(lambda: client.get_hit(HITId="3A")) == (
        400,
        "RequestError",
        "AWS.MechanicalTurk.HITDoesNotExist",
        f"Gone: {{id}}{STAMP}",
    )


def test_fail_with_code_of_no_row_is_a_request_error(mturk, client):
    """A code that the table does not have is returned as a RequestError. [assumed] type"""
    mturk.fail(error="AWS.AccountNotLinked", message="Link your account.")

    assert said_by(client.list_hits) == (
        400,
        "RequestError",
        "AWS.AccountNotLinked",
        f"Link your account.{STAMP}",
    )


def test_fail_of_a_request_that_is_no_structure_is_answered(mturk):
    """A body that is JSON but not an object fails too; the message has no values from it."""
    mturk.fail(error="HITDoesNotExist")

    _, said = raw(mturk, "GetHIT", [])

    assert said["Message"] == f"Hit <id> does not exist.{STAMP}"


# Exceptions of botocore's transport ---------------------------------------------------------


COULD_NOT_CONNECT = f'Could not connect to the endpoint URL: "{PRODUCTION}/"'
CLOSED = (
    f'Connection was closed before we received a valid response from endpoint URL: "{PRODUCTION}/".'
)
READ_TIMEOUT = f'Read timeout on endpoint URL: "{PRODUCTION}/"'
CONNECT_TIMEOUT = f'Connect timeout on endpoint URL: "{PRODUCTION}/"'
TRANSPORT = [
    ("ConnectionError", "before", "EndpointConnectionError", COULD_NOT_CONNECT),
    ("ConnectionError", "after", "ConnectionClosedError", CLOSED),
    *[
        (error, when, kind, text)
        for error, kind, text in [
            ("EndpointConnectionError", "EndpointConnectionError", COULD_NOT_CONNECT),
            ("ConnectionClosedError", "ConnectionClosedError", CLOSED),
            ("ReadTimeout", "ReadTimeoutError", READ_TIMEOUT),
            ("ReadTimeoutError", "ReadTimeoutError", READ_TIMEOUT),
            ("ConnectTimeout", "ConnectTimeoutError", CONNECT_TIMEOUT),
            ("ConnectTimeoutError", "ConnectTimeoutError", CONNECT_TIMEOUT),
        ]
        for when in ("before", "after")
    ],
]


@pytest.mark.parametrize(("error", "when", "kind", "text"), TRANSPORT)
def test_fail_connection_is_botocore_s_own_exception(mturk, client, error, when, kind, text):
    """The exception has the class and message of `botocore.httpsession`."""
    mturk.fail(error=error, when=when)

    with pytest.raises(exceptions.BotoCoreError) as caught:
        client.get_account_balance()

    assert type(caught.value) is getattr(exceptions, kind)
    assert str(caught.value) == text
    assert balance_of(client) == "10000.00"


def test_fail_connection_names_the_endpoint_of_the_client(mturk):
    """The message has the endpoint of the client, in the sandbox that of the sandbox."""
    mturk.fail(error="ReadTimeout")

    with pytest.raises(exceptions.ReadTimeoutError) as caught:
        mturk.client(sandbox=True, config=ONCE).list_hits()

    assert str(caught.value) == f'Read timeout on endpoint URL: "{SANDBOX}/"'


# botocore's retries -------------------------------------------------------------------------


KINDS = [
    ("ServiceFault", "before"),
    ("ServiceFault", "after"),
    ("ThrottlingException", "before"),
    ("ConnectionError", "before"),
    ("ConnectionError", "after"),
    ("ReadTimeout", "after"),
    ("ConnectTimeout", "before"),
]


@pytest.fixture
def _no_waiting(monkeypatch):
    """Make botocore retry without waiting."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(
        "botocore.retries.bucket.TokenBucket.acquire", lambda self, *args, **kwargs: True
    )


@pytest.mark.usefixtures("_no_waiting")
@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize(("error", "when"), KINDS)
def test_fail_is_retried_as_the_real_error(mturk, mode, error, when):
    """Every retry mode of botocore retries the fault until it is over; the call then succeeds."""
    fault = mturk.fail("GetAccountBalance", error, 2, when=when)
    client = mturk.client(config=Config(retries={"mode": mode, "max_attempts": 2}))

    answer = client.get_account_balance()

    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert [call.fault for call in mturk.calls] == [fault, fault, None]


@pytest.mark.usefixtures("_no_waiting")
@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize(("error", "when"), KINDS)
def test_fail_is_not_retried_more_often_than_real_errors(mturk, mode, error, when):
    """The program gets the error after the last attempt."""
    mturk.fail("GetAccountBalance", error, None, when=when)
    client = mturk.client(config=Config(retries={"mode": mode, "max_attempts": 2}))

    with pytest.raises((ClientError, exceptions.BotoCoreError)):
        client.get_account_balance()

    assert len(mturk.calls) == 3


@pytest.mark.usefixtures("_no_waiting")
@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_fail_with_request_error_is_not_retried(mturk, mode):
    """Botocore does not retry a RequestError."""
    mturk.fail(error="InsufficientFunds")
    client = mturk.client(config=Config(retries={"mode": mode, "max_attempts": 2}))

    error_of(client.list_hits)

    assert len(mturk.calls) == 1


# Affected calls -----------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["ListHITs", "list_hits", ["list_hits"], ("ListHITs",)])
def test_fail_of_one_operation_leaves_the_others(mturk, client, operation):
    """Operations can be named as in the API or as in boto3; other operations succeed."""
    mturk.fail(operation)

    assert balance_of(client) == "10000.00"
    assert error_of(client.list_hits).code == "ServiceFault"


def test_fail_of_several_operations_takes_each(mturk, client):
    """`times` counts the failures of all named operations together."""
    mturk.fail({"ListHITs", "get_account_balance"}, times=2)

    assert error_of(client.list_hits).code == "ServiceFault"
    assert error_of(client.get_account_balance).code == "ServiceFault"
    assert hit_ids(client.list_hits()) == []


def test_fail_takes_calls_of_every_requester(mturk):
    """A fault affects the calls of every requester."""
    mturk.fail()

    assert error_of(mturk.requester("other").client(config=ONCE).list_hits).code == "ServiceFault"


def test_fail_leaves_workers_alone(mturk, client):
    """A fault does not affect workers. [assumed]"""
    hit_id = create_hit(client)["HITId"]
    mturk.fail(times=None)

    assert mturk.worker().accept(hit_id).status == "Accepted"


def test_fail_ignores_bodies_that_are_not_requests(mturk):
    """A body that is not JSON, or an unknown operation, gets its usual error. [assumed]"""
    fault = mturk.fail()

    assert raw(mturk, "GetHIT", b"{")[1]["__type"] == "SerializationException"
    assert raw(mturk, "NoSuch", {})[1]["__type"] == "UnknownOperationException"
    assert fault.happened == 0
