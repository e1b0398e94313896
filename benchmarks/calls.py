"""API calls under the mock, beside the same calls answered with canned bytes."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from benchmarks.filling import filling
from benchmarks.floor import ACCESS_KEY, Call, new_client, under_the_mock, with_canned_bytes
from benchmarks.measure import Comparison, Result, run_rounds, timed
from benchmarks.samples import HIT, QUESTION, form, hit_with, variants
from mturk_mock.mock.mock import current
from mturk_mock.questions.question import check_question

ROUNDS = 200

# The calls --------------------------------------------------------------------------------


def get_account_balance(client: Any) -> Call:
    return lambda: client.get_account_balance()


def get_hit(client: Any) -> Call:
    hit_id = client.create_hit(**HIT)["HIT"]["HITId"]
    return lambda: client.get_hit(HITId=hit_id)


def create_hit(client: Any) -> Call:
    """Return a call whose question is the same one each time."""
    return lambda: client.create_hit(**HIT)


def create_new_hit(client: Any) -> Call:
    """Return a call whose question is another one each time, as it is in a campaign."""
    return lambda: client.create_hit(**hit_with(next(QUESTIONS)))


def create_hit_with_form(client: Any) -> Call:
    """Return a call whose form is the same one each time."""
    parameters = hit_with(FORM)
    return lambda: client.create_hit(**parameters)


def create_hit_with_new_form(client: Any) -> Call:
    """Return a call whose form is another one each time."""
    return lambda: client.create_hit(**hit_with(next(FORMS)))


#: Questions of 2 KB, each another one, in whatever mock.
QUESTIONS = variants(QUESTION, "mammal")
FORM = form()
#: Forms of 10 KB, each another one.
FORMS = variants(FORM, "Species 0")


def list_100_hits(client: Any) -> Call:
    with filling(current()) as ask:
        for _ in range(100):
            ask("CreateHIT", **HIT)
    return lambda: client.list_hits(MaxResults=100)


def refused_get_hit(client: Any) -> Call:
    def call() -> None:
        try:
            client.get_hit(HITId="3UNKNOWN")
        except ClientError:
            return
        raise AssertionError("a HIT of nobody was found")

    return call


# The rows ---------------------------------------------------------------------------------


CALLS = (
    ("get_account_balance", get_account_balance, 0.9, 5),
    ("get_hit", get_hit, 0.9, 5),
    ("create_hit, a question of 2 KB, repeated", create_hit, 1.0, 5),
    ("create_hit, a question of 2 KB, new each time", create_new_hit, 1.0, 5),
    ("create_hit, a QuestionForm of 10 KB, repeated", create_hit_with_form, 1.2, 5),
    ("create_hit, a QuestionForm of 10 KB, new each time", create_hit_with_new_form, None, 5),
    ("list_hits, 100 of them", list_100_hits, 1.0, 1),
    ("get_hit, refused", refused_get_hit, 1.0, 5),
)


def comparisons() -> list[Comparison]:
    """Return all comparisons of calls."""
    client = new_client()
    plain = [
        Comparison(name, under_the_mock(client, prepare), with_canned_bytes(prepare), goal, most)
        for name, prepare, goal, most in CALLS
    ]
    return [*plain, signed(client), over_the_unsigned_floor(client), check()]


def signed(client: Any) -> Comparison:
    """Return get_hit where access keys say who calls, so that requests are signed."""
    return Comparison(
        "get_hit, signed: mock_mturk(accounts=...)",
        under_the_mock(client, get_hit, accounts={ACCESS_KEY: "laboratory"}),
        with_canned_bytes(get_hit),
        1.15,
    )


def over_the_unsigned_floor(client: Any) -> Comparison:
    """Return get_hit beside a floor that is not signed either."""
    return Comparison(
        "get_hit, beside an unsigned floor",
        under_the_mock(client, get_hit),
        with_canned_bytes(get_hit, config=Config(signature_version=UNSIGNED)),
    )


def check() -> Comparison:
    """Return the checking of forms, each another one, without a call."""
    return Comparison(
        "checking a QuestionForm of 10 KB, beside its create_hit",
        lambda size: timed(lambda: check_question(next(FORMS)), size),
        with_canned_bytes(create_hit_with_new_form),
        1.0,
    )


def run(arguments: Namespace) -> list[Result]:
    """Measure all calls."""
    return run_rounds(comparisons(), min(ROUNDS, arguments.rounds), arguments.seed)
