"""What tests of the API share: requests that work, workers who work, refusals as they read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

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

#: How a document that is not valid is refused; the details follow.
XML_ERROR = (
    "There was an error parsing the XML question or answer data in your request.  "
    "Please make sure the data is well-formed and validates against the appropriate schema. "
    "Details: "
)

#: What CreateHITType needs, and no more.
HIT_TYPE = {
    "Title": "Label a picture",
    "Description": "Say what a picture shows",
    "Reward": "0.50",
    "AssignmentDurationInSeconds": 10 * MINUTE,
}
#: What CreateHIT needs besides.
OF_THE_HIT = {"LifetimeInSeconds": DAY, "Question": HTML_QUESTION}


def given(defaults: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a request; what is None is left out."""
    return {name: value for name, value in {**defaults, **overrides}.items() if value is not None}


def create_hit(client: Any, **overrides: Any) -> dict[str, Any]:
    """Publish a HIT, and return it as CreateHIT shows it."""
    return client.create_hit(**given({**HIT_TYPE, **OF_THE_HIT}, overrides))["HIT"]


def create_hit_type(client: Any, **overrides: Any) -> str:
    """Return the id of a HIT type."""
    return client.create_hit_type(**given(HIT_TYPE, overrides))["HITTypeId"]


def create_hit_with_hit_type(client: Any, hit_type_id: str, **overrides: Any) -> dict[str, Any]:
    """Publish a HIT of a type, and return it as CreateHITWithHITType shows it."""
    parameters = given({**OF_THE_HIT, "HITTypeId": hit_type_id}, overrides)
    return client.create_hit_with_hit_type(**parameters)["HIT"]


def get_hit(client: Any, hit_id: str) -> dict[str, Any]:
    """Return a HIT as GetHIT shows it."""
    return client.get_hit(HITId=hit_id)["HIT"]


def hit_ids(response: dict[str, Any]) -> list[str]:
    """Return the ids of the HITs on a page."""
    return [hit["HITId"] for hit in response["HITs"]]


class State(NamedTuple):
    """Where a HIT is in its life: HITStatus, and the numbers of its assignments."""

    status: str
    available: int
    pending: int
    completed: int


def state_of(client: Any, hit_id: str) -> State:
    """Return where GetHIT says that a HIT is in its life."""
    hit = get_hit(client, hit_id)
    numbers = (hit[f"NumberOfAssignments{kind}"] for kind in ("Available", "Pending", "Completed"))
    return State(hit["HITStatus"], *numbers)


def accept(mturk: Any, hit_id: str, count: int = 1) -> list[Any]:
    """Let so many new workers accept a HIT; return their assignments."""
    return [mturk.worker().accept(hit_id) for _ in range(count)]


def work(mturk: Any, hit_id: str, count: int = 1) -> list[Any]:
    """Let so many new workers accept a HIT and submit it; return their assignments."""
    return [assignment.submit({"label": "cat"}) for assignment in accept(mturk, hit_id, count)]


def expire(client: Any, hit_id: str) -> None:
    """Expire a HIT now."""
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)


class Refusal(NamedTuple):
    """A refusal as boto3 shows it: Error.Code, TurkErrorCode, message without the clock.

    boto3 shows the TurkErrorCode of the errors that the service model knows, RequestError
    and ServiceFault; for the others it is None here.
    """

    code: str
    turk_error_code: str | None
    message: str


def error_of(call: Callable[[], Any]) -> Refusal:
    """Return how the service refuses a call, which it must."""
    with pytest.raises(ClientError) as raised:
        call()
    response = raised.value.response
    error = response["Error"]
    message = re.sub(r" \(\d+( s)?\)$", "", error["Message"])
    return Refusal(error["Code"], response.get("TurkErrorCode"), message)


class Told(NamedTuple):
    """What the refusal of a document says: the service's words, where it is, and what to do.

    ``hint``: empty where the words say it.
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
    """Return the parts of a message about a document, from its details on."""
    words, place, hint = _apart(message).group("words", "place", "hint")
    return Told(words.partition("Details: ")[2], place, hint or "")


def without_place(
    refusal: tuple[str, str | None, str],
) -> tuple[str, str | None, str]:
    """Return the refusal of a document in the service's words, without the place that follows."""
    code, turk_error_code, message = refusal
    words, stamp = _apart(message).group("words", "stamp")
    return code, turk_error_code, words + (stamp or "")


def request_error(name: str, message: str) -> Refusal:
    """Return the RequestError whose TurkErrorCode is AWS.MechanicalTurk and `name`."""
    return Refusal("RequestError", f"AWS.MechanicalTurk.{name}", message)


def value_error(message: str) -> Refusal:
    """Return a ParameterValidationError."""
    return Refusal("ParameterValidationError", None, message)


def invalid_value(value: object, parameter: str) -> Refusal:
    """Return the refusal of a value that a parameter cannot have."""
    return value_error(f'The value "{value}" is not valid for the parameter {parameter}.')


def out_of_range(value: object, parameter: str, low: int, high: int) -> Refusal:
    """Return the refusal of a number that is too small or too large."""
    return value_error(
        f"The value {value} is invalid for {parameter}. Valid values range from {low} to {high}."
    )


def invalid_combination(parameters: str) -> Refusal:
    """Return the refusal of parameters that exclude each other."""
    message = f"The combination of parameters supplied to the request is invalid: {parameters}."
    return Refusal("InvalidParameterCombinationError", None, message)


def constraint(value: object, member: str, rule: str) -> Refusal:
    """Return the refusal of one value by the service's framework."""
    return Refusal(
        "ValidationException",
        None,
        f"1 validation error detected: Value '{value}' at '{member}' "
        f"failed to satisfy constraint: {rule}",
    )


def no_such_hit(hit_id: str) -> Refusal:
    """Return the refusal of a HITId that the requester has no HIT of."""
    return request_error("HITDoesNotExist", f"Hit {hit_id} does not exist.")


def wrong_state(state: str, allowed: str) -> Refusal:
    """Return the refusal of what a HIT's status does not allow."""
    return request_error(
        "InvalidHITState",
        f"This HIT is currently in the state '{state}'.  "
        f"This operation can be called with a status of: {allowed}",
    )


def no_funds() -> Refusal:
    """Return the refusal of what cannot be paid for."""
    return request_error(
        "InsufficientFunds",
        "This Requester has insufficient funds in their account to complete this transaction. "
        "Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs.",
    )


def said_before(token: str) -> Refusal:
    """Return the refusal of a request token that was used before."""
    return request_error(
        "DuplicateRequest", f'The idempotency token "{token}" has already been processed.'
    )
