"""Types if types-boto3-mturk is not installed."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

from mturk_mock import MTurk, MTurkClient


def the_client_is_anything(mturk: MTurk, mturk_client: MTurkClient) -> None:
    assert_type(mturk.client(), Any)
    assert_type(mturk.requester("lab one").client(sandbox=True), Any)
    assert_type(mturk_client, Any)
    mturk.client().get_hit(HITId=7)
