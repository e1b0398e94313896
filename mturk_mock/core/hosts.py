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
    """Return the host of a URL in small letters, without a final dot; "" if there is none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:  # no URL at all; let others say so
        return ""
    return (host or "").removesuffix(".")


def is_of_service(url: str) -> bool:
    """Whether a URL is on a host of Mechanical Turk, whatever the port and the path."""
    return _SERVICE.fullmatch(host_of(url)) is not None
