"""README, the pages and the examples send no packet, on a machine that knows nothing of AWS.

They run in a network namespace without any route, where Linux counts what was to be sent.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.project.test_documentation import BLOCKS, NOT_EVERYWHERE, ROOT, imported_by

IN_NAMESPACE = ("unshare", "--net", "--map-root-user")

COUNT = """
import pathlib, socket, sys

def count():
    names, values = pathlib.Path("/proc/net/snmp").read_text().splitlines()[:2]
    counted = dict(zip(names.split(), values.split()))
    counted.update(line.split() for line in pathlib.Path("/proc/net/snmp6").open())
    names = ("OutRequests", "OutNoRoutes", "Ip6OutRequests", "Ip6OutNoRoutes")
    return [int(counted[name]) for name in names]

before = count()
"""


def run(program, *arguments, cwd=None):
    """Run a program in such a namespace, without AWS variables, and return its output."""
    command = [*IN_NAMESPACE, sys.executable, "-c", COUNT + program, *arguments]
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        command, cwd=cwd, env={**environment, "HOME": str(cwd)}, capture_output=True, text=True
    )


@pytest.fixture(scope="module", autouse=True)
def _namespaces():
    """Skip if the system allows no namespaces, or does not count packets."""
    try:
        allowed = run("").returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        pytest.skip("unshare is not there, or not allowed")


def test_attempt_to_send_is_counted(tmp_path):
    """The other test relies on packets being counted."""
    program = """
try:
    socket.create_connection(("169.254.169.254", 80), 1)
except OSError:
    print(sum(count()) - sum(before))
"""
    assert run(program, cwd=tmp_path).stdout == "1\n"


def test_pages_and_examples_send_no_packet(tmp_path):
    """No packet is sent, even when a client is created without credentials.

    The page about the server is left out, because its clients send packets on loopback.
    """
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for name, block in BLOCKS.items():
        is_sent = name.startswith("docs/guides/server.md")
        if not is_sent and all(map(find_spec, imported_by(block) & NOT_EVERYWHERE)):
            file = f"test_{name.translate(str.maketrans('/.-', '___'))}.py"
            (tmp_path / file).write_text(block)
    program = """
import pytest
passed = pytest.main(["-q", "-p", "no:randomly", "-p", "no:cacheprovider"])
assert count() == before, (before, count())
sys.exit(passed)
"""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    result = run(program, cwd=tmp_path)

    assert result.returncode == 0, result.stdout + result.stderr
