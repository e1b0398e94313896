"""The control API: its OpenAPI document."""

from __future__ import annotations

import re

import pytest

import mturk_mock
from mturk_mock.server import MTurkServer
from tests.servers import control_client


@pytest.fixture
def document(control):
    return control.get("/openapi.json").json()


def operations(document):
    """Return the operations by method and path."""
    return {
        f"{method.upper()} {path}": described
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    }


def test_document_is_valid(document):
    """It is a valid document of OpenAPI 3.1."""
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(document, cls=validator.OpenAPIV31SpecValidator)

    assert document["info"]["version"] == mturk_mock.__version__


def test_operations(document):
    """These addresses are a promise; the list changes only on purpose."""
    worker = "/workers/{worker_id}"
    request = f"{worker}/qualification_requests"
    assert sorted(each.replace("/_mturk", "") for each in operations(document)) == sorted(
        [
            "GET /calls",
            "GET /calls/{number}",
            "GET /clock",
            "GET /events",
            "GET /journal",
            "POST /backup",
            "POST /checkpoint",
            "POST /clock/advance",
            "POST /clock/move_to",
            "POST /clock/rate",
            "GET /faults",
            "POST /faults",
            "DELETE /faults",
            "DELETE /faults/{number}",
            "GET /health",
            "GET /openapi.json",
            "GET /requesters",
            "GET /requesters/{name}",
            "PUT /requesters/{name}",
            "POST /reset",
            "GET /snapshot",
            "PUT /snapshot",
            "GET /workers",
            "POST /workers",
            f"GET {worker}",
            f"POST {worker}/invitation",
            f"DELETE {worker}/sessions",
            f"GET {worker}/hits",
            f"GET {worker}/hits/{{hit_id}}",
            f"POST {worker}/accept",
            f"POST {worker}/answer",
            f"POST {worker}/submit",
            f"POST {worker}/return",
            f"GET {worker}/assignments",
            f"GET {worker}/assignments/{{assignment_id}}",
            f"POST {request}",
            f"GET {request}/{{request_id}}",
            f"POST {request}/{{request_id}}/submit",
        ]
    )


def test_operations_are_described(document):
    """Each has a sentence, a name of its own, and a description of each parameter in a query."""
    described = operations(document).values()

    assert all(re.fullmatch(r"[A-Z].*\.", each["summary"]) for each in described)
    assert len({each["operationId"] for each in described}) == len(described)
    for each in described:
        for parameter in each["parameters"]:
            assert parameter["in"] == "path" or parameter["description"].endswith(".")


def test_body(document):
    """A body has the members that the operation takes, and no others."""
    schema = document["paths"]["/_mturk/clock/move_to"]["post"]["requestBody"]

    assert schema == {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "time": {
                            "type": "string",
                            "format": "date-time",
                            "examples": ["2026-01-31T12:00:00Z"],
                            "description": "The time to move to; not past.",
                        }
                    },
                    "required": ["time"],
                    "minProperties": 0,
                    "additionalProperties": False,
                }
            }
        },
        "required": True,
    }


def test_default(document):
    """A default is in the schema."""
    (limit,) = document["paths"]["/_mturk/clock"]["get"]["parameters"]

    assert limit == {
        "name": "limit",
        "in": "query",
        "description": "The number of upcoming events to show.",
        "schema": {
            "type": "integer",
            "minimum": 0,
            "maximum": 1000,
            "description": "The number of upcoming events to show.",
            "default": 100,
        },
    }


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("GET /_mturk/health", "200 400 403 500 503"),
        ("GET /_mturk/requesters/{name}", "200 400 403 404 500 503"),
        ("POST /_mturk/clock/rate", "200 400 403 409 413 415 500 503"),
    ],
)
def test_statuses(operation, statuses, document):
    """The statuses are those that the operation can have."""
    assert " ".join(operations(document)[operation]["responses"]) == statuses


def test_server(document, server):
    """Programs find the server's URL in the document."""
    assert document["servers"] == [{"url": server.url}]


def test_security(document):
    """The document says whether a token is needed."""
    token = "a-long-random-secret"
    guarded_server = MTurkServer(control_token=token)
    bearer = f"Bearer {token}"
    with guarded_server, control_client(guarded_server, Authorization=bearer) as control:
        guarded = control.get("/openapi.json").json()

    assert document["security"] == [{}]
    assert guarded["security"] == [{"token": []}]
    assert guarded["components"]["securitySchemes"] == {
        "token": {"type": "http", "scheme": "bearer"}
    }
    assert "401" in guarded["paths"]["/_mturk/health"]["get"]["responses"]
    assert "401" not in document["paths"]["/_mturk/health"]["get"]["responses"]


@pytest.mark.parametrize(
    "each", ["GET /_mturk/journal", "POST /_mturk/checkpoint", "POST /_mturk/backup"]
)
def test_server_without_state_file(document, each):
    """What needs a state file is described to answer 409, as a server without one does."""
    assert "409" in operations(document)[each]["responses"]
