"""Handles of HITs and of their assignments, by which workers submit and return them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mturk_mock.core.clock import to_datetime, to_datetime_or_none
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.html_table import Cells, Listing
from mturk_mock.model import assignment as assignments
from mturk_mock.model import assignment_life
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.questions.answering import read_work
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID, read_question
from mturk_mock.workforce.handle import Handle

#: Where the forms of external pages post to. [doc]
SUBMIT_TO: Final = {
    PRODUCTION: "https://www.mturk.com",
    SANDBOX: "https://workersandbox.mturk.com",
}


class HIT(Handle[Account, hits.HIT]):
    """A HIT of any requester."""

    __slots__ = ()

    _advice = "mturk.hits"

    def _look_up(self, marketplace: Marketplace) -> tuple[Account, hits.HIT]:
        return marketplace.find_hit(self._id)

    @property
    def hit_id(self) -> str:
        """The HITId."""
        return self._id

    @property
    def hit_type_id(self) -> str:
        """The HITTypeId."""
        return self._object.type.id

    @property
    def hit_group_id(self) -> str:
        """The HITGroupId."""
        return self._object.type.group_id

    @property
    def requester(self) -> str:
        """The name of the requester."""
        return self._found[0].requester

    @property
    def environment(self) -> str:
        """The environment of the HIT: `production` or `sandbox`."""
        return self._found[0].environment

    @property
    def title(self) -> str:
        """The title."""
        return self._object.type.properties.title

    @property
    def description(self) -> str:
        """The description."""
        return self._object.type.properties.description

    @property
    def keywords(self) -> str:
        """The keywords, empty if there are none."""
        return self._object.type.properties.keywords or ""

    @property
    def reward(self) -> Decimal:
        """The reward of an approved assignment, in dollars."""
        return self._object.type.properties.reward

    @property
    def assignment_duration(self) -> int:
        """The time from accepting to submitting, in seconds."""
        return self._object.type.properties.assignment_duration

    @property
    def requester_annotation(self) -> str | None:
        """The RequesterAnnotation, which workers do not see; None without one."""
        return self._object.annotation

    @property
    def question(self) -> str:
        """The question document, as it was sent."""
        return self._object.question

    @property
    def status(self) -> hits.Status:
        """The HITStatus: Assignable, Unassignable, Reviewable, Reviewing or Disposed."""
        return self._object.status

    @property
    def creation_time(self) -> datetime:
        """The CreationTime."""
        return to_datetime(self._object.creation_time)

    @property
    def expiration(self) -> datetime:
        """The time at which it expires, or did."""
        return to_datetime(self._object.expiration)

    @property
    def max_assignments(self) -> int:
        """The MaxAssignments."""
        return self._object.max_assignments

    @property
    def available(self) -> int:
        """The number of assignments left to accept; an expired HIT keeps them."""
        return self._object.available

    @property
    def pending(self) -> int:
        """The number of assignments that workers are working on."""
        return self._object.pending

    @property
    def completed(self) -> int:
        """The number of assignments that were approved or rejected."""
        return self._object.completed

    @property
    def assignments(self) -> list[Assignment]:
        """Every assignment that was accepted, in the order of acceptance."""
        with self._backend.transaction() as (marketplace, _):
            account, hit = self._find(marketplace)
            return Listing(
                Assignment(self._backend, account.assignments[id_]) for id_ in hit.assignment_ids
            )

    @property
    def html(self) -> str | None:
        """The page of an HTMLQuestion; None for other questions."""
        return read_question(self.question).html

    @property
    def url(self) -> str | None:
        """The URL of an ExternalQuestion's preview; None for other questions."""
        page = read_question(self.question)
        return page.url_for(assignmentId=PREVIEW_ASSIGNMENT_ID, hitId=self._id)

    def _describe(self, account: Account, hit: hits.HIT) -> str:
        taken = hit.max_assignments - hit.available
        title = hit.type.properties.title
        where = f", {SANDBOX}" if account.environment == SANDBOX else ""
        return f"{title!r} {hit.status}, {taken} of {hit.max_assignments} taken{where}"

    def _summarize(self, account: Account, hit: hits.HIT) -> Cells:
        return {
            "title": hit.type.properties.title,
            "status": hit.status,
            "reward": hit.type.properties.reward,
            "max_assignments": hit.max_assignments,
            "available": hit.available,
            "pending": hit.pending,
            "completed": hit.completed,
            "expiration": to_datetime(hit.expiration),
            "requester": account.requester,
            "environment": account.environment,
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
    def hit(self) -> HIT:
        """The HIT."""
        with self._backend.transaction() as (marketplace, _):
            account, assignment = self._find(marketplace)
            return HIT(self._backend, account.hits[assignment.hit_id])

    @property
    def worker_id(self) -> str:
        """The WorkerId."""
        return self._object.worker_id

    @property
    def status(self) -> assignments.Status:
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

    def _describe(self, account: Account, assignment: assignments.Assignment) -> str:
        return f"of HIT {assignment.hit_id} by {assignment.worker_id}, {assignment.status}"

    def _summarize(self, account: Account, assignment: assignments.Assignment) -> Cells:
        return {
            "hit_id": assignment.hit_id,
            "worker_id": assignment.worker_id,
            "status": assignment.status,
            "accept_time": to_datetime(assignment.accept_time),
            "submit_time": to_datetime_or_none(assignment.submit_time),
            "requester_feedback": assignment.feedback,
        }
