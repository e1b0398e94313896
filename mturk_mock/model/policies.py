"""Review policies: what a HIT was given, what they found, and what they did.

The assignment policy looks at each submission once, the HIT policy at the HIT each time
it becomes Reviewable. [doc] Both work at the moment that calls for them, as events that
happen before any other transaction; `policy_run` is what happens. Most HITs have none: what a
policy says and writes is in `policy_contents`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Final

from mturk_mock.core.ids import entity_of
from mturk_mock.core.indexes import Index, Listed

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.model.assignment import Assignment
    from mturk_mock.model.hit import HIT
    from mturk_mock.model.policy_contents import Action, Finding, KnownAnswers, Plurality

#: The levels of policies, and the types of what they look at.
ASSIGNMENT: Final = "Assignment"
HIT_LEVEL: Final = "HIT"
LEVELS: Final = (ASSIGNMENT, HIT_LEVEL)

#: The policies that there are, one for each level. [doc]
SCORE_MY_KNOWN_ANSWERS: Final = "ScoreMyKnownAnswers/2011-09-01"
SIMPLE_PLURALITY: Final = "SimplePlurality/2011-09-01"

IS_SCORED: Final = "assignment is scored by its review policy"
IS_JUDGED: Final = "HIT is judged by its review policy"


@dataclass(slots=True)
class ReviewPolicies:
    """The policies of a HIT that has any, and everything that they did and found, oldest first."""

    known_answers: KnownAnswers | None = None
    plurality: Plurality | None = None
    log: list[Action | Finding] = field(default_factory=list)
    _log_lists: Index[Action | Finding] | None = None  # by level and kind, once there is a log
    scores: dict[str, int] = field(default_factory=dict)  # by assignment id, in percent
    judgement_due: int | None = None

    def note(self, entry: Action | Finding) -> None:
        """Log what was done or found, whose number is how much there was."""
        self.log.append(entry)
        if self._log_lists is None:
            self._log_lists = Index()
        self._log_lists.add((entry.level, type(entry)), entry)

    def listed(
        self, levels: Iterable[str], kinds: Iterable[type[Action] | type[Finding]]
    ) -> Listed[Action | Finding]:
        """Return what of the log is of these levels and kinds."""
        lists: Index[Action | Finding] = self._log_lists or Index()
        return lists.of(*product(levels, kinds))

    def next_action_id(self, hit: HIT) -> str:
        """Return the id of what is logged next."""
        return entity_of(f"{hit.id} {len(self.log)}")


def policies_of(hit: HIT) -> ReviewPolicies:
    """Return the policies of a HIT whose policies have been called for."""
    assert hit.policies is not None
    return hit.policies


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
