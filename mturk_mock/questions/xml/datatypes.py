"""The XML Schema types in the documents, with the error messages of Xerces.

The service's parser is Xerces [observed]; its message for each type is [assumed].
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mturk_mock.core.quoting import shorten

#: The range of an xs:int.
SMALLEST_INT: Final = -(2**31)
LARGEST_INT: Final = 2**31 - 1

#: The white space of XML.
WHITE_SPACE: Final = " \t\r\n"

_INTEGER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DOUBLE: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN")
_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
#: The maximum number of digits of an integer; int() accepts at most 4,300.
_MOST_DIGITS: Final = 1000


class Datatype(NamedTuple):
    """A type of texts.

    ``problem``: returns Xerces' message for an invalid text, None for a valid one.
    ``wanted``: a description of valid texts, for the hint.
    """

    problem: Callable[[str], str | None]
    wanted: str


def integer(
    wanted: str, low: int | None = None, high: int | None = None, name: str = "integer"
) -> Datatype:
    """Return the type of integers from `low` to `high`, both inclusive."""

    def problem(text: str) -> str | None:
        digits = text.strip(WHITE_SPACE)
        if not _INTEGER.fullmatch(digits) or len(digits) > _MOST_DIGITS:
            return _not_valid(text, "integer")
        if low is not None and int(digits) < low:
            return _beyond(digits, "minInclusive", low, name)
        if high is not None and int(digits) > high:
            return _beyond(digits, "maxInclusive", high, name)
        return None

    return Datatype(problem, wanted)


def enumeration(*allowed: str) -> Datatype:
    """Return the type that allows only these texts."""

    def problem(text: str) -> str | None:
        if text in allowed:
            return None
        return (
            f"cvc-enumeration-valid: Value '{shorten(text)}' is not facet-valid with respect to "
            f"enumeration '[{', '.join(allowed)}]'. It must be a value from the enumeration."
        )

    return Datatype(problem, " or ".join(allowed))


def pattern(expression: str, name: str, wanted: str) -> Datatype:
    """Return the type `name` of texts that an expression matches from start to end."""
    compiled = re.compile(expression)

    def problem(text: str) -> str | None:
        if compiled.fullmatch(text.strip(WHITE_SPACE)):
            return None
        return (
            f"cvc-pattern-valid: Value '{shorten(text)}' is not facet-valid with respect to "
            f"pattern '{expression}' for type '{name}'."
        )

    return Datatype(problem, wanted)


def is_true(text: str) -> bool:
    """Return the value of an xs:boolean."""
    return text.strip(WHITE_SPACE) in ("true", "1")


def _is_uri(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def _is_date_time(text: str) -> bool:
    parts = _DATE_TIME.fullmatch(text)
    try:
        # Rejects leap seconds and the hour 24, which XML Schema allows. [assumed]
        datetime.strptime(parts[1] if parts else "", "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return True


def _simple(name: str, wanted: str, is_valid: Callable[[str], object]) -> Datatype:
    """Return the type `name` of texts that, without white space around them, are valid."""
    return Datatype(
        lambda text: None if is_valid(text.strip(WHITE_SPACE)) else _not_valid(text, name), wanted
    )


BOOLEAN: Final = _simple("boolean", "true or false", ("true", "false", "1", "0").__contains__)
DOUBLE: Final = _simple("double", "a number", _DOUBLE.fullmatch)
DATE_TIME: Final = _simple("dateTime", "a time such as 2006-07-14T12:00:00Z", _is_date_time)
ANY_URI: Final = _simple("anyURI", "a URL", _is_uri)
INTEGER: Final = integer("a whole number")
INT: Final = integer("a whole number of 32 bits", SMALLEST_INT, LARGEST_INT, "int")
POSITIVE_INTEGER: Final = integer("a whole number from 1", low=1, name="positiveInteger")
NON_NEGATIVE_INTEGER: Final = integer("a whole number from 0", low=0, name="nonNegativeInteger")
#: The URL of a file that a page loads: the pattern [doc], the type's name [assumed].
URL: Final = pattern("(http|https)://.*", "URLType", "a URL that begins with http:// or https://")


def _not_valid(text: str, kind: str) -> str:
    return f"cvc-datatype-valid.1.2.1: '{shorten(text)}' is not a valid value for '{kind}'."


def _beyond(text: str, facet: str, bound: int, name: str) -> str:
    return (
        f"cvc-{facet}-valid: Value '{shorten(text)}' is not facet-valid with respect to {facet} "
        f"'{bound}' for type '{name}'."
    )
