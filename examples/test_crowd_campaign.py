"""Tests of `crowd_campaign`, which simulates a campaign."""

import csv
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import crowd_campaign
import pytest
from crowd_campaign import gather, rehearse
from label_species import Item

ITEMS = [Item("sp1", "Olm", "Proteus anguinus"), Item("sp2", "Barn owl", "Tyto alba")]
TRUTH = {"sp1": "amphibian", "sp2": "bird"}
FILES = [str(Path(__file__).with_name(name)) for name in ("species.csv", "species_truth.csv")]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)


@pytest.mark.mock_mturk(seed=1, now=MONDAY)
@pytest.mark.parametrize(("accuracy", "right"), [(1, 2), (0, 0)])
def test_labels_are_as_good_as_the_crowd(mturk, accuracy, right):
    gather(mturk, TRUTH, 10, accuracy=accuracy)
    rehearsal = rehearse(mturk, ITEMS, TRUTH)

    assert rehearsal.right == right
    assert timedelta(0) < rehearsal.time < timedelta(days=1)
    assert rehearsal.cost == Decimal("0.36")  # six answers, each five cents and a fee of one


@pytest.mark.mock_mturk(seed=1, now=MONDAY)
def test_nobody_works_at_night_like_by_day(mturk):
    assert crowd_campaign.arrivals(MONDAY) == 8
    assert crowd_campaign.arrivals(MONDAY.replace(hour=23)) == 1


def test_the_command_line(capsys, tmp_path):
    results = tmp_path / "results.csv"
    crowd_campaign.main([*FILES, "--people", "40", "--results", str(results)])
    out = capsys.readouterr().out.splitlines()

    assert " for 84 species, $15." in out[0]
    assert out[1].endswith("labels by majority are right")
    with results.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 84 * 3
    assert {row["AssignmentStatus"] for row in rows} == {"Approved"}
    assert {row["Answer.label"] for row in rows} >= {"bird", "fish"}


def test_the_picture(tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "campaign.png"
    crowd_campaign.main([*FILES, "--plot", str(picture)])

    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_is_the_same_campaign(capsys):
    outputs = []
    for seed in ("5", "5", "6"):
        crowd_campaign.main([*FILES, "--seed", seed])
        outputs.append(capsys.readouterr().out)

    assert outputs[0] == outputs[1] != outputs[2]
