"""Answer requests by the `requests` package for the mock's addresses, as long as a mock is on.

`requests` asks `Session.get_adapter` who sends a request. While a mock is on it is wrapped,
and for an address of ours the answer is an adapter of ours. What moto and the `responses`
package replace, `HTTPAdapter.send`, is one level below: their mocks see everything that is
not ours and nothing that is, whichever of them began first or ends first.

The requests_mock package gives sessions a `get_adapter` of their own, and leaves it there. So
the adapters that such sessions take, its own and that of `requests`, are wrapped as well.

None of these packages is loaded here: the program may have none.
"""

from __future__ import annotations

import functools
from typing import Any

from mturk_mock.core.hosts import is_of_service
from mturk_mock.interception.ownership import innermost_backend, under_way
from mturk_mock.interception.patches import Patches
from mturk_mock.web.addresses import page_at


def patch_requests(patches: Patches) -> None:
    """Wrap what sends requests, now or as soon as the program imports the packages."""
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
    """Return what answers a request for a page of the innermost mock; None for any other."""
    backend = innermost_backend()
    page = None if backend is None else page_at(url)
    if backend is None or page is None:
        return None
    from mturk_mock.interception.requests_adapter import MTurkAdapter  # loads `responses`

    return MTurkAdapter(backend, page)
