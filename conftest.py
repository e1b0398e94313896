"""Fixtures for all tests: no configuration of AWS, and no access to the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from tests.clients import Sent

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session", autouse=True)
def _no_aws_configuration() -> Iterator[None]:
    """Hide the machine's AWS configuration, and disable instance metadata."""
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patched.delenv(name)
        patched.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patched.setenv("AWS_CONFIG_FILE", os.devnull)
        patched.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Make every connection fail with an error that `except Exception` does not catch."""

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        pytest.fail(f"a test tried to reach the network: {args[-1] if args else kwargs}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", refuse)
        patched.setattr(socket.socket, "connect_ex", refuse)
        patched.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make botocore's sending raise `Sent`, and list the URLs."""
    addresses: list[str] = []

    def send(self: Any, request: Any) -> NoReturn:
        addresses.append(request.url)
        raise Sent(request.url)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)
    return addresses


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make urllib3's sending raise `Sent`, and list the hosts."""
    hosts: list[str] = []

    def urlopen(pool: Any, *args: Any, **kwargs: Any) -> NoReturn:
        hosts.append(pool.host)
        raise Sent(pool.host)

    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool.urlopen", urlopen)
    return hosts
