"""What the benchmarks ask workers: questions of known sizes, and the HITs around them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from mturk_mock import QuestionForm
from mturk_mock.questions import Question, SelectionAnswer, Title

FIELD = '<p><label><input type="radio" name="label" value="mammal"> mammal</label></p>\n'
QUESTION = (
    '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form>'
    f"{FIELD * 23}</form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
)
EXTERNAL_QUESTION = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2006-07-14/ExternalQuestion.xsd"><ExternalURL>https://example.com/animals</ExternalURL>'
    "<FrameHeight>0</FrameHeight></ExternalQuestion>"
)
HIT = {
    "Title": "Which class of animals is this?",
    "Description": "Read the name of one species and choose the class it belongs to.",
    "Keywords": "animals, species, biology",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86_400,
    "MaxAssignments": 3,
    "Question": QUESTION,
}


def form() -> str:
    """Return a QuestionForm of 10 KB."""
    return str(QuestionForm(*map(_question, range(12))))


def _question(number: int) -> Question:
    return Question(
        f"species-{number}",
        [Title(f"Species {number}"), "To which class of animals does it belong?"],
        SelectionAnswer(["mammal", "bird", "reptile", "fish", "insect"]),
    )


def hit_with(question: str) -> dict[str, Any]:
    """Return the parameters of a HIT that asks another question."""
    return {**HIT, "Question": question}


def variants(text: str, word: str) -> Iterator[str]:
    """Yield the text again and again, with a number after the first `word` that grows."""
    return (text.replace(word, f"{word} {number}", 1) for number in itertools.count())
