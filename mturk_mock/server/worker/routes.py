"""The addresses of the worker site, and the endpoint that answers there."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from mturk_mock.core.errors import MTurkError
from mturk_mock.server.access import SESSION, is_form_token, is_from_site
from mturk_mock.server.access_log import record_of
from mturk_mock.server.endpoint import MAX_FORM, Endpoint, read_body
from mturk_mock.server.hosts import host_in, is_loopback
from mturk_mock.server.pages import PageRequest, StaticFile, find_static, make_static, redirect
from mturk_mock.server.tasks.crowd_script import crowd_script
from mturk_mock.server.worker import dashboard, hit_groups, qualifications, sign_in, work
from mturk_mock.server.worker.site import COOKIE, SECURE_COOKIE, Page, WorkerSite

log: Final = logging.getLogger("mturk_mock.server")

#: The name under which task pages get the elements, in place of Amazon's.
CROWD_SCRIPT: Final = "crowd-html-elements.js"

_TASK: Final = "/projects/{group}/tasks/{hit}"
_TYPE: Final = "/qualifications/{type}"
_TEST: Final = f"{_TYPE}/tests/{{request}}"
#: The pages of the site. The paths of HITs are those of the service. [observed]
PAGES: Final = (
    Page("/projects", {"GET": hit_groups.show_groups}),
    Page("/projects/{group}/tasks", {"GET": work.preview}),
    Page("/projects/{group}/tasks/accept", {"POST": work.accept}),
    Page(_TASK, {"GET": work.show_work, "POST": work.submit}),
    Page(f"{_TASK}/return", {"POST": work.give_back}),
    Page(f"{_TASK}/next", {"POST": work.go_on}),
    Page(f"{_TASK}/status", {"GET": work.show_status}),
    Page("/mturk/preview", {"GET": work.redirect_preview}),
    Page("/tasks", {"GET": work.show_queue}),
    Page("/dashboard", {"GET": dashboard.show_dashboard}),
    Page("/dashboard/work", {"GET": dashboard.show_work_list}),
    Page("/dashboard/earnings", {"GET": dashboard.show_earnings}),
    Page("/dashboard/bonuses", {"GET": dashboard.show_bonuses}),
    Page("/dashboard/messages", {"GET": dashboard.show_messages}),
    Page("/qualifications", {"GET": qualifications.show_qualifications}),
    Page("/qualifications/yours", {"GET": qualifications.show_yours}),
    Page(_TYPE, {"GET": qualifications.show_type}),
    Page(f"{_TYPE}/request", {"POST": qualifications.request_type}),
    Page(_TEST, {"GET": qualifications.show_test, "POST": qualifications.submit_test}),
    Page(f"{_TEST}/status", {"GET": qualifications.show_status}),
    Page("/sign_in", {"GET": sign_in.show_sign_in, "POST": sign_in.sign_in}, is_public=True),
    Page("/sign_out", {"POST": sign_in.sign_out}),
    Page(
        "/invitations/{token}",
        {"GET": sign_in.show_invitation, "POST": sign_in.accept_invitation},
        is_public=True,
    ),
)

_FORGED: Final = "The form was not sent by a page of this site. Go back, reload it, try again."


def routes_of(site: WorkerSite) -> Iterator[Route]:
    """Yield the routes of a site."""
    for page in PAGES:
        yield Route(site.root + page.path, PageEndpoint(site, page))


class PageEndpoint(Endpoint):
    """Answers the requests for one page of a site."""

    def __init__(self, site: WorkerSite, page: Page) -> None:
        super().__init__(site.backend)
        self._site = site
        self._page = page

    async def answer(self, request: Request) -> Response:
        """Return the page, also for a request that it cannot carry out."""
        asked = self._read_head(request)
        home = self._site.door.origins.site
        if home is not None and _is_other_name(request.headers.get("host", ""), home):
            return redirect(home + _target(request))
        if asked.method not in self._page.views:
            return self._say(asked, "This page takes no such request", asked.method, 405)
        if asked.signed_in is None and not self._page.is_public:
            following = _target(request) if asked.method == "GET" else f"{self._site.root}/projects"
            return self._site.go(f"/sign_in?{urlencode({'next': following})}")
        if asked.method != "POST":
            return await run_in_threadpool(self._view, asked)
        async with reading_form(request) as form:
            asked = replace(asked, form=form)
            if not _is_ours(asked):
                return self._say(asked, "Nothing was done", _FORGED, 403)
            return await run_in_threadpool(self._view, asked)

    def _read_head(self, request: Request) -> PageRequest:
        site = self._site.door.origins.site_for(request.headers, request.url.scheme)
        name = SECURE_COOKIE if site.startswith("https:") else COOKIE
        session = request.cookies.get(name, "")
        signed_in = self._site.door.passes.find(SESSION, session)
        if signed_in is not None:
            record_of(request.scope).requester = signed_in.worker_id
        return PageRequest(
            "GET" if request.method == "HEAD" else request.method,
            request.url.path,
            request.path_params,
            request.query_params,
            request.headers,
            site,
            request.client.host if request.client else "",
            session if signed_in else "",
            signed_in,
        )

    def _view(self, asked: PageRequest) -> Response:
        try:
            return self._page.views[asked.method](self._site, asked)
        except MTurkError as refusal:
            return self._say(asked, "This cannot be done", refusal.message, refusal.row.status)
        except Exception:
            log.exception("%s %s failed", asked.method, self._page.path)
            text = "This is a bug in mturk_mock, and its log says more. Nothing was lost."
            return self._say(asked, "The server could not answer", text, 500)

    def _say(self, asked: PageRequest, title: str, text: str, status: int) -> Response:
        return self._site.say(asked, title, text, status)


def _is_other_name(netloc: str, home: str) -> bool:
    """Tell whether a browser uses another name of this machine, for which it keeps other cookies.

    Behind a proxy that passes on another Host, a redirection would lead to itself.
    """
    own = home.partition("//")[2]
    return netloc != own and is_loopback(host_in(own))


def _target(request: Request) -> str:
    """Return the path and the query of a request."""
    query = request.url.query
    return quote(request.url.path) + (f"?{query}" if query else "")


def _is_ours(asked: PageRequest) -> bool:
    """Tell whether a form was sent by the site, for the session of the request."""
    if not is_from_site(asked.headers, asked.site):
        return False
    return not asked.session or is_form_token(str(asked.form.get("token", "")), asked.session)


@asynccontextmanager
async def reading_form(request: Request) -> AsyncIterator[FormData]:
    """Yield the fields of a form, and close its files at the end; an unreadable form has none."""
    body = await read_body(request, MAX_FORM)

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        form = await Request(request.scope, receive).form(max_part_size=MAX_FORM)
    except HTTPException:
        form = FormData()
    try:
        yield form
    finally:
        await form.close()


class StaticEndpoint(Endpoint):
    """Answers with a script, the stylesheet, or another file of the pages."""

    async def answer(self, request: Request) -> Response:
        """Return the file."""
        found = find_file(request.path_params["name"])
        if found is None:
            return Response("There is no such file.\n", 404)
        return found.answer(request.headers)


def find_file(name: str) -> StaticFile | None:
    """Return a file of the pages, also of task pages; None if there is none of that name."""
    if name == CROWD_SCRIPT:
        return make_static(name, crowd_script())
    return find_static("mturk_mock.server", name) or find_static("mturk_mock.server.tasks", name)
