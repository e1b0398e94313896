"""What is put back to `sys.modules` by others: there is one copy of everything, all the same.

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
names = [name for name in sys.modules if name.startswith("mturk_mock.")]
parents = [sys.modules[name.rpartition(".")[0]] for name in names]
children = [getattr(parent, name.rpartition(".")[2]) for parent, name in zip(parents, names)]
assert all(child is sys.modules[name] for child, name in zip(children, names))
"""
BOTO3_FIRST = "import boto3" + IMPORTS
WITHOUT_THE_FINDER = """
import mturk_mock
sys.meta_path[:] = [finder for finder in sys.meta_path if "one_copy" not in repr(type(finder))]
"""
RELOADED = """
import importlib
import mturk_mock.core.ids
first = mturk_mock.core.ids.Ids
spec = mturk_mock.core.ids.__spec__
del sys.modules["mturk_mock.core.ids"]
from mturk_mock.core.ids import Ids
assert Ids is first and mturk_mock.core.ids.__spec__ is spec
assert importlib.reload(mturk_mock.core.ids).Ids is not first
try:
    importlib.import_module("mturk_mock.nothing_of_that_name")
except ModuleNotFoundError:
    pass
"""
TAKEN_OUT_WHOLE = """
import boto3
first = sys.modules["mturk_mock"], boto3
for name in list(sys.modules):
    if name.partition(".")[0] in ("mturk_mock", "boto3", "botocore"):
        del sys.modules[name]
import boto3, mturk_mock
assert (mturk_mock, boto3) == first
with mock_mturk():
    assert balance() == "10000.00"
"""


@pytest.mark.parametrize(
    "program",
    [
        IMPORTS + TWO_TESTS,
        BOTO3_FIRST + TWO_TESTS,
        IMPORTS + LATE_IN_A_MOCK,
        IMPORTS + WITHOUT_THE_FINDER + TWO_TESTS,
        IMPORTS + RELOADED,
        IMPORTS + TAKEN_OUT_WHOLE,
    ],
    ids=["late boto3", "early boto3", "late modules", "finder taken out", "reload", "all out"],
)
def test_there_is_one_copy(program):
    """Also where others make Python forget what was loaded."""
    run("-c", program)
