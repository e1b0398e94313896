"""HITs in a page of Playwright, without a socket: the requests of the page are answered here.

`Worker.open` uses this module. The addresses are those of the service, or of a server.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from python_multipart import parse_form
from starlette.responses import Response

from mturk_mock.backend.backend import Backend
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.sites import SANDBOX_PATH, SERVICE
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ACCEPTED, Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.questions.question import QuestionPage, read_question
from mturk_mock.server import pages
from mturk_mock.server.origins import content_origin
from mturk_mock.server.tasks.frame import PATH, read_page
from mturk_mock.server.tasks.page import prepare_page
from mturk_mock.server.tasks.tickets import Ticket
from mturk_mock.server.worker.question_form import (
    CONTENT_SOURCES,
    Posted,
    read_posted,
    show_form,
)
from mturk_mock.server.worker.routes import find_file
from mturk_mock.web import external_submit
from mturk_mock.web.visit import Visit, answer_visit
from mturk_mock.workforce.browser_page import BrowserPage
from mturk_mock.workforce.hit import Assignment as AssignmentHandle

#: The hosts of task pages, by environment. [assumed]
_CONTENT: Final = {
    PRODUCTION: "https://www.mturkcontent.com",
    SANDBOX: "https://workersandbox.mturkcontent.com",
}
#: The worker sites, by environment. [doc]
_WORKER_SITES: Final = {
    PRODUCTION: "https://worker.mturk.com",
    SANDBOX: "https://workersandbox.mturk.com",
}
_STATIC: Final = "/static/"
_GONE: Final = "This assignment is {status}, so nothing was submitted."
_THANKS: Final = "Assignment {id} was submitted. Thank you."


def show(backend: Backend, assignment: AssignmentHandle, page: BrowserPage) -> None:
    """Open an assignment in a page, whose requests for it are answered from now on."""
    opened = _Opened(backend, assignment)
    page.route(opened.pattern, opened.answer)
    page.goto(opened.url)


@dataclass(frozen=True)
class _Work:
    """An assignment, with what belongs to it."""

    account: Account
    hit: HIT
    assignment: Assignment
    page: QuestionPage


class _Opened:
    """An assignment in a page.

    ``url``: its address. ``pattern``: matches the addresses that are answered here.
    """

    def __init__(self, backend: Backend, assignment: AssignmentHandle) -> None:
        self._backend = backend
        self._handle = assignment
        work = self._find()
        environment = work.account.environment
        self._submit_to = backend.sites.submit_to[environment]
        self._content, worker_site = _sites_of(backend, environment)
        self._form_url = (
            f"{worker_site}/projects/{work.hit.type.group_id}/tasks/{work.hit.id}"
            f"?{urlencode({'assignment_id': assignment.id})}"
        )
        self._task_url = f"{self._content}{PATH}?{urlencode(self._parameters(work))}"
        self._submits = _submit_addresses(backend, environment, self._content)
        self.url = self._url_of(work)
        self.pattern = re.compile(
            "|".join(f"^{re.escape(each)}" for each in self._owned(worker_site))
        )

    def _find(self) -> _Work:
        with self._backend.transaction() as (marketplace, _):
            account, assignment = marketplace.find_assignment(self._handle.id)
            hit = account.hits[assignment.hit_id]
            return _Work(account, hit, assignment, read_question(hit.question))

    def _parameters(self, work: _Work) -> dict[str, str]:
        """Return the parameters of the frame, in the recorded order. [observed]"""
        return {
            "assignmentId": work.assignment.id,
            "hitId": work.hit.id,
            "workerId": work.assignment.worker_id,
            "turkSubmitTo": self._submit_to,
        }

    def _url_of(self, work: _Work) -> str:
        if work.page.fields is not None:
            return self._form_url
        return work.page.url_for(**self._parameters(work)) or self._task_url

    def _owned(self, worker_site: str) -> list[str]:
        """Return the beginnings of the addresses that are answered here."""
        origins = {self._content, _origin(worker_site), *map(_origin, self._submits)}
        static = [origin + _STATIC for origin in sorted(origins)]
        return [self._form_url, self._task_url, *self._submits, *static]

    def answer(self, route: Any) -> None:
        """Answer a request of the page."""
        request = route.request
        response = self._respond(request)
        headers = {name: value for name, value in response.headers.items() if name != "etag"}
        route.fulfill(status=response.status_code, headers=headers, body=bytes(response.body))

    def _respond(self, request: Any) -> Response:
        address = request.url.partition("#")[0].partition("?")[0]
        if address in self._submits:
            return self._submit(request, self._submits[address])
        if request.url.startswith(self._form_url):
            return self._answer_form(request)
        if _STATIC in address:
            return _read_static(address.rpartition("/")[2])
        ticket = Ticket(self._find().hit.id, self._content, self._submit_to, self._handle.id)
        html = prepare_page(read_page(self._backend, ticket) or "", f"{self._content}/static")
        return Response(html, media_type="text/html")

    def _submit(self, request: Any, environment: str) -> Response:
        """Answer externalSubmit."""
        body, content_type = request.post_data_buffer or b"", request.headers.get("content-type")
        visit = Visit(request.method, request.url, content_type or "", body)

        def submit(backend: Backend, visit: Visit) -> Any:
            return external_submit.submit(backend, visit, environment)

        answered = answer_visit(submit, self._backend, visit)
        return _say(answered.status, answered.body.decode())

    # QuestionForm

    def _answer_form(self, request: Any) -> Response:
        work = self._find()
        if work.assignment.status != ACCEPTED:
            return _say(409, _GONE.format(status=work.assignment.status))
        if request.method != "POST":
            return self._show_form(work, Posted())
        fields, files = _read_multipart(request)
        posted = read_posted(work.page, fields, files)
        if posted.errors:
            return self._show_form(work, posted)
        self._handle.submit(posted.answer)
        return _say(200, _THANKS.format(id=self._handle.id))

    def _show_form(self, work: _Work, posted: Posted) -> Response:
        return pages.render(
            "opened_form.html",
            422 if posted.errors else 200,
            policy=CONTENT_SOURCES,
            title=work.hit.type.properties.title,
            form=show_form(work.hit.question),
            posted=posted,
            action=self._form_url,
        )


def _sites_of(backend: Backend, environment: str) -> tuple[str, str]:
    """Return the origin of task pages, and the address of the worker site."""
    if not backend.sites.is_served:
        return _CONTENT[environment], _WORKER_SITES[environment]
    site = backend.sites.api[PRODUCTION]
    return content_origin(site) or site, backend.sites.submit_to[environment]


def _submit_addresses(backend: Backend, environment: str, content: str) -> dict[str, str]:
    """Return the addresses of externalSubmit, with their environments.

    Pages have the service's own written in; the script of task pages sends forms to their host.
    """
    found = {**_by_address(SERVICE.submit_to), **_by_address(backend.sites.submit_to)}
    if not backend.sites.is_served:
        return {**found, content + external_submit.PATH: environment}
    served = {PRODUCTION: content, SANDBOX: content + SANDBOX_PATH}
    return {**found, **_by_address(served)}


def _by_address(sites: Any) -> dict[str, str]:
    return {url + external_submit.PATH: environment for environment, url in sites.items()}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _read_static(name: str) -> Response:
    found = find_file(name)
    return Response(status_code=404) if found is None else found.answer({})


def _say(status: int, text: str) -> Response:
    title = "Submitted" if status == 200 else "Not submitted"
    return pages.render("external_submit.html", status, title=title, text=text, tells=False)


def _read_multipart(request: Any) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    """Return the fields of a form, and the contents of its files by field."""
    fields: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}

    def add_field(field: Any) -> None:
        fields.append((field.field_name.decode(), (field.value or b"").decode()))

    def add_file(file: Any) -> None:
        if file.file_name:
            file.file_object.seek(0)
            files[file.field_name.decode()] = file.file_object.read()

    body = request.post_data_buffer or b""
    headers = {"Content-Type": request.headers["content-type"].encode()}
    parse_form(headers, io.BytesIO(body), add_field, add_file)
    return fields, files
