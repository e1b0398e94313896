"""What a strict test must not leave behind: work unreviewed, faults that never happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mturk_mock.mock.mturk import MTurk

_SUBMITTED: Final = "Submitted"


def leftovers(mturk: MTurk) -> list[str]:
    """Return what is left undone in a mock, a line for each thing; what is due happens first.

    Work is left when it is submitted and neither approved, by the clock too, nor rejected.
    A fault is left when it has not happened once, also where it was stopped.
    """
    return [*_unreviewed(mturk), *_unused_faults(mturk)]


def _unreviewed(mturk: MTurk) -> Iterator[str]:
    for assignment in mturk.assignments:
        if assignment.status == _SUBMITTED:
            yield (
                f"assignment {assignment.id} of HIT {assignment.hit_id}, "
                f"submitted by {assignment.worker_id}, was not reviewed"
            )


def _unused_faults(mturk: MTurk) -> Iterator[str]:
    for fault in mturk.faults:
        if not fault.happened:
            yield f"this fault never happened: {fault!r}"


def complaint(left: list[str]) -> str:
    """Return what is said to a strict test that has left something behind."""
    return "\n".join(
        [
            "@pytest.mark.mock_mturk(strict=True): the test has passed, but",
            *(f"  {line}" for line in left),
            "Review the work, leave the fault out, or leave strict=True out",
        ]
    )
