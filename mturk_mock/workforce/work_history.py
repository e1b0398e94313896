"""What became of a worker's work in one environment, as the dashboard of the worker site tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from heapq import merge
from typing import NamedTuple

from mturk_mock.core.clock import DAY
from mturk_mock.model.account import Account, Bonus
from mturk_mock.model.assignment import APPROVED, REJECTED, Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.ledger import EXACT
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.worker import Email


class Work(NamedTuple):
    """An assignment with its account."""

    account: Account
    assignment: Assignment

    @property
    def hit(self) -> HIT:
        """The HIT."""
        return self.account.hits[self.assignment.hit_id]

    @property
    def review_time(self) -> int | None:
        """When its status was decided; None if it is not."""
        times = {APPROVED: self.assignment.approval_time, REJECTED: self.assignment.rejection_time}
        return times.get(self.assignment.status)


class Payment(NamedTuple):
    """A bonus with its account."""

    account: Account
    bonus: Bonus

    @property
    def assignment(self) -> Assignment:
        """The assignment for which it was paid."""
        return self.account.assignments[self.bonus.assignment_id]

    @property
    def hit(self) -> HIT:
        """The HIT of its assignment."""
        return self.account.hits[self.assignment.hit_id]


@dataclass
class Earnings:
    """What was earned on a day. ``day``: counted from 1970, in UTC."""

    day: int
    approved: int = 0
    rewards: Decimal = Decimal(0)
    bonuses: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """Rewards and bonuses."""
        return EXACT.add(self.rewards, self.bonuses)


class WorkHistory:
    """The work of a worker in one environment, with all requesters; lists are newest first."""

    def __init__(self, marketplace: Marketplace, worker_id: str, environment: str) -> None:
        self._marketplace = marketplace
        self._worker_id = worker_id
        self._environment = environment
        self._accounts = [
            account
            for account in marketplace.accounts.values()
            if account.environment == environment
        ]

    def work(self) -> Iterator[Work]:
        """Yield the assignments, the latest accepted first."""
        lists = [
            map(partial(_work_of, account), reversed(account.work.get(self._worker_id, ())))
            for account in self._accounts
        ]
        return merge(*lists, key=lambda each: each.assignment.accept_time, reverse=True)

    def counts(self) -> Counter[str]:
        """Return the number of assignments by status."""
        return Counter(
            account.assignments[id_].status
            for account in self._accounts
            for id_ in account.work.get(self._worker_id, ())
        )

    def payments(self) -> Iterator[Payment]:
        """Yield the bonuses."""
        lists = [
            map(partial(Payment, account), account.bonus_lists.of(self._worker_id).before())
            for account in self._accounts
        ]
        return merge(*lists, key=lambda each: each.bonus.time, reverse=True)

    def count_payments(self) -> int:
        """Return the number of bonuses."""
        return sum(account.bonus_lists.size_of(self._worker_id) for account in self._accounts)

    def emails(self) -> Iterator[Email]:
        """Yield the emails from requesters; one of unknown origin is in both environments."""
        for email in reversed(self._marketplace.emails):
            is_here = email.environment in (None, self._environment)
            if is_here and email.worker_id == self._worker_id:
                yield email

    def earnings(self) -> list[Earnings]:
        """Return what was earned on each day on which something was."""
        days: dict[int, Earnings] = {}
        for account in self._accounts:
            for (day, type_id), count in self._count_approved(account).items():
                found = _on_day(days, day)
                found.approved += count
                reward = account.hit_types[type_id].properties.reward
                found.rewards = EXACT.add(found.rewards, EXACT.multiply(reward, count))
        for payment in self.payments():
            found = _on_day(days, payment.bonus.time // DAY)
            found.bonuses = EXACT.add(found.bonuses, payment.bonus.amount)
        return sorted(days.values(), key=lambda each: each.day, reverse=True)

    def _count_approved(self, account: Account) -> Counter[tuple[int, str]]:
        """Return the number of approved assignments by day and HIT type."""
        return Counter(
            (assignment.approval_time // DAY, account.hits[assignment.hit_id].type.id)
            for id_ in account.work.get(self._worker_id, ())
            if (assignment := account.assignments[id_]).status == APPROVED
            and assignment.approval_time is not None
        )


def _work_of(account: Account, assignment_id: str) -> Work:
    return Work(account, account.assignments[assignment_id])


def _on_day(days: dict[int, Earnings], day: int) -> Earnings:
    return days.setdefault(day, Earnings(day))


def total_of(earnings: Iterable[Earnings]) -> Decimal:
    """Return what was earned on all these days."""
    total = Decimal(0)
    for each in earnings:
        total = EXACT.add(total, each.total)
    return total
