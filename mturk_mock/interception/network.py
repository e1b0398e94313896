"""Refuse to send anything to a host of Mechanical Turk while a mock is active.

Requests that the mock answers do not reach this module. Requests for pages that the mock does not
have, and requests that bypass its other patches, do. They are refused when botocore, `requests`
or urllib3 is about to open a connection, below the mocks of moto, `responses` and requests_mock.
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
    "{url} is on a host of Mechanical Turk, and a mock is active, so the request was not sent. "
    "The mock answers all operations of boto3 and aiobotocore clients for 'mturk', and requests "
    "that the `requests` package sends to {pages}. Use one of these addresses, or let another "
    "mock, such as `responses`, answer the request."
)


def patch_network(patches: Patches) -> None:
    """Wrap the methods that send requests in botocore and in urllib3, which `requests` uses."""
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
