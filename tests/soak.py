"""Random actions of requesters and workers, compared with an independent reference at each step.

    python -m tests.soak --steps 1000000 [--seed 7]

Prints progress. Exits with 1 at the first broken invariant, and then prints the seed, the step and
the last actions. Every `WORLD_STEPS` steps a new mock starts, with the next seed.
"""

from __future__ import annotations

import argparse
import itertools
import pickle
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mturk_mock import MTurkError, Snapshot, mock_mturk
from tests.soak_lists import Listing, listings
from tests.soak_reference import (
    APPROVED_BEFORE,
    DAY,
    INVALID,
    LOCALE,
    MANY,
    MASTERS,
    OVERRIDE_WINDOW,
    PRODUCTION,
    SANDBOX,
    VISIBLE,
    Account,
    Person,
    Policy,
    Properties,
    Reference,
    Refused,
    Requirement,
    Work,
)
from tests.soak_shapes import (
    ANSWER_KEY,
    QUESTION,
    SCORES,
    TEST,
    given,
    members_of,
    policy_members,
    show_grant,
    show_qualification_type,
)

WORLD_STEPS = 3_000  # steps in one mock; keeps its lists short
STEPS_TO_FULL_CHECK = 200
MOST_LIVE = 10  # live HITs of an account
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
ACCOUNTS = (("default", PRODUCTION), ("lab two", PRODUCTION), ("default", SANDBOX))
WORKERS = [f"A{number}SOAKWORKER" for number in range(16)]
VISITOR = "A9VISITOR"  # previews HITs and accepts none
NOTHING = "3NOTHING"
EVENTS = (
    *("AssignmentAccepted", "AssignmentAbandoned", "AssignmentReturned", "AssignmentSubmitted"),
    *("AssignmentApproved", "AssignmentRejected", "HITCreated", "HITExpired", "HITReviewable"),
    *("HITExtended", "HITDisposed"),
)
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/soak"
ONCE = Config(retries={"total_max_attempts": 1})

#: The resulting error code, by the error that `mturk.fail` injects.
FAULTS = {
    "ServiceFault": "AWS.ServiceUnavailable",
    "ThrottlingException": "ThrottlingException",
    "ReadTimeout": "ReadTimeoutError",
    "ConnectTimeout": "ConnectTimeoutError",
}

#: The weight of each action, by its name.
WEIGHTS = {
    "accept": 260,
    "submit": 120,
    "return_hit": 35,
    "take_small_step": 170,
    "wait_for_next_event": 60,
    "wait_long": 4,
    "create_hit": 26,
    "create_hit_type": 5,
    "create_hit_with_type": 10,
    "add_assignments": 12,
    "expire": 6,
    "extend_time": 10,
    "change_type": 6,
    "review_status": 8,
    "delete_hit": 12,
    "approve": 30,
    "override_late": 1,
    "reject": 16,
    "send_bonus": 12,
    "block": 3,
    "unblock": 6,
    "notify_workers": 2,
    "set_notifications": 4,
    "create_qualification_type": 8,
    "update_qualification_type": 5,
    "delete_qualification_type": 3,
    "associate": 9,
    "disassociate": 4,
    "request_qualification": 25,
    "request_again": 5,
    "submit_test": 18,
    "accept_request": 5,
    "reject_request": 3,
    "set_balance": 8,
    "read_hit": 6,
    "read_assignment": 6,
    "read_balance": 3,
    "read_score": 4,
    "find_hits": 4,
    "begin_list": 4,
    "turn_page": 14,
    "send_invalid": 4,
    "keep": 5,
    "restore": 2,
    "save_and_load": 1,
}


ACTIONS = list(WEIGHTS)
CUMULATIVE = list(itertools.accumulate(WEIGHTS.values()))


class BrokenInvariant(Exception):
    """The mock differs from the reference."""


def plain(value: Any) -> Any:
    """Return a value as the reference stores it: times in seconds."""
    return int(value.timestamp()) if isinstance(value, datetime) else value


def require_equal(what: str, shown: Any, expected: Any) -> None:
    """Raise BrokenInvariant unless the mock shows the value that the reference expects."""
    if shown != expected:
        raise BrokenInvariant(f"{what}: the mock shows {shown!r}, the reference {expected!r}")


def require_members(what: str, shown: dict[str, Any], expected: dict[str, Any]) -> None:
    """Raise BrokenInvariant unless `shown` has the expected members; None means no member."""
    require_equal(what, {name: plain(shown.get(name)) for name in expected}, expected)


def code_of(error: Exception) -> str:
    """Return the code of an error as the reference writes it."""
    if isinstance(error, MTurkError):
        return error.code.removeprefix("AWS.MechanicalTurk.")
    if isinstance(error, ClientError):
        code: str = error.response.get("TurkErrorCode", error.response["Error"]["Code"])
        return code.removeprefix("AWS.MechanicalTurk.")
    return type(error).__name__


class World:
    """One mock, its reference, and the actions applied to both."""

    def __init__(self, mturk: Any, seed: int, directory: Path) -> None:
        self.mturk = mturk
        self.random = Random(seed)
        self.directory = directory
        self.reference = Reference(int(START.timestamp()), ACCOUNTS, 300 * 10_000)
        self.clients = {
            (name, environment): mturk.requester(name).client(
                sandbox=environment == SANDBOX, config=ONCE
            )
            for name, environment in ACCOUNTS
        }
        for number, id_ in enumerate(WORKERS):
            person = Person(id_, "DE" if number % 3 == 0 else "US", number % 4 == 0)
            self.reference.people[id_] = person
            mturk.worker(id_, country=person.country, masters=person.masters)
        for name, environment in ACCOUNTS:
            if environment == PRODUCTION:
                mturk.requester(name).balance = "300"
        self.account = self.reference.accounts[ACCOUNTS[0]]
        self.hits: dict[str, Any] = {}  # handles by ID
        self.works: dict[str, Any] = {}
        self.requests: dict[str, Any] = {}
        self.kept: tuple[Any, ...] | None = None
        self.walks: list[Listing] = []
        self.touched: list[str] = []  # IDs of HITs and assignments
        self.log: deque[str] = deque(maxlen=12)
        self.errors: Counter[str] = Counter()

    # One step ------------------------------------------------------------------------------

    def step(self, action: str) -> None:
        """Run one action for a random account, and compare the objects that it touched."""
        self.account = self.other_account()
        self.touched.clear()
        self.log.append(f"{action} for {'/'.join(self.account.key)}")
        getattr(self, action)()
        self.check_touched()

    def both(self, predict: Callable[[], Any], do: Callable[[], Any]) -> tuple[Any, Any]:
        """Run an action in the reference and in the mock; return both results, None if refused."""
        expected: Any = None
        result, code, shown_code = None, None, None
        try:
            expected = predict()
        except Refused as refused:
            code = refused.code
        try:
            result = do()
        except (ClientError, BotoCoreError, MTurkError) as error:
            shown_code = code_of(error)
        self.log[-1] += f" -> {shown_code or 'done'}"
        require_equal("outcome", shown_code, code)
        if code is not None:
            self.errors[code] += 1
        return expected, result

    def call(
        self, operation: str, predict: Callable[[], Any], *, makes: bool = False, **params: Any
    ) -> tuple[Any, Any]:
        """Call an operation of the API, sometimes with an injected fault.

        `makes`: whether the reference needs the ID in the response to continue.
        """
        self.log[-1] += f" {operation}{ {k: v for k, v in params.items() if k != 'Question'} }"
        do = getattr(self.clients[self.account.key], operation)
        if self.chance(0.03):
            predict = self.inject(operation, predict, makes)
        elif not makes and params.keys() & {"UniqueRequestToken", "ExpireAt"} and self.chance(0.2):
            self.both(predict, lambda: do(**params))  # repeat the call with the same token or time
        return self.both(predict, lambda: do(**params))

    def inject(self, operation: str, predict: Callable[[], Any], makes: bool) -> Callable[[], Any]:
        """Inject a fault, and return the expected outcome of the call that fails."""
        error, code = self.random.choice(list(FAULTS.items()))
        when = "before" if makes or self.chance(0.5) else "after"
        refusal = None
        if when == "after":
            try:
                predict()
            except Refused as refused:
                refusal = refused.code
        if refusal is None:
            self.log[-1] += f" (fault {error} {when})"
            self.mturk.fail(operation, error, when=when)
        return _raise(refusal or code)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # Choices -------------------------------------------------------------------------------

    def pick(self, *candidates: Any) -> Any:
        """Return one of the first candidates, or rarely one of the others or an unknown ID."""
        for ids in candidates:
            found = list(ids)
            if found and self.chance(0.9):
                return self.random.choice(found)
        return NOTHING

    def prefer(self, suits: Callable[[Account], bool]) -> None:
        """Switch to an account that suits, if this one does not and there is one."""
        if not suits(self.account):
            suiting = [each for each in self.reference.accounts.values() if suits(each)]
            self.account = self.random.choice(suiting or [self.account])

    def other_account(self) -> Account:
        return self.random.choice(list(self.reference.accounts.values()))

    def pick_hit(self, *statuses: str) -> str:
        live = self.account.live
        wanted = [id_ for id_, hit in live.items() if not statuses or hit.status in statuses]
        id_: str = self.pick(wanted, live, self.account.hits, self.other_account().hits)
        self.touched.append(id_)
        return id_

    def pick_hit_to_extend(self) -> str:
        return self.pick_hit("Reviewing") if self.chance(0.4) else self.pick_hit()

    def pick_work(self, *statuses: str) -> str:
        works = [work for hit in self.account.live.values() for work in hit.works]
        wanted = [work.id for work in works if work.status in statuses]
        id_: str = self.pick(wanted, self.account.works, self.other_account().works)
        self.touched.append(id_)
        return id_

    def pick_qualification_type(self) -> str:
        types = self.reference.qualification_types[self.account.environment]
        own = [id_ for id_, type_ in types.items() if type_.owner == self.account.name]
        live = [id_ for id_ in own if not types[id_].deleted]
        id_: str = self.pick(live, own, types)
        return id_

    def pick_token(self, prefix: str = "token") -> str | None:
        return f"{prefix}{self.random.randrange(3)}" if self.chance(0.4) else None

    def make_properties(self) -> Properties:
        choice = self.random.choice
        return Properties(
            choice(["Cats", "Dogs", "Birds and cats"]),
            choice([1, 1, 3, 5, 7, 50, 125, 5000]),
            choice([30, 3600, 3600, 5 * DAY]),
            choice([0, 60, 7200, 3 * DAY, 30 * DAY]),
            choice([None, None, "animals"]),
            tuple(self.make_requirement() for _ in range(choice([0, 0, 1, 1, 2]))),
        )

    def make_requirement(self) -> Requirement:
        choice = self.random.choice
        kind = self.random.randrange(8)
        if kind == 0:
            country = choice([("US",), ("DE",)])
            return Requirement(LOCALE, choice(["EqualTo", "NotEqualTo"]), country)
        if kind == 1:
            return Requirement(APPROVED_BEFORE, choice(["GreaterThan", "LessThan"]), (3,))
        if kind == 2:
            return Requirement(MASTERS[self.account.environment], "Exists")
        type_id, comparator = self.pick_qualification_type(), choice(["Exists", "DoesNotExist"])
        if kind == 3:
            return Requirement(type_id, comparator)
        if kind == 4:
            return Requirement(type_id, choice(["In", "NotIn"]), (1, 70))
        comparators = ["GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"]
        return Requirement(type_id, choice([*comparators, "EqualTo", "NotEqualTo"]), (70,))

    # Requesters: HITs ----------------------------------------------------------------------

    def create_hit_type(self) -> None:
        properties = self.make_properties()
        known, response = self.call(
            "create_hit_type",
            lambda: self.reference.create_hit_type(self.account, properties),
            makes=True,
            **members_of(properties),
        )
        if response is not None:
            id_ = response["HITTypeId"]
            require_equal("HITTypeId", id_ if known or id_ in self.account.types else None, known)
            self.account.types[id_] = properties

    def create_hit(self) -> None:
        if len(self.account.live) >= MOST_LIVE:
            return self.wind_up()
        properties = self.make_properties()
        return self.publish("create_hit", properties, members_of(properties))

    def create_hit_with_type(self) -> None:
        if len(self.account.live) >= MOST_LIVE:
            return self.wind_up()
        type_id: str = self.pick(self.account.types, self.other_account().types)
        return self.publish("create_hit_with_hit_type", type_id, {"HITTypeId": type_id})

    def publish(self, operation: str, properties: Any, members: dict[str, Any]) -> None:
        choice, account, token = self.random.choice, self.account, self.pick_token()
        most = choice([1, 2, 3, 4, 6, 9, 10, 11])
        lifetime, annotation = choice([30, 3600, DAY, DAY, 40 * DAY]), choice([None, "note"])
        policy = None
        if self.chance(0.3):
            policy = Policy(self.chance(0.5), self.chance(0.5), choice([None, 3, 10, 25]))
        about = (properties, most, lifetime, annotation, policy, token)
        hit, response = self.call(
            operation,
            lambda: self.reference.create_hit(account, operation, *about),
            makes=True,
            **members,
            **given(
                Question=QUESTION,
                MaxAssignments=most,
                LifetimeInSeconds=lifetime,
                RequesterAnnotation=annotation,
                UniqueRequestToken=token,
                AssignmentReviewPolicy=policy and policy_members(policy),
            ),
        )
        if response is not None:
            self.note_hit(hit, response["HIT"])

    def note_hit(self, hit: Any, shown: dict[str, Any]) -> None:
        """Add a new HIT to the reference, and compare it with CreateHIT's response."""
        types, type_id, id_ = self.account.types, shown["HITTypeId"], shown["HITId"]
        same = next((known for known, each in types.items() if each == hit.properties), type_id)
        require_equal("HITTypeId", type_id, same)
        self.reference.add_hit(self.account, hit, id_, type_id)
        self.hits[id_] = self.mturk.worker(VISITOR).preview(id_)
        require_members("new HIT", shown, hit.shown())
        self.touched.append(id_)

    def wind_up(self) -> None:
        """Bring one of the account's HITs closer to its end, when there are too many."""
        self.random.choice([self.expire, self.delete_hit, self.approve, self.reject])()

    def add_assignments(self) -> None:
        hit_id, token = self.pick_hit_to_extend(), self.pick_token()
        count = self.random.choice([1, 1, 2, 3, 8, 0, 1_000_000_001])
        if hit_id in self.account.live and self.account.live[hit_id].most >= MANY + 10:
            count = min(count, 0)
        if not 1 <= count <= 100:  # the count is out of range, so the call does not use its token
            token = None
        self.call(
            "create_additional_assignments_for_hit",
            lambda: self.reference.add_assignments(self.account, hit_id, count, token),
            HITId=hit_id,
            NumberOfAdditionalAssignments=count,
            **given(UniqueRequestToken=token),
        )

    def expire(self) -> None:
        self.update_expiration(
            self.pick_hit("Assignable", "Unassignable"),
            self.random.choice([0, self.reference.now, self.reference.now - 60]),
        )

    def extend_time(self) -> None:
        hit_id = self.pick_hit_to_extend()
        hit = self.account.hits.get(hit_id)
        base = max(self.reference.now, hit.expiration) if hit else self.reference.now
        increments = [-30, 59, 60, 61, 3600, 3600, DAY, DAY, 10 * DAY, 365 * DAY, 365 * DAY + 1]
        self.update_expiration(hit_id, base + self.random.choice(increments))

    def update_expiration(self, hit_id: str, moment: int) -> None:
        self.call(
            "update_expiration_for_hit",
            lambda: self.reference.update_expiration(self.account, hit_id, moment),
            HITId=hit_id,
            ExpireAt=datetime.fromtimestamp(moment, timezone.utc),
        )

    def change_type(self) -> None:
        hit_id = self.pick_hit("Assignable")
        type_id: str = self.pick(self.account.types, self.other_account().types)
        self.call(
            "update_hit_type_of_hit",
            lambda: self.reference.change_type(self.account, hit_id, type_id),
            HITId=hit_id,
            HITTypeId=type_id,
        )

    def review_status(self) -> None:
        hit_id, revert = self.pick_hit("Reviewable", "Reviewing"), self.chance(0.4)
        self.call(
            "update_hit_review_status",
            lambda: self.reference.update_review_status(self.account, hit_id, revert),
            HITId=hit_id,
            Revert=revert,
        )

    def delete_hit(self) -> None:
        hit_id = self.pick_hit("Reviewable", "Reviewing")
        self.call(
            "delete_hit", lambda: self.reference.delete_hit(self.account, hit_id), HITId=hit_id
        )

    def set_notifications(self) -> None:
        type_id: str = self.pick(self.account.types)
        events = self.random.sample(EVENTS, self.random.randint(1, len(EVENTS)))
        active = self.chance(0.8)

        def predict() -> None:
            if type_id not in self.account.types:
                raise Refused(INVALID)
            self.account.notified[type_id] = frozenset(events if active else ())

        if self.is_usable(type_id):
            self.call(
                "update_notification_settings",
                predict,
                HITTypeId=type_id,
                Active=active,
                Notification={
                    "Destination": QUEUE,
                    "Transport": "SQS",
                    "Version": "2014-08-15",
                    "EventTypes": events,
                },
            )

    def is_usable(self, type_id: str) -> bool:
        """Return whether a HIT type requires no deleted qualification type."""
        try:
            self.reference.hit_type(self.account, type_id)
        except Refused:
            return type_id not in self.account.types
        return True

    # Requesters: reviewing and paying -------------------------------------------------------

    def approve(self) -> None:
        override = self.random.choice([None, None, False, True, True])
        self.approve_one(self.pick_work("Submitted", "Rejected"), override)

    def override_late(self) -> None:
        """Approve a rejected assignment at the last allowed moment, or just after it."""
        works = [work for work in self.account.works.values() if work.status == "Rejected"]
        ends = {work.id: (work.submitted or 0) + OVERRIDE_WINDOW for work in works}
        coming = [id_ for id_, moment in ends.items() if moment > self.reference.now]
        if coming:
            id_ = self.random.choice(coming)
            self.move_to(ends[id_] + self.random.choice([0, 1]))
            self.approve_one(id_, True)

    def approve_one(self, work_id: str, override: bool | None) -> None:
        feedback = self.random.choice([None, None, "", "Good"])
        self.call(
            "approve_assignment",
            lambda: self.reference.approve(self.account, work_id, feedback, override),
            AssignmentId=work_id,
            **given(RequesterFeedback=feedback, OverrideRejection=override),
        )

    def reject(self) -> None:
        work_id, feedback = self.pick_work("Submitted"), self.random.choice(["", "Bad"])
        self.call(
            "reject_assignment",
            lambda: self.reference.reject(self.account, work_id, feedback),
            AssignmentId=work_id,
            RequesterFeedback=feedback,
        )

    def send_bonus(self) -> None:
        work_id, token = self.pick_work(*VISIBLE), self.pick_token() or ""
        work = self.account.works.get(work_id)
        worker = self.random.choice(WORKERS) if self.chance(0.1) or not work else work.worker
        cents = self.random.choice([0, 1, 3, 50, 10_000])
        about = (work_id, worker, cents, self.random.choice(["Thanks", "More"]), token)
        self.call(
            "send_bonus",
            lambda: self.reference.send_bonus(self.account, *about),
            AssignmentId=work_id,
            WorkerId=worker,
            BonusAmount=f"{cents / 100:.2f}",
            Reason=about[3],
            **given(UniqueRequestToken=token or None),
        )

    def set_balance(self) -> None:
        if self.account.environment == PRODUCTION:
            dollars = self.random.choice([0, 1, 20, 300, 300, 1000])
            self.mturk.requester(self.account.name).balance = dollars
            self.account.funds += dollars * 10_000 - self.account.balance

    # Requesters: workers and qualifications -------------------------------------------------

    def block(self) -> None:
        worker, reason = self.random.choice(WORKERS), self.random.choice(["Spam", "Other"])
        self.call(
            "create_worker_block",
            lambda: self.reference.block(self.account, worker, reason),
            WorkerId=worker,
            Reason=reason,
        )

    def unblock(self) -> None:
        worker = self.random.choice([*self.account.blocks, *WORKERS])
        self.call(
            "delete_worker_block", lambda: self.account.blocks.pop(worker, None), WorkerId=worker
        )

    def notify_workers(self) -> None:
        workers = self.random.sample(WORKERS, 3)
        strangers = [worker for worker in workers if worker not in self.account.reviewed]
        _, response = self.call(
            "notify_workers", lambda: None, Subject="s", MessageText="t", WorkerIds=workers
        )
        if response is not None:
            failures = response["NotifyWorkersFailureStatuses"]
            require_equal("strangers", [each["WorkerId"] for each in failures], strangers)

    def create_qualification_type(self) -> None:
        choice = self.random.choice
        name = f"{choice(['Knows', 'Likes', 'Has'])} {choice(['cats', 'dogs', 'birds', 'pigs'])}"
        kind = choice(["plain", "plain", "auto", "test", "graded"])
        about = {
            "description": choice(["About animals", "A skill"]),
            "status": choice(["Active", "Active", "Active", "Inactive"]),
            "retry_delay": choice([None, 0, 3600]),
            "auto_value": choice([1, 70]) if kind == "auto" else None,
            "test": choice([60, 3600]) if kind in ("test", "graded") else None,
            "scores": SCORES if kind == "graded" else None,
        }
        type_, response = self.call(
            "create_qualification_type",
            lambda: self.reference.create_qualification_type(self.account, name, **about),
            makes=True,
            Name=name,
            Description=about["description"],
            QualificationTypeStatus=about["status"],
            **given(
                RetryDelayInSeconds=about["retry_delay"],
                AutoGranted=True if kind == "auto" else None,
                AutoGrantedValue=about["auto_value"],
                Test=TEST if about["test"] else None,
                TestDurationInSeconds=about["test"],
                AnswerKey=ANSWER_KEY if about["scores"] else None,
            ),
        )
        if response is not None:
            shown = response["QualificationType"]
            id_ = shown["QualificationTypeId"]
            self.reference.add_qualification_type(self.account, type_, id_)
            require_members("new type", shown, show_qualification_type(type_, self.account))

    def update_qualification_type(self) -> None:
        type_id, choice = self.pick_qualification_type(), self.random.choice
        new = given(
            status=choice([None, "Active", "Active", "Inactive"]),
            retry_delay=choice([None, 0, 7200]),
            description=choice([None, "Changed"]),
        )
        names = {
            "status": "QualificationTypeStatus",
            "retry_delay": "RetryDelayInSeconds",
            "description": "Description",
        }
        type_, response = self.call(
            "update_qualification_type",
            lambda: self.reference.update_qualification_type(self.account, type_id, **new),
            QualificationTypeId=type_id,
            **{names[name]: value for name, value in new.items()},
        )
        if response is not None:
            shown = response["QualificationType"]
            require_members("changed type", shown, show_qualification_type(type_, self.account))

    def delete_qualification_type(self) -> None:
        type_id = self.pick_qualification_type()
        self.call(
            "delete_qualification_type",
            lambda: self.reference.delete_qualification_type(self.account, type_id),
            QualificationTypeId=type_id,
        )

    def associate(self) -> None:
        type_id, worker = self.pick_qualification_type(), self.random.choice(WORKERS)
        value = self.random.choice([0, 1, 70, 71])
        self.call(
            "associate_qualification_with_worker",
            lambda: self.reference.associate(self.account, type_id, worker, value),
            QualificationTypeId=type_id,
            WorkerId=worker,
            IntegerValue=value,
        )

    def disassociate(self) -> None:
        type_id, worker = self.pick_qualification_type(), self.random.choice(WORKERS)
        self.call(
            "disassociate_qualification_from_worker",
            lambda: self.reference.disassociate(self.account, type_id, worker),
            QualificationTypeId=type_id,
            WorkerId=worker,
        )

    def pick_request(self) -> str:
        requests = self.reference.requests[self.account.environment]
        waiting = [id_ for id_, request in requests.items() if request.status == "Submitted"]
        id_: str = self.pick(waiting, requests)
        return id_

    def accept_request(self) -> None:
        request_id, value = self.pick_request(), self.random.choice([1, 70])
        self.call(
            "accept_qualification_request",
            lambda: self.reference.accept_request(self.account, request_id, value),
            QualificationRequestId=request_id,
            IntegerValue=value,
        )

    def reject_request(self) -> None:
        request_id = self.pick_request()
        self.call(
            "reject_qualification_request",
            lambda: self.reference.reject_request(self.account, request_id),
            QualificationRequestId=request_id,
        )

    # Workers -------------------------------------------------------------------------------

    def accept(self) -> None:
        self.prefer(lambda account: any(h.takeable for h in account.live.values()))
        hit_id = self.pick_hit("Assignable")
        worker = self.pick_worker_for(hit_id)
        self.log[-1] += f" {worker} {hit_id}"
        expected, handle = self.both(
            lambda: self.reference.accept(hit_id, worker),
            lambda: self.mturk.worker(worker).accept(hit_id),
        )
        if handle is not None:
            account, work = expected
            self.reference.add_work(account, work, handle.id)
            self.works[handle.id] = handle
            self.touched.append(handle.id)

    def pick_worker_for(self, hit_id: str) -> str:
        """Return a worker, in most cases one allowed to accept the HIT."""
        workers = self.random.sample(WORKERS, 5 if self.chance(0.8) else 1)
        if (holders := self.holders(hit_id)) and self.chance(0.5):
            workers = [self.random.choice(holders)]
        return next((each for each in workers if self.may_accept(hit_id, each)), workers[0])

    def holders(self, hit_id: str) -> list[str]:
        """Return the workers that have a qualification that a HIT requires."""
        types = self.reference.qualification_types[self.account.environment]
        hit = self.account.live.get(hit_id)
        required = [each.type_id for each in hit.properties.requirements] if hit else []
        return [worker for id_ in required if id_ in types for worker in types[id_].grants]

    def may_accept(self, hit_id: str, worker: str) -> bool:
        try:
            self.reference.accept(hit_id, worker)
        except Refused:
            return False
        return True

    def submit(self) -> None:
        self.prefer(lambda account: any(h.count("Accepted") for h in account.live.values()))
        work_id = self.pick_work("Accepted")
        if work_id in self.works and (found := self.find_work(work_id)):
            answer = self.random.choice(["yes", "yes", "no"])
            self.log[-1] += f" {work_id} {answer}"
            self.touched.append(found[1].hit)
            self.both(
                lambda: self.reference.submit(*found, answer == "yes"),
                lambda: self.works[work_id].submit({"a": answer}),
            )

    def return_hit(self) -> None:
        self.prefer(lambda account: any(h.count("Accepted") for h in account.live.values()))
        work_id = self.pick_work("Accepted")
        if work_id in self.works and (found := self.find_work(work_id)):
            self.log[-1] += f" {work_id}"
            self.touched.append(found[1].hit)
            self.both(
                lambda: self.reference.return_hit(*found),
                lambda: self.works[work_id].return_hit(),
            )

    def find_work(self, work_id: str) -> tuple[Account, Work] | None:
        for account in self.reference.accounts.values():
            if work_id in account.works:
                return account, account.works[work_id]
        return None

    def find_hits(self) -> None:
        """Compare the HITs that a worker finds, including those they lack a qualification for."""
        worker = self.random.choice(WORKERS)
        found = {hit.hit_id for hit in self.mturk.worker(worker).find_hits()}
        refusals = ("DoesNotMeetRequirements", "ExceedsMaxAssignmentsPerWorker")
        expected = set()
        for account in self.reference.accounts.values():
            for hit_id in account.live:
                try:
                    self.reference.accept(hit_id, worker)
                    expected.add(hit_id)
                except Refused as refused:
                    if refused.code in refusals:
                        expected.add(hit_id)
        require_equal("HITs found", found, expected)

    def request_qualification(self) -> None:
        self.request(self.pick_qualification_type(), self.random.choice(WORKERS))

    def request_again(self) -> None:
        """Request a qualification when its retry delay has just elapsed, or one second earlier."""
        times = {
            (type_.id, worker): asked + type_.retry_delay
            for type_ in self.reference.qualification_types[self.account.environment].values()
            for worker, asked in type_.asked.items()
            if type_.retry_delay and not type_.deleted
        }
        coming = [key for key, moment in times.items() if moment > self.reference.now]
        if coming:
            key = self.random.choice(coming)
            self.move_to(times[key] - self.random.choice([0, 1]))
            self.request(*key)

    def request(self, type_id: str, worker: str) -> None:
        environment = self.account.environment
        self.log[-1] += f" {worker} {type_id}"
        request, handle = self.both(
            lambda: self.reference.ask(environment, type_id, worker),
            lambda: self.mturk.worker(worker).request_qualification(type_id),
        )
        if handle is not None:
            self.reference.add_request(environment, request, handle.id)
            self.requests[handle.id] = handle
            require_equal("request", handle.status, request.status)
            self.check_qualifications(worker)

    def submit_test(self) -> None:
        environment = self.account.environment
        requests = self.reference.requests[environment]
        with_test = [id_ for id_, request in requests.items() if request.deadline is not None]
        still_open = [id_ for id_ in with_test if requests[id_].status == "Open"]
        request_id = self.pick(still_open, with_test)
        if request_id in requests:
            request, choice = requests[request_id], self.random.choice(list(SCORES))
            handle = self.requests[request_id]
            self.log[-1] += f" {request_id} {choice}"
            self.both(
                lambda: self.reference.submit_test(environment, request, choice),
                lambda: handle.submit({"q": choice}),
            )
            require_equal("request", handle.status, request.status)
            self.check_qualifications(request.worker)

    # Time, state and reading ----------------------------------------------------------------

    def move_to(self, moment: int) -> None:
        self.log[-1] += f" {moment}"
        self.mturk.clock.move_to(datetime.fromtimestamp(moment, timezone.utc))
        self.reference.move_to(moment)
        if live := self.other_account().live:
            self.touched.append(self.random.choice(list(live)))

    def take_small_step(self) -> None:
        self.move_to(self.reference.now + self.random.randint(1, 100))

    def wait_for_next_event(self) -> None:
        if times := [event[0] for event in self.reference.upcoming()]:
            self.move_to(min(times) - self.random.choice([0, 0, 1]))

    def wait_long(self) -> None:
        days = self.random.choice([1, 1, 5, 31, 125])
        self.move_to(self.reference.now + self.random.randrange(days * DAY))

    def keep(self) -> None:
        """Take a snapshot, and a copy of the reference with it."""
        handles = (dict(self.hits), dict(self.works), dict(self.requests))
        self.kept = (self.mturk.snapshot(), pickle.dumps(self.reference), handles)

    def restore(self) -> None:
        if self.kept is not None:
            snapshot, reference, handles = self.kept
            self.mturk.restore(snapshot)
            self.hits, self.works, self.requests = map(dict, handles)
            self.take_reference(reference)

    def save_and_load(self) -> None:
        """Save the state, load and restore it, and check that saving again gives the same file."""
        first, second = self.directory / "first.json", self.directory / "second.json"
        self.mturk.snapshot().save(first)
        self.mturk.restore(Snapshot.load(first))
        self.mturk.snapshot().save(second)
        require_equal("file", second.read_bytes(), first.read_bytes())
        self.take_reference(pickle.dumps(self.reference))

    def take_reference(self, pickled: bytes) -> None:
        self.reference = pickle.loads(pickled)
        self.account = self.reference.accounts[self.account.key]
        self.walks.clear()
        require_equal("time", plain(self.mturk.clock.now), self.reference.now)
        self.check_account(self.other_account())
        self.check_people()
        self.touched += [id_ for each in self.reference.accounts.values() for id_ in each.live]

    def read_hit(self) -> None:
        hit_id = self.pick_hit()
        hit, response = self.call(
            "get_hit", lambda: self.reference.hit(self.account, hit_id), HITId=hit_id
        )
        if response is not None:
            require_members("HIT", response["HIT"], hit.shown())

    def read_assignment(self) -> None:
        work_id = self.pick_work(*VISIBLE)
        work, response = self.call(
            "get_assignment",
            lambda: self.reference.read_work(self.account, work_id),
            AssignmentId=work_id,
        )
        if response is not None:
            require_members("assignment", response["Assignment"], work.shown())
            hit = self.account.hits[work.hit]
            require_members("its HIT", response["HIT"], hit.shown())

    def read_balance(self) -> None:
        _, response = self.call("get_account_balance", lambda: None)
        if response is not None:
            cents = f"{self.account.balance // 100 / 100:.2f}"
            require_equal("AvailableBalance", response["AvailableBalance"], cents)

    def read_score(self) -> None:
        type_id, worker = self.pick_qualification_type(), self.random.choice(WORKERS)
        grant, response = self.call(
            "get_qualification_score",
            lambda: self.reference.read_score(self.account, type_id, worker),
            QualificationTypeId=type_id,
            WorkerId=worker,
        )
        if response is not None:
            require_members("score", response["Qualification"], show_grant(grant))

    def send_invalid(self) -> None:
        """Send a request that is invalid in every state."""
        properties = members_of(Properties("t", 5, 60, 60, None, ()))
        hit = {**properties, "Question": QUESTION, "LifetimeInSeconds": 60}
        operation, params, code = self.random.choice(
            [
                ("list_hits", {"MaxResults": 101}, "ValidationException"),
                ("list_hits", {"NextToken": "p1:nothing"}, INVALID),
                ("get_hit", {"HITId": "small"}, "ValidationException"),
                ("create_hit", {**hit, "LifetimeInSeconds": 29}, INVALID),
                ("create_hit", {**hit, "Reward": "0.00"}, INVALID),
                ("create_hit", {**hit, "Reward": "0.001"}, "ValidationException"),
                ("create_hit", {**hit, "MaxAssignments": 0}, INVALID),
                ("create_hit", {**hit, "Question": "<Question/>"}, INVALID),
                ("create_hit", {**hit, "AutoApprovalDelayInSeconds": 30 * DAY + 1}, INVALID),
                ("create_hit_type", {**properties, "Title": "t" * 129}, INVALID),
                ("list_bonus_payments", {}, INVALID),
            ]
        )
        self.call(operation, _raise(code), makes=True, **params)

    # Lists ---------------------------------------------------------------------------------

    def begin_list(self) -> None:
        """Start to page through a list; `turn_page` continues, with other steps in between."""
        if len(self.walks) < 4:
            found = list(listings(self.reference, self.account, self.random))
            self.walks.append(self.random.choice(found))

    def turn_page(self) -> None:
        if self.walks:
            walk = self.random.choice(self.walks)
            self.account = walk.account
            if not self.show_page(walk, self.random.randint(1, 3)):
                self.walks.remove(walk)

    def show_page(self, listing: Listing, size: int) -> bool:
        """Compare the next page with the reference; return whether another one follows."""
        left = listing.left()[:size]
        self.log[-1] += f" {listing.operation}{listing.filters} by {size}"
        call = getattr(self.clients[listing.account.key], listing.operation)
        params = {**listing.filters, "MaxResults": size, **given(NextToken=listing.token)}
        _, response = self.both(listing.check, lambda: call(**params))
        if response is None:
            return False
        shown = response[listing.key]
        require_equal("NumResults", response["NumResults"], len(shown))
        require_equal("length of page", len(shown), len(left))
        for item, (_, expected) in zip(shown, left, strict=True):
            require_members(listing.operation, item, expected)
        listing.token = response.get("NextToken")
        require_equal("whether there is a NextToken", listing.token is not None, bool(left))
        if left:
            listing.last = left[-1][0]
        return bool(left)

    # Checks --------------------------------------------------------------------------------

    def check_touched(self) -> None:
        """Compare the objects that the step touched, and the balance of its account."""
        hits = set()
        for id_ in self.touched:
            for account in self.reference.accounts.values():
                if work := account.works.get(id_):
                    self.check_work(work)
                    hits.add(account.hits[work.hit].id)
                elif id_ in account.hits:
                    hits.add(id_)
        for id_ in hits:
            self.check_hit(self.reference.find_hit(id_)[1])
        self.check_money(self.account)

    def check_hit(self, hit: Any) -> None:
        handle = self.hits[hit.id]
        counts = (handle.available, handle.pending, handle.completed)
        require_equal(
            f"HIT {hit.id}",
            (handle.status, *counts, handle.max_assignments, plain(handle.expiration)),
            (
                *(hit.status, hit.available, hit.count("Accepted")),
                *(hit.count("Approved", "Rejected"), hit.most, hit.expiration),
            ),
        )

    def check_work(self, work: Work) -> None:
        handle = self.works[work.id]
        times = (handle.deadline, handle.submit_time, handle.auto_approval_time)
        decisions = (handle.approval_time, handle.rejection_time, handle.requester_feedback or None)
        require_equal(
            f"assignment {work.id}",
            (handle.status, *map(plain, times), *map(plain, decisions)),
            (
                *(work.status, work.deadline, work.submitted, work.auto_approval),
                *(work.approved, work.rejected, work.feedback),
            ),
        )

    def check_qualifications(self, worker: str) -> None:
        expected = {
            type_.id: grant.value
            for types in self.reference.qualification_types.values()
            for type_ in types.values()
            if (grant := type_.grants.get(worker)) and grant.status == "Granted"
        }
        shown = self.mturk.worker(worker).qualifications
        require_equal(f"qualifications of {worker}", shown, expected)

    def check_money(self, account: Account) -> None:
        if account.environment == PRODUCTION:
            requester = self.mturk.requester(account.name)
            spent = requester.spent
            require_equal(
                f"money of {account.name}",
                [
                    int(amount * 10_000)
                    for amount in (requester.balance, spent.rewards, spent.bonuses, spent.fees)
                ],
                [account.balance, account.rewards, account.bonuses_paid, account.fees],
            )

    def check_account(self, account: Account) -> None:
        """Compare every list, HIT and assignment of an account."""
        self.log.append(f"check {'/'.join(account.key)}")
        for listing in listings(self.reference, account, self.random):
            size = self.random.randint(len(listing.truth()) // 3, 100)
            while self.show_page(listing, max(1, size)):
                pass
        for work in account.works.values():
            if account.hits[work.hit].status != "Disposed":
                self.check_work(work)
        self.check_money(account)

    def check_everything(self) -> None:
        """Compare all accounts, workers and notifications."""
        require_equal("time", plain(self.mturk.clock.now), self.reference.now)
        for account in self.reference.accounts.values():
            self.check_account(account)
        self.check_people()

    def check_people(self) -> None:
        for id_, person in self.reference.people.items():
            earned = int(self.mturk.worker(id_).earnings * 10_000)
            require_equal(f"earnings of {id_}", earned, person.earned)
        require_equal(
            "notifications",
            Counter(
                (each.event_type, each.hit_id, each.assignment_id, plain(each.time))
                for each in self.mturk.notifications
            ),
            self.reference.notifications,
        )


def _raise(code: str) -> Callable[[], Any]:
    def refuse() -> None:
        raise Refused(code)

    return refuse


# Runs ----------------------------------------------------------------------------------------


class Failure(Exception):
    """A broken invariant, with the seed and the step that reproduce it."""


def run_world(seed: int, steps: int, actions: Counter[str], errors: Counter[str]) -> None:
    """Run this many steps in one mock, counting `actions` and `errors`. Raises Failure."""
    with tempfile.TemporaryDirectory() as directory, mock_mturk(now=START, seed=seed) as mturk:
        world = World(mturk, seed, Path(directory))
        checked = itertools.cycle(ACCOUNTS)
        first = ["create_qualification_type", "create_hit"] * 6
        try:
            for number in range(1, steps + 1):
                (action,) = world.random.choices(ACTIONS, cum_weights=CUMULATIVE)
                action = first.pop() if first else action
                world.step(action)
                actions[action] += 1
                if number % STEPS_TO_FULL_CHECK == 0:
                    world.check_account(world.reference.accounts[next(checked)])
                    world.check_people()
            world.check_everything()
        except Exception as error:
            raise Failure(
                f"{type(error).__name__}: {error}\nseed {seed}, step {number}; the last actions:"
                + "".join(f"\n  {action}" for action in world.log)
                + f"\nRun it again: python -m tests.soak --seed {seed} --steps {number}"
            ) from error
        errors.update(world.errors)


def run(steps: int, seed: int, report: Callable[[str], None]) -> None:
    """Run this many steps, in as many mocks as needed. Raises Failure."""
    actions: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    start = last_report = time.perf_counter()
    for number, done in enumerate(range(0, steps, WORLD_STEPS)):
        run_world(seed + number, min(WORLD_STEPS, steps - done), actions, errors)
        now = time.perf_counter()
        if now - last_report > 10:
            last_report, total = now, actions.total()
            report(f"{total:,} steps, {total / (now - start):,.0f} steps a second")
    seconds = timedelta(seconds=round(time.perf_counter() - start))
    report(f"actions: {dict(actions.most_common())}")
    report(f"errors: {dict(errors.most_common())}")
    report(f"{steps:,} steps in {seconds}, 0 broken invariants")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000, help="default: 100000")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    options = parser.parse_args()
    try:
        run(options.steps, options.seed, lambda line: print(line, flush=True))
    except Failure as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
