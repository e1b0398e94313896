"""The service model: operations, members, types and constraints, as botocore describes them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.parsers import create_parser

SERVICE: Final = "mturk"
ENDPOINT_PREFIX: Final = "mturk-requester"


@functools.cache
def load() -> ServiceModel:
    """Return botocore's model of the API; the package's own where botocore has none."""
    return ServiceModel(_description(), service_name=SERVICE)


@functools.cache
def _description() -> dict[str, Any]:
    description: dict[str, Any] = Loader().load_service_model(SERVICE, "service-2")
    return description


def facts(shape: Shape) -> Mapping[str, Any]:
    """Return what the model says of a shape, its pattern too.

    `Shape.metadata` has no patterns in botocore before 1.25.
    """
    said: Mapping[str, Any] = _description()["shapes"][shape.name]
    return said


def parse_result(operation: str, body: bytes) -> dict[str, Any]:
    """Return a response's body as botocore's parser shows it to programs."""
    parser = create_parser("json")
    response = {"status_code": 200, "headers": {}, "body": body}
    parsed: dict[str, Any] = parser.parse(response, load().operation_model(operation).output_shape)
    del parsed["ResponseMetadata"]
    return parsed


@functools.cache
def operation_names() -> frozenset[str]:
    """Return the names of all operations of the API."""
    return frozenset(load().operation_names)
