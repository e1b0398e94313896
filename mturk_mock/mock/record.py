"""What has happened in a mock, without the API: every HIT, all work, all money, every call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.calls import APICall
from mturk_mock.core.clock import to_datetime
from mturk_mock.model.worker import Email
from mturk_mock.workforce.assignment import Assignment
from mturk_mock.workforce.hit import HIT

if TYPE_CHECKING:
    from mturk_mock.mock.notification import Notification


class Record:
    """The truth, as a mock's handle shows it."""

    _backend: Backend

    @property
    def hits(self) -> list[HIT]:
        """Every HIT of every requester, deleted ones too, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return [
                HIT(self._backend, hit.id)
                for account in marketplace.accounts.values()
                for hit in account.hits_by_number
            ]

    @property
    def assignments(self) -> list[Assignment]:
        """Every assignment, also those that were only accepted, returned or abandoned."""
        with self._backend.transaction() as (marketplace, _):
            return [
                Assignment(self._backend, assignment_id)
                for account in marketplace.accounts.values()
                for assignment_id in account.assignments
            ]

    @property
    def bonuses(self) -> list[BonusPayment]:
        """Every bonus, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return [
                BonusPayment(
                    bonus.worker_id,
                    bonus.amount,
                    bonus.assignment_id,
                    bonus.reason,
                    to_datetime(bonus.time),
                )
                for account in marketplace.accounts.values()
                for bonus in account.bonuses
            ]

    @property
    def calls(self) -> list[APICall]:
        """Every API call, oldest first."""
        return list(self._backend.calls)

    @property
    def emails(self) -> list[Email]:
        """Every message that was sent, oldest first."""
        self._backend.settle()
        with self._backend.transaction() as (marketplace, _):
            return list(marketplace.emails)

    @property
    def notifications(self) -> list[Notification]:
        """Every notification that was sent, test events too, oldest first."""
        from mturk_mock.mock.notification import Notification

        self._backend.settle()
        with self._backend.transaction() as (marketplace, _):
            return [Notification.of(message) for message in marketplace.notifications]


@dataclass(frozen=True)
class BonusPayment:
    """A bonus that was paid. ``amount`` in dollars, ``time`` aware."""

    worker_id: str
    amount: Decimal
    assignment_id: str
    reason: str
    time: datetime
