"""CreateHIT and CreateHITWithHITType: Question and layout."""

from __future__ import annotations

import pytest

from tests.helpers import (
    HTML_QUESTION,
    NOW,
    SCHEMAS,
    XML_ERROR,
    create_hit,
    create_hit_type,
    create_hit_with_hit_type,
    error_of,
    invalid_combination,
    out_of_range,
    request_error,
    value_error,
    without_place,
)

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)

HTML_SCHEMA = f"{SCHEMAS}2011-11-11/HTMLQuestion.xsd"
LARGEST = 65_535  # bytes


def create_by_type(client, **overrides):
    """Publish a HIT with CreateHITWithHITType."""
    return create_hit_with_hit_type(client, create_hit_type(client), **overrides)


@pytest.fixture(params=[create_hit, create_by_type], ids=["CreateHIT", "CreateHITWithHITType"])
def create(request, mturk_client):
    """Publish a HIT with either operation."""
    return lambda **overrides: request.param(mturk_client, **overrides)


def html_question(content):
    return f'<HTMLQuestion xmlns="{HTML_SCHEMA}">{content}</HTMLQuestion>'


def external_question(url):
    return (
        f'<ExternalQuestion xmlns="{SCHEMAS}2006-07-14/ExternalQuestion.xsd">'
        f"<ExternalURL>{url}</ExternalURL><FrameHeight>400</FrameHeight></ExternalQuestion>"
    )


# Question ---------------------------------------------------------------------------------


def test_create_hit_question_empty(create):
    """An empty Question is refused as too short; two blanks follow the name. [observed, legacy]"""
    assert error_of(lambda: create(Question="")) == value_error(
        "Your request parameter Question  has a minimum length of 1."
    )


@pytest.mark.parametrize("letter", ["x", "é"])
def test_create_hit_question_too_large(create, letter):
    """Question has at most 65,535 bytes. [doc] size, [assumed] error"""
    room = LARGEST - len(HTML_QUESTION.encode())
    comment = f"<!--{letter * ((room - 7) // len(letter.encode()))}-->"
    largest = comment + HTML_QUESTION
    largest += " " * (LARGEST - len(largest.encode()))

    assert create(Question=largest)["Question"] == largest
    assert error_of(lambda: create(Question=largest + " ")) == out_of_range(
        "of 65536 bytes", "Question", 1, LARGEST
    )


@pytest.mark.parametrize(
    ("question", "details"),
    [
        ("no XML", "syntax error."),
        ("<HTMLQuestion>", "no element found."),
        (
            "<HTMLQuestion/>",
            "cvc-elt.1: Cannot find the declaration of element 'HTMLQuestion'.",
        ),
        (
            f'<Survey xmlns="{HTML_SCHEMA}"/>',
            "cvc-elt.1: Cannot find the declaration of element 'Survey'.",
        ),
        (
            html_question("<FrameHeight>0</FrameHeight><HTMLContent/>"),
            "cvc-complex-type.2.4.a: Invalid content was found starting with element "
            f"'FrameHeight'. One of '{{\"{HTML_SCHEMA}\":HTMLContent}}' is expected.",
        ),
        (
            html_question("<HTMLContent/>"),
            "cvc-complex-type.2.4.b: The content of element 'HTMLQuestion' is not complete. "
            f"One of '{{\"{HTML_SCHEMA}\":FrameHeight}}' is expected.",
        ),
        (
            html_question("<HTMLContent/><FrameHeight>1</FrameHeight><More/>"),
            "cvc-complex-type.2.4.d: Invalid content was found starting with element 'More'. "
            "No child element is expected at this point.",
        ),
        (
            html_question("<HTMLContent/><FrameHeight>tall</FrameHeight>"),
            "cvc-datatype-valid.1.2.1: 'tall' is not a valid value for 'integer'.",
        ),
    ],
)
def test_create_hit_question_malformed(create, question, details):
    """XML that is malformed or invalid is refused with details. [observed]"""
    refusal = error_of(lambda: create(Question=question))

    assert without_place(refusal) == value_error(XML_ERROR + details)


def test_create_hit_question_with_an_insecure_url(create):
    """ExternalURL must be https; the refusal ends with two full stops. [observed]"""
    refusal = error_of(lambda: create(Question=external_question("http://example.com/")))

    assert refusal == value_error(
        'The value "http://example.com/" is not valid for the parameter ExternalURL. '
        "This URL must use the HTTPS protocol.."
    )


# Layouts ----------------------------------------------------------------------------------


def test_create_hit_without_question_or_layout(create):
    """Question or HITLayoutId is required. [doc] rule, [assumed] error"""
    assert error_of(lambda: create(Question=None)) == value_error(
        "Your request is missing required parameters. "
        "Required parameters include Question or HITLayoutId."
    )


def test_create_hit_with_question_and_layout(create):
    """Question and HITLayoutId cannot be sent together. [doc] rule, [assumed] error"""
    refusal = error_of(lambda: create(HITLayoutId="3LAYOUT"))

    assert refusal == invalid_combination("Question, HITLayoutId")


def test_create_hit_with_an_unknown_layout(create):
    """An unknown HITLayoutId is refused. [doc] code, [assumed] text"""
    refusal = error_of(lambda: create(Question=None, HITLayoutId="3UNKNOWN"))

    assert refusal == request_error("HITLayoutDoesNotExist", "HITLayout 3UNKNOWN does not exist.")


def test_create_hit_with_parameters_of_no_layout(create):
    """HITLayoutParameters require HITLayoutId. [assumed]"""
    parameters = [{"Name": "image_url", "Value": "https://example.com/1.png"}]
    refusal = error_of(lambda: create(HITLayoutParameters=parameters))

    assert refusal == invalid_combination("Question, HITLayoutParameters")
