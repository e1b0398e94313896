"""Blocking: an error for every call of Mechanical Turk outside a mock.

Without blocking, a test that starts no mock sends its requests to the real hosts and retries
them. This module does not import botocore or `requests`; each is patched when the program
imports it. Calls of botocore are blocked before signing and retries, so botocore looks for no
credentials.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from mturk_mock.core.hosts import is_of_service
from mturk_mock.interception.active import innermost, is_served
from mturk_mock.interception.patches import Patches

_ENDPOINT_PREFIX: Final = "mturk-requester"  # as in backend.service_model, which loads botocore

_WHAT_TO_DO: Final = (
    "but no mock of Mechanical Turk is active. Use a fixture (mturk, mturk_client, "
    "mturk_sandbox_client), mark the test with @pytest.mark.mock_mturk, or decorate it with "
    "@mock_mturk. If the call is intended, set mturk_block = false in pytest's configuration and "
    "remove block=True from the marker"
)


class BlockedCallError(RuntimeError):
    """A call of Mechanical Turk was blocked before it left the process."""


@contextmanager
def blocked() -> Iterator[None]:
    """Raise BlockedCallError for each call of Mechanical Turk outside a mock, during the block.

    This blocks every operation of Mechanical Turk that botocore sends, to any endpoint, and every
    request that `requests` sends to a host of Mechanical Turk. Active mocks answer calls as usual,
    and so do servers that run in this process.
    """
    with Patches() as patches:
        for module, method, refuse in _GUARDED:
            patches.wrap(module, method, functools.partial(_guarding, patches, refuse))
        yield


def _guarding(patches: Patches, refuse: Callable[..., None], original: Any) -> Any:
    """Return a method that refuses the calls of `original` while no mock is active."""

    @functools.wraps(original)
    def guarded(this: Any, *args: Any, **kwargs: Any) -> Any:
        if patches.is_on and innermost() is None:
            refuse(*args, **kwargs)
        return original(this, *args, **kwargs)

    return guarded


def _refuse_call(operation_model: Any, request_dict: Any) -> None:
    is_ours = operation_model.service_model.endpoint_prefix == _ENDPOINT_PREFIX
    if is_ours and not is_served(request_dict["url"]):
        _refuse(operation_model.name, request_dict["url"])


def _refuse_visit(url: str) -> None:
    if is_of_service(url):
        _refuse("A request", url)


def _refuse(what: str, where: str) -> None:
    raise BlockedCallError(f"{what} was about to be sent to {where}, {_WHAT_TO_DO}.")


#: The patched methods: module, method, and the function that raises if the call is refused.
_GUARDED: Final = (
    ("botocore.endpoint", "Endpoint.make_request", _refuse_call),
    ("requests.sessions", "Session.get_adapter", _refuse_visit),
)
