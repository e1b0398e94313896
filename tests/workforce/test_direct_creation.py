"""Workers, HITs, assignments, requests and crowds are created by a mock, not by the program."""

from __future__ import annotations

import copy

import pytest

from mturk_mock import HIT, Assignment, Crowd, Worker
from mturk_mock.workforce.qualification import QualificationRequest

SOURCES = {
    Assignment: "mturk.assignments",
    Crowd: "mturk.crowd(size)",
    HIT: "mturk.hits",
    QualificationRequest: "worker.request_qualification(type_id)",
    Worker: "mturk.worker(id)",
}


@pytest.mark.parametrize("arguments", [(), ("A1",), ("A1", 2), ("A1", 2, 3)])
@pytest.mark.parametrize("kind", SOURCES)
def test_direct_creation_says_how_to_get_one(kind, arguments):
    """Any arguments of the program raise TypeError, with the source of such objects."""
    with pytest.raises(TypeError) as refusal:
        kind(*arguments)

    assert str(refusal.value) == (
        f"{kind.__name__} objects are created by a mock: get one from {SOURCES[kind]}"
    )


def test_direct_creation_by_keyword_says_how_to_get_one():
    """Keyword arguments raise the same TypeError."""
    with pytest.raises(TypeError, match=r"get one from mturk\.worker\(id\)$"):
        Worker(worker_id="A1")


def test_handle_can_be_copied(mturk):
    """A copy of a handle refers to the same object."""
    worker = mturk.worker()

    assert copy.copy(worker) == worker
