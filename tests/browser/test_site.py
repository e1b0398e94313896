"""The worker site in a browser: sign in, find a HIT, do it."""

from __future__ import annotations

import pytest

from mturk_mock import HTMLQuestion
from mturk_mock.server import MTurkServer
from tests.helpers import publish

PAGE = """<!DOCTYPE html><html><head><title>Label</title></head><body>
<form name="mturk_form" method="post" id="mturk_form" action="">
<input type="hidden" name="assignmentId" id="assignmentId" value="">
<label>Animal <input name="animal"></label><button>Send</button></form>
<script>
const query = new URLSearchParams(location.search);
document.getElementById("assignmentId").value = query.get("assignmentId");
document.getElementById("mturk_form").action = query.get("turkSubmitTo") + "/mturk/externalSubmit";
</script></body></html>"""


@pytest.fixture
def server():
    with MTurkServer(seed=1) as server:
        yield server


def sign_in(page, server, name="A2WORKER"):
    page.goto(server.worker_url)
    page.get_by_role("textbox", name="Worker ID").fill(name)
    page.get_by_role("button", name="Sign in").click()


def test_html_question(server, page):
    """A worker accepts a HIT, its frame submits the form, and the requester reads the answer."""
    client = server.client()
    hit_id = publish(client, Question=str(HTMLQuestion(PAGE)), Title="Name the animal")
    sign_in(page, server)
    page.get_by_role("link", name="Name the animal").click()
    page.get_by_role("button", name="Accept").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("textbox", name="Animal").fill("cat")
    frame.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Submitted").wait_for()

    (assignment,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert (assignment["WorkerId"], "cat" in assignment["Answer"]) == ("A2WORKER", True)
