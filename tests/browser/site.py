"""Steps of a worker on the worker site, and of the requester behind it."""

from __future__ import annotations

from xml.etree import ElementTree

from mturk_mock import HTMLQuestion
from tests.helpers import publish

ANSWERS = (
    "{http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/"
    "QuestionFormAnswers.xsd}"
)


def sign_in(page, server, name="A2WORKER", path=""):
    """Sign in to the worker site of an environment; `path` is that of the sandbox."""
    page.goto(f"{server.worker_url}{path}/sign_in")
    page.get_by_role("textbox", name="Worker ID").fill(name)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def publish_page(server, html, *, sandbox=False, height=0, **members):
    """Publish an HTMLQuestion, and return its HIT ID."""
    question = str(HTMLQuestion(html, frame_height=height))
    return publish(server.client(sandbox=sandbox), Question=question, **members)


def open_preview(page, server, hit_id, path=""):
    """Open the preview of a HIT, and return its frame."""
    group = server.mturk.hit(hit_id).hit_group_id
    page.goto(f"{server.worker_url}{path}/projects/{group}/tasks")
    return page.frame_locator("iframe")


def open_hit(page, server, hit_id, path=""):
    """Accept a HIT, and return its frame."""
    open_preview(page, server, hit_id, path)
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Return").wait_for()
    return page.frame_locator("iframe")


def wait_until_submitted(page):
    """Wait for the page that follows a submission."""
    page.get_by_role("heading", name="Submitted", exact=True).wait_for()


def answers_of(server, hit_id, *, sandbox=False):
    """Return the answers to a HIT as the requester reads them, by question."""
    client = server.client(sandbox=sandbox)
    (found,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    return {
        answer.findtext(f"{ANSWERS}QuestionIdentifier"): answer.findtext(f"{ANSWERS}FreeText")
        for answer in ElementTree.fromstring(found["Answer"])
    }
