"""Snapshots: the state of a mock at one moment, restored or saved to a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from mturk_mock.backend.state import State
from mturk_mock.core.clock import to_datetime
from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import quote
from mturk_mock.state.file import read_marketplace, write_marketplace


@dataclass(frozen=True, eq=False, repr=False)
class Snapshot:
    """The whole state of a mock at one moment, returned by `mturk.snapshot()`.

    A snapshot never changes. `mturk.restore(snapshot)` restores it any number of times, also in
    other mocks. `save` and `load` write and read it as a file.
    """

    _state: State

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the snapshot as a JSON file in the documented format, without the log of calls.

        `path`: a str or Path. Raises OSError if the file cannot be written.
        """
        check_path("Snapshot.save()", path)
        content = write_marketplace(self._state.copy_marketplace())
        with open(path, "wb") as stream:
            stream.write(content)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Snapshot:
        """Read a snapshot from a JSON file, written by `save` or by hand.

        Raises ValueError for an invalid file, with a message that starts with the path and the
        location of the problem, and OSError if the file cannot be read.
        """
        check_path("Snapshot.load()", path)
        with open(path, "rb") as stream:
            content = stream.read()
        try:
            return cls(State.of(read_marketplace(content)))
        except ValueError as problem:
            raise ValueError(f"{os.fspath(path)}: {problem}") from None

    def __repr__(self) -> str:
        marketplace = self._state.copy_marketplace()
        accounts = marketplace.accounts.values()
        hits = sum(len(account.hits) for account in accounts)
        assignments = sum(len(account.assignments) for account in accounts)
        return (
            f"<Snapshot at {to_datetime(marketplace.clock.read()):%Y-%m-%d %H:%M:%S} UTC, "
            f"seed={marketplace.ids.seed}, {hits} HITs, {assignments} assignments, "
            f"{len(marketplace.people)} workers, {len(self._state.calls)} calls>"
        )


def state_of(snapshot: Any) -> State:
    """Return the state in a snapshot; raise TypeError for any other object."""
    if not isinstance(snapshot, Snapshot):
        raise TypeError(
            "restore() takes a Snapshot, from mturk.snapshot() or Snapshot.load(path), "
            f"not {quote(snapshot)}"
        )
    return snapshot._state
