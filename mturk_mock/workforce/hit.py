"""Handles of HITs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mturk_mock.core.clock import to_datetime
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID, read_question
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.handle import Handle


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
    def status(self) -> str:
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
            return [
                Assignment(self._backend, account.assignments[id_]) for id_ in hit.assignment_ids
            ]

    @property
    def html(self) -> str | None:
        """The page of an HTMLQuestion; None for other questions."""
        return read_question(self.question).html

    @property
    def url(self) -> str | None:
        """The URL of an ExternalQuestion's preview; None for other questions."""
        page = read_question(self.question)
        return page.url_for(assignmentId=PREVIEW_ASSIGNMENT_ID, hitId=self._id)

    def _describe(self, hit: hits.HIT) -> str:
        taken = hit.max_assignments - hit.available
        title = hit.type.properties.title
        return f"{title!r} {hit.status}, {taken} of {hit.max_assignments} taken"
