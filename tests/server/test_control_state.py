"""The control API: health, reset and the clock."""

from __future__ import annotations

import pytest

import mturk_mock
from mturk_mock.server import MTurkServer
from tests.helpers import DAY, NOW, publish
from tests.servers import control_client, refusal

START = "2026-01-01T00:00:00+00:00"


def test_health(server, control):
    """It has the version, the time and the numbers of things."""
    client = server.client()
    hit_id = publish(client)
    publish(server.client(sandbox=True))
    server.mturk.worker().answer(hit_id)
    health = control.get("/health").json()

    assert health.pop("uptime_in_seconds") >= 0
    assert health == {
        "status": "ok",
        "version": mturk_mock.__version__,
        "now": START,
        "counts": {"requesters": 1, "hits": 2, "assignments": 1, "workers": 1, "calls": 2},
    }


def test_reset(server, control):
    """The state is the initial one, with the options of the server."""
    publish(server.client())
    server.mturk.fail()
    server.mturk.clock.advance(days=1)
    health = control.post("/reset").json()

    assert health["counts"] == {
        "requesters": 0,
        "hits": 0,
        "assignments": 0,
        "workers": 0,
        "calls": 0,
    }
    assert health["now"] == START
    assert (server.mturk.hits, server.mturk.calls, server.mturk.faults) == ([], [], [])


def during_a_crowd_s_answer(server, act):
    """Return what `act` returns while a crowd's worker acts."""
    publish(server.client(), LifetimeInSeconds=7 * DAY)
    found = []

    def answer(hit, worker):
        with control_client(server) as client:
            found.append(act(client))
        return {}

    server.mturk.crowd(1, answer=answer, check=False)
    server.mturk.clock.advance(days=1)
    return found[0]


def test_reset_while_a_crowd_acts(server, monkeypatch):
    """The state cannot change under a worker who acts."""
    monkeypatch.setattr("mturk_mock.backend.transaction.CALLBACK_TIMEOUT", 0.01)
    response = during_a_crowd_s_answer(server, lambda control: control.post("/reset"))

    message = (
        "the clock cannot move, and the state cannot be saved or restored, while a crowd's worker "
        "acts, such as in answer=: do that afterwards"
    )
    assert refusal(response) == (409, "Conflict", message)


# The clock ----------------------------------------------------------------------------------


def test_clock(server, control):
    """It has the time, the rate, and the events that are due later."""
    hit_id = publish(server.client())

    assert control.get("/clock").json() == {
        "now": START,
        "rate": 0,
        "stands_still": True,
        "upcoming": [{"time": "2026-01-01T01:00:00+00:00", "what": "HIT expires", "id": hit_id}],
        "total": 1,
    }


def test_clock_with_a_limit(server, control):
    """The limit is that of the events shown, not of their number."""
    client = server.client()
    for lifetime in (60, 120, 180):
        publish(client, LifetimeInSeconds=lifetime)
    clock = control.get("/clock?limit=2").json()

    assert [event["time"][11:16] for event in clock["upcoming"]] == ["00:01", "00:02"]
    assert clock["total"] == 3


def test_advance(server, control):
    """All that is given is added up, and events happen."""
    client = server.client()
    hit_id = publish(client)
    clock = control.post("/clock/advance", json={"hours": 1, "minutes": 0.5}).json()

    assert clock["now"] == "2026-01-01T01:00:30+00:00"
    assert [event["what"] for event in clock["upcoming"]] == ["HIT is disposed"]
    assert server.mturk.hit(hit_id).status == "Reviewable"


def test_advance_beyond_the_year_9999(control):
    """The message says what the time is."""
    response = control.post("/clock/advance", json={"days": 2912500})

    message = (
        "advance() cannot go beyond the year 9999: it is 2026-01-01 00:00:00+00:00, and 2912500 "
        "days, 0:00:00 is too long"
    )
    assert refusal(response) == (409, "Conflict", message)


@pytest.mark.parametrize(
    ("time", "now"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00"),
        ("2026-01-31T12:00:00.25+02:00", "2026-01-31T10:00:00.250000+00:00"),
        (START, START),
    ],
)
def test_move_to(time, now, control):
    """The clock moves to a time of any zone, shown in UTC."""
    response = control.post("/clock/move_to", json={"time": time})

    assert response.json()["now"] == now


def test_move_into_the_past(control):
    """The clock moves forward only."""
    response = control.post("/clock/move_to", json={"time": "2025-12-31T23:59:59Z"})

    message = (
        "move_to() takes a time that is not past, not 2025-12-31 23:59:59+00:00: it is 2026-01-01 "
        "00:00:00+00:00"
    )
    assert refusal(response) == (409, "Conflict", message)


@pytest.mark.parametrize(
    "time",
    ["2026-01-31", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z", "tomorrow", 5, None],
)
def test_move_to_what_is_no_time(time, control):
    """A time has its zone."""
    response = control.post("/clock/move_to", json={"time": time})

    message = f"time takes a time with its zone, such as '2026-01-31T12:00:00Z', not {time!r}."
    assert refusal(response) == (400, "InvalidInput", message)


def test_rate(control):
    """A clock that stood still runs, and the time does not jump."""
    clock = control.post("/clock/rate", json={"rate": 3600}).json()

    assert (clock["rate"], clock["stands_still"]) == (3600, False)
    assert clock["now"] >= START


def test_rate_of_0(server, control):
    """The clock stops, and can be stopped again."""
    server.mturk.clock.rate = 60
    now = control.post("/clock/rate", json={"rate": 0}).json()["now"]
    clock = control.post("/clock/rate", json={"rate": 0.0}).json()

    assert (clock["rate"], clock["stands_still"], clock["now"]) == (0, True, now)


@pytest.mark.parametrize("rate", [-1, 1.5, 86_401, "60", None, True])
def test_invalid_rate(rate, control):
    """A rate is a whole number."""
    response = control.post("/clock/rate", json={"rate": rate})

    message = f"rate takes a whole number from 0 to 86400, not {rate!r}."
    assert refusal(response) == (400, "InvalidInput", message)


def test_clock_of_the_machine():
    """A server without a time of its own follows the machine's clock."""
    with MTurkServer() as server, control_client(server) as control:
        clock = control.get("/clock").json()

    assert (clock["rate"], clock["stands_still"]) == (1, False)
    assert clock["now"] > f"{NOW:%Y}"
