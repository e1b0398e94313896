"""`mturk.assert_called`: was an operation called, and what was called instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mturk_mock.backend.backend import Backend


class CallAssertions:
    """What a mock's handle can say of the calls that it got."""

    _backend: Backend

    def assert_called(self, operation: str, /, *, times: int | None = None, **params: Any) -> None:
        """Raise AssertionError unless an operation was called with these parameters.

        `operation`: as "CreateHIT" or "create_hit". `times`: exactly so often; at least once
        where it is None. `params`: those that count, each equal to what was sent, or a
        compiled pattern that is found in it; None where it was left out. Calls that were
        refused count too. [assumed]

        TypeError or ValueError for what no call can have.
        """
        __tracebackhide__ = True
        from mturk_mock.mock.assertions import Wanted, check_times, not_called

        check_times(times)
        calls = list(self._backend.calls)
        wanted = Wanted(operation, params)
        found = [call for call in calls if wanted.is_met_by(call)]
        if (times is None and not found) or (times is not None and len(found) != times):
            raise AssertionError(not_called(wanted, found, times, calls))

    def assert_not_called(self, operation: str, /, **params: Any) -> None:
        """Raise AssertionError if an operation was called with these parameters.

        They are read as by `assert_called`.
        """
        __tracebackhide__ = True
        from mturk_mock.mock.assertions import Wanted, was_called

        wanted = Wanted(operation, params)
        found = [call for call in self._backend.calls if wanted.is_met_by(call)]
        if found:
            raise AssertionError(was_called(wanted, found))
