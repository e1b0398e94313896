"""The state of one mock: its accounts, workers, and scheduled events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mturk_mock.core import errors
from mturk_mock.core.clock import Clock, Schedule
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.ids import Ids
from mturk_mock.model.account import Account, AccountKey
from mturk_mock.model.activity import Activity
from mturk_mock.model.assignment import Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.ledger import Ledger, SandboxLedger
from mturk_mock.model.notification import EMAIL, Message, compose
from mturk_mock.model.offers import Offers
from mturk_mock.model.qualification import QualificationType, Register, Request
from mturk_mock.model.worker import Email, Person


class Marketplace:
    """The state of one mock: plain data, so copies are independent.

    `generation`: a number that no other marketplace of the process has; None if it was read
    from a file. Objects keep the number of the marketplace that created them, so that a handle
    can tell its object from one with the same ID in another state.
    """

    def __init__(
        self, *, seed: int, start: int | None, balance: Decimal, generation: int | None = None
    ) -> None:
        self.generation = generation
        self.clock = Clock(start)
        self.ids = Ids(seed)
        self.schedule = Schedule()
        self.activity = Activity()
        self.accounts: dict[AccountKey, Account] = {}
        self.people: dict[str, Person] = {}
        self.layouts: dict[
            str, str
        ] = {}  # pages by HITLayoutId, shared by all requesters [assumed]
        self.emails: list[Email] = []
        self.outbox: list[Message] = []
        self.notifications: list[Message] = []
        self.registers = {
            environment: Register(environment, self.schedule, self.activity)
            for environment in (PRODUCTION, SANDBOX)
        }
        self.starting_balance = balance
        self.memories: dict[str, Any] = {}  # the data of visitors, by name
        self.offers = Offers(self.accounts)

    def account(self, requester: str, environment: str) -> Account:
        """Return the requester's account in the environment; create it if there is none."""
        key = (requester, environment)
        if key not in self.accounts:
            in_production = environment == PRODUCTION
            ledger = Ledger(self.starting_balance) if in_production else SandboxLedger()
            register = self.registers[environment]
            self.accounts[key] = Account(
                *key, ledger, self.schedule, self.outbox, self.people, register, self.activity
            )
        return self.accounts[key]

    def person(self, worker_id: str) -> Person:
        """Return the worker with that ID; create the worker if there is none."""
        if worker_id not in self.people:
            self.people[worker_id] = Person(worker_id, generation=self.generation)
        return self.people[worker_id]

    def find_hit(self, hit_id: str) -> tuple[Account, HIT]:
        """Return a HIT of any requester with its account.

        Raises HITDoesNotExist if there is none.
        """
        for account in self.accounts.values():
            if hit_id in account.hits:
                return account, account.hits[hit_id]
        raise errors.HIT_DOES_NOT_EXIST(id=hit_id)

    def find_assignment(self, assignment_id: str) -> tuple[Account, Assignment]:
        """Return an assignment of any requester with its account.

        Raises AssignmentDoesNotExist if there is none.
        """
        for account in self.accounts.values():
            if assignment_id in account.assignments:
                return account, account.assignments[assignment_id]
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)

    def find_qualification_type(self, type_id: str) -> tuple[Register, QualificationType]:
        """Return a qualification type with its register.

        Raises QualificationTypeDoesNotExist if there is none.
        """
        for register in self.registers.values():
            if type_id in register.types:
                return register, register.type(type_id)
        raise errors.QUALIFICATION_TYPE_DOES_NOT_EXIST(id=type_id)

    def find_qualification_request(self, request_id: str) -> tuple[Register, Request]:
        """Return a qualification request with its register.

        Raises QualificationRequestDoesNotExist if there is none.
        """
        for register in self.registers.values():
            if request_id in register.requests:
                return register, register.requests[request_id]
        raise errors.QUALIFICATION_REQUEST_DOES_NOT_EXIST(id=request_id)

    def add_layout(self, page: str) -> str:
        """Add a HIT layout; return its HITLayoutId."""
        layout_id = self.ids.entity("HITLayout")
        self.layouts[layout_id] = page
        return layout_id

    def layout(self, layout_id: str) -> str:
        """Return a layout's page; raise HITLayoutDoesNotExist if there is none."""
        if layout_id not in self.layouts:
            raise errors.HIT_LAYOUT_DOES_NOT_EXIST(id=layout_id)
        return self.layouts[layout_id]

    def has_id(self, id_: str) -> bool:
        """Tell whether an object of the marketplace has the ID."""
        held: list[Collection[str]] = [self.layouts]
        for register in self.registers.values():
            held += (register.types, register.requests)
        for account in self.accounts.values():
            held += (account.hits, account.hit_types, account.assignments)
        return any(id_ in ids for ids in held)

    def send_email(
        self, sender: Account, worker_id: str, subject: str, text: str, now: int
    ) -> None:
        """Send an email to a worker."""
        to = self.person(worker_id).address
        self.emails.append(Email(to, worker_id, subject, text, *sender.key, now))

    def post(self) -> list[Message]:
        """Empty the outbox, and return its messages for queues and topics, oldest first.

        Emails are delivered at once, with the subject and the text that SNS would forward.
        [assumed]
        """
        posted = list(self.outbox)
        self.outbox.clear()
        for message in posted:
            message.document = compose(message, self.ids)
            if message.specification.transport == EMAIL:
                self.emails.append(_email_of(message))
                message.mark_delivered()
        self.notifications += posted
        return [message for message in posted if not message.delivered]


def _email_of(message: Message) -> Email:
    to, origin = message.specification.destination, (message.requester, None)
    return Email(to, None, message.subject, message.document, *origin, message.time)


@dataclass(frozen=True)
class Scope:
    """The account that an operation, a state file or `add_*` acts on, and the time.

    `now`: in microseconds since 1970.
    """

    marketplace: Marketplace
    account: Account
    now: int

    @property
    def ids(self) -> Ids:
        """The generator of IDs for new objects."""
        return self.marketplace.ids
