"""`worker.open`: a HIT in a page of Playwright, which the test fills in."""

from __future__ import annotations

import re
import socket

import pytest

from mturk_mock import (
    ExternalQuestion,
    HTMLQuestion,
    MTurkError,
    QuestionForm,
    mock_mturk,
    parse_answers,
)
from mturk_mock.questions import FileUploadAnswer, FreeTextAnswer, Question, SelectionAnswer
from mturk_mock.server import MTurkServer
from tests.helpers import hit_params, publish

SCRIPTED = """<!DOCTYPE html><html><head><title>Label</title>
<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script></head><body>
<form id="mturk_form" method="post"></form>
<script>
for (const name of ["cat", "dog"]) {
  const button = document.createElement("button");
  button.textContent = name;
  button.name = "animal";
  button.value = name;
  document.querySelector("form").append(button);
}
turkSetAssignmentID();
</script></body></html>"""
SUBMIT = "https://www.mturk.com/mturk/externalSubmit"
WRITTEN_IN = f"""<!DOCTYPE html><html><head><title>?</title></head><body>
<form method="post" action="{SUBMIT}"><input type="hidden" name="assignmentId">
<input name="animal" aria-label="Animal"><button>Send</button></form></body></html>"""
FORM = QuestionForm(
    Question("animal", "The animal", FreeTextAnswer(), required=True),
    Question("colors", "Its colors", SelectionAnswer(["red", "green"], 1, 2)),
    Question("photo", "A photo", FileUploadAnswer(1, 1000)),
)


@pytest.fixture(params=["production", "sandbox"])
def environment(request):
    """Each of the two environments."""
    return request.param


@pytest.fixture(params=["mock", "server"])
def mturk(request):
    """The handle of a mock in this process, and that of a server."""
    if request.param == "mock":
        with mock_mturk(seed=1) as handle:
            yield handle
    else:
        with MTurkServer(seed=1) as server:
            yield server.mturk


@pytest.fixture
def mock():
    """The handle of a mock in this process."""
    with mock_mturk(seed=1) as handle:
        yield handle


def publish_page(mturk, html, environment="production", **members):
    """Publish a page; return the ID of the HIT."""
    client = mturk.client(sandbox=environment == "sandbox")
    return publish(client, Question=str(HTMLQuestion(html)), **members)


def submitted(page):
    """Wait until the page says that its form was submitted."""
    page.get_by_role("heading", name="Submitted", exact=True).wait_for()


def test_page_made_by_a_script(mturk, environment, page):
    """A page that makes its form by a script is filled in, and its answer submitted."""
    hit_id = publish_page(mturk, SCRIPTED, environment)
    assignment = mturk.worker().open(hit_id, page)
    assert assignment.status == "Accepted"
    page.get_by_role("button", name="dog").click()
    submitted(page)

    assert assignment.status == "Submitted"
    assert parse_answers(assignment.answer) == {"animal": "dog"}


def test_page_with_the_address_written_in(mturk, environment, page):
    """A form that is sent to Mechanical Turk's own address reaches the mock."""
    hit_id = publish_page(mturk, WRITTEN_IN, environment)
    assignment = mturk.worker().open(hit_id, page)
    page.get_by_label("Animal").fill("cat")
    page.get_by_role("button", name="Send").click()
    submitted(page)

    assert parse_answers(assignment.answer) == {"animal": "cat"}


@pytest.mark.parametrize(
    ("sandbox", "content", "site"),
    [
        (False, "www.mturkcontent.com", "www.mturk.com"),
        (True, "workersandbox.mturkcontent.com", "workersandbox.mturk.com"),
    ],
)
def test_address_of_a_page(sandbox, content, site, mock, page):
    """In a mock, the page has the address that it had on Mechanical Turk."""
    hit_id = publish_page(mock, WRITTEN_IN, "sandbox" if sandbox else "production")
    worker = mock.worker()
    assignment = worker.open(hit_id, page)

    assert page.url == (
        f"https://{content}/dynamic/hit?assignmentId={assignment.id}&hitId={hit_id}"
        f"&workerId={worker.id}&turkSubmitTo=https%3A%2F%2F{site}"
    )


def test_mock_opens_no_socket(mock, page, monkeypatch):
    """A mock in this process serves its pages without a socket."""
    hit_id = publish_page(mock, SCRIPTED)
    monkeypatch.setattr(socket.socket, "bind", None)
    monkeypatch.setattr(socket.socket, "connect", None)
    assignment = mock.worker().open(hit_id, page)
    page.get_by_role("button", name="cat").click()
    submitted(page)

    assert assignment.status == "Submitted"


def test_layout(mock, page):
    """The page of a layout gets the website's form and button."""
    layout = mock.add_layout("<h1>${name}</h1><input name=animal aria-label=Animal>")
    parameters = [{"Name": "name", "Value": "Tom"}]
    members = {**hit_params(), "HITLayoutId": layout, "HITLayoutParameters": parameters}
    del members["Question"]
    hit_id = mock.client().create_hit(**members)["HIT"]["HITId"]
    assignment = mock.worker().open(hit_id, page)
    page.get_by_role("heading", name="Tom").wait_for()
    page.get_by_label("Animal").fill("cat")
    page.get_by_role("button", name="Submit").click()
    submitted(page)

    assert parse_answers(assignment.answer) == {"animal": "cat"}


CROWD = """<!DOCTYPE html><html><head><title>?</title>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script></head><body>
<crowd-form><crowd-input name="animal" label="Animal" required></crowd-input>
<crowd-checkbox name="wild">Wild</crowd-checkbox></crowd-form></body></html>"""


def test_crowd_form(mturk, page):
    """A crowd-form sends its answers as JSON; the elements are those of this package."""
    assignment = mturk.worker().open(publish_page(mturk, CROWD), page)
    page.get_by_label("Animal").fill("wolf")
    page.get_by_role("checkbox", name="Wild").click()
    page.get_by_role("button", name="Submit").click()
    submitted(page)

    assert parse_answers(assignment.answer) == {"animal": "wolf", "wild": {"on": True}}


EXTERNAL = """<!DOCTYPE html><form method="post"><input name="assignmentId" type="hidden">
<button name="animal" value="cow">Cow</button></form>
<script>
const query = new URLSearchParams(location.search);
document.forms[0].assignmentId.value = query.get("assignmentId");
document.forms[0].action = query.get("turkSubmitTo") + "/mturk/externalSubmit";
</script>"""


def test_external_question(mturk, environment, page):
    """The page of an ExternalQuestion comes from its own server, and is sent to the mock."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body=EXTERNAL, content_type="text/html")

    page.route("https://localhost/survey*", answer)
    client = mturk.client(sandbox=environment == "sandbox")
    hit_id = publish(client, Question=str(ExternalQuestion("https://localhost/survey?n=1")))
    worker = mturk.worker()
    assignment = worker.open(hit_id, page)
    page.get_by_role("button", name="Cow").click()
    submitted(page)

    assert asked == [assignment.url]
    assert f"n=1&assignmentId={assignment.id}&hitId={hit_id}&workerId={worker.id}&" in asked[0]
    assert parse_answers(assignment.answer) == {"animal": "cow"}


def test_question_form(mturk, environment, page):
    """A QuestionForm is shown with its button; mistakes are told, and files are sent."""
    client = mturk.client(sandbox=environment == "sandbox")
    hit_id = publish(client, Question=str(FORM), Title="Describe it")
    assignment = mturk.worker().open(hit_id, page)
    page.get_by_role("heading", name="Describe it").wait_for()
    page.get_by_label("The animal").fill(" cat\u00e9")
    page.get_by_label("red").check()
    page.get_by_label("green").check()
    photo = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x00\r\n\xff--"}
    page.get_by_label("A photo").set_input_files(photo)
    page.get_by_role("button", name="Submit").click()
    submitted(page)

    assert parse_answers(assignment.answer) == {
        "animal": " cat\u00e9",
        "colors": ["red", "green"],
        "photo": {"key": f"{assignment.id}/photo", "size": 6},
    }


def test_mistakes_in_a_question_form(mock, page):
    """A form that breaks its rules is shown again by the mock, and nothing is submitted."""
    hit_id = publish(mock.client(), Question=str(FORM))
    assignment = mock.worker().open(hit_id, page)
    page.get_by_label("green").check()
    page.evaluate("document.querySelector('form').submit()")
    page.get_by_role("alert").get_by_text("Enter an answer.").wait_for()

    assert page.get_by_label("green").is_checked()
    assert assignment.status == "Accepted"


def test_question_form_after_its_time(mock, page):
    """A form is not submitted after the time for the assignment is over."""
    hit_id = publish(mock.client(), Question=str(FORM))
    mock.worker().open(hit_id, page)
    mock.clock.advance(days=300)
    page.get_by_label("The animal").fill("cat")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("This assignment is Abandoned, so nothing was submitted.").wait_for()


def test_page_after_its_time(mock, page):
    """A page is not submitted after the time for the assignment is over."""
    hit_id = publish_page(mock, WRITTEN_IN)
    mock.worker().open(hit_id, page)
    mock.clock.advance(days=300)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Not submitted").wait_for()


def test_second_hit_in_a_page(mock, page):
    """One page can be used for several HITs."""
    worker = mock.worker()
    for animal in ("cat", "dog"):
        assignment = worker.open(publish_page(mock, SCRIPTED), page)
        page.get_by_role("button", name=animal).click()
        submitted(page)
        assert parse_answers(assignment.answer) == {"animal": animal}


def test_file_that_is_not_there(mock, page):
    """A script that does not exist is not found."""
    statuses = {}
    page.on("response", lambda response: statuses.update({response.url: response.status}))
    html = WRITTEN_IN.replace("</body>", "<script src='/static/x.js'></script></body>")
    mock.worker().open(publish_page(mock, html), page)

    assert statuses["https://www.mturkcontent.com/static/x.js"] == 404
    assert statuses["https://www.mturkcontent.com/static/task.js"] == 200


# Errors -------------------------------------------------------------------------------------


def test_errors_of_accept(mock, page):
    """A HIT that the worker cannot accept raises the error of `accept`, and nothing is opened."""
    worker = mock.worker()
    hit_id = publish_page(mock, WRITTEN_IN)
    worker.accept(hit_id)
    with pytest.raises(MTurkError) as refusal:
        worker.open(hit_id, page)

    assert refusal.value.code == "AWS.MechanicalTurk.AssignmentAlreadyExists"
    assert page.url == "about:blank"


def test_hit_of_another_type(mock, page):
    """The error names `open`."""
    message = "open() takes a HITId, a HIT as in mturk.hits, or what create_hit() returned, not 5"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        mock.worker().open(5, page)


WANTED = (
    "open() takes a page of playwright.sync_api, such as the fixture page of pytest-playwright, "
)


@pytest.mark.parametrize("wrong", [None, "page", object()])
def test_object_that_is_no_page(wrong, mock):
    """Another object is named, and the HIT is not accepted."""
    worker = mock.worker()
    hit_id = publish_page(mock, WRITTEN_IN)
    with pytest.raises(TypeError) as refusal:
        worker.open(hit_id, wrong)

    assert str(refusal.value) == f"{WANTED}not {wrong!r}"
    assert worker.assignments == []


def test_async_page(mock):
    """A page of the asynchronous API is told which API to use."""
    api = pytest.importorskip("playwright.async_api")
    with pytest.raises(TypeError) as refusal:
        mock.worker().open(publish_page(mock, WRITTEN_IN), api.Page.__new__(api.Page))

    assert str(refusal.value) == (
        f"{WANTED}not one of playwright.async_api: use sync_playwright() in this test, or run it "
        "in a thread of its own"
    )


def test_closed_page(mock, page):
    """A page that is closed is refused, and the HIT is not accepted."""
    worker = mock.worker()
    hit_id = publish_page(mock, WRITTEN_IN)
    page.close()
    with pytest.raises(ValueError, match=r"^open\(\) takes a page that is open; this one is clos"):
        worker.open(hit_id, page)

    assert worker.assignments == []
