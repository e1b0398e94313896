"""Where the time of a call goes, part by part: ``python -m benchmarks.profile``.

A timer interrupts the calls at random moments, and each time the innermost function on the stack
that belongs to a part counts for that part. So nothing is slowed down by being counted, as it is
by a profiler that follows each call, and what a part calls of the standard library is the part's.
Python hears of the timer at the next call: what runs just before one may count for what is called.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import botocore

import mturk_mock
from benchmarks.calls import create_new_hit, get_hit
from benchmarks.filling import answering, new_mock
from benchmarks.floor import Call, Prepare, new_client, prepare_canned

#: Seconds between two looks, on average, and calls in one go.
INTERVAL = 0.001
BLOCK = 5

FOLDERS = {
    "botocore": Path(botocore.__file__).parent,
    "ours": Path(mturk_mock.__file__).parent,
}
#: Which files, or functions of a file, belong to a part; the first that fits counts.
PARTS = {
    "botocore": (
        ("user agent", ("useragent.py",)),
        ("credentials and signing", ("signers.py", "auth.py", "credentials.py", "tokens.py")),
        ("endpoint rules", ("endpoint_provider.py", "regions.py")),
        ("checking parameters", ("validate.py",)),
        ("serialising", ("serialize.py",)),
        ("the HTTP request", ("awsrequest.py", "endpoint.py", "httpchecksum.py", "compress.py")),
        ("parsing", ("parsers.py", "response.py")),
        ("retries", ("retries/", "retryhandler.py")),
        ("events, and what hangs on them", ("hooks.py", "handlers.py", "configprovider.py")),
        ("client, context, the rest", ("",)),
    ),
    "ours": (
        ("interception", ("interception/", "backend/identity.py")),
        (
            "the transaction and the clock",
            ("backend/transaction.py", "core/clock.py", "model/marketplace"),
        ),
        ("reading and checking the request", ("backend/wire.py:_decode", "backend/validation.py")),
        ("questions", ("questions/",)),
        ("the operation", ("operations/", "model/", "core/")),
        ("encoding the answer", ("backend/wire.py", "backend/serializer.py")),
        ("call log, faults, the rest", ("",)),
    ),
}
OTHERS = ("neither", "what runs the calls")

Part = tuple[str, str]


class Sampler:
    """Looks at random moments where the program is, and counts the parts."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.counts: Counter[Part] = Counter()

    @contextmanager
    def watching(self, counts: Counter[Part]) -> Iterator[None]:
        """Count into `counts` in the block; of the main thread only."""
        self.counts = counts
        previous = signal.signal(signal.SIGALRM, self._look)
        self._wait()
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)

    def _look(self, number: int, frame: FrameType | None) -> None:
        self.counts[part_of(frame)] += 1
        self._wait()

    def _wait(self) -> None:
        """Set the timer; not to a beat that the calls could fall in with."""
        signal.setitimer(signal.ITIMER_REAL, INTERVAL * self._random.uniform(0.5, 1.5))


def part_of(frame: FrameType | None) -> Part:
    """Return whose code runs, and the part: that of the innermost function that has one."""
    while frame is not None:
        for owner, folder in FOLDERS.items():
            if frame.f_code.co_filename.startswith(f"{folder}/"):
                name = frame.f_code.co_filename.removeprefix(f"{folder}/")
                return owner, part_in(owner, f"{name}:{frame.f_code.co_name}")
        frame = frame.f_back
    return OTHERS


def part_in(owner: str, place: str) -> str:
    """Return the part that a file and function belong to."""
    return next(part for part, starts in PARTS[owner] if place.startswith(starts))


# The calls --------------------------------------------------------------------------------


def canned(prepare: Prepare) -> Callable[[], None]:
    return blocks_of(prepare_canned(prepare, new_client()))


def mocked(prepare: Prepare) -> Callable[[], None]:
    mturk = new_mock()
    with answering(mturk):
        repeat = blocks_of(prepare(new_client()))

    def block() -> None:
        with answering(mturk):
            repeat()

    return block


def blocks_of(call: Call) -> Callable[[], None]:
    """Return what makes a call a few times."""

    def repeat() -> None:
        for _ in range(BLOCK):
            call()

    return repeat


def profile(rounds: int, seed: int) -> dict[str, Counter[Part]]:
    """Return how often each part was met, for each call; all of them made as often."""
    blocks = {
        "get_hit, floor": canned(get_hit),
        "get_hit": mocked(get_hit),
        "create_hit, floor": canned(create_new_hit),
        "create_hit": mocked(create_new_hit),
    }
    found: dict[str, Counter[Part]] = {name: Counter() for name in blocks}
    sampler = Sampler(seed)
    rng = random.Random(seed)
    for _ in range(rounds):
        for name in rng.sample([*blocks], len(blocks)):
            with sampler.watching(found[name]):
                blocks[name]()
    return found


# The table --------------------------------------------------------------------------------


def shares(found: dict[str, Counter[Part]]) -> dict[str, dict[Part, float]]:
    """Return each part in percent of the whole floor of its call."""
    floors = {name: sum(found[f"{name.partition(',')[0]}, floor"].values()) for name in found}
    return {
        name: {part: 100 * number / floors[name] for part, number in counts.items()}
        for name, counts in found.items()
    }


def table(found: dict[str, Counter[Part]]) -> list[str]:
    """Return the shares as lines of Markdown."""
    columns = shares(found)
    heading = ["| | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    lines = [line(f"{owner}: {part}", columns, (owner, part)) for owner, part in all_parts()]
    total = " | ".join(f"{sum(column.values()):.0f}" for column in columns.values())
    return [*heading, *lines, f"| all | {total} |"]


def line(name: str, columns: dict[str, dict[Part, float]], part: Part) -> str:
    """Return one part as a line; empty is what was never met."""
    cells = (f"{column[part]:.1f}" if part in column else "" for column in columns.values())
    return f"| {name} | " + " | ".join(cells) + " |"


def all_parts() -> list[Part]:
    """Return the parts in their order."""
    return [*((owner, part) for owner, parts in PARTS.items() for part, _ in parts), OTHERS]


def main(argv: Sequence[str] | None = None) -> None:
    """Profile and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="of each call (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: 1)")
    parser.add_argument("--json", type=Path, metavar="PATH", help="a file for the counts")
    arguments = parser.parse_args(argv)
    found = profile(arguments.rounds, arguments.seed)
    print(*table(found), sep="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(as_facts(found), indent=2) + "\n")


def as_facts(found: dict[str, Counter[Part]]) -> dict[str, Any]:
    """Return the counts for a file."""
    return {
        name: {": ".join(part): number for part, number in counts.most_common()}
        for name, counts in found.items()
    }


if __name__ == "__main__":
    main()
