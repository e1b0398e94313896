"""Operations on the state as a whole: health and reset."""

from __future__ import annotations

from typing import Any, Final

import mturk_mock
from mturk_mock.core.clock import read_stopwatch, to_datetime
from mturk_mock.server.control.schemas import TEXT, TIME, WHOLE, an_object, write_time
from mturk_mock.server.control.table import Control, Given, operation

HEALTH: Final = an_object(
    status={"type": "string", "enum": ["ok"]},
    version=TEXT,
    uptime_in_seconds=WHOLE,
    now=TIME,
    counts=an_object(requesters=WHOLE, hits=WHOLE, assignments=WHOLE, workers=WHOLE, calls=WHOLE),
)


@operation("GET", "/health", HEALTH)
def get_health(control: Control, given: Given) -> Any:
    """Get the version, the time that the server has run, and how much there is."""
    with control.backend.transaction() as (marketplace, now):
        accounts = marketplace.accounts.values()
        return {
            "status": "ok",
            "version": str(mturk_mock.__version__),
            "uptime_in_seconds": int(read_stopwatch() - control.started),
            "now": write_time(to_datetime(now)),
            "counts": {
                "requesters": len({account.requester for account in accounts}),
                "hits": sum(len(account.hits) for account in accounts),
                "assignments": sum(len(account.assignments) for account in accounts),
                "workers": len(marketplace.people),
                "calls": marketplace.activity.calls,
            },
        }


@operation("POST", "/reset", HEALTH, conflicts=(RuntimeError,))
def reset(control: Control, given: Given) -> Any:
    """Reset to the initial state, keeping the options of the server."""
    control.mturk.reset()
    return get_health(control, given)
