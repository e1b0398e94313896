"""HTTP requests to pages, and their responses, independent of any transport."""

from __future__ import annotations

import email.policy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Response

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
        """Return the fields of the address and of the form; the last of each name counts."""
        return dict([*_urlencoded(urlsplit(self.url).query), *self._form()])

    def _form(self) -> Iterator[tuple[str, str]]:
        if self.content_type.lower().startswith("multipart/form-data"):
            return _multipart(self.content_type, self.body)
        return _urlencoded(self.body.decode(errors="replace"))


#: Answers requests to one address.
Page = Callable[[Backend, Visit], Response]


def _urlencoded(text: str) -> Iterator[tuple[str, str]]:
    return iter(parse_qsl(text, keep_blank_values=True))


def _multipart(content_type: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form as browsers send it, without its files. [assumed]"""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = email.message_from_bytes(head + body, EmailMessage, policy=email.policy.HTTP)
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            content = part.get_payload(decode=True)
            yield name, content.decode(errors="replace") if isinstance(content, bytes) else ""


def page(status: int, content: str | bytes, content_type: str = TEXT) -> Response:
    """Return the response of a page."""
    body = content.encode() if isinstance(content, str) else content
    return Response(status, {"Content-Type": content_type, "Content-Length": str(len(body))}, body)
