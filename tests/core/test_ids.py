"""IDs depend on the seed of the mock, for each of the eleven kinds."""

from __future__ import annotations

import pytest

from mturk_mock import mock_mturk
from mturk_mock.core.ids import STREAMS, Ids
from tests.helpers import NOW, create_hit_with_hit_type, work
from tests.notices import telling_type
from tests.qualify import type_id_of

#: Kinds without a random stream; their IDs also depend on the requester's name.
OF_REQUESTERS = ("Customer", "AWSAccount")
#: Methods of `Ids` that do not make IDs.
OTHERS = {"choose", "draw_anew", "is_chosen", "drawn", "chosen", "skip"}
KINDS = sorted((*STREAMS, *OF_REQUESTERS))
COUNT = 3  # IDs of each kind


def draw_ids(seed):
    """Return IDs of each kind, as boto3 and the handle show them."""
    found = {kind: [] for kind in KINDS}
    with mock_mturk(now=NOW, seed=seed) as mturk:
        for number in range(COUNT):
            for kind, id_ in draw_one_of_each(mturk, mturk.requester(f"r{number}").client()):
                found[kind].append(id_)
    return found


def draw_one_of_each(mturk, client):
    """Yield each kind with an ID of it, all of one new requester."""
    yield "HITLayout", mturk.add_layout("<p>${text}</p>")
    hit_type_id = telling_type(client, "HITCreated")
    yield "HITType", hit_type_id
    hit_id = create_hit_with_hit_type(client, hit_type_id)["HITId"]
    yield "HIT", hit_id
    document = mturk.notifications[-1].document
    yield "EventDocument", document["EventDocId"]
    yield "Customer", document["CustomerId"]
    yield "AWSAccount", document["SourceAccount"]
    (assignment,) = work(mturk, hit_id)
    yield "Assignment", assignment.id
    yield "Worker", assignment.worker_id
    type_id = type_id_of(client)
    yield "QualificationType", type_id
    yield "QualificationRequest", mturk.worker("A1").request_qualification(type_id).id
    yield "Request", client.get_account_balance()["ResponseMetadata"]["RequestId"]


@pytest.fixture(scope="module")
def drawn():
    """IDs by kind: twice with one seed, and once with another seed."""
    return draw_ids(7), draw_ids(7), draw_ids(8)


def test_ids_drawn_here_are_of_every_kind(drawn):
    """The kinds tested below are all kinds that `Ids` makes."""
    makers = {name for name in vars(Ids) if not name.startswith("_") and name not in OTHERS}

    assert makers == {"entity", "worker", "customer", "aws_account", "event_document", "request"}
    assert len(KINDS) == 11
    assert {kind: len(set(ids)) for kind, ids in drawn[0].items()} == dict.fromkeys(KINDS, COUNT)


@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_draws_the_same_ids(drawn, kind):
    """Two mocks with the same seed have equal IDs of this kind."""
    first, again, _ = drawn

    assert first[kind] == again[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_draws_other_ids(drawn, kind):
    """Another seed gives different IDs of this kind."""
    first, _, other = drawn

    assert set(first[kind]).isdisjoint(other[kind])
