"""Handles after reset(), restore() and isolated() raise if their object is gone."""

from __future__ import annotations

import os
import re

import pytest

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import NOW, html_question, publish
from tests.qualify import type_id_of

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

QUESTION = html_question('<form><input name="x"></form>')
#: For each kind of handle, an attribute that the tests read.
STATE_OF = {
    "HIT": "status",
    "Assignment": "status",
    "Worker": "earnings",
    "QualificationRequest": "status",
}
ADVICE = {
    "HIT": "mturk.hits",
    "Assignment": "mturk.assignments",
    "Worker": "mturk.worker(id)",
    "QualificationRequest": "worker.request_qualification(type_id)",
}
each_kind = pytest.mark.parametrize("kind", STATE_OF)


def make_all(mturk, client):
    """Return a new handle of each kind, by kind."""
    worker = mturk.worker()
    hit = mturk.worker().preview(publish(client, Question=QUESTION, MaxAssignments=9))
    type_id = type_id_of(client)
    return {
        "HIT": hit,
        "Assignment": worker.accept(hit),
        "Worker": worker,
        "QualificationRequest": worker.request_qualification(type_id),
    }


def read(handle):
    """Return an attribute of the handle's object."""
    return getattr(handle, STATE_OF[type(handle).__name__])


def assert_gone(kind, handle):
    """Expect the error of a handle whose object is gone."""
    with pytest.raises(RuntimeError) as refusal:
        read(handle)
    assert str(refusal.value) == (
        f"{kind} {handle.id} is not in this mock: the mock has gone back to a state without it, by "
        "reset(), restore() or the end of isolated(), or it belongs to another mock. Get it "
        f"again, e.g. from {ADVICE[kind]}"
    )


def roll_back(mturk, how, make):
    """Make handles, go back to the state before in one of the ways, and return the handles."""
    snapshot = mturk.snapshot()
    if how == "isolated":
        with mturk.isolated():
            return make()
    made = make()
    if how == "reset":
        mturk.reset()
    else:
        mturk.restore(snapshot)
    return made


each_way = pytest.mark.parametrize("how", ["reset", "restore", "isolated"])


# Invalid handles --------------------------------------------------------------------------


@each_way
@each_kind
def test_handle_without_its_object_is_an_error(mturk, mturk_client, how, kind):
    """The error says what is gone, why, and where to get it again."""
    handle = roll_back(mturk, how, lambda: make_all(mturk, mturk_client))[kind]

    assert_gone(kind, handle)


@each_way
@each_kind
def test_handle_does_not_become_a_later_object_of_its_id(mturk, mturk_client, how, kind):
    """A new object can have the same ID, and the old handle still raises."""
    old = roll_back(mturk, how, lambda: make_all(mturk, mturk_client))[kind]
    new = make_all(mturk, mturk_client)[kind]

    assert new.id == old.id
    assert_gone(kind, old)
    assert read(new) is not None


@each_kind
def test_handles_of_two_objects_of_one_id_are_not_equal(mturk, mturk_client, kind):
    """Equality and hash include the state that a handle belongs to."""
    old = roll_back(mturk, "reset", lambda: make_all(mturk, mturk_client))[kind]
    new = make_all(mturk, mturk_client)[kind]

    assert old != new
    assert len({old, new}) == 2


def test_old_worker_does_not_make_a_worker(mturk):
    """Using the handle of a worker that is gone does not create the worker."""
    worker = mturk.worker("A1B2C3")
    mturk.reset()
    hit = mturk.add_hit()

    with pytest.raises(RuntimeError, match=r"^Worker A1B2C3 is not in this mock"):
        worker.accept(hit)
    with mturk._backend.transaction() as (marketplace, _):
        assert marketplace.people == {}


def test_worker_id_makes_the_worker_again(mturk):
    """mturk.worker(id) gets or creates the worker, also after a reset."""
    old = mturk.worker("A1B2C3", country="DE")
    mturk.reset()

    new = mturk.worker("A1B2C3")

    assert (new.id, new.country) == (old.id, "US")
    assert new != old


@pytest.mark.parametrize(
    "use",
    [
        lambda mturk, old: old["Assignment"].submit({"x": "1"}),
        lambda mturk, old: old["Assignment"].return_hit(),
        lambda mturk, old: old["Worker"].find_hits(),
        lambda mturk, old: old["Worker"].answer(mturk.hits[0]),
        lambda mturk, old: old["Worker"].request_qualification("3TYPE"),
        lambda mturk, old: old["QualificationRequest"].submit({}),
        lambda mturk, old: mturk.worker().preview(old["HIT"]),
        lambda mturk, old: mturk.worker().accept(old["HIT"]),
        lambda mturk, old: mturk.worker().answer(old["HIT"]),
        lambda mturk, old: mturk.add_assignment(old["HIT"]),
        lambda mturk, old: mturk.add_assignment(mturk.hits[0], worker=old["Worker"]),
    ],
)
def test_old_handle_changes_nothing(mturk, mturk_client, use):
    """Methods of an old handle, and functions that get one, raise and change nothing."""
    old = roll_back(mturk, "reset", lambda: make_all(mturk, mturk_client))
    new = make_all(mturk, mturk_client)
    before = [read(handle) for handle in new.values()]

    with pytest.raises(RuntimeError, match="is not in this mock"):
        use(mturk, old)

    assert [read(handle) for handle in new.values()] == before
    assert len(mturk.assignments) == 1


def test_hit_of_another_mock_is_an_error(mturk):
    """accept() refuses a HIT of another mock that has the same ID."""
    hit = mturk.add_hit()
    with mock_mturk(seed=1, now=NOW) as inner:
        assert inner.add_hit().id == hit.id

        with pytest.raises(RuntimeError, match="or it belongs to another mock"):
            inner.worker().accept(hit)


# Valid handles ----------------------------------------------------------------------------


@each_way
@each_kind
def test_handle_of_the_state_gone_back_to_stays_valid(mturk, mturk_client, how, kind):
    """A handle from before the snapshot or block is valid afterwards."""
    handle = make_all(mturk, mturk_client)[kind]
    if how == "reset":
        snapshot = mturk.snapshot()
        mturk.reset()
        mturk.restore(snapshot)
    else:
        roll_back(mturk, how, lambda: publish(mturk_client))

    assert read(handle) is not None
    assert handle in {handle}


@each_kind
def test_handle_stays_valid_in_a_state_from_a_file(mturk, mturk_client, tmp_path, kind):
    """Files have no generations: after loading one, a handle is valid if an object has its ID."""
    handle = make_all(mturk, mturk_client)[kind]
    mturk.snapshot().save(tmp_path / "state.json")
    mturk.reset()
    assert_gone(kind, handle)

    mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert read(handle) is not None


@each_kind
def test_handle_later_than_a_file_is_gone_with_it(mturk, mturk_client, tmp_path, kind):
    """A handle of an object created after the file was saved is invalid after loading it."""
    mturk.snapshot().save(tmp_path / "state.json")
    old = make_all(mturk, mturk_client)[kind]
    mturk.restore(Snapshot.load(tmp_path / "state.json"))
    new = make_all(mturk, mturk_client)[kind]

    assert new.id == old.id
    assert_gone(kind, old)
    assert read(new) is not None


def test_handle_of_a_file_does_not_match_a_new_object(mturk, tmp_path):
    """A handle of an object from a file is invalid when a new HIT has the same ID."""
    mturk.add_hit()
    mturk.snapshot().save(tmp_path / "state.json")
    mturk.restore(Snapshot.load(tmp_path / "state.json"))
    (hit,) = mturk.hits
    assert hit.status == "Assignable"

    mturk.reset()

    assert mturk.add_hit().id == hit.id
    assert_gone("HIT", hit)


def test_handle_made_in_a_block_lasts_as_long_as_the_block(mturk):
    """A handle made in an isolated() block is valid until its end, also in inner blocks."""
    with mturk.isolated():
        hit = mturk.add_hit()
        with mturk.isolated():
            assert hit.status == "Assignable"
            inner = mturk.add_hit()
        assert hit.status == "Assignable"
        assert_gone("HIT", inner)
    assert_gone("HIT", hit)


def test_object_added_from_a_crowd_stays_with_its_state(mturk):
    """Handles from a crowd in a block are invalid after it, even if their IDs exist."""
    hit = mturk.add_hit(question=QUESTION)
    with mturk.isolated():
        crowd = mturk.crowd(3, seed=1)
        crowd.finish()
        (assignment,) = hit.assignments
        worker = crowd.workers[0]
    mturk.worker().accept(hit)

    assert hit.assignments[0].id == assignment.id
    assert_gone("Assignment", assignment)
    assert_gone("Worker", worker)


# Files without generations ----------------------------------------------------------------


def test_files_of_two_replays_are_equal(tmp_path):
    """Two mocks with the same actions save equal files, whatever their generations are."""
    files = []
    for number in range(2):
        with mock_mturk(seed=1, now=NOW) as mturk:
            mturk.reset()
            make_all(mturk, mturk.client())
            mturk.snapshot().save(tmp_path / f"{number}.json")
        files.append((tmp_path / f"{number}.json").read_bytes())

    assert files[0] == files[1]
    assert b"generation" not in files[0]


# Attributes -------------------------------------------------------------------------------


@each_kind
def test_handle_refuses_unknown_attributes(mturk, mturk_client, kind):
    """Setting a misspelt attribute is an AttributeError."""
    handle = make_all(mturk, mturk_client)[kind]

    with pytest.raises(AttributeError, match="statsu"):
        handle.statsu = "Approved"


# repr() -----------------------------------------------------------------------------------


@each_kind
def test_repr_of_a_handle_without_its_object(mturk, mturk_client, kind):
    """repr() says that the object is gone."""
    handle = roll_back(mturk, "reset", lambda: make_all(mturk, mturk_client))[kind]

    assert repr(handle) == f"<{kind} {handle.id}, gone>"


@each_kind
def test_repr_of_a_handle_in_a_forked_process(mturk, mturk_client, monkeypatch, kind):
    """repr() of a handle in a forked process says that the mock belongs to another process."""
    handle = make_all(mturk, mturk_client)[kind]
    monkeypatch.setattr(os, "getpid", lambda: 7)

    assert repr(handle) == f"<{kind} {handle.id}, of another process>"


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda mturk: mturk, "<MTurk, of another process>"),
        (lambda mturk: mturk.clock, "<clock, of another process>"),
        (lambda mturk: mturk.requester("lab"), "<Requester 'lab', of another process>"),
        (lambda mturk: mturk.crowd(2), "<crowd, of another process>"),
        (lambda mturk: mturk.snapshot(), "<Snapshot at 2026-01-01 00:00:00 UTC, seed=1, 0 HITs"),
        (lambda mturk: mturk.fail(), "<Fault ServiceFault before every operation; "),
        (lambda mturk: mturk.client().get_account_balance() and mturk.calls[0], "<GetAccountBal"),
    ],
)
def test_repr_of_others_in_a_forked_process(mturk, monkeypatch, make, shown):
    """repr() of the other objects of a mock works in a forked process."""
    thing = make(mturk)
    monkeypatch.setattr(os, "getpid", lambda: 7)

    assert repr(thing).startswith(shown)


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda mturk: mturk, "<MTurk seed=1, 2026-01-01 00:00:00 UTC, 0 HITs, "),
        (lambda mturk: mturk.clock, "<clock at 2026-01-01 00:00:00 UTC, nothing to come>"),
        (lambda mturk: mturk.requester("lab"), "<Requester 'lab', balance $10000.00>"),
        (lambda mturk: mturk.crowd(2), "<crowd, gone>"),
        (lambda mturk: mturk.snapshot(), "<Snapshot at 2026-01-01 00:00:00 UTC, seed=1, 0 HITs"),
        (lambda mturk: mturk.fail(), "<Fault ServiceFault before every operation; "),
        (lambda mturk: mturk.client().get_account_balance() and mturk.calls[0], "<GetAccountBal"),
    ],
)
def test_repr_of_others_after_a_reset(mturk, make, shown):
    """repr() of the other objects of a mock works after reset()."""
    thing = make(mturk)
    mturk.reset()

    assert repr(thing).startswith(shown)


def test_repr_lets_nothing_happen(mturk_client):
    """repr() runs no event, calls no function of the program, and creates no account."""
    time_machine = pytest.importorskip("time_machine")
    with time_machine.travel(NOW, tick=False) as traveller, mock_mturk(seed=1) as mturk:
        crowd = mturk.crowd(9, answer=lambda hit, worker: 1 / 0)
        hit = mturk.add_hit()
        mturk.client().list_hits()
        traveller.shift(24 * 60 * 60)

        shown = [repr(thing) for thing in (mturk, hit, crowd, mturk.requester("lab"), mturk.clock)]

        assert re.search("2026-01-02 00:00:00 UTC, 1 HITs, 0 assignments", shown[0])
        assert shown[1].endswith("Assignable, 0 of 1 taken>")
        assert ("lab", "production") not in mturk._backend._transactions.marketplace.accounts


def test_bug_within_a_change_is_not_hidden(mturk, mturk_client, monkeypatch):
    """Without a state file, an unexpected error within a change reaches the program as it is."""
    hit_id = publish(mturk_client)
    monkeypatch.setattr("mturk_mock.model.hit_life.refresh_status", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        mturk.worker().accept(hit_id)
