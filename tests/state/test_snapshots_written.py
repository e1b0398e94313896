"""State files written by hand: the defaults of omitted members."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

import pytest
from freezegun import freeze_time

from mturk_mock import mock_mturk
from tests.clients import balance_of
from tests.helpers import (
    HTML_QUESTION,
    NOW,
    answers,
    create_hit,
    free_text,
    get_hit,
    hit_ids,
    question_form,
    state_of,
)
from tests.notices import specification
from tests.policies import known_answers, plurality
from tests.states import OTHER, TIME, WORKER, load, of_hits, of_works
from tests.worlds import KEY, TEST, UPLOAD

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def at(moment):
    """Return a time in the format of the file."""
    return moment.isoformat()


@pytest.fixture
def mturk():
    """Return a mock to restore states in."""
    with mock_mturk(seed=9, balance="1.00") as mturk:
        yield mturk


@pytest.fixture
def restored(mturk, tmp_path):
    """Return a function that restores a state in the mock and returns a client."""

    def restore(**content):
        mturk.restore(load(tmp_path, **content))
        return mturk.client()

    return restore


# The world --------------------------------------------------------------------------------


def test_written_nothing_is_an_empty_world(mturk, restored):
    """Only the version is required; the default seed is 0."""
    client = restored()

    assert (mturk.hits, mturk.assignments, mturk.seed) == ([], [], 0)
    assert (mturk.clock.now, balance_of(client)) == (NOW, "10000.00")


def test_written_no_time_follows_the_machine(mturk, restored):
    """By default the clock follows the machine."""
    with freeze_time("2031-05-06"):
        restored(now=None)
        assert at(mturk.clock.now) == "2031-05-06T00:00:00+00:00"


def test_written_balance_is_that_of_every_requester(mturk, restored):
    """The balance is the default for all accounts; the sandbox has its own. [doc]"""
    restored(balance="7.00", accounts=[{"requester": "rich", "balance": "9000.50"}])

    assert mturk.balance == Decimal("7.00")
    assert mturk.requester("rich").balance == Decimal("9000.50")
    assert balance_of(mturk.client(sandbox=True)) == "10000.00"


def test_written_spent(mturk, restored):
    """Omitted amounts of `spent` are 0."""
    restored(accounts=[{"spent": {"fees": "0.20"}}])

    assert vars(mturk.spent) == {"rewards": 0, "bonuses": 0, "fees": Decimal("0.20")}


def test_written_seed_and_ids(mturk, restored):
    """`drawn` skips IDs; `chosen` IDs are used first."""
    with mock_mturk(seed=3, now=NOW) as other:
        ids = [create_hit(other.client())["HITId"] for _ in range(3)]
        workers = [other.worker().id for _ in range(2)]
    client = restored(
        seed=3, ids={"drawn": {"HIT": 2, "Worker": 1}, "chosen": {"HIT": ["3CHOSEN"]}}
    )

    assert [create_hit(client)["HITId"] for _ in range(2)] == ["3CHOSEN", ids[2]]
    assert mturk.worker().id == workers[1]


def test_written_worker(mturk, restored):
    """A worker needs only an ID."""
    restored(
        workers=[
            {"id": WORKER},
            {
                "id": OTHER,
                "country": "DE",
                "subdivision": "BE",
                "masters": True,
                "approved": 3,
                "rejected": 1,
                "adult": True,
            },
        ]
    )

    with mturk._backend.transaction() as (marketplace, _):
        plain, special = (asdict(marketplace.people[id_]) for id_ in (WORKER, OTHER))
    names = ("country", "subdivision", "masters", "approved", "rejected", "adult")
    assert [plain[name] for name in names] == ["US", None, False, 0, 0, False]
    assert [special[name] for name in names] == ["DE", "BE", True, 3, 1, True]


def test_written_block(restored):
    """Blocked workers exist."""
    client = restored(accounts=[{"blocks": [{"worker_id": WORKER, "reason": "spam"}]}])

    assert client.list_worker_blocks()["WorkerBlocks"] == [{"WorkerId": WORKER, "Reason": "spam"}]


def test_written_emails_and_notifications(mturk, restored):
    """An email to a worker needs no address; a notification is delivered by default."""
    restored(
        emails=[{"worker_id": WORKER, "subject": "s"}, {"to": "me@example.com"}],
        notifications=[
            {
                "event_type": "HITExpired",
                "hit_id": "3HIT",
                "hit_type_id": "3TYPE",
                "destination": "me@example.com",
            }
        ],
    )

    assert [(mail.to, mail.subject, mail.text) for mail in mturk.emails] == [
        ("a1worker@workers.example", "s", ""),
        ("me@example.com", "", ""),
    ]
    (sent,) = mturk.notifications
    assert (sent.transport, sent.delivered, sent.document, sent.time) == ("Email", True, {}, NOW)


def test_written_token_is_used_up(restored):
    """A request token in the file is recognized for a day. [doc]"""
    token = {"operation": "CreateHIT", "token": "t", "result": "3HIT"}
    client = restored(**of_hits({"id": "3HIT"}, request_tokens=[token]))
    with pytest.raises(client.exceptions.RequestError) as refusal:
        create_hit(client, UniqueRequestToken="t")

    assert "HitAlreadyExists" in refusal.value.response["TurkErrorCode"]


# HITs -------------------------------------------------------------------------------------


def test_written_hit_has_defaults(restored):
    """A HIT needs no member: it was created now and expires in a day."""
    client = restored(**of_hits({}))
    (hit,) = client.list_hits()["HITs"]

    assert (
        hit.items()
        >= {
            "Title": "A HIT",
            "Description": "A HIT",
            "Reward": "1.00",
            "MaxAssignments": 1,
            "HITStatus": "Assignable",
            "NumberOfAssignmentsAvailable": 1,
            "AssignmentDurationInSeconds": 3600,
            "AutoApprovalDelayInSeconds": 2592000,
            "CreationTime": NOW,
            "Expiration": NOW + DAY,
        }.items()
    )
    assert balance_of(client) == "10000.00"


def test_written_hit_with_properties(restored):
    """Members have boto3's names in snake case; equal properties are one HIT type. [doc]"""
    requirement = {
        "QualificationTypeId": "00000000000000000071",
        "Comparator": "In",
        "LocaleValues": [{"Country": "US", "Subdivision": "NY"}, {"Country": "DE"}],
        "ActionsGuarded": "DiscoverPreviewAndAccept",
    }
    said = {"title": "T", "reward": "0.05", "qualification_requirements": [requirement]}
    own = {"id": "3FIRST", "question": HTML_QUESTION, "requester_annotation": "note"}
    client = restored(**of_hits({**said, **own}, {**said, "id": "3SECOND"}))

    first, second = get_hit(client, "3FIRST"), get_hit(client, "3SECOND")
    assert first["HITTypeId"] == second["HITTypeId"]
    assert (first["Title"], first["Reward"], first["RequesterAnnotation"]) == ("T", "0.05", "note")
    assert first["QualificationRequirements"][0].items() >= requirement.items()
    assert hit_ids(client.list_hits()) == ["3SECOND", "3FIRST"]


def test_written_hit_of_a_type(restored):
    """A HIT refers to a HIT type of its account."""
    client = restored(
        **of_hits({"id": "3HIT", "hit_type_id": "3TYPE"}, hit_types=[{"id": "3TYPE"}])
    )

    assert get_hit(client, "3HIT")["HITTypeId"] == "3TYPE"


def test_written_hit_of_a_layout_is_made_from_it(restored):
    """Without a question, the layout and its values make one."""
    layout = {"hit_layout_id": "3LAYOUT", "hit_layout_parameters": {"animal": "Cat"}}
    client = restored(layouts={"3LAYOUT": "<p>${animal}?</p>"}, **of_hits({"id": "3HIT", **layout}))

    assert "<p>Cat?</p>" in get_hit(client, "3HIT")["Question"]


@pytest.mark.parametrize(("active", "sent"), [(None, 1), (True, 1), (False, 0)])
def test_written_type_tells(mturk, restored, active, sent):
    """The notifications of a HIT type are active by default."""
    telling = {"id": "3TYPE", "notification": specification(), "notification_active": active}
    client = restored(**of_hits({"id": "3HIT", "hit_type_id": "3TYPE"}, hit_types=[telling]))
    client.update_expiration_for_hit(HITId="3HIT", ExpireAt=0)

    assert [each.event_type for each in mturk.notifications][:1] == ["HITExpired"] * sent


@pytest.mark.parametrize("status", ["Reviewable", "Reviewing", "Disposed"])
def test_written_hit_that_is_over_has_expired(restored, status):
    """A HIT with only such a status expired now, and its assignments are left."""
    client = restored(**of_hits({"id": "3HIT", "status": status, "max_assignments": 3}))

    assert state_of(client, "3HIT") == (status, 3, 0, 0)
    assert get_hit(client, "3HIT")["Expiration"] == NOW


def test_written_hit_that_is_past_has_expired(restored):
    """The default status follows from the expiration and the assignments."""
    past = {"creation_time": at(NOW - 2 * DAY), "expiration": at(NOW - DAY)}
    client = restored(**of_hits({"id": "3HIT", **past}))

    assert state_of(client, "3HIT").status == "Reviewable"


def test_written_hit_that_is_due_expires(mturk, restored):
    """A HIT that is Assignable expires when due, and sends HITExpired."""
    past = {"creation_time": at(NOW - 2 * DAY), "expiration": at(NOW - DAY)}
    telling = {"id": "3TYPE", "notification": specification("HITExpired")}
    hit = {"id": "3HIT", "hit_type_id": "3TYPE", "status": "Assignable", **past}
    restored(**of_hits(hit, hit_types=[telling]))

    assert [each.time for each in mturk.notifications] == [NOW - DAY]
    assert mturk.hits[0].status == "Reviewable"


def test_written_hit_is_disposed_in_time(mturk, restored):
    """A HIT is disposed 120 days after its expiration. [doc]"""
    restored(
        **of_hits(
            {"id": "3EXPIRED", "status": "Reviewable"},
            {"id": "3SAID", "status": "Reviewable", "disposal_time": at(NOW + DAY)},
        )
    )

    assert [(each.id, each.time) for each in mturk.clock.upcoming] == [
        ("3SAID", NOW + DAY),
        ("3EXPIRED", NOW + 120 * DAY),
    ]


def test_written_hit_that_was_taken_up_is_disposed_in_time(mturk, restored):
    """A HIT without assignments left is disposed 120 days after the last acceptance."""
    work = {"worker_id": WORKER, "status": "Approved", "accept_time": at(NOW - HOUR)}
    restored(**of_works(work, creation_time=at(NOW - DAY), expiration=at(NOW + DAY)))

    assert [each.time for each in mturk.clock.upcoming] == [NOW + DAY, NOW - HOUR + 120 * DAY]


# Assignments ------------------------------------------------------------------------------


def test_written_work_has_defaults(mturk, restored):
    """An assignment needs only a worker: it was submitted now and is not reviewed."""
    client = restored(**of_works({"worker_id": WORKER}))
    (work,) = client.list_assignments_for_hit(HITId="3HIT")["Assignments"]

    assert (
        work.items()
        >= {
            "WorkerId": WORKER,
            "AssignmentStatus": "Submitted",
            "Answer": answers(),
            "AcceptTime": NOW,
            "SubmitTime": NOW,
            "AutoApprovalTime": NOW + 30 * DAY,
        }.items()
    )
    assert state_of(client, "3HIT") == ("Reviewable", 0, 0, 0)
    client.approve_assignment(AssignmentId=work["AssignmentId"])
    assert (mturk.balance, mturk.spent.fees) == (Decimal(10000), Decimal("0.20"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Accepted", ("Unassignable", 0, 1, 0)),
        ("Submitted", ("Reviewable", 0, 0, 0)),
        ("Approved", ("Reviewable", 0, 0, 1)),
        ("Rejected", ("Reviewable", 0, 0, 1)),
        ("Returned", ("Assignable", 1, 0, 0)),
        ("Abandoned", ("Assignable", 1, 0, 0)),
    ],
)
def test_written_work_makes_the_state_of_the_hit(mturk, restored, status, state):
    """The status and the counts of a HIT follow from its assignments."""
    client = restored(**of_works({"worker_id": WORKER, "status": status}))

    assert state_of(client, "3HIT") == state
    assert mturk.assignments[0].status == status


def test_written_work_that_is_approved_is_earned(mturk, restored):
    """An approved assignment counts as earned in production, and costs nothing. [doc]"""
    client = restored(**of_works({"worker_id": WORKER, "status": "Approved"}, reward="0.70"))

    assert mturk.worker(WORKER).earnings == Decimal("0.70")
    assert (mturk.balance, mturk.spent.rewards) == (Decimal(10000), 0)
    writing = {"Subject": "s", "MessageText": "t", "WorkerIds": [WORKER]}
    assert client.notify_workers(**writing)["NotifyWorkersFailureStatuses"] == []


def test_written_work_in_the_sandbox_earns_nothing(mturk, restored):
    """An approved assignment in the sandbox earns nothing. [doc]"""
    work = {"worker_id": WORKER, "status": "Approved"}
    restored(accounts=[{"environment": "sandbox", "hits": [{"assignments": [work]}]}])

    assert mturk.worker(WORKER).earnings == 0


def test_written_times_of_work(mturk, restored):
    """Omitted times are as late as the given ones, the deadline and auto-approval allow."""
    restored(
        **of_works(
            {"worker_id": WORKER, "accept_time": at(NOW - 5 * HOUR)},
            {"worker_id": OTHER, "status": "Approved", "submit_time": at(NOW - 40 * DAY)},
            {"worker_id": "A3", "status": "Rejected", "rejection_time": at(NOW - HOUR)},
            {
                "worker_id": "A5",
                "status": "Approved",
                "rejection_time": at(NOW - HOUR),
                "approval_time": at(NOW),
            },
            {"worker_id": "A4", "status": "Abandoned", "accept_time": at(NOW - MINUTE)},
            creation_time=at(NOW - 50 * DAY),
        )
    )
    late, approved, rejected, overridden, abandoned = (
        next(work for work in mturk.assignments if work.worker_id == id_)
        for id_ in (WORKER, OTHER, "A3", "A5", "A4")
    )

    assert (late.submit_time, late.deadline) == (NOW - 4 * HOUR, NOW - 4 * HOUR)
    assert (approved.accept_time, approved.approval_time) == (NOW - 40 * DAY, NOW - 10 * DAY)
    assert (rejected.accept_time, rejected.submit_time) == (NOW - HOUR, NOW - HOUR)
    assert rejected.rejection_time == NOW - HOUR
    assert (overridden.rejection_time, overridden.approval_time) == (NOW - HOUR, NOW)
    assert abandoned.deadline == NOW


def test_written_answers(restored):
    """An answer is fields or a document; a file is base64."""
    document = answers(free_text("q1", "42"))
    client = restored(
        **of_hits(
            {
                "id": "3FORM",
                "question": question_form(q1=None),
                "assignments": [
                    {"worker_id": WORKER, "answer": {"q1": "42"}},
                    {"worker_id": OTHER, "answer": document},
                ],
            },
            {
                "id": "3FILE",
                "question": UPLOAD,
                "assignments": [{"id": "3WORK", "worker_id": WORKER, "files": {"q1": "aGk="}}],
            },
        )
    )
    works = client.list_assignments_for_hit(HITId="3FORM")["Assignments"]

    assert [work["Answer"] for work in works] == [document, document]
    assert "FileUploadURL" in client.get_file_upload_url(
        AssignmentId="3WORK", QuestionIdentifier="q1"
    )


def test_written_feedback(restored):
    """`requester_feedback` is the feedback of the review."""
    work = {"worker_id": WORKER, "status": "Rejected", "requester_feedback": "no"}
    client = restored(**of_works({**work, "id": "3WORK"}))

    assert client.get_assignment(AssignmentId="3WORK")["Assignment"]["RequesterFeedback"] == "no"


def test_written_order_of_submissions(restored):
    """Submissions are ordered by time, or by `submission` if given."""
    works = [{"worker_id": f"A{n}", "id": f"3W{n}"} for n in range(3)]
    said = [{**work, "submission": place} for work, place in zip(works, (2, 0, 1), strict=True)]
    client = restored(
        **of_hits({"id": "3TIME", "assignments": works}, {"id": "3SAID", "assignments": []})
    )
    ids = [
        work["AssignmentId"]
        for work in client.list_assignments_for_hit(HITId="3TIME")["Assignments"]
    ]
    client = restored(**of_works(*said))
    shown = client.list_assignments_for_hit(HITId="3HIT")["Assignments"]

    assert ids == ["3W0", "3W1", "3W2"]
    assert [work["AssignmentId"] for work in shown] == ["3W1", "3W2", "3W0"]


def test_written_work_is_in_order_of_acceptance(mturk, restored):
    """`mturk.assignments` is ordered by acceptance across the HITs of an account."""
    early, late = (
        {"id": id_, "worker_id": WORKER, "accept_time": at(NOW - age)}
        for id_, age in (("3EARLY", 2 * MINUTE), ("3LATE", MINUTE))
    )
    created = {"creation_time": at(NOW - HOUR)}
    restored(**of_hits({"assignments": [late], **created}, {"assignments": [early], **created}))

    assert [work.id for work in mturk.assignments] == ["3EARLY", "3LATE"]


def test_written_bonus(mturk, restored):
    """A bonus goes to the worker of the assignment, who has earned it."""
    bonus = {"assignment_id": "3WORK", "amount": "0.30"}
    work = {"id": "3WORK", "worker_id": WORKER}
    client = restored(**of_hits({"id": "3HIT", "assignments": [work]}, bonuses=[bonus]))

    (paid,) = client.list_bonus_payments(HITId="3HIT")["BonusPayments"]
    assert (paid["WorkerId"], paid["BonusAmount"], paid["Reason"]) == (WORKER, "0.30", "Thank you")
    assert (mturk.worker(WORKER).earnings, mturk.spent.bonuses) == (Decimal("0.30"), 0)


# Review policies --------------------------------------------------------------------------


def test_written_work_without_a_score_is_scored(restored):
    """The review policy of the HIT scores a submission without a score. [doc]"""
    policy = known_answers(ApproveIfKnownAnswerScoreIsAtLeast="0")
    works = [
        {"worker_id": WORKER, "id": "3WORK"},
        {"worker_id": OTHER, "id": "3SCORED", "score": 70},
    ]
    client = restored(**of_works(*works, assignment_review_policy=policy))

    statuses = {
        work["AssignmentId"]: work["AssignmentStatus"]
        for work in client.list_assignments_for_hit(HITId="3HIT")["Assignments"]
    }
    assert statuses == {"3WORK": "Approved", "3SCORED": "Submitted"}


def test_written_policies_and_what_they_did(restored):
    """Policies have the form of CreateHIT; the log has actions and findings."""
    action = {
        "level": "HIT",
        "name": "review",
        "result": "Reviewed",
        "target_id": "3HIT",
        "target_type": "HIT",
    }
    finding = {
        "kind": "finding",
        "level": "HIT",
        "action_id": "3ACTION",
        "key": "k",
        "value": "v",
        "subject_id": "3HIT",
        "subject_type": "HIT",
    }
    policy = plurality(RejectReason="no", DisregardAssignmentIfRejected="true")
    client = restored(
        **of_works(
            hit_review_policy=policy,
            review_log=[action, finding, {**action, "name": "reject", "result": None}],
            status="Reviewable",
        )
    )
    found = client.list_review_policy_results_for_hit(HITId="3HIT")
    report = found["HITReviewReport"]

    assert found["HITReviewPolicy"] == {"PolicyName": "SimplePlurality/2011-09-01"}
    assert [each.get("Result") for each in report["ReviewActions"]] == ["Reviewed", None]
    assert [each["Value"] for each in report["ReviewResults"]] == ["v"]


# Qualifications ---------------------------------------------------------------------------


def test_written_qualification_type(mturk, restored):
    """By default a type is Active and belongs to the default requester."""
    grants = [
        {"worker_id": WORKER, "value": 80},
        {"worker_id": OTHER, "status": "Revoked"},
    ]
    client = restored(qualification_types=[{"id": "3Q", "name": "Q", "qualifications": grants}])
    listed = client.list_workers_with_qualification_type
    which = {"QualificationTypeId": "3Q"}

    assert client.get_qualification_type(**which)["QualificationType"] == {
        "QualificationTypeId": "3Q",
        "CreationTime": NOW,
        "Name": "Q",
        "Description": "A qualification",
        "QualificationTypeStatus": "Active",
        "IsRequestable": True,
        "AutoGranted": False,
    }
    assert listed(**which)["Qualifications"][0]["IntegerValue"] == 80
    assert listed(**which, Status="Revoked")["Qualifications"][0]["WorkerId"] == OTHER
    assert mturk.worker(WORKER).qualifications == {"3Q": 80}


def test_written_qualification_type_that_is_deleted(restored):
    """HITs can require a deleted type; its name is free, and its ID is unknown after those HITs."""
    requirement = {"QualificationTypeId": "3OLD", "Comparator": "Exists"}
    client = restored(
        qualification_types=[
            {"id": "3OLD", "name": "Q", "deleted": True},
            {"id": "3NEW", "name": "Q"},
        ],
        **of_hits({"id": "3HIT", "qualification_requirements": [requirement]}),
    )
    which = {"QualificationTypeId": "3OLD"}

    shown = client.get_qualification_type(**which)["QualificationType"]
    assert shown["QualificationTypeStatus"] == "Inactive"
    client.update_expiration_for_hit(HITId="3HIT", ExpireAt=0)
    client.delete_hit(HITId="3HIT")
    with pytest.raises(client.exceptions.RequestError):
        client.get_qualification_type(**which)


def request(**said):
    """Return the state of one request, for the type 3Q."""
    asked = {"id": "3R", "qualification_type_id": "3Q", "worker_id": WORKER, **said}
    return {"qualification_requests": [asked]}


def shown_request(mturk):
    """Return the request in the mock."""
    with mturk._backend.transaction() as (marketplace, _):
        return marketplace.find_qualification_request("3R")[1]


def test_written_request_waits_for_the_requester(mturk, restored):
    """A request without a test was submitted now, and can be accepted."""
    client = restored(qualification_types=[{"id": "3Q"}], **request())
    client.accept_qualification_request(QualificationRequestId="3R", IntegerValue=5)

    assert mturk.worker(WORKER).qualifications == {"3Q": 5}


EXAMINED = {"id": "3Q", "test": TEST, "test_duration_in_seconds": 60}


def test_written_request_whose_test_is_being_taken(mturk, restored):
    """A request with a test is Open by default, and its time ends when due."""
    restored(qualification_types=[EXAMINED], **request())

    assert [(each.what, each.time) for each in mturk.clock.upcoming] == [
        ("qualification test ends", NOW + MINUTE)
    ]


def test_written_request_whose_test_was_submitted(mturk, restored):
    """Answers are fields or a document; omitted answers are empty."""
    said = {"status": "Submitted", "answer": {"q1": "42"}}
    client = restored(qualification_types=[EXAMINED], **request(**said))
    (shown,) = client.list_qualification_requests()["QualificationRequests"]

    assert "<FreeText>42</FreeText>" in shown["Answer"]
    assert shown["Test"] == TEST


@pytest.mark.parametrize(
    ("said", "submitted"), [({}, None), ({"submit_time": TIME}, NOW), ({"has_test": False}, NOW)]
)
def test_written_request_that_was_rejected(mturk, restored, said, submitted):
    """A Rejected request with a test was not submitted, unless it has a submit_time."""
    content = request(status="Rejected", reason="no", **said)
    restored(qualification_types=[{**EXAMINED, "deleted": True}], **content)
    found = shown_request(mturk)

    assert (found.status, found.reason) == ("Rejected", "no")
    assert (found.submit_time is None) == (submitted is None)


def test_written_request_with_a_test_of_its_own(mturk, restored):
    """The test of a request is that of the time of the request. [doc]"""
    own = question_form(q2=["yes"])
    said = {"test": own, "test_duration_in_seconds": 9, "answer_key": KEY}
    restored(qualification_types=[EXAMINED], **request(**said))
    found = shown_request(mturk)

    assert (found.examination.document, found.examination.duration) == (own, 9)
    assert found.examination.key == KEY


def test_written_requests_count_for_the_retry(mturk, restored):
    """The latest request of a worker sets the retry delay, in whatever order they are listed."""
    asked = [
        {"qualification_type_id": "3Q", "worker_id": WORKER, "request_time": at(NOW - age)}
        for age in (HOUR, 2 * HOUR)
    ]
    restored(
        qualification_types=[{"id": "3Q", "retry_delay_in_seconds": 7000}],
        qualification_requests=asked,
    )

    with pytest.raises(Exception, match="RetryDelayNotElapsed"):
        mturk.worker(WORKER).request_qualification("3Q")


# What happens at the same time ------------------------------------------------------------


def test_written_order_of_events(mturk, restored):
    """Events that are due at once happen in the given order, others after them."""
    order = [{"what": "HIT expires", "id": "3B"}]
    restored(**of_hits({"id": "3A"}, {"id": "3B"}), order_of_events=order)

    assert [each.id for each in mturk.clock.upcoming] == ["3B", "3A"]
