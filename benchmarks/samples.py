"""Parameters of the HITs that the benchmarks create."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

FIELD = '<p><label><input type="radio" name="label" value="mammal"> mammal</label></p>\n'
#: A question with 2 KB of HTML.
HTML_QUESTION = (
    '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form>'
    f"{FIELD * 23}</form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
)
EXTERNAL_QUESTION = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2006-07-14/ExternalQuestion.xsd"><ExternalURL>https://example.com/animals</ExternalURL>'
    "<FrameHeight>0</FrameHeight></ExternalQuestion>"
)
#: Parameters of create_hit.
HIT = {
    "Title": "Which class of animals is this?",
    "Description": "Read the name of one species and choose the class it belongs to.",
    "Keywords": "animals, species, biology",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86_400,
    "MaxAssignments": 3,
    "Question": HTML_QUESTION,
}


def new_hits() -> Iterator[dict[str, Any]]:
    """Yield parameters of create_hit, each with a different question."""
    for number in itertools.count():
        yield {**HIT, "Question": HTML_QUESTION.replace("mammal", f"mammal {number}", 1)}
