"""THE TABLE of errors: every row is raised by something, and looks as it was recorded."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import NamedTuple

import pytest

from mturk_mock import MTurkError, errors, mock_mturk
from mturk_mock.protocol.wire import Request
from tests.work import NOW, accepted, external_question, hit_params, publish, submitted

OLD = datetime(2015, 7, 21, tzinfo=timezone.utc)
UNSTAMPED = (
    "ValidationException",
    "SerializationException",
    "UnknownOperationException",
    "NotImplemented",
)
INVALID_VALUE = "AWS.MechanicalTurk.InvalidParameterValue"


# What raises each row: requests, as an operation and its members --------------------------


def unknown_hit(mturk, client):
    return "GetHIT", {"HITId": "3A"}


def unknown_assignment(mturk, client):
    return "ApproveAssignment", {"AssignmentId": "3A"}


def unknown_qualification_type(mturk, client):
    requirement = {"QualificationTypeId": "3A", "Comparator": "Exists"}
    return "CreateHIT", hit_params(QualificationRequirements=[requirement])


def unknown_layout(mturk, client):
    params = hit_params(HITLayoutId="3A")
    del params["Question"]
    return "CreateHIT", params


def delete_assignable_hit(mturk, client):
    return "DeleteHIT", {"HITId": publish(client)}


def approve_twice(mturk, client):
    params = {"AssignmentId": submitted(client, mturk.worker()).id}
    client.approve_assignment(**params)
    return "ApproveAssignment", params


def extend(mturk, client):
    mturk.next_id("HIT", "3HIT")
    params = {"HITId": publish(client, MaxAssignments=9), "NumberOfAdditionalAssignments": 1}
    return "CreateAdditionalAssignmentsForHIT", params


def create_twice(mturk, client):
    mturk.next_id("HIT", "3HIT")
    params = hit_params(UniqueRequestToken="t")
    client.create_hit(**params)
    return "CreateHIT", params


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


def bonuses_of_what(mturk, client):
    return "ListBonusPayments", {}


def two_contents(mturk, client):
    return "CreateHIT", hit_params(HITLayoutId="3A")


def no_members(mturk, client):
    return "GetHIT", {}


def wrong_type(mturk, client):
    return "GetHIT", {"HITId": 5}


def unknown_operation(mturk, client):
    return "ExtendHIT", {}


def not_built(mturk, client):
    return "CreateHIT", hit_params(HITReviewPolicy={"PolicyName": "SimplePlurality/2011-09-01"})


class Case(NamedTuple):
    """What raises a row, and all that it says; `now` is when."""

    provoke: object
    wire_type: str
    code: str | None
    message: str
    status: int = 400
    now: datetime = NOW


def request_error(provoke, code, message, now=NOW):
    return Case(provoke, "RequestError", f"AWS.MechanicalTurk.{code}", message, now=now)


def value_error(provoke, message, code=INVALID_VALUE):
    return Case(provoke, "ParameterValidationError", code, message)


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
        "Details: syntax error: line 1, column 0.",
        code="AWS.MechanicalTurk.XMLParseError",
    ),
    "MISSING_PARAMETERS": value_error(
        bonuses_of_what,
        "Your request is missing required parameters. "
        "Required parameters include HITId or AssignmentId.",
        code="AWS.MissingParameters",
    ),
    "INVALID_PARAMETER_COMBINATION": Case(
        two_contents,
        "InvalidParameterCombinationError",
        INVALID_VALUE,
        "The combination of parameters supplied to the request is invalid: Question, HITLayoutId.",
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
    "UNKNOWN_OPERATION": Case(
        unknown_operation,
        "UnknownOperationException",
        None,
        "The requested operation ExtendHIT is not known to Mechanical Turk.",
    ),
    "NOT_BUILT_YET": Case(
        not_built,
        "NotImplemented",
        None,
        "mturk_mock has not built review policies yet. Nothing was done.",
        status=501,
    ),
}


# What raises each row of the worker's side ------------------------------------------------


def accept_full_hit(mturk, client):
    hit_id = accepted(client, mturk.worker()).hit_id
    mturk.worker().accept(hit_id)


def accept_twice(mturk, client):
    mturk.next_id("Assignment", "3WORK")
    assignment = accepted(client, mturk.worker("A1"), MaxAssignments=2)
    mturk.worker("A1").accept(assignment.hit_id)


def accept_eleven(mturk, client):
    for _ in range(11):
        accepted(client, mturk.worker("A1"))


def accept_when_blocked(mturk, client):
    client.create_worker_block(WorkerId="A1", Reason="Spam")
    accepted(client, mturk.worker("A1"))


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
    "TOO_MANY_ASSIGNMENTS": (
        accept_eleven,
        "ExceedsMaxAssignmentsPerWorker",
        "Worker A1 has 10 open assignments already: submit or return one before accepting another.",
    ),
    "PERMISSION_DENIED": (
        accept_when_blocked,
        "PermissionDeniedException",
        "This user is not authorized to perform the requested operation.",
    ),
}


# The table --------------------------------------------------------------------------------


def test_every_row_has_a_case():
    """No row is there that nothing raises."""
    assert sorted([*REQUESTS, *WORKERS]) == sorted(errors.TABLE)


@pytest.mark.parametrize("name", REQUESTS)
def test_row_on_the_wire(name):
    """Type, code, status and message are pinned; see the row for its evidence."""
    case = REQUESTS[name]
    with mock_mturk(now=case.now, seed=1) as mturk:
        operation, params = case.provoke(mturk, mturk.client())
        request = Request(operation, json.dumps(params).encode(), "production", "default")
        response = mturk._backend.handle(request)
        error = mturk.calls[-1].error

    said = json.loads(response.body)
    assert (response.status, said["__type"]) == (case.status, case.wire_type)
    assert said.get("TurkErrorCode") == case.code
    if case.wire_type in UNSTAMPED:
        assert said["message"] == case.message
    else:
        assert said["Message"] == f"{case.message} ({int(case.now.timestamp())}000)"
    assert (error.row, error.message) == (errors.TABLE[name], case.message)
    assert error.code == (case.code or case.wire_type)


@pytest.mark.parametrize("name", WORKERS)
def test_row_of_the_workers_side(name):
    """Raised as it is: no request, no stamp; see the row for its evidence."""
    provoke, code, message = WORKERS[name]
    with mock_mturk(now=NOW, seed=1) as mturk:
        mturk.next_id("HIT", "3HIT")
        with pytest.raises(MTurkError) as caught:
            provoke(mturk, mturk.client())

    error = caught.value
    assert (error.code, error.message) == (f"AWS.MechanicalTurk.{code}", message)
    assert error.row is errors.TABLE[name]
    assert str(error) == f"{message} [{error.code}]"
    assert repr(error) == f"<MTurkError {error.code}: {message}>"


@pytest.mark.parametrize("name", errors.TABLE)
def test_row_says_its_evidence(name):
    """Documented, recorded or assumed; or our own."""
    evidence = errors.TABLE[name].evidence

    assert any(mark in evidence for mark in ("[doc", "[observed", "[assumed]", "our own"))
