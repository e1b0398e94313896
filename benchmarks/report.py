"""Results as a table and as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict

import boto3
import botocore

from benchmarks.measure import CONTROL_TOLERANCE, Result

HEADING = ("", "ratio", "middle half", "goal", "control")
VOID_NOTE = f"VOID: the control is off by more than {CONTROL_TOLERANCE}; use a quieter machine."


def to_json(results: Sequence[Result]) -> str:
    """Return the results as JSON, with the versions of Python, boto3 and botocore."""
    facts = {
        "python": platform.python_version(),
        "boto3": boto3.__version__,
        "botocore": botocore.__version__,
        "results": [{**asdict(result), "void": result.is_void} for result in results],
    }
    return json.dumps(facts, indent=2) + "\n"


def to_table(results: Sequence[Result]) -> str:
    """Return the results as a table with aligned columns."""
    rows = [HEADING, *map(cells, results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    if any(result.is_void for result in results):
        lines += ["", VOID_NOTE]
    return "\n".join(lines)


def cells(result: Result) -> tuple[str, ...]:
    """Return the cells of a row, empty for missing values."""
    return (
        result.name,
        number(result.ratio),
        "-".join(map(number, result.middle_half or ())),
        number(result.goal) + " missed" * result.misses_goal,
        number(result.control) + " VOID" * result.is_void,
    )


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
