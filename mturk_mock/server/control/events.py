"""What happens on a server, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import uuid4

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import to_datetime
from mturk_mock.model.activity import Occurrence

#: The number of events to keep, for clients that connect again.
KEPT: Final = 10_000
#: Seconds without an event after which a comment shows that the connection is alive.
KEEP_ALIVE: Final = 15.0

_GREETING: Final = b": events of mturk_mock\n\n"
_ALIVE: Final = b": keep-alive\n\n"
_DROPPED: Final = "Events are missing here: read the state again, as with GET /_mturk/calls."


class _Batch(NamedTuple):
    """Events after a position, with their numbers, and how many before them are gone."""

    events: list[tuple[int, Occurrence]]
    dropped: int


class Events:
    """The latest events, and the clients that follow them.

    The ID of an event is a name of this object and the event's number, so that the IDs of another
    run of the server are known to be others. Events count from the first client on.
    """

    def __init__(self) -> None:
        self._name = uuid4().hex[:12]
        self._events: deque[tuple[int, Occurrence]] = deque(maxlen=KEPT)
        self._count = 0
        self._shown = 0  # the number of the last event that happened for good
        self._lock = threading.Lock()
        self._bells: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._is_started = self._is_closed = False

    def start(self, backend: Backend) -> None:
        """Listen to the backend, unless this has been called before."""
        with self._lock:
            is_started, self._is_started = self._is_started, True
        if not is_started:
            backend.listen(self)

    def add(self, happened: list[Occurrence]) -> int:
        """Add what has happened, from any thread, and return the count of all events."""
        with self._lock:
            for each in happened:
                self._count += 1
                self._events.append((self._count, each))
            return self._count

    def show(self, count: int) -> None:
        """Show so many events to the clients, from any thread."""
        with self._lock:
            self._shown = max(self._shown, count)
        self._ring()

    def end(self) -> None:
        """End every stream, because the server stops."""
        self._is_closed = True
        self._ring()

    def _ring(self) -> None:
        with self._lock:
            for bell, loop in self._bells.items():
                with suppress(RuntimeError):  # the loop of a server that was stopped
                    loop.call_soon_threadsafe(bell.set)

    def position(self, last_id: str | None) -> int | None:
        """Return the number of the last event that a client has seen; None if that is unknown.

        `last_id`: its Last-Event-ID; None for a client that follows from now on.
        """
        with self._lock:
            if last_id is None:
                return self._shown
            name, _, number = last_id.partition("-")
            is_number = number.isascii() and number.isdigit() and len(number) < 16
            is_ours = name == self._name and is_number and int(number) <= self._shown
            return int(number) if is_ours else None

    async def follow(self, position: int | None) -> AsyncIterator[bytes]:
        """Yield the events after a position, as `position` returned it, until `end`."""
        bell = asyncio.Event()
        with self._lock:
            self._bells[bell] = asyncio.get_running_loop()
        try:
            yield _GREETING
            if position is None:
                position = self._first() - 1
                yield self._write_dropped(position, None)
            while not self._is_closed:
                bell.clear()
                events, dropped = self._after(position)
                if dropped:
                    yield self._write_dropped(events[0][0] - 1, dropped)
                if events:
                    position = events[-1][0]
                    yield b"".join(self._write(*each) for each in events)
                elif not await _is_rung(bell):
                    yield _ALIVE
        finally:
            with self._lock:
                del self._bells[bell]

    def _first(self) -> int:
        """Return the number of the first event that is kept, or of the next one."""
        with self._lock:
            return self._events[0][0] if self._events else self._count + 1

    def _after(self, position: int) -> _Batch:
        with self._lock:
            gone = self._count - len(self._events)
            first, end = max(0, position - gone), self._shown - gone
            events = [self._events[index] for index in range(first, end)]
            return _Batch(events, max(0, gone - position) if events else 0)

    def _write_dropped(self, position: int, count: int | None) -> bytes:
        content = {"count": count, "message": _DROPPED}
        return _write_event(f"{self._name}-{position}", "dropped", content)

    def _write(self, number: int, event: Occurrence) -> bytes:
        content = {"time": to_datetime(event.moment).isoformat(), **event.details}
        return _write_event(f"{self._name}-{number}", event.kind, content)


async def _is_rung(bell: asyncio.Event) -> bool:
    """Wait for a bell; return whether it rang before it was time for a comment."""
    try:
        await asyncio.wait_for(bell.wait(), KEEP_ALIVE)
    except asyncio.TimeoutError:
        return False
    return True


def _write_event(id_: str, kind: str, content: Mapping[str, Any]) -> bytes:
    """Return one event; JSON in ASCII has no line breaks."""
    return f"id: {id_}\nevent: {kind}\ndata: {json.dumps(content)}\n\n".encode()
