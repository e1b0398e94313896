"""Tests that need a process of their own, such as clients older than the package's import."""

from __future__ import annotations

import os
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


def run(program, *options):
    """Run a program in a new process, and return its output."""
    command = [sys.executable, *STRICT, *options, "-c", BEFORE + program]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.parametrize("how", CLIENTS)
def test_client_made_before_import_is_answered(how):
    """Clients and sessions created before the package's import are answered."""
    assert run(f"made = {CLIENTS[how]}\n{AFTER}") == ["12.34"]


def test_client_made_before_import_of_moto_too_is_answered():
    """Moto can be imported and started after both."""
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
    """A wrapper of make_request from before the import sees the calls too."""
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


@pytest.mark.parametrize("module", ["botocore.endpoint", "botocore.client", "requests.sessions"])
def test_module_reloaded_in_the_mock_is_noticed(module):
    """The new classes of a reloaded module are patched, and put back."""
    program = f"""
import importlib, requests
import {module} as module
from mturk_mock import mock_mturk
old = boto3.client("mturk", region_name="us-east-1")
with mock_mturk(balance="12.34"):
    importlib.reload(module)
    new = boto3.session.Session().client("mturk", region_name="us-east-1")
    for client in (old, new):
        print(client.get_account_balance()["AvailableBalance"])
    print(requests.Session().get("https://www.mturk.com/mturk/externalSubmit").status_code)
import botocore.endpoint, requests.sessions
assert botocore.endpoint.Endpoint.make_request.__module__ == "botocore.endpoint"
assert requests.sessions.Session.get_adapter.__module__ == "requests.sessions"
"""
    assert run(program) == ["12.34", "12.34", "400"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_child_forked_while_another_thread_starts_and_stops_mocks_can_start_its_own():
    """A fork waits until no mock is half started, and the child inherits no held lock."""
    program = """
import faulthandler, threading, time
from mturk_mock import mock_mturk

client = boto3.client("mturk", region_name="us-east-1")
over = threading.Event()

def start_and_stop():
    while not over.is_set():
        with mock_mturk() as mturk:
            mturk.client()
        time.sleep(0.001)  # a fork waits for its turn

threads = [threading.Thread(target=start_and_stop) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(20):
    child = os.fork()
    if not child:
        faulthandler.dump_traceback_later(60, exit=True)
        with mock_mturk(balance="12.34") as mturk:
            answers = [each.get_account_balance() for each in (client, mturk.client())]
        os._exit([answer["AvailableBalance"] for answer in answers] != ["12.34", "12.34"])
    print(os.waitpid(child, 0)[1])
over.set()
for thread in threads:
    thread.join()
"""
    assert run(program, "-Wignore::DeprecationWarning") == ["0"] * 20
