"""What workers do to get qualifications: request them, and take their tests."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core.errors import MTurkError
from mturk_mock.core.quoting import quote
from mturk_mock.model.qualification import RequestStatus
from mturk_mock.server.control.refusal import not_found
from mturk_mock.server.control.schemas import (
    TEXT,
    TEXT_OR_NULL,
    TIME_OR_NULL,
    an_object,
    one_of,
    write_time,
)
from mturk_mock.server.control.table import Control, Given, Member, operation
from mturk_mock.server.control.work import ANSWER, ANSWER_DOC, CHECK, ID, read_answer
from mturk_mock.server.control.workers import find_worker
from mturk_mock.workforce.qualification import QualificationRequest

_PATH: Final = "/workers/{worker_id}/qualification_requests"
_REQUEST: Final = an_object(
    id=TEXT,
    qualification_type_id=TEXT,
    worker_id=TEXT,
    status=one_of(RequestStatus),
    test=TEXT_OR_NULL,
    deadline=TIME_OR_NULL,
    submitted=TIME_OR_NULL,
    answer=TEXT_OR_NULL,
    reason=TEXT_OR_NULL,
)


@operation(
    "POST",
    _PATH,
    _REQUEST,
    members=(
        Member("qualification_type_id", ID, "The QualificationTypeId.", required=True),
        Member("answer", ANSWER, f"The answers to the test. {ANSWER_DOC}"),
        CHECK,
    ),
    conflicts=(MTurkError,),
)
def request_qualification(control: Control, given: Given) -> Any:
    """Request a qualification, with or without the answers to its test."""
    answers = read_answer(given.body.get("answer"))
    with control.backend.transaction():
        request = find_worker(control, given).request_qualification(
            given.body["qualification_type_id"], answers, check=given.body.get("check", True)
        )
        return _show_request(request)


@operation("GET", f"{_PATH}/{{request_id}}", _REQUEST)
def get_qualification_request(control: Control, given: Given) -> Any:
    """Get a request of the worker, with the test to answer."""
    with control.backend.transaction():
        return _show_request(_find_request(control, given))


@operation(
    "POST",
    f"{_PATH}/{{request_id}}/submit",
    _REQUEST,
    members=(Member("answer", ANSWER, ANSWER_DOC, required=True), CHECK),
    conflicts=(MTurkError,),
)
def submit_test(control: Control, given: Given) -> Any:
    """Submit the test of a request that is Open."""
    answers = read_answer(given.body["answer"])
    with control.backend.transaction():
        request = _find_request(control, given)
        return _show_request(request.submit(answers, check=given.body.get("check", True)))


def _find_request(control: Control, given: Given) -> QualificationRequest:
    worker, request_id = find_worker(control, given), given.path["request_id"]
    with control.backend.transaction() as (marketplace, _):
        try:
            _, found = marketplace.find_qualification_request(request_id)
        except MTurkError:
            found = None
        if found is None or found.worker_id != worker.id:
            what = f"qualification request {quote(request_id)}"
            raise not_found(f"The worker {worker.id} has no {what}.")
        return QualificationRequest(control.backend, found)


def _show_request(request: QualificationRequest) -> dict[str, Any]:
    names = ("qualification_type_id", "worker_id", "status", "test", "answer", "reason")
    return {
        "id": request.id,
        **{name: getattr(request, name) for name in names},
        "deadline": write_time(request.deadline),
        "submitted": write_time(request.submit_time),
    }
