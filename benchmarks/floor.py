"""The floor of a call: the same client, with the bytes of the answer at hand and no mock."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from benchmarks.measure import Block, timed
from mturk_mock import mock_mturk

Call = Callable[[], object]
#: Makes what a call needs, with the client that is to make the call, and returns the call.
Prepare = Callable[[Any], Call]

#: Keys of nobody, with which requests are signed as those of programs are.
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": ACCESS_KEY,
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


def new_client(service: str = "mturk", **others: Any) -> Any:
    """Return a client as programs make it: its requests are signed."""
    return boto3.client(service, **KEYS, **others)


@dataclass(frozen=True)
class Answer:
    """The HTTP response of a call."""

    status: int
    headers: dict[str, str]
    text: str

    def send(self, request: Any, **event: Any) -> AWSResponse:
        """Be the handler of ``before-send`` that answers with this."""
        return AWSResponse(request.url, self.status, self.headers, Raw(self.text.encode()))


class Raw(io.BytesIO):
    """A body to read, as botocore expects it of urllib3."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        """Yield the body."""
        yield self.read()


def under_the_mock(client: Any, prepare: Prepare, **options: Any) -> Block:
    """Return the call in a mock, which is entered, filled and left outside of the timed part."""

    def block(size: int) -> float:
        with mock_mturk(**options):
            return timed(prepare(client), size)

    return block


def with_canned_bytes(prepare: Prepare, **config: Any) -> Block:
    """Return the same call outside of any mock, on a client that has the answer ready.

    The answer's bytes are those of the mock. `config`: how the client is made.
    """
    call = prepare_canned(prepare, new_client(**config))
    return lambda size: timed(call, size)


def prepare_canned(prepare: Prepare, client: Any) -> Call:
    """Return the call on this client, which from now on has the answer ready."""
    with mock_mturk():
        call = prepare(client)
        (answer,) = answers_of(client, call).values()
    client.meta.events.register(f"before-send.{service_of(client)}", answer.send)
    return call


def service_of(client: Any) -> str:
    """Return the service as it is called in the names of events."""
    return str(client.meta.service_model.service_id.hyphenize())


def answers_of(client: Any, call: Call) -> dict[str, Answer]:
    """Return the response to each operation that a call asks for, by its name."""
    answers = {}

    def keep(response_dict: Any, event_name: str, **event: Any) -> None:
        answers[event_name.rpartition(".")[2]] = Answer(
            response_dict["status_code"],
            dict(response_dict["headers"]),
            response_dict["body"].decode(),
        )

    client.meta.events.register("response-received", keep)
    call()
    client.meta.events.unregister("response-received", keep)
    return answers


def answer_from(client: Any, answers: Mapping[str, Answer]) -> None:
    """Let a client answer itself, each operation by its answer."""
    for operation, answer in answers.items():
        event = f"before-send.{service_of(client)}.{operation}"
        client.meta.events.register(event, answer.send)


def to_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return answers as another process can read them."""
    return {operation: asdict(answer) for operation, answer in answers.items()}


def from_json(saved: Mapping[str, Any]) -> dict[str, Answer]:
    """Return the answers that another process has saved."""
    return {operation: Answer(**content) for operation, content in saved.items()}
