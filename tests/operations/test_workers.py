"""Workers as requesters see them: blocks, emails and unknown IDs."""

from __future__ import annotations

import pytest

from mturk_mock import mock_mturk
from tests.helpers import (
    NOBODY,
    NOW,
    SANDBOX_STAMP,
    block_workers,
    error_of,
    invalid_value,
    publish,
    refusal,
    refused,
    request_error,
    value_error,
)
from tests.qualify import associate, type_id_of

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def block(mturk_client):
    def call(worker_id, reason="Spam"):
        return mturk_client.create_worker_block(WorkerId=worker_id, Reason=reason)

    return call


@pytest.fixture
def blocks(mturk_client):
    """List the blocks as (WorkerId, Reason)."""

    def call(**params):
        result = mturk_client.list_worker_blocks(**params)
        assert result["NumResults"] == len(result["WorkerBlocks"])
        return [(each["WorkerId"], each["Reason"]) for each in result["WorkerBlocks"]]

    return call


# Blocks -----------------------------------------------------------------------------------


def test_create_worker_block_answers_nothing(block):
    """The response is empty. [doc]"""
    assert block("A1").keys() == {"ResponseMetadata"}


def test_create_worker_block_keeps_the_worker_away(mturk, mturk_client, block):
    """A blocked worker neither finds nor can accept the requester's HITs. [doc]"""
    worker = mturk.worker()
    hit_id = publish(mturk_client)

    block(worker.id)

    assert worker.find_hits() == []
    assert refused(worker.accept, hit_id) == (
        "PermissionDeniedException",
        "This user is not authorized to perform the requested operation.",
    )
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["NumberOfAssignmentsAvailable"] == 1


def test_create_worker_block_is_of_one_requester_alone(mturk, mturk_client, block):
    """A block does not affect other requesters' HITs, nor the sandbox's. [doc]"""
    worker = mturk.worker()
    others = [
        publish(mturk.requester("other").client()),
        publish(mturk.client(sandbox=True)),
    ]

    block(worker.id)

    assert {hit.id for hit in worker.find_hits()} == set(others)
    assert [worker.accept(hit_id).status for hit_id in others] == ["Accepted", "Accepted"]


def test_create_worker_block_leaves_running_work_alone(mturk, mturk_client, block):
    """Work accepted before the block can be submitted, approved and paid. [assumed]"""
    worker = mturk.worker()
    assignment = worker.accept(publish(mturk_client))

    block(worker.id)

    mturk_client.approve_assignment(AssignmentId=assignment.submit({}).id)
    assert worker.earnings == 1


def test_create_worker_block_again_replaces_the_reason(block, blocks):
    """A second block replaces the reason [observed] and keeps its place. [assumed]"""
    block("A1", "Spam")
    block("A2", "Spam")

    block("A1", "Much spam")

    assert blocks() == [("A1", "Much spam"), ("A2", "Spam")]


def test_create_worker_block_takes_at_most_100_000(mturk, mturk_client, block):
    """There are "at most 100,000 blocks". [doc] The error is our own. [assumed]

    A blocked worker can be blocked again, and a new one after another is unblocked.
    """
    block_workers(mturk, 99_999)
    block("A99999")

    assert error_of(lambda: block("A100000")) == request_error(
        "ExceedsMaxWorkerBlocks",
        "You have blocked 100000 Workers, which is the maximum. Unblock a Worker first.",
    )
    assert [each.worker_id for each in mturk.emails] == ["A99999"]
    block("A99999", "Much spam")
    mturk_client.delete_worker_block(WorkerId="A7")
    block("A100000")


def test_delete_worker_block_lets_the_worker_come_back(mturk, mturk_client, block, blocks):
    """An unblocked worker can accept the requester's HITs again. [doc]"""
    worker = mturk.worker()
    hit_id = publish(mturk_client)
    block(worker.id)

    result = mturk_client.delete_worker_block(WorkerId=worker.id, Reason="Sorry")

    assert result.keys() == {"ResponseMetadata"}
    assert blocks() == []
    assert worker.accept(hit_id).status == "Accepted"


def test_delete_worker_block_of_somebody_not_blocked_is_no_error(mturk_client, blocks):
    """The worker need not be blocked, and Reason is optional. [doc] [observed]"""
    mturk_client.delete_worker_block(WorkerId="A1")

    assert blocks() == []


def test_list_worker_blocks_empty(mturk_client):
    """Without blocks the list is empty, and NextToken is absent. [observed]"""
    result = mturk_client.list_worker_blocks()

    del result["ResponseMetadata"]
    assert result == {"NumResults": 0, "WorkerBlocks": []}


def test_list_worker_blocks_pages(mturk_client, block, blocks):
    """Oldest block first [assumed], ten per page by default. [doc]"""
    ids = [f"A{number}" for number in range(12)]
    for worker_id in ids:
        block(worker_id)

    assert [worker_id for worker_id, _ in blocks()] == ids[:10]
    pages = list(
        mturk_client.get_paginator("list_worker_blocks").paginate(PaginationConfig={"PageSize": 5})
    )
    assert [page["NumResults"] for page in pages] == [5, 5, 2, 0]
    assert [each["WorkerId"] for page in pages for each in page["WorkerBlocks"]] == ids


def test_list_worker_blocks_on_pages_of_one(mturk_client, block):
    """A block with a replaced reason is listed once, in its old place. [assumed]"""
    for worker_id in ("A1", "A2", "A3", "A1"):
        block(worker_id)

    pages = mturk_client.get_paginator("list_worker_blocks").paginate(
        PaginationConfig={"PageSize": 1}
    )

    listed = [[each["WorkerId"] for each in page["WorkerBlocks"]] for page in pages]
    assert listed == [["A1"], ["A2"], ["A3"], []]


def test_list_worker_blocks_misses_nobody_who_is_unblocked_meanwhile(mturk_client, block, blocks):
    """Deleting blocks between two pages makes no other block be skipped. [assumed]"""
    ids = [f"A{number}" for number in range(12)]
    for worker_id in ids:
        block(worker_id)

    pages = mturk_client.get_paginator("list_worker_blocks").paginate(
        PaginationConfig={"PageSize": 5}
    )
    for page in pages:
        for each in page["WorkerBlocks"]:
            mturk_client.delete_worker_block(WorkerId=each["WorkerId"])

    assert blocks() == []


def test_list_worker_blocks_after_return_is_at_the_end(mturk_client, block, blocks):
    """A worker who is blocked anew is listed last. [assumed]"""
    block("A1")
    block("A2")
    mturk_client.delete_worker_block(WorkerId="A1")

    block("A1")

    assert [worker_id for worker_id, _ in blocks()] == ["A2", "A1"]


@pytest.mark.parametrize("worker_id", ["NOTAWORKER", "a1", " A1", "A", "A1,A2", "A1\n"])
def test_create_worker_block_of_a_malformed_id_is_refused(mturk_client, worker_id):
    """The framework refuses a malformed WorkerId, without a stamp. [observed]"""
    told = refusal(mturk_client.create_worker_block, WorkerId=worker_id, Reason="Spam")

    assert told == (
        "ValidationException",
        None,
        f"1 validation error detected: Value '{worker_id}' at 'workerId' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: ^A[A-Z0-9]+$",
    )


# Emails -----------------------------------------------------------------------------------


def test_create_worker_block_tells_the_worker_once(mturk, block):
    """Blocked workers "are notified by mail" [doc], once and without the reason. [assumed]"""
    worker = mturk.worker()
    block(worker.id, "Spam")
    block(worker.id, "More spam")

    (email,) = mturk.emails
    assert (email.worker_id, email.subject) == (worker.id, "A requester has blocked you")
    assert "pam" not in email.text


@pytest.mark.parametrize(("params", "texts"), [({"Reason": "Too old"}, ["Too old"]), ({}, [])])
def test_disassociate_qualification_tells_the_worker_the_reason(mturk, mturk_client, params, texts):
    """A Reason given with DisassociateQualificationFromWorker "is seen by the worker". [doc]

    It is sent by email. [assumed]
    """
    type_id = type_id_of(mturk_client)
    associate(mturk_client, type_id, "A1", SendNotification=False)
    mturk_client.disassociate_qualification_from_worker(
        WorkerId="A1", QualificationTypeId=type_id, **params
    )

    assert [(email.worker_id, email.text) for email in mturk.emails] == [("A1", t) for t in texts]


# unknown_workers --------------------------------------------------------------------------


def blocked_workers(client):
    """Return the IDs of the workers whom the requester has blocked."""
    return [each["WorkerId"] for each in client.list_worker_blocks()["WorkerBlocks"]]


@pytest.mark.parametrize(
    ("operation", "params", "before", "after"),
    [
        ("create_worker_block", {"Reason": "Spam"}, [], [NOBODY]),
        ("delete_worker_block", {}, [NOBODY], []),
    ],
)
def test_any_worker_id_exists_by_default(mturk_client, operation, params, before, after):
    """By default every worker ID exists: it can be blocked and unblocked. [assumed]"""
    for worker_id in before:
        mturk_client.create_worker_block(WorkerId=worker_id, Reason="Spam")
    assert blocked_workers(mturk_client) == before

    answer = getattr(mturk_client, operation)(WorkerId=NOBODY, **params)

    assert answer.keys() == {"ResponseMetadata"}
    assert blocked_workers(mturk_client) == after


@pytest.mark.parametrize(
    ("operation", "params"),
    [("create_worker_block", {"Reason": "Spam"}), ("delete_worker_block", {})],
)
class TestUnknownWorkers:
    def test_unknown_worker_is_refused_on_request(self, operation, params):
        """With unknown_workers="refuse" an unknown worker ID is refused, as by the service.

        [observed]
        """
        with mock_mturk(now=NOW, unknown_workers="refuse") as mturk:
            told = refusal(getattr(mturk.client(), operation), WorkerId=NOBODY, **params)
            in_sandbox = refusal(
                getattr(mturk.client(sandbox=True), operation), WorkerId=NOBODY, **params
            )

        expected = invalid_value(NOBODY, "WorkerId")
        if operation == "delete_worker_block":
            # DeleteWorkerBlock with an invalid id: message "WorkerId is invalid." [doc]
            expected = value_error("WorkerId is invalid.")
        assert told == expected.stamped()
        assert in_sandbox == expected.stamped(SANDBOX_STAMP)


def test_known_worker_is_not_refused():
    """A worker of the mock has an ID that exists: it can be blocked and unblocked. [observed]"""
    with mock_mturk(now=NOW, unknown_workers="refuse") as mturk:
        client, worker = mturk.client(), mturk.worker()
        client.create_worker_block(WorkerId=worker.id, Reason="Spam")
        assert blocked_workers(client) == [worker.id]

        client.delete_worker_block(WorkerId=worker.id)
        assert blocked_workers(client) == []
