"""What `mturk.add_hit`, `.add_assignment` and `.add_qualification_type` do: see `MTurk`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import from_datetime, require_aware, to_datetime
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.mock.options import money
from mturk_mock.model import hit as hit_model
from mturk_mock.model import hit_life
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.state import assignments, hits, placement
from mturk_mock.state.members import Members, WrongType, refuse, written, wrong_type
from mturk_mock.state.qualifications import read_qualification_type
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.handle import id_in
from mturk_mock.workforce.hit import HIT

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
    "worker": ("worker_id", _same),
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


def add_hit(backend: Backend, said: dict[str, Any]) -> HIT:
    """Add a HIT without assignments, and return it."""
    with _placing("add_hit", backend) as (marketplace, now):
        scope = _scope_of(said, marketplace, now)
        hit = hits.read(_members(said, _HIT_MEMBERS, now), scope)
        placement.schedule(scope.account.schedule, placement.dues_of_hit(scope.account, hit))
        return HIT(backend, hit)


def add_assignment(backend: Backend, hit: Any, said: dict[str, Any]) -> Assignment:
    """Add an assignment to a HIT, and return it."""
    with _placing("add_assignment", backend) as (marketplace, now):
        scope, found = _find_hit(marketplace, hit, now)
        worker = said.get("worker")
        said["worker"] = marketplace.ids.worker() if worker is None else id_in(marketplace, worker)
        members = _members(said, _ASSIGNMENT, now)
        assignment = assignments.read(members, scope, found)
        was_assignable = found.status == hit_model.ASSIGNABLE
        hits.put(scope, found, assignment)
        placement.settle(scope.account, found)
        if found.past_counts is not None:  # it was so before: lagging counters show it at once
            found.past_counts.clear()
            hit_model.note_counts(found, found.past_counts, now)
        if was_assignable and found.status != hit_model.ASSIGNABLE:
            found.disposal_time = now + hit_life.LIFE_AFTER_WORK
            due = (found.disposal_time, hit_life.IS_DISPOSED, scope.account.key, found.id)
            marketplace.schedule.add(*due)
        dues = placement.dues_of_assignment(scope.account, assignment)
        placement.schedule(marketplace.schedule, dues)
        return Assignment(backend, assignment)


def add_qualification_type(backend: Backend, said: dict[str, Any]) -> str:
    """Put a qualification type in place, with who has it; return its id."""
    with _placing("add_qualification_type", backend) as (marketplace, now):
        scope = _scope_of(said, marketplace, now)
        return read_qualification_type(_members(said, _QUALIFICATION_TYPE, now), scope).id


@contextmanager
def _placing(function: str, backend: Backend) -> Iterator[tuple[Marketplace, int]]:
    """Begin a transaction; what is wrong is a TypeError or a ValueError that names the function."""
    try:
        with backend.transaction() as transaction:
            yield transaction
    except (TypeError, WrongType) as problem:
        raise TypeError(f"{function}(): {problem}") from None
    except ValueError as problem:
        raise ValueError(f"{function}(): {problem}") from None


def _scope_of(said: dict[str, Any], marketplace: Marketplace, now: int) -> Scope:
    """Take the requester and the environment out of `said`; return the scope of that account."""
    requester, sandbox = said.pop("requester", None), said.pop("sandbox", False)
    requester = DEFAULT_REQUESTER if requester is None else requester
    if not isinstance(requester, str) or not requester:
        raise wrong_type("requester", "a name", requester)
    environment = SANDBOX if sandbox else PRODUCTION
    return Scope(marketplace, marketplace.account(requester, environment), now)


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


def _find_hit(marketplace: Marketplace, hit: Any, now: int) -> tuple[Scope, hit_model.HIT]:
    id_ = id_in(marketplace, hit)
    try:
        account, found = marketplace.find_hit(id_)
    except MTurkError:
        raise refuse("hit", f"there is no HIT {id_!r}") from None
    return Scope(marketplace, account, now), found
