"""The two origins of a server: the site, and the pages of HITs, which get no cookie of the site.

A browser keeps cookies by host, not by port. So the pages of HITs come from another host, on the
same port: ``localhost`` beside ``127.0.0.1``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from mturk_mock.server.hosts import host_in, is_loopback

_NAMES: Final = {"localhost": "127.0.0.1", "127.0.0.1": "localhost", "::1": "localhost"}


@dataclass(frozen=True)
class Origins:
    """The origins, without a path.

    - ``site``: that of the worker site. None if the server has no known address: then it is
      the address that a browser uses.
    - ``content``: that of task pages. None if there is no other host for them: then task pages
      come from the site, and browsers treat them as pages of no origin.
    """

    site: str | None
    content: str | None

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The host names of both, without ports."""
        return tuple(host_in(_netloc(each)) for each in (self.site, self.content) if each)

    @cached_property
    def _content_netloc(self) -> str | None:
        return None if self.content is None else _netloc(self.content)

    def site_for(self, headers: Mapping[str, str], scheme: str) -> str:
        """Return the origin of the site for a request."""
        return self.site or f"{scheme}://{headers.get('host', '')}"

    def is_content(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a request was sent to the host of task pages."""
        return self._content_netloc is not None and (
            headers.get("host", "").lower() == self._content_netloc
        )

    def is_by_task_page(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a task page has sent a request, which it may not send to the API."""
        if headers.get("origin") == (self.content or "null"):
            return True
        is_same = headers.get("sec-fetch-site") == "same-origin"
        return is_same and self.is_content(headers)


def is_by_page(headers: Mapping[str, str]) -> bool:
    """Tell whether a page has sent a request, and not a program or the address bar of a browser."""
    return "origin" in headers or headers.get("sec-fetch-site", "none") != "none"


def content_origin(site: str) -> str | None:
    """Return the default origin of task pages; None for a site that is not on loopback."""
    parts = urlsplit(site)
    host = host_in(parts.netloc)
    if not is_loopback(host):
        return None
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{_NAMES.get(host, 'localhost')}{port}"


def _netloc(url: str) -> str:
    return urlsplit(url).netloc.lower()
