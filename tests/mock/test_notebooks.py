"""What notebooks show instead of `repr()`: tables of HTML, in which every text is escaped."""

from __future__ import annotations

import os
from html.parser import HTMLParser

import pytest

from mturk_mock import mock_mturk
from tests.crowds import cat, publish_hits
from tests.helpers import NOW, accepted, publish, submitted

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

HOSTILE = "<script>alert('x & \"y\"')</script>"
TAGS = {"table", "caption", "tr", "th", "td", "p"}


class Reader(HTMLParser):
    """Reads tables into rows of texts; any other tag fails the test."""

    def __init__(self):
        super().__init__()
        self.rows = []
        self.others = []  # texts outside rows
        self.is_in_cell = False

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert dict(attrs).keys() <= {"class"}
        self.is_in_cell = tag in ("th", "td")
        if tag == "tr":
            self.rows.append([])
        elif self.is_in_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.is_in_cell = False

    def handle_data(self, data):
        if self.is_in_cell:
            self.rows[-1][-1] += data
        else:
            self.others.append(data)


def read(thing):
    """Return the reader of what a notebook shows of something."""
    reader = Reader()
    reader.feed(thing._repr_html_())
    reader.close()
    return reader


def card(thing):
    """Return the caption and the lines of what shows one thing."""
    reader = read(thing)
    return reader.others, dict(reader.rows)


# Lists ------------------------------------------------------------------------------------


def test_notebook_shows_hits_as_a_table(mturk):
    """A row for each HIT, with the names of its attributes above."""
    mturk.add_hit(id="3A", title="Cat?", reward="0.05", max_assignments=3)
    mturk.add_hit(id="3B", title="Dog?", requester="lab", sandbox=True, status="Disposed")

    assert read(mturk.hits).rows == [
        ["id", "title", "status", "reward", "max_assignments", "available", "pending", "completed",
         "expiration", "requester", "environment"],
        ["3A", "Cat?", "Assignable", "0.05", "3", "3", "0", "0",
         "2026-01-02 00:00:00", "default", "production"],
        ["3B", "Dog?", "Disposed", "1.00", "1", "1", "0", "0",
         "2026-01-01 00:00:00", "lab", "sandbox"],
    ]  # fmt: skip


def test_notebook_shows_what_a_worker_finds(mturk, mturk_client):
    """find_hits() and the lists of handles are tables, too."""
    worker = mturk.worker()
    assignment = accepted(mturk_client, worker, MaxAssignments=2)
    found = mturk.worker().find_hits()

    assert read(found).rows[1][0] == assignment.hit_id
    for works in (mturk.assignments, worker.assignments, assignment.hit.assignments):
        assert read(works).rows == [
            ["id", "hit_id", "worker_id", "status", "accept_time", "submit_time",
             "requester_feedback"],
            [assignment.id, assignment.hit_id, worker.id, "Accepted", "2026-01-01 00:00:00",
             "", ""],
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("workers", ["id", "country"]),
        ("bonuses", ["worker_id", "amount"]),
        ("emails", ["to", "worker_id"]),
        ("notifications", ["event_type", "hit_type_id"]),
        ("hit_types", ["hit_type_id", "hit_group_id"]),
        ("qualification_types", ["qualification_type_id", "requester"]),
        ("blocks", ["worker_id", "reason"]),
    ],
)
def test_notebook_shows_other_lists_as_tables(mturk, mturk_client, bonus, name, columns):
    """Those of records have the record's fields as columns."""
    worker = mturk.worker()
    assignment = submitted(mturk_client, worker)
    bonus(assignment)
    mturk_client.notify_workers(Subject="Hi", MessageText="Ho", WorkerIds=[worker.id])
    mturk_client.create_worker_block(WorkerId=worker.id, Reason="spam")
    mturk.add_qualification_type()
    mturk_client.send_test_event_notification(
        Notification={
            "Destination": "me@example.com",
            "Transport": "Email",
            "Version": "2014-08-15",
            "EventTypes": ["Ping"],
        },
        TestEventType="Ping",
    )

    rows = read(getattr(mturk, name)).rows

    assert rows[0][:2] == columns
    assert len(rows) == 1 + len(getattr(mturk, name)) >= 2


def test_notebook_shows_the_first_twenty(mturk):
    """And says how many there are."""
    for _ in range(21):
        mturk.add_hit()

    assert len(read(mturk.hits).rows) == 1 + 20
    assert read(mturk.hits).others == ["21 in all"]


def test_notebook_shows_an_empty_list(mturk):
    """It says that there is nothing."""
    assert mturk.hits._repr_html_() == "<p>none</p>"


def test_lists_are_lists(mturk):
    """Equal to lists, and with the same `repr()`."""
    hit = mturk.add_hit()

    assert mturk.hits == [hit]
    assert repr(mturk.hits) == f"[{hit!r}]"


def test_notebook_shows_that_a_hit_is_gone(mturk):
    """A list that was kept over reset() shows IDs, and does not fail."""
    mturk.add_hit(id="3A")
    hits = mturk.hits
    mturk.reset()

    assert read(hits).rows == [["id", "status"], ["3A", "not in this mock"]]
    assert card(hits[0]) == (["HIT"], {"id": "3A", "status": "not in this mock"})


def test_notebook_shows_crowd_tables(mturk, mturk_client):
    """All three of them."""
    publish_hits(mturk_client, 2, 1)
    crowd = mturk.crowd(2, answer=cat)
    crowd.finish()

    for table in (crowd.results, crowd.by_worker, crowd.by_hit):
        assert read(table).rows[0] == list(vars(table[0]))
        assert len(read(table).rows) == 1 + len(table)


# Single things ----------------------------------------------------------------------------


def test_notebook_shows_a_worker(mturk):
    """Who it is, and what the worker has."""
    worker = mturk.worker("A1B2", country="DE")

    assert card(worker) == (
        ["Worker"],
        {
            "id": "A1B2",
            "country": "DE",
            "subdivision": "",
            "open assignments": "0",
            "earnings": "0.00",
        },
    )


def test_notebook_shows_an_assignment(mturk, mturk_client):
    """As its line in a list."""
    assignment = submitted(mturk_client, mturk.worker())

    caption, lines = card(assignment)

    assert caption == ["Assignment"]
    assert (lines["id"], lines["status"]) == (assignment.id, "Submitted")


def test_notebook_shows_a_qualification_request(mturk):
    """Whose it is, and how far it has come."""
    type_id = mturk.add_qualification_type()
    request = mturk.worker("A1B2").request_qualification(type_id)

    assert card(request) == (
        ["QualificationRequest"],
        {
            "id": request.id,
            "qualification_type_id": type_id,
            "worker_id": "A1B2",
            "status": "Submitted",
            "submit_time": "2026-01-01 00:00:00",
        },
    )


def test_notebook_shows_the_handle(mturk, mturk_client):
    """What there is, in short."""
    submitted(mturk_client, mturk.worker())
    mturk.add_hit()

    assert card(mturk) == (
        ["MTurk"],
        {
            "seed": "1",
            "clock.now": "2026-01-01 00:00:00",
            "balance": "$9998.80",
            "hits": "2 (1 Reviewable, 1 Assignable)",
            "assignments": "1 (1 Submitted)",
            "workers": "1",
            "calls": "1",
        },
    )


def test_notebook_shows_a_new_handle():
    """Nothing has happened."""
    with mock_mturk(seed=5, now=NOW, balance="1.00") as mturk:
        assert card(mturk)[1] == {
            "seed": "5",
            "clock.now": "2026-01-01 00:00:00",
            "balance": "$1.00",
            "hits": "0",
            "assignments": "0",
            "workers": "0",
            "calls": "0",
        }


def test_notebook_looks_without_changing_anything(monkeypatch):
    """As `repr()`: what has fallen due does not happen."""
    monkeypatch.setattr("time.time", lambda: 1_700_000_000.0)
    with mock_mturk() as mturk:
        hit = mturk.add_hit()
        hits = mturk.hits
        monkeypatch.setattr("time.time", lambda: 1_700_000_000.0 + 2 * 86400)

        assert card(hit)[1]["status"] == read(hits).rows[1][2] == "Assignable"
        assert card(mturk)[1]["hits"] == "1 (1 Assignable)"
        assert hit.status == "Reviewable"


# Hostile texts ----------------------------------------------------------------------------


def test_notebook_escapes_titles(mturk, mturk_client):
    """A title that is HTML is shown as text, in lists and alone."""
    hit = mturk.hit(publish(mturk_client, Title=HOSTILE))

    assert read(mturk.hits).rows[1][1] == HOSTILE
    assert card(hit)[1]["title"] == HOSTILE
    assert "&lt;script&gt;alert(&#x27;x &amp; &quot;y&quot;&#x27;)" in hit._repr_html_()


def test_notebook_escapes_crowd_tables_and_records(mturk, mturk_client):
    """Titles in `by_hit`, reasons of blocks, feedback."""
    publish_hits(mturk_client, 1, 1, Title=HOSTILE)
    crowd = mturk.crowd(1, answer=cat)
    crowd.finish()
    (assignment,) = mturk.assignments
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback=HOSTILE)
    mturk_client.create_worker_block(WorkerId=assignment.worker_id, Reason=HOSTILE)

    for table in (crowd.by_hit, mturk.assignments, mturk.blocks, mturk.hit_types):
        assert HOSTILE in read(table).rows[1]


def test_notebook_shortens_long_texts(mturk):
    """A cell is cut after 100 characters; a document would be longer than the screen."""
    mturk.add_hit(title="x" * 101)
    mturk.add_hit(title="x" * 100)

    titles = [row[1] for row in read(mturk.hits).rows[1:]]

    assert titles == ["x" * 100 + "…", "x" * 100]


def test_notebook_does_not_read_dollars_as_formulas(mturk):
    """MathJax leaves tables of these classes alone."""
    assert mturk._repr_html_().startswith('<table class="tex2jax_ignore mathjax_ignore">')


def test_notebook_in_a_forked_process(mturk, monkeypatch):
    """The handle shows no table there, so that the notebook shows `repr()`; others show the ID."""
    hit = mturk.add_hit(id="3A")
    monkeypatch.setattr(os, "getpid", lambda: 7)

    assert mturk._repr_html_() is None
    assert card(hit) == (["HIT"], {"id": "3A", "status": "not in this mock"})
