"""A worker: what one person can do on the worker site."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from mturk_mock.model import assignment_life
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.requirement import may_discover
from mturk_mock.model.worker import Person
from mturk_mock.questions.answering import fill_page
from mturk_mock.questions.question import read_question
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.handle import Handle
from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.qualification import (
    Answers,
    QualificationRequest,
    request_qualification,
)


class Worker(Handle):
    """One person, the same one in production and in the sandbox."""

    @property
    def _person(self) -> Person:
        with self._backend.transaction() as (marketplace, _):
            return marketplace.person(self._id)

    @property
    def earnings(self) -> Decimal:
        """Rewards and bonuses paid to this person, in dollars. The sandbox pays nothing."""
        return self._person.earnings

    @property
    def assignments(self) -> list[Assignment]:
        """Everything this person has accepted, in the order of the HITs' requesters."""
        with self._backend.transaction() as (marketplace, _):
            return [
                Assignment(self._backend, assignment.id)
                for account in marketplace.accounts.values()
                for assignment in account.assignments.values()
                if assignment.worker_id == self._id
            ]

    def find_hits(self, query: str | None = None) -> list[HIT]:
        """Return the HITs this person is shown, the newest first.

        Not there are HITs that are taken up, that this person has or had, or whose
        requester has blocked this person; nor those that need a qualification to be found
        (ActionsGuarded DiscoverPreviewAndAccept) that this person does not have.

        `query`: only those whose title, description or keywords have this text in them,
        in capitals or not. HITs of both environments are there; see `HIT.environment`.
        """
        with self._backend.transaction() as (marketplace, _):
            person = marketplace.person(self._id)
            found = [
                hit
                for account in marketplace.accounts.values()
                for hit in account.hit_lists.of((hits.ASSIGNABLE, None)).after()
                if _sees(account, hit, person) and _matches(hit, query)
            ]
        found.sort(key=lambda hit: (hit.creation_time, hit.number), reverse=True)
        return [HIT(self._backend, hit.id) for hit in found]

    def preview(self, hit_id: str | HIT) -> HIT:
        """Return a HIT as it is shown before it is accepted, with its `.html` or `.url`.

        Raises MTurkError where the worker site would not show it: HITDoesNotExist,
        NoHITsAvailableInGroupException, PermissionDeniedException for the blocked, or
        DoesNotMeetRequirements for who needs another qualification to see it.
        """
        with self._backend.transaction() as (marketplace, _):
            account, hit = marketplace.find_hit(_id_of(hit_id))
            assignment_life.check_visible(account, hit, marketplace.person(self._id))
            return HIT(self._backend, hit.id)

    def accept(self, hit_id: str | HIT) -> Assignment:
        """Take an assignment of a HIT.

        Raises MTurkError where the worker site would refuse: besides `preview`'s,
        AssignmentAlreadyExists and ExceedsMaxAssignmentsPerWorker; DoesNotMeetRequirements
        for who does not have every qualification that the HIT requires.
        """
        with self._backend.transaction() as (marketplace, now):
            account, hit = marketplace.find_hit(_id_of(hit_id))
            person = marketplace.person(self._id)
            assignment_life.check_acceptable(account, hit, person)
            id_ = marketplace.ids.entity("Assignment")
            assignment_life.accept(account, hit, person, id_, now)
        return Assignment(self._backend, id_)

    def answer(self, hit_id: str | HIT) -> Assignment:
        """Accept a HIT, answer its form with something valid, and submit it.

        The answers keep to every constraint of a QuestionForm, and fill in the fields of an
        HTML page, crowd elements among them. They come from the ids of the HIT and of the
        worker, and so are the same ones in each run with the same seed.

        Raises MTurkError where `accept` does. Raises ValueError for an ExternalQuestion,
        whose page is not known, and where constraints cannot be met; nothing was accepted
        then.
        """
        with self._backend.transaction() as (marketplace, _):
            account, hit = marketplace.find_hit(_id_of(hit_id))
            assignment_life.check_acceptable(account, hit, marketplace.person(self._id))
            fields = fill_page(read_question(hit.question), Random(f"{hit.id} {self._id}"))
            return self.accept(hit.id).submit(fields)

    @property
    def qualifications(self) -> dict[str, int]:
        """What requesters have granted to this person: the values by QualificationTypeId.

        In both environments; without what was revoked, and without the system's.
        """
        with self._backend.transaction() as (marketplace, _):
            values = {
                type_.id: type_.value_for(self._id)
                for register in marketplace.registers.values()
                for type_ in register.types.values()
            }
        return {type_id: value for type_id, value in values.items() if value is not None}

    def request_qualification(
        self, qualification_type_id: str, answers: Answers | None = None, *, check: bool = True
    ) -> QualificationRequest:
        """Ask for a qualification, and return the request.

        It is granted at once if the type is granted automatically, and waits for the
        requester if it has no test. A test is answered by `answers` (the fields of the
        form, as a dict, or a QuestionFormAnswers document; `check` as for the submit of an
        assignment), or within its time by `submit` of the request.

        Raises MTurkError where the worker site would refuse: QualificationTypeDoesNotExist,
        InvalidQualificationTypeState, PermissionDeniedException for the system's types,
        QualificationTypeDoesNotAllowRetake, QualificationTypeRetryDelayNotElapsed;
        XMLParseError for a document that is none, ValueError for fields that the form
        refuses, TypeError or ValueError for what no form can send.
        """
        with self._backend.transaction() as (marketplace, now):
            id_ = request_qualification(
                marketplace, qualification_type_id, self._id, answers, now, check=check
            )
        return QualificationRequest(self._backend, id_)

    def __repr__(self) -> str:
        person = self._person
        return (
            f"<Worker {person.id} from {person.country}, {person.open_assignments} open, "
            f"earned ${person.earnings:.2f}>"
        )


def _id_of(hit: object) -> str:
    """Return a HITId, given as such or as the HIT that `find_hits` returns."""
    if isinstance(hit, HIT):
        return hit.hit_id
    if not isinstance(hit, str):
        raise TypeError(f"this takes a HITId, or a HIT as find_hits() returns it, not {hit!r}")
    return hit


def _sees(account: Account, hit: hits.HIT, person: Person) -> bool:
    if person.id in account.blocks or person.id in hit.takers:
        return False
    return may_discover(account.qualifications, hit.type.properties.requirements, person)


def _matches(hit: hits.HIT, query: str | None) -> bool:
    properties = hit.type.properties
    text = "\n".join((properties.title, properties.description, properties.keywords))
    return query is None or query.lower() in text.lower()
