"""The figure of `Crowd.plot`: arrivals, submissions, open HITs and spending over time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from mturk_mock.core.clock import SECOND, to_datetime
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.figures import load_matplotlib, new_figure, save_figure
from mturk_mock.model import hit_life
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import APPROVED
from mturk_mock.model.ledger import EXACT, bonus_fee
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.workforce.crowd_life import Memory
from mturk_mock.workforce.crowd_table import finish_time

Step = tuple[int, Decimal | int]  # a time in microseconds, and the change of a number at that time

_SIZE: Final = (8, 8)  # inches
_MOST_BARS: Final = 48
#: Possible widths of the bars of arrivals, in minutes.
_BARS: Final = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
_COLORS: Final = ("#4477aa", "#228833", "#ee6677", "#aa3377")


@dataclass(frozen=True)
class Timeline:
    """The data of the figure, from `start` to `now`; times in microseconds since 1970."""

    start: int
    now: int
    arrivals: list[int]
    submitted: list[Step]
    open_hits: list[Step]
    spent: list[Step]


def make_timeline(marketplace: Marketplace, memory: Memory, now: int) -> Timeline:
    """Return the data of the figure, with the HITs and payments of all requesters."""
    arrivals = [time for time, _ in memory.arrivals]
    accounts = marketplace.accounts.values()
    open_hits = sorted(step for account in accounts for step in _list_openings(account))
    spent = sorted(step for account in accounts for step in _list_payments(account))
    submissions = (marketplace.find_assignment(id_)[1].submit_time for id_ in memory.assignment_ids)
    submitted: list[Step] = [(time, 1) for time in submissions if time is not None]
    times = [now, *arrivals, *(time for time, _ in open_hits)]
    return Timeline(min(times), now, arrivals, sorted(submitted), open_hits, spent)


def _list_openings(account: Account) -> Iterable[Step]:
    """Yield +1 when a HIT is created, -1 when its last assignment is submitted or it expires."""
    for hit in account.hits_by_number:
        yield hit.creation_time, 1
        finished = finish_time(account.assignments, hit)
        ends = [finished] if finished is not None else []
        ends += [hit.expiration] if hit.expired else []
        if ends:
            yield min(ends), -1


def _list_payments(account: Account) -> Iterable[Step]:
    """Yield the payments with their fees, in US dollars; the sandbox has none."""
    if account.environment != PRODUCTION:
        return
    for assignment in account.assignments.values():
        if assignment.status == APPROVED and assignment.approval_time is not None:
            cost = hit_life.cost_of(account, account.hits[assignment.hit_id])
            yield assignment.approval_time, cost
    for bonus in account.bonuses:
        yield bonus.time, EXACT.add(bonus.amount, bonus_fee(bonus.amount))


def draw(timeline: Timeline, title: str, path: str | os.PathLike[str] | None) -> Any:
    """Return a `matplotlib.figure.Figure`; write it to `path` if there is one."""
    dates = load_matplotlib("crowd.plot()", "dates")
    figure = new_figure("crowd.plot()", _SIZE)
    figure.suptitle(title)
    axes = figure.subplots(4, 1, sharex=True)
    limits = to_datetime(timeline.start), to_datetime(max(timeline.now, timeline.start + SECOND))
    _draw_arrivals(axes[0], timeline, limits)
    _draw_steps(axes[1], timeline, timeline.submitted, "assignments\nsubmitted", _COLORS[1])
    _draw_steps(axes[2], timeline, timeline.open_hits, "open HITs", _COLORS[2])
    _draw_steps(axes[3], timeline, timeline.spent, "spent with\nfees (US$)", _COLORS[3])
    locator = dates.AutoDateLocator()
    axes[-1].xaxis.set(major_locator=locator, major_formatter=dates.ConciseDateFormatter(locator))
    axes[-1].set(xlabel="time (UTC)", xlim=limits)
    save_figure(figure, path)
    return figure


def _draw_arrivals(axes: Any, timeline: Timeline, limits: tuple[datetime, datetime]) -> None:
    minutes = next((each for each in _BARS if _count_bars(limits, each) <= _MOST_BARS), _BARS[-1])
    width = timedelta(minutes=minutes)
    edges = [limits[0] + number * width for number in range(_count_bars(limits, minutes) + 1)]
    axes.hist([to_datetime(time) for time in timeline.arrivals], edges, color=_COLORS[0])
    axes.set(ylabel=f"arrivals in\n{minutes} minutes")
    axes.yaxis.get_major_locator().set_params(integer=True)
    _style_axes(axes)


def _count_bars(limits: tuple[datetime, datetime], minutes: int) -> int:
    """Return the number of bars of the given width in minutes, at least one."""
    return (limits[1] - limits[0]) // timedelta(minutes=minutes) + 1


def _draw_steps(axes: Any, timeline: Timeline, steps: list[Step], label: str, color: str) -> None:
    """Draw the running total of the changes."""
    times, values = [timeline.start], [Decimal(0)]
    for time, change in steps:
        times.append(time)
        values.append(EXACT.add(values[-1], change))
    times.append(timeline.now)
    values.append(values[-1])
    numbers = [float(value) for value in values]
    moments = [to_datetime(time) for time in times]
    axes.step(moments, numbers, where="post", color=color)
    axes.fill_between(moments, numbers, step="post", color=color, alpha=0.2)
    axes.set(ylabel=label)
    _style_axes(axes)


def _style_axes(axes: Any) -> None:
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
