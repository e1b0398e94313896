"""Mocks and small tests, compared with moto."""

from __future__ import annotations

import gc

import boto3
from moto import mock_aws

from benchmarks.calls import KEYS
from benchmarks.measure import Block, Comparison, Result, run_rounds, timed
from benchmarks.samples import HIT
from mturk_mock import mock_mturk

ROUNDS = 60


def enter_and_leave() -> None:
    with mock_mturk():
        pass


def enter_and_leave_moto() -> None:
    with mock_aws():
        pass


def small_test() -> None:
    """Start a mock, create a client and a HIT, read the HIT and the balance, stop."""
    with mock_mturk():
        client = boto3.client("mturk", **KEYS)
        hit_id = client.create_hit(**HIT)["HIT"]["HITId"]
        client.get_hit(HITId=hit_id)
        client.get_account_balance()


def small_test_of_moto() -> None:
    """Start a mock, create a client and a secret, read it and its description, stop."""
    with mock_aws():
        client = boto3.client("secretsmanager", **KEYS)
        client.create_secret(Name="secret", SecretString="text")
        client.get_secret_value(SecretId="secret")
        client.describe_secret(SecretId="secret")


def after_collection(block: Block) -> Block:
    """Return a block that collects garbage first, so that each side pays for its own."""

    def run(size: int) -> float:
        gc.collect()
        return block(size)

    return run


def run(rounds: int) -> list[Result]:
    """Measure both against moto."""
    comparisons = [
        Comparison(
            "enter and leave, beside moto's mock_aws",
            after_collection(lambda size: timed(enter_and_leave, size)),
            after_collection(lambda size: timed(enter_and_leave_moto, size)),
            1 / 50,
        ),
        Comparison(
            "a whole small test, beside moto's",
            after_collection(lambda size: timed(small_test, size)),
            after_collection(lambda size: timed(small_test_of_moto, size)),
            1 / 8,
            1,
        ),
    ]
    return run_rounds(comparisons, rounds)
