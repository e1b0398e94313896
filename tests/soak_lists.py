"""Every list of an account with every filter, as `tests.soak` expects it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.soak_reference import APPROVED_BEFORE, LOCALE, VISIBLE, Account, Reference
from tests.soak_shapes import (
    given,
    is_listed,
    show_bonus,
    show_grant,
    show_qualification_type,
    show_request,
)


@dataclass
class Listing:
    """A list operation with its filters, and the items it should return now: places and members."""

    account: Account
    operation: str
    key: str
    filters: dict[str, Any]
    truth: Callable[[], list[tuple[int, dict[str, Any]]]]
    newest_first: bool = False
    check: Callable[[], Any] = lambda: None  # raises Refused if the call must fail now
    last: int | None = None  # the place of the last item on the pages read so far
    token: str | None = None

    def left(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the items that the next pages should contain."""
        found = sorted(self.truth(), key=lambda item: item[0], reverse=self.newest_first)
        last = self.last
        if last is None:
            return found
        return [item for item in found if (item[0] < last if self.newest_first else item[0] > last)]


def one_of(ids: Iterable[str], random: Random) -> str | None:
    """Return one of the IDs, or None if there are none."""
    found = list(ids)
    return random.choice(found) if found else None


def listings(reference: Reference, account: Account, random: Random) -> Iterator[Listing]:
    """Yield every list of an account with every filter."""
    yield from hit_listings(reference, account, random)
    yield from work_listings(reference, account, random)
    yield from qualification_listings(reference, account, random)
    blocks = account.blocks
    yield Listing(
        *(account, "list_worker_blocks", "WorkerBlocks", {}),
        lambda: [
            (number, {"WorkerId": worker, "Reason": reason})
            for worker, (number, reason) in blocks.items()
        ],
    )


def hit_listings(reference: Reference, account: Account, random: Random) -> Iterator[Listing]:
    live = account.live

    def hits(wanted: Callable[[Any], bool], ids_only: bool = False) -> Callable[[], Any]:
        return lambda: [
            (hit.number, {"HITId": hit.id} if ids_only else hit.shown())
            for hit in live.values()
            if wanted(hit)
        ]

    yield Listing(account, "list_hits", "HITs", {}, hits(lambda hit: True), True)
    statuses, types = ("Reviewable", "Reviewing"), (None, one_of(account.types, random))
    for status, type_id in itertools.product(statuses, types):
        yield Listing(
            *(account, "list_reviewable_hits", "HITs"),
            given(Status=status, HITTypeId=type_id),
            hits(
                lambda hit, status=status, type_id=type_id: (
                    hit.status == status and type_id in (None, hit.type)
                ),
                ids_only=True,
            ),
            newest_first=True,
        )
    required = random.choice([LOCALE, APPROVED_BEFORE, *usable_types(reference, account)])
    yield Listing(
        *(account, "list_hits_for_qualification_type", "HITs"),
        {"QualificationTypeId": required},
        hits(lambda hit: hit.properties.requires(required)),
        newest_first=True,
        check=lambda: require_known(reference, account, required),
    )


def require_known(reference: Reference, account: Account, type_id: str) -> None:
    if type_id not in (LOCALE, APPROVED_BEFORE):
        reference.qualification_type(account.environment, type_id)


def usable_types(reference: Reference, account: Account) -> list[str]:
    types = reference.qualification_types[account.environment]
    return [id_ for id_, type_ in types.items() if not type_.deleted]


def work_listings(reference: Reference, account: Account, random: Random) -> Iterator[Listing]:
    hits = [hit for hit in account.live.values() if hit.works] or list(account.hits.values())
    if not hits:
        return
    hit = random.choice(hits)
    for statuses in (VISIBLE, random.sample(VISIBLE, random.randint(1, 2))):
        yield Listing(
            *(account, "list_assignments_for_hit", "Assignments"),
            {
                "HITId": hit.id,
                **({} if statuses is VISIBLE else {"AssignmentStatuses": statuses}),
            },
            lambda statuses=statuses: [
                (work.number, work.shown()) for work in hit.works if work.status in statuses
            ],
        )
    work_id = random.choice(hit.works).id if hit.works else None
    for filters in ({"HITId": hit.id}, given(AssignmentId=work_id)):
        if filters:
            yield Listing(
                *(account, "list_bonus_payments", "BonusPayments", filters),
                lambda filters=filters: [
                    (bonus.number, show_bonus(bonus))
                    for bonus in account.bonuses
                    if filters.get("HITId", bonus.hit) == bonus.hit
                    and filters.get("AssignmentId", bonus.work) == bonus.work
                ],
            )


def qualification_listings(
    reference: Reference, account: Account, random: Random
) -> Iterator[Listing]:
    types = reference.qualification_types[account.environment]
    requests = reference.requests[account.environment]
    query = random.choice(["cat", "KNOWS", "likes dog", "animals", "birds Has"])
    for owned, words in ((True, ""), (True, query), (False, query)):
        yield Listing(
            *(account, "list_qualification_types", "QualificationTypes"),
            {
                "MustBeRequestable": True,
                "MustBeOwnedByCaller": owned,
                **({"Query": words} if words else {}),
            },
            lambda owned=owned, words=words: [
                (type_.number, show_qualification_type(type_, account))
                for type_ in types.values()
                if is_listed(type_, account.name, owned, words)
            ],
            newest_first=True,
        )
    own = [id_ for id_, each in types.items() if each.owner == account.name and not each.deleted]
    type_id = one_of(own, random)
    for filters in ({}, *([{"QualificationTypeId": type_id}] if type_id in types else [])):
        yield Listing(
            *(account, "list_qualification_requests", "QualificationRequests", filters),
            lambda filters=filters: [
                (request.number, show_request(request))
                for request in requests.values()
                if request.status == "Submitted"
                and types[request.type].owner == account.name
                and filters.get("QualificationTypeId", request.type) == request.type
            ],
            check=lambda filters=filters: [
                reference.own_type(account, id_) for id_ in filters.values()
            ],
        )
    for status in ("Granted", "Revoked") if type_id in types else ():
        yield Listing(
            *(account, "list_workers_with_qualification_type", "Qualifications"),
            {"QualificationTypeId": type_id, "Status": status},
            lambda status=status: [
                (grant.number, show_grant(grant))
                for grant in types[type_id].grants.values()
                if grant.status == status
            ],
            check=lambda: reference.own_type(account, type_id),
        )
