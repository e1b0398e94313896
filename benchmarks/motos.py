"""Beside moto: entering and leaving, a whole small test; and what its calls cost."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any, NamedTuple

import boto3
from moto import mock_aws

from benchmarks.floor import KEYS, Call, Prepare, answer_from, answers_of, new_client
from benchmarks.measure import Block, Comparison, Result, run_rounds, timed
from benchmarks.whole import small_test
from mturk_mock import mock_mturk

ROUNDS = 100
TEST_ROUNDS = 20


def enter_and_leave_ours() -> None:
    with mock_mturk():
        pass


def enter_and_leave_motos() -> None:
    with mock_aws():
        pass


def small_test_of_moto() -> None:
    """Do what `small_test` does, with a secret for the HIT."""
    with mock_aws():
        client = boto3.client("secretsmanager", **KEYS)
        client.create_secret(Name="secret", SecretString="text")
        client.get_secret_value(SecretId="secret")
        client.describe_secret(SecretId="secret")


def entering() -> Comparison:
    """Return the comparison of entering and leaving."""
    return Comparison(
        "enter and leave, beside moto's mock_aws",
        lambda size: timed(enter_and_leave_ours, size),
        lambda size: timed(enter_and_leave_motos, size),
        1 / 50,
    )


def small_tests() -> Comparison:
    """Return the comparison of whole tests; moto drops the default session and its models."""
    return Comparison(
        "a whole small test, beside moto's",
        lambda size: timed(small_test, size),
        lambda size: timed(small_test_of_moto, size),
        1 / 10,
        1,
    )


# Calls of services that speak JSON ----------------------------------------------------------


def get_secret_value(client: Any) -> Call:
    client.create_secret(Name="secret", SecretString="text")
    return lambda: client.get_secret_value(SecretId="secret")


def list_rules(client: Any) -> Call:
    client.put_rule(Name="rule", ScheduleExpression="rate(1 day)")
    return lambda: client.list_rules()


def put_rule(client: Any) -> Call:
    return lambda: client.put_rule(Name="rule", ScheduleExpression="rate(1 day)")


def describe_state_machine(client: Any) -> Call:
    states = {"StartAt": "End", "States": {"End": {"Type": "Pass", "End": True}}}
    made = client.create_state_machine(
        name="machine",
        definition=json.dumps(states),
        roleArn="arn:aws:iam::123456789012:role/service-role/machine",
    )
    return lambda: client.describe_state_machine(stateMachineArn=made["stateMachineArn"])


def get_parameter(client: Any) -> Call:
    client.put_parameter(Name="parameter", Value="text", Type="String")
    return lambda: client.get_parameter(Name="parameter")


class ServiceCall(NamedTuple):
    """A call of another service, with moto or with canned bytes."""

    service: str
    prepare: Prepare

    @property
    def comparison(self) -> Comparison:
        """The call with moto, over its floor."""
        name = f"moto: {self.service} {self.prepare.__name__}"
        return Comparison(name, self.with_moto(), self.with_canned_bytes())

    def with_moto(self) -> Block:
        """Return the call in moto's mock, which is entered and left outside of the timed part."""
        client = new_client(self.service)

        def block(size: int) -> float:
            with mock_aws():
                return timed(self.prepare(client), size)

        return block

    def with_canned_bytes(self) -> Block:
        """Return the call on a client that has moto's answer ready."""
        client = new_client(self.service)
        with mock_aws():
            call = self.prepare(client)
            answer_from(client, answers_of(client, call))
        return lambda size: timed(call, size)


CALLS = (
    ServiceCall("secretsmanager", get_secret_value),
    ServiceCall("events", list_rules),
    ServiceCall("events", put_rule),
    ServiceCall("stepfunctions", describe_state_machine),
    ServiceCall("ssm", get_parameter),
)


def of_services() -> list[Comparison]:
    """Return the calls of those services whose parts of moto are installed."""
    return [call.comparison for call in CALLS if is_installed(call)]


def is_installed(call: ServiceCall) -> bool:
    """Tell whether moto has all that it needs for the service."""
    try:
        with mock_aws():
            call.prepare(new_client(call.service))()
    except ImportError:
        return False
    return True


def run(arguments: Namespace) -> list[Result]:
    """Measure what is beside moto.

    A default session that was there before moto was imported has none of its handlers.
    """
    boto3.setup_default_session()
    rounds, seed = arguments.rounds, arguments.seed
    return [
        *run_rounds([small_tests()], min(TEST_ROUNDS, rounds), seed),
        *run_rounds([entering(), *of_services()], min(ROUNDS, rounds), seed),
    ]
