"""Handles of assignments, by which workers submit and return them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mturk_mock.core.clock import to_datetime, to_datetime_or_none
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.model import assignment as assignments
from mturk_mock.model import assignment_life
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.questions.answering import read_work
from mturk_mock.questions.question import read_question
from mturk_mock.workforce.handle import Handle

#: Where the forms of external pages post to. [doc]
SUBMIT_TO: Final = {
    PRODUCTION: "https://www.mturk.com",
    SANDBOX: "https://workersandbox.mturk.com",
}


class Assignment(Handle[Account, assignments.Assignment]):
    """One worker's work on a HIT."""

    __slots__ = ()

    _advice = "mturk.assignments"

    def _look_up(self, marketplace: Marketplace) -> tuple[Account, assignments.Assignment]:
        return marketplace.find_assignment(self._id)

    @property
    def hit_id(self) -> str:
        """The HITId."""
        return self._object.hit_id

    @property
    def worker_id(self) -> str:
        """The WorkerId."""
        return self._object.worker_id

    @property
    def status(self) -> str:
        """Accepted, Submitted, Approved, Rejected, Returned or Abandoned."""
        return self._object.status

    @property
    def accept_time(self) -> datetime:
        """The AcceptTime."""
        return to_datetime(self._object.accept_time)

    @property
    def deadline(self) -> datetime:
        """The time at which it is abandoned, unless it is submitted or returned before."""
        return to_datetime(self._object.deadline)

    @property
    def submit_time(self) -> datetime | None:
        """The SubmitTime, None before."""
        return to_datetime_or_none(self._object.submit_time)

    @property
    def auto_approval_time(self) -> datetime | None:
        """The time at which it is approved without a review, None before it is submitted."""
        return to_datetime_or_none(self._object.auto_approval_time)

    @property
    def approval_time(self) -> datetime | None:
        """The ApprovalTime, None if it is not approved."""
        return to_datetime_or_none(self._object.approval_time)

    @property
    def rejection_time(self) -> datetime | None:
        """The RejectionTime, None if it is not rejected."""
        return to_datetime_or_none(self._object.rejection_time)

    @property
    def requester_feedback(self) -> str | None:
        """The RequesterFeedback of the review, None without one."""
        return self._object.feedback

    @property
    def answer(self) -> str:
        """The QuestionFormAnswers document, empty before it is submitted."""
        return self._object.answer

    @property
    def url(self) -> str | None:
        """The URL of an ExternalQuestion for this assignment; None for other questions. [doc]"""
        account, assignment = self._found
        return read_question(account.hits[assignment.hit_id].question).url_for(
            assignmentId=assignment.id,
            hitId=assignment.hit_id,
            workerId=assignment.worker_id,
            turkSubmitTo=SUBMIT_TO[account.environment],
        )

    def submit(self, answer: Mapping[str, Any] | str, *, check: bool = True) -> Assignment:
        """Submit the work, and return the assignment.

        `answer`: the fields of the form, as a dict, or a QuestionFormAnswers document. In a
        QuestionForm a selection is an identifier, a list of them, or a dict of `selections`
        and `other`, and a file is its bytes.
        `check`: reject fields that the page would reject: unknown ones, missing required ones,
        and values that break the form's constraints. The service did not guarantee the
        constraints [doc], so check=False submits any values.
        Raises MTurkError if the assignment is not Accepted (InvalidAssignmentState) or the
        document is invalid (XMLParseError), ValueError for fields that the page rejects,
        TypeError or ValueError for values that no form can send.
        """
        with self._backend.transaction() as (marketplace, now):
            account, assignment = self._find(marketplace)
            page = read_question(account.hits[assignment.hit_id].question)
            work = read_work(page, answer, assignment.id, check=check)
            assignment_life.submit(account, assignment, work.document, now)
            assignment.files = work.files or None
        return self

    def return_hit(self) -> None:
        """Return the HIT without submitting; MTurkError if the assignment is not Accepted."""
        with self._backend.transaction() as (marketplace, now):
            account, assignment = self._find(marketplace)
            assignment_life.give_back(account, assignment, assignments.RETURNED, now)

    def _describe(self, assignment: assignments.Assignment) -> str:
        return f"of HIT {assignment.hit_id} by {assignment.worker_id}, {assignment.status}"
