"""What workers do with HITs, so that programs in any language can be workers."""

from __future__ import annotations

import base64
from typing import Any, Final

from mturk_mock.core.errors import MTurkError
from mturk_mock.core.ids import ENTITY_ID
from mturk_mock.core.quoting import quote
from mturk_mock.model import assignment as assignments
from mturk_mock.model import hit as hits
from mturk_mock.server.control.kinds import Either, Fields, Flag, Text
from mturk_mock.server.control.refusal import not_found
from mturk_mock.server.control.schemas import (
    ENVIRONMENT,
    FLAG,
    MONEY,
    TEXT,
    TEXT_OR_NULL,
    TIME,
    TIME_OR_NULL,
    WHOLE,
    a_list,
    an_object,
    one_of,
    write_money,
    write_time,
)
from mturk_mock.server.control.table import Control, Given, Member, operation
from mturk_mock.server.control.workers import PAGE, find_worker, show_page
from mturk_mock.workforce.hit import HIT, Assignment

#: IDs of HITs, assignments and qualification types.
ID: Final = Text("an ID of capital letters and digits", ENTITY_ID.pattern)
ANSWER: Final = Either(Fields(), Text())
ANSWER_DOC: Final = (
    "The form's fields by name, or a QuestionFormAnswers document. A file is an object "
    '{"base64": TEXT}.'
)
CHECK: Final = Member(
    "check", Flag(), "Whether to reject values that the page would reject.", default=True
)
_HIT_ID: Final = Member("hit_id", ID, "The HITId.", required=True)
_ASSIGNMENT_ID: Final = Member("assignment_id", ID, "The AssignmentId.", required=True)

_HIT: Final = an_object(
    id=TEXT,
    hit_type_id=TEXT,
    hit_group_id=TEXT,
    requester=TEXT,
    environment=ENVIRONMENT,
    title=TEXT,
    description=TEXT,
    keywords=TEXT,
    reward=MONEY,
    assignment_duration_in_seconds=WHOLE,
    status=one_of(hits.Status),
    created=TIME,
    expires=TIME,
    max_assignments=WHOLE,
    available=WHOLE,
)
_PAGE_OF_HIT: Final = {"question": TEXT, "html": TEXT_OR_NULL, "url": TEXT_OR_NULL}
_PREVIEW: Final = an_object(**_HIT["properties"], **_PAGE_OF_HIT, qualifies=FLAG)
_ASSIGNMENT: Final = an_object(
    id=TEXT,
    hit_id=TEXT,
    worker_id=TEXT,
    status=one_of(assignments.Status),
    accepted=TIME,
    deadline=TIME,
    submitted=TIME_OR_NULL,
    auto_approved=TIME_OR_NULL,
    approved=TIME_OR_NULL,
    rejected=TIME_OR_NULL,
    feedback=TEXT_OR_NULL,
    answer=TEXT_OR_NULL,
    **_PAGE_OF_HIT,
)


@operation(
    "GET",
    "/workers/{worker_id}/hits",
    an_object(hits=a_list(_HIT), total=WHOLE),
    query=(
        Member("query", Text(), "A text that the title, description or keywords contain."),
        Member("sandbox", Flag(), "true: HITs of the sandbox; false: of production."),
        *PAGE,
    ),
)
def find_hits(control: Control, given: Given) -> Any:
    """Find the HITs that the worker site shows to a worker, newest first."""
    wanted = {name: given.query.get(name) for name in ("query", "sandbox")}
    with control.backend.transaction():
        found = find_worker(control, given).find_hits(**wanted)
        return show_page(given, "hits", found, _show_hit)


@operation("GET", "/workers/{worker_id}/hits/{hit_id}", _PREVIEW, conflicts=(MTurkError,))
def preview_hit(control: Control, given: Given) -> Any:
    """Get a HIT that the worker can preview.

    ``question``: the document as the requester sent it. ``html``: the page of an HTMLQuestion.
    ``url``: that of an ExternalQuestion. ``qualifies``: whether the worker meets the HIT's
    qualification requirements.
    """
    with control.backend.transaction():
        worker = find_worker(control, given)
        hit = worker.preview(given.path["hit_id"])
        qualifies = worker.qualifies(hit)
        return {**_show_hit(hit), **_show_page(hit), "url": hit.url, "qualifies": qualifies}


@operation(
    "POST", "/workers/{worker_id}/accept", _ASSIGNMENT, members=(_HIT_ID,), conflicts=(MTurkError,)
)
def accept_hit(control: Control, given: Given) -> Any:
    """Accept a HIT; the result is the new assignment."""
    with control.backend.transaction():
        return _show_assignment(find_worker(control, given).accept(given.body["hit_id"]))


@operation(
    "POST", "/workers/{worker_id}/answer", _ASSIGNMENT, members=(_HIT_ID,), conflicts=(MTurkError,)
)
def answer_hit(control: Control, given: Given) -> Any:
    """Accept a HIT, fill in its form with valid values, and submit it."""
    with control.backend.transaction():
        return _show_assignment(find_worker(control, given).answer(given.body["hit_id"]))


@operation(
    "POST",
    "/workers/{worker_id}/submit",
    _ASSIGNMENT,
    members=(_ASSIGNMENT_ID, Member("answer", ANSWER, ANSWER_DOC, required=True), CHECK),
    conflicts=(MTurkError,),
)
def submit_assignment(control: Control, given: Given) -> Any:
    """Submit the work on an assignment that the worker has accepted."""
    answer = read_answer(given.body["answer"])
    with control.backend.transaction():
        assignment = _find_assignment(control, given, given.body["assignment_id"])
        return _show_assignment(assignment.submit(answer, check=given.body.get("check", True)))


@operation(
    "POST",
    "/workers/{worker_id}/return",
    _ASSIGNMENT,
    members=(_ASSIGNMENT_ID,),
    conflicts=(MTurkError,),
)
def return_assignment(control: Control, given: Given) -> Any:
    """Return the HIT of an assignment without submitting it."""
    with control.backend.transaction():
        assignment = _find_assignment(control, given, given.body["assignment_id"])
        assignment.return_hit()
        return _show_assignment(assignment)


@operation(
    "GET",
    "/workers/{worker_id}/assignments",
    an_object(assignments=a_list(_ASSIGNMENT), total=WHOLE),
    query=PAGE,
)
def list_assignments(control: Control, given: Given) -> Any:
    """List all assignments that the worker has accepted."""
    with control.backend.transaction():
        accepted = find_worker(control, given).assignments
        return show_page(given, "assignments", accepted, _show_assignment)


@operation("GET", "/workers/{worker_id}/assignments/{assignment_id}", _ASSIGNMENT)
def get_assignment(control: Control, given: Given) -> Any:
    """Get an assignment of the worker."""
    with control.backend.transaction():
        return _show_assignment(_find_assignment(control, given, given.path["assignment_id"]))


def _find_assignment(control: Control, given: Given, assignment_id: str) -> Assignment:
    worker = find_worker(control, given)
    with control.backend.transaction() as (marketplace, _):
        try:
            _, found = marketplace.find_assignment(assignment_id)
        except MTurkError:
            found = None
        if found is None or found.worker_id != worker.id:
            raise not_found(f"The worker {worker.id} has no assignment {quote(assignment_id)}.")
        return Assignment(control.backend, found)


def read_answer(answer: Any) -> Any:
    """Return the fields of a form, with bytes for each ``{"base64": TEXT}``; texts as they are."""
    if not isinstance(answer, dict):
        return answer
    return {name: _read_field(name, value) for name, value in answer.items()}


def _read_field(name: str, value: Any) -> Any:
    if not isinstance(value, dict) or value.keys() != {"base64"}:
        return value
    try:
        return base64.b64decode(value["base64"], validate=True)
    except (TypeError, ValueError):
        problem = f"the field {quote(name)} takes a file as base64, not {quote(value['base64'])}"
        raise ValueError(problem) from None


def _show_hit(hit: HIT) -> dict[str, Any]:
    names = ("hit_type_id", "hit_group_id", "requester", "environment")
    described = ("title", "description", "keywords")
    return {
        "id": hit.id,
        **{name: getattr(hit, name) for name in (*names, *described)},
        "reward": write_money(hit.reward),
        "assignment_duration_in_seconds": hit.assignment_duration,
        "status": hit.status,
        "created": write_time(hit.creation_time),
        "expires": write_time(hit.expiration),
        "max_assignments": hit.max_assignments,
        "available": hit.available,
    }


def _show_page(hit: HIT) -> dict[str, Any]:
    return {"question": hit.question, "html": hit.html}


def _show_assignment(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "hit_id": assignment.hit_id,
        "worker_id": assignment.worker_id,
        "status": assignment.status,
        "accepted": write_time(assignment.accept_time),
        "deadline": write_time(assignment.deadline),
        "submitted": write_time(assignment.submit_time),
        "auto_approved": write_time(assignment.auto_approval_time),
        "approved": write_time(assignment.approval_time),
        "rejected": write_time(assignment.rejection_time),
        "feedback": assignment.requester_feedback,
        "answer": assignment.answer or None,
        **_show_page(assignment.hit),
        "url": assignment.url,
    }
