"""Visitors: what comes to a marketplace from outside as time passes, such as a crowd.

Arrivals are asked for, not scheduled: nobody comes while no HIT can be taken, so a clock
that is moved from event to event does not go on for ever. What somebody who is there will
do is an event of the schedule, as everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from mturk_mock.core.clock import Event
    from mturk_mock.model.account import AccountKey
    from mturk_mock.model.marketplace import Marketplace


class Visitor(Protocol):
    """Somebody, or many, from outside. Times are in microseconds since 1970."""

    def next_arrival(self, marketplace: Marketplace) -> int | None:
        """Return when somebody comes next, None for never."""

    def put_off(self, marketplace: Marketplace, moment: int) -> None:
        """Let nobody come before `moment`: until then there is nothing to come for."""

    def arrive(self, marketplace: Marketplace, moment: int) -> None:
        """Let somebody come, and decide when the next one does."""

    def act(self, marketplace: Marketplace, event: Event) -> None:
        """Let an event happen that the visitor has scheduled."""


class Arrival(NamedTuple):
    """Who comes next, and when."""

    time: int
    visitor: Visitor


def account_of(name: str) -> AccountKey:
    """Return whose a visitor's events are; no requester has an empty name."""
    return "", name


def visitor_of(marketplace: Marketplace, event: Event) -> Visitor | None:
    """Return whose event it is, None for the market's own and where the visitor is gone."""
    requester, name = event.account
    return None if requester else marketplace.visitors.get(name)


def earliest(marketplace: Marketplace) -> Arrival | None:
    """Return the next arrival; of two at a time the one of who is there longer."""
    first: Arrival | None = None
    for visitor in marketplace.visitors.values():
        time = visitor.next_arrival(marketplace)
        if time is not None and (first is None or time < first.time):
            first = Arrival(time, visitor)
    return first
