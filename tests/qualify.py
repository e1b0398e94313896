"""Qualifications to test with: types, tests and their keys, and what a refusal says."""

from __future__ import annotations

from typing import Any

from tests.helpers import SCHEMAS, Refusal, question_form, request_error, value_error

#: Ids that look right and belong to nothing.
NO_TYPE = "3NOTYPE00000000000000000000000"
NO_REQUEST = "3NOREQUEST00000000000000000000"

MASTERS = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH"
SANDBOX_MASTERS = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"
APPROVED = "00000000000000000040"
LOCALE = "00000000000000000071"
ADULT = "00000000000000000060"
PERCENT_APPROVED = "000000000000000000L0"

#: A test of two questions, with the choices a, b and c each.
TEST = question_form(q1=["a", "b", "c"], q2=["a", "b", "c"])


#: What CreateQualificationType needs for a test.
EXAMINED = {"Test": TEST, "TestDurationInSeconds": 60}


def key_question(name: str, *options: tuple[str, int], default: int | None = None) -> str:
    """Return a Question of an AnswerKey; options as (selections with blanks, score)."""
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


#: q1 is worth 3 for a, q2 2 for b with c.
KEY = answer_key(key_question("q1", ("a", 3)), key_question("q2", ("b c", 2)))


def create_type(client: Any, **overrides: Any) -> dict[str, Any]:
    """Make a qualification type, and return it as CreateQualificationType shows it."""
    parameters = {
        "Name": "Speaks French",
        "Description": "Reads and writes it",
        "QualificationTypeStatus": "Active",
        **overrides,
    }
    return client.create_qualification_type(**parameters)["QualificationType"]


def type_id_of(client: Any, **overrides: Any) -> str:
    """Make a qualification type, and return its id."""
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
    """Return what GetQualificationScore shows."""
    return client.get_qualification_score(QualificationTypeId=type_id, WorkerId=worker_id)[
        "Qualification"
    ]


def waiting(client: Any, **parameters: Any) -> list[str]:
    """Return the ids of the requests that wait for the requester."""
    response = client.list_qualification_requests(**parameters)
    requests = response["QualificationRequests"]
    assert response["NumResults"] == len(requests)
    return [request["QualificationRequestId"] for request in requests]


def requirement(type_id: str, comparator: str = "Exists", **more: Any) -> dict[str, Any]:
    """Return a QualificationRequirement."""
    return {"QualificationTypeId": type_id, "Comparator": comparator, **more}


def no_type(type_id: str) -> Refusal:
    """Return the refusal of a type that does not exist. [observed] for CreateHIT"""
    return request_error(
        "QualificationTypeDoesNotExist", f"QualificationType [{type_id}] does not exist."
    )


def no_qualification() -> Refusal:
    """Return the refusal of a qualification that was not granted. [observed]"""
    return request_error(
        "QualificationDoesNotExist", "You requested a Qualification that does not exist."
    )


def no_request(request_id: str) -> Refusal:
    """Return the refusal of a request that does not exist. [assumed] text"""
    return request_error(
        "QualificationRequestDoesNotExist", f"QualificationRequest {request_id} does not exist."
    )


def not_allowed() -> Refusal:
    """Return the refusal of a type of somebody else. [assumed]"""
    return request_error(
        "PermissionDeniedException",
        "This user is not authorized to perform the requested operation.",
    )


def wrong_type_state(allowed: str = "Active,Inactive") -> Refusal:
    """Return the refusal of what a type's status does not allow. [observed]"""
    return request_error(
        "InvalidQualificationTypeState",
        f"This operation can be called with a status of: {allowed}",
    )


def wrong_request_state(allowed: str = "Submitted") -> Refusal:
    """Return the refusal of what a request's status does not allow. [assumed] text"""
    return request_error(
        "InvalidQualificationRequestState",
        f"This operation can be called with a status of: {allowed}",
    )


def wrong_grant_state() -> Refusal:
    """Return the refusal of what was revoked. [observed]"""
    return request_error(
        "InvalidQualificationState", "This operation can be called with a status of: Granted"
    )


def xml_error(details: str) -> Refusal:
    """Return the refusal of a document. [observed] text"""
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
