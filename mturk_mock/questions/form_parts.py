"""The parts of a QuestionForm that is written in Python. [doc]"""

from __future__ import annotations

from dataclasses import dataclass

from mturk_mock.questions.fields.file_upload import FileUploadAnswer
from mturk_mock.questions.fields.free_text import FreeTextAnswer
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.fields.shown import Content

#: How a question is answered, and the constraints on the answer.
AnswerSpecification = FreeTextAnswer | SelectionAnswer | FileUploadAnswer


@dataclass(frozen=True)
class Overview:
    """Content without a question."""

    content: Content


@dataclass(frozen=True)
class Question:
    """One question: its identifier, its content, and how it is answered."""

    identifier: str
    content: Content
    answer: AnswerSpecification
    required: bool = False
    display_name: str | None = None
