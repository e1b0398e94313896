"""Answer botocore's requests for Mechanical Turk, as long as a mock is on.

botocore sends every request of every client through `Endpoint.make_request`. While a
mock is on it is wrapped: the first request for Mechanical Turk that passes on a client
gives that client's event emitter two handlers of ours, `before-send`, which answers, and
`choose-signer`, which leaves the signature out unless the mock knows access keys.
Everything else is botocore's own work: parameter validation, serialisation, retries,
parsing, exceptions. It does not matter when and how the client was made, and other services
pass through untouched.

`_make_api_call` of the clients is wrapped too, only to know when a call begins and ends: a
call that the end of the last mock overtakes is refused.

With moto on, its `before-send` handler runs too; ours is first, and the first answer counts.
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
    nobody,
    transports,
    under_way,
)
from mturk_mock.interception.patches import Patches, SharedPatches
from mturk_mock.interception.requests_send import patch_requests
from mturk_mock.interception.retries import patch_waits
from mturk_mock.interception.sleep import patch_sleeps


def start(active: Active) -> None:
    """Let `active` answer all requests, until it ends or another one starts."""
    with lock, ExitStack() as entered:
        entered.enter_context(transports)
        if active.backend.settings.sleep_advances:
            entered.enter_context(_sleeps)
        active.patches = entered.pop_all()
        stack.append(active)


def stop(active: Active) -> None:
    """End `active`, wherever it is in the stack; the innermost one left answers."""
    with lock:
        stack.remove(active)
        active.patches.close()


def patch_botocore(patches: Patches) -> None:
    """Wrap what makes calls in botocore and aiobotocore, so that a mock answers them."""
    patches.wrap("botocore.endpoint", "Endpoint.make_request", _answering)
    patches.wrap("botocore.client", "BaseClient._make_api_call", _calling)
    patches.wrap("aiobotocore.client", "AioBaseClient._make_api_call", _calling_async)
    patches.when_undone(_clients.release)


def _answering(original: Any) -> Any:
    @functools.wraps(original)
    def make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
        request = functools.partial(original, endpoint, operation_model, request_dict)
        if operation_model.service_model.endpoint_prefix != ENDPOINT_PREFIX:
            return carry_out(request, nobody)
        answerer = answerer_of(request_dict["context"])
        if answerer is not nobody:
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
    """The event emitters of clients that have our handlers, as long as botocore is patched."""

    def __init__(self) -> None:
        self._prepared: weakref.WeakKeyDictionary[Any, Handlers] = weakref.WeakKeyDictionary()

    def prepare(self, endpoint: Any) -> None:
        """Register our handlers with a client's emitter, once."""
        emitter = endpoint._event_emitter
        if emitter in self._prepared or not transports.keep():
            return
        handlers = _handlers_of(endpoint)
        for event, handler in handlers.items():
            emitter.register_first(event, handler, unique_id=handler)
        self._prepared[emitter] = handlers
        transports.leave()

    def release(self) -> None:
        """Unregister our handlers."""
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
    """Answer botocore's question how to sign: not at all, so nothing needs credentials.

    If access keys say who calls, botocore signs, or says that it has none.
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
