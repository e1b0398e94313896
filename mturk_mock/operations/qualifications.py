"""Qualifications of workers, and requests for them."""

from __future__ import annotations

from typing import Any

from mturk_mock.core import errors
from mturk_mock.model import qualification as qualifications
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.qualification import GRANTED, REJECTED, Request
from mturk_mock.operations import views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation


@operation("AssociateQualificationWithWorker")
def associate_qualification_with_worker(
    call: Call,
    *,
    qualification_type_id: str,
    worker_id: str,
    integer_value: int = 1,
    send_notification: bool = True,
) -> Result:
    """Grant a qualification to a worker, or change its value. [doc]

    The worker gets an email unless SendNotification is false. [doc] the email, [assumed] its text
    """
    type_ = call.account.qualifications.own_type(call.account.key, qualification_type_id)
    call.require_worker(worker_id)
    qualifications.require_not_deleted(type_)
    qualifications.grant(type_, worker_id, integer_value, call.now)
    if send_notification:
        text = f"You now have the qualification {type_.name!r} with the value {integer_value}."
        call.send_email(worker_id, "You were granted a qualification", text)
    return NOTHING


@operation("DisassociateQualificationFromWorker")
def disassociate_qualification_from_worker(
    call: Call, *, worker_id: str, qualification_type_id: str, reason: str | None = None
) -> Result:
    """Revoke a worker's qualification. [doc]

    The worker gets the reason, if one is given [doc], in an email. [assumed]
    """
    register = call.account.qualifications
    grant = register.grant(call.account.key, qualification_type_id, worker_id)
    qualifications.revoke(register.types[qualification_type_id], grant)
    if reason:
        call.send_email(worker_id, "A qualification was revoked", reason)
    return NOTHING


@operation("GetQualificationScore")
def get_qualification_score(call: Call, *, qualification_type_id: str, worker_id: str) -> Result:
    """Return a worker's qualification.

    The error is QualificationDoesNotExist also for unknown types, the system's types [observed]
    and other requesters' types. [assumed]
    """
    grant = call.account.qualifications.grant(call.account.key, qualification_type_id, worker_id)
    qualifications.require_granted(grant)
    return {"Qualification": views.qualification(grant)}


@operation("ListWorkersWithQualificationType")
def list_workers_with_qualification_type(
    call: Call,
    *,
    qualification_type_id: str,
    status: str = GRANTED,
    **page: Any,
) -> Result:
    """Return the workers who have, or had, a qualification of one of the requester's types. [doc]

    Workers are ordered by their first grant, oldest first. [assumed]
    """
    type_ = call.account.qualifications.own_type(call.account.key, qualification_type_id)
    found, filters = type_.grant_lists.of(status), (qualification_type_id, status)
    return call.list_page("Qualifications", found, views.qualification, *filters, **page)


@operation("ListQualificationRequests")
def list_qualification_requests(
    call: Call, *, qualification_type_id: str | None = None, **page: Any
) -> Result:
    """Return the qualification requests that wait for a decision, oldest submission first. [doc]"""
    register, owner = call.account.qualifications, call.account.key
    if qualification_type_id is not None:
        register.own_type(owner, qualification_type_id)
    found = register.waiting.of(owner if qualification_type_id is None else qualification_type_id)
    view = views.qualification_request
    return call.list_page("QualificationRequests", found, view, qualification_type_id, **page)


@operation("AcceptQualificationRequest")
def accept_qualification_request(
    call: Call, *, qualification_request_id: str, integer_value: int = 1
) -> Result:
    """Grant a qualification that a worker has requested. [doc]"""
    request = _find_waiting(call, qualification_request_id)
    register = call.account.qualifications
    requests.set_status(register, request, GRANTED, call.now)
    type_ = register.types[request.qualification_type_id]
    qualifications.grant(type_, request.worker_id, integer_value, call.now)
    return NOTHING


@operation("RejectQualificationRequest")
def reject_qualification_request(
    call: Call, *, qualification_request_id: str, reason: str | None = None
) -> Result:
    """Reject a worker's qualification request; the worker can read the reason. [doc]

    A worker who already has the qualification keeps it. [doc]
    """
    request = _find_waiting(call, qualification_request_id)
    requests.set_status(call.account.qualifications, request, REJECTED, call.now)
    request.reason = reason
    return NOTHING


def _find_waiting(call: Call, request_id: str) -> Request:
    """Return a request that waits for this requester's decision.

    The error is QualificationRequestDoesNotExist for another requester's types, and for
    requests whose test is not submitted. [assumed]
    """
    register = call.account.qualifications
    request = register.request(request_id)
    owner = register.types[request.qualification_type_id].owner
    if request.submit_time is None or owner != call.account.key:
        raise errors.QUALIFICATION_REQUEST_DOES_NOT_EXIST(id=request_id)
    requests.require_submitted(request)
    return request
