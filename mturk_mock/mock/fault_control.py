"""`mturk.fail`: faults on purpose, in the hand of a mock's user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mturk_mock.backend.backend import Backend
    from mturk_mock.backend.faults import Fault


class FaultControl:
    """What a mock's handle can do about faults."""

    _backend: Backend

    def fail(
        self,
        operation: str | Iterable[str] | None = None,
        error: str = "ServiceFault",
        times: int | None = 1,
        *,
        after: int = 0,
        rate: float | None = None,
        when: Literal["before", "after"] = "before",
        message: str | None = None,
    ) -> Fault:
        """Let calls fail on purpose, and return the fault, which counts how often it did.

        `operation`: as "CreateHIT" or "create_hit", several of them, or None for all.
        `error`: "ServiceFault", "ThrottlingException", any TurkErrorCode, with or without
        its prefix, or what botocore raises: "ConnectionError", "ReadTimeout" or
        "ConnectTimeout". `times`: None for always. `after`: calls that come through first.
        `rate`: calls a second above which it happens, by the clock of the mock: a limit that
        stays takes ``times=None``. `when`: "after" for an operation that does its work, and
        only its answer is lost. `message`: the service's words, instead of its usual ones.

        Every request counts, botocore's retries too. TypeError or ValueError says what
        is allowed.
        """
        from mturk_mock.mock.failing import read_fault

        fault = read_fault(operation, error, times, after, rate, when, message)
        with self._backend.transaction():
            self._backend.faults.add(fault)
        return fault

    @property
    def faults(self) -> list[Fault]:
        """Every fault that was asked for, oldest first; those that are over, too."""
        return list(self._backend.faults.all)
