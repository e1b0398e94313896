"""The whole state of one mock: every account, everybody who works, and what is to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.clock import Clock, Event, Schedule
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.ids import Ids
from mturk_mock.model import assignment_life, hit_life, policies, policy_run
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.account import Account, AccountKey
from mturk_mock.model.assignment import Assignment
from mturk_mock.model.destination import EMAIL
from mturk_mock.model.hit import HIT
from mturk_mock.model.ledger import Ledger, SandboxLedger
from mturk_mock.model.notification import Message, compose
from mturk_mock.model.offers import Offers
from mturk_mock.model.qualification import QualificationType, Register, Registers, Request
from mturk_mock.model.visitor import (
    Arrival,
    Visitor,
    earliest,
    visitor_of,
)
from mturk_mock.model.worker import Email, Person


class Happening(NamedTuple):
    """What an event does, and whether it is still to be done when its time has come."""

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


class Marketplace:
    """Plain data through and through, so that a copy of it is a whole world of its own.

    But for the visitors, who are the backend's: a copy has what they remember, not them.
    """

    def __init__(self, *, seed: int, start: int | None, balance: Decimal) -> None:
        self.clock = Clock(start)
        self.ids = Ids(seed)
        self.schedule = Schedule()
        self.accounts: dict[AccountKey, Account] = {}
        self.people: dict[str, Person] = {}
        self.layouts: dict[str, str] = {}  # pages by HITLayoutId, of every requester [assumed]
        self.emails: list[Email] = []
        self.outbox: list[Message] = []
        self.notifications: list[Message] = []
        self.registers = Registers(self.schedule)
        self.starting_balance = balance
        self.visitors: dict[str, Visitor] = {}  # by name
        self.memories: dict[str, Any] = {}  # what visitors remember, by their names
        self.offers = Offers(self.accounts)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "visitors": {}}

    def account(self, requester: str, environment: str) -> Account:
        """Return the requester's account in the environment; new ones start with funds."""
        key = (requester, environment)
        if key not in self.accounts:
            in_production = environment == PRODUCTION
            ledger = Ledger(self.starting_balance) if in_production else SandboxLedger()
            self.accounts[key] = Account(
                *key,
                ledger,
                self.schedule,
                self.outbox,
                self.people,
                self.registers[environment],
            )
        return self.accounts[key]

    def person(self, worker_id: str) -> Person:
        """Return the worker of that id, who exists from now on."""
        if worker_id not in self.people:
            self.people[worker_id] = Person(worker_id)
        return self.people[worker_id]

    def find_hit(self, hit_id: str) -> tuple[Account, HIT]:
        """Return a HIT of any requester with its account; HITDoesNotExist if there is none."""
        for account in self.accounts.values():
            if hit_id in account.hits:
                return account, account.hits[hit_id]
        raise errors.HIT_DOES_NOT_EXIST(id=hit_id)

    def find_assignment(self, assignment_id: str) -> tuple[Account, Assignment]:
        """Return an assignment of any requester with the account whose HIT it is of."""
        for account in self.accounts.values():
            if assignment_id in account.assignments:
                return account, account.assignments[assignment_id]
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)

    def find_qualification_type(self, type_id: str) -> tuple[Register, QualificationType]:
        """Return a type with its register; QualificationTypeDoesNotExist if there is none."""
        for register in self.registers:
            if type_id in register.types:
                return register, register.type(type_id)
        raise errors.QUALIFICATION_TYPE_DOES_NOT_EXIST(id=type_id)

    def find_qualification_request(self, request_id: str) -> tuple[Register, Request]:
        """Return a request of anybody with its register."""
        for register in self.registers:
            if request_id in register.requests:
                return register, register.requests[request_id]
        raise errors.QUALIFICATION_REQUEST_DOES_NOT_EXIST(id=request_id)

    def add_layout(self, page: str) -> str:
        """Keep a HIT layout, and return its HITLayoutId."""
        layout_id = self.ids.entity("HITLayout")
        self.layouts[layout_id] = page
        return layout_id

    def layout(self, layout_id: str) -> str:
        """Return a layout's page; HITLayoutDoesNotExist if there is none."""
        if layout_id not in self.layouts:
            raise errors.HIT_LAYOUT_DOES_NOT_EXIST(id=layout_id)
        return self.layouts[layout_id]

    def has_id(self, id_: str) -> bool:
        """Tell whether anything here has that id."""
        if id_ in self.layouts:
            return True
        in_registers = any(
            id_ in things
            for register in self.registers
            for things in (register.types, register.requests)
        )
        return in_registers or any(
            id_ in things
            for account in self.accounts.values()
            for things in (account.hits, account.hit_types, account.assignments)
        )

    def post(self) -> list[Message]:
        """Send what is in the outbox, and return what others must carry, oldest first.

        A mail has arrived at once: its subject and text are those that SNS would send on.
        [assumed]
        """
        posted = list(self.outbox)
        self.outbox.clear()
        for message in posted:
            message.document = compose(message, self.ids)
            if message.specification.transport == EMAIL:
                to = message.specification.destination
                self.emails.append(Email(to, None, message.subject, message.document))
                message.arrived()
        self.notifications += posted
        return [message for message in posted if not message.delivered]

    def run_due(self, now: int) -> None:
        """Let everything happen that is due by `now`, each at its own time and in order.

        What falls due while a visitor acts happens when that is over.
        """
        if not self.clock.is_held:
            while self._step(now) is not None:
                pass

    def move_to(self, moment: int) -> None:
        """Make it `moment` now, after everything has happened that is due by then."""
        self.clock.require_free()
        self.run_due(moment)
        self.clock.move(moment)

    def move_to_next(self, limit: int | None = None) -> bool:
        """Make it the time of the next thing to happen, and tell whether there was one.

        `limit`: what happens later does not count.
        """
        self.clock.require_free()
        while (happened := self._step(limit)) is not None:
            if happened:
                return True
        return False

    def _step(self, limit: int | None) -> bool | None:
        """Let one thing happen that is due by `limit`; None if there is nothing.

        Returns whether it did happen.
        """
        due = self.schedule.next_due()
        arrival = earliest(self) if self.visitors else None
        if arrival is not None and (due is None or arrival.time < due):
            if limit is not None and arrival.time > limit:
                return None
            ends = [moment for moment in (due, limit) if moment is not None]
            return self._receive(arrival, min(ends, default=None))
        if due is None or (limit is not None and due > limit):
            return None
        return self.run(self.schedule.pop())

    def _receive(self, arrival: Arrival, next_change: int | None) -> bool | None:
        """Let somebody come, or put it off to when there may be a HIT to come for."""
        if self.offers:
            self.clock.reach(arrival.time)
            with self.clock.held_at(arrival.time):
                arrival.visitor.arrive(self, arrival.time)
            return True
        if next_change is None:
            return None
        arrival.visitor.put_off(self, next_change)
        return False

    def run(self, event: Event) -> bool:
        """Let one event happen, and tell whether it did."""
        holds = self.still_holds(event)
        if holds:
            self.clock.reach(event.due)
            if (visitor := visitor_of(self, event)) is not None:
                with self.clock.held_at(event.due):
                    visitor.act(self, event)
            else:
                account = self.accounts[event.account]
                HAPPENINGS[event.kind].happen(account, event.subject, event.due)
        return holds

    def still_holds(self, event: Event) -> bool:
        """Tell whether the event is still going to happen."""
        happening = HAPPENINGS.get(event.kind)
        if happening is None:  # a visitor's own
            return visitor_of(self, event) is not None
        return happening.still_holds(self.accounts[event.account], event.subject, event.due)

    def upcoming(self) -> Iterator[Event]:
        """Yield what will happen, in order."""
        return filter(self.still_holds, self.schedule.events())
