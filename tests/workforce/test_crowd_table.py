"""The results of a crowd: rows, their repr(), and progress reports."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.crowds import DAY, cat, publish_hits
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")


@pytest.fixture
def crowd(mturk, mturk_client):
    """Run a crowd with answers, returns and abandoned work, and review its submissions."""
    publish_hits(mturk_client, 10, 2, AssignmentDurationInSeconds=1800)
    crowd = mturk.crowd(4, answer=cat, accuracy=0.5, returns=0.2, abandons=0.1, work_time=60)
    crowd.finish()
    submitted = [each for each in mturk.assignments if each.status == "Submitted"]
    for number, each in enumerate(submitted):
        if number % 4:
            mturk_client.approve_assignment(AssignmentId=each.id)
        else:
            mturk_client.reject_assignment(AssignmentId=each.id, RequesterFeedback="No")
    return crowd


def test_results_have_a_row_for_each_assignment(mturk, crowd):
    """The rows are ordered by accept time, and equal the assignments."""
    rows = crowd.results

    assert {row.status for row in rows} == {"Approved", "Rejected", "Returned", "Abandoned"}
    assert [row.accept_time for row in rows] == sorted(row.accept_time for row in rows)
    truth = {each.id: each for each in mturk.assignments}
    assert {row.assignment_id for row in rows} == truth.keys()
    for row in rows:
        each = truth[row.assignment_id]
        assert (row.hit_id, row.worker_id, row.status, row.accept_time) == (
            each.hit_id,
            each.worker_id,
            each.status,
            each.accept_time,
        )


def test_results_say_when_the_work_ended(mturk, crowd):
    """`end_time` is the time of submission or return, or the deadline."""
    truth = {each.id: each for each in mturk.assignments}
    for row in crowd.results:
        each = truth[row.assignment_id]
        if row.status == "Returned":
            assert 0 <= row.seconds < 60
            assert row.end_time == row.accept_time + timedelta(seconds=row.seconds)
        elif row.status == "Abandoned":
            assert (row.end_time, row.seconds) == (each.deadline, 1800)
        else:
            assert (row.end_time, row.seconds) == (each.submit_time, 60)


def test_results_of_work_in_progress_have_no_end(mturk, mturk_client):
    """For work in progress `end_time`, `seconds` and `right` are None."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(1)
    mturk.clock.advance_until(lambda: mturk.assignments)

    (row,) = crowd.results
    assert (row.status, row.end_time, row.seconds, row.right) == ("Accepted", None, None, None)


def counts(row):
    """Return the counts of a row."""
    return (row.taken, row.submitted, row.returned, row.abandoned, row.approved, row.rejected)


def counted(rows):
    """Return the same counts, computed from results."""
    statuses = [row.status for row in rows]
    reviewed = [statuses.count(name) for name in ("Approved", "Rejected")]
    left = [statuses.count(name) for name in ("Returned", "Abandoned")]
    return (len(rows), sum(reviewed), *left, *reviewed)


def test_by_worker_sums_up_each_person(mturk, crowd):
    """by_worker has a row for each worker of the crowd, with counts and earnings."""
    rows = crowd.by_worker

    assert [row.worker_id for row in rows] == [worker.id for worker in crowd.workers]
    for row in rows:
        results = [each for each in crowd.results if each.worker_id == row.worker_id]
        assert counts(row) == counted(results)
        right = sum(each.right or False for each in results)
        assert row.right == (right if row.submitted else None)
        assert row.seconds == 60 * row.submitted
        assert row.earned == Decimal(row.approved) == mturk.worker(row.worker_id).earnings
        assert row.visits <= row.taken
    assert sum(row.visits for row in rows) > 0


def test_by_hit_sums_up_each_hit(mturk, mturk_client, crowd):
    """by_hit has a row for each HIT of the mock, with counts and finish time."""
    untouched = publish_hits(mturk_client, 1, 7, Title="Untouched")
    rows = crowd.by_hit

    assert [row.hit_id for row in rows] == [hit.id for hit in mturk.hits]
    for row in rows[:-1]:
        results = [each for each in crowd.results if each.hit_id == row.hit_id]
        ends = [each.end_time for each in results if each.status in ("Approved", "Rejected")]
        assert counts(row) == counted(results)
        assert (row.title, row.max_assignments, row.submitted) == ("A title", 2, 2)
        assert row.finish_time == max(ends)
    assert (rows[-1].hit_id, rows[-1].title, rows[-1].max_assignments) == (
        untouched[0],
        "Untouched",
        7,
    )
    assert (*counts(rows[-1]), rows[-1].right, rows[-1].finish_time) == (0,) * 6 + (None, None)


def test_right_is_not_known_without_accuracy(mturk, mturk_client):
    """Without accuracy= the column `right` is None."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(1, answer=cat).finish()

    assert [row.right for row in crowd.by_worker] == [None]
    assert [row.right for row in crowd.by_hit] == [None]


def test_table_is_readable(mturk, mturk_client):
    """repr() aligns the columns, shortens times, and leaves out columns without values."""
    mturk.next_id("HIT", "3HIT")
    mturk.next_id("Assignment", "3ASSIGNMENT")
    publish_hits(mturk_client, Title="Cat or dog?", LifetimeInSeconds=DAY)
    crowd = mturk.crowd(1, work_time=90.25).finish()
    (worker,) = crowd.workers
    (row,) = crowd.results
    accepted, ended = (f"{time:%Y-%m-%d %H:%M:%S}" for time in (row.accept_time, row.end_time))
    space = " " * (len(worker.id) - len("worker_id"))

    assert repr(crowd.results) == (
        f"assignment_id  hit_id  worker_id{space}  status     accept_time          "
        "end_time             seconds  right\n"
        f"3ASSIGNMENT    3HIT    {worker.id}  Submitted  {accepted}  {ended}  90.2"
    )


def test_table_shows_20_rows(mturk, mturk_client):
    """repr() shows 20 rows, and then the number of rows."""
    assert len(repr(mturk.crowd(20).by_worker).splitlines()) == 21
    lines = repr(mturk.crowd(21).by_worker).splitlines()

    assert (len(lines), lines[-1]) == (22, "... 21 rows in all")


def test_table_without_rows(mturk):
    """repr() of an empty table is "no rows"."""
    assert repr(mturk.crowd(1).results) == "no rows"


def test_crowd_shows_how_far_it_is(mturk, mturk_client):
    """repr() of a crowd shows its size, the workers at work, and the submitted assignments."""
    publish_hits(mturk_client, 2, 3)
    crowd = mturk.crowd(5)
    assert repr(crowd) == "<crowd of 5, 0 at work, 0 of 6 assignments submitted>"
    mturk.clock.advance_until(lambda: mturk.assignments)
    assert repr(crowd) == "<crowd of 5, 1 at work, 0 of 6 assignments submitted>"
    crowd.finish()

    assert repr(crowd) == "<crowd of 5, 0 at work, 6 of 6 assignments submitted>"


# Progress reports ---------------------------------------------------------------------------


def test_progress_is_told_once_an_hour(mturk, mturk_client):
    """progress= is called at most once an hour of the mock's time, and at the end."""
    publish_hits(mturk_client, 30, 4)
    told = []
    mturk.crowd(5, progress=told.append, work_time=590).finish()

    hours = [line[:13] for line in told]
    assert len(told) > 5
    assert len(hours[:-1]) == len(set(hours[:-1]))
    assert told[0].endswith("UTC: crowd of 5, 1 at work, 0 of 120 assignments submitted")
    assert told[-1] == (
        f"{mturk.clock.now:%Y-%m-%d %H:%M} UTC: "
        "crowd of 5, 0 at work, 120 of 120 assignments submitted"
    )


def test_progress_is_told_while_the_clock_is_moved(mturk, mturk_client):
    """progress= is called by advance() too."""
    publish_hits(mturk_client, 5)
    told = []
    mturk.crowd(5, progress=told.append)
    mturk.clock.advance(days=1)

    assert told


def test_progress_is_told_again_in_an_earlier_time(mturk, mturk_client):
    """After isolated() progress= is called again for the same times."""
    publish_hits(mturk_client, 50)
    told = []
    mturk.crowd(5, progress=told.append)
    with mturk.isolated():
        mturk.clock.advance(days=1)
    first, before = told[0], len(told)
    mturk.clock.advance(hours=2)

    assert told[before] == first


def test_progress_on_stderr(mturk, mturk_client, capsys):
    """progress=True prints to stderr."""
    publish_hits(mturk_client)
    mturk.crowd(1, progress=True).finish()

    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("UTC: crowd of 1, 0 at work, 1 of 1 assignments submitted\n")


def test_no_progress_unless_wanted(mturk, mturk_client, capsys):
    """By default nothing is printed."""
    publish_hits(mturk_client)
    mturk.crowd(1).finish()

    assert capsys.readouterr() == ("", "")
