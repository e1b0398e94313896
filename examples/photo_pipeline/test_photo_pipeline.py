"""Tests of the pipeline: moto mocks S3 and SQS, mturk_mock mocks Mechanical Turk."""

import json

import boto3
import pytest
from photo_pipeline import REGION, collect, publish

moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than this one")

BUCKET = "holiday"
QUEUE_ARN = f"arn:aws:sqs:{REGION}:123456789012:mturk-events"
#: Allows Mechanical Turk to send to the queue, as on AWS.
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "mturk-requester.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE_ARN,
        }
    ],
}


@pytest.fixture
def aws():
    """Start moto, which sets credentials."""
    with moto.mock_aws():
        yield


@pytest.fixture
def s3(aws):
    """Return an S3 client, with a bucket that contains two pictures."""
    client = boto3.client("s3", region_name=REGION)
    client.create_bucket(Bucket=BUCKET)
    for key in ("beach.jpg", "notes.txt", "tree.jpg"):
        client.put_object(Bucket=BUCKET, Key=key, Body=b"...")
    return client


@pytest.fixture
def queue_url(aws):
    """Return the URL of a queue that allows messages from Mechanical Turk."""
    client = boto3.client("sqs", region_name=REGION)
    return client.create_queue(QueueName="mturk-events", Attributes={"Policy": json.dumps(POLICY)})[
        "QueueUrl"
    ]


def test_each_picture_gets_its_descriptions(mturk, s3, queue_url):
    hit_ids = publish(BUCKET, queue_url)
    ann, bob = mturk.worker(), mturk.worker()
    ann.accept(hit_ids["tree.jpg"]).submit({"description": "An oak"})
    bob.accept(hit_ids["tree.jpg"]).submit({"description": "A big tree"})

    assert collect(BUCKET, queue_url) == ["tree.jpg"]

    stored = s3.get_object(Bucket=BUCKET, Key="tree.jpg.json")["Body"].read()
    assert json.loads(stored) == ["An oak", "A big tree"]
    assert ann.earnings == bob.earnings == mturk.hits[0].reward


def test_a_hit_that_expires_is_collected_as_it_is(mturk, s3, queue_url):
    hit_ids = publish(BUCKET, queue_url)
    mturk.worker().accept(hit_ids["tree.jpg"]).submit({"description": "An oak"})
    mturk.clock.advance(days=1)

    assert sorted(collect(BUCKET, queue_url)) == ["beach.jpg", "tree.jpg"]

    stored = s3.get_object(Bucket=BUCKET, Key="tree.jpg.json")["Body"].read()
    assert json.loads(stored) == ["An oak"]
    assert [hit.status for hit in mturk.hits] == ["Disposed", "Disposed"]


def test_nothing_is_collected_before_a_hit_is_done(mturk, s3, queue_url):
    hit_ids = publish(BUCKET, queue_url)
    mturk.worker().accept(hit_ids["tree.jpg"]).submit({"description": "An oak"})

    assert collect(BUCKET, queue_url) == []


def test_only_pictures_are_published(mturk, s3, queue_url):
    assert list(publish(BUCKET, queue_url)) == ["beach.jpg", "tree.jpg"]
    assert [hit.requester_annotation for hit in mturk.hits] == ["beach.jpg", "tree.jpg"]


def test_without_the_policy_no_event_arrives(mturk, s3):
    sqs = boto3.client("sqs", region_name=REGION)
    closed = sqs.create_queue(QueueName="closed")["QueueUrl"]
    hit_ids = publish(BUCKET, closed, assignments=1)
    mturk.worker().accept(hit_ids["tree.jpg"]).submit({"description": "An oak"})

    assert collect(BUCKET, closed) == []
    [notification] = mturk.notifications
    assert not notification.delivered
