"""Grammars of the formats of questions, keys and answers."""

from __future__ import annotations

from dataclasses import replace

from tests.helpers import SCHEMAS
from tests.questions import document_values as v
from tests.questions.document_trees import (
    Grammar,
    Node,
    Part,
    Rule,
    Value,
    change,
    parts,
    put,
    smallest,
    walk,
)
from tests.questions.document_values import strings, values
from tests.questions.xhtml_documents import CONTENTS


def _element(content: str, excluded: str = "", **attributes: Value) -> Rule:
    return Rule(parts(content), None, attributes, excluded=tuple(excluded.split()))


# ExternalQuestion and HTMLQuestion -----------------------------------------------------------

EXTERNAL_QUESTION = Grammar(
    "ExternalQuestion",
    SCHEMAS + "2006-07-14/ExternalQuestion.xsd",
    {
        "ExternalQuestion": _element("ExternalURL FrameHeight"),
        "ExternalURL": Rule(text=v.SECURE_URL),
        "FrameHeight": Rule(text=v.INTEGER),
    },
)
HTML_QUESTION = Grammar(
    "HTMLQuestion",
    SCHEMAS + "2011-11-11/HTMLQuestion.xsd",
    {
        "HTMLQuestion": _element("HTMLContent FrameHeight"),
        "HTMLContent": Rule(text=v.PAGE),
        "FrameHeight": Rule(text=v.INTEGER),
    },
)

# QuestionForm ------------------------------------------------------------------------------

_CONTENT = "Title|Text|List|FormattedContent|Binary|EmbeddedBinary"
_FREE_TEXT = "Constraints? DefaultText? NumberOfLinesSuggestion?"
_SIZE = "Width Height ApplicationParameter*"

#: Rules that both versions of QuestionForm have.
_FORM = {
    "QuestionForm": _element("Question|Overview+"),
    "Overview": _element(_CONTENT + "+"),
    "Question": _element(
        "QuestionIdentifier DisplayName? IsRequired? QuestionContent AnswerSpecification"
    ),
    **strings("QuestionIdentifier", "DisplayName", "Title", "Text", "ListItem", "SubType"),
    **strings("AltText", "Width", "Height", "Name", "Value", "Embedded.Type"),
    **strings("DefaultText", "SelectionIdentifier"),
    "IsRequired": Rule(text=v.BOOLEAN),
    "QuestionContent": _element(_CONTENT + "+"),
    "List": _element("ListItem+"),
    "FormattedContent": Rule(text=Value(CONTENTS, "<p>x</p>")),
    "Binary": _element("MimeType DataURL AltText"),
    "MimeType": _element("Type SubType?"),
    "Type": Rule(text=v.MEDIA),
    "DataURL": Rule(text=v.URL),
    "EmbeddedBinary": _element("EmbeddedMimeType DataURL AltText " + _SIZE),
    "EmbeddedMimeType": _element("Embedded.Type SubType"),
    "ApplicationParameter": _element("Name Value"),
    "AnswerSpecification": _element("FreeTextAnswer|SelectionAnswer"),
    "FreeTextAnswer": _element(_FREE_TEXT),
    "OtherSelection": _element(_FREE_TEXT),
    "Constraints": _element("IsNumeric? Length? AnswerFormatRegex*"),
    "IsNumeric": _element("", minValue=v.LOWER_BOUND, maxValue=v.UPPER_BOUND),
    "Length": _element("", minLength=v.SHORTEST, maxLength=v.LONGEST),
    "AnswerFormatRegex": replace(
        _element("", regex=values("^[a-z]+$ x"), errorText=v.STRING, flags=values(["i", ""])),
        required=("regex",),
    ),
    "NumberOfLinesSuggestion": Rule(text=v.POSITIVE),
    "SelectionAnswer": _element(
        "MinSelectionCount? MaxSelectionCount? StyleSuggestion? Selections"
    ),
    "MinSelectionCount": Rule(text=v.NOT_NEGATIVE),
    "MaxSelectionCount": Rule(text=v.POSITIVE),
    "StyleSuggestion": Rule(text=v.STYLE),
    "Selections": _element("Selection+ OtherSelection?"),
    "Selection": _element("SelectionIdentifier Text|Binary|FormattedContent"),
}
_UPLOAD = {
    "FileUploadAnswer": _element("MaxFileSizeInBytes MinFileSizeInBytes"),
    "MaxFileSizeInBytes": Rule(text=v.FILE_SIZE),
    "MinFileSizeInBytes": Rule(text=v.SMALL_FILE_SIZE),
    "AnswerSpecification": _element("FreeTextAnswer|SelectionAnswer|FileUploadAnswer"),
}
_APPLICATION = {
    "Overview": _element(_CONTENT + "|Application+"),
    "QuestionContent": _element(_CONTENT + "|Application+"),
    "Application": _element("Flash|JavaApplet"),
    "Flash": _element("FlashMovieURL " + _SIZE),
    "FlashMovieURL": Rule(text=v.URL),
    "JavaApplet": _element("AppletPath AppletFilename " + _SIZE),
    "AppletPath": Rule(text=v.URL),
    **strings("AppletFilename"),
}


def finish_form(tree: Node) -> Node:
    """Add a Question if there is none, make identifiers unique, and counts consistent."""
    if not tree.named("Question"):
        tree = replace(tree, content=(*tree.content, smallest(FORM_2017, "Question")))
    return change(unique(tree), _with_possible_counts)


def unique(tree: Node) -> Node:
    """Number repeated identifiers, so that all differ."""
    seen: set[str] = set()
    for path, node in list(walk(tree)):
        if node.tag in ("QuestionIdentifier", "SelectionIdentifier"):
            text = str(node.content[0])
            text = text if text.strip() not in seen else f"{text}~{len(seen)}"
            seen.add(text.strip())
            tree = put(tree, path, replace(node, content=(text,)))
    return tree


def _with_possible_counts(node: Node) -> Node:
    """Limit MaxSelectionCount to the selections (1 in a single choice), and the minimum to it."""
    if node.tag != "SelectionAnswer":
        return node
    count = len(node.named("Selections")[0].named("Selection"))
    style = "".join(str(each.content[0]) for each in node.named("StyleSuggestion"))
    limit = 1 if style in ("radiobutton", "dropdown") else count
    given = [int(str(each.content[0])) for each in node.named("MaxSelectionCount")]
    most = min([*given, limit]) if given else 1
    content = (
        _cut(_cut(each, "MaxSelectionCount", most), "MinSelectionCount", most)
        for each in node.children
    )
    return replace(node, content=tuple(content))


def _cut(node: Node, tag: str, limit: int) -> Node:
    if node.tag != tag or int(str(node.content[0])) <= limit:
        return node
    return replace(node, content=(str(limit),))


FORM_2017 = Grammar("QuestionForm", SCHEMAS + "2017-11-06/QuestionForm.xsd", _FORM, finish_form)
FORM_2005 = Grammar(
    "QuestionForm",
    SCHEMAS + "2005-10-01/QuestionForm.xsd",
    {**_FORM, **_UPLOAD, **_APPLICATION},
    finish_form,
)
#: Qualification tests: forms without file uploads.
TEST_FORM = replace(FORM_2005, rules={**_FORM, **_APPLICATION})

# AnswerKey and QuestionFormAnswers -----------------------------------------------------------

ANSWER_KEY = Grammar(
    "AnswerKey",
    SCHEMAS + "2005-10-01/AnswerKey.xsd",
    {
        "AnswerKey": _element("Question+ QualificationValueMapping?"),
        "Question": _element("QuestionIdentifier AnswerOption+ DefaultScore?"),
        **strings("QuestionIdentifier", "SelectionIdentifier"),
        "AnswerOption": _element("SelectionIdentifier+ AnswerScore"),
        "QualificationValueMapping": _element("PercentageMapping|ScaleMapping|RangeMapping"),
        "PercentageMapping": _element("MaximumSummedScore"),
        "ScaleMapping": _element("SummedScoreMultiplier"),
        "RangeMapping": _element("SummedScoreRange+ OutOfRangeQualificationValue"),
        "SummedScoreRange": _element("InclusiveLowerBound InclusiveUpperBound QualificationValue"),
        "MaximumSummedScore": Rule(text=values("100 7", v.INT.wrong)),
        "SummedScoreMultiplier": Rule(text=v.DOUBLE),
        **dict.fromkeys(
            [
                "AnswerScore",
                "DefaultScore",
                "InclusiveLowerBound",
                "InclusiveUpperBound",
                "QualificationValue",
                "OutOfRangeQualificationValue",
            ],
            Rule(text=v.INT),
        ),
    },
    unique,
)
ANSWERS = Grammar(
    "QuestionFormAnswers",
    SCHEMAS + "2005-10-01/QuestionFormAnswers.xsd",
    {
        "QuestionFormAnswers": _element("Selected.Answer|Written.Answer|Uploaded.Answer+"),
        "Selected.Answer": _element("QuestionIdentifier SelectionIdentifier* OtherSelectionText?"),
        # Without its FreeText this Answer is valid too: nothing was selected.
        "Written.Answer": Rule(
            (*parts("QuestionIdentifier"), Part(("FreeText",), needed=False)),
            excluded=("SelectionIdentifier", "OtherSelectionText", "UploadedFileSizeInBytes"),
        ),
        "Uploaded.Answer": _element(
            "QuestionIdentifier UploadedFileSizeInBytes UploadedFileKey",
            excluded="SelectionIdentifier OtherSelectionText FreeText",
        ),
        **strings("QuestionIdentifier", "SelectionIdentifier", "OtherSelectionText", "FreeText"),
        **strings("UploadedFileKey"),
        "UploadedFileSizeInBytes": Rule(text=v.POSITIVE),
    },
    unique,
)
