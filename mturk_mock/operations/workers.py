"""Workers, as the requester deals with them: blocks and messages."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core.pagination import DEFAULT_RESULTS, paginate
from mturk_mock.model.account import Block
from mturk_mock.model.worker import Email
from mturk_mock.operations import limits, views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation

_STRANGER: Final = "Cannot send a notification to a worker who has not done any work for you"


@operation("CreateWorkerBlock")
def create_worker_block(call: Call, *, worker_id: str, reason: str) -> Result:
    """Keep a worker away from this requester's HITs; said again, the new reason counts. [doc]"""
    call.require_worker(worker_id)
    account = call.account
    known = account.blocks.get(worker_id)
    number = account.blocks_made if known is None else known.number
    account.add_block(Block(number, worker_id, reason))
    return NOTHING


@operation("DeleteWorkerBlock")
def delete_worker_block(call: Call, *, worker_id: str, reason: str | None = None) -> Result:
    """Let a worker come back; one who was not blocked is no error. [doc]"""
    call.require_worker(worker_id)
    call.account.remove_block(worker_id)
    return NOTHING


@operation("ListWorkerBlocks")
def list_worker_blocks(
    call: Call, *, next_token: str | None = None, max_results: int = DEFAULT_RESULTS
) -> Result:
    """Return the blocked workers, the first blocked first. [assumed]"""
    page = paginate(
        call.account.block_list,
        scope=f"{call.account.key} ListWorkerBlocks",
        next_token=next_token,
        max_results=max_results,
    )
    return views.page(page, "WorkerBlocks", views.block)


@operation("NotifyWorkers")
def notify_workers(call: Call, *, subject: str, message_text: str, worker_ids: list[str]) -> Result:
    """Write to workers whose work was approved or rejected before. [doc]

    Others are reported in the answer, which is no error. [observed]
    """
    limits.required_text("Subject", subject, limits.SUBJECT)
    limits.required_text("MessageText", message_text, limits.MESSAGE_TEXT)
    limits.in_range("WorkerIds", len(worker_ids), (1, limits.NOTIFIED_WORKERS))
    failures = []
    for worker_id in worker_ids:
        if worker_id in call.account.reviewed_workers:
            person = call.marketplace.person(worker_id)
            email = Email(person.address, worker_id, subject, message_text)
            call.marketplace.emails.append(email)
        else:
            failures.append(_failure(worker_id))
    return {"NotifyWorkersFailureStatuses": failures}


def _failure(worker_id: str) -> dict[str, Any]:
    return {
        "NotifyWorkersFailureCode": "HardFailure",
        "NotifyWorkersFailureMessage": _STRANGER,
        "WorkerId": worker_id,
    }
