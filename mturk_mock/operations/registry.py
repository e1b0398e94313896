"""The functions of operations, by name, and the `Call` that each of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.core.indexes import ItemT, Listed
from mturk_mock.core.pagination import DEFAULT_RESULTS, paginate
from mturk_mock.model.hit import HIT
from mturk_mock.model.lags import Lags, is_over
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.qualification import QualificationType
from mturk_mock.operations import views

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
    files_url: str  # where uploaded files are, without the query
    warn: Callable[[str], None]  # warns the program when the call is over

    def knows_worker(self, worker_id: str) -> bool:
        """Tell whether a worker exists; by default any worker ID is accepted. [assumed]"""
        return not self.unknown_workers_refused or worker_id in self.marketplace.people

    def require_worker(self, worker_id: str) -> None:
        """Raise InvalidParameterValue for an unknown worker, if the mock refuses these.

        The service rejects the IDs of unknown workers. [observed]
        """
        if not self.knows_worker(worker_id):
            raise errors.INVALID_PARAMETER_VALUE(value=worker_id, parameter="WorkerId")
        self.marketplace.person(worker_id)

    def send_email(self, worker_id: str, subject: str, text: str) -> None:
        """Send an email to a worker."""
        self.marketplace.send_email(self.account, worker_id, subject, text, self.now)

    def is_listed(self, item: HIT | QualificationType, lag: int) -> bool:
        """Tell whether lists show a HIT or type yet.

        With lags, lists show new objects late, but changes and deletions at once. [assumed]
        """
        return is_over(lag, item.creation_time, self.now)

    def view_hit(self, hit: HIT) -> views.View:
        """Return a HIT as responses show it; its numbers of assignments can be late. [observed]"""
        return views.hit(hit, self.now - self.lags.counters)

    def list_page(
        self,
        key: str,
        items: Listed[ItemT],
        view: Callable[[ItemT], views.View],
        *filters: object,
        wanted: Callable[[ItemT], bool] | None = None,
        newest_first: bool = False,
        next_token: str | None = None,
        max_results: int | None = None,
    ) -> Result:
        """Return one page of a list under `key`; an empty page has no NextToken. [observed]

        `filters`: the other parameters of the request; a NextToken is valid only for them.
        """
        page = paginate(
            items,
            scope=" ".join(map(str, (self.account.key, self.operation, *filters))),
            wanted=wanted,
            newest_first=newest_first,
            next_token=next_token,
            max_results=max_results or DEFAULT_RESULTS,
        )
        result = {"NumResults": len(page.items), key: [view(item) for item in page.items]}
        return result if page.next_token is None else {**result, "NextToken": page.next_token}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Return a decorator that registers the function for an operation.

    The function takes the `Call` and the request's members by their names in boto3's methods,
    in snake_case, and returns the members of the output shape.
    """

    def register(function: Operation) -> Operation:
        _OPERATIONS[name] = function
        return function

    return register


def operations() -> Mapping[str, Operation]:
    """Return the functions by the names of their operations in the API."""
    return _OPERATIONS


def answer(call: Call, params: Mapping[str, Any]) -> Result:
    """Return the result of a call."""
    return _OPERATIONS[call.operation](call, **params)
