"""Mocked calls, compared with the same calls without a mock.

The reference is an identical client outside a mock. It signs its request, and a
``before-send`` handler returns the bytes of the mock's response.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from benchmarks.filling import open_hits
from benchmarks.measure import Block, Comparison, Result, run_rounds, timed
from benchmarks.samples import HIT, new_hits
from mturk_mock import Snapshot, current, mock_mturk

Call = Callable[[], object]
#: Creates what a call needs, and returns the call.
Prepare = Callable[[Any], Call]

ROUNDS = 200

#: The access keys of the clients.
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": ACCESS_KEY,
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}

# Calls ------------------------------------------------------------------------------------


def get_account_balance(client: Any) -> Call:
    return lambda: client.get_account_balance()


def get_hit(client: Any) -> Call:
    hit_id = client.create_hit(**HIT)["HIT"]["HITId"]
    return lambda: client.get_hit(HITId=hit_id)


def refused_get_hit(client: Any) -> Call:
    def call() -> None:
        try:
            client.get_hit(HITId="3UNKNOWN")
        except ClientError:
            return
        raise AssertionError("get_hit of an unknown HIT was not refused")

    return call


def create_hit(client: Any) -> Call:
    return lambda: client.create_hit(**HIT)


def create_new_hit(client: Any) -> Call:
    return lambda: client.create_hit(**next(NEW_HITS))


#: Shared by all mocks, because the process caches checked questions.
NEW_HITS = new_hits()


def list_hits(client: Any) -> Call:
    current().restore(hundred_hits())
    return lambda: client.list_hits(MaxResults=100)


@functools.cache
def hundred_hits() -> Snapshot:
    return open_hits(100)


# The two sides ----------------------------------------------------------------------------


def new_client() -> Any:
    """Return a client that signs its requests."""
    return boto3.client("mturk", **KEYS)


def under_the_mock(prepare: Prepare, **options: Any) -> Block:
    """Return a block of mocked calls. Starting, preparing and stopping are not timed."""
    client = new_client()

    def block(size: int) -> float:
        with mock_mturk(**options):
            return timed(prepare(client), size)

    return block


def with_canned_bytes(prepare: Prepare) -> Block:
    """Return a block of calls outside a mock, answered with the mock's response."""
    client = new_client()
    with mock_mturk():
        call = prepare(client)
        answer = recorded_answer(client, call)
    client.meta.events.register("before-send.mturk", answer)
    return lambda size: timed(call, size)


def recorded_answer(client: Any, call: Call) -> Callable[..., AWSResponse]:
    """Make a call, and return a ``before-send`` handler that returns the same response."""
    responses: list[dict[str, Any]] = []

    def record(response_dict: dict[str, Any], **event: Any) -> None:
        responses.append(response_dict)

    client.meta.events.register("response-received.mturk", record)
    call()
    client.meta.events.unregister("response-received.mturk", record)
    (response,) = responses
    status, headers, body = response["status_code"], response["headers"], response["body"]
    return lambda request, **event: AWSResponse(request.url, status, headers, RawBody(body))


class RawBody(io.BytesIO):
    """Body of a response, with the method of urllib3 that botocore calls."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        """Yield the whole body at once."""
        yield self.read()


# Rows -------------------------------------------------------------------------------------


def compare(
    name: str, prepare: Prepare, goal: float | None, most_calls: int = 5, **options: Any
) -> Comparison:
    ours, reference = under_the_mock(prepare, **options), with_canned_bytes(prepare)
    return Comparison(name, ours, reference, goal, most_calls)


def run(rounds: int) -> list[Result]:
    """Measure all calls."""
    comparisons = [
        compare("get_account_balance", get_account_balance, 0.92),
        compare("get_hit", get_hit, 0.92),
        compare("get_hit, signed (accounts=...)", get_hit, None, accounts={ACCESS_KEY: "lab"}),
        compare("get_hit, refused", refused_get_hit, None),
        compare("create_hit, 2 KB of HTML, repeated", create_hit, 1.2),
        compare("create_hit, 2 KB of HTML, new each time", create_new_hit, 1.4),
        compare("list_hits, 100 HITs", list_hits, 1.25, most_calls=1),
    ]
    return run_rounds(comparisons, rounds)
