"""The account of one requester in one environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import Schedule
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.idempotency import Tokens
from mturk_mock.core.indexes import Index, Ordered
from mturk_mock.model.activity import Activity
from mturk_mock.model.assignment import Assignment
from mturk_mock.model.hit import HIT, HITType, Properties
from mturk_mock.model.ledger import EXACT, Ledger
from mturk_mock.model.notification import (
    TEST_ASSIGNMENT_ID,
    TEST_HIT_ID,
    TEST_HIT_TYPE_ID,
    Message,
    Setting,
    Specification,
)
from mturk_mock.model.qualification import Register
from mturk_mock.model.worker import Person

AccountKey = tuple[str, str]  # requester, environment

#: The requester of calls without credentials, or with unknown ones.
DEFAULT_REQUESTER: Final = "default"


@dataclass(frozen=True)
class Bonus:
    """One bonus payment: `amount` in dollars, `time` in microseconds since 1970."""

    number: int
    worker_id: str
    amount: Decimal
    assignment_id: str
    reason: str
    time: int


@dataclass(frozen=True)
class Block:
    """One blocked worker."""

    number: int
    worker_id: str
    reason: str


@dataclass
class Account:
    """All data of one requester in one environment.

    The production and sandbox environments share workers, and nothing else. [doc]
    """

    requester: str
    environment: str
    ledger: Ledger
    schedule: Schedule  # the marketplace's
    outbox: list[Message]  # the marketplace's: notifications to be sent
    people: dict[str, Person]  # the marketplace's
    qualifications: Register  # the environment's
    activity: Activity  # the marketplace's
    hit_types: dict[str, HITType] = field(default_factory=dict)
    hits: dict[str, HIT] = field(default_factory=dict)
    hits_by_number: list[HIT] = field(default_factory=list)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    work: dict[str, list[str]] = field(default_factory=dict)  # assignment IDs by worker, in order
    bonuses: list[Bonus] = field(default_factory=list)
    blocks: dict[str, Block] = field(default_factory=dict)  # by worker
    blocks_made: int = 0
    notification_settings: dict[str, Setting] = field(default_factory=dict)  # by HITTypeId
    tokens: Tokens = field(default_factory=Tokens)
    reviewed_workers: set[str] = field(default_factory=set)
    reopenings: int = 0  # the number of times that a HIT became Assignable again
    _types_by_value: dict[Properties, HITType] = field(default_factory=dict)
    # What list operations return; updated by `hit_life.set_status` and
    # `assignment_life.set_status`.
    hit_lists: Index[HIT] = field(default_factory=Index)
    assignment_lists: Index[Assignment] = field(default_factory=Index)
    bonus_lists: Index[Bonus] = field(default_factory=Index)  # by HIT, assignment, worker
    block_list: Ordered[Block] = field(default_factory=Ordered)

    @cached_property
    def key(self) -> AccountKey:
        """The key of this account in its marketplace."""
        return self.requester, self.environment

    def hit(self, hit_id: str) -> HIT:
        """Return a HIT; raise HITDoesNotExist if this requester has none with that ID."""
        if hit_id not in self.hits:
            raise errors.HIT_DOES_NOT_EXIST(id=hit_id)
        return self.hits[hit_id]

    def assignment(self, assignment_id: str) -> Assignment:
        """Return an assignment; raise AssignmentDoesNotExist if there is none with that ID."""
        if assignment_id not in self.assignments:
            raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)
        return self.assignments[assignment_id]

    def put_assignment(self, assignment: Assignment) -> None:
        """Add a new assignment."""
        self.assignments[assignment.id] = assignment
        self.work.setdefault(assignment.worker_id, []).append(assignment.id)

    def type_with(self, properties: Properties) -> HITType | None:
        """Return the HIT type with these properties, or None if there is none."""
        return self._types_by_value.get(properties.identity)

    def add_type(self, type_: HITType) -> None:
        """Add a new HIT type."""
        self.hit_types[type_.id] = type_
        self._types_by_value[type_.properties.identity] = type_

    def add_bonus(self, bonus: Bonus) -> None:
        """Add a bonus. Its number must be the count of earlier bonuses."""
        self.bonuses.append(bonus)
        self.replace_bonus(bonus)

    def replace_bonus(self, bonus: Bonus) -> None:
        """Replace the bonus with the same number."""
        self.bonuses[bonus.number] = bonus
        hit_id = self.assignments[bonus.assignment_id].hit_id
        for key in (hit_id, bonus.assignment_id, bonus.worker_id):
            self.bonus_lists.add(key, bonus)

    def add_block(self, block: Block) -> None:
        """Add a block, or replace the one with the same number."""
        self.blocks[block.worker_id] = block
        self.block_list.add(block)
        self.blocks_made = max(self.blocks_made, block.number + 1)

    def remove_block(self, worker_id: str) -> None:
        """Remove the block of a worker, if there is one."""
        block = self.blocks.pop(worker_id, None)
        if block is not None:
            self.block_list.discard(block.number)

    def announce(
        self, event_type: str, hit: HIT, now: int, assignment_id: str | None = None
    ) -> None:
        """Send a notification of an event if the HIT type's settings include it. [doc]

        A listener hears of it in any case.
        """
        setting = self.notification_settings.get(hit.type.id)
        if setting and setting.active and event_type in setting.specification.event_types:
            event = (event_type, now, hit.type.id, hit.id, assignment_id)
            self.outbox.append(Message(setting.specification, self.requester, *event))
        if self.activity.occurrences is not None:
            self._tell(event_type, hit, now, assignment_id)

    def _tell(self, event_type: str, hit: HIT, now: int, assignment_id: str | None) -> None:
        details = {"hit_id": hit.id, "hit_type_id": hit.type.id}
        if assignment_id is not None:
            worker_id = self.assignments[assignment_id].worker_id
            details |= {"assignment_id": assignment_id, "worker_id": worker_id}
        where = {"requester": self.requester, "environment": self.environment}
        self.activity.tell(now, event_type, **details, **where)

    def announce_test(self, specification: Specification, event_type: str, now: int) -> None:
        """Send a test notification, whatever the settings of HIT types are. [doc]

        The IDs in a test notification belong to no HIT, HIT type or assignment. [assumed]
        """
        assignment_id = TEST_ASSIGNMENT_ID if event_type.startswith("Assignment") else None
        event = (event_type, now, TEST_HIT_TYPE_ID, TEST_HIT_ID, assignment_id)
        self.outbox.append(Message(specification, self.requester, *event, is_test=True))

    def credit(self, worker_id: str, amount: Decimal) -> None:
        """Add to a worker's earnings, in production only: the sandbox pays nothing. [doc]"""
        if self.environment == PRODUCTION:
            person = self.people[worker_id]
            person.earnings = EXACT.add(person.earnings, amount)
