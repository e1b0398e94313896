"""The hosts of Mechanical Turk: its sites, its APIs, and the links to uploaded files."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from mturk_mock.core import file_links

_SITES: Final = r"(.+\.)?mturk\.com"
_API: Final = r"mturk-requester(-[a-z]+)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?"
_LEGACY_API: Final = r"mechanicalturk(\.sandbox)?\.amazonaws\.com"
_FILES: Final = re.escape(file_links.HOST)
_SERVICE: Final = re.compile("|".join((_SITES, _API, _LEGACY_API, _FILES)))


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, without a final dot; "" if there is none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:  # an invalid URL, which the caller's own checks report
        return ""
    return (host or "").removesuffix(".")


def is_of_service(url: str) -> bool:
    """Return whether a URL is on a host of Mechanical Turk, on any port and path."""
    return _SERVICE.fullmatch(host_of(url)) is not None
