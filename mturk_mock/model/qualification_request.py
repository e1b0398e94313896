"""Requests for qualifications, from the wish to the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND
from mturk_mock.model.qualification import (
    Examination,
    QualificationType,
    Register,
    grant,
    require_active,
    require_not_deleted,
)

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.questions.answers import Answer

GRANTED: Final = "Granted"
#: A request whose test is being taken; the requester does not see it. [doc]
OPEN: Final = "Open"
#: A request that waits for the requester. [doc]
SUBMITTED: Final = "Submitted"
REJECTED: Final = "Rejected"
#: A request whose test was not submitted in time.
EXPIRED: Final = "Expired"

TEST_ENDS: Final = "qualification test ends"


@dataclass(slots=True)
class Request:
    """One person's wish for a qualification; times in microseconds since 1970.

    The test is the one of the time of the request. [doc]
    """

    id: str
    qualification_type_id: str
    worker_id: str
    request_time: int
    examination: Examination | None
    status: str = OPEN
    number: int = -1  # its place among the environment's submitted ones, oldest first
    answer: str | None = None
    submit_time: int | None = None
    reason: str | None = None

    @property
    def deadline(self) -> int | None:
        """Until when the test can be submitted, None without a test."""
        if self.examination is None:
            return None
        return self.request_time + self.examination.duration * SECOND


def become(register: Register, request: Request, status: str) -> None:
    """Give a request a status; nothing else does once it is here, so the lists are right."""
    type_ = register.types[request.qualification_type_id]
    if request.status == SUBMITTED:
        for key in (type_.owner, type_.id):
            register.waiting.discard(key, request.number)
    request.status = status
    enlist(register, request)


def enlist(register: Register, request: Request) -> None:
    """Put a request on the lists that its status says."""
    type_ = register.types[request.qualification_type_id]
    if request.status == SUBMITTED:
        for key in (type_.owner, type_.id):
            register.waiting.add(key, request)
    if request.status in (OPEN, SUBMITTED):
        type_.undecided.add(request.id)
    else:
        type_.undecided.discard(request.id)


def check_requestable(type_: QualificationType, worker_id: str, now: int) -> tuple[str, str]:
    """Raise what the worker site would say to somebody who may not ask for the type.

    Returns the owner. PermissionDenied for the system's types [assumed],
    InvalidQualificationTypeState for those that are not Active, and what `_check_retry`
    raises.
    """
    if type_.owner is None:
        raise errors.PERMISSION_DENIED()
    require_active(type_)
    if worker_id in type_.last_requests:
        _check_retry(type_, now - type_.last_requests[worker_id])
    return type_.owner


def _check_retry(type_: QualificationType, waited: int) -> None:
    """Raise QualificationTypeDoesNotAllowRetake, or QualificationTypeRetryDelayNotElapsed.

    Without a delay there is one request ever, whatever became of it [doc]; the delay counts
    from the last request. [assumed], the documentation says this and that
    """
    if type_.retry_delay is None:
        raise errors.QUALIFICATION_TYPE_DOES_NOT_ALLOW_RETAKE(id=type_.id)
    if waited < type_.retry_delay * SECOND:
        raise errors.QUALIFICATION_TYPE_RETRY_DELAY_NOT_ELAPSED(
            id=type_.id, delay=type_.retry_delay
        )


def ask(
    register: Register, type_: QualificationType, owner: tuple[str, str], request: Request
) -> None:
    """Let a worker ask for the owner's type, which was checked to be requestable. [doc]

    It is granted at once, or waits for the requester, or until its test is submitted.
    """
    register.requests[request.id] = request
    enlist(register, request)
    type_.last_requests[request.worker_id] = request.request_time
    if type_.auto_granted_value is not None:
        _hand_in(register, request, request.request_time)
        become(register, request, GRANTED)
        grant(type_, request.worker_id, type_.auto_granted_value, request.request_time)
    elif request.deadline is None:
        _hand_in(register, request, request.request_time)
    else:
        register.schedule.add(request.deadline, TEST_ENDS, owner, request.id)


def _hand_in(register: Register, request: Request, now: int) -> None:
    request.submit_time = now
    request.number = len(register.submitted)
    register.submitted.append(request)
    become(register, request, SUBMITTED)


def require_open(request: Request) -> None:
    """Raise InvalidQualificationRequestState unless the test is being taken."""
    if request.status != OPEN:
        raise errors.INVALID_QUALIFICATION_REQUEST_STATE(allowed=OPEN)


def submit_test(register: Register, request: Request, given: list[Answer], now: int) -> None:
    """Hand a test in: its key says the value, or the requester will. [doc]

    A worker who does it again gets the new value, be it less. [assumed]
    """
    from mturk_mock.questions import answer_key, answers  # few types have tests

    require_open(request)
    key = request.examination and request.examination.key
    value = answer_key.read_answer_key(key).score(given) if key else None
    request.answer = answers.render_answers(given)
    _hand_in(register, request, now)
    if value is not None:
        become(register, request, GRANTED)
        grant(register.types[request.qualification_type_id], request.worker_id, value, now)


def require_submitted(request: Request) -> None:
    """Raise InvalidQualificationRequestState unless the request waits for the requester."""
    if request.status != SUBMITTED:
        raise errors.INVALID_QUALIFICATION_REQUEST_STATE(allowed=SUBMITTED)


def delete_type(register: Register, type_: QualificationType) -> None:
    """Delete a type: what was asked for is rejected, what was granted stays. [doc]"""
    require_not_deleted(type_)
    register.become(type_, type_.status, deleted=True)
    for request_id in sorted(type_.undecided):
        become(register, register.requests[request_id], REJECTED)


# What happens to a request by itself ------------------------------------------------------


def will_end(account: Account, request_id: str, due: int) -> bool:
    """Tell whether the test is still being taken."""
    return account.qualifications.requests[request_id].status == OPEN


def happen_end(account: Account, request_id: str, due: int) -> None:
    """Let the time for the test run out. [doc]"""
    register = account.qualifications
    become(register, register.requests[request_id], EXPIRED)
