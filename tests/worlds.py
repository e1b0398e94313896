"""Random steps in a mock, and all answers that it gives afterwards, to compare two mocks."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from mturk_mock import MTurk, MTurkError
from tests.helpers import create_hit, question_form
from tests.notices import specification
from tests.policies import known_answers, plurality

WAITS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 31, 121)  # days
WORKERS = ("A1FIRST", "A2SECOND", "A3THIRD")
TEST = question_form(q1=None, q2=["yes", "no"])
GRADED = question_form(q2=["yes", "no"])  # what KEY can grade: no text
UPLOAD = question_form(version="2005-10-01", q1=None).replace(
    "<FreeTextAnswer/>",
    "<FileUploadAnswer><MaxFileSizeInBytes>9</MaxFileSizeInBytes>"
    "<MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>",
)
KEY = (
    '<AnswerKey xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2005-10-01/AnswerKey.xsd"><Question><QuestionIdentifier>q2</QuestionIdentifier>'
    "<AnswerOption><SelectionIdentifier>yes</SelectionIdentifier><AnswerScore>7</AnswerScore>"
    "</AnswerOption></Question></AnswerKey>"
)


class Step(NamedTuple):
    """A step: its name, and numbers that choose its arguments."""

    name: str
    a: int
    b: int
    c: int


class World:
    """A mock with clients of three accounts, and the steps that can be run in it."""

    def __init__(self, mturk: MTurk, clients: list[Any]) -> None:
        self.mturk = mturk
        self.clients = clients

    def do(self, step: Step) -> Any:
        """Run a step; return its result, or the error as text."""
        try:
            return getattr(self, f"do_{step.name}")(*step[1:])
        except (ClientError, MTurkError, IndexError) as refusal:
            return f"{type(refusal).__name__}: {refusal}"

    # What requesters do -------------------------------------------------------------------

    def client(self, number: int) -> Any:
        return self.clients[number % len(self.clients)]

    def hit(self, number: int) -> Any:
        hits = self.mturk.hits
        return hits[number % len(hits)] if hits else self.mturk.hits[number]

    def assignment(self, number: int) -> Any:
        works = sorted(self.mturk.assignments, key=lambda work: work.id)
        return works[number % len(works)] if works else works[number]

    def owner(self, hit: Any) -> Any:
        names = [("default", "production"), ("other", "production"), ("default", "sandbox")]
        return self.clients[names.index((hit.requester, hit.environment))]

    def reviewer(self, work: Any, number: int) -> Any:
        """Return the client of the HIT's requester, sometimes another one."""
        hit = next(hit for hit in self.mturk.hits if hit.id == work.hit_id)
        return self.owner(hit) if number % 4 else self.client(number)

    def do_create(self, a: int, b: int, c: int) -> Any:
        client = self.client(a)
        types = self.types(client)
        requirement = {"QualificationTypeId": types[c % len(types)], "Comparator": "Exists"}
        policies = {"ApproveIfKnownAnswerScoreIsAtLeast": "50", "RejectReason": "no"}
        extended = {
            "QuestionAgreementThreshold": "50",
            "ExtendIfHITAgreementScoreIsLessThan": "60",
            "ExtendMaximumAssignments": "3",
            "ExtendMinimumTimeInSeconds": "3600",
        }
        return create_hit(
            client,
            Title=f"Title {c % 2}",
            Keywords=("words", None)[c % 2],
            RequesterAnnotation=("note ☃", None)[b % 2],
            MaxAssignments=(1, 2, 3, 10)[b % 4],
            AssignmentDurationInSeconds=(600, 5 * 86400)[a % 2],
            LifetimeInSeconds=(3600, 864000)[c % 2],
            AutoApprovalDelayInSeconds=(0, 3600, 86400)[b % 3],
            Question=(TEST, UPLOAD)[b % 2],
            UniqueRequestToken=f"token {b} {c}",
            QualificationRequirements=[requirement] if c % 5 == 4 else None,
            AssignmentReviewPolicy=known_answers(**policies) if c % 3 == 1 else None,
            HITReviewPolicy=plurality(**extended) if c % 4 >= 2 else None,
        )

    def types(self, client: Any) -> list[str]:
        found = client.list_qualification_types(MustBeRequestable=True)["QualificationTypes"]
        return [type_["QualificationTypeId"] for type_ in found] or ["00000000000000000071"]

    def do_tell(self, a: int, b: int, c: int) -> Any:
        hit = self.hit(a)
        self.owner(hit).update_notification_settings(
            HITTypeId=hit.hit_type_id, Notification=specification(), Active=b % 4 > 0
        )

    def do_approve(self, a: int, b: int, c: int) -> Any:
        work = self.assignment(a)
        self.reviewer(work, c).approve_assignment(
            AssignmentId=work.id, RequesterFeedback="fine", OverrideRejection=b % 2 == 0
        )

    def do_reject(self, a: int, b: int, c: int) -> Any:
        work = self.assignment(a)
        self.reviewer(work, c).reject_assignment(AssignmentId=work.id, RequesterFeedback="no")

    def do_bonus(self, a: int, b: int, c: int) -> Any:
        work = self.assignment(a)
        self.reviewer(work, c).send_bonus(
            WorkerId=work.worker_id,
            AssignmentId=work.id,
            BonusAmount=("0.05", "1.33")[b % 2],
            Reason="thanks",
            UniqueRequestToken=f"bonus {b}",
        )

    def do_extend(self, a: int, b: int, c: int) -> Any:
        hit = self.hit(a)
        self.owner(hit).create_additional_assignments_for_hit(
            HITId=hit.id, NumberOfAdditionalAssignments=1 + b % 2
        )

    def do_move_expiration(self, a: int, b: int, c: int) -> Any:
        hit = self.hit(a)
        moment = hit.expiration + timedelta(seconds=(-90000, 60, 3600)[b % 3])
        self.owner(hit).update_expiration_for_hit(HITId=hit.id, ExpireAt=moment)

    def do_review(self, a: int, b: int, c: int) -> Any:
        hit = self.hit(a)
        self.owner(hit).update_hit_review_status(HITId=hit.id, Revert=b % 3 == 0)

    def do_delete(self, a: int, b: int, c: int) -> Any:
        hit = self.hit(a)
        self.owner(hit).delete_hit(HITId=hit.id)

    def do_block(self, a: int, b: int, c: int) -> Any:
        who = {"WorkerId": WORKERS[b % 3], "Reason": f"reason {c % 2}"}
        if c % 3:
            return self.client(a).create_worker_block(**who)
        return self.client(a).delete_worker_block(**who)

    def do_make_type(self, a: int, b: int, c: int) -> Any:
        test = {"Test": TEST, "TestDurationInSeconds": 3600}
        extras = [
            {},
            test,
            {**test, "Test": GRADED, "AnswerKey": KEY, "RetryDelayInSeconds": 60},
            {"AutoGranted": True, "AutoGrantedValue": 5},
        ]
        return self.client(a).create_qualification_type(
            Name=f"Type {c % 4}",
            Description="d",
            Keywords="k",
            QualificationTypeStatus="Active",
            **extras[b % 4],
        )["QualificationType"]

    def do_change_type(self, a: int, b: int, c: int) -> Any:
        type_id = self.types(self.client(a))[0]
        return self.client(a).update_qualification_type(
            QualificationTypeId=type_id, Test=TEST, TestDurationInSeconds=60 + c
        )

    def do_delete_type(self, a: int, b: int, c: int) -> Any:
        types = self.types(self.client(a))
        self.client(a).delete_qualification_type(QualificationTypeId=types[b % len(types)])

    def do_grant(self, a: int, b: int, c: int) -> Any:
        types = self.types(self.client(a))
        who = {"QualificationTypeId": types[0], "WorkerId": WORKERS[b % 3]}
        if c % 3:
            return self.client(a).associate_qualification_with_worker(**who, IntegerValue=c)
        return self.client(a).disassociate_qualification_from_worker(**who)

    def do_decide(self, a: int, b: int, c: int) -> Any:
        found = self.client(a).list_qualification_requests()["QualificationRequests"]
        id_ = found[b % len(found)]["QualificationRequestId"] if found else "3NONE"
        if c % 2:
            return self.client(a).accept_qualification_request(QualificationRequestId=id_)
        return self.client(a).reject_qualification_request(QualificationRequestId=id_, Reason="no")

    def do_notify(self, a: int, b: int, c: int) -> Any:
        return self.client(a).notify_workers(
            Subject="s", MessageText="t", WorkerIds=[WORKERS[b % 3]]
        )["NotifyWorkersFailureStatuses"]

    # What workers do, and time ------------------------------------------------------------

    def do_accept(self, a: int, b: int, c: int) -> Any:
        work = self.mturk.worker(WORKERS[b % 3]).accept(self.hit(a).id)
        if c % 3:
            self.submit(work, c)
        return work.id

    def do_finish(self, a: int, b: int, c: int) -> Any:
        work = self.assignment(a)
        if b % 3:
            return self.submit(work, c)
        return work.return_hit()

    def submit(self, work: Any, c: int) -> None:
        hit = next(hit for hit in self.mturk.hits if hit.id == work.hit_id)
        is_upload = "FileUpload" in hit.question
        answers = [{"q1": "yes", "q2": ["yes"]}, {"q1": "<ö> "}, {"q1": "no", "q2": ["no"]}]
        work.submit({"q1": bytes([c])} if is_upload else answers[c % 3])

    def do_ask(self, a: int, b: int, c: int) -> Any:
        types = self.types(self.client(a))
        worker = self.mturk.worker(WORKERS[b % 3])
        tries: list[Any] = [{"q1": "x", "q2": ["yes"]}, {"q2": ["yes"]}] if c % 2 else []
        for answers in tries:  # the answers may not fit the type's test
            with suppress(ValueError):
                return worker.request_qualification(types[c % len(types)], answers).id
        return worker.request_qualification(types[c % len(types)]).id

    def do_new_worker(self, a: int, b: int, c: int) -> Any:
        subdivision = "NY" if c % 2 else None
        return self.mturk.worker(approved=a, masters=b % 2 == 0, subdivision=subdivision).id

    def do_next_id(self, a: int, b: int, c: int) -> Any:
        kind = ("HIT", "Assignment", "HITType")[a % 3]
        try:
            self.mturk.next_id(kind, f"3CHOSEN{b}")
        except ValueError as taken:
            return str(taken)

    def do_balance(self, a: int, b: int, c: int) -> Any:
        self.mturk.balance = ("0.00", "5.00", "10000.00")[c % 3]

    def do_wait(self, a: int, b: int, c: int) -> Any:
        self.mturk.clock.advance(seconds=(1, 60, 1800, 3600, 86400)[c % 5], days=WAITS[c])


STEPS = sorted(name.removeprefix("do_") for name in vars(World) if name.startswith("do_"))
OFTEN = ["create", "finish", "approve", "reject", "bonus", "tell"]


#: Leave workers with open assignments, on HITs that can still be accepted and on full ones.
LAST_STEPS = [
    *(Step("create", 3, most, 6) for most in (0, 2)),
    *(Step("accept", hit, worker, 0) for hit in range(12) for worker in (0, 1)),
]


def random_steps(seed: str, count: int) -> list[Step]:
    """Return `count` random steps, the same for the same seed; most of them are common ones."""
    source = random.Random(seed)
    names = [*STEPS, *(OFTEN * 2), *(["accept"] * 10)]
    return [
        Step(source.choice(names), *(source.randrange(12) for _ in range(3))) for _ in range(count)
    ]


# Answers ----------------------------------------------------------------------------------


def answers_of(world: World) -> dict[str, Any]:
    """Return the responses of the API and the values of the handle."""
    found: dict[str, Any] = {
        f"{number} {key}": value
        for number, client in enumerate(world.clients)
        for key, value in _answers(world, client).items()
    }
    return {**found, **_truth(world.mturk)}


def _answers(world: World, client: Any) -> dict[str, Any]:
    calls: dict[str, Any] = {
        "balance": (client.get_account_balance, {}),
        "hits": (client.list_hits, {"MaxResults": 100}),
        "page": (client.list_hits, {"MaxResults": 1}),
        "blocks": (client.list_worker_blocks, {}),
        "types": (client.list_qualification_types, {"MustBeRequestable": False}),
        "requests": (client.list_qualification_requests, {}),
    }
    for status in ("Reviewable", "Reviewing"):
        calls[status] = (client.list_reviewable_hits, {"Status": status})
    for hit in world.mturk.hits:
        for name in ("get_hit", "list_assignments_for_hit", "list_bonus_payments"):
            calls[f"{name} {hit.id}"] = (getattr(client, name), {"HITId": hit.id})
        name = "list_review_policy_results_for_hit"
        calls[f"{name} {hit.id}"] = (getattr(client, name), {"HITId": hit.id})
    for work in world.mturk.assignments:
        calls[f"get {work.id}"] = (client.get_assignment, {"AssignmentId": work.id})
    for type_id in world.types(client):
        which = {"QualificationTypeId": type_id}
        calls[f"type {type_id}"] = (client.get_qualification_type, which)
        for status in ("Granted", "Revoked"):
            calls[f"{status} {type_id}"] = (
                client.list_workers_with_qualification_type,
                {**which, "Status": status},
            )
        calls[f"hits {type_id}"] = (client.list_hits_for_qualification_type, which)
    return {key: _answer(call, params) for key, (call, params) in calls.items()}


def _answer(call: Any, params: dict[str, Any]) -> Any:
    try:
        answer = call(**params)
    except ClientError as refusal:
        answer = dict(refusal.response)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def _truth(mturk: MTurk) -> dict[str, Any]:
    workers = [mturk.worker(id_) for id_ in WORKERS]
    return {
        "now": mturk.clock.now,
        "seed": mturk.seed,
        "upcoming": list(dict.fromkeys(mturk.clock.upcoming)),
        "hits": [repr(hit) for hit in mturk.hits],
        "assignments": {
            work.id: (repr(work), work.accept_time, work.deadline, work.answer)
            for work in mturk.assignments
        },
        "bonuses": mturk.bonuses,
        "emails": mturk.emails,
        "notifications": mturk.notifications,
        "spent": vars(mturk.spent),
        "earnings": [worker.earnings for worker in workers],
        "open": [repr(worker) for worker in workers],
        "found": [[hit.id for hit in worker.find_hits()] for worker in workers],
        "qualifications": [worker.qualifications for worker in workers],
    }
