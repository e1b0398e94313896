"""The server of a preview: that of the mock, with a page around the task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mturk_mock.backend.backend import Backend
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID
from mturk_mock.server import pages
from mturk_mock.server.access import is_from_site
from mturk_mock.server.endpoint import Endpoint
from mturk_mock.server.mturk_server import MTurkServer
from mturk_mock.server.preview.preview import Preview, Task, View
from mturk_mock.server.tasks.frame import PATH, ROOT, refuse_form, sandbox_for
from mturk_mock.server.tasks.page import prepare_page, wrap_template
from mturk_mock.server.worker.question_form import (
    CONTENT_SOURCES,
    Posted,
    read_files,
    read_posted,
    show_form,
)
from mturk_mock.server.worker.routes import reading_form
from mturk_mock.server.worker.tasks import Frame, external_frame, frame_policy

_PACKAGE: Final = "mturk_mock.server.preview"
#: Where the page is, and on the host of task pages the page of the HIT.
SHELL: Final = "/preview"
_TASKS: Final = f"{ROOT}/preview"
#: What the page shows beside an accepted HIT.
PREVIEWED: Final = "preview"
SUBMITTED: Final = "submitted"
_MODES: Final = (PREVIEWED, SUBMITTED)
#: The end of a task page: a script that passes the arrow keys on.
_KEYS: Final = f'<script src="{_TASKS}/keys.js"></script>'
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
}
_GONE: Final = "This task is over. Reload the preview for a new one.\n"
_NOT_OURS: Final = "The form was not sent by the page of the preview.\n"


class PreviewServer(MTurkServer):
    """A server that shows one page."""

    def __init__(
        self, page: Path, rows: Path | None, port: int, tell: Callable[[str], object]
    ) -> None:
        super().__init__(port=port, balance="100000000.00")
        self.files = page, rows
        self.preview = Preview(page, rows, tell)

    def start(self) -> PreviewServer:
        """Start to answer, and return the server."""
        super().start()
        self.preview.begin(self.mturk, self.client())
        return self

    @property
    def preview_url(self) -> str:
        """The address of the page."""
        return f"{self.url}{SHELL}"

    def _routes(self, backend: Backend) -> Sequence[Route]:
        return [
            Route(SHELL, Shell(self, backend)),
            Route(f"{SHELL}/state", State(self, backend)),
            Route(f"{SHELL}/submitted", SubmittedList(self, backend)),
            Route(f"{SHELL}/submit/{{key}}", Submit(self, backend)),
            Route(f"{_TASKS}/{{key}}{PATH}", TaskPage(self, backend)),
            Route(f"{SHELL}/{{name}}", StaticFile(self, backend)),
            Route(f"{_TASKS}/{{name}}", StaticFile(self, backend)),
        ]

    def _frame_of(self, task: Task, assignment_id: str) -> Frame:
        parameters = {
            "assignmentId": assignment_id,
            "hitId": task.assignment.hit_id,
            "workerId": task.assignment.worker_id,
            "turkSubmitTo": self.worker_url,
        }
        if task.page.url is not None:
            return external_frame(task.page, parameters, self.url)
        url = f"{self.content_url}{_TASKS}/{task.key}{PATH}?{urlencode(parameters)}"
        return Frame(url, task.page.frame_height, sandbox_for(is_opaque=False))

    def render(self, view: View, mode: str = "", posted: Posted | None = None) -> Response:
        """Return the page around a task. `posted`: a form that cannot be submitted."""
        task, frame, form = view.task, None, None
        if task is not None and task.page.fields is not None:
            form = show_form(task.assignment.hit.question)
        elif task is not None:
            id_ = PREVIEW_ASSIGNMENT_ID if mode == PREVIEWED else task.assignment.id
            frame = self._frame_of(task, id_)
        return pages.render(
            "previewed_page.html",
            422 if posted else 200,
            policy=CONTENT_SOURCES if form else frame_policy(frame, self.url, ""),
            view=view,
            mode=mode,
            frame=frame,
            form=form,
            posted=posted or Posted(),
            submitted=self.preview.submitted,
            files=[each.name for each in self.files if each is not None],
        )


class _Part(Endpoint):
    """An address of the preview."""

    def __init__(self, server: PreviewServer, backend: Backend) -> None:
        super().__init__(backend)
        self._server = server

    @property
    def _preview(self) -> Preview:
        return self._server.preview

    def _find_task(self, request: Request) -> Task | None:
        return self._preview.find_task(request.path_params["key"])


class Shell(_Part):
    """Answers with the page around the task."""

    async def answer(self, request: Request) -> Response:
        """Return the page."""
        return await run_in_threadpool(self._show, request.query_params)

    def _show(self, query: QueryParams) -> Response:
        row = query.get("row", "")
        view = self._preview.show(int(row) if row.isdecimal() else 1)
        mode = query.get("show", "")
        return self._server.render(view, mode if mode in _MODES else "")


class Submit(_Part):
    """Takes the answers to a QuestionForm."""

    async def answer(self, request: Request) -> Response:
        """Submit them, or show the form with what is wrong."""
        if request.method != "POST" or not is_from_site(request.headers, self._server.url):
            return PlainTextResponse(_NOT_OURS, 403)
        task = self._find_task(request)
        if task is None or task.page.fields is None:
            return PlainTextResponse(_GONE, 410)
        async with reading_form(request) as form:
            posted = read_posted(task.page, form.multi_items(), read_files(form))
        return await run_in_threadpool(self._submit, task, posted)

    def _submit(self, task: Task, posted: Posted) -> Response:
        if posted.errors:
            view = self._preview.show_again(task)
            return self._server.render(view, posted=posted)
        task.assignment.submit(posted.answer, check=False)
        return pages.redirect(f"{SHELL}?{urlencode({'row': task.row, 'show': SUBMITTED})}")


class TaskPage(_Part):
    """Answers with the page of a HIT."""

    async def answer(self, request: Request) -> Response:
        """Return the page; without a task, a word about that."""
        if request.method != "GET":
            return refuse_form(self._server.origins, self._server.url)
        task = self._find_task(request)
        if task is None or task.page.html is None:
            return PlainTextResponse(_GONE, 410)
        site = self._server.url
        given = request.query_params.get("assignmentId", "")
        html = prepare_page(wrap_template(task.page.html, site, given))
        headers = {**_HEADERS, "Content-Security-Policy": f"frame-ancestors {site}"}
        return HTMLResponse(html + _KEYS, headers=headers)


class State(_Part):
    """Tells the page's script what there is."""

    async def answer(self, request: Request) -> Response:
        """Return the version of the files, and how many answers were submitted."""
        found = {"version": self._preview.version, "submitted": len(self._preview.submitted)}
        return JSONResponse(found, headers={"Cache-Control": "no-store"})


class SubmittedList(_Part):
    """Answers with the list of submitted answers, a part of the page."""

    async def answer(self, request: Request) -> Response:
        """Return the list."""
        return pages.render("submitted_answers.html", submitted=self._preview.submitted)


class StaticFile(_Part):
    """Answers with the script or the stylesheet of the page."""

    async def answer(self, request: Request) -> Response:
        """Return the file."""
        found = pages.find_static(_PACKAGE, request.path_params["name"])
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        return found.answer(request.headers)
