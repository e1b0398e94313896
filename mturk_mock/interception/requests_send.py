"""Answer requests of the `requests` package to the mock's addresses while a mock is active.

`requests` calls `Session.get_adapter` to find the adapter that sends a request. While a mock is
active this method is wrapped: for the mock's addresses it returns the mock's adapter. moto and
the `responses` package replace `HTTPAdapter.send`, one level below. Their mocks therefore see all
other requests and none of the mock's, in whatever order the mocks start and end.

The requests_mock package sets a `get_adapter` on sessions and does not remove it. Therefore the
adapters that such sessions use, its own and that of `requests`, are wrapped as well.

None of these packages is imported here, because the program may have none.
"""

from __future__ import annotations

import functools
from typing import Any

from mturk_mock.core.hosts import is_of_service
from mturk_mock.interception.ownership import innermost_backend, under_way
from mturk_mock.interception.patches import Patches
from mturk_mock.web.addresses import page_at


def patch_requests(patches: Patches) -> None:
    """Wrap the methods that send requests, now or when the program imports the packages."""
    patches.wrap("requests.sessions", "Session.request", _calling)
    patches.wrap("requests.sessions", "Session.get_adapter", _answering_pages)
    patches.wrap("requests.adapters", "HTTPAdapter.send", _sending_pages)
    patches.wrap("requests_mock.adapter", "Adapter.send", _sending_pages)


def _calling(original: Any) -> Any:
    @functools.wraps(original)
    def request(session: Any, method: Any, url: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_of_service(str(url)):
            return original(session, method, url, *args, **kwargs)
        with under_way():
            return original(session, method, url, *args, **kwargs)

    return request


def _answering_pages(original: Any) -> Any:
    @functools.wraps(original)
    def get_adapter(session: Any, url: Any) -> Any:
        ours = _adapter_for(url)
        return original(session, url=url) if ours is None else ours

    return get_adapter


def _sending_pages(original: Any) -> Any:
    @functools.wraps(original)
    def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        ours = _adapter_for(request.url)
        if ours is None:
            return original(adapter, request, *args, **kwargs)
        return ours.send(request)

    return send


def _adapter_for(url: Any) -> Any:
    """Return the adapter for a page of the innermost mock; None for any other URL."""
    backend = innermost_backend()
    page = None if backend is None else page_at(url)
    if backend is None or page is None:
        return None
    from mturk_mock.interception.requests_adapter import MTurkAdapter  # loads `responses`

    return MTurkAdapter(backend, page)
