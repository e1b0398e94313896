"""The rules of a HIT: its status, its funds, and its events.

The status follows from the counts, and `refresh` updates it. MaxAssignments is the sum of the
three numbers that the API shows (Available, Pending, Completed) and of the submitted
assignments that are not reviewed yet. [doc]
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
    Status,
    note_counts,
)
from mturk_mock.model.lags import Lags, is_over
from mturk_mock.model.ledger import EXACT, MANY_ASSIGNMENTS, reward_fee
from mturk_mock.model.policies import IS_JUDGED
from mturk_mock.model.system_qualification import MASTERS

#: Statuses whose HITs are also listed by HITTypeId: for workers, and for requesters who review.
_LISTED_BY_TYPE: Final = (ASSIGNABLE, REVIEWABLE, REVIEWING)

#: HITs created before July 22, 2015, cannot get more assignments. [doc]
FIRST_EXTENSIBLE: Final = from_datetime(datetime(2015, 7, 22, tzinfo=timezone.utc))
#: HITs are disposed of 120 days after they stop being Assignable. [doc] the length, [assumed]
#: the start
LIFE_AFTER_WORK: Final = 120 * DAY

EXPIRES: Final = "HIT expires"
IS_DISPOSED: Final = "HIT is disposed"

# The lists that a HIT is in -------------------------------------------------------------


_Keys = tuple[tuple[str, str | None], ...]


def _keys_of_status(hit: HIT) -> _Keys:
    """Return the keys by status, and also by HITTypeId while workers or requesters look for it."""
    if hit.status in _LISTED_BY_TYPE:
        return (hit.status, None), (hit.status, hit.type.id)
    return () if hit.status == DISPOSED else ((hit.status, None),)


def _all_keys(hit: HIT) -> _Keys:
    """Return the keys of all lists that show the HIT; no list shows a deleted HIT.

    The keys are those by status, `LISTED`, and `REQUIRED` with each qualification type.
    """
    if hit.status == DISPOSED:
        return ()
    required = hit.type.properties.qualification_type_ids
    return (LISTED, *_keys_of_status(hit), *((REQUIRED, type_id) for type_id in required))


def register_hit(account: Account, hit: HIT) -> None:
    """Add a new HIT. Its number must be the count of earlier HITs."""
    account.hits[hit.id] = hit
    account.hits_by_number.append(hit)
    account.hit_lists.move(hit, (), _all_keys(hit))


def set_status(account: Account, hit: HIT, status: Status) -> None:
    """Set the status and update the lists. No other code may set the status."""
    if status != hit.status:
        keys_of = _all_keys if status == DISPOSED else _keys_of_status
        before = keys_of(hit)
        hit.status = status
        account.hit_lists.move(hit, before, keys_of(hit))


def _set_type(account: Account, hit: HIT, type_: HITType) -> None:
    """Set the type and update the lists. No other code may set the type."""
    before = _all_keys(hit)
    hit.type = type_
    account.hit_lists.move(hit, before, _all_keys(hit))


# The status and the funds ---------------------------------------------------------------


def cost_of_assignment(account: Account, properties: Properties, max_assignments: int) -> Decimal:
    """Return what one approved assignment costs: the reward and its fee."""
    masters = MASTERS[account.environment] in properties.qualification_type_ids
    fee = reward_fee(properties.reward, max_assignments, masters=masters)
    return EXACT.add(properties.reward, fee)


def refresh(account: Account, hit: HIT, now: int) -> None:
    """Update the funds held, the status and the disposal from the counts."""
    hold_funds(account, hit)
    refresh_status(account, hit, now)


def refresh_status(account: Account, hit: HIT, now: int) -> None:
    """Update the status and the disposal from the counts, after a change that holds no funds."""
    before = hit.status
    set_status(account, hit, status_by_counts(hit))
    if hit.status == ASSIGNABLE:
        hit.reviewing = False
        hit.disposal_time = None
        account.reopenings += before != ASSIGNABLE
    elif before == ASSIGNABLE:
        hit.disposal_time = now + LIFE_AFTER_WORK
        account.schedule.add(hit.disposal_time, IS_DISPOSED, account.key, hit.id)
    if hit.past_counts is not None:
        note_counts(hit, hit.past_counts, now)
    if hit.status == REVIEWABLE and before in (ASSIGNABLE, UNASSIGNABLE):
        account.announce(notification.HIT_REVIEWABLE, hit, now)
        schedule_judging(account, hit, now)
    if hit.disposal_time is not None and hit.disposal_time <= now and hit.settled:
        _mark_disposed(account, hit, now)


def _mark_disposed(account: Account, hit: HIT, now: int) -> None:
    if hit.status != DISPOSED:
        set_status(account, hit, DISPOSED)
        account.qualifications.release(hit.id, hit.type.properties.qualification_type_ids)
        account.announce(notification.HIT_DISPOSED, hit, now)


def status_by_counts(hit: HIT) -> Status:
    """Return the status that follows from the counts."""
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
    """Hold the cost of each assignment that can still be accepted, submitted or approved."""
    assignments = _takeable(hit) + hit.pending + hit.unreviewed
    held = EXACT.multiply(assignments, cost_of(account, hit))
    account.ledger.hold(EXACT.subtract(held, hit.held))
    hit.held = held


def _takeable(hit: HIT) -> int:
    return 0 if hit.expired else hit.available


def require_funds(account: Account, properties: Properties, max_assignments: int) -> None:
    """Raise InsufficientFunds if the balance does not cover a HIT with these properties."""
    cost = cost_of_assignment(account, properties, max_assignments)
    account.ledger.require(EXACT.multiply(max_assignments, cost))


def schedule_judging(account: Account, hit: HIT, now: int) -> None:
    """Schedule the HIT's review policy, if any, each time the HIT becomes Reviewable. [doc]"""
    if hit.policies is not None and hit.policies.plurality is not None:
        hit.policies.judgement_due = now
        account.schedule.add(now, IS_JUDGED, account.key, hit.id)


# What a requester does ------------------------------------------------------------------


def publish(account: Account, hit: HIT) -> None:
    """Publish a new HIT. Call `require_funds` first."""
    register_hit(account, hit)
    account.qualifications.use(hit.id, hit.type.properties.qualification_type_ids)
    account.schedule.add(hit.expiration, EXPIRES, account.key, hit.id)
    account.announce(notification.HIT_CREATED, hit, hit.creation_time)
    refresh(account, hit, hit.creation_time)


def require_changeable(lags: Lags, hit: HIT, now: int) -> None:
    """Raise InvalidHITState for a HIT that is too new to extend or to get a new type.

    Even a HIT that is too new to change can be expired. [doc] A deleted HIT that is too new to
    change gets the InvalidHITState error of new HITs. [assumed]
    """
    if not is_over(lags.changes, hit.creation_time, now):
        raise errors.HIT_TOO_NEW(id=hit.id)


def extend(
    account: Account, hit: HIT, now: int, *, count: int = 0, expiration: int | None = None
) -> None:
    """Add assignments to a HIT, and set its expiration if one is given. [doc]

    Without a new expiration, an expired HIT gets the assignments and stays expired. [observed]
    With a new expiration, an expired HIT that has assignments left becomes Assignable. [doc]
    Raises the errors of `check_extension`.
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


def require_extensible(hit: HIT, count: int) -> None:
    """Raise HITTooOldForExtension or InvalidMaximumAssignmentsIncrease. [doc]

    A HIT created with fewer than 10 assignments cannot get 10 or more. [doc]
    """
    if hit.creation_time < FIRST_EXTENSIBLE:
        raise errors.HIT_TOO_OLD_FOR_EXTENSION(id=hit.id)
    if hit.max_assignments < MANY_ASSIGNMENTS <= hit.max_assignments + count:
        raise errors.INVALID_MAXIMUM_ASSIGNMENTS_INCREASE(id=hit.id)


def check_extension(account: Account, hit: HIT, count: int, expiration: int | None) -> None:
    """Raise an error if `extend` cannot extend the HIT like this.

    Raises InvalidHITState for a deleted HIT, the errors of `require_extensible` if assignments
    are added, and InsufficientFunds if the balance does not cover the assignments that become
    available.
    """
    require_status(hit, *ALIVE)
    if count:
        require_extensible(hit, count)
    after = 0 if hit.expired and expiration is None else hit.available + count
    more = after - _takeable(hit)
    account.ledger.require(EXACT.multiply(more, cost_of(account, hit)))


def expire(account: Account, hit: HIT, now: int) -> None:
    """Expire a HIT; accepted assignments can still be submitted. [doc]

    A HIT that has already expired keeps its Expiration. [observed]
    """
    if hit.expired:
        return
    hit.expired = True
    hit.expiration = now
    if hit.available or hit.pending:
        account.announce(notification.HIT_EXPIRED, hit, now)
    refresh(account, hit, now)


def set_reviewing(account: Account, hit: HIT, reviewing: bool, now: int) -> None:
    """Move a Reviewable HIT to Reviewing, or a Reviewing HIT back to Reviewable. [doc]"""
    require_status(hit, REVIEWABLE if reviewing else REVIEWING)
    hit.reviewing = reviewing
    refresh(account, hit, now)


def change_type(account: Account, hit: HIT, type_: HITType, now: int) -> None:
    """Give a HIT another HIT type, unless a worker has already accepted the HIT. [doc]"""
    require_status(hit, *ALIVE)
    if hit.assignment_ids:
        raise errors.HIT_ALREADY_ACCEPTED(id=hit.id)
    cost = cost_of_assignment(account, type_.properties, hit.max_assignments)
    account.ledger.require(EXACT.subtract(EXACT.multiply(_takeable(hit), cost), hit.held))
    account.qualifications.release(hit.id, hit.type.properties.qualification_type_ids)
    account.qualifications.use(hit.id, type_.properties.qualification_type_ids)
    _set_type(account, hit, type_)
    refresh(account, hit, now)


def dispose(account: Account, hit: HIT, now: int) -> None:
    """Delete a HIT whose submitted work is all reviewed.

    If work is not reviewed yet, the error lists Reviewing and Reviewable as allowed, even for a
    HIT with one of these statuses. [observed]
    """
    require_status(hit, REVIEWING, REVIEWABLE)
    if not hit.settled:
        raise _wrong_status(hit, REVIEWING, REVIEWABLE)
    _mark_disposed(account, hit, now)
    refresh(account, hit, now)


def require_status(hit: HIT, *allowed: str) -> None:
    """Raise InvalidHITState unless the HIT has one of the allowed statuses."""
    if hit.status not in allowed:
        raise _wrong_status(hit, *allowed)


def _wrong_status(hit: HIT, *allowed: str) -> errors.MTurkError:
    return errors.INVALID_HIT_STATE(state=hit.status, allowed=", ".join(allowed))


# Events --------------------------------------------------------------------------------


def will_expire(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT still expires at `due`."""
    hit = account.hits[hit_id]
    return hit.expiration == due and not hit.expired and hit.status != DISPOSED


def run_expiration(account: Account, hit_id: str, due: int) -> None:
    """Expire the HIT."""
    expire(account, account.hits[hit_id], due)


def will_be_disposed(account: Account, hit_id: str, due: int) -> bool:
    """Tell whether the HIT is still to be disposed of at `due`."""
    hit = account.hits[hit_id]
    return hit.disposal_time == due and hit.status != DISPOSED


def run_disposal(account: Account, hit_id: str, due: int) -> None:
    """Dispose of the HIT now, or when its work is reviewed. [doc] the rule, [assumed] the time"""
    refresh(account, account.hits[hit_id], due)
