"""Questions, answers and answer keys: building, parsing, validating, answering and scoring.

The names below are the public ones, for programs that build documents in Python.
"""

from __future__ import annotations

from mturk_mock.questions.answer_key import (
    KeyQuestion,
    PercentageMapping,
    RangeMapping,
    ScaleMapping,
)
from mturk_mock.questions.answers import parse_answers
from mturk_mock.questions.builders import AnswerKey, ExternalQuestion, HTMLQuestion, QuestionForm
from mturk_mock.questions.fields.file_upload import FileUploadAnswer
from mturk_mock.questions.fields.free_text import (
    AnswerFormatRegex,
    FreeTextAnswer,
    IsNumeric,
    Length,
)
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.fields.shown import (
    Binary,
    EmbeddedBinary,
    Flash,
    FormattedContent,
    JavaApplet,
    List,
    Text,
    Title,
)
from mturk_mock.questions.form_writer import Overview, Question

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
