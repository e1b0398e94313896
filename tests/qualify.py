"""Helpers for tests of qualifications: types, tests, answer keys, and errors."""

from __future__ import annotations

from typing import Any

from tests.helpers import SCHEMAS, Refusal, question_form, request_error, value_error

#: Well-formed IDs of objects that do not exist.
NO_TYPE = "3NOTYPE00000000000000000000000"
NO_REQUEST = "3NOREQUEST00000000000000000000"

MASTERS = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH"
SANDBOX_MASTERS = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"
APPROVED = "00000000000000000040"
LOCALE = "00000000000000000071"
ADULT = "00000000000000000060"
PERCENT_APPROVED = "000000000000000000L0"

#: A qualification test of two questions, each with the choices a, b and c.
TEST = question_form(q1=["a", "b", "c"], q2=["a", "b", "c"])


#: The parameters of CreateQualificationType for a type with a test.
EXAMINED = {"Test": TEST, "TestDurationInSeconds": 60}


def key_question(name: str, *options: tuple[str, int], default: int | None = None) -> str:
    """Return a Question of an AnswerKey; `options` are (selections separated by blanks, score)."""
    rest = "" if default is None else f"<DefaultScore>{default}</DefaultScore>"
    return (
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier>"
        + "".join(_option(selections.split(), score) for selections, score in options)
        + rest
        + "</Question>"
    )


def _option(selections: list[str], score: int) -> str:
    chosen = "".join(
        f"<SelectionIdentifier>{selection}</SelectionIdentifier>" for selection in selections
    )
    return f"<AnswerOption>{chosen}<AnswerScore>{score}</AnswerScore></AnswerOption>"


def answer_key(*content: str) -> str:
    """Return an AnswerKey document."""
    return f'<AnswerKey xmlns="{SCHEMAS}2005-10-01/AnswerKey.xsd">{"".join(content)}</AnswerKey>'


def mapping(content: str) -> str:
    """Return a QualificationValueMapping."""
    return f"<QualificationValueMapping>{content}</QualificationValueMapping>"


#: q1 scores 3 for a; q2 scores 2 for b and c together.
KEY = answer_key(key_question("q1", ("a", 3)), key_question("q2", ("b c", 2)))


def create_type(client: Any, **overrides: Any) -> dict[str, Any]:
    """Create a qualification type, and return CreateQualificationType's QualificationType."""
    parameters = {
        "Name": "Speaks French",
        "Description": "Reads and writes it",
        "QualificationTypeStatus": "Active",
        **overrides,
    }
    return client.create_qualification_type(**parameters)["QualificationType"]


def type_id_of(client: Any, **overrides: Any) -> str:
    """Create a qualification type, and return its ID."""
    return create_type(client, **overrides)["QualificationTypeId"]


def associate(client: Any, type_id: str, worker_id: str, **more: Any) -> None:
    """Grant a qualification."""
    client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=worker_id, **more
    )


def disassociate(client: Any, type_id: str, worker_id: str) -> None:
    """Revoke a qualification."""
    client.disassociate_qualification_from_worker(QualificationTypeId=type_id, WorkerId=worker_id)


def score(client: Any, type_id: str, worker_id: str) -> dict[str, Any]:
    """Return the Qualification of GetQualificationScore's response."""
    return client.get_qualification_score(QualificationTypeId=type_id, WorkerId=worker_id)[
        "Qualification"
    ]


def waiting(client: Any, **parameters: Any) -> list[str]:
    """Return the IDs of the requests that ListQualificationRequests returns."""
    response = client.list_qualification_requests(**parameters)
    requests = response["QualificationRequests"]
    assert response["NumResults"] == len(requests)
    return [request["QualificationRequestId"] for request in requests]


def requirement(type_id: str, comparator: str = "Exists", **more: Any) -> dict[str, Any]:
    """Return a QualificationRequirement."""
    return {"QualificationTypeId": type_id, "Comparator": comparator, **more}


def no_type(type_id: str) -> Refusal:
    """Return the error for a type that does not exist. [observed] for CreateHIT"""
    return request_error(
        "QualificationTypeDoesNotExist", f"QualificationType [{type_id}] does not exist."
    )


def no_qualification() -> Refusal:
    """Return the error for a qualification that was not granted. [observed]"""
    return request_error(
        "QualificationDoesNotExist", "You requested a Qualification that does not exist."
    )


def no_request(request_id: str) -> Refusal:
    """Return the error for a request that does not exist. [assumed] text"""
    return request_error(
        "QualificationRequestDoesNotExist", f"QualificationRequest {request_id} does not exist."
    )


def not_allowed() -> Refusal:
    """Return the error for a type of another requester. [assumed]"""
    return request_error(
        "PermissionDeniedException",
        "This user is not authorized to perform the requested operation.",
    )


def wrong_type_state(allowed: str = "Active,Inactive") -> Refusal:
    """Return the error for an operation that a type's status does not allow. [observed]"""
    return request_error(
        "InvalidQualificationTypeState",
        f"This operation can be called with a status of: {allowed}",
    )


def wrong_request_state(allowed: str = "Submitted") -> Refusal:
    """Return the error for an operation that a request's status does not allow. [assumed] text"""
    return request_error(
        "InvalidQualificationRequestState",
        f"This operation can be called with a status of: {allowed}",
    )


def wrong_grant_state() -> Refusal:
    """Return the error for a revoked qualification. [observed]"""
    return request_error(
        "InvalidQualificationState", "This operation can be called with a status of: Granted"
    )


def xml_error(details: str) -> Refusal:
    """Return the error for an invalid document. [observed] text"""
    return value_error(
        "There was an error parsing the XML question or answer data in your request.  "
        "Please make sure the data is well-formed and validates against the appropriate schema. "
        f"Details: {details}"
    )


TAKEN = request_error(
    "QualificationTypeAlreadyExists",
    "You have already created a QualificationType with this name. A QualificationType's name "
    "must be unique among all of the QualificationTypes created by the same user.",
)
