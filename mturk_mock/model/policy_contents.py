"""What review policies say, and what they write down of what they found and did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"


@dataclass(frozen=True)
class Extension:
    """When a policy lets one more person take a HIT, and how far it goes."""

    below: int  # a score in percent
    most_assignments: int
    least_time: int  # seconds that the HIT has left afterwards, at least


@dataclass(frozen=True)
class KnownAnswers:
    """ScoreMyKnownAnswers/2011-09-01; scores in percent, None where nothing is to be done."""

    answer_key: dict[str, frozenset[str]]  # question id: all of its answers
    approve_from: int | None
    approve_reason: str | None
    reject_below: int | None
    reject_reason: str | None
    extension: Extension | None


@dataclass(frozen=True)
class Plurality:
    """SimplePlurality/2011-09-01; scores in percent, None where nothing is to be done."""

    question_ids: tuple[str, ...]
    threshold: int  # an answer is agreed on if its share is more than that
    disregard_rejected: bool
    disregard_below: int | None  # a known-answer score
    approve_from: int | None
    reject_below: int | None
    reject_reason: str | None
    extension: Extension | None


@dataclass(frozen=True)
class Action:
    """One thing that a policy did, or failed to do, at a time in microseconds since 1970."""

    number: int
    level: str
    id: str
    name: str
    target_id: str
    target_type: str
    time: int
    result: str
    error_code: str | None

    @property
    def status(self) -> str:
        """Succeeded or Failed, as the service model spells it; nothing takes time. [assumed]"""
        return SUCCEEDED if self.error_code is None else FAILED


@dataclass(frozen=True)
class Finding:
    """One thing that a policy found, in its `review` action of that id."""

    number: int
    level: str
    action_id: str
    subject_id: str
    subject_type: str
    question_id: str | None
    key: str
    value: str
