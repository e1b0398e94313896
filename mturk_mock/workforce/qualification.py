"""Qualification requests: their handles, and how workers make them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.recording import REQUEST, TEST
from mturk_mock.core.clock import to_datetime_or_none
from mturk_mock.core.html_table import Cells
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.qualification import Register, Request, RequestStatus
from mturk_mock.questions.answering import read_work
from mturk_mock.questions.answers import Answer
from mturk_mock.questions.question import read_question
from mturk_mock.workforce.handle import Handle

#: The answers to a test: a dict of the form's fields, or a QuestionFormAnswers document.
Answers = Mapping[str, Any] | str


class QualificationRequest(Handle[Register, Request]):
    """A worker's request for a qualification, from `Worker.request_qualification`."""

    __slots__ = ()

    _advice = "worker.request_qualification(type_id)"

    def _look_up(self, marketplace: Marketplace) -> tuple[Register, Request]:
        return marketplace.find_qualification_request(self._id)

    @property
    def qualification_type_id(self) -> str:
        """The QualificationTypeId."""
        return self._object.qualification_type_id

    @property
    def worker_id(self) -> str:
        """The WorkerId."""
        return self._object.worker_id

    @property
    def status(self) -> RequestStatus:
        """The status: Open, Submitted, Granted, Rejected or Expired.

        Open: the worker has not yet submitted the test. Submitted: the request waits for the
        requester.
        """
        return self._object.status

    @property
    def test(self) -> str | None:
        """The Test, a QuestionForm document; None if the qualification type has no test."""
        examination = self._object.examination
        return None if examination is None else examination.document

    @property
    def deadline(self) -> datetime | None:
        """The time until which the test can be submitted; None if there is no test."""
        return to_datetime_or_none(self._object.deadline)

    @property
    def submit_time(self) -> datetime | None:
        """The SubmitTime; None if the worker has not yet submitted the test."""
        return to_datetime_or_none(self._object.submit_time)

    @property
    def answer(self) -> str | None:
        """The QuestionFormAnswers document that the worker submitted; None if there is none."""
        return self._object.answer

    @property
    def reason(self) -> str | None:
        """The requester's Reason for rejecting the request; None if there is none."""
        return self._object.reason

    def submit(self, answers: Answers, *, check: bool = True) -> QualificationRequest:
        """Submit the test, and return the request.

        `answers`, `check` and the errors are those of `Assignment.submit`, except that a request
        that is not Open raises MTurkError with the code InvalidQualificationRequestState.
        """
        with self._backend.transaction() as (marketplace, now):
            register, request = self._find(marketplace)
            requests.require_open(request)
            given = read_answers(request, answers, check)
            with self._backend.recording(TEST, request.worker_id, now) as change:
                requests.submit_test(register, request, given, now)
                change.body = {"request": request.id, "answer": request.answer}
                change.outcome = request.status
        return self

    def _describe(self, register: Register, request: Request) -> str:
        return f"for {request.qualification_type_id} by {request.worker_id}, {request.status}"

    def _summarize(self, register: Register, request: Request) -> Cells:
        return {
            "qualification_type_id": request.qualification_type_id,
            "worker_id": request.worker_id,
            "status": request.status,
            "submit_time": to_datetime_or_none(request.submit_time),
        }


def request_qualification(
    backend: Backend,
    marketplace: Marketplace,
    type_id: str,
    worker_id: str,
    answers: Answers | None,
    now: int,
    *,
    check: bool,
) -> Request:
    """Request a qualification for a worker, and submit its test if there are answers.

    An error leaves the marketplace unchanged.
    """
    register, type_ = marketplace.find_qualification_type(type_id)
    owner = requests.check_requestable(type_, worker_id, now)
    # The ID is drawn last, so that a rejected request uses none.
    request = Request("", type_id, worker_id, now, type_.examination)
    request.generation = marketplace.generation
    given = None if answers is None else read_answers(request, answers, check)
    with backend.recording(REQUEST, worker_id, now) as change:
        request.id = marketplace.ids.entity("QualificationRequest")
        requests.ask(register, type_, owner, request)
        if given is not None:
            requests.submit_test(register, request, given, now)
        change.body = {"type": type_id, "answer": request.answer}
        change.outcome = f"{request.id} {request.status}"
    return request


def read_answers(request: Request, given: Answers, check: bool) -> list[Answer]:
    """Return the answers to a request's test; ValueError if there is no test."""
    if request.examination is None:
        raise ValueError(
            f"qualification type {request.qualification_type_id} has no test to answer"
        )
    return [*read_work(read_question(request.examination.document), given, check=check).answers]
