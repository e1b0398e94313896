"""Make calls of Mechanical Turk outside a mock an error at once.

Without this, a program that forgot its mock tries to connect to a host that is gone or must be
left alone, again and again. Loads nothing of botocore or `requests`: each is guarded as soon as
the program imports it. The guard of botocore comes before it signs and outside its retries, so
no credentials are looked for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from mturk_mock.core.hosts import is_of_service
from mturk_mock.interception.active import innermost
from mturk_mock.interception.patches import Patches

_ENDPOINT_PREFIX: Final = "mturk-requester"  # as in backend.service_model, which loads botocore

_WHAT_TO_DO: Final = (
    "and no mock of Mechanical Turk is active. To start one, use the fixture mturk (or "
    "mturk_client, mturk_sandbox_client), @pytest.mark.mock_mturk or @mock_mturk. To allow the "
    "call, set mturk_block = false in pytest's configuration, and leave block=True out of the "
    "marker"
)


class BlockedCallError(RuntimeError):
    """A call of Mechanical Turk that would have left the process."""


@contextmanager
def blocked() -> Iterator[None]:
    """Let each call of Mechanical Turk outside a mock raise BlockedCallError, in the block.

    That is every operation by botocore, wherever it would go, and every request by `requests` to
    a host of Mechanical Turk. Calls inside a mock are answered.
    """
    with Patches() as patches:
        for module, method, refuse in _GUARDED:
            patches.wrap(module, method, functools.partial(_guarding, patches, refuse))
        yield


def _guarding(patches: Patches, refuse: Callable[..., None], original: Any) -> Any:
    """Return a method that refuses calls as long as no mock is on."""

    @functools.wraps(original)
    def guarded(this: Any, *args: Any, **kwargs: Any) -> Any:
        if patches.is_on and innermost() is None:
            refuse(*args, **kwargs)
        return original(this, *args, **kwargs)

    return guarded


def _refuse_call(operation_model: Any, request_dict: Any) -> None:
    if operation_model.service_model.endpoint_prefix == _ENDPOINT_PREFIX:
        _refuse(operation_model.name, request_dict["url"])


def _refuse_visit(url: str) -> None:
    if is_of_service(url):
        _refuse("A request", url)


def _refuse(what: str, where: str) -> None:
    raise BlockedCallError(f"{what} was about to be sent to {where}, {_WHAT_TO_DO}.")


#: What is guarded: the module, the method of its class, and what tells whether it may go on.
_GUARDED: Final = (
    ("botocore.endpoint", "Endpoint.make_request", _refuse_call),
    ("requests.sessions", "Session.get_adapter", _refuse_visit),
)
