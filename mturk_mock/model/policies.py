"""Review policies: their parameters, and the log of what they found and did.

The assignment policy looks at each submission once, the HIT policy at the HIT each time
it becomes Reviewable. [doc] Both run as events at that very moment, before the next request;
see `policy_run`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from mturk_mock.core.ids import entity_of
from mturk_mock.core.indexes import Index, Listed

#: The levels of policies, and the types of their targets.
ASSIGNMENT: Final = "Assignment"
HIT_LEVEL: Final = "HIT"
LEVELS: Final = (ASSIGNMENT, HIT_LEVEL)

#: The two policies, one for each level. [doc]
SCORE_MY_KNOWN_ANSWERS: Final = "ScoreMyKnownAnswers/2011-09-01"
SIMPLE_PLURALITY: Final = "SimplePlurality/2011-09-01"

IS_SCORED: Final = "assignment is scored by its review policy"
IS_JUDGED: Final = "HIT is judged by its review policy"

SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"


@dataclass(frozen=True)
class Extension:
    """When and how far a policy extends a HIT by one assignment."""

    below: int  # a score in percent
    most_assignments: int
    least_time: int  # seconds that the HIT has left afterwards, at least


@dataclass(frozen=True)
class KnownAnswers:
    """ScoreMyKnownAnswers/2011-09-01; scores in percent, None for no action."""

    answer_key: dict[str, frozenset[str]]  # question id: all of its answers
    approve_from: int | None
    approve_reason: str | None
    reject_below: int | None
    reject_reason: str | None
    extension: Extension | None


@dataclass(frozen=True)
class Plurality:
    """SimplePlurality/2011-09-01; scores in percent, None for no action."""

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
    """One action of a policy, successful or not; its time in microseconds since 1970."""

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
        """Succeeded or Failed, as the service model spells it; actions take no time. [assumed]"""
        return SUCCEEDED if self.error_code is None else FAILED


@dataclass(frozen=True)
class Finding:
    """One finding of a policy, in its `review` action of that id."""

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
    """The policies of a HIT that has any, and the log of actions and findings, oldest first."""

    known_answers: KnownAnswers | None = None
    plurality: Plurality | None = None
    log: list[Action | Finding] = field(default_factory=list)
    _log_lists: Index[Action | Finding] | None = None  # by level and kind, once there is a log
    scores: dict[str, int] = field(default_factory=dict)  # by assignment id, in percent
    judgement_due: int | None = None

    def note(self, entry: Action | Finding) -> None:
        """Log an entry, whose number is the count of entries before it."""
        self.log.append(entry)
        if self._log_lists is None:
            self._log_lists = Index()
        self._log_lists.add((entry.level, type(entry)), entry)

    def listed(
        self, levels: Iterable[str], kinds: Iterable[type[Action] | type[Finding]]
    ) -> Listed[Action | Finding]:
        """Return the entries of these levels and kinds."""
        lists: Index[Action | Finding] = self._log_lists or Index()
        return lists.of(*product(levels, kinds))

    def next_action_id(self, hit_id: str) -> str:
        """Return the id of the next entry in the log of this HIT."""
        return entity_of(f"{hit_id} {len(self.log)}")
