"""HITs, as the handle of a mock and its workers show them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mturk_mock.core.clock import to_datetime
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID, QuestionPage, read_question
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.handle import Handle


class HIT(Handle):
    """One HIT of any requester, as it is at the moment of asking."""

    def _find(self) -> tuple[Account, hits.HIT]:
        with self._backend.transaction() as (marketplace, _):
            return marketplace.find_hit(self._id)

    @property
    def _hit(self) -> hits.HIT:
        return self._find()[1]

    @property
    def hit_id(self) -> str:
        """The HITId."""
        return self._id

    @property
    def hit_type_id(self) -> str:
        """The HITTypeId."""
        return self._hit.type.id

    @property
    def hit_group_id(self) -> str:
        """The HITGroupId."""
        return self._hit.type.group_id

    @property
    def requester(self) -> str:
        """Whose HIT it is."""
        return self._find()[0].requester

    @property
    def environment(self) -> str:
        """Where it was published: `production` or `sandbox`."""
        return self._find()[0].environment

    @property
    def title(self) -> str:
        """The title."""
        return self._hit.type.properties.title

    @property
    def description(self) -> str:
        """The description."""
        return self._hit.type.properties.description

    @property
    def keywords(self) -> str:
        """The keywords, empty if there are none."""
        return self._hit.type.properties.keywords

    @property
    def reward(self) -> Decimal:
        """What an approved assignment earns, in dollars."""
        return self._hit.type.properties.reward

    @property
    def assignment_duration(self) -> int:
        """How long a worker has from accepting to submitting, in seconds."""
        return self._hit.type.properties.assignment_duration

    @property
    def requester_annotation(self) -> str | None:
        """The requester's own note, which workers do not see."""
        return self._hit.annotation

    @property
    def question(self) -> str:
        """The question document, as it was sent."""
        return self._hit.question

    @property
    def status(self) -> str:
        """The HITStatus: Assignable, Unassignable, Reviewable, Reviewing or Disposed."""
        return self._hit.status

    @property
    def creation_time(self) -> datetime:
        """When it was created."""
        return to_datetime(self._hit.creation_time)

    @property
    def expiration(self) -> datetime:
        """When it expires, or did."""
        return to_datetime(self._hit.expiration)

    @property
    def max_assignments(self) -> int:
        """How many assignments it has in all."""
        return self._hit.max_assignments

    @property
    def available(self) -> int:
        """Assignments that nobody has taken; an expired HIT keeps them."""
        return self._hit.available

    @property
    def pending(self) -> int:
        """Assignments that are being worked on."""
        return self._hit.pending

    @property
    def completed(self) -> int:
        """Assignments that were approved or rejected."""
        return self._hit.completed

    @property
    def assignments(self) -> list[Assignment]:
        """Every assignment that was accepted, the first accepted first."""
        return [Assignment(self._backend, id_) for id_ in self._hit.assignment_ids]

    @property
    def html(self) -> str | None:
        """What an HTMLQuestion shows; None for other questions."""
        return self._read_question().html

    @property
    def url(self) -> str | None:
        """Where an ExternalQuestion's preview is; None for other questions."""
        return self._read_question().url_for(assignmentId=PREVIEW_ASSIGNMENT_ID, hitId=self._id)

    def _read_question(self) -> QuestionPage:
        return read_question(self.question)

    def __repr__(self) -> str:
        hit = self._hit
        taken = hit.max_assignments - hit.available
        return (
            f"<HIT {hit.id} {hit.type.properties.title!r} {hit.status}, "
            f"{taken} of {hit.max_assignments} taken>"
        )
