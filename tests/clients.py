"""boto3 clients with credentials, and a simple call."""

from __future__ import annotations

import functools
from typing import Any

import boto3

PRODUCTION = "https://mturk-requester.us-east-1.amazonaws.com"
SANDBOX = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"

#: Example keys from AWS's documentation: they look real and belong to no account.
KEYS = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


class Sent(Exception):
    """A request that would have left the process; the fixture `wire` stops it."""


@functools.cache  # loading a session's files takes longer than most tests
def _session() -> Any:
    return boto3.session.Session()


def make_client(**kwargs: Any) -> Any:
    """Make a client with credentials."""
    return _session().client("mturk", **{"region_name": "us-east-1", **KEYS, **kwargs})


def balance_of(client: Any) -> str:
    """Return the balance; tests give each mock a different one to tell the mocks apart."""
    return client.get_account_balance()["AvailableBalance"]
