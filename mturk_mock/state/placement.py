"""State without its history: things that are put in place as if all had happened before.

Nothing is announced, and no money moves: what can be spent stays, so what a HIT holds
comes on top. Work that was approved in production counts as earned by its worker. What
falls due later follows from the things themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from mturk_mock.model import assignment as assignments
from mturk_mock.model import assignment_life, hit_life, policies
from mturk_mock.model import hit as hits
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.qualification import OPEN

if TYPE_CHECKING:
    from mturk_mock.core.clock import Schedule
    from mturk_mock.model.account import Account
    from mturk_mock.model.assignment import Assignment
    from mturk_mock.model.hit import HIT
    from mturk_mock.model.qualification import Request
    from mturk_mock.model.worker import Record

#: Statuses of assignments that take one of the HIT's places.
_LIVE = (assignments.ACCEPTED, *assignments.VISIBLE)


class Due(NamedTuple):
    """Something that will happen; `time` in microseconds since 1970."""

    time: int
    kind: str
    account: tuple[str, str]
    subject: str


def schedule(where: Schedule, what: Iterable[Due]) -> None:
    """Let it happen, in that order where the time is the same."""
    for due in what:
        where.add(*due)


# Putting ----------------------------------------------------------------------------------


def put_hit(account: Account, hit: HIT) -> None:
    """Register a HIT that nobody has worked on yet; `settle` is to follow."""
    hit.number = len(account.hits_by_number)
    hit_life.register_hit(account, hit)


def put_assignment(account: Account, hit: HIT, assignment: Assignment) -> None:
    """Register an assignment of the HIT, whose worker is there; `settle` is to follow.

    Submitted work comes after all that was submitted before.
    """
    account.assignments[assignment.id] = assignment
    uptake = hit.take_up()
    uptake.assignment_ids.append(assignment.id)
    if is_live(assignment):
        hit.available -= 1
        uptake.takers[assignment.worker_id] = assignment.id
    if assignment.submit_time is not None:
        assignment.number = len(uptake.submitted_ids)
        uptake.submitted_ids.append(assignment.id)
        account.assignment_lists.move(assignment, (), assignment_life.keys_of(assignment))
    person = account.people[assignment.worker_id]
    _count(hit, assignment)
    _record(person.records[account.environment], assignment)
    person.open_assignments += assignment.status == assignments.ACCEPTED
    if assignment.status in (assignments.APPROVED, assignments.REJECTED):
        account.reviewed_workers.add(assignment.worker_id)
    if assignment.status == assignments.APPROVED:
        account.credit(assignment.worker_id, hit.type.properties.reward)


def put_in_order(account: Account, hit: HIT, submissions: list[Assignment]) -> None:
    """Let what was submitted to the HIT be in this order."""
    lists = account.assignment_lists
    for assignment in submissions:
        lists.move(assignment, assignment_life.keys_of(assignment), ())
    if submissions:
        hit.take_up().submitted_ids = [assignment.id for assignment in submissions]
    for number, assignment in enumerate(submissions):
        assignment.number = number
        lists.move(assignment, (), assignment_life.keys_of(assignment))


def is_live(assignment: Assignment) -> bool:
    """Tell whether it takes one of the HIT's places: it was not given back."""
    return assignment.status in _LIVE


def _count(hit: HIT, assignment: Assignment) -> None:
    hit.pending += assignment.status == assignments.ACCEPTED
    hit.unreviewed += assignment.status == assignments.SUBMITTED
    hit.completed += assignment.status in (assignments.APPROVED, assignments.REJECTED)


def _record(record: Record, assignment: Assignment) -> None:
    record.accepted += 1
    record.submitted += assignment.submit_time is not None
    record.returned += assignment.status == assignments.RETURNED
    record.abandoned += assignment.status == assignments.ABANDONED
    record.approved += assignment.status == assignments.APPROVED
    record.rejected += assignment.status == assignments.REJECTED


def settle(account: Account, hit: HIT) -> None:
    """Bring the status and the funds held to what the counts say."""
    available = account.ledger.available
    hit_life.set_status(account, hit, hit_life.status_by_counts(hit))
    hit_life.hold_funds(account, hit)
    account.ledger.available = available
    if hit.status != hits.DISPOSED:
        account.qualifications.use(hit.id, hit.type.properties.qualification_type_ids)


# What falls due ---------------------------------------------------------------------------


def dues_of_hit(account: Account, hit: HIT) -> Iterator[Due]:
    """Yield what will happen to the HIT itself by and by."""
    if hit.status == hits.DISPOSED:
        return
    if not hit.expired:
        yield Due(hit.expiration, hit_life.EXPIRES, account.key, hit.id)
    if hit.disposal_time is not None:
        yield Due(hit.disposal_time, hit_life.IS_DISPOSED, account.key, hit.id)


def dues_of_assignment(account: Account, assignment: Assignment) -> Iterator[Due]:
    """Yield what will happen to the assignment; a missing score is worked out at once."""
    given = account.hits[assignment.hit_id].policies
    if assignment.status == assignments.ACCEPTED:
        yield Due(assignment.deadline, assignment_life.IS_ABANDONED, account.key, assignment.id)
    if assignment.submit_time is not None and given is not None:
        if given.known_answers is not None and assignment.id not in given.scores:
            time = assignment.submit_time
            yield Due(time, policies.IS_SCORED, account.key, assignment.id)
    if assignment.status == assignments.SUBMITTED and assignment.auto_approval_time is not None:
        time = assignment.auto_approval_time
        yield Due(time, assignment_life.IS_AUTO_APPROVED, account.key, assignment.id)


def dues_of_request(owner: tuple[str, str], request: Request) -> Iterator[Due]:
    """Yield what will happen to a request for a qualification of that owner's."""
    if request.status == OPEN and request.deadline is not None:
        yield Due(request.deadline, requests.TEST_ENDS, owner, request.id)
