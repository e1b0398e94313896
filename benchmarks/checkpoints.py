"""Measures checkpoints of a large marketplace, in seconds and bytes.

    python -m benchmarks.checkpoints [--hits 100000]

It is no group of ``python -m benchmarks``, because its goals are times and sizes instead of ratios,
and because creating 100,000 HITs takes some minutes.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Any, NamedTuple, TypeVar

from benchmarks.measure import SEED
from benchmarks.samples import HTML_QUESTION
from mturk_mock import MTurk, mock_mturk
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.server.copying import copy_state
from mturk_mock.state.checkpoint import read_checkpoint, write_checkpoint
from mturk_mock.state.snapshot import state_of

PAGES, HIT_TYPES = 20, 5
HITS_OF_WORKER = 8
KILOBYTE = 1024
#: Every so many HITs, something happens that most HITs do not have.
FORM_EVERY, POLICY_EVERY, BONUS_EVERY, BLOCK_EVERY = 10, 50, 100, 1000

HIT_TYPE = {"Description": "Label", "Reward": "0.05", "AssignmentDurationInSeconds": 3600}
POLICY = {
    "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
    "Parameters": [{"Key": "AnswerKey", "MapEntries": [{"Key": "label", "Values": ["mammal"]}]}],
}
FORM = (
    '<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2005-10-01/QuestionForm.xsd"><Question><QuestionIdentifier>label</QuestionIdentifier>'
    "<QuestionContent><Text>Which animal?</Text></QuestionContent><AnswerSpecification>"
    "<FreeTextAnswer/></AnswerSpecification></Question></QuestionForm>"
)

T = TypeVar("T")


class Figure(NamedTuple):
    """One row of the table. `goal`: the largest value that was aimed at, None if there is none."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    def __str__(self) -> str:
        missed = self.goal is not None and self.value > self.goal
        goal = "" if self.goal is None else f"   goal {self.goal:g}{' missed' * missed}"
        return f"{self.name:<50}{self.value:9.2f} {self.unit}{goal}"


def fill(mturk: MTurk, hits: int) -> None:
    """Create HITs with an assignment each, of which a third is accepted, submitted, approved."""
    client = mturk.client()
    titles = [f"Label {number}" for number in range(HIT_TYPES)]
    types = [client.create_hit_type(Title=title, **HIT_TYPE)["HITTypeId"] for title in titles]
    pages = [HTML_QUESTION.replace("mammal", f"mammal {number}", 1) for number in range(PAGES)]
    for number in range(hits):
        hit = client.create_hit_with_hit_type(
            HITTypeId=types[number % HIT_TYPES],
            Question=pages[number % PAGES] if number % FORM_EVERY else FORM,
            LifetimeInSeconds=3 * 86_400,
            MaxAssignments=1 + number % 2,
            RequesterAnnotation=f"row {number}",
            **({} if number % POLICY_EVERY else {"AssignmentReviewPolicy": POLICY}),
        )["HIT"]
        work(mturk, client, hit["HITId"], number)


def work(mturk: MTurk, client: Any, hit_id: str, number: int) -> None:
    """Accept a HIT; submit and approve the work, depending on the number."""
    assignment = mturk.worker(f"A{number // HITS_OF_WORKER}WORKER").accept(hit_id)
    if number % 3:
        assignment.submit({"label": "mammal"})
    if number % 3 == 1:
        client.approve_assignment(AssignmentId=assignment.id)
        if number % BONUS_EVERY == 1:
            about = {"WorkerId": assignment.worker_id, "AssignmentId": assignment.id}
            client.send_bonus(**about, BonusAmount="0.05", Reason="Well done")
    if not number % BLOCK_EVERY:
        client.create_worker_block(WorkerId=f"A{number}BLOCKED", Reason="Guesses")
        message = {"Subject": "Hello", "MessageText": "There is more work"}
        client.notify_workers(**message, WorkerIds=[assignment.worker_id])


def filled(hits: int) -> Marketplace:
    """Return a marketplace with so many HITs."""
    with mock_mturk(seed=SEED, balance="10000000.00") as mturk:
        fill(mturk, hits)
        return state_of(mturk.snapshot()).copy_marketplace()


def timed(name: str, call: Callable[[], T], goal: float | None = None) -> tuple[T, list[Figure]]:
    """Return the result of a call, and its time and processor time."""
    gc.collect()
    began, began_processor = perf_counter(), process_time()
    result = call()
    seconds, processor = perf_counter() - began, process_time() - began_processor
    return result, [
        Figure(name, seconds, "s", goal),
        Figure(f"{name}, processor time", processor, "s"),
    ]


def measure(marketplace: Marketplace, hits: int) -> list[Figure]:
    """Write a checkpoint as a server does, and in this process; read it."""
    copy, copied = timed("copy the state, under the lock", lambda: copy_state(marketplace))
    content, finished = timed("write the copy, without the lock", copy.finish)
    total = Figure("write: both", copied[0].value + finished[0].value, "s", 3)
    _, written = timed("write in this process", lambda: write_checkpoint(marketplace))
    read, reading = timed("read", lambda: read_checkpoint(content), 10)
    del read
    size = Figure("a HIT on disk", len(content) / hits, "bytes")
    memory = measure_memory(content, hits)
    return [*copied, *finished, total, *written, *reading, size, memory]


def measure_memory(content: bytes, hits: int) -> Figure:
    """Return the memory of a HIT with its assignment, without the questions."""
    gc.collect()
    tracemalloc.start()
    marketplace = read_checkpoint(content)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    accounts = marketplace.accounts.values()
    questions = {hit.question for account in accounts for hit in account.hits_by_number}
    size -= sum(map(sys.getsizeof, questions))
    return Figure(
        "memory of HIT and assignment, beside the question", size / hits / KILOBYTE, "KB", 1.5
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checkpoints")
    parser.add_argument("--hits", type=int, default=100_000, help="default: 100000")
    hits = parser.parse_args(argv).hits
    print(f"creating {hits} HITs ...", file=sys.stderr)
    for figure in measure(filled(hits), hits):
        print(figure)


if __name__ == "__main__":
    main()
