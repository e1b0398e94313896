"""FreeTextAnswer: questions answered with a text, and the constraints on it. [doc]"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from mturk_mock.core.quoting import quote
from mturk_mock.questions.fields.problem import Problem
from mturk_mock.questions.javascript.budget import Budget
from mturk_mock.questions.javascript.regex import Regex, compile_regex

#: The page's message for a rejected text if the form sets no errorText. [doc]
DEFAULT_ERROR_TEXT: Final = "Invalid input supplied."

#: The maximum number of characters of a text that an error message quotes.
_QUOTED: Final = 60

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True)
class IsNumeric:
    """A constraint: the text is a number, within the bounds if there are any. [doc]

    Bounds are inclusive. If there is a bound, the number must be whole [assumed]. A number
    has digits, an optional sign and decimal point, but no exponent, spaces or commas [assumed].
    """

    min_value: int | None = None
    max_value: int | None = None


@dataclass(frozen=True)
class Length:
    """A constraint on the number of characters; white space counts, bounds are inclusive. [doc]

    ``min_length`` makes the answer required [doc], unless it is 0 [assumed].
    """

    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class AnswerFormatRegex:
    """A constraint: the text, or a part of it, matches a JavaScript regular expression. [doc]

    ``error_text``: the message to the worker, by default "Invalid input supplied." [doc]
    ``flags``: ``i`` ignores case [doc]; other flags have no effect [assumed]. An invalid
    expression accepts every text, because the page's script fails [assumed].
    """

    regex: str
    error_text: str | None = None
    flags: str | None = None


@dataclass(frozen=True)
class FreeTextAnswer:
    """A free-text answer, and the constraints on it. [doc]

    ``formats``: regular expressions, all of which must match. ``default_text``: the initial
    content of the input. ``lines``: the height of the input, NumberOfLinesSuggestion.
    """

    numeric: IsNumeric | None = None
    length: Length | None = None
    formats: tuple[AnswerFormatRegex, ...] = ()
    default_text: str | None = None
    lines: int | None = None


def requires_text(answer: FreeTextAnswer) -> bool:
    """Return whether the constraints make the answer required, regardless of IsRequired. [doc]"""
    return answer.length is not None and bool(answer.length.min_length)


def find_free_text_error(
    answer: FreeTextAnswer, text: str, budget: Budget | None = None
) -> str | None:
    """Return why the worker's page rejects a text; None if the page accepts it.

    An empty text means no answer: it is accepted unless a text is required. [assumed]
    Raises TooManySteps if the formats exceed the budget, by default a new one.
    """
    problem = find_free_text_problem(answer, text, budget)
    return None if problem is None else problem.reason


def find_free_text_problem(
    answer: FreeTextAnswer, text: str, budget: Budget | None = None
) -> Problem | None:
    """Return the first constraint that a text breaks, like `find_free_text_error`."""
    if not text and not requires_text(answer):
        return None
    if reason := _find_number_error(answer.numeric, text):
        return Problem(reason, answer.numeric)
    if reason := _find_length_error(answer.length, text):
        return Problem(reason, answer.length)
    return _find_format_problem(answer.formats, text, budget or Budget())


@lru_cache(maxsize=256)
def compile_format(form: AnswerFormatRegex) -> Regex | None:
    """Return the regular expression of a format; None if it is invalid."""
    return compile_regex(form.regex, ignore_case="i" in (form.flags or ""))


def _find_format_problem(
    formats: Sequence[AnswerFormatRegex], text: str, budget: Budget
) -> Problem | None:
    for form in formats:
        budget.start(form.regex)
        regex = compile_format(form)
        if regex is not None and not regex.matches(text, budget):
            reason = (
                f"takes a text that matches {quote(form.regex)}, not {_quoted(text)}: "
                f"{form.error_text or DEFAULT_ERROR_TEXT}"
            )
            return Problem(reason, form)
    return None


def _find_number_error(numeric: IsNumeric | None, text: str) -> str | None:
    if numeric is None:
        return None
    low, high = numeric.min_value, numeric.max_value
    if low is None and high is None:
        return None if _NUMBER.fullmatch(text) else f"takes a number, not {_quoted(text)}"
    # Decimal, because int() raises ValueError for thousands of digits.
    if _WHOLE_NUMBER.fullmatch(text) and _is_within(Decimal(text), low, high):
        return None
    if low is not None and high is not None:
        return f"takes a whole number from {low} to {high}, not {_quoted(text)}"
    bound = f"least {low}" if high is None else f"most {high}"
    return f"takes a whole number of at {bound}, not {_quoted(text)}"


def _find_length_error(length: Length | None, text: str) -> str | None:
    if length is None or _is_within(len(text), length.min_length, length.max_length):
        return None
    low, high = length.min_length, length.max_length
    if high is None:
        return f"takes at least {_characters(low)}, not {len(text)}"
    if not low:
        return f"takes at most {_characters(high)}, not {len(text)}"
    bounds = "exactly" if low == high else f"{low} to"
    return f"takes {bounds} {_characters(high)}, not {len(text)}"


def _is_within(number: int | Decimal, low: int | None, high: int | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)


def _characters(count: int | None) -> str:
    return "1 character" if count == 1 else f"{count} characters"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED else text[:_QUOTED] + "…")
