"""The table of errors: each row is raised by a request or an action, with the recorded message."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
import requests

from mturk_mock import ERRORS, MTurkError, mock_mturk
from tests.backend.raw_requests import raw
from tests.helpers import (
    NOW,
    STAMP,
    accepted,
    block_workers,
    external_question,
    hit_params,
    html_question,
    publish,
    question_form,
    submitted,
)
from tests.notices import QUEUE_URL, specification
from tests.policies import actions, scored_hit, submit_score
from tests.qualify import KEY, LOCALE, associate, disassociate, requirement, type_id_of

OLD = datetime(2015, 7, 21, tzinfo=timezone.utc)
UNSTAMPED = (
    "ValidationException",
    "SerializationException",
    "UnknownOperationException",
    "ThrottlingException",
)
#: Errors about credentials, raised before the request is read; see test_accounts.
OF_CREDENTIALS = ["MISSING_AUTHENTICATION_TOKEN", "UNRECOGNIZED_CLIENT", "LEGACY_NOT_AUTHORIZED"]
#: Errors that only a server sends; see tests/server.
OF_THE_SERVER = [
    "BODY_TOO_LONG",
    "INCOMPLETE_SIGNATURE",
    "INTERNAL_FAILURE",
    "INVALID_SIGNATURE",
    "NOT_STORED",
    "PRODUCTION_REFUSED",
    "SIGNATURE_EXPIRED",
    "SIGNATURE_NOT_YET_CURRENT",
    "UNKNOWN_REQUEST",
]
INVALID_VALUE = "AWS.MechanicalTurk.InvalidParameterValue"


# The requests that raise each row: an operation and its members ---------------------------


def unknown_hit(mturk, client):
    return "GetHIT", {"HITId": "3A"}


def unknown_assignment(mturk, client):
    return "ApproveAssignment", {"AssignmentId": "3A"}


def unknown_qualification_type(mturk, client):
    return "CreateHIT", hit_params(QualificationRequirements=[requirement("3A")])


def qualification_not_granted(mturk, client):
    params = {"QualificationTypeId": type_id_of(client), "WorkerId": "A1"}
    return "GetQualificationScore", params


def unknown_qualification_request(mturk, client):
    return "AcceptQualificationRequest", {"QualificationRequestId": "3A"}


def unknown_layout(mturk, client):
    params = hit_params(HITLayoutId="3A")
    del params["Question"]
    return "CreateHIT", params


def delete_assignable_hit(mturk, client):
    return "DeleteHIT", {"HITId": publish(client)}


def change_type_of_accepted_hit(mturk, client):
    mturk.next_id("HIT", "3HIT")
    hit_id = publish(client)
    mturk.worker().accept(hit_id)
    type_id = client.get_hit(HITId=hit_id)["HIT"]["HITTypeId"]
    return "UpdateHITTypeOfHIT", {"HITId": hit_id, "HITTypeId": type_id}


def block_too_many(mturk, client):
    block_workers(mturk, 100_000)
    return "CreateWorkerBlock", {"WorkerId": "A100000", "Reason": "Spam"}


def unblock_stranger(mturk, client):
    return "DeleteWorkerBlock", {"WorkerId": "A1"}


def approve_twice(mturk, client):
    params = {"AssignmentId": submitted(client, mturk.worker()).id}
    client.approve_assignment(**params)
    return "ApproveAssignment", params


def qualification_revoked(mturk, client):
    operation, params = qualification_not_granted(mturk, client)
    associate(client, params["QualificationTypeId"], "A1")
    disassociate(client, params["QualificationTypeId"], "A1")
    return operation, params


def delete_type_twice(mturk, client):
    type_id = type_id_of(client)
    publish(client, QualificationRequirements=[requirement(type_id)])
    params = {"QualificationTypeId": type_id}
    client.delete_qualification_type(**params)
    return "DeleteQualificationType", params


def accept_request_twice(mturk, client):
    wish = mturk.worker().request_qualification(type_id_of(client))
    params = {"QualificationRequestId": wish.id}
    client.accept_qualification_request(**params)
    return "AcceptQualificationRequest", params


def extend(mturk, client):
    mturk.next_id("HIT", "3HIT")
    params = {"HITId": publish(client, MaxAssignments=9), "NumberOfAdditionalAssignments": 1}
    return "CreateAdditionalAssignmentsForHIT", params


def create_twice(mturk, client):
    mturk.next_id("HIT", "3HIT")
    params = hit_params(UniqueRequestToken="t")
    client.create_hit(**params)
    return "CreateHIT", params


def create_type_twice(mturk, client):
    params = {"Name": "a", "Description": "b", "QualificationTypeStatus": "Active"}
    client.create_qualification_type(**params)
    return "CreateQualificationType", params


def extend_twice(mturk, client):
    params = {
        "HITId": publish(client),
        "NumberOfAdditionalAssignments": 1,
        "UniqueRequestToken": "t",
    }
    client.create_additional_assignments_for_hit(**params)
    return "CreateAdditionalAssignmentsForHIT", params


def spend_too_much(mturk, client):
    mturk.balance = 0
    return "CreateHIT", hit_params()


def title_too_long(mturk, client):
    return "CreateHIT", hit_params(Title="t" * 129)


def lifetime_too_short(mturk, client):
    return "CreateHIT", hit_params(LifetimeInSeconds=29)


def title_empty(mturk, client):
    return "CreateHIT", hit_params(Title="")


def page_not_secure(mturk, client):
    return "CreateHIT", hit_params(Question=external_question("http://example.com/"))


def question_no_xml(mturk, client):
    return "CreateHIT", hit_params(Question="What?")


def page_no_html5(mturk, client):
    return "CreateHIT", hit_params(Question=html_question("<body>"))


def layout_not_filled(mturk, client):
    layout_id = mturk.add_layout("<img src='${image_url}'>")
    params = hit_params(HITLayoutId=layout_id)
    del params["Question"]
    return "CreateHIT", params


def content_no_xhtml(mturk, client):
    form = question_form(q=None)
    content = "<FormattedContent>&lt;br&gt;</FormattedContent>"
    return "CreateHIT", hit_params(Question=form.replace("<Text>?</Text>", content))


FREE_TEXT = question_form(q=None)


def examined_in_words(mturk, client):
    examination = {"Test": FREE_TEXT, "TestDurationInSeconds": 60, "AnswerKey": KEY}
    type_ = {"Name": "n", "Description": "d", "QualificationTypeStatus": "Active"}
    return "CreateQualificationType", {**type_, **examination}


def bonuses_of_what(mturk, client):
    return "ListBonusPayments", {}


def two_contents(mturk, client):
    return "CreateHIT", hit_params(HITLayoutId="3A")


def tell_nowhere(mturk, client):
    notification = specification(transport="SNS", destination="events")
    return "SendTestEventNotification", {"Notification": notification, "TestEventType": "Ping"}


def tell_nobody(mturk, client):
    notification = specification(transport="SQS")
    return "SendTestEventNotification", {"Notification": notification, "TestEventType": "Ping"}


def no_members(mturk, client):
    return "GetHIT", {}


def wrong_type(mturk, client):
    return "GetHIT", {"HITId": 5}


def unknown_operation(mturk, client):
    return "ExtendHIT", {}


def service_fault(mturk, client):
    mturk.fail()
    return "GetAccountBalance", {}


def throttled(mturk, client):
    mturk.fail(error="ThrottlingException")
    return "GetAccountBalance", {}


class Case(NamedTuple):
    """A request that raises a row, and the expected error; the last three fields are optional."""

    provoke: object
    wire_type: str
    code: str | None
    message: str
    status: int = 400
    now: datetime = NOW
    consistency: str | None = None
    unknown_workers: str | None = None


def request_error(provoke, code, message, **options):
    return Case(provoke, "RequestError", f"AWS.MechanicalTurk.{code}", message, **options)


def value_error(provoke, message, code=INVALID_VALUE, **options):
    return Case(provoke, "ParameterValidationError", code, message, **options)


REQUESTS = {
    "HIT_DOES_NOT_EXIST": request_error(unknown_hit, "HITDoesNotExist", "Hit 3A does not exist."),
    "ASSIGNMENT_DOES_NOT_EXIST": request_error(
        unknown_assignment, "AssignmentDoesNotExist", "Assignment 3A does not exist."
    ),
    "QUALIFICATION_TYPE_DOES_NOT_EXIST": request_error(
        unknown_qualification_type,
        "QualificationTypeDoesNotExist",
        "QualificationType [3A] does not exist.",
    ),
    "QUALIFICATION_DOES_NOT_EXIST": request_error(
        qualification_not_granted,
        "QualificationDoesNotExist",
        "You requested a Qualification that does not exist.",
    ),
    "QUALIFICATION_REQUEST_DOES_NOT_EXIST": request_error(
        unknown_qualification_request,
        "QualificationRequestDoesNotExist",
        "QualificationRequest 3A does not exist.",
    ),
    "HIT_LAYOUT_DOES_NOT_EXIST": request_error(
        unknown_layout, "HITLayoutDoesNotExist", "HITLayout 3A does not exist."
    ),
    "INVALID_HIT_STATE": request_error(
        delete_assignable_hit,
        "InvalidHITState",
        "This HIT is currently in the state 'Assignable'.  "
        "This operation can be called with a status of: Reviewing, Reviewable",
    ),
    "INVALID_ASSIGNMENT_STATE": request_error(
        approve_twice,
        "InvalidAssignmentState",
        "This operation can be called with a status of: Submitted",
    ),
    "INVALID_QUALIFICATION_STATE": request_error(
        qualification_revoked,
        "InvalidQualificationState",
        "This operation can be called with a status of: Granted",
    ),
    "INVALID_QUALIFICATION_TYPE_STATE": request_error(
        delete_type_twice,
        "InvalidQualificationTypeState",
        "This operation can be called with a status of: Active,Inactive",
    ),
    "INVALID_QUALIFICATION_REQUEST_STATE": request_error(
        accept_request_twice,
        "InvalidQualificationRequestState",
        "This operation can be called with a status of: Submitted",
    ),
    "HIT_ALREADY_ACCEPTED": request_error(
        change_type_of_accepted_hit,
        "InvalidHITState",
        "Hit 3HIT keeps its HIT type, because a worker has accepted it. UpdateHITTypeOfHIT can be "
        "called until the first worker accepts the HIT.",
    ),
    "HIT_TOO_NEW": request_error(
        extend,
        "InvalidHITState",
        "Hit 3HIT was created just now and cannot be changed yet. Please try again later.",
        consistency="eventual",
    ),
    "HIT_TOO_OLD_FOR_EXTENSION": request_error(
        extend,
        "HITTooOldForExtension",
        "HIT 3HIT was created before July 22, 2015 and cannot be extended.",
        now=OLD,
    ),
    "INVALID_MAXIMUM_ASSIGNMENTS_INCREASE": request_error(
        extend,
        "InvalidMaximumAssignmentsIncrease",
        "HIT 3HIT was created with fewer than 10 assignments and cannot be extended to have 10 "
        "or more assignments.",
    ),
    "HIT_ALREADY_EXISTS": request_error(
        create_twice, "HitAlreadyExists", 'The HIT with ID "3HIT" already exists.'
    ),
    "QUALIFICATION_TYPE_ALREADY_EXISTS": request_error(
        create_type_twice,
        "QualificationTypeAlreadyExists",
        "You have already created a QualificationType with this name. A QualificationType's name "
        "must be unique among all of the QualificationTypes created by the same user.",
    ),
    "TOKEN_ALREADY_PROCESSED": request_error(
        extend_twice,
        "DuplicateRequest",
        'The idempotency token "t" has already been processed.',
    ),
    "INSUFFICIENT_FUNDS": request_error(
        spend_too_much,
        "InsufficientFunds",
        "This Requester has insufficient funds in their account to complete this transaction. "
        "Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs.",
    ),
    "INVALID_PARAMETER_VALUE": value_error(
        title_too_long, f'The value "{"t" * 129}" is not valid for the parameter Title.'
    ),
    "PARAMETER_OUT_OF_RANGE": value_error(
        lifetime_too_short,
        "The value 29 is invalid for LifetimeInSeconds. Valid values range from 30 to 31536000.",
    ),
    "PARAMETER_TOO_SHORT": value_error(
        title_empty, "Your request parameter Title  has a minimum length of 1."
    ),
    "URL_NOT_HTTPS": value_error(
        page_not_secure,
        'The value "http://example.com/" is not valid for the parameter ExternalURL. '
        "This URL must use the HTTPS protocol..",
    ),
    "XML_PARSE_ERROR": value_error(
        question_no_xml,
        "There was an error parsing the XML question or answer data in your request.  Please "
        "make sure the data is well-formed and validates against the appropriate schema. "
        "Details: syntax error. At line 1, column 1: near 'What?'.",
        code="AWS.MechanicalTurk.XMLParseError",
    ),
    "XHTML_PARSE_ERROR": value_error(
        content_no_xhtml,
        "There was an error parsing the XHTML data in your request.  Please make sure the data is "
        "well-formed and validates against the appropriate schema. Details: mismatched tag. At "
        "line 1, column 7 of its text: near '<br></FormattedConten'. At line 1, column 185, in "
        "QuestionForm/Question/QuestionContent/FormattedContent.",
        code="AWS.MechanicalTurk.XHTMLParseError",
    ),
    "TOO_MANY_WORKER_BLOCKS": request_error(
        block_too_many,
        "ExceedsMaxWorkerBlocks",
        "You have blocked 100000 Workers, which is the maximum. Unblock a Worker first.",
    ),
    "WORKER_ID_INVALID": value_error(
        unblock_stranger, "WorkerId is invalid.", unknown_workers="refuse"
    ),
    "TEST_NOT_VALID": value_error(
        examined_in_words,
        f'The value "{FREE_TEXT}" is not valid for the parameter Test. '
        "Question 'q' asks for text, which a key cannot grade.",
    ),
    "HTML5_PARSE_ERROR": value_error(
        page_no_html5,
        "There was an error parsing the HTML5 data in your request.  Please make sure the data is "
        "well-formed and validates as HTML5. Details: Errors: <! [1,62] An “body” start tag seen "
        "but an element of the same type was already open. !> Invalid content: <!DOCTYPE html>"
        "<html><head><title>?</title></head><body><body></body></html>",
        code="AWS.MechanicalTurk.XHTMLParseError",
    ),
    "MISSING_PARAMETERS": value_error(
        bonuses_of_what,
        "Your request is missing required parameters. "
        "Required parameters include HITId or AssignmentId.",
        code="AWS.MissingParameters",
    ),
    "MISSING_LAYOUT_PARAMETERS": value_error(
        layout_not_filled,
        "Your request is missing required parameters. Required parameters include "
        "HITLayoutParameter. You have not provided all required HITLayout parameters. "
        "Missing parameter names: image_url",
        code="AWS.MissingParameters",
    ),
    "INVALID_PARAMETER_COMBINATION": Case(
        two_contents,
        "InvalidParameterCombinationError",
        INVALID_VALUE,
        "The combination of parameters supplied to the request is invalid: Question, HITLayoutId.",
    ),
    "INVALID_TRANSPORT_ENDPOINT": request_error(
        tell_nowhere,
        "InvalidTransportEndpoint",
        'The destination "events" is not valid for the transport SNS.',
    ),
    "TEST_EVENT_NOT_DELIVERED": request_error(
        tell_nobody,
        "InvalidTransportEndpoint",
        f"The test notification could not be delivered to {QUEUE_URL}: nothing answers at "
        "sqs.us-east-1.amazonaws.com: start moto's mock_aws in the same test "
        "(mturk_mock sends nothing over the network).",
    ),
    "VALIDATION": Case(
        no_members,
        "ValidationException",
        None,
        "1 validation error detected: Value null at 'hITId' failed to satisfy constraint: "
        "Member must not be null",
    ),
    "SERIALIZATION": Case(
        wrong_type,
        "SerializationException",
        None,
        "A string was expected. Found int at 'hITId'.",
    ),
    "SERVICE_UNAVAILABLE": Case(
        service_fault,
        "ServiceFault",
        "AWS.ServiceUnavailable",
        "There was an error with this request.",
        500,
    ),
    "THROTTLING": Case(throttled, "ThrottlingException", None, "Rate exceeded"),
    "UNKNOWN_OPERATION": Case(
        unknown_operation,
        "UnknownOperationException",
        None,
        "The requested operation ExtendHIT is not known to Mechanical Turk.",
    ),
}


# The actions of workers that raise each row -----------------------------------------------


def accept_full_hit(mturk, client):
    hit_id = accepted(client, mturk.worker()).hit_id
    mturk.worker().accept(hit_id)


def accept_twice(mturk, client):
    mturk.next_id("Assignment", "3WORK")
    assignment = accepted(client, mturk.worker("A1"), MaxAssignments=2)
    mturk.worker("A1").accept(assignment.hit_id)


def submit_work_twice(mturk, client):
    mturk.next_id("Assignment", "3WORK")
    accepted(client, mturk.worker()).submit({"x": "1"}).submit({"x": "1"})


def submit_test_twice(mturk, client):
    mturk.next_id("QualificationRequest", "3ASKED")
    request = mturk.worker().request_qualification(type_id_of(client))
    request.submit({})


def accept_eleven(mturk, client):
    for _ in range(11):
        accepted(client, mturk.worker("A1"))


def accept_when_blocked(mturk, client):
    client.create_worker_block(WorkerId="A1", Reason="Spam")
    accepted(client, mturk.worker("A1"))


def accept_unqualified(mturk, client):
    needed = requirement(LOCALE, "EqualTo", LocaleValues=[{"Country": "FR"}])
    accepted(client, mturk.worker("A1", country="US"), QualificationRequirements=[needed])


def request_twice(mturk, client, **params):
    mturk.next_id("QualificationType", "3TYPE")
    type_id = type_id_of(client, **params)
    for _ in range(2):
        mturk.worker("A1").request_qualification(type_id)


def request_too_early(mturk, client):
    request_twice(mturk, client, RetryDelayInSeconds=60)


WORKERS = {
    "NO_HITS_AVAILABLE": (
        accept_full_hit,
        "NoHITsAvailableInGroupException",
        "There are no more available assignments of HIT 3HIT: it is Unassignable.",
    ),
    "ASSIGNMENT_ALREADY_EXISTS": (
        accept_twice,
        "AssignmentAlreadyExists",
        "Worker A1 already has assignment 3WORK of HIT 3HIT.",
    ),
    "ASSIGNMENT_NOT_OPEN": (
        submit_work_twice,
        "InvalidAssignmentState",
        "Assignment 3WORK is Submitted. Only an Accepted assignment can be submitted or returned.",
    ),
    "QUALIFICATION_TEST_NOT_OPEN": (
        submit_test_twice,
        "InvalidQualificationRequestState",
        "QualificationRequest 3ASKED is Submitted. "
        "Only the test of an Open request can be submitted.",
    ),
    "TOO_MANY_ASSIGNMENTS": (
        accept_eleven,
        "ExceedsMaxAssignmentsPerWorker",
        "Worker A1 has 10 open assignments already: submit or return one before accepting another.",
    ),
    "DOES_NOT_MEET_REQUIREMENTS": (
        accept_unqualified,
        "DoesNotMeetRequirements",
        "Worker A1 does not meet the requirement of HIT 3HIT: Locale is US; FR required.",
    ),
    "QUALIFICATION_TYPE_DOES_NOT_ALLOW_RETAKE": (
        request_twice,
        "QualificationTypeDoesNotAllowRetake",
        "QualificationType 3TYPE can be requested only once.",
    ),
    "QUALIFICATION_TYPE_RETRY_DELAY_NOT_ELAPSED": (
        request_too_early,
        "QualificationTypeRetryDelayNotElapsed",
        "QualificationType 3TYPE can be requested again 60 seconds after the last request.",
    ),
    "PERMISSION_DENIED": (
        accept_when_blocked,
        "PermissionDeniedException",
        "This user is not authorized to perform the requested operation.",
    ),
}


# The rows that are shown elsewhere ----------------------------------------------------------


def ask_the_query_api(**parameters):
    """Call the query API of 2008, and return the HTTP status, error code and message."""
    common = dict.fromkeys(("Service", "AWSAccessKeyId", "Signature", "Timestamp"), "any")
    url = "https://mechanicalturk.amazonaws.com/"
    answer = requests.get(url, params={**common, **parameters})
    (error,) = ElementTree.fromstring(answer.text).iter("Error")
    return answer.status_code, error.findtext("Code"), error.findtext("Message")


def extend_by_nothing(mturk, client):
    hit_id = publish(client)
    return ask_the_query_api(Operation="ExtendHIT", HITId=hit_id, MaxAssignmentsIncrement="0")


def search_hits(mturk, client):
    return ask_the_query_api(Operation="SearchHITs")


def reject_what_was_approved(mturk, client):
    """Return the error code and result of the policy's failed action, after None for the status."""
    hit_id = scored_hit(
        client, ApproveIfKnownAnswerScoreIsAtLeast=0, RejectIfKnownAnswerScoreIsLessThan=101
    )
    submit_score(mturk, hit_id, 50)
    _, action = actions(client, hit_id)
    return None, action.error_code, action.result


#: By row: a function that raises it, the HTTP status (None for an action of a review policy),
#: the code and the message.
ELSEWHERE = {
    "LEGACY_OUT_OF_RANGE": (
        extend_by_nothing,
        200,
        "AWS.ParameterOutOfRange",
        "The value 0 is invalid for MaxAssignmentsIncrement. "
        f"Valid values range from 1 to 1000000000.{STAMP}",
    ),
    "LEGACY_API_IS_OVER": (
        search_hits,
        403,
        "Forbidden",
        "This Requester API is no longer supported. Please use the latest API using the official "
        "AWS SDK. https://aws.amazon.com/getting-started/tools-sdks",
    ),
    "ASSIGNMENT_NOT_REVIEWABLE": (
        reject_what_was_approved,
        None,
        "AWS.MechanicalTurk.InvalidAssignmentState",
        "Assignment was in an invalid state for this operation.",
    ),
}


# The table --------------------------------------------------------------------------------


def test_every_row_has_a_case():
    """Every row of the table is raised by one of the cases."""
    cases = [*REQUESTS, *WORKERS, *ELSEWHERE, *OF_CREDENTIALS, *OF_THE_SERVER]

    assert sorted(cases) == sorted(ERRORS)


@pytest.mark.parametrize("name", REQUESTS)
def test_row_on_the_wire(name):
    """The error has the expected type, code, HTTP status and message; the row has the evidence."""
    case = REQUESTS[name]
    options = {"consistency": case.consistency, "unknown_workers": case.unknown_workers}
    with mock_mturk(now=case.now, seed=1, **options) as mturk:
        operation, params = case.provoke(mturk, mturk.client())
        response, said = raw(mturk, operation, params)
        error = mturk.calls[-1].error

    assert (response.status, said["__type"]) == (case.status, case.wire_type)
    assert said.get("TurkErrorCode") == case.code
    if case.wire_type in UNSTAMPED:
        assert said["message"] == case.message
    else:
        assert said["Message"] == f"{case.message} ({int(case.now.timestamp())}000)"
    assert (error.row, error.message) == (ERRORS[name], case.message)
    assert error.code == (case.code or case.wire_type)


@pytest.mark.parametrize("name", WORKERS)
def test_row_of_the_workers_side(name):
    """An action of a worker raises the error itself, without a stamp; the row has the evidence."""
    provoke, code, message = WORKERS[name]
    with mock_mturk(now=NOW, seed=1) as mturk:
        mturk.next_id("HIT", "3HIT")
        with pytest.raises(MTurkError) as caught:
            provoke(mturk, mturk.client())

    error = caught.value
    assert (error.code, error.message) == (f"AWS.MechanicalTurk.{code}", message)
    assert error.row is ERRORS[name]
    assert str(error) == f"{message} [{error.code}]"
    assert repr(error) == f"<MTurkError {error.code}: {message}>"


@pytest.mark.parametrize("name", ELSEWHERE)
def test_row_said_elsewhere(name):
    """The query API or a review policy's action shows the error; the row has the evidence."""
    provoke, *expected = ELSEWHERE[name]
    with mock_mturk(now=NOW, seed=1) as mturk:
        said = provoke(mturk, mturk.client())

    assert list(said) == expected
    assert said[1] == ERRORS[name].code


@pytest.mark.parametrize("name", ERRORS)
def test_row_says_its_evidence(name):
    """Every row has the mark [doc], [observed] or [assumed]."""
    evidence = ERRORS[name].evidence

    assert any(mark in evidence for mark in ("[doc", "[observed", "[assumed]"))
