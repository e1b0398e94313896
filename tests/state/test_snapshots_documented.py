"""The page Snapshot file: its examples work, and it names every member of a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import NOW
from tests.state.test_snapshots_refused import refusal
from tests.state.test_snapshots_roundtrip import lived
from tests.states import WORKER, load, of_works

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "snapshot_file.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
#: Members whose own members are the API's, or ids.
FOREIGN = {
    *("qualification_requirements", "notification", "document", "layouts"),
    "hit_layout_parameters",
    *("assignment_review_policy", "hit_review_policy", "answer", "files"),
}


def members_of(value):
    """Yield the name of every member of an object."""
    if isinstance(value, list):
        for each in value:
            yield from members_of(each)
    elif isinstance(value, dict):
        yield from value
        for name, each in value.items():
            yield from members_of(None if name in FOREIGN else each)


def test_documented_file_is_a_state(tmp_path):
    """The example of the page can be loaded and contains what the text says."""
    path = tmp_path / "state.json"
    path.write_text(EXAMPLES[0])
    with mock_mturk() as mturk:
        mturk.restore(Snapshot.load(path))
        client = mturk.client()
        works = client.list_assignments_for_hit(HITId="3CATS")["Assignments"]

        assert [work["AssignmentStatus"] for work in works] == ["Submitted", "Rejected"]
        assert client.get_account_balance()["AvailableBalance"] == "25.00"
        assert mturk.worker("A1ANNA").qualifications == {"3KNOWSCATS": 80}


@pytest.mark.parametrize("number", range(2))
def test_documented_members_are_all_that_are_written(tmp_path, number):
    """The page names every member that `save` writes."""
    path = tmp_path / "state.json"
    with mock_mturk(now=NOW, seed=number) as mturk:
        lived(mturk, number)
        mturk.snapshot().save(path)
    names = set(members_of(json.loads(path.read_text())))

    assert {name for name in names if f"`{name}`" not in TEXT} == set()


@pytest.mark.parametrize(
    "content",
    [
        {"x": 1},
        {"workers": [{"id": WORKER, "x": 1}]},
        {"accounts": [{"x": 1}]},
        {"accounts": [{"spent": {"x": "1"}}]},
        {"accounts": [{"hit_types": [{"x": 1}]}]},
        of_works(x=1),
        of_works({"worker_id": WORKER, "x": 1}),
        {"qualification_types": [{"x": 1}]},
        {"emails": [{"to": "x", "x": 1}]},
    ],
)
def test_documented_members_are_all_that_can_be_read(tmp_path, content):
    """The page names every member that an unknown member's error lists."""
    offered = refusal(tmp_path, **content).partition("there are ")[2].split(", ")

    assert {name for name in offered if f"`{name}`" not in TEXT} == set()


def test_documented_defaults_of_an_empty_file(tmp_path):
    """Only the version is required, as the page says."""
    assert repr(load(tmp_path, now=NOW.isoformat())) == (
        "<Snapshot at 2026-01-01 00:00:00 UTC, seed=0, 0 HITs, 0 assignments, 0 workers, 0 calls>"
    )
