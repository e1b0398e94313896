"""Types that do not depend on types-boto3-mturk."""

from __future__ import annotations

import re

from typing_extensions import assert_type

from mturk_mock import HIT, Assignment, MTurk, mock_mturk
from mturk_mock.mock.mock import MockMTurk


def calls_are_asserted(mturk: MTurk) -> None:
    mturk.assert_called("CreateHIT", Title=re.compile("cat"), times=2)
    mturk.assert_not_called("create_hit", MaxAssignments=None)
    mturk.assert_called("CreateHIT", times="2")  # type: ignore[arg-type]
    mturk.assert_called()  # type: ignore[call-arg]


def things_are_added_by_keyword_arguments(mturk: MTurk) -> None:
    hit = mturk.add_hit(title="Cat?", reward=1, status="Reviewable")
    assert_type(hit, HIT)
    assert_type(mturk.add_assignment(hit, worker=mturk.worker(), status="Approved"), Assignment)
    assert_type(mturk.add_qualification_type(grants={"A1": 80}), str)
    mturk.add_hit(titel="Cat?")  # type: ignore[call-arg]
    mturk.add_hit(status="Open")  # type: ignore[arg-type]
    mturk.add_assignment(hit, submitted="2026-01-01")  # type: ignore[arg-type]


def accounts_are_names_by_key() -> None:
    assert_type(mock_mturk(accounts={"AKIAIOSFODNN7EXAMPLE": "lab one"}), MockMTurk)
    mock_mturk(accounts=["AKIAIOSFODNN7EXAMPLE"])  # type: ignore[call-overload]


@mock_mturk
def decorated(number: int) -> str:
    return str(number)


assert_type(decorated(1), str)
