"""Money: fees, funds held for published work, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    InvalidOperation,
)
from typing import Any, Final

from mturk_mock.core import errors

CENT: Final = Decimal("0.01")

FEE: Final = Decimal("0.20")  # of rewards and bonuses [doc]
MANY_ASSIGNMENTS: Final = 10  # from which on rewards cost more [doc]
MANY_ASSIGNMENTS_FEE: Final = Decimal("0.20")  # [doc]
MASTERS_FEE: Final = Decimal("0.05")  # [doc]
MINIMUM_FEE: Final = CENT  # for each assignment or bonus [assumed]

#: Arithmetic with amounts of any number of digits [doc], whatever decimal context the program
#: has set: no sum, difference or product of money may be made without it.
EXACT: Final = Context(MAX_PREC, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, 1, 0, [], [])

MOST_FUNDS: Final = 10**15  # dollars

#: The balance of the sandbox, which never changes. [doc] [observed]
SANDBOX_BALANCE: Final = Decimal("10000.00")


def reward_fee(reward: Decimal, max_assignments: int, *, masters: bool) -> Decimal:
    """Return the fee for one assignment of a HIT. [doc]"""
    rate = FEE
    if max_assignments >= MANY_ASSIGNMENTS:
        rate = EXACT.add(rate, MANY_ASSIGNMENTS_FEE)
    if masters:
        rate = EXACT.add(rate, MASTERS_FEE)
    return max(EXACT.multiply(reward, rate), MINIMUM_FEE)


def bonus_fee(amount: Decimal) -> Decimal:
    """Return the fee for a bonus. [doc]"""
    return max(EXACT.multiply(amount, FEE), MINIMUM_FEE)


def two_decimals(amount: Decimal) -> Decimal:
    """Return `amount` in whole cents, rounded down. [assumed]"""
    return amount.quantize(CENT, ROUND_FLOOR, EXACT)


def shown(amount: Decimal) -> Decimal:
    """Return `amount` with two decimals, or more if it has parts of cents."""
    cents = two_decimals(amount)
    return cents if cents == amount else amount


def read_money(name: str, amount: Any) -> Decimal:
    """Return an amount in dollars, given as str, int or Decimal, with at most two decimals.

    Raises TypeError or ValueError that begins with `name`.
    """
    if isinstance(amount, bool) or not isinstance(amount, (str, int, Decimal)):
        raise TypeError(f"{name} takes a str, int or Decimal, as '12.50', not {amount!r}")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        value = Decimal("NaN")
    if value.is_finite() and value > MOST_FUNDS:
        raise ValueError(f"{name} takes {MOST_FUNDS:,} dollars at most, not {amount!r}")
    if not value.is_finite() or value < 0 or value != two_decimals(value):
        raise ValueError(f"{name} takes dollars and cents, 0 or more, as '12.50', not {amount!r}")
    return value


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
        return EXACT.subtract(self._funds, self._held)

    @available.setter
    def available(self, amount: Decimal) -> None:
        self._funds = EXACT.add(amount, self._held)

    def require(self, amount: Decimal) -> None:
        """Raise InsufficientFunds unless `amount` can be spent."""
        if amount > self.available:
            raise errors.INSUFFICIENT_FUNDS()

    def hold(self, amount: Decimal) -> None:
        """Hold `amount` more; a negative amount releases funds."""
        self._held = EXACT.add(self._held, amount)

    def pay_reward(self, amount: Decimal, fee: Decimal) -> None:
        """Pay a reward and its fee."""
        self._spend(amount, fee)
        self.spent.rewards = EXACT.add(self.spent.rewards, amount)

    def pay_bonus(self, amount: Decimal) -> None:
        """Pay a bonus and its fee; InsufficientFunds if there is not enough."""
        fee = bonus_fee(amount)
        self.require(EXACT.add(amount, fee))
        self._spend(amount, fee)
        self.spent.bonuses = EXACT.add(self.spent.bonuses, amount)

    def _spend(self, amount: Decimal, fee: Decimal) -> None:
        self._funds = EXACT.subtract(self._funds, EXACT.add(amount, fee))
        self.spent.fees = EXACT.add(self.spent.fees, fee)


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
