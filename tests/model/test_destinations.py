"""Region, account and name of a queue or topic, read from its URL or ARN."""

from __future__ import annotations

import pytest

from mturk_mock.model.notification import read_address

ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("url", "arn", "endpoint"),
    [
        (
            f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/events",
            f"arn:aws:sqs:eu-west-1:{ACCOUNT}:events",
            "https://sqs.eu-west-1.amazonaws.com",
        ),
        (
            f"https://eu-west-1.queue.amazonaws.com/{ACCOUNT}/events",
            f"arn:aws:sqs:eu-west-1:{ACCOUNT}:events",
            "https://sqs.eu-west-1.amazonaws.com",
        ),
        (
            f"http://queue.amazonaws.com/{ACCOUNT}/events.fifo",
            f"arn:aws:sqs:us-east-1:{ACCOUNT}:events.fifo",
            "https://sqs.us-east-1.amazonaws.com",
        ),
        (
            f"https://sqs.cn-north-1.amazonaws.com.cn/{ACCOUNT}/events",
            f"arn:aws-cn:sqs:cn-north-1:{ACCOUNT}:events",
            "https://sqs.cn-north-1.amazonaws.com.cn",
        ),
    ],
)
def test_url_of_a_queue_says_where_it_is(url, arn, endpoint):
    """A queue URL contains region, account and name. [doc]"""
    address = read_address("SQS", url)

    assert (address.service, address.arn, address.endpoint) == ("SQS", arn, endpoint)


@pytest.mark.parametrize(
    ("arn", "endpoint"),
    [
        (f"arn:aws:sns:eu-west-1:{ACCOUNT}:events", "https://sns.eu-west-1.amazonaws.com"),
        (
            f"arn:aws-us-gov:sns:us-gov-west-1:{ACCOUNT}:events",
            "https://sns.us-gov-west-1.amazonaws.com",
        ),
    ],
)
def test_arn_of_a_topic_says_where_it_is(arn, endpoint):
    """A topic ARN contains region, account and name. [doc]"""
    address = read_address("SNS", arn)

    assert (address.service, address.arn, address.endpoint) == ("SNS", arn, endpoint)


@pytest.mark.parametrize(
    ("transport", "destination"), [("SNS", "events"), ("Email", "requester@example.com")]
)
def test_text_that_is_no_queue_or_topic_has_no_address(transport, destination):
    """A text that is no queue URL, queue ARN or topic ARN has no address."""
    with pytest.raises(ValueError, match=f"'{destination}' is not a destination of .* {transport}"):
        read_address(transport, destination)
