"""HITs in files, and from Python: with their work, in any state that they can be in."""

from __future__ import annotations

from typing import Any, Final

from botocore import xform_name

from mturk_mock.core.clock import DAY
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ABANDONED, ACCEPTED, RETURNED, SUBMITTED, Assignment
from mturk_mock.model.hit import (
    ALIVE,
    ASSIGNABLE,
    DISPOSED,
    HIT,
    REVIEWABLE,
    REVIEWING,
    UNASSIGNABLE,
    HITType,
)
from mturk_mock.model.hit_life import LIFE_AFTER_WORK
from mturk_mock.model.marketplace import Scope
from mturk_mock.operations import hit_types, limits
from mturk_mock.questions.question import check_question, write_html_question
from mturk_mock.state import assignments, placement, policies
from mturk_mock.state.hit_types import PROPERTIES, free_id, read_properties
from mturk_mock.state.members import (
    Members,
    Submission,
    in_order,
    refusals_at,
    refuse,
    some,
    written,
)

STATUSES: Final = (*ALIVE, DISPOSED)

#: What a HIT asks where it is not said.
QUESTION: Final = write_html_question(
    '<!DOCTYPE html><html><body><form><input name="answer"></form></body></html>'
)


def read(members: Members, scope: Scope) -> HIT:
    """Put a HIT with its assignments in place, and return it.

    Nothing is changed where ValueError is raised, if it has no assignments.
    """
    draft = _read_type(members, scope)
    id_ = free_id(members, scope)
    hit = _read_own(members, scope, draft)
    _read_state(members, scope, hit)
    disposal_time = members.time("disposal_time")
    works = members.objects("assignments")
    log = members.any("review_log")
    members.finish()
    hit.type = draft if draft.id else hit_types.find_or_make(scope, draft.properties)
    hit.id = id_ or scope.ids.entity("HIT")
    placement.put_hit(scope.account, hit)
    _read_works(works, scope, hit, members.at("assignments"))
    if log is not None:
        policies.read_log(members, hit, scope)
    placement.settle(scope.account, hit)
    if hit.status != ASSIGNABLE:
        default = _end_of_taking(scope.account, hit) + LIFE_AFTER_WORK
        hit.disposal_time = default if disposal_time is None else disposal_time
    return hit


def _read_type(members: Members, scope: Scope) -> HITType:
    """Return the HIT's type, or one without an id that says the properties."""
    type_id = members.id("hit_type_id")
    said = [xform_name(name) for name in PROPERTIES if members.any(xform_name(name)) is not None]
    if type_id is None:
        return HITType("", "", read_properties(members, scope))
    if said:
        raise refuse(members.at(said[0]), "this is the HIT type's, which hit_type_id names")
    if type_id not in scope.account.hit_types:
        raise refuse(members.at("hit_type_id"), f"the account has no HIT type {type_id}")
    return scope.account.hit_types[type_id]


def _read_own(members: Members, scope: Scope, type_: HITType) -> HIT:
    """Return what a HIT says of itself; it has an id and a state afterwards."""
    question = members.text("question")
    annotation = members.text("requester_annotation")
    created = members.time("creation_time")
    with refusals_at(members.at("question")):
        check_question(QUESTION if question is None else question)
    with refusals_at(members.at("requester_annotation")):
        limits.text("RequesterAnnotation", annotation, limits.ANNOTATION)
    return HIT(
        id="",
        number=0,
        type=type_,
        question=QUESTION if question is None else question,
        annotation=annotation,
        creation_time=scope.now if created is None else created,
        expiration=0,
        max_assignments=0,
        available=0,
        policies=policies.read(members),
        layout_id=_read_layout(members, scope),
        layout_parameters=_read_parameters(members.object("hit_layout_parameters")),
        generation=scope.marketplace.generation,
    )


def _read_parameters(values: Members) -> tuple[tuple[str, str], ...]:
    return tuple((name, values.needed(name, values.text(name))) for name in values.names)


def _read_layout(members: Members, scope: Scope) -> str | None:
    layout_id = members.id("hit_layout_id")
    if layout_id is not None and layout_id not in scope.marketplace.layouts:
        raise refuse(members.at("hit_layout_id"), f"there is no layout {layout_id}")
    return layout_id


# The state --------------------------------------------------------------------------------


def _read_state(members: Members, scope: Scope, hit: HIT) -> None:
    """Read where the HIT is in its life, which must fit the work on it.

    A HIT that is said to be over has expired now, and any other one expires in a day,
    unless there is more said.
    """
    said = members.choice("status", STATUSES)
    is_over = said is not None and said != ASSIGNABLE
    expiration = members.time("expiration")
    default = scope.now if is_over else max(scope.now, hit.creation_time) + DAY
    hit.expiration = default if expiration is None else expiration
    expired = members.flag("expired")
    is_past = said != ASSIGNABLE and hit.expiration <= scope.now
    hit.expired = is_past if expired is None else expired
    hit.reviewing = said == REVIEWING
    works = [
        work.choice("status", assignments.STATUSES) or SUBMITTED
        for work in members.objects("assignments")
    ]
    _read_most(members, hit, works)
    _check_times(members, scope, hit)
    _check_status(members, hit, works, said)
    hit.status = DISPOSED if said == DISPOSED else ASSIGNABLE  # the others follow from the counts


def _read_most(members: Members, hit: HIT, works: list[str]) -> None:
    taken = sum(status not in (RETURNED, ABANDONED) for status in works)
    given = members.whole("max_assignments")
    hit.max_assignments = max(1, taken) if given is None else given
    with refusals_at(members.at("max_assignments")):
        limits.in_range("MaxAssignments", hit.max_assignments, limits.ASSIGNMENTS)
    if taken > hit.max_assignments:
        raise refuse(
            members.at("assignments"),
            f"{taken} are taken, and the HIT has max_assignments {hit.max_assignments}",
        )
    hit.available = hit.max_assignments


def _check_times(members: Members, scope: Scope, hit: HIT) -> None:
    stands_still = scope.marketplace.clock.stands_still
    if stands_still and hit.creation_time > scope.now:
        raise refuse(members.at("creation_time"), f"{written(hit.creation_time)} is still to come")
    if hit.expiration < hit.creation_time:
        raise refuse(
            members.at("expiration"),
            f"{written(hit.expiration)} is before it was created, at {written(hit.creation_time)}",
        )
    if stands_still and hit.expired and hit.expiration > scope.now:
        raise refuse(
            members.at("expired"),
            f"the expiration, {written(hit.expiration)}, is still to come",
        )


def _check_status(members: Members, hit: HIT, works: list[str], said: str | None) -> None:
    left = hit.max_assignments - sum(status not in (RETURNED, ABANDONED) for status in works)
    pending, unreviewed = works.count(ACCEPTED), works.count(SUBMITTED)
    possible = _possible_statuses(left, pending, unreviewed, expired=hit.expired)
    if said is not None and said not in possible:
        raise refuse(
            members.at("status"),
            f"a HIT that has {'' if hit.expired else 'not '}expired, with {left} assignments left, "
            f"{pending} being worked on and {unreviewed} to review, is "
            f"{' or '.join(possible)}, not {said}",
        )
    if possible == (ASSIGNABLE,) and members.any("disposal_time") is not None:
        raise refuse(members.at("disposal_time"), "a HIT that is Assignable has none")


def _possible_statuses(
    left: int, pending: int, unreviewed: int, *, expired: bool
) -> tuple[str, ...]:
    if left and not expired:
        return (ASSIGNABLE,)
    if pending:
        return (UNASSIGNABLE,)
    return (REVIEWABLE, REVIEWING) if unreviewed else (REVIEWABLE, REVIEWING, DISPOSED)


def _end_of_taking(account: Account, hit: HIT) -> int:
    """Return when the HIT stopped being assignable, as far as can be told."""
    if hit.expired:
        return hit.expiration
    times = [account.assignments[id_].accept_time for id_ in hit.assignment_ids]
    return max(times, default=hit.creation_time)


# The work ---------------------------------------------------------------------------------


def _read_works(works: list[Members], scope: Scope, hit: HIT, path: str) -> None:
    submissions: list[Submission[Assignment]] = []
    for work in works:
        assignment = assignments.read(work, scope, hit)
        score = _read_score(work, hit)
        submission = work.count("submission")
        work.finish()
        put(scope, hit, assignment)
        if score is not None and hit.policies is not None:
            hit.policies.scores[assignment.id] = score
        if assignment.submit_time is not None:
            submissions.append(Submission(assignment, assignment.submit_time, submission))
    placement.put_in_order(scope.account, hit, in_order(submissions, path))


def put(scope: Scope, hit: HIT, assignment: Assignment) -> None:
    """Put an assignment in place, whose worker exists from now on."""
    scope.marketplace.person(assignment.worker_id)
    placement.put_assignment(scope.account, hit, assignment)


def _read_score(work: Members, hit: HIT) -> int | None:
    score = work.count("score")
    if score is not None and (hit.policies is None or hit.policies.known_answers is None):
        raise refuse(work.at("score"), "the HIT has no policy that scores: no known answers")
    return score


# Writing ----------------------------------------------------------------------------------


def write(account: Account, hit: HIT) -> dict[str, Any]:
    """Return a HIT with its assignments."""
    return some(
        id=hit.id,
        hit_type_id=hit.type.id,
        status=hit.status,
        creation_time=written(hit.creation_time),
        expiration=written(hit.expiration),
        expired=hit.expired,
        disposal_time=written(hit.disposal_time),
        max_assignments=hit.max_assignments,
        question=hit.question,
        requester_annotation=hit.annotation,
        hit_layout_id=hit.layout_id,
        hit_layout_parameters=dict(hit.layout_parameters),
        assignments=_write_works(account, hit),
        **policies.write(hit.policies),
    )


def _write_works(account: Account, hit: HIT) -> list[dict[str, Any]]:
    works = [account.assignments[id_] for id_ in hit.assignment_ids]
    submitted = [work for work in works if work.submit_time is not None]
    by_time = sorted(submitted, key=lambda work: work.submit_time or 0)
    is_in_time = [work.id for work in by_time] == [*hit.submitted_ids]
    return [assignments.write(work, hit, with_place=not is_in_time) for work in works]
