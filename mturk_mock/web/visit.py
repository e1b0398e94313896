"""HTTP requests to pages, and their responses, independent of any transport."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Response
from mturk_mock.web import multipart

TEXT: Final = "text/plain; charset=utf-8"
XML: Final = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Visit:
    """One HTTP request; `content_type` and `body` are empty if it has none."""

    method: str
    url: str
    content_type: str = ""
    body: bytes = b""

    def fields(self) -> dict[str, str]:
        """Return the fields of the address and of the form; the last of each name counts.

        Raises HeadTooLong.
        """
        return dict([*_urlencoded(urlsplit(self.url).query), *self._form()])

    def _form(self) -> Iterator[tuple[str, str]]:
        if self.content_type.lower().startswith("multipart/form-data"):
            return multipart.read_fields(self.content_type, self.body)
        return _urlencoded(self.body.decode(errors="replace"))


#: Answers requests to one address.
Page = Callable[[Backend, Visit], Response]


def _urlencoded(text: str) -> Iterator[tuple[str, str]]:
    return iter(parse_qsl(text, keep_blank_values=True))


def page(status: int, content: str | bytes, content_type: str = TEXT) -> Response:
    """Return the response of a page."""
    body = content.encode() if isinstance(content, str) else content
    return Response(status, {"Content-Type": content_type, "Content-Length": str(len(body))}, body)


def answer(to_visit: Page, backend: Backend, visit: Visit) -> Response:
    """Return what a page answers: to HEAD without a body, and 431 if a head is too long."""
    try:
        response = to_visit(backend, visit)
    except multipart.HeadTooLong as problem:
        response = page(431, str(problem))
    return response._replace(body=b"") if visit.method == "HEAD" else response
