"""Review policies: what a HIT was given, what they found, and what they did.

The assignment policy looks at each submission once, the HIT policy at the HIT each time
it becomes Reviewable. [doc] Both work at the moment that calls for them, as events that
happen before anybody else's turn; `policy_run` is what happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mturk_mock.ids import entity_of

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.model.assignment import Assignment
    from mturk_mock.model.hit import HIT

#: The levels of policies, and the types of what they look at.
ASSIGNMENT: Final = "Assignment"
HIT_LEVEL: Final = "HIT"
LEVELS: Final = (ASSIGNMENT, HIT_LEVEL)

#: The policies that there are, one for each level. [doc]
SCORE_MY_KNOWN_ANSWERS: Final = "ScoreMyKnownAnswers/2011-09-01"
SIMPLE_PLURALITY: Final = "SimplePlurality/2011-09-01"

SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"

IS_SCORED: Final = "assignment is scored by its review policy"
IS_JUDGED: Final = "HIT is judged by its review policy"


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


@dataclass(slots=True)
class ReviewPolicies:
    """The policies of a HIT that has any, and everything that they did and found, oldest first."""

    known_answers: KnownAnswers | None = None
    plurality: Plurality | None = None
    log: list[Action | Finding] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)  # by assignment id, in percent
    judgement_due: int | None = None

    def next_action_id(self, hit: HIT) -> str:
        """Return the id of what is logged next."""
        return entity_of(f"{hit.id} {len(self.log)}")


def call_for_score(account: Account, hit: HIT, assignment: Assignment, now: int) -> bool:
    """Let the HIT's policy look at work just submitted, and tell whether there is one."""
    if hit.policies is None or hit.policies.known_answers is None:
        return False
    account.schedule.add(now, IS_SCORED, account.key, assignment.id)
    return True


def call_for_judgement(account: Account, hit: HIT, now: int) -> None:
    """Let the HIT's policy, if there is one, look at a HIT that just became Reviewable."""
    if hit.policies is not None and hit.policies.plurality is not None:
        hit.policies.judgement_due = now
        account.schedule.add(now, IS_JUDGED, account.key, hit.id)
