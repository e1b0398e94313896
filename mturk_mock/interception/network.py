"""The last gate: while a mock is on, nothing is sent to a host of Mechanical Turk.

What the mock answers never comes here. What it has no page for, and what other libraries have
led around its patches, does: it is refused where botocore, `requests` and urllib3 itself would
open a connection, below the mocks of moto, `responses` and requests_mock.
"""

from __future__ import annotations

import functools
from typing import Any, Final

from mturk_mock.core.hosts import is_of_service
from mturk_mock.interception.blocking import BlockedCallError
from mturk_mock.interception.ownership import is_guarded
from mturk_mock.interception.patches import Patches
from mturk_mock.web.addresses import ADDRESSES

_REFUSED: Final = (
    "{url} is on a host of Mechanical Turk, and a mock of it is on, so the request was refused "
    "before it left the process. The mock answers all operations of boto3 and aiobotocore clients "
    "for 'mturk', and by the `requests` package {pages}. Ask for one of these, or let a mock of "
    "your own, such as `responses`, answer the request."
)


def patch_network(patches: Patches) -> None:
    """Wrap what sends requests in botocore and in urllib3, which `requests` sends by."""
    patches.wrap("botocore.httpsession", "URLLib3Session.send", _guarding_sessions)
    patches.wrap("urllib3.connectionpool", "HTTPConnectionPool.urlopen", _guarding_pools)


def _guarding_sessions(original: Any) -> Any:
    @functools.wraps(original)
    def send(session: Any, request: Any) -> Any:
        _refuse(request.url)
        return original(session, request)

    return send


def _guarding_pools(original: Any) -> Any:
    @functools.wraps(original)
    def urlopen(pool: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        _refuse(f"{pool.scheme}://{pool.host}{url}" if url.startswith("/") else url)
        return original(pool, method, url, *args, **kwargs)

    return urlopen


def _refuse(url: str) -> None:
    if is_guarded() and is_of_service(url):
        raise BlockedCallError(_REFUSED.format(url=url, pages=", ".join(ADDRESSES)))
