"""Fixtures for tests of the control API: a server for each module, reset before each test."""

from __future__ import annotations

import pytest

from mturk_mock.server import MTurkServer
from tests.helpers import NOW
from tests.servers import control_client


@pytest.fixture(scope="module")
def _server():
    """A server whose clock stands still."""
    with MTurkServer(seed=1, now=NOW, balance="100.00") as server:
        yield server


@pytest.fixture(scope="module")
def _control_client(_server):
    with control_client(_server) as client:
        yield client


@pytest.fixture
def server(_server):
    """A server in its initial state."""
    _server.mturk.reset()
    return _server


@pytest.fixture
def control(server, _control_client):
    """An HTTP client of the server's control API: paths are below `/_mturk`."""
    return _control_client
