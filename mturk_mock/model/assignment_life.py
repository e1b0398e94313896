"""The rules of an assignment, from its acceptance to its payment."""

from __future__ import annotations

from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import DAY, SECOND
from mturk_mock.model import hit_life, notification, requirement
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import (
    ABANDONED,
    ACCEPTED,
    APPROVED,
    REJECTED,
    RETURNED,
    SUBMITTED,
    VISIBLE,
    Assignment,
    Status,
)
from mturk_mock.model.hit import ASSIGNABLE, HIT
from mturk_mock.model.ledger import EXACT
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.policies import IS_SCORED
from mturk_mock.model.worker import MOST_OPEN_ASSIGNMENTS, Person, Record

_GIVEN_BACK: Final = {
    RETURNED: notification.ASSIGNMENT_RETURNED,
    ABANDONED: notification.ASSIGNMENT_ABANDONED,
}
#: Rejected work can be approved for 30 days after its submission. [doc]
OVERRIDE_WINDOW: Final = 30 * DAY

IS_ABANDONED: Final = "assignment is abandoned"
IS_AUTO_APPROVED: Final = "assignment is approved automatically"


def set_status(account: Account, assignment: Assignment, status: Status) -> None:
    """Set the status and update the lists. No other code may set the status."""
    before = keys_of(assignment)
    assignment.status = status
    account.assignment_lists.move(assignment, before, keys_of(assignment))


def keys_of(assignment: Assignment) -> list[tuple[str, str]]:
    """Return the keys, HIT ID and status, of the lists that show the assignment."""
    shown = assignment.status in VISIBLE
    return [(assignment.hit_id, assignment.status)] if shown else []


def check_visible(account: Account, hit: HIT, person: Person) -> None:
    """Raise the worker site's error if the worker may not see the HIT."""
    if person.id in account.blocks:
        raise errors.PERMISSION_DENIED()
    if hit.status != ASSIGNABLE:
        raise errors.NO_HITS_AVAILABLE(id=hit.id, why=hit.status)
    _check_qualified(account, hit, person, requirement.PREVIEW)


def _check_qualified(account: Account, hit: HIT, person: Person, action: int) -> None:
    requirement.check_met(
        account.qualifications, hit.type.properties.requirements, person, action, hit.id
    )


def check_acceptable(account: Account, hit: HIT, person: Person) -> None:
    """Raise the worker site's error if the worker may not accept the HIT.

    A worker may accept each HIT once [doc], and again after returning or abandoning it.
    [assumed]
    """
    if person.id in hit.takers:
        raise errors.ASSIGNMENT_ALREADY_EXISTS(
            worker=person.id, id=hit.takers[person.id], hit=hit.id
        )
    check_visible(account, hit, person)
    _check_qualified(account, hit, person, requirement.ACCEPT)
    if person.open_assignments >= MOST_OPEN_ASSIGNMENTS:
        raise errors.TOO_MANY_ASSIGNMENTS(worker=person.id, limit=MOST_OPEN_ASSIGNMENTS)


def accept(scope: Scope, hit: HIT, person: Person) -> Assignment:
    """Create an assignment of the HIT for the worker. Call `check_acceptable` first."""
    account, now, id_ = scope.account, scope.now, scope.ids.entity("Assignment")
    deadline = now + hit.type.properties.assignment_duration * SECOND
    assignment = Assignment(id_, hit.id, person.id, now, deadline)
    assignment.generation = scope.marketplace.generation
    account.put_assignment(assignment)
    uptake = hit.take_up()
    uptake.assignment_ids.append(id_)
    uptake.takers[person.id] = id_
    hit.available -= 1
    hit.pending += 1
    person.open_assignments += 1
    person.records[account.environment].accepted += 1
    account.schedule.add(deadline, IS_ABANDONED, account.key, id_)
    account.announce(notification.ASSIGNMENT_ACCEPTED, hit, now, id_)
    _note(account, assignment, "accepted", now)
    hit_life.refresh_status(account, hit, now)
    return assignment


def submit(account: Account, assignment: Assignment, answer: str, now: int) -> None:
    """Submit the work, even after the HIT has expired. [doc]

    A review policy scores the work before anything else happens to the HIT. [doc]
    """
    _require_accepted(assignment)
    hit = account.hits[assignment.hit_id]
    delay = hit.type.properties.auto_approval_delay * SECOND
    assignment.answer = answer
    assignment.submit_time = now
    assignment.auto_approval_time = approval = now + delay
    assignment.number = len(hit.submitted_ids)
    hit.take_up().submitted_ids.append(assignment.id)
    set_status(account, assignment, SUBMITTED)
    hit.unreviewed += 1
    is_to_be_scored = schedule_scoring(account, hit, assignment, now)
    _record(account, assignment).submitted += 1
    account.schedule.add(approval, IS_AUTO_APPROVED, account.key, assignment.id)
    account.announce(notification.ASSIGNMENT_SUBMITTED, hit, now, assignment.id)
    _note(account, assignment, "submitted", now)
    _close(account, hit, assignment)
    if not is_to_be_scored:
        hit_life.refresh_status(account, hit, now)


def schedule_scoring(account: Account, hit: HIT, assignment: Assignment, now: int) -> bool:
    """Schedule the scoring by the HIT's assignment policy; return whether there is one. [doc]"""
    if hit.policies is None or hit.policies.known_answers is None:
        return False
    account.schedule.add(now, IS_SCORED, account.key, assignment.id)
    return True


def give_back(account: Account, assignment: Assignment, status: Status, now: int) -> None:
    """Return or abandon the assignment, so that it is available again."""
    _require_accepted(assignment)
    hit = account.hits[assignment.hit_id]
    set_status(account, assignment, status)
    hit.available += 1
    del hit.take_up().takers[assignment.worker_id]
    record = _record(account, assignment)
    record.returned += status == RETURNED
    record.abandoned += status == ABANDONED
    account.announce(_GIVEN_BACK[status], hit, now, assignment.id)
    _note(account, assignment, status.lower(), now)
    _close(account, hit, assignment)
    hit_life.refresh(account, hit, now)


def _require_accepted(assignment: Assignment) -> None:
    if assignment.status != ACCEPTED:
        raise errors.ASSIGNMENT_NOT_OPEN(id=assignment.id, status=assignment.status)


def _note(account: Account, assignment: Assignment, verb: str, now: int) -> None:
    what = f"worker {assignment.worker_id} {verb} assignment {assignment.id}"
    account.activity.note(now, f"{what} of HIT {assignment.hit_id}")


def _record(account: Account, assignment: Assignment) -> Record:
    return account.people[assignment.worker_id].records[account.environment]


def _close(account: Account, hit: HIT, assignment: Assignment) -> None:
    hit.pending -= 1
    account.people[assignment.worker_id].open_assignments -= 1


def approve(account: Account, assignment: Assignment, feedback: str | None, now: int) -> None:
    """Approve submitted or rejected work and pay for it.

    Approving submitted work spends the funds held for it; approving rejected work requires
    new funds. [assumed] Work that was rejected and then approved shows both its RejectionTime
    and its ApprovalTime. [assumed]
    """
    hit = account.hits[assignment.hit_id]
    cost = hit_life.cost_of(account, hit)
    if assignment.status == REJECTED:
        account.ledger.require(cost)
        _record(account, assignment).rejected -= 1
    else:
        hit.unreviewed -= 1
        hit.completed += 1
    _record(account, assignment).approved += 1
    set_status(account, assignment, APPROVED)
    assignment.approval_time = now
    assignment.feedback = feedback
    reward = hit.type.properties.reward
    account.ledger.pay_reward(reward, EXACT.subtract(cost, reward))
    account.reviewed_workers.add(assignment.worker_id)
    account.credit(assignment.worker_id, reward)
    account.announce(notification.ASSIGNMENT_APPROVED, hit, now, assignment.id)
    hit_life.refresh(account, hit, now)


def reject(account: Account, assignment: Assignment, feedback: str | None, now: int) -> None:
    """Reject submitted work. [doc]

    The worker is not paid, and the assignment does not become available again. [doc]
    """
    hit = account.hits[assignment.hit_id]
    hit.unreviewed -= 1
    hit.completed += 1
    _record(account, assignment).rejected += 1
    set_status(account, assignment, REJECTED)
    assignment.rejection_time = now
    assignment.feedback = feedback
    account.reviewed_workers.add(assignment.worker_id)
    account.announce(notification.ASSIGNMENT_REJECTED, hit, now, assignment.id)
    hit_life.refresh(account, hit, now)


# Events --------------------------------------------------------------------------------


def will_be_abandoned(account: Account, assignment_id: str, due: int) -> bool:
    """Tell whether the worker is still working on the assignment."""
    return account.assignments[assignment_id].status == ACCEPTED


def run_abandonment(account: Account, assignment_id: str, due: int) -> None:
    """Abandon the assignment at its deadline."""
    give_back(account, account.assignments[assignment_id], ABANDONED, due)


def will_be_auto_approved(account: Account, assignment_id: str, due: int) -> bool:
    """Tell whether the assignment is still waiting for review."""
    return account.assignments[assignment_id].status == SUBMITTED


def run_auto_approval(account: Account, assignment_id: str, due: int) -> None:
    """Approve the assignment at its AutoApprovalTime, whatever the HIT's status. [doc]"""
    approve(account, account.assignments[assignment_id], None, due)
