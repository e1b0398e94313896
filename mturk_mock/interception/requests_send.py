"""Answer requests by the `requests` package for the mock's addresses, as long as a mock is on.

`requests` asks `Session.get_adapter` who sends a request. While a mock is on it is wrapped,
and for an address of ours the answer is an adapter of ours. What moto and the `responses`
package replace, `HTTPAdapter.send`, is one level below: their mocks see everything that is
not ours and nothing that is, whichever of them began first or ends first.

`requests` and `responses` are not loaded here: the program may have neither.
"""

from __future__ import annotations

import functools
from typing import Any

from mturk_mock.interception.ownership import innermost_backend
from mturk_mock.interception.patches import Patches
from mturk_mock.web.addresses import page_at


def patch_requests(patches: Patches) -> None:
    """Wrap `Session.get_adapter`, now or as soon as the program imports `requests`."""
    patches.wrap("requests.sessions", "Session.get_adapter", _answering_pages)


def _answering_pages(original: Any) -> Any:
    @functools.wraps(original)
    def get_adapter(session: Any, url: Any) -> Any:
        backend = innermost_backend()
        page = None if backend is None else page_at(url)
        if backend is None or page is None:
            return original(session, url=url)
        from mturk_mock.interception.requests_adapter import MTurkAdapter  # loads `responses`

        return MTurkAdapter(backend, page)

    return get_adapter
