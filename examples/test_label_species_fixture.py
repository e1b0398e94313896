"""Tests of `label_species` with the pytest fixtures of mturk_mock.

The program waits by calling its parameter `wait`. The tests pass a function in which workers
answer and the clock advances; they replace nothing else.
"""

from collections import Counter

import label_species
import pytest
from label_species import Item, run_campaign

OLM = Item("sp1", "Olm", "Proteus anguinus")
OWL = Item("sp2", "Barn owl", "Tyto alba")
FOX = Item("sp3", "Red fox", "Vulpes vulpes")
ITEMS = [OLM, OWL, FOX]

RIGHT = {"sp1": "amphibian", "sp2": "bird", "sp3": "mammal"}
WRONG = {"sp1": "fish", "sp2": "mammal", "sp3": "bird"}
EMPTY = {"sp1": "", "sp2": "", "sp3": ""}


@pytest.fixture
def campaign(mturk, mturk_client):
    """Return a function that runs a campaign with workers who give the answers passed to it."""

    def run(*workers_answers, days_to_wait=0):
        answers_of = {mturk.worker(): answers for answers in workers_answers}

        def wait(seconds):
            for worker, answers in answers_of.items():
                for hit in worker.find_hits("species"):
                    label = answers[hit.requester_annotation]
                    fields = {"label": label, "comment": ""}
                    # The page requires a label; check=False lets a worker omit it.
                    worker.accept(hit.hit_id).submit(fields, check=False)
            mturk.clock.advance(seconds=seconds, days=days_to_wait)

        return run_campaign(mturk_client, ITEMS, wait=wait)

    return run


def test_each_item_gets_the_label_of_the_majority(campaign):
    results = campaign(RIGHT, RIGHT, WRONG)

    assert [result.item for result in results] == ITEMS
    assert [result.label for result in results] == ["amphibian", "bird", "mammal"]
    assert [round(result.agreement, 2) for result in results] == [0.67, 0.67, 0.67]


def test_who_is_outvoted_is_paid_all_the_same(campaign, mturk):
    campaign(RIGHT, RIGHT, WRONG)

    assert [assignment.status for assignment in mturk.assignments] == ["Approved"] * 9
    assert str(mturk.spent.rewards) == "0.45"


def test_an_empty_answer_is_rejected_and_the_worker_is_told_why(campaign, mturk):
    results = campaign(RIGHT, RIGHT, EMPTY)

    rejected = [each for each in mturk.assignments if each.status == "Rejected"]
    assert {each.hit_id for each in rejected} == {result.hit_id for result in results}
    assert {each.requester_feedback for each in rejected} == {label_species.REJECTION_FEEDBACK}
    assert mturk.worker(rejected[0].worker_id).earnings == 0
    assert [result.label for result in results] == ["amphibian", "bird", "mammal"]


def test_careful_workers_get_one_bonus_each(campaign, mturk, monkeypatch):
    monkeypatch.setattr(label_species, "BONUS_MIN_ITEMS", 3)

    results = campaign(RIGHT, RIGHT, WRONG)

    careful = {answer.worker_id for answer in results[0].answers if answer.label == "amphibian"}
    assert Counter(bonus.worker_id for bonus in mturk.bonuses) == dict.fromkeys(careful, 1)
    assert {str(bonus.amount) for bonus in mturk.bonuses} == {"0.02"}


def test_every_assignment_is_reviewed_once(campaign, mturk):
    campaign(RIGHT, WRONG, EMPTY)

    reviewed = Counter(
        call.params["AssignmentId"]
        for call in mturk.calls
        if call.operation in ("ApproveAssignment", "RejectAssignment")
    )
    assert reviewed == {assignment.id: 1 for assignment in mturk.assignments}


def test_what_was_approved_automatically_is_not_reviewed_again(campaign, mturk):
    campaign(RIGHT, RIGHT, EMPTY, days_to_wait=4)

    assert [assignment.status for assignment in mturk.assignments] == ["Approved"] * 9
    assert not any(call.operation == "ApproveAssignment" for call in mturk.calls)


def test_hits_that_expire_are_collected_as_they_are(campaign, mturk):
    results = campaign(RIGHT)

    assert mturk.clock.now >= mturk.hits[0].expiration
    assert [len(result.answers) for result in results] == [1, 1, 1]
    assert [result.label for result in results] == ["", "", ""]


def test_all_hits_are_deleted_at_the_end(campaign, mturk, mturk_client):
    campaign(RIGHT, RIGHT, WRONG)

    assert [hit.status for hit in mturk.hits] == ["Disposed"] * 3
    assert mturk_client.list_hits()["NumResults"] == 0


@pytest.mark.mock_mturk(balance="0.50")  # three HITs cost 0.54
def test_publishing_stops_when_the_funds_are_used_up(campaign, mturk, mturk_client):
    with pytest.raises(mturk_client.exceptions.RequestError) as refusal:
        campaign(RIGHT, RIGHT, RIGHT)

    assert refusal.value.response["TurkErrorCode"] == "AWS.MechanicalTurk.InsufficientFunds"
    assert [hit.requester_annotation for hit in mturk.hits] == ["sp1", "sp2"]


def test_a_run_that_is_begun_again_publishes_nothing_twice(mturk, mturk_client):
    hit_type_id = mturk_client.create_hit_type(**label_species.HIT_TYPE)["HITTypeId"]
    hit_id = label_species.publish_hit(mturk_client, hit_type_id, OLM, "run")

    with pytest.raises(mturk_client.exceptions.RequestError, match=hit_id):
        label_species.publish_hit(mturk_client, hit_type_id, OLM, "run")
    assert [hit.hit_id for hit in mturk.hits] == [hit_id]


def test_in_the_sandbox_the_form_goes_to_the_sandbox(mturk, mturk_sandbox_client):
    hit_type_id = mturk_sandbox_client.create_hit_type(**label_species.HIT_TYPE)["HITTypeId"]
    label_species.publish_hit(mturk_sandbox_client, hit_type_id, OLM, "run")

    [hit] = mturk.hits
    assert "Olm <small>(<i>Proteus anguinus</i>)</small>" in hit.html
    assert 'action="https://workersandbox.mturk.com/mturk/externalSubmit"' in hit.html
