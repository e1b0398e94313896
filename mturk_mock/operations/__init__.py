"""The API: one function for each operation."""

from mturk_mock.operations import (  # noqa: F401
    assignments,
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
