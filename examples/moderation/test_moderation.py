"""Tests that pass in any order and in several processes: try `-n 4` and `-p randomly`.

Each test has its own state. The mock does not use the program's `random` numbers, so they are the
same with and without the mock.
"""

import random

import pytest
from moderation import publish

from mturk_mock import mock_mturk

COMMENTS = [f"Comment {number}" for number in range(8)]
KNOWN = {"Buy now!": "remove", "Well said.": "keep", "I disagree.": "keep"}


@pytest.mark.parametrize("number", range(6))
def test_each_test_starts_with_an_empty_marketplace(mturk, mturk_client, number):
    publish(mturk_client, COMMENTS[:number], KNOWN)

    assert mturk_client.list_hits()["NumResults"] == len(mturk.hits)
    assert [hit.requester_annotation for hit in mturk.hits].count("comment") == number


def test_one_known_comment_in_five(mturk, mturk_client):
    publish(mturk_client, COMMENTS, KNOWN)

    assert sorted(hit.requester_annotation for hit in mturk.hits) == ["comment"] * 8 + ["known"] * 2


def test_the_order_is_the_program_s_own(mturk, mturk_client):
    random.seed(7)
    publish(mturk_client, COMMENTS, KNOWN)
    first = [hit.html for hit in mturk.hits]

    mturk.reset()
    random.seed(7)
    publish(mturk_client, COMMENTS, KNOWN)

    assert [hit.html for hit in mturk.hits] == first
    after_publishing = random.random()

    random.seed(7)
    random.sample(sorted(KNOWN), 2)
    random.shuffle([None] * 10)
    assert random.random() == after_publishing  # the mock has not used it


@pytest.mark.mock_mturk(seed=1)
def test_with_a_seed_ids_are_the_same_in_every_process_and_order(mturk_client):
    random.seed(7)
    hit_ids = publish(mturk_client, COMMENTS, KNOWN)

    with mock_mturk(seed=1) as another:  # as in another process
        random.seed(7)
        assert publish(another.client(), COMMENTS, KNOWN) == hit_ids
