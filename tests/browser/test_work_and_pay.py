"""A worker does HITs of several kinds in a browser, and is paid by the requester's program."""

from __future__ import annotations

import pytest

from mturk_mock import parse_answers
from mturk_mock.server import MTurkServer
from tests.browser.site import open_hit, publish_page, sign_in, wait_until_submitted
from tests.browser.test_question_form_page import EVERYTHING
from tests.helpers import NOW, publish

CROWD = """<!DOCTYPE html><html><head><title>Label</title>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script></head><body>
<crowd-form><crowd-radio-group><crowd-radio-button name="cat">Cat</crowd-radio-button>
<crowd-radio-button name="dog">Dog</crowd-radio-button></crowd-radio-group>
<crowd-input name="why" label="Why?"></crowd-input></crowd-form></body></html>"""


@pytest.fixture
def server():
    """A server whose clock stands still."""
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


def read_only(client, hit_id):
    """Return the only assignment of a HIT."""
    (found,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    return found


def test_crowd_form(server, page):
    """A crowd-form is filled in its frame, and its answer is that of the documentation."""
    hit_id = publish_page(server, CROWD)
    sign_in(page, server)
    frame = open_hit(page, server, hit_id)
    frame.get_by_role("radio", name="Cat").click()
    frame.get_by_role("textbox", name="Why?").fill("It purrs")
    frame.get_by_role("button", name="Submit").click()
    wait_until_submitted(page)

    answer = parse_answers(read_only(server.client(), hit_id)["Answer"])
    assert answer == {"cat": {"on": True}, "dog": {"on": False}, "why": "It purrs"}


def test_question_form_with_every_type_of_answer(server, page, tmp_path):
    """A QuestionForm is filled on the site; the requester reads the answers and the file."""
    photo = tmp_path / "photo.bin"
    photo.write_bytes(b"picture")
    hit_id = publish(server.client(), Question=str(EVERYTHING))
    sign_in(page, server)
    open_hit(page, server, hit_id)
    page.get_by_label("Its name").fill("Tom")
    page.get_by_label("Its age").fill("7")
    page.get_by_label("Its story").fill("Once\nupon")
    page.get_by_role("radio", name="Green").check()
    page.get_by_role("radio", name="Fur").check()
    page.get_by_role("checkbox", name="Fish").check()
    page.get_by_role("checkbox", name="Moo").check()
    page.get_by_label("Its size").select_option("Big")
    page.get_by_label("Its home").select_option("House")
    page.get_by_label("Its mood").select_option("Calm")
    page.get_by_label("A photo").set_input_files(photo)
    page.get_by_role("button", name="Submit").click()
    wait_until_submitted(page)

    answer = parse_answers(read_only(server.client(), hit_id)["Answer"])
    assert (answer["name"], answer["story"], answer["color"]) == ("Tom", "Once\nupon", ["g"])
    assert (answer["eats"], answer["sounds"], answer["mood"]) == (["Fish"], ["Moo"], ["Calm"])
    assert server.mturk.assignments[0]._object.files == {"photo": b"picture"}


def test_worker_sees_what_the_requester_decides(server, page):
    """Approval, rejection with feedback and a bonus by boto3 are on the worker's dashboard."""
    client = server.client()
    hit_ids = [publish(client, Question=str(EVERYTHING), Title=title) for title in "ab"]
    for hit_id in hit_ids:
        server.mturk.worker("A2WORKER").answer(hit_id)
    good, bad = (read_only(client, hit_id)["AssignmentId"] for hit_id in hit_ids)
    client.approve_assignment(AssignmentId=good)
    client.reject_assignment(AssignmentId=bad, RequesterFeedback="Too short")
    client.send_bonus(
        WorkerId="A2WORKER", BonusAmount="0.25", AssignmentId=good, Reason="Careful work"
    )
    sign_in(page, server)
    page.get_by_role("link", name="Dashboard").click()

    main = page.get_by_role("main")
    assert "$1.25" in main.inner_text()
    for text in ("Approved", "Rejected", "Too short", "Careful work", "$0.25"):
        assert main.get_by_text(text).first.is_visible(), text
