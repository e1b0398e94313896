"""Fault injection: which calls fail, how often, and how often they have failed.

Every request counts as a call, botocore's own retries too. Faults are asked in the order
in which they were made; a call that one takes is not seen by those after it. [assumed]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Final, TypeAlias

from botocore.exceptions import BotoCoreError

from mturk_mock.core.clock import SECOND
from mturk_mock.core.errors import MTurkError

#: When a fault happens: before the operation does its work, or after.
BEFORE: Final = "before"
AFTER: Final = "after"

#: What a call can fail with: a refusal, or an exception of botocore's transport.
Failure: TypeAlias = MTurkError | BotoCoreError
#: Makes the failure of one request, given its URL and its members.
FailureMaker: TypeAlias = Callable[[str, Mapping[str, Any]], Failure]


@dataclass
class Progress:
    """How far a fault has come."""

    seen: int = 0  # calls that it was asked about
    happened: int = 0
    stopped: bool = False
    full_at: int = 0  # microseconds since 1970: when the limiter's bucket is full again


@dataclass(frozen=True)
class Limiter:
    """A bucket that holds the calls of one second, at least one, and fills as time passes.

    It is full at first, and calls that are refused take nothing out. [assumed]
    ``rate``: calls a second. In whole microseconds, so that no call is lost by rounding.
    """

    rate: float

    def allows(self, progress: Progress, now: int) -> bool:
        """Tell whether there is a call left in the bucket at `now`, and take it out."""
        interval = round(SECOND / self.rate)
        size = interval * max(1, int(self.rate))
        # Never more than the whole is missing, even if the clock was set back.
        missing = min(max(progress.full_at - now, 0), size)
        allowed = missing + interval <= size
        progress.full_at = now + missing + (interval if allowed else 0)
        return allowed


@dataclass(eq=False, repr=False)
class Fault:
    """An error that `mturk.fail` injects, and how often it has happened.

    ``operation``: as in ``CreateHIT``, several of them, or None for all. ``error``: its
    name, as it was given. ``times``: how often it happens, None for always. ``after``:
    calls that come through first. ``rate``: calls a second above which it happens, None for
    any. ``when``: ``before`` or ``after`` the operation has done its work. ``owner``: the
    faults of the mock that it belongs to.

    As a context manager it stops at the end of the block.
    """

    operation: str | tuple[str, ...] | None
    error: str
    times: int | None
    after: int
    rate: float | None
    when: str
    make_failure: FailureMaker
    owner: Faults | None = None
    progress: Progress = field(default_factory=Progress)

    @property
    def happened(self) -> int:
        """How often it has happened."""
        return self.progress.happened

    @property
    def missing(self) -> int:
        """How often it has still to happen: once if `times` is None and it has not happened."""
        return max(0, (self.times or 1) - self.happened)

    def stop(self) -> None:
        """Stop it from happening again; the count stays."""
        self.progress.stopped = True

    def concerns(self, operation: str) -> bool:
        """Tell whether it is for this operation."""
        if self.operation is None or isinstance(self.operation, str):
            return self.operation in (None, operation)
        return operation in self.operation

    def takes(self, operation: str, now: int) -> bool:
        """Tell whether it happens to a call at `now`, and count the call."""
        progress = self.progress
        is_over = progress.stopped or progress.happened == self.times
        if is_over or not self.concerns(operation):
            return False
        progress.seen += 1
        if progress.seen <= self.after:
            return False
        if self.rate is not None and Limiter(self.rate).allows(progress, now):
            return False
        progress.happened += 1
        return True

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        operations = [self.operation] if isinstance(self.operation, str) else self.operation
        what = [f"{self.error} {self.when} {', '.join(operations or ['every operation'])}"]
        if self.after:
            what.append(f"{self.after} calls come through first")
        if self.rate is not None:
            what.append(f"above {self.rate:g} calls a second")
        often = f"{self.happened}" if self.times is None else f"{self.happened} of {self.times}"
        what.append(f"happened {often} times")
        if self.progress.stopped:
            what.append("stopped")
        return f"<Fault {'; '.join(what)}>"


class Faults:
    """The faults of one mock, oldest first; none at first."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Inject one more fault."""
        fault.owner = self
        self.all.append(fault)

    def find(self, operation: str, now: int) -> Fault | None:
        """Return the fault that happens to a call at `now`, None if none does."""
        return next((fault for fault in self.all if fault.takes(operation, now)), None)

    def save(self) -> list[tuple[Fault, Progress]]:
        """Return every fault and its progress, for `restore`."""
        return [(fault, replace(fault.progress)) for fault in self.all]

    def restore(self, saved: Iterable[tuple[Fault, Progress]]) -> None:
        """Go back to what `save` returned, here or in another mock, which keeps its own faults."""
        self.all = [self._restored(fault, progress) for fault, progress in saved]

    def _restored(self, fault: Fault, progress: Progress) -> Fault:
        if fault.owner is not self:
            return replace(fault, owner=self, progress=replace(progress))
        fault.progress = replace(progress)
        return fault
