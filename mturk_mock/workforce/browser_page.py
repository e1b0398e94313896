"""The pages of Playwright that `Worker.open` takes. Nothing of Playwright is imported."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Protocol

from mturk_mock.core.quoting import quote

_WANTED = "a page of playwright.sync_api, such as the fixture page of pytest-playwright"


class BrowserPage(Protocol):
    """A page of Playwright's sync API."""

    def goto(self, url: str) -> Any:
        """Open an address."""

    def route(self, url: Any, handler: Callable[..., Any]) -> Any:
        """Answer requests of the page."""

    def is_closed(self) -> bool:
        """Tell whether the page is closed."""


def check_page(page: BrowserPage) -> None:
    """Raise TypeError for another object than a page, ValueError for a page that is closed."""
    methods = [getattr(page, name, None) for name in ("goto", "route", "is_closed")]
    if not all(map(callable, methods)):
        raise TypeError(f"open() takes {_WANTED}, not {quote(page)}")
    if iscoroutinefunction(methods[0]):
        raise TypeError(
            f"open() takes {_WANTED}, not one of playwright.async_api: use sync_playwright() in "
            "this test, or run it in a thread of its own"
        )
    if page.is_closed():
        raise ValueError("open() takes a page that is open; this one is closed")
