"""Callers outside botocore and `requests` are not answered, as docs/guides/outside.md says."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request

import pytest

from mturk_mock import mock_mturk
from tests.clients import PRODUCTION

#: As the AWS CLI would do it: a process of its own, whose way to the network is watched.
OTHER_PROCESS = """
import socket
def refuse(host, *args, **kwargs):
    raise SystemExit(f"went to {host}")
socket.getaddrinfo = refuse
import boto3, mturk_mock
boto3.client(
    "mturk", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
).get_account_balance()
"""


def test_urllib_request_goes_to_the_network(mturk):
    """A request that a program signs and sends itself is not answered; the guard stops it."""
    request = urllib.request.Request(
        PRODUCTION,
        data=b"{}",
        headers={"X-Amz-Target": "MTurkRequesterServiceV20170117.GetAccountBalance"},
    )

    with pytest.raises(pytest.fail.Exception, match="a test tried to reach the network"):
        urllib.request.urlopen(request)

    assert mturk.calls == []


def test_process_of_its_own_goes_to_the_network():
    """Calls of another process, such as the AWS CLI, are not answered."""
    with mock_mturk() as mturk:
        done = subprocess.run(
            [sys.executable, "-c", OTHER_PROCESS],
            env={**os.environ, "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            check=False,
        )
        calls = mturk.calls

    assert done.stderr.splitlines()[-1] == "went to mturk-requester.us-east-1.amazonaws.com"
    assert calls == []
