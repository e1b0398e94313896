"""The checked options of `mock_mturk`, as the backend uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.lags import Lags


@dataclass(frozen=True)
class Settings:
    """The options of one mock; each field has the name of its option.

    - ``seed``: None means 0; `mock_mturk` draws a random one.
    - ``now``: microseconds since 1970; None follows the machine's clock.
    - ``balance``: dollars of each requester in production.
    - ``unknown_workers``: "accept", "refuse" or None.
    - ``only``: "sandbox" or None.
    - ``accounts``: requesters by access key; None requires no key.
    - ``consistency``: None means no lags.
    - ``sleep``: "advance" or None.
    - ``calls``: how many of the latest API calls the log keeps; None keeps all.
    """

    seed: int | None = None
    now: int | None = None
    balance: Decimal = Decimal("10000.00")
    unknown_workers: str | None = None
    only: str | None = None
    accounts: Mapping[str, str] | None = None
    consistency: Lags | None = None
    sleep: str | None = None
    calls: int | None = None

    @cached_property
    def default_requester(self) -> str:
        """The requester that the handle acts for: that of the first account, if there are any."""
        return next(iter((self.accounts or {}).values()), DEFAULT_REQUESTER)

    @cached_property
    def refuses_unknown_workers(self) -> bool:
        """Whether the mock rejects unknown worker IDs, as the service does."""
        return self.unknown_workers == "refuse"

    @cached_property
    def sandbox_only(self) -> bool:
        """Whether a call to production is an error."""
        return self.only == "sandbox"

    @cached_property
    def lags(self) -> Lags:
        """The delays of eventual consistency."""
        return self.consistency or Lags()

    @cached_property
    def sleep_advances(self) -> bool:
        """Whether the program's sleeps move the clock."""
        return self.sleep == "advance"
