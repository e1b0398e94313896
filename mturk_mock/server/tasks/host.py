"""The host of task pages: it serves them, their scripts and externalSubmit, and nothing else.

A task page is written by a requester, so it may do nothing that the site or the API can do.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mturk_mock.core.sites import SANDBOX_PATH
from mturk_mock.server.origins import Origins
from mturk_mock.server.tasks.frame import ROOT
from mturk_mock.web import external_submit

_SUBMITS: Final = (external_submit.PATH, SANDBOX_PATH + external_submit.PATH)
_PAGES: Final = f"{ROOT}/"
#: Scripts, which pages of the site and of HITs load.
_SCRIPTS: Final = "/static/"
_REFUSED: Final = "Pages of HITs may open task pages and submit to externalSubmit only.\n"
_NO_WORKER: Final = "A page of a HIT may not register a service worker.\n"


class TaskHost:
    """Keeps task pages away from the site and the API, and the site away from their host.

    ``is_shared``: whether programs may call the API on the host of task pages too. So it is for
    ``localhost``, which programs use in the address of a server.
    """

    def __init__(self, app: ASGIApp, origins: Origins, *, is_shared: bool) -> None:
        self._app = app
        self._origins = origins
        self._is_shared = is_shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, redirect it to the site, or refuse it."""
        app = self._app
        if scope["type"] == "http":
            app = self._find_refusal(scope["path"], Headers(scope=scope), scope) or app
        await app(scope, receive, send)

    def _find_refusal(self, path: str, headers: Headers, scope: Scope) -> ASGIApp | None:
        is_content = self._origins.is_content(headers)
        if is_content and headers.get("service-worker") is not None:
            return PlainTextResponse(_NO_WORKER, 403)
        if path in _SUBMITS or path.startswith(_SCRIPTS):
            return None
        if is_content and path.startswith(_PAGES):
            return None
        if self._origins.is_by_task_page(headers):
            return PlainTextResponse(_REFUSED, 403)
        if not is_content:
            return None
        if headers.get("sec-fetch-mode") == "navigate" and self._origins.site is not None:
            query = scope["query_string"].decode("latin-1")
            where = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
            return RedirectResponse(self._origins.site + where, 307)
        return None if self._is_shared else PlainTextResponse(_REFUSED, 404)
