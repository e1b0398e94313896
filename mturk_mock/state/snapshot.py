"""A snapshot: the state of a mock at one moment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from mturk_mock.backend.state import State
from mturk_mock.core.clock import to_datetime
from mturk_mock.state import file


@dataclass(frozen=True, eq=False, repr=False)
class Snapshot:
    """Everything that a mock was at one moment: `mturk.snapshot()` takes it.

    Nothing changes it. It can be restored many times, by `mturk.restore(snapshot)`, in
    this mock and in others, and kept in a file.
    """

    _state: State

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a JSON file, whose form is documented. The log of calls is left out."""
        content = file.write(self._state.copy_marketplace())
        with open(path, "wb") as stream:
            stream.write(content)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Snapshot:
        """Return what a JSON file says, which `save` or somebody has written.

        ValueError, which begins with the place in the file, for what cannot be; OSError
        for a file that cannot be read.
        """
        with open(path, "rb") as stream:
            content = stream.read()
        return cls(State.of(file.read(content)))

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
    """Return what a snapshot holds; TypeError for anything else."""
    if not isinstance(snapshot, Snapshot):
        raise TypeError(
            f"restore() takes a Snapshot, as mturk.snapshot() or Snapshot.load(path) returns, "
            f"not {snapshot!r}"
        )
    return snapshot._state
