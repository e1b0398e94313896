"""Review policies as they are read, and the moments at which they work, by `policy_run`.

Few HITs have policies: what they do, and what compares answers, is loaded for the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mturk_mock.model import hit as hits
from mturk_mock.model.policies import ReviewPolicies, policies_of

if TYPE_CHECKING:
    from mturk_mock.model.account import Account


def read_policies(
    assignment_policy: Mapping[str, Any] | None, hit_policy: Mapping[str, Any] | None
) -> ReviewPolicies | None:
    """Return the policies of a HIT, as `policy_parameters.read` does; None if it has none."""
    if assignment_policy is None and hit_policy is None:
        return None
    from mturk_mock.model.policy_reading import read  # few HITs have any

    return read(assignment_policy, hit_policy)


def will_be_scored(account: Account, assignment_id: str, due: int) -> bool:
    """Tell whether the submission has still to be scored."""
    hit = account.hits[account.assignments[assignment_id].hit_id]
    return assignment_id not in policies_of(hit).scores


def happen_score(account: Account, assignment_id: str, due: int) -> None:
    """Score a submission, and do what its score calls for."""
    from mturk_mock.model import policy_run

    policy_run.score(account, assignment_id, due)


def will_be_judged(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT, which became Reviewable, has still to be judged."""
    hit = account.hits[hit_id]
    return policies_of(hit).judgement_due == due and hit.status == hits.REVIEWABLE


def happen_judge(account: Account, hit_id: str, due: int) -> None:
    """Judge a HIT, and do what its score calls for."""
    from mturk_mock.model import policy_run

    policy_run.judge(account, hit_id, due)
