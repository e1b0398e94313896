"""Qualification types placed without the API; qualifications and requests in state files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from mturk_mock.model import qualification_request as requests
from mturk_mock.model.account import AccountKey
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.qualification import (
    ACTIVE,
    EXPIRED,
    GRANTED,
    INACTIVE,
    OPEN,
    REJECTED,
    REVOKED,
    SUBMITTED,
    Examination,
    Grant,
    QualificationType,
    Register,
    Request,
    RequestStatus,
)
from mturk_mock.operations.qualification_types import read_examination, read_type
from mturk_mock.questions import answers
from mturk_mock.state import values
from mturk_mock.state.hit_types import check_entry, check_free_id
from mturk_mock.state.members import Members
from mturk_mock.state.values import WrongMember
from mturk_mock.workforce.qualification import read_answers

_REQUEST_STATUSES: Final = (OPEN, SUBMITTED, GRANTED, REJECTED, EXPIRED)


@dataclass(frozen=True)
class GrantEntry:
    """The values given for a worker's qualification; None for the default: 1, granted now."""

    worker_id: str | None = None  # required
    value: int | None = None
    time: int | None = None
    status: str | None = None


@dataclass(frozen=True)
class QualificationTypeEntry:
    """The values given for a qualification type; None for the default: Active, created now."""

    id: str | None = None
    name: str | None = None
    description: str | None = None
    keywords: str | None = None
    status: str | None = None
    creation_time: int | None = None
    retry_delay_in_seconds: int | None = None
    auto_granted: bool | None = None
    auto_granted_value: int | None = None
    test: str | None = None
    test_duration_in_seconds: int | None = None
    answer_key: str | None = None
    deleted: bool | None = None
    qualifications: Sequence[GrantEntry] = ()  # ordered by first grant, oldest first


_TIMES: Final = ("creation_time",)


def place_qualification_type(scope: Scope, entry: QualificationTypeEntry) -> QualificationType:
    """Add a qualification type to the account, with the qualifications of workers.

    If it raises WrongMember, nothing has changed.
    """
    id_ = check_free_id(scope, entry.id)
    type_ = _make_type(scope, entry)
    for number, grant in enumerate(entry.qualifications):
        with values.locate_problems(f"qualifications[{number}]"):
            type_.put(_make_grant(scope, type_, grant, number))
    type_.id = id_ or scope.ids.entity("QualificationType")
    for worker_id, found in type_.grants.items():
        found.qualification_type_id = type_.id
        scope.marketplace.person(worker_id)
    scope.account.qualifications.add_type(type_)
    return type_


def _make_type(scope: Scope, entry: QualificationTypeEntry) -> QualificationType:
    with values.convert_refusals(""):
        checked = check_entry(
            "CreateQualificationType",
            entry,
            Name="A qualification",
            Description="A qualification",
            QualificationTypeStatus=values.read_choice("status", entry.status, (ACTIVE, INACTIVE))
            or ACTIVE,
        )
        type_ = read_type(scope, **checked)
    type_.creation_time = scope.now if entry.creation_time is None else entry.creation_time
    type_.deleted = bool(values.read_flag("deleted", entry.deleted))
    return type_


def _make_grant(scope: Scope, type_: QualificationType, entry: GrantEntry, number: int) -> Grant:
    worker_id = values.require("worker_id", values.read_worker_id("worker_id", entry.worker_id))
    if worker_id in type_.grants:
        raise WrongMember("worker_id", f"{worker_id} already has the qualification")
    value = values.read_whole("value", entry.value)
    return Grant(
        number,
        "",
        worker_id,
        1 if value is None else value,
        scope.now if entry.time is None else entry.time,
        values.read_choice("status", entry.status, (GRANTED, REVOKED)) or GRANTED,
    )


def read_qualification_type(members: Members, scope: Scope) -> QualificationType:
    """Add a qualification type of a state file, and return it."""
    grants = members.each("qualifications", lambda grant: grant.fill(GrantEntry, ("time",)))
    entry = members.fill(QualificationTypeEntry, _TIMES, qualifications=grants)
    return place_qualification_type(scope, entry)


# Requests ---------------------------------------------------------------------------------


def read_requests(members: Members, scope: Scope) -> None:
    """Add the requests for qualifications of a state file."""
    name = "qualification_requests"
    found = members.each(name, partial(_read_request, scope=scope))
    for register in scope.marketplace.registers.values():
        here = [(request, place) for where, request, place in found if where is register]
        asked, places = [request for request, _ in here], [place for _, place in here]
        register.submitted = values.sort_submissions(asked, places, name)
        for number, request in enumerate(register.submitted):
            request.number = number
        for request in asked:
            requests.enlist(register, request)


def _read_request(members: Members, scope: Scope) -> tuple[Register, Request, int | None]:
    """Add a request; return the register of its type, the request, and its `submission` if given.

    The default test is the type's. The default status is Open with a test, Submitted without one.
    """
    register, type_, owner = _read_type_of(members, scope)
    worker_id = members.need("worker_id", values.read_worker_id)
    asked = members.take("request_time", values.read_time)
    request = Request("", type_.id, worker_id, scope.now, _read_test(members, type_))
    request.generation = scope.marketplace.generation
    request.request_time = scope.now if asked is None else asked
    _read_state(members, scope, request, is_deleted=type_.deleted)
    request.answer = _read_answer(members, request)
    request.reason = members.take("reason", values.read_text)
    request.id = check_free_id(scope, members.any("id")) or scope.ids.entity("QualificationRequest")
    last = type_.last_requests.get(worker_id, request.request_time)
    type_.last_requests[worker_id] = max(last, request.request_time)
    scope.marketplace.person(worker_id)
    register.requests[request.id] = request
    if request.status == OPEN and request.deadline is not None:
        scope.marketplace.schedule.add(request.deadline, requests.TEST_ENDS, owner, request.id)
    return register, request, members.take("submission", values.read_count)


def _read_type_of(members: Members, scope: Scope) -> tuple[Register, QualificationType, AccountKey]:
    """Return the register of the requested type, the type and its owner."""
    type_id = members.need("qualification_type_id", values.read_id)
    for register in scope.marketplace.registers.values():
        type_ = register.types.get(type_id)
        if type_ is not None and type_.owner is not None:
            return register, type_, type_.owner
    problem = f"no requester has created a qualification type {type_id}"
    raise WrongMember("qualification_type_id", problem)


def _read_test(members: Members, type_: QualificationType) -> Examination | None:
    has_test = members.take("has_test", values.read_flag) is not False
    test, key = members.take("test", values.read_text), members.take("answer_key", values.read_text)
    duration = members.take("test_duration_in_seconds", values.read_count)
    if test is None:
        return type_.examination if has_test else None
    with values.convert_refusals("test"):
        return read_examination(test=test, answer_key=key, test_duration_in_seconds=duration)


def _read_state(members: Members, scope: Scope, request: Request, *, is_deleted: bool) -> None:
    """Set the status and submit time. A Rejected request with a test need not be submitted."""
    has_test = request.examination is not None
    first = OPEN if has_test else SUBMITTED
    given = members.take("status", values.read_choice, _REQUEST_STATUSES)
    status = cast(RequestStatus, given or first)
    submitted = members.take("submit_time", values.read_time)
    if status in (OPEN, EXPIRED) and (not has_test or submitted is not None):
        raise WrongMember("status", f"a request that is {status} has a test and no submit_time")
    if is_deleted and status in (OPEN, SUBMITTED):
        raise WrongMember("status", f"a request for a deleted type cannot be {status}")
    if status in (SUBMITTED, GRANTED) or not has_test:
        submitted = max(scope.now, request.request_time) if submitted is None else submitted
    if submitted is not None and submitted < request.request_time:
        asked = values.write_time(request.request_time)
        problem = f"{values.write_time(submitted)} is before request_time, {asked}"
        raise WrongMember("submit_time", problem)
    request.status, request.submit_time = status, submitted


def _read_answer(members: Members, request: Request) -> str | None:
    answer = members.any("answer")
    if request.examination is None or request.submit_time is None:
        if answer is not None:
            raise WrongMember("answer", "not allowed if no test was submitted")
        return None
    with values.convert_refusals("answer"):
        given = read_answers(request, answer or {}, check=False)
    return answers.render_answers(given)


# Writing ----------------------------------------------------------------------------------


def write_qualification_type(type_: QualificationType, owner: AccountKey) -> dict[str, Any]:
    """Return a qualification type, with the qualifications of workers."""
    requester, environment = owner
    return values.drop_empty(
        **values.write_members(type_, "id", "name", "description", "status", times=_TIMES),
        requester=requester,
        environment=environment,
        keywords=type_.keywords or None,
        deleted=type_.deleted or None,
        retry_delay_in_seconds=type_.retry_delay,
        auto_granted=True if type_.auto_granted_value is not None else None,
        auto_granted_value=type_.auto_granted_value,
        **_write_test(type_.examination),
        qualifications=[
            values.write_members(grant, "worker_id", "value", "status", times=("time",))
            for grant in type_.grants.values()
        ],
    )


def _write_test(examination: Examination | None) -> dict[str, Any]:
    if examination is None:
        return {}
    return {
        "test": examination.document,
        "test_duration_in_seconds": examination.duration,
        "answer_key": examination.key,
    }


def write_requests(register: Register) -> list[dict[str, Any]]:
    """Return all requests, oldest first; with positions if submit times do not give the order."""
    found = [request for request in register.requests.values() if request.submit_time is not None]
    is_in_time = register.submitted == sorted(found, key=lambda each: each.submit_time or 0)
    return [
        _write_request(request, register.types[request.qualification_type_id], is_in_time)
        for request in register.requests.values()
    ]


def _write_request(request: Request, type_: QualificationType, is_in_time: bool) -> dict[str, Any]:
    own_test = request.examination != type_.examination
    has_place = request.submit_time is not None and not is_in_time
    return values.drop_empty(
        **values.write_members(request, "id", "qualification_type_id", "worker_id", "status"),
        **values.write_members(request, "answer", "reason", times=("request_time", "submit_time")),
        has_test=False if own_test and request.examination is None else None,
        **(_write_test(request.examination) if own_test else {}),
        submission=request.number if has_place else None,
    )
