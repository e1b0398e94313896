"""Simulate a labeling campaign to estimate its time, cost and quality.

The program runs the campaign of `label_species` in a mock of Mechanical Turk, with a simulated
crowd of the given accuracy. Then it prints how long the campaign took, what it cost, and how many
of the majority labels are right:

    python crowd_campaign.py species.csv species_truth.csv --people 50 --accuracy 0.8

--results writes the results file of the requester site. --plot writes a picture of the campaign
and requires matplotlib. The program sends nothing over the network.
"""

import argparse
import csv
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import label_species

from mturk_mock import HIT, Crowd, MTurk, Worker, mock_mturk

START = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)  # a Monday morning
NIGHT, DAY = 1.0, 8.0  # workers who arrive per hour
POLL_INTERVAL = timedelta(hours=1)


class Rehearsal(NamedTuple):
    """The results of a simulated campaign."""

    time: timedelta
    cost: Decimal
    right: int
    labels: int
    hit_type_id: str


def read_truth(path: Path) -> dict[str, str]:
    """Return the right label of each item."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["item_id"]: row["label"] for row in csv.DictReader(file)}


def arrivals(now: datetime) -> float:
    """Return how many workers arrive per hour: more by day than at night."""
    return DAY if 8 <= now.hour < 22 else NIGHT


def gather(mturk: MTurk, truth: dict[str, str], people: int, **habits: Any) -> Crowd:
    """Return a crowd that knows the right labels and gives them with the accuracy in `habits`."""

    def answer(hit: HIT, worker: Worker) -> dict[str, str]:
        return {"label": truth[hit.requester_annotation or ""]}

    return mturk.crowd(people, answer=answer, arrivals=arrivals, **habits)


def rehearse(mturk: MTurk, items: Sequence[label_species.Item], truth: dict[str, str]) -> Rehearsal:
    """Run the campaign of `label_species`; its waits advance the clock of the mock."""

    def wait(seconds: float) -> None:
        mturk.clock.advance(POLL_INTERVAL)

    begin = mturk.clock.now
    results = label_species.run_campaign(
        mturk.client(), items, wait=wait, report=lambda message: None, run_id="rehearsal"
    )
    labels = [(result.label, truth[result.item.item_id]) for result in results if result.label]
    spent = mturk.spent
    return Rehearsal(
        mturk.clock.now - begin,
        spent.rewards + spent.bonuses + spent.fees,
        sum(label == right for label, right in labels),
        len(labels),
        mturk.hits[0].hit_type_id,
    )


def parse_args(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Rehearse a campaign on Mechanical Turk.")
    parser.add_argument("items", type=Path, help="CSV file with the species to label")
    parser.add_argument("truth", type=Path, help="CSV file with their right labels")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--accuracy", type=float, default=0.85)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, help="write the requester site's results file")
    parser.add_argument("--plot", type=Path, help="write a picture, e.g. campaign.png")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    args = parse_args(argv)
    items, truth = label_species.read_items(args.items), read_truth(args.truth)
    with mock_mturk(seed=args.seed, now=START) as mturk:
        crowd = gather(
            mturk, truth, args.people, accuracy=args.accuracy, returns=0.05, abandons=0.02
        )
        rehearsal = rehearse(mturk, items, truth)
        print(f"{rehearsal.time} for {len(items)} species, ${rehearsal.cost:.2f} with fees")
        print(f"{rehearsal.right} of {rehearsal.labels} labels by majority are right")
        busiest = max(crowd.by_worker, key=lambda row: row.submitted)
        print(f"the busiest worker did {busiest.submitted}, {busiest.right} of them right")
        if args.results:
            mturk.results_csv(rehearsal.hit_type_id, path=args.results)
        if args.plot:
            crowd.plot(args.plot)


if __name__ == "__main__":
    main()
