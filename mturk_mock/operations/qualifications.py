"""Qualifications of workers, and requests for them."""

from __future__ import annotations

from mturk_mock.core import errors
from mturk_mock.core.pagination import DEFAULT_RESULTS, paginate
from mturk_mock.model import qualification as qualifications
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.qualification import GRANTED, REJECTED, Request
from mturk_mock.model.qualification_request import require_submitted
from mturk_mock.model.worker import Email
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
    """Give a worker a qualification of the requester's own, or another value of it. [doc]

    The worker is told by mail, unless that is declined. [doc] that, [assumed] the text
    """
    type_ = call.account.qualifications.own_type(call.account.key, qualification_type_id)
    call.require_worker(worker_id)
    qualifications.require_not_deleted(type_)
    qualifications.grant(type_, worker_id, integer_value, call.now)
    if send_notification:
        text = f"You have the qualification {type_.name!r} with the value {integer_value} now."
        address = call.marketplace.person(worker_id).address
        email = Email(address, worker_id, "A qualification was given to you", text)
        call.marketplace.emails.append(email)
    return NOTHING


@operation("DisassociateQualificationFromWorker")
def disassociate_qualification_from_worker(
    call: Call, *, worker_id: str, qualification_type_id: str, reason: str | None = None
) -> Result:
    """Take a qualification away. [doc]

    The reason is for the worker [doc]; no part of the mock shows it.
    """
    register = call.account.qualifications
    grant = register.grant(call.account.key, qualification_type_id, worker_id)
    qualifications.revoke(register.types[qualification_type_id], grant)
    return NOTHING


@operation("GetQualificationScore")
def get_qualification_score(call: Call, *, qualification_type_id: str, worker_id: str) -> Result:
    """Return what a worker was granted.

    Types that are unknown, of others or of the system are like a qualification that the
    worker does not have. [observed], for those of others [assumed]
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
    next_token: str | None = None,
    max_results: int = DEFAULT_RESULTS,
) -> Result:
    """Return the workers that have, or lost, one of the requester's qualifications. [doc]

    Ordered by first grant, oldest first. [assumed]
    """
    owner = call.account.key
    type_ = call.account.qualifications.own_type(owner, qualification_type_id)
    page = paginate(
        type_.grant_lists.of(status),
        scope=f"{owner} {call.operation} {qualification_type_id} {status}",
        next_token=next_token,
        max_results=max_results,
    )
    return views.page(page, "Qualifications", views.qualification)


@operation("ListQualificationRequests")
def list_qualification_requests(
    call: Call,
    *,
    qualification_type_id: str | None = None,
    next_token: str | None = None,
    max_results: int = DEFAULT_RESULTS,
) -> Result:
    """Return the requests that wait for the requester, the first submitted first. [doc]"""
    register, owner = call.account.qualifications, call.account.key
    if qualification_type_id is not None:
        register.own_type(owner, qualification_type_id)
    page = paginate(
        register.waiting.of(owner if qualification_type_id is None else qualification_type_id),
        scope=f"{owner} {call.operation} {qualification_type_id}",
        next_token=next_token,
        max_results=max_results,
    )
    return views.page(page, "QualificationRequests", views.qualification_request)


def _is_own(call: Call, request: Request) -> bool:
    type_ = call.account.qualifications.types[request.qualification_type_id]
    return type_.owner == call.account.key


@operation("AcceptQualificationRequest")
def accept_qualification_request(
    call: Call, *, qualification_request_id: str, integer_value: int = 1
) -> Result:
    """Grant what a worker asked for. [doc]"""
    request = _waiting(call, qualification_request_id)
    register = call.account.qualifications
    requests.set_status(register, request, GRANTED)
    type_ = register.types[request.qualification_type_id]
    qualifications.grant(type_, request.worker_id, integer_value, call.now)
    return NOTHING


@operation("RejectQualificationRequest")
def reject_qualification_request(
    call: Call, *, qualification_request_id: str, reason: str | None = None
) -> Result:
    """Refuse what a worker asked for; the worker may read the reason. [doc]

    A qualification that the worker has already stays. [doc]
    """
    request = _waiting(call, qualification_request_id)
    requests.set_status(call.account.qualifications, request, REJECTED)
    request.reason = reason
    return NOTHING


def _waiting(call: Call, request_id: str) -> Request:
    """Return a request that waits for this requester.

    Others' requests, and those whose test was not submitted, do not exist. [assumed]
    """
    request = call.account.qualifications.request(request_id)
    if request.submit_time is None or not _is_own(call, request):
        raise errors.QUALIFICATION_REQUEST_DOES_NOT_EXIST(id=request_id)
    require_submitted(request)
    return request
