"""Means, standard deviations and 95 % intervals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple

#: The 97.5 % quantiles of Student's t distribution, by degrees of freedom from 1.
_QUANTILES: Final = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)
_NORMAL: Final = 1.959964


class Summary(NamedTuple):
    """The mean of an outcome over the runs of a design.

    ``sd``: the standard deviation of the runs, with n - 1; None for one run. ``low``, ``high``:
    the 95 % interval of the mean by Student's t distribution; None for one run.
    """

    runs: int
    mean: float
    sd: float | None
    low: float | None
    high: float | None


def summarize(values: Sequence[float]) -> Summary:
    """Return the summary of one value or more."""
    mean, runs = statistics.fmean(values), len(values)
    if runs == 1:
        return Summary(1, mean, None, None, None)
    sd = statistics.stdev(values)
    half = quantile(runs - 1) * sd / math.sqrt(runs)
    return Summary(runs, mean, sd, mean - half, mean + half)


def quantile(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t distribution; beyond the table within 0.0001."""
    if freedom <= len(_QUANTILES):
        return _QUANTILES[freedom - 1]
    z = _NORMAL
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
