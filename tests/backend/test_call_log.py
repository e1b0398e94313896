"""The call log shows the results at the time of the call, and stores equal texts once."""

from __future__ import annotations

import pytest

from tests.helpers import HTML_QUESTION, NOW, create_hit, error_of

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

SAME = f"{HTML_QUESTION}<!-- {'the same ' * 50} -->"


def test_equal_questions_are_one_text(mturk, mturk_client):
    """Equal questions in several requests are stored as one string."""
    for _ in range(3):
        create_hit(mturk_client, Question=SAME)

    questions = [call.params["Question"] for call in mturk.calls]
    assert questions == [SAME] * 3
    assert len({id(question) for question in questions}) == 1


def test_polling_keeps_one_copy_of_the_question(mturk, mturk_client):
    """Logged responses of GetHIT and ListHITs share the question's string with CreateHIT's call."""
    hit_id = create_hit(mturk_client, Question=SAME)["HITId"]
    mturk_client.get_hit(HITId=hit_id)
    mturk_client.list_hits()

    made, got, listed = mturk.calls
    shown = [made.answer["HIT"], got.answer["HIT"], *listed.answer["HITs"]]
    assert len(shown) == 3
    assert all(hit["Question"] is made.params["Question"] for hit in shown)


def test_result_of_a_call_stays_what_was_answered(mturk, mturk_client):
    """A logged result does not change when the HIT changes later."""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    answers = [mturk_client.get_hit(HITId=hit_id)["HIT"], mturk_client.list_hits()["HITs"][0]]
    mturk_client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=1
    )
    mturk.worker().accept(hit_id)

    _, got, listed, _ = mturk.calls
    assert [got.result["HIT"], listed.result["HITs"][0]] == answers
    assert b'"MaxAssignments":2' in got.body


def test_result_of_an_operation_without_output_is_empty(mturk, mturk_client):
    """The result is an empty dict, and the body an empty JSON object."""
    mturk_client.update_expiration_for_hit(HITId=create_hit(mturk_client)["HITId"], ExpireAt=0)

    assert (mturk.calls[-1].result, mturk.calls[-1].body) == ({}, b"{}")


def test_call_that_was_refused_has_no_body(mturk, mturk_client):
    """A refused call has neither a result nor a body."""
    error_of(lambda: mturk_client.get_hit(HITId="3NONE"))

    assert (mturk.calls[-1].result, mturk.calls[-1].body) == (None, b"")


def test_hit_that_changes_is_shown_as_it_is(mturk, mturk_client):
    """Each response shows the HIT as it is at that time."""
    hit_id = create_hit(mturk_client, MaxAssignments=2)["HITId"]
    shown = [mturk_client.get_hit(HITId=hit_id)["HIT"]]
    for change in (
        lambda: mturk.worker().accept(hit_id).submit({"a": "b"}),
        lambda: mturk_client.create_additional_assignments_for_hit(
            HITId=hit_id, NumberOfAdditionalAssignments=1
        ),
        lambda: mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0),
    ):
        change()
        shown.append(mturk_client.get_hit(HITId=hit_id)["HIT"])

    assert [hit["NumberOfAssignmentsAvailable"] for hit in shown] == [2, 1, 2, 2]
    assert [hit["MaxAssignments"] for hit in shown] == [2, 2, 3, 3]
    assert shown[3]["Expiration"] < shown[2]["Expiration"]


def test_hits_before_and_after_reset_are_not_mixed_up(mturk, mturk_client):
    """After reset() a HIT that has the ID of an earlier one shows its own values."""
    first = create_hit(mturk_client, Title="before")["HITId"]
    mturk.reset()
    second = create_hit(mturk_client, Title="after")["HITId"]

    assert first == second
    assert mturk_client.get_hit(HITId=second)["HIT"]["Title"] == "after"
