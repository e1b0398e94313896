"""Answer botocore's requests for Mechanical Turk while a mock is active.

botocore sends every request of every client through `Endpoint.make_request`, which is wrapped
while a mock is active. On a client's first request for Mechanical Turk, two handlers are
registered with its event emitter: `before-send` answers the request, and `choose-signer` leaves
the signature out unless the mock was given access keys. botocore itself does the rest: parameter
validation, serialization, retries, parsing, exceptions. It does not matter when and how the
client was created. Requests for other services are not changed.

`BaseClient._make_api_call` is wrapped too, to know when a call begins and ends: if the last mock
ends during a call, the call is refused.

If moto is active, its `before-send` handler is registered too. The mock's handler runs first, and
botocore uses the first response.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse

from mturk_mock.backend.identity import REQUESTER_HEADER, identify
from mturk_mock.backend.service_model import ENDPOINT_PREFIX
from mturk_mock.backend.wire import Request, Response
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.interception import forking
from mturk_mock.interception.active import Active, lock, stack
from mturk_mock.interception.credentials import patch_credentials
from mturk_mock.interception.network import patch_network
from mturk_mock.interception.ownership import (
    answerer_of,
    answering,
    carry_out,
    pass_through,
    transports,
    under_way,
)
from mturk_mock.interception.patches import Patches, SharedPatches
from mturk_mock.interception.requests_send import patch_requests
from mturk_mock.interception.retries import patch_waits
from mturk_mock.interception.sleep import patch_sleeps


def start(active: Active) -> None:
    """Start `active`: it answers all requests until it ends or another mock starts."""
    with lock, ExitStack() as entered:
        entered.enter_context(transports)
        if active.backend.settings.sleep_advances:
            entered.enter_context(_sleeps)
        active.patches = entered.pop_all()
        stack.append(active)


def stop(active: Active) -> None:
    """End `active`, wherever it is in the stack; the innermost remaining mock answers."""
    with lock:
        stack.remove(active)
        active.patches.close()


def patch_botocore(patches: Patches) -> None:
    """Wrap the methods of botocore and aiobotocore that make calls, so that a mock answers."""
    patches.wrap("botocore.endpoint", "Endpoint.make_request", _answering)
    patches.wrap("botocore.client", "BaseClient._make_api_call", _calling)
    patches.wrap("aiobotocore.client", "AioBaseClient._make_api_call", _calling_async)
    patches.when_undone(_clients.release)


def _answering(original: Any) -> Any:
    @functools.wraps(original)
    def make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
        request = functools.partial(original, endpoint, operation_model, request_dict)
        if operation_model.service_model.endpoint_prefix != ENDPOINT_PREFIX:
            return carry_out(request, pass_through)
        answerer = answerer_of(request_dict["context"], request_dict.get("url", ""))
        if answerer is not pass_through:
            _clients.prepare(endpoint)
        return carry_out(request, answerer)

    return make_request


def _calling(original: Any) -> Any:
    @functools.wraps(original)
    def make_api_call(client: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_ours(client):
            return original(client, *args, **kwargs)
        with under_way():
            return original(client, *args, **kwargs)

    return make_api_call


def _calling_async(original: Any) -> Any:
    @functools.wraps(original)
    async def make_api_call(client: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_ours(client):
            return await original(client, *args, **kwargs)
        with under_way():
            return await original(client, *args, **kwargs)

    return make_api_call


def _is_ours(client: Any) -> bool:
    return bool(client.meta.service_model.endpoint_prefix == ENDPOINT_PREFIX)


class _Clients:
    """The event emitters that have the mock's handlers, while botocore is patched."""

    def __init__(self) -> None:
        self._prepared: weakref.WeakKeyDictionary[Any, Handlers] = weakref.WeakKeyDictionary()

    def prepare(self, endpoint: Any) -> None:
        """Register the mock's handlers with a client's emitter, once."""
        emitter = endpoint._event_emitter
        if emitter in self._prepared or not transports.keep():
            return
        handlers = _handlers_of(endpoint)
        for event, handler in handlers.items():
            emitter.register_first(event, handler, unique_id=handler)
        self._prepared[emitter] = handlers
        transports.leave()

    def release(self) -> None:
        """Unregister the mock's handlers."""
        for emitter, handlers in self._prepared.items():
            for event, handler in handlers.items():
                emitter.unregister(event, handler, unique_id=handler)
        self._prepared.clear()


_clients: Final = _Clients()
_sleeps: Final = SharedPatches(patch_sleeps)
transports.functions = (
    patch_botocore,
    patch_credentials,
    patch_requests,
    patch_network,
    patch_waits,
)
forking.install()


def _choose_signer(**event: Any) -> Any:
    """Turn off signing, so that no credentials are needed.

    If the mock identifies requesters by access keys, botocore signs, or raises NoCredentialsError.
    """
    backend = answering()
    if backend is None or backend.settings.accounts is not None:
        return None
    return UNSIGNED


def _answer(request: Any, event_name: str, **event: Any) -> AWSResponse | None:
    """Answer a request that botocore is about to send."""
    return _answered(_Answered, request, event_name)


def _answer_async(request: Any, event_name: str, **event: Any) -> AWSResponse | None:
    """Answer a request that aiobotocore is about to send."""
    return _answered(_AnsweredAsync, request, event_name)


def _answered(kind: type[_Answered], request: Any, event_name: str) -> _Answered | None:
    backend = answering()
    if backend is None:
        return None
    accounts = backend.settings.accounts
    response = backend.handle(_from_botocore(request, event_name, accounts))
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
    """A response whose content is already in memory; there is no stream to read."""

    def __init__(self, url: str, response: Response) -> None:
        super().__init__(url, response.status, response.headers, None)
        self._content = response.body


class _AnsweredAsync(_Answered):
    """A response for aiobotocore and its handlers, which await `content` and `text`."""

    @property
    def content(self) -> Any:
        """An awaitable of the body, in bytes."""
        return _later(self._content)

    @property
    def text(self) -> Any:
        """An awaitable of the body, as text."""
        return _later(self._content.decode())


async def _later(value: Any) -> Any:
    return value


Handlers = Mapping[str, Callable[..., Any]]

#: An emitter accepts each unique ID once, whatever the event: each handler is its own ID.
_HANDLERS: Final[Handlers] = {"before-send.mturk": _answer, "choose-signer.mturk": _choose_signer}
_ASYNC_HANDLERS: Final[Handlers] = {**_HANDLERS, "before-send.mturk": _answer_async}


def _handlers_of(endpoint: Any) -> Handlers:
    """Return the handlers for an endpoint; the methods of aiobotocore's are coroutines."""
    return _ASYNC_HANDLERS if inspect.iscoroutinefunction(endpoint._get_response) else _HANDLERS
