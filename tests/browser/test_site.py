"""The worker site in a browser: sign in, find a HIT, do it."""

from __future__ import annotations

import pytest

from mturk_mock import HTMLQuestion, parse_answers
from mturk_mock.server import MTurkServer
from tests.helpers import NOW, publish

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


FORM = """<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/\
2017-11-06/QuestionForm.xsd"><Question><QuestionIdentifier>animal</QuestionIdentifier>
<IsRequired>true</IsRequired><QuestionContent><Text>Which animal?</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer><Constraints><Length maxLength="5"/></Constraints>
</FreeTextAnswer></AnswerSpecification></Question></QuestionForm>"""


def test_question_form(server, page):
    """A QuestionForm is in the page itself, and a mistake is told there before it is sent."""
    client = server.client()
    hit_id = publish(client, Question=FORM, Title="Name the animal")
    sign_in(page, server)
    page.get_by_role("link", name="Name the animal").click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("alert").get_by_text("Enter an answer.").wait_for()
    page.get_by_role("textbox", name="Which animal?").fill("cat")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("heading", name="Submitted").wait_for()

    (assignment,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert parse_answers(assignment["Answer"]) == {"animal": "cat"}


def test_question_form_without_script(server, new_page):
    """The server finds the same mistakes, shows the form again, and keeps what was entered."""
    page = new_page(java_script_enabled=False)
    publish(server.client(), Question=FORM, Title="Name the animal")
    sign_in(page, server)
    page.get_by_role("link", name="Name the animal").click()
    page.get_by_role("button", name="Accept").click()
    page.locator("form.question-form").evaluate("form => form.noValidate = true")
    page.get_by_role("textbox", name="Which animal?").evaluate("box => box.maxLength = 99")
    page.get_by_role("textbox", name="Which animal?").fill("elephant")
    page.get_by_role("button", name="Submit").click()

    assert page.get_by_role("alert").inner_text().endswith("Enter up to 5 characters.")
    assert page.get_by_role("textbox", name="Which animal?").input_value() == "elephant"


def test_race_for_the_last_assignment(server, new_page):
    """Of two workers who accept the last assignment, one gets it, and the other is told."""
    publish(server.client(), Question=FORM, Title="Name the animal", MaxAssignments=1)
    first, second = new_page(), new_page()
    for each, name in ((first, "A2FIRST"), (second, "A2SECOND")):
        sign_in(each, server, name)
        each.get_by_role("link", name="Name the animal").click()
    first.get_by_role("button", name="Accept").click()
    second.get_by_role("button", name="Accept").click()

    first.get_by_role("button", name="Return").wait_for()
    assert second.get_by_role("heading").inner_text() == "This HIT is no longer available"


def test_reload_keeps_the_hit(server, page):
    """A reload shows the same assignment, with what was entered."""
    publish(server.client(), Question=FORM, Title="Name the animal")
    sign_in(page, server)
    page.get_by_role("link", name="Name the animal").click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("textbox", name="Which animal?").fill("cat")
    page.reload()

    assert page.get_by_role("textbox", name="Which animal?").input_value() == "cat"
    assert len(server.mturk.assignments) == 1


def test_deadline_that_passes(page):
    """The page says that the time is over when the clock reaches the deadline."""
    with MTurkServer(seed=1, now=NOW) as server:
        publish(server.client(), Question=FORM, Title="Name it", AssignmentDurationInSeconds=60)
        sign_in(page, server)
        page.get_by_role("link", name="Name it").click()
        page.get_by_role("button", name="Accept").click()
        page.get_by_role("button", name="Return").wait_for()
        server.mturk.clock.advance(seconds=61)

        page.get_by_role("heading", name="The time for this HIT is over").wait_for(timeout=10_000)


def test_reload_after_a_mistake(server, new_page):
    """The form with its mistakes has the address of the task, so that it can be opened again."""
    page = new_page(java_script_enabled=False)
    publish(server.client(), Question=FORM, Title="Name the animal")
    sign_in(page, server)
    page.get_by_role("link", name="Name the animal").click()
    page.get_by_role("button", name="Accept").click()
    page.locator("form.question-form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("alert").get_by_text("Enter an answer.").wait_for()
    page.goto(page.url)

    assert page.get_by_role("textbox", name="Which animal?").is_enabled()
