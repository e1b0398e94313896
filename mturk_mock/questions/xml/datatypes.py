"""The types of XML Schema that the documents use, and what is wrong with a text of them.

The wording is that of Xerces, the parser of the real service. [observed] that it is Xerces;
[assumed] its sentences for each type
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

#: The range of an xs:int.
SMALLEST_INT: Final = -(2**31)
LARGEST_INT: Final = 2**31 - 1

#: What counts as white space in XML.
WHITE_SPACE: Final = " \t\r\n"

_INTEGER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
# Not compiled here, where every mock would do so, and few have such texts: 1 ms.
_DOUBLE: Final = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN"
_DATE_TIME: Final = (
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
#: More digits than this are no number that anybody means; Python refuses them from 4,300 on.
_MOST_DIGITS: Final = 1000


class Datatype(NamedTuple):
    """``problem``: Xerces' words for what is wrong with a text, None if nothing is.

    ``wanted``: what a right one is, for people.
    """

    problem: Callable[[str], str | None]
    wanted: str


def integer(
    wanted: str, low: int | None = None, high: int | None = None, name: str = "integer"
) -> Datatype:
    """Return the type of the whole numbers from `low` to `high`, both included."""

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
    """Return the type of these texts."""

    def problem(text: str) -> str | None:
        if text in allowed:
            return None
        return (
            f"cvc-enumeration-valid: Value '{text}' is not facet-valid with respect to enumeration "
            f"'[{', '.join(allowed)}]'. It must be a value from the enumeration."
        )

    return Datatype(problem, " or ".join(allowed))


def pattern(expression: str, name: str, wanted: str) -> Datatype:
    """Return the type `name` of the texts that match an expression as a whole."""

    def problem(text: str) -> str | None:
        if re.fullmatch(expression, text.strip(WHITE_SPACE)):
            return None
        return (
            f"cvc-pattern-valid: Value '{text}' is not facet-valid with respect to pattern "
            f"'{expression}' for type '{name}'."
        )

    return Datatype(problem, wanted)


def is_true(text: str) -> bool:
    """Return what an xs:boolean says."""
    return text.strip(WHITE_SPACE) in ("true", "1")


def _boolean_problem(text: str) -> str | None:
    allowed = ("true", "false", "1", "0")
    return None if text.strip(WHITE_SPACE) in allowed else _not_valid(text, "boolean")


def _double_problem(text: str) -> str | None:
    return None if re.fullmatch(_DOUBLE, text.strip(WHITE_SPACE)) else _not_valid(text, "double")


def _uri_problem(text: str) -> str | None:
    try:
        urlsplit(text)
    except ValueError:
        return _not_valid(text, "anyURI")
    return None


def _date_time_problem(text: str) -> str | None:
    parts = re.fullmatch(_DATE_TIME, text.strip(WHITE_SPACE))
    try:
        # A leap second and the hour 24, which XML Schema knows, are refused. [assumed]
        datetime.strptime(parts[1] if parts else "", "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return _not_valid(text, "dateTime")
    return None


BOOLEAN: Final = Datatype(_boolean_problem, "true or false")
DOUBLE: Final = Datatype(_double_problem, "a number")
DATE_TIME: Final = Datatype(_date_time_problem, "a time, as 2006-07-14T12:00:00Z")
ANY_URI: Final = Datatype(_uri_problem, "an address")
INTEGER: Final = integer("a whole number")
INT: Final = integer("a whole number of 32 bits", SMALLEST_INT, LARGEST_INT, "int")
POSITIVE_INTEGER: Final = integer("a whole number from 1", low=1, name="positiveInteger")
NON_NEGATIVE_INTEGER: Final = integer("a whole number from 0", low=0, name="nonNegativeInteger")
#: Where a page loads something from. [doc] the pattern, [assumed] the type's name
URL: Final = pattern("(http|https)://.*", "URLType", "an address at http:// or https://")


def _not_valid(text: str, kind: str) -> str:
    return f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for '{kind}'."


def _beyond(text: str, facet: str, bound: int, name: str) -> str:
    return (
        f"cvc-{facet}-valid: Value '{text}' is not facet-valid with respect to {facet} "
        f"'{bound}' for type '{name}'."
    )
