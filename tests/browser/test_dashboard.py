"""The pages of the worker site, as they read: dashboard, HITs, preview, work."""

from __future__ import annotations

import pytest

from mturk_mock.server import MTurkServer
from tests.helpers import NOW, get_hit, html_question, publish

WORKER = "A2WORKER"
QUESTION = html_question('<form><label>Animal <input name="a"></label></form>')
HINT = (
    "Your worker ID, such as A2EXAMPLE, or your name. The same name always gives the same worker."
)
TOP = """\
- link "Skip to the content":
  - /url: "#main"
- banner:
  - link "Workers":
    - /url: /projects
  - navigation "Site":
    - link "HITs":
      - /url: /projects
    - link "Your queue":
      - /url: /tasks
    - link "Qualifications":
      - /url: /qualifications
    - link "Dashboard":
      - /url: /dashboard
  - text: A2WORKER
  - button "Sign out"
"""


@pytest.fixture
def server():
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


@pytest.fixture
def worker(server):
    return server.mturk.worker(WORKER)


@pytest.fixture
def signed_in(server, page):
    """A page of a worker who is signed in."""
    page.goto(server.worker_url)
    page.get_by_role("textbox", name="Worker ID").fill(WORKER)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="HITs").wait_for()
    return page


def read(page):
    """Return the main part of a page as assistive technology reads it."""
    lines = page.get_by_role("main").aria_snapshot().splitlines()
    return "\n".join(line for line in lines if "/url:" not in line)


def test_sign_in(server, page):
    """The form has its hint below the field."""
    page.goto(server.worker_url)
    assert (
        read(page)
        == f"""\
- main:
  - heading "Sign in" [level=1]
  - text: Worker ID
  - textbox "Worker ID"
  - paragraph: {HINT}
  - button "Sign in\""""
    )


def test_top_of_a_page(signed_in):
    """Each page begins with the way to its content, the parts of the site, and who is signed in."""
    snapshot = signed_in.locator("body").aria_snapshot()
    assert snapshot.startswith(TOP)


def test_list_of_hits(server, signed_in):
    """Each group is an item with its title as a link."""
    publish(server.client(), Title="Name the animal")
    signed_in.reload()
    assert (
        read(signed_in)
        == """\
- main:
  - heading "HITs" [level=1]
  - search:
    - text: Search
    - searchbox "Search"
    - text: Sort by
    - combobox "Sort by":
      - option "Newest" [selected]
      - option "Highest reward"
      - option "Most HITs"
    - checkbox "Only HITs that I qualify for"
    - text: Only HITs that I qualify for
    - button "Show"
  - status: 1 HIT group
  - list:
    - listitem:
      - heading "Name the animal" [level=2]:
        - link "Name the animal":
      - paragraph: default
      - term: HITs
      - definition: "1"
      - term: Reward
      - definition: $1.00
      - term: Time allotted
      - definition: 10 minutes"""
    )


def test_dashboard(server, signed_in, worker):
    """The dashboard tells what was earned, what became of work, and what requesters wrote."""
    client = server.client()
    done = worker.accept(publish(client, Title="Name the animal", Question=QUESTION))
    done.submit({"a": "cat"})
    client.approve_assignment(AssignmentId=done.id, RequesterFeedback="Well done")
    client.send_bonus(WorkerId=WORKER, AssignmentId=done.id, BonusAmount="0.50", Reason="So fast")
    client.notify_workers(Subject="Hello", MessageText="More HITs soon", WorkerIds=[WORKER])
    signed_in.get_by_role("link", name="Dashboard").click()
    signed_in.get_by_role("heading", name="Dashboard").wait_for()
    assert (
        read(signed_in)
        == """\
- main:
  - heading "Dashboard" [level=1]
  - term: Earnings
  - definition: $1.50
  - term: Approval rate
  - definition: 100.0%
  - term: Submitted
  - definition:
    - 'link "Submitted: 0"':
      - text: "0"
  - term: Approved
  - definition:
    - 'link "Approved: 1"':
      - text: "1"
  - term: Rejected
  - definition:
    - 'link "Rejected: 0"':
      - text: "0"
  - term: Returned
  - definition:
    - 'link "Returned: 0"':
      - text: "0"
  - term: Abandoned
  - definition:
    - 'link "Abandoned: 0"':
      - text: "0"
  - region "Your work":
    - heading "Your work" [level=2]
    - list:
      - listitem:
        - heading "Name the animal" [level=3]:
          - link "Name the animal":
        - paragraph: default · $1.00 · Approved
        - term: Submitted
        - definition: 2026-01-01 00:00 UTC
        - term: Approved
        - definition: 2026-01-01 00:00 UTC
        - paragraph: "Feedback: Well done"
    - paragraph:
      - link "All your work":
  - region "Earnings by day":
    - heading "Earnings by day" [level=2]
    - table:
      - rowgroup:
        - row "Day (UTC) HITs Rewards Bonuses Total":
          - columnheader "Day (UTC)"
          - columnheader "HITs"
          - columnheader "Rewards"
          - columnheader "Bonuses"
          - columnheader "Total"
      - rowgroup:
        - row "2026-01-01 1 $1.00 $0.50 $1.50":
          - rowheader "2026-01-01"
          - cell "1"
          - cell "$1.00"
          - cell "$0.50"
          - cell "$1.50"
  - region "Bonuses":
    - heading "Bonuses" [level=2]
    - list:
      - listitem:
        - heading "$0.50 for Name the animal" [level=3]:
          - text: $0.50 for
          - link "Name the animal":
        - paragraph: default · 2026-01-01 00:00 UTC
        - paragraph: "Reason: So fast"
    - paragraph:
      - link "All bonuses (1)":
  - region "Messages":
    - heading "Messages" [level=2]
    - list:
      - listitem:
        - heading "Hello" [level=3]
        - paragraph: default · 2026-01-01 00:00 UTC
        - paragraph: More HITs soon
    - paragraph:
      - link "All messages in full (1)":"""
    )


def test_work(server, signed_in):
    """A HIT is accepted from its preview; its work has the time, the choice, and the task."""
    publish(server.client(), Title="Name the animal", Question=QUESTION)
    signed_in.reload()
    signed_in.get_by_role("link", name="Name the animal").click()
    signed_in.get_by_role("button", name="Accept").click()
    signed_in.frame_locator("iframe").get_by_role("textbox", name="Animal").wait_for()
    assert (
        read(signed_in)
        == """\
- main:
  - heading "Name the animal" [level=1]
  - paragraph:
    - text: Time Elapsed
    - strong: 0:00
    - text: of 10 minutes
  - checkbox "Auto-accept next HIT"
  - text: Auto-accept next HIT
  - button "Return"
  - group: HIT Details
  - iframe"""
    )


def test_deadline_while_the_page_is_open(server, signed_in):
    """When the time is over, the open page says so by itself."""
    publish(server.client(), Title="Name the animal", Question=QUESTION)
    signed_in.reload()
    signed_in.get_by_role("link", name="Name the animal").click()
    signed_in.get_by_role("button", name="Accept").click()
    signed_in.get_by_text("Time Elapsed").wait_for()
    server.mturk.clock.advance(seconds=601)
    signed_in.get_by_role("heading", name="The time for this HIT is over").wait_for(timeout=15_000)


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_too_wide(width, server, new_page, worker):
    """No page scrolls to the side, on a phone or with long words."""
    client = server.client()
    word = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2
    done = worker.accept(publish(client, Title=word, Description=word, Question=QUESTION))
    done.submit({"a": "1"})
    client.approve_assignment(AssignmentId=done.id, RequesterFeedback=word)
    client.send_bonus(WorkerId=WORKER, AssignmentId=done.id, BonusAmount="1.00", Reason=word)
    client.notify_workers(Subject=word, MessageText=word, WorkerIds=[WORKER])
    client.create_qualification_type(
        Name=word[:80], Description=word, QualificationTypeStatus="Active", Keywords=word
    )
    hit = get_hit(client, publish(client, Title=word, Description=word, Keywords=word))
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(server.invite(WORKER, word[:60]))
    page.get_by_role("button", name="Sign in").click()
    for path in (
        "/projects",
        f"/projects/{hit['HITGroupId']}/tasks",
        "/dashboard",
        "/dashboard/work",
        "/dashboard/earnings",
        "/dashboard/messages",
        "/qualifications",
        "/tasks",
    ):
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
