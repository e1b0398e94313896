"""AnswerKeys: what they may say, and how they score a test."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOW,
    SCHEMAS,
    error_of,
)
from tests.qualify import (
    EXAMINED,
    answer_key,
    create_type,
    key_question,
    xml_error,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


# The key ----------------------------------------------------------------------------------


Q = key_question("q1", ("a", 1))
OPTION = "<AnswerOption><SelectionIdentifier>a</SelectionIdentifier>{}</AnswerOption>"
NAMED = "<Question><QuestionIdentifier>q</QuestionIdentifier>{}</Question>"
MAPPED = Q + "<QualificationValueMapping>{}</QualificationValueMapping>"
PERCENTAGE = "<PercentageMapping><MaximumSummedScore>{}</MaximumSummedScore></PercentageMapping>"
SCALE = "<ScaleMapping><SummedScoreMultiplier>{}</SummedScoreMultiplier></ScaleMapping>"
SCORE = "<AnswerScore>{}</AnswerScore>"
UNEXPECTED = "cvc-complex-type.2.4.a: Invalid content was found starting with element '{}'."


def incomplete(parent, *names):
    expected = ", ".join(f'"{SCHEMAS}2005-10-01/AnswerKey.xsd":{name}' for name in names)
    return (
        f"cvc-complex-type.2.4.b: The content of element '{parent}' is not complete. "
        f"One of '{{{expected}}}' is expected."
    )


def not_valid(text, kind):
    return f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for '{kind}'."


@pytest.mark.parametrize(
    ("inner", "details"),
    [
        ("", incomplete("AnswerKey", "Question")),
        ("<Other/>", UNEXPECTED.format("Other")),
        ('<Question xmlns="urn:x"/>', UNEXPECTED.format("Question")),
        ("<Question/>", incomplete("Question", "QuestionIdentifier")),
        (NAMED.format(""), incomplete("Question", "AnswerOption")),
        (
            NAMED.format("<QuestionIdentifier>q</QuestionIdentifier>"),
            UNEXPECTED.format("QuestionIdentifier"),
        ),
        (
            NAMED.format("<DefaultScore>1</DefaultScore>" * 2),
            UNEXPECTED.format("DefaultScore"),
        ),
        (NAMED.format("<AnswerOption/>"), incomplete("AnswerOption", "SelectionIdentifier")),
        (NAMED.format(OPTION.format("")), incomplete("AnswerOption", "AnswerScore")),
        (NAMED.format(OPTION.format(SCORE.format(""))), not_valid("", "int")),
        (NAMED.format(OPTION.format(SCORE.format("1.5"))), not_valid("1.5", "int")),
        (NAMED.format(OPTION.format(SCORE.format("1_0"))), not_valid("1_0", "int")),
        (NAMED.format(OPTION.format(SCORE.format(2**31))), not_valid(2**31, "int")),
        (NAMED.format(OPTION.format(SCORE.format(-(2**31) - 1))), not_valid(-(2**31) - 1, "int")),
        (
            MAPPED.format(""),
            incomplete(
                "QualificationValueMapping", "PercentageMapping", "ScaleMapping", "RangeMapping"
            ),
        ),
        (
            MAPPED.format("") + "<QualificationValueMapping/>",
            UNEXPECTED.format("QualificationValueMapping"),
        ),
        (
            MAPPED.format(PERCENTAGE.format(1) + SCALE.format(1)),
            UNEXPECTED.format("ScaleMapping"),
        ),
        (
            MAPPED.format("<PercentageMapping/>"),
            incomplete("PercentageMapping", "MaximumSummedScore"),
        ),
        (MAPPED.format(PERCENTAGE.format(0)), not_valid("0", "int")),
        (MAPPED.format(SCALE.format("much")), not_valid("much", "double")),
        (MAPPED.format(SCALE.format("INF")), not_valid("INF", "double")),
        (MAPPED.format(SCALE.format("1e999")), not_valid("1e999", "double")),
        (
            MAPPED.format("<RangeMapping/>"),
            incomplete("RangeMapping", "SummedScoreRange"),
        ),
        (
            MAPPED.format("<RangeMapping><SummedScoreRange/></RangeMapping>"),
            incomplete("RangeMapping", "OutOfRangeQualificationValue"),
        ),
        (
            MAPPED.format(
                "<RangeMapping><SummedScoreRange/><OutOfRangeQualificationValue>0"
                "</OutOfRangeQualificationValue></RangeMapping>"
            ),
            incomplete("SummedScoreRange", "InclusiveLowerBound"),
        ),
    ],
)
def test_create_qualification_type_with_a_wrong_key(mturk_client, inner, details):
    """What scoring needs is checked. [doc] schema, [assumed] details in Xerces' words"""
    wrong = {**EXAMINED, "AnswerKey": answer_key(inner)}

    assert error_of(lambda: create_type(mturk_client, **wrong)) == xml_error(details)
