"""mturk.snapshot() and restore(), and the files of snapshots."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from freezegun import freeze_time

from mturk_mock import Snapshot, mock_mturk
from tests.clients import balance_of
from tests.helpers import (
    DAY,
    NOW,
    accept,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    get_hit,
    work,
)
from tests.notices import tell, telling_type
from tests.worlds import UPLOAD


@pytest.fixture
def mturk():
    """Return a mock with a fixed seed, clock and balance."""
    with mock_mturk(seed=1, now=NOW, balance="100.00") as mturk:
        yield mturk


@pytest.fixture
def client(mturk):
    """Return a client of the mock."""
    return mturk.client()


# In memory --------------------------------------------------------------------------------


def test_snapshot_restore_forgets_what_happened(mturk, client):
    """Restoring resets the time, the money, HITs, workers and calls."""
    hit_id = create_hit(client)["HITId"]
    snapshot = mturk.snapshot()
    before = (repr(mturk), mturk.calls, mturk.balance)
    work(mturk, hit_id)
    create_hit(client)
    mturk.clock.advance(days=3)
    mturk.balance = "1.00"

    mturk.restore(snapshot)

    assert (repr(mturk), mturk.calls, mturk.balance) == before
    assert get_hit(client, hit_id)["HITStatus"] == "Assignable"


def test_snapshot_can_be_restored_many_times(mturk, client):
    """A snapshot does not change after it was restored."""
    snapshot = mturk.snapshot()
    made = []
    for _ in range(3):
        mturk.restore(snapshot)
        made.append(create_hit(client))

    assert made[0] == made[1] == made[2]
    assert len(mturk.hits) == 1


def test_snapshot_is_of_the_moment_it_was_taken(mturk, client):
    """A snapshot does not change after it was taken."""
    snapshot = mturk.snapshot()
    create_hit(client)

    mturk.restore(snapshot)

    assert mturk.hits == mturk.calls == []


def test_snapshot_restored_into_another_mock(mturk, client):
    """The seed, the balance of new requesters and the clock are restored too."""
    hit = create_hit(client)
    snapshot = mturk.snapshot()
    following = create_hit(client)

    with mock_mturk(seed=2, balance="5.00") as other:
        other.restore(snapshot)
        there = other.client()
        assert get_hit(there, hit["HITId"]) == hit
        assert create_hit(there) == following
        assert (other.seed, other.clock.now) == (1, NOW)
        assert balance_of(other.requester("new").client()) == "100.00"


def test_snapshot_restored_keeps_the_options_of_the_mock(mturk):
    """`only` and `unknown_workers` are options, not state."""
    snapshot = mturk.snapshot()
    with mock_mturk(unknown_workers="refuse") as other:
        other.restore(snapshot)
        call = {"WorkerId": "A2NOBODY", "Reason": "x"}
        refusal = error_of(lambda: other.client().create_worker_block(**call))

    assert refusal.code == "ParameterValidationError"


def test_snapshot_reset_is_as_just_entered(mturk, client):
    """reset() uses the options, not the restored state."""
    create_hit(client)
    snapshot = mturk.snapshot()
    with mock_mturk(seed=2, now=NOW) as other:
        other.restore(snapshot)
        other.reset()
        assert (other.hits, other.seed) == ([], 2)


def test_snapshot_is_taken_after_what_is_due():
    """Events that are due happen before the snapshot, so they are announced once."""
    with freeze_time(NOW), mock_mturk() as mturk:
        create_hit(mturk.client(), LifetimeInSeconds=60)
        with freeze_time(NOW + timedelta(days=1)):
            snapshot = mturk.snapshot()
        mturk.restore(snapshot)

        assert mturk.hits[0].status == "Reviewable"


def test_snapshot_within_isolated(mturk, client):
    """A snapshot restored in an isolated() block is undone at the end of the block."""
    empty = mturk.snapshot()
    create_hit(client)

    with mturk.isolated():
        mturk.restore(empty)
        assert mturk.hits == []

    assert len(mturk.hits) == 1


@pytest.mark.parametrize("wrong", [None, "state.json", {"version": 1}])
def test_restore_of_something_else_is_a_type_error(mturk, wrong):
    """restore() of a path, a frequent mistake, raises a TypeError that says what to do."""
    with pytest.raises(TypeError) as refusal:
        mturk.restore(wrong)

    assert str(refusal.value) == (
        f"restore() takes a Snapshot, from mturk.snapshot() or Snapshot.load(path), not {wrong!r}"
    )


def test_snapshot_shows_what_is_in_it(mturk, client):
    """The repr shows the time, the seed and counts."""
    work(mturk, create_hit(client, MaxAssignments=3)["HITId"], 2)

    assert repr(mturk.snapshot()) == (
        "<Snapshot at 2026-01-01 00:00:00 UTC, seed=1, 1 HITs, 2 assignments, 2 workers, 1 calls>"
    )


def test_snapshot_cannot_be_changed(mturk):
    """A snapshot is frozen."""
    with pytest.raises(AttributeError):
        mturk.snapshot()._state = None


# Files ------------------------------------------------------------------------------------


def saved(mturk, tmp_path):
    """Return the content of the file of a snapshot."""
    path = tmp_path / "state.json"
    mturk.snapshot().save(path)
    return json.loads(path.read_text(encoding="utf-8"))


def test_save_of_an_untouched_mock_is_a_few_lines(mturk, tmp_path):
    """Members that have their defaults are omitted."""
    assert saved(mturk, tmp_path) == {
        "version": 1,
        "now": "2026-01-01T00:00:00.000000Z",
        "seed": 1,
        "balance": "100.00",
    }


def test_save_writes_letters_as_they_are(mturk, client, tmp_path):
    """Letters outside ASCII are not escaped, and a lone surrogate can be saved."""
    create_hit(client, Title="Größe ☃ \ud800")
    path = tmp_path / "state.json"
    mturk.snapshot().save(path)

    assert "Größe ☃".encode() in path.read_bytes()
    mturk.restore(Snapshot.load(path))
    assert mturk.hits[0].title == "Größe ☃ \ud800"


def test_save_leaves_calls_out(mturk, client, tmp_path):
    """The log of calls is not part of the file."""
    balance_of(client)
    path = tmp_path / "state.json"
    mturk.snapshot().save(str(path))
    mturk.restore(Snapshot.load(str(path)))

    assert mturk.calls == []


def test_save_of_a_clock_that_follows_the_machine(tmp_path):
    """A running clock is loaded as far ahead of the machine's as it was."""
    path = tmp_path / "state.json"
    with freeze_time(NOW), mock_mturk() as mturk:
        mturk.clock.advance(days=400, seconds=0.25)
        content = saved(mturk, tmp_path)
    with freeze_time(NOW + timedelta(days=1)), mock_mturk() as mturk:
        mturk.restore(Snapshot.load(path))
        assert mturk.clock.now == NOW + timedelta(days=401, seconds=0.25)

    assert (content["now"], content["ahead_in_seconds"]) == (None, 400 * DAY + 0.25)


def test_load_lets_happen_what_fell_due_in_between(tmp_path):
    """With a running clock, events that fell due meanwhile happen at their own times."""
    path = tmp_path / "state.json"
    with freeze_time(NOW), mock_mturk() as mturk:
        client = mturk.client()
        telling = telling_type(client, "HITExpired")
        hit = create_hit_with_hit_type(client, telling, MaxAssignments=2)
        (assignment,) = accept(mturk, hit["HITId"])
        mturk.snapshot().save(path)
    with freeze_time(NOW + timedelta(days=2)), mock_mturk() as mturk:
        mturk.restore(Snapshot.load(path))
        assert [each.time for each in mturk.notifications] == [hit["Expiration"]]
        assert [work.status for work in mturk.assignments] == ["Abandoned"]
        assert mturk.assignments[0].id == assignment.id


def test_load_lets_a_taken_hit_expire(tmp_path):
    """HITExpired is sent even for a HIT that had no assignment left."""
    path = tmp_path / "state.json"
    with freeze_time(NOW), mock_mturk() as mturk:
        client = mturk.client()
        hit_type_id = create_hit_type(client, AssignmentDurationInSeconds=5 * DAY)
        tell(client, hit_type_id, "HITExpired")
        accept(mturk, create_hit_with_hit_type(client, hit_type_id)["HITId"])
        mturk.snapshot().save(path)
    with freeze_time(NOW + timedelta(days=2)), mock_mturk() as mturk:
        mturk.restore(Snapshot.load(path))
        assert [each.time for each in mturk.notifications] == [NOW + timedelta(days=1)]


def test_load_keeps_places_of_blocks(mturk, client, tmp_path):
    """Page tokens stay valid, even if the latest block was removed."""
    for worker_id in ("A1", "A22"):
        client.create_worker_block(WorkerId=worker_id, Reason="x")
    client.delete_worker_block(WorkerId="A22")
    saved(mturk, tmp_path)
    tokens = []
    for _ in range(2):
        client.create_worker_block(WorkerId="A33", Reason="x")
        tokens.append(client.list_worker_blocks()["NextToken"])
        mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert tokens[0] == tokens[1]


def test_load_keeps_files(mturk, client, tmp_path):
    """Uploaded files are kept, whatever their bytes."""
    hit = create_hit(client, Question=UPLOAD)
    assignment = accept(mturk, hit["HITId"])[0].submit({"q1": b"\x00\xff"})
    saved(mturk, tmp_path)
    mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert assignment._object.files == {"q1": b"\x00\xff"}


def test_save_names_the_order_of_what_happens_at_once(mturk, client, tmp_path):
    """`order_of_events` lists only events that are due at the same time."""
    first, second = (create_hit(client)["HITId"] for _ in range(2))
    create_hit(client, LifetimeInSeconds=60)

    assert saved(mturk, tmp_path)["order_of_events"] == [
        {"what": "HIT expires", "id": first},
        {"what": "HIT expires", "id": second},
    ]


@pytest.mark.parametrize("guarded", [{"RequiredToPreview": True}, {"ActionsGuarded": "Accept"}])
def test_load_keeps_requirements(mturk, client, tmp_path, guarded):
    """Each guarded action is kept, in the one of two forms in which it was given."""
    requirement = {"QualificationTypeId": "00000000000000000060", "Comparator": "EqualTo"}
    full = {**requirement, "IntegerValues": [1], **guarded}
    hit = create_hit(client, QualificationRequirements=[full])
    saved(mturk, tmp_path)
    mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert get_hit(client, hit["HITId"]) == hit


def test_load_keeps_layouts(mturk, tmp_path):
    """HIT layouts are HTML, by ID."""
    with mturk._backend.transaction() as (marketplace, _):
        marketplace.layouts["3LAYOUT"] = "<p>${x}</p>"
    content = saved(mturk, tmp_path)
    mturk.reset()
    mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert content["layouts"] == {"3LAYOUT": "<p>${x}</p>"}
    with mturk._backend.transaction() as (marketplace, _):
        assert marketplace.layouts == {"3LAYOUT": "<p>${x}</p>"}


def test_load_keeps_guards_of_discovery(mturk, client, tmp_path):
    """A HIT that is guarded for discovery is found only by qualified workers."""
    requirement = {
        "QualificationTypeId": "00000000000000000060",
        "Comparator": "Exists",
        "ActionsGuarded": "DiscoverPreviewAndAccept",
    }
    hit = create_hit(client, QualificationRequirements=[requirement])
    saved(mturk, tmp_path)
    mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert get_hit(client, hit["HITId"]) == hit


def test_load_of_no_file_is_an_os_error(tmp_path):
    """Loading a missing file raises the OSError of open()."""
    with pytest.raises(FileNotFoundError):
        Snapshot.load(tmp_path / "nothing.json")
