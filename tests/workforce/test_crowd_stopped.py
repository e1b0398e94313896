"""Failed and stopped crowds."""

from __future__ import annotations

import gc
import weakref

import pytest

from tests.crowds import DAY, cat, failure, publish_hits, statuses
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")


def broken(hit, worker):
    """Raise the error of a bug in the program."""
    raise KeyError("label")


def test_error_names_the_crowd_and_has_the_original_as_cause(mturk, mturk_client):
    """An error that is not a TypeError, ValueError or RuntimeError becomes a RuntimeError."""
    publish_hits(mturk_client)
    mturk.crowd(2)
    with pytest.raises(RuntimeError) as error:
        mturk.crowd(3, seed=5, answer=broken, arrivals=10_000).finish()

    made = "crowd 2, made by mturk.crowd(3, seed=5)"
    assert str(error.value) == failure("KeyError: 'label'", made)
    assert type(error.value) is RuntimeError
    assert isinstance(error.value.__cause__, KeyError)


@pytest.mark.parametrize("kind", [TypeError, ValueError, RuntimeError])
def test_error_of_these_types_keeps_its_type(mturk, mturk_client, kind):
    """A TypeError, ValueError or RuntimeError keeps its type, and is the cause of the new error."""
    publish_hits(mturk_client)
    original = kind("not so")

    def answer(hit, worker):
        raise original

    with pytest.raises(kind) as error:
        mturk.crowd(3, answer=answer).finish()

    assert str(error.value) == failure("not so")
    assert error.value.__cause__ is original


def test_error_of_later_arrivals_names_the_crowd(mturk, mturk_client):
    """An error of an arrivals= function in a later call names the crowd."""
    publish_hits(mturk_client, 5)
    rates = [1000]

    with pytest.raises(RuntimeError) as error:
        mturk.crowd(3, arrivals=lambda now: rates.pop()).finish()

    assert str(error.value) == failure("IndexError: pop from empty list")


def test_error_before_there_is_a_hit_names_the_crowd(mturk):
    """An error of an arrivals= function before there are any HITs names the crowd."""
    rates = [1000]
    mturk.crowd(3, arrivals=lambda now: rates.pop())
    with pytest.raises(RuntimeError) as error:
        mturk.clock.advance(days=1)

    assert str(error.value) == failure("IndexError: pop from empty list")


def test_stop_ends_a_crowd_that_has_failed(mturk, mturk_client):
    """After stop() of a failed crowd the clock can be moved again."""
    publish_hits(mturk_client, 5)
    crowd = mturk.crowd(3, answer=broken)
    with pytest.raises(RuntimeError):
        crowd.finish()
    with pytest.raises(RuntimeError, match=r"^crowd 1, made by"):
        mturk.clock.advance(days=1)
    crowd.stop()
    mturk.clock.advance(days=1)

    assert set(statuses(mturk)) == {"Abandoned"}


def test_failed_crowd_stops_when_another_is_made(mturk, mturk_client):
    """Making a new crowd stops a failed one."""
    publish_hits(mturk_client, 5)
    failed = mturk.crowd(3, answer=broken)
    with pytest.raises(RuntimeError):
        failed.finish()
    another = mturk.crowd(3, answer=cat).finish()

    assert [row.status for row in another.results] == ["Submitted"] * 5
    assert failed.finish() is failed


def test_crowd_that_has_not_failed_goes_on_when_another_is_made(mturk, mturk_client):
    """Making a new crowd does not stop one that has not failed."""
    publish_hits(mturk_client, 20)
    first = mturk.crowd(3, answer=cat)
    second = mturk.crowd(3, answer=cat).finish()

    assert first.results
    assert len(first.results) + len(second.results) == 20


def test_stopped_crowd_does_nothing_more(mturk, mturk_client):
    """A stopped crowd does nothing more; its accepted assignments are abandoned."""
    publish_hits(mturk_client, 5, 2)
    crowd = mturk.crowd(3, work_time=100)
    mturk.clock.advance_until(lambda: len(mturk.assignments) == 2)
    crowd.stop()
    whats = {event.what for event in mturk.clock.upcoming}
    before = statuses(mturk)

    assert "assignment is abandoned" in whats
    assert not [what for what in whats if what.startswith("worker")]
    assert repr(crowd).startswith("<crowd of 3, 0 at work, ")
    assert crowd.finish() is crowd
    assert mturk.clock.now < NOW.replace(year=2027)
    mturk.clock.advance(seconds=DAY)
    assert len(statuses(mturk)) == len(before) == 2
    assert "Accepted" in before
    assert "Accepted" not in statuses(mturk)
    assert [row.status for row in crowd.results] == statuses(mturk)


def test_stop_twice_is_stop_once(mturk, mturk_client):
    """A second stop() does nothing."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(3)
    crowd.stop()
    crowd.stop()
    mturk.clock.advance(days=1)

    assert crowd.results == []


def test_crowd_can_stop_in_its_own_answer(mturk, mturk_client):
    """A crowd can be stopped in its answer=; that answer is the last one submitted."""
    publish_hits(mturk_client, 9)

    def answer(hit, worker):
        crowd.stop()
        return cat(hit, worker)

    for _ in range(8):  # a worker continues with a probability of 0.8
        with mturk.isolated():
            crowd = mturk.crowd(1, answer=answer)
            crowd.finish()
            assert [row.status for row in crowd.results] == ["Submitted"]


def test_restored_crowd_goes_on_if_it_was_not_stopped_then(mturk, mturk_client):
    """restore() restores whether a crowd is stopped."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(3)
    before = mturk.snapshot()
    crowd.stop()
    mturk.restore(before)

    assert len(crowd.finish().results) == 1


def test_stop_of_a_crowd_that_is_gone_is_refused(mturk):
    """stop() of a crowd that is gone raises the same RuntimeError as its other methods."""
    with mturk.isolated():
        crowd = mturk.crowd(3)
    with pytest.raises(RuntimeError, match=r"^this crowd is not in this mock"):
        crowd.stop()


def test_crowd_of_an_isolated_block_is_forgotten(mturk):
    """After isolated() the mock keeps no reference to a crowd or its functions."""

    def answer(hit, worker):
        """Never called."""

    with mturk.isolated():
        mturk.crowd(3, answer=answer)
    reference = weakref.ref(answer)
    del answer
    gc.collect()

    assert reference() is None
