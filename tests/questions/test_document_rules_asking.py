"""Rules of the answer specifications in a QuestionForm: each kept and broken."""

from __future__ import annotations

import pytest

from tests.helpers import NOW
from tests.questions.document_places import (
    ALT,
    CHOICE,
    DATA,
    FREE_TEXT,
    LARGE,
    MIME,
    SELECT,
    SELECTION,
    SMALL,
    TEXT,
    UPLOAD,
    answer,
    answer_2017,
    constraints,
    free_text,
    selection,
    selection_answer,
    selections,
    upload,
)
from tests.questions.documents import FORMATS, Desk
from tests.questions.xerces import (
    at_first,
    check_rule,
    elements_only,
    empty,
    incomplete,
    must_appear,
    no_attribute,
    not_listed,
    rules,
    starting,
    too_large,
    too_small,
    unexpected,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

RULES = [
    ("AnswerSpecification has one", answer, FREE_TEXT, "", incomplete("AnswerSpecification")),
    (
        "AnswerSpecification has only one",
        answer,
        SELECT,
        SELECT + FREE_TEXT,
        unexpected("FreeTextAnswer"),
    ),
    ("2017 has no FileUploadAnswer", answer_2017, SELECT, UPLOAD, starting("FileUploadAnswer")),
    ("FreeTextAnswer may be empty", free_text, "", "x", elements_only("FreeTextAnswer")),
    (
        "Constraints are at most once",
        free_text,
        "<Constraints/>",
        2 * "<Constraints/>",
        starting("Constraints"),
    ),
    (
        "DefaultText is at most once",
        free_text,
        "<DefaultText> x </DefaultText>",
        2 * "<DefaultText/>",
        starting("DefaultText"),
    ),
    (
        "NumberOfLinesSuggestion is at most once",
        free_text,
        "<NumberOfLinesSuggestion>1</NumberOfLinesSuggestion>",
        2 * "<NumberOfLinesSuggestion>1</NumberOfLinesSuggestion>",
        unexpected("NumberOfLinesSuggestion"),
    ),
    (
        "NumberOfLinesSuggestion is positive",
        free_text,
        "<NumberOfLinesSuggestion>3</NumberOfLinesSuggestion>",
        "<NumberOfLinesSuggestion>0</NumberOfLinesSuggestion>",
        too_small("0", "1"),
    ),
    (
        "Constraints are before DefaultText",
        free_text,
        "<Constraints/><DefaultText/>",
        "<DefaultText/><Constraints/>",
        starting("Constraints"),
    ),
    (
        "IsNumeric is before Length",
        constraints,
        "<IsNumeric/><Length/>",
        "<Length/><IsNumeric/>",
        starting("IsNumeric"),
    ),
    (
        "IsNumeric is at most once",
        constraints,
        "<IsNumeric/>",
        2 * "<IsNumeric/>",
        starting("IsNumeric"),
    ),
    (
        "IsNumeric is empty",
        constraints,
        "<IsNumeric></IsNumeric>",
        "<IsNumeric>1</IsNumeric>",
        empty("IsNumeric"),
    ),
    (
        "minValue is an int",
        constraints,
        '<IsNumeric minValue="-2147483648"/>',
        '<IsNumeric minValue="0.5"/>',
        "cvc-",
    ),
    (
        "maxValue is of 32 bits",
        constraints,
        '<IsNumeric maxValue="2147483647"/>',
        '<IsNumeric maxValue="2147483648"/>',
        "cvc-",
    ),
    (
        "IsNumeric has two attributes",
        constraints,
        '<IsNumeric minValue="1" maxValue="2"/>',
        '<IsNumeric minvalue="1"/>',
        no_attribute("minvalue", "IsNumeric"),
    ),
    ("Length is at most once", constraints, "<Length/>", 2 * "<Length/>", starting("Length")),
    (
        "Length is empty",
        constraints,
        '<Length minLength="1"/>',
        "<Length><Text/></Length>",
        empty("Length"),
    ),
    (
        "minLength is not negative",
        constraints,
        '<Length minLength="0"/>',
        '<Length minLength="-1"/>',
        "cvc-",
    ),
    (
        "maxLength is positive",
        constraints,
        '<Length maxLength="1"/>',
        '<Length maxLength="0"/>',
        "cvc-",
    ),
    (
        "AnswerFormatRegex is any number of times",
        constraints,
        2 * '<AnswerFormatRegex regex="x"/>',
        '<AnswerFormatRegex regex="x"/><Length/>',
        starting("Length"),
    ),
    (
        "regex is required",
        constraints,
        '<AnswerFormatRegex regex="x" errorText="" flags="i"/>',
        "<AnswerFormatRegex/>",
        must_appear("regex", "AnswerFormatRegex"),
    ),
    (
        "AnswerFormatRegex is empty",
        constraints,
        '<AnswerFormatRegex regex="x"/>',
        '<AnswerFormatRegex regex="x">x</AnswerFormatRegex>',
        empty("AnswerFormatRegex"),
    ),
    (
        "MinSelectionCount is not negative",
        selection_answer,
        "<MinSelectionCount>0</MinSelectionCount>",
        "<MinSelectionCount>-1</MinSelectionCount>",
        too_small("-1", "0"),
    ),
    (
        "MaxSelectionCount is positive",
        selection_answer,
        "<MaxSelectionCount>3</MaxSelectionCount>",
        "<MaxSelectionCount>0</MaxSelectionCount>",
        too_small("0", "1"),
    ),
    (
        "counts are at most the selections",
        selection_answer,
        "<MaxSelectionCount>3</MaxSelectionCount>",
        "<MaxSelectionCount>4</MaxSelectionCount>",
        "",
    ),
    (
        "the minimum is at most the maximum",
        selection_answer,
        "<MinSelectionCount>2</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>",
        "<MinSelectionCount>3</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>",
        "",
    ),
    (
        "the minimum is before the maximum",
        selection_answer,
        "<MinSelectionCount>1</MinSelectionCount><MaxSelectionCount>1</MaxSelectionCount>",
        "<MaxSelectionCount>1</MaxSelectionCount><MinSelectionCount>1</MinSelectionCount>",
        starting("MinSelectionCount"),
    ),
    (
        "StyleSuggestion is one of six",
        selection_answer,
        "<StyleSuggestion>multichooser</StyleSuggestion>",
        "<StyleSuggestion>radio</StyleSuggestion>",
        not_listed("radio"),
    ),
    (
        "StyleSuggestion is at most once",
        selection_answer,
        "<StyleSuggestion>list</StyleSuggestion>",
        2 * "<StyleSuggestion>list</StyleSuggestion>",
        starting("StyleSuggestion"),
    ),
    (
        "SelectionAnswer has Selections",
        answer,
        SELECT,
        "<SelectionAnswer/>",
        incomplete("SelectionAnswer"),
    ),
    (
        "Selections has one or more",
        selections,
        SELECTION.format("a") + SELECTION.format("b"),
        "",
        incomplete("Selections"),
    ),
    (
        "OtherSelection is at the end",
        selections,
        SELECTION.format("a") + "<OtherSelection/>",
        "<OtherSelection/>" + SELECTION.format("a"),
        starting("OtherSelection"),
    ),
    (
        "OtherSelection is at most once",
        selections,
        SELECTION.format("a") + "<OtherSelection/>",
        SELECTION.format("a") + 2 * "<OtherSelection/>",
        unexpected("OtherSelection"),
    ),
    (
        "OtherSelection is as FreeTextAnswer",
        selections,
        SELECTION.format("a") + "<OtherSelection><DefaultText/></OtherSelection>",
        SELECTION.format("a") + "<OtherSelection><Text/></OtherSelection>",
        starting("Text"),
    ),
    ("Selection has SelectionIdentifier", selection, CHOICE + TEXT, TEXT, starting("Text")),
    (
        "Selection has one of three",
        selection,
        f"{CHOICE}<FormattedContent>x</FormattedContent>",
        CHOICE,
        incomplete("Selection"),
    ),
    (
        "Selection has only one of three",
        selection,
        f"{CHOICE}<Binary>{MIME}{DATA}{ALT}</Binary>",
        CHOICE + 2 * TEXT,
        unexpected("Text"),
    ),
    *at_first(upload, "FileUploadAnswer", LARGE, SMALL, LARGE + SMALL),
    (
        "FileUploadAnswer has MinFileSizeInBytes",
        upload,
        LARGE + SMALL,
        LARGE,
        incomplete("FileUploadAnswer"),
    ),
    (
        "MaxFileSizeInBytes is 2,000,000,000 at most",
        upload,
        LARGE + SMALL,
        "<MaxFileSizeInBytes>2000000001</MaxFileSizeInBytes>" + SMALL,
        too_large("2000000001", "2000000000"),
    ),
    (
        "MinFileSizeInBytes is positive",
        upload,
        LARGE + SMALL,
        LARGE + "<MinFileSizeInBytes>0</MinFileSizeInBytes>",
        too_small("0", "1"),
    ),
    (
        "MinFileSizeInBytes is 2,000,000,000 at most",
        upload,
        LARGE + SMALL.replace("1", "2000000000"),
        LARGE + SMALL.replace("1", "2000000001"),
        too_large("2000000001", "2000000000"),
    ),
]


@pytest.fixture
def desk(mturk):
    return Desk(mturk)


@rules(RULES)
def test_rule(desk, inside, kept, broken, details):
    """A document that keeps the rule is accepted; one that breaks it is refused in Xerces' words.

    [doc]
    """
    check_rule(desk, FORMATS["QuestionForm-2005"], inside(kept), inside(broken), details)
