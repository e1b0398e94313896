"""The operation that follows what happens."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.server.control.kinds import Text
from mturk_mock.server.control.schemas import TEXT
from mturk_mock.server.control.table import EVENT_STREAM, Control, Given, Member, operation

_LAST_ID: Final = Member(
    "Last-Event-ID", Text(), "The ID of the last event that the client has seen."
)


@operation("GET", "/events", TEXT, headers=(_LAST_ID,), content_type=EVENT_STREAM)
def follow_events(control: Control, given: Given) -> Any:
    """Follow what happens to HITs, assignments, qualification requests, calls, clock and state.

    The result is a stream of server-sent events that does not end. With Last-Event-ID it goes on
    after that event. The server keeps the latest 10,000 events; an event ``dropped`` stands for
    those that it no longer has.
    """
    control.events.start(control.backend)
    return control.events.follow(control.events.position(given.headers.get(_LAST_ID.name)))
