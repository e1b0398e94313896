"""AnswerKey: the scoring of a qualification test. [doc]"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Final, Protocol
from xml.etree.ElementTree import Element

from mturk_mock.core.quoting import quote
from mturk_mock.questions.answers import Answer
from mturk_mock.questions.xml import documents
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import DOUBLE, INT, LARGEST_INT, SMALLEST_INT
from mturk_mock.questions.xml.schema import Invalid, Schema, children, texts
from mturk_mock.questions.xml.tree import element, text_element, text_elements

ANSWER_KEY: Final = xml.SCHEMAS + "2005-10-01/AnswerKey.xsd"


def _check_key(root: Element) -> None:
    """Reject a MaximumSummedScore of 0 and an infinite multiplier. [assumed]"""
    for maximum in xml.descendants(root, "MaximumSummedScore"):
        if not _int(maximum):
            raise Invalid(maximum, "MaximumSummedScore must not be 0.")
    for multiplier in xml.descendants(root, "SummedScoreMultiplier"):
        if not math.isfinite(float(multiplier.text or "")):
            raise Invalid(multiplier, "SummedScoreMultiplier must be finite.")


SCHEMA: Final = Schema(
    ANSWER_KEY,
    "AnswerKey",
    {
        "AnswerKey": children("Question+, QualificationValueMapping?"),
        "Question": children("QuestionIdentifier, AnswerOption+, DefaultScore?"),
        **texts("QuestionIdentifier"),
        "AnswerOption": children("SelectionIdentifier+, AnswerScore"),
        **texts("SelectionIdentifier"),
        **texts("AnswerScore DefaultScore", INT),
        "QualificationValueMapping": children("PercentageMapping | ScaleMapping | RangeMapping"),
        "PercentageMapping": children("MaximumSummedScore"),
        **texts("MaximumSummedScore", INT),
        "ScaleMapping": children("SummedScoreMultiplier"),
        **texts("SummedScoreMultiplier", DOUBLE),
        "RangeMapping": children("SummedScoreRange+, OutOfRangeQualificationValue"),
        "SummedScoreRange": children(
            "InclusiveLowerBound, InclusiveUpperBound, QualificationValue"
        ),
        **texts("InclusiveLowerBound InclusiveUpperBound QualificationValue", INT),
        **texts("OutOfRangeQualificationValue", INT),
    },
    _check_key,
)


class ValueMapping(Protocol):
    """A conversion of the sum of a test's scores to the qualification's value."""

    def value(self, total: int) -> int:
        """Return the value of a sum."""


@dataclass(frozen=True)
class PercentageMapping:
    """The sum as a percentage of a maximum. It can be below 0 or above 100. [assumed]"""

    maximum_summed_score: int

    def value(self, total: int) -> int:
        """Return the sum as a percentage of the maximum, rounded. [assumed]"""
        return _round(100 * total / self.maximum_summed_score)


@dataclass(frozen=True)
class ScaleMapping:
    """The sum times a multiplier."""

    summed_score_multiplier: float

    def value(self, total: int) -> int:
        """Return the sum times the multiplier, rounded [assumed]."""
        return _round(total * self.summed_score_multiplier)


@dataclass(frozen=True)
class RangeMapping:
    """A value for each range of sums.

    ``ranges``: tuples of lower bound, upper bound (both inclusive) and value.
    ``out_of_range``: the value of other sums.
    """

    ranges: Sequence[tuple[int, int, int]]
    out_of_range: int

    def value(self, total: int) -> int:
        """Return the value of the range that contains the sum; of several, the first [assumed]."""
        values = (value for lower, upper, value in self.ranges if lower <= total <= upper)
        return next(values, self.out_of_range)


def _round(number: float) -> int:
    """Return the nearest integer in the range of xs:int; halves round up. [assumed]"""
    return math.floor(min(max(number, SMALLEST_INT), LARGEST_INT) + 0.5)


@dataclass(frozen=True)
class KeyQuestion:
    """The scores of one question's answers.

    ``options``: the score of each selection, by its SelectionIdentifier or a tuple of several,
    such as ``{"yes": 10, ("a", "b"): 5}``. ``default``: the score of other answers.
    """

    identifier: str
    options: Mapping[str | Collection[str], int]
    default: int = 0

    def score(self, selected: frozenset[str]) -> int:
        """Return the score of the option with exactly these selections.

        If two options have the same selections, the first one counts. [assumed]
        """
        options = self.options.items()
        scores = (score for chosen, score in options if set(selections(chosen)) == selected)
        return next(scores, self.default)


def selections(chosen: str | Collection[str]) -> Collection[str]:
    """Return the SelectionIdentifiers of an option; those of a set are sorted."""
    if isinstance(chosen, str):
        return [chosen]
    return sorted(chosen) if isinstance(chosen, (set, frozenset)) else chosen


@dataclass(frozen=True)
class Key:
    """The scores of all questions, and the mapping of their sum."""

    questions: tuple[KeyQuestion, ...]
    mapping: ValueMapping | None

    def score(self, answers: Iterable[Answer]) -> int:
        """Return the value for a test's answers. Questions not in the key score 0. [assumed]

        An unanswered question, or a text, counts as no selections. [assumed]
        """
        selected = {answer.identifier: frozenset(answer.selections) for answer in answers}
        nothing: frozenset[str] = frozenset()
        total = sum(each.score(selected.get(each.identifier, nothing)) for each in self.questions)
        return total if self.mapping is None else self.mapping.value(total)


def read_answer_key(document: str) -> Key:
    """Read an AnswerKey document; raise MTurkError if the service rejects it."""
    root = documents.read_document("AnswerKey", document, [SCHEMA])
    mapping = xml.find_descendant(root, "QualificationValueMapping")
    questions = tuple(map(_read_question, xml.descendants(root, "Question")))
    return Key(questions, None if mapping is None else _read_mapping(mapping[0]))


def _read_question(question: Element) -> KeyQuestion:
    return KeyQuestion(
        xml.child_text(question, "QuestionIdentifier"),
        # In reverse, so that the first of equal options wins. [assumed]
        dict(map(_read_option, reversed(list(xml.descendants(question, "AnswerOption"))))),
        int(xml.child_text(question, "DefaultScore") or 0),
    )


def _read_option(option: Element) -> tuple[frozenset[str], int]:
    chosen = xml.descendants(option, "SelectionIdentifier")
    return frozenset(each.text or "" for each in chosen), _int(option[-1])


def _read_mapping(mapping: Element) -> ValueMapping:
    match xml.local_name(mapping):
        case "PercentageMapping":
            return PercentageMapping(_int(mapping[0]))
        case "ScaleMapping":
            return ScaleMapping(float(mapping[0].text or ""))
    *ranges, rest = mapping
    return RangeMapping(
        [(_int(low), _int(up), _int(value)) for low, up, value in ranges], _int(rest)
    )


def _int(number: Element) -> int:
    return int(number.text or "")


# Writing ----------------------------------------------------------------------------------


def write_answer_key(questions: Iterable[KeyQuestion], mapping: ValueMapping | None) -> str:
    """Return the document of a key; raise TypeError for other types of questions or mappings."""
    parts = map(_write_question, questions)
    return element("AnswerKey", *parts, _write_mapping(mapping), xmlns=ANSWER_KEY)


def _write_question(question: KeyQuestion) -> str:
    if not isinstance(question, KeyQuestion):
        raise TypeError(
            f"an AnswerKey takes KeyQuestion objects, not {quote(question)}; "
            "pass a mapping as mapping="
        )
    if not isinstance(question.options, Mapping):
        raise TypeError(
            f"a KeyQuestion takes a dict of scores by selection, such as {{'yes': 10}}, "
            f"not {quote(question.options)}"
        )
    return element(
        "Question",
        text_element("QuestionIdentifier", question.identifier),
        *starmap(_write_option, question.options.items()),
        text_element("DefaultScore", question.default),
    )


def _write_option(chosen: str | Collection[str], score: int) -> str:
    identifiers = (text_element("SelectionIdentifier", each) for each in selections(chosen))
    return element("AnswerOption", *identifiers, text_element("AnswerScore", score))


def _write_mapping(mapping: ValueMapping | None) -> str:
    match mapping:
        case None:
            return ""
        case PercentageMapping(maximum):
            content = text_elements(MaximumSummedScore=maximum)
        case ScaleMapping(multiplier):
            content = text_elements(SummedScoreMultiplier=multiplier)
        case RangeMapping(ranges, out_of_range):
            content = "".join(starmap(_write_range, ranges))
            content += text_elements(OutOfRangeQualificationValue=out_of_range)
        case _:
            raise TypeError(
                "mapping= takes PercentageMapping, ScaleMapping, RangeMapping or None, "
                f"not {quote(mapping)}"
            )
    return element("QualificationValueMapping", element(type(mapping).__name__, content))


def _write_range(lower: int, upper: int, value: int) -> str:
    content = text_elements(
        InclusiveLowerBound=lower, InclusiveUpperBound=upper, QualificationValue=value
    )
    return element("SummedScoreRange", content)
