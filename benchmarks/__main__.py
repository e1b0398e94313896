"""Command line: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Result
from benchmarks.report import to_json, to_table

#: The modules that measure. moto is last: clients created after its import are slower.
GROUPS = ("calls", "crowds", "pages", "memory", "imports", "moto")


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    add = parser.add_argument
    add("--only", nargs="+", choices=GROUPS, default=GROUPS, help="default: all groups")
    add("--rounds", type=int, help="2 or more (default: as many as each group needs)")
    add("--json", type=Path, metavar="PATH", help="also write the results to this file")
    arguments = parser.parse_args(argv)
    if arguments.rounds is not None and arguments.rounds < 2:
        parser.error("--rounds takes 2 or more")
    return arguments


def measure(groups: Sequence[str], rounds: int | None) -> list[Result]:
    """Measure the groups, always in the same order."""
    results: list[Result] = []
    for name in GROUPS:
        if name in groups:
            print(f"measuring {name} ...", file=sys.stderr)
            group = importlib.import_module(f"benchmarks.{name}")
            results += group.run(rounds or group.ROUNDS)
    return results


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write the file of ``--json``."""
    arguments = parse_arguments(argv)
    results = measure(arguments.only, arguments.rounds)
    print(to_table(results))
    if arguments.json is not None:
        arguments.json.write_text(to_json(results))


if __name__ == "__main__":
    main()
