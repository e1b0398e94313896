"""Limits of values that the service model does not state.

The ranges of values are those of the legacy documentation. [doc] The service still enforces
the legacy ranges, with these error messages. [assumed] unless marked otherwise
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import LATEST, SECOND
from mturk_mock.model.assignment import check_feedback

YEAR: Final = 31_536_000  # seconds
MONTH: Final = 2_592_000  # seconds: the longest auto-approval delay, and its default [observed]

ASSIGNMENTS: Final = (1, 1_000_000_000)
LIFETIME: Final = (30, YEAR)
ASSIGNMENT_DURATION: Final = (30, YEAR)
AUTO_APPROVAL_DELAY: Final = (0, MONTH)
EXPIRATION_INCREMENT: Final = (60, YEAR)  # [observed]

TITLE: Final = 128
DESCRIPTION: Final = 2000
KEYWORDS: Final = 1000
ANNOTATION: Final = 255
QUALIFICATION_TYPE_NAME: Final = 80  # [observed] in 2015
SUBJECT: Final = 200  # [doc]
MESSAGE_TEXT: Final = 4096  # [doc]
NOTIFIED_WORKERS: Final = 100  # [doc]
WORKER_BLOCKS: Final = 100_000  # [doc]


def check_range(parameter: str, value: int, limits: tuple[int, int]) -> int:
    """Return `value`; raise InvalidParameterValue unless low <= value <= high."""
    low, high = limits
    if not low <= value <= high:
        raise errors.PARAMETER_OUT_OF_RANGE(value=value, parameter=parameter, low=low, high=high)
    return value


def end_by_9999(limits: tuple[int, int], start: int) -> tuple[int, int]:
    """Return limits of seconds that lead to no time after the year 9999. [assumed]"""
    low, high = limits
    return low, min(high, (LATEST - start) // SECOND)


def check_text(parameter: str, value: str | None, longest: int) -> None:
    """Raise InvalidParameterValue for a text of more than `longest` characters."""
    if value is not None and len(value) > longest:
        raise errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)


def check_not_empty(parameter: str, value: str) -> None:
    """Raise InvalidParameterValue for an empty text."""
    if not value:
        raise errors.PARAMETER_TOO_SHORT(parameter=parameter)


def check_required_text(parameter: str, value: str, longest: int) -> None:
    """Raise InvalidParameterValue for an empty text, or one of more than `longest` characters."""
    check_not_empty(parameter, value)
    check_text(parameter, value, longest)


def check_requester_feedback(value: str | None) -> None:
    """Check feedback, if there is any; see `check_feedback`."""
    if value is not None:
        check_feedback("RequesterFeedback", value)


def read_amount(parameter: str, value: str) -> Decimal:
    """Return an amount in dollars; raise InvalidParameterValue for 0. [observed, legacy]"""
    amount = Decimal(value)
    if not amount:
        raise errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)
    return amount
