"""How late the service is, and what it says and refuses meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND

if TYPE_CHECKING:
    from mturk_mock.model.hit import HIT


class Lags(NamedTuple):
    """How late things are, in microseconds; 0 is not at all.

    `lists`: new HITs in lists of HITs, new qualification types in ListQualificationTypes.
    `search`: new qualification types in ListQualificationTypes with a Query. `changes`:
    new HITs can be changed. `counters`: changes of the numbers of assignments that a HIT
    shows. `approvals`: work can be approved after it was submitted.
    """

    lists: int = 0
    search: int = 0
    changes: int = 0
    counters: int = 0
    approvals: int = 0


#: The lags of the service [observed]; that of the counters is recorded without a figure, and
#: as long as that of the lists. [assumed] Work became approvable after 7 minutes at most,
#: which it always takes here. [assumed]
RECORDED: Final = Lags(
    lists=15 * SECOND,
    search=60 * SECOND,
    changes=15 * SECOND,
    counters=15 * SECOND,
    approvals=420 * SECOND,
)


def is_over(lag: int, since: int | None, now: int) -> bool:
    """Tell whether what happened at `since` has come through."""
    return not lag or since is None or now - since >= lag


def require_changeable(lags: Lags, hit: HIT, now: int) -> None:
    """Raise InvalidHITState for a HIT that is too new to be extended or given a new type.

    A new HIT can be expired [doc]; one that was deleted is said to be too new. [assumed]
    """
    if not is_over(lags.changes, hit.creation_time, now):
        raise errors.HIT_TOO_NEW(id=hit.id)


class Counts(NamedTuple):
    """The numbers of assignments that a HIT shows, since a time in microseconds since 1970."""

    time: int
    available: int
    pending: int
    completed: int


def note_counts(hit: HIT, past: list[Counts], now: int) -> None:
    """Remember the numbers as they are from now on."""
    past.append(Counts(now, hit.available, hit.pending, hit.completed))


def counts_at(past: list[Counts], time: int) -> Counts:
    """Return the numbers as they were then, before all others the first. [assumed]"""
    return next((counts for counts in reversed(past) if counts.time <= time), past[0])
