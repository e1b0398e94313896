"""Assignments that are placed without the API, in any state, and assignments in state files."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from mturk_mock.core.clock import SECOND
from mturk_mock.core.quoting import quote
from mturk_mock.model import policies
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
    check_feedback,
)
from mturk_mock.model.assignment_life import IS_ABANDONED, IS_AUTO_APPROVED, keys_of
from mturk_mock.model.hit import DISPOSED, HIT
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.worker import MOST_OPEN_ASSIGNMENTS, Record
from mturk_mock.questions import answers
from mturk_mock.questions.answering import Work, read_work
from mturk_mock.questions.question import read_question
from mturk_mock.state import values
from mturk_mock.state.hit_types import check_free_id
from mturk_mock.state.members import Members
from mturk_mock.state.values import WrongMember

STATUSES: Final = (ACCEPTED, SUBMITTED, APPROVED, REJECTED, RETURNED, ABANDONED)
#: The statuses that use up one of the HIT's assignments.
TAKEN: Final = (ACCEPTED, *VISIBLE)

#: The statuses in which each member is allowed.
_ONLY_IN: Final = {
    "submit_time": VISIBLE,
    "auto_approval_time": VISIBLE,
    "answer": VISIBLE,
    "files": VISIBLE,
    "submission": VISIBLE,
    "score": VISIBLE,
    "approval_time": (APPROVED,),
    "rejection_time": (APPROVED, REJECTED),  # OverrideRejection approves rejected work
    "requester_feedback": (APPROVED, REJECTED),
}


@dataclass(frozen=True)
class AssignmentEntry:
    """The values given for an assignment; None for the default. Times in microseconds since 1970.

    The default status is Submitted. Default times are now, or as late as the other times allow.
    """

    id: str | None = None
    worker_id: str | None = None  # required
    status: str | None = None
    accept_time: int | None = None
    deadline: int | None = None
    submit_time: int | None = None
    auto_approval_time: int | None = None
    approval_time: int | None = None
    rejection_time: int | None = None
    requester_feedback: str | None = None
    answer: str | Mapping[str, Any] | None = None  # a document, or the fields of the form
    files: Mapping[str, bytes] | None = None  # by QuestionIdentifier
    submission: int | None = None  # its position among the HIT's submissions
    score: int | None = None  # by the known answers, in percent


_TIMES: Final = (
    *("accept_time", "deadline", "submit_time"),
    *("auto_approval_time", "approval_time", "rejection_time"),
)


def place_assignment(scope: Scope, hit: HIT, entry: AssignmentEntry) -> Assignment:
    """Add an assignment after the HIT's existing ones; the caller must call `hits.settle` next.

    Sends no notification and moves no money, but an approved assignment in production counts in
    the worker's earnings. If it raises WrongMember, nothing has changed.
    """
    assignment = _make_assignment(scope, hit, entry)
    account, status = scope.account, assignment.status
    account.put_assignment(assignment)
    uptake = hit.take_up()
    uptake.assignment_ids.append(assignment.id)
    if status in TAKEN:
        hit.available -= 1
        uptake.takers[assignment.worker_id] = assignment.id
    if assignment.submit_time is not None:
        assignment.number = len(uptake.submitted_ids)
        uptake.submitted_ids.append(assignment.id)
        account.assignment_lists.move(assignment, (), keys_of(assignment))
    hit.pending += status == ACCEPTED
    hit.unreviewed += status == SUBMITTED
    hit.completed += status in (APPROVED, REJECTED)
    person = scope.marketplace.person(assignment.worker_id)
    _count(person.records[account.environment], assignment)
    person.open_assignments += status == ACCEPTED
    if status in (APPROVED, REJECTED):
        account.reviewed_workers.add(assignment.worker_id)
    if status == APPROVED:
        account.credit(assignment.worker_id, hit.type.properties.reward)
    if entry.score is not None and hit.policies is not None:
        hit.policies.scores[assignment.id] = entry.score
    return assignment


def _count(record: Record, assignment: Assignment) -> None:
    record.accepted += 1
    record.submitted += assignment.submit_time is not None
    record.returned += assignment.status == RETURNED
    record.abandoned += assignment.status == ABANDONED
    record.approved += assignment.status == APPROVED
    record.rejected += assignment.status == REJECTED


def schedule_assignment(account: Account, hit: HIT, assignment: Assignment) -> None:
    """Schedule the assignment's next events; one that needs a score is scored at once."""
    id_, key, add = assignment.id, account.key, account.schedule.add
    if assignment.status == ACCEPTED:
        add(assignment.deadline, IS_ABANDONED, key, id_)
    if assignment.submit_time is not None and hit.policies is not None:
        if hit.policies.known_answers is not None and id_ not in hit.policies.scores:
            add(assignment.submit_time, policies.IS_SCORED, key, id_)
    if assignment.status == SUBMITTED and assignment.auto_approval_time is not None:
        add(assignment.auto_approval_time, IS_AUTO_APPROVED, key, id_)


def _make_assignment(scope: Scope, hit: HIT, entry: AssignmentEntry) -> Assignment:
    status = cast(Status, values.read_choice("status", entry.status, STATUSES) or SUBMITTED)
    worker_id = values.require("worker_id", values.read_worker_id("worker_id", entry.worker_id))
    for name, statuses in _ONLY_IN.items():
        if getattr(entry, name) is not None and status not in statuses:
            raise WrongMember(name, f"not allowed for an assignment that is {status}")
    id_ = check_free_id(scope, entry.id)
    assignment = Assignment("", hit.id, worker_id, 0, 0, status)
    assignment.generation = scope.marketplace.generation
    _require_place(scope, hit, assignment)
    _set_times(scope, hit, assignment, entry)
    _check_score(hit, entry)
    values.read_count("submission", entry.submission)
    assignment.feedback = _check_feedback(entry)
    answer = _check_answer(hit, entry.answer)
    # The ID is drawn last, so that a refused assignment uses no ID.
    assignment.id = id_ or scope.ids.entity("Assignment")
    if status in VISIBLE:
        work = _read_work(hit, answer, assignment.id)
        assignment.answer = answers.render_answers(work.answers)
        assignment.files = {**work.files, **(entry.files or {})} or None
    return assignment


def _require_place(scope: Scope, hit: HIT, assignment: Assignment) -> None:
    """Raise WrongMember unless the HIT and the worker can have one more such assignment."""
    worker_id, status = assignment.worker_id, assignment.status
    if status not in TAKEN:
        return
    if worker_id in hit.takers:
        other = hit.takers[worker_id]
        raise WrongMember("worker_id", f"{worker_id} already has assignment {other} of the HIT")
    if not hit.available:
        limit = f"max_assignments is {hit.max_assignments}"
        raise WrongMember("hit", f"the HIT {hit.id} has no assignment left: {limit}")
    if hit.status == DISPOSED and status in (ACCEPTED, SUBMITTED):
        raise WrongMember("status", f"an assignment of a Disposed HIT cannot be {status}")
    open_ = scope.marketplace.person(worker_id).open_assignments
    if status == ACCEPTED and open_ >= MOST_OPEN_ASSIGNMENTS:
        raise WrongMember("worker_id", f"{worker_id} already has {open_} open assignments")


def _set_times(scope: Scope, hit: HIT, assignment: Assignment, entry: AssignmentEntry) -> None:
    """Set the times, which must be in order; omitted ones are now, or as the others allow."""
    duration = hit.type.properties.assignment_duration * SECOND
    delay = hit.type.properties.auto_approval_delay * SECOND
    submitted = entry.submit_time
    decided = entry.approval_time if entry.rejection_time is None else entry.rejection_time
    accepted = _first(entry.accept_time, submitted, decided, min(scope.now, hit.expiration))
    ended = min(accepted + duration, scope.now) if assignment.status == ABANDONED else None
    deadline = _first(entry.deadline, ended, accepted + duration)
    if assignment.status in VISIBLE:
        submitted = _first(submitted, decided, min(max(scope.now, accepted), deadline))
        automatic = _first(entry.auto_approval_time, submitted + delay)
        decided = _first(decided, max(submitted, min(scope.now, automatic)))
        assignment.submit_time, assignment.auto_approval_time = submitted, automatic
    assignment.accept_time, assignment.deadline = accepted, deadline
    is_rejected = assignment.status == REJECTED
    is_approved = assignment.status == APPROVED
    assignment.approval_time = _first(entry.approval_time, decided) if is_approved else None
    assignment.rejection_time = decided if is_rejected else entry.rejection_time
    _check_times(scope, hit, assignment)


def _first(*times: int | None) -> int:
    return next(time for time in times if time is not None)


def _check_times(scope: Scope, hit: HIT, assignment: Assignment) -> None:
    accepted, submitted = assignment.accept_time, assignment.submit_time
    approved, rejected = assignment.approval_time, assignment.rejection_time
    _require_later("accept_time", accepted, hit.creation_time, "the HIT was created")
    _require_later("deadline", assignment.deadline, accepted, "the assignment was accepted")
    _require_later("submit_time", submitted, accepted, "the assignment was accepted")
    _require_later("approval_time", approved, submitted, "the assignment was submitted")
    _require_later("rejection_time", rejected, submitted, "the assignment was submitted")
    _require_later("approval_time", approved, rejected, "the assignment was rejected")
    _require_earlier("accept_time", accepted, hit.expiration, "the HIT has expired")
    _require_earlier("submit_time", submitted, assignment.deadline, "the deadline")
    if scope.marketplace.clock.stands_still:
        for name in ("accept_time", "submit_time", "approval_time", "rejection_time"):
            _require_earlier(name, getattr(assignment, name), scope.now, "now")


def _require_later(member: str, time: int | None, start: int | None, what: str) -> None:
    if time is not None and start is not None and time < start:
        raise _wrong_order(member, time, f"before {what}", start)


def _require_earlier(member: str, time: int | None, end: int, what: str) -> None:
    if time is not None and time > end:
        raise _wrong_order(member, time, f"after {what}", end)


def _wrong_order(member: str, time: int, where: str, limit: int) -> WrongMember:
    return WrongMember(
        member, f"{values.write_time(time)} is {where}, at {values.write_time(limit)}"
    )


def _check_score(hit: HIT, entry: AssignmentEntry) -> None:
    score = values.read_count("score", entry.score)
    if score is not None and (hit.policies is None or hit.policies.known_answers is None):
        raise WrongMember("score", "the HIT has no review policy with known answers")


def _check_feedback(entry: AssignmentEntry) -> str | None:
    feedback = values.read_text("requester_feedback", entry.requester_feedback)
    if feedback is not None:
        with values.convert_refusals("requester_feedback"):
            check_feedback("RequesterFeedback", feedback)
    return feedback


def _check_answer(hit: HIT, answer: Any) -> str | Mapping[str, Any]:
    """Return the answer, a document or the fields of the form; WrongMember if it is invalid."""
    if answer is None:
        return {}
    if not isinstance(answer, (str, Mapping)):
        what = "the form's fields as an object, or a QuestionFormAnswers document"
        raise values.wrong_type("answer", what, answer)
    with values.convert_refusals("answer"):
        _read_work(hit, answer, "")
    return answer


def _read_work(hit: HIT, answer: str | Mapping[str, Any], assignment_id: str) -> Work:
    """Return the submitted work, without checking the form's constraints. [doc]"""
    if answer == answers.render_answers([]):  # a page without fields cannot be submitted
        return Work([], {})
    return read_work(read_question(hit.question), answer, assignment_id, check=False)


# Files ------------------------------------------------------------------------------------


def read_assignment(members: Members) -> AssignmentEntry:
    """Return an assignment of a state file."""
    return members.fill(AssignmentEntry, _TIMES, files=members.take("files", _read_files))


def _read_files(member: str, value: Any) -> dict[str, bytes] | None:
    if value is None:
        return None
    files = values.read_object(member, value)
    for name, content in files.items():
        try:
            files[name] = base64.b64decode(content, validate=True)
        except (TypeError, ValueError):
            problem = f"must be a file in base64, not {quote(content)}"
            raise WrongMember(f"{member}.{name}", problem) from None
    return files


def write_assignment(assignment: Assignment, hit: HIT, *, with_place: bool) -> dict[str, Any]:
    """Return an assignment of the HIT; `with_place` adds its position among the submissions."""
    has_place = with_place and assignment.submit_time is not None
    files = assignment.files or {}
    return values.drop_empty(
        **values.write_members(assignment, "id", "worker_id", "status", times=_TIMES),
        requester_feedback=assignment.feedback,
        answer=assignment.answer or None,
        files={name: base64.b64encode(content).decode() for name, content in files.items()},
        submission=assignment.number if has_place else None,
        score=None if hit.policies is None else hit.policies.scores.get(assignment.id),
    )
