"""Eventual consistency: what lists and HITs show late, if the mock was asked for lags."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol

from mturk_mock.model.hit import HIT, counts_at
from mturk_mock.model.lags import is_over
from mturk_mock.operations import views
from mturk_mock.operations.registry import Call


class _Created(Protocol):
    @property
    def creation_time(self) -> int: ...


def is_listed(call: Call, lag: int) -> Callable[[_Created], bool] | None:
    """Return a function that tells whether a list shows a thing yet; None for all.

    Only new things are late: what has changed or was deleted is listed as it is. [assumed]
    """
    if not lag:
        return None
    return lambda thing: is_over(lag, thing.creation_time, call.now)


def hit_view(call: Call) -> Callable[[HIT], views.View]:
    """Return a function that shows a HIT, perhaps with late numbers of assignments. [observed]

    The three are of the same moment; HITStatus and MaxAssignments are never late. [assumed]
    """
    return functools.partial(_view_late, call) if call.lags.counters else views.hit


def _view_late(call: Call, hit: HIT) -> views.View:
    if not hit.past_counts:
        return views.hit(hit)
    counts = counts_at(hit.past_counts, call.now - call.lags.counters)
    return {
        **views.hit(hit),
        "NumberOfAssignmentsPending": counts.pending,
        "NumberOfAssignmentsAvailable": counts.available,
        "NumberOfAssignmentsCompleted": counts.completed,
    }
