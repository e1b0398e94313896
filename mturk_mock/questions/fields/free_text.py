"""What a QuestionForm's FreeTextAnswer allows, and whether a text fits it. [doc]"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mturk_mock.questions.javascript.regex import Regex, compile_regex

#: What the worker's page says of a text, where the form has no words of its own. [doc]
DEFAULT_ERROR_TEXT: Final = "Invalid input supplied."

#: How much of a long text a message quotes, in characters.
_QUOTED: Final = 60

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True)
class IsNumeric:
    """The text is a number: a whole one within the bounds, or any if there are none. [doc]

    Both bounds are included. That a bound excludes decimals is [assumed], and that numbers
    are figures with a sign at most: no exponents, no blanks, no commas.
    """

    min_value: int | None = None
    max_value: int | None = None


@dataclass(frozen=True)
class Length:
    """The text has so many characters, both bounds included; white space counts. [doc]

    ``min_length`` makes the answer required [doc], unless it is 0 [assumed].
    """

    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class AnswerFormatRegex:
    """The text holds a match of a JavaScript regular expression, which need not be all of it. [doc]

    ``error_text``: what the worker reads otherwise, by default "Invalid input supplied." [doc]
    ``flags``: ``i`` takes capitals and small letters as equal [doc]; others are passed
    over [assumed]. What cannot be read as a regular expression holds always: the browser's
    script fails over it [assumed].
    """

    regex: str
    error_text: str | None = None
    flags: str | None = None

    def compile(self) -> Regex | None:
        """Return the regular expression, None if it cannot be read."""
        return compile_regex(self.regex, ignore_case="i" in (self.flags or ""))


@dataclass(frozen=True)
class FreeTextAnswer:
    """A question's answer in words, and all that must hold for it. [doc]

    ``default_text``: what the field holds at first. ``lines``: how high the field is,
    NumberOfLinesSuggestion.
    """

    numeric: IsNumeric | None = None
    length: Length | None = None
    formats: tuple[AnswerFormatRegex, ...] = ()
    default_text: str | None = None
    lines: int | None = None


def requires_text(answer: FreeTextAnswer) -> bool:
    """Whether the question must be answered, even if its IsRequired does not say so. [doc]"""
    return answer.length is not None and bool(answer.length.min_length)


def refusal(answer: FreeTextAnswer, text: str) -> str | None:
    """Return why the worker's page refuses a text, None if it takes it.

    An empty text is refused where one is required, and not checked elsewhere: the
    question is left open. [assumed]
    """
    return checker(answer)(text)


def checker(answer: FreeTextAnswer) -> Callable[[str], str | None]:
    """Return `refusal` of texts for one question, which reads its constraints only once."""
    regexes = [(form, form.compile()) for form in answer.formats]

    def check(text: str) -> str | None:
        if not text and not requires_text(answer):
            return None
        problem = _check_number(answer.numeric, text) or _check_length(answer.length, text)
        if problem:
            return problem
        for form, regex in regexes:
            if regex is not None and not regex.matches(text):
                return (
                    f"takes a text that matches {form.regex!r}, not {_quoted(text)}: "
                    f"{form.error_text or DEFAULT_ERROR_TEXT}"
                )
        return None

    return check


def _check_number(numeric: IsNumeric | None, text: str) -> str | None:
    if numeric is None:
        return None
    low, high = numeric.min_value, numeric.max_value
    if low is None and high is None:
        return None if _NUMBER.fullmatch(text) else f"takes a number, not {_quoted(text)}"
    # Decimal, because Python refuses to read an int of thousands of figures.
    if _WHOLE_NUMBER.fullmatch(text) and _is_within(Decimal(text), low, high):
        return None
    if low is not None and high is not None:
        return f"takes a whole number from {low} to {high}, not {_quoted(text)}"
    bound = f"least {low}" if high is None else f"most {high}"
    return f"takes a whole number of at {bound}, not {_quoted(text)}"


def _check_length(length: Length | None, text: str) -> str | None:
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
