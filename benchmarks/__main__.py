"""The command line: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Result
from benchmarks.report import VOID, facts, is_void, table

#: The groups of rows. Each module has a `run`; moto's comes last, and is imported when its turn
#: has come, since every client that is made after that has a handler of moto's.
GROUPS = {
    "calls": "benchmarks.calls",
    "tests": "benchmarks.whole",
    "pages": "benchmarks.pages",
    "events": "benchmarks.events",
    "memory": "benchmarks.memory",
    "imports": "benchmarks.imports",
    "moto": "benchmarks.motos",
}


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--only", nargs="+", choices=GROUPS, default=[*GROUPS], help="these rows (default: all)")
    add(
        "--rounds",
        type=int,
        default=200,
        help="at most (default: 200; rows that are dear: fewer)",
    )
    add("--items", type=int, default=100_000, help="in a long list (default: 100,000)")
    add("--hits", type=int, default=1_000_000, help="to weigh (default: 1,000,000)")
    add("--seed", type=int, default=1, help="of the order (default: 1)")
    add("--json", type=Path, metavar="PATH", help="a file for the figures")
    return parser.parse_args(argv)


def measure(arguments: argparse.Namespace) -> list[Result]:
    """Run the groups that are asked for, and keep what each has found as soon as it is there."""
    results: list[Result] = []
    for name, module in GROUPS.items():
        if name in arguments.only:
            print(f"measuring {name} ...", file=sys.stderr)
            results += importlib.import_module(module).run(arguments)
            keep(arguments.json, results)
    return results


def keep(path: Path | None, results: Sequence[Result]) -> None:
    """Write the figures to the file, where there is one."""
    if path is not None:
        path.write_text(json.dumps(facts(results), indent=2) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; the status is 1 if the noise was too great."""
    arguments = parse_arguments(argv)
    results = measure(arguments)
    print(*table(results), sep="\n")
    if is_void(results):
        print(VOID)
    return int(is_void(results))


if __name__ == "__main__":
    sys.exit(main())
