"""Amazon Mechanical Turk, in the process: real boto3 code, simulated workers, a movable clock."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mturk_mock.interception import fallback_model

if TYPE_CHECKING:
    from mturk_mock.core.errors import MTurkError
    from mturk_mock.mock.mock import current, mock_mturk
    from mturk_mock.mock.mturk import MTurk
    from mturk_mock.questions.answers import parse_answers
    from mturk_mock.questions.builders import (
        AnswerKey,
        ExternalQuestion,
        HTMLQuestion,
        QuestionForm,
    )
    from mturk_mock.state.snapshot import Snapshot
    from mturk_mock.workforce.assignment import Assignment
    from mturk_mock.workforce.crowd import Crowd
    from mturk_mock.workforce.hit import HIT
    from mturk_mock.workforce.worker import Worker

__all__ = [
    "HIT",
    "AnswerKey",
    "Assignment",
    "Crowd",
    "ExternalQuestion",
    "HTMLQuestion",
    "MTurk",
    "MTurkError",
    "QuestionForm",
    "Snapshot",
    "Worker",
    "current",
    "mock_mturk",
    "parse_answers",
]

#: Where each public name comes from. They are loaded when they are first asked for, so
#: that pytest, which loads this package for its plugin in every project, does not load
#: botocore where nothing uses it.
_HOMES = {
    "HIT": "mturk_mock.workforce.hit",
    "AnswerKey": "mturk_mock.questions.builders",
    "Assignment": "mturk_mock.workforce.assignment",
    "Crowd": "mturk_mock.workforce.crowd",
    "ExternalQuestion": "mturk_mock.questions.builders",
    "HTMLQuestion": "mturk_mock.questions.builders",
    "MTurk": "mturk_mock.mock.mturk",
    "MTurkError": "mturk_mock.core.errors",
    "QuestionForm": "mturk_mock.questions.builders",
    "Snapshot": "mturk_mock.state.snapshot",
    "Worker": "mturk_mock.workforce.worker",
    "current": "mturk_mock.mock.mock",
    "mock_mturk": "mturk_mock.mock.mock",
    "parse_answers": "mturk_mock.questions.answers",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = importlib.import_module("importlib.metadata").version("mturk-mock")
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


fallback_model.install()
