"""More assignments and more time for a HIT, done whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mturk_mock.model import hit as hits
from mturk_mock.model import notification
from mturk_mock.model.notification import announce

if TYPE_CHECKING:
    from mturk_mock.model.account import Account
    from mturk_mock.model.hit import HIT


def extend(
    account: Account, hit: HIT, now: int, *, count: int = 0, expiration: int | None = None
) -> None:
    """Let `count` more people take the HIT, and let it expire at `expiration`. [doc]

    Without a time to come the expiration stays: an expired HIT gets the assignments and
    stays expired. [observed] With one, an expired HIT with assignments left can be taken
    again. [doc] Raises the errors of `check`.
    """
    check(account, hit, count, expiration)
    hit.max_assignments += count
    hit.available += count
    if expiration is not None:
        hit.expiration = expiration
        hit.expired = False
        account.schedule.add(expiration, hits.EXPIRES, account.key, hit.id)
    announce(account, notification.HIT_EXTENDED, hit, now)
    hits.refresh(account, hit, now)


def check(account: Account, hit: HIT, count: int, expiration: int | None) -> None:
    """Raise why the HIT cannot have `count` assignments more and expire at `expiration`.

    InvalidHITState for a deleted HIT, for more assignments HITTooOldForExtension or
    InvalidMaximumAssignmentsIncrease, and InsufficientFunds for what can be taken anew.
    """
    hits.require_status(hit, *hits.ALIVE)
    if count:
        hits.require_extensible(hit, count)
    before = 0 if hit.expired else hit.available
    after = 0 if hit.expired and expiration is None else hit.available + count
    account.ledger.require((after - before) * hits.cost_of(account, hit))
