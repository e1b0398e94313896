"""What `worker.open` answers to the requests of a page; tests/browser tests it in Chromium."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import httpx
import pytest

from mturk_mock import ExternalQuestion, HTMLQuestion, QuestionForm, mock_mturk, parse_answers
from mturk_mock.questions import FileUploadAnswer, FreeTextAnswer, Question
from mturk_mock.server import MTurkServer
from tests.helpers import hit_params, publish

PAGE = """<!DOCTYPE html><html><head><title>?</title>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script></head>
<body><crowd-form></crowd-form></body></html>"""
SUBMIT = "https://www.mturk.com/mturk/externalSubmit"


class Page:
    """What a page of Playwright does with routes. ``shown``: the answer to the last request."""

    def __init__(self):
        self._routes = []

    def is_closed(self):
        return False

    def route(self, pattern, handler):
        self._routes.append((pattern, handler))

    def goto(self, url):
        self.send("GET", url)

    def send(self, method, url, **body):
        """Send a request; None is the answer if no route is for it."""
        sent = httpx.Request(method, url, **body)
        request = SimpleNamespace(
            method=method, url=url, headers=sent.headers, post_data_buffer=sent.read() or None
        )
        self.shown = None
        fitting = [handler for pattern, handler in self._routes if pattern.search(url)]
        if fitting:
            fitting[-1](SimpleNamespace(request=request, fulfill=self._fulfill))
        self.url = url
        return self.shown

    def _fulfill(self, *, status, headers, body):
        self.shown = SimpleNamespace(status=status, headers=headers, text=body.decode())


@pytest.fixture
def mturk():
    with mock_mturk(seed=1) as handle:
        yield handle


@pytest.fixture
def page():
    return Page()


def test_page_and_its_scripts(mturk, page):
    """The page gets our scripts, and they are there."""
    hit_id = publish(mturk.client(), Question=str(HTMLQuestion(PAGE)))
    mturk.worker().open(hit_id, page)
    scripts = re.findall('src="([^"]*)"', page.shown.text)

    assert page.shown.headers["content-type"] == "text/html; charset=utf-8"
    assert scripts == [
        "https://www.mturkcontent.com/static/task.js",
        "https://www.mturkcontent.com/static/crowd-html-elements.js",
    ]
    assert [page.send("GET", url).status for url in scripts] == [200, 200]
    assert page.send("GET", "https://www.mturkcontent.com/static/x.js").status == 404


def test_other_requests_are_left_alone(mturk, page):
    """Requests of the page for other addresses are not answered."""
    hit_id = publish(mturk.client(), Question=str(HTMLQuestion(PAGE)))
    mturk.worker().open(hit_id, page)

    assert page.send("GET", "https://example.com/static/x.js") is None
    assert page.send("GET", "https://www.mturk.com/") is None


@pytest.mark.parametrize("sandbox", [False, True])
def test_form_of_another_environment(mturk, page, sandbox):
    """A form that is sent to the site of the other environment is refused."""
    hit_id = publish(mturk.client(sandbox=sandbox), Question=str(HTMLQuestion(PAGE)))
    assignment = mturk.worker().open(hit_id, page)
    sites = {False: SUBMIT, True: "https://workersandbox.mturk.com/mturk/externalSubmit"}
    sent = {"data": {"assignmentId": assignment.id, "animal": "cat"}}
    wrong = page.send("POST", sites[not sandbox], **sent)
    right = page.send("POST", sites[sandbox], **sent)

    assert (wrong.status, "<h1>Not submitted</h1>" in wrong.text) == (404, True)
    assert (right.status, "<h1>Submitted</h1>" in right.text) == (200, True)
    assert parse_answers(assignment.answer) == {"animal": "cat"}


def test_submit_by_get(mturk, page):
    """A form can be sent by GET too."""
    hit_id = publish(mturk.client(), Question=str(ExternalQuestion("https://example.com/")))
    assignment = mturk.worker().open(hit_id, page)

    assert page.shown is None  # the page is that of example.com
    assert page.url == assignment.url
    assert page.send("GET", f"{SUBMIT}?assignmentId={assignment.id}&a=b").status == 200
    assert parse_answers(assignment.answer) == {"a": "b"}


@pytest.mark.parametrize("sandbox", [False, True])
def test_addresses_of_a_server(page, sandbox):
    """With a server, the page is on its host of task pages, and its form is sent there."""
    with MTurkServer(seed=1) as server:
        hit_id = publish(server.client(sandbox=sandbox), Question=str(HTMLQuestion(PAGE)))
        assignment = server.mturk.worker().open(hit_id, page)
        site = server.sandbox_url if sandbox else server.url
        query = httpx.URL(page.url).params
        submit = f"{server.content_url}{'/sandbox' if sandbox else ''}/mturk/externalSubmit"
        answer = page.send("POST", submit, data={"assignmentId": assignment.id, "a": "b"})

        assert page.url.startswith(server.content_url)
        assert query["turkSubmitTo"] == site
        assert (answer.status, assignment.status) == (200, "Submitted")


#: What a browser sends if no file was chosen.
NOTHING_CHOSEN = (
    b'--x\r\nContent-Disposition: form-data; name="answer-1"\r\n\r\n\r\n'
    b'--x\r\nContent-Disposition: form-data; name="answer-2"; filename=""\r\n\r\n\r\n--x--\r\n'
)


def test_question_form(mturk, page):
    """A form is shown at the address of the worker site, checked, and submitted with its file."""
    form = QuestionForm(
        Question("animal", "The animal", FreeTextAnswer(), required=True),
        Question("photo", "A photo", FileUploadAnswer(1, 1000)),
    )
    hit_id = publish(mturk.client(), Question=str(form))
    assignment = mturk.worker().open(hit_id, page)
    url = page.url
    group = assignment.hit.hit_group_id
    shown = page.shown
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    mistaken = page.send("POST", url, content=NOTHING_CHOSEN, headers=multipart)
    still = assignment.status
    files = {"answer-2": ("a.png", b"\x00\r\n")}
    sent = page.send("POST", url, data={"answer-1": "caf\u00e9"}, files=files)
    again = page.send("POST", url, data={"answer-1": "dog"}, files=files)

    assert url == (
        f"https://worker.mturk.com/projects/{group}/tasks/{hit_id}?assignment_id={assignment.id}"
    )
    assert (shown.status, "The animal" in shown.text) == (200, True)
    assert (mistaken.status, "Enter an answer." in mistaken.text, still) == (422, True, "Accepted")
    assert (sent.status, f"Assignment {assignment.id} was submitted." in sent.text) == (200, True)
    assert (again.status, "This assignment is Submitted, so nothing" in again.text) == (409, True)
    assert parse_answers(assignment.answer) == {
        "animal": "caf\u00e9",
        "photo": {"key": f"{assignment.id}/photo", "size": 3},
    }


def test_layout(mturk, page):
    """The page of a layout has the form of the website."""
    members = {**hit_params(), "HITLayoutId": mturk.add_layout("<input name=animal>")}
    del members["Question"]
    hit_id = mturk.client().create_hit(**members)["HIT"]["HITId"]
    assignment = mturk.worker().open(hit_id, page)

    assert f'action="{SUBMIT}"' in page.shown.text
    assert f'id="assignmentId" value="{assignment.id}"' in page.shown.text


# Errors -------------------------------------------------------------------------------------


def test_object_that_is_no_page(mturk):
    """Another object is named, and the HIT is not accepted."""
    worker = mturk.worker()
    hit_id = publish(mturk.client())
    with pytest.raises(TypeError, match=r"^open\(\) takes a page of playwright.sync_api, such as "):
        worker.open(hit_id, None)

    assert worker.assignments == []


def test_async_page(mturk, page):
    """A page of the asynchronous API is told which API to use."""

    async def goto(url):
        pass

    page.goto = goto
    with pytest.raises(TypeError, match=r"not one of playwright.async_api: use sync_playwright"):
        mturk.worker().open(publish(mturk.client()), page)


def test_closed_page(mturk, page):
    """A page that is closed is refused."""
    page.is_closed = lambda: True
    with pytest.raises(ValueError, match=r"^open\(\) takes a page that is open; this one is clos"):
        mturk.worker().open(publish(mturk.client()), page)


FAKE = """
class Page:
    goto = route = print
    is_closed = lambda self: False
"""

PROGRAM = """
import sys
sys.modules["jinja2"] = None
from mturk_mock import mock_mturk
from tests.helpers import publish
{page}

with mock_mturk() as mturk:
    worker = mturk.worker()
    try:
        worker.open(publish(mturk.client()), Page())
    except ImportError as problem:
        print(problem, worker.assignments)
"""


def test_without_the_extra():
    """The error says what to install, and the HIT is not accepted."""
    program = PROGRAM.format(page=FAKE)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout == (
        "mturk_mock.server needs jinja2, python_multipart, starlette and uvicorn, and jinja2 is "
        "not installed: pip install 'mturk-mock[server]' []\n"
    ), done.stderr
