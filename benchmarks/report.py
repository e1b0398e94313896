"""What was measured: as a table to read, and as facts for a file."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import Any

import boto3
import botocore

from benchmarks.measure import CONTROL_TOLERANCE, Result

HEADING = ("", "takes", "other takes", "ratio", "middle half", "goal", "control", "rounds")

VOID = (
    "\nThis run is VOID: the control of the rows that say so, the other thing beside "
    f"itself, is off by more than {CONTROL_TOLERANCE}. Run it on a quieter machine."
)


def facts(results: Sequence[Result]) -> dict[str, Any]:
    """Return the figures with what they were measured on."""
    return {
        "python": platform.python_version(),
        "boto3": boto3.__version__,
        "botocore": botocore.__version__,
        "void": is_void(results),
        "results": list(results),
    }


def is_void(results: Sequence[Result]) -> bool:
    """Tell whether the noise was too great for any row."""
    return any(result["void"] for result in results)


def table(results: Sequence[Result]) -> list[str]:
    """Return the figures as aligned lines."""
    rows = [HEADING, *map(row, results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [cells[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        )
        for cells in rows
    ]


def row(result: Result) -> tuple[str, ...]:
    """Return one result as the cells of a row; empty is what there is not."""
    return (
        result["name"],
        f"{result['measured']:,.0f} {result['unit']}",
        f"{result['beside']:,.0f} {result['unit']}",
        f"{result['ratio']:.3f}",
        "-".join(f"{quartile:.3f}" for quartile in result["quartiles"] or ()),
        _goal(result),
        _control(result),
        str(result["rounds"]),
    )


def _goal(result: Result) -> str:
    goal = result["goal"]
    if goal is None:
        return ""
    return f"{goal:.3f}" + (" missed" if result["ratio"] > goal else "")


def _control(result: Result) -> str:
    control = result["control"]
    if control is None:
        return ""
    return f"{control:.3f}" + (" VOID" if result["void"] else "")
