"""A browser for tests of pages: Chromium, driven by Playwright.

Without Playwright (extra `browser`) or Chromium, these tests are skipped; `.ci/browser` installs
both.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

#: Programs to try, unless MTURK_MOCK_CHROMIUM names one.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
#: Root has no sandbox, and containers have little shared memory.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
FOLDER = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost")


def find_chromium():
    """Return the path of a Chromium, or None."""
    named = os.environ.get("MTURK_MOCK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, PROGRAMS)), None)


def pytest_collection_modifyitems(config, items):
    """Skip these tests beside others: an event loop of Playwright runs until they end."""
    if not any("browser" in each for each in config.args):
        alone = pytest.mark.skip(reason="tests in a browser run alone: pytest tests/browser")
        for item in items:
            if item.path.is_relative_to(FOLDER):
                item.add_marker(alone)


@pytest.fixture(scope="session")
def chromium():
    """A Chromium; the test is skipped if it or Playwright is missing."""
    reason = "tests in a browser need {}: see .ci/browser"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason.format("playwright"))
    path = find_chromium()
    if path is None:
        pytest.skip(reason.format("chromium"))
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
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
        context.set_default_timeout(15_000)  # the machine can be busy
        context.route("**/*", stay_on_loopback)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A page with cookies and storage of its own."""
    return new_page()


@pytest.fixture
def page_with_storage(chromium, tmp_path):
    """A page of a browser that lets frames of other sites keep data; Debian's does not."""
    browser = chromium.browser_type
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(
        json.dumps({"profile": {"block_third_party_cookies": False, "cookie_controls_mode": 0}})
    )
    context = browser.launch_persistent_context(
        tmp_path, executable_path=find_chromium(), args=ARGUMENTS
    )
    context.set_default_timeout(15_000)
    context.route("**/*", stay_on_loopback)
    yield context.new_page()
    context.close()
