"""HITs: their types, their counts and their workers. `hit_life` has the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal, NamedTuple, TypeAlias

from mturk_mock.model.policies import ReviewPolicies
from mturk_mock.model.requirement import Requirement

ASSIGNABLE: Final = "Assignable"
UNASSIGNABLE: Final = "Unassignable"
REVIEWABLE: Final = "Reviewable"
REVIEWING: Final = "Reviewing"
DISPOSED: Final = "Disposed"
Status: TypeAlias = Literal["Assignable", "Unassignable", "Reviewable", "Reviewing", "Disposed"]
#: Every status of a HIT that has not been deleted.
ALIVE: Final = (ASSIGNABLE, UNASSIGNABLE, REVIEWABLE, REVIEWING)

#: Keys of lists: of all HITs except deleted ones, and (with the ID of a qualification type) of
#: the HITs that require that type.
LISTED: Final[tuple[str, str | None]] = ("listed", None)
REQUIRED: Final = "required"


@dataclass(frozen=True)
class Properties:
    """The properties that define a HIT type; equal properties mean the same type. [doc]"""

    title: str
    description: str
    keywords: str | None
    reward: Decimal
    assignment_duration: int  # seconds
    auto_approval_delay: int  # seconds
    requirements: tuple[Requirement, ...]

    @property
    def identity(self) -> Properties:
        """The properties, with requirements sorted: their order does not matter. [assumed]"""
        return replace(self, requirements=tuple(sorted(self.requirements, key=repr)))

    @cached_property
    def qualification_type_ids(self) -> frozenset[str]:
        """The qualification types that the requirements name."""
        return frozenset(requirement.qualification_type_id for requirement in self.requirements)


@dataclass(frozen=True, eq=False)  # compared by identity
class HITType:
    """A HIT type of one requester. The HITGroupId differs from the HITTypeId. [observed]"""

    id: str
    group_id: str
    properties: Properties


class Counts(NamedTuple):
    """A HIT's numbers of assignments as of `time`, in microseconds since 1970."""

    time: int
    available: int
    pending: int
    completed: int


@dataclass(slots=True)
class Uptake:
    """The accepted assignments of a HIT."""

    assignment_ids: list[str] = field(default_factory=list)  # in order of acceptance
    submitted_ids: list[str] = field(default_factory=list)  # in order of submission
    takers: dict[str, str] = field(default_factory=dict)  # assignment ID by worker ID


@dataclass(slots=True)
class HIT:
    """One HIT; times in microseconds since 1970.

    A mock can hold a million HITs, so values that most HITs do not need are None.
    """

    id: str
    number: int  # its position among the requester's HITs, oldest first
    type: HITType
    question: str
    annotation: str | None
    creation_time: int
    expiration: int
    max_assignments: int
    available: int
    pending: int = 0
    unreviewed: int = 0
    completed: int = 0
    status: Status = ASSIGNABLE
    expired: bool = False
    reviewing: bool = False
    disposal_time: int | None = None
    held: Decimal = Decimal(0)  # the funds held for it, in dollars
    uptake: Uptake | None = None  # None before the first assignment
    policies: ReviewPolicies | None = None
    layout_id: str | None = None
    layout_parameters: tuple[tuple[str, str], ...] = ()  # names and values, as in the request
    past_counts: list[Counts] | None = None  # oldest first; None if counters do not lag
    #: That of the marketplace in which the HIT was created.
    generation: int | None = field(default=None, compare=False, repr=False)

    @property
    def assignment_ids(self) -> Sequence[str]:
        """The IDs of all assignments, even returned or abandoned ones, in order of acceptance."""
        return () if self.uptake is None else self.uptake.assignment_ids

    @property
    def submitted_ids(self) -> Sequence[str]:
        """The IDs of submitted assignments, in order of submission."""
        return () if self.uptake is None else self.uptake.submitted_ids

    @property
    def takers(self) -> Mapping[str, str]:
        """Assignment IDs by worker ID, without returned and abandoned assignments."""
        return {} if self.uptake is None else self.uptake.takers

    def take_up(self) -> Uptake:
        """Return the uptake; create it if there is none."""
        if self.uptake is None:
            self.uptake = Uptake()
        return self.uptake

    @property
    def settled(self) -> bool:
        """Whether no worker is working on the HIT and all submitted work is reviewed."""
        return not self.pending and not self.unreviewed


def policies_of(hit: HIT) -> ReviewPolicies:
    """Return the policies of a HIT that has any."""
    assert hit.policies is not None
    return hit.policies


def note_counts(hit: HIT, past: list[Counts], now: int) -> None:
    """Append the HIT's current numbers of assignments to `past`."""
    past.append(Counts(now, hit.available, hit.pending, hit.completed))


def counts_at(hit: HIT, time: int) -> Counts:
    """Return the numbers of assignments at a time; the current ones if counters do not lag.

    Until the lag `counters` is over, a new HIT shows its initial numbers of assignments. [assumed]
    """
    past = hit.past_counts or [Counts(time, hit.available, hit.pending, hit.completed)]
    return next((counts for counts in reversed(past) if counts.time <= time), past[0])
