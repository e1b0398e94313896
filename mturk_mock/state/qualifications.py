"""Qualifications in files, and from Python: the types, who has them, who asked for them."""

from __future__ import annotations

from typing import Any, Final

from botocore import xform_name

from mturk_mock.backend import validation
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.qualification import (
    ACTIVE,
    EXPIRED,
    GRANTED,
    OPEN,
    REJECTED,
    REVOKED,
    SUBMITTED,
    Examination,
    Grant,
    QualificationType,
    Register,
    Request,
)
from mturk_mock.operations.qualification_types import read_examination, read_type
from mturk_mock.questions import answers
from mturk_mock.state.hit_types import free_id
from mturk_mock.state.members import (
    Members,
    Submission,
    in_order,
    refusals_at,
    refuse,
    some,
    written,
)
from mturk_mock.workforce.qualification import read_answers

#: What CreateQualificationType takes, and what is taken where it is not said.
_PROPERTIES: Final = {
    "Name": "A qualification",
    "Description": "A qualification",
    "Keywords": None,
    "RetryDelayInSeconds": None,
    "AutoGranted": None,
    "AutoGrantedValue": None,
    "Test": None,
    "TestDurationInSeconds": None,
    "AnswerKey": None,
}
_REQUEST_STATUSES: Final = (
    OPEN,
    SUBMITTED,
    GRANTED,
    REJECTED,
    EXPIRED,
)


def whose(members: Members) -> tuple[str, str]:
    """Return the requester and the environment that an object names."""
    requester = members.text("requester")
    environment = members.choice("environment", (PRODUCTION, SANDBOX))
    return requester or DEFAULT_REQUESTER, environment or PRODUCTION


def read_qualification_type(members: Members, scope: Scope) -> QualificationType:
    """Put a qualification type of the caller's in place, and return it.

    Nothing is changed where ValueError is raised.
    """
    given = {name: members.any(xform_name(name)) for name in _PROPERTIES}
    params = {name: _PROPERTIES[name] if given[name] is None else given[name] for name in given}
    status = members.any("status")
    id_ = free_id(members, scope)
    with refusals_at(members.path):
        params["QualificationTypeStatus"] = ACTIVE if status is None else status
        checked = validation.check_request("CreateQualificationType", params)
        type_ = read_type(scope, **checked)
    created = members.time("creation_time")
    type_.creation_time = scope.now if created is None else created
    type_.deleted = bool(members.flag("deleted"))
    for number, grant in enumerate(members.objects("qualifications")):
        _read_grant(grant, scope, type_, number)
    members.finish()
    type_.id = id_ or scope.ids.entity("QualificationType")
    for worker_id, found in type_.grants.items():
        found.qualification_type_id = type_.id
        scope.marketplace.person(worker_id)
    scope.account.qualifications.add_type(type_)
    return type_


def _read_grant(members: Members, scope: Scope, type_: QualificationType, number: int) -> None:
    worker_id = members.needed("worker_id", members.worker_id("worker_id"))
    if worker_id in type_.grants:
        raise refuse(members.at("worker_id"), f"{worker_id} has the qualification already")
    value, time = members.whole("value"), members.time("time")
    status = members.choice("status", (GRANTED, REVOKED)) or GRANTED
    members.finish()
    type_.put(
        Grant(
            number,
            "",
            worker_id,
            1 if value is None else value,
            scope.now if time is None else time,
            status,
        )
    )


# Requests ---------------------------------------------------------------------------------


def read_requests(entries: list[Members], scope: Scope) -> None:
    """Put requests for qualifications in place."""
    submitted: dict[str, list[Submission[Request]]] = {PRODUCTION: [], SANDBOX: []}
    for entry in entries:
        register, request = _read_request(entry, scope)
        place = entry.count("submission")
        entry.finish()
        register.requests[request.id] = request
        if request.submit_time is not None:
            here = submitted[register.environment]
            here.append(Submission(request, request.submit_time, place))
    for environment, found in submitted.items():
        register = scope.marketplace.registers[environment]
        register.submitted = in_order(found, "qualification_requests")
        for number, request in enumerate(register.submitted):
            request.number = number
    for register in scope.marketplace.registers.values():
        for request in register.requests.values():
            requests.enlist(register, request)


def _read_request(members: Members, scope: Scope) -> tuple[Register, Request]:
    """Return a request with the register of its type.

    Its test is that of the type unless another one is said. It is Open if there is one.
    """
    register, type_ = _read_type_of(members, scope)
    worker_id = members.needed("worker_id", members.worker_id("worker_id"))
    asked = members.time("request_time")
    examination = _read_test(members, type_)
    request = Request("", type_.id, worker_id, scope.now, examination)
    request.generation = scope.marketplace.generation
    request.request_time = scope.now if asked is None else asked
    _read_state(members, scope, request, is_deleted=type_.deleted)
    request.answer = _read_answer(members, request)
    request.reason = members.text("reason")
    request.id = free_id(members, scope) or scope.ids.entity("QualificationRequest")
    last = type_.last_requests.get(worker_id, request.request_time)
    type_.last_requests[worker_id] = max(last, request.request_time)
    scope.marketplace.person(worker_id)
    return register, request


def _read_type_of(members: Members, scope: Scope) -> tuple[Register, QualificationType]:
    name = "qualification_type_id"
    type_id = members.needed(name, members.id(name))
    for register in scope.marketplace.registers.values():
        type_ = register.types.get(type_id)
        if type_ is not None and type_.owner is not None:
            return register, type_
    raise refuse(members.at(name), f"nobody has made a qualification type {type_id}")


def _read_test(members: Members, type_: QualificationType) -> Examination | None:
    has_test = members.flag("has_test") is not False
    test, key = members.text("test"), members.text("answer_key")
    duration = members.count("test_duration_in_seconds")
    if test is None:
        return type_.examination if has_test else None
    with refusals_at(members.at("test")):
        return read_examination(test=test, answer_key=key, test_duration_in_seconds=duration)


def _read_state(members: Members, scope: Scope, request: Request, *, is_deleted: bool) -> None:
    """Read how far it has come: Rejected ones with a test may never have been submitted."""
    has_test = request.examination is not None
    first = OPEN if has_test else SUBMITTED
    status = members.choice("status", _REQUEST_STATUSES) or first
    submitted = members.time("submit_time")
    if status in (OPEN, EXPIRED) and (not has_test or submitted is not None):
        raise refuse(members.at("status"), f"what is {status} has a test that was not submitted")
    if is_deleted and status in (OPEN, SUBMITTED):
        raise refuse(members.at("status"), f"of a type that is deleted nothing is {status}")
    if status in (SUBMITTED, GRANTED) or not has_test:
        submitted = max(scope.now, request.request_time) if submitted is None else submitted
    if submitted is not None and submitted < request.request_time:
        raise refuse(
            members.at("submit_time"),
            f"{written(submitted)} is before request_time, {written(request.request_time)}",
        )
    request.status, request.submit_time = status, submitted


def _read_answer(members: Members, request: Request) -> str | None:
    answer = members.any("answer")
    if request.examination is None or request.submit_time is None:
        if answer is not None:
            raise refuse(members.at("answer"), "no test was submitted that this could answer")
        return None
    with refusals_at(members.at("answer")):
        given = read_answers(request, answer or {}, check=False)
    return answers.render_answers(given)


# Writing ----------------------------------------------------------------------------------


def write_type(type_: QualificationType, owner: tuple[str, str]) -> dict[str, Any]:
    """Return a qualification type, with who has it."""
    requester, environment = owner
    return some(
        id=type_.id,
        requester=requester,
        environment=environment,
        name=type_.name,
        description=type_.description,
        keywords=type_.keywords or None,
        status=type_.status,
        deleted=type_.deleted or None,
        creation_time=written(type_.creation_time),
        retry_delay_in_seconds=type_.retry_delay,
        auto_granted=True if type_.auto_granted_value is not None else None,
        auto_granted_value=type_.auto_granted_value,
        **_write_test(type_.examination),
        qualifications=[_write_grant(grant) for grant in type_.grants.values()],
    )


def _write_test(examination: Examination | None) -> dict[str, Any]:
    if examination is None:
        return {}
    return {
        "test": examination.document,
        "test_duration_in_seconds": examination.duration,
        "answer_key": examination.key,
    }


def _write_grant(grant: Grant) -> dict[str, Any]:
    return {
        "worker_id": grant.worker_id,
        "value": grant.value,
        "time": written(grant.time),
        "status": grant.status,
    }


def write_requests(register: Register) -> list[dict[str, Any]]:
    """Return every request, the first one first, with places where times do not tell them."""
    found = [request for request in register.requests.values() if request.submit_time is not None]
    is_in_time = register.submitted == sorted(found, key=lambda each: each.submit_time or 0)
    return [
        _write_request(request, register.types[request.qualification_type_id], is_in_time)
        for request in register.requests.values()
    ]


def _write_request(request: Request, type_: QualificationType, is_in_time: bool) -> dict[str, Any]:
    own_test = request.examination != type_.examination
    has_place = request.submit_time is not None and not is_in_time
    return some(
        id=request.id,
        qualification_type_id=request.qualification_type_id,
        worker_id=request.worker_id,
        status=request.status,
        request_time=written(request.request_time),
        submit_time=written(request.submit_time),
        answer=request.answer,
        reason=request.reason,
        has_test=False if own_test and request.examination is None else None,
        **(_write_test(request.examination) if own_test else {}),
        submission=request.number if has_place else None,
    )
