"""A running clock follows the machine's, even if that is frozen, moved or turned back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import freezegun
import pytest
import time_machine

from mturk_mock import mock_mturk
from tests.helpers import NOW, accepted, publish, refusal, stamp_of

LATER = datetime(2027, 6, 1, 12, 30, 15, 250_000, tzinfo=timezone.utc)
EARLIER = datetime(2020, 2, 29, tzinfo=timezone.utc)

#: What stops the machine's time, for as long as a block lasts.
STOPPED = [
    pytest.param(lambda moment: freezegun.freeze_time(moment), id="freezegun"),
    pytest.param(lambda moment: time_machine.travel(moment, tick=False), id="time-machine"),
]


@pytest.mark.parametrize("stopped", STOPPED)
class TestMachineTime:
    def test_stopped_outside(self, stopped):
        """A mock inside frozen time uses that time."""
        with stopped(LATER), mock_mturk() as mturk:
            client = mturk.client()
            assert mturk.clock.now == LATER
            told = refusal(client.get_hit, HITId="3A")

        assert told[2] == f"Hit 3A does not exist.{stamp_of(LATER)}"

    def test_stopped_inside(self, stopped):
        """An active mock follows time that is frozen later."""
        with mock_mturk() as mturk:
            client = mturk.client()
            with stopped(LATER):
                assert mturk.clock.now == LATER
                hit_id = publish(client)
                assert mturk.hits[0].creation_time == LATER
            with stopped(LATER + timedelta(hours=1)):
                assert client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Reviewable"
                assert mturk.hits[0].expiration == LATER + timedelta(hours=1)

    def test_going_backwards(self, stopped):
        """If the machine's time goes back, the clock follows; events stay done. [assumed]"""
        with mock_mturk() as mturk:
            with stopped(LATER):
                expired = publish(mturk.client(), LifetimeInSeconds=30)
                mturk.clock.advance(seconds=30)
                alive = publish(mturk.client())
            with stopped(EARLIER):
                assert mturk.clock.now == EARLIER + timedelta(seconds=30)
                statuses = {hit.id: hit.status for hit in mturk.hits}
                assert statuses == {expired: "Reviewable", alive: "Assignable"}
                assert mturk.worker().accept(alive).accept_time == mturk.clock.now

    def test_advance_is_added(self, stopped):
        """advance() is added to the machine's time."""
        with mock_mturk() as mturk:
            with stopped(LATER):
                mturk.clock.advance(days=1)
                assert mturk.clock.now == LATER + timedelta(days=1)
                mturk.clock.move_to(LATER + timedelta(days=2))
            with stopped(EARLIER):
                assert mturk.clock.now == EARLIER + timedelta(days=2)

    def test_standing_clock_does_not_follow(self, stopped):
        """With now=, the machine's time has no effect."""
        with mock_mturk(now=NOW) as mturk, stopped(LATER):
            assert mturk.clock.now == NOW


def test_clock_follows_the_machine():
    """Without now=, the clock follows the machine's."""
    with mock_mturk() as mturk:
        before = datetime.now(timezone.utc)
        now = mturk.clock.now
        after = datetime.now(timezone.utc)

    assert before - timedelta(milliseconds=1) <= now <= after + timedelta(milliseconds=1)


def test_freezegun_tick_moves_the_clock():
    """Events that become due by a tick happen before the next response."""
    with freezegun.freeze_time(LATER) as frozen, mock_mturk() as mturk:
        client = mturk.client()
        assignment = accepted(client, mturk.worker())
        frozen.tick(timedelta(minutes=10))

        hit = client.get_hit(HITId=assignment.hit_id)["HIT"]
        assert hit["NumberOfAssignmentsAvailable"] == 1
        assert assignment.status == "Abandoned"


def test_time_machine_shift_moves_the_clock():
    """Events that become due by a shift happen before the next response."""
    with time_machine.travel(LATER, tick=False) as traveller, mock_mturk() as mturk:
        client = mturk.client()
        assignment = accepted(client, mturk.worker())
        traveller.shift(timedelta(minutes=10))

        hit = client.get_hit(HITId=assignment.hit_id)["HIT"]
        assert hit["NumberOfAssignmentsAvailable"] == 1
        assert assignment.status == "Abandoned"
