"""With moto active too, S3 and SQS reach moto and Mechanical Turk reaches the mock."""

from __future__ import annotations

from contextlib import ExitStack

import boto3
import pytest

from mturk_mock import current, mock_mturk
from tests.clients import KEYS, balance_of, make_client
from tests.helpers import create_hit, is_mock_on

moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do")
mock_aws = moto.mock_aws


def other_client(service):
    """Return a client of a service that moto mocks."""
    return boto3.session.Session().client(service, region_name="us-east-1", **KEYS)


def use_all(mturk, s3, sqs):
    """Use each service, and return the contents of each."""
    s3.create_bucket(Bucket="results")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="hello")
    create_hit(mturk)
    return (
        [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]],
        [message["Body"] for message in sqs.receive_message(QueueUrl=queue)["Messages"]],
        mturk.list_hits()["NumResults"],
        balance_of(mturk),
    )


EVERYTHING = (["results"], ["hello"], 1, "11.74")


def ours():
    return mock_mturk(balance="12.34")


ORDERS = {"moto outside": (mock_aws, ours), "moto inside": (ours, mock_aws)}


@pytest.mark.parametrize("made", ["before", "inside"])
@pytest.mark.parametrize("order", ORDERS)
def test_moto_as_context_each_service_reaches_its_mock(order, made):
    """Clients can be created before both mocks and inside both."""
    services = [make_client(), other_client("s3"), other_client("sqs")]
    with ExitStack() as stack:
        for mock in ORDERS[order]:
            stack.enter_context(mock())
        if made == "inside":
            services = [make_client(), other_client("s3"), other_client("sqs")]
        assert use_all(*services) == EVERYTHING


@pytest.mark.parametrize("order", ORDERS)
def test_moto_client_made_between_the_two_is_answered(order):
    """Clients can be created in the outer mock, before the inner one."""
    outer, inner = ORDERS[order]
    with outer():
        services = [make_client(), other_client("s3"), other_client("sqs")]
        with inner():
            assert use_all(*services) == EVERYTHING


@mock_aws
@mock_mturk(balance="12.34")
def test_moto_as_decorator_outside():
    """@mock_aws above @mock_mturk."""
    assert use_all(make_client(), other_client("s3"), other_client("sqs")) == EVERYTHING


@mock_mturk(balance="12.34")
@mock_aws
def test_moto_as_decorator_inside():
    """@mock_aws below @mock_mturk."""
    assert use_all(make_client(), other_client("s3"), other_client("sqs")) == EVERYTHING


@mock_aws
@pytest.mark.mock_mturk(balance="12.34")
def test_moto_as_decorator_with_fixture(mturk_client):
    """@mock_aws on a test that uses the fixture."""
    assert use_all(mturk_client, other_client("s3"), other_client("sqs")) == EVERYTHING


def test_moto_without_credentials_is_answered():
    """Moto sets its own keys; the mock needs none."""
    with mock_mturk(balance="12.34"):
        client = boto3.session.Session().client("mturk", region_name="us-east-1")
        with mock_aws():
            assert balance_of(client) == "12.34"


@pytest.mark.parametrize("first", ["moto", "ours"])
def test_moto_ended_in_any_order_the_other_goes_on(first):
    """Each mock ends for its own services only, in any order."""
    theirs, mock = mock_aws(), ours()
    services = [make_client(), other_client("s3"), other_client("sqs")]
    theirs.start()
    mock.start()
    if first == "moto":
        theirs.stop()
        assert balance_of(services[0]) == "12.34"
        mock.stop()
    else:
        mock.stop()
        services[1].create_bucket(Bucket="results")
        theirs.stop()

    assert not is_mock_on()


def test_moto_alone_is_not_disturbed_afterwards():
    """After the mock, moto answers for Mechanical Turk again."""
    client = make_client()
    with mock_aws():
        with mock_mturk():
            balance_of(client)
        with pytest.raises(client.exceptions.ClientError) as refusal:
            balance_of(client)

    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize("order", ORDERS)
def test_moto_sees_our_errors_as_ours(order):
    """An error of the mock is not replaced by moto's 404."""
    client = make_client()
    with ExitStack() as stack:
        for mock in ORDERS[order]:
            stack.enter_context(mock())
        with pytest.raises(client.exceptions.RequestError) as refusal:
            client.get_hit(HITId="3NONE")
        assert [call.operation for call in current().calls] == ["GetHIT"]

    assert refusal.value.response["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"
