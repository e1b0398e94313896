"""The figure of `Rehearsal.plot`: means with their intervals."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

from mturk_mock.core.figures import new_figure, save_figure
from mturk_mock.rehearsals.designs import Design, show
from mturk_mock.rehearsals.statistics import Summary

_SIZE: Final = (7, 4.5)  # inches
_COLORS: Final = ("#4477aa", "#ee6677", "#228833", "#aa3377", "#66ccee", "#ccbb44", "#555555")
_MARKERS: Final = "osD^vPX"
#: How far lines that would hide each other are apart, as a share of the distance of values.
_SPREAD: Final = 0.3

Points = Sequence[tuple[Design, Summary]]


def draw(
    points: Points, x: str, varied: Sequence[str], y: str, path: str | os.PathLike[str] | None
) -> Any:
    """Return a `matplotlib.figure.Figure`; write it to `path` if there is one.

    There is a line for each combination of the values that `varied` names.
    """
    figure = new_figure("Rehearsal.plot()", _SIZE)
    axes = figure.subplots()
    _draw_lines(axes, points, x, varied)
    axes.set(xlabel=x.replace("_", " "), ylabel=y.replace("_", " "))
    axes.set_title("mean and 95 % interval", loc="left", fontsize="medium")
    axes.grid(axis="y", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path)
    return figure


def _draw_lines(axes: Any, points: Points, x: str, varied: Sequence[str]) -> None:
    values = list(dict.fromkeys(show(design[x]) for design, _ in points))
    lines: dict[str, list[tuple[int, Summary]]] = {}
    for design, summary in points:
        label = ", ".join(f"{name.replace('_', ' ')} {show(design[name])}" for name in varied)
        lines.setdefault(label, []).append((values.index(show(design[x])), summary))
    for number, (label, line) in enumerate(lines.items()):
        shift = _SPREAD * ((number + 0.5) / len(lines) - 0.5)
        _draw_line(axes, line, shift, number, label)
    axes.set_xticks(range(len(values)), values)
    if len(lines) > 1:
        axes.legend(frameon=False)


def _draw_line(
    axes: Any, line: list[tuple[int, Summary]], shift: float, number: int, label: str
) -> None:
    axes.errorbar(
        [place + shift for place, _ in line],
        [summary.mean for _, summary in line],
        yerr=[0 if each.low is None else each.mean - each.low for _, each in line],
        label=label,
        color=_COLORS[number % len(_COLORS)],
        marker=_MARKERS[(number + number // len(_COLORS)) % len(_MARKERS)],
        capsize=3,
    )
