"""Qualification types, the qualifications of workers, and requests for them.

A deleted qualification type is Disposing while a HIT that is not deleted uses it. [doc]
[observed] When no HIT uses a deleted type any more, its ID is unknown and its name can be used
again. [doc] Workers keep their qualifications when the type is deleted. [doc]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND, Schedule
from mturk_mock.core.indexes import Index, Listed
from mturk_mock.model.activity import Activity
from mturk_mock.model.system_qualification import SYSTEM_TYPES

ACTIVE: Final = "Active"
INACTIVE: Final = "Inactive"

GRANTED: Final = "Granted"
REVOKED: Final = "Revoked"

#: A qualification request whose test is not submitted yet; the requester cannot see it. [doc]
OPEN: Final = "Open"
#: A qualification request that waits for the requester's decision. [doc]
SUBMITTED: Final = "Submitted"
REJECTED: Final = "Rejected"
EXPIRED: Final = "Expired"  # its test was not submitted in time

TypeStatus: TypeAlias = Literal["Active", "Inactive"]
RequestStatus: TypeAlias = Literal["Open", "Submitted", "Granted", "Rejected", "Expired"]

Owner = tuple[str, str]  # requester, environment
_TypeKey = tuple[Owner | None, str]  # with a status or name
_ALL: Final = ("", "")  # in keys of lists: all requesters

#: The creation time of the system's types, the first day of the service. [assumed]
_SYSTEM_CREATION: Final = 1_130_889_600 * SECOND


@dataclass(frozen=True)
class Examination:
    """A qualification test: a QuestionForm, its duration in seconds, and an optional AnswerKey."""

    document: str
    duration: int
    key: str | None


@dataclass(slots=True)
class Grant:
    """One worker's qualification; its time in microseconds since 1970."""

    number: int  # its position among the type's grants, oldest first
    qualification_type_id: str
    worker_id: str
    value: int
    time: int
    status: str = GRANTED


@dataclass
class QualificationType:
    """One qualification type; times in microseconds since 1970, `retry_delay` in seconds.

    `owner`: the requester and the environment, None for the system's own types.
    `auto_granted_value`: None for a type that is not granted automatically.
    """

    id: str
    number: int  # its position among the environment's types, oldest first
    owner: Owner | None
    creation_time: int
    name: str
    description: str
    keywords: str = ""
    status: TypeStatus = ACTIVE
    retry_delay: int | None = None
    examination: Examination | None = None
    auto_granted_value: int | None = None
    deleted: bool = False
    users: set[str] = field(default_factory=set)  # HITs that use it and are not deleted
    grants: dict[str, Grant] = field(default_factory=dict)  # by worker
    grant_lists: Index[Grant] = field(default_factory=Index)  # by status
    last_requests: dict[str, int] = field(default_factory=dict)  # times by worker
    undecided: set[str] = field(default_factory=set)  # IDs of open and submitted requests

    @property
    def gone(self) -> bool:
        """Whether its deletion is complete."""
        return self.deleted and not self.users

    def put(self, grant: Grant) -> None:
        """Set the grant of a worker."""
        known = self.grants.get(grant.worker_id)
        if known is not None:
            self.grant_lists.discard(known.status, known.number)
        self.grants[grant.worker_id] = grant
        self.grant_lists.add(grant.status, grant)

    def value_for(self, worker_id: str) -> int | None:
        """Return the worker's value; None if the qualification is missing or revoked. [assumed]"""
        found = self.grants.get(worker_id)
        return found.value if found and found.status == GRANTED else None


@dataclass(slots=True)
class Request:
    """One worker's request for a qualification; times in microseconds since 1970.

    The test is the type's test at the time of the request. [doc]
    """

    id: str
    qualification_type_id: str
    worker_id: str
    request_time: int
    examination: Examination | None
    status: RequestStatus = OPEN
    number: int = -1  # its position among the environment's submitted ones, oldest first
    answer: str | None = None
    submit_time: int | None = None
    reason: str | None = None
    #: That of the marketplace in which the request was created.
    generation: int | None = field(default=None, compare=False, repr=False)

    @property
    def deadline(self) -> int | None:
        """The last time to submit the test; None without a test."""
        if self.examination is None:
            return None
        return self.request_time + self.examination.duration * SECOND


class Register:
    """The qualifications of one environment: those of its requesters and of the system."""

    def __init__(self, environment: str, schedule: Schedule, activity: Activity) -> None:
        self.environment = environment
        self.schedule = schedule  # the marketplace's
        self.activity = activity  # the marketplace's
        self.requests: dict[str, Request] = {}
        self.submitted: list[Request] = []
        self.waiting: Index[Request] = Index()  # Submitted ones, by owner and by type
        self.types: dict[str, QualificationType] = {}  # including gone types
        self._types_by_name: dict[_TypeKey, list[QualificationType]] = {}
        self._type_lists: Index[QualificationType] = Index()
        for number, (id_, facts) in enumerate(SYSTEM_TYPES[environment].items()):
            about = (_SYSTEM_CREATION, facts.name, facts.description)
            self.add_type(QualificationType(id_, number, None, *about))

    def add_type(self, type_: QualificationType) -> None:
        """Register a new type."""
        self.types[type_.id] = type_
        self._types_by_name.setdefault((type_.owner, type_.name), []).append(type_)
        self._type_lists.move(type_, (), _keys_of(type_))

    def set_status(
        self, type_: QualificationType, status: TypeStatus, *, deleted: bool = False
    ) -> None:
        """Set the status and update the lists. No other code may set the status."""
        before = _keys_of(type_)
        type_.status, type_.deleted = status, deleted
        self._type_lists.move(type_, before, _keys_of(type_))

    def listed(self, owner: Owner, *, others: bool, systems: bool) -> Listed[QualificationType]:
        """Return the owner's types, except deleted ones.

        `others`, `systems`: whether to add the Active types of other requesters, of the system.
        """
        keys: list[_TypeKey] = [(owner, INACTIVE), (_ALL if others else owner, ACTIVE)]
        return self._type_lists.of(*keys, *([(None, ACTIVE)] if systems else ()))

    def requestable(self) -> Listed[QualificationType]:
        """Return the types of all requesters that workers can request."""
        return self._type_lists.of((_ALL, ACTIVE))

    def requests_of(self, worker_id: str) -> list[Request]:
        """Return the requests of a worker, the latest first."""
        found = [each for each in self.requests.values() if each.worker_id == worker_id]
        return found[::-1]

    def type(self, type_id: str) -> QualificationType:
        """Return a type of any owner; raise QualificationTypeDoesNotExist if there is none."""
        found = self.types.get(type_id)
        if found is None or found.gone:
            raise errors.QUALIFICATION_TYPE_DOES_NOT_EXIST(id=type_id)
        return found

    def own_type(self, owner: Owner, type_id: str) -> QualificationType:
        """Return a qualification type of this owner.

        If the qualification type has another owner, the error is PermissionDenied. [assumed]
        """
        found = self.type(type_id)
        if found.owner != owner:
            raise errors.PERMISSION_DENIED()
        return found

    def check_name(self, owner: Owner, name: str) -> None:
        """Raise QualificationTypeAlreadyExists if the owner has a type of that name. [observed]"""
        if not all(type_.gone for type_ in self._types_by_name.get((owner, name), ())):
            raise errors.QUALIFICATION_TYPE_ALREADY_EXISTS()

    def grant(self, owner: Owner, type_id: str, worker_id: str) -> Grant:
        """Return a worker's qualification, even if its type is deleted. [assumed]

        Raises QualificationDoesNotExist if there is none, and for types of other owners.
        """
        type_ = self.types.get(type_id)
        if type_ is None or type_.owner != owner or worker_id not in type_.grants:
            raise errors.QUALIFICATION_DOES_NOT_EXIST()
        return type_.grants[worker_id]

    def request(self, request_id: str) -> Request:
        """Return a request; raise QualificationRequestDoesNotExist if there is none."""
        if request_id not in self.requests:
            raise errors.QUALIFICATION_REQUEST_DOES_NOT_EXIST(id=request_id)
        return self.requests[request_id]

    def use(self, hit_id: str, type_ids: Iterable[str]) -> None:
        """Add a HIT to the users of these types."""
        for type_id in type_ids:
            self.types[type_id].users.add(hit_id)

    def release(self, hit_id: str, type_ids: Iterable[str]) -> None:
        """Remove a HIT from the users of these types."""
        for type_id in type_ids:
            self.types[type_id].users.discard(hit_id)


# Types ------------------------------------------------------------------------------------


def _keys_of(type_: QualificationType) -> list[_TypeKey]:
    """Return the keys of the lists that show the type; no list shows a deleted type."""
    if type_.deleted:
        return []
    keys: list[_TypeKey] = [(type_.owner, type_.status)]
    if type_.owner is not None and type_.status == ACTIVE:
        keys.append((_ALL, ACTIVE))
    return keys


def require_not_deleted(type_: QualificationType) -> None:
    """Raise InvalidQualificationTypeState if the qualification type is Disposing. [observed]"""
    if type_.deleted:
        raise errors.INVALID_QUALIFICATION_TYPE_STATE(allowed=f"{ACTIVE},{INACTIVE}")


def require_active(type_: QualificationType) -> None:
    """Raise InvalidQualificationTypeState unless the qualification type is Active. [doc]"""
    if type_.deleted or type_.status != ACTIVE:
        raise errors.INVALID_QUALIFICATION_TYPE_STATE(allowed=ACTIVE)


# Grants -----------------------------------------------------------------------------------


def grant(type_: QualificationType, worker_id: str, value: int, now: int) -> None:
    """Grant a qualification to a worker, or change its value. [doc]

    GrantTime is the time of the latest grant, but lists are ordered by first grant. [assumed]
    """
    known = type_.grants.get(worker_id)
    number = len(type_.grants) if known is None else known.number
    type_.put(Grant(number, type_.id, worker_id, value, now))


def require_granted(grant: Grant) -> None:
    """Raise InvalidQualificationState if the qualification is revoked. [observed]"""
    if grant.status != GRANTED:
        raise errors.INVALID_QUALIFICATION_STATE(allowed=GRANTED)


def revoke(type_: QualificationType, grant: Grant) -> None:
    """Revoke a qualification, which is then listed as Revoked. [doc]"""
    require_granted(grant)
    type_.put(replace(grant, status=REVOKED))
