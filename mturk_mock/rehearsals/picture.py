"""The figure of `Rehearsal.plot`: means with their intervals."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

from mturk_mock.core.figures import new_figure, save_figure
from mturk_mock.core.quoting import shorten
from mturk_mock.rehearsals.designs import Design, show
from mturk_mock.rehearsals.statistics import Summary

_WIDTH, _HEIGHT = 7, 4.5  # inches
_BESIDE: Final = 3  # inches for a legend beside the axes
_LEGEND_LINE: Final = 0.22  # inches
_COLORS: Final = ("#4477aa", "#ee6677", "#228833", "#aa3377", "#66ccee", "#ccbb44", "#555555")
_MARKERS: Final = "osD^vPX"
#: How far lines that would hide each other are apart, as a share of the distance of values.
_SPREAD: Final = 0.3
#: How many characters a value has at most.
_LONGEST: Final = 40
#: How many lines have their legend within the axes.
_INSIDE: Final = 8
#: How many values of x have a label, and how many characters fit below the axes.
_LABELS: Final = 20
_CHARACTERS: Final = 85

Points = Sequence[tuple[Design, Summary]]
#: A point of a line for each value of x that it has: the place of the value, and the mean.
Line = list[tuple[int, Summary]]


def draw(
    points: Points, x: str, varied: Sequence[str], y: str, path: str | os.PathLike[str] | None
) -> Any:
    """Return a `matplotlib.figure.Figure`; write it to `path` if there is one.

    There is a line for each combination of the values that `varied` names.
    """
    values = list(dict.fromkeys(show(design[x]) for design, _ in points))
    lines = _find_lines(points, x, values, varied)
    figure = new_figure("Rehearsal.plot()", _choose_size(len(lines)))
    axes = figure.subplots()
    _draw_lines(axes, lines)
    _label_values(axes, _tell_apart([_shorten(value) for value in values]))
    axes.set_xlabel(x.replace("_", " "), parse_math=False)
    axes.set_ylabel(y.replace("_", " "), parse_math=False)
    axes.set_title(_choose_title(points), loc="left", fontsize="medium")
    axes.grid(axis="y", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path)
    return figure


def _find_lines(
    points: Points, x: str, values: Sequence[str], varied: Sequence[str]
) -> list[tuple[str, Line]]:
    """Return the lines with their labels."""
    lines: dict[tuple[str, ...], Line] = {}
    for design, summary in points:
        key = tuple(show(design[name]) for name in varied)
        lines.setdefault(key, []).append((values.index(show(design[x])), summary))
    names = [name.replace("_", " ") for name in varied]
    labels = [
        ", ".join(f"{name} {_shorten(value)}" for name, value in zip(names, key, strict=True))
        for key in lines
    ]
    return list(zip(_tell_apart(labels), lines.values(), strict=True))


def _shorten(value: str) -> str:
    return shorten(" ".join(value.split()), _LONGEST)


def _tell_apart(labels: Sequence[str]) -> list[str]:
    """Return the labels, with numbers if shortening has made some of them the same."""
    if len(set(labels)) == len(labels):
        return list(labels)
    return [f"{number}: {label}" for number, label in enumerate(labels, 1)]


def _choose_size(lines: int) -> tuple[float, float]:
    if lines <= _INSIDE:
        return _WIDTH, _HEIGHT
    return _WIDTH + _BESIDE, max(_HEIGHT, _LEGEND_LINE * (lines + 2))


def _choose_title(points: Points) -> str:
    has_intervals = any(summary.low is not None for _, summary in points)
    return "mean and 95 % interval" if has_intervals else "one run of each design"


def _draw_lines(axes: Any, lines: Sequence[tuple[str, Line]]) -> None:
    for number, (label, line) in enumerate(lines):
        shift = _SPREAD * ((number + 0.5) / len(lines) - 0.5)
        _draw_line(axes, line, shift, number, label)
    if len(lines) > 1:
        beside = {"loc": "upper left", "bbox_to_anchor": (1, 1), "fontsize": "small"}
        legend = axes.legend(frameon=False, **(beside if len(lines) > _INSIDE else {}))
        for text in legend.get_texts():
            text.set_parse_math(False)


def _draw_line(axes: Any, line: Line, shift: float, number: int, label: str) -> None:
    axes.errorbar(
        [place + shift for place, _ in line],
        [summary.mean for _, summary in line],
        yerr=[0 if each.low is None else each.mean - each.low for _, each in line],
        label=label,
        color=_COLORS[number % len(_COLORS)],
        marker=_MARKERS[(number + number // len(_COLORS)) % len(_MARKERS)],
        capsize=3,
    )


def _label_values(axes: Any, labels: Sequence[str]) -> None:
    """Label the values of x, or some of many; turn labels that would overlap."""
    step = -(-len(labels) // _LABELS)
    shown = labels[::step]
    turned = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"}
    overlap = sum(len(label) + 2 for label in shown) > _CHARACTERS
    places = range(0, len(labels), step)
    axes.set_xticks(places, shown, parse_math=False, **(turned if overlap else {}))
