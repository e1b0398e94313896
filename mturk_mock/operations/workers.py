"""Operations on workers: blocks and emails."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.model.account import Block
from mturk_mock.operations import limits, views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation

_BLOCKED: Final = "A requester has blocked you: you cannot work on this requester's HITs any more."
_STRANGER: Final = "Cannot send a notification to a worker who has not done any work for you"


@operation("CreateWorkerBlock")
def create_worker_block(call: Call, *, worker_id: str, reason: str) -> Result:
    """Block a worker from this requester's HITs; another call replaces the reason. [doc]

    A requester can block at most 100,000 workers. [doc] The worker gets an email [doc] when the
    block begins, without the reason. [assumed]
    """
    call.require_worker(worker_id)
    known = call.account.blocks.get(worker_id)
    if known is None and len(call.account.blocks) >= limits.WORKER_BLOCKS:
        raise errors.TOO_MANY_WORKER_BLOCKS(limit=limits.WORKER_BLOCKS)
    number = call.account.blocks_made if known is None else known.number
    call.account.add_block(Block(number, worker_id, reason))
    if known is None:
        call.send_email(worker_id, "A requester has blocked you", _BLOCKED)
    return NOTHING


@operation("DeleteWorkerBlock")
def delete_worker_block(call: Call, *, worker_id: str, reason: str | None = None) -> Result:
    """Unblock a worker; do nothing if the worker is not blocked. [doc]

    If the mock refuses unknown workers, the message is "WorkerId is invalid." [doc]
    """
    if not call.knows_worker(worker_id):
        raise errors.WORKER_ID_INVALID()
    call.account.remove_block(worker_id)
    return NOTHING


@operation("ListWorkerBlocks")
def list_worker_blocks(call: Call, **page: Any) -> Result:
    """Return the blocked workers, in the order in which they were blocked. [assumed]"""
    return call.list_page("WorkerBlocks", call.account.block_list, views.block, **page)


@operation("NotifyWorkers")
def notify_workers(call: Call, *, subject: str, message_text: str, worker_ids: list[str]) -> Result:
    """Send an email to workers whose work the requester has approved or rejected. [doc]

    The response lists all other workers as failures; there is no error. [observed]
    """
    limits.check_required_text("Subject", subject, limits.SUBJECT)
    limits.check_required_text("MessageText", message_text, limits.MESSAGE_TEXT)
    limits.check_range("WorkerIds", len(worker_ids), (1, limits.NOTIFIED_WORKERS))
    failures = []
    for worker_id in worker_ids:
        if worker_id in call.account.reviewed_workers:
            call.send_email(worker_id, subject, message_text)
        else:
            failures.append(
                {
                    "NotifyWorkersFailureCode": "HardFailure",
                    "NotifyWorkersFailureMessage": _STRANGER,
                    "WorkerId": worker_id,
                }
            )
    return {"NotifyWorkersFailureStatuses": failures}
