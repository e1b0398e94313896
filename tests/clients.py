"""Clients as programs make them, and the smallest thing to ask them."""

from __future__ import annotations

import functools
from typing import Any

import boto3

PRODUCTION = "https://mturk-requester.us-east-1.amazonaws.com"
SANDBOX = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"

#: Keys that look real and are nobody's: AWS's documentation has them.
KEYS = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


class Sent(Exception):
    """A request that would have left the process; the fixture `wire` holds it back."""


@functools.cache  # a session loads botocore's files, which takes longer than most tests
def _session() -> Any:
    return boto3.session.Session()


def make_client(**kwargs: Any) -> Any:
    """Make a client with keys."""
    return _session().client("mturk", **{"region_name": "us-east-1", **KEYS, **kwargs})


def balance_of(client: Any) -> str:
    """Ask for the balance: each mock of a test is given one of its own to tell them apart."""
    return client.get_account_balance()["AvailableBalance"]
