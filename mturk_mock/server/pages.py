"""HTML pages of the site: templates, and the headers that keep them apart from other sites."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import jinja2
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from mturk_mock.server.access import Pass

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    # With "no-referrer", browsers would send forms of the site with the origin null.
    "Referrer-Policy": "same-origin",
}
_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
#: Browsers ask each time, so that a page never has the script of another version.
_STATIC: Final = {"Cache-Control": "no-cache"}
#: The characters that stand for themselves in an address.
_SAFE: Final = "%/:?#[]@!$&'()*+,;="
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True)
class PageRequest:
    """A request for a page.

    - ``params``: the parts of the path that vary. ``query``: the last value of each name.
    - ``form``: the fields that were posted, with ``UploadFile`` for files.
    - ``site``: the origin of the site. ``client``: the address of the client.
    - ``session``: the token of the session, "" if nobody is signed in. ``signed_in``: who is.
    """

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    site: str
    client: str
    session: str = ""
    signed_in: Pass | None = None
    form: FormData = field(default_factory=FormData)


def render(name: str, status: int = 200, *, policy: str = "", **values: Any) -> Response:
    """Return a page. `policy`: what its Content-Security-Policy allows beside the site itself."""
    content = _templates().get_template(name).render(values)
    whole = f"{_POLICY}; {policy}" if policy else _POLICY
    headers = {**_HEADERS, "Content-Security-Policy": whole}
    return HTMLResponse(content, status, headers)


def render_framed(name: str, status: int, site: str, **values: Any) -> Response:
    """Return a page that only frames of the site can show."""
    response = render(name, status, **values)
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", f"frame-ancestors {site}"
    )
    return response


def redirect(path: str) -> Response:
    """Return a redirection to a page of the site, which the browser requests with GET."""
    location = quote(path, safe=_SAFE)
    return Response(status_code=303, headers={"Location": location, **_HEADERS})


@cache
def _templates() -> jinja2.Environment:
    packages = ("mturk_mock.server", "mturk_mock.server.worker", "mturk_mock.server.preview")
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(each) for each in packages]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        money=write_money,
        span=write_span,
        clock=write_clock,
        moment=write_moment,
        day=write_day,
    )
    return environment


def write_money(amount: Decimal) -> str:
    """Return an amount of US dollars, with cents."""
    return f"${amount:,.2f}"


def write_span(seconds: float) -> str:
    """Return a length of time in words, in at most two units, such as "1 hour 30 minutes"."""
    left, words = max(0, round(seconds)), []
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second")):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(words[:2]) or "0 seconds"


def write_clock(seconds: int) -> str:
    """Return a length of time as a clock shows it, such as "1:02:03"."""
    minutes, second = divmod(seconds, _MINUTE)
    hour, minute = divmod(minutes, _MINUTE)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def write_moment(time: datetime) -> str:
    """Return a time as text, in UTC."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def write_day(time: datetime) -> str:
    """Return a day as text."""
    return f"{time:%Y-%m-%d}"


class StaticFile(NamedTuple):
    """A file of the pages. ``tag``: changes with the content."""

    content: bytes
    media_type: str
    tag: str

    def answer(self, known_tag: str | None) -> Response:
        """Return the file, or that the browser's copy with the tag is still right."""
        headers = {**_STATIC, "ETag": self.tag}
        if known_tag == self.tag:
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


def find_static(package: str, name: str) -> StaticFile | None:
    """Return a file of a package's folder `static`; None if there is none of that name."""
    return _read_static(package).get(name)


def static_file(name: str, content: bytes) -> StaticFile:
    """Return a file with this content."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    return StaticFile(content, _TYPES[name[name.rfind(".") :]], f'"{digest}"')


@cache
def _read_static(package: str) -> dict[str, StaticFile]:
    files = (resources.files(package) / "static").iterdir()
    return {
        each.name: static_file(each.name, each.read_bytes()) for each in files if each.is_file()
    }
