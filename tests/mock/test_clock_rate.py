"""The rate of the clock: how many seconds pass in one second of the machine's clock."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone

import pytest
import time_machine

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import publish

BEGIN = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def machine():
    """The machine's clock, which stands still until the test moves it."""
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def test_clock_follows_the_machine_at_first(mturk):
    """A clock that follows the machine has the rate 1."""
    assert mturk.clock.rate == 1


def test_clock_that_stands_still_has_the_rate_0():
    """With now= the rate is 0."""
    with mock_mturk(now=BEGIN) as mturk:
        assert mturk.clock.rate == 0


def test_rate_60_passes_a_minute_in_a_second(machine):
    """With the rate 60, ten seconds of the machine are ten minutes, from the time of the change."""
    with mock_mturk() as mturk:
        mturk.clock.advance(hours=1)
        mturk.clock.rate = 60
        machine.shift(10)

        assert mturk.clock.now == BEGIN + timedelta(hours=1, minutes=10)


def test_rate_changes_without_a_jump(machine):
    """The time that has passed at one rate stays when the rate changes."""
    with mock_mturk() as mturk:
        for rate in (60, 3600, 1, 0, 86_400):
            mturk.clock.rate = rate
            machine.shift(1)

        assert mturk.clock.now == BEGIN + timedelta(seconds=60 + 3600 + 1 + 86_400)


def test_rate_0_stops_the_clock(machine):
    """With the rate 0 the clock stands still, and can be moved."""
    with mock_mturk() as mturk:
        mturk.clock.rate = 0
        machine.shift(100)
        mturk.clock.advance(seconds=5)

        assert mturk.clock.now == BEGIN + timedelta(seconds=5)


def test_clock_that_stood_still_can_run(machine):
    """A clock made with now= goes on from its time at the new rate."""
    with mock_mturk(now=BEGIN - timedelta(days=400)) as mturk:
        mturk.clock.rate = 3600
        machine.shift(2)

        assert mturk.clock.now == BEGIN - timedelta(days=400) + timedelta(hours=2)


def test_clock_can_be_moved_at_any_rate(machine):
    """Moving a fast clock keeps its rate."""
    with mock_mturk() as mturk:
        mturk.clock.rate = 60
        mturk.clock.move_to(BEGIN + timedelta(days=3))
        machine.shift(1)

        assert mturk.clock.now == BEGIN + timedelta(days=3, minutes=1)


def test_events_happen_at_their_own_times_at_any_rate(machine):
    """A HIT that expires while the clock runs fast has expired at its own time."""
    with mock_mturk() as mturk:
        client = mturk.client()
        hit_id = publish(client, LifetimeInSeconds=600)
        mturk.clock.rate = 3600
        machine.shift(1)

        found = client.get_hit(HITId=hit_id)["HIT"]
        assert (found["HITStatus"], found["Expiration"]) == (
            "Reviewable",
            BEGIN + timedelta(seconds=600),
        )


@pytest.mark.parametrize("rate", [True, 1.5, "60", None])
def test_rate_of_another_type_is_refused(mturk, rate):
    """The rate is a whole number."""
    with pytest.raises(TypeError) as refused:
        mturk.clock.rate = rate

    assert str(refused.value) == f"clock.rate takes a whole number, not {rate!r}"


@pytest.mark.parametrize("rate", [-1, 86_401])
def test_rate_out_of_range_is_refused(mturk, rate):
    """The rate is at most a day in a second, and time does not run backwards."""
    problem = f"^clock.rate takes a number from 0 to 86400, not {rate}$"
    with pytest.raises(ValueError, match=problem):
        mturk.clock.rate = rate


def test_rate_is_saved_in_the_file(machine, tmp_path):
    """A file keeps the rate, and since when the clock has it."""
    with mock_mturk() as mturk:
        mturk.clock.rate = 60
        machine.shift(10)
        mturk.snapshot().save(tmp_path / "state.json")

    content = json.loads((tmp_path / "state.json").read_text())
    assert (content["rate"], content["rate_since"]) == (60, "2026-03-01T12:00:00.000000Z")


def test_clock_goes_on_at_the_rate_of_the_file(machine, tmp_path):
    """A clock from a file has gone on at its rate while nothing was running."""
    with mock_mturk() as mturk:
        mturk.clock.advance(hours=1)
        mturk.clock.rate = 60
        mturk.snapshot().save(tmp_path / "state.json")
    machine.shift(10)

    with mock_mturk() as mturk:
        mturk.restore(Snapshot.load(tmp_path / "state.json"))

        assert mturk.clock.now == BEGIN + timedelta(hours=1, minutes=10)
        assert mturk.clock.rate == 60


def test_rate_in_a_file_counts_from_the_loading_by_default(machine, tmp_path):
    """Without rate_since the clock runs at the rate from the time when the file is read."""
    (tmp_path / "state.json").write_text('{"version": 1, "rate": 60}')

    with mock_mturk() as mturk:
        mturk.restore(Snapshot.load(tmp_path / "state.json"))
        machine.shift(1)

        assert mturk.clock.now == BEGIN + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"rate": 0}, "rate: must be from 1 to 86400, not 0"),
        ({"rate": 86_401}, "rate: must be from 1 to 86400, not 86401"),
        ({"now": "2026-01-01T00:00:00Z", "rate": 2}, "rate: allowed only if now is null"),
        (
            {"rate": 2, "rate_since": "2026-03-01T12:00:01Z"},
            "rate_since: 2026-03-01T12:00:01.000000Z is in the future",
        ),
    ],
)
def test_wrong_rate_in_a_file_is_refused(machine, tmp_path, members, problem):
    """A rate that no clock can have is refused, with its place."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 1, **members}))

    with pytest.raises(ValueError, match=re.escape(f"{path}: {problem}")):
        Snapshot.load(path)
