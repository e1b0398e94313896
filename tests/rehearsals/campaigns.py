"""Campaigns for tests of rehearsals, which other processes import."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

from mturk_mock import HTMLQuestion, parse_answers

PAGE = str(
    HTMLQuestion(
        "<!DOCTYPE html><html><head><title>?</title></head><body><form>"
        + "".join(f'<input type="radio" name="label" value="{label}">' for label in ("cat", "dog"))
        + "</form></body></html>"
    )
)


def publish(mturk: Any, redundancy: int, items: int, reward: str = "0.05") -> Any:
    """Publish HITs of one type with boto3, and return the client."""
    client = mturk.client()
    type_id = client.create_hit_type(
        Title="Label",
        Description="A picture",
        Reward=reward,
        AssignmentDurationInSeconds=600,
        AutoApprovalDelayInSeconds=3600,
    )["HITTypeId"]
    for number in range(items):
        client.create_hit_with_hit_type(
            HITTypeId=type_id,
            LifetimeInSeconds=86400 * 7,
            MaxAssignments=redundancy,
            Question=PAGE,
            RequesterAnnotation=str(number),
        )
    return client


def vote(mturk: Any, redundancy: int = 3, accuracy: float = 0.8, items: int = 10) -> dict[str, Any]:
    """Ask a crowd, and return the share of items whose majority is right."""
    client = publish(mturk, redundancy, items)
    crowd = mturk.crowd(20, answer=lambda hit, worker: {"label": "cat"}, accuracy=accuracy)
    crowd.finish()
    mturk.clock.advance(hours=2)
    right = 0
    for hit in client.list_hits(MaxResults=100)["HITs"]:
        found = client.list_assignments_for_hit(HITId=hit["HITId"], MaxResults=100)["Assignments"]
        votes = [parse_answers(each["Answer"])["label"] for each in found]
        right += votes.count("cat") > len(votes) / 2
    return {"accuracy_found": right / items, "first": "cat"}


def fail_for_two(mturk: Any, number: int = 1) -> dict[str, Any]:
    """Raise for one design."""
    if number == 2:
        raise LookupError("two\nis wrong")
    return {"twice": 2 * number}


def die_for_two(mturk: Any, number: int = 1) -> dict[str, Any]:
    """End the process for one design."""
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"twice": 2 * number}


def die_once(mturk: Any, marker: str = "", number: int = 1) -> dict[str, Any]:
    """End the process at the first try of one design."""
    if number == 2 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"twice": 2 * number}


def wait_a_day(mturk: Any) -> dict[str, Any]:
    """Move the clock only."""
    mturk.clock.advance(timedelta(days=1))
    return {}
