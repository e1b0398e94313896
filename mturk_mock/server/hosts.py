"""Which hosts a server answers for.

A server on loopback is open to programs of its machine. A page of the web must not reach it by a
name of its own that leads to 127.0.0.1 (DNS rebinding), so the ``Host`` header must name loopback.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_REFUSED: Final = (
    "This server answers for localhost, 127.0.0.1 and its public URL only. To give it another "
    "name, start it with --public-url.\n"
)


def host_in(netloc: str) -> str:
    """Return the host in ``host:port``, in lower case; "" if there is none."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine, as only its own programs see it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local_url(url: str) -> bool:
    """Return whether a URL leads to this machine, or has no host and so leads nowhere."""
    host = host_in(url.partition("//")[2].partition("/")[0])
    return not host or is_loopback(host)


class HostCheck:
    """Answers 421 to requests for other hosts than loopback and ``public_hosts``."""

    def __init__(self, app: ASGIApp, public_hosts: Collection[str]) -> None:
        self._app = app
        self._public_hosts = public_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        app = self._app
        if scope["type"] == "http" and not self._allows(Headers(scope=scope).get("host", "")):
            app = PlainTextResponse(_REFUSED, status_code=421)
        await app(scope, receive, send)

    def _allows(self, netloc: str) -> bool:
        host = host_in(netloc)
        return host in self._public_hosts or is_loopback(host)
