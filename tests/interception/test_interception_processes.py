"""What only a process of its own can show: clients made before the package was imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.inner import STRICT

BEFORE = """
import os, socket

def refuse(*args, **kwargs):
    os._exit(9)  # nothing of these programs may reach the network

socket.socket.connect = socket.getaddrinfo = refuse

import boto3
"""

CLIENTS = {
    "client": 'boto3.client("mturk", region_name="us-east-1")',
    "session": 'boto3.session.Session(region_name="us-east-1").client("mturk")',
    "session only": 'boto3.session.Session(region_name="us-east-1")',
    "default session": 'boto3.setup_default_session(region_name="us-east-1")',
    "with keys": (
        'boto3.client("mturk", region_name="us-east-1", aws_access_key_id="AKID", '
        'aws_secret_access_key="secret")'
    ),
}

AFTER = """
import mturk_mock
if not hasattr(made, "get_account_balance"):
    made = (made or boto3).client("mturk")
with mturk_mock.mock_mturk(balance="12.34") as mturk:
    print(made.get_account_balance()["AvailableBalance"])
    assert [call.operation for call in mturk.calls] == ["GetAccountBalance"]
"""


def run(program):
    """Run a program in a process of its own, and return what it prints."""
    command = [sys.executable, *STRICT, "-c", BEFORE + program]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.parametrize("how", CLIENTS)
def test_client_made_before_import_is_answered(how):
    """A client or session that is older than the package's import."""
    assert run(f"made = {CLIENTS[how]}\n{AFTER}") == ["12.34"]


def test_client_made_before_import_of_moto_too_is_answered():
    """Moto, imported and begun later than both, changes nothing."""
    pytest.importorskip("moto")
    program = """
made = boto3.client("mturk", region_name="us-east-1")
from mturk_mock import mock_mturk
from moto import mock_aws
with mock_mturk(balance="12.34"), mock_aws():
    print(made.get_account_balance()["AvailableBalance"])
"""
    assert run(program) == ["12.34"]


def test_endpoint_wrapped_before_import_is_used():
    """A wrapper that somebody put around make_request before sees our calls, too."""
    program = """
from botocore.endpoint import Endpoint
original = Endpoint.make_request

def make_request(self, operation_model, request_dict):
    print(operation_model.name)
    return original(self, operation_model, request_dict)

Endpoint.make_request = make_request
from mturk_mock import mock_mturk
with mock_mturk(balance="12.34"):
    client = boto3.client("mturk", region_name="us-east-1")
    print(client.get_account_balance()["AvailableBalance"])
assert Endpoint.make_request is make_request
"""
    assert run(program) == ["GetAccountBalance", "12.34"]
