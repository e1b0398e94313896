"""How boto3 shows errors: which exception class catches them, and where the codes are."""

from __future__ import annotations

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mturk_mock import mock_mturk
from tests.helpers import NOW, STAMP, hit_params

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def client(mturk):
    return mturk.client()


def test_request_error_is_caught_by_its_class(client):
    """RequestError is modeled: the response has TurkErrorCode and Message at its top. [observed]"""
    with pytest.raises(client.exceptions.RequestError) as caught:
        client.get_hit(HITId="3A")

    response = caught.value.response
    message = f"Hit 3A does not exist.{STAMP}"
    assert response["Error"] == {"Code": "RequestError", "Message": message}
    assert response["Message"] == message
    assert response["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert str(caught.value) == (
        f"An error occurred (RequestError) when calling the GetHIT operation: {message}"
    )


def test_service_fault_is_caught_by_its_class(mturk):
    """ServiceFault is modeled too, with HTTP status 500. [doc] [assumed] status"""
    mturk.fail("ListHITs", "AWS.ServiceUnavailable")
    client = mturk.client(config=Config(retries={"max_attempts": 0}))

    with pytest.raises(client.exceptions.ServiceFault) as caught:
        client.list_hits()

    assert not isinstance(caught.value, client.exceptions.RequestError)
    response = caught.value.response
    assert response["Error"]["Code"] == "ServiceFault"
    assert response["Message"] == f"There was an error with this request.{STAMP}"
    assert response["TurkErrorCode"] == "AWS.ServiceUnavailable"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 500


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (hit_params(Title=""), "ParameterValidationError"),
        (hit_params(HITLayoutId="3A"), "InvalidParameterCombinationError"),
        (hit_params(Reward=".50"), "ValidationException"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_other_errors_are_plain_client_errors(client, params, code):
    """Other errors are not modeled: boto3 shows nothing but Error. [observed]"""
    with pytest.raises(ClientError) as caught:
        client.create_hit(**params)

    assert type(caught.value) is ClientError
    assert caught.value.response.keys() == {"Error", "ResponseMetadata"}
    assert caught.value.response["Error"].keys() == {"Code", "Message"}
    assert caught.value.response["Error"]["Code"] == code


def test_client_has_two_exceptions(client):
    """The client has the exceptions RequestError and ServiceFault, and no others. [observed]"""
    with pytest.raises(AttributeError, match="ParameterValidationError"):
        _ = client.exceptions.ParameterValidationError

    assert issubclass(client.exceptions.RequestError, ClientError)
    assert issubclass(client.exceptions.ServiceFault, ClientError)


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_refusals_are_not_retried(mode):
    """Botocore does not retry errors of any type that the service returns for invalid requests."""
    with mock_mturk() as mturk:
        client = mturk.client(config=Config(retries={"mode": mode}))
        for call in (
            lambda: client.get_hit(HITId="3A"),
            lambda: client.get_hit(HITId="a"),
            lambda: client.create_hit(**hit_params(Title="")),
        ):
            with pytest.raises(ClientError):
                call()

        assert len(mturk.calls) == 3
