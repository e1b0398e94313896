"""One more assignment and more time for a HIT, in one step that is done whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mturk_mock.clock import SECOND
from mturk_mock.model import hit as hits
from mturk_mock.model import notification
from mturk_mock.model.notification import announce

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.model.hit import HIT


def extend(account: Account, hit: HIT, count: int, least_time: int, now: int) -> None:
    """Let `count` more people take the HIT, which has `least_time` seconds left at least.

    Without a time the expiration stays, of an expired HIT too. Raises InvalidHITState,
    HITTooOldForExtension, InvalidMaximumAssignmentsIncrease or InsufficientFunds.
    """
    hits.require_extensible(hit, count)
    needs_time = least_time > 0 and (hit.expired or hit.expiration < now + least_time * SECOND)
    expired = hit.expired and not needs_time
    more = 0 if expired else count + (hit.available if hit.expired else 0)
    account.ledger.require(more * hits.cost_of(account, hit))
    hit.max_assignments += count
    hit.available += count
    if needs_time:
        hit.expired = False
        hit.expiration = now + least_time * SECOND
        account.schedule.add(hit.expiration, hits.EXPIRES, account.key, hit.id)
    announce(account, notification.HIT_EXTENDED, hit, now)
    hits.refresh(account, hit, now)
