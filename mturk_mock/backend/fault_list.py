"""The faults of a mock, none at first. What one is, is loaded when one is made: see `faults`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mturk_mock.backend.faults import Fault, Progress

#: When a fault happens: before the operation does its work, or after.
BEFORE: Final = "before"
AFTER: Final = "after"


class Faults:
    """The faults of one mock, oldest first."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def happening(self, operation: str, now: int) -> Fault | None:
        """Return the fault that happens to a call at `now`, None if none does."""
        return next((fault for fault in self.all if fault.takes(operation, now)), None)

    def saved(self) -> list[tuple[Fault, Progress]]:
        """Return every fault and how far it has come, for `restore`."""
        return [(fault, replace(fault.progress)) for fault in self.all]

    def add(self, fault: Fault) -> None:
        """Let a new fault happen, too."""
        fault.mock = self
        self.all.append(fault)

    def restore(self, saved: Iterable[tuple[Fault, Progress]]) -> None:
        """Be as when `saved` was made, by these or by another mock's, which keeps its own."""
        self.all = [self._as_then(fault, progress) for fault, progress in saved]

    def _as_then(self, fault: Fault, progress: Progress) -> Fault:
        if fault.mock is not self:
            return replace(fault, mock=self, progress=replace(progress))
        fault.progress = replace(progress)
        return fault
