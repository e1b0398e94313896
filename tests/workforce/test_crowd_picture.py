"""`crowd.plot()`, with and without matplotlib."""

from __future__ import annotations

import pickle
import struct
import sys
from datetime import datetime, timedelta, timezone

import pytest

from tests.crowds import cat, publish_hits
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")


@pytest.fixture
def dates():
    """Return matplotlib's module `dates`; skip the test if it is not installed."""
    return pytest.importorskip("matplotlib.dates")


@pytest.fixture
def crowd(mturk, mturk_client):
    """Run a crowd with two groups of HITs, some of which expire, and a bonus."""
    publish_hits(mturk_client, 10, 2, AutoApprovalDelayInSeconds=7200, Reward="0.50")
    crowd = mturk.crowd(5, answer=cat)
    mturk.clock.advance(hours=6)
    publish_hits(mturk_client, 4, 9, LifetimeInSeconds=6 * 3600)
    mturk.clock.advance(hours=10)
    first = mturk.assignments[0]
    mturk_client.send_bonus(
        WorkerId=first.worker_id, AssignmentId=first.id, BonusAmount="3.00", Reason="Thanks"
    )
    return crowd


def steps(axes, dates):
    """Return the times and values of the line in one of the axes."""
    (line,) = axes.lines
    times = [dates.num2date(x).astimezone(timezone.utc) for x in line.get_xdata(orig=False)]
    return times, list(line.get_ydata())


def test_picture_has_four_parts(crowd, dates):
    """The four axes have labels and share the axis of time."""
    figure = crowd.plot()

    assert [axes.get_ylabel() for axes in figure.axes] == [
        "arrivals in\n30 minutes",
        "assignments\nsubmitted",
        "open HITs",
        "spent with\nfees (US$)",
    ]
    assert figure.axes[-1].get_xlabel() == "time (UTC)"
    assert figure.get_suptitle() == repr(crowd)[1:-1]
    begin, end = (dates.num2date(x) for x in figure.axes[0].get_xlim())
    assert (begin, end) == (NOW, NOW + timedelta(hours=16))


def test_picture_shows_arrivals(crowd, dates):
    """The bars are half an hour wide, and add up to the number of arrivals."""
    bars = crowd.plot().axes[0].patches

    assert sum(bar.get_height() for bar in bars) == sum(row.visits for row in crowd.by_worker)
    assert {round(bar.get_width() * 24 * 60) for bar in bars} == {30}


def test_picture_shows_submissions(crowd, dates):
    """The line rises by one at each submission, up to their number."""
    times, values = steps(crowd.plot().axes[1], dates)

    submitted = sorted(row.end_time for row in crowd.results if row.status != "Accepted")
    assert [round(time.timestamp(), 3) for time in times[1:-1]] == [
        round(time.timestamp(), 3) for time in submitted
    ]
    assert values == [*range(len(submitted) + 1), len(submitted)]


def test_picture_shows_open_hits(crowd, mturk, dates):
    """A HIT counts as open from its creation to its last submission, or until it expires."""
    times, values = steps(crowd.plot().axes[2], dates)

    at = dict(zip(times, values, strict=True))
    assert at[NOW] == 10
    assert at[NOW + timedelta(hours=6)] == 4 + sum(
        row.finish_time is None or row.finish_time > NOW + timedelta(hours=6)
        for row in crowd.by_hit[:10]
    )
    expiry = NOW + timedelta(hours=12)
    assert {hit.expiration for hit in mturk.hits[10:]} == {expiry}
    assert any(row.finish_time is None for row in crowd.by_hit[10:])
    assert values[-1] == 0
    assert max(time for time, value in at.items() if value) < expiry


def test_picture_shows_open_hits_without_deleted_ones(mturk, mturk_client, dates):
    """A deleted HIT with free assignments counts as open until it expired."""
    (hit_id,) = publish_hits(mturk_client, 1, 5)
    crowd = mturk.crowd(1)
    mturk.clock.advance(hours=2)
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    mturk.clock.advance(hours=1)
    for each in mturk.assignments:
        mturk_client.approve_assignment(AssignmentId=each.id)
    mturk_client.delete_hit(HITId=hit_id)
    publish_hits(mturk_client)
    times, values = steps(crowd.plot().axes[2], dates)

    assert values == [0, 1, 0, 1, 1]
    assert times[2] == NOW + timedelta(hours=2)


def test_picture_closes_hits_when_they_are_done(mturk, mturk_client, dates):
    """A finished HIT counts as closed from its last submission, not from its expiration."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(1).finish()
    mturk.clock.advance(days=2)
    times, values = steps(crowd.plot().axes[2], dates)

    (row,) = crowd.by_hit
    assert values == [0, 1, 0, 0]
    assert abs(times[2] - row.finish_time) < timedelta(milliseconds=1)


def test_picture_shows_money(crowd, mturk, dates):
    """The line shows rewards at approval, bonuses and fees, as `mturk.spent` does."""
    times, values = steps(crowd.plot().axes[3], dates)

    spent = mturk.spent
    assert spent.bonuses == 3
    assert values[-1] == pytest.approx(float(spent.rewards + spent.bonuses + spent.fees))
    assert min(time for time, value in zip(times, values, strict=True) if value) >= NOW + timedelta(
        hours=2
    )


def test_picture_of_the_sandbox_shows_no_money(mturk, mturk_sandbox_client, dates):
    """The sandbox pays nothing. [doc]"""
    publish_hits(mturk_sandbox_client, 3, AutoApprovalDelayInSeconds=0)
    crowd = mturk.crowd(3)
    mturk.clock.advance(days=1)
    figure = crowd.plot()

    assert steps(figure.axes[1], dates)[1][-1] == 3
    assert set(steps(figure.axes[3], dates)[1]) == {0}


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_picture_is_written(crowd, dates, tmp_path, suffix):
    """plot(path) writes the format of the path's suffix."""
    path = tmp_path / f"campaign.{suffix}"
    crowd.plot(path)

    assert path.read_bytes()[:5] == {"png": b"\x89PNG\r", "svg": b"<?xml"}[suffix]


def test_picture_is_shown_by_a_notebook(crowd, dates, monkeypatch):
    """As PNG, of 720 x 720 pixels, without pyplot, and without any warning."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)

    picture = crowd.plot()._repr_png_()

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (720, 720)


def test_picture_can_be_pickled(crowd, dates):
    """With what a notebook shows."""
    copy = pickle.loads(pickle.dumps(crowd.plot()))

    assert copy._repr_png_()[:4] == b"\x89PNG"


def test_picture_of_nothing(mturk, dates, tmp_path):
    """At the time of creation the plot is empty, and raises nothing."""
    figure = mturk.crowd(1).plot(tmp_path / "nothing.png")

    assert steps(figure.axes[1], dates)[1] == [0, 0]
    assert figure.axes[0].get_ylabel() == "arrivals in\n5 minutes"


def test_picture_of_a_long_time(mturk, dates):
    """Over more than 48 days the bars are one day wide."""
    crowd = mturk.crowd(1)
    mturk.clock.advance(days=100)
    mturk.client().list_hits()
    publish_hits(mturk.client())
    mturk.clock.advance(days=100)

    assert crowd.plot().axes[0].get_ylabel() == "arrivals in\n1440 minutes"
    begin = dates.num2date(crowd.plot().axes[0].get_xlim()[0])
    assert begin > datetime(2026, 1, 2, tzinfo=timezone.utc)


def test_picture_needs_matplotlib(mturk, monkeypatch):
    """Without matplotlib, the ImportError names the extra to install."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    crowd = mturk.crowd(1)
    with pytest.raises(ImportError) as refusal:
        crowd.plot()

    assert str(refusal.value) == (
        "crowd.plot() needs matplotlib, which is not installed: pip install 'mturk-mock[plot]'"
    )
