"""Snapshots with long lists, made from snapshot files (docs/reference/snapshot_file.md)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.samples import EXTERNAL_QUESTION, HTML_QUESTION
from mturk_mock import Snapshot

HIT_ID, QUALIFICATION_TYPE_ID, ASSIGNMENT_ID = "3HIT", "3READER", "3FIRST"

QUALIFICATION_TYPE = {"id": QUALIFICATION_TYPE_ID, "name": "reader", "description": "Reads"}
REVIEW_POLICY = {
    "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
    "Parameters": [{"Key": "AnswerKey", "MapEntries": [{"Key": "class", "Values": ["bird"]}]}],
}
RESULT = {
    "kind": "finding",
    "level": "Assignment",
    "action_id": "3ACTION",
    "subject_id": ASSIGNMENT_ID,
    "subject_type": "Assignment",
    "key": "KnownAnswerCorrect",
    "value": "1",
}


def snapshot(**state: Any) -> Snapshot:
    """Return the snapshot of a snapshot file with these members."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.json"
        path.write_text(json.dumps({"version": 1, **state}))
        return Snapshot.load(path)


def worker_ids(prefix: str, count: int) -> Iterator[str]:
    return (f"{prefix}{number}" for number in range(count))


def open_hits(count: int) -> Snapshot:
    """Return assignable HITs with a question of 2 KB."""
    hit = {"title": "Which class of animals is this?", "question": HTML_QUESTION}
    return snapshot(accounts=[{"hits": [hit] * count}])


def expired_hits(count: int) -> Snapshot:
    """Return reviewable HITs that require a qualification."""
    requirement = {"QualificationTypeId": QUALIFICATION_TYPE_ID, "Comparator": "Exists"}
    hit_type = {"id": "3TYPE", "title": "Read", "qualification_requirements": [requirement]}
    hit = {"hit_type_id": "3TYPE", "status": "Reviewable", "question": EXTERNAL_QUESTION}
    account = {"hit_types": [hit_type], "hits": [hit] * count}
    return snapshot(qualification_types=[QUALIFICATION_TYPE], accounts=[account])


def work(count: int) -> Snapshot:
    """Return one HIT with many assignments; the first assignment has as many bonuses."""
    assignments = [{"worker_id": worker_id} for worker_id in worker_ids("A", count)]
    hit = {"id": HIT_ID, "assignments": [{"id": ASSIGNMENT_ID, **assignments[0]}, *assignments[1:]]}
    bonus = {"assignment_id": ASSIGNMENT_ID, "amount": "0.01", "reason": "Well done"}
    return snapshot(accounts=[{"hits": [hit], "bonuses": [bonus] * count}])


def workers(count: int) -> Snapshot:
    """Return blocked workers, workers with a qualification, and requests for it."""
    blocks = [{"worker_id": id_, "reason": "Guesses"} for id_ in worker_ids("A1", count)]
    granted = [{"worker_id": worker_id} for worker_id in worker_ids("A2", count)]
    requests = [
        {"qualification_type_id": QUALIFICATION_TYPE_ID, "worker_id": worker_id}
        for worker_id in worker_ids("A3", count)
    ]
    return snapshot(
        accounts=[{"blocks": blocks}],
        qualification_types=[{**QUALIFICATION_TYPE, "qualifications": granted}],
        qualification_requests=requests,
    )


def qualification_types(count: int) -> Snapshot:
    """Return qualification types of the requester."""
    types = [{"name": f"reader {number}", "description": "Reads"} for number in range(count)]
    return snapshot(qualification_types=types)


def review_results(count: int) -> Snapshot:
    """Return one HIT with many results of its review policy."""
    hit = {
        "id": HIT_ID,
        "assignment_review_policy": REVIEW_POLICY,
        "review_log": [{**RESULT, "question_id": f"q{number}"} for number in range(count)],
    }
    return snapshot(accounts=[{"hits": [hit]}])
