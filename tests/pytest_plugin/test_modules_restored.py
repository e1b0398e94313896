"""`sys.modules` that others put back: boto3 and the mock are not loaded a second time.

Each program runs in a process of its own.
"""

from __future__ import annotations

import pytest

from tests.project.test_loading import run

IMPORTS = """
import socket, sys
from unittest import mock
from mturk_mock import mock_mturk

def no_network(host, *rest, **named):
    raise AssertionError(f"{host} was looked up")

socket.getaddrinfo = no_network

def balance():
    import boto3
    client = boto3.client(
        "mturk", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    return client.get_account_balance()["AvailableBalance"]
"""
TWO_TESTS = """
@mock.patch.dict(sys.modules, {"torch": None})
@mock_mturk
def test_one():
    assert balance() == "10000.00"

@mock_mturk
def test_two():
    assert balance() == "10000.00"

test_one()
test_two()
"""
LATE_IN_A_MOCK = """
mturk = mock_mturk(seed=1).start()
with mock.patch.dict(sys.modules, {"torch": None}):
    hit = mturk.add_hit()
    mturk.worker().accept(hit).submit({"answer": "b"})
    mturk.client().list_hits()
    before = mturk.snapshot()
mturk.restore(before)
mturk.fail("GetHIT", "ServiceFault")
try:
    mturk.client().get_hit(HITId=hit.hit_id)
except mturk.client().exceptions.ServiceFault:
    pass
mturk.assert_called("ListHITs")
assert mturk.client().get_hit(HITId=hit.hit_id)
"""
BOTO3_FIRST = "import boto3" + IMPORTS


@pytest.mark.parametrize(
    "program",
    [IMPORTS + TWO_TESTS, BOTO3_FIRST + TWO_TESTS, IMPORTS + LATE_IN_A_MOCK],
    ids=["late boto3", "early boto3", "late modules"],
)
def test_patched_modules_are_mocked_all_the_same(program):
    """The mock answers after `unittest.mock.patch.dict(sys.modules)` removed modules."""
    run("-c", program)


INNER_TEST = """
import pytest

def test_inner(mturk_client):
    import boto3
    assert mturk_client.get_account_balance()["AvailableBalance"] == "10000.00"

@pytest.mark.mock_mturk(block=True)
def test_blocked(): pass
"""
OUTER_TESTS = f"""
import sys

NAMES = ["boto3", "mturk_mock.mock.mock", "mturk_mock.interception.blocking"]

def run_inner(pytester):
    pytester.makepyfile({INNER_TEST!r})
    pytester.runpytest_inprocess("-pno:randomly").assert_outcomes(passed=2)
    return [sys.modules[name] for name in NAMES]

def test_one_copy(pytester):
    assert run_inner(pytester) == run_inner(pytester)

def test_mocked(pytester, mturk):
    import boto3
    run_inner(pytester)
    client = boto3.client(
        "mturk", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    assert client.get_account_balance()["AvailableBalance"] == "10000.00"
"""


def test_runs_of_pytester_leave_one_copy(pytester):
    """The plugin imports the mock before pytester's runs, which restore `sys.modules`."""
    path = pytester.makepyfile(OUTER_TESTS)

    run("-m", "pytest", "-p", "pytester", path)
