"""What review policies count: right answers, and how far workers agree.

Scores are whole percents, cut off: 2 of 3 are 66. [observed] in a sample, [assumed] always
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from mturk_mock.questions.answers import read_rendered_answers

#: Longer answers are passed over when workers are compared, in characters. [doc]
LONGEST_COMPARED: Final = 256

Given = Mapping[str, frozenset[str]]


def percent(part: int, whole: int) -> int:
    """Return a share in percent; of nothing it is 0. [assumed]"""
    return part * 100 // whole if whole else 0


def given_answers(document: str) -> Given:
    """Return the texts, selections and other texts by question, outer blanks left out.

    An empty one is none [assumed], so a question with an empty answer has no answer.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for answer in read_rendered_answers(document):
        values = (answer.text, *answer.selections, answer.other)
        found[answer.identifier].update(value.strip() for value in values if value is not None)
    return {question: frozenset(values) - {""} for question, values in found.items()}


def known_answers_met(key: Given, given: Given) -> dict[str, bool]:
    """Return for each known question whether its answers were given, no more, no less. [doc]"""
    return {
        question: given.get(question, frozenset()) == answers for question, answers in key.items()
    }


def compared(given: Given, question: str) -> str | None:
    """Return the answer to a question as one text; None for none, and for long ones.

    Several selections are one text, whatever their order. [assumed]
    """
    text = "|".join(sorted(given.get(question, ())))
    return text if 0 < len(text) <= LONGEST_COMPARED else None


class Agreement(NamedTuple):
    """What workers agreed on, None if they did not, and the share of the best answer."""

    answer: str | None
    score: int


def agree(answers: Iterable[str | None], threshold: int) -> Agreement:
    """Return the agreement among the answers, of which None is passed over.

    Its share must be more than the threshold [doc]; of two best answers none is. [assumed]
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
    """Return the agreement among all works on each of the questions."""
    return {
        question: agree((compared(work, question) for work in works), threshold)
        for question in questions
    }


class Compliance(NamedTuple):
    """How often a worker said what was agreed on, and how often not."""

    correct: int
    incorrect: int

    @property
    def score(self) -> int:
        """The share of what is correct, in percent."""
        return percent(self.correct, self.correct + self.incorrect)


def comply(given: Given, agreed: Mapping[str, Agreement]) -> Compliance:
    """Compare one work with what was agreed on.

    Questions without an agreed answer do not count; no answer is a wrong one. [assumed]
    """
    said = [
        compared(given, question) == agreement.answer
        for question, agreement in agreed.items()
        if agreement.answer is not None
    ]
    return Compliance(sum(said), len(said) - sum(said))
