"""Parser for multipart/form-data that runs in linear time. [doc] RFC 7578"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: The longest header, and the longest head of a part, in bytes: the limit of common web servers.
LONGEST_HEAD: Final = 8192
#: The most fields and files of a form.
MOST_FIELDS: Final = 20_000

#: What follows a boundary: "--" at the end of the form, and the end of the line.
_AFTER_BOUNDARY: Final = re.compile(rb"(?:(--)[ \t]*(?=\r?\n|\Z)|[ \t]*(?=\r?\n))")
_HEAD_ENDS: Final = (b"\n\n", b"\n\r\n")
_CONTINUATION: Final = re.compile(r"\r?\n[ \t]+")
#: Unambiguous, so that matching is linear; a quoted value without an end takes the rest.
_PARAMETER: Final = re.compile(
    r';\s*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)|([^\s;"]*))', re.DOTALL
)
_ESCAPED: Final = re.compile(r'\\(["\\])')


class FormTooLarge(ValueError):
    """A form is larger than web servers accept. ``status``: of the response."""

    status = 413


class HeadTooLong(FormTooLarge):
    """A header, or the head of a part, is longer than web servers accept."""

    status = 431


class TooManyFields(FormTooLarge):
    """A form has more than MOST_FIELDS fields."""

    def __init__(self) -> None:
        super().__init__(f"The form has more than {MOST_FIELDS} fields.")


def read_fields(content_type: str, body: bytes) -> Iterator[tuple[str, str | bytes]]:
    """Yield the fields of a form as browsers send it: a text, or the bytes of a file.

    An input without a file, whose part has an empty filename, is no field. A form without a
    boundary has no fields. Raises FormTooLarge.
    """
    _check_length("The Content-Type", content_type.encode())
    boundary = _read_parameters(content_type).get("boundary")
    for part in _split(boundary, body) if boundary else ():
        head, content = _split_head(part)
        disposition = _read_parameters(head.get("content-disposition", ""))
        is_multipart = head.get("content-type", "").lower().startswith("multipart/")
        if "name" not in disposition or is_multipart:
            continue
        if "filename" not in disposition:
            yield disposition["name"], content.decode(errors="replace")
        elif disposition["filename"]:
            yield disposition["name"], content


def _check_length(what: str, head: bytes) -> None:
    if len(head) > LONGEST_HEAD:
        raise HeadTooLong(f"{what} is {len(head)} bytes long; at most {LONGEST_HEAD} are allowed.")


def _split(boundary: str, body: bytes) -> list[bytes]:
    """Return the parts; each begins with the line break that ends its delimiter.

    Raises TooManyFields.
    """
    parts: list[bytes] = []
    start = -1  # of the part that is read; -1 before the first and after the last
    for at, end in _find_boundaries(b"--" + boundary.encode("latin-1", "replace"), body):
        after = _AFTER_BOUNDARY.match(body, end)
        if after is None:
            continue
        if start >= 0:
            parts.append(body[start:at].removesuffix(b"\n").removesuffix(b"\r"))
        start = -1 if after[1] else after.end()
        if after[1]:
            break
    return parts if start < 0 else [*parts, body[start:]]


def _find_boundaries(line: bytes, body: bytes) -> Iterator[tuple[int, int]]:
    """Yield the starts and ends of a text at the beginning of lines; raise TooManyFields."""
    at = 0 if body.startswith(line) else body.find(b"\n" + line) + 1
    for _ in range(MOST_FIELDS + 1):
        if not body.startswith(line, at):
            return
        yield at, at + len(line)
        at = body.find(b"\n" + line, at + len(line)) + 1 or len(body)
    raise TooManyFields


def _split_head(part: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers of a part, by name in lower case, and its content."""
    ends = [(at, len(end)) for end in _HEAD_ENDS if (at := part.find(end)) >= 0]
    end, length = min(ends, default=(len(part), 0))
    head, content = part[:end].removesuffix(b"\r"), part[end + length :]
    _check_length("The head of a part of the form", head)
    lines = _CONTINUATION.sub(" ", head.decode(errors="replace")).split("\n")
    headers = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in headers}, content


def _read_parameters(header: str) -> dict[str, str]:
    """Return the parameters of a header, by name in lower case; the first of each name counts."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(header):
        quoted, plain = match[2], match[3]
        value = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
        found.setdefault(match[1].lower(), value)
    return found
