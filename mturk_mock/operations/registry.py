"""Which function answers which operation, and what each of them is given."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.ids import Ids
from mturk_mock.model.account import Account
from mturk_mock.model.lags import Lags
from mturk_mock.model.marketplace import Marketplace

Result = Mapping[str, Any]
Operation = Callable[..., Result]

#: What operations without output answer.
NOTHING: Final[Result] = {}

#: What is in which module of this package. A module is loaded when one of its operations is
#: first called: most programs call few, and eight of ten modules take 8 ms.
_MODULES: Final = {
    "assignments": (
        "GetAssignment",
        "ListAssignmentsForHIT",
        "ApproveAssignment",
        "RejectAssignment",
    ),
    "extend_hit": ("ExtendHIT",),
    "files": ("GetFileUploadURL",),
    "hit_types": ("CreateHITType",),
    "hits": (
        "CreateHIT",
        "CreateHITWithHITType",
        "GetHIT",
        "ListHITs",
        "ListReviewableHITs",
        "CreateAdditionalAssignmentsForHIT",
        "UpdateExpirationForHIT",
        "UpdateHITReviewStatus",
        "UpdateHITTypeOfHIT",
        "DeleteHIT",
    ),
    "notifications": (
        "UpdateNotificationSettings",
        "SendTestEventNotification",
    ),
    "payments": (
        "GetAccountBalance",
        "SendBonus",
        "ListBonusPayments",
    ),
    "qualification_types": (
        "CreateQualificationType",
        "UpdateQualificationType",
        "GetQualificationType",
        "ListQualificationTypes",
        "DeleteQualificationType",
        "ListHITsForQualificationType",
    ),
    "qualifications": (
        "AssociateQualificationWithWorker",
        "DisassociateQualificationFromWorker",
        "GetQualificationScore",
        "ListWorkersWithQualificationType",
        "ListQualificationRequests",
        "AcceptQualificationRequest",
        "RejectQualificationRequest",
    ),
    "review_policies": ("ListReviewPolicyResultsForHIT",),
    "workers": (
        "CreateWorkerBlock",
        "DeleteWorkerBlock",
        "ListWorkerBlocks",
        "NotifyWorkers",
    ),
}
_HOMES: Final = {name: module for module, names in _MODULES.items() for name in names}

_OPERATIONS: dict[str, Operation] = {}
_loaded: set[str] = set()


class Call(NamedTuple):
    """One call of an operation: by whom, and when (in microseconds since 1970)."""

    operation: str
    marketplace: Marketplace
    account: Account
    now: int
    unknown_workers_refused: bool
    lags: Lags = Lags()

    @property
    def ids(self) -> Ids:
        """Makes the ids of new things."""
        return self.marketplace.ids

    def require_worker(self, worker_id: str) -> None:
        """Take a worker whom the requester names as existing, or refuse unknown ones.

        The service refused ids of nobody [observed]; a mock whose workers are mostly
        made up by the programs under test does so only where it is asked to.
        """
        if self.unknown_workers_refused and worker_id not in self.marketplace.people:
            raise errors.INVALID_PARAMETER_VALUE(value=worker_id, parameter="WorkerId")
        self.marketplace.person(worker_id)


def operation(name: str) -> Callable[[Operation], Operation]:
    """Register a function as the answer to an operation.

    It is called with the `Call` and the request's members as botocore's `xform_name`
    spells them, and returns the result by the names of the output shape.
    """

    def register(function: Operation) -> Operation:
        _OPERATIONS[name] = function
        return function

    return register


def operations() -> Mapping[str, Operation]:
    """Return every operation, by its name in the API."""
    for name in _HOMES:
        _find(name)
    return _OPERATIONS


def _find(name: str) -> Operation:
    module = _HOMES[name]
    if module not in _loaded:  # an operation is registered while its module is still loading
        importlib.import_module(f"{__package__}.{module}")
        _loaded.add(module)
    return _OPERATIONS[name]


def answer(call: Call, params: Mapping[str, Any]) -> Result:
    """Answer one call."""
    return _find(call.operation)(call, **params)
