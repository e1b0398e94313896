"""Which mock answers a request.

A client created by a handle belongs to the handle's mock, even while another mock is active, and
its calls are refused after that mock has ended. Every other client belongs to the innermost mock.
During a call, a context variable holds the answerer, so threads and tasks each have their own. If
the last mock ends during a call that began inside a mock, the call is refused, because it must
not be sent.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from mturk_mock.backend.backend import Backend
from mturk_mock.interception.active import innermost, is_on, is_served
from mturk_mock.interception.blocking import BlockedCallError
from mturk_mock.interception.patches import SharedPatches

T = TypeVar("T")

#: Returns the backend that answers a request, None if no mock does.
Answerer = Callable[[], Backend | None]

_OWNER: Final = "mturk_mock_owner"  # in the context that botocore keeps for each request
_ENDED: Final = (
    "This client belongs to mock_mturk(seed={seed}), which has ended. Make a client inside the "
    "`with` block or test that uses it, or use boto3.client('mturk'), which belongs to the "
    "innermost mock."
)
_OVERTAKEN: Final = (
    "The last mock of Mechanical Turk ended while this call was under way, so the call was refused "
    "before it left the process. Wait for the program's threads and tasks before the mock ends."
)

#: The patches that stay while a mock is active, and until the calls that began inside it end.
transports: Final = SharedPatches()


@contextmanager
def setting(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Set a context variable for the duration of the block."""
    token = variable.set(value)
    try:
        yield
    finally:
        with suppress(ValueError):  # a coroutine may be closed in another context
            variable.reset(token)


def innermost_backend() -> Backend | None:
    """Return the backend that answers clients of no handle, None outside a mock."""
    active = innermost()
    backend: Backend | None = None if active is None else active.backend
    return backend


def pass_through() -> None:
    """Answer nothing: the request is for another service, or no mock is active."""


def _require_innermost() -> Backend:
    """Return the backend for a call that began inside a mock.

    Raises BlockedCallError if no mock is active any more.
    """
    backend = innermost_backend()
    if backend is None:
        raise BlockedCallError(_OVERTAKEN)
    return backend


class Owner:
    """The mock that a client belongs to; it does not keep the mock's backend alive."""

    def __init__(self, backend: Backend) -> None:
        self._backend = weakref.ref(backend)
        self._seed = backend.settings.seed

    def require_backend(self) -> Backend:
        """Return the mock's backend; raise RuntimeError if the mock has ended."""
        backend = self._backend()
        if backend is None or not is_on(backend):
            raise RuntimeError(_ENDED.format(seed=self._seed))
        return backend

    def mark(self, context: dict[str, Any], **event: Any) -> None:
        """Store this owner in the context of a request that is about to be made."""
        self.require_backend()
        context[_OWNER] = self

    def check(self, **event: Any) -> None:
        """Raise RuntimeError if the mock ended before the request was sent."""
        self.require_backend()


def claim(client: Any, backend: Backend) -> None:
    """Make a boto3 client belong to the mock of a backend."""
    owner = Owner(backend)
    client.meta.events.register("before-call.mturk", owner.mark)
    client.meta.events.register("before-send.mturk", owner.check)


_answerer: ContextVar[Answerer] = ContextVar("mturk_mock_answerer", default=pass_through)


def is_guarded() -> bool:
    """Whether nothing may be sent: a mock is active, or was active when the call began."""
    return innermost() is not None or _answerer.get() is _require_innermost


def answerer_of(context: Mapping[str, Any], url: str) -> Answerer:
    """Return the answerer of a request, given its context: the client's owner or innermost mock.

    A request to a server that runs in this process is sent, also while a mock is active.
    """
    if is_served(url):
        return pass_through
    owner: Owner | None = context.get(_OWNER)
    if owner is not None:
        return owner.require_backend
    return _require_innermost if is_guarded() else pass_through


def answering() -> Backend | None:
    """Return the backend that answers the current request; None if no mock answers it."""
    return _answerer.get()()


@contextmanager
def under_way() -> Iterator[None]:
    """Keep the patches during a call for Mechanical Turk that begins while a mock is active."""
    if innermost() is None or not transports.keep():
        yield
    else:
        try:
            with setting(_answerer, _require_innermost):
                yield
        finally:
            transports.leave()


def carry_out(request: Callable[[], Any], answerer: Answerer) -> Any:
    """Make a request with this answerer, and return the result.

    The request of aiobotocore returns a coroutine, which does its work when it is awaited.
    """
    if _answerer.get() is answerer is pass_through:
        return request()
    with setting(_answerer, answerer):
        answer = request()
    if isinstance(answer, tuple) or not inspect.isawaitable(answer):  # botocore returns a tuple
        return answer
    return _carry_out_async(answer, answerer)


async def _carry_out_async(answer: Awaitable[Any], answerer: Answerer) -> Any:
    with setting(_answerer, answerer):
        return await answer
