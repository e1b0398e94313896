"""The frames of HITs: their addresses, and the pages that they show."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from mturk_mock.backend.backend import Backend
from mturk_mock.core.errors import MTurkError
from mturk_mock.questions.question import read_question
from mturk_mock.server.origins import Origins
from mturk_mock.server.pages import render_framed
from mturk_mock.server.tasks.page import prepare_page, wrap_template
from mturk_mock.server.tasks.tickets import InvalidTicket, Ticket, Tickets

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
_GONE: Final = "This HIT is no longer available. Go back to the list of HITs."
_SENT_TO_ITSELF: Final = (
    "The page has sent its form to itself, so nothing was submitted. The action of the form must "
    "be the value of turkSubmitTo in the page's address, followed by /mturk/externalSubmit."
)


def frame_url(content: str, token: str, parameters: dict[str, str]) -> str:
    """Return the address of a frame, with the parameters in the recorded order. [observed]"""
    names = ("assignmentId", "hitId", "workerId", "turkSubmitTo")
    query = urlencode({name: parameters[name] for name in names})
    return f"{content}{ROOT}/{token}{PATH}?{query}"


def sandbox_for(is_opaque: bool) -> str:
    """Return the attribute `sandbox` of a frame; an opaque one has no origin."""
    return SANDBOX if is_opaque else SANDBOX + _SAME_ORIGIN


def show_task(
    backend: Backend, tickets: Tickets, origins: Origins, token: str, site: str
) -> Response:
    """Return the page of a HIT for an unused ticket. `site`: the origin of the site."""
    try:
        ticket = tickets.take(token)
    except InvalidTicket as problem:
        return _say(origins, site, 410, "This page cannot be opened", str(problem))
    html = read_page(backend, ticket)
    if html is None:
        return _say(origins, site, 410, "This HIT is gone", _GONE)
    prepared = prepare_page(html, f"{origins.content or ticket.site}/static")
    return HTMLResponse(prepared, headers=_headers(ticket.site, is_opaque=origins.content is None))


def refuse_form(origins: Origins, site: str) -> Response:
    """Return the page for a form that a task page has sent to its own address."""
    return _say(origins, site, 405, "Nothing was submitted", _SENT_TO_ITSELF)


def read_page(backend: Backend, ticket: Ticket) -> str | None:
    """Return the HTML of a HIT; that of a layout in the form of the website."""
    with backend.transaction() as (marketplace, _):
        try:
            _, hit = marketplace.find_hit(ticket.hit_id)
        except MTurkError:
            return None
    html = read_question(hit.question).html
    assert html is not None  # other questions get no ticket
    if hit.layout_id is None:
        return html
    return wrap_template(html, ticket.submit_to, ticket.assignment_id)


def _say(origins: Origins, site: str, status: int, title: str, text: str) -> Response:
    return render_framed("task_message.html", status, site, title=title, text=text)


def _headers(site: str, *, is_opaque: bool) -> dict[str, str]:
    policy = f"frame-ancestors {site}"
    if is_opaque:
        policy += f"; sandbox {SANDBOX}"
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
    }
