"""The worker site over HTTP, as a browser without scripts uses it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx

#: What a browser sends with a form of the page that it shows.
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
WORKER = "A2WORKER"

_TOKEN = re.compile('name="token" value="([0-9a-f]+)"')


class Browser(httpx.Client):
    """A client that keeps cookies, follows redirections, and posts forms as pages do."""

    def __init__(self, server: Any, *, sandbox: bool = False, **options: Any) -> None:
        self.root = "/sandbox" if sandbox else ""
        settings = {"base_url": server.url, "follow_redirects": True, "timeout": 60, **options}
        super().__init__(trust_env=False, **settings)
        self.token = ""

    def open(self, path: str, **params: Any) -> httpx.Response:
        """Open a page of the site, and note the token of its forms."""
        return self._note(self.get(self.root + path, params=params or None))

    def submit(self, path: str, files: Any = None, **fields: Any) -> httpx.Response:
        """Post a form with the token of the latest page."""
        data = {"token": self.token, **fields}
        url = path if path.startswith("http") else self.root + path
        return self._note(self.post(url, data=data, files=files, headers=SAME_ORIGIN))

    def _note(self, page: httpx.Response) -> httpx.Response:
        found = _TOKEN.search(page.text)
        self.token = found[1] if found else self.token
        return page

    def sign_in(self, name: str = WORKER, **fields: str) -> httpx.Response:
        """Sign in; return the page to which that leads."""
        return self.submit("/sign_in", worker_id=name, **fields)


def text_of(page: httpx.Response) -> str:
    """Return the text of a page without its tags, with one space between words."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", main_of(page))).split())


def main_of(page: httpx.Response) -> str:
    """Return the HTML of a page's main part."""
    return page.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]


def links_of(page: httpx.Response) -> dict[str, str]:
    """Return the links of a page's main part: addresses by text."""
    found = re.findall('<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', main_of(page), re.DOTALL)
    return {
        " ".join(unescape(re.sub("<[^>]*>", " ", text)).split()): unescape(to) for to, text in found
    }


def titles_of(page: httpx.Response, level: int = 2) -> list[str]:
    """Return the headings of a level, as text."""
    found = re.findall(f"<h{level}[^>]*>(.*?)</h{level}>", main_of(page), re.DOTALL)
    return [" ".join(unescape(re.sub("<[^>]*>", " ", each)).split()) for each in found]
