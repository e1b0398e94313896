"""Assignments: one worker's work on one HIT. `assignment_life` has the rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from mturk_mock.core import errors

ACCEPTED: Final = "Accepted"
SUBMITTED: Final = "Submitted"
APPROVED: Final = "Approved"
REJECTED: Final = "Rejected"
RETURNED: Final = "Returned"
ABANDONED: Final = "Abandoned"
Status: TypeAlias = Literal[
    "Accepted", "Submitted", "Approved", "Rejected", "Returned", "Abandoned"
]

#: The assignment statuses that requesters see; only the worker sees the others. [doc]
VISIBLE: Final = (SUBMITTED, APPROVED, REJECTED)


@dataclass(slots=True)
class Assignment:
    """One assignment; times in microseconds since 1970."""

    id: str
    hit_id: str
    worker_id: str
    accept_time: int
    deadline: int
    status: Status = ACCEPTED
    number: int = -1  # its position among the HIT's submissions, oldest first
    answer: str = ""
    submit_time: int | None = None
    auto_approval_time: int | None = None
    approval_time: int | None = None
    rejection_time: int | None = None
    feedback: str | None = None
    files: dict[str, bytes] | None = None  # by QuestionIdentifier; None if there are none
    #: That of the marketplace in which the assignment was created.
    generation: int | None = field(default=None, compare=False, repr=False)


LONGEST_FEEDBACK: Final = 1024  # characters [doc]
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check_feedback(parameter: str, value: str) -> None:
    """Raise InvalidParameterValue for invalid feedback.

    Feedback has at most 1024 characters, and no control characters. [doc]
    """
    if len(value) > LONGEST_FEEDBACK or _CONTROL.search(value):
        raise errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)
