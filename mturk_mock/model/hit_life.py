"""The rules by which a HIT lives: its status, its funds, and what happens to it.

The status follows from the counts: `refresh` brings it to what they say. Assignments that
were submitted and not yet reviewed are in none of the three numbers that the API
shows: MaxAssignments = Available + Pending + Completed + those. [doc]
"""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import DAY, from_datetime
from mturk_mock.model import notification
from mturk_mock.model.account import Account
from mturk_mock.model.hit import (
    ALIVE,
    ASSIGNABLE,
    DISPOSED,
    HIT,
    LISTED,
    REQUIRED,
    REVIEWABLE,
    REVIEWING,
    UNASSIGNABLE,
    HITType,
    Properties,
    note_counts,
)
from mturk_mock.model.lags import Lags, is_over
from mturk_mock.model.ledger import MANY_ASSIGNMENTS, reward_fee
from mturk_mock.model.policies import IS_JUDGED
from mturk_mock.model.system_qualification import MASTERS

_TO_REVIEW: Final = (REVIEWABLE, REVIEWING)

#: HITs that were created before cannot be extended. [doc]
FIRST_EXTENSIBLE: Final = from_datetime(datetime(2015, 7, 22, tzinfo=timezone.utc))
#: From when a HIT stops being assignable to its disposal. [doc] the time, [assumed] its start
LIFE_AFTER_WORK: Final = 120 * DAY

EXPIRES: Final = "HIT expires"
IS_DISPOSED: Final = "HIT is disposed"

# The lists that a HIT is in -------------------------------------------------------------


_Keys = tuple[tuple[str, str | None], ...]


def _keys_of_status(hit: HIT) -> _Keys:
    """Return the status, while the HIT is to be reviewed also with its HITTypeId."""
    if hit.status in _TO_REVIEW:
        return (hit.status, None), (hit.status, hit.type.id)
    return () if hit.status == DISPOSED else ((hit.status, None),)


def _all_keys(hit: HIT) -> _Keys:
    """Return all keys of the lists that show the HIT: none shows a deleted one.

    Besides those of the status `LISTED`, and `REQUIRED` with each qualification type.
    """
    if hit.status == DISPOSED:
        return ()
    required = hit.type.properties.qualification_type_ids
    return (LISTED, *_keys_of_status(hit), *((REQUIRED, type_id) for type_id in required))


def enter(account: Account, hit: HIT) -> None:
    """Register a new HIT, whose number is how many there were."""
    account.hits[hit.id] = hit
    account.hits_by_number.append(hit)
    account.hit_lists.move(hit, (), _all_keys(hit))


def become(account: Account, hit: HIT, status: str) -> None:
    """Give the HIT a status; nothing else does, so the lists are right."""
    if status != hit.status:
        keys_of = _all_keys if status == DISPOSED else _keys_of_status
        before = keys_of(hit)
        hit.status = status
        account.hit_lists.move(hit, before, keys_of(hit))


def _take_type(account: Account, hit: HIT, type_: HITType) -> None:
    """Give the HIT a type; nothing else does, so the lists are right."""
    before = _all_keys(hit)
    hit.type = type_
    account.hit_lists.move(hit, before, _all_keys(hit))


# The status and the funds ---------------------------------------------------------------


def cost_of_assignment(account: Account, properties: Properties, max_assignments: int) -> Decimal:
    """Return what one approved assignment costs: the reward and its fee."""
    masters = MASTERS[account.environment] in properties.qualification_type_ids
    return properties.reward + reward_fee(properties.reward, max_assignments, masters=masters)


def refresh(account: Account, hit: HIT, now: int) -> None:
    """Bring the status, the funds held and the disposal to what the counts say."""
    before = hit.status
    become(account, hit, status_by_counts(hit))
    if hit.status == ASSIGNABLE:
        hit.reviewing = False
        hit.disposal_time = None
        account.reopenings += before != ASSIGNABLE
    elif before == ASSIGNABLE:
        hit.disposal_time = now + LIFE_AFTER_WORK
        account.schedule.add(hit.disposal_time, IS_DISPOSED, account.key, hit.id)
    hold_funds(account, hit)
    if hit.past_counts is not None:
        note_counts(hit, hit.past_counts, now)
    if hit.status == REVIEWABLE and before in (ASSIGNABLE, UNASSIGNABLE):
        account.announce(notification.HIT_REVIEWABLE, hit, now)
        call_for_judgement(account, hit, now)
    if hit.disposal_time is not None and hit.disposal_time <= now and hit.settled:
        _let_go(account, hit, now)


def _let_go(account: Account, hit: HIT, now: int) -> None:
    if hit.status != DISPOSED:
        become(account, hit, DISPOSED)
        account.qualifications.release(hit.id, hit.type.properties.qualification_type_ids)
        account.announce(notification.HIT_DISPOSED, hit, now)


def status_by_counts(hit: HIT) -> str:
    """Return the status that the counts say."""
    if hit.status == DISPOSED:
        return DISPOSED
    if hit.available and not hit.expired:
        return ASSIGNABLE
    if hit.pending:
        return UNASSIGNABLE
    return REVIEWING if hit.reviewing else REVIEWABLE


def cost_of(account: Account, hit: HIT) -> Decimal:
    """Return what one approved assignment of this HIT costs."""
    return cost_of_assignment(account, hit.type.properties, hit.max_assignments)


def hold_funds(account: Account, hit: HIT) -> None:
    """Hold what every assignment may cost that can still be taken, submitted or approved."""
    assignments = _takeable(hit) + hit.pending + hit.unreviewed
    held = assignments * cost_of(account, hit)
    account.ledger.hold(held - hit.held)
    hit.held = held


def _takeable(hit: HIT) -> int:
    return 0 if hit.expired else hit.available


def require_funds(account: Account, properties: Properties, max_assignments: int) -> None:
    """Raise InsufficientFunds unless such a HIT could be paid for."""
    cost = cost_of_assignment(account, properties, max_assignments)
    account.ledger.require(max_assignments * cost)


def publish(account: Account, hit: HIT) -> None:
    """Put a new HIT on the market; its funds have been checked."""
    enter(account, hit)
    account.qualifications.use(hit.id, hit.type.properties.qualification_type_ids)
    account.schedule.add(hit.expiration, EXPIRES, account.key, hit.id)
    account.announce(notification.HIT_CREATED, hit, hit.creation_time)
    refresh(account, hit, hit.creation_time)


def require_extensible(hit: HIT, count: int) -> None:
    """Raise the error of a HIT that is not to have `count` more assignments. [doc]"""
    if hit.creation_time < FIRST_EXTENSIBLE:
        raise errors.HIT_TOO_OLD_FOR_EXTENSION(id=hit.id)
    if hit.max_assignments < MANY_ASSIGNMENTS <= hit.max_assignments + count:
        raise errors.INVALID_MAXIMUM_ASSIGNMENTS_INCREASE(id=hit.id)


def call_for_judgement(account: Account, hit: HIT, now: int) -> None:
    """Let the HIT policy, if there is one, look at a HIT each time it becomes Reviewable. [doc]"""
    if hit.policies is not None and hit.policies.plurality is not None:
        hit.policies.judgement_due = now
        account.schedule.add(now, IS_JUDGED, account.key, hit.id)


# What a requester does ------------------------------------------------------------------


def require_changeable(lags: Lags, hit: HIT, now: int) -> None:
    """Raise InvalidHITState for a HIT that is too new to be extended or given a new type.

    A new HIT can be expired [doc]; one that was deleted is said to be too new. [assumed]
    """
    if not is_over(lags.changes, hit.creation_time, now):
        raise errors.HIT_TOO_NEW(id=hit.id)


def extend(
    account: Account, hit: HIT, now: int, *, count: int = 0, expiration: int | None = None
) -> None:
    """Let `count` more people take the HIT, and let it expire at `expiration`. [doc]

    Without a time to come the expiration stays: an expired HIT gets the assignments and
    stays expired. [observed] With one, an expired HIT with assignments left can be taken
    again. [doc] Raises the errors of `check_extension`.
    """
    check_extension(account, hit, count, expiration)
    hit.max_assignments += count
    hit.available += count
    if expiration is not None:
        hit.expiration = expiration
        hit.expired = False
        account.schedule.add(expiration, EXPIRES, account.key, hit.id)
    account.announce(notification.HIT_EXTENDED, hit, now)
    refresh(account, hit, now)


def check_extension(account: Account, hit: HIT, count: int, expiration: int | None) -> None:
    """Raise why the HIT cannot have `count` assignments more and expire at `expiration`.

    InvalidHITState for a deleted HIT, for more assignments HITTooOldForExtension or
    InvalidMaximumAssignmentsIncrease, and InsufficientFunds for what can be taken anew.
    """
    require_status(hit, *ALIVE)
    if count:
        require_extensible(hit, count)
    before = 0 if hit.expired else hit.available
    after = 0 if hit.expired and expiration is None else hit.available + count
    account.ledger.require((after - before) * cost_of(account, hit))


def expire(account: Account, hit: HIT, now: int) -> None:
    """Take the HIT off the market; what was accepted can still be submitted. [doc]

    A HIT that has expired keeps its Expiration. [observed]
    """
    if hit.expired:
        return
    hit.expired = True
    hit.expiration = now
    if hit.available or hit.pending:
        account.announce(notification.HIT_EXPIRED, hit, now)
    refresh(account, hit, now)


def set_reviewing(account: Account, hit: HIT, reviewing: bool, now: int) -> None:
    """Move a Reviewable HIT to Reviewing, or a Reviewing one back. [doc]"""
    require_status(hit, REVIEWABLE if reviewing else REVIEWING)
    hit.reviewing = reviewing
    refresh(account, hit, now)


def change_type(account: Account, hit: HIT, type_: HITType, now: int) -> None:
    """Give the HIT the properties of another type, unless work on it has begun. [doc]"""
    require_status(hit, *ALIVE)
    if hit.assignment_ids:
        raise _wrong_status(hit, ASSIGNABLE)
    cost = cost_of_assignment(account, type_.properties, hit.max_assignments)
    account.ledger.require(_takeable(hit) * cost - hit.held)
    account.qualifications.release(hit.id, hit.type.properties.qualification_type_ids)
    account.qualifications.use(hit.id, type_.properties.qualification_type_ids)
    _take_type(account, hit, type_)
    refresh(account, hit, now)


def dispose(account: Account, hit: HIT, now: int) -> None:
    """Delete a HIT whose work is all reviewed.

    With work left to review the refusal names the very states that it allows. [observed]
    """
    require_status(hit, REVIEWING, REVIEWABLE)
    if not hit.settled:
        raise _wrong_status(hit, REVIEWING, REVIEWABLE)
    _let_go(account, hit, now)
    refresh(account, hit, now)


def require_status(hit: HIT, *allowed: str) -> None:
    """Raise InvalidHITState unless the HIT is in one of the states allowed."""
    if hit.status not in allowed:
        raise _wrong_status(hit, *allowed)


def _wrong_status(hit: HIT, *allowed: str) -> errors.MTurkError:
    return errors.INVALID_HIT_STATE(state=hit.status, allowed=", ".join(allowed))


# What happens to a HIT by itself --------------------------------------------------------


def will_expire(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT expires at `due`, still."""
    hit = account.hits[hit_id]
    return hit.expiration == due and not hit.expired and hit.status != DISPOSED


def happen_expire(account: Account, hit_id: str, due: int) -> None:
    """Let the HIT expire."""
    expire(account, account.hits[hit_id], due)


def will_be_disposed(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT's time is up at `due`, still."""
    hit = account.hits[hit_id]
    return hit.disposal_time == due and hit.status != DISPOSED


def happen_dispose(account: Account, hit_id: str, due: int) -> None:
    """Let the HIT go, or as soon as its work is reviewed. [doc] that, [assumed] when"""
    refresh(account, account.hits[hit_id], due)
