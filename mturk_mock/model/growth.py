"""More assignments and more time for a HIT at once, done whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mturk_mock.model import hit as hits
from mturk_mock.model import notification
from mturk_mock.model.notification import announce

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.model.hit import HIT


def check(account: Account, hit: HIT, count: int, expiration: int | None) -> None:
    """Raise why the HIT cannot have `count` assignments more and expire at `expiration`.

    With 0 and None these stay as they are. InvalidHITState for a deleted HIT, for more
    assignments HITTooOldForExtension or InvalidMaximumAssignmentsIncrease, and
    InsufficientFunds for what can be taken anew.
    """
    if count:
        hits.require_extensible(hit, count)
    hits.require_status(hit, *hits.ALIVE)
    before = 0 if hit.expired else hit.available
    after = 0 if hit.expired and expiration is None else hit.available + count
    account.ledger.require((after - before) * hits.cost_of(account, hit))


def grow(account: Account, hit: HIT, count: int, expiration: int | None, now: int) -> None:
    """Give the HIT what was checked; an expired one can be taken again at its new time."""
    hit.max_assignments += count
    hit.available += count
    if expiration is not None:
        hit.expiration = expiration
        hit.expired = False
        account.schedule.add(expiration, hits.EXPIRES, account.key, hit.id)
    announce(account, notification.HIT_EXTENDED, hit, now)
    hits.refresh(account, hit, now)
