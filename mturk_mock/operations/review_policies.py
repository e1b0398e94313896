"""The results and actions of review policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mturk_mock.core.pagination import paginate
from mturk_mock.model.policies import (
    ASSIGNMENT,
    HIT_LEVEL,
    LEVELS,
    SCORE_MY_KNOWN_ANSWERS,
    SIMPLE_PLURALITY,
    Action,
    Finding,
    ReviewPolicies,
)
from mturk_mock.operations import views
from mturk_mock.operations.registry import Call, Result, operation

#: Without MaxResults, a page has up to 100 results, the maximum. [assumed]
DEFAULT_RESULTS: Final = 100


@operation("ListReviewPolicyResultsForHIT")
def list_review_policy_results_for_hit(
    call: Call,
    *,
    hit_id: str,
    policy_levels: Sequence[str] = LEVELS,
    retrieve_actions: bool = True,
    retrieve_results: bool = True,
    next_token: str | None = None,
    max_results: int = DEFAULT_RESULTS,
) -> Result:
    """Return the results and actions of a HIT's policies, oldest first. [doc]

    MaxResults counts the results of both levels together; all actions are on the first page.
    [assumed] The response leaves out the policy, results and actions of a level that is not in
    PolicyLevels, and the report of a policy that has not run. [assumed] For a HIT without
    policies, the response has only the HITId. [observed] no error, [assumed] the content
    """
    policies = call.account.hit(hit_id).policies or ReviewPolicies()
    levels = frozenset(policy_levels or LEVELS)
    wanted = (Finding,) * retrieve_results + (Action,) * retrieve_actions
    page = paginate(
        policies.listed(levels, (Finding,) * retrieve_results),
        scope=f"{call.account.key} {call.operation} {hit_id} {sorted(levels)} {wanted}",
        next_token=next_token,
        max_results=max_results,
    )
    shows_actions = retrieve_actions and next_token is None
    actions = policies.listed(levels, (Action,) * shows_actions).after()
    entries = [*actions, *page.items]
    answer: views.View = {"HITId": hit_id, **_reports(policies, levels, entries, wanted)}
    if page.next_token is not None:
        answer["NextToken"] = page.next_token
    return answer


def _reports(
    policies: ReviewPolicies,
    levels: frozenset[str],
    entries: Sequence[Action | Finding],
    wanted: tuple[type, ...],
) -> views.View:
    """Return the policy of each level, and its report if it has run."""
    shown: views.View = {}
    for level, name in _policy_names(policies):
        if level in levels:
            shown[f"{level}ReviewPolicy"] = {"PolicyName": name}
            if policies.has_run(level):
                of_level = [entry for entry in entries if entry.level == level]
                shown[f"{level}ReviewReport"] = _report(of_level, wanted)
    return shown


def _policy_names(policies: ReviewPolicies) -> Iterator[tuple[str, str]]:
    if policies.known_answers is not None:
        yield ASSIGNMENT, SCORE_MY_KNOWN_ANSWERS
    if policies.plurality is not None:
        yield HIT_LEVEL, SIMPLE_PLURALITY


def _report(entries: Sequence[Action | Finding], wanted: tuple[type, ...]) -> views.View:
    """Return a ReviewReport with the requested lists, even empty ones. [assumed]"""
    report: views.View = {}
    if Finding in wanted:
        findings = (entry for entry in entries if isinstance(entry, Finding))
        report["ReviewResults"] = [views.review_result(finding) for finding in findings]
    if Action in wanted:
        actions = (entry for entry in entries if isinstance(entry, Action))
        report["ReviewActions"] = [views.review_action(action) for action in actions]
    return report
