"""The scope of a change: an account of a marketplace, at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from mturk_mock.core.ids import Ids
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace


@dataclass(frozen=True)
class Scope:
    """The account that an operation, a state file or `add_*` acts on, and when.

    `now`: in microseconds since 1970.
    """

    marketplace: Marketplace
    account: Account
    now: int

    @property
    def ids(self) -> Ids:
        """Makes the ids of new things."""
        return self.marketplace.ids
