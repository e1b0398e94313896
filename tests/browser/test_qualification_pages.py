"""Qualifications of the worker site in a browser: request one, take its test."""

from __future__ import annotations

import pytest

from mturk_mock.server import MTurkServer
from tests.helpers import HOUR, NOW, publish
from tests.qualify import EXAMINED, KEY, create_type

WORKER = "A2WORKER"


@pytest.fixture
def server():
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


@pytest.fixture
def type_id(server):
    """A type with a test of a minute, which an answer key scores, and a HIT that requires it."""
    test = {**EXAMINED, "AnswerKey": KEY, "RetryDelayInSeconds": HOUR}
    found = create_type(server.client(), Name="Animals", **test)["QualificationTypeId"]
    requirement = {
        "QualificationTypeId": found,
        "Comparator": "GreaterThanOrEqualTo",
        "IntegerValues": [5],
    }
    publish(server.client(), Title="Name it", QualificationRequirements=[requirement])
    return found


@pytest.fixture
def signed_in(server, type_id, page):
    """A page of a worker who is signed in."""
    sign_in(server, page)
    return page


def sign_in(server, page):
    page.goto(server.worker_url)
    page.get_by_role("textbox", name="Worker ID").fill(WORKER)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="HITs").wait_for()


def begin_test(page):
    """Go from the HIT to its qualification, and begin the test."""
    page.get_by_role("link", name="Name it").click()
    page.get_by_role("link", name="Animals").click()
    page.get_by_role("button", name="Request").click()
    page.get_by_role("button", name="Submit test").wait_for()


def test_pass_a_test(server, signed_in):
    """A worker who passes the test sees the score, and can accept the HIT then."""
    begin_test(signed_in)
    for group, choices in ((0, "a"), (1, "bc")):
        for choice in choices:
            signed_in.get_by_role("group").nth(group).get_by_label(choice).check()
    signed_in.get_by_role("button", name="Submit test").click()
    signed_in.get_by_text("Granted. Your score is 5.").wait_for()
    signed_in.get_by_role("link", name="HITs").click()
    signed_in.get_by_role("link", name="Name it").click()
    assert signed_in.get_by_role("button", name="Accept").is_enabled()


def test_fail_a_test(signed_in):
    """A worker who fails sees the score, and when the next try is possible."""
    begin_test(signed_in)
    signed_in.get_by_role("button", name="Submit test").click()
    signed_in.get_by_text("Granted. Your score is 0.").wait_for()
    signed_in.get_by_text("You can request it again from 2026-01-01 01:00 UTC on").wait_for()


def test_resume_a_test(server, signed_in, new_page):
    """A test goes on in another browser, and answers survive a reload."""
    begin_test(signed_in)
    signed_in.get_by_label("a").first.check()
    signed_in.reload()
    assert signed_in.get_by_label("a").first.is_checked()
    other = new_page()
    sign_in(server, other)
    other.get_by_role("link", name="Qualifications").click()
    other.get_by_role("link", name="Animals").click()
    other.get_by_role("button", name="Submit test").click()
    other.get_by_text("Granted. Your score is 0.").wait_for()


def test_deadline_while_the_page_is_open(server, signed_in):
    """When the time is over, the open page says so by itself."""
    begin_test(signed_in)
    server.mturk.clock.advance(seconds=61)
    signed_in.get_by_text("The time for the test is over.").wait_for(timeout=15_000)


def test_page_of_a_qualification(signed_in, type_id, server):
    """The page reads as its parts: what it is, how it is got, and the button."""
    signed_in.goto(f"{server.url}/qualifications/{type_id}")
    lines = signed_in.get_by_role("main").aria_snapshot().splitlines()
    assert (
        "\n".join(line for line in lines if "/url:" not in line)
        == """\
- main:
  - paragraph:
    - link "Qualifications":
  - heading "Animals" [level=1]
  - paragraph: Reads and writes it
  - term: Requester
  - definition: default
  - term: Your value
  - definition: none
  - term: Test
  - definition: 1 minute
  - term: Granted
  - definition: by the result of the test or the requester
  - term: Can be requested
  - definition: again after 1 hour
  - button "Request"
  - paragraph: The test begins at once. You have 1 minute for it, on this or another device."""
    )
