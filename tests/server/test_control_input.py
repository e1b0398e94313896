"""The control API: addresses, methods, bodies and queries."""

from __future__ import annotations

import pytest

from mturk_mock.core import errors
from mturk_mock.mock.clock import ClockControl
from mturk_mock.server.control import state
from mturk_mock.server.control.table import MAX_BODY
from tests.servers import exchange, refusal

ADVANCE = "/clock/advance"
JSON = {"Content-Type": "application/json"}
UNITS = "seconds, minutes, hours, days"


def post(control, content, path=ADVANCE, **headers):
    """Send a body as it is."""
    return control.post(path, content=content, headers={**JSON, **headers})


@pytest.mark.parametrize(
    "path", ["/nowhere", "/", "/health/", "/workers//hits", "/calls/1/2", "/requesters/"]
)
def test_unknown_address(path, control):
    """The message says where the addresses are described."""
    message = f"The control API has no address '/_mturk{path}'; /_mturk/openapi.json describes it."
    assert refusal(control.get(path)) == (404, "NotFound", message)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/reset", "POST"),
        ("HEAD", "/reset", "POST"),
        ("POST", "/health", "GET, HEAD"),
        ("OPTIONS", "/health", "GET, HEAD"),
        ("DELETE", "/requesters/lab", "GET, PUT, HEAD"),
    ],
)
def test_other_method(method, path, allowed, control):
    """The header Allow names the methods of the address."""
    response = control.request(method, path)

    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    if method != "HEAD":
        message = f"This address takes {allowed}, not {method}."
        assert refusal(response) == (405, "MethodNotAllowed", message)


def test_head(control):
    """HEAD answers as GET, without the body."""
    response = control.head("/health")

    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) > 0


def test_headers(control):
    """Answers are JSON that is not stored."""
    headers = control.get("/health").headers

    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert "x-mturk-mock" in headers


def test_address_with_line_breaks(control):
    """An address can have any characters."""
    message = "There is no requester 'a\\n' yet: the first API call, or PUT, adds one."

    assert refusal(control.get("/requesters/a%0A")) == (404, "NotFound", message)


# Bodies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "{}"])
def test_no_input(content, control):
    """An operation without input takes no body, or an empty object."""
    assert post(control, content, "/reset").status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_content_type(content_type, control):
    """A body must be declared as JSON."""
    response = post(control, '{"hours": 1}', **{"Content-Type": content_type})

    message = f"The control API takes Content-Type: application/json, not {content_type!r}."
    assert refusal(response) == (415, "UnsupportedMediaType", message)


def test_content_type_with_a_parameter(control):
    """A charset may follow."""
    kind = "Application/JSON; charset=utf-8"

    assert post(control, '{"hours": 1}', **{"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("hours=1", "Expecting value: line 1 column 1 (char 0)"),
        ("[" * 200 + "]" * 200, "lists and objects are nested more than 100 deep"),
        ("[" * 100_000, "lists and objects are nested more than 100 deep"),
    ],
    ids=["cut off", "a form", "too deep", "much too deep"],
)
def test_no_json(content, problem, control):
    """The message says what is wrong with the JSON."""
    response = post(control, content)

    assert refusal(response) == (400, "InvalidInput", f"The body is not JSON: {problem}.")


def test_no_text(control):
    """Bytes that are not UTF-8 are not JSON."""
    status, code, message = refusal(post(control, b'{"hours": "\xff"}'))

    assert (status, code) == (400, "InvalidInput")
    assert message.startswith("The body is not JSON: 'utf-8' codec can't decode byte 0xff")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "The body takes an object, not [1]."),
        ("null", "The body takes an object, not None."),
        ("{}", f"The body needs 1 or more of {UNITS}."),
        ("", f"The body needs 1 or more of {UNITS}."),
        ('{"hour": 1}', f"The body has no 'hour' (did you mean 'hours'?); it takes {UNITS}."),
        ('{"hours": 1, "hours": 2}', "The member 'hours' occurs twice in one object."),
        ('{"hours": "1"}', "hours takes a number from 0 to 9007199254740991, not '1'."),
        ('{"hours": true}', "hours takes a number from 0 to 9007199254740991, not True."),
        ('{"hours": null}', "hours takes a number from 0 to 9007199254740991, not None."),
        ('{"hours": -1}', "hours takes a number from 0 to 9007199254740991, not -1."),
        ('{"hours": NaN}', "hours takes a number from 0 to 9007199254740991, not nan."),
        ('{"hours": 1e999}', "hours takes a number from 0 to 9007199254740991, not inf."),
    ],
)
def test_invalid_body(content, message, control):
    """The message says what was given and what is allowed."""
    assert refusal(post(control, content)) == (400, "InvalidInput", message)


def test_body_without_a_required_member(control):
    """The message names the member and says what it means."""
    response = control.post("/clock/move_to", json={})

    message = "The body needs time: The time to move to; not past."
    assert refusal(response) == (400, "InvalidInput", message)


def test_body_that_is_not_taken(control):
    """An operation without input takes no member."""
    response = control.post("/reset", json={"all": True})

    assert refusal(response) == (400, "InvalidInput", "The body has no 'all'; it takes nothing.")


def test_body_that_is_too_long(server):
    """A body over the limit is refused by its declared length, without reading it."""
    head = f"POST /_mturk{ADVANCE} HTTP/1.1\r\nHost: localhost\r\n"
    length = f"Content-Length: {MAX_BODY + 1}\r\nConnection: close\r\n\r\n"
    received = exchange(server, f"{head}{length}".encode())

    assert received.startswith(b"HTTP/1.1 413 ")
    assert b'"message": "This address takes a body of 16777216 bytes at most."' in received


def test_body_that_is_too_long_in_pieces(server):
    """A body of undeclared length is read up to the limit."""
    head = f"POST /_mturk{ADVANCE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    chunk = b"%x\r\n%b" % (MAX_BODY + 1, b" " * (MAX_BODY + 1))

    head += "Transfer-Encoding: chunked\r\n\r\n"

    assert exchange(server, head.encode(), chunk).startswith(b"HTTP/1.1 413 ")


# Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limits=1", "The query has no 'limits' (did you mean 'limit'?); it takes limit."),
        ("limit=1&limit=2", "A parameter of the query is given twice."),
        ("limit=", "limit takes a whole number from 0 to 1000, not ''."),
        ("limit=1001", "limit takes a whole number from 0 to 1000, not 1001."),
        ("limit=-1", "limit takes a whole number from 0 to 1000, not '-1'."),
        ("limit=1.0", "limit takes a whole number from 0 to 1000, not '1.0'."),
        ("limit=%D9%A1", "limit takes a whole number from 0 to 1000, not '\u0661'."),
    ],
)
def test_invalid_query(query, message, control):
    """The message says what was given and what is allowed."""
    assert refusal(control.get(f"/clock?{query}")) == (400, "InvalidInput", message)


def test_query_that_is_not_taken(control):
    """An operation without a query takes no parameter."""
    message = "The query has no 'x'; it takes nothing."

    assert refusal(control.get("/health?x=1")) == (400, "InvalidInput", message)


# Bugs ---------------------------------------------------------------------------------------


def test_bug(control, monkeypatch, caplog):
    """An unexpected exception is one line for the client, and a traceback in the log."""
    monkeypatch.setattr(state, "write_time", lambda moment: moment.name)
    response = control.get("/health")

    message = (
        "a bug in mturk_mock: get_health failed (AttributeError: 'datetime.datetime' object has "
        "no attribute 'name')"
    )
    assert refusal(response) == (500, "InternalFailure", message)
    assert "Traceback" in caplog.text


def test_state_file_that_cannot_be_written(control, monkeypatch):
    """It is a problem of the server, with the code and the message of the API."""

    def fail(clock, **given):
        raise errors.NOT_STORED(problem="the disk is full")

    monkeypatch.setattr(ClockControl, "advance", fail)
    response = control.post(ADVANCE, json={"hours": 1})

    message = "The state file cannot be written, so nothing is changed: the disk is full. Try "
    assert refusal(response) == (503, "ServiceUnavailable", f"{message}again later.")
