"""The API: one small function for each operation, which its module registers."""

from mturk_mock.operations import (  # noqa: F401
    assignments,
    extend_hit,
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

__all__ = ["Call", "answer"]
