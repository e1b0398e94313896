"""The constraints of a QuestionForm in the worker's words."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.questions.fields.file_upload import FileUploadAnswer
from mturk_mock.questions.fields.free_text import (
    DEFAULT_ERROR_TEXT,
    AnswerFormatRegex,
    IsNumeric,
    Length,
)
from mturk_mock.questions.fields.selection import SelectionAnswer

_UNITS: Final = (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000))

#: A constraint on an answer.
Constraint = IsNumeric | Length | AnswerFormatRegex | SelectionAnswer | FileUploadAnswer


def write_demand(constraint: Constraint) -> str:
    """Return what the worker has to do, as a sentence such as "Choose 2 to 3."."""
    match constraint:
        case IsNumeric(low, high):
            return f"Enter {_write_number(low, high)}."
        case Length(low, high):
            return f"Enter {_write_length(low, high)}."
        case AnswerFormatRegex(error_text=text):
            return text or DEFAULT_ERROR_TEXT
        case SelectionAnswer(least=least, most=most):
            return f"Choose {_write_count(least, most)}."
    return f"Choose a file of {_write_sizes(constraint.smallest, constraint.largest)}."


def write_bounds(constraint: Constraint) -> dict[str, Any] | None:
    """Return a constraint for the page's script; None for one that the server alone checks.

    The patterns of a requester are never run in the worker's browser, where a slow one would
    stop the page.
    """
    match constraint:
        case AnswerFormatRegex():
            return None
        case IsNumeric(low, high):
            kind = "number"
        case Length(low, high):
            kind = "length"
        case SelectionAnswer(least=low, most=high):
            kind = "count"
        case _:
            kind, low, high = "size", constraint.smallest, constraint.largest
    return {"kind": kind, "low": low, "high": high, "message": write_demand(constraint)}


def _write_number(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "a number"
    if low is not None and high is not None:
        return f"a whole number from {low} to {high}"
    return f"a whole number of at {f'most {high}' if low is None else f'least {low}'}"


def _write_length(low: int | None, high: int | None) -> str:
    if high is None:
        return f"at least {_count(low or 0, 'character')}"
    if not low:
        return f"up to {_count(high, 'character')}"
    return f"exactly {_count(low, 'character')}" if low == high else f"{low} to {high} characters"


def _write_count(least: int, most: int) -> str:
    if least == most:
        return str(most) if most == 1 else f"exactly {most}"
    return f"up to {most}" if least < 2 else f"{least} to {most}"


def _write_sizes(smallest: int, largest: int) -> str:
    if smallest == 1:
        return f"up to {write_size(largest)}"
    return f"{write_size(smallest)} to {write_size(largest)}"


def write_size(size: int) -> str:
    """Return a number of bytes, with a larger unit if there is one: "2 MB (2,000,000 bytes)"."""
    exact = _count(size, "byte")
    for unit, factor in _UNITS:
        if size >= factor:
            return f"{size / factor:.3g} {unit} ({exact})"
    return exact


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
