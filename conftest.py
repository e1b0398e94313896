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
    """Make every connection fail with an error that `except Exception` does not catch.

    Connections to this machine, where the tests of the server run, are allowed.
    """

    def is_local(arg: Any) -> bool:
        return arg == "127.0.0.1" or (isinstance(arg, tuple) and arg[:1] == ("127.0.0.1",))

    def guarded(original: Any) -> Any:
        def connect(*args: Any, **kwargs: Any) -> Any:
            if not any(map(is_local, args)):
                pytest.fail(f"a test tried to reach the network: {args[-1] if args else kwargs}")
            return original(*args, **kwargs)

        return connect

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patched.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        patched.setattr(socket, "getaddrinfo", guarded(socket.getaddrinfo))
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
