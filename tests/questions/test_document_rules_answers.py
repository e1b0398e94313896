"""Rules of AnswerKey, QuestionFormAnswers and tests with a key: kept and broken."""

from __future__ import annotations

import pytest

from tests.helpers import NOW
from tests.questions.document_places import (
    CHOICE,
    FREE_TEXT,
    NAME,
    SELECTION,
    answer,
    answered,
    answers,
    key,
    key_question,
    mapping,
    option,
    ranges,
    selections,
)
from tests.questions.documents import FORMATS, Desk
from tests.questions.xerces import (
    check_rule,
    incomplete,
    not_valid,
    rules,
    starting,
    too_large,
    too_small,
    unexpected,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

FILE_SIZE = "<UploadedFileSizeInBytes>1</UploadedFileSizeInBytes>"
FILE_KEY = "<UploadedFileKey>a</UploadedFileKey>"
ONE_ANSWER = f"<Answer>{NAME}<FreeText/></Answer>"
SCORE = "<AnswerScore>1</AnswerScore>"
OPTION = f"<AnswerOption>{CHOICE}{SCORE}</AnswerOption>"
SCALE = "<ScaleMapping><SummedScoreMultiplier>2</SummedScoreMultiplier></ScaleMapping>"
SCALED = f"<QualificationValueMapping>{SCALE}</QualificationValueMapping>"
PERCENTAGE = "<PercentageMapping><MaximumSummedScore>100</MaximumSummedScore></PercentageMapping>"
RANGE = (
    "<SummedScoreRange><InclusiveLowerBound>0</InclusiveLowerBound><InclusiveUpperBound>1"
    "</InclusiveUpperBound><QualificationValue>1</QualificationValue></SummedScoreRange>"
)
REST = "<OutOfRangeQualificationValue>0</OutOfRangeQualificationValue>"


def key_asked(name):
    return f"<Question><QuestionIdentifier>{name}</QuestionIdentifier>{OPTION}</Question>"


ANSWERS = [
    # 5 QuestionFormAnswers
    (
        "QuestionFormAnswers has one or more",
        answers,
        2 * ONE_ANSWER,
        "",
        incomplete("QuestionFormAnswers"),
    ),
    (
        "QuestionFormAnswers has Answer only",
        answers,
        ONE_ANSWER,
        ONE_ANSWER + NAME,
        starting("QuestionIdentifier"),
    ),
    (
        "Answer has QuestionIdentifier",
        answers,
        ONE_ANSWER,
        "<Answer><FreeText/></Answer>",
        starting("FreeText"),
    ),
    ("Answer may have no more", answered, "", NAME, starting("QuestionIdentifier")),
    ("any number is selected", answered, 2 * CHOICE, "<Selection/>", starting("Selection")),
    (
        "OtherSelectionText is behind what is selected",
        answered,
        f"{CHOICE}<OtherSelectionText/>",
        f"<OtherSelectionText/>{CHOICE}",
        unexpected("SelectionIdentifier"),
    ),
    (
        "OtherSelectionText is at most once",
        answered,
        "<OtherSelectionText/>",
        2 * "<OtherSelectionText/>",
        unexpected("OtherSelectionText"),
    ),
    (
        "FreeText is once",
        answered,
        "<FreeText> é </FreeText>",
        2 * "<FreeText/>",
        unexpected("FreeText"),
    ),
    (
        "nothing is selected besides FreeText",
        answered,
        "<FreeText/>",
        f"{CHOICE}<FreeText/>",
        starting("FreeText"),
    ),
    ("a file has its size", answered, FILE_SIZE + FILE_KEY, FILE_KEY, starting("UploadedFileKey")),
    ("a file has its key", answered, FILE_SIZE + FILE_KEY, FILE_SIZE, incomplete("Answer")),
    (
        "a file's size comes first",
        answered,
        FILE_SIZE + FILE_KEY,
        FILE_KEY + FILE_SIZE,
        starting("UploadedFileKey"),
    ),
    (
        "a file is alone",
        answered,
        FILE_SIZE + FILE_KEY,
        FILE_SIZE + FILE_KEY + "<FreeText/>",
        unexpected("FreeText"),
    ),
    (
        "a file's size is positive",
        answered,
        FILE_SIZE + FILE_KEY,
        FILE_SIZE.replace("1", "0") + FILE_KEY,
        too_small("0", "1"),
    ),
]
KEYS = [
    # 6 AnswerKey
    (
        "AnswerKey has one or more",
        key,
        key_asked("x") + key_asked("y"),
        "",
        incomplete("AnswerKey"),
    ),
    (
        "AnswerKey has its mapping at the end",
        key,
        key_asked("x") + SCALED,
        SCALED + key_asked("x"),
        starting("QualificationValueMapping"),
    ),
    (
        "AnswerKey has its mapping at most once",
        key,
        key_asked("x") + SCALED,
        key_asked("x") + 2 * SCALED,
        unexpected("QualificationValueMapping"),
    ),
    (
        "Question has QuestionIdentifier",
        key,
        key_asked("x"),
        key_asked("x").replace("<QuestionIdentifier>x</QuestionIdentifier>", ""),
        starting("AnswerOption"),
    ),
    ("Question has one or more options", key_question, 2 * OPTION, "", incomplete("Question")),
    (
        "DefaultScore is behind the options",
        key_question,
        f"{OPTION}<DefaultScore>0</DefaultScore>",
        f"<DefaultScore>0</DefaultScore>{OPTION}",
        starting("DefaultScore"),
    ),
    (
        "DefaultScore is at most once",
        key_question,
        f"{OPTION}<DefaultScore>0</DefaultScore>",
        OPTION + 2 * "<DefaultScore>0</DefaultScore>",
        unexpected("DefaultScore"),
    ),
    (
        "DefaultScore is an int",
        key_question,
        f"{OPTION}<DefaultScore>-1</DefaultScore>",
        f"{OPTION}<DefaultScore>x</DefaultScore>",
        not_valid("x"),
    ),
    ("AnswerOption has one or more", option, 2 * CHOICE + SCORE, SCORE, starting("AnswerScore")),
    ("AnswerOption has AnswerScore", option, CHOICE + SCORE, CHOICE, incomplete("AnswerOption")),
    (
        "AnswerOption has AnswerScore once",
        option,
        CHOICE + SCORE,
        CHOICE + 2 * SCORE,
        unexpected("AnswerScore"),
    ),
    (
        "AnswerScore may be negative, of 32 bits",
        option,
        CHOICE + SCORE.replace("1", "-2147483648"),
        CHOICE + SCORE.replace("1", "-2147483649"),
        too_small("-2147483649", "-2147483648"),
    ),
    (
        "AnswerScore is of 32 bits",
        option,
        CHOICE + SCORE.replace("1", "2147483647"),
        CHOICE + SCORE.replace("1", "2147483648"),
        too_large("2147483648", "2147483647"),
    ),
    (
        "the mapping has one of three",
        mapping,
        PERCENTAGE,
        "",
        incomplete("QualificationValueMapping"),
    ),
    (
        "the mapping has only one of three",
        mapping,
        SCALE,
        SCALE + PERCENTAGE,
        unexpected("PercentageMapping"),
    ),
    (
        "PercentageMapping has MaximumSummedScore",
        mapping,
        PERCENTAGE,
        "<PercentageMapping/>",
        incomplete("PercentageMapping"),
    ),
    (
        "MaximumSummedScore is an int",
        mapping,
        PERCENTAGE,
        PERCENTAGE.replace("100", "99.5"),
        not_valid("99.5"),
    ),
    (
        "ScaleMapping has SummedScoreMultiplier",
        mapping,
        SCALE,
        "<ScaleMapping/>",
        incomplete("ScaleMapping"),
    ),
    (
        "SummedScoreMultiplier is a double",
        mapping,
        SCALE.replace("2", "-1.5E1"),
        SCALE.replace("2", "1,5"),
        not_valid("1,5", "double"),
    ),
    (
        "RangeMapping has one or more",
        ranges,
        2 * RANGE + REST,
        REST,
        starting("OutOfRangeQualificationValue"),
    ),
    (
        "RangeMapping has a value for the rest",
        ranges,
        RANGE + REST,
        RANGE,
        incomplete("RangeMapping"),
    ),
    (
        "the value for the rest is at the end",
        ranges,
        RANGE + REST,
        REST + RANGE,
        starting("OutOfRangeQualificationValue"),
    ),
    (
        "a range has its bounds in order",
        ranges,
        RANGE + REST,
        RANGE.replace("Lower", "Upper", 2) + REST,
        starting("InclusiveUpperBound"),
    ),
    (
        "a range has a value",
        ranges,
        RANGE + REST,
        RANGE.replace("<QualificationValue>1</QualificationValue>", "") + REST,
        incomplete("SummedScoreRange"),
    ),
    ("bounds are ints", ranges, RANGE + REST, RANGE.replace("0", "0.5") + REST, not_valid("0.5")),
]


@pytest.fixture
def desk(mturk):
    return Desk(mturk)


@rules(ANSWERS)
def test_answers_rule(desk, inside, kept, broken, details):
    """A document that keeps the rule is accepted; one that breaks it is refused in Xerces' words.

    [doc]
    """
    check_rule(desk, FORMATS["QuestionFormAnswers"], inside(kept), inside(broken), details)


@rules(KEYS)
def test_key_rule(desk, inside, kept, broken, details):
    """A document that keeps the rule is accepted; one that breaks it is refused in Xerces' words.

    [doc]
    """
    check_rule(desk, FORMATS["AnswerKey"], inside(kept), inside(broken), details)


@pytest.mark.parametrize(
    "test",
    [answer(FREE_TEXT), selections(SELECTION.format("a") + "<OtherSelection/>")],
    ids=["FreeTextAnswer", "OtherSelection"],
)
def test_graded_test_with_words(desk, test):
    """A test with an AnswerKey cannot have free text; without a key it can.

    [doc], [assumed] error
    """
    with_key = key(key_asked("q"))
    assert desk.refusal(lambda text: desk.as_test(text, with_key), test) is not None
    assert desk.created == []
    assert desk.refusal(desk.as_test, test) is None
