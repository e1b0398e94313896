"""Running review policies: scoring a submission, judging a HIT.

Each run logs a `review` action with its findings, then the actions that follow. An action
that is refused is logged as Failed with its error code. [doc] that, [assumed] the order
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND
from mturk_mock.core.errors import MTurkError
from mturk_mock.model import assignment_life, hit_life, policy_scores
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import APPROVED, REJECTED, SUBMITTED, Assignment
from mturk_mock.model.hit import HIT, REVIEWABLE, policies_of
from mturk_mock.model.policies import (
    ASSIGNMENT,
    HIT_LEVEL,
    Action,
    Extension,
    Finding,
    KnownAnswers,
    Plurality,
    ReviewPolicies,
)
from mturk_mock.model.policy_scores import Agreement, Compliance, Given

_FLAG: Final = {True: "1", False: "0"}  # [observed] in a sample


@dataclass(frozen=True)
class _Run:
    """One run of a policy of one level, at one moment."""

    account: Account
    hit: HIT
    policies: ReviewPolicies  # the HIT's
    level: str
    now: int

    def review(self, target_id: str, result: str) -> Callable[..., None]:
        """Log the `review` action, and return a function that logs a finding of it."""
        action_id = self._act("review", target_id, self.level, lambda: result)

        def find(
            key: str, value: str, subject_id: str, subject_type: str, question: str | None = None
        ) -> None:
            number, subject = len(self.policies.log), (subject_id, subject_type, question)
            finding = Finding(number, self.level, action_id, *subject, key, value)
            self.policies.note(finding)

        return find

    def _act(self, name: str, target_id: str, target_type: str, attempt: Callable[[], str]) -> str:
        """Try an action and log its result; return the ActionId."""
        error_code = None
        try:
            result = attempt()
        except MTurkError as refusal:
            result, error_code = refusal.message, refusal.code
        action = Action(
            number=len(self.policies.log),
            level=self.level,
            id=self.policies.next_action_id(self.hit.id),
            name=name,
            target_id=target_id,
            target_type=target_type,
            time=self.now,
            result=result,
            error_code=error_code,
        )
        self.policies.note(action)
        return action.id

    def approve(self, assignment: Assignment, reason: str | None) -> None:
        """Approve work; nothing is done if it is approved already. [doc]"""

        def attempt() -> str:
            if assignment.status == APPROVED:
                return "Already approved"
            _require_submitted(assignment)
            assignment_life.approve(self.account, assignment, reason, self.now)
            return "Approved"

        self._act("approve", assignment.id, ASSIGNMENT, attempt)

    def reject(self, assignment: Assignment, reason: str | None) -> None:
        """Reject work; nothing is done if it is rejected already. [assumed]"""

        def attempt() -> str:
            if assignment.status == REJECTED:
                return "Already rejected"
            _require_submitted(assignment)
            assignment_life.reject(self.account, assignment, reason, self.now)
            return "Rejected"

        self._act("reject", assignment.id, ASSIGNMENT, attempt)

    def extend(self, extension: Extension | None, score: int) -> None:
        """Add one assignment to the HIT if the score is below the extension's limit.

        A HIT that has the most assignments already needs nothing. [doc]
        """
        if extension is None or score >= extension.below:
            return

        def attempt() -> str:
            if self.hit.max_assignments >= extension.most_assignments:
                return "Already at the maximum number of assignments"
            expiration = _later_expiration(self.hit, extension, self.now)
            hit_life.extend(self.account, self.hit, self.now, count=1, expiration=expiration)
            return "Extended"

        self._act("extend", self.hit.id, HIT_LEVEL, attempt)


def _later_expiration(hit: HIT, extension: Extension, now: int) -> int | None:
    """Return the expiration that leaves the HIT its least time, None if it has that. [doc]"""
    least = now + extension.least_time * SECOND
    has_time = not hit.expired and hit.expiration >= least
    return None if has_time or not extension.least_time else least


def _require_submitted(assignment: Assignment) -> None:
    if assignment.status != SUBMITTED:
        raise errors.ASSIGNMENT_NOT_REVIEWABLE()


# ScoreMyKnownAnswers ----------------------------------------------------------------------


def score(account: Account, assignment_id: str, due: int) -> None:
    """Score a submission, and act by its score.

    The HIT is extended first, so that it does not become Reviewable in between; approval
    comes before rejection, which then fails. [assumed]
    """
    assignment = account.assignments[assignment_id]
    hit = account.hits[assignment.hit_id]
    policies = policies_of(hit)
    policy = policies.known_answers
    assert policy is not None  # or nothing would have called for a score
    run = _Run(account, hit, policies, ASSIGNMENT, due)
    score = _find_known_answers(run, policy, assignment)
    policies.scores[assignment_id] = score
    run.extend(policy.extension, score)
    if policy.approve_from is not None and score >= policy.approve_from:
        run.approve(assignment, policy.approve_reason)
    if policy.reject_below is not None and score < policy.reject_below:
        run.reject(assignment, policy.reject_reason)
    hit_life.refresh(account, hit, due)


def _find_known_answers(run: _Run, policy: KnownAnswers, assignment: Assignment) -> int:
    """Log which known answers were given, and return their score."""
    given = policy_scores.given_answers(assignment.answer)
    met = policy_scores.known_answers_met(policy.answer_key, given)
    correct, count = sum(met.values()), len(met)
    what = "one known answer" if count == 1 else f"{count} known answers"
    find = run.review(assignment.id, f"Reviewed {what}; {correct}/{count} correct")
    for question, right in met.items():
        find("KnownAnswerCorrect", _FLAG[right], assignment.id, ASSIGNMENT, question)
    score = policy_scores.percent(correct, count)
    find("KnownAnswerScore", str(score), assignment.id, ASSIGNMENT)
    return score


# SimplePlurality --------------------------------------------------------------------------


def judge(account: Account, hit_id: str, due: int) -> None:
    """Compare the answers of workers, and act by their agreement.

    Work is reviewed before the HIT is extended. [assumed]
    """
    hit = account.hits[hit_id]
    policies = policies_of(hit)
    policy = policies.plurality
    assert policy is not None  # or nothing would have called for a judgement
    policies.judgement_due = None
    run = _Run(account, hit, policies, HIT_LEVEL, due)
    works = _works(run, policy)
    agreed = policy_scores.agree_on_all(list(works.values()), policy.question_ids, policy.threshold)
    compliances = _compliances(works, agreed)
    score = _find_agreement(run, agreed, compliances)
    for assignment_id, compliance in compliances.items():
        _review_by_plurality(run, policy, account.assignments[assignment_id], compliance)
    run.extend(policy.extension, score)


def _works(run: _Run, policy: Plurality) -> dict[str, Given]:
    """Return the answers by assignment id, without disregarded assignments."""
    works = [run.account.assignments[id_] for id_ in run.hit.submitted_ids]
    return {
        work.id: policy_scores.given_answers(work.answer)
        for work in works
        if not _is_disregarded(work, run.policies, policy)
    }


def _is_disregarded(assignment: Assignment, policies: ReviewPolicies, policy: Plurality) -> bool:
    if policy.disregard_rejected and assignment.status == REJECTED:
        return True
    least = policy.disregard_below
    return least is not None and policies.scores[assignment.id] < least


def _compliances(works: dict[str, Given], agreed: dict[str, Agreement]) -> dict[str, Compliance]:
    """Compare each work with what was agreed on; if that is nothing, there is none. [assumed]"""
    if all(agreement.answer is None for agreement in agreed.values()):
        return {}
    return {id_: policy_scores.comply(given, agreed) for id_, given in works.items()}


def _find_agreement(
    run: _Run, agreed: dict[str, Agreement], compliances: dict[str, Compliance]
) -> int:
    """Log what was agreed on and by whom, and return the HIT's score."""
    hit_id, count = run.hit.id, len(agreed)
    reached = sum(agreement.answer is not None for agreement in agreed.values())
    what = "one question" if count == 1 else f"{count} questions"
    find = run.review(hit_id, f"Reviewed {what}; {reached}/{count} agreed")
    for question, agreement in agreed.items():
        found = agreement.answer is not None
        find("AgreedAnswerFound", _FLAG[found], hit_id, HIT_LEVEL, question)
        if agreement.answer is not None:
            find("AgreedAnswer", agreement.answer, hit_id, HIT_LEVEL, question)
        find("AnswerAgreementScore", str(agreement.score), hit_id, HIT_LEVEL, question)
    for id_, compliance in compliances.items():
        find("WorkerAgreementScore", str(compliance.score), id_, ASSIGNMENT)
        find("PluralityAnswersCorrect", str(compliance.correct), id_, ASSIGNMENT)
        find("PluralityAnswersIncorrect", str(compliance.incorrect), id_, ASSIGNMENT)
    score = policy_scores.percent(reached, count)
    find("HitAgreementScore", str(score), hit_id, HIT_LEVEL)
    return score


def _review_by_plurality(
    run: _Run, policy: Plurality, assignment: Assignment, compliance: Compliance
) -> None:
    """Approve or reject one work by its score; approval comes first. [assumed]"""
    if policy.approve_from is not None and compliance.score >= policy.approve_from:
        run.approve(assignment, None)
    if policy.reject_below is not None and compliance.score < policy.reject_below:
        run.reject(assignment, policy.reject_reason)


# Events -----------------------------------------------------------------------------------


def will_be_scored(account: Account, assignment_id: str, due: int) -> bool:
    """Tell whether the submission has still to be scored."""
    hit = account.hits[account.assignments[assignment_id].hit_id]
    return assignment_id not in policies_of(hit).scores


def will_be_judged(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT, which became Reviewable, has still to be judged."""
    hit = account.hits[hit_id]
    return policies_of(hit).judgement_due == due and hit.status == REVIEWABLE
