"""Helpers for tests: valid requests, submitted work, and errors as boto3 shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

import mturk_mock
from mturk_mock import Assignment, MTurk, MTurkError, Worker
from mturk_mock.model.account import Block

#: The time of most tests, and the stamp that ends messages then, in production and the sandbox.
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
STAMP = " (1767225600000)"
SANDBOX_STAMP = " (1767225600000 s)"

#: Well-formed IDs of objects that do not exist.
NOBODY = "A2NOBODYNOBODY"
NOTHING = "3NOTHING0000000000000000000000"

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY

SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"
HTML_QUESTION = (
    f'<HTMLQuestion xmlns="{SCHEMAS}2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA['
    "<!DOCTYPE html><html><head><title>Q</title></head><body></body></html>"
    "]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
)
EXTERNAL_QUESTION = (
    f'<ExternalQuestion xmlns="{SCHEMAS}2006-07-14/ExternalQuestion.xsd">'
    "<ExternalURL>https://example.com/task?item=1&amp;page=2</ExternalURL>"
    "<FrameHeight>0</FrameHeight></ExternalQuestion>"
)

#: The message of an invalid document; the details follow.
XML_ERROR = (
    "There was an error parsing the XML question or answer data in your request.  "
    "Please make sure the data is well-formed and validates against the appropriate schema. "
    "Details: "
)

#: The keys of a submitted assignment, in the recorded order.
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

#: The required parameters of CreateHITType.
HIT_TYPE = {
    "Title": "Label a picture",
    "Description": "Say what a picture shows",
    "Reward": "0.50",
    "AssignmentDurationInSeconds": 10 * MINUTE,
}
#: The further required parameters of CreateHIT.
OF_THE_HIT = {"LifetimeInSeconds": DAY, "Question": HTML_QUESTION}


def html_question(body: str = "<p>?</p>") -> str:
    """Return an HTMLQuestion whose page has this body."""
    return (
        f'<HTMLQuestion xmlns="{SCHEMAS}2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA['
        f"<!DOCTYPE html><html><head><title>?</title></head><body>{body}</body></html>"
        "]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
    )


def external_question(url: str = "https://example.com/task", height: object = 600) -> str:
    """Return an ExternalQuestion; `url` must already be escaped for XML."""
    return (
        f'<ExternalQuestion xmlns="{SCHEMAS}2006-07-14/ExternalQuestion.xsd">'
        f"<ExternalURL>{url}</ExternalURL><FrameHeight>{height}</FrameHeight></ExternalQuestion>"
    )


def question_form(version: str = "2005-10-01", **questions: list[str] | None) -> str:
    """Return a QuestionForm of free texts (None) and selections (their identifiers).

    A worker can select any number of the choices, or none.
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
    """Return a QuestionFormAnswers document in the recorded form with these Answers."""
    inner = "".join(f"<Answer>{content}</Answer>" for content in contents)
    return (
        '<?xml version="1.0" encoding="ASCII"?><QuestionFormAnswers xmlns="'
        f'{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd">{inner}</QuestionFormAnswers>'
    )


def free_text(name: str, text: str) -> str:
    """Return the content of an Answer with a free text; `text` must already be escaped for XML."""
    text = f"<FreeText>{text}</FreeText>" if text else "<FreeText/>"
    return f"<QuestionIdentifier>{name}</QuestionIdentifier>{text}"


def given(defaults: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that are not None."""
    return {name: value for name, value in {**defaults, **overrides}.items() if value is not None}


def create_hit(client: Any, **overrides: Any) -> dict[str, Any]:
    """Create a HIT, and return the HIT of CreateHIT's response."""
    return client.create_hit(**given({**HIT_TYPE, **OF_THE_HIT}, overrides))["HIT"]


def hit_params(**params: Any) -> dict[str, Any]:
    """Return parameters for CreateHIT: one assignment for one dollar, by default."""
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
    """Create a HIT with `hit_params`, and return its HITId."""
    hit_id: str = client.create_hit(**hit_params(**params))["HIT"]["HITId"]
    return hit_id


def create_hit_type(client: Any, **overrides: Any) -> str:
    """Create a HIT type, and return its ID."""
    return client.create_hit_type(**given(HIT_TYPE, overrides))["HITTypeId"]


def create_hit_with_hit_type(client: Any, hit_type_id: str, **overrides: Any) -> dict[str, Any]:
    """Create a HIT of a type, and return the HIT of CreateHITWithHITType's response."""
    parameters = given({**OF_THE_HIT, "HITTypeId": hit_type_id}, overrides)
    return client.create_hit_with_hit_type(**parameters)["HIT"]


def get_hit(client: Any, hit_id: str) -> dict[str, Any]:
    """Return the HIT of GetHIT's response."""
    return client.get_hit(HITId=hit_id)["HIT"]


def hit_ids(response: dict[str, Any]) -> list[str]:
    """Return the IDs of the HITs on a page."""
    return [hit["HITId"] for hit in response["HITs"]]


class State(NamedTuple):
    """The state of a HIT: HITStatus, and the numbers of its assignments."""

    status: str
    available: int
    pending: int
    completed: int


def state_of(client: Any, hit_id: str) -> State:
    """Return the state of a HIT as GetHIT shows it."""
    hit = get_hit(client, hit_id)
    numbers = (hit[f"NumberOfAssignments{kind}"] for kind in ("Available", "Pending", "Completed"))
    return State(hit["HITStatus"], *numbers)


def accept(mturk: Any, hit_id: str, count: int = 1) -> list[Any]:
    """Let `count` new workers accept a HIT; return their assignments."""
    return [mturk.worker().accept(hit_id) for _ in range(count)]


def work(mturk: Any, hit_id: str, count: int = 1) -> list[Any]:
    """Let `count` new workers accept and submit a HIT; return their assignments."""
    return [assignment.submit({"label": "cat"}) for assignment in accept(mturk, hit_id, count)]


def accepted(client: Any, worker: Worker, **params: Any) -> Assignment:
    """Create a HIT, let the worker accept it, and return the assignment."""
    return worker.accept(publish(client, **params))


def submitted(client: Any, worker: Worker, **params: Any) -> Assignment:
    """Create a HIT, let the worker accept and submit it, and return the assignment."""
    return accepted(client, worker, **params).submit({"answer": "42"})


def rejected(client: Any, worker: Worker, **params: Any) -> Assignment:
    """Create a HIT, let the worker submit it, reject the assignment, and return it."""
    assignment = submitted(client, worker, **params)
    client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    return assignment


def in_progress(mturk: MTurk, assignment: Assignment) -> None:
    """Leave the assignment Accepted."""


def returned(mturk: MTurk, assignment: Assignment) -> None:
    """Let the worker return the assignment."""
    assignment.return_hit()


def abandoned(mturk: MTurk, assignment: Assignment) -> None:
    """Move the clock to the assignment's deadline."""
    mturk.clock.move_to(assignment.deadline)


def foreign_client(mturk: MTurk, whose: str) -> Any:
    """Return a client of another requester, or of the sandbox."""
    return mturk.client(sandbox=True) if "sandbox" in whose else mturk.requester("other").client()


def foreign_assignment(mturk: MTurk, whose: str) -> str:
    """Return the ID of an assignment of another requester, or an ID that does not exist."""
    if whose == "nobody's":
        return NOTHING
    id_: str = submitted(foreign_client(mturk, whose), mturk.worker()).id
    return id_


def shown(client: Any, assignment: Assignment) -> dict[str, Any]:
    """Return the Assignment of GetAssignment's response."""
    found: dict[str, Any] = client.get_assignment(AssignmentId=assignment.id)["Assignment"]
    return found


def handed_in(mturk: MTurk, assignment: Assignment) -> None:
    """Let the worker submit the assignment."""
    assignment.submit({})


def expire(client: Any, hit_id: str) -> None:
    """Expire a HIT now."""
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)


def is_mock_on() -> bool:
    """Return whether a mock is active."""
    try:
        mturk_mock.current()
    except RuntimeError:
        return False
    return True


class Refusal(NamedTuple):
    """An error as boto3 shows it: Error.Code, TurkErrorCode, message.

    boto3 shows the TurkErrorCode of the errors that the service model knows, RequestError
    and ServiceFault; for the others it is None here.
    """

    code: str
    turk_error_code: str | None
    message: str

    def stamped(self, stamp: str = STAMP) -> Refusal:
        """Return the error with the time at the end of its message."""
        return self._replace(message=self.message + stamp)


def stamp_of(moment: datetime) -> str:
    """Return the stamp that ends messages at a time, in production. [observed]"""
    return f" ({int(moment.timestamp() * 1000)})"


def _error_response(call: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.response


def _refusal_in(response: dict[str, Any]) -> Refusal:
    error = response["Error"]
    return Refusal(error["Code"], response.get("TurkErrorCode"), error["Message"])


def refusal(operation: Callable[..., Any], **params: Any) -> Refusal:
    """Return the service's error for a call, as a 400 error; the message ends with its stamp."""
    response = _error_response(lambda: operation(**params))
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return _refusal_in(response)


def block_workers(mturk: MTurk, count: int) -> None:
    """Block the workers A0, A1, ... without the API, which would be too slow for 100,000."""
    with mturk._backend.transaction() as (marketplace, _):
        account = marketplace.account("default", "production")
        for number in range(count):
            account.add_block(Block(number, f"A{number}", "Spam"))


def error_of(call: Callable[[], Any]) -> Refusal:
    """Return the service's error for a call, with the message without its stamp."""
    told = _refusal_in(_error_response(call))
    return told._replace(message=re.sub(r" \(\d+( s)?\)$", "", told.message))


def refused(action: Callable[..., Any], *args: Any) -> tuple[str, str]:
    """Return the code, without its prefix, and the message of the MTurkError that is raised."""
    with pytest.raises(MTurkError) as caught:
        action(*args)
    assert str(caught.value) == f"{caught.value.message} [{caught.value.code}]"
    return caught.value.code.removeprefix("AWS.MechanicalTurk."), caught.value.message


class Told(NamedTuple):
    """The parts of a document's error: the service's message, the location, and the hint.

    ``hint``: empty if the service's message says enough.
    """

    words: str
    place: str
    hint: str


_PLACE = re.compile(
    r"(?P<words>.*?) At (?P<place>line \d+, column \d+(, in [^:]+?)?)(: (?P<hint>.+?))?\."
    r"(?P<stamp> \(\d+( s)?\))?",
    re.DOTALL,
)


def _apart(message: str) -> re.Match[str]:
    found = _PLACE.fullmatch(message)
    assert found, f"the message says no place: {message}"
    return found


def told_apart(message: str) -> Told:
    """Return the parts of a document's error message, starting at its details."""
    words, place, hint = _apart(message).group("words", "place", "hint")
    return Told(words.partition("Details: ")[2], place, hint or "")


def without_place(refusal: Refusal) -> Refusal:
    """Return the error of a document without the location that follows the service's message."""
    words, stamp = _apart(refusal.message).group("words", "stamp")
    return refusal._replace(message=words + (stamp or ""))


def request_error(name: str, message: str) -> Refusal:
    """Return the RequestError whose TurkErrorCode is AWS.MechanicalTurk followed by `name`."""
    return Refusal("RequestError", f"AWS.MechanicalTurk.{name}", message)


def value_error(message: str) -> Refusal:
    """Return a ParameterValidationError."""
    return Refusal("ParameterValidationError", None, message)


def invalid_value(value: object, parameter: str) -> Refusal:
    """Return the error for an invalid value of a parameter. [observed]"""
    return value_error(f'The value "{value}" is not valid for the parameter {parameter}.')


def out_of_range(value: object, parameter: str, low: int, high: int) -> Refusal:
    """Return the error for a number out of range."""
    return value_error(
        f"The value {value} is invalid for {parameter}. Valid values range from {low} to {high}."
    )


def invalid_combination(parameters: str) -> Refusal:
    """Return the error for parameters that exclude each other."""
    message = f"The combination of parameters supplied to the request is invalid: {parameters}."
    return Refusal("InvalidParameterCombinationError", None, message)


def constraint(value: object, member: str, rule: str) -> Refusal:
    """Return the ValidationException for one value."""
    return Refusal(
        "ValidationException",
        None,
        f"1 validation error detected: Value '{value}' at '{member}' "
        f"failed to satisfy constraint: {rule}",
    )


def no_such_hit(hit_id: str) -> Refusal:
    """Return the error for a HITId that is not one of the requester's HITs. [observed]"""
    return request_error("HITDoesNotExist", f"Hit {hit_id} does not exist.")


def no_such_assignment(assignment_id: str) -> Refusal:
    """Return the error for an assignment that does not exist. [observed]"""
    message = f"Assignment {assignment_id} does not exist."
    return request_error("AssignmentDoesNotExist", message)


def wrong_hit_state(state: str, allowed: str) -> Refusal:
    """Return the error for an operation that a HIT's status does not allow."""
    return request_error(
        "InvalidHITState",
        f"This HIT is currently in the state '{state}'.  "
        f"This operation can be called with a status of: {allowed}",
    )


def wrong_assignment_state(allowed: str) -> Refusal:
    """Return the error for an assignment in a state that is not allowed. [observed]"""
    message = f"This operation can be called with a status of: {allowed}"
    return request_error("InvalidAssignmentState", message)


def no_funds() -> Refusal:
    """Return the error for insufficient funds. [observed]"""
    return request_error(
        "InsufficientFunds",
        "This Requester has insufficient funds in their account to complete this transaction. "
        "Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs.",
    )


def said_before(token: str) -> Refusal:
    """Return the error for a request token that was used before."""
    return request_error(
        "DuplicateRequest", f'The idempotency token "{token}" has already been processed.'
    )
