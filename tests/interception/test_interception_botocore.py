"""While the mock answers, botocore still does everything but the sending."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber

from mturk_mock import mock_mturk
from tests.clients import KEYS, Sent, balance_of, make_client
from tests.helpers import create_hit


def test_stubber_on_the_client_wins():
    """A Stubber on the client answers, and the mock does not see the call."""
    client = make_client()
    with mock_mturk() as mturk, Stubber(client) as stubber:
        stubber.add_response("get_account_balance", {"AvailableBalance": "0.01"})
        assert balance_of(client) == "0.01"
        assert mturk.calls == []


def test_stubber_taken_off_leaves_the_mock():
    """After the Stubber is deactivated, the mock answers."""
    client = make_client()
    with mock_mturk(balance="12.34"):
        with Stubber(client):
            pass
        assert balance_of(client) == "12.34"


def test_parameters_are_checked_by_botocore_first():
    """Parameters that botocore refuses do not reach the mock."""
    with mock_mturk() as mturk:
        with pytest.raises(ParamValidationError):
            make_client().get_hit(HITId=7)
        assert mturk.calls == []


def test_handlers_of_the_program_see_the_call():
    """Botocore emits its events around the mock's response."""
    client, seen = make_client(), []
    for event in ("provide-client-params", "before-call", "before-sign", "before-send"):
        client.meta.events.register(
            f"{event}.mturk", lambda event_name, **rest: seen.append(event_name.partition(".")[0])
        )
    client.meta.events.register("after-call.mturk", lambda parsed, **rest: seen.append(parsed))
    with mock_mturk():
        answer = client.get_account_balance()

    assert seen[:4] == ["provide-client-params", "before-call", "before-sign", "before-send"]
    assert seen[4] == answer


def test_paginators_and_waiters_are_botocore_s():
    """A paginator walks the mock's pages."""
    with mock_mturk():
        client = make_client()
        made = [create_hit(client)["HITId"] for _ in range(3)]
        pages = client.get_paginator("list_hits").paginate(PaginationConfig={"PageSize": 2})
        found = [hit["HITId"] for page in pages for hit in page["HITs"]]
        assert client.waiter_names == []

    assert found == made[::-1]


def test_other_services_pass_through_untouched(wire):
    """A call of S3 is sent, and its client gets no handler of the mock."""
    s3 = boto3.client("s3", region_name="us-east-1", **KEYS)
    seen = []
    s3.meta.events.register("before-send.s3", lambda request, **rest: seen.append(request.url))
    before = dict(s3.meta.events._emitter._unique_id_handlers)
    with mock_mturk() as mturk:
        with pytest.raises(Sent):
            s3.list_buckets()
        assert mturk.calls == []
        assert s3.meta.events._emitter._unique_id_handlers == before

    assert wire == seen
    assert [address.partition(".")[0] for address in wire] == ["https://s3"]


def test_no_socket_is_opened():
    """All operations work without a connection; the suite refuses every connection."""
    with mock_mturk() as mturk:
        client = make_client()
        hit = create_hit(client)
        mturk.worker().accept(hit["HITId"]).submit({"x": "1"})
        (work,) = client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"]
        client.approve_assignment(AssignmentId=work["AssignmentId"])
