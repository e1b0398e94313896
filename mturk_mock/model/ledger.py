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
MANY_ASSIGNMENTS: Final = 10  # HITs with so many or more cost a higher fee [doc]
MANY_ASSIGNMENTS_FEE: Final = Decimal("0.20")  # [doc]
MASTERS_FEE: Final = Decimal("0.05")  # [doc]
MINIMUM_FEE: Final = CENT  # for each assignment or bonus [assumed]

#: Amounts can have any number of digits [doc], whatever decimal context the program has set.
#: Use this context for every sum, difference and product of money.
EXACT: Final = Context(MAX_PREC, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, 1, 0, [], [])

MOST_FUNDS: Final = 10**15  # dollars

#: The sandbox's balance, which never changes. [doc] [observed]
SANDBOX_BALANCE: Final = Decimal("10000.00")


def reward_fee(reward: Decimal, max_assignments: int, *, masters: bool) -> Decimal:
    """Return the fee for one assignment of a HIT.

    The fee for an assignment is 20% of its reward, or 40% if the HIT has 10 or more assignments,
    plus another 5% if the HIT requires Masters. [doc] The fee for an assignment is at least one
    cent. [assumed]
    """
    rate = FEE
    if max_assignments >= MANY_ASSIGNMENTS:
        rate = EXACT.add(rate, MANY_ASSIGNMENTS_FEE)
    if masters:
        rate = EXACT.add(rate, MASTERS_FEE)
    return max(EXACT.multiply(reward, rate), MINIMUM_FEE)


def bonus_fee(amount: Decimal) -> Decimal:
    """Return the fee for a bonus.

    The fee for a bonus is 20% of the bonus [doc], but at least one cent. [assumed]
    """
    return max(EXACT.multiply(amount, FEE), MINIMUM_FEE)


def two_decimals(amount: Decimal) -> Decimal:
    """Return an amount in whole cents, rounded down. [assumed]"""
    return amount.quantize(CENT, ROUND_FLOOR, EXACT)


def shown(amount: Decimal) -> Decimal:
    """Return an amount with two decimals, or unchanged if it has fractions of a cent."""
    cents = two_decimals(amount)
    return cents if cents == amount else amount


def read_money(name: str, amount: Any) -> Decimal:
    """Return an amount in dollars, given as str, int or Decimal, with at most two decimals.

    Raises TypeError or ValueError, with a message that begins with `name`.
    """
    if isinstance(amount, bool) or not isinstance(amount, (str, int, Decimal)):
        raise TypeError(f"{name} takes a str, int or Decimal, such as '12.50', not {amount!r}")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        value = Decimal("NaN")
    if value.is_finite() and value > MOST_FUNDS:
        raise ValueError(f"{name} takes {MOST_FUNDS:,} dollars at most, not {amount!r}")
    if not value.is_finite() or value < 0 or value != two_decimals(value):
        raise ValueError(
            f"{name} takes dollars and cents, 0 or more, such as '12.50', not {amount!r}"
        )
    return value


@dataclass
class Spent:
    """What a requester has paid, in dollars."""

    rewards: Decimal = Decimal(0)
    bonuses: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)


class Ledger:
    """The funds of one requester in production.

    Creating a HIT holds the cost of each assignment until the assignment is paid, rejected, or
    can no longer be accepted. [doc]
    """

    def __init__(self, funds: Decimal) -> None:
        self._funds = funds  # including held funds
        self._held = Decimal(0)
        self.spent = Spent()

    @property
    def available(self) -> Decimal:
        """The available balance: all funds except held ones. [assumed]"""
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
        """Pay a bonus and its fee; raise InsufficientFunds if the balance does not cover them."""
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
        """Never raise: the sandbox does not run out of funds. [assumed]"""

    def hold(self, amount: Decimal) -> None:
        """Do nothing."""

    def pay_reward(self, amount: Decimal, fee: Decimal) -> None:
        """Do nothing."""

    def pay_bonus(self, amount: Decimal) -> None:
        """Do nothing."""
