"""The ASGI application: the API, and the pages beside it, over HTTP.

It has no rule of Mechanical Turk: the backend and the pages of `web/` answer. What may have to
wait, for the lock or a function of a crowd, runs in worker threads, so that it does not hold up
other requests. A small call that need not wait is answered at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import unquote

from anyio import to_thread
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from mturk_mock.backend import wire
from mturk_mock.backend.backend import Backend, ProductionCalled
from mturk_mock.backend.identity import REQUESTER_HEADER, Identity, identify
from mturk_mock.backend.recording import Batch
from mturk_mock.core import errors
from mturk_mock.core.clock import read_machine, to_datetime
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.sites import FILES_PATH, SANDBOX_PATH
from mturk_mock.mock.mturk import MTurk
from mturk_mock.server import cors
from mturk_mock.server.access import Attempts, Passes
from mturk_mock.server.access_log import AccessLog, record_of
from mturk_mock.server.control.access import Rules
from mturk_mock.server.control.api import ControlAPI
from mturk_mock.server.control.events import Events
from mturk_mock.server.control.table import ROOT as CONTROL_PATH
from mturk_mock.server.credentials import Credentials
from mturk_mock.server.endpoint import (
    MAX_BODY,
    MAX_FORM,
    Endpoint,
    read_body,
    respond,
    target_of,
    url_of,
)
from mturk_mock.server.hosts import HostCheck, host_in, is_loopback
from mturk_mock.server.journal import Journal
from mturk_mock.server.origins import Origins, is_by_page
from mturk_mock.server.pages import redirect, render_framed
from mturk_mock.server.signature import SignedRequest, identify_by_signature
from mturk_mock.server.tasks import frame
from mturk_mock.server.tasks.host import TaskHost
from mturk_mock.server.tasks.tickets import Tickets
from mturk_mock.server.worker import routes as worker_site
from mturk_mock.server.worker.routes import StaticEndpoint
from mturk_mock.server.worker.site import Door, WorkerSite
from mturk_mock.web import external_submit, files, legacy_api
from mturk_mock.web.visit import Page, Visit, answer_visit, page

#: The most bytes of a longer form that are read, so that a browser gets the response.
MOST_READ: Final = 1024 * 1024 * 1024
#: The most requests that are answered at a time: each waits in a thread for the disk.
THREADS: Final = 128
#: Bytes of a body up to which a call takes so little time that no thread is needed.
SMALL: Final = 8192
#: Seconds between two looks for events that are due.
TICK: Final = 1.0

_MULTIPART: Final = "multipart/form-data"
_TOO_LONG: Final = (
    "The form is longer than {} bytes, with its files. Nothing was submitted: go back, and choose "
    "smaller files or write shorter texts."
)
_TARGET: Final = "MTurkRequesterServiceV20170117."
_FORM: Final = "application/x-www-form-urlencoded"
_NOT_FOR_PAGES: Final = "Pages in a browser may not send queries of the 2008 API; programs may.\n"
_TIMEOUTS: Final = (ConnectTimeoutError, ReadTimeoutError)

log: Final = logging.getLogger("mturk_mock.server")


@dataclass(frozen=True)
class Access:
    """The rules of access to a server.

    - ``credentials``: by access key; None checks no signature.
    - ``any_host``: whether the server answers for every host name.
    - ``any_origin``: whether pages of every origin may call the API.
    - ``any_worker``: whether workers sign in without an invitation.
    - ``origins``: those of the worker site and of task pages.
    - ``is_shared``: whether programs may call the API on the host of task pages.
    - ``control_token``: what requests to the control API must have; None if there is none.
    """

    credentials: Credentials | None = None
    any_host: bool = False
    any_origin: bool = False
    any_worker: bool = True
    origins: Origins = field(default_factory=lambda: Origins(None, None))
    is_shared: bool = True
    control_token: str | None = field(default=None, repr=False)


def make_app(backend: Backend, access: Access, journal: Journal | None = None) -> Starlette:
    """Return the application, for `protocol.Protocol` of this package only.

    Its state has the `Events`, whose streams must be closed before the server stops.
    """
    events = Events()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        ticking = asyncio.create_task(_run_due_events(backend))
        try:
            yield
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking

    checks = [Middleware(TaskHost, origins=access.origins, is_shared=access.is_shared)]
    if not access.any_host:
        hosts = (_public_host(backend), *access.origins.hosts)
        checks.insert(0, Middleware(HostCheck, public_hosts=hosts))
    door = Door(
        Passes(None if journal is None else journal.file),
        Tickets(),
        access.origins,
        Attempts(),
        access.any_worker,
    )
    control = ControlAPI(backend, _control_rules(backend, access), events, journal, door.passes)
    app = Starlette(
        routes=_routes(backend, access, control, door),
        middleware=[Middleware(AccessLog), *checks],
        lifespan=lifespan,
    )
    app.state.events = events
    app.state.door = door
    return app


def _public_host(backend: Backend) -> str:
    return host_in(backend.sites.api[PRODUCTION].partition("//")[2])


def _control_rules(backend: Backend, access: Access) -> Rules:
    """Return who may use the control API: without a token, programs of this machine only."""
    is_reachable = access.any_host or not is_loopback(_public_host(backend))
    return Rules(access.control_token, is_open=access.credentials is None and not is_reachable)


def _routes(backend: Backend, access: Access, control: ControlAPI, door: Door) -> list[Route]:
    secrets = {key: each.secret for key, each in (access.credentials or {}).items()} or None
    routes: list[Route] = []  # the first that matches answers: most requests are calls of the API
    for environment, root in ((PRODUCTION, ""), (SANDBOX, SANDBOX_PATH)):
        submit = partial(external_submit.submit, environment=environment)
        query = partial(legacy_api.answer_query, environment=environment, secrets=secrets)
        api = APIEndpoint(backend, access, environment, QueryEndpoint(backend, query))
        routes += [
            Route(f"{root}/", api),
            Route(f"{root}{external_submit.PATH}", SubmitEndpoint(backend, submit, access.origins)),
            Route(f"{root}/onca/xml", QueryEndpoint(backend, query)),
        ]
    mturk = MTurk(backend)
    for environment, root in ((PRODUCTION, ""), (SANDBOX, SANDBOX_PATH)):
        routes += worker_site.routes_of(WorkerSite(backend, mturk, environment, root, door))
    routes += [
        Route(f"{frame.ROOT}/{{ticket}}{frame.PATH}", TaskEndpoint(backend, door)),
        Route("/static/{name}", StaticEndpoint(backend)),
        Route("/livez", Health(backend, asks_backend=False)),
        Route("/readyz", Health(backend, asks_backend=True)),
        Route(FILES_PATH, PageEndpoint(backend, files.read_file)),
        Route(f"{CONTROL_PATH}/{{path:anything}}", ControlEndpoint(backend, control)),
    ]
    routes += [Route(SANDBOX_PATH, api), Route("/{path:anything}", Nowhere(backend))]
    return routes


async def _run_due_events(backend: Backend) -> None:
    """Run events when they are due, also while no request comes."""
    while True:
        await asyncio.sleep(TICK)
        try:
            await run_in_threadpool(backend.settle)
        except MTurkError:  # the disk is full: the journal has said so
            pass
        except Exception:  # such as that of a crowd's `answer`; the next event must still happen
            log.exception("an event that was due has failed")


class AnythingConvertor(PathConvertor):
    """Matches the rest of a path, also with line breaks, which ``path`` leaves out."""

    regex = "(?s:.*)"


register_url_convertor("anything", AnythingConvertor())


class Health(Endpoint):
    """Reports that the process answers; with `asks_backend`, that it can answer calls."""

    def __init__(self, backend: Backend, *, asks_backend: bool) -> None:
        super().__init__(backend)
        self._asks_backend = asks_backend

    async def answer(self, request: Request) -> Response:
        """Return the status."""
        if request.method not in ("GET", "HEAD"):
            raise errors.UNKNOWN_REQUEST(
                problem=f"{request.url.path} takes GET, not {request.method}."
            )
        if self._asks_backend:
            await run_in_threadpool(self._backend.settle)
        return JSONResponse({"status": "ok"})


class Nowhere(Endpoint):
    """Answers requests for addresses that the server does not have."""

    async def answer(self, request: Request) -> Response:
        """Refuse the request."""
        raise errors.UNKNOWN_REQUEST(
            problem=f"This server has no address {request.url.path}. The API is at / (production) "
            f"and {SANDBOX_PATH} (sandbox)."
        )


class PageEndpoint(Endpoint):
    """Answers with a page of `web/`."""

    def __init__(self, backend: Backend, page: Page) -> None:
        super().__init__(backend)
        self._page = page

    async def answer(self, request: Request) -> Response:
        """Return the page's response."""
        return await self._answer(request, await read_body(request))

    async def _answer(self, request: Request, body: bytes) -> Response:
        content_type = request.headers.get("content-type", "")
        visit = Visit(request.method, url_of(self._backend, request), content_type, body)
        return respond(request, await run_in_threadpool(self._visit, visit))

    def _visit(self, visit: Visit) -> wire.Response:
        return answer_visit(self._page, self._backend, visit)


class FormEndpoint(PageEndpoint):
    """Answers with a page that takes forms with files.

    Only forms that can have files may be long: others need many times their length to be read.
    """

    async def answer(self, request: Request) -> Response:
        """Return the page's response, or a page that says that the form is too long."""
        content_type = request.headers.get("content-type", "")
        longest = MAX_FORM if content_type.lower().startswith(_MULTIPART) else MAX_BODY
        try:
            body = await read_body(request, longest)
        except MTurkError:
            await _read_rest(request)
            response = respond(request, page(413, _TOO_LONG.format(longest)))
            response.headers["Connection"] = "close"
            return response
        return await self._answer(request, body)


async def _read_rest(request: Request) -> None:
    """Read what a client still sends, but not for ever: browsers read no response before that."""
    count = 0
    async for piece in request.stream():
        count += len(piece)
        if count > MOST_READ:
            break


class QueryEndpoint(PageEndpoint):
    """Answers queries of the 2008 API, except for those of pages, which no signature protects."""

    async def answer(self, request: Request) -> Response:
        """Return the response; refuse a request that a page in a browser has sent."""
        if is_by_page(request.headers):
            return PlainTextResponse(_NOT_FOR_PAGES, 403)
        return await super().answer(request)


class SubmitEndpoint(FormEndpoint):
    """Answers externalSubmit, with HTML for browsers: the frame of a task shows it."""

    def __init__(self, backend: Backend, page: Page, origins: Origins) -> None:
        super().__init__(backend, page)
        self._origins = origins

    async def answer(self, request: Request) -> Response:
        """Return the response."""
        if "text/html" not in request.headers.get("accept", ""):
            return await super().answer(request)
        try:
            response = await super().answer(request)
        except MTurkError as refusal:  # such as for a form that is too long
            status, text = refusal.row.status, refusal.message
        else:
            status, text = response.status_code, bytes(response.body).decode()
        site = self._origins.site_for(request.headers, request.url.scheme)
        title = _read_title(status, text)
        tells = status in _ENDED
        return render_framed(
            "external_submit.html", status, site, title=title, text=text, tells=tells
        )


#: The statuses of externalSubmit after which an assignment is not, or no longer, accepted.
_ENDED: Final = (200, 409)


def _read_title(status: int, text: str) -> str:
    """Return the title of the answer, such as "Already submitted"."""
    if status == 409:
        return f"Already {text.rstrip('.').rpartition(' ')[2].lower()}"
    return "Submitted" if status == 200 else "Not submitted"


class TaskEndpoint(Endpoint):
    """Answers with the page of a HIT, in a frame of the worker site."""

    def __init__(self, backend: Backend, door: Door) -> None:
        super().__init__(backend)
        self._door = door

    async def answer(self, request: Request) -> Response:
        """Return the page."""
        origins = self._door.origins
        site = origins.site_for(request.headers, request.url.scheme)
        if request.method != "GET":
            return frame.refuse_form(origins, site)
        ticket = request.path_params["ticket"]
        show = partial(frame.show_task, self._backend, self._door.tickets, origins)
        return await run_in_threadpool(show, ticket, site)


class ControlEndpoint(Endpoint):
    """Answers the requests of the control API."""

    def __init__(self, backend: Backend, api: ControlAPI) -> None:
        super().__init__(backend)
        self._api = api

    async def answer(self, request: Request) -> Response:
        """Return the response, also for a refusal."""
        return await self._api.answer(request)


class APIEndpoint(Endpoint):
    """Answers calls of the API in one environment, and queries of the 2008 API."""

    def __init__(
        self, backend: Backend, access: Access, environment: str, query: QueryEndpoint
    ) -> None:
        super().__init__(backend)
        self._access = access
        self._environment = environment
        self._query = query

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand queries to the 2008 API, show browsers the worker site, and answer the rest."""
        if _is_query(Request(scope)):
            await self._query(scope, receive, send)
        elif _is_visit(Request(scope)):
            path = scope["path"].rstrip("/")
            await redirect(f"{path}/projects")(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        any_origin = self._access.any_origin
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            return cors.answer_preflight(request.headers, any_origin=any_origin)
        response = await self._call(request)
        allowed = cors.headers_for(request.headers.get("origin"), any_origin=any_origin)
        response.headers.update(allowed)
        return response

    async def _call(self, request: Request) -> Response:
        try:
            operation = _read_operation(request)
            body = await read_body(request)
            identity = self._identify(request, body)
            record_of(request.scope).requester = identity.requester or "-"
            call = wire.Request(
                operation,
                body,
                self._environment,
                identity.requester,
                url_of(self._backend, request),
                identity.refusal,
            )
            return respond(request, await self._handle(call))
        except MTurkError as refusal:
            return await self._refuse(request, refusal)
        except ProductionCalled as refused:
            return await self._refuse(request, errors.PRODUCTION_REFUSED(problem=refused))
        except RuntimeError as bug:
            log.exception("%s", bug)
            return await self._refuse(request, errors.INTERNAL_FAILURE(problem=bug))

    def _identify(self, request: Request, body: bytes) -> Identity:
        headers = request.headers
        credentials = self._access.credentials
        if credentials is None:
            mark = headers.get(REQUESTER_HEADER)
            accounts = self._backend.settings.accounts
            return identify(unquote(mark) if mark else None, headers.get("authorization"), accounts)
        joined = {name: ",".join(headers.getlist(name)) for name in headers}
        path, query = target_of(request)
        signed = SignedRequest(request.method, path, query, joined, body)
        return identify_by_signature(signed, credentials, to_datetime(read_machine()))

    async def _handle(self, call: wire.Request) -> wire.Response:
        """Answer a call: here if that takes no time, or else in a thread."""
        backend = self._backend
        answering = backend.begin_at_once(call) if len(call.body) <= SMALL else None
        if answering is None:
            return await run_in_threadpool(backend.handle, call)
        if answering.ending.batch is not None:
            await _wait_for(answering.ending.batch)
        if answering.ending.posted:
            return await run_in_threadpool(backend.complete, answering)
        return backend.complete(answering)


async def _wait_for(batch: Batch) -> None:
    """Wait until a batch is on disk, or cannot be written, without a thread."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    batch.when_done(partial(loop.call_soon_threadsafe, done.set))
    await done.wait()


# Reading requests -------------------------------------------------------------------------


def _read_operation(request: Request) -> str:
    """Return the operation; raise UnknownOperationException if it is not a call of the API."""
    headers = request.headers
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST":
        raise errors.UNKNOWN_REQUEST(problem=f"The API takes POST, not {request.method}.")
    if content_type != wire.CONTENT_TYPE:
        raise errors.UNKNOWN_REQUEST(
            problem=f"The API takes Content-Type {wire.CONTENT_TYPE}, not {content_type!r}."
        )
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise errors.SERIALIZATION(
            problem=f"The API takes no Content-Encoding {headers['content-encoding']!r}: send "
            "the JSON as it is."
        )
    target = headers.get("x-amz-target", "")
    operation = target.removeprefix(_TARGET)
    if operation == target:
        raise errors.UNKNOWN_OPERATION(operation=target or "(X-Amz-Target is missing)")
    record_of(request.scope).operation = operation
    return operation


def _is_query(request: Request) -> bool:
    """Whether a request is for the 2008 API, which has an address in common with the other."""
    if "x-amz-target" in request.headers:
        return False
    if request.method == "POST":
        return request.headers.get("content-type", "").lower().startswith(_FORM)
    return "Operation" in request.query_params


def _is_visit(request: Request) -> bool:
    """Whether a browser wants a page to show."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
