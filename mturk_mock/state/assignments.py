"""Assignments in files, and from Python: anybody's work, in any state that it can be in."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from mturk_mock.core.clock import SECOND
from mturk_mock.model.assignment import (
    ABANDONED,
    ACCEPTED,
    APPROVED,
    REJECTED,
    RETURNED,
    SUBMITTED,
    VISIBLE,
    Assignment,
    check_feedback,
)
from mturk_mock.model.hit import DISPOSED, HIT
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.worker import MOST_OPEN_ASSIGNMENTS
from mturk_mock.questions import answers
from mturk_mock.questions.answering import Work, read_work
from mturk_mock.questions.question import read_question
from mturk_mock.state.hit_types import free_id
from mturk_mock.state.members import Members, refusals_at, refuse, some, written, wrong_type
from mturk_mock.state.placement import is_live

STATUSES: Final = (ACCEPTED, SUBMITTED, APPROVED, REJECTED, RETURNED, ABANDONED)

#: The statuses in which each member can be there.
_ONLY_IN: Final = {
    "submit_time": VISIBLE,
    "auto_approval_time": VISIBLE,
    "answer": VISIBLE,
    "files": VISIBLE,
    "submission": VISIBLE,
    "score": VISIBLE,
    "approval_time": (APPROVED,),
    "rejection_time": (REJECTED,),
    "requester_feedback": (APPROVED, REJECTED),
}


def read(members: Members, scope: Scope, hit: HIT) -> Assignment:
    """Return an assignment of the HIT, checked, which is nowhere yet.

    Submitted unless said, at the time it is now.
    """
    status = members.choice("status", STATUSES) or SUBMITTED
    worker_id = members.needed("worker_id", members.worker_id("worker_id"))
    for name, statuses in _ONLY_IN.items():
        if members.any(name) is not None and status not in statuses:
            raise refuse(members.at(name), f"this has no place in what is {status}")
    id_ = free_id(members, scope)
    assignment = Assignment("", hit.id, worker_id, 0, 0, status)
    assignment.generation = scope.marketplace.generation
    _require_place(members, scope, hit, assignment)
    _read_times(members, scope, hit, assignment)
    assignment.feedback = _read_feedback(members)
    answer, files = _read_answer(members, hit), _read_files(members)
    # The id is drawn last: what is refused uses none up.
    assignment.id = id_ or scope.ids.entity("Assignment")
    if status in VISIBLE:
        work = _read_work(hit, answer, assignment.id)
        assignment.answer = answers.render_answers(work.answers)
        assignment.files = {**work.files, **files} or None
    return assignment


def _require_place(members: Members, scope: Scope, hit: HIT, assignment: Assignment) -> None:
    """Raise ValueError unless the HIT can have the assignment besides those that it has."""
    worker_id = assignment.worker_id
    if not is_live(assignment):
        return
    if worker_id in hit.takers:
        other = hit.takers[worker_id]
        raise refuse(members.at("worker_id"), f"{worker_id} has the assignment {other} of the HIT")
    if not hit.available:
        raise refuse(
            members.path or members.at("hit"),
            f"the HIT {hit.id} has no assignment left of its max_assignments, "
            f"{hit.max_assignments}",
        )
    if hit.status == DISPOSED and assignment.status in (ACCEPTED, SUBMITTED):
        raise refuse(
            members.at("status"), f"a HIT that is Disposed has no work that is {assignment.status}"
        )
    open_ = scope.marketplace.person(worker_id).open_assignments
    if assignment.status == ACCEPTED and open_ >= MOST_OPEN_ASSIGNMENTS:
        raise refuse(members.at("worker_id"), f"{worker_id} has {open_} assignments open already")


# Times ------------------------------------------------------------------------------------


def _read_times(members: Members, scope: Scope, hit: HIT, assignment: Assignment) -> None:
    """Read when things happened, which must be in order.

    What is not said happened now, or as late as the rest allows.
    """
    duration = hit.type.properties.assignment_duration * SECOND
    delay = hit.type.properties.auto_approval_delay * SECOND
    decided = _decision_time(members)
    submitted = members.time("submit_time")
    accepted = _first(
        members.time("accept_time"), submitted, decided, min(scope.now, hit.expiration)
    )
    ended = min(accepted + duration, scope.now) if assignment.status == ABANDONED else None
    deadline = _first(members.time("deadline"), ended, accepted + duration)
    if assignment.status in VISIBLE:
        submitted = _first(submitted, decided, min(max(scope.now, accepted), deadline))
        automatic = _first(members.time("auto_approval_time"), submitted + delay)
        decided = _first(decided, max(submitted, min(scope.now, automatic)))
        assignment.submit_time, assignment.auto_approval_time = submitted, automatic
    assignment.accept_time, assignment.deadline = accepted, deadline
    assignment.approval_time = decided if assignment.status == APPROVED else None
    assignment.rejection_time = decided if assignment.status == REJECTED else None
    _require_order(members, hit, assignment)
    if scope.marketplace.clock.stands_still:
        _require_past(members, assignment, scope.now)


def _first(*times: int | None) -> int:
    return next(time for time in times if time is not None)


def _decision_time(members: Members) -> int | None:
    approved, rejected = members.time("approval_time"), members.time("rejection_time")
    return rejected if approved is None else approved


def _require_order(members: Members, hit: HIT, assignment: Assignment) -> None:
    accepted, submitted = assignment.accept_time, assignment.submit_time
    decisions = (
        ("approval_time", assignment.approval_time),
        ("rejection_time", assignment.rejection_time),
    )
    after_creation = ("the HIT was created", hit.creation_time)
    _require_later(members, after_creation, ("accept_time", accepted))
    _require_later(members, ("it was accepted", accepted), ("deadline", assignment.deadline))
    _require_later(members, ("it was accepted", accepted), ("submit_time", submitted))
    for decision in decisions:
        _require_later(members, ("it was submitted", submitted), decision)
    _require_earlier(members, ("accept_time", accepted), ("the HIT has expired", hit.expiration))
    _require_earlier(members, ("submit_time", submitted), ("the deadline", assignment.deadline))


def _require_past(members: Members, assignment: Assignment, now: int) -> None:
    for name in ("accept_time", "submit_time", "approval_time", "rejection_time"):
        _require_earlier(members, (name, getattr(assignment, name)), ("now", now))


Moment = tuple[str, int | None]  # what it is, and when


def _require_later(members: Members, before: Moment, moment: Moment) -> None:
    (what, earlier), (name, later) = before, moment
    if earlier is not None and later is not None and later < earlier:
        raise refuse(members.at(name), f"{written(later)} is before {what}, at {written(earlier)}")


def _require_earlier(members: Members, moment: Moment, limit: tuple[str, int]) -> None:
    (name, time), (what, end) = moment, limit
    if time is not None and time > end:
        raise refuse(members.at(name), f"{written(time)} is after {what}, at {written(end)}")


# Contents ---------------------------------------------------------------------------------


def _read_feedback(members: Members) -> str | None:
    feedback = members.text("requester_feedback")
    if feedback is not None:
        with refusals_at(members.at("requester_feedback")):
            check_feedback("RequesterFeedback", feedback)
    return feedback


def _read_answer(members: Members, hit: HIT) -> str | Mapping[str, Any]:
    """Return the answer, a document or the fields of the form, once it was found to be one."""
    answer = members.any("answer")
    if answer is None:
        return {}
    if not isinstance(answer, (str, Mapping)):
        what = "the form's fields as an object, or a QuestionFormAnswers document"
        raise wrong_type(members.at("answer"), what, answer)
    with refusals_at(members.at("answer")):
        _read_work(hit, answer, "")
    return answer


def _read_work(hit: HIT, answer: str | Mapping[str, Any], assignment_id: str) -> Work:
    """Return what was handed in, which need not keep to the form's constraints. [doc]"""
    if answer == answers.render_answers([]):  # of a page without fields, which nobody could submit
        return Work([], {})
    return read_work(read_question(hit.question), answer, assignment_id, check=False)


def _read_files(members: Members) -> dict[str, bytes]:
    files = members.mapping("files")
    for name, content in files.items():
        try:
            files[name] = base64.b64decode(content, validate=True)
        except (TypeError, ValueError):
            path = f"{members.at('files')}.{name}"
            raise refuse(path, f"this takes a file in base64, not {content!r}") from None
    return files


# Writing ----------------------------------------------------------------------------------


def write(assignment: Assignment, hit: HIT, *, with_place: bool) -> dict[str, Any]:
    """Return an assignment of the HIT, with its place among the submissions if asked for."""
    has_place = with_place and assignment.submit_time is not None
    return some(
        id=assignment.id,
        worker_id=assignment.worker_id,
        status=assignment.status,
        accept_time=written(assignment.accept_time),
        deadline=written(assignment.deadline),
        submit_time=written(assignment.submit_time),
        auto_approval_time=written(assignment.auto_approval_time),
        approval_time=written(assignment.approval_time),
        rejection_time=written(assignment.rejection_time),
        requester_feedback=assignment.feedback,
        answer=assignment.answer or None,
        files={name: _base64(content) for name, content in (assignment.files or {}).items()},
        submission=assignment.number if has_place else None,
        score=None if hit.policies is None else hit.policies.scores.get(assignment.id),
    )


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
