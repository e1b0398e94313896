"""mturk.add_hit(), add_assignment() and add_qualification_type(): state from Python."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from mturk_mock import mock_mturk
from tests.clients import balance_of
from tests.helpers import (
    HTML_QUESTION,
    NOW,
    accept,
    answers,
    error_of,
    free_text,
    get_hit,
    hit_ids,
    state_of,
)
from tests.notices import telling_type, told
from tests.policies import known_answers
from tests.worlds import UPLOAD

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORKER = "A1WORKER"
FORM_OF_WORKER = (
    "must be an ID such as 'A1B2C3D4E5F6G7' (an A, then capital letters and digits), not "
)


@pytest.fixture
def mturk():
    """Return a mock with a fixed seed, clock and balance."""
    with mock_mturk(seed=1, now=NOW, balance="100.00") as mturk:
        yield mturk


@pytest.fixture
def client(mturk):
    """Return a client of the mock."""
    return mturk.client()


def refusal(kind, function, *args, **said):
    """Return the message of the error that a call raises."""
    with pytest.raises(kind) as refused:
        function(*args, **said)
    assert type(refused.value) is kind
    return str(refused.value)


# HITs -------------------------------------------------------------------------------------


def test_add_hit_has_defaults(mturk, client):
    """All arguments of add_hit have defaults."""
    hit = mturk.add_hit()

    assert (
        get_hit(client, hit.id).items()
        >= {
            "HITId": hit.id,
            "Title": "A HIT",
            "Reward": "1.00",
            "HITStatus": "Assignable",
            "CreationTime": NOW,
            "Expiration": NOW + DAY,
            "MaxAssignments": 1,
        }.items()
    )


def test_add_hit_with_everything_said(mturk, client):
    """IDs and times are the given ones."""
    hit = mturk.add_hit(
        id="3OLD",
        title="Old",
        reward=Decimal("0.05"),
        created=NOW - 3 * DAY,
        expires=NOW + 2 * DAY,
        max_assignments=3,
        question=HTML_QUESTION,
        requester_annotation="note",
        assignment_duration_in_seconds=60,
    )

    assert (
        get_hit(client, "3OLD").items()
        >= {
            "Title": "Old",
            "Reward": "0.05",
            "MaxAssignments": 3,
            "Question": HTML_QUESTION,
            "CreationTime": NOW - 3 * DAY,
            "Expiration": NOW + 2 * DAY,
            "RequesterAnnotation": "note",
            "AssignmentDurationInSeconds": 60,
        }.items()
    )
    assert hit == mturk.hits[0]


@pytest.mark.parametrize("status", ["Assignable", "Reviewable", "Reviewing", "Disposed"])
def test_add_hit_in_any_status(mturk, client, status):
    """A HIT without assignments can have each of these statuses."""
    hit = mturk.add_hit(status=status, max_assignments=3)

    assert state_of(client, hit.id) == (status, 3, 0, 0)


def test_add_hit_of_another_requester_in_the_sandbox(mturk, client):
    """`requester` and `sandbox` select the account."""
    hit = mturk.add_hit(requester="lab", sandbox=True)

    assert (hit.requester, hit.environment) == ("lab", "sandbox")
    assert hit_ids(mturk.requester("lab").client(sandbox=True).list_hits()) == [hit.id]
    assert hit_ids(client.list_hits()) == []


def test_add_hit_costs_nothing(mturk, client):
    """The funds that the HIT holds are added, so the balance stays the same."""
    hit = mturk.add_hit(reward="500.00", max_assignments=9)

    assert balance_of(client) == "100.00"
    work = accept(mturk, hit.id)[0].submit({})
    client.approve_assignment(AssignmentId=work.id)
    assert (mturk.balance, mturk.spent.rewards) == (Decimal("100.00"), Decimal("500.00"))
    client.update_expiration_for_hit(HITId=hit.id, ExpireAt=0)
    assert mturk.balance == 100 + 8 * 600


def test_add_hit_lives_on(mturk):
    """The HIT expires and is disposed when due. [doc]"""
    mturk.add_hit(id="3A")
    mturk.add_hit(id="3B", status="Reviewable")

    assert [(each.what, each.id, each.time) for each in mturk.clock.upcoming] == [
        ("HIT expires", "3A", NOW + DAY),
        ("HIT is disposed", "3B", NOW + 120 * DAY),
    ]


def test_add_hit_is_not_announced(mturk, client):
    """add_hit sends no notification."""
    type_id = telling_type(client)
    hit = mturk.add_hit(hit_type_id=type_id)

    assert told(mturk) == []
    client.update_expiration_for_hit(HITId=hit.id, ExpireAt=0)
    assert told(mturk)[0] == "HITExpired"


HITS = [
    (TypeError, {"requester": 5}, "requester: must be a name, not 5"),
    (TypeError, {"created": "2026"},
     "created takes an aware datetime, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc), "
     "not '2026'"),
    (ValueError, {"expires": datetime(2027, 1, 1)},
     "expires takes an aware datetime, but datetime.datetime(2027, 1, 1, 0, 0) has no time zone: "
     "add one, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc)"),
    (ValueError, {"created": NOW + DAY},
     "created: 2026-01-02 00:00:00+00:00 is in the future: it is 2026-01-01 00:00:00+00:00"),
    (ValueError, {"expires": NOW - DAY},
     "expires: 2025-12-31T00:00:00.000000Z is before the HIT was created, "
     "at 2026-01-01T00:00:00.000000Z"),
    (TypeError, {"reward": 0.5}, "reward takes a str, int or Decimal, such as '12.50', not 0.5"),
    (ValueError, {"id": "old"},
     "id: must be an ID of at most 64 capital letters and digits, not 'old'"),
    (TypeError, {"id": 5},
     "id: must be an ID of at most 64 capital letters and digits, not 5"),
    (ValueError, {"hit_type_id": "3T"}, "hit_type_id: the account has no HIT type 3T"),
    (TypeError, {"title": 5}, "title: must be a text, not 5"),
    (TypeError, {"assignment_duration_in_seconds": "60"},
     "assignment_duration_in_seconds: must be a whole number, not '60'"),
    (TypeError, {"qualification_requirements": {}},
     "qualification_requirements: must be a list, not {}"),
    (ValueError, {"qualification_requirements": [5]},
     "A structure was expected. Found int at 'qualificationRequirements.1.member'."),
    (TypeError, {"hit_review_policy": "x"}, "hit_review_policy: must be an object, not 'x'"),
    (TypeError, {"sandbox": "no"}, "sandbox: must be True or False, not 'no'"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "message"), HITS)
def test_add_hit_refuses(mturk, kind, said, message):
    """An invalid argument is named in the message, and nothing changes."""
    assert refusal(kind, mturk.add_hit, **said) == f"add_hit(): {message}"
    assert mturk.hits == []


def test_add_hit_of_a_layout(mturk, client):
    """The question is the layout's page with the values, and the HIT names the layout."""
    layout_id = mturk.add_layout("<p>${animal} or ${other}?</p>")

    hit = mturk.add_hit(
        hit_layout_id=layout_id, hit_layout_parameters={"animal": "Cat", "other": "dog"}
    )

    assert hit.html == "<p>Cat or dog?</p>"
    assert get_hit(client, hit.id)["HITLayoutId"] == layout_id


def test_add_hit_of_a_layout_with_parameters_of_a_request(mturk):
    """They can be given as to create_hit, too."""
    layout_id = mturk.add_layout("<p>${animal}?</p>")
    parameters = [{"Name": "animal", "Value": "Cat"}]

    hit = mturk.add_hit(hit_layout_id=layout_id, hit_layout_parameters=parameters)

    assert hit.html == "<p>Cat?</p>"


def test_add_hit_of_a_layout_without_placeholders(mturk):
    """It takes no parameters."""
    assert mturk.add_hit(hit_layout_id=mturk.add_layout("<p>Hi</p>")).html == "<p>Hi</p>"


LAYOUTS = [
    (ValueError, {"hit_layout_id": "3NONE"}, "hit_layout_id: there is no layout 3NONE"),
    (ValueError, {"hit_layout_id": "3L", "question": HTML_QUESTION},
     "question: not allowed with hit_layout_id, which makes the question"),
    (ValueError, {"hit_layout_parameters": {"animal": "Cat"}},
     "hit_layout_parameters: allowed only with hit_layout_id"),
    (ValueError, {"hit_layout_id": "3L"},
     "hit_layout_parameters: Your request is missing required parameters. Required parameters "
     "include HITLayoutParameter. You have not provided all required HITLayout parameters. "
     "Missing parameter names: animal"),
    (ValueError, {"hit_layout_id": "3L", "hit_layout_parameters": {"animal": "Cat", "x": "y"}},
     'hit_layout_parameters: The value "x" is not valid for the parameter HITLayoutParameters.'),
    (ValueError,
     {"hit_layout_id": "3L",
      "hit_layout_parameters": [{"Name": "animal", "Value": each} for each in ("Cat", "Dog")]},
     'hit_layout_parameters: The value "animal" is not valid for the parameter '
     "HITLayoutParameters."),
    (ValueError, {"hit_layout_id": "3L", "hit_layout_parameters": {"animal": 5}},
     "hit_layout_parameters: A string was expected. Found int at "
     "'hITLayoutParameters.1.member.value'."),
    (ValueError, {"hit_layout_id": "3L", "hit_layout_parameters": "animal"},
     "hit_layout_parameters: A list was expected. Found str at 'hITLayoutParameters'."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "message"), LAYOUTS)
def test_add_hit_refuses_layouts(mturk, kind, said, message):
    """What CreateHIT would reject, in its words; and nothing has changed."""
    mturk.next_id("HITLayout", "3L")
    mturk.add_layout("<p>${animal}?</p>")

    assert refusal(kind, mturk.add_hit, **said) == f"add_hit(): {message}"
    assert mturk.hits == []


# HIT types --------------------------------------------------------------------------------


def test_add_hit_type_has_defaults(mturk, client):
    """Those of add_hit(); the API finds the type by its properties."""
    type_id = mturk.add_hit_type()

    assert mturk.add_hit().hit_type_id == type_id
    assert (
        client.create_hit_type(
            Title="A HIT", Description="A HIT", Reward="1.00", AssignmentDurationInSeconds=3600
        )["HITTypeId"]
        == type_id
    )


def test_add_hit_type_has_what_is_given(mturk):
    """The HIT type has the given properties and requester."""
    qualification = mturk.add_qualification_type(requester="lab", sandbox=True)
    required = {"QualificationTypeId": qualification, "Comparator": "Exists"}

    type_id = mturk.add_hit_type(
        id="3TYPE",
        requester="lab",
        sandbox=True,
        title="Cat?",
        description="Look",
        keywords="cats",
        reward="0.05",
        assignment_duration_in_seconds=60,
        auto_approval_delay_in_seconds=0,
        qualification_requirements=[required],
    )

    assert type_id == "3TYPE"
    (type_,) = mturk.hit_types
    assert vars(type_) == {
        "hit_type_id": "3TYPE",
        "hit_group_id": mturk.add_hit(
            requester="lab", sandbox=True, hit_type_id="3TYPE"
        ).hit_group_id,
        "requester": "lab",
        "environment": "sandbox",
        "title": "Cat?",
        "description": "Look",
        "keywords": "cats",
        "reward": Decimal("0.05"),
        "assignment_duration_in_seconds": 60,
        "auto_approval_delay_in_seconds": 0,
        "qualification_requirements": [
            {**required, "RequiredToPreview": False, "ActionsGuarded": "Accept"}
        ],
    }


def test_add_hit_type_can_be_used_by_the_api(mturk, client):
    """CreateHITWithHITType takes its ID."""
    type_id = mturk.add_hit_type(title="Cat?")

    hit = client.create_hit_with_hit_type(
        HITTypeId=type_id, LifetimeInSeconds=60, Question=HTML_QUESTION
    )["HIT"]

    assert hit["Title"] == "Cat?"


HIT_TYPES = [
    (ValueError, {"id": "3OLD", "title": "New"}, "id: the ID 3OLD is already taken"),
    (ValueError, {"title": "Old"}, "the HIT type 3OLD has the same properties"),
    (TypeError, {"title": "New", "reward": 0.5},
     "reward takes a str, int or Decimal, such as '12.50', not 0.5"),
    (ValueError, {"title": ""},
     "Your request parameter Title  has a minimum length of 1."),
    (TypeError, {"requester": 5}, "requester: must be a name, not 5"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "message"), HIT_TYPES)
def test_add_hit_type_refuses(mturk, kind, said, message):
    """An invalid or existing HIT type is refused, and nothing changes."""
    mturk.add_hit_type(id="3OLD", title="Old")

    assert refusal(kind, mturk.add_hit_type, **said) == f"add_hit_type(): {message}"
    assert [type_.hit_type_id for type_ in mturk.hit_types] == ["3OLD"]


def test_add_shows_its_keyword_arguments(mturk):
    """`help` and editors show the keyword arguments."""
    hit, work, type_ = (
        inspect.signature(function).parameters
        for function in (mturk.add_hit, mturk.add_assignment, mturk.add_qualification_type)
    )

    assert {"title", "reward", "created", "hit_type_id"} < hit.keys()
    assert {"worker", "answer", "submitted"} < work.keys()
    assert {"name", "grants", "answer_key"} < type_.keys()


@pytest.mark.parametrize(
    "name", ["add_hit", "add_hit_type", "add_assignment", "add_qualification_type"]
)
def test_add_refuses_unknown_keyword_arguments(mturk, name):
    """An unknown keyword argument raises a TypeError that lists the known ones."""
    args = [mturk.add_hit()] if name == "add_assignment" else []
    names = inspect.signature(getattr(mturk, name)).parameters

    assert refusal(TypeError, getattr(mturk, name), *args, nonsense="x") == (
        f"{name}() has no argument 'nonsense'; its arguments are {', '.join(names)}"
    )


def test_add_hit_refused_uses_no_id_up(mturk):
    """After a refused add_hit, the next HIT gets the ID that it would have had."""
    with mock_mturk(seed=1, now=NOW) as other:
        expected = other.add_hit().id
    refusal(ValueError, mturk.add_hit, status="Unassignable")

    assert mturk.add_hit().id == expected


# Assignments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Accepted", ("Assignable", 1, 1, 0)),
        ("Submitted", ("Assignable", 1, 0, 0)),
        ("Approved", ("Assignable", 1, 0, 1)),
        ("Rejected", ("Assignable", 1, 0, 1)),
        ("Returned", ("Assignable", 2, 0, 0)),
        ("Abandoned", ("Assignable", 2, 0, 0)),
    ],
)
def test_add_assignment_in_any_status(mturk, client, status, state):
    """The counts of the HIT include the assignment."""
    hit = mturk.add_hit(max_assignments=2)
    work = mturk.add_assignment(hit, status=status)

    assert (work.status, state_of(client, hit.id)) == (status, state)
    assert work in mturk.assignments


def test_add_assignment_is_listed(mturk, client):
    """ListAssignmentsForHIT lists added assignments that were submitted, by status."""
    hit = mturk.add_hit(max_assignments=6)
    statuses = ("Submitted", "Approved", "Rejected", "Accepted", "Returned", "Abandoned")
    works = {status: mturk.add_assignment(hit, status=status).id for status in statuses}

    def listed(*only):
        filtered = {"AssignmentStatuses": list(only)} if only else {}
        found = client.list_assignments_for_hit(HITId=hit.id, **filtered)
        return [work["AssignmentId"] for work in found["Assignments"]]

    assert listed() == [works[status] for status in statuses[:3]]
    assert [listed(status) for status in statuses[:3]] == [[works[s]] for s in statuses[:3]]
    client.approve_assignment(AssignmentId=works["Submitted"])
    assert (listed("Submitted"), len(listed("Approved"))) == ([], 2)


def test_add_assignment_with_everything_said(mturk, client):
    """IDs, times, answers and feedback are the given ones."""
    hit = mturk.add_hit(created=NOW - 3 * DAY)
    work = mturk.add_assignment(
        hit.id,
        id="3WORK",
        worker=WORKER,
        status="Rejected",
        answer={"field": "value"},
        accepted=NOW - 5 * HOUR,
        submitted=NOW - 4 * HOUR,
        deadline=NOW - 2 * HOUR,
        rejected=NOW - 1 * HOUR,
        feedback="no",
    )

    assert work.deadline == NOW - 2 * HOUR
    assert client.get_assignment(AssignmentId="3WORK")["Assignment"] == {
        "AssignmentId": "3WORK",
        "WorkerId": WORKER,
        "HITId": hit.id,
        "AssignmentStatus": "Rejected",
        "AutoApprovalTime": NOW - 4 * HOUR + 30 * DAY,
        "AcceptTime": NOW - 5 * HOUR,
        "SubmitTime": NOW - 4 * HOUR,
        "RejectionTime": NOW - HOUR,
        "RequesterFeedback": "no",
        "Answer": answers(free_text("field", "value")),
    }


def test_add_assignment_of_a_new_worker(mturk):
    """By default each assignment gets a new worker; a worker handle is accepted too."""
    hit = mturk.add_hit(max_assignments=3)
    somebody = mturk.worker()
    ids = [mturk.add_assignment(hit, worker=who).worker_id for who in (None, None, somebody)]

    assert len(set(ids)) == 3
    assert ids[2] == somebody.id


def test_add_assignment_takes_documents_and_files(mturk, client):
    """The answer can be a document, and a field for a file can have bytes."""
    document = answers(free_text("field", "value"))
    of_text = mturk.add_assignment(mturk.add_hit(), answer=document)
    of_file = mturk.add_assignment(mturk.add_hit(question=UPLOAD), answer={"q1": b"hi"})

    assert of_text.answer == document
    assert f"{of_file.id}/q1" in of_file.answer
    assert client.get_file_upload_url(AssignmentId=of_file.id, QuestionIdentifier="q1")


def test_add_assignment_costs_nothing(mturk, client):
    """add_assignment charges no reward and no fee; an approved assignment counts as earned."""
    hit = mturk.add_hit(reward="0.50", max_assignments=3)
    mturk.add_assignment(hit, worker=WORKER, status="Approved")
    waiting = mturk.add_assignment(hit)

    assert (mturk.balance, mturk.spent.rewards) == (Decimal("100.00"), 0)
    assert mturk.worker(WORKER).earnings == Decimal("0.50")
    client.approve_assignment(AssignmentId=waiting.id)
    assert (mturk.balance, mturk.spent.fees) == (Decimal("100.00"), Decimal("0.10"))


def test_add_assignment_takes_the_last_place(mturk, client):
    """The HIT is no longer Assignable, and is disposed when due. [doc]"""
    hit = mturk.add_hit()
    work = mturk.add_assignment(hit, status="Accepted")

    assert hit.status == "Unassignable"
    assert [(each.what, each.time) for each in mturk.clock.upcoming] == [
        ("assignment is abandoned", NOW + HOUR),
        ("HIT expires", NOW + DAY),
        ("HIT is disposed", NOW + 120 * DAY),
    ]
    work.submit({})
    assert hit.status == "Reviewable"


def test_add_assignment_to_a_hit_that_is_over(mturk, client):
    """An assignment can be added to an expired HIT."""
    hit = mturk.add_hit(status="Reviewing", created=NOW - DAY, max_assignments=2)
    mturk.add_assignment(hit, status="Approved")

    assert state_of(client, hit.id) == ("Reviewing", 1, 0, 1)


def test_add_assignment_to_a_hit_that_is_gone(mturk, client):
    """An assignment of a Disposed HIT must be reviewed."""
    hit = mturk.add_hit(status="Disposed", max_assignments=2)
    mturk.add_assignment(hit, status="Approved")

    assert hit.status == "Disposed"
    assert refusal(ValueError, mturk.add_assignment, hit) == (
        "add_assignment(): status: an assignment of a Disposed HIT cannot be Submitted"
    )


def test_add_assignment_is_approved_in_time(mturk):
    """An added assignment is approved on schedule, even if that time is past. [doc]"""
    hit = mturk.add_hit(created=NOW - 50 * DAY, max_assignments=2)
    old = mturk.add_assignment(hit, submitted=NOW - 40 * DAY)
    new = mturk.add_assignment(hit, submitted=NOW - 20 * DAY)

    assert (old.status, old.approval_time, new.status) == ("Approved", NOW - 10 * DAY, "Submitted")
    mturk.clock.advance(days=10)
    assert new.status == "Approved"


def test_add_assignment_is_not_announced(mturk, client):
    """add_assignment sends no notification, not even HITReviewable."""
    hit = mturk.add_hit(hit_type_id=telling_type(client))
    mturk.add_assignment(hit)

    assert (hit.status, told(mturk)) == ("Reviewable", [])


def test_add_assignment_is_scored(mturk):
    """The review policy of the HIT scores the assignment, like any submission. [doc]"""
    policy = known_answers(RejectIfKnownAnswerScoreIsLessThan="50")
    hit = mturk.add_hit(assignment_review_policy=policy)

    assert mturk.add_assignment(hit).status == "Rejected"


WORKS = [
    (ValueError, {"worker": "bob"}, f"worker: {FORM_OF_WORKER}'bob'"),
    (ValueError, {"status": "Submitted", "rejected": NOW},
     "rejected: not allowed for an assignment that is Submitted"),
    (ValueError, {"submitted": NOW + DAY},
     "submitted: 2026-01-02 00:00:00+00:00 is in the future: it is 2026-01-01 00:00:00+00:00"),
    (ValueError, {"accepted": NOW - DAY},
     "accepted: 2025-12-31T00:00:00.000000Z is before the HIT was created, "
     "at 2026-01-01T00:00:00.000000Z"),
    (TypeError, {"answer": 5},
     "answer: must be the form's fields as an object, or a QuestionFormAnswers document, "
     "not 5"),
    (TypeError, {"answer": {"field": None}},
     "answer: field 'field' takes text or a number, not None"),
    (ValueError, {"id": "3HIT"}, "id: the ID 3HIT is already taken"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "message"), WORKS)
def test_add_assignment_refuses(mturk, client, kind, said, message):
    """An invalid argument is named in the message, and nothing changes."""
    mturk.add_hit(id="3HIT")

    assert refusal(kind, mturk.add_assignment, "3HIT", **said) == f"add_assignment(): {message}"
    assert state_of(client, "3HIT") == ("Assignable", 1, 0, 0)


def test_add_assignment_refuses_what_has_no_place(mturk):
    """A HIT has at most max_assignments, and a worker has each HIT once. [doc]"""
    hit = mturk.add_hit(id="3HIT")
    mturk.add_assignment(hit, id="3WORK", worker=WORKER)

    assert refusal(ValueError, mturk.add_assignment, hit, worker=WORKER) == (
        "add_assignment(): worker: A1WORKER already has assignment 3WORK of the HIT"
    )
    assert refusal(ValueError, mturk.add_assignment, hit) == (
        "add_assignment(): hit: the HIT 3HIT has no assignment left: max_assignments is 1"
    )


def test_add_assignment_refuses_an_unknown_hit(mturk):
    """add_assignment requires an existing HIT."""
    assert refusal(ValueError, mturk.add_assignment, "3NONE") == (
        "add_assignment(): hit: there is no HIT '3NONE'"
    )


# Qualification types ----------------------------------------------------------------------


def test_add_qualification_type_is_there(mturk, client):
    """The type has the given ID and qualifications."""
    type_id = mturk.add_qualification_type(
        name="Cats", id="3CATS", grants={WORKER: 80}, created=NOW - DAY, description="d"
    )
    shown = client.get_qualification_type(QualificationTypeId=type_id)["QualificationType"]

    assert (type_id, shown["Name"], shown["CreationTime"]) == ("3CATS", "Cats", NOW - DAY)
    assert mturk.worker(WORKER).qualifications == {"3CATS": 80}
    assert mturk.emails == []


def test_add_qualification_type_in_the_sandbox(mturk, client):
    """`requester` and `sandbox` select the account."""
    type_id = mturk.add_qualification_type(requester="lab", sandbox=True)
    listed = (
        mturk.requester("lab")
        .client(sandbox=True)
        .list_qualification_types(MustBeRequestable=True, MustBeOwnedByCaller=True)
    )

    assert [each["QualificationTypeId"] for each in listed["QualificationTypes"]] == [type_id]
    missing = error_of(lambda: client.get_qualification_type(QualificationTypeId=type_id))
    assert missing.turk_error_code == "AWS.MechanicalTurk.QualificationTypeDoesNotExist"


def test_add_qualification_type_is_required(mturk):
    """An added HIT can require an added qualification type."""
    type_id = mturk.add_qualification_type(grants={WORKER: 1})
    requirement = {"QualificationTypeId": type_id, "Comparator": "Exists"}
    hit = mturk.add_hit(max_assignments=2, qualification_requirements=[requirement])

    mturk.worker(WORKER).accept(hit.id)
    with pytest.raises(Exception, match="does not meet"):
        mturk.worker().accept(hit.id)


TYPES = [
    (TypeError, {"grants": [WORKER]},
     "grants: must be a dict from worker IDs to values, such as {'A1B2C3': 80}, not ['A1WORKER']"),
    (ValueError, {"grants": {"bob": 1}}, f"grants[0].worker_id: {FORM_OF_WORKER}'bob'"),
    (TypeError, {"grants": {WORKER: "1"}}, "grants[0].value: must be a whole number, not '1'"),
    (ValueError, {"name": ""}, "Your request parameter Name  has a minimum length of 1."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "message"), TYPES)
def test_add_qualification_type_refuses(mturk, client, kind, said, message):
    """An invalid argument raises an error, and nothing changes."""
    expected = f"add_qualification_type(): {message}"
    assert refusal(kind, mturk.add_qualification_type, **said) == expected
    listed = client.list_qualification_types(MustBeRequestable=True)
    assert listed["NumResults"] == 0


def test_placed_state_survives_a_file(mturk, client, tmp_path):
    """Objects that were added without the API are saved and loaded."""
    hit = mturk.add_hit(max_assignments=2)
    mturk.add_assignment(hit, status="Approved")
    before = (repr(mturk), repr(hit), mturk.clock.upcoming)
    mturk.snapshot().save(tmp_path / "state.json")
    mturk.restore(type(mturk.snapshot()).load(tmp_path / "state.json"))

    assert (repr(mturk), repr(hit), mturk.clock.upcoming) == before
