"""Extending a HIT by assignments and time at once, as ExtendHIT did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mturk_mock.clock import SECOND
from mturk_mock.model import hit as hits
from mturk_mock.model import notification
from mturk_mock.model.notification import announce

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.model.hit import HIT


def check(account: Account, hit: HIT, count: int, seconds: int) -> None:
    """Raise why the HIT cannot be extended by `count` assignments and `seconds`.

    InvalidHITState for a deleted HIT, InsufficientFunds for what could be taken anew, and
    for more assignments HITTooOldForExtension, InvalidMaximumAssignmentsIncrease.
    """
    hits.require_status(hit, *hits.ALIVE)
    if count:
        hits.require_growth(hit, count)
    available = hit.available + count
    before = 0 if hit.expired else hit.available
    after = 0 if hit.expired and not seconds else available
    account.ledger.require((after - before) * hits.cost_of(account, hit))


def extend(account: Account, hit: HIT, count: int, seconds: int, now: int) -> None:
    """Extend the HIT, which was checked; 0 leaves one of the two as it is.

    The time is added to the expiration, or to now where the HIT has expired. [doc]
    """
    hit.max_assignments += count
    hit.available += count
    if seconds:
        hit.expiration = (now if hit.expired else hit.expiration) + seconds * SECOND
        hit.expired = False
        account.schedule.add(hit.expiration, hits.EXPIRES, account.key, hit.id)
    announce(account, notification.HIT_EXTENDED, hit, now)
    hits.refresh(account, hit, now)
