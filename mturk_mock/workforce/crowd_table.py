"""The results of a crowd as tables: lists of rows, for pandas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from mturk_mock.core.clock import SECOND, to_datetime, to_datetime_or_none
from mturk_mock.core.html_table import ROWS_SHOWN, Listing, show_value
from mturk_mock.model import assignment as assignments
from mturk_mock.model import hit as hits
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.workforce.crowd_life import Memory

RowT = TypeVar("RowT")


class Table(Listing[RowT]):
    """Rows of one kind, whose `repr()` is a table, and which a notebook shows as a table."""

    def __repr__(self) -> str:
        if not self:
            return "no rows"
        first: Any = self[0]
        lines = [[field.name for field in fields(first)]]
        lines += ([show_value(value) for value in astuple(row)] for row in self[:ROWS_SHOWN])  # type: ignore[call-overload]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        if len(self) > ROWS_SHOWN:
            shown.append(f"... {len(self)} rows in all")
        return "\n".join(shown)


@dataclass(frozen=True)
class Result:
    """An assignment that a worker of the crowd accepted.

    ``end_time``: when it was submitted, returned or abandoned, None before; ``seconds``: from
    the acceptance to then. ``right``: whether every answer is right, None if unknown.
    """

    assignment_id: str
    hit_id: str
    worker_id: str
    status: assignments.Status
    accept_time: datetime
    end_time: datetime | None
    seconds: float | None
    right: bool | None


@dataclass(frozen=True)
class WorkerRow:
    """A worker of the crowd, with the numbers of visits and of assignments.

    ``submitted`` includes approved and rejected ones; ``right``: of the submitted ones, None if
    unknown. ``seconds``: work time of them. ``earned``: dollars.
    """

    worker_id: str
    visits: int
    taken: int
    submitted: int
    returned: int
    abandoned: int
    approved: int
    rejected: int
    right: int | None
    seconds: float
    earned: Decimal


@dataclass(frozen=True)
class HITRow:
    """A HIT, with the numbers of the crowd's assignments, as in `WorkerRow`.

    ``finish_time``: when the last of its assignments was submitted, None before.
    """

    hit_id: str
    title: str
    max_assignments: int
    taken: int
    submitted: int
    returned: int
    abandoned: int
    approved: int
    rejected: int
    right: int | None
    seconds: float
    finish_time: datetime | None


def results(marketplace: Marketplace, memory: Memory) -> Table[Result]:
    """Return a row for each assignment, in order of acceptance."""
    rows: Table[Result] = Table()
    for id_ in memory.taken:
        _, assignment = marketplace.find_assignment(id_)
        end = _end_time(assignment, memory)
        rows.append(
            Result(
                id_,
                assignment.hit_id,
                assignment.worker_id,
                assignment.status,
                to_datetime(assignment.accept_time),
                to_datetime_or_none(end),
                None if end is None else (end - assignment.accept_time) / SECOND,
                memory.right.get(id_),
            )
        )
    return rows


def _end_time(assignment: assignments.Assignment, memory: Memory) -> int | None:
    """Return when it ended; None for one that the program has returned."""
    if assignment.status == assignments.RETURNED:
        return memory.return_times.get(assignment.id)
    if assignment.status == assignments.ABANDONED:
        return assignment.deadline
    return assignment.submit_time


def by_worker(marketplace: Marketplace, memory: Memory) -> Table[WorkerRow]:
    """Return a row for each worker."""
    work = _group(results(marketplace, memory), lambda result: result.worker_id)
    visits = Counter(worker_id for _, worker_id in memory.arrivals)
    return Table(
        WorkerRow(
            worker_id=worker_id,
            visits=visits[worker_id],
            earned=marketplace.person(worker_id).earnings,
            **_sum(work[worker_id]),
        )
        for worker_id in memory.people
    )


def by_hit(marketplace: Marketplace, memory: Memory) -> Table[HITRow]:
    """Return a row for each HIT of the mock, the oldest first for each requester."""
    work = _group(results(marketplace, memory), lambda result: result.hit_id)
    return Table(
        HITRow(
            hit_id=hit.id,
            title=hit.type.properties.title,
            max_assignments=hit.max_assignments,
            finish_time=to_datetime_or_none(finish_time(account.assignments, hit)),
            **_sum(work[hit.id]),
        )
        for account in marketplace.accounts.values()
        for hit in account.hits_by_number
    )


def finish_time(work: dict[str, assignments.Assignment], hit: hits.HIT) -> int | None:
    """Return when the last of a HIT's assignments was submitted, None before."""
    if len(hit.submitted_ids) < hit.max_assignments:
        return None
    return work[hit.submitted_ids[hit.max_assignments - 1]].submit_time


def _sum(work: list[Result]) -> dict[str, Any]:
    """Return the numbers that a row of a worker and a row of a HIT have in common."""
    count = Counter(result.status for result in work)
    submitted = [result for result in work if result.status in assignments.VISIBLE]
    judged = [result.right for result in submitted if result.right is not None]
    return {
        "taken": len(work),
        "submitted": len(submitted),
        "returned": count[assignments.RETURNED],
        "abandoned": count[assignments.ABANDONED],
        "approved": count[assignments.APPROVED],
        "rejected": count[assignments.REJECTED],
        "right": sum(judged) if judged else None,
        "seconds": sum(result.seconds or 0 for result in submitted),
    }


def _group(rows: Iterable[Result], key: Callable[[Result], str]) -> defaultdict[str, list[Result]]:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
