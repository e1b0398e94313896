"""Tests of an application that creates its client at import, before any mock starts."""

import pytest
import turk_service  # creates the client before any test starts
from turk_service import ask_for_review, reviews_of

from mturk_mock import parse_answers

pytestmark = pytest.mark.mock_mturk(only="sandbox")  # a call to production is an error


def test_a_review_is_asked_for_once_for_each_report(mturk):
    hit_id = ask_for_review(17)

    with pytest.raises(turk_service.client.exceptions.RequestError, match=hit_id):
        ask_for_review(17)
    assert [(hit.requester_annotation, hit.environment) for hit in mturk.hits] == [
        ("17", "sandbox")
    ]


def test_worker_sees_the_page_of_the_application(mturk):
    assignment = mturk.worker().accept(ask_for_review(17))

    assert assignment.url.startswith("https://app.example/reports/17/review?assignmentId=")


def test_reviews_are_found_by_worker(mturk):
    hit_id = ask_for_review(17)
    worker = mturk.worker()
    worker.accept(hit_id).submit({"complete": "yes"})

    [(worker_id, answer)] = reviews_of(hit_id).items()
    assert worker_id == worker.id
    assert parse_answers(answer) == {"complete": "yes"}


def test_nothing_is_left_of_other_tests(mturk):
    assert turk_service.client.list_hits()["HITs"] == []
