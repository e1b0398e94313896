"""What type checkers know of the rest, whatever is installed."""

from __future__ import annotations

import re

from typing_extensions import assert_type

from mturk_mock import MTurk, mock_mturk
from mturk_mock.mock.mock import MockMTurk


def calls_are_asserted(mturk: MTurk) -> None:
    mturk.assert_called("CreateHIT", Title=re.compile("cat"), times=2)
    mturk.assert_not_called("create_hit", MaxAssignments=None)
    mturk.assert_called("CreateHIT", times="2")  # type: ignore[arg-type]
    mturk.assert_called()  # type: ignore[call-arg]


def accounts_are_names_by_key() -> None:
    assert_type(mock_mturk(accounts={"AKIAIOSFODNN7EXAMPLE": "lab one"}), MockMTurk)
    mock_mturk(accounts=["AKIAIOSFODNN7EXAMPLE"])  # type: ignore[call-overload]


@mock_mturk
def decorated(number: int) -> str:
    return str(number)


assert_type(decorated(1), str)
