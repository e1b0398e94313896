"""Work to test with: HITs that ask one thing, people who do them, and what a refusal says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mturk_mock import Assignment, MTurk, MTurkError, Worker
from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Request, Response
from mturk_mock.mock.options import read_options

#: The time of most tests, and how messages end then, in production and in the sandbox.
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
STAMP = " (1767225600000)"
SANDBOX_STAMP = " (1767225600000 s)"

#: Ids that look right and belong to nothing.
NOBODY = "A2NOBODYNOBODY"
NOTHING = "3NOTHING0000000000000000000000"

SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"

#: The keys of submitted work, in the recorded order.
SUBMITTED_KEYS = (
    "AssignmentId",
    "WorkerId",
    "HITId",
    "AssignmentStatus",
    "AutoApprovalTime",
    "AcceptTime",
    "SubmitTime",
    "Answer",
)
DOES_NOT_EXIST = "AWS.MechanicalTurk.{}DoesNotExist"
INVALID_STATE = "AWS.MechanicalTurk.InvalidAssignmentState"

#: What boto3 shows of a refusal: Error.Code, TurkErrorCode at the top level, the message.
Refusal = tuple[str, str | None, str]


def html_question(body: str = "<p>?</p>") -> str:
    """Return an HTMLQuestion whose page has this body."""
    return (
        f'<HTMLQuestion xmlns="{SCHEMAS}2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA['
        f"<!DOCTYPE html><html><head><title>?</title></head><body>{body}</body></html>"
        "]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
    )


def external_question(url: str = "https://example.com/task", height: object = 600) -> str:
    """Return an ExternalQuestion; `url` as it is written in XML."""
    return (
        f'<ExternalQuestion xmlns="{SCHEMAS}2006-07-14/ExternalQuestion.xsd">'
        f"<ExternalURL>{url}</ExternalURL><FrameHeight>{height}</FrameHeight></ExternalQuestion>"
    )


def question_form(version: str = "2005-10-01", **questions: list[str] | None) -> str:
    """Return a QuestionForm of free texts (None) and selections (their identifiers).

    Of the selections as many can be made as there are, or none.
    """
    return (
        f'<QuestionForm xmlns="{SCHEMAS}{version}/QuestionForm.xsd">'
        + "".join(_question(name, choices) for name, choices in questions.items())
        + "</QuestionForm>"
    )


def _question(name: str, choices: list[str] | None) -> str:
    answer = "<FreeTextAnswer/>"
    if choices is not None:
        selections = "".join(
            f"<Selection><SelectionIdentifier>{choice}</SelectionIdentifier>"
            f"<Text>{choice}</Text></Selection>"
            for choice in choices
        )
        counts = (
            "<MinSelectionCount>0</MinSelectionCount>"
            f"<MaxSelectionCount>{len(choices)}</MaxSelectionCount>"
        )
        answer = f"<SelectionAnswer>{counts}<Selections>{selections}</Selections></SelectionAnswer>"
    return (
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent>"
        f"<Text>?</Text></QuestionContent><AnswerSpecification>{answer}</AnswerSpecification>"
        "</Question>"
    )


def answers(*contents: str) -> str:
    """Return a QuestionFormAnswers document, as recorded, of the contents of its Answers."""
    inner = "".join(f"<Answer>{content}</Answer>" for content in contents)
    return (
        '<?xml version="1.0" encoding="ASCII"?><QuestionFormAnswers xmlns="'
        f'{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd">{inner}</QuestionFormAnswers>'
    )


def free_text(name: str, text: str) -> str:
    """Return the content of an Answer in words; `text` as it is written in XML."""
    text = f"<FreeText>{text}</FreeText>" if text else "<FreeText/>"
    return f"<QuestionIdentifier>{name}</QuestionIdentifier>{text}"


def hit_params(**params: Any) -> dict[str, Any]:
    """Return what CreateHIT takes: one assignment for one dollar, unless `params` say else."""
    return {
        "Title": "A title",
        "Description": "A description",
        "Reward": "1.00",
        "LifetimeInSeconds": 3600,
        "AssignmentDurationInSeconds": 600,
        "Question": html_question(),
        **params,
    }


def publish(client: Any, **params: Any) -> str:
    """Create a HIT, and return its HITId."""
    hit_id: str = client.create_hit(**hit_params(**params))["HIT"]["HITId"]
    return hit_id


def accepted(client: Any, worker: Worker, **params: Any) -> Assignment:
    """Create a HIT, and return the worker's assignment of it."""
    return worker.accept(publish(client, **params))


def submitted(client: Any, worker: Worker, **params: Any) -> Assignment:
    """Create a HIT, and return the worker's assignment of it, handed in."""
    return accepted(client, worker, **params).submit({"answer": "42"})


def rejected(client: Any, worker: Worker, **params: Any) -> Assignment:
    """Create a HIT, and return the worker's assignment of it, rejected."""
    assignment = submitted(client, worker, **params)
    client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    return assignment


def in_progress(mturk: MTurk, assignment: Assignment) -> None:
    """Let the worker go on."""


def returned(mturk: MTurk, assignment: Assignment) -> None:
    """Let the worker give the assignment back."""
    assignment.return_hit()


def abandoned(mturk: MTurk, assignment: Assignment) -> None:
    """Let the assignment's time run out."""
    mturk.clock.move_to(assignment.deadline)


def new_backend() -> Backend:
    """Return a backend that nothing is connected to, at the time of most tests."""
    return Backend(read_options({"now": NOW, "seed": 1}))


def raw(
    backend: Backend, operation: str, content: object = b"", environment: str = "production"
) -> tuple[Response, dict[str, Any]]:
    """Send a request as no botocore would, its body as bytes or as what JSON says.

    Return the response, and what its body says.
    """
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    response = backend.handle(Request(operation, body, environment, "default"))
    return response, json.loads(response.body)


def foreign_client(mturk: MTurk, whose: str) -> Any:
    """Return a client of another requester, or of the sandbox."""
    return mturk.client(sandbox=True) if "sandbox" in whose else mturk.requester("other").client()


def foreign_assignment(mturk: MTurk, whose: str) -> str:
    """Return the id of work submitted to another requester, or to nobody."""
    if whose == "nobody's":
        return NOTHING
    id_: str = submitted(foreign_client(mturk, whose), mturk.worker()).id
    return id_


def shown(client: Any, assignment: Assignment) -> dict[str, Any]:
    """Return the assignment as GetAssignment shows it."""
    found: dict[str, Any] = client.get_assignment(AssignmentId=assignment.id)["Assignment"]
    return found


def handed_in(mturk: MTurk, assignment: Assignment) -> None:
    """Let the worker submit the assignment."""
    assignment.submit({})


def refusal(operation: Callable[..., Any], **params: Any) -> Refusal:
    """Return what the refusal of a call says."""
    with pytest.raises(ClientError) as caught:
        operation(**params)
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return response["Error"]["Code"], response.get("TurkErrorCode"), response["Error"]["Message"]


def refused(action: Callable[..., Any], *args: Any) -> tuple[str, str]:
    """Return the code, without its prefix, and the message of the MTurkError that is raised."""
    with pytest.raises(MTurkError) as caught:
        action(*args)
    assert str(caught.value) == f"{caught.value.message} [{caught.value.code}]"
    return caught.value.code.removeprefix("AWS.MechanicalTurk."), caught.value.message


def no_such_hit(hit_id: str, stamp: str = STAMP) -> Refusal:
    """Return the refusal of a HIT that does not exist. [observed]"""
    code = DOES_NOT_EXIST.format("HIT")
    return "RequestError", code, f"Hit {hit_id} does not exist.{stamp}"


def no_such_assignment(assignment_id: str, stamp: str = STAMP) -> Refusal:
    """Return the refusal of an assignment that does not exist. [observed]"""
    code = DOES_NOT_EXIST.format("Assignment")
    return "RequestError", code, f"Assignment {assignment_id} does not exist.{stamp}"


def bad_value(parameter: str, value: object, stamp: str = STAMP) -> Refusal:
    """Return the refusal of a value; botocore shows no TurkErrorCode of this type. [observed]"""
    message = f'The value "{value}" is not valid for the parameter {parameter}.{stamp}'
    return "ParameterValidationError", None, message


def wrong_state(allowed: str, stamp: str = STAMP) -> Refusal:
    """Return the refusal of an assignment in another state than those allowed. [observed]"""
    message = f"This operation can be called with a status of: {allowed}{stamp}"
    return "RequestError", INVALID_STATE, message


def no_funds(stamp: str = STAMP) -> Refusal:
    """Return the refusal of what cannot be paid for. [observed]"""
    return (
        "RequestError",
        "AWS.MechanicalTurk.InsufficientFunds",
        "This Requester has insufficient funds in their account to complete this transaction. "
        "Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs."
        + stamp,
    )


def stamp_of(moment: datetime) -> str:
    """Return how messages end at a time, in production. [observed]"""
    return f" ({int(moment.timestamp() * 1000)})"
