"""The timeline: runs each event at its due time, and visitors between events.

A visitor, such as a crowd, acts on the marketplace from outside. The timeline asks visitors
for their next arrival instead of scheduling it: without a HIT to accept there are no arrivals,
so a clock that moves from event to event comes to an end. What a visitor does after its
arrival is an event of the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Protocol

from mturk_mock.core.clock import Event
from mturk_mock.model import assignment_life, hit_life, policies, policy_run
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.account import Account, AccountKey
from mturk_mock.model.marketplace import Marketplace


class Happening(NamedTuple):
    """The rules of one kind of event: whether it still applies, and what it does."""

    still_holds: Callable[[Account, str, int], bool]
    happen: Callable[[Account, str, int], None]


HAPPENINGS: Final = {
    hit_life.EXPIRES: Happening(hit_life.will_expire, hit_life.happen_expire),
    hit_life.IS_DISPOSED: Happening(hit_life.will_be_disposed, hit_life.happen_dispose),
    assignment_life.IS_ABANDONED: Happening(
        assignment_life.will_be_abandoned, assignment_life.happen_abandon
    ),
    assignment_life.IS_AUTO_APPROVED: Happening(
        assignment_life.will_be_auto_approved, assignment_life.happen_auto_approve
    ),
    policies.IS_SCORED: Happening(policy_run.will_be_scored, policy_run.score),
    policies.IS_JUDGED: Happening(policy_run.will_be_judged, policy_run.judge),
    requests.TEST_ENDS: Happening(requests.will_end, requests.happen_end),
}


class Visitor(Protocol):
    """A source of workers outside the marketplace. Times are in microseconds since 1970."""

    def next_arrival(self, marketplace: Marketplace) -> int | None:
        """Return the time of the next arrival, None for never."""

    def put_off(self, marketplace: Marketplace, moment: int) -> None:
        """Delay the next arrival to `moment` or later: before, there is no HIT to accept."""

    def arrive(self, marketplace: Marketplace, moment: int) -> None:
        """Let a worker arrive, and set the time of the next arrival."""

    def act(self, marketplace: Marketplace, event: Event) -> None:
        """Run an event that the visitor has scheduled."""


class Arrival(NamedTuple):
    """The next arrival: its time and its visitor."""

    time: int
    visitor: Visitor


def visitor_account(name: str) -> AccountKey:
    """Return the account key of a visitor's events, with the name of no requester."""
    return "", name


class Timeline:
    """Runs the events of a marketplace, and the visitors that act on it.

    `visitors`: by name. The marketplace has only their data, in `Marketplace.memories`.
    """

    def __init__(self) -> None:
        self.visitors: dict[str, Visitor] = {}

    def run_due(self, marketplace: Marketplace, now: int) -> None:
        """Run everything that is due by `now`, in order, each event at its own time.

        While a visitor acts, do nothing: events that are due run afterwards.
        """
        if not marketplace.clock.is_held:
            while self._step(marketplace, now) is not None:
                pass

    def move_to(self, marketplace: Marketplace, moment: int) -> None:
        """Run everything that is due by `moment`, and set the clock to it."""
        marketplace.clock.require_free()
        self.run_due(marketplace, moment)
        marketplace.clock.move(moment)
        marketplace.journal.note_clock(moment)

    def move_to_next(self, marketplace: Marketplace, limit: int | None = None) -> bool:
        """Run the next event or arrival that is due by `limit`; return whether there was one."""
        marketplace.clock.require_free()
        while (happened := self._step(marketplace, limit)) is not None:
            if happened:
                marketplace.journal.note_clock(marketplace.clock.read())
                return True
        return False

    def _step(self, marketplace: Marketplace, limit: int | None) -> bool | None:
        """Run the next event or arrival that is due by `limit`.

        Returns whether it happened, None if there is none.
        """
        due = marketplace.schedule.next_due()
        arrival = self._next_arrival(marketplace)
        if arrival is not None and (due is None or arrival.time < due):
            if limit is not None and arrival.time > limit:
                return None
            ends = [moment for moment in (due, limit) if moment is not None]
            return _receive(marketplace, arrival, min(ends, default=None))
        if due is None or (limit is not None and due > limit):
            return None
        return self.run(marketplace, marketplace.schedule.pop())

    def _next_arrival(self, marketplace: Marketplace) -> Arrival | None:
        """Return the next arrival, for equal times that of the older visitor."""
        times = [(visitor.next_arrival(marketplace), visitor) for visitor in self.visitors.values()]
        arrivals = [Arrival(time, visitor) for time, visitor in times if time is not None]
        return min(arrivals, key=lambda arrival: arrival.time, default=None)

    def run(self, marketplace: Marketplace, event: Event) -> bool:
        """Run one event if it still holds; return whether it did."""
        holds = self.still_holds(marketplace, event)
        if holds:
            marketplace.clock.reach(event.due)
            if (visitor := self._visitor_of(event)) is not None:
                with marketplace.clock.held_at(event.due):
                    visitor.act(marketplace, event)
            else:
                account = marketplace.accounts[event.account]
                HAPPENINGS[event.kind].happen(account, event.subject, event.due)
        return holds

    def still_holds(self, marketplace: Marketplace, event: Event) -> bool:
        """Tell whether the event still applies."""
        happening = HAPPENINGS.get(event.kind)
        if happening is None:  # a visitor's own
            return self._visitor_of(event) is not None
        account = marketplace.accounts[event.account]
        return happening.still_holds(account, event.subject, event.due)

    def _visitor_of(self, event: Event) -> Visitor | None:
        """Return the visitor that scheduled the event; None if it is gone, or none did."""
        requester, name = event.account
        return None if requester else self.visitors.get(name)

    def upcoming(self, marketplace: Marketplace) -> Iterator[Event]:
        """Yield the events that will happen, in order."""
        return (
            event for event in marketplace.schedule.events() if self.still_holds(marketplace, event)
        )


def _receive(marketplace: Marketplace, arrival: Arrival, next_change: int | None) -> bool | None:
    """Let a worker arrive, or delay the arrival until there may be a HIT to accept."""
    if marketplace.offers:
        marketplace.clock.reach(arrival.time)
        with marketplace.clock.held_at(arrival.time):
            arrival.visitor.arrive(marketplace, arrival.time)
        return True
    if next_change is None:
        return None
    arrival.visitor.put_off(marketplace, next_change)
    return False
