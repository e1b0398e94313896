"""Qualification requests: with and without tests, and the requester's decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mturk_mock import MTurkError, Worker
from tests.helpers import NOW, answers, create_hit, error_of, question_form, refused
from tests.qualify import (
    EXAMINED,
    KEY,
    LOCALE,
    NO_REQUEST,
    NO_TYPE,
    TEST,
    associate,
    disassociate,
    no_request,
    requirement,
    score,
    type_id_of,
    waiting,
    wrong_request_state,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

MINUTE = timedelta(minutes=1)
RIGHT = {"q1": "a", "q2": ["b", "c"]}
RIGHT_DOCUMENT = answers(
    "<QuestionIdentifier>q1</QuestionIdentifier><SelectionIdentifier>a</SelectionIdentifier>",
    "<QuestionIdentifier>q2</QuestionIdentifier><SelectionIdentifier>b</SelectionIdentifier>"
    "<SelectionIdentifier>c</SelectionIdentifier>",
)


def not_open(request):
    """Return the refusal of a test that is not open, which names request and status."""
    return (
        "InvalidQualificationRequestState",
        f"QualificationRequest {request.id} is {request.status}. "
        "Only the test of an Open request can be submitted.",
    )


@pytest.fixture
def worker(mturk) -> Worker:
    return mturk.worker()


@pytest.fixture
def accept(mturk_client):
    def call(request_id, client=mturk_client, **more):
        return client.accept_qualification_request(QualificationRequestId=request_id, **more)

    return call


@pytest.fixture
def reject(mturk_client):
    def call(request_id, client=mturk_client, **more):
        return client.reject_qualification_request(QualificationRequestId=request_id, **more)

    return call


def once(type_id):
    return (
        "QualificationTypeDoesNotAllowRetake",
        f"QualificationType {type_id} can be requested only once.",
    )


# Without a test ---------------------------------------------------------------------------


def test_request_qualification_waits_for_the_requester(mturk_client, worker):
    """Without a test the request is Submitted, and nothing is granted. [doc]"""
    type_id = type_id_of(mturk_client)

    request = worker.request_qualification(type_id)

    assert (request.status, request.submit_time) == ("Submitted", NOW)
    assert (request.qualification_type_id, request.worker_id) == (type_id, worker.id)
    assert (request.test, request.deadline, request.answer) == (None, None, None)
    assert worker.qualifications == {}
    assert repr(request) == (
        f"<QualificationRequest {request.id} for {type_id} by {worker.id}, Submitted>"
    )


def test_request_qualification_granted_automatically(mturk, mturk_client, worker):
    """A type with AutoGranted is granted at once, with its value. [doc]"""
    type_id = type_id_of(mturk_client, AutoGranted=True, AutoGrantedValue=4)
    mturk.clock.advance(MINUTE)

    request = worker.request_qualification(type_id)

    assert request.status == "Granted"
    assert waiting(mturk_client) == []
    shown = score(mturk_client, type_id, worker.id)
    assert (shown["IntegerValue"], shown["GrantTime"]) == (4, NOW + MINUTE)


def test_request_qualification_of_a_chosen_id(mturk, mturk_client, worker):
    """next_id() sets the ID of one request, and no other object can have it."""
    mturk.next_id("QualificationRequest", "3MINE")

    assert worker.request_qualification(type_id_of(mturk_client)).id == "3MINE"
    with pytest.raises(ValueError, match="the ID 3MINE is already taken"):
        mturk.next_id("HIT", "3MINE")


@pytest.mark.parametrize("kind", ["unknown", "gone"])
def test_request_qualification_that_does_not_exist(mturk_client, worker, kind):
    """A request for an unknown or deleted type is refused. [doc] rule, [assumed] error"""
    type_id = NO_TYPE
    if kind == "gone":
        type_id = type_id_of(mturk_client)
        mturk_client.delete_qualification_type(QualificationTypeId=type_id)

    assert refused(worker.request_qualification, type_id) == (
        "QualificationTypeDoesNotExist",
        f"QualificationType [{type_id}] does not exist.",
    )


@pytest.mark.parametrize("kind", ["inactive", "being deleted"])
def test_request_qualification_that_is_not_active(mturk_client, worker, kind):
    """Only Active types can be requested. [doc] rule, [assumed] error"""
    type_id = type_id_of(mturk_client)
    create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    if kind == "inactive":
        mturk_client.update_qualification_type(
            QualificationTypeId=type_id, QualificationTypeStatus="Inactive"
        )
    else:
        mturk_client.delete_qualification_type(QualificationTypeId=type_id)

    assert refused(worker.request_qualification, type_id) == (
        "InvalidQualificationTypeState",
        "This operation can be called with a status of: Active",
    )


def test_request_qualification_of_the_system(worker):
    """System types cannot be requested. [doc] rule, [assumed] error"""
    assert refused(worker.request_qualification, LOCALE) == (
        "PermissionDeniedException",
        "This user is not authorized to perform the requested operation.",
    )


def test_request_qualification_with_answers_to_no_test(mturk_client, worker):
    """Answers for a type without a test raise an error, and nothing is requested."""
    type_id = type_id_of(mturk_client)

    with pytest.raises(ValueError, match=f"qualification type {type_id} has no test to answer"):
        worker.request_qualification(type_id, {"q1": "a"})
    assert waiting(mturk_client) == []


def test_request_submit_without_a_test(mturk_client, worker):
    """submit() of a request without a test is refused. [assumed]"""
    request = worker.request_qualification(type_id_of(mturk_client))

    assert refused(request.submit, {}) == not_open(request)


# Repeated requests ------------------------------------------------------------------------


def test_request_qualification_again_without_a_delay(mturk, mturk_client, worker, reject):
    """Without RetryDelayInSeconds a worker can request a type only once. [doc]"""
    type_id = type_id_of(mturk_client)
    reject(worker.request_qualification(type_id).id)
    mturk.clock.advance(days=400)

    assert refused(worker.request_qualification, type_id) == once(type_id)
    assert mturk.worker().request_qualification(type_id).status == "Submitted"


def test_request_qualification_again_after_a_revocation(mturk_client, worker):
    """A revoked AutoGranted qualification cannot be requested again. [doc]"""
    type_id = type_id_of(mturk_client, AutoGranted=True)
    worker.request_qualification(type_id)
    disassociate(mturk_client, type_id, worker.id)

    assert refused(worker.request_qualification, type_id) == once(type_id)


def test_request_qualification_after_it_was_granted(mturk_client, worker):
    """A qualification granted without a request can still be requested. [assumed]"""
    type_id = type_id_of(mturk_client)
    associate(mturk_client, type_id, worker.id)

    assert worker.request_qualification(type_id).status == "Submitted"


def test_request_qualification_again_with_a_delay(mturk, mturk_client, worker):
    """The delay counts from the last request. [doc] [assumed]"""
    type_id = type_id_of(mturk_client, RetryDelayInSeconds=60)
    worker.request_qualification(type_id)
    mturk.clock.advance(seconds=59)

    assert refused(worker.request_qualification, type_id) == (
        "QualificationTypeRetryDelayNotElapsed",
        f"QualificationType {type_id} can be requested again 60 seconds after the last request.",
    )
    mturk.clock.advance(seconds=1)
    worker.request_qualification(type_id)
    assert len(waiting(mturk_client)) == 2
    with pytest.raises(MTurkError):
        worker.request_qualification(type_id)


# With a test ------------------------------------------------------------------------------


def test_request_qualification_with_a_test_to_take(mturk_client, worker):
    """The requester does not see the request before the test is submitted. [doc]"""
    request = worker.request_qualification(type_id_of(mturk_client, **EXAMINED))

    assert (request.status, request.test) == ("Open", TEST)
    assert (request.deadline, request.submit_time) == (NOW + MINUTE, None)
    assert waiting(mturk_client) == []


def test_request_submit_waits_for_the_requester(mturk, mturk_client, worker):
    """Without an AnswerKey the requester decides, and reads Test and Answer. [doc]"""
    type_id = type_id_of(mturk_client, **EXAMINED)
    request = worker.request_qualification(type_id)
    mturk.clock.advance(seconds=30)

    assert request.submit(RIGHT) is request

    (shown,) = mturk_client.list_qualification_requests()["QualificationRequests"]
    assert shown == {
        "QualificationRequestId": request.id,
        "QualificationTypeId": type_id,
        "WorkerId": worker.id,
        "SubmitTime": NOW + timedelta(seconds=30),
        "Test": TEST,
        "Answer": RIGHT_DOCUMENT,
    }
    assert (request.status, request.answer) == ("Submitted", RIGHT_DOCUMENT)


@pytest.mark.parametrize("given", [RIGHT, RIGHT_DOCUMENT])
def test_request_qualification_with_answers(mturk, mturk_client, worker, given):
    """Answers submit the test at once; an AnswerKey scores it and grants the type. [doc]"""
    type_id = type_id_of(mturk_client, **EXAMINED, AnswerKey=KEY)

    request = worker.request_qualification(type_id, answers=given)

    assert (request.status, request.submit_time) == ("Granted", NOW)
    assert worker.qualifications == {type_id: 5}
    assert waiting(mturk_client) == []
    mturk.clock.advance(days=1)
    assert request.status == "Granted"


def test_request_qualification_with_answers_that_no_form_sends(mturk_client, worker):
    """Answers that the form cannot send raise an error, and nothing is requested."""
    type_id = type_id_of(mturk_client, **EXAMINED)

    with pytest.raises(ValueError, match="question 'q1' has no choice 'z'; it has a, b, c"):
        worker.request_qualification(type_id, {"q1": "z"})
    with pytest.raises(TypeError, match="an answer is a dict of the form's fields or a"):
        worker.request_qualification(type_id, 5)
    assert refused(worker.request_qualification, type_id, "<a/>")[0] == "XMLParseError"
    assert worker.request_qualification(type_id, RIGHT).status == "Submitted"


def test_request_submit_answers_that_no_form_sends(mturk_client, worker):
    """Answers that the form cannot send raise an error, and the request stays Open."""
    request = worker.request_qualification(type_id_of(mturk_client, **EXAMINED))

    with pytest.raises(ValueError, match="has no question 'q3'; it has q1, q2"):
        request.submit({"q3": "a"})
    assert request.status == "Open"


def test_request_submit_twice(mturk_client, worker):
    """A test can be submitted once. [assumed] the error"""
    request = worker.request_qualification(type_id_of(mturk_client, **EXAMINED), RIGHT)

    assert refused(request.submit, RIGHT) == not_open(request)


def test_request_submit_too_late(mturk, mturk_client, worker):
    """A test must be submitted within its duration. [doc] rule, [assumed] the error"""
    requests = [
        person.request_qualification(type_id_of(mturk_client, Name=name, **EXAMINED, AnswerKey=KEY))
        for name, person in (("one", worker), ("two", mturk.worker()))
    ]
    (event, _) = mturk.clock.upcoming
    assert (event.what, event.id) == ("qualification test ends", requests[0].id)
    mturk.clock.advance(seconds=59)
    requests[0].submit(RIGHT)
    mturk.clock.advance(seconds=1)

    assert [request.status for request in requests] == ["Granted", "Expired"]
    assert refused(requests[1].submit, RIGHT) == not_open(requests[1])
    assert mturk.clock.upcoming == []


def test_request_submit_a_test_that_has_changed(mturk_client, worker):
    """A request keeps the test and key from the time of the request. [doc] the test"""
    type_id = type_id_of(mturk_client, **EXAMINED, AnswerKey=KEY)
    request = worker.request_qualification(type_id)
    mturk_client.update_qualification_type(
        QualificationTypeId=type_id, Test=question_form(q9=None), TestDurationInSeconds=1
    )

    request.submit(RIGHT)

    assert request.test == TEST
    assert worker.qualifications == {type_id: 5}


def test_request_qualification_again_for_less(mturk_client, worker):
    """A retry replaces the value, even by a smaller one. [assumed]"""
    type_id = type_id_of(mturk_client, **EXAMINED, AnswerKey=KEY, RetryDelayInSeconds=0)
    worker.request_qualification(type_id, RIGHT)

    worker.request_qualification(type_id, {"q1": "a"})

    assert worker.qualifications == {type_id: 3}


# ListQualificationRequests ----------------------------------------------------------------


def test_list_qualification_requests_without_a_test(mturk_client, worker):
    """Requests without a test have no Test and no Answer. [doc]"""
    type_id = type_id_of(mturk_client)
    request = worker.request_qualification(type_id)

    response = mturk_client.list_qualification_requests(QualificationTypeId=type_id)

    assert response["QualificationRequests"] == [
        {
            "QualificationRequestId": request.id,
            "QualificationTypeId": type_id,
            "WorkerId": worker.id,
            "SubmitTime": NOW,
        }
    ]


def test_list_qualification_requests_of_a_type(mturk, mturk_client, worker):
    """Without QualificationTypeId, requests for all types of the caller are listed. [doc]"""
    other, sandbox = mturk.requester("other").client(), mturk.client(sandbox=True)
    mine = [type_id_of(mturk_client, Name=name) for name in ("one", "two")]
    first, second, third, fourth = (
        worker.request_qualification(type_id).id
        for type_id in (*mine, type_id_of(other), type_id_of(sandbox))
    )

    assert waiting(mturk_client) == [first, second]
    assert waiting(mturk_client, QualificationTypeId=mine[1]) == [second]
    assert waiting(other) == [third]
    assert waiting(sandbox) == [fourth]


def test_list_qualification_requests_pages(mturk, mturk_client):
    """Ordered by submission [doc, legacy], not by the time of the request."""
    type_id = type_id_of(mturk_client, **EXAMINED)
    requests = [mturk.worker().request_qualification(type_id) for _ in range(12)]
    for request in reversed(requests):
        request.submit(RIGHT)
    expected = [request.id for request in reversed(requests)]

    pages = list(
        mturk_client.get_paginator("list_qualification_requests").paginate(
            PaginationConfig={"PageSize": 5}
        )
    )

    assert waiting(mturk_client) == expected[:10]
    assert [page["NumResults"] for page in pages] == [5, 5, 2, 0]
    assert expected == [
        each["QualificationRequestId"] for page in pages for each in page["QualificationRequests"]
    ]


# Accept and Reject ------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "granted"), [({}, 1), ({"IntegerValue": 80}, 80)])
def test_accept_qualification_request(mturk, mturk_client, worker, accept, value, granted):
    """The default value is 1, GrantTime is now, and the request is no longer listed. [doc]"""
    type_id = type_id_of(mturk_client)
    request = worker.request_qualification(type_id)
    mturk.clock.advance(MINUTE)

    response = accept(request.id, **value)

    assert response.keys() == {"ResponseMetadata"}
    shown = score(mturk_client, type_id, worker.id)
    assert (shown["IntegerValue"], shown["GrantTime"]) == (granted, NOW + MINUTE)
    assert (request.status, waiting(mturk_client)) == ("Granted", [])


def test_accept_qualification_request_overwrites(mturk_client, worker, accept):
    """AssociateQualificationWithWorker leaves the request; accepting it replaces the value.

    [doc]
    """
    type_id = type_id_of(mturk_client)
    request = worker.request_qualification(type_id)
    associate(mturk_client, type_id, worker.id, IntegerValue=5)
    assert waiting(mturk_client) == [request.id]

    accept(request.id, IntegerValue=2)

    assert worker.qualifications == {type_id: 2}


def test_reject_qualification_request(mturk_client, worker, reject):
    """The request is no longer listed [doc]; the worker can read the reason. [doc]"""
    request = worker.request_qualification(type_id_of(mturk_client))
    assert request.reason is None

    response = reject(request.id, Reason="Not now")

    assert response.keys() == {"ResponseMetadata"}
    assert (request.status, request.reason) == ("Rejected", "Not now")
    assert (waiting(mturk_client), worker.qualifications) == ([], {})


def test_reject_qualification_request_leaves_what_is_granted(mturk_client, worker, reject):
    """The worker keeps a qualification that was granted before. [doc]"""
    type_id = type_id_of(mturk_client)
    request = worker.request_qualification(type_id)
    associate(mturk_client, type_id, worker.id, IntegerValue=5)

    reject(request.id)

    assert worker.qualifications == {type_id: 5}


@pytest.mark.parametrize("decide", ["accept", "reject"])
class TestDecision:
    @pytest.fixture
    def decided(self, request, decide):
        return request.getfixturevalue(decide)

    def test_of_an_unknown_request(self, decided):
        """An unknown request is refused. [observed] code, [assumed] text"""
        assert error_of(lambda: decided(NO_REQUEST)) == no_request(NO_REQUEST)

    def test_of_somebody_elses_request(self, mturk, mturk_client, worker, decided):
        """For another requester, and in the sandbox, the request does not exist. [assumed]"""
        id_ = worker.request_qualification(type_id_of(mturk_client)).id

        for client in (mturk.requester("other").client(), mturk.client(sandbox=True)):
            told = error_of(lambda client=client: decided(id_, client))
            assert told == no_request(id_)

    def test_of_a_test_being_taken(self, mturk, mturk_client, worker, decided):
        """An unsubmitted request does not exist for the requester [doc], even if expired.

        [assumed] error
        """
        id_ = worker.request_qualification(type_id_of(mturk_client, **EXAMINED)).id

        assert error_of(lambda: decided(id_)) == no_request(id_)
        mturk.clock.advance(MINUTE)
        assert error_of(lambda: decided(id_)) == no_request(id_)

    @pytest.mark.parametrize("before", ["accept", "reject", "delete", "grant"])
    def test_of_a_decided_request(self, request, mturk_client, worker, decided, before):
        """A decided request cannot be decided again. [observed] code, [assumed] text"""
        type_id = type_id_of(mturk_client, AutoGranted=before == "grant")
        id_ = worker.request_qualification(type_id).id
        if before in ("accept", "reject"):
            request.getfixturevalue(before)(id_)
        elif before == "delete":
            mturk_client.delete_qualification_type(QualificationTypeId=type_id)

        assert error_of(lambda: decided(id_)) == wrong_request_state()


def test_request_after_a_reset(mturk, mturk_client, worker):
    """A request handle from before reset() raises RuntimeError."""
    request = worker.request_qualification(type_id_of(mturk_client))

    mturk.reset()

    with pytest.raises(RuntimeError, match=f"^QualificationRequest {request.id} is not in "):
        _ = request.status


def test_request_in_an_isolated_block(mturk, mturk_client, worker):
    """Requests and grants of an isolated() block end with it."""
    type_id = type_id_of(mturk_client, AutoGranted=True)

    with mturk.isolated():
        worker.request_qualification(type_id)
        assert worker.qualifications == {type_id: 1}

    assert worker.qualifications == {}
    assert worker.request_qualification(type_id).status == "Granted"
