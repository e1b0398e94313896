"""A worker: what one person can do on the worker site."""

from __future__ import annotations

from decimal import Decimal

from mturk_mock.model import assignment as assignments
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.worker import Person
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.handle import Handle
from mturk_mock.workforce.hit import HIT


class Worker(Handle):
    """One person, the same one in production and in the sandbox."""

    @property
    def _person(self) -> Person:
        with self._backend.turn() as (marketplace, _):
            return marketplace.person(self._id)

    @property
    def earnings(self) -> Decimal:
        """Rewards and bonuses paid to this person, in dollars. The sandbox pays nothing."""
        return self._person.earnings

    @property
    def assignments(self) -> list[Assignment]:
        """Everything this person has accepted, in the order of the HITs' requesters."""
        with self._backend.turn() as (marketplace, _):
            return [
                Assignment(self._backend, assignment.id)
                for account in marketplace.accounts.values()
                for assignment in account.assignments.values()
                if assignment.worker_id == self._id
            ]

    def find_hits(self, query: str | None = None) -> list[HIT]:
        """Return the HITs this person could accept, the newest first.

        `query`: only those whose title, description or keywords have this text in them,
        in capitals or not. HITs of both environments are there; see `HIT.environment`.
        """
        with self._backend.turn() as (marketplace, _):
            found = [
                hit
                for account in marketplace.accounts.values()
                for hit in account.hits_by_number
                if self._may_take(account, hit) and _matches(hit, query)
            ]
        found.sort(key=lambda hit: (hit.creation_time, hit.number), reverse=True)
        return [HIT(self._backend, hit.id) for hit in found]

    def _may_take(self, account: Account, hit: hits.HIT) -> bool:
        wanted = self._id not in account.blocks and self._id not in hit.takers
        return wanted and hit.status == hits.ASSIGNABLE

    def preview(self, hit_id: str) -> HIT:
        """Return a HIT as it is shown before it is accepted, with its `.html` or `.url`.

        Raises MTurkError where the worker site would not show it: HITDoesNotExist,
        NoHITsAvailableInGroupException, or PermissionDeniedException for the blocked.
        """
        with self._backend.turn() as (marketplace, _):
            account, hit = marketplace.find_hit(hit_id)
            assignments.check_visible(account, hit, marketplace.person(self._id))
        return HIT(self._backend, hit_id)

    def accept(self, hit_id: str) -> Assignment:
        """Take an assignment of a HIT.

        Raises MTurkError where the worker site would refuse: besides `preview`'s,
        AssignmentAlreadyExists and ExceedsMaxAssignmentsPerWorker.
        """
        with self._backend.turn() as (marketplace, now):
            account, hit = marketplace.find_hit(hit_id)
            person = marketplace.person(self._id)
            assignments.check_acceptable(account, hit, person)
            id_ = marketplace.ids.entity("Assignment")
            assignments.accept(account, hit, person, id_, now)
        return Assignment(self._backend, id_)

    def __repr__(self) -> str:
        person = self._person
        return (
            f"<Worker {person.id} from {person.country}, {person.open_assignments} open, "
            f"earned ${person.earnings:.2f}>"
        )


def _matches(hit: hits.HIT, query: str | None) -> bool:
    properties = hit.type.properties
    text = "\n".join((properties.title, properties.description, properties.keywords))
    return query is None or query.lower() in text.lower()
