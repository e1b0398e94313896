"""The tables of a crowd: lists of rows, which `pandas.DataFrame` reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
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
from mturk_mock.workforce.skills import Skill

RowT = TypeVar("RowT")


class Table(Listing[RowT]):
    """A list of rows of one kind that `repr()` and notebooks show as a table."""

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

    ``end_time``: when it was submitted, returned or abandoned; None if it is still open, or if
    the program returned it. ``seconds``: the time from ``accept_time`` to ``end_time``, or None.
    ``right``: whether every field has the right answer; None if it is not submitted, or without
    the argument ``accuracy`` of ``mturk.crowd``.
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
    """A worker of the crowd, with numbers of visits and assignments.

    ``visits``: how often the worker arrived. ``taken``: accepted assignments. ``submitted``:
    includes approved and rejected assignments. ``right``: submitted assignments in which every
    field has the right answer; None if unknown. ``seconds``: the work time of the submitted
    assignments together. ``earned``: all rewards and bonuses of the worker, in US dollars.
    ``skill``: the name of the worker's `Skill`; None in a crowd without skills.
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
    skill: str | None = None


@dataclass(frozen=True)
class HITRow:
    """A HIT of the mock, with numbers of the crowd's assignments, as in `WorkerRow`.

    ``finish_time``: when the last of ``max_assignments`` assignments was submitted, by workers of
    the crowd or other workers; None before.
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


def list_results(marketplace: Marketplace, memory: Memory) -> Table[Result]:
    """Return a row for each assignment of the crowd, in order of acceptance."""
    rows: Table[Result] = Table()
    for id_ in memory.assignment_ids:
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
    """Return when the work ended; None if it is open, or if the program returned the HIT."""
    if assignment.status == assignments.RETURNED:
        return memory.return_times.get(assignment.id)
    if assignment.status == assignments.ABANDONED:
        return assignment.deadline
    return assignment.submit_time


def list_workers(
    marketplace: Marketplace, memory: Memory, skills: Sequence[Skill]
) -> Table[WorkerRow]:
    """Return a row for each worker of the crowd; `skills`: those of the crowd, if it has any."""
    work = _group(list_results(marketplace, memory), lambda result: result.worker_id)
    visits = Counter(worker_id for _, worker_id in memory.arrivals)
    return Table(
        WorkerRow(
            worker_id=worker_id,
            visits=visits[worker_id],
            earned=marketplace.person(worker_id).earnings,
            skill=skills[memory.knacks[worker_id].skill].name if memory.knacks else None,
            **_count_work(work[worker_id]),
        )
        for worker_id in memory.worker_ids
    )


def list_hits(marketplace: Marketplace, memory: Memory) -> Table[HITRow]:
    """Return a row for each HIT of the mock, oldest first for each requester."""
    work = _group(list_results(marketplace, memory), lambda result: result.hit_id)
    return Table(
        HITRow(
            hit_id=hit.id,
            title=hit.type.properties.title,
            max_assignments=hit.max_assignments,
            finish_time=to_datetime_or_none(finish_time(account.assignments, hit)),
            **_count_work(work[hit.id]),
        )
        for account in marketplace.accounts.values()
        for hit in account.hits_by_number
    )


def finish_time(work: dict[str, assignments.Assignment], hit: hits.HIT) -> int | None:
    """Return when the last of MaxAssignments assignments was submitted; None before."""
    if len(hit.submitted_ids) < hit.max_assignments:
        return None
    return work[hit.submitted_ids[hit.max_assignments - 1]].submit_time


def _count_work(work: list[Result]) -> dict[str, Any]:
    """Return the numbers that `WorkerRow` and `HITRow` have in common."""
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
