"""Tests of `label_species` with the decorator @mock_mturk.

In a decorated function, `current()` returns the mock; in a decorated test class, `self.mturk` is
the mock. The class does not require pytest: run it with
``python -m unittest test_label_species_decorator``.
"""

import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest import mock

import label_species
from label_species import Item, run_campaign

from mturk_mock import current, mock_mturk

MONDAY = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
ITEMS = [Item("sp1", "Olm", "Proteus anguinus"), Item("sp2", "Barn owl", "Tyto alba")]
TRUTH = {"sp1": "amphibian", "sp2": "bird"}


def work_of(mturk, people):
    """Return a `wait` function: `people` workers answer correctly, then the clock advances."""
    workers = [mturk.worker() for _ in range(people)]

    def wait(seconds):
        for worker in workers:
            for hit in worker.find_hits():
                label = TRUTH[hit.requester_annotation]
                worker.accept(hit.hit_id).submit({"label": label})
        mturk.clock.advance(seconds=seconds)

    return wait


@mock_mturk
def test_a_whole_campaign():
    results = run_campaign(current().client(), ITEMS, wait=work_of(current(), people=3))

    assert {result.item.item_id: result.label for result in results} == TRUTH
    assert str(current().spent.rewards) == "0.30"
    assert current().calls[-1].operation == "DeleteHIT"


@mock_mturk(seed=1, now=MONDAY)
class CampaignTest(unittest.TestCase):
    """Each test has a mock with the same IDs and the same time."""

    def setUp(self):
        """Create a client. Any other works too if botocore finds credentials for it."""
        self.client = self.mturk.client()

    def run_campaign(self, people, **options):
        """Run a campaign with workers who answer correctly."""
        wait = work_of(self.mturk, people)
        return run_campaign(self.client, ITEMS, wait=wait, report=lambda message: None, **options)

    def test_a_seed_gives_the_same_ids(self):
        """IDs that a failing test prints are the same in the next run."""
        self.run_campaign(people=3)
        with mock_mturk(seed=1) as again:
            hit_type_id = again.client().create_hit_type(**label_species.HIT_TYPE)["HITTypeId"]
        assert self.mturk.hits[0].hit_type_id == hit_type_id

    def test_it_polls_until_the_work_is_done(self):
        """The workers finish during the first pause."""
        self.run_campaign(people=3)
        waited = self.mturk.clock.now - MONDAY
        assert waited == timedelta(seconds=label_species.POLL_INTERVAL)

    def test_it_polls_until_the_hits_expire(self):
        """Two workers cannot complete three assignments."""
        results = self.run_campaign(people=2)
        waited = self.mturk.clock.now - MONDAY
        assert waited == timedelta(seconds=label_species.HIT_LIFETIME)
        assert [result.label for result in results] == ["amphibian", "bird"]

    def test_results_are_saved_before_anything_is_paid(self):
        """A run that fails during the payments keeps its labels."""
        spent = []
        self.run_campaign(people=3, save=lambda results: spent.append(self.mturk.spent.rewards))
        assert spent == [0]

    @mock.patch.dict("os.environ", AWS_EC2_METADATA_DISABLED="true")  # no search for credentials
    def test_the_command_line(self):
        """The whole program runs as from a shell, with `time.sleep` replaced."""
        species = Path(label_species.__file__).with_name("species.csv")
        with (
            tempfile.TemporaryDirectory() as folder,
            mock.patch("time.sleep", self.pass_time),
            self.assertLogs(level="INFO") as logs,
        ):
            labels = Path(folder) / "labels.csv"
            label_species.main([str(species), str(labels)])
            lines = labels.read_text(encoding="utf-8").splitlines()
        assert lines[:2] == [
            "item_id,common_name,label,agreement,answers,comments",
            "sp001,Olm,,0.00,,",
        ]
        assert logs.records[-1].getMessage() == "Deleted 84 HITs"
        assert {hit.environment for hit in self.mturk.hits} == {"sandbox"}

    def pass_time(self, seconds):
        """Replace `time.sleep`: no worker answers, and the HITs expire."""
        self.mturk.clock.advance(seconds=seconds)
