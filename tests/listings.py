"""One list of each list operation, with a given number of items, for tests of pagination."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.helpers import create_hit, expire, work


class Listing(NamedTuple):
    """One list: its operation, the key of its items, and the expected items in order."""

    operation: str
    key: str
    parameters: dict[str, str]
    made: list[str]
    of: Callable[[dict[str, Any]], str]

    def page(self, client: Any, **parameters: Any) -> dict[str, Any]:
        response = getattr(client, self.operation)(**self.parameters, **parameters)
        del response["ResponseMetadata"]
        return response

    def ids(self, page: dict[str, Any]) -> list[str]:
        return [self.of(item) for item in page[self.key]]


def of_hits(mturk, client, count):
    made = [create_hit(client)["HITId"] for _ in range(count)]
    return Listing("list_hits", "HITs", {}, made[::-1], lambda hit: hit["HITId"])


def of_reviewable_hits(mturk, client, count):
    listing = of_hits(mturk, client, count)
    for hit_id in listing.made:
        expire(client, hit_id)
    return listing._replace(operation="list_reviewable_hits")


def of_assignments(mturk, client, count):
    hit_id = create_hit(client, MaxAssignments=100)["HITId"]
    made = [assignment.id for assignment in work(mturk, hit_id, count)]
    return Listing(
        "list_assignments_for_hit",
        "Assignments",
        {"HITId": hit_id},
        made,
        lambda assignment: assignment["AssignmentId"],
    )


def of_bonuses(mturk, client, count):
    hit_id = create_hit(client)["HITId"]
    (assignment,) = work(mturk, hit_id)
    made = [f"reason {number}" for number in range(count)]
    for reason in made:
        client.send_bonus(
            WorkerId=assignment.worker_id,
            AssignmentId=assignment.id,
            BonusAmount="0.01",
            Reason=reason,
        )
    return Listing(
        "list_bonus_payments",
        "BonusPayments",
        {"HITId": hit_id},
        made,
        lambda bonus: bonus["Reason"],
    )


def of_blocks(mturk, client, count):
    made = [mturk.worker().id for _ in range(count)]
    for worker_id in made:
        client.create_worker_block(WorkerId=worker_id, Reason="no")
    return Listing("list_worker_blocks", "WorkerBlocks", {}, made, lambda block: block["WorkerId"])
