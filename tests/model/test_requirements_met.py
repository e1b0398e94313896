"""Qualification requirements: which workers meet them, and the actions they guard."""

from __future__ import annotations

import pytest

from mturk_mock import MTurkError
from tests.helpers import NOW, create_hit, refused
from tests.qualify import (
    APPROVED,
    LOCALE,
    MASTERS,
    SANDBOX_MASTERS,
    associate,
    disassociate,
    requirement,
    type_id_of,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


def unmet(worker, hit_id, what):
    """Return the refusal of a worker who does not meet a requirement. [assumed] text"""
    return (
        "DoesNotMeetRequirements",
        f"Worker {worker.id} does not meet the requirement of HIT {hit_id}: {what}.",
    )


def publish(client, *requirements):
    hit_id = create_hit(client, QualificationRequirements=list(requirements))["HITId"]
    return str(hit_id)


def may_accept(worker, hit_id):
    """Return whether a worker can accept a HIT; the assignment is returned at once."""
    qualifies = worker.qualifies(hit_id)
    try:
        worker.accept(hit_id).return_hit()
    except MTurkError as refusal:
        if refusal.code != "AWS.MechanicalTurk.DoesNotMeetRequirements":
            raise
        assert qualifies is False
        return False
    assert qualifies is True
    return True


# Comparators ------------------------------------------------------------------------------


COMPARISONS = [
    ("LessThan", [5], {4}),
    ("LessThanOrEqualTo", [5], {4, 5}),
    ("GreaterThan", [5], {6}),
    ("GreaterThanOrEqualTo", [5], {5, 6}),
    ("EqualTo", [5], {5}),
    ("NotEqualTo", [5], {4, 6}),
    ("In", [4, 6, 9], {4, 6}),
    ("NotIn", [4, 6, 9], {5}),
    ("Exists", None, {4, 5, 6}),
    ("DoesNotExist", None, set()),
]


@pytest.mark.parametrize(("comparator", "values", "met_by"), COMPARISONS)
def test_accept_with_a_value_of(mturk, mturk_client, comparator, values, met_by):
    """A comparator compares the worker's value with the requirement's. [doc]"""
    type_id = type_id_of(mturk_client)
    given = {} if values is None else {"IntegerValues": values}
    hit_id = publish(mturk_client, requirement(type_id, comparator, **given))
    people = {value: mturk.worker() for value in (4, 5, 6)}
    for value, worker in people.items():
        associate(mturk_client, type_id, worker.id, IntegerValue=value)

    assert {value for value, worker in people.items() if may_accept(worker, hit_id)} == met_by


@pytest.mark.parametrize(("comparator", "values", "met_by"), COMPARISONS)
@pytest.mark.parametrize("revoked", [False, True])
def test_accept_without_the_qualification(mturk, mturk_client, comparator, values, met_by, revoked):
    """Without the qualification, or after losing it, a worker meets only DoesNotExist. [assumed]"""
    type_id = type_id_of(mturk_client)
    given = {} if values is None else {"IntegerValues": values}
    hit_id = publish(mturk_client, requirement(type_id, comparator, **given))
    worker = mturk.worker()
    if revoked:
        associate(mturk_client, type_id, worker.id, IntegerValue=5)
        disassociate(mturk_client, type_id, worker.id)

    assert may_accept(worker, hit_id) == (comparator == "DoesNotExist")


NEW_YORK = {"Country": "US", "Subdivision": "NY"}


@pytest.mark.parametrize(
    ("comparator", "places", "met_by"),
    [
        ("EqualTo", [{"Country": "US"}], {"US", "US-NY"}),
        ("NotEqualTo", [{"Country": "US"}], {"DE"}),
        ("EqualTo", [NEW_YORK], {"US-NY"}),
        ("NotEqualTo", [NEW_YORK], {"US", "DE"}),
        ("In", [{"Country": "DE"}, NEW_YORK], {"DE", "US-NY"}),
        ("NotIn", [{"Country": "DE"}, NEW_YORK], {"US"}),
        ("Exists", None, {"US", "US-NY", "DE"}),
        ("DoesNotExist", None, set()),
    ],
)
def test_accept_from_a_place(mturk, mturk_client, comparator, places, met_by):
    """A country includes its subdivisions. [doc] comparators, [assumed] subdivisions"""
    given = {} if places is None else {"LocaleValues": places}
    hit_id = publish(mturk_client, requirement(LOCALE, comparator, **given))
    people = {
        "US": mturk.worker(),
        "US-NY": mturk.worker(subdivision="NY"),
        "DE": mturk.worker(country="DE"),
    }

    assert {home for home, worker in people.items() if may_accept(worker, hit_id)} == met_by


def test_accept_names_the_first_unmet_requirement(mturk, mturk_client):
    """The refusal names the first requirement that is not met. [assumed] text"""
    worker = mturk.worker(country="DE", approved=5)
    exists = requirement(MASTERS)
    many = requirement(APPROVED, "In", IntegerValues=[6, 7])
    there = requirement(LOCALE, "NotIn", LocaleValues=[{"Country": "DE"}, NEW_YORK])
    few = requirement(APPROVED, "LessThan", IntegerValues=[6])

    for wanted, words in [
        (exists, "Masters is not granted; any value required"),
        (many, "NumberHITsApproved is 5; 6 or 7 required"),
        (there, "Locale is DE; any value but DE or US-NY required"),
    ]:
        hit_id = publish(mturk_client, few, wanted)
        assert refused(worker.accept, hit_id) == unmet(worker, hit_id, words)


@pytest.mark.parametrize(
    ("comparator", "values", "words"),
    [
        ("LessThan", [5], "is 5; less than 5 required"),
        ("LessThanOrEqualTo", [4], "is 5; at most 4 required"),
        ("GreaterThan", [5], "is 5; more than 5 required"),
        ("GreaterThanOrEqualTo", [80], "is 5; at least 80 required"),
        ("EqualTo", [4], "is 5; 4 required"),
        ("NotEqualTo", [5], "is 5; any value but 5 required"),
        ("DoesNotExist", None, "is 5; no value allowed"),
    ],
)
def test_accept_with_a_wrong_value_says_what_is_required(
    mturk, mturk_client, comparator, values, words
):
    """The message names the requester's qualification with its ID. [assumed] text"""
    type_id = type_id_of(mturk_client, Name="Birds")
    given = {} if values is None else {"IntegerValues": values}
    hit_id = publish(mturk_client, requirement(type_id, comparator, **given))
    worker = mturk.worker()
    associate(mturk_client, type_id, worker.id, IntegerValue=5)

    problem = f"'Birds' ({type_id}) {words}"
    assert refused(worker.accept, hit_id) == unmet(worker, hit_id, problem)


def test_accept_from_the_wrong_place_says_which(mturk, mturk_client):
    """The message has the worker's country, and each place that is allowed. [assumed] text"""
    places = [{"Country": "US", "Subdivision": "CA"}, {"Country": "GB"}]
    hit_id = publish(mturk_client, requirement(LOCALE, "In", LocaleValues=places))
    worker = mturk.worker(country="DE")

    problem = "Locale is DE; US-CA or GB required"
    assert refused(worker.accept, hit_id) == unmet(worker, hit_id, problem)


def test_accept_needs_every_requirement(mturk, mturk_client):
    """A worker must meet all requirements. [doc]"""
    one, two = (type_id_of(mturk_client, Name=name) for name in ("one", "two"))
    hit_id = publish(mturk_client, requirement(one), requirement(two))
    worker = mturk.worker()

    associate(mturk_client, one, worker.id)
    assert not may_accept(worker, hit_id)
    associate(mturk_client, two, worker.id)
    assert may_accept(worker, hit_id)


def test_accept_with_a_qualification_of_another_requester(mturk, mturk_client):
    """A qualification granted by another requester counts. [doc]"""
    other = mturk.requester("other").client()
    type_id = type_id_of(other)
    hit_id = publish(mturk_client, requirement(type_id))
    worker = mturk.worker()
    assert not may_accept(worker, hit_id)

    associate(other, type_id, worker.id)

    assert may_accept(worker, hit_id)


def test_submit_after_the_qualification_was_lost(mturk, mturk_client):
    """Work can be submitted after the worker lost the qualification. [doc]"""
    type_id = type_id_of(mturk_client)
    worker = mturk.worker()
    associate(mturk_client, type_id, worker.id)
    assignment = worker.accept(publish(mturk_client, requirement(type_id)))

    disassociate(mturk_client, type_id, worker.id)

    assert assignment.submit({}).status == "Submitted"


# ActionsGuarded ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guarded", "found", "previewed"),
    [
        ({}, True, True),
        ({"ActionsGuarded": "Accept"}, True, True),
        ({"ActionsGuarded": "PreviewAndAccept"}, True, False),
        ({"ActionsGuarded": "DiscoverPreviewAndAccept"}, False, False),
        ({"RequiredToPreview": True}, True, False),
        ({"RequiredToPreview": False}, True, True),
    ],
)
@pytest.mark.parametrize("sandbox", [False, True])
def test_requirement_guards(mturk, guarded, found, previewed, sandbox):
    """Only workers who meet the requirement can do the guarded actions. [doc]

    "HITs guarded with RequiredToPreview: stay listed for workers who cannot preview them". [doc]
    """
    masters = SANDBOX_MASTERS if sandbox else MASTERS
    hit_id = publish(mturk.client(sandbox=sandbox), requirement(masters, **guarded))
    worker, master = mturk.worker(), mturk.worker(masters=True)
    refusal = unmet(worker, hit_id, "Masters is not granted; any value required")

    assert [hit.id for hit in worker.find_hits()] == [hit_id] * found
    if previewed:
        assert worker.preview(hit_id).id == hit_id
    else:
        assert refused(worker.preview, hit_id) == refusal
    assert refused(worker.accept, hit_id) == refusal

    assert [hit.id for hit in master.find_hits()] == [hit_id]
    assert master.preview(hit_id).id == hit_id
    assert master.accept(hit_id).status == "Accepted"


def test_requirements_guard_each_for_itself(mturk, mturk_client):
    """Discovery requires only the requirements that guard discovery. [doc]"""
    shown, taken = (type_id_of(mturk_client, Name=name) for name in ("shown", "taken"))
    hit_id = publish(
        mturk_client,
        requirement(taken),
        requirement(shown, ActionsGuarded="DiscoverPreviewAndAccept"),
    )
    worker = mturk.worker()
    assert worker.find_hits() == []

    associate(mturk_client, shown, worker.id)

    assert worker.preview(worker.find_hits()[0].id).id == hit_id
    assert refused(worker.accept, hit_id) == unmet(
        worker, hit_id, f"'taken' ({taken}) is not granted; any value required"
    )
