"""Access to the control API.

It can do everything: read answers, change balances, delete the state. So a server that other
machines can reach, or that has credentials, needs a token. Without a token, only programs of the
same machine can use it, and web pages only if the server itself has sent them.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from mturk_mock.server.control.refusal import Refused

#: A token by RFC 6750, long enough that nobody can guess it.
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]{16,1000}=*")
_BEARER: Final = re.compile(r"bearer +(.*)", re.IGNORECASE)
#: What browsers say of requests that no other site has caused.
_SAME_ORIGIN: Final = ("same-origin", "none")

_NO_TOKEN: Final = (
    "This server has credentials, or other machines can reach it, so its control API needs a "
    "token. Start it with --control-token or MTURK_MOCK_CONTROL_TOKEN, or "
    "MTurkServer(control_token=...), and send the header Authorization: Bearer TOKEN."
)
_WRONG_TOKEN: Final = (
    "The control API of this server needs the header Authorization: Bearer TOKEN, with the token "
    "that the server was started with."
)
_CROSS_SITE: Final = "The control API answers no web pages of other origins."


def check_token(token: str) -> str:
    """Return a token; ValueError, which does not show it, if it is too short or not plain."""
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise ValueError(
            "the control token takes 16 or more letters, digits and any of . _ ~ + / - without "
            "spaces; it is not shown here"
        )
    return token


@dataclass(frozen=True)
class Rules:
    """The rules of access. `is_open`: whether requests without a token are answered."""

    token: str | None = field(default=None, repr=False)
    is_open: bool = True

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise Refused for a request that may not use the control API."""
        if not _is_same_origin(headers):
            raise Refused(403, "CrossSite", _CROSS_SITE)
        if self.token is not None:
            if not _has_token(headers.get("authorization", ""), self.token):
                wanted = {"WWW-Authenticate": "Bearer"}
                raise Refused(401, "Unauthorized", _WRONG_TOKEN, wanted)
        elif not self.is_open:
            raise Refused(403, "TokenRequired", _NO_TOKEN)


def _has_token(authorization: str, token: str) -> bool:
    found = _BEARER.fullmatch(authorization)
    given = found[1].encode("latin-1") if found else b""
    return hmac.compare_digest(given, token.encode())


def _is_same_origin(headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from no web page, or from one of this server."""
    if headers.get("sec-fetch-site", "none") not in _SAME_ORIGIN:
        return False
    origin = headers.get("origin")
    return origin is None or _netloc(origin) == headers.get("host", "").lower()


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
