"""The API, one small function for each operation; importing this package registers them."""

from mturk_mock.operations import (
    assignments,
    files,
    hit_types,
    hits,
    notifications,
    payments,
    qualification_types,
    qualifications,
    review_policies,
    workers,
)
from mturk_mock.operations.registry import Call, answer

__all__ = [
    "Call",
    "answer",
    "assignments",
    "files",
    "hit_types",
    "hits",
    "notifications",
    "payments",
    "qualification_types",
    "qualifications",
    "review_policies",
    "workers",
]
