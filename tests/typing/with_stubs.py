"""Types if types-boto3-mturk is installed."""

from __future__ import annotations

from types_boto3_mturk.client import MTurkClient
from types_boto3_mturk.type_defs import CreateHITResponseTypeDef
from typing_extensions import assert_type

from mturk_mock import MTurk, current, mock_mturk
from mturk_mock import MTurkClient as OurMTurkClient


def the_client_is_typed(mturk: MTurk) -> None:
    assert_type(mturk.client(), MTurkClient)
    assert_type(mturk.client(sandbox=True, region_name="us-east-1"), MTurkClient)
    assert_type(mturk.requester("lab one").client(), MTurkClient)
    assert_type(current().client(), MTurkClient)
    with mock_mturk(accounts={"AKIAIOSFODNN7EXAMPLE": "lab one"}) as inner:
        assert_type(inner.client(), MTurkClient)


def what_it_returns_is_typed(mturk: MTurk) -> None:
    response = mturk.client().create_hit(
        Title="t",
        Description="d",
        Reward="0.05",
        AssignmentDurationInSeconds=60,
        LifetimeInSeconds=60,
    )
    assert_type(response, CreateHITResponseTypeDef)
    assert_type(response["HIT"]["HITId"], str)


def our_name_is_theirs(mturk_client: OurMTurkClient) -> None:
    assert_type(mturk_client, MTurkClient)


def a_wrong_call_is_an_error(mturk: MTurk) -> None:
    mturk.client().get_hit(HITId=7)  # type: ignore[arg-type]
    mturk.client().get_hit(HitId="3HIT")  # type: ignore[call-arg]
