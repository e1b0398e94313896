"""The frames of HITs: their addresses, and the pages that they show."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from mturk_mock.backend.backend import Backend
from mturk_mock.core.errors import MTurkError
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID, read_question
from mturk_mock.server.tasks.tickets import Ticket, Tickets

#: Where task pages are on their host.
ROOT: Final = "/tasks"
#: The end of the path of a task page. [observed]
PATH: Final = "/dynamic/hit"
#: What a frame may do. It cannot replace the page around it.
SANDBOX: Final = (
    "allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox "
    "allow-scripts"
)
_SAME_ORIGIN: Final = " allow-same-origin"
_USED: Final = (
    "<!DOCTYPE html><html lang=en><title>Reload the HIT</title><p>This page was opened before. "
    "Reload the page around it to open it again: the HIT is still yours.</p>"
)


def frame_url(content: str, token: str, parameters: dict[str, str]) -> str:
    """Return the address of a frame, with the parameters in the recorded order. [observed]"""
    names = ("assignmentId", "hitId", "workerId", "turkSubmitTo")
    query = urlencode({name: parameters[name] for name in names})
    return f"{content}{ROOT}/{token}{PATH}?{query}"


def sandbox_for(is_opaque: bool) -> str:
    """Return the attribute `sandbox` of a frame; an opaque one has no origin."""
    return SANDBOX if is_opaque else SANDBOX + _SAME_ORIGIN


def show_task(backend: Backend, tickets: Tickets, token: str, *, is_opaque: bool) -> Response:
    """Return the page of a HIT for an unused ticket."""
    ticket = tickets.take(token)
    html = None if ticket is None else _page_of(backend, ticket)
    if ticket is None or html is None:
        return HTMLResponse(_USED, 410, _headers("*", is_opaque))
    return HTMLResponse(html, headers=_headers(ticket.site, is_opaque))


def _page_of(backend: Backend, ticket: Ticket) -> str | None:
    with backend.transaction() as (marketplace, _):
        try:
            _, hit = marketplace.find_hit(ticket.hit_id)
        except MTurkError:
            return None
        return read_question(hit.question).html


def _headers(site: str, is_opaque: bool) -> dict[str, str]:
    policy = f"frame-ancestors {site}"
    if is_opaque:
        policy += f"; sandbox {SANDBOX}"
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
    }


#: The ID that a page gets instead of an assignment's before the worker accepts the HIT. [doc]
PREVIEW: Final = PREVIEW_ASSIGNMENT_ID
