"""Accounts in files: the money, the HITs, and whom a requester does not want."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mturk_mock.core.environment import PRODUCTION
from mturk_mock.model.account import Account, Block, Bonus
from mturk_mock.model.assignment import VISIBLE
from mturk_mock.model.marketplace import Scope
from mturk_mock.state import hit_types, hits
from mturk_mock.state.members import Members, refuse, some, written


def read(members: Members, scope: Scope) -> None:
    """Fill an account, which is empty."""
    account = scope.account
    for entry in members.objects("hit_types"):
        hit_types.read(entry, scope)
    for entry in members.objects("hits"):
        hits.read(entry, scope)
    by_time = sorted(account.assignments.values(), key=lambda work: work.accept_time)
    account.assignments = {assignment.id: assignment for assignment in by_time}
    for entry in members.objects("bonuses"):
        _read_bonus(entry, scope)
    for entry in members.objects("request_tokens"):
        _read_token(entry, scope)
    _read_blocks(members, scope)
    if account.environment == PRODUCTION:  # the sandbox has no money [doc]
        _read_money(members, account)


def _read_money(members: Members, account: Account) -> None:
    balance = members.money("balance")
    if balance is not None:
        account.ledger.available = balance
    spent = members.object("spent")
    for name in ("rewards", "bonuses", "fees"):
        setattr(account.ledger.spent, name, spent.money(name) or Decimal(0))
    spent.finish()


def _read_blocks(members: Members, scope: Scope) -> None:
    account = scope.account
    for entry in members.objects("blocks"):
        worker_id = entry.needed("worker_id", entry.worker_id("worker_id"))
        reason, number = entry.text("reason") or "", entry.count("number")
        entry.finish()
        number = account.blocks_made if number is None else number
        if worker_id in account.blocks or number < account.blocks_made:
            raise refuse(entry.path, f"{worker_id} is blocked already, or the number is not larger")
        account.add_block(Block(number, worker_id, reason))
        scope.marketplace.person(worker_id)
    account.blocks_made = max(account.blocks_made, members.count("blocks_made") or 0)


def _read_bonus(members: Members, scope: Scope) -> None:
    """Add a bonus, which its worker has earned."""
    account = scope.account
    name = "assignment_id"
    assignment_id = members.needed(name, members.id(name))
    amount = members.needed("amount", members.money("amount"))
    reason, time = members.text("reason") or "Thank you", members.time("time")
    members.finish()
    assignment = account.assignments.get(assignment_id)
    if assignment is None or assignment.status not in VISIBLE:
        raise refuse(members.at(name), f"the account has no submitted assignment {assignment_id}")
    number = len(account.bonuses)
    now = scope.now if time is None else time
    worker_id = assignment.worker_id
    account.add_bonus(Bonus(number, worker_id, amount, assignment_id, reason, now))
    account.credit(worker_id, amount)


def _read_token(members: Members, scope: Scope) -> None:
    operation = members.needed("operation", members.text("operation"))
    token = members.needed("token", members.text("token"))
    result = members.needed("result", members.id("result"))
    time = members.time("time")
    members.finish()
    if not scope.marketplace.has_id(result):
        raise refuse(members.at("result"), f"there is nothing with the id {result}")
    scope.account.tokens.use(operation, token, scope.now if time is None else time, result)


# Writing ----------------------------------------------------------------------------------


def write(account: Account) -> dict[str, Any]:
    """Return an account with everything in it."""
    settings = account.notification_settings
    return {
        "requester": account.requester,
        "environment": account.environment,
        **(_write_money(account) if account.environment == PRODUCTION else {}),
        **_write_blocks(account),
        **some(
            hit_types=[
                hit_types.write(type_, settings.get(type_.id))
                for type_ in account.hit_types.values()
            ],
            hits=[hits.write(account, hit) for hit in account.hits_by_number],
            bonuses=[_write_bonus(bonus) for bonus in account.bonuses],
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
    return some(
        blocks=[
            some(
                worker_id=block.worker_id,
                reason=block.reason,
                number=None if is_whole else block.number,
            )
            for block in blocks
        ],
        blocks_made=None if is_whole else account.blocks_made,
    )


def _write_bonus(bonus: Bonus) -> dict[str, Any]:
    return {
        "assignment_id": bonus.assignment_id,
        "amount": f"{bonus.amount:f}",
        "reason": bonus.reason,
        "time": written(bonus.time),
    }


def _write_tokens(account: Account) -> list[dict[str, Any]]:
    return [
        {"operation": operation, "token": token, "time": written(time), "result": result}
        for operation, token, time, result in account.tokens.entries()
    ]
