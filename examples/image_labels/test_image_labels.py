"""Tests of `image_labels`, which rehearses a campaign."""

import csv
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from mturk_mock import rehearse

pytest.importorskip("numpy")
import image_labels
from image_labels import Vote, dawid_skene, label_images, majority_vote

VOTES = [
    Vote(image, worker, label)
    for image, labels in {"a": "cat cat dog", "b": "dog dog dog", "c": "fox fox dog"}.items()
    for worker, label in zip("xyz", labels.split(), strict=True)
]


def test_majority_vote_takes_the_label_of_most_workers():
    assert majority_vote(VOTES, Random(1)) == {"a": "cat", "b": "dog", "c": "fox"}


def test_dawid_skene_finds_the_worker_who_always_says_dog():
    votes = [*VOTES, Vote("d", "x", "cat"), Vote("d", "z", "dog")]  # a tie of x and z
    assert dawid_skene(votes) == {"a": "cat", "b": "dog", "c": "fox", "d": "cat"}


def test_more_answers_buy_accuracy_and_more_pay_buys_time():
    designs = [
        {"redundancy": redundancy, "reward": reward, "images": 60}
        for redundancy, reward in ((1, "0.05"), (5, "0.05"), (5, "0.10"))
    ]
    with ThreadPoolExecutor(1) as executor:
        rows = rehearse(label_images, designs, [1], executor=executor, progress=False).rows
    one, five, well_paid = rows
    assert [row["error"] for row in rows] == [None] * 3
    assert one["dawid_skene"] < five["dawid_skene"]
    assert well_paid["hours"] < five["hours"]
    assert five["cost"] == 60 * 5 * 0.06


def test_the_command_line(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    image_labels.main(["--images", "6", "--seeds", "2", "--folder", str(tmp_path)])
    with (tmp_path / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 12
    assert (tmp_path / "labels.png").stat().st_size > 10_000
    assert capsys.readouterr().out.startswith("redundancy 1 at $0.05: dawid_skene 0.")


def test_the_command_line_with_one_seed_shows_no_interval(capsys, tmp_path):
    pytest.importorskip("matplotlib")
    image_labels.main(["--images", "6", "--seeds", "1", "--folder", str(tmp_path / "new")])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "redundancy 5 at $0.10: cost 3.600"
