"""Assignments, as those see them who work on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mturk_mock.core.clock import to_datetime
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.model import assignment as assignments
from mturk_mock.model import assignment_life
from mturk_mock.model.account import Account
from mturk_mock.questions.answering import read_work
from mturk_mock.questions.question import read_question
from mturk_mock.workforce.handle import Handle

#: Where the forms of external pages post to. [doc]
SUBMIT_TO: Final = {
    PRODUCTION: "https://www.mturk.com",
    SANDBOX: "https://workersandbox.mturk.com",
}


class Assignment(Handle):
    """One person's work on one HIT, as it is at the moment of asking."""

    def _find(self) -> tuple[Account, assignments.Assignment]:
        with self._backend.transaction() as (marketplace, _):
            return marketplace.find_assignment(self._id)

    @property
    def _assignment(self) -> assignments.Assignment:
        return self._find()[1]

    @property
    def hit_id(self) -> str:
        """The HITId."""
        return self._assignment.hit_id

    @property
    def worker_id(self) -> str:
        """The WorkerId."""
        return self._assignment.worker_id

    @property
    def status(self) -> str:
        """Accepted, Submitted, Approved, Rejected, Returned or Abandoned."""
        return self._assignment.status

    @property
    def accept_time(self) -> datetime:
        """When it was accepted."""
        return to_datetime(self._assignment.accept_time)

    @property
    def deadline(self) -> datetime:
        """When it is abandoned, unless it is submitted or returned before."""
        return to_datetime(self._assignment.deadline)

    @property
    def submit_time(self) -> datetime | None:
        """When it was submitted, None if it was not."""
        return _optional(self._assignment.submit_time)

    @property
    def auto_approval_time(self) -> datetime | None:
        """When it is approved without a review, None before it is submitted."""
        return _optional(self._assignment.auto_approval_time)

    @property
    def approval_time(self) -> datetime | None:
        """When it was approved, None if it was not."""
        return _optional(self._assignment.approval_time)

    @property
    def rejection_time(self) -> datetime | None:
        """When it was rejected, None if it is not."""
        return _optional(self._assignment.rejection_time)

    @property
    def requester_feedback(self) -> str | None:
        """What the requester wrote with the review, None if nothing."""
        return self._assignment.feedback

    @property
    def answer(self) -> str:
        """The QuestionFormAnswers document, empty before it is submitted."""
        return self._assignment.answer

    @property
    def url(self) -> str | None:
        """An ExternalQuestion's page for this assignment; None for other questions. [doc]"""
        account, assignment = self._find()
        return read_question(account.hits[assignment.hit_id].question).url_for(
            assignmentId=assignment.id,
            hitId=assignment.hit_id,
            workerId=assignment.worker_id,
            turkSubmitTo=SUBMIT_TO[account.environment],
        )

    def submit(self, answer: Mapping[str, Any] | str, *, check: bool = True) -> Assignment:
        """Hand the work in, and return it.

        `answer`: the fields of the form, as a dict, or a QuestionFormAnswers document. In a
        QuestionForm a selection is an identifier, a list of them, or a dict of `selections`
        and `other`, and a file is its bytes.
        `check`: refuse fields that the worker's page would refuse: unknown ones, required
        ones left out, and whatever does not keep to the form's constraints. The service did
        not guarantee that they hold [doc], so check=False submits what it is given.
        Raises MTurkError if the work is not open any more (InvalidAssignmentState) or the
        document is none (XMLParseError), ValueError for fields that the page refuses,
        TypeError or ValueError for what no form can send.
        """
        with self._backend.transaction() as (marketplace, now):
            account, assignment = marketplace.find_assignment(self._id)
            page = read_question(account.hits[assignment.hit_id].question)
            work = read_work(page, answer, assignment.id, check=check)
            assignment_life.submit(account, assignment, work.document, now)
            assignment.files = work.files or None
        return self

    def return_hit(self) -> None:
        """Give the work back undone; MTurkError if it is not open any more."""
        with self._backend.transaction() as (marketplace, now):
            account, assignment = marketplace.find_assignment(self._id)
            assignment_life.give_back(account, assignment, assignments.RETURNED, now)

    def __repr__(self) -> str:
        assignment = self._assignment
        return (
            f"<Assignment {assignment.id} of HIT {assignment.hit_id} "
            f"by {assignment.worker_id}, {assignment.status}>"
        )


def _optional(moment: int | None) -> datetime | None:
    return None if moment is None else to_datetime(moment)
