"""API calls under the mock, beside the same calls answered with canned bytes."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from benchmarks.measure import Block, Comparison, timed
from mturk_mock import QuestionForm, mock_mturk
from mturk_mock.questions import Question, SelectionAnswer, Title
from mturk_mock.questions.question import check_question

FIELD = '<p><label><input type="radio" name="label" value="mammal"> mammal</label></p>\n'
QUESTION = (
    '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><body><form>'
    f"{FIELD * 23}</form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
)
FORM = str(
    QuestionForm(
        *(
            Question(
                f"species-{number}",
                [Title(f"Species {number}"), "To which class of animals does it belong?"],
                SelectionAnswer(["mammal", "bird", "reptile", "fish", "insect"]),
            )
            for number in range(12)
        )
    )
)
HIT = {
    "Title": "Which class of animals is this?",
    "Description": "Read the name of one species and choose the class it belongs to.",
    "Keywords": "animals, species, biology",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86_400,
    "MaxAssignments": 3,
    "Question": QUESTION,
}

Call = Callable[[], object]
#: Makes what a call needs, with the client that is to make the call, and returns the call.
Prepare = Callable[[Any], Call]


def new_client() -> Any:
    """Return a client as programs make it: its requests are signed, with keys of nobody."""
    return boto3.client(
        "mturk",
        region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )


# The calls --------------------------------------------------------------------------------


def get_hit(client: Any) -> Call:
    hit_id = client.create_hit(**HIT)["HIT"]["HITId"]
    return lambda: client.get_hit(HITId=hit_id)


def create_hit(client: Any) -> Call:
    """Return a call whose question is another one each time, as it is in a campaign."""
    numbers = itertools.count()
    return lambda: client.create_hit(
        **{**HIT, "Question": QUESTION.replace("mammal", f"mammal {next(numbers)}", 1)}
    )


def create_hit_with_form(client: Any) -> Call:
    """Return a call whose form is another one each time."""
    return lambda: client.create_hit(**{**HIT, "Question": next(FORMS)})


#: Forms of 10 KB, each another one.
FORMS = (FORM.replace("Species 0", f"Species {number}", 1) for number in itertools.count())


def get_account_balance(client: Any) -> Call:
    return lambda: client.get_account_balance()


def list_100_hits(client: Any) -> Call:
    for _ in range(100):
        client.create_hit(**HIT)
    return lambda: client.list_hits(MaxResults=100)


def refused_get_hit(client: Any) -> Call:
    def call() -> None:
        try:
            client.get_hit(HITId="3UNKNOWN")
        except ClientError:
            return
        raise AssertionError("a HIT of nobody was found")

    return call


# Both sides -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """The HTTP response of a call."""

    status: int
    headers: dict[str, str]
    body: bytes


class Raw(io.BytesIO):
    """A body to read, as botocore expects it of urllib3."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        """Yield the body."""
        yield self.read()


def under_the_mock(client: Any, prepare: Prepare) -> Block:
    """Return the call in a mock, which is entered, filled and left outside of the timed part."""

    def block(size: int) -> float:
        with mock_mturk():
            return timed(prepare(client), size)

    return block


def with_canned_bytes(prepare: Prepare) -> Block:
    """Return the same call outside of any mock, on a client that has the answer ready.

    The answer's bytes are those of the mock.
    """
    client = new_client()
    with mock_mturk():
        call = prepare(client)
        answer = answer_of(client, call)

    def send(request: Any, **event: Any) -> AWSResponse:
        return AWSResponse(request.url, answer.status, answer.headers, Raw(answer.body))

    client.meta.events.register("before-send.mturk", send)
    return lambda size: timed(call, size)


def answer_of(client: Any, call: Call) -> Answer:
    """Return the response to a call."""
    answers = []

    def keep(response_dict: Any, **event: Any) -> None:
        answers.append(
            Answer(
                response_dict["status_code"],
                dict(response_dict["headers"]),
                response_dict["body"],
            )
        )

    client.meta.events.register("response-received.mturk", keep)
    call()
    client.meta.events.unregister("response-received.mturk", keep)
    return answers[-1]


def checking(size: int) -> float:
    """Check forms, each another one, and make no call."""
    return timed(lambda: check_question(next(FORMS)), size)


def comparisons() -> list[Comparison]:
    """Return all comparisons of calls."""
    client = new_client()
    calls = (
        ("get_hit", get_hit, 1.0, 5),
        ("create_hit, question of 2 KB", create_hit, 1.2, 5),
        ("create_hit, QuestionForm of 10 KB", create_hit_with_form, None, 5),
        ("get_account_balance", get_account_balance, None, 5),
        ("list_hits, 100 of them", list_100_hits, None, 1),
        ("get_hit, refused", refused_get_hit, None, 5),
    )
    check = Comparison(
        "checking a QuestionForm of 10 KB, beside its create_hit",
        checking,
        with_canned_bytes(create_hit_with_form),
        1.0,
    )
    return [check] + [
        Comparison(name, under_the_mock(client, prepare), with_canned_bytes(prepare), goal, most)
        for name, prepare, goal, most in calls
    ]
