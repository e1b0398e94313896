"""Requests for qualifications, as those see them who ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mturk_mock.core.clock import to_datetime
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.qualification import Request
from mturk_mock.questions.answering import read_work
from mturk_mock.questions.answers import Answer
from mturk_mock.questions.question import read_question
from mturk_mock.workforce.handle import Handle

#: What a worker answers: a form's fields, or a QuestionFormAnswers document.
Answers = Mapping[str, Any] | str


class QualificationRequest(Handle):
    """One person's wish for one qualification, as it is at the moment of asking."""

    @property
    def _request(self) -> Request:
        with self._backend.transaction() as (marketplace, _):
            return marketplace.find_qualification_request(self._id)[1]

    @property
    def qualification_type_id(self) -> str:
        """The QualificationTypeId."""
        return self._request.qualification_type_id

    @property
    def worker_id(self) -> str:
        """The WorkerId."""
        return self._request.worker_id

    @property
    def status(self) -> str:
        """Open (its test is being taken), Submitted, Granted, Rejected or Expired."""
        return self._request.status

    @property
    def test(self) -> str | None:
        """The test, a QuestionForm; None if the qualification has none."""
        examination = self._request.examination
        return None if examination is None else examination.document

    @property
    def deadline(self) -> datetime | None:
        """When the time for the test is over; None without a test."""
        deadline = self._request.deadline
        return None if deadline is None else to_datetime(deadline)

    @property
    def submit_time(self) -> datetime | None:
        """When it was submitted, with its test where there is one; None if it was not."""
        submit_time = self._request.submit_time
        return None if submit_time is None else to_datetime(submit_time)

    @property
    def answer(self) -> str | None:
        """The QuestionFormAnswers document that was submitted, None without one."""
        return self._request.answer

    @property
    def reason(self) -> str | None:
        """Why the requester rejected it, None if nothing was said."""
        return self._request.reason

    def submit(self, answers: Answers, *, check: bool = True) -> QualificationRequest:
        """Hand the test in, and return the request.

        `answers` and `check`: as for the submit of an assignment.
        Raises MTurkError if the test is not being taken any more
        (InvalidQualificationRequestState) or the document is none (XMLParseError),
        ValueError for fields that the form refuses, TypeError or ValueError for what no
        form can send.
        """
        with self._backend.transaction() as (marketplace, now):
            register, request = marketplace.find_qualification_request(self._id)
            requests.require_open(request)
            given = read_answers(request, answers, check)
            requests.submit_test(register, request, given, now)
        return self

    def __repr__(self) -> str:
        request = self._request
        return (
            f"<QualificationRequest {request.id} for {request.qualification_type_id} "
            f"by {request.worker_id}, {request.status}>"
        )


def request_qualification(
    marketplace: Marketplace,
    type_id: str,
    worker_id: str,
    answers: Answers | None,
    now: int,
    *,
    check: bool,
) -> str:
    """Let a worker ask for a qualification, and answer its test where there are answers.

    Returns the id of the request. Nothing has happened if it raises anything.
    """
    register, type_ = marketplace.find_qualification_type(type_id)
    owner = requests.check_requestable(type_, worker_id, now)
    # The id is drawn last: a request that is refused uses none up.
    request = Request("", type_id, worker_id, now, type_.examination)
    given = None if answers is None else read_answers(request, answers, check)
    request.id = marketplace.ids.entity("QualificationRequest")
    requests.ask(register, type_, owner, request)
    if given is not None:
        requests.submit_test(register, request, given, now)
    return request.id


def read_answers(request: Request, given: Answers, check: bool) -> list[Answer]:
    """Return the answers to a request's test, given as fields or as a document."""
    if request.examination is None:
        raise ValueError(
            f"qualification type {request.qualification_type_id} has no test to answer"
        )
    return read_work(read_question(request.examination.document), given, check=check).answers
