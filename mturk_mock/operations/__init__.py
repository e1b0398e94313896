"""The API, one small function for each operation; importing this package registers them."""

from mturk_mock.operations import (
    assignments,
    hit_types,
    hits,
    payments,
    qualification_types,
    qualifications,
    workers,
)
from mturk_mock.operations.registry import Call, answer

__all__ = [
    "Call",
    "answer",
    "assignments",
    "hit_types",
    "hits",
    "payments",
    "qualification_types",
    "qualifications",
    "workers",
]
