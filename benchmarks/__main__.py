"""The command line: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3

from benchmarks import calls, starts
from benchmarks.measure import CONTROL_TOLERANCE, Comparison, run_rounds

HEADING = ("", "takes", "other takes", "ratio", "middle half", "goal", "control")


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="of calls (default: 200)")
    parser.add_argument("--imports", type=int, default=40, help="rounds of imports (default: 40)")
    parser.add_argument("--seed", type=int, default=1, help="of the order (default: 1)")
    parser.add_argument("--json", type=Path, metavar="PATH", help="a file for the figures")
    return parser.parse_args(argv)


def measure(arguments: argparse.Namespace) -> list[Comparison]:
    """Run all rounds."""
    print("measuring, for two minutes or three ...", file=sys.stderr)
    in_process = [*calls.comparisons(), starts.entering()]
    run_rounds(in_process, arguments.rounds, arguments.seed)
    imports = starts.imports()
    run_rounds(imports, arguments.imports, arguments.seed)
    return [*in_process, *imports]


def table(results: Sequence[dict[str, Any]]) -> list[str]:
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


def row(result: dict[str, Any]) -> tuple[str, ...]:
    """Return one comparison as the cells of a row."""
    low, high = result["quartiles"]
    goal = result["goal"]
    return (
        result["name"],
        f"{result['measured_us']:,.0f} µs",
        f"{result['beside_us']:,.0f} µs",
        f"{result['ratio']:.3f}",
        f"{low:.3f}-{high:.3f}",
        "" if goal is None else f"{goal:.3f}" + (" missed" if result["ratio"] > goal else ""),
        f"{result['control']:.3f}" + (" VOID" if result["void"] else ""),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; the status is 1 if the noise was too great."""
    arguments = parse_arguments(argv)
    results = [comparison.result() for comparison in measure(arguments)]
    void = any(result["void"] for result in results)
    print(*table(results), sep="\n")
    if void:
        print(
            "\nThis run is VOID: the control of the rows that say so, the other thing beside "
            f"itself, is off by more than {CONTROL_TOLERANCE}. Run it on a quieter machine."
        )
    if arguments.json:
        facts = {
            "python": platform.python_version(),
            "boto3": boto3.__version__,
            "void": void,
            "results": results,
        }
        arguments.json.write_text(json.dumps(facts, indent=2) + "\n")
    return int(void)


if __name__ == "__main__":
    sys.exit(main())
