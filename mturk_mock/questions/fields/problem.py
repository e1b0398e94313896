"""Problems of answers: why the worker's page rejects them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Problem(NamedTuple):
    """Why the worker's page rejects the answer to a question.

    ``reason``: continues "question 'q'", such as "takes a number, not 'x'". ``broken``: the
    `IsNumeric`, `Length`, `AnswerFormatRegex`, `SelectionAnswer` or `FileUploadAnswer` that the
    answer does not meet; None if the answer is missing.
    """

    reason: str
    broken: Any = None
