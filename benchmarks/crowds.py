"""Simulated assignments of a crowd, compared with the calls that publish their HITs."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.calls import new_client
from benchmarks.measure import Comparison, Result, run_rounds, timed
from mturk_mock import HTMLQuestion, mock_mturk
from mturk_mock.rehearsals.run import START

ROUNDS = 5
GOAL = 0.15

HITS, ASSIGNMENTS, WORKERS = 3000, 3, 300
QUESTION = str(
    HTMLQuestion(
        "<!DOCTYPE html><html><body><form>"
        '<input type="radio" name="label" value="cat"><input type="radio" name="label" value="dog">'
        "</form></body></html>"
    )
)


def publisher(client: Any, question: str = QUESTION) -> Any:
    """Create a HIT type, and return a function that publishes a HIT of it."""
    type_id = client.create_hit_type(
        Title="Which animal is this?",
        Description="Look at a picture.",
        Reward="0.05",
        AssignmentDurationInSeconds=600,
    )["HITTypeId"]
    week = 7 * 86_400
    return lambda: client.create_hit_with_hit_type(
        HITTypeId=type_id, LifetimeInSeconds=week, MaxAssignments=ASSIGNMENTS, Question=question
    )


def publish(size: int) -> float:
    """Return the seconds of one call, of thousands."""
    client = new_client()
    with mock_mturk(seed=size, now=START):
        return timed(publisher(client), HITS) / HITS


def work(size: int) -> float:
    """Return the seconds of one assignment, of thousands that a crowd submits."""
    client = new_client()
    with mock_mturk(seed=size, now=START) as mturk:
        call = publisher(client)
        for _ in range(HITS):
            call()
        crowd = mturk.crowd(WORKERS, answer=lambda hit, worker: {"label": "cat"})
        began = time.process_time()
        crowd.finish(days=6)
        seconds = time.process_time() - began
        assert len(crowd.results) == HITS * ASSIGNMENTS
        return seconds / (HITS * ASSIGNMENTS)


def run(rounds: int) -> list[Result]:
    """Measure a simulated assignment."""
    name = "a crowd's assignment, beside create_hit_with_hit_type"
    return run_rounds([Comparison(name, work, publish, GOAL)], rounds)
