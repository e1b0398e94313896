"""How late the service is."""

from __future__ import annotations

from typing import Final, NamedTuple

from mturk_mock.core.clock import SECOND


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
