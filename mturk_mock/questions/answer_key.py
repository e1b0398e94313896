"""AnswerKey: how a qualification test is scored. [doc]

Read is what scoring needs: unknown and missing elements are refused, their order is not
looked at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol
from xml.etree.ElementTree import Element

from mturk_mock import errors
from mturk_mock.questions import xml
from mturk_mock.questions.answers import Answer

ANSWER_KEY: Final = xml.SCHEMAS + "2005-10-01/AnswerKey.xsd"

#: The range of an xs:int, and so of scores and values.
_SMALLEST: Final = -(2**31)
_LARGEST: Final = 2**31 - 1
_INT: Final = re.compile(r"\s*[+-]?[0-9]{1,20}\s*", re.ASCII)
_DOUBLE: Final = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*", re.ASCII)


class Mapping(Protocol):
    """How the sum of a test's scores becomes the qualification's value."""

    def value(self, total: int) -> int:
        """Return the value for a sum."""


@dataclass(frozen=True)
class Same:
    """No mapping: the value is the sum."""

    def value(self, total: int) -> int:
        """Return the sum."""
        return total


@dataclass(frozen=True)
class Percentage:
    """PercentageMapping. A sum beyond 0 and the maximum is not cut. [assumed]"""

    maximum: int

    def value(self, total: int) -> int:
        """Return the sum as rounded percents of the maximum."""
        return _round(100 * total / self.maximum)


@dataclass(frozen=True)
class Scale:
    """ScaleMapping."""

    multiplier: float

    def value(self, total: int) -> int:
        """Return the sum times the multiplier, rounded. [assumed] the rounding"""
        return _round(total * self.multiplier)


@dataclass(frozen=True)
class Ranges:
    """RangeMapping: lower and upper bounds, both included, with their values, and the rest's."""

    ranges: tuple[tuple[int, int, int], ...]
    out_of_range: int

    def value(self, total: int) -> int:
        """Return the value of the first range that has the sum in it. [assumed] the first"""
        for lower, upper, value in self.ranges:
            if lower <= total <= upper:
                return value
        return self.out_of_range


def _round(number: float) -> int:
    """Return the nearest integer, the greater one of two [assumed], within an xs:int."""
    return math.floor(min(max(number, _SMALLEST), _LARGEST) + 0.5)


@dataclass(frozen=True)
class KeyQuestion:
    """One question: the score of each set of selections, and of any other answer."""

    identifier: str
    options: tuple[tuple[frozenset[str], int], ...]
    default: int

    def score(self, selected: frozenset[str]) -> int:
        """Return the score of the option that is exactly what was selected.

        Of equal options the first counts. [assumed]
        """
        for selections, score in self.options:
            if selections == selected:
                return score
        return self.default


@dataclass(frozen=True)
class AnswerKey:
    """What each answer scores, and what the sum is worth."""

    questions: tuple[KeyQuestion, ...]
    mapping: Mapping

    def score(self, answers: Iterable[Answer]) -> int:
        """Return the value for these answers; questions not in the key count nothing. [assumed]

        A question that was not answered, or in words, has nothing selected. [assumed]
        """
        selected = {answer.identifier: frozenset(answer.selections) for answer in answers}
        return self.mapping.value(
            sum(
                question.score(selected.get(question.identifier, frozenset()))
                for question in self.questions
            )
        )


def read(text: str) -> AnswerKey:
    """Return what an AnswerKey document says; MTurkError for what the service refused."""
    root = xml.parse("AnswerKey", text)
    if xml.split_tag(root) != (ANSWER_KEY, "AnswerKey"):
        raise xml.unknown_root(root)
    parts = _children(root, "Question", "QualificationValueMapping")
    questions = tuple(map(_read_question, _some(root, parts["Question"], "Question")))
    mapping = _optional(parts["QualificationValueMapping"])
    return AnswerKey(questions, Same() if mapping is None else _read_mapping(mapping))


def _read_question(element: Element) -> KeyQuestion:
    parts = _children(element, "QuestionIdentifier", "AnswerOption", "DefaultScore")
    default = _optional(parts["DefaultScore"])
    return KeyQuestion(
        _one(element, parts["QuestionIdentifier"], "QuestionIdentifier").text or "",
        tuple(map(_read_option, _some(element, parts["AnswerOption"], "AnswerOption"))),
        0 if default is None else _int(default),
    )


def _read_option(element: Element) -> tuple[frozenset[str], int]:
    parts = _children(element, "SelectionIdentifier", "AnswerScore")
    chosen = _some(element, parts["SelectionIdentifier"], "SelectionIdentifier")
    score = _one(element, parts["AnswerScore"], "AnswerScore")
    return frozenset(each.text or "" for each in chosen), _int(score)


def _read_mapping(element: Element) -> Mapping:
    kinds: dict[str, Callable[[Element], Mapping]] = {
        "PercentageMapping": _read_percentage,
        "ScaleMapping": _read_scale,
        "RangeMapping": _read_ranges,
    }
    parts = _children(element, *kinds)
    given = [(name, each) for name, found in parts.items() for each in found]
    if len(given) > 1:
        raise _unexpected(given[1][1])
    if not given:
        raise _missing(element, *kinds)
    name, mapping = given[0]
    return kinds[name](mapping)


def _read_percentage(element: Element) -> Percentage:
    """Take the maximum, which cannot be 0. [assumed]"""
    found = _only(element, "MaximumSummedScore")
    maximum = _int(found)
    if not maximum:
        raise _not_valid(found, "int")
    return Percentage(maximum)


def _read_scale(element: Element) -> Scale:
    return Scale(_double(_only(element, "SummedScoreMultiplier")))


def _read_ranges(element: Element) -> Ranges:
    parts = _children(element, "SummedScoreRange", "OutOfRangeQualificationValue")
    ranges = _some(element, parts["SummedScoreRange"], "SummedScoreRange")
    rest = _one(element, parts["OutOfRangeQualificationValue"], "OutOfRangeQualificationValue")
    return Ranges(tuple(map(_read_range, ranges)), _int(rest))


def _read_range(element: Element) -> tuple[int, int, int]:
    names = ("InclusiveLowerBound", "InclusiveUpperBound", "QualificationValue")
    parts = _children(element, *names)
    lower, upper, value = (_int(_one(element, parts[name], name)) for name in names)
    return lower, upper, value


# Elements ---------------------------------------------------------------------------------


def _children(element: Element, *names: str) -> dict[str, list[Element]]:
    """Return the children by their names, which must be of these."""
    found: dict[str, list[Element]] = {name: [] for name in names}
    for child in element:
        namespace, name = xml.split_tag(child)
        if namespace != ANSWER_KEY or name not in found:
            raise _unexpected(child)
        found[name].append(child)
    return found


def _only(element: Element, name: str) -> Element:
    return _one(element, _children(element, name)[name], name)


def _one(parent: Element, found: list[Element], name: str) -> Element:
    some = _some(parent, found, name)
    _optional(some)
    return some[0]


def _some(parent: Element, found: list[Element], name: str) -> list[Element]:
    if not found:
        raise _missing(parent, name)
    return found


def _optional(found: list[Element]) -> Element | None:
    if len(found) > 1:
        raise _unexpected(found[1])
    return found[0] if found else None


def _int(element: Element) -> int:
    text = element.text or ""
    if not _INT.fullmatch(text) or not _SMALLEST <= int(text) <= _LARGEST:
        raise _not_valid(element, "int")
    return int(text)


def _double(element: Element) -> float:
    text = element.text or ""
    if not _DOUBLE.fullmatch(text) or math.isinf(float(text)):
        raise _not_valid(element, "double")
    return float(text)


def _unexpected(element: Element) -> errors.MTurkError:
    name = xml.split_tag(element)[1]
    return xml.refused(
        f"cvc-complex-type.2.4.a: Invalid content was found starting with element '{name}'."
    )


def _missing(parent: Element, *names: str) -> errors.MTurkError:
    expected = ", ".join(f'"{ANSWER_KEY}":{name}' for name in names)
    return xml.refused(
        "cvc-complex-type.2.4.b: The content of element "
        f"'{xml.split_tag(parent)[1]}' is not complete. One of '{{{expected}}}' is expected."
    )


def _not_valid(element: Element, kind: str) -> errors.MTurkError:
    return xml.refused(
        f"cvc-datatype-valid.1.2.1: '{element.text or ''}' is not a valid value for '{kind}'."
    )
