"""The service model: operations, members, types and constraints, as botocore describes them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Any, Final

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.parsers import create_parser

SERVICE: Final = "mturk"
ENDPOINT_PREFIX: Final = "mturk-requester"

#: An operation of the 2008 query API, which the service model does not describe.
EXTEND_HIT: Final = "ExtendHIT"
#: The parameters of ExtendHIT, including those of all operations of that API. [doc]
_EXTEND_HIT_PARAMETERS: Final = (
    "HITId",
    "MaxAssignmentsIncrement",
    "ExpirationIncrementInSeconds",
    "Service",
    "AWSAccessKeyId",
    "Version",
    "Operation",
    "Signature",
    "Timestamp",
    "ResponseGroup",
    "Validate",
    "Credential",
    "UniqueRequestToken",
)


@functools.cache
def load() -> ServiceModel:
    """Return botocore's model of the API; the package's own if botocore has none."""
    return ServiceModel(_description(), service_name=SERVICE)


@functools.cache
def _description() -> dict[str, Any]:
    description: dict[str, Any] = Loader().load_service_model(SERVICE, "service-2")
    return description


def facts(shape: Shape) -> Mapping[str, Any]:
    """Return a shape's description in the model, including its pattern.

    `Shape.metadata` lacks patterns in botocore before 1.25.
    """
    said: Mapping[str, Any] = _description()["shapes"][shape.name]
    return said


def parse_result(operation: str, body: bytes) -> dict[str, Any]:
    """Return a response's body as botocore parses it."""
    parser = create_parser("json")
    response = {"status_code": 200, "headers": {}, "body": body}
    parsed: dict[str, Any] = parser.parse(response, load().operation_model(operation).output_shape)
    del parsed["ResponseMetadata"]
    return parsed


@functools.cache
def operation_names() -> frozenset[str]:
    """Return the names of all operations that the service model describes."""
    return frozenset(load().operation_names)


@functools.cache
def by_spelling() -> dict[str, str]:
    """Return operation names by both spellings, ``CreateHIT`` and ``create_hit``."""
    names = [*operation_names(), EXTEND_HIT]
    return {xform_name(name): name for name in names} | {name: name for name in names}


def parameter_names(operation: str) -> Collection[str]:
    """Return the names of an operation's parameters, also for ExtendHIT."""
    if operation == EXTEND_HIT:
        return _EXTEND_HIT_PARAMETERS
    names: Collection[str] = load().operation_model(operation).input_shape.members
    return names
