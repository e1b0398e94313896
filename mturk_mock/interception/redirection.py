"""Send the requests of a whole program for Mechanical Turk to a server.

`mturk-mock exec` has Python call `redirect` when the program starts. Programs often pass the
service's own address in their code, which takes precedence over AWS_ENDPOINT_URL_MTURK.
"""

from __future__ import annotations

import functools
from typing import Any, Final

from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.hosts import host_of, is_of_service
from mturk_mock.core.sites import served_at
from mturk_mock.interception.active import innermost
from mturk_mock.interception.patches import Patches

#: The environment variable with the URL of the server.
VARIABLE: Final = "MTURK_MOCK_URL"


def redirect(url: str) -> Patches:
    """Send to a server what botocore would send to the API of the service.

    While a mock is active in the program, the mock answers instead.
    """
    patches = Patches()
    redirecting = functools.partial(_redirecting, url)
    patches.wrap("botocore.endpoint", "Endpoint.make_request", redirecting)
    return patches


def _redirecting(url: str, original: Any) -> Any:
    @functools.wraps(original)
    def make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
        sent_to = request_dict["url"]
        if is_of_service(sent_to) and innermost() is None:
            environment = SANDBOX if "sandbox" in host_of(sent_to) else PRODUCTION
            request_dict["url"] = f"{served_at(url).api[environment]}/"
        return original(endpoint, operation_model, request_dict)

    return make_request
