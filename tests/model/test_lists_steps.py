"""Pages of short and of long lists take the same number of steps."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import mturk_mock
from tests.helpers import NOW, create_hit, expire, work
from tests.policies import scored_hit

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1, balance="1000000")

PACKAGE = str(Path(mturk_mock.__file__).parent)
FEW, MANY = 3, 150
#: Extra steps allowed for finding a place in the longer list; looping over it takes more.
MORE = 25


def steps(call):
    """Return how many times functions of the package are called or resumed during a call."""
    count = 0

    def watch(frame, event, argument):
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith(PACKAGE)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


# Each creates `others` objects, then three that are listed; returns the operation and parameters.


def among_deleted_hits(mturk, client, others):
    for _ in range(others):
        mturk.add_hit(status="Disposed")
    for _ in range(3):
        create_hit(client)
    return "list_hits", {}


def among_open_hits(mturk, client, others):
    for hit in [create_hit(client) for _ in range(others + 3)][::-1][:3]:
        expire(client, hit["HITId"])
    return "list_reviewable_hits", {}


def among_hits_of_other_types(mturk, client, others):
    mine = [mturk.add_hit(title="mine", status="Reviewable") for _ in range(3)]
    for _ in range(others):
        mturk.add_hit(title="other", status="Reviewable")
    return "list_reviewable_hits", {"HITTypeId": mine[0].hit_type_id}


def among_hits_without_the_qualification(mturk, client, others):
    type_id = mturk.add_qualification_type()
    required = [{"QualificationTypeId": type_id, "Comparator": "Exists"}]
    for number in range(others + 3):
        mturk.add_hit(qualification_requirements=required if number < 3 else [])
    return "list_hits_for_qualification_type", {"QualificationTypeId": type_id}


def among_approved_work(mturk, client, others):
    hit = mturk.add_hit(max_assignments=others + 3)
    for number in range(others + 3):
        mturk.add_assignment(hit, status="Submitted" if number < 3 else "Approved")
    return "list_assignments_for_hit", {"HITId": hit.id, "AssignmentStatuses": ["Submitted"]}


def among_bonuses_for_others(mturk, client, others):
    (one, other) = work(mturk, create_hit(client, MaxAssignments=2)["HITId"], 2)
    for paid in [*[other] * others, *[one] * 3]:
        client.send_bonus(
            WorkerId=paid.worker_id, AssignmentId=paid.id, BonusAmount="0.01", Reason="good"
        )
    return "list_bonus_payments", {"AssignmentId": one.id}


def among_requests_that_are_decided(mturk, client, others):
    type_id = mturk.add_qualification_type()
    asked = [mturk.worker().request_qualification(type_id) for _ in range(others + 3)]
    for request in asked[:others]:
        client.accept_qualification_request(QualificationRequestId=request.id)
    return "list_qualification_requests", {}


def among_types_of_others(mturk, client, others):
    for number in range(3):
        mturk.add_qualification_type(name=f"mine {number}")
    for number in range(others):
        mturk.add_qualification_type(name=f"other {number}", requester="other")
    return "list_qualification_types", {"MustBeRequestable": True, "MustBeOwnedByCaller": True}


def among_grants_revoked(mturk, client, others):
    people = [mturk.worker().id for _ in range(others + 3)]
    type_id = mturk.add_qualification_type(grants=dict.fromkeys(people, 1))
    for worker_id in people[:others]:
        client.disassociate_qualification_from_worker(
            QualificationTypeId=type_id, WorkerId=worker_id
        )
    return "list_workers_with_qualification_type", {"QualificationTypeId": type_id}


def among_results_of_policies(mturk, client, others):
    key = {f"q{number}": ["yes"] for number in range(others)}
    hit_id = scored_hit(client, assignments=3, AnswerKey=key)
    work(mturk, hit_id, 3)
    return "list_review_policy_results_for_hit", {"HITId": hit_id, "RetrieveResults": False}


CASES = [
    among_deleted_hits,
    among_open_hits,
    among_hits_of_other_types,
    among_hits_without_the_qualification,
    among_approved_work,
    among_bonuses_for_others,
    among_requests_that_are_decided,
    among_types_of_others,
    among_grants_revoked,
    among_results_of_policies,
]


def length(page):
    """Return how many items a page has."""
    if "NumResults" in page:
        return page["NumResults"]
    return len(page["AssignmentReviewReport"]["ReviewActions"])


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_page_takes_the_same_steps_among_many(mturk, mturk_client, make):
    """Listing three items takes about as many steps among 150 others as among three."""
    counts = []
    for others in (FEW, MANY):
        mturk.reset()
        operation, filters = make(mturk, mturk_client, others)
        list_ = getattr(mturk_client, operation)
        assert length(list_(**filters)) == 3
        counts.append(steps(lambda list_=list_, filters=filters: list_(**filters)))

    few, many = counts
    assert abs(many - few) <= MORE
