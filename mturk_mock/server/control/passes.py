"""How workers get into the worker site: invitations, and the end of sessions."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core.clock import to_datetime
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.server.access import INVITATION, LONGEST_NAME
from mturk_mock.server.control.kinds import Text
from mturk_mock.server.control.schemas import TEXT, TIME, WHOLE, an_object, write_time
from mturk_mock.server.control.table import Control, Given, Member, operation
from mturk_mock.server.control.workers import find_worker

_NAME: Final = Member(
    "name",
    Text(f"a name of up to {LONGEST_NAME} characters", f".{{0,{LONGEST_NAME}}}"),
    "What the worker site calls the worker; by default the worker ID.",
)


@operation(
    "POST",
    "/workers/{worker_id}/invitation",
    an_object(url=TEXT, expires=TIME),
    members=(_NAME,),
)
def invite_worker(control: Control, given: Given) -> Any:
    """Get a link by which the worker signs in to the worker site, for 14 days."""
    worker = find_worker(control, given)
    token, expires = control.passes.issue(INVITATION, worker.id, given.body.get("name", ""))
    site = control.backend.sites.api[PRODUCTION]
    return {"url": f"{site}/invitations/{token}", "expires": write_time(to_datetime(expires))}


@operation("DELETE", "/workers/{worker_id}/sessions", an_object(ended=WHOLE))
def end_sessions(control: Control, given: Given) -> Any:
    """End the worker's sessions and invitations, and get how many there were."""
    ended = control.passes.end_all(given.path["worker_id"])
    if not ended:
        find_worker(control, given)
    return {"ended": ended}
