"""The dashboard of the worker site: what became of the worker's work."""

from __future__ import annotations

import re

import pytest

from mturk_mock import Snapshot
from tests.helpers import DAY, HOUR, html_question, publish
from tests.worker_pages import WORKER, Browser, links_of, text_of, titles_of

QUESTION = html_question('<form><input name="a"></form>')


@pytest.fixture
def browser(server):
    with Browser(server) as browser:
        browser.sign_in()
        yield browser


@pytest.fixture
def client(server):
    server.mturk.requester("default").balance = "5000.00"
    return server.client()


@pytest.fixture
def worker(server, browser):
    return server.mturk.worker(WORKER)


def work(worker, client, **params):
    """Create a HIT, submit it as the worker, and return the assignment."""
    hit_id = publish(client, **{"Question": QUESTION, **params})
    return worker.accept(hit_id).submit({"a": "1"})


def test_dashboard_of_a_new_worker(browser):
    """Without work, each section says so."""
    text = text_of(browser.open("/dashboard"))
    assert "Earnings $0.00 Approval rate none yet Submitted 0 Approved 0" in text
    for sentence in (
        "You have not finished a HIT yet.",
        "Nothing yet. Rewards are counted when requesters approve your work.",
        "No requester has paid you a bonus yet.",
        "No requester has written to you yet.",
    ):
        assert sentence in text


def test_submitted_work_waits(browser, worker, client):
    """Submitted work is listed with the time of its automatic approval."""
    work(worker, client, Title="Cats", AutoApprovalDelayInSeconds=DAY)
    text = text_of(browser.open("/dashboard"))
    assert "Submitted 1 Approved 0" in text
    assert (
        "Cats default · $1.00 · Submitted Submitted 2026-01-01 00:00 UTC Approved automatically "
        "2026-01-02 00:00 UTC, unless the requester decides before"
    ) in text


def test_approved_work_is_paid(browser, worker, client, server):
    """Approved work is listed with the requester's feedback, and earns its reward that day."""
    assignment = work(worker, client, Title="Cats", Reward="0.30")
    server.mturk.clock.advance(seconds=DAY)
    client.approve_assignment(AssignmentId=assignment.id, RequesterFeedback="Well done")
    text = text_of(browser.open("/dashboard"))
    assert "Earnings $0.30 Approval rate 100.0%" in text
    assert "Approved 2026-01-02 00:00 UTC Feedback: Well done" in text
    assert "2026-01-02 1 $0.30 $0.00 $0.30" in text


def test_rejected_work_has_its_feedback(browser, worker, client):
    """Rejected work is listed with the requester's feedback, and earns nothing."""
    assignment = work(worker, client)
    client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="All <b>blank</b>")
    page = browser.open("/dashboard")
    assert "Earnings $0.00 Approval rate 0.0%" in text_of(page)
    assert "Rejected 2026-01-01 00:00 UTC Feedback: All <b>blank</b>" in text_of(page)
    assert "<b>" not in page.text


def test_approval_rate_counts_reviewed_work(browser, worker, client):
    """The rate is that of approved among approved and rejected work, with what came before."""
    worker.approved, worker.rejected = 2, 1
    assignment = work(worker, client)
    client.approve_assignment(AssignmentId=assignment.id)
    work(worker, client)
    assert "Approval rate 75.0%" in text_of(browser.open("/dashboard"))


def test_returned_and_abandoned_work(browser, worker, client, server):
    """Work that was given back is counted and listed."""
    worker.accept(publish(client, Title="Dogs")).return_hit()
    worker.accept(publish(client, Title="Birds"))
    server.mturk.clock.advance(seconds=HOUR)
    text = text_of(browser.open("/dashboard"))
    assert "Returned 1 Abandoned 1" in text
    assert "Dogs default · $1.00 · Returned Accepted 2026-01-01 00:00 UTC" in text
    assert "Birds default · $1.00 · Abandoned Accepted 2026-01-01 00:00 UTC" in text


def test_accepted_work_is_in_the_queue_only(browser, worker, client):
    """A HIT that the worker still works on is not listed."""
    worker.accept(publish(client, Title="Dogs"))
    assert "Dogs" not in browser.open("/dashboard").text


def test_bonus(browser, worker, client):
    """A bonus is listed with its reason and HIT, and is part of the day's earnings."""
    assignment = work(worker, client, Title="Cats")
    client.send_bonus(
        WorkerId=WORKER, AssignmentId=assignment.id, BonusAmount="0.25", Reason="So fast"
    )
    text = text_of(browser.open("/dashboard"))
    assert "$0.25 for Cats default · 2026-01-01 00:00 UTC Reason: So fast" in text
    assert "2026-01-01 0 $0.00 $0.25 $0.25" in text


def test_message(browser, worker, client, server):
    """A message is listed with its sender and time, the newest first."""
    client.approve_assignment(AssignmentId=work(worker, client).id)
    for subject in ("First", "Second"):
        client.notify_workers(Subject=subject, MessageText="More\nHITs", WorkerIds=[WORKER])
        server.mturk.clock.advance(seconds=HOUR)
    page = browser.open("/dashboard")
    assert "Second default · 2026-01-01 01:00 UTC More HITs First default" in text_of(page)


def test_message_of_unknown_origin(browser, server, tmp_path):
    """A message of a snapshot file that tells no time and sender is listed without them."""
    path = tmp_path / "state.json"
    path.write_text(
        '{"version": 1, "workers": [{"id": "A2WORKER"}], '
        '"emails": [{"worker_id": "A2WORKER", "subject": "Hello", "text": "There"}]}'
    )
    server.mturk.restore(Snapshot.load(path))
    assert "Hello There" in text_of(browser.open("/dashboard/messages"))


def test_messages_to_others_are_not_shown(browser, worker, client, server):
    """A worker sees no message to another worker."""
    other = server.mturk.worker("A3OTHER")
    client.approve_assignment(AssignmentId=work(other, client).id)
    client.notify_workers(Subject="Secret", MessageText="x", WorkerIds=[other.id])
    assert "Secret" not in browser.open("/dashboard/messages").text


def test_sandbox_pays_nothing(browser, worker, server):
    """The sandbox's dashboard shows the sandbox's work, and says that nobody is paid."""
    work(worker, server.client(), Title="Real")
    assignment = work(worker, server.client(sandbox=True), Title="Practice")
    server.client(sandbox=True).approve_assignment(AssignmentId=assignment.id)
    browser.root = "/sandbox"
    text = text_of(browser.open("/dashboard"))
    assert "This is the sandbox: nobody is paid for work here." in text
    assert "Practice" in text
    assert "Real" not in text
    assert "Earnings" not in text
    assert "nobody is paid" in text_of(browser.open("/dashboard/earnings"))
    assert "nobody is paid" in text_of(browser.open("/dashboard/bonuses"))


def test_sandbox_messages_are_apart(browser, worker, server):
    """A message from the sandbox is shown there only."""
    sandbox = server.client(sandbox=True)
    sandbox.approve_assignment(AssignmentId=work(worker, sandbox).id)
    sandbox.notify_workers(Subject="Sand", MessageText="x", WorkerIds=[WORKER])
    assert "Sand" not in browser.open("/dashboard/messages").text
    browser.root = "/sandbox"
    assert titles_of(browser.open("/dashboard/messages"), 3) == ["Sand"]


def test_work_of_several_requesters_is_in_order(browser, worker, server):
    """Work of all requesters is listed together, latest first."""
    for number, requester in enumerate(("lab", "firm", "lab")):
        client = server.mturk.requester(requester).client()
        work(worker, client, Title=f"Task {number}")
        server.mturk.clock.advance(seconds=1)
    assert titles_of(browser.open("/dashboard/work"), 3) == ["Task 2", "Task 1", "Task 0"]


def test_earnings_from_several_requesters(browser, worker, server):
    """Rewards and bonuses of all requesters are added up by day, and each bonus has its HIT."""
    for requester, reward in (("lab", "0.10"), ("firm", "0.20")):
        client = server.mturk.requester(requester).client()
        for title in "ab":
            done = work(worker, client, Title=f"{title} of {requester}", Reward=reward)
            client.approve_assignment(AssignmentId=done.id)
        client.send_bonus(
            WorkerId=WORKER, AssignmentId=done.id, BonusAmount="1.00", Reason=f"From {requester}"
        )
    assert "2026-01-01 4 $0.60 $2.00 $2.60" in text_of(browser.open("/dashboard"))
    text = text_of(browser.open("/dashboard/bonuses"))
    for requester in ("lab", "firm"):
        assert f"$1.00 for b of {requester} {requester}" in text


def test_work_by_status(browser, worker, client):
    """The list of one status has only that."""
    work(worker, client, Title="Waits")
    client.approve_assignment(AssignmentId=work(worker, client, Title="Paid").id)
    page = browser.open("/dashboard/work", status="Approved")
    assert titles_of(page, 3) == ["Paid"]
    assert "<title>Approved work" in page.text
    assert titles_of(browser.open("/dashboard/work", status="Nonsense"), 3) == ["Paid", "Waits"]
    assert "There is none of this kind." in text_of(
        browser.open("/dashboard/work", status="Rejected")
    )


def test_long_list_comes_in_pages(browser, worker, client):
    """A page has 20 assignments, and links that keep the status."""
    hit_type = {"Title": "Many", "Question": QUESTION}
    for _ in range(41):
        work(worker, client, **hit_type)
    page = browser.open("/dashboard/work", status="Submitted", page="2")
    assert len(titles_of(page, 3)) == 20
    assert "Page 2 of 3" in text_of(page)
    assert {name: to for name, to in links_of(page).items() if name in ("Previous", "Next")} == {
        "Previous": "?status=Submitted&page=1",
        "Next": "?status=Submitted&page=3",
    }
    assert len(titles_of(browser.open("/dashboard/work", page="99"), 3)) == 1
    assert len(titles_of(browser.open("/dashboard"), 3)) == 5


def test_page_that_is_no_number(browser, worker, client):
    """A wrong page number counts as the first page."""
    work(worker, client)
    for page in ("0", "-1", "x", "²", "1234567"):
        assert len(titles_of(browser.open("/dashboard/work", page=page), 3)) == 1


def test_earnings_of_many_days(browser, worker, client, server):
    """The dashboard shows the latest 7 days, and a page of its own shows all."""
    for _ in range(9):
        client.approve_assignment(AssignmentId=work(worker, client).id)
        server.mturk.clock.advance(seconds=DAY)
    days = re.compile(r"2026-01-\d\d 1 \$1.00 \$0.00 \$1.00")
    page = browser.open("/dashboard")
    assert links_of(page)["All 9 days"] == "/dashboard/earnings"
    assert len(days.findall(text_of(page))) == 7
    text = text_of(browser.open("/dashboard/earnings"))
    assert "$9.00 in all" in text
    assert len(days.findall(text)) == 9


def test_empty_lists(browser):
    """Each whole list says that it is empty."""
    for path, sentence in (
        ("work", "There is none."),
        ("earnings", "Nothing yet."),
        ("bonuses", "No requester has paid you a bonus yet."),
        ("messages", "No requester has written to you yet."),
    ):
        assert sentence in text_of(browser.open(f"/dashboard/{path}"))


def test_bonuses_in_full(browser, worker, client):
    """The dashboard cuts long reasons; the list of all bonuses has them whole."""
    assignment = work(worker, client)
    client.send_bonus(
        WorkerId=WORKER, AssignmentId=assignment.id, BonusAmount="1234.50", Reason="x" * 400
    )
    assert "x" * 300 + "…" in text_of(browser.open("/dashboard"))
    text = text_of(browser.open("/dashboard/bonuses"))
    assert "$1,234.50 for" in text
    assert "x" * 400 in text


def test_link_of_work_leads_to_its_end(browser, worker, client):
    """The title of an assignment leads to its page, which says what became of it."""
    work(worker, client, Title="Cats")
    link = links_of(browser.open("/dashboard"))["Cats"]
    assert "Submitted" in text_of(browser.open(link))
