"""The control API: faults."""

from __future__ import annotations

import pytest

from tests.servers import call, refusal

DEFAULTS = {
    "number": 1,
    "operations": None,
    "error": "ServiceFault",
    "times": 1,
    "after": 0,
    "rate": None,
    "when": "before",
    "happened": 0,
    "stopped": False,
}


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({}, {}),
        ({"operation": "create_hit"}, {"operations": ["CreateHIT"]}),
        ({"operation": ["GetHIT", "ListHITs"]}, {"operations": ["GetHIT", "ListHITs"]}),
        ({"operation": None, "times": None, "rate": 0.5}, {"times": None, "rate": 0.5}),
        (
            {"rate": None, "message": None, "after": 2, "when": "after"},
            {"after": 2, "when": "after"},
        ),
        ({"error": "ReadTimeout", "times": 3}, {"error": "ReadTimeout", "times": 3}),
    ],
    ids=str,
)
def test_add(members, shown, control):
    """A fault has the defaults of `mturk.fail`, and is in the list."""
    added = control.post("/faults", json=members).json()

    assert added == {**DEFAULTS, **shown}
    assert control.get("/faults").json() == {"faults": [added]}


def test_fault_happens(server, control):
    """The next call fails, and the fault counts it."""
    control.post("/faults", json={"operation": "ListHITs", "error": "ThrottlingException"})
    answers = [call(server, "ListHITs").status for _ in range(2)]

    assert answers == [400, 200]
    assert control.get("/faults").json()["faults"][0]["happened"] == 1


def test_message(server, control):
    """A code that mturk_mock does not know needs its message."""
    code, message = "AWS.MechanicalTurk.NewError", "Something new."
    refused = control.post("/faults", json={"error": code})
    control.post("/faults", json={"error": code, "message": message})
    answer = call(server, "ListHITs").json

    assert refusal(refused)[:2] == (400, "InvalidInput")
    assert (answer["TurkErrorCode"], answer["Message"].partition(" (")[0]) == (code, message)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"times": 0},
            "times takes a whole number from 1 to 9007199254740991, or null, not 0.",
        ),
        (
            {"when": "later"},
            "when takes one of after, before, not 'later' (did you mean 'after'?).",
        ),
        (
            {"rate": 0},
            "rate takes a number from 1e-05 to 9007199254740991, or null, not 0.",
        ),
        (
            {"error": "ReadTimeout", "message": "?"},
            "fail() takes message= for errors of the service; ReadTimeout is an exception of "
            "botocore, with a message of its own",
        ),
    ],
)
def test_invalid_fault(members, message, control):
    """The message says what was given and what is allowed; no fault is added."""
    assert refusal(control.post("/faults", json=members)) == (400, "InvalidInput", message)
    assert control.get("/faults").json() == {"faults": []}


@pytest.mark.parametrize("operation", [[], ["CreateHIT", "MakeHIT"], "MakeHIT", {}])
def test_unknown_operation(operation, control):
    """An operation is one of the API."""
    status, _, message = refusal(control.post("/faults", json={"operation": operation}))

    assert status == 400
    assert message.endswith(f", or null, not {operation!r}.")


def test_stop(server, control):
    """A fault that is stopped stays in the list."""
    control.post("/faults", json={"operation": "GetHIT"})
    control.post("/faults", json={"operation": "ListHITs", "times": None})
    stopped = control.delete("/faults/2").json()

    assert (stopped["number"], stopped["stopped"]) == (2, True)
    assert call(server, "ListHITs").status == 200
    assert [each["stopped"] for each in control.get("/faults").json()["faults"]] == [False, True]


def test_stop_all(server, control):
    """DELETE without a number stops all."""
    for _ in range(2):
        control.post("/faults", json={"times": None})
    faults = control.delete("/faults").json()["faults"]

    assert [each["stopped"] for each in faults] == [True, True]
    assert call(server, "ListHITs").status == 200


@pytest.mark.parametrize("number", ["0", "2", "x", "01x"])
def test_unknown_fault(number, control):
    """The message says which numbers there are."""
    control.post("/faults", json={})
    message = f"There is no fault '{number}'; the numbers are from 1 to 1."

    assert refusal(control.delete(f"/faults/{number}")) == (404, "NotFound", message)
