"""A small site with one QuestionForm, for tests of its page."""

from __future__ import annotations

import asyncio
from importlib import resources
from typing import Any

import httpx
import jinja2
import lxml.html
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mturk_mock.questions.question import read_question
from mturk_mock.server.worker.question_form import (
    CONTENT_SOURCES,
    Posted,
    read_files,
    read_posted,
    show_form,
)

POLICY = f"default-src 'self'; base-uri 'none'; form-action 'self'; {CONTENT_SOURCES}"
PAGE = """{% from "question_form.html" import question_form %}
<!doctype html><html lang="en"><head><title>A HIT</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/static/site.css">
<script src="/static/question_form.js" defer></script></head><body><main><h1>A HIT</h1>
{{ question_form(form, values, errors, preview, hidden=hidden, draft="3ASSIGNMENT", **more) }}
</main></body></html>"""
SUBMITTED = """<!doctype html><html lang="en"><head><title>Done</title>
<script src="/static/question_form.js" defer></script></head>
<body><h1>Submitted</h1><a href="/">Back</a></body></html>"""

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("mturk_mock.server.worker"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HIDDEN = jinja2.filters.Markup('<input type="hidden" name="token" value="secret">')


def render(document: str, posted: Posted | None = None, *, preview: bool = False, **more: Any):
    """Return the page of a form, after `posted` if it is given."""
    posted = posted or Posted()
    return TEMPLATES.from_string(PAGE).render(
        form=show_form(document),
        values=posted.values,
        errors=posted.errors,
        preview=preview,
        hidden=HIDDEN,
        more=more,
    )


class Site:
    """A site with one form. ``posted``: what was read from each form that was sent."""

    def __init__(self, document: str, **options: Any) -> None:
        self.document = document
        self.options = options
        self.posted: list[Posted] = []
        self.app = Starlette(
            routes=[
                Route("/", self._show),
                Route("/", self._read, methods=["POST"]),
                Route("/static/{name}", self._static),
            ]
        )

    def _page(self, content: str, status: int = 200) -> Response:
        return HTMLResponse(content, status, {"Content-Security-Policy": POLICY})

    async def _show(self, request: Request) -> Response:
        return self._page(render(self.document, **self.options))

    async def _read(self, request: Request) -> Response:
        async with request.form(max_part_size=4_000_000) as form:
            files = read_files(form)
            posted = read_posted(read_question(self.document), form.multi_items(), files)
        self.posted.append(posted)
        if posted.errors:
            return self._page(render(self.document, posted, **self.options), 422)
        return self._page(SUBMITTED)

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = (resources.files("mturk_mock.server") / "static" / name).read_bytes()
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        return Response(content, media_type=kind)

    def post(self, *fields: tuple[str, str], **files: tuple[str, bytes]) -> lxml.html.HtmlElement:
        """Send a form as a browser encodes it, and return the page that follows.

        `files`: name and content by control, with "_" for "-".
        """
        parts = [(f'"{name}"', value.replace("\n", "\r\n").encode()) for name, value in fields]
        for name, (filename, content) in files.items():
            parts.append((f'"{name.replace("_", "-")}"; filename="{filename}"', content))
        return lxml.html.fromstring(asyncio.run(self._send(parts)))

    async def _send(self, parts: list[tuple[str, bytes]]) -> str:
        line = b"--BOUNDARY"
        head = b"Content-Disposition: form-data; name="
        written = [b"\r\n".join([line, head + name.encode(), b"", value]) for name, value in parts]
        body = b"\r\n".join([*written, line + b"--", b""])
        headers = {"Content-Type": "multipart/form-data; boundary=BOUNDARY"}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.post("/", content=body, headers=headers)).text


# Pages as assistive technology sees them ----------------------------------------------------


def text_of(element: lxml.html.HtmlElement) -> str:
    """Return the text of an element in one line."""
    return " ".join(element.text_content().split())


def by_ids(page: lxml.html.HtmlElement, ids: str | None) -> str:
    """Return the text of the elements with these IDs."""
    return " ".join(text_of(page.get_element_by_id(each)) for each in (ids or "").split())


def name_of(control: lxml.html.HtmlElement) -> str:
    """Return the accessible name of a control or a group of controls."""
    page = control.getroottree().getroot()
    if control.get("aria-labelledby"):
        return by_ids(page, control.get("aria-labelledby"))
    if control.tag == "fieldset":
        return text_of(control.find("legend"))
    around = list(control.iterancestors("label"))
    found = around or page.xpath("//label[@for=$id]", id=control.get("id"))
    return text_of(found[0])


def described(control: lxml.html.HtmlElement) -> str:
    """Return the accessible description of a control, in one line."""
    page = control.getroottree().getroot()
    return " ".join(by_ids(page, control.get("aria-describedby")).split())
