"""A snapshot: the state of a mock at one moment."""

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

    A snapshot never changes. `mturk.restore(snapshot)` restores it any number of times, in other
    mocks too. `save` and `load` store it in a file.
    """

    _state: State

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a JSON file in the documented format, without the log of calls."""
        check_path("Snapshot.save()", path)
        content = write_marketplace(self._state.copy_marketplace())
        with open(path, "wb") as stream:
            stream.write(content)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Snapshot:
        """Return the snapshot of a JSON file, written by `save` or by hand.

        Raises ValueError for an invalid file, starting with the path and the location of the
        problem, and OSError for a file that cannot be read.
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
            f"restore() takes a Snapshot, as mturk.snapshot() or Snapshot.load(path) returns, "
            f"not {quote(snapshot)}"
        )
    return snapshot._state
