"""Traits of a worker: properties with the names and rules of worker()'s options."""

from __future__ import annotations

import pytest

from mturk_mock import MTurkError, Snapshot
from tests.helpers import publish
from tests.qualify import requirement

TRAITS = {
    "country": ("US", "FR"),
    "subdivision": (None, "75"),
    "approved": (0, 120),
    "rejected": (0, 3),
    "masters": (False, True),
    "adult": (False, True),
}
LOCALE = "00000000000000000071"


@pytest.mark.parametrize(("trait", "values"), TRAITS.items())
def test_trait_is_read_and_set(mturk, trait, values):
    """A new worker has the default; a value that was set is returned."""
    worker = mturk.worker()
    default, value = values
    assert getattr(worker, trait) == default

    setattr(worker, trait, value)

    assert getattr(worker, trait) == value
    assert getattr(mturk.worker(worker.id), trait) == value


def test_traits_are_those_given_to_worker(mturk):
    """The options of worker() are read as properties."""
    given = {trait: values[1] for trait, values in TRAITS.items()}

    worker = mturk.worker(**given)

    assert {trait: getattr(worker, trait) for trait in TRAITS} == given


def test_subdivision_is_taken_away_by_none(mturk):
    """Setting subdivision to None removes it."""
    worker = mturk.worker(subdivision="NY")

    worker.subdivision = None

    assert worker.subdivision is None


@pytest.mark.parametrize(
    ("trait", "value", "message"),
    [
        (
            "country",
            "Germany",
            "country takes a country code of ISO 3166, such as 'DE', not 'Germany'",
        ),
        ("country", ["DE"], "country takes a country code of ISO 3166, such as 'DE', not ['DE']"),
        ("country", None, "country takes a country code of ISO 3166, such as 'DE', not None"),
        (
            "subdivision",
            "NYC",
            "subdivision takes a subdivision code of ISO 3166-2, such as 'NY', not 'NYC'",
        ),
        (
            "subdivision",
            75,
            "subdivision takes a subdivision code of ISO 3166-2, such as 'NY', not 75",
        ),
        ("approved", -1, "approved takes a number of approved assignments, not -1"),
        ("approved", True, "approved takes a number of approved assignments, not True"),
        ("rejected", 1.5, "rejected takes a number of rejected assignments, not 1.5"),
        ("masters", "no", "masters takes True or False, not 'no'"),
        ("adult", None, "adult takes True or False, not None"),
    ],
)
def test_trait_that_no_worker_has_is_refused(mturk, trait, value, message):
    """An invalid value is an error that starts with the attribute's name, and changes nothing."""
    worker = mturk.worker()

    with pytest.raises(ValueError, match=f"^{trait} takes ") as refusal:
        setattr(worker, trait, value)

    assert str(refusal.value) == message
    assert getattr(worker, trait) == TRAITS[trait][0]


def test_trait_counts_for_requirements(mturk, mturk_client):
    """A worker with a changed country can accept HITs that require the new country."""
    wanted = requirement(LOCALE, "EqualTo", LocaleValues=[{"Country": "FR"}])
    hit_id = publish(mturk_client, QualificationRequirements=[wanted])
    worker = mturk.worker(country="US")
    with pytest.raises(MTurkError, match="DoesNotMeetRequirements"):
        worker.accept(hit_id)

    worker.country = "FR"

    assert worker.accept(hit_id).status == "Accepted"


def test_trait_is_written_to_files(mturk, tmp_path):
    """A snapshot's file has the changed values."""
    worker = mturk.worker("A1B2C3")
    worker.masters = True
    mturk.snapshot().save(tmp_path / "state.json")

    mturk.restore(Snapshot.load(tmp_path / "state.json"))

    assert mturk.worker("A1B2C3").masters is True


def test_trait_of_a_worker_that_is_gone(mturk):
    """Setting a trait of a worker that is gone raises, and does not create the worker."""
    worker = mturk.worker()
    mturk.reset()

    with pytest.raises(RuntimeError, match="is not in this mock"):
        worker.country = "FR"
