"""HTTP requests to pages, and their responses, independent of any transport."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Response
from mturk_mock.web import multipart

TEXT: Final = "text/plain; charset=utf-8"
XML: Final = "text/xml; charset=utf-8"


class Form(NamedTuple):
    """The fields of a form: texts, and the contents of files. The last of each name counts."""

    fields: dict[str, str]
    files: dict[str, bytes]


@dataclass(frozen=True)
class Visit:
    """An HTTP request; `content_type` and `body` are empty if it has none."""

    method: str
    url: str
    content_type: str = ""
    body: bytes = b""

    def fields(self) -> dict[str, str]:
        """Return the texts of the URL and of the form; raise FormTooLarge."""
        return self.form().fields

    def form(self) -> Form:
        """Return the fields of the URL and of the form; raise FormTooLarge."""
        form = Form({}, {})
        for name, value in (*_urlencoded(urlsplit(self.url).query), *self._sent()):
            if isinstance(value, bytes):
                form.files[name] = value
            else:
                form.fields[name] = value
        return form

    def _sent(self) -> Iterator[tuple[str, str | bytes]]:
        if self.content_type.lower().startswith("multipart/form-data"):
            return multipart.read_fields(self.content_type, self.body)
        return _urlencoded(self.body.decode(errors="replace"))


#: Answers requests to one address.
Page = Callable[[Backend, Visit], Response]


def _urlencoded(text: str) -> Iterator[tuple[str, str]]:
    if text.count("&") >= multipart.MOST_FIELDS:
        raise multipart.TooManyFields
    return iter(parse_qsl(text, keep_blank_values=True))


def page(status: int, content: str | bytes, content_type: str = TEXT) -> Response:
    """Return a response with this content."""
    body = content.encode() if isinstance(content, str) else content
    return Response(status, {"Content-Type": content_type, "Content-Length": str(len(body))}, body)


def answer_visit(to_visit: Page, backend: Backend, visit: Visit) -> Response:
    """Return the response of a page, without a body for HEAD; 413 or 431 if it is too large."""
    try:
        response = to_visit(backend, visit)
    except multipart.FormTooLarge as problem:
        response = page(problem.status, str(problem))
    return response._replace(body=b"") if visit.method == "HEAD" else response
