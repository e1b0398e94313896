"""Money: bonuses and the balance."""

from __future__ import annotations

from typing import Any

from mturk_mock.core import errors
from mturk_mock.model.account import Bonus
from mturk_mock.model.assignment import VISIBLE
from mturk_mock.operations import limits, views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation


@operation("GetAccountBalance")
def get_account_balance(call: Call) -> Result:
    """Return the available balance, without the funds held for published HITs. [assumed]

    The response has no OnHoldBalance, like the service's responses. [observed]
    """
    return {"AvailableBalance": views.money(call.account.ledger.available)}


@operation("SendBonus")
def send_bonus(
    call: Call,
    *,
    worker_id: str,
    bonus_amount: str,
    assignment_id: str,
    reason: str,
    unique_request_token: str | None = None,
) -> Result:
    """Pay a bonus for a submitted assignment, reviewed or not [assumed]; it can get several."""
    assignment = call.account.assignment(assignment_id)
    if assignment.status not in VISIBLE:
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)
    call.account.tokens.require_new(call.operation, unique_request_token, call.now)
    if worker_id != assignment.worker_id:
        raise errors.INVALID_PARAMETER_VALUE(value=worker_id, parameter="WorkerId")
    limits.check_not_empty("Reason", reason)
    amount = limits.read_amount("BonusAmount", bonus_amount)
    call.account.ledger.pay_bonus(amount)
    call.account.credit(worker_id, amount)
    number = len(call.account.bonuses)
    call.account.add_bonus(Bonus(number, worker_id, amount, assignment_id, reason, call.now))
    call.account.tokens.use(call.operation, unique_request_token, call.now, assignment_id)
    return NOTHING


@operation("ListBonusPayments")
def list_bonus_payments(
    call: Call, *, hit_id: str | None = None, assignment_id: str | None = None, **page: Any
) -> Result:
    """Return the bonuses for a HIT's assignments, or for one assignment, oldest first. [assumed]"""
    account = call.account
    if hit_id is None and assignment_id is None:
        raise errors.MISSING_PARAMETERS(parameter="HITId or AssignmentId")
    if hit_id is not None:
        account.hit(hit_id)
    key = hit_id
    if assignment_id is not None:
        of_the_hit = hit_id in (None, account.assignment(assignment_id).hit_id)
        key = assignment_id if of_the_hit else None
    found = account.bonus_lists.of(key)
    return call.list_page("BonusPayments", found, views.bonus, hit_id, assignment_id, **page)
