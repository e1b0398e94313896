"""The figure of `Rehearsal.plot`: means with their intervals."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

from mturk_mock.core.figures import new_figure, save_figure
from mturk_mock.rehearsals.designs import Design
from mturk_mock.rehearsals.statistics import Summary

_SIZE: Final = (7, 4.5)  # inches
_COLORS: Final = ("#4477aa", "#ee6677", "#228833", "#aa3377", "#66ccee", "#ccbb44", "#555555")
_MARKERS: Final = "osD^vPX"
#: The largest distance of lines that would hide each other, as a share of the distance of values.
_SPREAD: Final = 0.16

Points = Sequence[tuple[Design, Summary]]


def draw(points: Points, x: str, y: str, path: str | os.PathLike[str] | None) -> Any:
    """Return a `matplotlib.figure.Figure`; write it to `path` if there is one."""
    figure = new_figure("Rehearsal.plot()", _SIZE)
    axes = figure.subplots()
    _draw_lines(axes, points, x)
    axes.set(xlabel=x, ylabel=y.replace("_", " "))
    axes.grid(axis="y", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle("mean and 95 % interval", fontsize="medium")
    save_figure(figure, path)
    return figure


def _draw_lines(axes: Any, points: Points, x: str) -> None:
    values = list(dict.fromkeys(str(design[x]) for design, _ in points))
    lines: dict[str, list[tuple[int, Summary]]] = {}
    for design, summary in points:
        others = ", ".join(f"{name} {value}" for name, value in design.items() if name != x)
        lines.setdefault(others, []).append((values.index(str(design[x])), summary))
    for number, (label, line) in enumerate(lines.items()):
        shift = _SPREAD * (number / max(1, len(lines) - 1) - 0.5) if len(lines) > 1 else 0.0
        _draw_line(axes, line, shift, number, label)
    axes.set_xticks(range(len(values)), values)
    if len(lines) > 1:
        axes.legend(frameon=False)


def _draw_line(
    axes: Any, line: list[tuple[int, Summary]], shift: float, number: int, label: str
) -> None:
    means = [summary.mean for _, summary in line]
    lows = [0 if each.low is None else each.mean - each.low for _, each in line]
    axes.errorbar(
        [place + shift for place, _ in line],
        means,
        yerr=lows,
        label=label,
        color=_COLORS[number % len(_COLORS)],
        marker=_MARKERS[number % len(_MARKERS)],
        capsize=3,
    )
