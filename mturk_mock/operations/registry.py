"""The functions that answer operations, by name, and the call that each of them is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.model.lags import Lags
from mturk_mock.model.marketplace import Scope

Result = Mapping[str, Any]
Operation = Callable[..., Result]

#: The result of operations without output.
NOTHING: Final[Result] = {}

_OPERATIONS: dict[str, Operation] = {}


@dataclass(frozen=True)
class Call(Scope):
    """One call of an operation, with the options of the mock that operations depend on."""

    operation: str
    unknown_workers_refused: bool
    lags: Lags

    def require_worker(self, worker_id: str) -> None:
        """Accept any worker id, or refuse unknown ones if the mock was asked to.

        The service refused ids that no worker has. [observed]
        """
        if self.unknown_workers_refused and worker_id not in self.marketplace.people:
            raise errors.INVALID_PARAMETER_VALUE(value=worker_id, parameter="WorkerId")
        self.marketplace.person(worker_id)


def operation(name: str) -> Callable[[Operation], Operation]:
    """Register a function as the answer to an operation.

    It takes the `Call` and the request's members, named as botocore's `xform_name` does, and
    returns the result by the names of the output shape.
    """

    def register(function: Operation) -> Operation:
        _OPERATIONS[name] = function
        return function

    return register


def operations() -> Mapping[str, Operation]:
    """Return every operation, by its name in the API."""
    return _OPERATIONS


def answer(call: Call, params: Mapping[str, Any]) -> Result:
    """Answer one call."""
    return _OPERATIONS[call.operation](call, **params)
