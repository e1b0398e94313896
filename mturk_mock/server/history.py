"""History: what a state file has recorded, as lines for people, and its state at a moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from mturk_mock.backend import recording
from mturk_mock.backend.settings import Settings
from mturk_mock.core.clock import from_datetime, to_datetime
from mturk_mock.core.quoting import quote
from mturk_mock.core.sites import SERVICE
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.server.replay import Replay
from mturk_mock.server.state_file import Entry, StateFile
from mturk_mock.state.file import write_marketplace

#: What happened, with the members of an entry's body.
_TEXTS: Final = {
    recording.ACCEPT: "accepts HIT {hit} as assignment {outcome}",
    recording.SUBMIT: "submits assignment {assignment}",
    recording.RETURN: "returns assignment {assignment}",
    recording.REQUEST: "requests qualification {type}: {outcome}",
    recording.TEST: "submits the test of request {request}: {outcome}",
    recording.WORKER: "worker {outcome}, added or changed",
    recording.TRAIT: "{name} is now {value!r}",
    recording.CROWD: "a crowd of {size} workers",
    recording.FUNDS: "balance is now ${amount}",
    recording.LAYOUT: "a layout, {outcome}",
    recording.CHOICE: "the next ID of a {kind} is to be {id}",
    recording.CLOCK: "the clock was moved",
    recording.DELIVERY: "notifications were delivered, or not",
    recording.STATE: "the state was replaced",
    recording.START: "mturk_mock {version} starts",
}
_SUMMARY: Final = "{count} changes, made again with the outcomes that were recorded"


def print_lines(file: StateFile, until: datetime | None) -> Iterator[str]:
    """Yield a line for each entry up to a moment, and a summary.

    Raises StateFileError at the first entry whose outcome is another one than recorded.
    """
    replay, count = _begin(file), 0
    for entry in _entries(file, replay.n, until):
        yield _describe(entry, replay.perform(entry))
        count += 1
    yield _SUMMARY.format(count=count)


def snapshot_at(file: StateFile, until: datetime | None) -> bytes:
    """Return the content of a snapshot file: the state at a moment, or after the last entry."""
    replay, last = _begin(file), None
    for entry in _entries(file, replay.n, until):
        replay.perform(entry)
        last = entry.at
    if until is not None:
        last = from_datetime(until)
    if last is not None:
        replay.stop_at(last)
    return write_marketplace(replay.marketplace)


def _begin(file: StateFile) -> Replay:
    return Replay(file, Settings(), SERVICE, file.checkpoint(first=True))


def _entries(file: StateFile, after: int, until: datetime | None) -> Iterator[Entry]:
    end = None if until is None else from_datetime(until)
    for entry in file.entries(after):
        if end is not None and entry.at > end:
            return
        yield entry


def _describe(entry: Entry, outcome: str) -> str:
    actor = entry.actor or (DEFAULT_REQUESTER if entry.kind == recording.CALL else "-")
    if entry.kind == recording.CALL:
        what = _describe_call(entry.body, outcome)
    else:
        what = _TEXTS[entry.kind].format(outcome=outcome, **entry.body)
    return _plain(f"{to_datetime(entry.at):%Y-%m-%d %H:%M:%S} {entry.n:>6} {actor} {what}")


def _plain(text: str) -> str:
    """Return a text with escapes for control characters and surrogates, for one line."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def _describe_call(body: dict[str, Any], outcome: str) -> str:
    """Return the operation with its parameters, shortened, and its error if it had one."""
    text = body["body"]
    if body["version"] == "2017":
        members = json.loads(text.encode(errors="surrogateescape") or "{}")
        text = ", ".join(f"{name}={quote(value)}" for name, value in members.items())
    error = "" if outcome.startswith("{") or not outcome else f" -> {outcome}"
    where = "" if body["environment"] == "production" else f" in the {body['environment']}"
    return f"calls {body['operation']}({text}){where}{error}"
