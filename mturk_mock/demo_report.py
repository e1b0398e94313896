"""What the demo prints: how far the work is, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mturk_mock import MTurk, Worker

BAR_WIDTH: Final = 18


def progress(mturk: MTurk) -> str:
    """Return a line that says how far the work is."""
    hits = mturk.hits
    wanted = sum(hit.max_assignments for hit in hits)
    reviewable = sum(hit.status == "Reviewable" for hit in hits)
    submitted = sum(assignment.status == "Submitted" for assignment in mturk.assignments)
    bar = ("#" * (BAR_WIDTH * submitted // wanted)).ljust(BAR_WIDTH, ".")
    return (
        f"  {mturk.clock.now:%a %H:%M}  [{bar}]  {submitted:3} of {wanted} assignments "
        f"submitted, {reviewable:2} of {len(hits)} HITs reviewable"
    )


def total(name: str, text: str) -> str:
    """Return a line of the totals."""
    return f"{name:12} {text}"


def dollars(amount: Decimal) -> str:
    """Return an amount as it is usually written."""
    return f"${amount:.2f}"


class Share(NamedTuple):
    """How many were right."""

    right: int
    total: int

    def __str__(self) -> str:
        return f"{self.right / self.total:.1%}" if self.total else "-"


@dataclass(frozen=True)
class Outcome:
    """A campaign that is over: its mock, its workers with their skills, what the program returned.

    ``truth``: the right label of each item.
    """

    mturk: MTurk
    workers: Sequence[tuple[Worker, str]]
    results: Sequence[Any]
    truth: Mapping[str, str]

    def worker_table(self) -> list[str]:
        """Return the lines that say what became of each worker."""
        heading = ("worker", "skill", "HITs", "accuracy", "approved", "rejected", "bonus", "earned")
        rows = [self._worker_row(worker, skill) for worker, skill in self.workers]
        return aligned([heading, *rows], left=2)

    def _worker_row(self, worker: Worker, skill: str) -> Sequence[str]:
        status = Counter(assignment.status for assignment in worker.assignments)
        approved, rejected = status["Approved"], status["Rejected"]
        bonuses = [each.amount for each in self.mturk.bonuses if each.worker_id == worker.id]
        return (
            worker.id,
            skill,
            str(approved + rejected),
            str(self._accuracy(self._answers(worker.id))),
            str(approved),
            str(rejected),
            dollars(sum(bonuses, start=Decimal(0))),
            dollars(worker.earnings),
        )

    def totals(self) -> list[str]:
        """Return the lines about everybody: accuracy, money, calls."""
        status = Counter(assignment.status for assignment in self.mturk.assignments)
        spent = self.mturk.spent
        paid = spent.rewards + spent.bonuses
        calls = Counter(call.operation for call in self.mturk.calls)
        most = ", ".join(f"{count} {name}" for name, count in calls.most_common(2))
        return [
            *self._quality(),
            total(
                "Given up", f"{status['Returned']} HITs returned, {status['Abandoned']} abandoned"
            ),
            total("Workers got", dollars(paid)),
            total(
                "Cost",
                f"{dollars(spent.rewards)} rewards + {dollars(spent.bonuses)} bonuses "
                f"+ {dollars(spent.fees)} fees = {dollars(paid + spent.fees)}",
            ),
            total("API calls", f"{calls.total()} ({most}, ...)"),
        ]

    def _quality(self) -> list[str]:
        single = self._accuracy(self._answers())
        labels = [(each.item.item_id, each.label) for each in self.results if each.label]
        majority = self._accuracy(labels)
        return [
            total(
                "One by one",
                f"{single} of the answers are right ({single.right} of {single.total})",
            ),
            total(
                "By majority",
                f"{majority} of the labels are right ({majority.right} of {majority.total}; "
                f"{len(self.results) - len(labels)} species got no majority)",
            ),
        ]

    def _answers(self, worker_id: str | None = None) -> Iterator[tuple[str, str]]:
        """Yield item id and label of each answer, or of each one of a worker."""
        for result in self.results:
            for answer in result.usable_answers:
                if worker_id in (None, answer.worker_id):
                    yield result.item.item_id, answer.label

    def _accuracy(self, labels: Iterable[tuple[str, str]]) -> Share:
        marks = [self.truth[item_id] == label for item_id, label in labels]
        return Share(sum(marks), len(marks))


def aligned(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Return a heading and rows as lines of aligned columns, the first `left` ones to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    heading, *lines = (
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return [heading, "-" * len(heading), *lines]
