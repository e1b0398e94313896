"""ExtendHIT of 2008: more assignments and more time for a HIT, in one operation."""

from __future__ import annotations

from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND
from mturk_mock.model import hit_life
from mturk_mock.operations import limits
from mturk_mock.operations.registry import NOTHING, Call, Result, operation

_SECONDS: Final = (3600, limits.YEAR)  # [doc]


@operation("ExtendHIT")
def extend_hit(
    call: Call,
    *,
    hit_id: str,
    max_assignments_increment: int | None = None,
    expiration_increment_in_seconds: int | None = None,
    validate: bool = False,
) -> Result:
    """Extend a HIT by assignments, time, or both at once. [doc]

    With `validate`, only check whether that is possible. [doc]
    """
    hit = call.account.hit(hit_id)
    seconds = expiration_increment_in_seconds
    _check_range("MaxAssignmentsIncrement", max_assignments_increment, limits.ASSIGNMENTS)
    _check_range("ExpirationIncrementInSeconds", seconds, _SECONDS)
    count, expiration = max_assignments_increment or 0, None
    if seconds is not None:
        # An expired HIT is extended from now. [doc]
        expiration = (call.now if hit.expired else hit.expiration) + seconds * SECOND
    hit_life.require_changeable(call.lags, hit, call.now)
    if validate:
        hit_life.check_extension(call.account, hit, count, expiration)
    else:
        hit_life.extend(call.account, hit, call.now, count=count, expiration=expiration)
    return NOTHING


def _check_range(parameter: str, value: int | None, limits: tuple[int, int]) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        raise errors.LEGACY_OUT_OF_RANGE(value=value, parameter=parameter, low=low, high=high)
