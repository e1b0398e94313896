"""A browser for tests of pages: Chromium, driven by Playwright.

Without Playwright (extra `browser`) or Chromium, these tests are skipped; `.ci/browser` installs
both.
"""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlsplit

import pytest

#: Programs to try, unless MTURK_MOCK_CHROMIUM names one.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LOOPBACK = ("127.0.0.1", "localhost")


def find_chromium():
    """Return the path of a Chromium, or None."""
    named = os.environ.get("MTURK_MOCK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="session")
def chromium():
    """A Chromium; the test is skipped if it or Playwright is missing."""
    reason = "tests in a browser need {}: see .ci/browser"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason.format("playwright"))
    path = find_chromium()
    if path is None:
        pytest.skip(reason.format("chromium"))
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def stay_on_loopback(route):
    """Block a request that would leave the machine."""
    host = urlsplit(route.request.url).hostname or ""
    if host in LOOPBACK or host.endswith(".localhost"):
        route.continue_()
    else:
        route.abort()


@pytest.fixture
def new_page(chromium):
    """A function that opens a page with cookies and storage of its own."""
    contexts = []

    def open_page(**options):
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(5000)
        context.route("**/*", stay_on_loopback)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A page with cookies and storage of its own."""
    return new_page()
