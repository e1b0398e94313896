"""System qualifications, which follow from a worker's attributes and past work."""

from __future__ import annotations

import pytest

from tests.helpers import NOW, create_hit, error_of
from tests.qualify import (
    ADULT,
    APPROVED,
    LOCALE,
    MASTERS,
    PERCENT_APPROVED,
    SANDBOX_MASTERS,
    no_qualification,
    requirement,
    score,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

SUBMITTED = "00000000000000000000"
ABANDONED = "00000000000000000070"
RETURNED = "000000000000000000E0"
REJECTED = "000000000000000000S0"
PERCENTAGES = (PERCENT_APPROVED, SUBMITTED, ABANDONED, RETURNED, REJECTED)


@pytest.fixture
def has(mturk):
    """Return whether a worker can find a HIT with a requirement."""

    def call(worker, type_id, comparator="EqualTo", *values, sandbox=False, **more):
        if values:
            more["IntegerValues"] = list(values)
        guarded = requirement(
            type_id, comparator, ActionsGuarded="DiscoverPreviewAndAccept", **more
        )
        hit = create_hit(mturk.client(sandbox=sandbox), QualificationRequirements=[guarded])
        return hit["HITId"] in [found.id for found in worker.find_hits()]

    return call


def do(client, worker, count, what="approve"):
    """Let the worker accept `count` HITs and bring each assignment to a status."""
    for _ in range(count):
        assignment = worker.accept(create_hit(client)["HITId"])
        if what == "return":
            assignment.return_hit()
        elif what != "accept":
            assignment.submit({})
        if what == "approve":
            client.approve_assignment(AssignmentId=assignment.id)
        elif what == "reject":
            client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="no")
    return assignment


def test_hits_approved_counts_approvals(mturk, mturk_client, has):
    """Each approved assignment adds one [doc]; submitted and rejected ones do not count."""
    worker = mturk.worker()
    assert has(worker, APPROVED, "EqualTo", 0)

    do(mturk_client, worker, 2)
    do(mturk_client, worker, 1, "submit")
    rejected = do(mturk_client, worker, 1, "reject")
    assert has(worker, APPROVED, "EqualTo", 2)

    mturk_client.approve_assignment(AssignmentId=rejected.id, OverrideRejection=True)
    assert has(worker, APPROVED, "EqualTo", 3)


def test_hits_approved_counts_automatic_approvals(mturk, mturk_client, has):
    """Auto-approved assignments count. [doc]"""
    worker = mturk.worker()
    do(mturk_client, worker, 1, "submit")

    mturk.clock.advance(days=30)

    assert has(worker, APPROVED, "EqualTo", 1)


def test_hits_approved_in_each_environment(mturk, mturk_client, mturk_sandbox_client, has):
    """Production and sandbox count separately [doc]; earlier work counts in both. [assumed]"""
    worker = mturk.worker(approved=10, rejected=5)
    do(mturk_client, worker, 1)
    do(mturk_sandbox_client, worker, 2)

    assert has(worker, APPROVED, "EqualTo", 11)
    assert has(worker, APPROVED, "EqualTo", 12, sandbox=True)


def test_percent_approved_is_100_before_the_100th_submission(mturk, mturk_client, has):
    """With fewer than 100 submissions the value is 100. [doc]"""
    worker = mturk.worker(approved=40, rejected=57)
    assert has(worker, PERCENT_APPROVED, "EqualTo", 100)

    do(mturk_client, worker, 2)
    assert has(worker, PERCENT_APPROVED, "EqualTo", 100)

    do(mturk_client, worker, 1)
    assert has(worker, PERCENT_APPROVED, "EqualTo", 43)


def test_percent_approved_is_of_all_submitted(mturk, mturk_client, has):
    """Unreviewed work counts as submitted [doc]; percentages are rounded down. [assumed]"""
    worker = mturk.worker(approved=100)
    assert has(worker, PERCENT_APPROVED, "EqualTo", 100)

    do(mturk_client, worker, 1, "submit")

    assert has(worker, PERCENT_APPROVED, "EqualTo", 99)


def test_percent_approved_after_an_override(mturk, mturk_client, has):
    """An overridden rejection counts as an approval only. [doc]"""
    worker = mturk.worker(approved=99)
    rejected = do(mturk_client, worker, 1, "reject")
    assert has(worker, PERCENT_APPROVED, "EqualTo", 99)
    assert has(worker, REJECTED, "EqualTo", 1)

    mturk_client.approve_assignment(AssignmentId=rejected.id, OverrideRejection=True)

    assert has(worker, PERCENT_APPROVED, "EqualTo", 100)
    assert has(worker, REJECTED, "EqualTo", 0)


def test_percentages_of_a_new_worker(mturk, has):
    """Without any work, nothing was abandoned, returned or rejected. [assumed]"""
    worker = mturk.worker()

    for type_id, value in zip(PERCENTAGES, (100, 100, 0, 0, 0), strict=True):
        assert has(worker, type_id, "EqualTo", value)


def test_percentages_by_work_done(mturk, mturk_client, mturk_sandbox_client, has):
    """Submitted, abandoned, returned: of accepted work. Rejected: of submitted work. [doc]"""
    worker = mturk.worker()
    do(mturk_sandbox_client, worker, 3, "reject")
    do(mturk_client, worker, 2, "accept")
    mturk.clock.advance(hours=1)
    do(mturk_client, worker, 1, "return")
    do(mturk_client, worker, 3)
    do(mturk_client, worker, 1, "reject")
    do(mturk_client, worker, 3, "accept")

    for type_id, value in zip(PERCENTAGES, (100, 40, 20, 10, 25), strict=True):
        assert has(worker, type_id, "EqualTo", value)
    assert has(worker, REJECTED, "EqualTo", 100, sandbox=True)


def test_earlier_work_counts_as_accepted_and_submitted(mturk, mturk_client, has):
    """A worker's `approved` and `rejected` count as work before the mock. [assumed]"""
    worker = mturk.worker(approved=3, rejected=4)
    do(mturk_client, worker, 1, "return")

    for type_id, value in zip(PERCENTAGES[1:], (87, 0, 12, 57), strict=True):
        assert has(worker, type_id, "EqualTo", value)


def test_locale_is_where_the_worker_lives(mturk, has):
    """A worker who moves has the new locale from then on. [doc] the qualification"""
    worker = mturk.worker(country="FR")
    france = {"LocaleValues": [{"Country": "FR"}]}
    assert has(worker, LOCALE, **france)

    mturk.worker(worker.id, country="DE")

    assert not has(worker, LOCALE, **france)


def test_adult_is_1_or_0(mturk, has):
    """The value is 1 for workers who accept adult content [doc], else 0. [assumed]"""
    worker = mturk.worker()
    assert has(worker, ADULT, "EqualTo", 0)

    mturk.worker(worker.id, adult=True)

    assert has(worker, ADULT, "EqualTo", 1)
    assert has(worker, ADULT, "EqualTo", 1, sandbox=True)


def test_masters_is_there_or_not(mturk, has):
    """Only Masters have the qualification [doc]; it holds in both environments."""
    worker = mturk.worker()
    assert has(worker, MASTERS, "DoesNotExist")

    mturk.worker(worker.id, masters=True)

    assert has(worker, MASTERS, "Exists")
    assert has(worker, SANDBOX_MASTERS, "Exists", sandbox=True)
    assert not has(worker, MASTERS, "DoesNotExist")


def test_get_qualification_score_of_the_system(mturk, mturk_client):
    """GetQualificationScore does not return system qualifications. [observed]"""
    worker = mturk.worker(approved=5)

    told = error_of(lambda: score(mturk_client, APPROVED, worker.id))

    assert told == no_qualification()
