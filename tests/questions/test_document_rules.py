"""Rules of ExternalQuestion, HTMLQuestion and of a form's questions: kept and broken.

The rules are [doc], the words of the refusals those of Xerces, as one [observed] was.
"""

from __future__ import annotations

import pytest

from tests.helpers import NOW
from tests.questions.document_places import (
    ANSWER,
    ASKED,
    FREE_TEXT,
    HEIGHT,
    NAME,
    PAGE,
    TEXT,
    URL,
    asked,
    content,
    external,
    form,
    form_2017,
    html,
    overview,
    question,
)
from tests.questions.documents import FORMATS, Desk
from tests.questions.xerces import (
    at_first,
    check_rule,
    elements_only,
    incomplete,
    no_attribute,
    not_valid,
    rules,
    simple,
    starting,
    unexpected,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

RULES = [
    # 1 Common
    ("children are in their order", external, URL + HEIGHT, HEIGHT + URL, starting("FrameHeight")),
    ("no other elements", external, URL + HEIGHT, URL + HEIGHT + "<X/>", unexpected("X")),
    (
        "no other attributes",
        question,
        NAME + ASKED + ANSWER,
        NAME + ASKED.replace(">", ' x="1">', 1) + ANSWER,
        no_attribute("x", "QuestionContent"),
    ),
    ("no attributes on texts", content, TEXT, '<Text x="1"/>', "cvc-type.3.1.1: Element 'Text' is"),
    ("no elements in texts", content, TEXT, "<Text><b/></Text>", simple("Text")),
    (
        "no text between elements",
        external,
        f"{URL} \n{HEIGHT}",
        f"{URL}x{HEIGHT}",
        elements_only("ExternalQuestion"),
    ),
    ("elements are in the namespace", content, TEXT, '<Text xmlns="">x</Text>', starting("Text")),
    ("string may be empty", content, "<Text/>", "", incomplete("QuestionContent")),
    # 2 ExternalQuestion
    *at_first(external, "ExternalQuestion", URL, HEIGHT, URL + HEIGHT),
    (
        "ExternalQuestion has FrameHeight",
        external,
        URL + HEIGHT,
        URL,
        incomplete("ExternalQuestion"),
    ),
    (
        "ExternalQuestion has FrameHeight once",
        external,
        URL + HEIGHT,
        URL + 2 * HEIGHT,
        unexpected("FrameHeight"),
    ),
    (
        "FrameHeight is an integer",
        external,
        f"{URL}<FrameHeight>99999999999</FrameHeight>",
        f"{URL}<FrameHeight>1.5</FrameHeight>",
        not_valid("1.5", "integer"),
    ),
    # 3 HTMLQuestion
    *at_first(html, "HTMLQuestion", PAGE, HEIGHT, PAGE + HEIGHT),
    ("HTMLQuestion has FrameHeight", html, PAGE + HEIGHT, PAGE, incomplete("HTMLQuestion")),
    (
        "HTMLQuestion has FrameHeight once",
        html,
        PAGE + HEIGHT,
        PAGE + 2 * HEIGHT,
        unexpected("FrameHeight"),
    ),
    (
        "HTMLContent is a string",
        html,
        PAGE.replace("&lt;!", "<![CDATA[<!]]>") + HEIGHT,
        f"<HTMLContent><p/></HTMLContent>{HEIGHT}",
        simple("HTMLContent"),
    ),
    (
        "FrameHeight of HTML is an integer",
        html,
        PAGE + HEIGHT,
        f"{PAGE}<FrameHeight/>",
        not_valid("", "integer"),
    ),
    # 4 QuestionForm
    ("QuestionForm has one or more", form, asked(FREE_TEXT), "", incomplete("QuestionForm")),
    (
        "QuestionForm has one or more of 2017",
        form_2017,
        asked(FREE_TEXT),
        "",
        incomplete("QuestionForm"),
    ),
    (
        "QuestionForm has Overview and Question in any order",
        form,
        f"<Overview>{TEXT}</Overview>{asked(FREE_TEXT)}<Overview>{TEXT}</Overview>",
        f"{asked(FREE_TEXT)}{TEXT}",
        starting("Text"),
    ),
    (
        "the form has one or more Question",
        form,
        asked(FREE_TEXT),
        f"<Overview>{TEXT}</Overview>",
        "",
    ),
    (
        "identifiers differ",
        form,
        asked(FREE_TEXT) + asked(FREE_TEXT, name="r"),
        2 * asked(FREE_TEXT),
        "",
    ),
    ("Overview has content", overview, TEXT, "", incomplete("Overview")),
    (
        "Overview has only content",
        overview,
        "<Title>x</Title>",
        NAME,
        starting("QuestionIdentifier"),
    ),
    (
        "Question has QuestionIdentifier",
        question,
        NAME + ASKED + ANSWER,
        ASKED + ANSWER,
        starting("QuestionContent"),
    ),
    (
        "Question has QuestionIdentifier once",
        question,
        NAME + ASKED + ANSWER,
        2 * NAME + ASKED + ANSWER,
        starting("QuestionIdentifier"),
    ),
    (
        "Question has DisplayName at most once",
        question,
        f"{NAME}<DisplayName/>{ASKED}{ANSWER}",
        f"{NAME}<DisplayName/><DisplayName/>{ASKED}{ANSWER}",
        starting("DisplayName"),
    ),
    (
        "Question has IsRequired at most once",
        question,
        f"{NAME}<IsRequired>1</IsRequired>{ASKED}{ANSWER}",
        NAME + 2 * "<IsRequired>1</IsRequired>" + ASKED + ANSWER,
        starting("IsRequired"),
    ),
    (
        "DisplayName is before IsRequired",
        question,
        f"{NAME}<DisplayName/><IsRequired>0</IsRequired>{ASKED}{ANSWER}",
        f"{NAME}<IsRequired>0</IsRequired><DisplayName/>{ASKED}{ANSWER}",
        starting("DisplayName"),
    ),
    (
        "IsRequired is boolean",
        question,
        f"{NAME}<IsRequired> true </IsRequired>{ASKED}{ANSWER}",
        f"{NAME}<IsRequired>yes</IsRequired>{ASKED}{ANSWER}",
        not_valid("yes", "boolean"),
    ),
    (
        "Question has QuestionContent",
        question,
        NAME + ASKED + ANSWER,
        NAME + ANSWER,
        starting("AnswerSpecification"),
    ),
    (
        "Question has AnswerSpecification",
        question,
        NAME + ASKED + ANSWER,
        NAME + ASKED,
        incomplete("Question"),
    ),
    (
        "Question has AnswerSpecification once",
        question,
        NAME + ASKED + ANSWER,
        NAME + ASKED + 2 * ANSWER,
        unexpected("AnswerSpecification"),
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
