"""Running review policies: scoring a submission, judging a HIT.

Each run logs a `review` action with its findings, then further actions. An action that raises
an error is logged as Failed with the error code. [doc] the rule, [assumed] the order
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import LATEST, SECOND
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
from mturk_mock.model.policy_scores import Agreement, Given, Matches

_FLAG: Final = {True: "1", False: "0"}  # of ScoreMyKnownAnswers [observed]
_FOUND: Final = {True: "true", False: "false"}  # of SimplePlurality [observed]

Attempt = Callable[[], str | None]
Decision = Callable[[Account, Assignment, str | None, int], None]


@dataclass(frozen=True)
class _Run:
    """One run of a policy of one level, at one moment."""

    account: Account
    hit: HIT
    policies: ReviewPolicies  # the HIT's
    level: str
    now: int

    def review(self, target_id: str, result: str) -> Callable[..., None]:
        """Log the `review` action; return a function that logs its findings."""
        action_id = self._try_action("review", target_id, self.level, lambda: result)

        def log_finding(
            key: str, value: str, subject_id: str, subject_type: str, question: str | None = None
        ) -> None:
            number, about = len(self.policies.log), (subject_id, subject_type, question)
            self.policies.note(Finding(number, self.level, action_id, *about, key, value))

        return log_finding

    def _try_action(self, name: str, target_id: str, target_type: str, attempt: Attempt) -> str:
        """Try an action and log its result; return the ActionId."""
        error_code, result = None, None
        try:
            result = attempt()
        except MTurkError as error:
            result, error_code = error.message, error.code
        number, id_ = len(self.policies.log), self.policies.next_action_id(self.hit.id)
        outcome = (self.now, result, error_code)
        self.policies.note(Action(number, self.level, id_, name, target_id, target_type, *outcome))
        return id_

    def approve(self, assignment: Assignment, reason: str | None) -> None:
        """Approve work; do nothing if it is already approved. [doc]"""
        self._decide("approve", APPROVED, assignment, reason, assignment_life.approve)

    def reject(self, assignment: Assignment, reason: str | None) -> None:
        """Reject work; do nothing if it is already rejected. [assumed]"""
        self._decide("reject", REJECTED, assignment, reason, assignment_life.reject)

    def _decide(
        self, name: str, status: str, work: Assignment, reason: str | None, decide: Decision
    ) -> None:
        def attempt() -> str | None:
            if work.status == status:
                return f"Already {status.lower()}"
            if work.status != SUBMITTED:
                raise errors.ASSIGNMENT_NOT_REVIEWABLE()
            decide(self.account, work, reason, self.now)
            # SimplePlurality gives no Result for a rejection [observed] or an approval. [assumed]
            return status if self.level == ASSIGNMENT else None

        self._try_action(name, work.id, ASSIGNMENT, attempt)

    def extend(self, extension: Extension | None, score: int) -> None:
        """Add one assignment to the HIT if the score is below the extension's limit.

        A HIT that has the maximum number of assignments is not extended. [doc]
        """
        if extension is None or score >= extension.below:
            return

        def attempt() -> str:
            if self.hit.max_assignments >= extension.most_assignments:
                return "Already at the maximum number of assignments"
            expiration = _later_expiration(self.hit, extension, self.now)
            hit_life.extend(self.account, self.hit, self.now, count=1, expiration=expiration)
            return "Extended by 1 assignment"  # [observed]

        self._try_action("extend", self.hit.id, HIT_LEVEL, attempt)


def _later_expiration(hit: HIT, extension: Extension, now: int) -> int | None:
    """Return the HIT's expiration plus the policy's time [doc], or None without a time.

    For an expired HIT the time counts from now; no expiration is after the year 9999. [assumed]
    """
    if not extension.seconds:
        return None
    base = now if hit.expired else hit.expiration
    return min(base + extension.seconds * SECOND, LATEST)


# ScoreMyKnownAnswers ----------------------------------------------------------------------


def score(account: Account, assignment_id: str, due: int) -> None:
    """Score a submission, then extend the HIT, approve or reject, depending on the score.

    The HIT is extended first, so that it does not become Reviewable in between; approval comes
    before rejection, so that the rejection fails if both apply. [assumed]
    """
    assignment = account.assignments[assignment_id]
    hit = account.hits[assignment.hit_id]
    policies = policies_of(hit)
    policy = policies.known_answers
    assert policy is not None  # otherwise no scoring is scheduled
    run = _Run(account, hit, policies, ASSIGNMENT, due)
    score = _log_known_answers(run, policy, assignment)
    policies.scores[assignment_id] = score
    run.extend(policy.extension, score)
    if policy.approve_from is not None and score >= policy.approve_from:
        run.approve(assignment, policy.approve_reason)
    if policy.reject_below is not None and score < policy.reject_below:
        run.reject(assignment, policy.reject_reason)
    hit_life.refresh(account, hit, due)


def _log_known_answers(run: _Run, policy: KnownAnswers, assignment: Assignment) -> int:
    """Log which known answers are correct; return the score."""
    given = policy_scores.given_answers(assignment.answer)
    met = policy_scores.known_answers_met(policy.answer_key, given)
    correct, count = sum(met.values()), len(met)
    what = "one known answer" if count == 1 else f"{count} known answers"
    log_finding = run.review(assignment.id, f"Reviewed {what}; {correct}/{count} correct")
    for question, right in met.items():
        log_finding("KnownAnswerCorrect", _FLAG[right], assignment.id, ASSIGNMENT, question)
    score = policy_scores.percent(correct, count)
    log_finding("KnownAnswerScore", str(score), assignment.id, ASSIGNMENT)
    return score


# SimplePlurality --------------------------------------------------------------------------


def judge(account: Account, hit_id: str, due: int) -> None:
    """Compare the workers' answers, then extend, approve or reject by their agreement.

    The HIT is extended first; then its work is decided in the order of AssignmentIds. [observed]
    """
    hit = account.hits[hit_id]
    policies = policies_of(hit)
    policy = policies.plurality
    assert policy is not None  # otherwise no judging is scheduled
    policies.judgement_due = None
    run = _Run(account, hit, policies, HIT_LEVEL, due)
    works = _read_answers(run, policy)
    agreed = policy_scores.agree_on_all(list(works.values()), policy.question_ids, policy.threshold)
    matches = {id_: policy_scores.count_matches(given, agreed) for id_, given in works.items()}
    run.extend(policy.extension, _log_agreement(run, agreed, matches))
    for assignment_id, match in matches.items():
        _review_by_plurality(run, policy, account.assignments[assignment_id], match)


def _read_answers(run: _Run, policy: Plurality) -> dict[str, Given]:
    """Return answers by assignment ID, in the order of IDs, without disregarded assignments."""
    works = [run.account.assignments[id_] for id_ in sorted(run.hit.submitted_ids)]
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


def _log_agreement(run: _Run, agreed: dict[str, Agreement], matches: dict[str, Matches]) -> int:
    """Log the HIT's score, the agreed answers and the workers' scores; return the HIT's score.

    The order and the text are recorded, and a question without an agreed answer has no
    AnswerAgreementScore. [observed]
    """
    hit_id, count = run.hit.id, len(agreed)
    score = policy_scores.percent(sum(each.answer is not None for each in agreed.values()), count)
    what = "1 question" if count == 1 else f"{count} questions"  # [assumed] the plural
    log_finding = run.review(hit_id, f"Evaluated {what} and found agreement on {score}%")
    log_finding("HitAgreementScore", str(score), hit_id, HIT_LEVEL)
    for question, agreement in agreed.items():
        about = (hit_id, HIT_LEVEL, question)
        if agreement.answer is not None:
            log_finding("AgreedAnswer", agreement.answer, *about)
        log_finding("AgreedAnswerFound", _FOUND[agreement.answer is not None], *about)
        if agreement.answer is not None:
            log_finding("AnswerAgreementScore", str(agreement.score), *about)
    for id_, match in matches.items():
        log_finding("PluralityAnswersCorrect", str(match.correct), id_, ASSIGNMENT)
        log_finding("PluralityAnswersIncorrect", str(match.incorrect), id_, ASSIGNMENT)
        log_finding("WorkerAgreementScore", str(match.score), id_, ASSIGNMENT)
    return score


def _review_by_plurality(
    run: _Run, policy: Plurality, assignment: Assignment, match: Matches
) -> None:
    """Approve or reject work by its score; approval comes first. [assumed]"""
    if policy.approve_from is not None and match.score >= policy.approve_from:
        run.approve(assignment, None)
    if policy.reject_below is not None and match.score < policy.reject_below:
        run.reject(assignment, policy.reject_reason)


# Events -----------------------------------------------------------------------------------


def will_be_scored(account: Account, assignment_id: str, due: int) -> bool:
    """Tell whether the submission is still to be scored."""
    hit = account.hits[account.assignments[assignment_id].hit_id]
    return assignment_id not in policies_of(hit).scores


def will_be_judged(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT is still Reviewable and to be judged."""
    hit = account.hits[hit_id]
    return policies_of(hit).judgement_due == due and hit.status == REVIEWABLE
