"""The rules of qualification requests."""

from __future__ import annotations

from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND
from mturk_mock.model.account import Account
from mturk_mock.model.qualification import (
    EXPIRED,
    GRANTED,
    OPEN,
    REJECTED,
    SUBMITTED,
    Owner,
    QualificationType,
    Register,
    Request,
    RequestStatus,
    grant,
    require_active,
    require_not_deleted,
)
from mturk_mock.questions import answer_key, answers
from mturk_mock.questions.answers import Answer

TEST_ENDS: Final = "qualification test ends"


def set_status(register: Register, request: Request, status: RequestStatus, now: int) -> None:
    """Set the status and update the lists. No other code may set the status."""
    owner = register.types[request.qualification_type_id].owner
    for key in (owner, request.qualification_type_id):
        register.waiting.discard(key, request.number)
    request.status = status
    enlist(register, request)
    _tell(register, request, now)


def _tell(register: Register, request: Request, now: int) -> None:
    """Tell a listener the status of a request."""
    owner = register.types[request.qualification_type_id].owner
    register.activity.tell(
        now,
        f"QualificationRequest{request.status}",
        qualification_request_id=request.id,
        qualification_type_id=request.qualification_type_id,
        worker_id=request.worker_id,
        requester=owner and owner[0],
        environment=register.environment,
    )


def enlist(register: Register, request: Request) -> None:
    """Add a request to the lists of its status."""
    type_ = register.types[request.qualification_type_id]
    type_.undecided.discard(request.id)
    if request.status == SUBMITTED:
        register.waiting.move(request, (), (type_.owner, type_.id))
    if request.status in (OPEN, SUBMITTED):
        type_.undecided.add(request.id)


def check_requestable(type_: QualificationType, worker_id: str, now: int) -> tuple[str, str]:
    """Raise the worker site's error if the worker may not request the type.

    Returns the type's owner. Raises PermissionDenied for the system's types [assumed],
    InvalidQualificationTypeState unless the type is Active, and the errors of `_check_retry`.
    """
    if type_.owner is None:
        raise errors.PERMISSION_DENIED()
    require_active(type_)
    _check_retry(type_, worker_id, now)
    return type_.owner


def find_next_request(type_: QualificationType, worker_id: str) -> int | None:
    """Return from when the worker can request the type: 0 for always, None for never again.

    Without a retry delay, a worker can make only one request. [doc] The delay counts from the last
    request. [assumed] because the documentation contradicts itself
    """
    if worker_id not in type_.last_requests:
        return 0
    if type_.retry_delay is None:
        return None
    return type_.last_requests[worker_id] + type_.retry_delay * SECOND


def _check_retry(type_: QualificationType, worker_id: str, now: int) -> None:
    """Raise QualificationTypeDoesNotAllowRetake, or QualificationTypeRetryDelayNotElapsed."""
    moment = find_next_request(type_, worker_id)
    if moment is None:
        raise errors.QUALIFICATION_TYPE_DOES_NOT_ALLOW_RETAKE(id=type_.id)
    if now < moment:
        raise errors.QUALIFICATION_TYPE_RETRY_DELAY_NOT_ELAPSED(
            id=type_.id, delay=type_.retry_delay
        )


def ask(register: Register, type_: QualificationType, owner: Owner, request: Request) -> None:
    """Make a worker's request. [doc] Call `check_requestable` first.

    The request is granted at once, or waits for its test or for the requester's decision.
    """
    register.requests[request.id] = request
    register.activity.note(
        request.request_time, f"worker {request.worker_id} requested qualification type {type_.id}"
    )
    enlist(register, request)
    type_.last_requests[request.worker_id] = request.request_time
    if type_.auto_granted_value is not None:
        _mark_submitted(register, request, request.request_time)
        set_status(register, request, GRANTED, request.request_time)
        grant(type_, request.worker_id, type_.auto_granted_value, request.request_time)
    elif request.deadline is None:
        _mark_submitted(register, request, request.request_time)
    else:
        register.schedule.add(request.deadline, TEST_ENDS, owner, request.id)
        _tell(register, request, request.request_time)


def _mark_submitted(register: Register, request: Request, now: int) -> None:
    request.submit_time = now
    request.number = len(register.submitted)
    register.submitted.append(request)
    set_status(register, request, SUBMITTED, now)


def require_open(request: Request) -> None:
    """Raise InvalidQualificationRequestState unless the test is open."""
    if request.status != OPEN:
        raise errors.QUALIFICATION_TEST_NOT_OPEN(id=request.id, status=request.status)


def submit_test(register: Register, request: Request, given: list[Answer], now: int) -> None:
    """Submit a test; its AnswerKey or the requester scores it. [doc]

    If a worker takes the test again, the new value counts, even if it is lower. [assumed]
    """
    require_open(request)
    key = request.examination and request.examination.key
    value = answer_key.read_answer_key(key).score(given) if key else None
    request.answer = answers.render_answers(given)
    what = f"the test of qualification type {request.qualification_type_id}"
    register.activity.note(now, f"worker {request.worker_id} submitted {what}")
    _mark_submitted(register, request, now)
    if value is not None:
        set_status(register, request, GRANTED, now)
        grant(register.types[request.qualification_type_id], request.worker_id, value, now)


def require_submitted(request: Request) -> None:
    """Raise InvalidQualificationRequestState unless the request waits for a decision."""
    if request.status != SUBMITTED:
        raise errors.INVALID_QUALIFICATION_REQUEST_STATE(allowed=SUBMITTED)


def delete_type(register: Register, type_: QualificationType, now: int) -> None:
    """Delete a qualification type.

    Undecided requests for a deleted type are rejected; granted qualifications stay. [doc]
    """
    require_not_deleted(type_)
    register.set_status(type_, type_.status, deleted=True)
    for request_id in sorted(type_.undecided):
        set_status(register, register.requests[request_id], REJECTED, now)


# Events -----------------------------------------------------------------------------------


def will_test_end(account: Account, request_id: str, due: int) -> bool:
    """Tell whether the test is still open."""
    return account.qualifications.requests[request_id].status == OPEN


def run_test_end(account: Account, request_id: str, due: int) -> None:
    """Expire the request when the time for its test is over. [doc]"""
    register = account.qualifications
    set_status(register, register.requests[request_id], EXPIRED, due)
