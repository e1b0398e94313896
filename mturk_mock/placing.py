"""Putting things in place from Python: HITs, work, qualifications, in any state, without the API.

What is put in place costs nothing by itself: the balance and what was spent stay as they
are, and nothing is announced. What an open HIT holds for its assignments comes on top of
the balance, so they can be approved. Approved work counts as earned by its worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mturk_mock.backend import Backend
from mturk_mock.clock import from_datetime, require_aware, to_datetime
from mturk_mock.errors import MTurkError
from mturk_mock.model import hit as hit_model
from mturk_mock.model import placement
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.environment import PRODUCTION, SANDBOX
from mturk_mock.model.lags import note_counts
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.operations import Call
from mturk_mock.options import money
from mturk_mock.snapshots import assignments, hits
from mturk_mock.snapshots.qualifications import read_qualification_type
from mturk_mock.snapshots.reading import Members, WrongType, refuse, written, wrong_type
from mturk_mock.snapshots.snapshot import Snapshot, state_of
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.handle import Handle
from mturk_mock.workforce.hit import HIT


class Placing:
    """The part of a mock's handle by which state comes from outside: whole, or thing by thing."""

    _backend: Backend

    def snapshot(self) -> Snapshot:
        """Return everything as it is now, for `restore`, or for a file."""
        return Snapshot(self._backend.state())

    def restore(self, snapshot: Snapshot) -> None:
        """Be as when the snapshot was taken: time, seed, money, people and calls included.

        It may be of another mock, and is there to be restored again. The options
        `unknown_workers`, `only`, `accounts`, `consistency` and `sleep` stay this mock's own.
        TypeError for anything else.
        """
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
        return HIT(self._backend, _add_hit(self._backend, said))

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
        return Assignment(self._backend, _add_assignment(self._backend, hit, said))

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
        return _add_qualification_type(self._backend, said)


#: Makes what a file would say of a value that is given under a name; the last one is now.
Convert = Callable[[str, Any, int], Any]


def _same(name: str, value: Any, now: int) -> Any:
    return value


def _reward(name: str, value: Any, now: int) -> str:
    return f"{money(name, value):f}"


def _moment(name: str, value: Any, now: int) -> str | None:
    return written(from_datetime(require_aware(name, value)))


def _past(name: str, value: Any, now: int) -> str | None:
    if from_datetime(require_aware(name, value)) > now:
        raise refuse(name, f"{value} is still to come: it is {to_datetime(now)}")
    return _moment(name, value, now)


def _id(name: str, value: Any, now: int) -> Any:
    return value.id if isinstance(value, Handle) else value


def _grants(name: str, value: Any, now: int) -> list[dict[str, Any]]:
    if not isinstance(value, Mapping):
        raise wrong_type(name, "values by worker ids, as {'A1B2C3': 80}", value)
    return [{"worker_id": worker_id, "value": granted} for worker_id, granted in value.items()]


#: What each function takes: the names in files of what is called otherwise or converted.
_HIT_MEMBERS: Final[dict[str, tuple[str, Convert]]] = {
    **{
        name: (name, _same)
        for name in (
            *("id", "title", "description", "keywords", "assignment_duration_in_seconds"),
            *("auto_approval_delay_in_seconds", "qualification_requirements", "hit_type_id"),
            *("question", "max_assignments", "requester_annotation", "status"),
            *("assignment_review_policy", "hit_review_policy"),
        )
    },
    "reward": ("reward", _reward),
    "created": ("creation_time", _past),
    "expires": ("expiration", _moment),
}
_ASSIGNMENT: Final[dict[str, tuple[str, Convert]]] = {
    **{name: (name, _same) for name in ("id", "status", "answer")},
    "worker": ("worker_id", _id),
    "accepted": ("accept_time", _past),
    "deadline": ("deadline", _moment),
    "submitted": ("submit_time", _past),
    "approved": ("approval_time", _past),
    "rejected": ("rejection_time", _past),
    "feedback": ("requester_feedback", _same),
}
_QUALIFICATION_TYPE: Final[dict[str, tuple[str, Convert]]] = {
    **{
        name: (name, _same)
        for name in (
            *("id", "name", "description", "keywords", "status", "retry_delay_in_seconds"),
            *("auto_granted", "auto_granted_value"),
            *("test", "test_duration_in_seconds", "answer_key"),
        )
    },
    "created": ("creation_time", _past),
    "grants": ("qualifications", _grants),
}


def _add_hit(backend: Backend, said: dict[str, Any]) -> str:
    """Put a HIT in place that nobody has worked on; return its id."""
    with _placing("add_hit", backend) as (marketplace, now):
        call = _call(said, marketplace, now)
        hit = hits.read(_members(said, _HIT_MEMBERS, now), call)
        placement.schedule(call.account.schedule, placement.dues_of_hit(call.account, hit))
        return hit.id


def _add_assignment(backend: Backend, hit: Any, said: dict[str, Any]) -> str:
    """Put somebody's work on a HIT in place; return its id."""
    with _placing("add_assignment", backend) as (marketplace, now):
        call, found = _find_hit(marketplace, hit, now)
        if said.get("worker") is None:
            said["worker"] = marketplace.ids.worker()
        members = _members(said, _ASSIGNMENT, now)
        assignment = assignments.read(members, call, found)
        was_assignable = found.status == hit_model.ASSIGNABLE
        hits.put(call, found, assignment)
        placement.settle(call.account, found)
        if found.past_counts is not None:  # it was so before: lagging counters show it at once
            found.past_counts.clear()
            note_counts(found, found.past_counts, now)
        if was_assignable and found.status != hit_model.ASSIGNABLE:
            found.disposal_time = now + hit_model.LIFE_AFTER_WORK
            due = (found.disposal_time, hit_model.IS_DISPOSED, call.account.key, found.id)
            marketplace.schedule.add(*due)
        dues = placement.dues_of_assignment(call.account, assignment)
        placement.schedule(marketplace.schedule, dues)
        return assignment.id


def _add_qualification_type(backend: Backend, said: dict[str, Any]) -> str:
    """Put a qualification type in place, with who has it; return its id."""
    with _placing("add_qualification_type", backend) as (marketplace, now):
        call = _call(said, marketplace, now)
        return read_qualification_type(_members(said, _QUALIFICATION_TYPE, now), call).id


@contextmanager
def _placing(function: str, backend: Backend) -> Iterator[tuple[Marketplace, int]]:
    """Take a turn; what is wrong is a TypeError or a ValueError that names the function."""
    try:
        with backend.turn() as turn:
            yield turn
    except (TypeError, WrongType) as problem:
        raise TypeError(f"{function}(): {problem}") from None
    except ValueError as problem:
        raise ValueError(f"{function}(): {problem}") from None


def _call(said: dict[str, Any], marketplace: Marketplace, now: int) -> Call:
    """Take out of what is said whose it is; return the call by which it is said, so to speak."""
    requester, sandbox = said.pop("requester", None), said.pop("sandbox", False)
    requester = DEFAULT_REQUESTER if requester is None else requester
    if not isinstance(requester, str) or not requester:
        raise wrong_type("requester", "a name", requester)
    environment = SANDBOX if sandbox else PRODUCTION
    return Call("", marketplace, marketplace.account(requester, environment), now, False)


def _members(said: dict[str, Any], table: dict[str, tuple[str, Convert]], now: int) -> Members:
    """Return what a file would say, whose problems are told by the names that are used here."""
    if unknown := sorted(said.keys() - table.keys()):
        raise TypeError(f"there is no {unknown[0]!r}; there are {', '.join(table)}")
    content = {
        table[name][0]: table[name][1](name, value, now)
        for name, value in said.items()
        if value is not None
    }
    return Members(content, "", {member: name for name, (member, _) in table.items()})


def _find_hit(marketplace: Marketplace, hit: Any, now: int) -> tuple[Call, hit_model.HIT]:
    id_ = hit.id if isinstance(hit, Handle) else hit
    try:
        account, found = marketplace.find_hit(id_)
    except MTurkError:
        raise refuse("hit", f"there is no HIT {id_!r}") from None
    return Call("", marketplace, account, now, False), found
