"""Builders of the parts of QuestionForms and AnswerKeys, and the XML they write."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mturk_mock.questions import (
    AnswerFormatRegex,
    AnswerKey,
    Binary,
    EmbeddedBinary,
    FileUploadAnswer,
    Flash,
    FormattedContent,
    FreeTextAnswer,
    IsNumeric,
    JavaApplet,
    KeyQuestion,
    Length,
    List,
    Overview,
    PercentageMapping,
    Question,
    QuestionForm,
    RangeMapping,
    ScaleMapping,
    SelectionAnswer,
    Text,
    Title,
)
from tests.helpers import NOW, SCHEMAS, publish

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


def asking(answer=None, content="?", **more):
    """Return a form with one question."""
    answer = FreeTextAnswer() if answer is None else answer
    return QuestionForm(Question("q", content, answer, **more))


# Content ----------------------------------------------------------------------------------

BINARY = Binary("https://example.com/1.png", "a cat")
PARTS = {
    "a < b": "<Text>a &lt; b</Text>",
    "": "<Text/>",
    Text("x"): "<Text>x</Text>",
    Title("x"): "<Title>x</Title>",
    List(("a", "b")): "<List><ListItem>a</ListItem><ListItem>b</ListItem></List>",
    FormattedContent("<b>x</b>"): "<FormattedContent><![CDATA[<b>x</b>]]></FormattedContent>",
    BINARY: "<Binary><MimeType><Type>image</Type></MimeType><DataURL>https://example.com/1.png"
    "</DataURL><AltText>a cat</AltText></Binary>",
    replace(BINARY, type="audio", sub_type="mp3"): "<Binary><MimeType><Type>audio</Type><SubType>"
    "mp3</SubType></MimeType><DataURL>https://example.com/1.png</DataURL><AltText>a cat</AltText>"
    "</Binary>",
}
#: Parts that contain a dict, so they cannot be keys.
MORE_PARTS = [
    (
        EmbeddedBinary("https://x/1.swf", "film", "10", "20", "application", parameters={"a": "1"}),
        "<EmbeddedBinary><EmbeddedMimeType><Type>application</Type><SubType/></EmbeddedMimeType>"
        "<DataURL>https://x/1.swf</DataURL><AltText>film</AltText><Width>10</Width><Height>20"
        "</Height><ApplicationParameter><Name>a</Name><Value>1</Value></ApplicationParameter>"
        "</EmbeddedBinary>",
    ),
    (
        Flash("https://x/1.swf", "10", "20", {"a": "1", "b": "2"}),
        "<Application><Flash><FlashMovieURL>https://x/1.swf</FlashMovieURL><Width>10</Width>"
        "<Height>20</Height><ApplicationParameter><Name>a</Name><Value>1</Value>"
        "</ApplicationParameter><ApplicationParameter><Name>b</Name><Value>2</Value>"
        "</ApplicationParameter></Flash></Application>",
    ),
    (
        JavaApplet("https://x/", "a.class", "10", "20"),
        "<Application><JavaApplet><AppletPath>https://x/</AppletPath><AppletFilename>a.class"
        "</AppletFilename><Width>10</Width><Height>20</Height></JavaApplet></Application>",
    ),
]


@pytest.mark.parametrize(("part", "written"), [*PARTS.items(), *MORE_PARTS])
@pytest.mark.parametrize("wrap", [lambda part: part, lambda part: [part, "y"]], ids=["it", "list"])
def test_part_of_a_form(mturk_client, part, written, wrap):
    """Content parts, alone or in a list, are accepted in a question and in an overview. [doc]"""
    form = QuestionForm(Overview(wrap(part)), Question("q", wrap(part), FreeTextAnswer()))

    assert str(form).count(written) == 2
    assert publish(mturk_client, Question=str(form))


@pytest.mark.parametrize(
    "part", [Flash("https://x", "1", "1"), JavaApplet("https://x", "a", "1", "1")]
)
def test_form_with_an_applet_is_one_of_2005(part):
    """An Application makes a form of 2005: the later version has none. [doc]"""
    assert "/2005-10-01/" in str(asking(content=[part]))


def test_form_with_a_file_is_one_of_2005():
    """A FileUploadAnswer makes a form of 2005: the later version has none. [doc]"""
    assert "/2005-10-01/" in str(asking(FileUploadAnswer(1, 2)))


def test_form_is_one_of_2017():
    """A form is of the later version if no part requires the older one."""
    assert str(asking()) == (
        f'<QuestionForm xmlns="{SCHEMAS}2017-11-06/QuestionForm.xsd"><Question>'
        "<QuestionIdentifier>q</QuestionIdentifier><IsRequired>false</IsRequired>"
        "<QuestionContent><Text>?</Text></QuestionContent><AnswerSpecification><FreeTextAnswer/>"
        "</AnswerSpecification></Question></QuestionForm>"
    )


def test_question_that_is_required_with_a_name():
    """DisplayName and IsRequired are written before the content. [doc]"""
    assert (
        "<QuestionIdentifier>q</QuestionIdentifier><DisplayName>One</DisplayName>"
        "<IsRequired>true</IsRequired><QuestionContent>"
    ) in str(asking(required=True, display_name="One"))


# Answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        (
            FreeTextAnswer(
                IsNumeric(1, 9),
                Length(0, 5),
                (AnswerFormatRegex('"\n<', "no\t&", "i"), AnswerFormatRegex("b")),
                "default",
                3,
            ),
            '<FreeTextAnswer><Constraints><IsNumeric minValue="1" maxValue="9"/>'
            '<Length minLength="0" maxLength="5"/>'
            '<AnswerFormatRegex regex="&quot;&#10;&lt;" errorText="no&#9;&amp;" flags="i"/>'
            '<AnswerFormatRegex regex="b"/></Constraints><DefaultText>default</DefaultText>'
            "<NumberOfLinesSuggestion>3</NumberOfLinesSuggestion></FreeTextAnswer>",
        ),
        (
            FreeTextAnswer(IsNumeric()),
            "<FreeTextAnswer><Constraints><IsNumeric/></Constraints></FreeTextAnswer>",
        ),
        (
            FreeTextAnswer(length=Length(max_length=5)),
            '<FreeTextAnswer><Constraints><Length maxLength="5"/></Constraints></FreeTextAnswer>',
        ),
        (
            SelectionAnswer(["a", "b"], 0, 2, "checkbox"),
            "<SelectionAnswer><MinSelectionCount>0</MinSelectionCount><MaxSelectionCount>2"
            "</MaxSelectionCount><StyleSuggestion>checkbox</StyleSuggestion><Selections>"
            "<Selection><SelectionIdentifier>a</SelectionIdentifier><Text>a</Text></Selection>"
            "<Selection><SelectionIdentifier>b</SelectionIdentifier><Text>b</Text></Selection>"
            "</Selections></SelectionAnswer>",
        ),
        (
            SelectionAnswer(
                {"a": "A", "b": FormattedContent("<b/>"), "c": BINARY},
                other=FreeTextAnswer(default_text="?"),
            ),
            "<Selection><SelectionIdentifier>a</SelectionIdentifier><Text>A</Text></Selection>"
            "<Selection><SelectionIdentifier>b</SelectionIdentifier>"
            "<FormattedContent><![CDATA[<b/>]]></FormattedContent></Selection>"
            "<Selection><SelectionIdentifier>c</SelectionIdentifier>"
            f"{PARTS[BINARY]}</Selection>"
            "<OtherSelection><DefaultText>?</DefaultText></OtherSelection></Selections>",
        ),
        (
            FileUploadAnswer(2, 10),
            "<FileUploadAnswer><MaxFileSizeInBytes>10</MaxFileSizeInBytes>"
            "<MinFileSizeInBytes>2</MinFileSizeInBytes></FileUploadAnswer>",
        ),
    ],
    ids=["text", "number", "length", "selection", "shown", "file"],
)
def test_answer_of_a_form(mturk_client, answer, written):
    """Each kind of answer specification with all its options. [doc]"""
    form = str(asking(answer))

    assert written in form
    assert publish(mturk_client, Question=form)


# Keys -------------------------------------------------------------------------------------

GRADED = QuestionForm(
    Question("one", "?", SelectionAnswer(["a", "b"])),
    Question("two", "?", SelectionAnswer(["a", "b", "c"], 0, 3)),
)
ONE = KeyQuestion("one", {"a": 10})


@pytest.mark.parametrize(
    ("mapping", "written"),
    [
        (None, ""),
        (
            PercentageMapping(20),
            "<PercentageMapping><MaximumSummedScore>20</MaximumSummedScore></PercentageMapping>",
        ),
        (
            ScaleMapping(1e-7),
            "<ScaleMapping><SummedScoreMultiplier>1e-07</SummedScoreMultiplier></ScaleMapping>",
        ),
        (
            RangeMapping([(1, 9, 5)], -1),
            "<RangeMapping><SummedScoreRange><InclusiveLowerBound>1</InclusiveLowerBound>"
            "<InclusiveUpperBound>9</InclusiveUpperBound><QualificationValue>5"
            "</QualificationValue></SummedScoreRange><OutOfRangeQualificationValue>-1"
            "</OutOfRangeQualificationValue></RangeMapping>",
        ),
    ],
)
def test_answer_key(mturk_client, mapping, written):
    """Each mapping, and options with one choice and with several. [doc]"""
    two = KeyQuestion("two", {("b", "a"): 5, frozenset({"c", "b"}): -1}, default=2)
    key = str(AnswerKey(ONE, two, mapping=mapping))
    if mapping is not None:
        written = f"<QualificationValueMapping>{written}</QualificationValueMapping>"

    assert key == (
        f'<AnswerKey xmlns="{SCHEMAS}2005-10-01/AnswerKey.xsd"><Question><QuestionIdentifier>one'
        "</QuestionIdentifier><AnswerOption><SelectionIdentifier>a</SelectionIdentifier>"
        "<AnswerScore>10</AnswerScore></AnswerOption><DefaultScore>0</DefaultScore></Question>"
        "<Question><QuestionIdentifier>two</QuestionIdentifier><AnswerOption><SelectionIdentifier>b"
        "</SelectionIdentifier><SelectionIdentifier>a</SelectionIdentifier><AnswerScore>5"
        "</AnswerScore></AnswerOption><AnswerOption><SelectionIdentifier>b</SelectionIdentifier>"
        "<SelectionIdentifier>c</SelectionIdentifier><AnswerScore>-1</AnswerScore></AnswerOption>"
        f"<DefaultScore>2</DefaultScore></Question>{written}</AnswerKey>"
    )
    assert mturk_client.create_qualification_type(
        Name="n",
        Description="d",
        QualificationTypeStatus="Active",
        Test=str(GRADED),
        TestDurationInSeconds=60,
        AnswerKey=key,
    )


def test_option_by_a_set_is_written_in_order():
    """The document is the same in each run."""
    written = str(AnswerKey(KeyQuestion("q", {frozenset("hgfedcba"): 1})))

    assert re.findall("<SelectionIdentifier>(.)<", written) == list("abcdefgh")


def test_answer_key_scores(mturk, mturk_client):
    """A built key scores a test. [doc]"""
    key = AnswerKey(ONE, KeyQuestion("two", {("a", "b"): 5}), mapping=PercentageMapping(15))
    type_id = mturk_client.create_qualification_type(
        Name="n",
        Description="d",
        QualificationTypeStatus="Active",
        Test=str(GRADED),
        TestDurationInSeconds=60,
        AnswerKey=str(key),
    )["QualificationType"]["QualificationTypeId"]
    worker = mturk.worker()

    worker.request_qualification(type_id, {"one": "a", "two": {"b"}})

    assert worker.qualifications == {type_id: 67}


@pytest.mark.parametrize(
    ("chosen", "selected"),
    [
        ("a", ["a"]),
        ("yes", ["yes"]),
        (("b", "a"), ["a", "b"]),
        (("yes", "maybe"), ["maybe", "yes"]),
        (frozenset({"a", "b"}), ["a", "b"]),
        (frozenset({"yes", "no"}), ["no", "yes"]),
    ],
)
def test_key_question_scores_whole_sets(chosen, selected):
    """Options match whole sets in any order; one identifier is a set of its own. [doc]"""
    question = KeyQuestion("q", {chosen: 5, "c": 1}, default=-1)

    assert question.score(frozenset(selected)) == 5
    assert question.score(frozenset({*selected, "other"})) == -1


def test_answer_key_with_identifiers_of_several_letters_scores(mturk, mturk_client):
    """Identifiers of several letters are compared as a whole. [doc]"""
    form = QuestionForm(
        Question("sky", "?", SelectionAnswer(["blue", "red"])),
        Question("skies", "?", SelectionAnswer(["red", "blue", "grey"], 0, 3)),
    )
    key = AnswerKey(
        KeyQuestion("sky", {"blue": 10, "red": 1}),
        KeyQuestion("skies", {("grey", "blue"): 5, "red": 2}, default=-100),
    )
    type_id = mturk_client.create_qualification_type(
        Name="n",
        Description="d",
        QualificationTypeStatus="Active",
        Test=str(form),
        TestDurationInSeconds=60,
        AnswerKey=str(key),
    )["QualificationType"]["QualificationTypeId"]

    def value(**answers):
        worker = mturk.worker()
        worker.request_qualification(type_id, answers)
        return worker.qualifications[type_id]

    assert value(sky="blue", skies={"blue", "grey"}) == 15
    assert value(sky="red", skies={"red"}) == 3
    assert value(sky="red", skies={"grey"}) == -99
