"""Rehearse a campaign that labels images: what does the fifth answer buy?

The program runs the same campaign with one, three and five answers for each image, for two rewards
and several seeds, each time in a mock of Mechanical Turk with a simulated crowd:

    python image_labels.py --images 500 --seeds 6

It writes the rows of all runs to labels.csv, and a picture of the accuracy with 95 % intervals to
labels.png. It requires numpy and matplotlib, and sends nothing over the network.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import boto3
import numpy as np

from mturk_mock import HIT, HTMLQuestion, MTurk, Skill, Worker, grid, parse_answers, rehearse

CLASSES = ("cat", "dog", "fox")
HARD = 0.4  # how often workers guess at a hard image
HARD_SHARE = 0.2  # of the images
PAGE = """<!DOCTYPE html><html><head><title>Animal</title></head><body><form>
<img src="https://example.com/images/{name}" alt="an animal">
{choices}
<input type="submit"></form></body></html>"""

#: Most workers are careful, some confuse dogs and foxes, and some do not look at the images.
SKILLS = [
    Skill.one_coin((0.7, 0.95), share=6),
    Skill.confusion_matrix(
        {
            "cat": {"cat": 0.9, "dog": 0.05, "fox": 0.05},
            "dog": {"cat": 0.05, "dog": 0.55, "fox": 0.4},
            "fox": {"cat": 0.05, "dog": 0.4, "fox": 0.55},
        },
        share=2,
    ),
    Skill.spammer(share=1, speed=4),
    Skill.spammer("cat", share=1, speed=4),
]


class Image(NamedTuple):
    """An image, its class, and how often workers guess."""

    name: str
    label: str
    difficulty: float


class Vote(NamedTuple):
    """A worker's answer about an image."""

    image: str
    worker: str
    label: str


# The campaign -----------------------------------------------------------------------------


def label_images(mturk: MTurk, redundancy: int, reward: str, images: int) -> dict[str, Any]:
    """Run the campaign once, and return how many labels are right, and how long it took.

    A higher reward makes workers come more often. It does not change their answers.
    """
    random = Random(mturk.seed)
    asked = {f"{number:04}.jpg": draw_image(number, random) for number in range(images)}
    client = boto3.client("mturk", region_name="us-east-1")
    publish(client, list(asked), redundancy, reward)

    def answer(hit: HIT, worker: Worker) -> dict[str, str]:
        return {"label": asked[hit.requester_annotation or ""].label}

    def difficulty(hit: HIT) -> float:
        return asked[hit.requester_annotation or ""].difficulty

    arrivals = 400 * float(reward)  # workers per hour
    start = mturk.clock.now
    crowd = mturk.crowd(
        60, answer=answer, skills=SKILLS, difficulty=difficulty, arrivals=arrivals
    ).finish()
    hours = max(row.end_time for row in crowd.results if row.end_time) - start
    mturk.clock.advance(hours=1)  # the work is approved
    votes = collect(client)
    truth = {name: image.label for name, image in asked.items()}
    return {
        "dawid_skene": share_right(dawid_skene(votes), truth),
        "majority": share_right(majority_vote(votes, random), truth),
        "hours": hours.total_seconds() / 3600,
    }


def draw_image(number: int, random: Random) -> Image:
    hard = random.random() < HARD_SHARE
    return Image(f"{number:04}.jpg", random.choice(CLASSES), HARD if hard else 0)


def publish(client: Any, names: Sequence[str], redundancy: int, reward: str) -> None:
    """Publish a HIT for each image."""
    choices = "".join(
        f'<label><input type="radio" name="label" value="{label}" required>{label}</label>'
        for label in CLASSES
    )
    hit_type = client.create_hit_type(
        Title="Which animal is this?",
        Description="Look at one picture, and choose the animal.",
        Reward=reward,
        AssignmentDurationInSeconds=600,
        AutoApprovalDelayInSeconds=3600,
    )
    for name in names:
        client.create_hit_with_hit_type(
            HITTypeId=hit_type["HITTypeId"],
            LifetimeInSeconds=14 * 86_400,
            MaxAssignments=redundancy,
            RequesterAnnotation=name,
            Question=str(HTMLQuestion(PAGE.format(name=name, choices=choices))),
        )


def collect(client: Any) -> list[Vote]:
    """Return the answers of all workers."""
    votes = []
    for page in client.get_paginator("list_hits").paginate(MaxResults=100):
        for hit in page["HITs"]:
            work = client.list_assignments_for_hit(HITId=hit["HITId"], MaxResults=100)
            for each in work["Assignments"]:
                label = parse_answers(each["Answer"])["label"]
                votes.append(Vote(hit["RequesterAnnotation"], each["WorkerId"], label))
    return votes


def share_right(labels: dict[str, str], truth: dict[str, str]) -> float:
    return sum(labels[name] == label for name, label in truth.items()) / len(truth)


# Labels from votes ------------------------------------------------------------------------


def majority_vote(votes: Sequence[Vote], random: Random) -> dict[str, str]:
    """Return the label with the most votes for each image; ties are broken at random."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for vote in votes:
        counts[vote.image][vote.label] += 1
    return {
        image: max(sorted(count), key=lambda label: (count[label], random.random()))
        for image, count in counts.items()
    }


def dawid_skene(votes: Sequence[Vote], rounds: int = 50) -> dict[str, str]:
    """Return the most likely label for each image, by the model of Dawid and Skene (1979).

    Expectation and maximization take turns: the workers' confusion matrices from the probable
    labels, and the labels from the matrices.
    """
    images = sorted({vote.image for vote in votes})
    workers = sorted({vote.worker for vote in votes})
    given = np.zeros((len(workers), len(images), len(CLASSES)))
    places = {name: place for names in (images, workers) for place, name in enumerate(names)}
    for vote in votes:
        given[places[vote.worker], places[vote.image], CLASSES.index(vote.label)] = 1

    probable = given.sum(0) / given.sum((0, 2))[:, np.newaxis]  # by majority, at first
    for _ in range(rounds):
        frequency = probable.mean(0)
        confusion = np.einsum("ik,wil->wkl", probable, given) + 0.01
        confusion /= confusion.sum(2, keepdims=True)
        fit = np.log(frequency + 1e-9) + np.einsum("wil,wkl->ik", given, np.log(confusion))
        probable = np.exp(fit - fit.max(1, keepdims=True))
        probable /= probable.sum(1, keepdims=True)
    return {name: CLASSES[best] for name, best in zip(images, probable.argmax(1), strict=True)}


# The rehearsal ----------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Rehearse a campaign that labels images.")
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--folder", type=Path, default=Path())
    args = parser.parse_args(argv)

    args.folder.mkdir(parents=True, exist_ok=True)
    designs = grid(redundancy=[1, 3, 5], reward=["0.05", "0.10"], images=[args.images])
    rehearsal = rehearse(label_images, designs, range(args.seeds))
    rehearsal.to_csv(args.folder / "labels.csv")
    rehearsal.plot(args.folder / "labels.png", x="redundancy", y="dawid_skene")
    for line in rehearsal.summary():
        if line["outcome"] in ("dawid_skene", "majority", "hours", "cost"):
            print(describe(line))


def describe(line: dict[str, Any]) -> str:
    """Return a line of the summary as text; one seed has no interval."""
    design = f"redundancy {line['redundancy']} at ${line['reward']}"
    text = f"{design}: {line['outcome']} {line['mean']:.3f}"
    return text if line["low"] is None else f"{text} ({line['low']:.3f} to {line['high']:.3f})"


if __name__ == "__main__":
    main()
