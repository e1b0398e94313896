"""The OpenAPI document of the control API, made from the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from typing import Any, Final

import mturk_mock
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.server.control.schemas import ANYTHING, TEXT, an_object
from mturk_mock.server.control.table import (
    JSON,
    ROOT,
    TABLE,
    Control,
    Given,
    Member,
    Operation,
    operation,
)

_ERROR: Final = an_object(error=an_object(code=TEXT, message=TEXT))
_MEANINGS: Final[Mapping[int, str]] = {
    400: "The input is not valid; the message says what is allowed.",
    401: "The token is missing or wrong.",
    403: "The request may not use the control API.",
    404: "There is nothing at this address, or with an ID in the body.",
    409: "The present state does not allow it; the message gives the reason.",
    413: "The body is too long.",
    415: "The body is not declared as JSON.",
    500: "A bug in mturk_mock.",
    503: "The state file cannot be written, so nothing is changed.",
}
_NAME: Final = re.compile(r"{(\w+)}")


@operation("GET", "/openapi.json", ANYTHING)
def get_openapi(control: Control, given: Given) -> Any:
    """Get the description of the control API, a document of OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for each in TABLE:
        path = paths.setdefault(ROOT + each.path, {})
        path[each.method.lower()] = _describe(each, control.needs_token)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mturk_mock: control API",
            "version": str(mturk_mock.__version__),
            "description": "Controls a server of mturk_mock: its clock, workers, faults and state.",
        },
        "servers": [{"url": control.backend.sites.api[PRODUCTION]}],
        "security": [{"token": []}] if control.needs_token else [{}],
        "paths": paths,
        "components": {
            "schemas": {"Error": _ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe(each: Operation, needs_token: bool) -> dict[str, Any]:
    summary, _, rest = cleandoc(each.handler.__doc__ or "").partition("\n\n")
    errors = {str(status): _error(status) for status in _statuses(each, needs_token)}
    described: dict[str, Any] = {
        "operationId": each.name,
        "summary": " ".join(summary.split()),
        "description": rest,
        "tags": [each.path.split("/")[1]],
        "parameters": [
            *_path_parameters(each),
            *_parameters("query", each.query),
            *_parameters("header", each.headers),
        ],
        "responses": {"200": _content("The result.", each.result, each.content_type), **errors},
    }
    if each.members or each.takes_file:
        required = each.takes_file or each.least > 0 or any(m.required for m in each.members)
        content = {JSON: {"schema": _body(each)}}
        described["requestBody"] = {"content": content, "required": required}
    return described


def _path_parameters(each: Operation) -> Iterator[dict[str, Any]]:
    for name in _NAME.findall(each.path):
        schema = {**TEXT, "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _parameters(place: str, members: Iterable[Member]) -> Iterator[dict[str, Any]]:
    for each in members:
        schema = each.schema
        yield {"name": each.name, "in": place, "description": each.doc, "schema": schema}


def _body(each: Operation) -> Mapping[str, Any]:
    if each.takes_file:
        return ANYTHING
    return {
        "type": "object",
        "properties": {member.name: member.schema for member in each.members},
        "required": [member.name for member in each.members if member.required],
        "minProperties": each.least,
        "additionalProperties": False,
    }


def _statuses(each: Operation, needs_token: bool) -> Iterator[int]:
    """Return the statuses of the errors that an operation can have."""
    yield 400
    if needs_token:
        yield 401
    yield 403
    if "{" in each.path:
        yield 404
    if each.conflicts:
        yield 409
    if each.method != "GET":
        yield from (413, 415)
    yield from (500, 503)


def _error(status: int) -> dict[str, Any]:
    return _content(_MEANINGS[status], {"$ref": "#/components/schemas/Error"})


def _content(
    description: str, schema: Mapping[str, Any], content_type: str = JSON
) -> dict[str, Any]:
    return {"description": description, "content": {content_type: {"schema": schema}}}
