"""The scores of review policies: correct answers, and the agreement of workers.

Scores are whole percents, rounded: 2 of 3 are 67. [observed] Halves are rounded up. [assumed]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from mturk_mock.questions.answers import read_rendered_answers

#: Answers longer than this, in characters, are ignored when answers are compared. [doc]
LONGEST_COMPARED: Final = 256

Given = Mapping[str, frozenset[str]]


def percent(part: int, whole: int) -> int:
    """Return a share in percent; 0 if `whole` is 0. [observed]"""
    return (part * 200 + whole) // (whole * 2) if whole else 0


def given_answers(document: str) -> Given:
    """Return the texts, selections and other texts by question, without surrounding white space.

    A text field that a worker left empty has an empty text as its answer. [observed]
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for answer in read_rendered_answers(document):
        values = (answer.text, *answer.selections, answer.other)
        found[answer.identifier].update(value.strip() for value in values if value is not None)
    return {question: frozenset(values) for question, values in found.items()}


def known_answers_met(key: Given, given: Given) -> dict[str, bool]:
    """Tell for each known question whether exactly its answers were given. [doc]

    An empty answer counts as no answer. [assumed]
    """
    return {
        question: given.get(question, frozenset()) - {""} == answers
        for question, answers in key.items()
    }


def comparable_answer(given: Given, question: str) -> str | None:
    """Return the answer to a question as one text; None if there is none or it is too long.

    Workers can agree on an empty text. [observed] Several selections make one text, whatever
    their order; a question without any answer has no text. [assumed]
    """
    values = given.get(question)
    if not values:
        return None
    text = "|".join(sorted(values - {""}))
    return text if len(text) <= LONGEST_COMPARED else None


class Agreement(NamedTuple):
    """The agreed answer, or None, and the share of the most frequent answer in percent."""

    answer: str | None
    score: int


def agree(answers: Iterable[str | None], threshold: int) -> Agreement:
    """Return the agreement among the answers, ignoring None.

    The share of the agreed answer is above the threshold. [doc] If two answers are equally
    frequent, there is no agreement. [assumed]
    """
    counts = Counter(answer for answer in answers if answer is not None)
    if not counts:
        return Agreement(None, 0)
    (answer, most), *others = counts.most_common(2)
    score = percent(most, counts.total())
    agreed = score > threshold and all(count < most for _, count in others)
    return Agreement(answer if agreed else None, score)


def agree_on_all(
    works: Sequence[Given], questions: Sequence[str], threshold: int
) -> dict[str, Agreement]:
    """Return the agreement on each question among all submissions."""
    return {
        question: agree((comparable_answer(work, question) for work in works), threshold)
        for question in questions
    }


class Matches(NamedTuple):
    """How many of a worker's answers are the agreed ones, and how many are not."""

    correct: int
    incorrect: int

    @property
    def score(self) -> int:
        """The share of correct answers, in percent."""
        return percent(self.correct, self.correct + self.incorrect)


def count_matches(given: Given, agreed: Mapping[str, Agreement]) -> Matches:
    """Compare a worker's answers with the agreed ones.

    Questions without an agreed answer do not count [observed]; a missing answer counts as
    incorrect. [assumed]
    """
    matches = [
        comparable_answer(given, question) == agreement.answer
        for question, agreement in agreed.items()
        if agreement.answer is not None
    ]
    return Matches(sum(matches), len(matches) - sum(matches))
