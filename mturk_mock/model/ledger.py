"""Money: fees, funds held for published work, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_PREC, ROUND_FLOOR, Context, Decimal
from typing import Final

from mturk_mock.core import errors

CENT: Final = Decimal("0.01")

FEE: Final = Decimal("0.20")  # of rewards and bonuses [doc]
MANY_ASSIGNMENTS: Final = 10  # from which on rewards cost more [doc]
MANY_ASSIGNMENTS_FEE: Final = Decimal("0.20")  # [doc]
MASTERS_FEE: Final = Decimal("0.05")  # [doc]
MINIMUM_FEE: Final = CENT  # for each assignment or bonus [assumed]

_ANY_LENGTH: Final = Context(prec=MAX_PREC)  # amounts may have any number of digits [doc]

#: The balance of the sandbox, which never changes. [doc] [observed]
SANDBOX_BALANCE: Final = Decimal("10000.00")


def reward_fee(reward: Decimal, max_assignments: int, *, masters: bool) -> Decimal:
    """Return the fee for one assignment of a HIT. [doc]"""
    rate = FEE
    if max_assignments >= MANY_ASSIGNMENTS:
        rate += MANY_ASSIGNMENTS_FEE
    if masters:
        rate += MASTERS_FEE
    return max(reward * rate, MINIMUM_FEE)


def bonus_fee(amount: Decimal) -> Decimal:
    """Return the fee for a bonus. [doc]"""
    return max(amount * FEE, MINIMUM_FEE)


def two_decimals(amount: Decimal) -> Decimal:
    """Return `amount` in whole cents, rounded down. [assumed]"""
    return amount.quantize(CENT, ROUND_FLOOR, _ANY_LENGTH)


def shown(amount: Decimal) -> Decimal:
    """Return `amount` with two decimals, or more if it has parts of cents."""
    cents = two_decimals(amount)
    return cents if cents == amount else amount


@dataclass
class Spent:
    """What a requester has paid, in dollars."""

    rewards: Decimal = Decimal(0)
    bonuses: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)


class Ledger:
    """The funds of one requester in production.

    Creating a HIT holds the cost of its assignments, until each assignment is paid, rejected, or
    can no longer be accepted. [doc]
    """

    def __init__(self, funds: Decimal) -> None:
        self._funds = funds  # with what is held
        self._held = Decimal(0)
        self.spent = Spent()

    @property
    def available(self) -> Decimal:
        """The available balance: all funds but the held ones. [assumed]"""
        return self._funds - self._held

    @available.setter
    def available(self, amount: Decimal) -> None:
        self._funds = amount + self._held

    def require(self, amount: Decimal) -> None:
        """Raise InsufficientFunds unless `amount` can be spent."""
        if amount > self.available:
            raise errors.INSUFFICIENT_FUNDS()

    def hold(self, amount: Decimal) -> None:
        """Hold `amount` more; a negative amount releases funds."""
        self._held += amount

    def pay_reward(self, amount: Decimal, fee: Decimal) -> None:
        """Pay a reward and its fee."""
        self._funds -= amount + fee
        self.spent.rewards += amount
        self.spent.fees += fee

    def pay_bonus(self, amount: Decimal) -> None:
        """Pay a bonus and its fee; InsufficientFunds if there is not enough."""
        fee = bonus_fee(amount)
        self.require(amount + fee)
        self._funds -= amount + fee
        self.spent.bonuses += amount
        self.spent.fees += fee


class SandboxLedger(Ledger):
    """The funds of one requester in the sandbox, where no money moves. [doc]"""

    def __init__(self) -> None:
        super().__init__(SANDBOX_BALANCE)

    def require(self, amount: Decimal) -> None:
        """Do nothing: the sandbox never runs out of funds. [assumed]"""

    def hold(self, amount: Decimal) -> None:
        """Do nothing."""

    def pay_reward(self, amount: Decimal, fee: Decimal) -> None:
        """Do nothing."""

    def pay_bonus(self, amount: Decimal) -> None:
        """Do nothing."""
