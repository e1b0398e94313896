"""Campaigns for tests of rehearsals, which other processes import."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import boto3

from mturk_mock import HTMLQuestion, mock_mturk, parse_answers, rehearse
from tests.rehearsals.executors import Serial

PAGE = str(
    HTMLQuestion(
        "<!DOCTYPE html><html><head><title>?</title></head><body><form>"
        + "".join(f'<input type="radio" name="label" value="{label}">' for label in ("cat", "dog"))
        + "</form></body></html>"
    )
)


def publish(mturk: Any, redundancy: int, items: int, reward: str = "0.05") -> Any:
    """Publish HITs of one type with boto3, and return the client."""
    client = boto3.client("mturk", region_name="us-east-1")
    type_id = client.create_hit_type(
        Title="Label",
        Description="A picture",
        Reward=reward,
        AssignmentDurationInSeconds=600,
        AutoApprovalDelayInSeconds=3600,
    )["HITTypeId"]
    for number in range(items):
        client.create_hit_with_hit_type(
            HITTypeId=type_id,
            LifetimeInSeconds=86400 * 7,
            MaxAssignments=redundancy,
            Question=PAGE,
            RequesterAnnotation=str(number),
        )
    return client


def answer_cat(hit: Any, worker: Any) -> dict[str, str]:
    """Return the right answer to each HIT."""
    return {"label": "cat"}


def votes_by_hit(client: Any) -> list[list[str]]:
    """Return the labels that workers have given, for each HIT."""
    found = []
    for hit in client.list_hits(MaxResults=100)["HITs"]:
        work = client.list_assignments_for_hit(HITId=hit["HITId"], MaxResults=100)["Assignments"]
        found.append([parse_answers(each["Answer"])["label"] for each in work])
    return found


def vote(mturk: Any, redundancy: int = 3, accuracy: float = 0.8, items: int = 5) -> dict[str, Any]:
    """Ask a crowd, and return the share of items whose majority is right."""
    client = publish(mturk, redundancy, items)
    mturk.crowd(20, answer=answer_cat, accuracy=accuracy).finish()
    mturk.clock.advance(hours=2)
    right = [votes.count("cat") > len(votes) / 2 for votes in votes_by_hit(client)]
    return {"right": sum(right) / items, "first": client.list_hits()["HITs"][0]["HITId"]}


def count(mturk: Any, number: int = 1) -> dict[str, Any]:
    """Return an outcome without a crowd."""
    return {"twice": 2 * number}


def take_rule(mturk: Any, rule: Any) -> dict[str, Any]:
    """Take any value of a design."""
    return {}


def fail_for_two(mturk: Any, number: int = 1) -> dict[str, Any]:
    """Raise for one design."""
    if number == 2:
        raise LookupError("two\nis wrong")
    return {"twice": 2 * number}


def refuse(mturk: Any) -> dict[str, Any]:
    """Make a call that the service refuses."""
    mturk.client().get_hit(HITId="3UNKNOWN")
    return {}


def exit_program(mturk: Any) -> dict[str, Any]:
    """End as a script does."""
    raise SystemExit("no funds")


class NoTextError(Exception):
    """An error whose text cannot be made."""

    def __str__(self) -> str:
        raise ValueError("no text")


def raise_without_text(mturk: Any, number: int = 1) -> dict[str, Any]:
    """Raise an error for one design that cannot be shown."""
    if number == 2:
        raise NoTextError
    return {"twice": 2 * number}


def interrupt(mturk: Any) -> dict[str, Any]:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def die_for_two(mturk: Any, number: int = 1) -> dict[str, Any]:
    """End the process for one design."""
    if number == 2:
        os._exit(3)
    return {"twice": 2 * number}


def die_once(mturk: Any, marker: str = "", number: int = 1) -> dict[str, Any]:
    """End the process at the first try of one design."""
    if number == 2 and not Path(marker).exists():
        Path(marker).touch()
        os._exit(3)
    return {"twice": 2 * number}


def note_run(mturk: Any, folder: str = "", number: int = 1) -> dict[str, Any]:
    """Leave a file for each time that a design is run; fail once for the file "fail"."""
    if (Path(folder) / "fail").exists() and number == 2:
        raise RuntimeError("not yet")
    runs = Path(folder) / f"{number}.runs"
    runs.write_text(runs.read_text() + "." if runs.exists() else ".")
    return {"twice": 2 * number}


def nest(mturk: Any) -> dict[str, Any]:
    """Use a mock of its own, and rehearse another campaign, within a run."""
    client = boto3.client("mturk", region_name="us-east-1")
    with mock_mturk(balance="5.00"):
        inner = client.get_account_balance()["AvailableBalance"]
    rows = rehearse(count, [{"number": 4}], [1], executor=Serial(), progress=False).rows
    outer = client.get_account_balance()["AvailableBalance"]
    return {"inner": inner, "outer": outer, "eight": rows[0]["twice"]}


def read_options(mturk: Any, calls_made: int = 4) -> dict[str, Any]:
    """Return the time, the calls that are kept, and a balance."""
    client = mturk.client()
    for _ in range(calls_made):
        balance = client.get_account_balance()["AvailableBalance"]
    return {"now": str(mturk.clock.now), "calls": len(mturk.calls), "balance": balance}


def pay(mturk: Any, hours: float = 2) -> dict[str, Any]:
    """Let workers earn $0.05 for two items, and a bonus of $1.00."""
    client = publish(mturk, 1, 2)
    crowd = mturk.crowd(5, answer=answer_cat).finish()
    start = mturk.clock.now
    mturk.clock.advance(hours=hours)
    done = crowd.results[0]
    client.send_bonus(
        WorkerId=done.worker_id, BonusAmount="1.00", AssignmentId=done.assignment_id, Reason="ok"
    )
    return {"waited": (mturk.clock.now - start).total_seconds()}


def wait_a_day(mturk: Any) -> dict[str, Any]:
    """Move the clock only."""
    mturk.clock.advance(days=1)
    return {}


def run_for_ever(mturk: Any, folder: str = "", number: int = 1) -> dict[str, Any]:
    """Leave a file named for the process, and run until the process is ended."""
    (Path(folder) / f"{os.getpid()}.pid").touch()
    while True:
        time.sleep(0.1)


def wait_for(mturk: Any, folder: str = "", number: int = 1) -> dict[str, Any]:
    """Leave a file named for the process, and end when there is a file "go"."""
    (Path(folder) / f"{os.getpid()}.pid").touch()
    while not (Path(folder) / "go").exists():
        time.sleep(0.05)
    return {"twice": 2 * number}
