"""The one patch of botocore, on as long as a mock is.

botocore sends every request of every client through `Endpoint.make_request`. While a
mock is on it is wrapped: the first request for Mechanical Turk that passes on a client
gives that client's event emitter two handlers of ours, `before-send`, which answers, and
`choose-signer`, which leaves the signature out unless the mock knows access keys.
Everything else is botocore's own work: parameter validation, serialisation, retries,
parsing, exceptions. It does not matter when and how the client was made, and other services
pass through untouched.

With moto on, its `before-send` handler runs too; ours is first, and the first answer counts.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.identity import REQUESTER_HEADER, identify
from mturk_mock.backend.service_model import ENDPOINT_PREFIX
from mturk_mock.backend.wire import Request, Response
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.interception.active import Active, innermost
from mturk_mock.interception.active import lock as _lock
from mturk_mock.interception.active import stack as _stack
from mturk_mock.interception.requests_send import RequestsPatch
from mturk_mock.interception.retries import RetryPatch

if TYPE_CHECKING:
    from mturk_mock.interception.sleep import SleepPatch


def start(active: Active) -> None:
    """Let `active` answer all requests, until it ends or another one starts."""
    with _lock:
        if not _stack:
            _patch.apply()
            _requests_patch.apply()
            _retry_patch.apply()
        _stack.append(active)
        _follow_sleepers(active)


def stop(active: Active) -> None:
    """End `active`, wherever it is in the stack; the innermost one left answers."""
    with _lock:
        _stack.remove(active)
        _follow_sleepers(active)
        if not _stack:
            _patch.undo()
            _requests_patch.undo()
            _retry_patch.undo()


def _follow_sleepers(changed: Active) -> None:
    """Let sleeps be ours as long as a mock is on whose clock they move.

    `changed`: the one that has begun or ended; without such a clock it changes nothing.
    """
    if changed.backend.settings.sleep_advances:
        wanted = any(active.backend.settings.sleep_advances for active in _stack)
        patch = _sleep_patch()
        if wanted != patch.is_on:
            (patch.apply if wanted else patch.undo)()


class _Patch:
    """The wrapper around `Endpoint.make_request`, and the clients that it has prepared.

    Where somebody else has wrapped the wrapper, undoing leaves it there, without effect.
    """

    def __init__(self) -> None:
        self._original: Any = None
        self._wrapper: Any = None
        self._prepared: weakref.WeakKeyDictionary[Any, Handlers] = weakref.WeakKeyDictionary()

    def apply(self) -> None:
        """Wrap what botocore has now."""
        original = self._original = Endpoint.make_request

        def make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
            request = functools.partial(original, endpoint, operation_model, request_dict)
            if operation_model.service_model.endpoint_prefix != ENDPOINT_PREFIX:
                return _retry_patch.carry_out_for_others(request)
            self.prepare(endpoint)
            return _retry_patch.carry_out(request)

        Endpoint.make_request = self._wrapper = make_request

    def prepare(self, endpoint: Any) -> None:
        """Let a client's emitter ask us, for as long as a mock is on.

        Remembered, because registering a handler that is there costs 7 µs a call.
        """
        emitter = endpoint._event_emitter
        if emitter in self._prepared:
            return
        handlers = _handlers_of(endpoint)
        with _lock:  # another thread may end the last mock
            if _stack:
                for event, handler in handlers.items():
                    emitter.register_first(event, handler, unique_id=handler)
                self._prepared[emitter] = handlers

    def undo(self) -> None:
        """Put everything back as it was."""
        if Endpoint.make_request is self._wrapper:
            Endpoint.make_request = self._original
        if not self._prepared:  # a tenth of entering and leaving, where nothing was called
            return
        for emitter, handlers in self._prepared.items():
            for event, handler in handlers.items():
                emitter.unregister(event, handler, unique_id=handler)
        self._prepared.clear()


def _answering() -> Backend | None:
    active = innermost()
    return None if active is None else active.backend


_patch = _Patch()
_requests_patch = RequestsPatch(_answering)
_retry_patch = RetryPatch(_answering)


@functools.cache
def _sleep_patch() -> SleepPatch:
    from mturk_mock.interception.sleep import SleepPatch  # few mocks want it: 1 ms

    return SleepPatch(_answering)


def _choose_signer(**event: Any) -> Any:
    """Answer botocore's question how to sign: not at all, so nothing needs credentials.

    Where access keys say who calls, botocore signs, or says that it has none.
    """
    active = innermost()
    if active is None or active.backend.settings.accounts is not None:
        return None
    return UNSIGNED


def _answer(request: Any, event_name: str, **event: Any) -> AWSResponse | None:
    """Answer a request that botocore is about to send."""
    return _answered(_Answered, request, event_name)


def _answer_async(request: Any, event_name: str, **event: Any) -> AWSResponse | None:
    """Answer a request that aiobotocore is about to send."""
    return _answered(_AnsweredAsync, request, event_name)


def _answered(kind: type[_Answered], request: Any, event_name: str) -> _Answered | None:
    active = innermost()
    if active is None:
        return None
    accounts = active.backend.settings.accounts
    response = active.backend.handle(_from_botocore(request, event_name, accounts))
    return kind(request.url, response)


def _from_botocore(request: Any, event_name: str, accounts: Mapping[str, str] | None) -> Request:
    mark = _header(request, REQUESTER_HEADER)
    authorization = None if accounts is None else _header(request, "Authorization")
    identity = identify(None if mark is None else unquote(mark), authorization, accounts)
    return Request(
        operation=event_name.rpartition(".")[2],
        body=request.body or b"",
        environment=_environment_of(request.url),
        requester=identity.requester,
        url=request.url,
        refusal=identity.refusal,
    )


def _environment_of(url: str) -> str:
    return SANDBOX if "sandbox" in (urlsplit(url).hostname or "") else PRODUCTION


def _header(request: Any, name: str) -> str | None:
    value = request.headers.get(name)
    return value.decode() if isinstance(value, bytes) else value


class _Answered(AWSResponse):  # type: ignore[misc]
    """A response whose content is there already, with nothing to read it from."""

    def __init__(self, url: str, response: Response) -> None:
        super().__init__(url, response.status, response.headers, None)
        self._content = response.body


class _AnsweredAsync(_Answered):
    """What aiobotocore, and handlers that are written for it, read by awaiting."""

    @property
    def content(self) -> Any:
        """The body, in bytes, to be awaited."""
        return _later(self._content)

    @property
    def text(self) -> Any:
        """The body, as text, to be awaited."""
        return _later(self._content.decode())


async def _later(value: Any) -> Any:
    return value


Handlers = Mapping[str, Callable[..., Any]]

#: An emitter knows each unique id once, whatever the event: each handler is its own.
_HANDLERS: Final[Handlers] = {"before-send.mturk": _answer, "choose-signer.mturk": _choose_signer}
_ASYNC_HANDLERS: Final[Handlers] = {**_HANDLERS, "before-send.mturk": _answer_async}


def _handlers_of(endpoint: Any) -> Handlers:
    """Return what answers a client; aiobotocore's endpoint is botocore's, with coroutines."""
    return _ASYNC_HANDLERS if inspect.iscoroutinefunction(endpoint._get_response) else _HANDLERS
