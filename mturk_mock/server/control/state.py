"""Operations on the state as a whole: health, reset and snapshots."""

from __future__ import annotations

from typing import Any, Final

import mturk_mock
from mturk_mock.backend.state import State
from mturk_mock.core.clock import read_stopwatch, to_datetime
from mturk_mock.server.control.schemas import ANYTHING, TEXT, TIME, WHOLE, an_object, write_time
from mturk_mock.server.control.table import Control, Given, operation
from mturk_mock.state.file import read_marketplace, write_marketplace
from mturk_mock.state.snapshot import Snapshot

#: The longest snapshot in bytes.
MAX_SNAPSHOT: Final = 1024 * 1024 * 1024

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


@operation("GET", "/snapshot", ANYTHING, conflicts=(RuntimeError,))
def get_snapshot(control: Control, given: Given) -> Any:
    """Get the state as a snapshot file, without the log of calls, faults and crowds."""
    return write_marketplace(control.backend.state().copy_marketplace())


@operation(
    "PUT",
    "/snapshot",
    HEALTH,
    takes_file=True,
    max_body=MAX_SNAPSHOT,
    conflicts=(RuntimeError,),
)
def put_snapshot(control: Control, given: Given) -> Any:
    """Replace the state with that of a snapshot file; faults and the log of calls are emptied."""
    control.mturk.restore(Snapshot(State.of(read_marketplace(given.content))))
    return get_health(control, given)
