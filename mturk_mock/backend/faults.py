"""Fault injection: which calls fail, how often, and how often they have failed.

Every request counts as a call, including botocore's retries. The oldest fault comes first; if it
makes a call fail, later faults do not count that call. [assumed]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Final, TypeAlias

from botocore.exceptions import BotoCoreError

from mturk_mock.core.clock import LATEST, SECOND
from mturk_mock.core.errors import MTurkError

#: When a fault happens: before or after the operation is performed.
BEFORE: Final = "before"
AFTER: Final = "after"

#: What a call can fail with: the service's error, or an exception of botocore's transport.
Failure: TypeAlias = MTurkError | BotoCoreError
#: Makes the failure of one request, given its URL and its members.
FailureMaker: TypeAlias = Callable[[str, Mapping[str, Any]], Failure]


@dataclass
class Progress:
    """The counts of a fault so far."""

    seen: int = 0  # calls that could have failed
    happened: int = 0
    stopped: bool = False
    full_at: int = 0  # microseconds since 1970: when the limiter's bucket is full again


@dataclass(frozen=True)
class Limiter:
    """A token bucket that holds the calls of one second, at least one, and refills with time.

    The bucket is full at first, and throttled calls take nothing out of it. [assumed]
    ``rate``: calls per second. Counted in whole microseconds, so that rounding loses no call.
    """

    rate: float

    def allows(self, progress: Progress, now: int) -> bool:
        """Take a call out of the bucket at `now`; return whether there was one."""
        interval = round(min(SECOND / self.rate, LATEST))  # infinite for the smallest rates
        size = interval * max(1, int(self.rate))
        # At most the whole bucket is missing, even if the clock was set back.
        missing = min(max(progress.full_at - now, 0), size)
        allowed = missing + interval <= size
        progress.full_at = now + missing + (interval if allowed else 0)
        return allowed


@dataclass(eq=False, repr=False)
class Fault:
    """An error that `mturk.fail` injects, and how often it has happened.

    - ``operation``: a name such as ``CreateHIT``, several names, or None for all operations.
    - ``error``: the name of the error, as it was given.
    - ``times``: how often the fault happens; None for every time.
    - ``after``: how many calls pass first.
    - ``rate``: the calls per second above which the fault happens; None for any rate.
    - ``when``: ``before`` or ``after`` the operation is performed.
    - ``owner``: the `Faults` that the fault belongs to.

    As a context manager, the fault stops at the end of the block.
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
        """How often the fault has happened."""
        return self.progress.happened

    @property
    def missing(self) -> int:
        """How often the fault still has to happen; at least once if `times` is None."""
        return max(0, (self.times or 1) - self.happened)

    def stop(self) -> None:
        """Stop the fault from happening again, keeping its count."""
        self.progress.stopped = True

    def concerns(self, operation: str) -> bool:
        """Tell whether the fault is for this operation."""
        if self.operation is None or isinstance(self.operation, str):
            return self.operation in (None, operation)
        return operation in self.operation

    def takes(self, operation: str, now: int) -> bool:
        """Tell whether the fault happens to a call at `now`, and count the call."""
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
            what.append(f"{self.after} calls pass first")
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
        """Add a fault."""
        fault.owner = self
        self.all.append(fault)

    def find(self, operation: str, now: int) -> Fault | None:
        """Return the fault that happens to a call at `now`, or None."""
        return next((fault for fault in self.all if fault.takes(operation, now)), None)

    def save(self) -> list[tuple[Fault, Progress]]:
        """Return every fault and its progress, for `restore`."""
        return [(fault, replace(fault.progress)) for fault in self.all]

    def restore(self, saved: Iterable[tuple[Fault, Progress]]) -> None:
        """Restore what `save` returned. Faults of another mock are copied, not moved."""
        self.all = [self._restored(fault, progress) for fault, progress in saved]

    def _restored(self, fault: Fault, progress: Progress) -> Fault:
        if fault.owner is not self:
            return replace(fault, owner=self, progress=replace(progress))
        fault.progress = replace(progress)
        return fault
