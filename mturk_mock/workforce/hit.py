"""Handles of HITs and assignments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.recording import RETURN, SUBMIT
from mturk_mock.core.arguments import listing_arguments
from mturk_mock.core.clock import to_datetime, to_datetime_or_none
from mturk_mock.core.environment import SANDBOX
from mturk_mock.core.html_table import Cells, Listing
from mturk_mock.model import assignment as assignments
from mturk_mock.model import assignment_life
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.questions.answering import read_work
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID, read_question
from mturk_mock.workforce.handle import Handle


class HIT(Handle[Account, hits.HIT]):
    """A HIT of any requester and environment. `mturk.hits` and `Worker.find_hits` return HITs."""

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
        """The Title."""
        return self._object.type.properties.title

    @property
    def description(self) -> str:
        """The Description."""
        return self._object.type.properties.description

    @property
    def keywords(self) -> str:
        """The Keywords; empty if there are none."""
        return self._object.type.properties.keywords or ""

    @property
    def reward(self) -> Decimal:
        """The Reward for an approved assignment, in US dollars."""
        return self._object.type.properties.reward

    @property
    def assignment_duration(self) -> int:
        """The AssignmentDurationInSeconds: the time that a worker has to submit an assignment."""
        return self._object.type.properties.assignment_duration

    @property
    def requester_annotation(self) -> str | None:
        """The RequesterAnnotation, which workers do not see; None if there is none."""
        return self._object.annotation

    @property
    def question(self) -> str:
        """The Question document, as the requester sent it."""
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
        """The Expiration, in the past for an expired HIT."""
        return to_datetime(self._object.expiration)

    @property
    def max_assignments(self) -> int:
        """The MaxAssignments."""
        return self._object.max_assignments

    @property
    def available(self) -> int:
        """The number of assignments left to accept. Expiration does not change it."""
        return self._object.available

    @property
    def pending(self) -> int:
        """The number of assignments that workers have accepted and not yet submitted."""
        return self._object.pending

    @property
    def completed(self) -> int:
        """The number of assignments that have been approved or rejected."""
        return self._object.completed

    @property
    def assignments(self) -> list[Assignment]:
        """All assignments in the order of acceptance, including returned and abandoned ones."""
        with self._backend.transaction() as (marketplace, _):
            account, hit = self._find(marketplace)
            return Listing(
                Assignment(self._backend, account.assignments[id_]) for id_ in hit.assignment_ids
            )

    @property
    def html(self) -> str | None:
        """The HTML page of an HTMLQuestion; None for other questions."""
        return read_question(self.question).html

    @property
    def url(self) -> str | None:
        """The preview URL of an ExternalQuestion; None for other questions."""
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
    """One worker's work on a HIT. `Worker.accept` and `mturk.assignments` return assignments."""

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
        """The HIT of the assignment."""
        with self._backend.transaction() as (marketplace, _):
            account, assignment = self._find(marketplace)
            return HIT(self._backend, account.hits[assignment.hit_id])

    @property
    def worker_id(self) -> str:
        """The WorkerId."""
        return self._object.worker_id

    @property
    def status(self) -> assignments.Status:
        """The status: Accepted, Submitted, Approved, Rejected, Returned or Abandoned."""
        return self._object.status

    @property
    def accept_time(self) -> datetime:
        """The AcceptTime."""
        return to_datetime(self._object.accept_time)

    @property
    def deadline(self) -> datetime:
        """The time at which the assignment is abandoned if it is neither submitted nor returned."""
        return to_datetime(self._object.deadline)

    @property
    def submit_time(self) -> datetime | None:
        """The SubmitTime; None if the assignment is not submitted."""
        return to_datetime_or_none(self._object.submit_time)

    @property
    def auto_approval_time(self) -> datetime | None:
        """The AutoApprovalTime, at which unreviewed work is approved; None if not submitted."""
        return to_datetime_or_none(self._object.auto_approval_time)

    @property
    def approval_time(self) -> datetime | None:
        """The ApprovalTime; None if the assignment is not approved."""
        return to_datetime_or_none(self._object.approval_time)

    @property
    def rejection_time(self) -> datetime | None:
        """The RejectionTime; None if the assignment is not rejected."""
        return to_datetime_or_none(self._object.rejection_time)

    @property
    def requester_feedback(self) -> str | None:
        """The RequesterFeedback of the review; None if there is none."""
        return self._object.feedback

    @property
    def answer(self) -> str:
        """The QuestionFormAnswers document; empty if the assignment is not submitted."""
        return self._object.answer

    @property
    def url(self) -> str | None:
        """The URL of an ExternalQuestion, with the IDs of the assignment, the HIT and the worker.

        None for other questions. [doc]
        """
        account, assignment = self._found
        return read_question(account.hits[assignment.hit_id].question).url_for(
            assignmentId=assignment.id,
            hitId=assignment.hit_id,
            workerId=assignment.worker_id,
            turkSubmitTo=self._backend.sites.submit_to[account.environment],
        )

    @listing_arguments
    def submit(self, answer: Mapping[str, Any] | str, *, check: bool = True) -> Assignment:
        """Submit the work, and return the assignment.

        - `answer`: a dict of the form's fields, or a QuestionFormAnswers document. For a
          QuestionForm, the value of a selection is an identifier, a list of identifiers, or a
          dict of `selections` and `other`; the value of a file upload is bytes, also for a file
          input of a page. Radio buttons and checkboxes in a crowd-form take a value, a list of
          values, or a dict of booleans.
        - `check`: True rejects fields that the page would reject: unknown fields, missing
          required fields, and values that break the form's constraints. The service did not
          guarantee the constraints [doc], so False submits any values.

        Raises MTurkError if the assignment is not Accepted (InvalidAssignmentState) or the
        document is invalid (XMLParseError), ValueError for another text and for fields that the
        page rejects, and TypeError or ValueError for values that no form can send.
        """
        with self._backend.transaction() as (marketplace, now):
            account, assignment = self._find(marketplace)
            submit_answer(self._backend, account, assignment, answer, now, check=check)
        return self

    def return_hit(self) -> None:
        """Return the HIT without submitting it.

        Raises MTurkError if the assignment is not Accepted (InvalidAssignmentState).
        """
        with self._backend.transaction() as (marketplace, now):
            account, assignment = self._find(marketplace)
            return_work(self._backend, account, assignment, now)

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


def submit_answer(
    backend: Backend,
    account: Account,
    assignment: assignments.Assignment,
    answer: Mapping[str, Any] | str,
    now: int,
    *,
    check: bool,
) -> None:
    """Submit a dict of the form's fields, or a document; see `Assignment.submit`."""
    page = read_question(account.hits[assignment.hit_id].question)
    work = read_work(page, answer, assignment.id, check=check)
    submit_work(backend, account, assignment, work.document, work.files, now)


def submit_work(
    backend: Backend,
    account: Account,
    assignment: assignments.Assignment,
    document: str,
    files: Mapping[str, bytes],
    now: int,
) -> None:
    """Submit a QuestionFormAnswers document, and files by question."""
    with backend.recording(SUBMIT, assignment.worker_id, now) as change:
        assignment_life.submit(account, assignment, document, now)
        assignment.files = dict(files) or None
        change.body = {"assignment": assignment.id, "answer": document, "files": dict(files)}


def return_work(
    backend: Backend, account: Account, assignment: assignments.Assignment, now: int
) -> None:
    """Return a HIT without submitting it."""
    with backend.recording(RETURN, assignment.worker_id, now) as change:
        assignment_life.give_back(account, assignment, assignments.RETURNED, now)
        change.body = {"assignment": assignment.id}
