"""Refusals of documents: after the service's own words, the place and a hint.

The service's messages have no place. [assumed] all places and hints
"""

from __future__ import annotations

import pytest

from tests.helpers import NOW, SCHEMAS, create_hit, error_of, told_apart

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

FORM = f"{SCHEMAS}2017-11-06/QuestionForm.xsd"
FORM_2005 = f"{SCHEMAS}2005-10-01/QuestionForm.xsd"
HTML = f"{SCHEMAS}2011-11-11/HTMLQuestion.xsd"
EXTERNAL = f"{SCHEMAS}2006-07-14/ExternalQuestion.xsd"

SELECTIONS = (
    "<Selections>\n<Selection><SelectionIdentifier>a</SelectionIdentifier><Text/></Selection>"
    "<Selection><SelectionIdentifier>b</SelectionIdentifier><Text/></Selection></Selections>"
)


def form(inner, version="2017-11-06"):
    """Return a QuestionForm whose content starts on the second line."""
    return f'<QuestionForm xmlns="{SCHEMAS}{version}/QuestionForm.xsd">\n{inner}</QuestionForm>'


def question(answer="<FreeTextAnswer/>", content="<Text>?</Text>"):
    """Return a Question: its content on the second line, its answer on the third."""
    return (
        "<Question><QuestionIdentifier>q</QuestionIdentifier>\n"
        f"<QuestionContent>{content}</QuestionContent>\n"
        f"<AnswerSpecification>{answer}</AnswerSpecification></Question>"
    )


def showing(content):
    return form(question(content=content))


def answered(answer, version="2017-11-06"):
    return form(question(answer), version)


def constrained(constraint):
    return answered(f"<FreeTextAnswer><Constraints>{constraint}</Constraints></FreeTextAnswer>")


def selected(counts):
    return answered(f"<SelectionAnswer>{counts}{SELECTIONS}</SelectionAnswer>")


def one_of(*names):
    listed = ", ".join(f'"{FORM}":{name}' for name in names)
    return f"One of '{{{listed}}}' is expected."


def unexpected(name, *expected):
    begin = f"Invalid content was found starting with element '{name}'."
    if expected:
        return f"cvc-complex-type.2.4.a: {begin} {one_of(*expected)}"
    return f"cvc-complex-type.2.4.d: {begin} No child element is expected at this point."


def not_valid(text, kind):
    return f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for '{kind}'."


def beyond(facet, text, bound, kind):
    return (
        f"cvc-{facet}-valid: Value '{text}' is not facet-valid with respect to {facet} '{bound}' "
        f"for type '{kind}'."
    )


def not_among(text, *values):
    return (
        f"cvc-enumeration-valid: Value '{text}' is not facet-valid with respect to enumeration "
        f"'[{', '.join(values)}]'. It must be a value from the enumeration."
    )


CONTENT = ("Title", "Text", "List", "FormattedContent", "Binary", "EmbeddedBinary")
ANSWER = "QuestionForm/Question/AnswerSpecification"
FREE_TEXT = f"{ANSWER}/FreeTextAnswer"
CONSTRAINTS = f"{FREE_TEXT}/Constraints"
SHOWN = "QuestionForm/Question/QuestionContent"
ROOTS = (
    f'<HTMLQuestion xmlns="{HTML}"> or <ExternalQuestion xmlns="{EXTERNAL}"> or '
    f'<QuestionForm xmlns="{FORM}"> or <QuestionForm xmlns="{FORM_2005}">'
)
NO_CHILDREN = (
    "must have no character or element information item [children], because the type's content "
    "type is empty."
)


@pytest.fixture
def told(mturk_client):
    """Return the words, the place and the hint in the refusal of a HIT's question."""

    def call(document):
        refusal = error_of(lambda: create_hit(mturk_client, Question=document))
        assert (refusal.code, refusal.turk_error_code) == ("ParameterValidationError", None)
        return told_apart(refusal.message)

    return call


# XML that is not well-formed --------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "words", "place", "hint"),
    [
        (
            showing("<Text>salt & pepper, oil & vinegar</Text>"),
            "not well-formed (invalid token).",
            "line 3, column 30",
            "near 'nt><Text>salt & pepper, oil &'; write & as &amp; in XML",
        ),
        (
            showing("<Text>a&nbsp;b</Text>"),
            "undefined entity.",
            "line 3, column 25",
            "near 'Content><Text>a&nbsp;b</Text><'",
        ),
        (
            showing("<Text>é 😀 a&b</Text>"),
            "not well-formed (invalid token).",
            "line 3, column 31",
            "near 't><Text>é 😀 a&b</Text></Questi'; write & as &amp; in XML",
        ),
        (
            form("<Question>\n  <Question/>\n"),
            "mismatched tag.",
            "line 4, column 3",
            "near '</QuestionForm>'",
        ),
        ("<a>\r\n<b>\r</a>", "mismatched tag.", "line 3, column 3", "near '</a>'"),
        ("<a>\n", "no element found.", "line 2, column 1", "near ''"),
        (
            '<?xml version="1.0"?>\n <!DOCTYPE html><html/>',
            "a document type declaration ('html') is not allowed.",
            "line 2, column 2",
            "remove <!DOCTYPE ...>; the DOCTYPE of an HTML page belongs in its CDATA",
        ),
    ],
    ids=["&", "entity", "letters", "tag", "line ends", "end", "doctype"],
)
def test_place_of_what_is_not_well_formed(told, document, words, place, hint):
    """The text there is quoted, 15 characters to either side; columns count characters."""
    assert told(document) == (words, place, hint)


# Wrong elements ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "name", "place"),
    [
        ("<!-- -->\n<Survey/>", "Survey", "line 2, column 1"),
        ("<QuestionForm/>", "QuestionForm", "line 1, column 1"),
    ],
)
def test_place_of_an_unknown_root(told, document, name, place):
    assert told(document) == (
        f"cvc-elt.1: Cannot find the declaration of element '{name}'.",
        place,
        f"the document must begin with {ROOTS}",
    )


@pytest.mark.parametrize(
    ("document", "words", "place", "hint"),
    [
        (
            form('<Question xmlns="urn:x"/>'),
            unexpected("Question", "Overview", "Question"),
            "line 2, column 1, in QuestionForm/Question",
            f"<Question> must be in the namespace of the document, '{FORM}'",
        ),
        (
            form("<Question><IsRequierd/></Question>"),
            unexpected("IsRequierd", "QuestionIdentifier"),
            "line 2, column 11, in QuestionForm/Question/IsRequierd",
            "<Question> has no child <IsRequierd> (did you mean <IsRequired>?); allowed "
            "here: QuestionIdentifier",
        ),
        (
            showing("<Title/><text/>"),
            unexpected("text", *CONTENT),
            f"line 3, column 26, in {SHOWN}/text",
            "<QuestionContent> has no child <text> (did you mean <Text>?); allowed here: "
            "Title or Text or List or FormattedContent or Binary or EmbeddedBinary",
        ),
        (
            answered("<FileUploadAnswer/>"),
            unexpected("FileUploadAnswer", "FreeTextAnswer", "SelectionAnswer"),
            f"line 4, column 22, in {ANSWER}/FileUploadAnswer",
            "<AnswerSpecification> has no child <FileUploadAnswer>; allowed here: "
            "FreeTextAnswer or SelectionAnswer",
        ),
        (
            form("<Question>\n <DisplayName/></Question>"),
            unexpected("DisplayName", "QuestionIdentifier"),
            "line 3, column 2, in QuestionForm/Question/DisplayName",
            "<DisplayName> comes too early, too late or too often; allowed here: "
            "QuestionIdentifier",
        ),
        (
            answered("<FreeTextAnswer/><FreeTextAnswer/>"),
            unexpected("FreeTextAnswer"),
            f"line 4, column 39, in {ANSWER}/FreeTextAnswer[2]",
            "<FreeTextAnswer> comes too early, too late or too often; allowed here: nothing",
        ),
        (
            form(question() + "<Question><QuestionIdentifier/></Question>"),
            "cvc-complex-type.2.4.b: The content of element 'Question' is not complete. "
            + one_of("DisplayName", "IsRequired", "QuestionContent"),
            "line 4, column 72, in QuestionForm/Question[2]",
            "<Question> ends too early; it still needs DisplayName or IsRequired or "
            "QuestionContent",
        ),
    ],
    ids=["namespace", "typing error", "small letter", "unknown", "early", "often", "missing"],
)
def test_place_of_a_wrong_child(told, document, words, place, hint):
    """The path numbers elements of one name; the hint suggests the closest name in any case."""
    assert told(document) == (words, place, hint)


@pytest.mark.parametrize(
    "document",
    [form(question() + "stray"), form("stray" + question())],
    ids=["after a child", "before it"],
)
def test_place_of_stray_text(told, document):
    assert told(document) == (
        "cvc-complex-type.2.3: Element 'QuestionForm' cannot have character [children], because "
        "the type's content type is element-only.",
        "line 1, column 1, in QuestionForm",
        "<QuestionForm> cannot contain text itself, only inside its elements",
    )


@pytest.mark.parametrize("content", ["5", "<a/>"])
def test_place_of_an_empty_element_with_content(told, content):
    assert told(constrained(f"<IsNumeric>{content}</IsNumeric>")) == (
        f"cvc-complex-type.2.1: Element 'IsNumeric' {NO_CHILDREN}",
        f"line 4, column 51, in {CONSTRAINTS}/IsNumeric",
        "",
    )


def test_place_of_an_element_in_a_text(told):
    assert told(showing("<Text>It is <b>bold</b>.</Text>")) == (
        "cvc-type.3.1.2: Element 'Text' is a simple type, so it must have no element information "
        "item [children].",
        f"line 3, column 18, in {SHOWN}/Text",
        "<Text> takes text only, but contains the element <b>; write text with markup as CDATA",
    )


# Attributes -------------------------------------------------------------------------------


def test_place_of_an_attribute_of_a_text(told):
    assert told(showing('<Text lang="en">?</Text>')) == (
        "cvc-type.3.1.1: Element 'Text' is a simple type, so it cannot have attributes, excepting "
        "those whose namespace name is identical to 'http://www.w3.org/2001/XMLSchema-instance' "
        "and whose [local name] is one of 'type', 'nil', 'schemaLocation' or "
        "'noNamespaceSchemaLocation'. However, the attribute, 'lang' was found.",
        f"line 3, column 18, in {SHOWN}/Text",
        "it has no attributes",
    )


@pytest.mark.parametrize(
    ("document", "words", "place", "hint"),
    [
        (
            form('<Question id="1"/>'),
            "cvc-complex-type.3.2.2: Attribute 'id' is not allowed to appear in element "
            "'Question'.",
            "line 2, column 1, in QuestionForm/Question",
            "it has no attributes",
        ),
        (
            constrained('<Length least="1"/>'),
            "cvc-complex-type.3.2.2: Attribute 'least' is not allowed to appear in element "
            "'Length'.",
            f"line 4, column 51, in {CONSTRAINTS}/Length",
            "its attributes are minLength or maxLength",
        ),
        (
            constrained('<AnswerFormatRegex regex="a"/><AnswerFormatRegex flags="i"/>'),
            "cvc-complex-type.4: Attribute 'regex' must appear on element 'AnswerFormatRegex'.",
            f"line 4, column 81, in {CONSTRAINTS}/AnswerFormatRegex[2]",
            "",
        ),
        (
            constrained('<IsNumeric minValue="low"/>'),
            not_valid("low", "integer"),
            f"line 4, column 51, in {CONSTRAINTS}/IsNumeric",
            "the attribute 'minValue' must be a whole number of 32 bits",
        ),
        (
            constrained('<IsNumeric maxValue="2147483648"/>'),
            beyond("maxInclusive", 2147483648, 2147483647, "int"),
            f"line 4, column 51, in {CONSTRAINTS}/IsNumeric",
            "the attribute 'maxValue' must be a whole number of 32 bits",
        ),
        (
            constrained('<Length minLength="-1"/>'),
            beyond("minInclusive", -1, 0, "nonNegativeInteger"),
            f"line 4, column 51, in {CONSTRAINTS}/Length",
            "the attribute 'minLength' must be a whole number from 0",
        ),
        (
            constrained('<Length maxLength="0"/>'),
            beyond("minInclusive", 0, 1, "positiveInteger"),
            f"line 4, column 51, in {CONSTRAINTS}/Length",
            "the attribute 'maxLength' must be a whole number from 1",
        ),
    ],
    ids=["none", "unknown", "missing", "no number", "int", "from 0", "from 1"],
)
def test_place_of_a_wrong_attribute(told, document, words, place, hint):
    assert told(document) == (words, place, hint)


@pytest.mark.parametrize("name", ["schemaLocation", "noNamespaceSchemaLocation"])
def test_attribute_that_says_where_the_schema_is(mturk_client, name):
    """XML Schema allows its own attributes, such as schemaLocation, on every element."""
    instance = "http://www.w3.org/2001/XMLSchema-instance"
    document = form(question()).replace(
        "<QuestionForm", f'<QuestionForm xmlns:xsi="{instance}" xsi:{name}="{FORM} form.xsd"'
    )

    assert create_hit(mturk_client, Question=document)["Question"] == document


# Datatypes --------------------------------------------------------------------------------

FILE_FORM = (
    "<FileUploadAnswer><MaxFileSizeInBytes>{}</MaxFileSizeInBytes>"
    "<MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>"
)
BINARY = (
    "<Binary><MimeType><Type>{}</Type></MimeType><DataURL>{}</DataURL><AltText>x</AltText></Binary>"
)
STYLES = ("radiobutton", "checkbox", "list", "dropdown", "combobox", "multichooser")


@pytest.mark.parametrize(
    ("document", "words", "place", "hint"),
    [
        (
            form(
                question().replace("<QuestionC", "<IsRequired>True</IsRequired><QuestionC"),
            ),
            not_valid("True", "boolean"),
            "line 3, column 1, in QuestionForm/Question/IsRequired",
            "<IsRequired> must be true or false",
        ),
        (
            showing(BINARY.format("text", "https://x")),
            not_among("text", "image", "audio", "video"),
            f"line 3, column 36, in {SHOWN}/Binary/MimeType/Type",
            "<Type> must be image or audio or video",
        ),
        (
            showing(BINARY.format("image", "ftp://x")),
            "cvc-pattern-valid: Value 'ftp://x' is not facet-valid with respect to pattern "
            "'(http|https)://.*' for type 'URLType'.",
            f"line 3, column 65, in {SHOWN}/Binary/DataURL",
            "<DataURL> must be a URL that begins with http:// or https://",
        ),
        (
            answered(
                "<FreeTextAnswer><NumberOfLinesSuggestion>0</NumberOfLinesSuggestion>"
                "</FreeTextAnswer>"
            ),
            beyond("minInclusive", 0, 1, "positiveInteger"),
            f"line 4, column 38, in {FREE_TEXT}/NumberOfLinesSuggestion",
            "<NumberOfLinesSuggestion> must be a whole number from 1",
        ),
        (
            selected("<StyleSuggestion>radio</StyleSuggestion>"),
            not_among("radio", *STYLES),
            f"line 4, column 39, in {ANSWER}/SelectionAnswer/StyleSuggestion",
            f"<StyleSuggestion> must be {' or '.join(STYLES)}",
        ),
        (
            answered(FILE_FORM.format(2_000_000_001), "2005-10-01"),
            beyond("maxInclusive", 2_000_000_001, 2_000_000_000, "FileSizeType"),
            f"line 4, column 40, in {ANSWER}/FileUploadAnswer/MaxFileSizeInBytes",
            "<MaxFileSizeInBytes> must be a whole number from 1 to 2000000000",
        ),
        (
            answered(FILE_FORM.format("9" * 1001), "2005-10-01"),
            not_valid("9" * 200 + "…", "integer"),
            f"line 4, column 40, in {ANSWER}/FileUploadAnswer/MaxFileSizeInBytes",
            "<MaxFileSizeInBytes> must be a whole number from 1 to 2000000000",
        ),
        (
            f'<HTMLQuestion xmlns="{HTML}">\n<HTMLContent/><FrameHeight>5.0</FrameHeight>'
            "</HTMLQuestion>",
            not_valid("5.0", "integer"),
            "line 2, column 15, in HTMLQuestion/FrameHeight",
            "<FrameHeight> must be a whole number",
        ),
        (
            f'<ExternalQuestion xmlns="{EXTERNAL}">\n<ExternalURL>https://[</ExternalURL>'
            "<FrameHeight>0</FrameHeight></ExternalQuestion>",
            not_valid("https://[", "anyURI"),
            "line 2, column 1, in ExternalQuestion/ExternalURL",
            "<ExternalURL> must be a URL",
        ),
    ],
    ids=["boolean", "type", "URL", "lines", "style", "size", "digits", "integer", "address"],
)
def test_place_of_a_wrong_text(told, document, words, place, hint):
    assert told(document) == (words, place, hint)


# Beyond the schema ------------------------------------------------------------------------


def test_place_of_an_identifier_used_twice(told):
    assert told(form(question() + "\n" + question())) == (
        "The QuestionIdentifier 'q' is used more than once.",
        "line 5, column 1, in QuestionForm/Question[2]",
        "each question needs an identifier of its own",
    )


def test_form_without_questions(told):
    """A form must have a question. [doc]"""
    assert told(form("<Overview><Text>?</Text></Overview>")) == (
        "A QuestionForm has one or more Question elements.",
        "line 1, column 1, in QuestionForm",
        "",
    )


LEAST = "<MinSelectionCount>{}</MinSelectionCount>"
MOST = "<MaxSelectionCount>{}</MaxSelectionCount>"


@pytest.mark.parametrize(
    ("counts", "words", "hint"),
    [
        (LEAST.format(3), "3 selections cannot be made from 2.", ""),
        (MOST.format(3), "3 selections cannot be made from 2.", ""),
        (
            LEAST.format(2),
            "MinSelectionCount 2 is greater than MaxSelectionCount 1.",
            "an omitted count is 1",
        ),
    ],
)
def test_place_of_impossible_counts(told, counts, words, hint):
    """Counts are at most the number of selections [doc], the minimum at most the maximum.

    [assumed]
    """
    assert told(selected(counts)) == (
        words,
        f"line 4, column 22, in {ANSWER}/SelectionAnswer",
        hint,
    )


@pytest.mark.parametrize("counts", ["", LEAST.format(0), LEAST.format(2) + MOST.format(2)])
def test_counts_that_can_be(mturk_client, counts):
    """Both counts are 1 by default. [doc]"""
    assert create_hit(mturk_client, Question=selected(counts))


def test_another_text_counts_as_a_selection(mturk_client):
    """OtherSelection counts as one more selection. [assumed]"""
    document = selected(MOST.format(3)).replace("</Selections>", "<OtherSelection/></Selections>")

    assert create_hit(mturk_client, Question=document)


# FormattedContent -------------------------------------------------------------------------


def formatted(text):
    return showing(f"<FormattedContent><![CDATA[{text}]]></FormattedContent>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "<p class='x'>?</p>",
            "cvc-complex-type.3.2.2: Attribute 'class' is not allowed to appear in element 'p'. "
            "At line 1, column 1 of its text: its attributes are title or lang or dir or align.",
        ),
        (
            "&eacute;&hellip;\n&eacute;<ul/>",
            "cvc-complex-type.2.4.b: The content of element 'ul' is not complete. One of "
            "'{\"http://www.w3.org/1999/xhtml\":li}' is expected. "
            "At line 2, column 9 of its text: <ul> ends too early; it still needs li.",
        ),
        (
            "<p>\nsalt &eacute; & pepper</p>",
            "not well-formed (invalid token). At line 2, column 16 of its text: "
            "near 'salt &eacute; & pepper</p></Fo'; write & as &amp; in XML.",
        ),
        (
            "<p>?</p><!-- ? -->",
            "Comments are not allowed in FormattedContent. At line 1, column 1 of its text.",
        ),
    ],
    ids=["schema", "entities", "not well-formed", "root"],
)
def test_place_in_a_formatted_content(told, text, words):
    """The place in the text comes first, then that of the element. [observed] code"""
    assert told(formatted(text)) == (words, f"line 3, column 18, in {SHOWN}/FormattedContent", "")
