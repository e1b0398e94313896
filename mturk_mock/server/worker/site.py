"""The worker site of one environment: what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from starlette.responses import Response

from mturk_mock.backend.backend import Backend
from mturk_mock.core.environment import SANDBOX
from mturk_mock.mock.mturk import MTurk
from mturk_mock.server import pages
from mturk_mock.server.access import Attempts, Passes, form_token
from mturk_mock.server.origins import Origins
from mturk_mock.server.pages import PageRequest
from mturk_mock.server.tasks.tickets import Tickets
from mturk_mock.workforce.worker import Worker

#: The cookie of a session; with https, browsers accept it from this host only.
COOKIE: Final = "mturk_session"
SECURE_COOKIE: Final = f"__Host-{COOKIE}"


@dataclass(frozen=True)
class Door:
    """How people get in: what the sites of both environments share.

    ``is_open``: whether anybody may sign in with a name, without an invitation.
    """

    passes: Passes
    tickets: Tickets
    origins: Origins
    attempts: Attempts
    is_open: bool


@dataclass(frozen=True)
class WorkerSite:
    """The worker site of one environment. ``root``: the path before those of its pages."""

    backend: Backend
    mturk: MTurk
    environment: str
    root: str
    door: Door

    def worker(self, request: PageRequest) -> Worker:
        """Return the worker who is signed in."""
        assert request.signed_in is not None  # the view needs a session
        return self.mturk.worker(request.signed_in.worker_id)

    def show(
        self, request: PageRequest, name: str, status: int = 200, *, policy: str = "", **values: Any
    ) -> Response:
        """Return a page of the site; `policy`: see `pages.render`."""
        token = form_token(request.session) if request.session else ""
        return pages.render(
            name,
            status,
            policy=policy,
            root=self.root,
            is_sandbox=self.environment == SANDBOX,
            signed_in=request.signed_in,
            path=request.path,
            token=token,
            **values,
        )

    def say(self, request: PageRequest, title: str, text: str, status: int = 200) -> Response:
        """Return a page with a message, and the way back to the list of HITs."""
        return self.show(request, "message.html", status, title=title, text=text)

    def go(self, path: str) -> Response:
        """Return a redirection to a page of this site."""
        return pages.redirect(self.root + path)


#: Answers requests for a page.
View = Callable[[WorkerSite, PageRequest], Response]


class Page(NamedTuple):
    """The views of one path, by method. ``is_public``: whether it needs no session."""

    path: str
    views: dict[str, View]
    is_public: bool = False
