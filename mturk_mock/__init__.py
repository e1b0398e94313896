"""Test boto3 code that uses Amazon Mechanical Turk, without Amazon."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mturk_mock.interception import fallback_model

if TYPE_CHECKING:
    from mturk_mock.backend.clients import MTurkClient
    from mturk_mock.core.errors import TABLE as ERRORS
    from mturk_mock.core.errors import MTurkError, MTurkWarning
    from mturk_mock.interception.blocking import BlockedCallError
    from mturk_mock.mock.mock import current, mock_mturk
    from mturk_mock.mock.mturk import MTurk
    from mturk_mock.questions.answers import parse_answers
    from mturk_mock.questions.builders import (
        AnswerKey,
        ExternalQuestion,
        HTMLQuestion,
        QuestionForm,
    )
    from mturk_mock.rehearsals.designs import grid
    from mturk_mock.rehearsals.rehearsal import Rehearsal
    from mturk_mock.rehearsals.rehearse import rehearse
    from mturk_mock.state.snapshot import Snapshot
    from mturk_mock.workforce.crowd import Crowd
    from mturk_mock.workforce.hit import HIT, Assignment
    from mturk_mock.workforce.skills import Skill
    from mturk_mock.workforce.worker import Worker

__all__ = [
    "ERRORS",
    "HIT",
    "AnswerKey",
    "Assignment",
    "BlockedCallError",
    "Crowd",
    "ExternalQuestion",
    "HTMLQuestion",
    "MTurk",
    "MTurkClient",
    "MTurkError",
    "MTurkWarning",
    "QuestionForm",
    "Rehearsal",
    "Skill",
    "Snapshot",
    "Worker",
    "current",
    "grid",
    "mock_mturk",
    "parse_answers",
    "rehearse",
]

#: The module of each public name, and its name there if it differs. Names are imported when first
#: used, because pytest loads this package in every project and must not load botocore needlessly.
_HOMES = {
    "ERRORS": "mturk_mock.core.errors:TABLE",
    "HIT": "mturk_mock.workforce.hit",
    "AnswerKey": "mturk_mock.questions.builders",
    "Assignment": "mturk_mock.workforce.hit",
    "BlockedCallError": "mturk_mock.interception.blocking",
    "Crowd": "mturk_mock.workforce.crowd",
    "ExternalQuestion": "mturk_mock.questions.builders",
    "HTMLQuestion": "mturk_mock.questions.builders",
    "MTurk": "mturk_mock.mock.mturk",
    "MTurkClient": "mturk_mock.backend.clients",
    "MTurkError": "mturk_mock.core.errors",
    "MTurkWarning": "mturk_mock.core.errors",
    "QuestionForm": "mturk_mock.questions.builders",
    "Rehearsal": "mturk_mock.rehearsals.rehearsal",
    "Skill": "mturk_mock.workforce.skills",
    "Snapshot": "mturk_mock.state.snapshot",
    "Worker": "mturk_mock.workforce.worker",
    "current": "mturk_mock.mock.mock",
    "grid": "mturk_mock.rehearsals.designs",
    "mock_mturk": "mturk_mock.mock.mock",
    "parse_answers": "mturk_mock.questions.answers",
    "rehearse": "mturk_mock.rehearsals.rehearse",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = importlib.import_module("importlib.metadata").version("mturk-mock")
    elif name in _HOMES:
        module, _, original = _HOMES[name].partition(":")
        value = getattr(importlib.import_module(module), original or name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


fallback_model.install()
