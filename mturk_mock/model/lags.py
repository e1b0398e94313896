"""The delays of the service's eventual consistency."""

from __future__ import annotations

from typing import Final, NamedTuple

from mturk_mock.core.clock import SECOND


class Lags(NamedTuple):
    """Delays in microseconds; 0 for none.

    - `lists`: until lists of HITs show a new HIT, and ListQualificationTypes a new
      qualification type.
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


#: The lags of the service. [observed] The length of the counters' lag is not recorded; the mock
#: uses that of the lists. [assumed] The service approved work after at most 7 minutes, the mock
#: does so after exactly 7. [assumed]
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
