"""Putting things in place from Python: HITs, work, qualifications, in any state, without the API.

What is put in place costs nothing by itself: the balance and what was spent stay as they
are, and nothing is announced. What an open HIT holds for its assignments comes on top of
the balance, so they can be approved. Approved work counts as earned by its worker.

What does it, and what reads and writes snapshots, is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.hit import HIT

if TYPE_CHECKING:
    from mturk_mock.backend.backend import Backend
    from mturk_mock.state.snapshot import Snapshot


class Placing:
    """The part of a mock's handle by which state comes from outside: whole, or thing by thing."""

    _backend: Backend

    def snapshot(self) -> Snapshot:
        """Return everything as it is now, for `restore`, or for a file."""
        from mturk_mock.state.snapshot import Snapshot

        return Snapshot(self._backend.state())

    def restore(self, snapshot: Snapshot) -> None:
        """Be as when the snapshot was taken: time, seed, money, people and calls included.

        It may be of another mock, and is there to be restored again. The options
        `unknown_workers`, `only`, `accounts`, `consistency` and `sleep` stay this mock's own.
        TypeError for anything else.
        """
        from mturk_mock.state.snapshot import state_of

        self._backend.put(state_of(snapshot))

    def add_hit(self, **said: Any) -> HIT:
        """Put a HIT in place that nobody has worked on, and return it.

        Unless said it was created now, expires in a day, asks for one field, has one
        assignment for a dollar, and is Assignable. `status`: Assignable, Reviewable,
        Reviewing or Disposed; one that is over expires now. `created`, `expires`: aware
        datetimes. `id`; `requester`, a name, and `sandbox`, a bool: whose and where it is;
        `reward`: a str, int or Decimal. As boto3's ``create_hit`` has them, in small
        letters: `title`, `description`, `keywords`, `question`, `max_assignments`,
        `assignment_duration_in_seconds`, `auto_approval_delay_in_seconds`,
        `qualification_requirements`, `requester_annotation`, `assignment_review_policy`,
        `hit_review_policy`. Or `hit_type_id`.

        It costs nothing, and nothing is announced. TypeError or ValueError for what cannot
        be; nothing has changed then.
        """
        from mturk_mock.mock.adding import add_hit

        return HIT(self._backend, add_hit(self._backend, said))

    def add_assignment(self, hit: str | HIT, **said: Any) -> Assignment:
        """Put somebody's work on a HIT in place, and return it.

        `worker`: by id or as a `Worker`, somebody new unless said. `status`: Accepted,
        Submitted (unless said), Approved, Rejected, Returned or Abandoned. `answer`: the
        fields of the form, or a QuestionFormAnswers document. `accepted`, `submitted`,
        `approved` or `rejected`, `deadline`: aware datetimes, now unless the rest says
        more. `id`; `feedback`: the requester's.

        It costs nothing, and nothing is announced; approved work counts as earned by its
        worker. TypeError or ValueError for what cannot be; nothing has changed then.
        """
        from mturk_mock.mock.adding import add_assignment

        return Assignment(self._backend, add_assignment(self._backend, hit, said))

    def add_qualification_type(self, **said: Any) -> str:
        """Put a qualification type in place, and return its QualificationTypeId.

        `grants`: who has it, the values by worker ids. `id`; `created`, an aware datetime;
        `requester`, a name, and `sandbox`, a bool: whose and where it is; `status`: Active,
        unless said, or Inactive. As boto3's ``create_qualification_type`` has them, in small
        letters: `name`, `description`, `keywords`, `retry_delay_in_seconds`,
        `auto_granted`, `auto_granted_value`, `test`, `test_duration_in_seconds`,
        `answer_key`.

        TypeError or ValueError for what cannot be; nothing has changed then.
        """
        from mturk_mock.mock.adding import add_qualification_type

        return add_qualification_type(self._backend, said)
