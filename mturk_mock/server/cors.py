"""Which pages of a browser may call the API with an SDK (CORS).

AWS answers pages of any origin, because every request is signed. Without credentials nothing is
signed, so a server answers only pages of the same machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from mturk_mock.server.hosts import is_loopback

_EXPOSED: Final = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"
_DAYS: Final = "172800"  # seconds for which browsers remember the answer


def headers_for(origin: str | None, *, any_origin: bool) -> dict[str, str]:
    """Return the headers that allow a page of this origin to read a response, if it may."""
    if origin is None:
        return {}
    if any_origin:
        return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
    if not _is_local(origin):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }


def answer_preflight(headers: Mapping[str, str], *, any_origin: bool) -> Response:
    """Answer OPTIONS, by which a browser asks whether a page may send a request."""
    allowed = headers_for(headers.get("origin"), any_origin=any_origin)
    if not allowed:
        return Response(status_code=403)
    return Response(
        headers={
            **allowed,
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": headers.get("access-control-request-headers", "*"),
            "Access-Control-Max-Age": _DAYS,
        }
    )


def _is_local(origin: str) -> bool:
    try:
        return is_loopback(urlsplit(origin).hostname or "")
    except ValueError:
        return False
