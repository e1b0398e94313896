"""HITs that are placed without the API, in any state, with their assignments; HITs in state files.

Placing a HIT sends no notification and moves no money. The available balance stays the same: the
amount that the HIT holds is added to the funds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mturk_mock.backend import validation
from mturk_mock.core.clock import DAY
from mturk_mock.model import hit_life
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ACCEPTED, SUBMITTED, Assignment
from mturk_mock.model.assignment_life import keys_of
from mturk_mock.model.hit import (
    ALIVE,
    ASSIGNABLE,
    DISPOSED,
    HIT,
    REVIEWABLE,
    REVIEWING,
    UNASSIGNABLE,
    HITType,
    note_counts,
)
from mturk_mock.model.marketplace import Scope
from mturk_mock.operations import hit_types, limits
from mturk_mock.questions import layouts
from mturk_mock.questions.question import check_question, write_html_question
from mturk_mock.state import values
from mturk_mock.state.assignments import (
    TAKEN,
    AssignmentEntry,
    place_assignment,
    read_assignment,
    schedule_assignment,
    write_assignment,
)
from mturk_mock.state.hit_types import PropertiesEntry, check_free_id, make_properties
from mturk_mock.state.members import Members
from mturk_mock.state.policies import make_policies, read_log_entry, write_policies
from mturk_mock.state.values import WrongMember

#: The default question.
QUESTION: Final = write_html_question(
    '<!DOCTYPE html><html><body><form><input name="answer"></form></body></html>'
)


@dataclass(frozen=True)
class HITEntry(PropertiesEntry):
    """The values given for a HIT; None for the default. Times in microseconds since 1970.

    The default creation time is now. The default expiration is a day later, or now if a status
    other than Assignable is given.
    """

    id: str | None = None
    hit_type_id: str | None = None  # or the properties
    status: str | None = None
    creation_time: int | None = None
    expiration: int | None = None
    expired: bool | None = None
    disposal_time: int | None = None
    max_assignments: int | None = None
    question: str | None = None
    requester_annotation: str | None = None
    hit_layout_id: str | None = None
    hit_layout_parameters: Mapping[str, str] | Sequence[Mapping[str, str]] | None = None
    assignment_review_policy: Mapping[str, Any] | None = None
    hit_review_policy: Mapping[str, Any] | None = None
    assignments: Sequence[AssignmentEntry] = ()


_TIMES: Final = ("creation_time", "expiration", "disposal_time")


def place_hit(scope: Scope, entry: HITEntry) -> HIT:
    """Add a HIT with its assignments, and schedule their next events.

    If it raises WrongMember for a HIT without assignments, nothing has changed.
    """
    type_ = _find_type(scope, entry)
    id_ = check_free_id(scope, entry.id)
    hit = _make_hit(scope, entry, type_)
    _set_state(scope, hit, entry)
    hit.type = type_ if type_.id else hit_types.find_or_make(scope, type_.properties)
    hit.id = id_ or scope.ids.entity("HIT")
    hit.number = len(scope.account.hits_by_number)
    hit_life.register_hit(scope.account, hit)
    assignments = _place_assignments(scope, hit, entry.assignments)
    settle(scope.account, hit)
    if hit.status != ASSIGNABLE:
        default = _end_of_taking(hit, assignments) + hit_life.LIFE_AFTER_WORK
        hit.disposal_time = default if entry.disposal_time is None else entry.disposal_time
    _schedule_hit(scope.account, hit)
    for assignment in assignments:
        schedule_assignment(scope.account, hit, assignment)
    return hit


def add_assignment(scope: Scope, hit: HIT, entry: AssignmentEntry) -> Assignment:
    """Add an assignment to an existing HIT, and schedule the next events.

    If it raises WrongMember, nothing has changed.
    """
    account = scope.account
    was_assignable = hit.status == ASSIGNABLE
    assignment = place_assignment(scope, hit, entry)
    settle(account, hit)
    if hit.past_counts is not None:  # lagging counters include the new assignment at once
        hit.past_counts.clear()
        note_counts(hit, hit.past_counts, scope.now)
    if was_assignable and hit.status != ASSIGNABLE:
        hit.disposal_time = scope.now + hit_life.LIFE_AFTER_WORK
        account.schedule.add(hit.disposal_time, hit_life.IS_DISPOSED, account.key, hit.id)
    schedule_assignment(account, hit, assignment)
    return assignment


def settle(account: Account, hit: HIT) -> None:
    """Update the HIT's status and the funds it holds from the counts of its assignments."""
    available = account.ledger.available
    hit_life.set_status(account, hit, hit_life.status_by_counts(hit))
    hit_life.hold_funds(account, hit)
    account.ledger.available = available
    if hit.status != DISPOSED:
        account.qualifications.use(hit.id, hit.type.properties.qualification_type_ids)


def _schedule_hit(account: Account, hit: HIT) -> None:
    if hit.status != DISPOSED:
        if not hit.expired:
            account.schedule.add(hit.expiration, hit_life.EXPIRES, account.key, hit.id)
        if hit.disposal_time is not None:
            account.schedule.add(hit.disposal_time, hit_life.IS_DISPOSED, account.key, hit.id)


def _find_type(scope: Scope, entry: HITEntry) -> HITType:
    """Return the HIT type named by `hit_type_id`, or one without an ID from the properties."""
    type_id = values.read_id("hit_type_id", entry.hit_type_id)
    if type_id is None:
        return HITType("", "", make_properties(scope, entry))
    if name := entry.given_name():
        raise WrongMember(name, "not allowed with hit_type_id, which sets it")
    if type_id not in scope.account.hit_types:
        raise WrongMember("hit_type_id", f"the account has no HIT type {type_id}")
    return scope.account.hit_types[type_id]


def _make_hit(scope: Scope, entry: HITEntry, type_: HITType) -> HIT:
    """Return a HIT whose ID, status, expiration and number of assignments are not set yet."""
    layout_id = _find_layout(scope, entry.hit_layout_id)
    parameters = _read_layout_parameters(entry)
    question = values.read_text("question", entry.question)
    if question is None:
        question = _make_question(scope, layout_id, parameters)
    annotation = values.read_text("requester_annotation", entry.requester_annotation)
    with values.convert_refusals("question"):
        check_question(question)
    with values.convert_refusals("requester_annotation"):
        limits.check_text("RequesterAnnotation", annotation, limits.ANNOTATION)
    return HIT(
        id="",
        number=0,
        type=type_,
        question=question,
        annotation=annotation,
        creation_time=scope.now if entry.creation_time is None else entry.creation_time,
        expiration=0,
        max_assignments=0,
        available=0,
        policies=make_policies(entry.assignment_review_policy, entry.hit_review_policy),
        layout_id=layout_id,
        layout_parameters=parameters,
        generation=scope.marketplace.generation,
    )


def _find_layout(scope: Scope, layout_id: str | None) -> str | None:
    layout_id = values.read_id("hit_layout_id", layout_id)
    if layout_id is not None and layout_id not in scope.marketplace.layouts:
        raise WrongMember("hit_layout_id", f"there is no layout {layout_id}")
    return layout_id


def _read_layout_parameters(entry: HITEntry) -> layouts.Parameters:
    """Return the parameters of the layout, given as a dict or in the form of CreateHIT."""
    given = entry.hit_layout_parameters or []
    if isinstance(given, Mapping):
        given = [{"Name": name, "Value": value} for name, value in given.items()]
    with values.convert_refusals("hit_layout_parameters"):
        validation.check_member("CreateHIT", "HITLayoutParameters", given)
    return layouts.read_parameters(given)


def _make_question(scope: Scope, layout_id: str | None, parameters: layouts.Parameters) -> str:
    """Return the question made from the layout; without a layout, the default question."""
    if layout_id is None:
        return QUESTION
    with values.convert_refusals("hit_layout_parameters"):
        return layouts.make_question(scope.marketplace.layout(layout_id), parameters)


# The state --------------------------------------------------------------------------------


def _set_state(scope: Scope, hit: HIT, entry: HITEntry) -> None:
    """Set the HIT's status, expiration and number of assignments, which must fit together."""
    status = values.read_choice("status", entry.status, (*ALIVE, DISPOSED))
    is_over = status is not None and status != ASSIGNABLE
    default = scope.now if is_over else max(scope.now, hit.creation_time) + DAY
    hit.expiration = default if entry.expiration is None else entry.expiration
    expired = values.read_flag("expired", entry.expired)
    is_past = status != ASSIGNABLE and hit.expiration <= scope.now
    hit.expired = is_past if expired is None else expired
    hit.reviewing = status == REVIEWING
    statuses = [each.status or SUBMITTED for each in entry.assignments]  # checked when placed
    _set_size(hit, entry, sum(each in TAKEN for each in statuses))
    _check_times(scope, hit)
    possible = _check_status(hit, statuses, status)
    if possible == (ASSIGNABLE,) and entry.disposal_time is not None:
        raise WrongMember("disposal_time", "not allowed for a HIT that is Assignable")
    # `settle` sets the other statuses from the counts.
    hit.status = DISPOSED if status == DISPOSED else ASSIGNABLE


def _set_size(hit: HIT, entry: HITEntry, taken: int) -> None:
    given = values.read_whole("max_assignments", entry.max_assignments)
    hit.max_assignments = hit.available = max(1, taken) if given is None else given
    with values.convert_refusals("max_assignments"):
        limits.check_range("MaxAssignments", hit.max_assignments, limits.ASSIGNMENTS)
    if taken > hit.max_assignments:
        problem = f"{taken} are taken, but max_assignments is {hit.max_assignments}"
        raise WrongMember("assignments", problem)


def _check_times(scope: Scope, hit: HIT) -> None:
    stands_still = scope.marketplace.clock.stands_still
    created, expiration = values.write_time(hit.creation_time), values.write_time(hit.expiration)
    if stands_still and hit.creation_time > scope.now:
        raise WrongMember("creation_time", f"{created} is in the future")
    if hit.expiration < hit.creation_time:
        raise WrongMember("expiration", f"{expiration} is before the HIT was created, at {created}")
    if stands_still and hit.expired and hit.expiration > scope.now:
        raise WrongMember("expired", f"the expiration, {expiration}, is in the future")


def _check_status(hit: HIT, statuses: list[str], status: str | None) -> tuple[str, ...]:
    """Return the statuses that the HIT can have, given the statuses of its assignments."""
    left = hit.max_assignments - sum(each in TAKEN for each in statuses)
    pending, unreviewed = statuses.count(ACCEPTED), statuses.count(SUBMITTED)
    possible = _possible_statuses(left, pending, unreviewed, expired=hit.expired)
    if status is not None and status not in possible:
        raise WrongMember(
            "status",
            f"a HIT that has {'' if hit.expired else 'not '}expired, with {left} assignments left, "
            f"{pending} being worked on and {unreviewed} to review, is "
            f"{' or '.join(possible)}, not {status}",
        )
    return possible


def _possible_statuses(
    left: int, pending: int, unreviewed: int, *, expired: bool
) -> tuple[str, ...]:
    if left and not expired:
        return (ASSIGNABLE,)
    if pending:
        return (UNASSIGNABLE,)
    return (REVIEWABLE, REVIEWING) if unreviewed else (REVIEWABLE, REVIEWING, DISPOSED)


def _end_of_taking(hit: HIT, assignments: list[Assignment]) -> int:
    """Return when the HIT stopped being Assignable, as far as its data show."""
    if hit.expired:
        return hit.expiration
    return max((each.accept_time for each in assignments), default=hit.creation_time)


def _place_assignments(
    scope: Scope, hit: HIT, entries: Sequence[AssignmentEntry]
) -> list[Assignment]:
    placed = []
    for index, entry in enumerate(entries):
        with values.locate_problems(f"assignments[{index}]"):
            placed.append(place_assignment(scope, hit, entry))
    places = [entry.submission for entry in entries]
    submitted = values.sort_submissions(placed, places, "assignments")
    lists = scope.account.assignment_lists
    for assignment in submitted:
        lists.move(assignment, keys_of(assignment), ())
    for number, assignment in enumerate(submitted):
        assignment.number = number
        lists.move(assignment, (), keys_of(assignment))
    if submitted:
        hit.take_up().submitted_ids = [assignment.id for assignment in submitted]
    return placed


# Files ------------------------------------------------------------------------------------


def read_hit(members: Members, scope: Scope) -> None:
    """Add a HIT of a state file."""
    entry = members.fill(
        HITEntry,
        _TIMES,
        hit_layout_parameters=members.inside("hit_layout_parameters", _read_parameters),
        assignments=members.each("assignments", read_assignment),
    )
    hit = place_hit(scope, entry)
    members.each("review_log", partial(read_log_entry, hit=hit, now=scope.now))


def _read_parameters(members: Members) -> dict[str, str]:
    return {name: members.need(name, values.read_text) for name in members.names}


def write_hit(account: Account, hit: HIT) -> dict[str, Any]:
    """Return a HIT with its assignments."""
    return values.drop_empty(
        **values.write_members(hit, "id", "status", "max_assignments", "question", times=_TIMES),
        hit_type_id=hit.type.id,
        expired=hit.expired,
        requester_annotation=hit.annotation,
        hit_layout_id=hit.layout_id,
        hit_layout_parameters=dict(hit.layout_parameters),
        assignments=_write_assignments(account, hit),
        **write_policies(hit.policies),
    )


def _write_assignments(account: Account, hit: HIT) -> list[dict[str, Any]]:
    """Return the assignments, with their positions if the submit times do not give the order."""
    placed = [account.assignments[id_] for id_ in hit.assignment_ids]
    by_time = values.sort_submissions(placed, [None] * len(placed), "assignments")
    is_in_time = [assignment.id for assignment in by_time] == [*hit.submitted_ids]
    return [write_assignment(assignment, hit, with_place=not is_in_time) for assignment in placed]
