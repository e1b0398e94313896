"""What a mock keeps because it comes again and again: it is right, shared, and dropped."""

from __future__ import annotations

import pytest

from mturk_mock.backend.serializer import Kept
from tests.helpers import HTML_QUESTION, NOW, create_hit

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

SAME = f"{HTML_QUESTION}<!-- {'the same ' * 50} -->"


def test_equal_questions_are_one_text(mturk, mturk_client):
    """Each request brings a copy of its own; HITs and the log of calls have the first."""
    for _ in range(3):
        create_hit(mturk_client, Question=SAME)

    questions = [call.params["Question"] for call in mturk.calls]
    assert questions == [SAME] * 3
    assert len({id(question) for question in questions}) == 1


def test_equal_questions_are_one_text_in_answers(mturk, mturk_client):
    """The log has their JSON once, however many HITs ask the question."""
    for _ in range(3):
        create_hit(mturk_client, Question=SAME)

    longest = [max(call.answer, key=len) for call in mturk.calls]
    assert "the same the same" in longest[0]
    assert len({id(text) for text in longest}) == 1


def test_polling_keeps_one_copy_of_what_it_is_answered(mturk, mturk_client):
    """A program that asks a thousand times does not fill the memory."""
    hit_id = create_hit(mturk_client)["HITId"]
    for _ in range(2):
        mturk_client.get_hit(HITId=hit_id)
    mturk_client.list_hits()

    made, first, second, listed = mturk.calls
    assert len(made.answer) == 5
    for text in made.answer[1:4]:  # the HIT: before its question, the question, and after it
        for call in (first, second, listed):
            assert any(each is text for each in call.answer)


def test_hit_that_changes_is_shown_as_it_is(mturk, mturk_client):
    """What is kept is found by all that a HIT shows."""
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


def test_hits_of_two_beginnings_are_not_mixed_up(mturk, mturk_client):
    """After a reset the same seed gives the same ids to other HITs."""
    first = create_hit(mturk_client, Title="before")["HITId"]
    mturk.reset()
    second = create_hit(mturk_client, Title="after")["HITId"]

    assert first == second
    assert mturk_client.get_hit(HITId=second)["HIT"]["Title"] == "after"


def test_what_is_kept_is_dropped_when_it_is_too_much(mturk, mturk_client, monkeypatch):
    """The answers stay right, and what is kept stays small."""
    monkeypatch.setattr(Kept, "_MOST_CHARACTERS", 2_000)
    hit_ids = [create_hit(mturk_client, Title=f"HIT {n}")["HITId"] for n in range(10)]

    kept = mturk._backend._kept
    assert 0 < len(kept._parts) < 4
    titles = [mturk_client.get_hit(HITId=id_)["HIT"]["Title"] for id_ in hit_ids]
    assert titles == [f"HIT {n}" for n in range(10)]
