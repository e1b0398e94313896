"""The XML documents: what they say, whether they are right, and how to write and answer them.

Here are the names for people who write HITs in Python: `HTMLQuestion`, `ExternalQuestion`,
`QuestionForm` with its parts, `AnswerKey` with its. They are loaded when they are first
asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mturk_mock.questions.answer_key import (
        KeyQuestion,
        PercentageMapping,
        RangeMapping,
        ScaleMapping,
    )
    from mturk_mock.questions.answers import parse_answers
    from mturk_mock.questions.builders import (
        AnswerKey,
        ExternalQuestion,
        HTMLQuestion,
        QuestionForm,
    )
    from mturk_mock.questions.fields.file_upload import FileUploadAnswer
    from mturk_mock.questions.fields.free_text import (
        AnswerFormatRegex,
        FreeTextAnswer,
        IsNumeric,
        Length,
    )
    from mturk_mock.questions.fields.selection import SelectionAnswer
    from mturk_mock.questions.form_parts import (
        Binary,
        EmbeddedBinary,
        Flash,
        FormattedContent,
        JavaApplet,
        List,
        Overview,
        Question,
        Text,
        Title,
    )

__all__ = [
    "AnswerFormatRegex",
    "AnswerKey",
    "Binary",
    "EmbeddedBinary",
    "ExternalQuestion",
    "FileUploadAnswer",
    "Flash",
    "FormattedContent",
    "FreeTextAnswer",
    "HTMLQuestion",
    "IsNumeric",
    "JavaApplet",
    "KeyQuestion",
    "Length",
    "List",
    "Overview",
    "PercentageMapping",
    "Question",
    "QuestionForm",
    "RangeMapping",
    "ScaleMapping",
    "SelectionAnswer",
    "Text",
    "Title",
    "parse_answers",
]

#: Where the names are at home.
_HOMES: Final = {
    **dict.fromkeys(
        ("KeyQuestion", "PercentageMapping", "RangeMapping", "ScaleMapping"), "answer_key"
    ),
    "parse_answers": "answers",
    **dict.fromkeys(("AnswerKey", "ExternalQuestion", "HTMLQuestion", "QuestionForm"), "builders"),
    "FileUploadAnswer": "fields.file_upload",
    **dict.fromkeys(
        ("AnswerFormatRegex", "FreeTextAnswer", "IsNumeric", "Length"), "fields.free_text"
    ),
    "SelectionAnswer": "fields.selection",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES.get(name, "form_parts")
    return getattr(import_module(f"{__name__}.{home}"), name)
