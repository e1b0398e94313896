"""The independent reference of `tests.soak`: the expected state of Mechanical Turk.

Written from the documentation, with plain data and nothing from the package. Times are seconds
since 1970. Money is in units of a hundredth of a cent, so that a fee of 45 percent is a whole
number. Each method either raises `Refused` and changes nothing, or changes the reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

MINUTE, DAY, YEAR = 60, 86_400, 365 * 86_400
CENT, SANDBOX_BALANCE = 100, 10_000 * 10_000  # units
MANY = 10  # number of assignments from which the fee is higher
MOST_OPEN = 10  # assignments that a worker can have open at a time
LIFE_AFTER_WORK = 120 * DAY
OVERRIDE_WINDOW = 30 * DAY

PRODUCTION, SANDBOX = "production", "sandbox"
APPROVED_BEFORE, LOCALE = "00000000000000000040", "00000000000000000071"
MASTERS = {
    PRODUCTION: "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
    SANDBOX: "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6",
}
VISIBLE = ("Approved", "Rejected", "Submitted")
TAKEN = ("Accepted", *VISIBLE)

HITDict = dict[str, Any]


class Refused(Exception):
    """The error that a call or a worker should get, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


INVALID = "ParameterValidationError"


@dataclass
class Person:
    id: str
    country: str
    masters: bool
    open: int = 0
    earned: int = 0  # units
    approved: Counter[str] = field(default_factory=Counter)  # by environment


@dataclass
class Grant:
    number: int
    worker: str
    value: int
    time: int
    status: str = "Granted"


@dataclass
class QualificationType:
    id: str
    number: int
    owner: str
    created: int
    name: str
    description: str
    status: str
    retry_delay: int | None
    auto_value: int | None
    test: int | None  # seconds; only if the type has a test
    scores: dict[str, int] | None  # of the AnswerKey, by selection
    deleted: bool = False
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)  # time of the last request, by worker


@dataclass
class Request:
    id: str
    type: str
    worker: str
    made: int
    deadline: int | None
    scores: dict[str, int] | None
    order: int
    status: str = "Open"
    number: int = -1
    submitted: int | None = None


@dataclass(frozen=True)
class Requirement:
    type_id: str
    comparator: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Properties:
    """The properties of a HIT type."""

    title: str
    reward: int  # cents
    duration: int
    delay: int
    keywords: str | None
    requirements: tuple[Requirement, ...]

    def requires(self, type_id: str) -> bool:
        return any(each.type_id == type_id for each in self.requirements)


@dataclass
class Policy:
    """ScoreMyKnownAnswers with one known answer, so that a score is 0 or 100."""

    approve: bool
    reject: bool
    extend_to: int | None


@dataclass
class Work:
    """An accepted assignment."""

    id: str
    hit: str
    worker: str
    accepted: int
    deadline: int
    order: int
    status: str = "Accepted"
    number: int = -1
    submitted: int | None = None
    auto_approval: int | None = None
    approved: int | None = None
    rejected: int | None = None
    feedback: str | None = None

    def shown(self) -> dict[str, Any]:
        """Return the assignment as the API shows it, without the answer."""
        return {
            "AssignmentId": self.id,
            "WorkerId": self.worker,
            "HITId": self.hit,
            "AssignmentStatus": self.status,
            "AutoApprovalTime": self.auto_approval,
            "AcceptTime": self.accepted,
            "SubmitTime": self.submitted,
            "ApprovalTime": self.approved,
            "RejectionTime": self.rejected,
            "RequesterFeedback": self.feedback,
        }


@dataclass
class HIT:
    id: str
    number: int
    type: str
    properties: Properties
    created: int
    expiration: int
    most: int
    annotation: str | None
    policy: Policy | None
    order: int
    expired: bool = False
    status: str = "Assignable"
    reviewing: bool = False
    disposal: int | None = None
    works: list[Work] = field(default_factory=list)

    def count(self, *statuses: str) -> int:
        return sum(work.status in statuses for work in self.works)

    @property
    def available(self) -> int:
        return self.most - self.count(*TAKEN)

    @property
    def takeable(self) -> int:
        return 0 if self.expired else self.available

    def cost(self, environment: str, properties: Properties | None = None) -> int:
        return cost(properties or self.properties, self.most, environment)

    def held(self, environment: str) -> int:
        if self.status == "Disposed":
            return 0
        return (self.takeable + self.count("Accepted", "Submitted")) * self.cost(environment)

    def shown(self) -> dict[str, Any]:
        """Return the members of the HIT that are compared with the API."""
        return {
            "HITId": self.id,
            "HITTypeId": self.type,
            "Title": self.properties.title,
            "Reward": f"{self.properties.reward / 100:.2f}",
            "Keywords": self.properties.keywords,
            "AssignmentDurationInSeconds": self.properties.duration,
            "AutoApprovalDelayInSeconds": self.properties.delay,
            "RequesterAnnotation": self.annotation,
            "CreationTime": self.created,
            "Expiration": self.expiration,
            "HITStatus": self.status,
            "HITReviewStatus": "NotReviewed",
            "MaxAssignments": self.most,
            "NumberOfAssignmentsAvailable": self.available,
            "NumberOfAssignmentsPending": self.count("Accepted"),
            "NumberOfAssignmentsCompleted": self.count("Approved", "Rejected"),
        }


@dataclass
class Bonus:
    number: int
    hit: str
    work: str
    worker: str
    cents: int
    reason: str
    time: int


@dataclass
class Account:
    name: str
    environment: str
    funds: int  # units, including the amount held for open HITs
    rewards: int = 0
    bonuses_paid: int = 0
    fees: int = 0
    types: dict[str, Properties] = field(default_factory=dict)
    hits: dict[str, HIT] = field(default_factory=dict)
    live: dict[str, HIT] = field(default_factory=dict)  # HITs that are not disposed
    works: dict[str, Work] = field(default_factory=dict)
    bonuses: list[Bonus] = field(default_factory=list)
    blocks: dict[str, tuple[int, str]] = field(default_factory=dict)  # place and reason
    blocks_made: int = 0
    reviewed: set[str] = field(default_factory=set)  # workers
    tokens: dict[tuple[str, str], int] = field(default_factory=dict)
    notified: dict[str, frozenset[str]] = field(default_factory=dict)  # event types, by HIT type

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.environment

    @property
    def balance(self) -> int:
        if self.environment == SANDBOX:
            return SANDBOX_BALANCE
        return self.funds - sum(hit.held(self.environment) for hit in self.live.values())

    def require(self, amount: int) -> None:
        if self.environment == PRODUCTION and amount > self.balance:
            raise Refused("InsufficientFunds")


def cost(properties: Properties, most: int, environment: str) -> int:
    """Return the cost of an approved assignment: the reward and its fee."""
    percent = 20 + 20 * (most >= MANY) + 5 * properties.requires(MASTERS[environment])
    return properties.reward * CENT + fee(properties.reward, percent)


def fee(cents: int, percent: int = 20) -> int:
    return max(cents * percent, CENT)


class Reference:
    """The whole expected state."""

    def __init__(self, now: int, accounts: Iterable[tuple[str, str]], funds: int) -> None:
        self.now = now
        self.order = 0  # of scheduled events
        self.people: dict[str, Person] = {}
        self.qualification_types: dict[str, dict[str, QualificationType]] = {}
        self.requests: dict[str, dict[str, Request]] = {}
        self.submitted: Counter[str] = Counter()  # number of requests, by environment
        self.notifications: Counter[tuple[str, str, str | None, int]] = Counter()
        self.accounts: dict[tuple[str, str], Account] = {}
        for name, environment in accounts:
            balance = funds if environment == PRODUCTION else SANDBOX_BALANCE
            self.accounts[name, environment] = Account(name, environment, balance)
            self.qualification_types[environment] = {}
            self.requests[environment] = {}

    # Scheduled events -----------------------------------------------------------------------

    def upcoming(self) -> list[tuple[int, int, str, Callable[[], None]]]:
        """Return the scheduled events, unordered: time, order, name, function that runs it."""
        found = []
        for account in self.accounts.values():
            for hit in account.live.values():
                found += self._events_of(account, hit)
        for requests in self.requests.values():
            for request in requests.values():
                if request.status == "Open":
                    end = _later(setattr, request, "status", "Expired")
                    found.append((request.deadline or 0, request.order, "test ends", end))
        return found

    def _events_of(self, account: Account, hit: HIT) -> Iterable[Any]:
        if not hit.expired:
            yield hit.expiration, hit.order, "expires", _later(self._expire, account, hit)
        if hit.disposal is not None and not hit.count("Accepted", "Submitted"):
            yield hit.disposal, 0, "disposed", _later(self._refresh, account, hit)
        for work in hit.works:
            if work.status == "Accepted":
                yield work.deadline, work.order, "abandoned", _later(self._abandon, account, work)
            elif work.status == "Submitted":
                approve = _later(self._approve, account, work, None)
                yield work.auto_approval, work.order, "approved", approve

    def move_to(self, moment: int) -> None:
        """Run every event due by a moment, each at its time, and set the time to that moment."""
        while due := [event for event in self.upcoming() if event[0] <= moment]:
            time, _, _, happen = min(due, key=lambda event: event[:2])
            self.now = time
            happen()
        self.now = moment

    def _next_order(self) -> int:
        self.order += 1
        return self.order

    def _announce(self, account: Account, event: str, hit: HIT, work: Work | None = None) -> None:
        if event in account.notified.get(hit.type, ()):
            self.notifications[event, hit.id, work and work.id, self.now] += 1

    def _refresh(self, account: Account, hit: HIT) -> None:
        before = hit.status
        if hit.takeable:
            hit.status, hit.reviewing, hit.disposal = "Assignable", False, None
        elif hit.count("Accepted"):
            hit.status = "Unassignable"
        else:
            hit.status = "Reviewing" if hit.reviewing else "Reviewable"
        if before == "Assignable" != hit.status:
            hit.disposal = self.now + LIFE_AFTER_WORK
        if hit.status == "Reviewable" and before in ("Assignable", "Unassignable"):
            self._announce(account, "HITReviewable", hit)
        is_due = hit.disposal is not None and hit.disposal <= self.now
        if is_due and not hit.count("Accepted", "Submitted"):
            self._dispose(account, hit)

    def _dispose(self, account: Account, hit: HIT) -> None:
        hit.status = "Disposed"
        del account.live[hit.id]
        self._announce(account, "HITDisposed", hit)

    def _expire(self, account: Account, hit: HIT) -> None:
        if not hit.expired:
            hit.expired, hit.expiration = True, self.now
            if hit.available or hit.count("Accepted"):
                self._announce(account, "HITExpired", hit)
            self._refresh(account, hit)

    def _abandon(self, account: Account, work: Work) -> None:
        self._give_back(account, work, "Abandoned")

    def _give_back(self, account: Account, work: Work, status: str) -> None:
        work.status = status
        self.people[work.worker].open -= 1
        self._announce(account, f"Assignment{status}", account.hits[work.hit], work)
        self._refresh(account, account.hits[work.hit])

    def _approve(self, account: Account, work: Work, feedback: str | None) -> None:
        hit, person = account.hits[work.hit], self.people[work.worker]
        reward, paid = hit.properties.reward * CENT, hit.cost(account.environment)
        work.status, work.approved, work.feedback = "Approved", self.now, feedback or None
        person.approved[account.environment] += 1
        account.reviewed.add(work.worker)
        if account.environment == PRODUCTION:
            account.funds -= paid
            account.rewards += reward
            account.fees += paid - reward
            person.earned += reward
        self._announce(account, "AssignmentApproved", hit, work)
        if hit.status != "Disposed":
            self._refresh(account, hit)

    def _reject(self, account: Account, work: Work, feedback: str) -> None:
        work.status, work.rejected, work.feedback = "Rejected", self.now, feedback or None
        account.reviewed.add(work.worker)
        self._announce(account, "AssignmentRejected", account.hits[work.hit], work)
        self._refresh(account, account.hits[work.hit])

    # Objects by their IDs -------------------------------------------------------------------

    def hit(self, account: Account, hit_id: str) -> HIT:
        return _find(account.hits, hit_id, "HITDoesNotExist")

    def work(self, account: Account, work_id: str) -> Work:
        return _find(account.works, work_id, "AssignmentDoesNotExist")

    def hit_type(self, account: Account, type_id: str) -> Properties:
        properties = _find(account.types, type_id, INVALID)
        types = self.qualification_types[account.environment]
        if any(types[each.type_id].deleted for each in _custom(properties)):
            raise Refused(INVALID)
        return properties

    def qualification_type(self, environment: str, type_id: str) -> QualificationType:
        types = self.qualification_types[environment]
        type_ = _find(types, type_id, "QualificationTypeDoesNotExist")
        if self.is_gone(environment, type_):
            raise Refused("QualificationTypeDoesNotExist")
        return type_

    def is_gone(self, environment: str, type_: QualificationType) -> bool:
        """Return whether a type is deleted and no HIT uses it any longer."""
        return type_.deleted and not any(
            hit.properties.requires(type_.id)
            for account in self.accounts.values()
            if account.environment == environment
            for hit in account.live.values()
        )

    def own_type(self, account: Account, type_id: str) -> QualificationType:
        type_ = self.qualification_type(account.environment, type_id)
        if type_.owner != account.name:
            raise Refused("PermissionDeniedException")
        return type_

    def _require_new(self, account: Account, operation: str, token: str | None, code: str) -> None:
        used = account.tokens.get((operation, token or ""))
        if token and used is not None and self.now - used < DAY:
            raise Refused(code)

    # HITs ----------------------------------------------------------------------------------

    def _check_requirements(
        self, account: Account, properties: Properties, active: bool = False
    ) -> None:
        for each in _custom(properties):
            type_ = self.qualification_type(account.environment, each.type_id)
            if type_.deleted or (active and type_.status != "Active"):
                raise Refused("InvalidQualificationTypeState")

    def create_hit_type(self, account: Account, properties: Properties) -> str | None:
        """Return the ID of the equal HIT type, or None if there is none."""
        self._check_requirements(account, properties)
        same = [id_ for id_, known in account.types.items() if known == properties]
        return same[0] if same else None

    def create_hit(
        self,
        account: Account,
        operation: str,
        properties: Properties | str,
        most: int,
        lifetime: int,
        annotation: str | None,
        policy: Policy | None,
        token: str | None,
    ) -> HIT:
        """Return a HIT that has no ID yet; `add_hit` adds it."""
        if isinstance(properties, str):
            properties = self.hit_type(account, properties)
        self._require_new(account, operation, token, "HitAlreadyExists")
        self._check_requirements(account, properties)
        self._check_requirements(account, properties, active=True)
        account.require(most * cost(properties, most, account.environment))
        if token:
            account.tokens[operation, token] = self.now
        number, order = len(account.hits), self._next_order()
        expiration = self.now + lifetime
        about = (properties, self.now, expiration, most, annotation, policy, order)
        return HIT("", number, "", *about)

    def add_hit(self, account: Account, hit: HIT, hit_id: str, type_id: str) -> None:
        hit.id, hit.type = hit_id, type_id
        account.types.setdefault(type_id, hit.properties)
        account.hits[hit_id] = account.live[hit_id] = hit
        self._announce(account, "HITCreated", hit)

    def add_assignments(
        self, account: Account, hit_id: str, count: int, token: str | None = None
    ) -> None:
        hit = self.hit(account, hit_id)
        self._require_new(account, "more", token, "DuplicateRequest")
        if not 1 <= count <= 1_000_000_000:
            raise Refused(INVALID)
        self._extend(account, hit, count)
        if token:
            account.tokens["more", token] = self.now

    def _extend(self, account: Account, hit: HIT, count: int) -> None:
        _require_status(hit, "Assignable", "Unassignable", "Reviewable", "Reviewing")
        if hit.most < MANY <= hit.most + count:
            raise Refused("InvalidMaximumAssignmentsIncrease")
        if not hit.expired:
            account.require(count * hit.cost(account.environment))
        hit.most += count
        self._announce(account, "HITExtended", hit)
        self._refresh(account, hit)

    def update_expiration(self, account: Account, hit_id: str, moment: int) -> None:
        hit = self.hit(account, hit_id)
        if moment <= self.now:
            _require_status(hit, "Assignable", "Unassignable", "Reviewable", "Reviewing")
            self._expire(account, hit)
            return
        self._require_new(account, "expiration", f"{hit_id} {moment}", "DuplicateRequest")
        if not MINUTE <= moment - (self.now if hit.expired else hit.expiration) <= YEAR:
            raise Refused(INVALID)
        _require_status(hit, "Assignable", "Unassignable", "Reviewable", "Reviewing")
        if hit.expired:
            account.require(hit.available * hit.cost(account.environment))
        account.tokens["expiration", f"{hit_id} {moment}"] = self.now
        hit.expired, hit.expiration, hit.order = False, moment, self._next_order()
        self._announce(account, "HITExtended", hit)
        self._refresh(account, hit)

    def change_type(self, account: Account, hit_id: str, type_id: str) -> None:
        hit, properties = self.hit(account, hit_id), self.hit_type(account, type_id)
        _require_status(hit, "Assignable", "Unassignable", "Reviewable", "Reviewing")
        if hit.works:
            raise Refused("InvalidHITState")
        more = hit.cost(account.environment, properties) - hit.cost(account.environment)
        account.require(hit.takeable * more)
        hit.type, hit.properties = type_id, properties
        self._refresh(account, hit)

    def update_review_status(self, account: Account, hit_id: str, revert: bool) -> None:
        hit = self.hit(account, hit_id)
        _require_status(hit, "Reviewing" if revert else "Reviewable")
        hit.reviewing = not revert
        hit.status = "Reviewable" if revert else "Reviewing"

    def delete_hit(self, account: Account, hit_id: str) -> None:
        hit = self.hit(account, hit_id)
        _require_status(hit, "Reviewable", "Reviewing")
        if hit.count("Submitted"):
            raise Refused("InvalidHITState")
        self._dispose(account, hit)

    # Workers --------------------------------------------------------------------------------

    def find_hit(self, hit_id: str) -> tuple[Account, HIT]:
        for account in self.accounts.values():
            if hit_id in account.hits:
                return account, account.hits[hit_id]
        raise Refused("HITDoesNotExist")

    def accept(self, hit_id: str, worker: str) -> tuple[Account, Work]:
        """Return an assignment that has no ID yet; `add_work` adds it."""
        account, hit = self.find_hit(hit_id)
        person = self.people[worker]
        if any(work.worker == worker and work.status in TAKEN for work in hit.works):
            raise Refused("AssignmentAlreadyExists")
        if worker in account.blocks:
            raise Refused("PermissionDeniedException")
        if hit.status != "Assignable":
            raise Refused("NoHITsAvailableInGroupException")
        for each in hit.properties.requirements:
            if not self._meets(account.environment, each, person):
                raise Refused("DoesNotMeetRequirements")
        if person.open >= MOST_OPEN:
            raise Refused("ExceedsMaxAssignmentsPerWorker")
        deadline = self.now + hit.properties.duration
        return account, Work("", hit_id, worker, self.now, deadline, self._next_order())

    def add_work(self, account: Account, work: Work, work_id: str) -> None:
        work.id = work_id
        hit = account.hits[work.hit]
        account.works[work_id] = work
        hit.works.append(work)
        self.people[work.worker].open += 1
        self._announce(account, "AssignmentAccepted", hit, work)
        self._refresh(account, hit)

    def _meets(self, environment: str, requirement: Requirement, person: Person) -> bool:
        value: Any
        if requirement.type_id == LOCALE:
            value = person.country
        elif requirement.type_id == APPROVED_BEFORE:
            value = person.approved[environment]
        elif requirement.type_id == MASTERS[environment]:
            value = 1 if person.masters else None
        else:
            grants = self.qualification_types[environment][requirement.type_id].grants
            grant = grants.get(person.id)
            value = grant.value if grant and grant.status == "Granted" else None
        if requirement.comparator == "DoesNotExist":
            return value is None
        return value is not None and _holds(requirement, value)

    def submit(self, account: Account, work: Work, is_right: bool) -> None:
        _require_open(work)
        hit = account.hits[work.hit]
        work.status, work.submitted = "Submitted", self.now
        work.auto_approval = self.now + hit.properties.delay
        work.order = self._next_order()
        work.number = sum(other.submitted is not None for other in hit.works) - 1
        self.people[work.worker].open -= 1
        self._announce(account, "AssignmentSubmitted", hit, work)
        if hit.policy:
            self._score(account, hit, work, hit.policy, is_right)
        self._refresh(account, hit)
        if not hit.properties.delay:
            self.move_to(self.now)

    def _score(
        self, account: Account, hit: HIT, work: Work, policy: Policy, is_right: bool
    ) -> None:
        if not is_right and policy.extend_to and hit.most < policy.extend_to:
            with suppress(Refused):
                self._extend(account, hit, 1)
        if is_right and policy.approve:
            self._approve(account, work, "known")
        if not is_right and policy.reject:
            self._reject(account, work, "unknown")

    def return_hit(self, account: Account, work: Work) -> None:
        _require_open(work)
        self._give_back(account, work, "Returned")

    # Reviewing and paying -------------------------------------------------------------------

    def approve(
        self, account: Account, work_id: str, feedback: str | None, override: bool | None
    ) -> None:
        work = self.work(account, work_id)
        if work.status == "Rejected" and override:
            in_time = self.now - (work.submitted or 0) <= OVERRIDE_WINDOW
            if not in_time or account.hits[work.hit].status == "Disposed":
                raise Refused("InvalidAssignmentState")
            account.require(account.hits[work.hit].cost(account.environment))
        elif work.status != "Submitted":
            raise Refused("InvalidAssignmentState")
        self._approve(account, work, feedback)

    def reject(self, account: Account, work_id: str, feedback: str) -> None:
        work = self.work(account, work_id)
        if work.status != "Submitted":
            raise Refused("InvalidAssignmentState")
        self._reject(account, work, feedback)

    def read_work(self, account: Account, work_id: str) -> Work:
        work = self.work(account, work_id)
        if work.status not in VISIBLE:
            raise Refused("InvalidAssignmentState")
        if account.hits[work.hit].status == "Disposed":
            raise Refused("AssignmentDoesNotExist")
        return work

    def send_bonus(
        self, account: Account, work_id: str, worker: str, cents: int, reason: str, token: str
    ) -> None:
        work = self.work(account, work_id)
        if work.status not in VISIBLE:
            raise Refused("AssignmentDoesNotExist")
        self._require_new(account, "bonus", token, "DuplicateRequest")
        if worker != work.worker or not cents:
            raise Refused(INVALID)
        amount = cents * CENT
        account.require(amount + fee(cents))
        if account.environment == PRODUCTION:
            account.funds -= amount + fee(cents)
            account.bonuses_paid += amount
            account.fees += fee(cents)
            self.people[worker].earned += amount
        if token:
            account.tokens["bonus", token] = self.now
        number = len(account.bonuses)
        account.bonuses.append(Bonus(number, work.hit, work_id, worker, cents, reason, self.now))

    def block(self, account: Account, worker: str, reason: str) -> None:
        known = worker in account.blocks
        number = account.blocks[worker][0] if known else account.blocks_made
        account.blocks_made += not known
        account.blocks[worker] = (number, reason)

    # Qualifications -------------------------------------------------------------------------

    def create_qualification_type(self, account: Account, name: str, **about: Any) -> Any:
        """Return a type that has no ID yet; `add_qualification_type` adds it."""
        types = self.qualification_types[account.environment]
        for known in types.values():
            same = known.owner == account.name and known.name == name
            if same and not self.is_gone(account.environment, known):
                raise Refused("QualificationTypeAlreadyExists")
        return QualificationType("", len(types), account.name, self.now, name, **about)

    def add_qualification_type(
        self, account: Account, type_: QualificationType, type_id: str
    ) -> None:
        type_.id = type_id
        self.qualification_types[account.environment][type_id] = type_

    def update_qualification_type(self, account: Account, type_id: str, **new: Any) -> Any:
        type_ = self.own_type(account, type_id)
        if type_.deleted:
            raise Refused("InvalidQualificationTypeState")
        for name, value in new.items():
            setattr(type_, name, value)
        return type_

    def delete_qualification_type(self, account: Account, type_id: str) -> None:
        self.update_qualification_type(account, type_id, deleted=True)
        for request in self.requests[account.environment].values():
            if request.type == type_id and request.status in ("Open", "Submitted"):
                request.status = "Rejected"

    def associate(self, account: Account, type_id: str, worker: str, value: int) -> None:
        type_ = self.update_qualification_type(account, type_id)
        self._grant(type_, worker, value)

    def _grant(self, type_: QualificationType, worker: str, value: int) -> None:
        known = type_.grants.get(worker)
        number = known.number if known else len(type_.grants)
        type_.grants[worker] = Grant(number, worker, value, self.now)

    def disassociate(self, account: Account, type_id: str, worker: str) -> None:
        self.read_score(account, type_id, worker).status = "Revoked"

    def read_score(self, account: Account, type_id: str, worker: str) -> Grant:
        type_ = self.qualification_types[account.environment].get(type_id)
        if type_ is None or type_.owner != account.name or worker not in type_.grants:
            raise Refused("QualificationDoesNotExist")
        if type_.grants[worker].status != "Granted":
            raise Refused("InvalidQualificationState")
        return type_.grants[worker]

    def ask(self, environment: str, type_id: str, worker: str) -> Request:
        """Return a request that has no ID yet; `add_request` adds it."""
        type_ = self.qualification_type(environment, type_id)
        if type_.deleted or type_.status != "Active":
            raise Refused("InvalidQualificationTypeState")
        last = type_.asked.get(worker)
        if last is not None and type_.retry_delay is None:
            raise Refused("QualificationTypeDoesNotAllowRetake")
        if last is not None and self.now - last < (type_.retry_delay or 0):
            raise Refused("QualificationTypeRetryDelayNotElapsed")
        deadline = None if type_.test is None else self.now + type_.test
        about = (type_id, worker, self.now, deadline, type_.scores, self._next_order())
        return Request("", *about)

    def add_request(self, environment: str, request: Request, request_id: str) -> None:
        request.id = request_id
        self.requests[environment][request_id] = request
        type_ = self.qualification_types[environment][request.type]
        type_.asked[request.worker] = self.now
        if type_.auto_value is not None:
            self._hand_in(environment, request, "Granted")
            self._grant(type_, request.worker, type_.auto_value)
        elif request.deadline is None:
            self._hand_in(environment, request, "Submitted")

    def _hand_in(self, environment: str, request: Request, status: str) -> None:
        request.status, request.submitted = status, self.now
        request.number = self.submitted[environment]
        self.submitted[environment] += 1

    def submit_test(self, environment: str, request: Request, choice: str) -> None:
        if request.status != "Open":
            raise Refused("InvalidQualificationRequestState")
        self._hand_in(environment, request, "Granted" if request.scores else "Submitted")
        if request.scores:
            type_ = self.qualification_types[environment][request.type]
            self._grant(type_, request.worker, request.scores[choice])

    def _waiting(self, account: Account, request_id: str) -> Request:
        missing = "QualificationRequestDoesNotExist"
        request = _find(self.requests[account.environment], request_id, missing)
        type_ = self.qualification_types[account.environment][request.type]
        if request.submitted is None or type_.owner != account.name:
            raise Refused(missing)
        if request.status != "Submitted":
            raise Refused("InvalidQualificationRequestState")
        return request

    def accept_request(self, account: Account, request_id: str, value: int) -> None:
        request = self._waiting(account, request_id)
        request.status = "Granted"
        type_ = self.qualification_types[account.environment][request.type]
        self._grant(type_, request.worker, value)

    def reject_request(self, account: Account, request_id: str) -> None:
        self._waiting(account, request_id).status = "Rejected"


def _find(things: dict[str, Any], id_: str, code: str) -> Any:
    if id_ not in things:
        raise Refused(code)
    return things[id_]


def _require_status(hit: HIT, *allowed: str) -> None:
    if hit.status not in allowed:
        raise Refused("InvalidHITState")


def _require_open(work: Work) -> None:
    if work.status != "Accepted":
        raise Refused("InvalidAssignmentState")


def _custom(properties: Properties) -> list[Requirement]:
    systems = (LOCALE, APPROVED_BEFORE, *MASTERS.values())
    return [each for each in properties.requirements if each.type_id not in systems]


def _holds(requirement: Requirement, value: Any) -> bool:
    compare: dict[str, Callable[[], bool]] = {
        "Exists": lambda: True,
        "EqualTo": lambda: value == requirement.values[0],
        "NotEqualTo": lambda: value != requirement.values[0],
        "GreaterThan": lambda: value > requirement.values[0],
        "GreaterThanOrEqualTo": lambda: value >= requirement.values[0],
        "LessThan": lambda: value < requirement.values[0],
        "LessThanOrEqualTo": lambda: value <= requirement.values[0],
        "In": lambda: value in requirement.values,
        "NotIn": lambda: value not in requirement.values,
    }
    return compare[requirement.comparator]()


def _later(function: Callable[..., Any], *arguments: Any) -> Callable[[], None]:
    return lambda: function(*arguments)
