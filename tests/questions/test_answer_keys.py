"""AnswerKeys: valid keys, and the scores of tests."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOW,
    SCHEMAS,
    answers,
    error_of,
    free_text,
    without_place,
)
from tests.qualify import (
    EXAMINED,
    answer_key,
    create_type,
    key_question,
    mapping,
    score,
    type_id_of,
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
RANGE = (
    "<SummedScoreRange><InclusiveLowerBound>1</InclusiveLowerBound>"
    "<InclusiveUpperBound>2</InclusiveUpperBound><QualificationValue>3</QualificationValue>"
    "</SummedScoreRange>"
)
INVALID = "Invalid content was found starting with element"


def one_of(names):
    expected = ", ".join(f'"{SCHEMAS}2005-10-01/AnswerKey.xsd":{name}' for name in names)
    return f"One of '{{{expected}}}' is expected."


def incomplete(parent, *names):
    return (
        f"cvc-complex-type.2.4.b: The content of element '{parent}' is not complete. "
        f"{one_of(names)}"
    )


def unexpected(child, *names):
    return f"cvc-complex-type.2.4.a: {INVALID} '{child}'. {one_of(names)}"


def too_many(child):
    return (
        f"cvc-complex-type.2.4.d: {INVALID} '{child}'. No child element is expected at this point."
    )


def not_valid(text, kind):
    return f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for '{kind}'."


def beyond(facet, value, bound):
    return (
        f"cvc-{facet}-valid: Value '{value}' is not facet-valid with respect to {facet} '{bound}' "
        "for type 'int'."
    )


@pytest.mark.parametrize(
    ("inner", "details"),
    [
        ("", incomplete("AnswerKey", "Question")),
        ("<Other/>", unexpected("Other", "Question")),
        ('<Question xmlns="urn:x"/>', unexpected("Question", "Question")),
        ("<Question/>", incomplete("Question", "QuestionIdentifier")),
        (NAMED.format(""), incomplete("Question", "AnswerOption")),
        (
            NAMED.format("<QuestionIdentifier>q</QuestionIdentifier>"),
            unexpected("QuestionIdentifier", "AnswerOption"),
        ),
        (
            NAMED.format("<DefaultScore>1</DefaultScore>"),
            unexpected("DefaultScore", "AnswerOption"),
        ),
        (
            NAMED.format(
                OPTION.format(SCORE.format(1)) + "<DefaultScore>1</DefaultScore><DefaultScore/>"
            ),
            too_many("DefaultScore"),
        ),
        (NAMED.format("<AnswerOption/>"), incomplete("AnswerOption", "SelectionIdentifier")),
        (
            NAMED.format(OPTION.format("")),
            incomplete("AnswerOption", "SelectionIdentifier", "AnswerScore"),
        ),
        (NAMED.format(OPTION.format(SCORE.format(""))), not_valid("", "integer")),
        (NAMED.format(OPTION.format(SCORE.format("1.5"))), not_valid("1.5", "integer")),
        (NAMED.format(OPTION.format(SCORE.format("1_0"))), not_valid("1_0", "integer")),
        (
            NAMED.format(OPTION.format(SCORE.format(2**31))),
            beyond("maxInclusive", 2**31, 2**31 - 1),
        ),
        (
            NAMED.format(OPTION.format(SCORE.format(-(2**31) - 1))),
            beyond("minInclusive", -(2**31) - 1, -(2**31)),
        ),
        (
            MAPPED.format(""),
            incomplete(
                "QualificationValueMapping", "PercentageMapping", "ScaleMapping", "RangeMapping"
            ),
        ),
        (
            MAPPED.format(PERCENTAGE.format(1)) + "<QualificationValueMapping/>",
            too_many("QualificationValueMapping"),
        ),
        (
            MAPPED.format(PERCENTAGE.format(1) + SCALE.format(1)),
            too_many("ScaleMapping"),
        ),
        (
            MAPPED.format("<PercentageMapping/>"),
            incomplete("PercentageMapping", "MaximumSummedScore"),
        ),
        (MAPPED.format(PERCENTAGE.format(0)), "MaximumSummedScore must not be 0."),
        (MAPPED.format(SCALE.format("much")), not_valid("much", "double")),
        (MAPPED.format(SCALE.format("INF")), "SummedScoreMultiplier must be finite."),
        (MAPPED.format(SCALE.format("1e999")), "SummedScoreMultiplier must be finite."),
        (
            MAPPED.format("<RangeMapping/>"),
            incomplete("RangeMapping", "SummedScoreRange"),
        ),
        (
            MAPPED.format(f"<RangeMapping>{RANGE}</RangeMapping>"),
            incomplete("RangeMapping", "SummedScoreRange", "OutOfRangeQualificationValue"),
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
    """All of the schema is checked. [doc] schema, [assumed] details in Xerces' words"""
    wrong = {**EXAMINED, "AnswerKey": answer_key(inner)}

    refusal = error_of(lambda: create_type(mturk_client, **wrong))

    assert without_place(refusal) == xml_error(details)


# Scores -----------------------------------------------------------------------------------


@pytest.fixture
def scored(mturk, mturk_client):
    """Return the score of answers to the two questions."""

    def call(given, *content):
        number = len(mturk.calls)
        key = answer_key(*content)
        type_id = type_id_of(mturk_client, Name=f"T{number}", **EXAMINED, AnswerKey=key)
        worker = mturk.worker()
        worker.request_qualification(type_id, given)
        assert (
            score(mturk_client, type_id, worker.id)["IntegerValue"]
            == (worker.qualifications[type_id])
        )
        return worker.qualifications[type_id]

    return call


def points(number):
    """Return a key that gives this sum for q1=a."""
    return key_question("q1", ("a", number))


A = {"q1": "a"}


def test_score_is_the_sum_without_a_mapping(scored):
    """The scores of all questions in the key are added. [doc] [assumed]"""
    both = (key_question("q1", ("a", 3), ("b", -4)), key_question("q2", ("c", 2)))

    assert scored({"q1": "a", "q2": "c"}, *both) == 5
    assert scored({"q1": "b", "q2": "c"}, *both) == -2
    assert scored({"q1": "a", "q2": "a"}, *both) == 3
    assert scored({"q2": "c"}, points(9)) == 0


def test_score_takes_exactly_the_selections(scored):
    """An option matches exactly its set of selections, in any order. [doc]"""
    key = key_question("q1", ("a b", 7))

    assert scored({"q1": ["b", "a"]}, key) == 7
    assert scored({"q1": ["a"]}, key) == 0
    assert scored({"q1": ["a", "b", "c"]}, key) == 0


def test_score_of_equal_options_is_the_first_ones(scored):
    """Of equal options the first counts. [assumed]"""
    assert scored(A, key_question("q1", ("a", 1), ("a", 2))) == 1


def test_score_without_a_match_is_the_default(scored):
    """DefaultScore counts if no option matches, also if nothing is selected. [doc]"""
    key = key_question("q1", ("a", 7), default=-1)

    assert scored({"q1": "b"}, key) == -1
    assert scored({}, key) == -1
    assert scored(answers(free_text("q1", "a")), key) == -1


@pytest.mark.parametrize(
    ("total", "maximum", "value"),
    [(3, 4, 75), (1, 3, 33), (2, 3, 67), (1, 8, 13), (-1, 8, -12), (9, 3, 300), (0, 5, 0)],
)
def test_score_as_a_percentage(scored, total, maximum, value):
    """PercentageMapping: percentage of the maximum [doc], "keep rounding", not capped. [assumed]"""
    assert scored(A, points(total), mapping(PERCENTAGE.format(maximum))) == value


@pytest.mark.parametrize(
    ("total", "multiplier", "value"),
    [
        *((3, "2", 6), (3, "0.5", 2), (-3, "0.5", -1), (3, "1.2e1", 36), (7, ".1", 1)),
        *((2, " +4. ", 8), (9, "-1", -9), (9, "1e300", 2**31 - 1), (9, "-1e300", -(2**31))),
    ],
)
def test_score_on_a_scale(scored, total, multiplier, value):
    """ScaleMapping: the sum times a factor [doc], rounded half up. [assumed]"""
    assert scored(A, points(total), mapping(SCALE.format(multiplier))) == value


@pytest.mark.parametrize(("total", "value"), [(0, -5), (1, 10), (4, 10), (5, 20), (6, 20), (7, -5)])
def test_score_by_ranges(scored, total, value):
    """RangeMapping includes its bounds [doc]; the first of two ranges counts. [assumed]"""
    ranges = "".join(
        f"<SummedScoreRange><InclusiveLowerBound>{lower}</InclusiveLowerBound>"
        f"<InclusiveUpperBound>{upper}</InclusiveUpperBound>"
        f"<QualificationValue>{worth}</QualificationValue></SummedScoreRange>"
        for lower, upper, worth in ((1, 4, 10), (4, 6, 20))
    )
    rest = "<OutOfRangeQualificationValue>-5</OutOfRangeQualificationValue>"
    content = f"<RangeMapping>{ranges}{rest}</RangeMapping>"

    assert scored(A, points(total), mapping(content)) == value
