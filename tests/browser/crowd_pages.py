"""Serves a task page with the script of the crowd-* elements, and takes what its form posts."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from mturk_mock.server.tasks.crowd_script import crowd_script

#: The script as templates load it, but from this server.
SCRIPT = '<script src="/crowd-html-elements.js"></script>'
#: The assignment ID in the address of a preview.
PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE"
TYPES = {"js": "text/javascript", "svg": "image/svg+xml"}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        body = self.server.bodies.get(path)
        if body is None:
            self.send_error(404)
        else:
            self._answer(body, TYPES.get(path.rpartition(".")[2], "text/html; charset=utf-8"))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        posted = parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body))
        self.server.posts.append((self.path, posted))
        self._answer(b"<title>Submitted</title>Submitted", "text/html; charset=utf-8")

    def _answer(self, body, content_type):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Keep the output of tests clean."""


class CrowdPage:
    """A task page that is open in a browser.

    ``page``: Playwright's page. ``posts``: a (path, fields) pair for each form that was posted.
    ``problems``: the errors of the page's scripts.
    """

    def __init__(self, page, server):
        self.page = page
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.posts = server.posts
        self.problems = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, assignment_id):
        """Open the page as the frame of the worker site does."""
        query = {
            "assignmentId": assignment_id,
            "hitId": "HIT1",
            "workerId": "A1",
            "turkSubmitTo": self.url,
        }
        self.page.goto(f"{self.url}/dynamic/hit?{urlencode(query)}")

    @property
    def fields(self):
        """The fields of the only form that was posted."""
        ((path, fields),) = self.posts
        assert path == "/mturk/externalSubmit"
        assert len(dict(fields)) == len(fields)
        return dict(fields)

    @property
    def answers(self):
        """The object in the field taskAnswers of the only form that was posted."""
        (answers,) = json.loads(self.fields["taskAnswers"])
        return answers

    def wait(self):
        """Wait for the page that answers the form; return the object in taskAnswers."""
        self.page.wait_for_url(f"{self.url}/mturk/externalSubmit", wait_until="load")
        assert self.problems == [], self.problems
        return self.answers

    def submit(self):
        """Press the button "Submit"; return the object in taskAnswers."""
        self.page.get_by_role("button", name="Submit", exact=True).click()
        return self.wait()


@contextmanager
def open_crowd_page(page, html, *, assignment_id="ASSIGNMENT1", files=None):
    """Serve a page and open it; without an own script tag, the crowd script is put before it.

    `files`: further bodies by path, such as {"/cat.svg": b"..."}.
    """
    document = html if SCRIPT in html else f"<!DOCTYPE html>\n{SCRIPT}\n{html}"
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.posts = []
    server.bodies = {
        "/dynamic/hit": document.encode(),
        "/crowd-html-elements.js": crowd_script(),
        **(files or {}),
    }
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        crowd_page = CrowdPage(page, server)
        crowd_page.open(assignment_id)
        yield crowd_page
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
