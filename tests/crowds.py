"""Helpers for tests of crowds: forms with choices, and HITs that use them."""

from __future__ import annotations

from typing import Any

from tests.helpers import html_question, publish, question_form

DAY = 24 * 60 * 60

RADIO = html_question(
    "<form>"
    + "".join(
        f'<input type="radio" name="label" value="{label}" required>'
        for label in ("cat", "dog", "fox")
    )
    + '<input type="text" name="comment"></form>'
)
CLASSIFIER = html_question(
    "<crowd-form><crowd-classifier name=\"animal\" categories=\"['cat', 'dog']\">"
    "</crowd-classifier></crowd-form>"
)
FORM = question_form(label=["cat", "dog"], why=None)


def publish_hits(client: Any, count: int = 1, assignments: int = 1, **params: Any) -> list[str]:
    """Create HITs of one type that ask for a label and last a day; return their IDs."""
    asked = {"Question": RADIO, "LifetimeInSeconds": DAY, "MaxAssignments": assignments, **params}
    return [publish(client, **asked) for _ in range(count)]


def statuses(mturk: Any) -> list[str]:
    """Return the status of every assignment."""
    return [assignment.status for assignment in mturk.assignments]


def cat(hit: Any, worker: Any) -> dict[str, str]:
    """Answer "cat"."""
    return {"label": "cat"}


def failure(problem: str, made: str = "crowd 1, made by mturk.crowd(3)") -> str:
    """Return the message of the error of a failed crowd."""
    return f"{made}, has failed: {problem}. To go on without it, call its stop()"
