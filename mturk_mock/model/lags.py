"""The delays of the service's eventual consistency."""

from __future__ import annotations

from typing import Final, NamedTuple

from mturk_mock.core.clock import SECOND


class Lags(NamedTuple):
    """Delays in microseconds; 0 for none.

    - `lists`: until a new HIT is in lists of HITs, a new qualification type in
      ListQualificationTypes.
    - `search`: until ListQualificationTypes with a Query finds a new qualification type.
    - `changes`: until a new HIT can be changed.
    - `counters`: until a HIT shows changed numbers of assignments.
    - `approvals`: until submitted work can be approved.
    """

    lists: int = 0
    search: int = 0
    changes: int = 0
    counters: int = 0
    approvals: int = 0


#: The lags of the service. [observed] The lag of the counters has no recorded length; it is
#: that of the lists. [assumed] Work could be approved after at most 7 minutes, here always
#: after 7. [assumed]
RECORDED: Final = Lags(
    lists=15 * SECOND,
    search=60 * SECOND,
    changes=15 * SECOND,
    counters=15 * SECOND,
    approvals=420 * SECOND,
)


def is_over(lag: int, since: int | None, now: int) -> bool:
    """Tell whether the delay since a moment is over."""
    return not lag or since is None or now - since >= lag
