"""The timeline: runs each event at its due time, and visitors between events.

A visitor, such as a crowd, acts on the marketplace from outside. The timeline asks visitors
for their next arrival instead of scheduling it: without a HIT to accept there are no arrivals,
so moving the clock from event to event comes to an end. What a visitor does after its
arrival is an event in the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Protocol

from mturk_mock.core.clock import LATEST, Event
from mturk_mock.model import assignment_life, hit_life, policies, policy_run
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.account import Account, AccountKey
from mturk_mock.model.marketplace import Marketplace


class EventRules(NamedTuple):
    """The rules of one kind of event: whether it still applies, and what it does."""

    still_holds: Callable[[Account, str, int], bool]
    run: Callable[[Account, str, int], None]


EVENT_RULES: Final = {
    hit_life.EXPIRES: EventRules(hit_life.will_expire, hit_life.run_expiration),
    hit_life.IS_DISPOSED: EventRules(hit_life.will_be_disposed, hit_life.run_disposal),
    assignment_life.IS_ABANDONED: EventRules(
        assignment_life.will_be_abandoned, assignment_life.run_abandonment
    ),
    assignment_life.IS_AUTO_APPROVED: EventRules(
        assignment_life.will_be_auto_approved, assignment_life.run_auto_approval
    ),
    policies.IS_SCORED: EventRules(policy_run.will_be_scored, policy_run.score),
    policies.IS_JUDGED: EventRules(policy_run.will_be_judged, policy_run.judge),
    requests.TEST_ENDS: EventRules(requests.will_test_end, requests.run_test_end),
}


class Visitor(Protocol):
    """A source of workers outside the marketplace. Times are in microseconds since 1970."""

    def next_arrival(self, marketplace: Marketplace) -> int | None:
        """Return the time of the next arrival, None for never."""

    def put_off(self, marketplace: Marketplace, moment: int) -> None:
        """Delay the next arrival to `moment` or later, because no HIT can be accepted earlier."""

    def arrive(self, marketplace: Marketplace, moment: int) -> None:
        """Let a worker arrive, and set the time of the next arrival."""

    def expects(self, marketplace: Marketplace) -> bool:
        """Tell whether the events that the visitor has scheduled still apply."""

    def act(self, marketplace: Marketplace, event: Event) -> None:
        """Run an event that the visitor has scheduled."""


class Arrival(NamedTuple):
    """The next arrival: its time and its visitor."""

    time: int
    visitor: Visitor


def visitor_account(name: str) -> AccountKey:
    """Return the account key of a visitor's events, which names no requester."""
    return "", name


class Timeline:
    """Runs the events of a marketplace, and the visitors that act on it.

    `visitors`: by name. The marketplace has only their data, in `Marketplace.memories`. `taken`:
    how many events of accounts were taken from the schedule, whether or not they still held.
    `is_halfway`: whether an event of an account has begun and not ended, also after an error.
    """

    def __init__(self) -> None:
        self.visitors: dict[str, Visitor] = {}
        self.taken = 0
        self.is_halfway = False

    def take(self, marketplace: Marketplace, count: int) -> None:
        """Take so many events from the schedule, in order, and run those that still hold."""
        for _ in range(count):
            self.run(marketplace, marketplace.schedule.pop())

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
        marketplace.activity.note_clock(moment)

    def move_to_next(self, marketplace: Marketplace, limit: int | None = None) -> bool:
        """Run the next event or arrival that is due by `limit`; return whether there was one."""
        marketplace.clock.require_free()
        while (happened := self._step(marketplace, limit)) is not None:
            if happened:
                marketplace.activity.note_clock(marketplace.clock.read())
                return True
        return False

    def _step(self, marketplace: Marketplace, limit: int | None) -> bool | None:
        """Run the next event or arrival that is due by `limit`, and by the end of the year 9999.

        Returns whether it happened; None if there is none.
        """
        end = LATEST if limit is None else limit
        due = marketplace.schedule.next_due()
        if due is not None and due > end:
            due = None
        arrival = self._next_arrival(marketplace)
        if arrival is not None and (due is None or arrival.time < due):
            if arrival.time > end:
                return None
            return _receive(marketplace, arrival, limit if due is None else due)
        return None if due is None else self.run(marketplace, marketplace.schedule.pop())

    def _next_arrival(self, marketplace: Marketplace) -> Arrival | None:
        """Return the next arrival; at equal times, that of the older visitor."""
        first: Arrival | None = None
        for visitor in self.visitors.values():
            time = visitor.next_arrival(marketplace)
            if time is not None and (first is None or time < first.time):
                first = Arrival(time, visitor)
        return first

    def run(self, marketplace: Marketplace, event: Event) -> bool:
        """Run one event if it still holds; return whether it did."""
        self.taken += bool(event.account[0])
        holds = self.still_holds(marketplace, event)
        if holds:
            marketplace.clock.reach(event.due)
            if (visitor := self._visitor_of(event)) is not None:
                with marketplace.clock.held_at(event.due):
                    visitor.act(marketplace, event)
            else:
                self._run_rules(marketplace, event)
        return holds

    def _run_rules(self, marketplace: Marketplace, event: Event) -> None:
        self.is_halfway = True
        account = marketplace.accounts[event.account]
        EVENT_RULES[event.kind].run(account, event.subject, event.due)
        self.is_halfway = False

    def still_holds(self, marketplace: Marketplace, event: Event) -> bool:
        """Tell whether the event still applies."""
        rules = EVENT_RULES.get(event.kind)
        if rules is None:  # scheduled by a visitor
            visitor = self._visitor_of(event)
            return visitor is not None and visitor.expects(marketplace)
        account = marketplace.accounts[event.account]
        return rules.still_holds(account, event.subject, event.due)

    def _visitor_of(self, event: Event) -> Visitor | None:
        """Return the visitor that scheduled the event; None if it is gone, or no visitor did."""
        requester, name = event.account
        return None if requester else self.visitors.get(name)

    def upcoming(self, marketplace: Marketplace) -> Iterator[Event]:
        """Yield the events that will happen, in order; none is after the year 9999.

        An event that was scheduled again for the same time is yielded once.
        """
        seen = set()
        for event in marketplace.schedule.events():
            what = event.due, event.kind, event.account, event.subject
            if event.due <= LATEST and what not in seen and self.still_holds(marketplace, event):
                seen.add(what)
                yield event


def _receive(marketplace: Marketplace, arrival: Arrival, next_change: int | None) -> bool | None:
    """Let a worker arrive, or delay the arrival until there can be a HIT to accept."""
    if marketplace.offers:
        marketplace.clock.reach(arrival.time)
        with marketplace.clock.held_at(arrival.time):
            arrival.visitor.arrive(marketplace, arrival.time)
        return True
    if next_change is None:
        return None
    arrival.visitor.put_off(marketplace, next_change)
    return False
