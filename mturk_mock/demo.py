"""The demo: a labeling campaign of two simulated days, in a second or two.

The requester is the example program `label_species`, unchanged. While it waits between two polls,
simulated workers work and the clock moves. The demo uses only the public API, so it is an example
too.
"""

from __future__ import annotations

import csv
import functools
import importlib.util
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

from mturk_mock import HIT, Assignment, MTurk, Worker, mock_mturk

START: Final = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)  # a Monday morning
BALANCE: Final = Decimal("50.00")
PROGRESS_INTERVAL: Final = timedelta(hours=6)
EVENING, MORNING = 23, 7  # workers sleep between these hours
WAKING_UP: Final = timedelta(hours=1)
PAUSE: Final = timedelta(seconds=5)  # between two HITs
BREAK: Final = timedelta(hours=4)  # on average
BREAK_SHARE: Final = 0.3  # of HITs after which a worker takes a break
BAR_WIDTH: Final = 16
HITS_SEEN: Final = 6  # a worker takes one of the first HITs in the list


@dataclass(frozen=True)
class Skill:
    """How some workers work, and its description. Shares are of the HITs that they accept."""

    name: str
    meaning: str
    accuracy: float
    blank: float = 0.0  # submits the form without a label
    returned: float = 0.0
    abandoned: float = 0.0
    seconds: float = 40.0  # for one HIT, on average


EXPERT: Final = Skill("expert", "98% of the labels are right", accuracy=0.98)
AVERAGE: Final = Skill("average", "90% are right; returns some HITs", accuracy=0.90, returned=0.03)
CARELESS: Final = Skill(
    "careless",
    "65% are right; fast, abandons some HITs",
    accuracy=0.65,
    abandoned=0.05,
    seconds=12.0,
)
FORGETFUL: Final = Skill(
    "forgetful",
    "submits every fifth form without a label, which is rejected",
    accuracy=0.90,
    blank=0.2,
)
RESTLESS: Final = Skill(
    "restless",
    "returns or abandons almost every third HIT",
    accuracy=0.90,
    returned=0.15,
    abandoned=0.15,
)
NEXT: Final = (
    "Next: write a test of your own in five minutes, with the page Quick start of the\n"
    "documentation (docs/quickstart.md in the source).\n"
    "\n"
    "To compare designs of a campaign before it costs money, such as 3 or 5 answers\n"
    "for each item, run it many times with mturk_mock.rehearse(): page Rehearsals\n"
    "(docs/guides/rehearsals.md in the source)."
)
SKILLS: Final = (EXPERT, AVERAGE, CARELESS, FORGETFUL, RESTLESS)
TEAM: Final = [*[EXPERT] * 3, *[AVERAGE] * 4, *[CARELESS] * 2, *[FORGETFUL] * 2, RESTLESS]


def load_program() -> Any:
    """Return the module `label_species`, the requester's program."""
    with example("label_species.py") as path:
        spec: Any = importlib.util.spec_from_file_location("label_species", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def example(name: str) -> AbstractContextManager[Path]:
    """Return a context manager with the path of an example file, a copy in a zip archive.

    The examples are inside the installed package, and next to the package in a checkout.
    """
    installed = resources.files("mturk_mock") / "examples" / name
    beside = Path(__file__).parent.parent / "examples" / name
    return resources.as_file(installed if installed.is_file() else beside)


def read_truth() -> dict[str, str]:
    """Return the correct label of each item."""
    with (
        example("species_truth.csv") as path,
        path.open(newline="", encoding="utf-8") as file,
    ):
        return {row["item_id"]: row["label"] for row in csv.DictReader(file)}


# Workers ----------------------------------------------------------------------------------


class Person:
    """A simulated worker that gives correct labels as often as its skill says."""

    def __init__(self, worker: Worker, skill: Skill, truth: dict[str, str], seed: str) -> None:
        self.worker = worker
        self.skill = skill
        self._truth = truth
        self._labels = sorted(set(truth.values()))
        self._rng = random.Random(seed)
        self._open: tuple[HIT, Assignment] | None = None
        self.next_time = START + self._about(BREAK)

    def act(self) -> None:
        """Accept a HIT, or finish the accepted one, and set the time of the next action."""
        self.next_time += self._take() if self._open is None else self._finish(*self._open)
        if self._open is None:
            self.next_time = self._awake(self.next_time)

    def _take(self) -> timedelta:
        hits = self.worker.find_hits("species")
        if not hits:
            return BREAK
        hit = self._rng.choice(hits[:HITS_SEEN])
        self._open = hit, self.worker.accept(hit.hit_id)
        return self._about(timedelta(seconds=self.skill.seconds))

    def _finish(self, hit: HIT, assignment: Assignment) -> timedelta:
        self._open = None
        chance = self._rng.random()
        if chance < self.skill.abandoned:
            return self._about(BREAK)  # without finishing the HIT
        if chance < self.skill.abandoned + self.skill.returned:
            assignment.return_hit()
        else:  # unchecked, because the page refuses a blank answer
            assignment.submit(self._fill_in(hit), check=False)
        return self._about(BREAK) if self._happens(BREAK_SHARE) else PAUSE

    def _fill_in(self, hit: HIT) -> dict[str, str]:
        """Return the fields of the form; RequesterAnnotation identifies the item."""
        if self._happens(self.skill.blank):
            return {"comment": "I have no idea."}
        right = self._truth[hit.requester_annotation or ""]
        if self._happens(self.skill.accuracy):
            return {"label": right}
        return {"label": self._rng.choice([label for label in self._labels if label != right])}

    def _happens(self, share: float) -> bool:
        return self._rng.random() < share

    def _about(self, average: timedelta) -> timedelta:
        return average * self._rng.uniform(0.25, 1.75)

    def _awake(self, moment: datetime) -> datetime:
        if MORNING <= moment.hour < EVENING:
            return moment
        return moment + timedelta(hours=(MORNING - moment.hour) % 24) + self._about(WAKING_UP)


class Campaign:
    """Callbacks for the program: workers work during `wait`, and `report` prints messages."""

    def __init__(self, mturk: MTurk, people: Sequence[Person]) -> None:
        self._mturk = mturk
        self._people = people
        self._said: list[str] = []
        self._next_progress = START + PROGRESS_INTERVAL

    def report(self, message: str) -> None:
        """Print the program's messages, each when the next one comes: see `wait`."""
        self.flush()
        self._said.append(message)

    def flush(self) -> None:
        """Print the messages that are left."""
        while self._said:
            print(f"  {self._said.pop(0)}", flush=True)

    def wait(self, seconds: float) -> None:
        """Move the clock, and let each worker act at its own time.

        Drops the program's last message, that it waits, because the progress says more.
        """
        self._said.clear()
        clock = self._mturk.clock
        end = clock.now + timedelta(seconds=seconds)
        while (person := min(self._people, key=lambda each: each.next_time)).next_time <= end:
            clock.move_to(person.next_time)
            person.act()
        clock.move_to(end)
        if end >= self._next_progress:
            self._next_progress += PROGRESS_INTERVAL
            print(progress(self._mturk), flush=True)


# The report ---------------------------------------------------------------------------------


def progress(mturk: MTurk) -> str:
    """Return a line with the progress of the work."""
    hits = mturk.hits
    wanted = sum(hit.max_assignments for hit in hits)
    reviewable = sum(hit.status == "Reviewable" for hit in hits)
    submitted = sum(assignment.status == "Submitted" for assignment in mturk.assignments)
    bar = ("#" * (BAR_WIDTH * submitted // wanted)).ljust(BAR_WIDTH, ".")
    return (
        f"  {mturk.clock.now:%a %H:%M}  [{bar}]  {submitted:3} of {wanted} submitted, "
        f"{reviewable:2} of {len(hits)} HITs reviewable"
    )


def dollars(amount: Decimal) -> str:
    """Return an amount with a dollar sign and cents."""
    return f"${amount:.2f}"


class Share(NamedTuple):
    """The number of correct labels, and the number of all labels."""

    right: int
    total: int

    def __str__(self) -> str:
        return f"{self.right / self.total:.1%}" if self.total else "-"


@dataclass(frozen=True)
class Outcome:
    """The outcome of a campaign.

    ``workers``: each worker and the name of its skill. ``results``: what the program returned.
    ``truth``: the correct label of each item.
    """

    mturk: MTurk
    workers: Sequence[tuple[Worker, str]]
    results: Sequence[Any]
    truth: Mapping[str, str]

    def worker_table(self) -> list[str]:
        """Return the table of the workers' results, as lines."""
        heading = ("worker", "skill", "HITs", "accuracy", "approved", "rejected", "bonus", "earned")
        rows = [self._worker_row(worker, skill) for worker, skill in self.workers]
        return aligned([heading, *rows], left=2)

    def _worker_row(self, worker: Worker, skill: str) -> Sequence[str]:
        status = Counter(assignment.status for assignment in worker.assignments)
        approved, rejected = status["Approved"], status["Rejected"]
        bonuses = [each.amount for each in self.mturk.bonuses if each.worker_id == worker.id]
        return (
            worker.id,
            skill,
            str(approved + rejected),
            str(self._accuracy(self._answers(worker.id))),
            str(approved),
            str(rejected),
            dollars(sum(bonuses, start=Decimal(0))),
            dollars(worker.earnings),
        )

    def totals(self) -> dict[str, str]:
        """Return the totals by name: accuracy, money and calls."""
        status = Counter(assignment.status for assignment in self.mturk.assignments)
        spent = self.mturk.spent
        paid = spent.rewards + spent.bonuses
        calls = Counter(call.operation for call in self.mturk.calls)
        most = ", ".join(f"{count} {name}" for name, count in calls.most_common(2))
        single = self._accuracy(self._answers())
        labels = [(each.item.item_id, each.label) for each in self.results if each.label]
        majority = self._accuracy(labels)
        return {
            "One by one": f"{single} of the answers are right ({single.right} of {single.total})",
            "By majority": f"{majority} of the labels are right ({majority.right} of "
            f"{majority.total}; {len(self.results) - len(labels)} species have none)",
            "Given up": f"{status['Returned']} HITs returned, {status['Abandoned']} abandoned",
            "Workers got": dollars(paid),
            "Cost": f"{dollars(spent.rewards)} rewards + {dollars(spent.bonuses)} bonuses "
            f"+ {dollars(spent.fees)} fees = {dollars(paid + spent.fees)}",
            "API calls": f"{calls.total()} ({most}, ...)",
        }

    def _answers(self, worker_id: str | None = None) -> Iterator[tuple[str, str]]:
        """Yield the item ID and label of each answer, or of each answer of one worker."""
        for result in self.results:
            for answer in result.usable_answers:
                if worker_id in (None, answer.worker_id):
                    yield result.item.item_id, answer.label

    def _accuracy(self, labels: Iterable[tuple[str, str]]) -> Share:
        marks = [self.truth[item_id] == label for item_id, label in labels]
        return Share(sum(marks), len(marks))


def aligned(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Return a heading and rows as lines of columns; the first `left` columns are left-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    heading, *lines = (
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return [heading, "-" * len(heading), *lines]


# The run -----------------------------------------------------------------------------------


def run(seed: int, results_path: Path | None = None) -> None:
    """Run the campaign, print its progress, and write the labels to `results_path` if given."""
    began = time.perf_counter()
    truth = read_truth()
    with mock_mturk(seed=seed, now=START, balance=BALANCE) as mturk:
        people = [
            Person(mturk.worker(), skill, truth, f"{seed}/{number}")
            for number, skill in enumerate(TEAM)
        ]
        results = run_program(mturk, people, f"demo-{seed}", results_path)
        workers = [(person.worker, person.skill.name) for person in people]
        outcome = Outcome(mturk, workers, results, truth)
        virtual, real = mturk.clock.now - START, time.perf_counter() - began
        totals = {
            **outcome.totals(),
            "Balance": f"{dollars(BALANCE)} before, {dollars(mturk.balance)} after",
            "Time": f"{virtual} simulated, {real:.1f} seconds real",
            **({"Results": str(results_path)} if results_path else {}),
        }
    print("", *outcome.worker_table(), "", sep="\n")
    print(*(f"{skill.name:10} {skill.meaning}" for skill in SKILLS), "", sep="\n")
    print(*(f"{name:12} {text}" for name, text in totals.items()), "", NEXT, sep="\n")


def run_program(
    mturk: MTurk, people: Sequence[Person], run_id: str, results_path: Path | None
) -> Any:
    """Run the requester's program while workers work, and return its results."""
    program = load_program()
    with example("species.csv") as path:
        items = program.read_items(path)
    print(
        f"A requester's program asks {len(people)} simulated workers about {len(items)} species.\n"
    )
    campaign = Campaign(mturk, people)
    results = program.run_campaign(
        mturk.client(),
        items,
        wait=campaign.wait,
        report=campaign.report,
        save=results_path and functools.partial(program.write_results, results_path),
        run_id=run_id,
    )
    campaign.flush()
    return results
