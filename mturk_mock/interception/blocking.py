"""Make calls of Mechanical Turk outside a mock an error at once.

The service's host is gone, or is to be left alone: without this a program that forgot its
mock waits for a connection, again and again. Loads nothing of botocore or `requests`: each
is guarded as soon as the program imports it. botocore is asked to send before it signs, so
no credentials are looked for, and outside its retries.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from mturk_mock.interception.active import innermost
from mturk_mock.interception.late_import import when_imported

_ENDPOINT_PREFIX: Final = "mturk-requester"  # as in protocol.service_model, which loads botocore
_SITES: Final = ".mturk.com"
_LEGACY_APIS: Final = ("mechanicalturk.amazonaws.com", "mechanicalturk.sandbox.amazonaws.com")

_WHAT_TO_DO: Final = (
    "and no mock of Mechanical Turk is on. Let the test take a fixture (mturk, mturk_client, "
    "mturk_sandbox_client), mark it with @pytest.mark.mock_mturk, or put @mock_mturk before it. "
    "Where the call is meant, say mturk_block = false in pytest's configuration, and leave "
    "block=True out of the marker"
)


class BlockedCallError(RuntimeError):
    """A call of Mechanical Turk that would have left the process."""


@contextmanager
def blocked() -> Iterator[None]:
    """Let each call of Mechanical Turk outside a mock raise BlockedCallError, in the block.

    That is every operation by botocore, wherever it would go, and every request for a page of
    the worker sites or the query API of 2008 by `requests`. In a mock all is answered as ever.
    """
    with ExitStack() as stack:
        for module, owner, method, refuse in _GUARDED:
            guard = _Guard(owner, method, refuse)
            stack.callback(guard.end)
            stack.callback(when_imported(module, guard.begin))
        yield


class _Guard:
    """The wrapper around one method of a class.

    Where somebody else has wrapped the wrapper, ending leaves it there, without effect.
    """

    def __init__(self, owner: str, method: str, refuse: Callable[..., None]) -> None:
        self._owner_name = owner
        self._method = method
        self._refuse = refuse
        self._ended = False
        self._owner: Any = None
        self._original: Any = None
        self._wrapper: Any = None

    def begin(self, module: Any) -> None:
        """Wrap what the module has."""
        self._owner = getattr(module, self._owner_name)
        original = self._original = getattr(self._owner, self._method)

        @functools.wraps(original)
        def guarded(this: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._ended and innermost() is None:
                self._refuse(*args, **kwargs)
            return original(this, *args, **kwargs)

        self._wrapper = guarded
        setattr(self._owner, self._method, guarded)

    def end(self) -> None:
        """Put back what was there."""
        self._ended = True
        if self._owner is not None and getattr(self._owner, self._method) is self._wrapper:
            setattr(self._owner, self._method, self._original)


def _refuse_call(operation_model: Any, request_dict: Any) -> None:
    if operation_model.service_model.endpoint_prefix == _ENDPOINT_PREFIX:
        _refuse(operation_model.name, request_dict["url"])


def _refuse_visit(url: str) -> None:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no URL at all; let others say so
        return
    if f".{host}".endswith(_SITES) or host in _LEGACY_APIS:
        _refuse("A request", url)


def _refuse(what: str, where: str) -> None:
    raise BlockedCallError(f"{what} was about to be sent to {where}, {_WHAT_TO_DO}.")


#: What is guarded: the module, the class, its method, and what tells whether it may go on.
_GUARDED: Final = (
    ("botocore.endpoint", "Endpoint", "make_request", _refuse_call),
    ("requests.sessions", "Session", "get_adapter", _refuse_visit),
)
