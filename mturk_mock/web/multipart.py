"""Forms that are sent as multipart/form-data, read in linear time. [doc] RFC 7578"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: The longest header, and the longest head of a part, in bytes: that of common web servers.
LONGEST_HEAD: Final = 8192

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_CONTINUATION: Final = re.compile(r"\r?\n[ \t]+")
#: No text matches in two ways, and a quoted value without an end takes the rest.
_PARAMETER: Final = re.compile(
    r';\s*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)|([^\s;"]*))', re.DOTALL
)
_ESCAPED: Final = re.compile(r'\\(["\\])')


class HeadTooLong(ValueError):
    """A header, or the head of a part, has more bytes than a web server accepts."""


def read_fields(content_type: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form as browsers send it, without its files. [assumed]

    A form whose boundary is missing has no fields. Raises HeadTooLong.
    """
    _check_length("The Content-Type", content_type.encode())
    boundary = _read_parameters(content_type).get("boundary")
    for part in _split(boundary, body) if boundary else ():
        head, content = _split_head(part)
        disposition = _read_parameters(head.get("content-disposition", ""))
        is_multipart = head.get("content-type", "").lower().startswith("multipart/")
        if "name" in disposition and "filename" not in disposition and not is_multipart:
            yield disposition["name"], content.decode(errors="replace")


def _check_length(what: str, head: bytes) -> None:
    if len(head) > LONGEST_HEAD:
        raise HeadTooLong(f"{what} is {len(head)} bytes long: {LONGEST_HEAD} are allowed.")


def _split(boundary: str, body: bytes) -> list[bytes]:
    """Return the parts, each beginning with the end of the delimiter's line."""
    line = re.escape(boundary.encode("latin-1", "replace"))
    end = re.compile(rb"(?:\A|\r?\n)--" + line + rb"--[ \t]*(?=\r?\n|\Z)").search(body)
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + line + rb"[ \t]*(?=\r?\n)")
    return delimiter.split(body[: end.start()] if end else body)[1:]


def _split_head(part: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers of a part, by names in lower case, and its content."""
    end = _HEAD_END.search(part)
    head, content = (part[: end.start()], part[end.end() :]) if end else (part, b"")
    _check_length("The head of a part of the form", head)
    lines = _CONTINUATION.sub(" ", head.decode(errors="replace")).split("\n")
    headers = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in headers}, content


def _read_parameters(header: str) -> dict[str, str]:
    """Return the parameters of a header, by names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(header):
        quoted, plain = match[2], match[3]
        value = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
        found.setdefault(match[1].lower(), value)
    return found
