"""Addresses of Mechanical Turk outside its current API, and the pages that answer there."""

from __future__ import annotations

from functools import partial
from itertools import product, starmap
from typing import Final
from urllib.parse import urlsplit

from mturk_mock.core import file_links
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.hosts import host_of
from mturk_mock.core.sites import SERVICE
from mturk_mock.web import external_submit, files, legacy_api
from mturk_mock.web.visit import Page

_PORTS: Final = (None, 80, 443)


def _submit_page(environment: str) -> tuple[tuple[str, str], Page]:
    host = urlsplit(SERVICE.submit_to[environment]).netloc
    return (host, external_submit.PATH), partial(external_submit.submit, environment=environment)


def _legacy_page(path: str, environment: str) -> tuple[tuple[str, str], Page]:
    host = legacy_api.HOSTS[environment]
    return (host, path), partial(legacy_api.answer_query, environment=environment)


_PAGES: Final[dict[tuple[str, str], Page]] = {
    **dict(map(_submit_page, (PRODUCTION, SANDBOX))),
    **dict(starmap(_legacy_page, product(legacy_api.PATHS, (PRODUCTION, SANDBOX)))),
    (file_links.HOST, "/"): files.read_file,
}

#: The addresses of all pages, for error messages.
ADDRESSES: Final = tuple(f"https://{host}{path}" for host, path in _PAGES)


def page_at(url: str) -> Page | None:
    """Return the page at an http or https URL; None if the mock has no page there."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # not a URL: `requests` itself raises the error
        return None
    if port not in _PORTS or parts.scheme not in ("http", "https"):
        return None
    return _PAGES.get((host_of(url), parts.path or "/"))
