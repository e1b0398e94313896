"""Review policies: their parameters, and the log of their results and actions.

The assignment policy scores each submission once; the HIT policy runs each time the HIT becomes
Reviewable. [doc] Both are events, due at once, which run before the next request; see
`policy_run`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from mturk_mock.core.ids import entity_of
from mturk_mock.core.indexes import Index, Listed

#: The levels of policies, which are also the types of their targets.
ASSIGNMENT: Final = "Assignment"
HIT_LEVEL: Final = "HIT"
LEVELS: Final = (ASSIGNMENT, HIT_LEVEL)

#: The two review policies: one for assignments, one for HITs. [doc]
SCORE_MY_KNOWN_ANSWERS: Final = "ScoreMyKnownAnswers/2011-09-01"
SIMPLE_PLURALITY: Final = "SimplePlurality/2011-09-01"

IS_SCORED: Final = "assignment is scored by its review policy"
IS_JUDGED: Final = "HIT is judged by its review policy"

SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"


@dataclass(frozen=True)
class Extension:
    """When a policy extends a HIT by one assignment."""

    below: int  # a score in percent
    most_assignments: int
    seconds: int  # by which the expiration moves


@dataclass(frozen=True)
class KnownAnswers:
    """ScoreMyKnownAnswers/2011-09-01; scores in percent, None for no action."""

    answer_key: dict[str, frozenset[str]]  # all correct answers, by question ID
    approve_from: int | None
    approve_reason: str | None
    reject_below: int | None
    reject_reason: str | None
    extension: Extension | None


@dataclass(frozen=True)
class Plurality:
    """SimplePlurality/2011-09-01; scores in percent, None for no action."""

    question_ids: tuple[str, ...]
    threshold: int  # an answer is agreed on if its share is above it
    disregard_rejected: bool
    disregard_below: int | None  # a known-answer score
    approve_from: int | None
    reject_below: int | None
    reject_reason: str | None
    extension: Extension | None


@dataclass(frozen=True)
class Action:
    """One action of a policy, successful or not; its time in microseconds since 1970."""

    number: int
    level: str
    id: str
    name: str
    target_id: str
    target_type: str
    time: int
    result: str | None
    error_code: str | None

    @property
    def status(self) -> str:
        """Succeeded or Failed, as in the service model, because actions take no time. [assumed]"""
        return SUCCEEDED if self.error_code is None else FAILED


@dataclass(frozen=True)
class Finding:
    """One result of a policy, found by the `review` action with `action_id`."""

    number: int
    level: str
    action_id: str
    subject_id: str
    subject_type: str
    question_id: str | None
    key: str
    value: str


@dataclass(slots=True)
class ReviewPolicies:
    """The policies of a HIT, and the log of their actions and findings, oldest first."""

    known_answers: KnownAnswers | None = None
    plurality: Plurality | None = None
    log: list[Action | Finding] = field(default_factory=list)
    _log_lists: Index[Action | Finding] = field(default_factory=Index)  # by level and class
    scores: dict[str, int] = field(default_factory=dict)  # by assignment ID, in percent
    judgement_due: int | None = None

    def note(self, entry: Action | Finding) -> None:
        """Log an entry. Its number must be the count of earlier entries."""
        self.log.append(entry)
        self._log_lists.add((entry.level, type(entry)), entry)

    def replace(self, entry: Action | Finding) -> None:
        """Replace the entry with the same number."""
        self.log[entry.number] = entry
        self._log_lists.add((entry.level, type(entry)), entry)

    def has_run(self, level: str) -> bool:
        """Tell whether the policy of a level has run, which logs a `review` action."""
        return next(self.listed([level], [Action, Finding]).after(), None) is not None

    def listed(
        self, levels: Iterable[str], kinds: Iterable[type[Action] | type[Finding]]
    ) -> Listed[Action | Finding]:
        """Return the entries of these levels and classes."""
        return self._log_lists.of(*product(levels, kinds))

    def next_action_id(self, hit_id: str) -> str:
        """Return the ID of the next action, for the log of this HIT."""
        return entity_of(f"{hit_id} {len(self.log)}")
