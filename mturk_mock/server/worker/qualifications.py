"""Qualifications: what the worker has, requests, and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from starlette.responses import JSONResponse, Response

from mturk_mock.core.clock import SECOND, to_datetime, to_datetime_or_none
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.qualification import (
    ACTIVE,
    OPEN,
    REVOKED,
    SUBMITTED,
    QualificationType,
    Register,
    Request,
)
from mturk_mock.model.qualification_request import find_next_request
from mturk_mock.model.requirement import name_of, show_value
from mturk_mock.model.worker import Person
from mturk_mock.questions.question import read_question
from mturk_mock.server.pages import PageRequest
from mturk_mock.server.worker.paging import read_paging
from mturk_mock.server.worker.question_form import (
    CONTENT_SOURCES,
    Posted,
    read_files,
    read_posted,
    show_form,
)
from mturk_mock.server.worker.site import WorkerSite
from mturk_mock.server.worker.tasks import Timer
from mturk_mock.workforce.qualification import QualificationRequest

_ON_A_PAGE: Final = 20
_UNKNOWN: Final = "There is no such qualification"
_UNKNOWN_TEXT: Final = "It may have been deleted by its requester, or be one of the other site."
_NO_TEST: Final = "You have no such test"
_NO_TEST_TEXT: Final = "You may have begun it under another worker ID."


class TypeRow(NamedTuple):
    """A qualification in a list. ``value``: the worker's, "" without one."""

    id: str
    name: str
    description: str
    requester: str
    has_test: bool
    value: str


class RequestRow(NamedTuple):
    """A request that is not decided. ``time``: the deadline of its test, or when it was sent."""

    path: str
    name: str
    requester: str
    time: datetime


def show_qualifications(site: WorkerSite, request: PageRequest) -> Response:
    """Show the worker's qualifications and requests, and what can be requested."""
    search = request.query.get("search", "").strip()
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        person, register = marketplace.people[worker_id], marketplace.registers[site.environment]
        asked = register.requests_of(worker_id)
        held = _find_held(register, person)
        known = {type_.id for type_ in held}
        known.update(each.qualification_type_id for each in asked if each.status in _UNDECIDED)
        found = [
            type_
            for type_ in register.requestable().before()
            if type_.id not in known and _matches(type_, search)
        ]
        paging = read_paging(request.query, len(found), _ON_A_PAGE, search=search)
        types = [_type_row(register, type_, person) for type_ in paging.select(found)]
        yours = [_type_row(register, type_, person) for type_ in held[:_ON_A_PAGE]]
        systems = [
            _type_row(register, type_, person)
            for type_ in register.types.values()
            if type_.owner is None
        ]
        tests = [_test_row(register, each) for each in asked if each.status == OPEN]
        waiting = [_waiting_row(register, each) for each in asked if each.status == SUBMITTED]
    return site.show(
        request,
        "qualifications.html",
        search=search,
        tests=tests,
        waiting=waiting[:_ON_A_PAGE],
        yours=yours,
        total=len(held),
        systems=systems,
        types=types,
        paging=paging,
    )


_UNDECIDED: Final = (OPEN, SUBMITTED)


def show_yours(site: WorkerSite, request: PageRequest) -> Response:
    """Show all qualifications of the worker."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        person, register = marketplace.people[worker_id], marketplace.registers[site.environment]
        held = _find_held(register, person)
        paging = read_paging(request.query, len(held), _ON_A_PAGE)
        yours = [_type_row(register, type_, person) for type_ in paging.select(held)]
    return site.show(request, "qualifications_yours.html", yours=yours, paging=paging)


def _find_held(register: Register, person: Person) -> list[QualificationType]:
    """Return the requesters' types that the worker has, the latest granted first."""
    grants = (type_.grants.get(person.id) for type_ in register.types.values())
    held = [each for each in grants if each is not None and each.status != REVOKED]
    held.sort(key=lambda each: each.time, reverse=True)
    return [register.types[each.qualification_type_id] for each in held]


def _matches(type_: QualificationType, search: str) -> bool:
    """Tell whether the name, description, keywords or requester contain every word."""
    texts = (type_.name, type_.description, type_.keywords, _requester_of(type_))
    text = "\n".join(texts).lower()
    return all(word in text for word in search.lower().split())


def _requester_of(type_: QualificationType) -> str:
    return "Mechanical Turk" if type_.owner is None else type_.owner[0]


def _type_row(register: Register, type_: QualificationType, person: Person) -> TypeRow:
    return TypeRow(
        type_.id,
        name_of(type_),
        type_.description,
        _requester_of(type_),
        type_.examination is not None,
        show_value(register, type_, person),
    )


def _test_row(register: Register, asked: Request) -> RequestRow:
    type_ = register.types[asked.qualification_type_id]
    return RequestRow(
        _test_path(asked),
        name_of(type_),
        _requester_of(type_),
        to_datetime(asked.deadline or 0),
    )


def _waiting_row(register: Register, asked: Request) -> RequestRow:
    type_ = register.types[asked.qualification_type_id]
    path, sent = _type_path(type_.id), asked.submit_time or asked.request_time
    return RequestRow(path, name_of(type_), _requester_of(type_), to_datetime(sent))


def _type_path(type_id: str) -> str:
    return f"/qualifications/{type_id}"


def _test_path(asked: Request) -> str:
    return f"{_type_path(asked.qualification_type_id)}/tests/{asked.id}"


# One qualification ------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One qualification, as the worker sees it.

    - ``retry_delay``: in seconds, None if it can be requested only once.
    - ``asked``: the latest request. ``test_path``: where its test is, if that is open.
    - ``next_time``: from when it can be requested; None for never again.
    - ``is_taken_back``: whether the requester has revoked it.
    """

    row: TypeRow
    duration: int | None
    retry_delay: int | None
    is_system: bool
    is_active: bool
    is_auto_granted: bool
    asked: Request | None
    test_path: str
    deadline: datetime | None
    next_time: datetime | None
    can_request: bool
    is_taken_back: bool


def show_type(site: WorkerSite, request: PageRequest) -> Response:
    """Show a qualification, and what became of the worker's request for it."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, now):
        type_ = _find_type(site, request, marketplace)
        if type_ is None:
            return site.say(request, _UNKNOWN, _UNKNOWN_TEXT, 404)
        register = marketplace.registers[site.environment]
        shown = _show(register, type_, marketplace.people[worker_id], now)
    return site.show(request, "qualification.html", shown=shown, now=to_datetime(now))


def _find_type(
    site: WorkerSite, request: PageRequest, marketplace: Marketplace
) -> QualificationType | None:
    found = marketplace.registers[site.environment].types.get(request.params["type"])
    return None if found is None or found.gone else found


def _show(register: Register, type_: QualificationType, person: Person, now: int) -> Shown:
    asked = _latest_request(register, type_, person)
    is_open = asked is not None and asked.status == OPEN
    is_waiting = asked is not None and asked.status == SUBMITTED
    is_active = type_.status == ACTIVE and not type_.deleted
    next_time = find_next_request(type_, person.id)
    may_ask = next_time is not None and next_time <= now
    grant = type_.grants.get(person.id)
    return Shown(
        _type_row(register, type_, person),
        None if type_.examination is None else type_.examination.duration,
        type_.retry_delay,
        type_.owner is None,
        is_active,
        type_.auto_granted_value is not None,
        asked,
        _test_path(asked) if asked is not None and is_open else "",
        None if asked is None else to_datetime_or_none(asked.deadline),
        to_datetime_or_none(next_time),
        type_.owner is not None and is_active and may_ask and not (is_open or is_waiting),
        grant is not None and grant.status == REVOKED,
    )


def _latest_request(register: Register, type_: QualificationType, person: Person) -> Request | None:
    """Return the worker's open request for a type, or the latest one."""
    found = [e for e in register.requests_of(person.id) if e.qualification_type_id == type_.id]
    return next((each for each in found if each.status == OPEN), found[0] if found else None)


def request_type(site: WorkerSite, request: PageRequest) -> Response:
    """Request a qualification, or go on with its test if that has begun."""
    worker = site.worker(request)
    with site.backend.transaction() as (marketplace, _):
        type_ = _find_type(site, request, marketplace)
        if type_ is None:
            return site.say(request, _UNKNOWN, _UNKNOWN_TEXT, 404)
        register = marketplace.registers[site.environment]
        asked = _latest_request(register, type_, marketplace.people[worker.id])
        if asked is None or asked.status not in _UNDECIDED:
            asked = register.requests[worker.request_qualification(type_.id).id]
    return site.go(_test_path(asked) if asked.status == OPEN else _type_path(type_.id))


# Tests ------------------------------------------------------------------------------------


class _Test(NamedTuple):
    """A request of the worker for a type with a test."""

    asked: Request
    type_: QualificationType
    document: str
    timer: Timer


def _find_test(
    site: WorkerSite, request: PageRequest, marketplace: Marketplace, now: int
) -> _Test | None:
    register = marketplace.registers[site.environment]
    asked = register.requests.get(request.params["request"])
    if asked is None or asked.examination is None:
        return None
    if asked.worker_id != site.worker(request).id:
        return None
    allotted = asked.examination.duration
    elapsed = min(allotted, (now - asked.request_time) // SECOND)
    timer = Timer(elapsed, allotted, marketplace.clock.rate)
    type_ = register.types[asked.qualification_type_id]
    return _Test(asked, type_, asked.examination.document, timer)


def show_test(site: WorkerSite, request: PageRequest) -> Response:
    """Show a test with its clock; the qualification's page tells what became of one that ended."""
    with site.backend.transaction() as (marketplace, now):
        test = _find_test(site, request, marketplace, now)
    if test is None:
        return site.say(request, _NO_TEST, _NO_TEST_TEXT, 404)
    if test.asked.status != OPEN:
        return site.go(_type_path(test.type_.id))
    return _show_test(site, request, test, Posted())


def _show_test(
    site: WorkerSite, request: PageRequest, test: _Test, posted: Posted, status: int = 200
) -> Response:
    return site.show(
        request,
        "test.html",
        status,
        policy=CONTENT_SOURCES,
        title=test.type_.name,
        requester=_requester_of(test.type_),
        description=test.type_.description,
        test_path=_test_path(test.asked),
        request_id=test.asked.id,
        timer=test.timer,
        form=show_form(test.document),
        values=posted.values,
        errors=posted.errors,
    )


def submit_test(site: WorkerSite, request: PageRequest) -> Response:
    """Submit a test; show it again with what is wrong."""
    with site.backend.transaction() as (marketplace, now):
        test = _find_test(site, request, marketplace, now)
        if test is None:
            return site.say(request, _NO_TEST, _NO_TEST_TEXT, 404)
        if test.asked.status == OPEN:
            page = read_question(test.document)
            posted = read_posted(page, request.form.multi_items(), read_files(request.form))
            if posted.errors:
                return _show_test(site, request, test, posted, 422)
            QualificationRequest(site.backend, test.asked).submit(posted.answer)
    return site.go(_type_path(test.type_.id))


def show_status(site: WorkerSite, request: PageRequest) -> Response:
    """Return the state of a test for the page's script."""
    with site.backend.transaction() as (marketplace, now):
        test = _find_test(site, request, marketplace, now)
    if test is None:
        return JSONResponse({"status": "Unknown"}, 404)
    content = {"status": test.asked.status, **vars(test.timer)}
    return JSONResponse(content, headers={"Cache-Control": "no-store"})
