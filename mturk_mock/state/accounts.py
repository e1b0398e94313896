"""Accounts in files: the money, the HITs, and the workers that a requester has blocked."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from mturk_mock.core.environment import PRODUCTION
from mturk_mock.model.account import Account, Block, Bonus
from mturk_mock.model.assignment import VISIBLE
from mturk_mock.model.marketplace import Scope
from mturk_mock.state import values
from mturk_mock.state.hit_types import read_hit_type, write_hit_type
from mturk_mock.state.hits import read_hit, write_hit
from mturk_mock.state.members import Members
from mturk_mock.state.values import WrongMember


def read_account(members: Members, scope: Scope) -> None:
    """Fill an account, which is empty."""
    account = scope.account
    members.each("hit_types", partial(read_hit_type, scope=scope))
    members.each("hits", partial(read_hit, scope=scope))
    by_time = sorted(account.assignments.values(), key=lambda work: work.accept_time)
    account.assignments = {assignment.id: assignment for assignment in by_time}
    members.each("bonuses", partial(_read_bonus, scope=scope))
    members.each("request_tokens", partial(_read_token, scope=scope))
    members.each("blocks", partial(_read_block, scope=scope))
    made = members.take("blocks_made", values.read_count)
    account.blocks_made = max(account.blocks_made, made or 0)
    if account.environment == PRODUCTION:  # the sandbox has no money [doc]
        balance = members.take("balance", values.read_balance)
        if balance is not None:
            account.ledger.available = balance
        members.inside("spent", partial(_read_spent, account=account))


def _read_spent(members: Members, account: Account) -> None:
    for name in ("rewards", "bonuses", "fees"):
        setattr(account.ledger.spent, name, members.take(name, values.read_dollars) or Decimal(0))


def _read_block(members: Members, scope: Scope) -> None:
    account = scope.account
    worker_id = members.need("worker_id", values.read_worker_id)
    reason = members.take("reason", values.read_text) or ""
    number = members.take("number", values.read_count)
    number = account.blocks_made if number is None else number
    if worker_id in account.blocks or number < account.blocks_made:
        raise WrongMember("", f"{worker_id} is blocked already, or the number is not larger")
    account.add_block(Block(number, worker_id, reason))
    scope.marketplace.person(worker_id)


def _read_bonus(members: Members, scope: Scope) -> None:
    """Add a bonus, which its worker has earned."""
    account = scope.account
    assignment_id = members.need("assignment_id", values.read_id)
    amount = members.need("amount", values.read_dollars)
    reason, time = members.take("reason", values.read_text), members.take("time", values.read_time)
    assignment = account.assignments.get(assignment_id)
    if assignment is None or assignment.status not in VISIBLE:
        problem = f"the account has no submitted assignment {assignment_id}"
        raise WrongMember("assignment_id", problem)
    number, worker_id = len(account.bonuses), assignment.worker_id
    reason, time = reason or "Thank you", scope.now if time is None else time
    account.add_bonus(Bonus(number, worker_id, amount, assignment_id, reason, time))
    account.credit(worker_id, amount)


def _read_token(members: Members, scope: Scope) -> None:
    operation = members.need("operation", values.read_text)
    token = members.need("token", values.read_text)
    result, time = members.need("result", values.read_id), members.take("time", values.read_time)
    if not scope.marketplace.has_id(result):
        raise WrongMember("result", f"there is nothing with the id {result}")
    scope.account.tokens.use(operation, token, scope.now if time is None else time, result)


# Writing ----------------------------------------------------------------------------------


def write_account(account: Account) -> dict[str, Any]:
    """Return an account with everything in it."""
    settings = account.notification_settings
    return {
        "requester": account.requester,
        "environment": account.environment,
        **(_write_money(account) if account.environment == PRODUCTION else {}),
        **_write_blocks(account),
        **values.drop_empty(
            hit_types=[
                write_hit_type(type_, settings.get(type_.id))
                for type_ in account.hit_types.values()
            ],
            hits=[write_hit(account, hit) for hit in account.hits_by_number],
            bonuses=[
                {
                    **values.write_members(bonus, "assignment_id", "reason", times=("time",)),
                    "amount": f"{bonus.amount:f}",
                }
                for bonus in account.bonuses
            ],
            request_tokens=_write_tokens(account),
        ),
    }


def _write_money(account: Account) -> dict[str, Any]:
    spent = vars(account.ledger.spent)
    return {
        "balance": f"{account.ledger.available:f}",
        "spent": {name: f"{amount:f}" for name, amount in spent.items()},
    }


def _write_blocks(account: Account) -> dict[str, Any]:
    """Return the blocks, with their numbers where some were taken back."""
    blocks = list(account.blocks.values())
    is_whole = account.blocks_made == len(blocks)
    return values.drop_empty(
        blocks=[
            values.drop_empty(
                worker_id=block.worker_id,
                reason=block.reason,
                number=None if is_whole else block.number,
            )
            for block in blocks
        ],
        blocks_made=None if is_whole else account.blocks_made,
    )


def _write_tokens(account: Account) -> list[dict[str, Any]]:
    return [
        {"operation": operation, "token": token, "time": values.write_time(time), "result": result}
        for operation, token, time, result in account.tokens.entries()
    ]
