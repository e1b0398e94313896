"""Signing in and out: by a name or worker ID on this machine, by an invitation from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from starlette.responses import Response

from mturk_mock.core.ids import WORKER_ID
from mturk_mock.server import pages
from mturk_mock.server.access import INVITATION, LIFETIMES, LONGEST_NAME, SESSION, Pass
from mturk_mock.server.pages import PageRequest
from mturk_mock.server.worker.site import COOKIE, SECURE_COOKIE, WorkerSite

_ID_LETTERS: Final = 13
_TOO_MANY: Final = "Too many attempts to sign in came from your address. Try again in a minute."
_NO_NAME: Final = f"Enter your worker ID, or a name of up to {LONGEST_NAME} characters."
_GONE: Final = (
    "This invitation is not valid, or no longer. Ask the person who sent it to you for a new one."
)


def show_sign_in(site: WorkerSite, request: PageRequest) -> Response:
    """Show the form, or what to do without an invitation."""
    if request.signed_in is not None:
        return pages.redirect(_next(site, request))
    return _show_form(site, request)


def _show_form(
    site: WorkerSite, request: PageRequest, error: str = "", status: int = 200
) -> Response:
    return site.show(
        request,
        "sign_in.html",
        status,
        error=error,
        given=_name(request),
        next=_next(site, request),
        is_open=site.door.is_open,
    )


def sign_in(site: WorkerSite, request: PageRequest) -> Response:
    """Sign in with a name or a worker ID."""
    if not site.door.is_open:
        return _show_form(site, request, status=403)
    if not site.door.attempts.allows(request.client):
        return _show_form(site, request, _TOO_MANY, 429)
    name = _name(request)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return _show_form(site, request, _NO_NAME, 400)
    worker_id = name if WORKER_ID.fullmatch(name) else worker_id_for(name)
    site.mturk.worker(worker_id)
    return _begin_session(site, request, worker_id, "" if worker_id == name else name)


def _name(request: PageRequest) -> str:
    return " ".join(str(request.form.get("worker_id", "")).split())


def worker_id_for(name: str) -> str:
    """Return the worker ID of a person's name; it is the same each time, in any case."""
    digest = hashlib.sha256(name.casefold().encode()).digest()
    return f"A{base64.b32encode(digest).decode()[:_ID_LETTERS]}"


def _next(site: WorkerSite, request: PageRequest) -> str:
    """Return the path to go to: one of this server, or the list of HITs."""
    given = str(request.form.get("next") or request.query.get("next", ""))
    # Browsers leave out tabs and line breaks, and take a backslash for a slash.
    is_path = given.isprintable() and "\\" not in given and given.startswith("/")
    return given if is_path and not given.startswith("//") else f"{site.root}/projects"


def _begin_session(site: WorkerSite, request: PageRequest, worker_id: str, name: str) -> Response:
    if request.session:
        site.door.passes.end(request.session)
    token, _ = site.door.passes.issue(SESSION, worker_id, name)
    response = pages.redirect(_next(site, request))
    is_secure = request.site.startswith("https:")
    response.set_cookie(
        SECURE_COOKIE if is_secure else COOKIE,
        token,
        max_age=LIFETIMES[SESSION] // 1_000_000,
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


def sign_out(site: WorkerSite, request: PageRequest) -> Response:
    """End the session."""
    site.door.passes.end(request.session)
    response = site.go("/sign_in")
    is_secure = request.site.startswith("https:")
    name = SECURE_COOKIE if is_secure else COOKIE
    response.delete_cookie(name, secure=is_secure, httponly=True, samesite="lax")
    return response


def show_invitation(site: WorkerSite, request: PageRequest) -> Response:
    """Show an invitation; programs that look at links in mail do not use it up."""
    found = _find_invitation(site, request)
    if isinstance(found, Response):
        return found
    return site.show(request, "invitation.html", invited=found)


def accept_invitation(site: WorkerSite, request: PageRequest) -> Response:
    """Sign in with an invitation, which stays valid: for another day, or another device."""
    found = _find_invitation(site, request)
    if isinstance(found, Response):
        return found
    return _begin_session(site, request, found.worker_id, found.name)


def _find_invitation(site: WorkerSite, request: PageRequest) -> Pass | Response:
    """Return the invitation of an address, or the page that says why there is none."""
    if not site.door.attempts.allows(request.client):
        return site.say(request, "Too many attempts", _TOO_MANY, 429)
    found = site.door.passes.find(INVITATION, request.params["token"])
    if found is None:
        site.door.attempts.note_failure(request.client)
        return site.say(request, "This invitation is not valid", _GONE, 404)
    return found
